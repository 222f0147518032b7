/* unread.h: files and folders of watched products that could not be read
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A product may keep others from its files, and a disk may have bad places. Such a file is not in the generation; that it
 * could not be read is, so that nobody takes it for removed, or later for new (R62: no change, no blame). A folder stands
 * for all below it. Paths are canonical (safe_path.h), lists sorted.
 */
#ifndef DARUMA_RECOVERY_INVENTORY_UNREAD_H
#define DARUMA_RECOVERY_INVENTORY_UNREAD_H

#include <stdbool.h>
#include <stdint.h>

#include "recovery/database.h"
#include "recovery/text_list.h"

/* Those of a generation (table `unread`). Return 0 or a negative errno; the list can be freed either way. */
int unread_load(struct database *database, int64_t generation, struct text_list *ret);
int unread_save(struct database *database, int64_t generation, const struct text_list *unread);

/* Puts it in order, each path once. */
void unread_sort(struct text_list *unread);

/* Whether `path` or a folder around it is in the list. */
bool unread_covers(const struct text_list *unread, const char *path);

/* Whether both say the same. */
bool unread_is_same(const struct text_list *one, const struct text_list *other);

#endif
