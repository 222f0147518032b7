/* confirm.h: asking before something is changed
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_COMMANDS_CONFIRM_H
#define DARUMA_RECOVERY_COMMANDS_CONFIRM_H

#include <stdbool.h>

#include "recovery/context.h"

/* Asks "<question> [y/N]" on standard error. True with -y, and where nobody can be asked because standard input is no
 * terminal. */
bool confirm(const struct context *context, const char *question, ...)
	__attribute__((format(printf, 2, 3)));

#endif
