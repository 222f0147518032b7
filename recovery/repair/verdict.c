/* verdict.c: which update is to blame for a crash
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/repair/verdict.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/inventory/module_path.h"

/* What a reason adds to the score. What did not change comes behind everything that did, unless the kernel below it did. */
static const struct {
	enum verdict_reason reason;
	const char *name;
	int score;
} reasons[] = {
	{ VERDICT_CHANGED, "changed", 10 },
	{ VERDICT_NEWEST, "newest-change", 5 },
	{ VERDICT_NEAR, "landed-shortly-before", 20 },
	{ VERDICT_NAMED, "named-by-the-crash", 50 },
	{ VERDICT_UNCHANGED, "unchanged", -45 },
	{ VERDICT_PAIR, "kernel-changed-below-it", 35 },
	{ VERDICT_PROGRAM, "program-named-by-the-crash", 50 },
	{ VERDICT_RELEASE, "kernel-release-changed", 0 },
	{ VERDICT_IMAGE, "kernel-image-changed", 0 },
	{ VERDICT_INITRAMFS, "initramfs-changed", 0 },
	{ VERDICT_COMMAND_LINE, "command-line-changed", 0 },
};

#define REASONS (sizeof(reasons) / sizeof(reasons[0]))

static const char *const certainties[] = {
	[VERDICT_UNKNOWN] = "unknown",
	[VERDICT_LIKELY] = "likely",
	[VERDICT_CERTAIN] = "certain",
};

const char *verdict_certainty_name(enum verdict_certainty certainty)
{
	return (unsigned)certainty <= VERDICT_CERTAIN ? certainties[certainty] : "unknown";
}

const char *verdict_reason_name(enum verdict_reason reason)
{
	for (size_t i = 0; i < REASONS; i++)
		if (reasons[i].reason == reason)
			return reasons[i].name;
	return NULL;
}

/* --- suspects ------------------------------------------------------------------------------ */

static struct verdict_suspect *find(struct verdict *verdict, const char *product)
{
	for (size_t i = 0; i < verdict->count; i++)
		if (strcmp(verdict->suspects[i].product, product) == 0)
			return &verdict->suspects[i];
	return NULL;
}

static unsigned count_with(const struct verdict *verdict, unsigned reason)
{
	unsigned count = 0;

	for (size_t i = 0; i < verdict->count; i++)
		count += (verdict->suspects[i].reasons & reason) != 0;
	return count;
}

/* The suspect of that name, entered if it is new; NULL if there is no room. */
static struct verdict_suspect *enter(struct verdict *verdict, const char *product)
{
	struct verdict_suspect *suspect = find(verdict, product);

	if (suspect || verdict->count == VERDICT_SUSPECTS_MOST ||
	    strlen(product) >= VERDICT_PRODUCT_SIZE)
		return suspect;
	suspect = &verdict->suspects[verdict->count++];
	*suspect = (struct verdict_suspect){ .reasons = 0 };
	strcpy(suspect->product, product);
	return suspect;
}

static bool is_near(int64_t change, int64_t failed)
{
	return failed > 0 && change <= failed && failed - change <= VERDICT_NEAR_SECONDS;
}

/* A module that was added for a kernel that is new itself, by its package or built when it was installed: without that
 * kernel it would not be there, and with the kernel before it is not loaded. The change is the kernel's. */
static bool came_with_kernel(const struct verdict_evidence *evidence, const struct change *change)
{
	char kernel[NAME_MAX + 1];

	return evidence->kernel && (evidence->start & VERDICT_RELEASE) && change->how == 'a' &&
	       change->path && module_path_kernel(change->path, kernel) &&
	       strcmp(kernel, evidence->kernel) == 0;
}

/* Changes come newest first. */
static void enter_changes(struct verdict *verdict, const struct verdict_evidence *evidence)
{
	const struct change_list *changes = evidence->changes;

	for (size_t i = 0; i < changes->count; i++) {
		const struct change *change = &changes->items[i];
		struct verdict_suspect *suspect =
			came_with_kernel(evidence, change) ? NULL : enter(verdict, change->product);

		if (!suspect)
			continue;
		suspect->reasons |= VERDICT_CHANGED;
		if (change->time == changes->items[0].time)
			suspect->reasons |= VERDICT_NEWEST;
		if (is_near(change->time, evidence->failed))
			suspect->reasons |= VERDICT_NEAR;
		if (change->time > suspect->newest)
			suspect->newest = change->time;
	}
}

/* Whether what the machine was started with may be blamed. */
static bool start_counts(const struct verdict *verdict, const struct verdict_evidence *evidence)
{
	return (evidence->start & VERDICT_NEW_KERNEL) ||
	       (evidence->start && count_with(verdict, VERDICT_CHANGED) == 0);
}

static void enter_start(struct verdict *verdict, unsigned start, bool counts)
{
	struct verdict_suspect *kernel = start ? enter(verdict, VERDICT_KERNEL) : NULL;

	if (kernel)
		kernel->reasons |= start | (counts ? VERDICT_CHANGED : 0);
}

/* Only what the kernel itself reported, and vouches for, is evidence (R12). */
static bool names_somebody(const struct verdict_evidence *evidence)
{
	const struct crash *crash = evidence->crash;

	return crash && evidence->named && (crash->module[0] || crash->program[0]) &&
	       crash_is_evidence(crash);
}

/* Whether anything of the product, if it changed, did so before the crash. */
static bool precedes_crash(const struct verdict_evidence *evidence)
{
	bool changed = false;

	for (size_t i = 0; i < evidence->changes->count; i++) {
		const struct change *change = &evidence->changes->items[i];

		if (strcmp(change->product, evidence->named) != 0 ||
		    came_with_kernel(evidence, change))
			continue;
		if (evidence->crashed == 0 || change->time <= evidence->crashed)
			return true;
		changed = true;
	}
	return !changed;
}

static struct verdict_suspect *enter_named(struct verdict *verdict,
					   const struct verdict_evidence *evidence,
					   bool start_changed)
{
	struct verdict_suspect *named = names_somebody(evidence) && precedes_crash(evidence) ?
						enter(verdict, evidence->named) :
						NULL;

	if (!named)
		return NULL;
	named->reasons |= evidence->crash->module[0] ? VERDICT_NAMED : VERDICT_PROGRAM;
	if (!(named->reasons & VERDICT_CHANGED))
		named->reasons |= VERDICT_UNCHANGED;
	if (start_changed)
		named->reasons |= VERDICT_PAIR;
	return named;
}

static int compare_suspects(const void *one, const void *other)
{
	const struct verdict_suspect *a = one, *b = other;

	if (a->score != b->score)
		return a->score < b->score ? 1 : -1;
	if (a->newest != b->newest)
		return a->newest < b->newest ? 1 : -1;
	return strcmp(a->product, b->product);
}

static void rank(struct verdict *verdict)
{
	for (size_t i = 0; i < verdict->count; i++)
		for (size_t k = 0; k < REASONS; k++)
			if (verdict->suspects[i].reasons & reasons[k].reason)
				verdict->suspects[i].score += reasons[k].score;
	qsort(verdict->suspects, verdict->count, sizeof(verdict->suspects[0]), compare_suspects);
}

/* --- the judgement ------------------------------------------------------------------------- */

static void blame(struct verdict *verdict, enum verdict_certainty certainty, const char *product,
		  const char *partner)
{
	verdict->certainty = certainty;
	strcpy(verdict->product, product);
	strcpy(verdict->partner, partner);
}

/* A report names a product: two kinds of evidence if it changed. A kernel that changed too may be the other half. */
static void judge_named(struct verdict *verdict, const struct verdict_evidence *evidence)
{
	const char *named = evidence->named;
	const struct verdict_suspect *first = &verdict->suspects[0];
	bool is_first = strcmp(first->product, named) == 0;
	bool pair = first->reasons & VERDICT_PAIR;

	if (is_first && (first->reasons & VERDICT_CHANGED) && !pair)
		/* An old text says nothing of the last failure. */
		blame(verdict, evidence->old ? VERDICT_LIKELY : VERDICT_CERTAIN, named, "");
	else if (is_first && pair)
		blame(verdict, VERDICT_LIKELY, named, VERDICT_KERNEL);
	else if (!is_first && count_with(verdict, VERDICT_CHANGED) == 1)
		/* What changed is blamed before what did not, although that is where it crashed. */
		blame(verdict, VERDICT_LIKELY, first->product, named);
}

/* A module or a program of nobody who is watched: that speaks against every product. */
static bool names_a_stranger(const struct verdict_evidence *evidence)
{
	return evidence->crash && !evidence->old && !evidence->named && evidence->stranger;
}

/* The kernel's modules come with it. */
static void judge_stranger(struct verdict *verdict, bool start_changed)
{
	if (start_changed)
		blame(verdict, VERDICT_LIKELY, VERDICT_KERNEL, "");
}

/* Nobody is named: one kind of evidence is left, and it must point to one change alone. */
static void judge_changes(struct verdict *verdict)
{
	if (count_with(verdict, VERDICT_CHANGED) == 1 ||
	    (count_with(verdict, VERDICT_NEAR) == 1 &&
	     (verdict->suspects[0].reasons & VERDICT_NEAR)))
		blame(verdict, VERDICT_LIKELY, verdict->suspects[0].product, "");
}

void verdict_judge(const struct verdict_evidence *evidence, struct verdict *ret)
{
	const struct verdict_suspect *named;
	bool start_changed;

	*ret = (struct verdict){ .certainty = VERDICT_UNKNOWN };
	if (evidence->crash && evidence->crash->class == CRASH_OPERATOR)
		return;
	snprintf(ret->holders, sizeof(ret->holders), "%s",
		 evidence->holders ? evidence->holders : "");
	enter_changes(ret, evidence);
	start_changed = start_counts(ret, evidence);
	enter_start(ret, evidence->start, start_changed);
	named = enter_named(ret, evidence, start_changed);
	rank(ret);
	if (named)
		judge_named(ret, evidence);
	else if (names_a_stranger(evidence))
		judge_stranger(ret, start_changed);
	else
		judge_changes(ret);
}
