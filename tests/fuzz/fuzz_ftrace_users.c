/* fuzz_ftrace_users.c: any bytes as the list of functions that are traced
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/inventory/ftrace_users.h"
#include "recovery/line_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int take(const char *line, void *user)
{
	return ftrace_users_line(line, user);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct line_reader reader;
	struct text_list users = { 0 };

	reader = (struct line_reader){ .length = 0 };
	if (line_reader_feed(&reader, (const char *)data, size, take, &users) != 0 ||
	    users.count > FTRACE_USERS_MOST)
		abort();
	for (size_t i = 0; i < users.count; i++)
		if (!users.items[i][0] || strpbrk(users.items[i], "[]/. \t"))
			abort();
	text_list_free(&users);
	return 0;
}
