/* file_lock.h: waiting for a lock that another process holds, for so long and no longer
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_FILE_LOCK_H
#define DARUMA_RECOVERY_FILE_LOCK_H

/* Waits until nobody else has the file or folder `fd` locked (flock(2)), and keeps it alone until `fd` is closed. Returns 0;
 * -ETIMEDOUT after `seconds`; or another negative errno. */
int file_lock_wait(int fd, unsigned seconds);

#endif
