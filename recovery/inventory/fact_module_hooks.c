/* fact_module_hooks.c: which modules that do not belong to the kernel hook its functions
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/fact_kinds.h"
#include "recovery/inventory/ftrace_users.h"
#include "recovery/inventory/loaded_module.h"

static int add_hooks(const struct text_list *users, const struct loaded_module_list *modules,
		     const char *kind, struct fact_list *ret)
{
	int error = 0;

	for (size_t i = 0; !error && i < modules->count; i++)
		if (loaded_module_is_foreign(&modules->items[i]) &&
		    text_list_has(users, modules->items[i].name))
			error = fact_list_add(ret, kind, modules->items[i].name, "ftrace");
	return error;
}

int fact_module_hooks_read(const struct context *context, const char *kind, struct fact_list *ret)
{
	struct loaded_module_list modules = { 0 };
	struct text_list users = { 0 };
	int error = ftrace_users_read(context, &users);

	if (!error)
		error = loaded_modules_read(context, &modules);
	if (!error)
		error = add_hooks(&users, &modules, kind, ret);
	loaded_modules_free(&modules);
	text_list_free(&users);
	return error;
}
