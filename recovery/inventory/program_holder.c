/* program_holder.c: who had an eBPF program open, as a fact tells it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/program_holder.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define UNKNOWN "-"

bool program_tag_is_at(const char *text)
{
	return strspn(text, "0123456789abcdef") == PROGRAM_TAG_SIZE - 1;
}

static const char *word_of(const char *text)
{
	return text[0] ? text : UNKNOWN;
}

void program_holder_write(const struct program_holder *holder, char ret[PROGRAM_HOLDER_SIZE])
{
	snprintf(ret, PROGRAM_HOLDER_SIZE, "%s %s %s", holder->tag, word_of(holder->unit),
		 word_of(holder->executable));
}

/* The `length` bytes at `text`, or "" for what is not known. */
static bool copy(const char *text, size_t length, char *ret, size_t size)
{
	if (length == 0 || length >= size)
		return false;
	memcpy(ret, text, length);
	ret[length] = 0;
	if (strcmp(ret, UNKNOWN) == 0)
		ret[0] = 0;
	return true;
}

bool program_holder_read(const char *text, struct program_holder *ret)
{
	struct program_holder holder;
	size_t length;

	if (!program_tag_is_at(text) || text[PROGRAM_TAG_SIZE - 1] != ' ' ||
	    !copy(text, PROGRAM_TAG_SIZE - 1, holder.tag, sizeof(holder.tag)))
		return false;
	text += PROGRAM_TAG_SIZE;
	length = strcspn(text, " ");
	if (text[length] != ' ' || !copy(text, length, holder.unit, sizeof(holder.unit)))
		return false;
	text += length + 1;
	if (!copy(text, strlen(text), holder.executable, sizeof(holder.executable)) ||
	    (holder.executable[0] && holder.executable[0] != '/'))
		return false;
	*ret = holder;
	return true;
}
