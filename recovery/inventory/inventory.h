/* inventory.h: the files of a generation, or those that are there now
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_INVENTORY_INVENTORY_H
#define DARUMA_RECOVERY_INVENTORY_INVENTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "recovery/context.h"
#include "recovery/database.h"
#include "recovery/digest.h"
#include "recovery/inventory/watched_path.h"
#include "recovery/products/product.h"

/* One file. Strings belong to the inventory. */
struct inventory_file {
	char *path; /* canonical */
	const char *product, *kind, *set_name;
	bool by_type;		       /* `kind` was told by its bytes (R9) */
	char sha256[DIGEST_TEXT_SIZE]; /* "" if it was not asked for */
	char *attributes;	       /* see attributes.h; NULL if it was not asked for */
	int64_t size, mtime_ns, ctime_ns, inode, device, mode;
	bool stored; /* a copy is in the content store */
};

struct inventory {
	struct inventory_file *files; /* by path, each path once */
	size_t count, room;
	struct text_list words;	 /* what `product`, `kind` and `set_name` point to */
	struct text_list unread; /* what could not be read: see unread.h */
};

/* The files of a generation. Returns 0 or a negative errno. */
int inventory_load(struct database *database, int64_t generation, struct inventory *ret);

/* How the present files are looked at. */
struct inventory_survey {
	const struct inventory *known; /* files whose stat is unchanged are taken over from it */
	/* those that `known` has otherwise, from this one; may be NULL */
	const struct inventory *read_since;
	/* no file is read for its kind, and a known file with another size or time is not read: its sha256 is "" */
	bool by_stat;

	/* Both or neither; with them attributes are read too. `keep` is called for every file that was read; `fd` is at
	 * any offset; it sets file->stored and returns 0 or a negative errno, which ends the survey. A known file that
	 * is not stored is read again if `wants` says so. */
	int (*keep)(int fd, struct inventory_file *file, void *user);
	bool (*wants)(const struct inventory_file *file, void *user);
	void *user;
};

/* The present files of the products. One that cannot be read is taken over from survey->known if its stat is unchanged, else
 * it is in ret->unread only. Returns 0 or a negative errno. `ret` is filled while the survey goes on. */
int inventory_take(const struct context *context, const struct product_list *products,
		   const struct watched_paths *paths, const struct inventory_survey *survey,
		   struct inventory *ret);

/* The file of that path, or NULL. */
const struct inventory_file *inventory_find(const struct inventory *inventory, const char *path);

/* Whether size, times and inode are still those of `file`. */
bool inventory_file_is_untouched(const struct inventory_file *file, const struct stat *stat);

/* NULL is accepted. */
void inventory_free(struct inventory *inventory);

#endif
