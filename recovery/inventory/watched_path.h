/* watched_path.h: the files and folders that products list, in one form and without doubles
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_INVENTORY_WATCHED_PATH_H
#define DARUMA_RECOVERY_INVENTORY_WATCHED_PATH_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "recovery/context.h"
#include "recovery/products/product.h"

/* `product`, `kind` and `set_name` live as long as the products. */
struct watched_path {
	char *path; /* canonical: see safe_path.h */
	const char *product;
	const char *kind; /* content, code, manifest, state; module is found by name, not by path */
	const char *set_name; /* content set, or "" */
	bool by_type; /* code and content lie together: each file says by its bytes which it is (file_kind.h) */
};

struct watched_paths {
	struct watched_path *items; /* by path */
	size_t count;
	char modules[PATH_MAX]; /* canonical form of /lib/modules */
};

/* Where a path is listed twice, a manifest goes before a content set, and that before content and code. One that a product
 * lists as both, or that holds or lies in one it lists as the other, is `by_type`; a content set is not. Returns 0 or
 * -ENOMEM. */
int watched_paths_make(const struct context *context, const struct product_list *products,
		       struct watched_paths *ret);

/* NULL is accepted. */
void watched_paths_free(struct watched_paths *paths);

/* The entry that is `path`, or the nearest one around it; NULL if there is none. It may be of the kind state, which nobody
 * looks at. */
bool watched_path_is_state(const struct watched_path *path);
const struct watched_path *watched_path_at(const struct watched_paths *paths, const char *path);
const struct watched_path *watched_path_around(const struct watched_paths *paths, const char *path);

/* The folder that `path` must not be led out of: the listed folder around it, for a listed file the one that holds it, for
 * a module that of all modules. Returns 0 or -EXDEV (no product owns it, or it is the state of one). */
int watched_path_folder(const struct watched_paths *paths, const char *path,
			char ret_folder[PATH_MAX]);

#endif
