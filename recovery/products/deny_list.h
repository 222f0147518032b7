/* deny_list.h: what no policy and no product file can set aside (R14)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Kernel, init, LSMs, audit, firewall, disk encryption, package manager, remote access, and Daruma itself.
 */
#ifndef DARUMA_RECOVERY_PRODUCTS_DENY_LIST_H
#define DARUMA_RECOVERY_PRODUCTS_DENY_LIST_H

#include <stdbool.h>

bool deny_list_has_unit(const char *name);
bool deny_list_has_package(const char *name);

/* `name` may be a pattern of a product file, the beginning of names with a '*' behind it: refused if it could mean a
 * protected module. */
bool deny_list_has_module(const char *name);

/* `path` is absolute and without "//", "." and "..". Refused: a protected file or folder, anything below one, anything
 * that contains one, and folders that many packages share. */
bool deny_list_has_path(const char *path);

#endif
