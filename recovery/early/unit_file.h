/* unit_file.h: the two facts about a unit file that decide whether it can wait for the guard
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_EARLY_UNIT_FILE_H
#define DARUMA_RECOVERY_EARLY_UNIT_FILE_H

#include <stdbool.h>
#include <stddef.h>

struct unit_file {
	bool default_dependencies; /* false: DefaultDependencies=no, so it may start before sysinit.target */
	bool before_early; /* Before= names something the guard may itself wait for: waiting could close a cycle */
};

/* Reads `text` in unit file syntax over what `unit` says already (drop-ins come after the file). */
void unit_file_parse(const char *text, size_t size, struct unit_file *unit);

/* Reads the unit `name` and its drop-ins from `folders` (first folder that has the file; NULL ends). At most 64 KiB
 * each. Returns 0, -ENOENT, or the errno of reading. */
int unit_file_read(const char *const *folders, const char *name, struct unit_file *ret);

#endif
