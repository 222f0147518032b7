/* recover_restore.h: the step of a safe start in which a product brings back what no good copy was kept of
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_REPAIR_RECOVER_RESTORE_H
#define DARUMA_RECOVERY_REPAIR_RECOVER_RESTORE_H

#include "recovery/products/product.h"
#include "recovery/repair/recover.h"

/* Changes of `product` were set aside just now. Where something of it is missing since (taken_away.h) and its file names a
 * command for that, runs the command, by the rules of vendor_command.h. Whether anything is missing behind it is looked at,
 * whatever the command says; either outcome is an event (product.restored, product.restore_failed), and the repair
 * stands in both. After a power cut it is not run again: it may have been what ended that start. With context->dry_run
 * nothing is done. */
void recover_restore(const struct recover *recover, const struct product *product);

#endif
