/* inventory.c: the files of a generation, or those that are there now
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/inventory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/cleanup.h"
#include "recovery/inventory/file_kind.h"
#include "recovery/inventory/scan.h"
#include "recovery/inventory/unread.h"
#include "recovery/quarantine/attributes.h"
#include "recovery/safe_path.h"

#define NANO 1000000000

/* --- the list ------------------------------------------------------------------------------ */

/* A copy of `text` that lives as long as the inventory: there are few, and each stands in many files. */
static const char *keep_word(struct inventory *inventory, const char *text)
{
	for (size_t i = inventory->words.count; i > 0; i--)
		if (strcmp(inventory->words.items[i - 1], text) == 0)
			return inventory->words.items[i - 1];
	if (text_list_add(&inventory->words, text) != 0)
		return NULL;
	return inventory->words.items[inventory->words.count - 1];
}

static int grow(struct inventory *inventory)
{
	size_t room = inventory->room ? 2 * inventory->room : 256;
	struct inventory_file *files =
		reallocarray(inventory->files, room, sizeof(*inventory->files));

	if (!files)
		return -ENOMEM;
	inventory->files = files;
	inventory->room = room;
	return 0;
}

/* Adds a copy of `like`. */
static int add(struct inventory *inventory, const struct inventory_file *like)
{
	struct inventory_file *file;
	int error = inventory->count == inventory->room ? grow(inventory) : 0;

	if (error)
		return error;
	file = &inventory->files[inventory->count];
	*file = *like;
	file->path = strdup(like->path);
	file->attributes = like->attributes ? strdup(like->attributes) : NULL;
	file->product = keep_word(inventory, like->product);
	file->kind = keep_word(inventory, like->kind);
	file->set_name = keep_word(inventory, like->set_name);
	inventory->count++;
	return file->path && (file->attributes || !like->attributes) && file->product &&
			       file->kind && file->set_name ?
		       0 :
		       -ENOMEM;
}

static int compare_files(const void *one, const void *other)
{
	return strcmp(((const struct inventory_file *)one)->path,
		      ((const struct inventory_file *)other)->path);
}

const struct inventory_file *inventory_find(const struct inventory *inventory, const char *path)
{
	char wanted[PATH_MAX];
	const struct inventory_file key = { .path = wanted };

	if (!inventory->count || snprintf(wanted, sizeof(wanted), "%s", path) >= PATH_MAX)
		return NULL;
	return bsearch(&key, inventory->files, inventory->count, sizeof(key), compare_files);
}

void inventory_free(struct inventory *inventory)
{
	if (!inventory)
		return;
	for (size_t i = 0; i < inventory->count; i++) {
		free(inventory->files[i].path);
		free(inventory->files[i].attributes);
	}
	free(inventory->files);
	text_list_free(&inventory->words);
	text_list_free(&inventory->unread);
	*inventory = (struct inventory){ 0 };
}

/* --- from the tables ----------------------------------------------------------------------- */

static const char *text_at(const struct database_row *row, int index)
{
	const char *text = database_text(row, index);

	return text ? text : "";
}

static int load_file(const struct database_row *row, void *user)
{
	owned char *path = strdup(text_at(row, 0));
	owned char *attributes = strdup(text_at(row, 5));
	struct inventory_file file = {
		.path = path,
		.product = text_at(row, 1),
		.kind = text_at(row, 2),
		.set_name = text_at(row, 3),
		.attributes = attributes,
		.size = database_integer(row, 6),
		.mtime_ns = database_integer(row, 7),
		.ctime_ns = database_integer(row, 8),
		.inode = database_integer(row, 9),
		.device = database_integer(row, 10),
		.mode = database_integer(row, 11),
		.stored = database_integer(row, 12) != 0,
		.by_type = database_integer(row, 13) != 0,
	};

	snprintf(file.sha256, sizeof(file.sha256), "%s", text_at(row, 4));
	return path && attributes ? add(user, &file) : -ENOMEM;
}

int inventory_load(struct database *database, int64_t generation, struct inventory *ret)
{
	struct inventory inventory = { 0 };
	int error = database_query(
		database, load_file, &inventory,
		"SELECT path,product,kind,set_name,sha256,attributes,size,mtime_ns,ctime_ns,inode,"
		"device,mode,stored,by_type FROM object WHERE generation=?1 ORDER BY path",
		"i", generation);

	if (!error)
		error = unread_load(database, generation, &inventory.unread);
	if (error) {
		inventory_free(&inventory);
		return error;
	}
	*ret = inventory;
	return 0;
}

/* --- from the disk ------------------------------------------------------------------------- */

struct surveying {
	const struct inventory_survey *survey;
	struct inventory *ret;
};

static void fill_stat(struct inventory_file *file, const struct stat *stat)
{
	file->size = stat->st_size;
	file->mtime_ns = (int64_t)stat->st_mtim.tv_sec * NANO + stat->st_mtim.tv_nsec;
	file->ctime_ns = (int64_t)stat->st_ctim.tv_sec * NANO + stat->st_ctim.tv_nsec;
	file->inode = (int64_t)stat->st_ino;
	file->device = (int64_t)stat->st_dev;
	file->mode = stat->st_mode & 07777;
}

/* The device is left out: its number may change from one start to the next. */
static bool is_untouched(const struct inventory_file *file, const struct inventory_file *known)
{
	return known->size == file->size && known->mtime_ns == file->mtime_ns &&
	       known->ctime_ns == file->ctime_ns && known->inode == file->inode;
}

bool inventory_file_is_untouched(const struct inventory_file *file, const struct stat *stat)
{
	struct inventory_file now = { .path = NULL };

	fill_stat(&now, stat);
	return is_untouched(&now, file);
}

static int open_to_read(const struct scan_file *found)
{
	const int flags = O_RDONLY | O_NONBLOCK | O_NOCTTY;
	int fd = safe_path_open_at(found->folder, found->name, flags | O_NOATIME, false);

	/* Only the owner and root may leave the access time alone. */
	return fd == -EPERM ? safe_path_open_at(found->folder, found->name, flags, false) : fd;
}

/* `file->by_type`: the kind is for the bytes to say. */
static int read_file(const struct inventory_survey *survey, int fd, struct inventory_file *file)
{
	struct stat stat;
	int error;

	if (fstat(fd, &stat) < 0)
		return -errno;
	fill_stat(file, &stat);
	error = survey->keep ? attributes_read(fd, &file->attributes) : 0;
	if (!error)
		error = digest_file(fd, file->sha256);
	if (!error && file->by_type)
		error = file_kind_of(fd, &file->kind);
	return error;
}

static int add_known(const struct surveying *surveying, struct inventory_file *file,
		     const struct inventory_file *known)
{
	memcpy(file->sha256, known->sha256, sizeof(file->sha256));
	file->attributes = known->attributes;
	file->stored = known->stored;
	file->kind = file->by_type ? known->kind : file->kind;
	file->by_type = known->by_type && file->by_type;
	return add(surveying->ret, file);
}

static int add_unread(const char *path, int error, void *user)
{
	const struct surveying *surveying = user;

	(void)error;
	return text_list_add(&surveying->ret->unread, path);
}

/* Reads the file and adds it; one that is gone or led elsewhere meanwhile is passed over. `untouched`: the known file with
 * the same stat, or NULL; it stands for one that cannot be read. */
static int add_read(const struct surveying *surveying, const struct scan_file *found,
		    struct inventory_file *file, const struct inventory_file *untouched)
{
	const struct inventory_survey *survey = surveying->survey;
	owned_descriptor int fd = open_to_read(found);
	owned char *attributes = NULL;
	int error;

	if (fd == -ENOENT || fd == -ELOOP || fd == -EXDEV)
		return 0;
	error = fd < 0 ? fd : read_file(survey, fd, file);
	attributes = file->attributes;
	if (scan_error_is_of_the_file(error))
		return untouched ? add_known(surveying, file, untouched) :
				   add_unread(found->path, error, (void *)surveying);
	if (!error && survey->keep)
		error = survey->keep(fd, file, survey->user);
	return error ? error : add(surveying->ret, file);
}

/* Whether all that is asked for is known. Where the lists of a product have changed, the kind may not be. */
static bool is_known_whole(const struct inventory_survey *survey, const struct inventory_file *file,
			   const struct inventory_file *known)
{
	return (known->by_type || !file->by_type || survey->by_stat) &&
	       (known->stored || !survey->wants || !survey->wants(known, survey->user));
}

/* The one of the same stat, or NULL. */
static const struct inventory_file *pick_untouched(const struct inventory_file *file,
						   const struct inventory_file *known,
						   const struct inventory *read_since)
{
	if (known && is_untouched(file, known))
		return known;
	known = read_since ? inventory_find(read_since, file->path) : NULL;
	return known && is_untouched(file, known) ? known : NULL;
}

static int survey_file(const struct scan_file *found, void *user)
{
	const struct surveying *surveying = user;
	const struct inventory_survey *survey = surveying->survey;
	const struct inventory_file *known = inventory_find(survey->known, found->path);
	const struct inventory_file *untouched = NULL;
	owned char *path = strdup(found->path);
	struct inventory_file file = { .path = path,
				       .product = found->product,
				       .kind = found->kind,
				       .set_name = found->set_name,
				       .by_type = found->by_type };

	if (!path)
		return -ENOMEM;
	fill_stat(&file, &found->stat);
	untouched = pick_untouched(&file, known, survey->read_since);
	if (untouched && is_known_whole(survey, &file, untouched))
		return add_known(surveying, &file, untouched);
	if (survey->by_stat &&
	    (!known || known->size != file.size || known->mtime_ns != file.mtime_ns))
		return add(surveying->ret, &file);
	return add_read(surveying, found, &file, untouched);
}

int inventory_take(const struct context *context, const struct product_list *products,
		   const struct watched_paths *paths, const struct inventory_survey *survey,
		   struct inventory *ret)
{
	struct surveying surveying = { .survey = survey, .ret = ret };
	int error;

	*ret = (struct inventory){ 0 };
	error = scan_products(context, products, paths, survey_file, add_unread, &surveying);
	if (error) {
		inventory_free(ret);
		return error;
	}
	if (ret->count)
		qsort(ret->files, ret->count, sizeof(*ret->files), compare_files);
	unread_sort(&ret->unread);
	return 0;
}
