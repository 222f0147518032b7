/* module_reasons.h: why a loaded module that no product file lists is worth a look
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_INVENTORY_MODULE_REASONS_H
#define DARUMA_RECOVERY_INVENTORY_MODULE_REASONS_H

#include "recovery/context.h"
#include "recovery/inventory/loaded_module.h"
#include "recovery/text_list.h"

/* Adds a sentence for each: what its taint says of where it comes from, that it hooks functions of the kernel if it is in
 * `hooking` (see ftrace_users.h); where its file is, if that is no place of the kernel's package; by what that could hook
 * the kernel (see module_imports.h); and who says to have signed it, if that is not who says so of the kernel's own ones
 * (module_signature.h: the names are not verified). The file is looked for among those of the running kernel. What cannot be
 * read adds nothing. Returns 0 or -ENOMEM. */
int module_reasons_find(const struct context *context, const struct text_list *hooking,
			const struct loaded_module *module, struct text_list *ret);

/* Adds the names (of the kernel) of the loaded modules whose files are in no place of the kernel's package, whatever their
 * taint says. Returns 0 or -ENOMEM. */
int module_reasons_find_foreign_files(const struct context *context,
				      const struct loaded_module_list *modules,
				      struct text_list *ret);

#endif
