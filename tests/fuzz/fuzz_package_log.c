/* fuzz_package_log.c: any bytes as the log of a package manager
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/line_reader.h"
#include "recovery/products/package_log.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum package_manager manager;

static int take_line(const char *line, void *user)
{
	package_log_line(manager, "acme-sensor", line, user);
	return 0;
}

/* Nothing that a terminal or another program would take for more than a version. */
static void check_version(const char *text)
{
	if (!memchr(text, '\0', PACKAGE_VERSION_SIZE) ||
	    text[strspn(text, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			      ".+-~:^_")])
		abort();
}

/* The first byte says whose log it is. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct package_transition transition = { .time = 0 };
	struct line_reader reader;

	if (size == 0)
		return 0;
	memset(&reader, 0, sizeof(reader));
	manager = data[0] == 'r' ? PACKAGE_RPM : PACKAGE_DPKG;
	line_reader_feed(&reader, (const char *)data + 1, size - 1, take_line, &transition);
	check_version(transition.before);
	check_version(transition.after);
	return 0;
}
