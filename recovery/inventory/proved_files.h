/* proved_files.h: what stays known to be good of products that a start does not prove
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A product in its reduced mode runs with less of what it has on the disk; of another an object that failed, or half of an
 * update, is still in place. A good start says nothing about that, and all about the rest of the machine. So the good state
 * of that product stays the one of before, and that of the others is the one of now.
 */
#ifndef DARUMA_RECOVERY_INVENTORY_PROVED_FILES_H
#define DARUMA_RECOVERY_INVENTORY_PROVED_FILES_H

#include "recovery/inventory/inventory.h"
#include "recovery/text_list.h"

/* Takes the files of the products `unproved` (ids) out of `now`, and puts those that `proved`, a good generation,
 * has of them there. They leave `proved`, which must live as long as `now`: it still owns words of theirs. Returns 0
 * or -ENOMEM; then both can only be freed. */
int proved_files_keep(struct inventory *now, struct inventory *proved,
		      const struct text_list *unproved);

#endif
