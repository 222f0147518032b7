/* unit_file.c: the unit files of this machine, and the programs they start
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/products/unit_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "recovery/cleanup.h"
#include "recovery/safe_path.h"
#include "recovery/system_file.h"

#define FILE_SIZE_MOST 65536
#define FILES_MOST     4096 /* of one folder */

/* In the order in which systemd looks. */
static const char *const folders[] = { "/etc/systemd/system", "/run/systemd/system",
				       "/usr/local/lib/systemd/system", "/usr/lib/systemd/system",
				       "/lib/systemd/system" };

#define FOLDERS (sizeof(folders) / sizeof(folders[0]))

static bool ends_with(const char *text, const char *ending)
{
	size_t length = strlen(text), more = strlen(ending);

	return length > more && strcmp(text + length - more, ending) == 0;
}

static bool is_file(const struct context *context, const char *path)
{
	owned_descriptor int fd = system_open(context, path, O_PATH);
	struct stat stat;

	return fd >= 0 && fstat(fd, &stat) == 0 && S_ISREG(stat.st_mode);
}

bool unit_file_find(const struct context *context, const char *name, char ret_path[PATH_MAX])
{
	char path[PATH_MAX];

	for (size_t i = 0; i < FOLDERS; i++) {
		snprintf(path, sizeof(path), "%s/%s", folders[i], name);
		if (is_file(context, path))
			return strcpy(ret_path, path) != NULL;
	}
	if (!ends_with(name, ".service"))
		return false;
	snprintf(path, sizeof(path), "/etc/init.d/%.*s", (int)(strlen(name) - strlen(".service")),
		 name);
	return is_file(context, path) && strcpy(ret_path, path) != NULL;
}

/* --- the programs of one file ------------------------------------------------------------------ */

/* The program of a line "ExecStart=[@-:+!|]["]PROGRAM ..." (systemd.service(5)); false for another line. */
static bool program_of(const char *line, size_t length, char ret[PATH_MAX])
{
	static const char key[] = "ExecStart";
	const char *end = line + length, *at = line;
	char quote = 0;
	size_t size = 0;

	if (length < sizeof(key) || strncmp(line, key, sizeof(key) - 1) != 0)
		return false;
	at += sizeof(key) - 1;
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	if (at == end || *at++ != '=')
		return false;
	while (at < end && strchr(" \t@-:+!|", *at))
		at++;
	if (at < end && (*at == '"' || *at == '\''))
		quote = *at++;
	while (at + size < end && (quote ? at[size] != quote : !strchr(" \t\r", at[size])))
		size++;
	if (size < 2 || size >= PATH_MAX || at[0] != '/')
		return false;
	memcpy(ret, at, size);
	ret[size] = '\0';
	return true;
}

int unit_file_programs(const char *text, struct text_list *ret)
{
	char program[PATH_MAX];
	int error = 0;

	while (!error && *text) {
		size_t length = strcspn(text, "\n");

		if (program_of(text, length, program))
			error = text_list_add(ret, program);
		text += length;
		text += *text == '\n';
	}
	return error;
}

/* --- all files --------------------------------------------------------------------------------- */

static int add_start(struct unit_start_list *list, const char *unit, const char *program)
{
	struct unit_start *items = reallocarray(list->items, list->count + 1, sizeof(*items));

	if (!items)
		return -ENOMEM;
	list->items = items;
	items[list->count] =
		(struct unit_start){ .unit = strdup(unit), .program = strdup(program) };
	list->count++;
	return items[list->count - 1].unit && items[list->count - 1].program ? 0 : -ENOMEM;
}

static int add_file(const struct context *context, const char *path, struct unit_start_list *list)
{
	struct text_list programs = { 0 };
	owned char *text = NULL;
	size_t length;
	int error = system_read(context, path, FILE_SIZE_MOST, &text, &length);

	if (error)
		return error == -ENOMEM ? error : 0;
	error = unit_file_programs(text, &programs);
	for (size_t i = 0; !error && i < programs.count; i++)
		error = add_start(list, path, programs.items[i]);
	text_list_free(&programs);
	return error;
}

static int add_folder(const struct context *context, const char *folder,
		      struct unit_start_list *list)
{
	int fd = system_open(context, folder, O_RDONLY | O_DIRECTORY);
	DIR *names = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	char path[PATH_MAX];
	int error = 0;

	if (!names) {
		if (fd >= 0)
			close(fd);
		return 0;
	}
	for (size_t i = 0; !error && i < FILES_MOST && (entry = readdir(names)); i++)
		if (ends_with(entry->d_name, ".service")) {
			snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
			error = add_file(context, path, list);
		}
	closedir(names);
	return error;
}

/* Whether it is the same folder as an earlier one: /lib is a link into /usr on most systems. */
static bool is_double(const struct context *context, size_t index)
{
	char path[PATH_MAX];

	return safe_path_canonical(context, folders[index], path) == 0 &&
	       strcmp(path, folders[index]) != 0;
}

int unit_starts_load(const struct context *context, struct unit_start_list *ret)
{
	struct unit_start_list list = { 0 };
	int error = 0;

	for (size_t i = 0; !error && i < FOLDERS; i++)
		if (!is_double(context, i))
			error = add_folder(context, folders[i], &list);
	if (error) {
		unit_starts_free(&list);
		return error;
	}
	*ret = list;
	return 0;
}

void unit_starts_free(struct unit_start_list *list)
{
	if (!list)
		return;
	for (size_t i = 0; i < list->count; i++) {
		free(list->items[i].unit);
		free(list->items[i].program);
	}
	free(list->items);
	*list = (struct unit_start_list){ 0 };
}
