/* administrators.h: the local users who may become root anyway
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Members of the groups sudo and wheel by group(5) and passwd(5): a generator can ask no name service, so the accounts
 * of a domain are unknown here.
 */
#ifndef DARUMA_RECOVERY_EARLY_ADMINISTRATORS_H
#define DARUMA_RECOVERY_EARLY_ADMINISTRATORS_H

#include <stddef.h>
#include <stdint.h>

#define ADMINISTRATORS_MOST 64

struct administrators {
	uint32_t users[ADMINISTRATORS_MOST]; /* numbers, never 0 */
	size_t count;
};

/* Reads both texts. Lines that are none, members without a line in `passwd`, and who comes after the 64th are passed
 * over; of two lines for one group the first counts, and of a group's members the first 4096 bytes. Pure. */
void administrators_parse(const char *group, const char *passwd, struct administrators *ret);

/* Reads `group` and `passwd` in `folder`. Nobody is found where one of them is absent, unreadable or over 1 MiB. */
void administrators_read(const char *folder, struct administrators *ret);

#endif
