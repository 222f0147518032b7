/* module_reasons.h: why a loaded module that no product file lists is worth a look
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_INVENTORY_MODULE_REASONS_H
#define DARUMA_RECOVERY_INVENTORY_MODULE_REASONS_H

#include "recovery/context.h"
#include "recovery/inventory/loaded_module.h"
#include "recovery/text_list.h"

/* Adds a sentence for each: where it comes from, that it hooks functions of the kernel if it is in `hooking` (see
 * ftrace_users.h), and by what its file could (see module_imports.h), which is looked for among those of the running
 * kernel. What cannot be read adds nothing. Returns 0 or -ENOMEM. */
int module_reasons_find(const struct context *context, const struct text_list *hooking,
			const struct loaded_module *module, struct text_list *ret);

#endif
