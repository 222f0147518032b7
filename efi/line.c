/* line.c: a line of text for the console, put together from pieces
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "efi/line.h"

#include "efi/text.h"

#define END "\r\n"

/* The end of the line always fits. */
void line_add(struct line *line, const char *text)
{
	line->length += text_widen(text, line->text + line->length,
				   LINE_SIZE + 1 - sizeof(END) - line->length);
}

void line_add_number(struct line *line, uint32_t number)
{
	char digits[11] = { 0 };
	unsigned at = 10;

	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	line_add(line, digits + at);
}

void line_print(const struct firmware *firmware, struct line *line)
{
	text_widen(END, line->text + line->length, LINE_SIZE - line->length);
	if (firmware->console)
		firmware->console->OutputString(firmware->console, line->text);
	line->length = 0;
}
