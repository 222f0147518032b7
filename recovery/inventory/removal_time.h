/* removal_time.h: when a file that is gone went
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_INVENTORY_REMOVAL_TIME_H
#define DARUMA_RECOVERY_INVENTORY_REMOVAL_TIME_H

#include <stdint.h>

#include "recovery/context.h"

/* When the nearest folder around `path` that is still there changed last, in seconds; 0 if that is not known. It is never
 * earlier than the removal, and later where something else changed in that folder since. */
int64_t removal_time(const struct context *context, const char *path);

#endif
