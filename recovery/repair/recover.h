/* recover.h: what is done in a safe start: set the offending update aside, or stand aside
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_REPAIR_RECOVER_H
#define DARUMA_RECOVERY_REPAIR_RECOVER_H

#include <stdbool.h>

#include "recovery/boot/this_boot.h"
#include "recovery/context.h"
#include "recovery/database.h"
#include "recovery/inventory/generation.h"
#include "recovery/policy_file.h"
#include "recovery/process.h"
#include "recovery/products/product.h"
#include "recovery/repair/verdict.h"
#include "recovery/text_list.h"

enum recover_outcome {
	RECOVER_REPAIRED, /* something was set aside, now or before a power cut: the next start is a trial */
	RECOVER_REPEATS, /* the trial ended by a crash of another kind: it is made once more */
	RECOVER_NOTHING, /* no change, no blame (R62): stand aside with every product on */
	RECOVER_FAILED,	 /* there is a change and it could not be set aside: stand aside */
	RECOVER_REDUCED, /* a product is in its reduced mode: the next start is a trial */
	RECOVER_SWITCHED, /* nothing was left to set aside; a product is switched off: the next start is a trial */
	RECOVER_EXHAUSTED, /* that did not help either: they are on again, and the machine stands aside */
	RECOVER_UNPINGED, /* the hardware watchdog reset a system that has no driver for it: stand aside, nobody is to blame */
	RECOVER_OPERATOR, /* a person's panic made of a loop of late crashes one more: nothing is repaired for it */
	RECOVER_STAYS, /* the owner wants no automatic repair, or asked for this profile */
	RECOVER_ASKED, /* a person asked for it, and it is an image that does not stay: the next start is a normal one */
	RECOVER_UNWANTED, /* the owner wants no automatic repair, and it is such an image: stand aside */
};

struct recover {
	const struct context *context;
	const struct process_port *processes;
	struct database *database;
	const struct product_list *products;
	const struct policy_file *policy;
	const struct this_boot *boot;
	/* The system does not run: no program of it is begun, and its boot loader is not touched. */
	bool offline;
	/* Its own safe profile comes next: only objects are set aside here, and what that does not remedy is left to the
	 * profile, where every step of the ladder can be made. */
	bool objects_only;
	/* This start is of the owner's image, in which nobody can log in: it does not stay, whoever asked for it. */
	bool image;
	int64_t commands_until; /* healthy_time_now() from which no product's command is begun; 0: no limit */
};

struct recover_result {
	enum recover_outcome outcome;
	char product[64]; /* the first one set aside, reduced or switched off; "" none */
	int products;	  /* how many of them were */
	int objects;
	bool module; /* a kernel module was among them */
	bool kernel; /* the repair is another kernel, with every product on: see recover_kernel.h */
	bool start;  /* what the machine is started with changed: VERDICT_START */
};

/* Whether this start may repair anything: not where the owner wants no automatic repair (R20), asked for this profile,
 * or the stage counts no incident: what a person asked for is no crash (R62). */
bool recover_may_act(const struct recover *recover);

/* Whether a product's command may be begun: it may hang for its whole time, and be followed by one that does too, and what
 * comes behind them must not be ended by the limit of the unit. */
bool recover_has_time(const struct recover *recover);

/* The products to set aside for the next trial, most suspect first; never one of `tried`, which were set aside in this
 * incident already, nor one that did not change. At first the one to blame alone, if the verdict says who. Else half of
 * those that are left, and what was set aside stays so: with n suspects, however many are guilty, ceil(log2 n) + 2
 * trials are enough (R16). `*ret` has room for all suspects and points into the verdict. Returns how many; 0: none is
 * left. Pure. */
size_t recover_choose(const struct verdict *verdict, const struct change_list *changes,
		      const struct text_list *tried, const char *ret[VERDICT_SUSPECTS_MOST]);

/* What was set aside earlier in this incident and had no trial yet is the repair. A trial that ended by another crash
 * than the incident's is repeated once. Else: finds what changed since the last good generation, judges, and sets the
 * chosen products' changes aside; verifies it, and rebuilds the initramfs of the next kernel where a module changed.
 * Where nothing is left to set aside the products are put into their reduced mode, and then switched off, that
 * switch_choice.h says. Writes no answer. Returns 0 or a negative errno when nothing could be found out. */
int recover_repair(const struct recover *recover, struct recover_result *ret);

/* Answers the stage by the outcome: clean, and trial or aside. */
int recover_answer(const struct recover *recover, const struct recover_result *result);

#endif
