/* fact_kinds.h: the readers of facts, one file fact_x.c each
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Each adds its facts (see facts.h) to `ret` and returns 0, or a negative errno: then what it added is dropped. It
 * becomes known by its line in the table of facts.c.
 */
#ifndef DARUMA_RECOVERY_INVENTORY_FACT_KINDS_H
#define DARUMA_RECOVERY_INVENTORY_FACT_KINDS_H

#include <limits.h>

#include "recovery/context.h"
#include "recovery/inventory/fact.h"

#define FACT_MODULE_FILE "module-file"

int fact_kernel_read(const struct context *context, const char *kind, struct fact_list *ret);
int fact_command_line_read(const struct context *context, const char *kind, struct fact_list *ret);
int fact_initramfs_read(const struct context *context, const char *kind, struct fact_list *ret);
int fact_initramfs_modules_read(const struct context *context, const char *kind,
				struct fact_list *ret);
int fact_modules_read(const struct context *context, const char *kind, struct fact_list *ret);
int fact_module_files_read(const struct context *context, const char *kind, struct fact_list *ret);
int fact_module_hooks_read(const struct context *context, const char *kind, struct fact_list *ret);
int fact_units_read(const struct context *context, const char *kind, struct fact_list *ret);
int fact_packages_read(const struct context *context, const char *kind, struct fact_list *ret);
int fact_fanotify_read(const struct context *context, const char *kind, struct fact_list *ret);
int fact_programs_read(const struct context *context, const char *kind, struct fact_list *ret);
int fact_program_holders_read(const struct context *context, const char *kind,
			      struct fact_list *ret);

/* Each file of a module is opened, read and unpacked once: the reader of FACT_MODULE_FILE adds the facts of these
 * kinds too. Their own readers, whose lines stand behind its own in the table, add none: they return 0, or -ENODATA
 * if it could not read the files. */
#define FACT_MODULE_SIGNER "module-signer"
#define FACT_MODULE_IMPORT "module-import"

int fact_module_files_were_read(const struct context *context, const char *kind,
				struct fact_list *facts);

/* Add what the open file `fd` of the module at `path` tells. Return 0 or -ENOMEM. */
int fact_module_signer_read(const char *kind, int fd, const char *path, struct fact_list *ret);
int fact_module_imports_read(const char *kind, int fd, const char *path, struct fact_list *ret);

/* The one file that a kind comes from, below context->root. Returns 0 or a negative errno. */
int fact_kernel_source(const struct context *context, char ret_path[PATH_MAX]);
int fact_initramfs_source(const struct context *context, char ret_path[PATH_MAX]);
int fact_packages_source(const struct context *context, char ret_path[PATH_MAX]);

/* The release of the running kernel, as /proc tells it. Returns 0, -EBADMSG (no name of a folder) or an errno. */
int fact_kernel_release(const struct context *context, char ret_release[NAME_MAX + 1]);

#endif
