/* machine.h: what this machine and its system are called
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_MACHINE_H
#define DARUMA_RECOVERY_MACHINE_H

#include <stdint.h>

#include "recovery/context.h"

#define MACHINE_TEXT_SIZE 65

struct machine {
	char host[33];	  /* application-specific: does not tell the machine id (machine-id(5)) */
	char boot_id[33]; /* of the running kernel, 32 lower-case hex digits */
	char os_id[MACHINE_TEXT_SIZE];
	char os_version[MACHINE_TEXT_SIZE];
	char kernel[MACHINE_TEXT_SIZE];
	char arch[MACHINE_TEXT_SIZE];
};

/* What cannot be found out is "". */
void machine_describe(const struct context *context, struct machine *ret);

/* When the running kernel was started, in seconds since 1970 by the clock of now. */
int64_t machine_start_time(void);

/* The boot id of the running kernel alone. */
void machine_kernel_boot_id(const struct context *context, char ret_text[33]);

#endif
