/* fact_module_signers.c: who signed the files of loaded modules that do not belong to the kernel
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>

#include "recovery/cleanup.h"
#include "recovery/fact_kinds.h"
#include "recovery/module_signature.h"
#include "recovery/system_file.h"

static bool is_of(const struct fact *fact, const char *kind, const char *name)
{
	return strcmp(fact->kind, kind) == 0 && (!name || strcmp(fact->name, name) == 0);
}

static int add_signer(const struct context *context, const char *kind, const char *path,
		      struct fact_list *ret)
{
	owned_descriptor int fd = system_open(context, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	char text[MODULE_SIGNATURE_TEXT_SIZE];
	struct module_signature signature;
	int error = fd < 0 ? fd : module_signature_read(process_of_machine(), fd, &signature);

	if (error)
		return error == -ENOMEM ? error : 0;
	module_signature_describe(&signature, text, sizeof(text));
	return fact_list_add(ret, kind, path, text);
}

/* The files were found already: their kind stands before this one. */
int fact_module_signers_read(const struct context *context, const char *kind, struct fact_list *ret)
{
	size_t count = ret->count;
	bool known = false;
	int error = 0;

	for (size_t i = 0; !error && i < count; i++) {
		known |= is_of(&ret->items[i], FACT_READ, FACT_MODULE_FILE);
		if (is_of(&ret->items[i], FACT_MODULE_FILE, NULL))
			error = add_signer(context, kind, ret->items[i].name, ret);
	}
	return error || known ? error : -ENODATA;
}
