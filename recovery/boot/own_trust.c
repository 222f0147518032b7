/* own_trust.c: whether our boot entry can be started without a person
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/own_trust.h"

#include <errno.h>

#include "recovery/boot/install.h"
#include "recovery/boot/shim_trust.h"
#include "recovery/boot/stage_file.h"
#include "recovery/cleanup.h"

int own_trust_may_come_first(const struct variables *variables, const struct esp *esp,
			     const struct boot_entry *ours)
{
	owned char *bytes = NULL;
	size_t size;
	int error;

	if (boot_entry_program(ours) == ours->path || !install_secure_boot(variables))
		return 1;
	error = stage_file_read(esp, STAGE_FILE_PROGRAM, &bytes, &size);
	if (error)
		return error == -ENOENT ? 1 : error;
	return shim_trust_look(variables, (const uint8_t *)bytes, size) == SHIM_TRUST_KNOWN;
}
