/* file_lock.c: waiting for a lock that another process holds, for so long and no longer
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/file_lock.h"

#include <errno.h>
#include <sys/file.h>
#include <time.h>

#define STEP_NANOSECONDS 20000000
#define STEPS_PER_SECOND (1000000000 / STEP_NANOSECONDS)

/* An alarm would end a wait that blocks, and belongs to the whole process: it looks now and then instead. */
int file_lock_wait(int fd, unsigned seconds)
{
	const struct timespec step = { .tv_nsec = STEP_NANOSECONDS };

	for (unsigned i = 0; i < seconds * STEPS_PER_SECOND; i++) {
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			return 0;
		if (errno != EWOULDBLOCK && errno != EINTR)
			return -errno;
		nanosleep(&step, NULL);
	}
	return -ETIMEDOUT;
}
