/* own_trust.c: whether our boot entry can be started without a person
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/own_trust.h"

#include <errno.h>

#include "recovery/boot/boot_order.h"
#include "recovery/boot/shim_trust.h"
#include "recovery/boot/stage_file.h"
#include "recovery/cleanup.h"

bool own_trust_secure_boot(const struct variables *variables)
{
	uint8_t value[1];
	uint32_t attributes;
	size_t size;

	return variables &&
	       variables->read(BOOT_ORDER_GLOBAL_GUID, "SecureBoot", value, sizeof(value), &size,
			       &attributes) == 0 &&
	       size == 1 && value[0] == 1;
}

int own_trust_may_come_first(const struct variables *variables, const struct esp *esp,
			     const struct boot_entry *ours)
{
	owned char *bytes = NULL;
	size_t size;
	int error;

	if (boot_entry_program(ours) == ours->path || !own_trust_secure_boot(variables))
		return 1;
	error = stage_file_read(esp, STAGE_FILE_PROGRAM, &bytes, &size);
	if (error)
		return error == -ENOENT ? 1 : error;
	return shim_trust_look(variables, (const uint8_t *)bytes, size) == SHIM_TRUST_KNOWN;
}
