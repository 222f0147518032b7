/* start_change.c: what the failed start was started with that is not that of a good generation
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/repair/start_change.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "recovery/boot/this_boot.h"
#include "recovery/cleanup.h"
#include "recovery/failed_kernel.h"
#include "recovery/initramfs_made.h"
#include "recovery/inventory/fact_kinds.h"
#include "recovery/inventory/facts.h"
#include "recovery/repair/verdict.h"
#include "recovery/system_file.h"

#define BLANKS " \t"

/* --- the command line ---------------------------------------------------------------------- */

/* The number of a disk differs where another one is plugged in, and Ubuntu's GRUB leaves vt.handoff out behind a start that
 * failed. */
static bool is_of_loader(const char *word)
{
	static const char *const beginnings[] = { "BOOT_IMAGE=", "initrd=", "vt.handoff=" };

	for (size_t i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++)
		if (strncmp(word, beginnings[i], strlen(beginnings[i])) == 0)
			return true;
	return false;
}

/* The next word that counts, from `*at` on; its length, 0 at the end. */
static size_t next_word(const char **at)
{
	const char *word = *at;
	size_t length;

	do {
		word += strspn(word, BLANKS);
		*at = word;
		length = strcspn(word, BLANKS);
		word += length;
	} while (length && is_of_loader(*at));
	return length;
}

bool start_change_is_same_line(const char *one, const char *other)
{
	size_t length;

	do {
		length = next_word(&one);
		if (next_word(&other) != length || strncmp(one, other, length) != 0)
			return false;
		one += length;
		other += length;
	} while (length);
	return true;
}

static int copy_text(const struct database_row *row, void *user)
{
	const char *text = database_text(row, 0);
	char **ret = user;

	/* What a generation holds is cut too. */
	*ret = text ? strndup(text, FACT_TEXT_MAX) : NULL;
	return 1;
}

/* A safe start has a line of its own. */
static int line_differs(struct database *database, const struct fact_list *good,
			const char *boot_id, bool *ret)
{
	const char *before = fact_list_find(good, "command-line", "text");
	owned char *line = NULL;
	int result =
		database_query(database, copy_text, &line,
			       "SELECT command_line FROM boot WHERE command_line IS NOT NULL AND"
			       " rung NOT IN ('safe','rescue') AND id>=" BOOT_LAST_GOOD
			       " ORDER BY boot_id=?1 DESC, id DESC LIMIT 1",
			       "t", boot_id);

	*ret = before && line && !start_change_is_same_line(before, line);
	return result < 0 ? result : 0;
}

/* --- the files ----------------------------------------------------------------------------- */

struct files {
	const struct context *context;
	const struct fact_list *good, *now;
	int64_t began; /* when the failed start did; INT64_MAX: not known */
};

static bool came_later(const struct files *files, const char *path)
{
	owned_descriptor int fd = system_open(files->context, path, O_PATH);
	struct stat stat;

	return fd >= 0 && fstat(fd, &stat) == 0 && stat.st_ctim.tv_sec > files->began;
}

static bool image_differs(const struct files *files)
{
	const char *before = fact_list_find(files->good, "kernel", "image");
	const char *now = fact_list_find(files->now, "kernel", "image");
	char path[PATH_MAX];

	return before && now && strcmp(before, now) != 0 &&
	       fact_kernel_source(files->context, path) == 0 && !came_later(files, path);
}

static bool initramfs_differs(const struct files *files)
{
	const char *before, *now;
	char path[PATH_MAX], kernel[NAME_MAX + 1];

	if (fact_kernel_release(files->context, kernel) != 0 ||
	    fact_initramfs_source(files->context, path) != 0)
		return false;
	before = fact_list_find(files->good, "initramfs", path);
	now = fact_list_find(files->now, "initramfs", path);
	return before && now && strcmp(before, now) != 0 && !came_later(files, path) &&
	       !initramfs_made_is_own(files->context, kernel, before, now);
}

static int find_files(const struct context *context, struct database *database,
		      const struct fact_list *good, const char *boot_id, unsigned *changed)
{
	struct fact_list now = { 0 };
	struct files files = { .context = context, .good = good, .now = &now, .began = INT64_MAX };
	int error = database_number(database, &files.began,
				    "SELECT time FROM boot WHERE boot_id=?1 AND kernel_boot_id<>''",
				    "t", boot_id);

	if (!error)
		error = facts_read_start(context, good, &now);
	if (error)
		return error;
	if (image_differs(&files))
		*changed |= VERDICT_IMAGE;
	if (initramfs_differs(&files))
		*changed |= VERDICT_INITRAMFS;
	fact_list_free(&now);
	return 0;
}

/* --- both ---------------------------------------------------------------------------------- */

static int is_other_kernel(const struct database_row *row, void *user)
{
	const char *failed = user;
	const char *kernel = database_text(row, 0);

	return kernel && kernel[0] && failed[0] && strcmp(kernel, failed) != 0;
}

int start_change_find(const struct context *context, struct database *database, int64_t generation,
		      const char *boot_id, unsigned *ret)
{
	struct fact_list good = { 0 };
	char failed[KERNEL_RELEASE_SIZE];
	bool line = false;
	unsigned changed = 0;
	int result;

	failed_kernel_find(context, database, failed);
	result = database_query(database, is_other_kernel, failed,
				"SELECT kernel FROM generation WHERE id=?1", "i", generation);
	if (result > 0)
		changed |= VERDICT_RELEASE;
	if (result >= 0)
		result = fact_list_load(database, generation, &good);
	/* Files of another kernel are not the same ones changed. */
	if (!result && !changed)
		result = find_files(context, database, &good, boot_id, &changed);
	if (!result)
		result = line_differs(database, &good, boot_id, &line);
	fact_list_free(&good);
	if (result)
		return result;
	*ret = changed | (line ? VERDICT_COMMAND_LINE : 0);
	return 0;
}
