/* program_holder.h: who had an eBPF program open, as a fact tells it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The name of a fact of this kind is "tag unit executable", with "-" for what is not known. Programs are known by their tag,
 * a digest of the instructions: their names are chosen by who loads them, and any process may take any.
 */
#ifndef DARUMA_RECOVERY_INVENTORY_PROGRAM_HOLDER_H
#define DARUMA_RECOVERY_INVENTORY_PROGRAM_HOLDER_H

#include <stdbool.h>

#include "recovery/inventory/cgroup_unit.h"

#define PROGRAM_HOLDER_KIND	"program-holder"
#define PROGRAM_TAG_SIZE	17 /* BPF_TAG_SIZE bytes (linux/bpf.h) as hex digits, and the NUL */
#define PROGRAM_EXECUTABLE_SIZE 1024
/* Names of facts, one a line: those that fit */
#define PROGRAM_HOLDERS_SIZE (4 * PROGRAM_HOLDER_SIZE)
#define PROGRAM_HOLDER_SIZE  (PROGRAM_TAG_SIZE + CGROUP_UNIT_SIZE + PROGRAM_EXECUTABLE_SIZE)

struct program_holder {
	char tag[PROGRAM_TAG_SIZE];
	char unit[CGROUP_UNIT_SIZE];		  /* "" in none */
	char executable[PROGRAM_EXECUTABLE_SIZE]; /* absolute path; "" not known */
};

/* Whether `text` begins with a tag, in lower case, and no more hex digits. */
bool program_tag_is_at(const char *text);

void program_holder_write(const struct program_holder *holder, char ret[PROGRAM_HOLDER_SIZE]);

/* Returns whether `text` is one; `ret` is set then. */
bool program_holder_read(const char *text, struct program_holder *ret);

#endif
