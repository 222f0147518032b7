/* facts.c: finding out the facts of this system
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/facts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "recovery/cleanup.h"
#include "recovery/inventory/fact_kinds.h"
#include "recovery/inventory/program_holder.h"
#include "recovery/system_file.h"

#define STAMP_SIZE (PATH_MAX + 96)

static const struct reader {
	const char *kind;
	int (*read)(const struct context *context, const char *kind, struct fact_list *ret);
	/* The file that all of it comes from; NULL: it is always read. */
	int (*source)(const struct context *context, char ret_path[PATH_MAX]);
	bool by_start; /* only a start makes it count */
	bool is_start; /* with another one it is another start */
} readers[] = {
	{ "kernel", fact_kernel_read, fact_kernel_source, true, true },
	{ "command-line", fact_command_line_read, NULL, true, false },
	{ "initramfs", fact_initramfs_read, fact_initramfs_source, true, true },
	{ "initramfs-module", fact_initramfs_modules_read, fact_initramfs_source, true, false },
	{ "module", fact_modules_read, NULL, false, false },
	{ FACT_MODULE_FILE, fact_module_files_read, NULL, false, false },
	{ FACT_MODULE_SIGNER, fact_module_files_were_read, NULL, false, false },
	{ FACT_MODULE_IMPORT, fact_module_files_were_read, NULL, false, false },
	{ "module-hook", fact_module_hooks_read, NULL, false, false },
	{ "unit", fact_units_read, NULL, false, false },
	{ "package", fact_packages_read, fact_packages_source, false, false },
	{ "fanotify", fact_fanotify_read, NULL, false, false },
	{ "program", fact_programs_read, NULL, false, false },
	{ PROGRAM_HOLDER_KIND, fact_program_holders_read, NULL, false, false },
};

#define READERS (sizeof(readers) / sizeof(readers[0]))

/* What the source of `reader` is like now; "" where there is none, or it is not there. */
static void make_stamp(const struct context *context, const struct reader *reader,
		       char ret[STAMP_SIZE])
{
	char path[PATH_MAX];
	owned_descriptor int fd = -1;
	struct stat stat;

	ret[0] = 0;
	if (!reader->source || reader->source(context, path) != 0)
		return;
	fd = system_open(context, path, O_PATH);
	if (fd < 0 || fstat(fd, &stat) < 0)
		return;
	snprintf(ret, STAMP_SIZE, "%s %lld %lld.%09ld %lld.%09ld %llu", path,
		 (long long)stat.st_size, (long long)stat.st_mtim.tv_sec, stat.st_mtim.tv_nsec,
		 (long long)stat.st_ctim.tv_sec, stat.st_ctim.tv_nsec,
		 (unsigned long long)stat.st_ino);
}

static int take_over(const struct fact_list *known, const char *kind, const char *stamp,
		     struct fact_list *facts)
{
	int error = fact_list_add(facts, FACT_READ, kind, stamp);

	for (size_t i = 0; !error && i < known->count; i++)
		if (strcmp(known->items[i].kind, kind) == 0)
			error = fact_list_add(facts, kind, known->items[i].name,
					      known->items[i].value);
	return error;
}

static int read_kind(const struct context *context, const struct reader *reader, const char *stamp,
		     struct fact_list *facts)
{
	int error = reader->read(context, reader->kind, facts);

	return error ? error : fact_list_add(facts, FACT_READ, reader->kind, stamp);
}

static int look(const struct context *context, const struct reader *reader,
		const struct fact_list *known, bool at_run_time, struct fact_list *facts)
{
	const char *then = fact_list_find(known, FACT_READ, reader->kind);
	char stamp[STAMP_SIZE];

	if (then && at_run_time && reader->by_start)
		return take_over(known, reader->kind, then, facts);
	make_stamp(context, reader, stamp);
	if (then && stamp[0] && strcmp(then, stamp) == 0)
		return take_over(known, reader->kind, then, facts);
	return read_kind(context, reader, stamp, facts);
}

static int read_kinds(const struct context *context, const struct fact_list *known,
		      bool at_run_time, bool only_start, struct fact_list *ret)
{
	struct fact_list facts = { 0 };

	for (size_t i = 0; i < READERS; i++) {
		size_t before = facts.count;
		int error = only_start && !readers[i].is_start ?
				    0 :
				    look(context, &readers[i], known, at_run_time, &facts);

		if (error == -ENOMEM) {
			fact_list_free(&facts);
			return error;
		}
		if (error)
			fact_list_cut(&facts, before);
	}
	fact_list_sort(&facts);
	*ret = facts;
	return 0;
}

int facts_read(const struct context *context, const struct fact_list *known, bool at_run_time,
	       struct fact_list *ret)
{
	return read_kinds(context, known, at_run_time, false, ret);
}

int facts_read_start(const struct context *context, const struct fact_list *known,
		     struct fact_list *ret)
{
	return read_kinds(context, known, false, true, ret);
}

static bool holds_all(const struct fact_list *one, const struct fact_list *other, const char *kind)
{
	for (size_t i = 0; i < one->count; i++) {
		const struct fact *fact = &one->items[i];
		const char *value;

		if (strcmp(fact->kind, kind) != 0)
			continue;
		value = fact_list_find(other, kind, fact->name);
		if (!value || strcmp(value, fact->value) != 0)
			return false;
	}
	return true;
}

bool facts_start_differs(const struct fact_list *before, const struct fact_list *now)
{
	for (size_t i = 0; i < READERS; i++) {
		const char *kind = readers[i].kind;

		if (readers[i].is_start && fact_list_find(before, FACT_READ, kind) &&
		    fact_list_find(now, FACT_READ, kind) &&
		    !(holds_all(before, now, kind) && holds_all(now, before, kind)))
			return true;
	}
	return false;
}
