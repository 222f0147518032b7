/* memory.h: the functions that the compiler calls by itself (C11 7.24)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Nothing here is called by name: copies and fills in the sources are assignments and
 * policy/bytes.h.
 */
#ifndef DARUMA_EFI_MEMORY_H
#define DARUMA_EFI_MEMORY_H

#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t size);
void *memset(void *at, int value, size_t size);

#endif
