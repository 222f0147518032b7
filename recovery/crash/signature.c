/* signature.c: the signature of a crash, the same on every machine
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/crash/signature.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "recovery/crash/innocent.h"

#define HUMAN_MAX  40
#define FRAMES_MAX 16
#define FNV_BASIS  0xcbf29ce484222325u
#define FNV_PRIME  0x100000001b3u

static uint64_t hash_text(uint64_t hash, const char *text)
{
	/* With the NUL, so that "ab" "c" and "a" "bc" differ. */
	do {
		hash = (hash ^ (unsigned char)*text) * FNV_PRIME;
	} while (*text++);
	return hash;
}

static bool has_reliable(const struct report *report)
{
	for (size_t i = 0; i < report->count; i++)
		if (report->frames[i].reliable)
			return true;
	return false;
}

/* Where a soft interrupt runs: on the way out of an interrupt, behind a lock, or in a thread of its own. Some kernels
 * print the name of its section; do_IRQ is x86's way into an interrupt up to Linux 5.7. */
static bool is_soft_interrupt(const char *function)
{
	return strcmp(function, "handle_softirqs") == 0 || strcmp(function, "__do_softirq") == 0 ||
	       strcmp(function, "__softirqentry_text_start") == 0 ||
	       strcmp(function, "do_IRQ") == 0;
}

/* What hangs was interrupted to be looked at. */
static bool is_stall(enum crash_kind kind)
{
	return kind == CRASH_KIND_HUNG_TASK || kind == CRASH_KIND_RCU_STALL ||
	       kind == CRASH_KIND_SOFT_LOCKUP || kind == CRASH_KIND_HARD_LOCKUP;
}

/* How many of the frames that are `reliable` or are not count. Where an interrupt crashed, how it came about and what it came
 * upon is another each time; where the kernel complains of what was interrupted, that is the crash. */
static size_t count_frames(const struct report *report, const struct crash *crash, bool reliable)
{
	bool named = strcmp(report->pointer.function, crash->function) == 0, one = false;

	for (size_t i = 0; i < report->count && !is_stall(crash->kind); i++) {
		const char *function = report->frames[i].function;

		/* The others are what older calls left on the stack. */
		if (report->frames[i].reliable != reliable)
			continue;
		if (one && (innocent_is_entry(function) || is_soft_interrupt(function)))
			return named ? i : report->count;
		named |= strcmp(function, crash->function) == 0;
		one = true;
	}
	return report->count;
}

static uint64_t hash_frames(uint64_t hash, const struct report *report, const struct crash *crash)
{
	bool reliable = has_reliable(report);
	size_t count = count_frames(report, crash, reliable), used = 0;

	for (size_t i = 0; i < count && used < FRAMES_MAX; i++) {
		const struct place *frame = &report->frames[i];

		if (frame->reliable != reliable ||
		    innocent_function(frame->function, INNOCENT_WAITING) != INNOCENT_NOT)
			continue;
		hash = hash_text(hash_text(hash, frame->function), frame->module);
		used++;
	}
	return hash;
}

void signature_make(const struct report *report, struct crash *crash)
{
	const char *kind = crash_kind_name(crash->kind);
	char human[CRASH_FUNCTION_SIZE + HUMAN_MAX];
	uint64_t hash = hash_text(FNV_BASIS, kind);

	hash = hash_text(hash_text(hash, crash->function), crash->module);
	if (!report->heading.nobody)
		hash = hash_frames(hash, report, crash);
	snprintf(human, sizeof(human), "%s%s%s", kind, crash->function[0] ? "-" : "",
		 crash->function);
	snprintf(crash->signature, sizeof(crash->signature), "daruma-sig-1:%.*s:%016" PRIx64,
		 HUMAN_MAX, human, hash);
}
