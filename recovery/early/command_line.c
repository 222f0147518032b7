/* command_line.c: what the kernel command line says to Daruma
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/early/command_line.h"

#include <stdio.h>
#include <string.h>

#define COMMAND_LINE_MAX 4096 /* x86 and arm64 take 2048 */

static bool has_word(const char *path, const char *wanted)
{
	char text[COMMAND_LINE_MAX];
	FILE *file = fopen(path, "re");
	char *rest = NULL;
	size_t size;

	if (!file)
		return false;
	size = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	text[size] = '\0';
	for (char *word = strtok_r(text, " \t\n", &rest); word;
	     word = strtok_r(NULL, " \t\n", &rest)) {
		if (strcmp(word, wanted) == 0)
			return true;
	}
	return false;
}

bool command_line_says_off(const char *path)
{
	return has_word(path, "daruma=off");
}

bool command_line_says_image(const char *path)
{
	return has_word(path, COMMAND_LINE_IMAGE);
}
