/* scratch.h: a fresh folder for one test
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_TESTS_SCRATCH_H
#define DARUMA_TESTS_SCRATCH_H

#include <stddef.h>

/* Makes a folder below /tmp and returns its path, which stays valid until the next call. Check runs each test in a process
 * of its own, and the folder goes with scratch_remove(). */
const char *scratch_make(void);
void scratch_remove(void);

/* The same with a folder of that name; what a test that failed left there goes first. */
void scratch_use(const char *path);

/* Writes `size` bytes to `name` inside, making the folders on the way. */
void scratch_write(const char *name, const void *bytes, size_t size);

#endif
