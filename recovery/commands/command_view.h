/* command_view.h: how yes-or-no commands look at this start, and what they say if they cannot
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_COMMANDS_COMMAND_VIEW_H
#define DARUMA_RECOVERY_COMMANDS_COMMAND_VIEW_H

#include <stdbool.h>

#include "recovery/commands/stage_view.h"
#include "recovery/context.h"

/* Whether there is a view, whose `error` is then 0 or -ENOENT (this start did not go through the stage). If not, the message
 * was printed and *ret_code is the exit code, which is EXIT_DONE with --graceful. */
bool command_view_take(const struct context *context, struct stage_view *ret, int *ret_code);

#endif
