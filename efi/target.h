/* target.h: what a rung starts, and starting it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_EFI_TARGET_H
#define DARUMA_EFI_TARGET_H

#include "efi/firmware.h"

#include <stdbool.h>
#include <stdint.h>

#include "policy/limits.h"
#include "policy/words.h"

/* The rung's own target, the normal one of the limits, the one of our load options. */
#define TARGET_MOST 3

struct target_choice {
	const struct daruma_target *target;
	bool own; /* of this rung alone: the normal target can stand in for it */
};

struct target_list {
	struct target_choice choices[TARGET_MOST];
	unsigned count;
	struct daruma_target from_options; /* storage */
};

/* The targets to try in turn, best first; none may be left. A path that is empty or this
 * program's own is left out: starting ourselves again would never end. Pointers go into `limits`
 * and into `*ret`, which must not move. */
void target_list(const struct firmware *firmware, const struct daruma_limits *limits,
		 enum daruma_rung rung, struct target_list *ret);

/* Loads the file of `target` from our own partition by its full device path; the firmware
 * verifies it. Sets `*ret_child` on success only. Statuses of the firmware;
 * EFI_INVALID_PARAMETER where no device path can be made. */
EFI_STATUS target_load(const struct firmware *firmware, const struct daruma_target *target,
		       EFI_HANDLE *ret_child);

/* Whether a status of target_load() says that the firmware, or shim, must not start the file:
 * unsigned, signed by a key it does not trust, altered or revoked (UEFI 2.10, 7.4.1). */
bool target_refused(EFI_STATUS status);

/* Starts what target_load() gave, with the options of `target`. Returns only if the child does,
 * with its status. */
EFI_STATUS target_start(const struct firmware *firmware, const struct daruma_target *target,
			EFI_HANDLE child);

#endif
