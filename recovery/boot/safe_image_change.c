/* safe_image_change.c: which image of the owner's safe and rescue starts are of
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/safe_image_change.h"

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
#include "recovery/boot/safe_image.h"
#include "recovery/event.h"
#include "recovery/kernel_floor.h"
#include "recovery/message.h"
#include "recovery/state.h"
#include "recovery/state_tables.h"

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

static void read_release(const struct esp *esp, const struct daruma_limits *limits,
			 char ret[KERNEL_RELEASE_SIZE])
{
	struct unified_image image;
	enum copy_slot slot;

	ret[0] = '\0';
	if (!safe_image_find(limits, &slot) || safe_image_read(esp, slot, &image) != 0)
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
	if (error)
		return error;
	tell(context, database, "profile.image_dropped", "warning", release, why);
	error = copy_slot_clear_images(esp);
	return error ? error : 1;
}

/* What has less to give goes first. The limits are written before what they named is deleted. */
static int make_room(const struct context *context, struct database *database,
		     const struct esp *esp, struct daruma_limits *limits, uint64_t size)
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
	error = safe_image_drop(context, database, esp, "it made room for another one");
	take_out(limits);
	return error < 0 ? error : has_room(esp, size) ? 0 : -ENOSPC;
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

static bool is_free(const struct daruma_target *target)
{
	return kernel_target_is_free(target) || safe_image_is_target(target);
}

bool safe_image_has_place(const struct esp *esp)
{
	struct daruma_limits limits;

	return !limits_file_load(esp, &limits) ||
	       (is_free(&limits.safe) && is_free(&limits.rescue));
}

/* Into the place that is not in use. Returns that, or a negative errno. */
static int lay(const struct context *context, struct database *database, const struct esp *esp,
	       int fd)
{
	enum copy_slot slot = COPY_SLOT_IMAGE_A, named;
	struct daruma_limits limits;
	struct stat about;
	int error = fstat(fd, &about) < 0 ? -errno : 0;

	if (!error && !limits_file_load(esp, &limits))
		error = -ENOENT;
	if (error)
		return error;
	if (safe_image_find(&limits, &named))
		slot = other_than(named);
	/* Half of one may be there. */
	error = copy_slot_clear(esp, slot);
	if (!error)
		error = make_room(context, database, esp, &limits, (uint64_t)about.st_size);
	if (!error)
		error = lseek(fd, 0, SEEK_SET) < 0 ? -errno : copy_slot_fill(esp, slot, fd, -1);
	return error ? error : (int)slot;
}

static int name_it(const struct context *context, struct database *database, const struct esp *esp,
		   enum copy_slot slot, const char *release)
{
	char digest[DIGEST_TEXT_SIZE];
	struct daruma_limits limits;
	int error = limits_file_load(esp, &limits) ? safe_image_digest(esp, slot, digest) : -ENOENT;

	if (!error)
		error = state_set_text(database, safe_image_digest_key(slot), digest);
	aim(&limits, slot);
	if (!error)
		error = write_limits(esp, &limits);
	if (error)
		return error;
	tell(context, database, "profile.image_set", "notice", release, NULL);
	error = copy_slot_clear(esp, other_than(slot));
	return error ? error : copy_slot_clear_all(esp);
}

int safe_image_put(const struct context *context, struct database *database, const struct esp *esp,
		   int fd, const struct unified_image *image)
{
	int slot;

	if (!safe_image_has_place(esp))
		return -EEXIST;
	slot = lay(context, database, esp, fd);
	return slot < 0 ? slot :
			  name_it(context, database, esp, (enum copy_slot)slot, image->release);
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

bool safe_image_tell_lost(const struct context *context, struct database *database,
			  const struct daruma_limits *before, const struct daruma_limits *now)
{
	enum copy_slot slot;

	if (!safe_image_is_named(before, &slot) || safe_image_is_named(now, &slot))
		return false;
	tell(context, database, "profile.image_dropped", "warning", "",
	     "the policy says otherwise");
	return true;
}

void safe_image_tell_passed(const struct context *context, struct database *database)
{
	struct daruma_limits limits;
	enum copy_slot slot;
	struct esp esp;

	if (esp_find(context, &esp) != 0 || !limits_file_load(&esp, &limits) ||
	    !safe_image_find(&limits, &slot))
		return;
	message_notice(context,
		       "the owner's image was passed over: this start is of the system itself");
	tell(context, database, "profile.image_passed", "error", "", NULL);
}

/* Why a start of it would be of no use, or must not be: *ret_why, NULL if it may stay. Returns 0, or the errno of a disk that cannot be
 * read: it may be there all the same. */
static int find_reason(const struct esp *esp, const char *floor, enum copy_slot slot,
		       const char **ret_why)
{
	struct unified_image image;
	int error = safe_image_read(esp, slot, &image);

	*ret_why = NULL;
	if (error == -ENOENT || error == -EBADMSG || error == -EFBIG)
		*ret_why = "it is not there any more";
	if (error)
		return *ret_why ? 0 : error;
	if (!image.repairs)
		*ret_why = "it is another program";
	else if (image.state != state_tables_version())
		*ret_why = "it is of another Daruma, and cannot read the state of this one";
	else if (!kernel_floor_allows(floor, image.release))
		*ret_why = "its kernel is older than kernel_floor of the policy";
	unified_image_free(&image);
	return 0;
}

/* As it is named, and the other place empty. */
static int follow_named(const struct context *context, struct database *database,
			const struct esp *esp, const char *floor, enum copy_slot slot)
{
	const char *why;
	int error = find_reason(esp, floor, slot, &why);

	if (error)
		return error;
	return why ? safe_image_drop(context, database, esp, why) :
		     copy_slot_clear(esp, other_than(slot));
}

int safe_image_follow(const struct context *context, struct database *database,
		      const struct policy_file *policy)
{
	struct daruma_limits limits;
	enum copy_slot slot;
	struct esp esp;
	int error = esp_find(context, &esp);

	/* No stage, no limits: nothing is started from there. */
	if (error || !limits_file_load(&esp, &limits))
		return error == -ENOENT ? 0 : error;
	error = safe_image_find(&limits, &slot) ?
			follow_named(context, database, &esp, policy->kernel_floor, slot) :
			copy_slot_clear_images(&esp);
	return error == -EROFS ? 0 : error;
}

int safe_image_drop_useless(const struct context *context, struct database *database)
{
	struct daruma_limits limits;
	const char *why = NULL;
	enum copy_slot slot;
	struct esp esp;
	int error = esp_find(context, &esp);

	if (error || !limits_file_load(&esp, &limits) || !safe_image_find(&limits, &slot))
		return error;
	error = find_reason(&esp, "", slot, &why);
	return why ? safe_image_drop(context, database, &esp, why) : error;
}
