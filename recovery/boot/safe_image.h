/* safe_image.h: the image of the owner that safe and rescue starts are of
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Kernel, initramfs and command line in one program with the owner's signature: nothing that the system could have written
 * takes part in such a start (R15), its deny lists are signed (R36), and it repairs and nothing else (early/rescue.c).
 * \EFI\daruma\good has a place for two, of which the limits name one, for both rungs.
 */
#ifndef DARUMA_RECOVERY_BOOT_SAFE_IMAGE_H
#define DARUMA_RECOVERY_BOOT_SAFE_IMAGE_H

#include <stdbool.h>

#include "policy/limits.h"
#include "policy/note.h"
#include "recovery/boot/esp.h"
#include "recovery/boot/unified_image.h"
#include "recovery/boot/variables.h"
#include "recovery/context.h"
#include "recovery/database.h"
#include "recovery/policy_file.h"

enum safe_image_state {
	SAFE_IMAGE_SIGNED, /* it is what safe and rescue starts are of, and nothing else would be started */
	SAFE_IMAGE_NONE,     /* the limits name none for both rungs, or there are no limits */
	SAFE_IMAGE_GONE,     /* they name one, and there is none, or another program */
	SAFE_IMAGE_UNSIGNED, /* it has no signature */
	SAFE_IMAGE_UNCHECKED, /* Secure Boot is off, or cannot be asked: any other would be started as well */
	SAFE_IMAGE_UNKNOWN, /* neither the firmware nor shim shows its certificate: it may be refused */
	SAFE_IMAGE_PASSED, /* this very start is a safe one, and is not of it: it was refused */
	SAFE_IMAGE_STATES,
};

/* Whether `target` is such an image. Pure. */
bool safe_image_is_target(const struct daruma_target *target);

/* What stands there now. `variables` may be NULL; `note`: of this start, NULL unknown. Changes nothing. */
enum safe_image_state safe_image_look(const struct context *context,
				      const struct variables *variables,
				      const struct daruma_note *note);

/* "signed", or "unsigned" for every other state: what reports say of the safe profile (R15). */
const char *safe_image_word(enum safe_image_state state);

/* A sentence for each state, static storage. */
const char *safe_image_sentence(enum safe_image_state state);

/* Lays the open image `fd` on the ESP and has the limits name it for both rungs, then deletes the one before. Copies of a kernel
 * (kernel_copy.h) have to go if there is no room beside them, and the one before where there still is none. Writes the
 * event profile.image_set. Returns 0; -ENOENT: there are no sound limits, the stage is not installed; -ENOSPC, -EROFS ...:
 * then the limits may name none. */
int safe_image_put(const struct context *context, struct database *database, const struct esp *esp,
		   int fd, const struct unified_image *image);

/* Has the limits name none, and deletes what is there. Writes the event profile.image_dropped with `why`. Returns 1, 0 (there was
 * none) or a negative errno. */
int safe_image_drop(const struct context *context, struct database *database, const struct esp *esp,
		    const char *why);

/* Takes the image on `esp` out of `limits`, which are going to be written, where its kernel is older than `floor` (R32). Returns
 * whether it was. */
bool safe_image_obey(const struct esp *esp, const char *floor, struct daruma_limits *limits);

/* Into `limits`, which are going to be written: what those on `esp` name of an image, where `limits` name no target. */
void safe_image_keep(const struct esp *esp, struct daruma_limits *limits);

/* To be called in a good start: drops an image below the floor of the policy, and deletes one that the limits do not name.
 * Returns 1 if the limits changed, 0 if not, or a negative errno. */
int safe_image_follow(const struct context *context, struct database *database,
		      const struct policy_file *policy);

#endif
