/* own_entry.c: what our own boot entry looks like on this machine
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/own_entry.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "policy/bytes.h"
#include "policy/limits.h"
#include "recovery/cleanup.h"
#include "recovery/system_file.h"

static const char *const copies[] = { "limits.bin", "limits.bak" };

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

/* The normal target that the stage would use. */
static int read_normal(const struct esp *esp, char ret[DARUMA_PATH_SIZE])
{
	int error = -ENOENT;

	for (size_t i = 0; error && i < sizeof(copies) / sizeof(copies[0]); i++) {
		struct daruma_limits limits;
		char path[PATH_MAX];
		owned char *bytes = NULL;
		size_t size;

		if (snprintf(path, sizeof(path), "%s/EFI/daruma/%s", esp->path, copies[i]) >=
		    (int)sizeof(path))
			return -ENAMETOOLONG;
		error = system_read_named(path, DARUMA_LIMITS_SIZE, &bytes, &size);
		if (!error && daruma_limits_decode((const uint8_t *)bytes, size, esp->guid,
						   &limits) != DARUMA_STATE_VALID)
			error = -EBADMSG;
		if (!error)
			memcpy(ret, limits.normal.path, DARUMA_PATH_SIZE);
	}
	return error;
}

int own_entry_describe(const struct context *context, struct boot_entry *ret)
{
	char normal[DARUMA_PATH_SIZE];
	struct esp esp;
	int error = esp_find(context, &esp);

	if (!error)
		error = read_normal(&esp, normal);
	return error ? error : own_entry_make(&esp, normal, ret);
}
