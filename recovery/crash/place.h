/* place.h: a place in the kernel's code, as its texts name it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * "function+0x1a/0x40 [module]", with "[module 40 hex digits]" where build ids are printed (Linux kernel/kallsyms.c); in
 * texts that were run through a decoder also "function file.c:12 [inline]". A bare address names nobody.
 */
#ifndef DARUMA_RECOVERY_CRASH_PLACE_H
#define DARUMA_RECOVERY_CRASH_PLACE_H

#include "recovery/crash/crash.h"
#include "recovery/crash/span.h"

struct place {
	char function[CRASH_FUNCTION_SIZE]; /* "" nobody; without the compiler's suffix */
	char module[CRASH_NAME_SIZE];	    /* "" the kernel itself, or not known: see module_cut */
	bool module_cut;		    /* a module is named, but its name is cut off */
	bool reliable;			    /* not marked "?": the unwinder vouches for it */
	bool trace_starts;		    /* first entry of a trace */
};

/* Reads the place at the front of `text`. Returns whether there is one; `ret` is set on success, reliable. */
bool place_read(struct span text, struct place *ret);

/* Reads the first place anywhere in `text`. */
bool place_find(struct span text, struct place *ret);

/* Reads a line of a stack trace: markers such as "<IRQ>", addresses in brackets and "?" may stand before the place.
 * Nothing but a module, a mark like "(P)" or a source line may follow it. */
bool place_read_frame(struct span text, struct place *ret);

/* Whether the name is that of a compiled eBPF program with its tag: "bpf_prog_" and 16 hex digits, perhaps "_name"
 * (linux/filter.h). Kernel functions named bpf_prog_... have no tag. */
bool place_is_program(const char *function);

#endif
