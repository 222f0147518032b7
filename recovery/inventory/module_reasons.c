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
#include "recovery/inventory/module_path.h"
#include "recovery/inventory/module_signature.h"
#include "recovery/system_file.h"

#define OWN_MOST 8 /* of the kernel's own modules that are read for who signed them */

static int open_file(const struct context *context, const char *path)
{
	return system_open(context, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
}

/* --- who signs the kernel's own ------------------------------------------------------------ */

struct own {
	const struct context *context;
	struct module_signature signature;
	int read;
};

/* Returns 1 once one is signed. */
static int look_at_own(const char *path, const char *name, void *user)
{
	struct own *own = user;
	owned_descriptor int fd = -1;

	(void)name;
	if (!module_path_is_kernels(path))
		return 0;
	fd = open_file(own->context, path);
	if (fd < 0 || ++own->read > OWN_MOST)
		return fd < 0 ? 0 : 1;
	if (module_signature_read(process_of_machine(), fd, &own->signature) == 0 &&
	    own->signature.state == MODULE_SIGNED)
		return 1;
	own->signature.state = MODULE_UNSIGNED;
	return 0;
}

static bool is_same_signer(const struct module_signature *one, const struct module_signature *other)
{
	return strcmp(one->signer, other->signer) == 0 && strcmp(one->key, other->key) == 0;
}

static int add_signer(const struct context *context, int fd, struct text_list *ret)
{
	struct own own = { .context = context };
	struct module_signature signature;
	char words[MODULE_SIGNATURE_TEXT_SIZE], text[MODULE_SIGNATURE_TEXT_SIZE + 64];
	int error = module_signature_read(process_of_machine(), fd, &signature);

	if (error || signature.state == MODULE_SIGNATURE_HIDDEN)
		return error == -ENOMEM ? error : 0;
	module_files_visit(context, look_at_own, &own);
	module_signature_describe(&signature, words, sizeof(words));
	if (own.signature.state != MODULE_SIGNED)
		return signature.state == MODULE_SIGNED ? text_list_add(ret, words) : 0;
	if (signature.state == MODULE_SIGNED && is_same_signer(&signature, &own.signature))
		return 0;
	snprintf(text, sizeof(text), "%s, unlike the kernel's own modules", words);
	return text_list_add(ret, text);
}

/* --- its file ------------------------------------------------------------------------------ */

static int add_imports(int fd, struct text_list *ret)
{
	char text[MODULE_IMPORTS_TEXT_SIZE + 32];
	char words[MODULE_IMPORTS_TEXT_SIZE];
	unsigned imports = 0;
	int error = module_imports_read(process_of_machine(), fd, &imports);

	if (error == -ENOMEM || imports == 0)
		return error == -ENOMEM ? error : 0;
	module_imports_words(imports, words);
	snprintf(text, sizeof(text), "can hook the kernel (%s)", words);
	return text_list_add(ret, text);
}

static int add_place(const char *path, struct text_list *ret)
{
	char text[PATH_MAX + 64];

	snprintf(text, sizeof(text), "its file %s is not of the kernel's package", path);
	return module_path_is_kernels(path) ? 0 : text_list_add(ret, text);
}

struct looking {
	const struct context *context;
	const char *module;
	struct text_list *ret;
};

/* Visits the file of a module. Returns 1 once the one is found, or -ENOMEM. */
static int look_at_file(const char *path, const char *name, void *user)
{
	const struct looking *looking = user;
	owned_descriptor int fd = -1;
	int error;

	if (strcmp(name, looking->module) != 0)
		return 0;
	error = add_place(path, looking->ret);
	fd = error ? -1 : open_file(looking->context, path);
	if (fd >= 0)
		error = add_imports(fd, looking->ret);
	if (fd >= 0 && !error)
		error = add_signer(looking->context, fd, looking->ret);
	return error ? error : 1;
}

int module_reasons_find(const struct context *context, const struct text_list *hooking,
			const struct loaded_module *module, struct text_list *ret)
{
	struct looking looking = { context, module->name, ret };
	int error = loaded_module_reasons(module, ret);
	int found = 1;

	if (!error && text_list_has(hooking, module->name))
		error = text_list_add(ret, "hooks functions of the kernel");
	if (!error)
		found = module_files_visit(context, look_at_file, &looking);
	if (!error && found == 0)
		error = text_list_add(ret, "no file of this kernel in /lib/modules is it");
	return error == -ENOMEM || found == -ENOMEM ? -ENOMEM : 0;
}

/* --- all of them --------------------------------------------------------------------------- */

struct matching {
	const struct loaded_module_list *modules;
	struct text_list *ret;
};

static int match(const char *path, const char *name, void *user)
{
	const struct matching *matching = user;

	if (module_path_is_kernels(path) || !loaded_modules_find(matching->modules, name) ||
	    text_list_has(matching->ret, name))
		return 0;
	return text_list_add(matching->ret, name);
}

int module_reasons_find_foreign_files(const struct context *context,
				      const struct loaded_module_list *modules,
				      struct text_list *ret)
{
	struct matching matching = { modules, ret };

	return module_files_visit(context, match, &matching) == -ENOMEM ? -ENOMEM : 0;
}
