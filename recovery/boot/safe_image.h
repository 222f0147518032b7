/* safe_image.h: the image of the owner that safe and rescue starts are of
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Kernel, initramfs and command line in one program with the owner's signature: nothing that the system could have written
 * takes part in such a start (R15), its deny lists are signed (R36), and it repairs and nothing else (early/rescue.c).
 * \EFI\daruma\good has a place for two, of which the limits name one, for both rungs.
 *
 * Whoever can write the limits or the file can have a start be of something else: what the firmware refuses makes way for the
 * system's own safe profile, which says so (safe_image_change.h). That is no way to have something run in the image.
 */
#ifndef DARUMA_RECOVERY_BOOT_SAFE_IMAGE_H
#define DARUMA_RECOVERY_BOOT_SAFE_IMAGE_H

#include <stdbool.h>

#include "policy/limits.h"
#include "policy/note.h"
#include "recovery/boot/copy_slot.h"
#include "recovery/boot/esp.h"
#include "recovery/boot/unified_image.h"
#include "recovery/boot/variables.h"
#include "recovery/context.h"
#include "recovery/database.h"
#include "recovery/digest.h"

enum safe_image_state {
	SAFE_IMAGE_SIGNED, /* it is what safe and rescue starts are of, and nothing else would be started */
	SAFE_IMAGE_NONE,     /* the limits name none for both rungs, or there are no limits */
	SAFE_IMAGE_GONE,     /* they name one, and there is none, or another program */
	SAFE_IMAGE_UNSIGNED, /* it has no signature */
	SAFE_IMAGE_OLD, /* its tool cannot read the state of this Daruma, or the other way round */
	SAFE_IMAGE_UNCHECKED, /* Secure Boot is off, or cannot be asked, or shim checks nothing: any other would be started as well */
	SAFE_IMAGE_UNKNOWN, /* neither the firmware nor shim shows its certificate: it may be refused */
	SAFE_IMAGE_PASSED, /* this very start is a safe one, and is not of it: it was refused */
	SAFE_IMAGE_STATES,
};

/* Whether `target` is such an image. Pure. */
bool safe_image_is_target(const struct daruma_target *target);

/* What stands there now: whose certificate it shows, and not whether the signature holds. `variables` may be NULL; `note`: of this
 * start, NULL unknown. Changes nothing. */
enum safe_image_state safe_image_look(const struct context *context,
				      const struct variables *variables,
				      const struct daruma_note *note);

/* Whether the file is still what was laid there; all of it is read. True where nobody can tell. */
bool safe_image_is_intact(const struct context *context, struct database *database);

/* NULL if the firmware, or shim where that has started the stage, is going to start `image` as far as can be known; else why not. */
const char *safe_image_objection(struct database *database, const struct variables *variables,
				 const struct unified_image *image);

/* "signed", or "unsigned" for every other state: what reports say of the safe profile (R15). */
const char *safe_image_word(enum safe_image_state state);

/* A sentence for each state, static storage. */
const char *safe_image_sentence(enum safe_image_state state);

/* Setting: the digest of the file that was laid there last. */
const char *safe_image_digest_key(enum copy_slot slot);

/* The place of the image that the limits name for either rung, or for both and without load options. Pure. */
bool safe_image_find(const struct daruma_limits *limits, enum copy_slot *ret);
bool safe_image_is_named(const struct daruma_limits *limits, enum copy_slot *ret);

/* What stands in the image there, as unified_image_read(), and the digest of the file. Return 0 or a negative errno. */
int safe_image_read(const struct esp *esp, enum copy_slot slot, struct unified_image *ret);
int safe_image_digest(const struct esp *esp, enum copy_slot slot, char ret[DIGEST_TEXT_SIZE]);

#endif
