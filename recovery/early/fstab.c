/* fstab.c: the disks that fstab(5) mounts, for the time before the system is there to do it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/early/fstab.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>

#define BLANKS	  " \t"
#define LINE_SIZE (3 * PATH_MAX)
#define FIELDS	  4

/* --- kinds and options ----------------------------------------------------------------------- */

/* Without a disk, or with one that comes and goes. */
static const char *const passed_over[] = {
	"swap",	     "tmpfs",	    "proc",	  "sysfs",   "devpts",	 "devtmpfs",
	"efivarfs",  "debugfs",	    "tracefs",	  "cgroup",  "cgroup2",	 "bpf",
	"hugetlbfs", "mqueue",	    "ramfs",	  "pstore",  "configfs", "securityfs",
	"fusectl",   "binfmt_misc", "rpc_pipefs", "iso9660", "udf",
};

/* Of other machines: nobody can mount them here. */
static const char *const remote_kinds[] = {
	"nfs", "nfs4", "cifs", "smb3", "9p", "ceph", "glusterfs", "virtiofs",
};

/* People's data, which no repair looks at (R29) and no product file may claim (R14). */
static const char *const data_folders[] = { "/home", "/mnt", "/media", "/net", "/export" };

static const struct {
	const char *word;
	unsigned long set, clear;
} flag_words[] = {
	{ "ro", MS_RDONLY, 0 },		  { "rw", 0, MS_RDONLY },
	{ "nosuid", MS_NOSUID, 0 },	  { "suid", 0, MS_NOSUID },
	{ "nodev", MS_NODEV, 0 },	  { "dev", 0, MS_NODEV },
	{ "noexec", MS_NOEXEC, 0 },	  { "exec", 0, MS_NOEXEC },
	{ "sync", MS_SYNCHRONOUS, 0 },	  { "async", 0, MS_SYNCHRONOUS },
	{ "dirsync", MS_DIRSYNC, 0 },	  { "noatime", MS_NOATIME, 0 },
	{ "atime", 0, MS_NOATIME },	  { "nodiratime", MS_NODIRATIME, 0 },
	{ "diratime", 0, MS_NODIRATIME }, { "relatime", MS_RELATIME, 0 },
	{ "norelatime", 0, MS_RELATIME }, { "strictatime", MS_STRICTATIME, 0 },
	{ "lazytime", MS_LAZYTIME, 0 },	  { "nolazytime", 0, MS_LAZYTIME },
	{ "bind", MS_BIND, 0 },		  { "rbind", MS_BIND | MS_REC, 0 },
};

/* mount(8) and systemd read these; the kernel would refuse them. */
static const char *const words_of_others[] = {
	"defaults", "auto",   "user",	"nouser",     "users",	     "owner",	"group",
	"_netdev",  "silent", "loud",	"nofail",     "shared",	     "rshared", "private",
	"rprivate", "slave",  "rslave", "unbindable", "runbindable",
};

static bool is_among(const char *word, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(word, words[i]) == 0)
			return true;
	return false;
}

#define AMONG(word, words) is_among(word, words, sizeof(words) / sizeof((words)[0]))

static bool take_flag(const char *word, unsigned long *flags)
{
	for (size_t i = 0; i < sizeof(flag_words) / sizeof(flag_words[0]); i++)
		if (strcmp(word, flag_words[i].word) == 0) {
			*flags = (*flags | flag_words[i].set) & ~flag_words[i].clear;
			return true;
		}
	return false;
}

static bool is_for_others(const char *word)
{
	return AMONG(word, words_of_others) || strncmp(word, "x-", 2) == 0 ||
	       strncmp(word, "X-", 2) == 0 || strncmp(word, "comment=", 8) == 0;
}

static int add_data(const char *word, struct fstab_mount *ret)
{
	size_t used = strlen(ret->data);
	int length =
		snprintf(ret->data + used, sizeof(ret->data) - used, "%s%s", used ? "," : "", word);

	return (size_t)length < sizeof(ret->data) - used ? 0 : -EINVAL;
}

/* Returns 1 if the line is to be mounted, 0 if not, or -EINVAL. What is mounted when it is used counts as mounted. */
static int take_options(char *text, struct fstab_mount *ret)
{
	char *rest = NULL;
	bool remote = false, manual = false, automatic = false;

	for (char *word = strtok_r(text, ",", &rest); word; word = strtok_r(NULL, ",", &rest)) {
		bool is_manual = strcmp(word, "noauto") == 0;

		manual |= is_manual;
		automatic |= strcmp(word, "x-systemd.automount") == 0;
		remote |= strcmp(word, "_netdev") == 0;
		if (strcmp(word, "nofail") == 0)
			ret->optional = true;
		if (!is_manual && !take_flag(word, &ret->flags) && !is_for_others(word) &&
		    add_data(word, ret) != 0)
			return -EINVAL;
	}
	if (manual && !automatic)
		return 0;
	return remote ? -EINVAL : 1;
}

/* --- fields ----------------------------------------------------------------------------------- */

/* \040 and its like, in place. */
static void unescape(char *text)
{
	char *to = text;

	for (; *text; text++) {
		unsigned value = 0;
		int used = 0;

		if (*text == '\\' && sscanf(text + 1, "%3o%n", &value, &used) == 1 && used == 3 &&
		    value > 0 && value < 256) {
			*to++ = (char)value;
			text += 3;
		} else {
			*to++ = *text;
		}
	}
	*to = '\0';
}

/* As udev names its links: what could mean something else in a path is written as \xNN. */
static int add_encoded(const char *value, char *ret, size_t size)
{
	size_t used = strlen(ret);

	for (; *value; value++) {
		bool plain = isalnum((unsigned char)*value) || strchr("#+-.:=@_", *value) ||
			     (unsigned char)*value >= 0x80;
		int length = snprintf(ret + used, size - used, plain ? "%c" : "\\x%02x",
				      (unsigned char)*value);

		used += (size_t)length;
		if (used >= size)
			return -EINVAL;
	}
	return 0;
}

static int take_source(char *text, char ret[PATH_MAX])
{
	static const struct {
		const char *tag, *folder;
	} tags[] = {
		{ "UUID=", "/dev/disk/by-uuid/" },
		{ "LABEL=", "/dev/disk/by-label/" },
		{ "PARTUUID=", "/dev/disk/by-partuuid/" },
		{ "PARTLABEL=", "/dev/disk/by-partlabel/" },
	};

	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
		char *value = text + strlen(tags[i].tag);

		if (strncmp(text, tags[i].tag, strlen(tags[i].tag)) != 0)
			continue;
		if (*value == '"' && strlen(value) > 2 && value[strlen(value) - 1] == '"') {
			value++;
			value[strlen(value) - 1] = '\0';
		}
		strcpy(ret, tags[i].folder);
		return add_encoded(value, ret, PATH_MAX);
	}
	return snprintf(ret, PATH_MAX, "%s", text) < PATH_MAX && ret[0] == '/' ? 0 : -EINVAL;
}

static bool has_dots(const char *path)
{
	for (const char *at = strstr(path, ".."); at; at = strstr(at + 2, ".."))
		if (at[-1] == '/' && (at[2] == '/' || !at[2]))
			return true;
	return false;
}

static int take_folder(const char *text, char ret[PATH_MAX])
{
	size_t length = strlen(text);

	if (text[0] != '/' || length >= PATH_MAX || has_dots(text))
		return -EINVAL;
	strcpy(ret, text);
	while (length > 1 && ret[length - 1] == '/')
		ret[--length] = '\0';
	return 0;
}

/* --- lines ------------------------------------------------------------------------------------ */

static bool is_data(const char *folder)
{
	for (size_t i = 0; i < sizeof(data_folders) / sizeof(data_folders[0]); i++) {
		size_t length = strlen(data_folders[i]);

		if (strncmp(folder, data_folders[i], length) == 0 &&
		    (folder[length] == '/' || !folder[length]))
			return true;
	}
	return false;
}

/* "auto" is for those who can look what is on the disk; a bind needs no kind. */
static int take_kind(const char *kind, struct fstab_mount *ret)
{
	if (strlen(kind) >= sizeof(ret->type) || AMONG(kind, remote_kinds) ||
	    (strcmp(kind, "auto") == 0 && !(ret->flags & MS_BIND)))
		return -EINVAL;
	strcpy(ret->type, kind);
	ret->optional |= strcmp(kind, "vfat") == 0;
	return 0;
}

/* Returns 1 if `*ret` is to be mounted, 0 if the line is passed over, or -EINVAL. */
static int take_fields(char *const fields[FIELDS], struct fstab_mount *ret)
{
	int wanted;

	if (AMONG(fields[2], passed_over) || strcmp(fields[1], "none") == 0)
		return 0;
	if (take_folder(fields[1], ret->folder) != 0)
		return -EINVAL;
	if (strcmp(ret->folder, "/") == 0 || is_data(ret->folder))
		return 0;
	wanted = take_options(fields[3], ret);
	if (wanted <= 0)
		return wanted;
	if (take_kind(fields[2], ret) != 0 || take_source(fields[0], ret->source) != 0)
		return -EINVAL;
	/* What it would show is not mounted. */
	return ret->flags & MS_BIND && is_data(ret->source) ? -EINVAL : 1;
}

static int take_line(char *line, struct fstab_mount *ret)
{
	char defaults[] = "defaults";
	char *fields[FIELDS] = { NULL, NULL, NULL, defaults };
	char *rest = NULL, *field = strtok_r(line, BLANKS, &rest);
	size_t count = 0;

	if (!field || field[0] == '#')
		return 0;
	for (; field && count < FIELDS; field = strtok_r(NULL, BLANKS, &rest)) {
		unescape(field);
		fields[count++] = field;
	}
	memset(ret, 0, sizeof(*ret));
	return count < 3 ? -EINVAL : take_fields(fields, ret);
}

static int by_depth(const void *one, const void *other)
{
	const struct fstab_mount *a = one, *b = other;
	int binds = !!(a->flags & MS_BIND) - !!(b->flags & MS_BIND);

	return binds ? binds : strcmp(a->folder, b->folder);
}

/* Copies the line that starts at `bytes` without its end. Returns how much it takes, or 0 if it does not fit. */
static size_t copy_line(const char *bytes, size_t size, char ret[LINE_SIZE])
{
	const char *end = memchr(bytes, '\n', size);
	size_t length = end ? (size_t)(end - bytes) : size;

	if (length >= LINE_SIZE || memchr(bytes, '\0', length))
		return 0;
	memcpy(ret, bytes, length);
	ret[length] = '\0';
	return length + (end != NULL);
}

/* A disk that is mounted before the folder in which it lies is shown elsewhere would be covered. */
static bool is_covered(const struct fstab *fstab)
{
	for (size_t i = 0; i < fstab->count; i++)
		for (size_t j = 0; j < i; j++) {
			size_t length = strlen(fstab->mounts[i].folder);

			if (fstab->mounts[i].flags & MS_BIND &&
			    strncmp(fstab->mounts[j].folder, fstab->mounts[i].folder, length) ==
				    0 &&
			    fstab->mounts[j].folder[length] == '/')
				return true;
		}
	return false;
}

int fstab_read(const char *bytes, size_t size, struct fstab *ret)
{
	char line[LINE_SIZE];
	struct fstab_mount mount;

	ret->count = 0;
	for (size_t at = 0, used; at < size; at += used) {
		int result;

		used = copy_line(bytes + at, size - at, line);
		result = used ? take_line(line, &mount) : -EINVAL;
		if (result < 0)
			return result;
		if (result && ret->count == FSTAB_MAX)
			return -E2BIG;
		if (result)
			ret->mounts[ret->count++] = mount;
	}
	/* A folder sorts before what lies in it, since it is the beginning of that. What is shown elsewhere comes last. */
	qsort(ret->mounts, ret->count, sizeof(ret->mounts[0]), by_depth);
	return is_covered(ret) ? -EINVAL : 0;
}
