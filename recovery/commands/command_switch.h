/* command_switch.h: how commands switch products on again, and what they say
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_COMMANDS_COMMAND_SWITCH_H
#define DARUMA_RECOVERY_COMMANDS_COMMAND_SWITCH_H

#include <stdbool.h>

#include "recovery/context.h"
#include "recovery/database.h"

/* Whether `product`, or with NULL any, is switched off; false where that cannot be read. */
bool command_switch_is_off(const struct context *context, const char *product);

/* Whether there is a product of that name: watched on this machine, or switched off once. */
bool command_switch_knows(const struct context *context, const char *product);

/* Switches `product` on again, or all with NULL: asks, changes the files, has the initramfs made anew, and starts what
 * of it is enabled, with a notice for each product. With context->dry_run it prints the plan. Nothing where none is
 * off. Returns an exit code; the message is printed. */
int command_switch_on(const struct context *context, struct database *database,
		      const char *product);

#endif
