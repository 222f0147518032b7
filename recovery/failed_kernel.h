/* failed_kernel.h: the kernel that a repair is about
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_FAILED_KERNEL_H
#define DARUMA_RECOVERY_FAILED_KERNEL_H

#include "recovery/context.h"
#include "recovery/database.h"
#include "recovery/kernel_floor.h"

/* Its release: that of the running one, which the failed starts were of too. The owner's image has a kernel of its own, which says
 * nothing of the system: there it is that of the last start of the system which came so far that it was recorded. "" if that is
 * not known. */
void failed_kernel_find(const struct context *context, struct database *database,
			char ret[KERNEL_RELEASE_SIZE]);

#endif
