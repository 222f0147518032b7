/* variable_table.h: the firmware's global variables, in memory
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A port for what reads and writes Boot#### and the boot order. Only BOOT_ORDER_GLOBAL_GUID and its attributes are let in.
 */
#ifndef DARUMA_TESTS_VARIABLE_TABLE_H
#define DARUMA_TESTS_VARIABLE_TABLE_H

#include "recovery/boot/variables.h"

struct variable_table_entry {
	char name[32];
	uint8_t bytes[512];
	size_t size;
	bool used;
};

extern const struct variables variable_table;
extern unsigned variable_table_writes; /* and removals, so far */

void variable_table_clear(void);

/* NULL: there is none of this name. */
struct variable_table_entry *variable_table_find(const char *name);

#endif
