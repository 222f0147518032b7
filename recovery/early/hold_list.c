/* hold_list.c: modules, units and files of the watch set, for the time before /var is there
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/early/hold_list.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MODULE_NAME_MAX 55 /* Linux MODULE_NAME_LEN less the NUL, 64-bit */
#define UNIT_NAME_MAX	255

static const char *const words[HOLD_KIND_COUNT] = {
	[HOLD_MODULE] = "module",
	[HOLD_UNIT] = "unit",
	[HOLD_FILE] = "file",
};

static const char *const unit_endings[] = { ".service", ".socket", ".path", ".timer" };
static const char *const file_endings[] = { ".ko", ".ko.xz", ".ko.zst", ".ko.gz" };

/* Never held, whatever asks for it (R14): init and its helpers, message bus, remote login and its accounts, audit,
 * mandatory access control, firewall, network, Daruma itself. */
static const char *const units_untouchable[] = {
	"systemd-*",	  "dbus*",	 "ssh*",       "daruma-*",    "getty@*",
	"serial-getty@*", "user@*",	 "apparmor*",  "auditd*",     "selinux*",
	"nftables*",	  "iptables*",	 "firewalld*", "networking*", "NetworkManager*",
	"ifup@*",	  "cryptsetup*", "polkit*",    "emergency*",  "rescue*",
	"sssd*",	  "winbind*",	 "nslcd*",
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool has_ending(const char *name, const char *const endings[], size_t count)
{
	size_t length = strlen(name);

	for (size_t i = 0; i < count; i++) {
		size_t ending = strlen(endings[i]);

		if (length > ending && strcmp(name + length - ending, endings[i]) == 0)
			return true;
	}
	return false;
}

static bool only(const char *name, const char *extra)
{
	for (; *name; name++) {
		if (!isascii((unsigned char)*name))
			return false;
		if (!isalnum((unsigned char)*name) && !strchr(extra, *name))
			return false;
	}
	return true;
}

static bool accepts_module(const char *name)
{
	return *name && strlen(name) <= MODULE_NAME_MAX && only(name, "_");
}

static bool accepts_unit(const char *name)
{
	if (strlen(name) > UNIT_NAME_MAX || !only(name, ":_.\\@-") || name[0] == '.' ||
	    !has_ending(name, unit_endings, COUNT(unit_endings)))
		return false;
	for (size_t i = 0; i < COUNT(units_untouchable); i++) {
		if (fnmatch(units_untouchable[i], name, 0) == 0)
			return false;
	}
	return true;
}

static bool accepts_file(const char *name)
{
	if (name[0] != '/' || strlen(name) >= PATH_MAX ||
	    !has_ending(name, file_endings, COUNT(file_endings)))
		return false;
	for (const char *at = name; *at; at++) {
		if (iscntrl((unsigned char)*at))
			return false;
	}
	return !strstr(name, "//") && !strstr(name, "/./") && !strstr(name, "/../");
}

bool hold_list_accepts(enum hold_kind kind, const char *name)
{
	switch (kind) {
	case HOLD_MODULE:
		return accepts_module(name);
	case HOLD_UNIT:
		return accepts_unit(name);
	case HOLD_FILE:
		return accepts_file(name);
	case HOLD_KIND_COUNT:
		break;
	}
	return false;
}

bool hold_list_has(const struct hold_list *list, enum hold_kind kind, const char *name)
{
	for (size_t i = 0; i < list->count; i++) {
		if (list->items[i].kind == kind && strcmp(list->items[i].name, name) == 0)
			return true;
	}
	return false;
}

int hold_list_add(struct hold_list *list, enum hold_kind kind, const char *name)
{
	char *copy;

	if (!hold_list_accepts(kind, name))
		return -EINVAL;
	if (hold_list_has(list, kind, name))
		return 0;
	if (list->count == HOLD_LIST_MAX)
		return -ENOSPC;
	copy = strdup(name);
	if (!copy)
		return -ENOMEM;
	list->items[list->count++] = (struct hold_entry){ .kind = kind, .name = copy };
	return 0;
}

/* The kind whose word and one space start `line`; HOLD_KIND_COUNT if none does. */
static enum hold_kind kind_of(const char *line, const char **ret_name)
{
	for (int kind = 0; kind < HOLD_KIND_COUNT; kind++) {
		size_t length = strlen(words[kind]);

		if (strncmp(line, words[kind], length) == 0 && line[length] == ' ') {
			*ret_name = line + length + 1;
			return (enum hold_kind)kind;
		}
	}
	return HOLD_KIND_COUNT;
}

static int parse_line(struct hold_list *list, const char *line)
{
	const char *name = "";
	enum hold_kind kind;
	int error;

	if (!*line || *line == '#')
		return 0;
	kind = kind_of(line, &name);
	error = hold_list_add(list, kind, name);
	if (error == -EINVAL || error == -ENOSPC) {
		list->refused++;
		return 0;
	}
	return error;
}

int hold_list_parse(struct hold_list *list, const char *text, size_t size)
{
	char line[PATH_MAX + 16];
	const char *end = text + size;
	int error = 0;

	for (const char *next; !error && text < end; text = next) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		size_t length = (size_t)((newline ? newline : end) - text);

		next = newline ? newline + 1 : end;
		if (length >= sizeof(line) || memchr(text, '\0', length)) {
			list->refused++;
			continue;
		}
		memcpy(line, text, length);
		line[length] = '\0';
		error = parse_line(list, line);
	}
	return error;
}

static int read_all(const char *path, char *buffer, size_t size, size_t *ret_size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	size_t at = 0;
	ssize_t got;
	int error;

	if (fd < 0)
		return -errno;
	while ((got = read(fd, buffer + at, size - at)) > 0)
		at += (size_t)got;
	error = got < 0 ? -errno : 0;
	close(fd);
	if (!error)
		*ret_size = at;
	return error;
}

int hold_list_read(struct hold_list *list, const char *path)
{
	char *text = malloc(HOLD_LIST_SIZE + 1);
	size_t size = 0;
	int error = text ? read_all(path, text, HOLD_LIST_SIZE + 1, &size) : -ENOMEM;

	if (!error && size > HOLD_LIST_SIZE)
		error = -EFBIG;
	if (!error)
		error = hold_list_parse(list, text, size);
	free(text);
	return error;
}

static int print_list(const struct hold_list *list, char **ret_text, size_t *ret_size)
{
	FILE *out = open_memstream(ret_text, ret_size);

	if (!out)
		return -ENOMEM;
	fputs("# Written by daruma at each good boot: what is held back after a crash.\n", out);
	for (size_t i = 0; i < list->count; i++)
		fprintf(out, "%s %s\n", words[list->items[i].kind], list->items[i].name);
	return fclose(out) == 0 ? 0 : -ENOMEM;
}

static bool says_the_same(const char *path, const char *text, size_t size)
{
	char *present = malloc(HOLD_LIST_SIZE + 1);
	size_t present_size = 0;
	bool same = present && read_all(path, present, HOLD_LIST_SIZE + 1, &present_size) == 0 &&
		    present_size == size && memcmp(present, text, size) == 0;

	free(present);
	return same;
}

static int sync_folder_of(const char *path)
{
	char copy[PATH_MAX];
	int fd, error;

	if (snprintf(copy, sizeof(copy), "%s", path) >= (int)sizeof(copy))
		return -ENAMETOOLONG;
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	error = fsync(fd) < 0 ? -errno : 0;
	close(fd);
	return error;
}

static int write_and_sync(const char *path, const char *text, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
	ssize_t written;
	int error = 0;

	if (fd < 0)
		return -errno;
	written = write(fd, text, size);
	if (written != (ssize_t)size)
		error = written < 0 ? -errno : -ENOSPC;
	if (!error && fsync(fd) < 0)
		error = -errno;
	close(fd);
	return error;
}

static int replace(const char *path, const char *text, size_t size)
{
	char fresh[PATH_MAX];
	int error;

	if (snprintf(fresh, sizeof(fresh), "%s.new", path) >= (int)sizeof(fresh))
		return -ENAMETOOLONG;
	error = write_and_sync(fresh, text, size);
	if (!error && rename(fresh, path) < 0)
		error = -errno;
	if (error) {
		unlink(fresh);
		return error;
	}
	return sync_folder_of(path);
}

int hold_list_write(const struct hold_list *list, const char *path)
{
	char *text = NULL;
	size_t size = 0;
	int result = print_list(list, &text, &size);

	if (!result && size > HOLD_LIST_SIZE)
		result = -EFBIG;
	if (!result && !says_the_same(path, text, size)) {
		result = replace(path, text, size);
		if (!result)
			result = 1;
	}
	free(text);
	return result;
}

void hold_list_free(struct hold_list *list)
{
	if (!list)
		return;
	for (size_t i = 0; i < list->count; i++)
		free(list->items[i].name);
	list->count = 0;
	list->refused = 0;
}
