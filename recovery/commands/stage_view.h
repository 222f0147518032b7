/* stage_view.h: what the firmware stage and this start look like from here
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_COMMANDS_STAGE_VIEW_H
#define DARUMA_RECOVERY_COMMANDS_STAGE_VIEW_H

#include <stdbool.h>

#include "policy/answer.h"
#include "policy/note.h"
#include "recovery/boot/firmware.h"
#include "recovery/boot/safe_image.h"
#include "recovery/context.h"
#include "recovery/json.h"

struct stage_view {
	int error;	  /* of firmware_read_note(): 0 if there is a note */
	const char *word; /* active, bypassed, unreachable, damaged, ambiguous */
	struct daruma_note note;
	char id[FIRMWARE_ID_SIZE];
	char boot_id[33]; /* "" without a note */
	enum daruma_state answer_state;
	struct daruma_answer answer; /* of this start; zero otherwise */
	bool answered;		     /* the stored answer is for this start */
};

void stage_view_take(const struct context *context, struct stage_view *ret);

/* What safe and rescue starts are of on this machine. */
enum safe_image_state stage_view_safe_image(const struct context *context,
					    const struct stage_view *view);

/* good, clean, hibernated or unanswered. */
const char *stage_view_health(const struct stage_view *view);

/* The sentence of a reason, for people: "crashes reached the limit, and a changed product was named". */
const char *stage_view_reason(enum daruma_reason reason);

/* The sentence of an ending: "a kernel panic". */
const char *stage_view_ending(enum daruma_ending ending);

/* The sentence of trouble number `bit` (0 to 31), or NULL. */
const char *stage_view_trouble(unsigned bit);

#endif
