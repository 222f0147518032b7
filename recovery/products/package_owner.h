/* package_owner.h: which packages files came with
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_PRODUCTS_PACKAGE_OWNER_H
#define DARUMA_RECOVERY_PRODUCTS_PACKAGE_OWNER_H

#include <stddef.h>

#include "recovery/context.h"
#include "recovery/process.h"
#include "recovery/products/package_log.h"

struct package_owner {
	const char *path; /* canonical (safe_path.h); the caller's */
	/* "" nobody's; with ":ARCHITECTURE" where dpkg has several */
	char package[PACKAGE_NAME_SIZE];
	enum package_manager manager;
};

/* Fills in who owns each of the `count` paths: by dpkg's lists below context->root, else, on the running system, by
 * rpm, where there is one. Where the machine has neither all are nobody's. `owners` is sorted anew. Returns 0, -ENOMEM
 * or a negative errno of reading. */
int package_owner_find(const struct context *context, const struct process_port *processes,
		       struct package_owner *owners, size_t count);

#endif
