/* rpm.h: asking the package manager rpm
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Its database is read by nobody but rpm(8): each question is a process. So it is asked only where there is a database.
 */
#ifndef DARUMA_RECOVERY_PRODUCTS_RPM_H
#define DARUMA_RECOVERY_PRODUCTS_RPM_H

#include <stdbool.h>

#include "recovery/context.h"
#include "recovery/process.h"
#include "recovery/products/package_log.h"
#include "recovery/text_list.h"

/* Whether there is a database of rpm below context->root. */
bool rpm_is_here(const struct context *context);

/* The package that `path` (absolute) came with. False where nobody owns it or rpm gave no sound answer within 20 s. */
bool rpm_find_owner(const struct process_port *processes, const char *path,
		    char ret_package[PACKAGE_NAME_SIZE]);

/* The first of `names` (sound names of packages) that is installed: *ret_name points into `names`, or is NULL. What rpm
 * says of others than these is not believed. Returns 0, -ENOMEM, -ETIMEDOUT (5 s) or another error of running it. */
int rpm_find_installed(const struct process_port *processes, const struct text_list *names,
		       const char **ret_name);

#endif
