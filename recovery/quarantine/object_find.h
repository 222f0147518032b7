/* object_find.h: the files that a user means by a path, a module's name or a digest
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_QUARANTINE_OBJECT_FIND_H
#define DARUMA_RECOVERY_QUARANTINE_OBJECT_FIND_H

#include "recovery/context.h"
#include "recovery/database.h"
#include "recovery/products/product.h"
#include "recovery/text_list.h"

/* Paths of present files of the watched products: `text` itself if it begins with '/', those with that SHA-256 if it is
 * one, else the files of that kernel module for every installed kernel. A path is not looked at. Returns 0, -ENXIO
 * (there is none) or another negative errno. */
int object_find(const struct context *context, struct database *database,
		const struct product_list *products, const char *text, struct text_list *ret_paths);

#endif
