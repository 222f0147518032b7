/* crash_child.h: reads the text of a crash in a process of its own, without privileges
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Crash texts hold what attackers could make the kernel print, so what reads them can do nothing (R30): the child runs as
 * nobody if we are root, cannot gain privileges, open, map or start anything (where the kernel has seccomp: read, write
 * and exit only), holds no descriptors but its input and the pipe for its answer, and ends after some seconds. Its answer
 * is checked before it is believed.
 */
#ifndef DARUMA_RECOVERY_CRASH_CHILD_H
#define DARUMA_RECOVERY_CRASH_CHILD_H

#include <stdbool.h>
#include <stddef.h>

#include "recovery/crash/crash.h"

#define CRASH_INPUT_MAX (64u << 20) /* bytes that are read of one descriptor */

/* A piece of a text. What is deflated is inflated by the child, to at most DEFLATED_TEXT_MAX bytes. */
struct crash_part {
	size_t size; /* bytes as they are stored */
	bool deflated;
};

/* Where the text is: `size` bytes, or with NULL the rest of what `fd` is open for. `parts` follow one another in those
 * bytes, and what is behind them is not read; NULL: all of it is plain. All stays the caller's. */
struct crash_input {
	const void *bytes;
	size_t size;
	const struct crash_part *parts;
	size_t count; /* of `parts` */
	int fd;
};

/* Waits at most `seconds`. Returns 0, -EFBIG (more than CRASH_INPUT_MAX), -ETIMEDOUT, -EIO (the child ended without an
 * answer, or its answer is none), the errno of read(2) such as -EISDIR, or that of pipe(2) or fork(2). */
int crash_child_read(const struct crash_input *input, unsigned seconds, struct crash *ret);

#endif
