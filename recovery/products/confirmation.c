/* confirmation.c: what the machine itself says of a product that a file describes
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/products/confirmation.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/cleanup.h"
#include "recovery/inventory/module_files.h"
#include "recovery/inventory/module_signature.h"
#include "recovery/products/product.h"
#include "recovery/products/rpm.h"
#include "recovery/safe_path.h"
#include "recovery/system_file.h"

/* Each question answers 1: settled, 0: go on, or -ENOMEM. */
struct asking {
	const struct context *context;
	struct confirmation_source *source;
	const struct product *product;
	struct confirmation *ret;
};

static int settle(struct asking *asking, enum confirmation_kind kind, const char *what,
		  const char *owner)
{
	struct confirmation *ret = asking->ret;

	*ret = (struct confirmation){ .kind = kind,
				      .what = what ? strdup(what) : NULL,
				      .owner = owner ? strdup(owner) : NULL };
	return (what && !ret->what) || (owner && !ret->owner) ? -ENOMEM : 1;
}

static int ask_units(struct asking *asking)
{
	const struct text_list *units = &asking->product->units;
	char path[PATH_MAX];

	for (size_t i = 0; i < units->count; i++)
		if (unit_file_find(asking->context, units->items[i], path))
			return settle(asking, CONFIRMATION_UNIT, path, NULL);
	return 0;
}

/* The package of the product in that state, or NULL. */
static const struct package *package_in(const struct asking *asking, enum package_state state)
{
	const struct text_list *names = &asking->product->packages;

	for (size_t i = 0; i < names->count; i++) {
		const struct package *package =
			package_find(&asking->source->packages, names->items[i]);

		if (package && package->state == state)
			return package;
	}
	return NULL;
}

static int ask_packages(struct asking *asking)
{
	struct confirmation_source *source = asking->source;
	const struct package *package;

	if (!asking->product->packages.count)
		return 0;
	if (!source->packages_read && package_list_load(asking->context, &source->packages))
		return -ENOMEM;
	source->packages_read = true;
	package = package_in(asking, PACKAGE_INSTALLED);
	return package ? settle(asking, CONFIRMATION_PACKAGE, package->name, NULL) : 0;
}

/* Visits the file of a module. Who may put one there is root, as with a unit file: so what the file says of its
 * signer counts for as much, though only the kernel could verify it. */
static int ask_signer(const char *path, const char *name, void *user)
{
	struct asking *asking = user;
	struct module_signature signature;
	owned_descriptor int fd = -1;
	int error;

	if (!product_lists_module(asking->product, name))
		return 0;
	fd = system_open(asking->context, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	error = fd < 0 ? fd : module_signature_read(process_of_machine(), fd, &signature);
	if (error)
		return error == -ENOMEM ? error : 0;
	return text_list_has(&asking->product->signers, signature.signer) ?
		       settle(asking, CONFIRMATION_SIGNER, path, signature.signer) :
		       0;
}

static int ask_signers(struct asking *asking)
{
	int result;

	if (!asking->product->signers.count || !asking->product->modules.count)
		return 0;
	result = module_files_visit(asking->context, ask_signer, asking);
	return result > 0 || result == -ENOMEM ? result : 0;
}

/* An update may have been cut short: then the state of the package says little, but its list of files is there. */
static int ask_package_files(struct asking *asking, const char *path)
{
	const struct package *package = package_in(asking, PACKAGE_HALF);

	return package && package_owns(asking->context, package, path) ?
		       settle(asking, CONFIRMATION_PATH, path, package->name) :
		       0;
}

/* A unit of another name that starts a program of the product. */
static int ask_starts(struct asking *asking, const char *path)
{
	struct confirmation_source *source = asking->source;
	char folder[PATH_MAX], program[PATH_MAX];

	if (!source->starts_read && unit_starts_load(asking->context, &source->starts))
		return -ENOMEM;
	source->starts_read = true;
	if (safe_path_canonical(asking->context, path, folder) != 0)
		return 0;
	for (size_t i = 0; i < source->starts.count; i++) {
		const struct unit_start *start = &source->starts.items[i];

		if (safe_path_canonical(asking->context, start->program, program) == 0 &&
		    safe_path_below(folder, program))
			return settle(asking, CONFIRMATION_PATH, path, start->unit);
	}
	return 0;
}

/* Its database can only be asked by a process, so this question waits until no other is left. */
static int find_in_rpm(struct asking *asking, const char **ret_package)
{
	struct confirmation_source *source = asking->source;
	int error;

	*ret_package = NULL;
	if (!source->processes || source->rpm_is_silent || !asking->product->packages.count)
		return 0;
	if (rpm_is_here(asking->context))
		error = rpm_find_installed(source->processes, &asking->product->packages,
					   ret_package);
	else
		error = -ENOENT;
	source->rpm_is_silent = error;
	return error == -ENOMEM ? error : 0;
}

/* Something is there that neither a unit nor dpkg explains. */
static int settle_bare(struct asking *asking, enum confirmation_kind kind, const char *what)
{
	const char *package;
	int error = find_in_rpm(asking, &package);

	if (error)
		return error;
	return package ? settle(asking, CONFIRMATION_PACKAGE, package, NULL) :
			 settle(asking, kind, what, NULL);
}

static int ask_paths(struct asking *asking)
{
	const char *path, *bare = NULL;
	int result = 0;

	for (size_t i = 0; !result && (path = product_path(asking->product, i)); i++) {
		if (!system_exists(asking->context, path))
			continue;
		if (!bare)
			bare = path;
		result = ask_package_files(asking, path);
		if (!result)
			result = ask_starts(asking, path);
	}
	return !result && bare ? settle_bare(asking, CONFIRMATION_BARE_PATH, bare) : result;
}

static int ask_modules(struct asking *asking)
{
	struct confirmation_source *source = asking->source;

	if (!asking->product->modules.count)
		return 0;
	if (!source->modules_read && loaded_modules_read(asking->context, &source->modules))
		return -ENOMEM;
	source->modules_read = true;
	for (size_t i = 0; i < source->modules.count; i++)
		if (product_lists_module(asking->product, source->modules.items[i].name))
			return settle_bare(asking, CONFIRMATION_BARE_MODULE,
					   source->modules.items[i].name);
	return 0;
}

typedef int question(struct asking *asking);

/* In the order of what they cost. */
static question *const questions[] = { ask_units, ask_packages, ask_signers, ask_paths,
				       ask_modules };

int confirmation_ask(const struct context *context, struct confirmation_source *source,
		     const struct product *product, struct confirmation *ret)
{
	struct confirmation confirmation = { 0 };
	struct asking asking = { context, source, product, &confirmation };
	int result = product->trusted ? settle(&asking, CONFIRMATION_TRUSTED, NULL, NULL) : 0;

	for (size_t i = 0; result == 0 && i < sizeof(questions) / sizeof(questions[0]); i++)
		result = questions[i](&asking);
	if (result < 0) {
		confirmation_free(&confirmation);
		return result;
	}
	*ret = confirmation;
	return 0;
}

bool confirmation_acts(const struct confirmation *confirmation)
{
	return confirmation->kind >= CONFIRMATION_TRUSTED;
}

const char *confirmation_word(enum confirmation_kind kind)
{
	static const char *const words[] = {
		[CONFIRMATION_NONE] = "none",	       [CONFIRMATION_BARE_PATH] = "path",
		[CONFIRMATION_BARE_MODULE] = "module", [CONFIRMATION_TRUSTED] = "trusted",
		[CONFIRMATION_UNIT] = "unit",	       [CONFIRMATION_PACKAGE] = "package",
		[CONFIRMATION_PATH] = "owned-path",    [CONFIRMATION_SIGNER] = "signer",
	};

	return words[kind];
}

void confirmation_describe(const struct confirmation *confirmation, char *ret, size_t size)
{
	switch (confirmation->kind) {
	case CONFIRMATION_NONE:
		snprintf(ret, size, "nothing of it is here");
		break;
	case CONFIRMATION_BARE_PATH:
		snprintf(ret, size, "%s is there, nothing says whose it is", confirmation->what);
		break;
	case CONFIRMATION_BARE_MODULE:
		snprintf(ret, size, "module %s is loaded, nothing says whose it is",
			 confirmation->what);
		break;
	case CONFIRMATION_TRUSTED:
		snprintf(ret, size, "its vendor or the administrator says so");
		break;
	case CONFIRMATION_UNIT:
		snprintf(ret, size, "unit %s", confirmation->what);
		break;
	case CONFIRMATION_PACKAGE:
		snprintf(ret, size, "package %s", confirmation->what);
		break;
	case CONFIRMATION_PATH:
		snprintf(ret, size, "%s of %s", confirmation->what, confirmation->owner);
		break;
	case CONFIRMATION_SIGNER:
		snprintf(ret, size, "%s signed by %s", confirmation->what, confirmation->owner);
		break;
	}
}

void confirmation_free(struct confirmation *confirmation)
{
	if (!confirmation)
		return;
	free(confirmation->what);
	free(confirmation->owner);
	*confirmation = (struct confirmation){ 0 };
}

void confirmation_source_free(struct confirmation_source *source)
{
	if (!source)
		return;
	package_list_free(&source->packages);
	unit_starts_free(&source->starts);
	loaded_modules_free(&source->modules);
	*source = (struct confirmation_source){ 0 };
}
