/* kernel_floor.c: kernels that may not be started again, as good as they once were (R32)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/kernel_floor.h"

#include <ctype.h>
#include <string.h>

bool kernel_floor_allows(const char *floor, const char *release)
{
	size_t length = strlen(floor);

	/* Behind the numbers stands what kind of kernel it is; a candidate for a release comes before that. */
	if (strncmp(floor, release, length) == 0)
		return release[length] != '~' && strncmp(release + length, "-rc", 3) != 0;
	return strverscmp(release, floor) >= 0;
}

bool kernel_floor_is_release(const char *text)
{
	for (const char *at = text; *at; at++)
		if (!isascii((unsigned char)*at) ||
		    (!isalnum((unsigned char)*at) && !strchr("._+~-", *at)))
			return false;
	return text[0] && text[0] != '.' && strlen(text) < KERNEL_RELEASE_SIZE;
}
