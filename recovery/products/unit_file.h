/* unit_file.h: the unit files of this machine, and the programs they start
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_PRODUCTS_UNIT_FILE_H
#define DARUMA_RECOVERY_PRODUCTS_UNIT_FILE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "recovery/context.h"
#include "recovery/text_list.h"

/* The file of the unit `name` (a plain name, without '/') below context->root, in one of the folders of systemd.unit(5), or
 * the script in /etc/init.d that systemd makes a service of. A link to /dev/null is no file: it is how a unit is masked.
 * False if there is none. */
bool unit_file_find(const struct context *context, const char *name, char ret_path[PATH_MAX]);

/* One program that a service starts. */
struct unit_start {
	char *unit;    /* path of the unit file */
	char *program; /* absolute */
};

struct unit_start_list {
	struct unit_start *items;
	size_t count;
};

/* The programs in ExecStart= of all services below context->root. Files that cannot be read or are over 64 KiB are passed
 * over. Returns 0 or -ENOMEM. */
int unit_starts_load(const struct context *context, struct unit_start_list *ret);

/* Adds the absolute programs in ExecStart= of the text of one unit file. Other programs, and what is no such text, are
 * passed over. Returns 0 or -ENOMEM. */
int unit_file_programs(const char *text, struct text_list *ret);

/* Frees what is inside and empties the list; NULL is accepted. */
void unit_starts_free(struct unit_start_list *list);

#endif
