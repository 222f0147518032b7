/* command_state.h: how commands open the state, and what they say if they cannot
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_COMMANDS_COMMAND_STATE_H
#define DARUMA_RECOVERY_COMMANDS_COMMAND_STATE_H

#include "recovery/context.h"
#include "recovery/database.h"

/* For looking: returns EXIT_DONE with the state, or with NULL where there is none yet (after a notice); else the exit
 * code, after the message. */
int command_state_look(const struct context *context, struct database **ret);

/* For changing: makes the state where it is missing. */
int command_state_change(const struct context *context, struct database **ret);

#endif
