/* confirmation.h: what the machine itself says of a product that a file describes
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The catalog is written by people who do not know this machine, and a path or a module name may be anybody's. So an
 * entry acts only if the machine says whose the thing is: a package, a unit file, a module's signer, or a listed path
 * that one of the first two owns. What is merely there is reported and left alone. Files of vendors and of the admin
 * were put on this machine on purpose.
 *
 * A signer is what the module's file says, and an update that comes without a signature takes the confirmation away:
 * units and packages are better where a product has them.
 */
#ifndef DARUMA_RECOVERY_PRODUCTS_CONFIRMATION_H
#define DARUMA_RECOVERY_PRODUCTS_CONFIRMATION_H

#include <stdbool.h>

#include "recovery/context.h"
#include "recovery/inventory/loaded_module.h"
#include "recovery/process.h"
#include "recovery/products/package.h"
#include "recovery/products/unit_file.h"

struct product;

enum confirmation_kind {
	CONFIRMATION_NONE,	  /* nothing of the product is here */
	CONFIRMATION_BARE_PATH,	  /* report only: a listed path is there, nobody says whose */
	CONFIRMATION_BARE_MODULE, /* report only: a listed module is loaded */
	CONFIRMATION_TRUSTED,	  /* from here on it acts */
	CONFIRMATION_UNIT,
	CONFIRMATION_PACKAGE,
	CONFIRMATION_PATH, /* a listed path is a file of a package of the product, or started by a unit */
	CONFIRMATION_SIGNER, /* the file of a listed module says that it was signed by a listed signer */
};

struct confirmation {
	enum confirmation_kind kind;
	char *what;  /* path, module, its file, unit file or package; NULL with NONE and TRUSTED */
	char *owner; /* with PATH the package or the unit file, with SIGNER its name; else NULL */
};

/* What was read of this machine so far. Zeroed: nothing yet. One serves for all products. */
struct confirmation_source {
	const struct process_port *processes; /* that rpm is asked with; NULL: it is not asked */
	struct package_list packages;
	struct unit_start_list starts;
	struct loaded_module_list modules;
	bool packages_read, starts_read, modules_read;
	bool rpm_is_silent; /* it is not here, or did not answer: it is asked no more */
};

/* Asks the machine below context->root, cheap questions first: the packages of dpkg are read once for all products,
 * the unit files only if a path is there that nothing else explains, and rpm is asked, for one product at a time,
 * only where all else would leave it at a bare path or module. Returns 0 or -ENOMEM. */
int confirmation_ask(const struct context *context, struct confirmation_source *source,
		     const struct product *product, struct confirmation *ret);

bool confirmation_acts(const struct confirmation *confirmation);

/* One word: none, path, module, trusted, unit, package, owned-path, signer. */
const char *confirmation_word(enum confirmation_kind kind);

/* Why the product counts, or why it is only reported, in words; cut to `size` bytes with the final NUL. */
void confirmation_describe(const struct confirmation *confirmation, char *ret, size_t size);

/* Both free what is inside and empty it; NULL is accepted. */
void confirmation_free(struct confirmation *confirmation);
void confirmation_source_free(struct confirmation_source *source);

#endif
