/* boot_loader.h: which of the boot loaders that Daruma knows is here, and the kernel it starts by default
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A port: one table for each loader, GRUB as Debian and Ubuntu set it up (grub_default.c) and systemd-boot
 * (systemd_boot_default.c).
 */
#ifndef DARUMA_RECOVERY_BOOT_BOOT_LOADER_H
#define DARUMA_RECOVERY_BOOT_BOOT_LOADER_H

#include <stdbool.h>

#include "recovery/boot/variables.h"
#include "recovery/context.h"
#include "recovery/process.h"

#define BOOT_LOADER_ENTRY_SIZE 512

/* What a loader is asked through. */
struct boot_loader_access {
	const struct context *context;
	const struct process_port *processes; /* NULL: no program is run */
	const struct variables *variables;    /* NULL: there are none */
};

struct boot_loader {
	const char *name; /* one lower-case word, kept in the state */
	bool (*is_here)(const struct boot_loader_access *access);

	/* Its name of the entry of the kernel `release`. Returns 0, -ENOENT (it has none), or the errno of reading. */
	int (*find)(const struct boot_loader_access *access, const char *release,
		    char ret_entry[BOOT_LOADER_ENTRY_SIZE]);

	/* The default that set() would replace; "" where undo() with NULL is right. Returns 0 or the errno of reading. */
	int (*read)(const struct boot_loader_access *access,
		    char ret_entry[BOOT_LOADER_ENTRY_SIZE]);

	/* Makes `entry` the default, and makes sure of it. A power cut leaves the old one or the new one. Once more does no
	 * harm. Returns 0; -EEXIST: a file of somebody else's is in the way; -EBADMSG: it is not the default all the same;
	 * -EOPNOTSUPP: a program is missing; or another negative errno. After an error undo() is due. */
	int (*set)(const struct boot_loader_access *access, const char *entry);

	/* Puts back what read() said before; NULL is "". What somebody else has set since stays. Once more does no harm. */
	int (*undo)(const struct boot_loader_access *access, const char *entry, const char *before);
};

extern const struct boot_loader boot_loader_grub;
extern const struct boot_loader boot_loader_systemd_boot;

/* The loader that started this system, or NULL. */
const struct boot_loader *boot_loader_here(const struct boot_loader_access *access);

/* The one of that name, or NULL. */
const struct boot_loader *boot_loader_named(const char *name);

/* This machine's own, or for a system below another root only what lies in its files. */
void boot_loader_access_of(const struct context *context, struct boot_loader_access *ret);

#endif
