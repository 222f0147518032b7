/* safe_entry.c: an entry of systemd-boot's for safe starts, beside the machine's own
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/safe_entry.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "recovery/boot/kernel_options.h"
#include "recovery/boot/loader_entry.h"
#include "recovery/cleanup.h"
#include "recovery/early/hold_list.h"
#include "recovery/fresh_file.h"
#include "recovery/system_file.h"

#define FOLDER	     "loader/entries"
#define NAME	     "daruma-safe+0.conf" /* DARUMA_ESP_SAFE_ENTRY */
#define FRESH	     "daruma-safe.new"	  /* no entry to the loader */
#define TITLE	     "Daruma: safe start"
#define ENTRY_MAX    65536
#define ENTRIES_MOST 1024

static int open_folder(const struct esp *esp)
{
	char path[PATH_MAX + sizeof(FOLDER) + 1];
	int fd;

	snprintf(path, sizeof(path), "%s/" FOLDER, esp->path);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	return fd < 0 ? -errno : fd;
}

int safe_entry_delete(const struct esp *esp)
{
	owned_descriptor int folder = open_folder(esp);

	if (folder < 0)
		return folder == -ENOENT ? 0 : folder;
	/* A file system that is read-only would refuse to delete even what is not there. */
	if (faccessat(folder, NAME, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	if (unlinkat(folder, NAME, 0) < 0)
		return errno == ENOENT ? 0 : -errno;
	return fsync(folder) < 0 ? -errno : 1;
}

/* --- the entry of this start ------------------------------------------------------------------ */

static int read_file(int folder, const char *name, char **ret_text, size_t *ret_length)
{
	char path[PATH_MAX];

	return snprintf(path, sizeof(path), "/proc/self/fd/%d/%s", folder, name) >=
			       (int)sizeof(path) ?
		       -ENAMETOOLONG :
		       system_read_named(path, ENTRY_MAX, ret_text, ret_length);
}

/* The text of the entry with this id, with or without the counters of its file's name. */
static int read_entry(int folder, const char *id, char **ret_text, size_t *ret_length)
{
	char found[LOADER_ENTRY_ID_MAX];
	struct dirent *entry;
	int copy = fcntl(folder, F_DUPFD_CLOEXEC, 3), result = -ENOENT;
	DIR *names = copy < 0 ? NULL : fdopendir(copy);

	if (!names)
		return -errno;
	for (int i = 0; result == -ENOENT && i < ENTRIES_MOST && (entry = readdir(names)); i++)
		if (loader_entry_id(entry->d_name, found) && strcmp(entry->d_name, NAME) != 0 &&
		    (strcmp(found, id) == 0 || strcmp(entry->d_name, id) == 0))
			result = read_file(folder, entry->d_name, ret_text, ret_length);
	closedir(names);
	return result;
}

/* --- ours ------------------------------------------------------------------------------------- */

static int compose_options(const struct context *context, const char *line,
			   char ret[KERNEL_OPTIONS_IMAGE_SIZE])
{
	owned struct hold_list *list = calloc(1, sizeof(*list));
	char path[PATH_MAX];
	size_t left_out;
	int error = list ? system_path(context, HOLD_LIST_FILE, path) : -ENOMEM;

	if (!error)
		error = hold_list_read(list, path);
	if (error && error != -ENOENT)
		return error;
	error = kernel_options_compose_entry(line, list, ret, &left_out);
	hold_list_free(list);
	return error;
}

/* *ret_text is the caller's to free. -EOPNOTSUPP: the entry names no kernel, whose command line could be another. */
static int compose(const struct context *context, const char *text, size_t length, char **ret_text)
{
	char options[KERNEL_OPTIONS_IMAGE_SIZE];
	owned char *line = NULL, *others = NULL;
	int error = loader_entry_split(text, length, &line, &others);

	if (!error)
		error = compose_options(context, line, options);
	if (error)
		return error;
	return asprintf(ret_text, "title " TITLE "\n%soptions %s\n", others, options) < 0 ?
		       -ENOMEM :
		       0;
}

/* Returns 1 if it was another. */
static int lay(int folder, const char *text)
{
	owned char *present = NULL;
	size_t length;
	int error;

	if (read_file(folder, NAME, &present, &length) == 0 && strcmp(present, text) == 0)
		return 0;
	error = fresh_file_put(folder, NAME, FRESH, text);
	return error ? error : 1;
}

static int follow_entry(const struct context *context, int folder, const char *id)
{
	owned char *text = NULL, *ours = NULL;
	size_t length;
	int error = read_entry(folder, id, &text, &length);

	if (!error)
		error = compose(context, text, length, &ours);
	return error ? error : lay(folder, ours);
}

int safe_entry_follow(const struct boot_loader_access *access)
{
	const struct boot_loader *loader = boot_loader_here(access);
	char id[BOOT_LOADER_ENTRY_SIZE] = "";
	owned_descriptor int folder = -1;
	struct esp esp;
	int error = esp_find(access->context, &esp);

	if (error)
		return error == -ENODEV ? 0 : error;
	if (!loader || !loader->selected || loader->selected(access, id) != 0 || !id[0])
		return safe_entry_delete(&esp);
	folder = open_folder(&esp);
	error = folder < 0 ? folder : follow_entry(access->context, folder, id);
	/* On another partition, or of another kind, or with what cannot be taken apart. */
	if (error == -ENOENT || error == -EOPNOTSUPP || error == -EBADMSG || error == -EINVAL ||
	    error == -E2BIG)
		return safe_entry_delete(&esp);
	return error == -EROFS ? 0 : error;
}
