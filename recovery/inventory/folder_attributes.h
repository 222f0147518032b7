/* folder_attributes.h: owner, mode and all that of the folders of watched products
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Kept with a generation (table `folder`), for folders that an update removed and that are made anew when a good copy goes
 * back: a product that runs as its own user could change nothing in a folder of root's.
 */
#ifndef DARUMA_RECOVERY_INVENTORY_FOLDER_ATTRIBUTES_H
#define DARUMA_RECOVERY_INVENTORY_FOLDER_ATTRIBUTES_H

#include <stdint.h>

#include "recovery/context.h"
#include "recovery/database.h"
#include "recovery/inventory/inventory.h"
#include "recovery/inventory/watched_path.h"
#include "recovery/text_list.h"

struct folder_attributes {
	struct text_list folders; /* canonical paths */
	struct text_list texts;	  /* of each the text of attributes.h */
};

/* Reads those of the folders with files of `inventory` in them, from the listed folder on downwards. One that cannot be read
 * is left out. Not to be done while other writers of the database wait. Returns 0 or a negative errno, and then nothing is
 * read. */
int folder_attributes_read(const struct context *context, const struct watched_paths *paths,
			   const struct inventory *inventory, struct folder_attributes *ret);

/* Notes them for `generation`: what the administrator has changed since replaces what was noted before. Returns 0 or a
 * negative errno. */
int folder_attributes_save(struct database *database, int64_t generation,
			   const struct folder_attributes *read);

/* Frees what is inside and empties it. */
void folder_attributes_free(struct folder_attributes *read);

/* Those of the folder `path` (canonical) in the newest good generation that has it: text of attributes.h, the caller's to
 * free; NULL if none has. Returns 0 or a negative errno. */
int folder_attributes_find(struct database *database, const char *path, char **ret_text);

#endif
