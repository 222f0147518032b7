/* command_reduce.h: how commands have products leave their reduced mode, and what they say
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_COMMANDS_COMMAND_REDUCE_H
#define DARUMA_RECOVERY_COMMANDS_COMMAND_REDUCE_H

#include <stdbool.h>

#include "recovery/context.h"
#include "recovery/database.h"

/* Whether `product`, or with NULL any, is in its reduced mode or on the way; false where that cannot be read. */
bool command_reduce_is_on(const struct context *context, const char *product);

/* Has `product` leave it, or all with NULL, `on_trial` or for good: asks, runs the vendors' commands, with a notice
 * for each product. With context->dry_run it prints the plan. Nothing where none is in it. Returns an exit code; the
 * message is printed. */
int command_reduce_leave(const struct context *context, struct database *database,
			 const char *product, bool on_trial);

#endif
