/* crash_text.c: the text of a crash, wherever it was found
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/crash_text.h"

#include <stdlib.h>

const char *crash_source_name(enum crash_source source)
{
	static const char *const names[] = {
		[CRASH_SOURCE_PSTORE] = "pstore",
		[CRASH_SOURCE_KDUMP] = "kdump",
		[CRASH_SOURCE_JOURNAL] = "journal",
	};

	return (unsigned)source < CRASH_SOURCES ? names[source] : "unknown";
}

int crash_text_read(const struct crash_text *text, unsigned seconds, struct crash *ret)
{
	const struct crash_input input = { .bytes = text->text,
					   .size = text->size,
					   .parts = text->parts,
					   .count = text->parts_count,
					   .fd = -1 };

	return crash_child_read(&input, seconds, ret);
}

void crash_text_free(struct crash_text *text)
{
	if (!text)
		return;
	free(text->text);
	free(text->parts);
	*text = (struct crash_text){ 0 };
}
