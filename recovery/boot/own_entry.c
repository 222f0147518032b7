/* own_entry.c: what our own boot entry looks like on this machine
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/own_entry.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "policy/bytes.h"
#include "recovery/boot/limits_file.h"
#include "recovery/cleanup.h"
#include "recovery/state.h"

/* "" is left out, and so is the blank before it. Returns whether all of it fits. */
static bool print_options(const char *program, const char *normal, char ret[DARUMA_OPTIONS_SIZE])
{
	return snprintf(ret, DARUMA_OPTIONS_SIZE, "%s%s%s", program,
			program[0] && normal[0] ? " " : "", normal) < DARUMA_OPTIONS_SIZE;
}

int own_entry_make(const struct esp *esp, const char *program, const char *shim, const char *normal,
		   struct boot_entry *ret)
{
	struct boot_entry entry = { .active = true, .description = BOOT_ENTRY_DESCRIPTION };

	if (!esp->identified || esp->partition == 0)
		return -ENODEV;
	entry.has_partition = true;
	entry.partition = esp->partition;
	entry.start = esp->start;
	entry.size = esp->size;
	daruma_copy(entry.guid, esp->guid, DARUMA_GUID_SIZE);
	snprintf(entry.path, sizeof(entry.path), "%s", shim[0] ? shim : program);
	if (!print_options(shim[0] ? program : "", normal, entry.options))
		return -E2BIG;
	*ret = entry;
	return 0;
}

int own_entry_describe(const struct context *context, struct database *database,
		       struct boot_entry *ret)
{
	struct daruma_limits limits;
	struct esp esp;
	owned char *shim = NULL;
	int error = esp_find(context, &esp);

	if (!error && !limits_file_load(&esp, &limits))
		error = -ENOENT;
	if (!error)
		error = state_get_text(database, OWN_ENTRY_SHIM_KEY, &shim);
	return error ? error :
		       own_entry_make(&esp, DARUMA_ESP_PROGRAM, shim ? shim : "",
				      limits.normal.path, ret);
}

void own_entry_set_program(struct boot_entry *entry, const char *program)
{
	const char *present = boot_entry_program(entry);
	char normal[DARUMA_OPTIONS_SIZE] = "";

	if (present == entry->path) {
		snprintf(entry->path, sizeof(entry->path), "%s", program);
		return;
	}
	/* What stands behind the first word and its blank. */
	if (entry->options[strlen(present)])
		snprintf(normal, sizeof(normal), "%s", entry->options + strlen(present) + 1);
	print_options(program, normal, entry->options);
}
