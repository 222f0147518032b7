/* command_recover.h: repairs in a start that the stage ordered for it, tells of it, and leaves it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The part that `recover`, in the safe profile, and `rescue`, in the initramfs, have in common.
 */
#ifndef DARUMA_RECOVERY_COMMANDS_COMMAND_RECOVER_H
#define DARUMA_RECOVERY_COMMANDS_COMMAND_RECOVER_H

#include <stdbool.h>

#include "recovery/repair/recover.h"

/* Says on the consoles what start this is, looks whether the products are off, repairs, tells of it on the console and in an
 * event, answers the stage, and asks for a restart. With context->dry_run only the plan is printed. *ret_left: the stage
 * was told what comes next, and this start has nothing more to do; false too where the profile is to stay. Returns 0 or
 * the errno of the first of the last three that failed. */
int command_recover_run(const struct recover *recover, bool *ret_left);

/* Answers a start in which nothing can be found out, so that the machine stands aside rather than come back to it again
 * and again, and asks for a restart. Of `recover` only context, processes and boot are looked at. Returns 0 or a negative
 * errno. */
int command_recover_give_up(const struct recover *recover);

#endif
