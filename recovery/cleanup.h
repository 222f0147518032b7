/* cleanup.h: variables that release what they hold when they leave their scope
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_CLEANUP_H
#define DARUMA_RECOVERY_CLEANUP_H

#include <stdlib.h>
#include <unistd.h>

static inline void cleanup_memory(void *at)
{
	free(*(void **)at);
}

static inline void cleanup_descriptor(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

/* `owned char *text = NULL;` is freed, `owned_descriptor int fd = -1;` is closed. */
#define owned		 __attribute__((cleanup(cleanup_memory)))
#define owned_descriptor __attribute__((cleanup(cleanup_descriptor)))

#endif
