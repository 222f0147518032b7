/* recover_kernel.h: the step of a safe start that has the kernel before started, with every product on
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_REPAIR_RECOVER_KERNEL_H
#define DARUMA_RECOVERY_REPAIR_RECOVER_KERNEL_H

#include "recovery/repair/recover.h"

/* Whether the verdict is about the kernel: it alone, or with a product of which nothing changed. Pure. */
bool recover_kernel_is_blamed(const struct verdict *verdict);

/* Has the boot loader start the kernel of an earlier good boot if the running one is to blame, by more than its command
 * line, and this incident has not tried that yet; what a power cut left without a trial is the repair still. Where the trial has failed, that is
 * undone, and the next step of the ladder is due. `result` gets what was done. Returns RECOVER_REPAIRED or
 * RECOVER_NOTHING; what stands in the way is only said, since the next step is there for it. */
enum recover_outcome recover_kernel(const struct recover *recover, const struct verdict *verdict,
				    struct recover_result *result);

/* The same where this start runs the copy of the last good kernel (boot/kernel_copy.h), so that nothing of a kernel has changed
 * that could be blamed: the starts before it, which ran what the loader has, did not come so far. The running kernel
 * becomes the loader's default, once in an incident, if a newer one is installed. */
enum recover_outcome recover_kernel_of_copy(const struct recover *recover,
					    struct recover_result *result);

/* Where an earlier start of this incident set a kernel that no start has tried: that is the repair, and nothing is done to the
 * loader. Returns RECOVER_REPAIRED or RECOVER_NOTHING. */
enum recover_outcome recover_kernel_pick_up(const struct recover *recover,
					    struct recover_result *result);

/* Whether that is the next thing to do, so that nothing else is to blame yet. Changes nothing. */
bool recover_kernel_of_copy_is_due(const struct recover *recover);

#endif
