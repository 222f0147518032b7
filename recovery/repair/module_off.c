/* module_off.c: kernel modules that stay out, start after start
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/repair/module_off.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recovery/cleanup.h"
#include "recovery/fresh_file.h"
#include "recovery/system_file.h"

#define FIRST	      "# written by daruma while a product is switched off: see daruma(8)\n"
#define NAME	      "daruma-off.conf"
#define FRESH	      "daruma-off.conf.new" /* modprobe reads *.conf only */
#define SIZE_MAX_OURS 65536

static char *make_text(const struct text_list *modules)
{
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	if (!to)
		return NULL;
	fputs(FIRST, to);
	for (size_t i = 0; i < modules->count; i++)
		fprintf(to, "install %s /bin/false\nblacklist %s\n", modules->items[i],
			modules->items[i]);
	if (fclose(to) == 0)
		return text;
	free(text);
	return NULL;
}

static int open_folder(const struct context *context, bool make)
{
	owned_descriptor int above = system_open(context, "/etc", O_RDONLY | O_DIRECTORY);

	if (above < 0)
		return above;
	if (make && mkdirat(above, "modprobe.d", 0755) < 0 && errno != EEXIST)
		return -errno;
	return system_open(context, "/etc/modprobe.d", O_RDONLY | O_DIRECTORY);
}

static int replace(int folder, const char *text)
{
	int error = fresh_file_put(folder, NAME, FRESH, text);

	return error ? error : 1;
}

static int take_away(int folder)
{
	if (unlinkat(folder, NAME, 0) < 0)
		return -errno;
	return fsync(folder) < 0 ? -errno : 1;
}

/* The text of the file; NULL where there is none. */
static int read_ours(const struct context *context, char **ret)
{
	owned char *text = NULL;
	size_t length;
	int error = system_read(context, MODULE_OFF_FILE, SIZE_MAX_OURS, &text, &length);

	*ret = NULL;
	if (error == -ENOENT)
		return 0;
	if (error == -EFBIG || error == -EISDIR || error == -EINVAL ||
	    (!error && strncmp(text, FIRST, strlen(FIRST)) != 0))
		return -EEXIST;
	if (!error) {
		*ret = text;
		text = NULL;
	}
	return error;
}

int module_off_update(const struct context *context, const struct text_list *modules)
{
	owned_descriptor int folder = -1;
	owned char *present = NULL, *text = NULL;
	int error = read_ours(context, &present);

	if (error || (!present && modules->count == 0))
		return modules->count == 0 && error == -EEXIST ? 0 : error;
	text = make_text(modules);
	if (!text)
		return -ENOMEM;
	if (modules->count && present && strcmp(present, text) == 0)
		return 0;
	folder = open_folder(context, modules->count > 0);
	if (folder < 0)
		return folder;
	return modules->count ? replace(folder, text) : take_away(folder);
}
