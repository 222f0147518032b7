/* scan.h: walking over the files of the watched products
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_INVENTORY_SCAN_H
#define DARUMA_RECOVERY_INVENTORY_SCAN_H

#include <stdbool.h>
#include <sys/stat.h>

#include "recovery/context.h"
#include "recovery/inventory/watched_path.h"
#include "recovery/products/product.h"

/* Names with which our own files stand beside those of a product for a moment. They belong to nobody. */
#define SCAN_OWN_PREFIX ".daruma-"

/* A regular file. All belongs to the walk. */
struct scan_file {
	int folder;	  /* open folder that holds it */
	const char *name; /* in that folder */
	const char *path; /* canonical, without context->root */
	const char *product, *kind, *set_name;
	bool by_type; /* `kind` is for its bytes to say: see watched_path.h */
	struct stat stat;
};

/* Calls `each` for every regular file of the products, in no order: what they list, and for every installed kernel the
 * files <module>.ko[.xz|.zst|.gz] with a listed name. Links are not followed and mounts below a listed folder not
 * entered; what is absent is passed over, and so is the state of a product. What cannot be looked into goes to `unread`
 * (which may be NULL): a file or a folder with all below it. Returns what `each` or `unread` returns if not 0, -ENOMEM,
 * -EMFILE, -ENFILE, or 0. */
int scan_products(const struct context *context, const struct product_list *products,
		  const struct watched_paths *paths,
		  int (*each)(const struct scan_file *file, void *user),
		  int (*unread)(const char *path, int error, void *user), void *user);

/* Whether the negative errno `error` of a file or folder is its own affair (-EACCES, -EPERM, -EIO, -EUCLEAN, ...), and not
 * that this process ran out of something. */
bool scan_error_is_of_the_file(int error);

#endif
