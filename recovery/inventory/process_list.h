/* process_list.h: the processes there are, and whose each is
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_INVENTORY_PROCESS_LIST_H
#define DARUMA_RECOVERY_INVENTORY_PROCESS_LIST_H

#include <stddef.h>
#include <sys/types.h>

struct process_entry {
	unsigned long number;
	uid_t user; /* the one who started it, whatever rights the program has */
};

/* By user, root first, and then by number. */
struct process_list {
	struct process_entry *items;
	size_t count;
};

/* Reads the open folder /proc, as it is at some instant of the reading. Returns 0, -ENOMEM, or the errno of reading it. */
int process_list_read(int proc, struct process_list *ret);

/* Frees what is inside and empties the list. */
void process_list_free(struct process_list *list);

#endif
