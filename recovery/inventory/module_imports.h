/* module_imports.h: by what the file of a kernel module can hook the kernel
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A module names the functions of the kernel that it calls: as undefined symbols of its ELF object. Some of these do
 * nothing but hook, patch, or look where they should not, and no module of the kernel's own tree calls most of them.
 * What is found that way can hook; whether it does is not told. What hides its calls, by looking them up at run time,
 * is not found.
 */
#ifndef DARUMA_RECOVERY_INVENTORY_MODULE_IMPORTS_H
#define DARUMA_RECOVERY_INVENTORY_MODULE_IMPORTS_H

#include <stddef.h>

#include "recovery/process.h"

#define MODULE_IMPORTS_TEXT_SIZE 128

/* Bits, in the order of their words. */
enum module_import {
	MODULE_IMPORT_KPROBES = 1 << 0,
	MODULE_IMPORT_FTRACE = 1 << 1,
	MODULE_IMPORT_TRACEPOINTS = 1 << 2,
	MODULE_IMPORT_NETFILTER = 1 << 3,
	MODULE_IMPORT_LIVEPATCH = 1 << 4,
	MODULE_IMPORT_SYMBOLS = 1 << 5,	  /* asks for the address of what is not exported */
	MODULE_IMPORT_MEMORY = 1 << 6,	  /* makes what is read-only writable */
	MODULE_IMPORT_NOTIFIERS = 1 << 7, /* is told of crashes and of other modules */
};

/* Sets the bits of all that the ELF object in `bytes` imports. Returns 0, or -EBADMSG for what is no 64-bit
 * little-endian ELF with symbols: those are what UEFI machines have. Pure. */
int module_imports_parse(const void *bytes, size_t size, unsigned *ret);

/* The same from the open file `fd`, whose offset is moved. What is compressed is unpacked by the system's programs,
 * for at most 10 s. Returns also -EFBIG (over 64 MiB), -ENOMEM, or an errno of reading or of unpack(). */
int module_imports_read(const struct process_port *processes, int fd, unsigned *ret);

/* "kprobes ftrace", or "-" for none. */
void module_imports_words(unsigned imports, char ret[MODULE_IMPORTS_TEXT_SIZE]);

#endif
