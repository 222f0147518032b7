/* confirm.c: asking before something is changed
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/commands/confirm.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

bool confirm(const struct context *context, const char *question, ...)
{
	char answer[8] = "";
	va_list values;

	if (context->assume_yes || context->dry_run || !isatty(STDIN_FILENO))
		return true;
	va_start(values, question);
	vfprintf(stderr, question, values);
	va_end(values);
	fputs(" [y/N] ", stderr);
	return fgets(answer, sizeof(answer), stdin) && (answer[0] == 'y' || answer[0] == 'Y');
}
