/* verdict.h: which update is to blame for a crash
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Pure. Joins what changed since the last good generation with what the text of the crash names. Blame is certain only
 * with both kinds of evidence (R12), likely with one that points to a single change, and unknown else. What did not
 * change is blamed for nothing (R62); names of processes and lists of loaded modules never reach this place.
 *
 * A kernel that changed is a suspect as a product is. An initramfs is made anew by many an update, and a command line seldom
 * breaks a module: where only they changed, they are blamed, or make a pair, only if no product changed.
 */
#ifndef DARUMA_RECOVERY_REPAIR_VERDICT_H
#define DARUMA_RECOVERY_REPAIR_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "recovery/crash/crash.h"
#include "recovery/inventory/generation.h"
#include "recovery/inventory/program_holder.h"

#define VERDICT_PRODUCT_SIZE  65
#define VERDICT_SUSPECTS_MOST 64
/* An update that landed so shortly before the first failure is near it */
#define VERDICT_NEAR_SECONDS 1800

/* The suspect that is no product. No product file may use this id. */
#define VERDICT_KERNEL "kernel"

enum verdict_certainty {
	VERDICT_UNKNOWN,
	VERDICT_LIKELY,
	VERDICT_CERTAIN,
};

/* Bits: what speaks for a suspect, or against it. */
enum verdict_reason {
	VERDICT_CHANGED = 1 << 0,   /* it changed since the last good generation */
	VERDICT_NEWEST = 1 << 1,    /* its change is the newest of all */
	VERDICT_NEAR = 1 << 2,	    /* its change landed shortly before the first failure */
	VERDICT_NAMED = 1 << 3,	    /* the kernel's report names its module */
	VERDICT_UNCHANGED = 1 << 4, /* it is named, but nothing of it changed */
	VERDICT_PAIR =
		1 << 5, /* it is named, and the kernel below it changed, or how that starts */
	VERDICT_PROGRAM = 1 << 6, /* the kernel's report names an eBPF program that it had open */
	/* Of the kernel: what of it changed. */
	VERDICT_RELEASE = 1 << 7,	/* another kernel runs */
	VERDICT_IMAGE = 1 << 8,		/* its file is another one */
	VERDICT_INITRAMFS = 1 << 9,	/* its initramfs is another one */
	VERDICT_COMMAND_LINE = 1 << 10, /* it was started with another command line */
};

/* What is started is another kernel. */
#define VERDICT_NEW_KERNEL (VERDICT_RELEASE | VERDICT_IMAGE)
/* All of what a machine is started with. */
#define VERDICT_START (VERDICT_NEW_KERNEL | VERDICT_INITRAMFS | VERDICT_COMMAND_LINE)

struct verdict_suspect {
	char product[VERDICT_PRODUCT_SIZE];
	unsigned reasons;
	int score;	/* the higher, the more suspect */
	int64_t newest; /* its newest change, seconds since 1970; 0 where nothing of it changed */
};

struct verdict {
	enum verdict_certainty certainty;
	char product[VERDICT_PRODUCT_SIZE]; /* to blame; "" where unknown */
	/* that belongs to it: the changed kernel below a named product, or the unchanged product that was named; "" none */
	char partner[VERDICT_PRODUCT_SIZE];
	struct verdict_suspect suspects[VERDICT_SUSPECTS_MOST]; /* highest score first */
	size_t count;
	char holders[PROGRAM_HOLDERS_SIZE]; /* those of the evidence; they were weighed before */
};

struct verdict_evidence {
	const struct change_list *changes;
	const struct crash *crash; /* of the newest text; NULL or class NONE: there is none */
	/* product whose module or eBPF program the crash names, or NULL: crash_owner.h */
	const char *named;
	bool stranger; /* what the crash names belongs to somebody who is no product */
	/* who had the eBPF program open that it names: crash_owner.h; NULL or "" nobody */
	const char *holders;
	int64_t crashed; /* when it crashed, seconds since 1970; 0 not known. What landed later did not cause it */
	/* that text tells nothing of how the last failed start ended: it is of an earlier one, or of a journal */
	bool old;
	unsigned start;	    /* bits of VERDICT_START: what changed since the last good generation */
	const char *kernel; /* release of the one that runs; NULL or "" not known */
	int64_t failed; /* when the first failure of the incident was seen, seconds since 1970; 0 not known */
};

/* Fills `*ret` in every case. Suspects beyond VERDICT_SUSPECTS_MOST, the oldest changes, are left out. */
void verdict_judge(const struct verdict_evidence *evidence, struct verdict *ret);

/* "certain", "likely", "unknown"; static storage. */
const char *verdict_certainty_name(enum verdict_certainty certainty);

/* The word for one reason; NULL for what is none. */
const char *verdict_reason_name(enum verdict_reason reason);

#endif
