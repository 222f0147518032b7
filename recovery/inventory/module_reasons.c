/* module_reasons.c: why a loaded module that no product file lists is worth a look
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/module_reasons.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "recovery/cleanup.h"
#include "recovery/inventory/module_files.h"
#include "recovery/inventory/module_imports.h"
#include "recovery/system_file.h"

struct looking {
	const struct context *context;
	const char *module;
	struct text_list *ret;
};

/* Visits the file of a module. Returns 1 once the one is found, or -ENOMEM. */
static int look_at_file(const char *path, const char *name, void *user)
{
	const struct looking *looking = user;
	char text[MODULE_IMPORTS_TEXT_SIZE + 32];
	char words[MODULE_IMPORTS_TEXT_SIZE];
	owned_descriptor int fd = -1;
	unsigned imports = 0;
	int error;

	if (strcmp(name, looking->module) != 0)
		return 0;
	fd = system_open(looking->context, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	error = fd < 0 ? fd : module_imports_read(process_of_machine(), fd, &imports);
	if (error == -ENOMEM || imports == 0)
		return error == -ENOMEM ? error : 1;
	module_imports_words(imports, words);
	snprintf(text, sizeof(text), "can hook the kernel (%s)", words);
	error = text_list_add(looking->ret, text);
	return error ? error : 1;
}

int module_reasons_find(const struct context *context, const struct text_list *hooking,
			const struct loaded_module *module, struct text_list *ret)
{
	struct looking looking = { context, module->name, ret };
	int error = loaded_module_reasons(module, ret);

	if (!error && text_list_has(hooking, module->name))
		error = text_list_add(ret, "hooks functions of the kernel");
	if (!error)
		error = module_files_visit(context, look_at_file, &looking);
	return error == -ENOMEM ? error : 0;
}
