/* dumps.c: crash dumps on this machine that were not looked at yet
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/dumps.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recovery/cleanup.h"
#include "recovery/state.h"

#define SEEN_KEY       "dumps.seen"
#define COMPRESSED     ".enc.z" /* behind the id */
#define RECORD_MAX     65536
#define DEPTH_MAX      2
#define SAME_CRASH     5       /* seconds between two records of one crash at most */
#define SAME_DUMP      60      /* between two parts of one dump: firmware may store each slowly */
#define PARTS_PER_TIME 100000u /* id = seconds * this + part * 1000 + count */

static const char *const folders[] = { "/sys/fs/pstore", "/var/lib/systemd/pstore" };

struct record {
	uint64_t id;
	char *path; /* owned */
	bool compressed;
	bool seen;
};

struct records {
	struct record items[DUMPS_MAX];
	size_t count;
};

static void free_records(struct records *records)
{
	if (!records)
		return;
	for (size_t i = 0; i < records->count; i++)
		free(records->items[i].path);
	free(records);
}

/* The id in "dmesg-<backend>-<id>[.enc.z]"; 0 for another name. */
static uint64_t id_of(const char *name, bool *ret_compressed)
{
	const char *dash = strrchr(name, '-'), *end;
	unsigned long long id;

	if (strncmp(name, "dmesg-", 6) != 0 || dash < name + 6)
		return 0;
	end = dash + 1 + strspn(dash + 1, "0123456789");
	*ret_compressed = strcmp(end, COMPRESSED) == 0;
	if (end == dash + 1 || (*end && !*ret_compressed))
		return 0;
	errno = 0;
	id = strtoull(dash + 1, NULL, 10);
	return errno ? 0 : id;
}

static uint64_t seconds_of(uint64_t id)
{
	return id / PARTS_PER_TIME;
}

static uint64_t part_of(uint64_t id)
{
	return id / 1000 % 100;
}

static uint64_t count_of(uint64_t id)
{
	return id % 1000;
}

static bool has_record(const struct records *records, uint64_t id)
{
	for (size_t i = 0; i < records->count; i++) {
		if (records->items[i].id == id)
			return true;
	}
	return false;
}

/* Where a record of that id goes: behind the others, or where the oldest is if all room is taken. NULL: that one is not
 * older. A folder gives its names in no order, and the newest crash must not be the one that is left out. */
static struct record *find_room(struct records *records, uint64_t id)
{
	struct record *oldest = &records->items[0];

	if (records->count < DUMPS_MAX)
		return &records->items[records->count++];
	for (size_t i = 1; i < records->count; i++) {
		if (records->items[i].id < oldest->id)
			oldest = &records->items[i];
	}
	if (oldest->id > id)
		return NULL;
	free(oldest->path);
	return oldest;
}

static void add_record(struct records *records, const char *folder, const char *name)
{
	bool compressed = false;
	uint64_t id = id_of(name, &compressed);
	struct record *room;
	char *path;

	if (id == 0 || has_record(records, id) || asprintf(&path, "%s/%s", folder, name) < 0)
		return;
	room = find_room(records, id);
	if (room)
		*room = (struct record){ .id = id, .path = path, .compressed = compressed };
	else
		free(path);
}

/* Asked of the file: not every file system keeps the type beside the name (XFS without ftype). */
static mode_t type_of(DIR *folder, const char *name)
{
	struct stat about;

	return fstatat(dirfd(folder), name, &about, AT_SYMLINK_NOFOLLOW) == 0 ?
		       about.st_mode & S_IFMT :
		       0;
}

static void scan(struct records *records, const char *folder, unsigned depth)
{
	DIR *names = opendir(folder);
	struct dirent *entry;

	if (!names)
		return;
	while ((entry = readdir(names))) {
		char below[PATH_MAX];
		mode_t type = entry->d_name[0] == '.' ? 0 : type_of(names, entry->d_name);

		if (type == S_IFREG)
			add_record(records, folder, entry->d_name);
		else if (type == S_IFDIR && depth < DEPTH_MAX &&
			 snprintf(below, sizeof(below), "%s/%s", folder, entry->d_name) <
				 (int)sizeof(below))
			scan(records, below, depth + 1);
	}
	closedir(names);
}

/* Of one crash: by count (an oops comes before the panic it led to), then from the highest part down. The time is taken
 * for each record, so it does not order the parts. */
static int by_part(const void *one, const void *other)
{
	uint64_t a = ((const struct record *)one)->id, b = ((const struct record *)other)->id;

	if (count_of(a) != count_of(b))
		return count_of(a) < count_of(b) ? -1 : 1;
	return part_of(a) > part_of(b) ? -1 : part_of(a) < part_of(b);
}

static int by_time(const void *one, const void *other)
{
	uint64_t a = ((const struct record *)one)->id, b = ((const struct record *)other)->id;

	return a < b ? -1 : a > b;
}

static bool is_listed(const char *seen, uint64_t id)
{
	char word[32];
	size_t length = (size_t)snprintf(word, sizeof(word), "%llu", (unsigned long long)id);

	for (const char *at = seen; (at = strstr(at, word)); at += length) {
		if ((at == seen || at[-1] == ' ') && (at[length] == '\0' || at[length] == ' '))
			return true;
	}
	return false;
}

static int collect(const struct context *context, struct database *database, struct records **ret)
{
	struct records *records = calloc(1, sizeof(*records));
	owned char *seen = NULL;

	if (!records)
		return -ENOMEM;
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		char path[PATH_MAX];

		if (snprintf(path, sizeof(path), "%s%s", context->root, folders[i]) <
		    (int)sizeof(path))
			scan(records, path, 0);
	}
	if (database)
		state_get_text(database, SEEN_KEY, &seen);
	for (size_t i = 0; i < records->count; i++)
		records->items[i].seen = seen && is_listed(seen, records->items[i].id);
	*ret = records;
	return 0;
}

/* How many bytes it added. */
static size_t append_file(FILE *out, const struct record *record)
{
	owned_descriptor int fd =
		open(record->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	owned char *text = malloc(RECORD_MAX);
	ssize_t size = fd >= 0 && text ? read(fd, text, RECORD_MAX) : -1;
	bool torn;

	if (size <= 0 || ftell(out) + size > CRASH_TEXT_MAX)
		return 0;
	fwrite(text, 1, (size_t)size, out);
	/* The last line of a part and the first of the next must not run together. */
	torn = !record->compressed && text[size - 1] != '\n';
	if (torn)
		fputc('\n', out);
	return (size_t)size + torn;
}

/* Joins `count` records, which are in order. */
static int join(const struct record *records, size_t count, struct crash_text *crash)
{
	FILE *out = open_memstream(&crash->text, &crash->size);

	if (!out)
		return -ENOMEM;
	crash->parts = calloc(count, sizeof(crash->parts[0]));
	for (size_t i = 0; crash->parts && i < count; i++)
		crash->parts[crash->parts_count++] =
			(struct crash_part){ .size = append_file(out, &records[i]),
					     .deflated = records[i].compressed };
	return fclose(out) == 0 && crash->parts ? 0 : -ENOMEM;
}

/* Whether a record belongs to the crash of the one before it. Another crash begins with its part 1. */
static bool is_same_crash(uint64_t before, uint64_t id)
{
	uint64_t gap = seconds_of(id) - seconds_of(before);
	bool goes_on = count_of(id) == count_of(before) && part_of(id) > part_of(before);

	return gap <= SAME_CRASH || (goes_on && gap <= SAME_DUMP);
}

/* The fresh records, oldest first, and where the newest crash among them begins. */
static size_t newest_crash(struct records *records, size_t *ret_count)
{
	size_t count = 0, first;

	for (size_t i = 0; i < records->count; i++) {
		struct record fresh = records->items[i];

		if (fresh.seen)
			continue;
		records->items[i] = records->items[count];
		records->items[count++] = fresh;
	}
	qsort(records->items, count, sizeof(records->items[0]), by_time);
	for (first = count ? count - 1 : 0; first > 0; first--) {
		if (!is_same_crash(records->items[first - 1].id, records->items[first].id))
			break;
	}
	*ret_count = count;
	return first;
}

int dumps_read_new(const struct context *context, struct database *database, struct crash_text *ret)
{
	struct crash_text crash = { 0 };
	struct records *records;
	size_t count, first;
	int error = collect(context, database, &records);

	if (error)
		return error;
	first = newest_crash(records, &count);
	crash.fresh = (unsigned)count;
	if (count > 0) {
		crash.time = (int64_t)seconds_of(records->items[count - 1].id);
		qsort(records->items + first, count - first, sizeof(records->items[0]), by_part);
		error = join(records->items + first, count - first, &crash);
	}
	free_records(records);
	if (error)
		crash_text_free(&crash);
	else
		*ret = crash;
	return error;
}

int dumps_mark_seen(const struct context *context, struct database *database)
{
	struct records *records;
	owned char *text = NULL;
	owned char *before = NULL;
	size_t size = 0;
	FILE *out;
	int error = collect(context, database, &records);

	if (error)
		return error;
	out = open_memstream(&text, &size);
	if (out) {
		qsort(records->items, records->count, sizeof(records->items[0]), by_time);
		for (size_t i = 0; i < records->count; i++)
			fprintf(out, "%s%llu", i ? " " : "",
				(unsigned long long)records->items[i].id);
		error = fclose(out) == 0 ? 0 : -ENOMEM;
	} else {
		error = -ENOMEM;
	}
	free_records(records);
	if (!error)
		error = state_get_text(database, SEEN_KEY, &before);
	if (error || strcmp(before ? before : "", text) == 0)
		return error;
	return state_set_text(database, SEEN_KEY, text);
}
