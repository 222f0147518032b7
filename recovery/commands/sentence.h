/* sentence.h: sentences of a story
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_COMMANDS_SENTENCE_H
#define DARUMA_RECOVERY_COMMANDS_SENTENCE_H

#include "recovery/context.h"
#include "recovery/json.h"
#include "recovery/text_list.h"

/* The first error is kept, so that a story is told without a check after each sentence. */
struct story {
	const struct context *context;
	struct text_list *sentences;
	int error; /* 0 or -ENOMEM */
};

/* Adds one sentence; what is longer than 1023 bytes is cut. */
void story_tell(struct story *story, const char *text, ...) __attribute__((format(printf, 2, 3)));

/* The text member `key` of `row`, or "unknown". */
const char *story_text(const struct json *row, const char *key);

#endif
