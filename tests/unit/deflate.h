/* deflate.h: a text compressed as pstore compresses it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_TESTS_DEFLATE_H
#define DARUMA_TESTS_DEFLATE_H

#include <stddef.h>

/* Raw deflate with a window of 2^`window` bytes: 11 and 15 are the kernel's. Returns the bytes written to `to`, which must
 * have room for all of them. */
size_t deflate_as_pstore(const void *text, size_t size, int window, void *to, size_t room);

#endif
