/* fact_command_line.c: with what the kernel was started
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <string.h>

#include "recovery/cleanup.h"
#include "recovery/inventory/fact_kinds.h"
#include "recovery/system_file.h"

#define LINE_MAX_BYTES 65536 /* architectures allow up to 4096 */

int fact_command_line_read(const struct context *context, const char *kind, struct fact_list *ret)
{
	owned char *text = NULL;
	size_t length;
	int error = system_read(context, "/proc/cmdline", LINE_MAX_BYTES, &text, &length);

	if (error)
		return error;
	text[strcspn(text, "\n")] = 0;
	return fact_list_add(ret, kind, "text", text);
}
