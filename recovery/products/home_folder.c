/* home_folder.c: the home directories of the people who use this machine
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/products/home_folder.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/cleanup.h"
#include "recovery/products/deny_list.h"
#include "recovery/safe_path.h"
#include "recovery/system_file.h"

#define PASSWD_FILE "/etc/passwd"
#define SIZE_MOST   (4 * 1024 * 1024)
#define FIRST_USER  1000 /* UID_MIN and UID_MAX of login.defs(5), as everybody leaves them */
#define LAST_USER   59999
#define LINE_MOST   8192

/* name:password:number:group:comment:home:shell */
enum part {
	NUMBER = 2,
	HOME = 5,
	SHELL = 6,
	PARTS = 7,
};

/* Cuts a line into its parts, in place. */
static bool split(char *line, char *ret_parts[PARTS])
{
	for (int i = 0; i < PARTS; i++) {
		ret_parts[i] = strsep(&line, ":");
		if (!ret_parts[i])
			return false;
	}
	return !line;
}

static bool is_person(const char *number)
{
	char *end;
	unsigned long value;

	if (number[0] < '0' || number[0] > '9')
		return false;
	value = strtoul(number, &end, 10);
	return *end == '\0' && value >= FIRST_USER && value <= LAST_USER;
}

static bool lets_in(const char *shell)
{
	const char *name = strrchr(shell, '/');

	/* An empty shell is /bin/sh (passwd(5)). */
	return !name || (strcmp(name, "/nologin") != 0 && strcmp(name, "/false") != 0);
}

static int read_line(const char *text, size_t length, struct text_list *ret)
{
	char line[LINE_MOST], *parts[PARTS];

	if (length >= sizeof(line))
		return 0;
	memcpy(line, text, length);
	line[length] = '\0';
	if (!split(line, parts) || !is_person(parts[NUMBER]) || !lets_in(parts[SHELL]) ||
	    !safe_path_is_plain(parts[HOME]) || deny_list_has_path(parts[HOME]))
		return 0;
	return text_list_add(ret, parts[HOME]);
}

int home_folders_read(const char *text, struct text_list *ret)
{
	int error = 0;

	while (!error && *text) {
		size_t length = strcspn(text, "\n");

		error = read_line(text, length, ret);
		text += length;
		text += *text == '\n';
	}
	return error;
}

/* Paths of products are those that the machine has (watch_set.c), so a home under a moved folder is known by that
 * name too. */
static int add_moved(const struct context *context, struct text_list *homes)
{
	size_t count = homes->count;
	int error = 0;

	for (size_t i = 0; !error && i < count; i++) {
		char canonical[PATH_MAX];

		if (safe_path_canonical(context, homes->items[i], canonical) == 0 &&
		    strcmp(canonical, homes->items[i]) != 0)
			error = text_list_add(homes, canonical);
	}
	return error;
}

int home_folders_load(const struct context *context, struct text_list *ret)
{
	owned char *text = NULL;
	size_t length;
	int error = system_read(context, PASSWD_FILE, SIZE_MOST, &text, &length);

	if (error)
		return error == -ENOMEM ? error : 0;
	error = home_folders_read(text, ret);
	return error ? error : add_moved(context, ret);
}
