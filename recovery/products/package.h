/* package.h: the packages that dpkg has on this machine
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_PRODUCTS_PACKAGE_H
#define DARUMA_RECOVERY_PRODUCTS_PACKAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "recovery/context.h"

enum package_state {
	PACKAGE_ABSENT,	   /* not there, or only its settings are left */
	PACKAGE_HALF,	   /* dpkg was stopped while it put the files there: some may be */
	PACKAGE_INSTALLED, /* all files are there; it may still have to be set up */
};

struct package {
	char *name;
	char *architecture; /* "" if the file does not say */
	enum package_state state;
};

/* Without those that are absent, by name, each name once: of several architectures the best state counts. */
struct package_list {
	struct package *items;
	size_t count;
};

/* Reads dpkg's status file below context->root; where there is none (other package managers) the list is empty. Returns 0
 * or -ENOMEM. */
int package_list_load(const struct context *context, struct package_list *ret);

/* The same from an open file in the form of dpkg's status (deb-status of dpkg): what is no such thing is passed over. */
int package_list_read(FILE *file, struct package_list *ret);

/* The package of that name, or NULL. */
const struct package *package_find(const struct package_list *list, const char *name);

/* Whether dpkg's list of the files of `package` below context->root has `path`, to the letter. */
bool package_owns(const struct context *context, const struct package *package, const char *path);

/* Frees what is inside and empties the list; NULL is accepted. */
void package_list_free(struct package_list *list);

#endif
