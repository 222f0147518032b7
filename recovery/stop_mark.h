/* stop_mark.h: tells the answer at shutdown that Daruma itself gave this start up
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A start that hung is restarted in order, for the file systems' sake, and still counts as unexplained.
 */
#ifndef DARUMA_RECOVERY_STOP_MARK_H
#define DARUMA_RECOVERY_STOP_MARK_H

#include <stdbool.h>

#include "recovery/context.h"

int stop_mark_set(const struct context *context);
bool stop_mark_is_set(const struct context *context);

#endif
