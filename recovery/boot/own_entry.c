/* own_entry.c: what our own boot entry looks like on this machine
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/own_entry.h"

#include <errno.h>
#include <stdio.h>

#include "policy/bytes.h"
#include "recovery/boot/limits_file.h"

int own_entry_make(const struct esp *esp, const char *normal, struct boot_entry *ret)
{
	struct boot_entry entry = { .active = true, .description = BOOT_ENTRY_DESCRIPTION };

	if (!esp->identified || esp->partition == 0)
		return -ENODEV;
	entry.has_partition = true;
	entry.partition = esp->partition;
	entry.start = esp->start;
	entry.size = esp->size;
	daruma_copy(entry.guid, esp->guid, DARUMA_GUID_SIZE);
	snprintf(entry.path, sizeof(entry.path), "%s", DARUMA_ESP_PROGRAM);
	snprintf(entry.options, sizeof(entry.options), "%s", normal);
	*ret = entry;
	return 0;
}

int own_entry_describe(const struct context *context, struct boot_entry *ret)
{
	struct daruma_limits limits;
	struct esp esp;
	int error = esp_find(context, &esp);

	if (error)
		return error;
	if (!limits_file_load(&esp, &limits))
		return -ENOENT;
	return own_entry_make(&esp, limits.normal.path, ret);
}
