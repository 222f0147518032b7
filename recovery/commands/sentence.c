/* sentence.c: sentences of a story
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/commands/sentence.h"

#include <stdarg.h>
#include <stdio.h>

void story_tell(struct story *story, const char *text, ...)
{
	char sentence[1024];
	va_list values;

	va_start(values, text);
	vsnprintf(sentence, sizeof(sentence), text, values);
	va_end(values);
	if (!story->error)
		story->error = text_list_add(story->sentences, sentence);
}

const char *story_text(const struct json *row, const char *key)
{
	const char *text = json_string(json_get(row, key));

	return text ? text : "unknown";
}
