/* fuzz_fstab.c: any bytes as an fstab
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>

#include "recovery/early/fstab.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* All that the mounting relies on. */
static void hold_to_contract(const struct fstab_mount *mount)
{
	if (mount->folder[0] != '/' || strcmp(mount->folder, "/") == 0 || mount->source[0] != '/' ||
	    strstr(mount->folder, "/../") || mount->type[0] == '\0')
		abort();
}

static int is_in_order(const struct fstab_mount *one, const struct fstab_mount *next)
{
	return (one->flags & MS_BIND) < (next->flags & MS_BIND) ||
	       ((one->flags & MS_BIND) == (next->flags & MS_BIND) &&
		strcmp(one->folder, next->folder) <= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fstab fstab;

	if (fstab_read((const char *)data, size, &fstab) != 0)
		return 0;
	if (fstab.count > FSTAB_MAX)
		abort();
	for (size_t i = 0; i < fstab.count; i++) {
		hold_to_contract(&fstab.mounts[i]);
		if (i > 0 && !is_in_order(&fstab.mounts[i - 1], &fstab.mounts[i]))
			abort();
	}
	return 0;
}
