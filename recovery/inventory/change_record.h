/* change_record.h: which changes a start found since the last good generation
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_INVENTORY_CHANGE_RECORD_H
#define DARUMA_RECOVERY_INVENTORY_CHANGE_RECORD_H

#include "recovery/database.h"
#include "recovery/inventory/generation.h"

/* Keeps them in the table `change` as found by the start `boot_id`, in place of what it found before. Returns 0 or an error
 * of database_run(). */
int change_store(struct database *database, const char *boot_id, const struct change_list *changes);

#endif
