/* safe_image.c: the image of the owner that safe and rescue starts are of
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/safe_image.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recovery/boot/copy_slot.h"
#include "recovery/boot/esp_file.h"
#include "recovery/boot/kernel_copy.h"
#include "recovery/boot/kernel_target.h"
#include "recovery/boot/limits_file.h"
#include "recovery/boot/own_trust.h"
#include "recovery/boot/shim_trust.h"
#include "recovery/cleanup.h"
#include "recovery/event.h"
#include "recovery/kernel_floor.h"

bool safe_image_is_target(const struct daruma_target *target)
{
	enum copy_slot slot;

	return copy_slot_of_image(target->path, &slot);
}

/* --- looking ---------------------------------------------------------------------------------- */

/* The slot that the limits name for either rung; the stage has then something to start. */
static bool find_named(const struct daruma_limits *limits, enum copy_slot *ret)
{
	return copy_slot_of_image(limits->safe.path, ret) ||
	       copy_slot_of_image(limits->rescue.path, ret);
}

/* One without load options of its own: they would be another command line where Secure Boot is off. */
static bool names_both(const struct daruma_limits *limits, enum copy_slot *ret)
{
	enum copy_slot safe, rescue;

	if (!copy_slot_of_image(limits->safe.path, &safe) ||
	    !copy_slot_of_image(limits->rescue.path, &rescue) || safe != rescue)
		return false;
	*ret = safe;
	return !limits->safe.options[0] && !limits->rescue.options[0];
}

static int read_slot(const struct esp *esp, enum copy_slot slot, struct unified_image *ret)
{
	owned_descriptor int fd = copy_slot_open(esp, slot);

	return fd < 0 ? fd : unified_image_read(fd, ret);
}

static enum safe_image_state judge(const struct variables *variables,
				   const struct unified_image *image)
{
	if (!image->repairs)
		return SAFE_IMAGE_GONE;
	if (!image->signatures)
		return SAFE_IMAGE_UNSIGNED;
	if (!own_trust_secure_boot(variables))
		return SAFE_IMAGE_UNCHECKED;
	return shim_trust_look_for(variables, image->signatures, image->signatures_size) ==
			       SHIM_TRUST_KNOWN ?
		       SAFE_IMAGE_SIGNED :
		       SAFE_IMAGE_UNKNOWN;
}

enum safe_image_state safe_image_look(const struct context *context,
				      const struct variables *variables,
				      const struct daruma_note *note)
{
	struct unified_image image;
	struct daruma_limits limits;
	enum safe_image_state state;
	enum copy_slot slot;
	struct esp esp;

	if (esp_find(context, &esp) != 0 || !limits_file_load(&esp, &limits) ||
	    !names_both(&limits, &slot))
		return SAFE_IMAGE_NONE;
	if (read_slot(&esp, slot, &image) != 0)
		return SAFE_IMAGE_GONE;
	state = judge(variables, &image);
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
		[SAFE_IMAGE_UNCHECKED] =
			"unsigned safe profile: Secure Boot is off, and any image would be started",
		[SAFE_IMAGE_UNKNOWN] = "unsigned safe profile: neither the firmware nor shim shows "
				       "the certificate of the image",
		[SAFE_IMAGE_PASSED] =
			"unsigned safe profile: the image was not what this safe start "
			"is of",
	};

	return sentences[state];
}

/* --- changing --------------------------------------------------------------------------------- */

static void tell(const struct context *context, struct database *database, const char *event,
		 const char *severity, const char *kernel, const char *why)
{
	struct json *details = json_new_object();

	json_add_text(details, "kernel", kernel[0] ? kernel : NULL);
	if (why)
		json_add_text(details, "why", why);
	event_write(context, database, event, severity, details);
}

static int write_limits(const struct esp *esp, const struct daruma_limits *limits)
{
	int written = limits_file_write(esp, limits);

	return written < 0 ? written : 0;
}

/* Returns whether one of them named an image. */
static bool take_out(struct daruma_limits *limits)
{
	struct daruma_target *const targets[] = { &limits->safe, &limits->rescue };
	bool found = false;

	for (size_t i = 0; i < 2; i++)
		if (safe_image_is_target(targets[i])) {
			memset(targets[i], 0, sizeof(*targets[i]));
			found = true;
		}
	return found;
}

static bool has_room(const struct esp *esp, uint64_t size)
{
	uint64_t room = 0;

	return esp_file_free_room(esp, &room) == 0 && size + KERNEL_COPY_RESERVE <= room;
}

/* What has less to give goes first. The limits are written before what they named is deleted. */
static int make_room(const struct esp *esp, struct daruma_limits *limits, uint64_t size)
{
	int error = 0;

	if (has_room(esp, size))
		return 0;
	if (kernel_target_aim(limits, POLICY_KERNEL_COPY_NONE, NULL))
		error = write_limits(esp, limits);
	if (!error)
		error = copy_slot_clear_all(esp);
	if (error || has_room(esp, size))
		return error;
	if (take_out(limits))
		error = write_limits(esp, limits);
	if (!error)
		error = copy_slot_clear_images(esp);
	return error || has_room(esp, size) ? error : -ENOSPC;
}

static void aim(struct daruma_limits *limits, enum copy_slot slot)
{
	struct daruma_target target = { .path = "" };

	snprintf(target.path, sizeof(target.path), "%s", copy_slot_program(slot));
	limits->safe = limits->rescue = target;
}

static enum copy_slot other_than(enum copy_slot slot)
{
	return slot == COPY_SLOT_IMAGE_A ? COPY_SLOT_IMAGE_B : COPY_SLOT_IMAGE_A;
}

int safe_image_put(const struct context *context, struct database *database, const struct esp *esp,
		   int fd, const struct unified_image *image)
{
	enum copy_slot slot = COPY_SLOT_IMAGE_A, named;
	struct daruma_limits limits;
	struct stat about;
	int error = fstat(fd, &about) < 0 ? -errno : 0;

	if (!error && !limits_file_load(esp, &limits))
		error = -ENOENT;
	if (!error)
		error = make_room(esp, &limits, (uint64_t)about.st_size);
	if (error)
		return error;
	if (find_named(&limits, &named))
		slot = other_than(named);
	error = lseek(fd, 0, SEEK_SET) < 0 ? -errno : copy_slot_fill(esp, slot, fd, -1);
	if (error)
		return error;
	aim(&limits, slot);
	error = write_limits(esp, &limits);
	if (!error)
		error = copy_slot_clear(esp, other_than(slot));
	if (!error)
		error = copy_slot_clear_all(esp);
	tell(context, database, "profile.image_set", "notice", image->release, NULL);
	return error;
}

static void read_release(const struct esp *esp, const struct daruma_limits *limits,
			 char ret[KERNEL_RELEASE_SIZE])
{
	struct unified_image image;
	enum copy_slot slot;

	ret[0] = '\0';
	if (!find_named(limits, &slot) || read_slot(esp, slot, &image) != 0)
		return;
	memcpy(ret, image.release, KERNEL_RELEASE_SIZE);
	unified_image_free(&image);
}

int safe_image_drop(const struct context *context, struct database *database, const struct esp *esp,
		    const char *why)
{
	char release[KERNEL_RELEASE_SIZE];
	struct daruma_limits limits;
	int error;

	if (!limits_file_load(esp, &limits))
		return 0;
	read_release(esp, &limits, release);
	if (!take_out(&limits))
		return 0;
	error = write_limits(esp, &limits);
	if (!error)
		error = copy_slot_clear_images(esp);
	if (!error)
		tell(context, database, "profile.image_dropped", "warning", release, why);
	return error ? error : 1;
}

bool safe_image_obey(const struct esp *esp, const char *floor, struct daruma_limits *limits)
{
	char release[KERNEL_RELEASE_SIZE];

	read_release(esp, limits, release);
	return release[0] && !kernel_floor_allows(floor, release) && take_out(limits);
}

void safe_image_keep(const struct esp *esp, struct daruma_limits *limits)
{
	struct daruma_limits present;

	if (!limits_file_load(esp, &present))
		return;
	if (!limits->safe.path[0] && safe_image_is_target(&present.safe))
		limits->safe = present.safe;
	if (!limits->rescue.path[0] && safe_image_is_target(&present.rescue))
		limits->rescue = present.rescue;
}

int safe_image_follow(const struct context *context, struct database *database,
		      const struct policy_file *policy)
{
	struct daruma_limits limits, obeyed;
	enum copy_slot slot;
	struct esp esp;
	int error = esp_find(context, &esp);

	/* No stage, no limits: nothing is started from there. */
	if (error || !limits_file_load(&esp, &limits))
		return error == -ENOENT ? 0 : error;
	obeyed = limits;
	if (safe_image_obey(&esp, policy->kernel_floor, &obeyed))
		return safe_image_drop(context, database, &esp,
				       "its kernel is older than kernel_floor of the policy");
	error = find_named(&limits, &slot) ? copy_slot_clear(&esp, other_than(slot)) :
					     copy_slot_clear_images(&esp);
	return error == -EROFS ? 0 : error;
}
