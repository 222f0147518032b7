/* safe_path.h: opening paths of products without being led elsewhere
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Everything is opened relative to a descriptor, with openat2(2) where the kernel has it. Links of every kind, leaving
 * the folder and mount crossings below a product's folder are refused (R24). Errors are those of openat2(2): -ELOOP a
 * link, -EXDEV a mount crossing or the way out.
 */
#ifndef DARUMA_RECOVERY_SAFE_PATH_H
#define DARUMA_RECOVERY_SAFE_PATH_H

#include <limits.h>
#include <stdbool.h>

#include "recovery/context.h"

/* Whether `path` is absolute and has no empty part, "." or "..", and no slash at its end ("/" itself is plain). */
bool safe_path_is_plain(const char *path);

/* The one form in which paths enter the inventory. On systems where /bin, /lib, /lib64 or /sbin is a link into /usr, or not
 * there, it is the path below /usr. Where another first part is a link in the root folder, which only root can make (/opt to
 * var/opt on image based systems, or to a larger disk), it is the path that the link leads to, unless that is protected
 * (deny_list.h). No other link is ever followed. Returns 0, -EINVAL (not plain) or -ENAMETOOLONG. */
int safe_path_canonical(const struct context *context, const char *path, char ret_path[PATH_MAX]);

/* Whether the plain `path` is protected on this machine (R14, R29): by deny_list.h, or under a name that a link in the root
 * folder gives it, as that link itself says. Where /var leads to /data/var, /data/var/lib/dpkg is as protected as
 * /var/lib/dpkg. Without a root folder to read only the list counts. */
bool safe_path_is_protected(const struct context *context, const char *path);

/* Whether a link keeps us from `path` all the same: nobody looks at what is there. */
bool safe_path_is_behind_link(const struct context *context, const char *path);

/* `path` without its "/usr" where merged systems have one folder under two names (/bin and /usr/bin, ...), else `path`.
 * Points into `path`. Pure: for questions about product files, which are not about one machine. */
const char *safe_path_without_usr(const char *path);

/* `path` relative to `folder`: "" for the folder itself, NULL if it is not below it. Points into `path`. */
const char *safe_path_below(const char *folder, const char *path);

/* Opens `relative` ("" is the folder itself) below the open folder. `cross`: mount points on the way are allowed.
 * Returns a descriptor or a negative errno. */
int safe_path_open_at(int folder, const char *relative, int flags, bool cross);

/* The same, part by part, as it is done on kernels without openat2(2). */
int safe_path_walk(int folder, const char *relative, int flags, bool cross);

/* Opens a folder of the system below context->root; mounts on the way are allowed, links are not. */
int safe_path_open_folder(const struct context *context, const char *folder);

/* Opens the folder that holds `path`, which is below `folder`; no mount is crossed between the two. *ret_name points to
 * the last part of `path`. Returns a descriptor, -EXDEV if `path` is not below `folder`, or another negative errno. */
int safe_path_open_parent(const struct context *context, const char *folder, const char *path,
			  const char **ret_name);

#endif
