/* module_path.h: what the path of a kernel module's file says
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Pure. "/usr/lib/modules/6.1.0-1-amd64/updates/acme-sensor.ko.xz" is acme_sensor of the kernel 6.1.0-1-amd64.
 */
#ifndef DARUMA_RECOVERY_INVENTORY_MODULE_PATH_H
#define DARUMA_RECOVERY_INVENTORY_MODULE_PATH_H

#include <limits.h>
#include <stdbool.h>

/* The kernel's name of the module in a file of that name, with or without folders: what stands before ".ko", with
 * underscores. False: it is no such name, and `ret` is "". */
bool module_path_name(const char *path, char ret[NAME_MAX + 1]);

/* The release of the kernel that the file is for: it lies in a folder of /lib/modules, or of /usr/lib/modules.
 * False: it does not, and `ret` is "". */
bool module_path_kernel(const char *path, char ret[NAME_MAX + 1]);

/* Whether the file lies where the package of its kernel puts modules, in the folder "kernel" of that; who else brings
 * some uses updates, extra, dkms and the like (Linux Documentation/kbuild/modules.rst, depmod.d(5)). */
bool module_path_is_kernels(const char *path);

#endif
