/* story.h: what happened, in plain words
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_COMMANDS_STORY_H
#define DARUMA_RECOVERY_COMMANDS_STORY_H

#include "recovery/boot/past_boot.h"
#include "recovery/context.h"
#include "recovery/incident.h"
#include "recovery/text_list.h"

/* Sentences, in the order to be read. Return 0 or -ENOMEM. */
int story_of_incident(const struct context *context, const struct incident *incident,
		      struct text_list *ret);

/* `verdict` is that of verdict_view.h about this boot, or NULL; `changes` and `actions` are the lists of rows.h for it. */
int story_of_boot(const struct context *context, const struct past_boot *boot,
		  const struct json *verdict, const struct json *changes,
		  const struct json *actions, struct text_list *ret);

#endif
