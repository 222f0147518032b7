/* verdict_record.h: the verdict about an incident: what it is judged from, and where it is kept
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_REPAIR_VERDICT_RECORD_H
#define DARUMA_RECOVERY_REPAIR_VERDICT_RECORD_H

#include "recovery/context.h"
#include "recovery/database.h"
#include "recovery/inventory/generation.h"
#include "recovery/products/product.h"
#include "recovery/repair/verdict.h"

/* Judges by `changes`, the newest crash that the table `boot` tells of since the last good start, which is old unless it is
 * that of the failed start `boot_id`, what that was started with (start_change.h), and the time of the first failure in
 * seconds since 1970; 0: when the open incident began. Returns 0 or a negative errno. */
int verdict_find(const struct context *context, struct database *database,
		 const struct product_list *products, const struct change_list *changes,
		 const char *boot_id, int64_t failed, struct verdict *ret);

/* Keeps it as the verdict about the failed start `boot_id`, in place of an earlier one about it. */
int verdict_store(struct database *database, const char *boot_id, const struct verdict *verdict);

#endif
