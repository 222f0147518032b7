/* watch_set.h: the products this machine watches
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Read from /usr/share/daruma/products (catalog), /usr/lib/daruma/products.d (vendors) and /etc/daruma/products.d
 * (the admin); a file of the same name in a later folder replaces the earlier one. A catalog entry acts only if the
 * machine itself confirms it (see confirmation.h). First-party security and what a machine cannot live without is
 * refused whatever a file says (R14), and so are home directories (R29), and a file that claims a path, a unit or
 * a module which one read before it has: those of the admin are read first, then those of vendors, and each folder by name.
 */
#ifndef DARUMA_RECOVERY_PRODUCTS_WATCH_SET_H
#define DARUMA_RECOVERY_PRODUCTS_WATCH_SET_H

#include "recovery/context.h"
#include "recovery/document.h"
#include "recovery/products/product.h"
#include "recovery/text_list.h"

#define PRODUCT_PROBLEM_SIZE 256

/* Reads one product file. Strict as the policy is. Returns 0, -EBADMSG with the problem, -EPERM for an entry that the
 * built-in deny list refuses, or -ENOMEM. */
int product_parse(const char *name, const char *text, size_t length, struct product *ret,
		  char ret_problem[PRODUCT_PROBLEM_SIZE]);

/* The keys of a product file that are known, for who compares them with the schema. */
const struct document_field *product_fields(void);

/* Whatever is on the system below context->root of the products that files describe, with its confirmation. What is only
 * to be reported is in the list too: for who tells people, not for who acts. Files that are refused are left out; each
 * adds one line to `ret_problems` (may be NULL). Returns 0 or -ENOMEM. */
int watch_set_survey(const struct context *context, struct product_list *ret,
		     struct text_list *ret_problems);

/* The same without what is only to be reported: the products that are watched. */
int watch_set_load(const struct context *context, struct product_list *ret,
		   struct text_list *ret_problems);

/* The product that owns `path` (absolute), or NULL. Its state is not owned: nobody sets it aside. */
const struct product *watch_set_owner(const struct product_list *products, const char *path);

/* The same for the executable of a process, as the kernel tells it: on merged systems that is its name below /usr, and the
 * product file may have the other. */
const struct product *watch_set_executable_owner(const struct product_list *products,
						 const char *path);

/* The product that lists the kernel module `name`, or NULL. */
const struct product *watch_set_module_owner(const struct product_list *products, const char *name);

/* The product that lists the unit `name` ("" is none), or NULL. */
const struct product *watch_set_unit_owner(const struct product_list *products, const char *name);

/* Adds the names of all loaded modules that one of the products lists. Returns 0 or -ENOMEM. */
int watch_set_loaded_modules(const struct context *context, const struct product_list *products,
			     struct text_list *ret);

#endif
