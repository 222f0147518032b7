/* folder_attributes.h: owner, mode and all that of the folders of watched products
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Kept with a generation (table `folder`), for folders that an update removed and that are made anew when a good copy goes
 * back: a product that runs as its own user could change nothing in a folder of root's.
 */
#ifndef DARUMA_RECOVERY_FOLDER_ATTRIBUTES_H
#define DARUMA_RECOVERY_FOLDER_ATTRIBUTES_H

#include <stdint.h>

#include "recovery/context.h"
#include "recovery/database.h"
#include "recovery/inventory.h"
#include "recovery/watched_path.h"

/* Notes for `generation` those of the folders with files of `inventory` in them, from the listed folder on downwards, unless
 * that was done before. One that cannot be read is left out. Returns 0 or a negative errno. */
int folder_attributes_save(const struct context *context, struct database *database,
			   int64_t generation, const struct watched_paths *paths,
			   const struct inventory *inventory);

/* Those of the folder `path` (canonical) in the newest good generation that has it: text of attributes.h, the caller's to
 * free; NULL if none has. Returns 0 or a negative errno. */
int folder_attributes_find(struct database *database, const char *path, char **ret_text);

#endif
