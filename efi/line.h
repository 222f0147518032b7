/* line.h: a line of text for the console, put together from pieces
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_EFI_LINE_H
#define DARUMA_EFI_LINE_H

#include "efi/firmware.h"

#include <stddef.h>
#include <stdint.h>

#define LINE_SIZE 128

/* Zeroes are an empty line. */
struct line {
	CHAR16 text[LINE_SIZE];
	size_t length;
};

/* Adds text to the end. What does not fit is cut off. */
void line_add(struct line *line, const char *text);
void line_add_number(struct line *line, uint32_t number);

/* Prints the line and its end, and makes it empty. Without a console nothing is printed. */
void line_print(const struct firmware *firmware, struct line *line);

#endif
