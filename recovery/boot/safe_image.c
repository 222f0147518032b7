/* safe_image.c: the image of the owner that safe and rescue starts are of
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/safe_image.h"

#include <string.h>
#include <unistd.h>

#include "recovery/boot/copy_slot.h"
#include "recovery/boot/limits_file.h"
#include "recovery/boot/own_entry.h"
#include "recovery/boot/own_trust.h"
#include "recovery/boot/shim_trust.h"
#include "recovery/cleanup.h"
#include "recovery/digest.h"
#include "recovery/state.h"
#include "recovery/state_tables.h"

bool safe_image_is_target(const struct daruma_target *target)
{
	enum copy_slot slot;

	return copy_slot_of_image(target->path, &slot);
}

/* --- looking ---------------------------------------------------------------------------------- */

bool safe_image_find(const struct daruma_limits *limits, enum copy_slot *ret)
{
	return copy_slot_of_image(limits->safe.path, ret) ||
	       copy_slot_of_image(limits->rescue.path, ret);
}

/* Load options would be another command line where Secure Boot is off. */
bool safe_image_is_named(const struct daruma_limits *limits, enum copy_slot *ret)
{
	enum copy_slot safe, rescue;

	if (!copy_slot_of_image(limits->safe.path, &safe) ||
	    !copy_slot_of_image(limits->rescue.path, &rescue) || safe != rescue)
		return false;
	*ret = safe;
	return !limits->safe.options[0] && !limits->rescue.options[0];
}

int safe_image_read(const struct esp *esp, enum copy_slot slot, struct unified_image *ret)
{
	owned_descriptor int fd = copy_slot_open(esp, slot);

	return fd < 0 ? fd : unified_image_read(fd, ret);
}

/* The owner's own list counts for what shim has started alone. */
static bool is_behind_shim(struct database *database)
{
	owned char *shim = NULL;

	return database && state_get_text(database, OWN_ENTRY_SHIM_KEY, &shim) == 0 && shim &&
	       shim[0];
}

static enum safe_image_state judge_trust(struct database *database,
					 const struct variables *variables,
					 const struct unified_image *image)
{
	bool shim = is_behind_shim(database);

	if (!image->signatures)
		return SAFE_IMAGE_UNSIGNED;
	if (!own_trust_secure_boot(variables) || (shim && shim_trust_is_off(variables)))
		return SAFE_IMAGE_UNCHECKED;
	return shim_trust_look_for(variables, shim, image->signatures, image->signatures_size) ==
			       SHIM_TRUST_KNOWN ?
		       SAFE_IMAGE_SIGNED :
		       SAFE_IMAGE_UNKNOWN;
}

static enum safe_image_state judge(struct database *database, const struct variables *variables,
				   const struct unified_image *image)
{
	if (!image->repairs)
		return SAFE_IMAGE_GONE;
	return image->state != state_tables_version() ? SAFE_IMAGE_OLD :
							judge_trust(database, variables, image);
}

const char *safe_image_objection(struct database *database, const struct variables *variables,
				 const struct unified_image *image)
{
	switch (judge_trust(database, variables, image)) {
	case SAFE_IMAGE_UNSIGNED:
		return "it is not signed";
	case SAFE_IMAGE_UNKNOWN:
		return is_behind_shim(database) ?
			       "neither the firmware nor shim shows its certificate" :
			       "the firmware, which starts the stage, does not show its "
			       "certificate";
	default:
		return NULL;
	}
}

enum safe_image_state safe_image_look(const struct context *context,
				      const struct variables *variables,
				      const struct daruma_note *note)
{
	struct database *database = NULL;
	struct unified_image image;
	struct daruma_limits limits;
	enum safe_image_state state;
	enum copy_slot slot;
	struct esp esp;

	if (esp_find(context, &esp) != 0 || !limits_file_load(&esp, &limits) ||
	    !safe_image_is_named(&limits, &slot))
		return SAFE_IMAGE_NONE;
	if (safe_image_read(&esp, slot, &image) != 0)
		return SAFE_IMAGE_GONE;
	if (state_open(context, false, &database) != 0)
		database = NULL;
	state = judge(database, variables, &image);
	database_close(database);
	unified_image_free(&image);
	/* Nobody asks this from inside of the image. */
	if (state == SAFE_IMAGE_SIGNED && note &&
	    (note->rung == DARUMA_RUNG_SAFE || note->rung == DARUMA_RUNG_RESCUE))
		return SAFE_IMAGE_PASSED;
	return state;
}

const char *safe_image_word(enum safe_image_state state)
{
	return state == SAFE_IMAGE_SIGNED ? "signed" : "unsigned";
}

const char *safe_image_sentence(enum safe_image_state state)
{
	static const char *const sentences[] = {
		[SAFE_IMAGE_SIGNED] = "signed safe profile: an image that nothing of this system "
				      "is a part of",
		[SAFE_IMAGE_NONE] = "unsigned safe profile: root of this system can change it",
		[SAFE_IMAGE_GONE] =
			"unsigned safe profile: the image is not on the EFI system partition",
		[SAFE_IMAGE_UNSIGNED] = "unsigned safe profile: the image is not signed",
		[SAFE_IMAGE_OLD] =
			"unsigned safe profile: the image is of another Daruma and cannot "
			"repair; make a new one",
		[SAFE_IMAGE_UNCHECKED] =
			"unsigned safe profile: nobody checks signatures here, and "
			"any image would be started",
		[SAFE_IMAGE_UNKNOWN] = "unsigned safe profile: who starts the stage does not show "
				       "the certificate of the image",
		[SAFE_IMAGE_PASSED] =
			"unsigned safe profile: the image was not what this safe start "
			"is of",
	};

	return sentences[state];
}

int safe_image_digest(const struct esp *esp, enum copy_slot slot, char ret[DIGEST_TEXT_SIZE])
{
	owned_descriptor int fd = copy_slot_open(esp, slot);

	return fd < 0 ? fd : digest_file(fd, ret);
}

const char *safe_image_digest_key(enum copy_slot slot)
{
	return slot == COPY_SLOT_IMAGE_A ? "safe_image.digest.c" : "safe_image.digest.d";
}

bool safe_image_is_intact(const struct context *context, struct database *database)
{
	char now[DIGEST_TEXT_SIZE];
	struct daruma_limits limits;
	owned char *laid = NULL;
	enum copy_slot slot;
	struct esp esp;

	if (esp_find(context, &esp) != 0 || !limits_file_load(&esp, &limits) ||
	    !safe_image_find(&limits, &slot) ||
	    state_get_text(database, safe_image_digest_key(slot), &laid) != 0 || !laid)
		return true;
	return safe_image_digest(&esp, slot, now) == 0 && strcmp(now, laid) == 0;
}
