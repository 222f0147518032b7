/* package_lock.c: keeping dpkg and its frontends from working at the same time
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/products/package_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

int package_lock_take(const char *path)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK);
	int error;

	if (fd < 0)
		return -errno;
	if (fcntl(fd, F_SETLK, &whole) == 0)
		return fd;
	error = errno;
	close(fd);
	return error == EAGAIN || error == EACCES ? -EINPROGRESS : -error;
}

int package_lock_of_machine(void)
{
	/* Set by frontends for what they start (dpkg(1)). */
	return getenv("DPKG_FRONTEND_LOCKED") ? -EALREADY : package_lock_take(PACKAGE_LOCK_FILE);
}
