/* fuzz_fstab.c: any bytes as an fstab
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/early/fstab.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* All that the mounting relies on. */
static void hold_to_contract(const struct fstab_mount *mount)
{
	if (mount->folder[0] != '/' || strcmp(mount->folder, "/") == 0 || mount->source[0] != '/' ||
	    strstr(mount->folder, "/../") || mount->type[0] == '\0')
		abort();
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
		if (i > 0 && strcmp(fstab.mounts[i - 1].folder, fstab.mounts[i].folder) > 0)
			abort();
	}
	return 0;
}
