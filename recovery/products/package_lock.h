/* package_lock.h: keeping dpkg and its frontends from working at the same time
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * apt, unattended-upgrades and dpkg hold a write lock (fcntl(2)) on the file all the time they work. A package may run
 * update-initramfs, which knows no lock: two of them write the same initrd.img-*.new.
 */
#ifndef DARUMA_RECOVERY_PRODUCTS_PACKAGE_LOCK_H
#define DARUMA_RECOVERY_PRODUCTS_PACKAGE_LOCK_H

#define PACKAGE_LOCK_FILE "/var/lib/dpkg/lock-frontend"

/* Takes the lock on the file `path` without waiting. Returns a descriptor that holds it until it is closed, -EINPROGRESS
 * (another process has it), -ENOENT (no dpkg here) or another negative errno. */
int package_lock_take(const char *path);

/* The same for PACKAGE_LOCK_FILE; -EALREADY where dpkg itself, or apt, started this process and holds it for it. */
int package_lock_of_machine(void);

#endif
