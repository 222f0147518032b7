/* memory.c: the functions that the compiler calls by itself; there is no C library here
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The empty assembler statement keeps the compiler from seeing a copying or filling loop and
 * turning it into a call of the very function it stands in.
 */
#include "efi/memory.h"

void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
	unsigned char *target = to;
	const unsigned char *source = from;

	while (size-- > 0) {
		*target++ = *source++;
		__asm__ volatile("" ::: "memory");
	}
	return to;
}

void *memset(void *at, int value, size_t size)
{
	unsigned char *target = at;

	while (size-- > 0) {
		*target++ = (unsigned char)value;
		__asm__ volatile("" ::: "memory");
	}
	return at;
}
