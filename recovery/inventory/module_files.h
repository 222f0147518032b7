/* module_files.h: where the files of kernel modules are
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_INVENTORY_MODULE_FILES_H
#define DARUMA_RECOVERY_INVENTORY_MODULE_FILES_H

#include "recovery/context.h"

/* `path`: canonical (safe_path.h); nothing need be there. `name`: of the kernel, with underscores. What is not 0 ends
 * the visit. */
typedef int module_files_visitor(const char *path, const char *name, void *user);

/* Calls `visit` for each module that modules.dep(5) of the running kernel lists, below context->root. Returns 0, what
 * `visit` returned, or a negative errno if there is no such list or it has over 16 MiB. */
int module_files_visit(const struct context *context, module_files_visitor *visit, void *user);

#endif
