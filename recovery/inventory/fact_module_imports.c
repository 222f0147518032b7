/* fact_module_imports.c: by what the files of loaded modules that do not belong to the kernel can hook it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>

#include "recovery/inventory/fact_kinds.h"
#include "recovery/inventory/module_imports.h"

int fact_module_imports_read(const char *kind, int fd, const char *path, struct fact_list *ret)
{
	char text[MODULE_IMPORTS_TEXT_SIZE];
	unsigned imports;
	int error = module_imports_read(process_of_machine(), fd, &imports);

	if (error)
		return error == -ENOMEM ? error : fact_list_add(ret, kind, path, "unknown");
	module_imports_words(imports, text);
	return fact_list_add(ret, kind, path, text);
}
