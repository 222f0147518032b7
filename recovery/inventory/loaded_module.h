/* loaded_module.h: the kernel modules that are loaded, and how they taint the kernel
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_INVENTORY_LOADED_MODULE_H
#define DARUMA_RECOVERY_INVENTORY_LOADED_MODULE_H

#include <stdbool.h>
#include <stddef.h>

#include "recovery/context.h"
#include "recovery/text_list.h"

struct loaded_module {
	char *name; /* of the kernel: underscores; what it holds otherwise is its maker's affair */
	/* letters of Linux Documentation/admin-guide/tainted-kernels.rst; "" if none */
	char taint[16];
};

struct loaded_module_list {
	struct loaded_module *items; /* by name */
	size_t count;
};

/* The modules in /sys/module below context->root that were loaded (built-in code has a folder there too). An absent folder
 * has none. Returns 0 or -ENOMEM. */
int loaded_modules_read(const struct context *context, struct loaded_module_list *ret);

/* The one of that name (with underscores), or NULL. */
const struct loaded_module *loaded_modules_find(const struct loaded_module_list *list,
						const char *name);

/* Whether the kernel says that the module is not one of its own: built outside its tree (O), or without a signature that it
 * trusts (E). */
bool loaded_module_is_foreign(const struct loaded_module *module);

/* Adds one sentence for each letter of the taint that says something of where the module comes from. Returns 0 or
 * -ENOMEM. */
int loaded_module_reasons(const struct loaded_module *module, struct text_list *ret);

/* Frees what is inside and empties the list; NULL is accepted. */
void loaded_modules_free(struct loaded_module_list *list);

#endif
