/* safe_image_change.h: which image of the owner's safe and rescue starts are of
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * See safe_image.h. What writes the limits or a file here is to be called with limits_lock.h held.
 */
#ifndef DARUMA_RECOVERY_BOOT_SAFE_IMAGE_CHANGE_H
#define DARUMA_RECOVERY_BOOT_SAFE_IMAGE_CHANGE_H

#include <stdbool.h>

#include "policy/limits.h"
#include "recovery/boot/esp.h"
#include "recovery/boot/unified_image.h"
#include "recovery/context.h"
#include "recovery/database.h"
#include "recovery/policy_file.h"

/* Whether an image may be named: the limits on `esp` name no target of the owner's own for the two rungs. */
bool safe_image_has_place(const struct esp *esp);

/* Lays the open image `fd` on the ESP and has the limits name it for both rungs, then deletes the one before. Copies of a kernel
 * (kernel_copy.h) have to go if there is no room beside them, and the one before where there still is none. Writes the
 * event profile.image_set. Returns 0; -ENOENT: there are no sound limits, the stage is not installed; -EEXIST: see
 * safe_image_has_place(); -ENOSPC, -EROFS ...: then the limits may name none. */
int safe_image_put(const struct context *context, struct database *database, const struct esp *esp,
		   int fd, const struct unified_image *image);

/* Has the limits name none, and deletes what is there. Writes the event profile.image_dropped with `why`. Returns 1, 0 (there was
 * none) or a negative errno. */
int safe_image_drop(const struct context *context, struct database *database, const struct esp *esp,
		    const char *why);

/* Takes the image on `esp` out of `limits`, which are going to be written, where its kernel is older than `floor` (R32). Returns
 * whether it was. */
bool safe_image_obey(const struct esp *esp, const char *floor, struct daruma_limits *limits);

/* The limits were `before` and are `now`: where only those before name an image for both rungs, that is told. `database` may be
 * NULL. Returns whether it was. */
bool safe_image_tell_lost(const struct context *context, struct database *database,
			  const struct daruma_limits *before, const struct daruma_limits *now);

/* To be called in a safe or rescue start of the system itself: where the limits name an image for it, that was passed over. Writes
 * the event profile.image_passed, and says so. */
void safe_image_tell_passed(const struct context *context, struct database *database);

/* Into `limits`, which are going to be written: what those on `esp` name of an image, where `limits` name no target. */
void safe_image_keep(const struct esp *esp, struct daruma_limits *limits);

/* To be called while failures are open: the part of safe_image_follow() that drops an image whose start would repair nothing, before
 * one comes. Returns as that. */
int safe_image_drop_useless(const struct context *context, struct database *database);

/* To be called in a good start: drops an image below the floor of the policy, one that is gone, and one that cannot read the state
 * of this Daruma, as a start of it could repair nothing; deletes one that the limits do not name. Returns 1 if the limits changed, 0 if not, or a negative errno. */
int safe_image_follow(const struct context *context, struct database *database,
		      const struct policy_file *policy);

#endif
