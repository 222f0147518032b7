/* fact_module_signers.c: who signed the files of loaded modules that do not belong to the kernel
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>

#include "recovery/inventory/fact_kinds.h"
#include "recovery/inventory/module_signature.h"

int fact_module_signer_read(const char *kind, int fd, const char *path, struct fact_list *ret)
{
	char text[MODULE_SIGNATURE_TEXT_SIZE];
	struct module_signature signature;
	int error = module_signature_read(process_of_machine(), fd, &signature);

	if (error)
		return error == -ENOMEM ? error : 0;
	module_signature_describe(&signature, text, sizeof(text));
	return fact_list_add(ret, kind, path, text);
}
