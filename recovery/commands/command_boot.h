/* command_boot.h: how commands find the boot that an argument means
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_COMMANDS_COMMAND_BOOT_H
#define DARUMA_RECOVERY_COMMANDS_COMMAND_BOOT_H

#include "recovery/boot/past_boot.h"
#include "recovery/context.h"
#include "recovery/database.h"

/* Opens the state and finds the boot. Returns EXIT_DONE with both, else the exit code after the message, and nothing. */
int command_boot_find(const struct context *context, const char *reference,
		      struct database **ret_database, struct past_boot *ret_boot);

#endif
