/* removal_request.h: asking the stage to forget this machine in one more start, and calling that off
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_BOOT_REMOVAL_REQUEST_H
#define DARUMA_RECOVERY_BOOT_REMOVAL_REQUEST_H

#include "recovery/boot/this_boot.h"
#include "recovery/context.h"
#include "recovery/database.h"

/* Puts the request into the answer of this start, which is otherwise kept. `database` may be NULL (own_answer.h). Returns 0
 * or an error of firmware_write_answer(). */
int removal_request_make(const struct context *context, struct database *database,
			 const struct this_boot *boot);

/* Takes a request that waits out of the stored answer, whatever start that is for: the stage would delete what was installed
 * since. Another request stays. Returns 0, also where none waits or this start did not go through the stage, or an error of
 * firmware_write_answer(). */
int removal_request_call_off(const struct context *context);

#endif
