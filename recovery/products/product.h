/* product.h: a watched product, as its product file describes it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_PRODUCTS_PRODUCT_H
#define DARUMA_RECOVERY_PRODUCTS_PRODUCT_H

#include <stdbool.h>
#include <stddef.h>

#include "recovery/products/confirmation.h"
#include "recovery/text_list.h"

/* Files that belong together and are restored together with their manifest. */
struct content_set {
	char *name;
	char *path;	/* absolute folder; everything below it belongs to the set */
	char *manifest; /* absolute file inside or beside it, or NULL */
};

struct product {
	char *id; /* lower-case letters, digits, '-'; unique */
	char *vendor;
	char *product;
	struct text_list packages;
	struct text_list units;	     /* whole unit names */
	struct text_list modules;    /* kernel names: underscores; a last '*' stands for any rest */
	struct text_list signers;    /* as in struct module_signature; what signs its modules */
	struct text_list code_paths; /* absolute; a folder means everything below it */
	struct text_list content_paths; /* absolute */
	struct content_set *content_sets;
	size_t content_set_count;
	/* absolute, inside one of those above: what the product writes itself */
	struct text_list state_paths;
	struct text_list updater_units;
	bool bears_read_only_content;	/* unless its file denies it */
	struct text_list reduced_enter; /* command and arguments, empty: it has no reduced mode */
	struct text_list reduced_leave; /* the same for the way back */
	struct text_list health;	/* command and arguments, empty: none */
	struct text_list restore;	/* command and arguments, empty: none */
	struct text_list sources;
	char *file;   /* where it was read */
	bool trusted; /* shipped by the vendor or written by the admin: acts without confirmation */
	struct confirmation confirmation; /* what this machine says; of parsing alone: none */
};

struct product_list {
	struct product *items;
	size_t count;
};

/* Whether `entry`, one of `modules`, means the kernel module `name`, whose '-' count as '_' as they do for modprobe.
 * Makers put build numbers behind the names of their modules: so "mfe_aac_*" means every name that begins with
 * "mfe_aac_". */
bool product_entry_means_module(const char *entry, const char *name);

/* Whether any of `modules` means it. */
bool product_lists_module(const struct product *product, const char *name);

/* The paths of a product by number: code, content, then content sets and their manifests; NULL behind the last. */
const char *product_path(const struct product *product, size_t index);

/* The code path of `product` that `path` is or lies in, or NULL. */
const char *product_code_path(const struct product *product, const char *path);

/* The first path of `one` that is, holds or is held by a path of `other`; NULL if the two have nothing in common. */
const char *product_shared_path(const struct product *one, const struct product *other);

/* The first unit of `one`, an updater or another, that `other` lists too, as either; NULL: none. */
const char *product_shared_unit(const struct product *one, const struct product *other);

/* The first of the modules of `one` that may mean one that `other` lists too; NULL: none. */
const char *product_shared_module(const struct product *one, const struct product *other);

/* The first path of `product` that is, holds or lies in one of `folders`; NULL if none does. */
const char *product_path_around(const struct product *product, const struct text_list *folders);

/* Whether content of it is read-only for its services while something of it is set aside: its vendor or the administrator does
 * not deny it. Of an entry of the catalog it is not: each such service has a mount namespace of its own, and nobody has tried
 * what that takes from these products (one that watches mounts through fanotify sees none of the others'). */
bool product_has_read_only_content(const struct product *product);

void product_free(struct product *product);
void product_list_free(struct product_list *list);

/* The product of that id, or NULL. */
const struct product *product_list_find(const struct product_list *list, const char *id);

#endif
