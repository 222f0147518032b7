/* blame.c: who is to blame in a report
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/crash/blame.h"

#include <stdio.h>

#include "recovery/crash/innocent.h"

/* Frames above a fault in the kernel itself that may have handed it the bad value */
#define CALLERS_NEAR 2

/* Where somebody was found: a place of the report, and the frames of his callers. */
struct finding {
	const struct place *place; /* NULL nobody */
	size_t callers;		   /* first frame below it */
	size_t end;		   /* of the trace */
	bool poor;
};

static bool is_waiting(const struct report *report)
{
	enum crash_kind kind = report->heading.kind;

	return kind == CRASH_KIND_HUNG_TASK || kind == CRASH_KIND_RCU_STALL ||
	       kind == CRASH_KIND_SOFT_LOCKUP || kind == CRASH_KIND_HARD_LOCKUP;
}

/* The task that hangs runs nowhere: a pointer that is printed is that of another. */
static bool is_hung(const struct report *report)
{
	return report->heading.kind == CRASH_KIND_HUNG_TASK;
}

static bool is_stall(const struct report *report)
{
	return is_waiting(report) && !is_hung(report);
}

static enum innocent innocence(const struct report *report, const struct place *place)
{
	enum innocent_context context = is_waiting(report)   ? INNOCENT_WAITING :
					report->heading.leak ? INNOCENT_LEAKING :
							       INNOCENT_FAULTING;

	/* A processor that stands still is looked at by an interrupt. */
	if (is_stall(report) && innocent_is_entry(place->function))
		return INNOCENT_REPORTER;
	return innocent_function(place->function, context);
}

static size_t trace_end(const struct report *report, size_t start)
{
	size_t end = start;

	while (end < report->count && (end == start || !report->frames[end].trace_starts))
		end++;
	return end;
}

/* In the trace of a stalled processor: behind the interrupt in which it looked at itself. */
static size_t trace_begin(const struct report *report, size_t start, size_t end)
{
	size_t begin = start;
	bool looking = false;

	for (size_t i = start; i < end; i++) {
		const struct place *frame = &report->frames[i];

		if (!frame->reliable)
			continue;
		if (innocent_is_stall_reporter(frame->function))
			looking = true;
		else if (looking && innocent_is_entry(frame->function)) {
			begin = i + 1;
			looking = false;
		}
	}
	return begin;
}

/* The first frame of [begin, end) that may be to blame, or with `library` that did what it was told. */
static bool find_frame(const struct report *report, size_t begin, size_t end, bool reliable,
		       bool library, struct finding *ret)
{
	for (size_t i = begin; i < end; i++) {
		const struct place *frame = &report->frames[i];
		enum innocent innocent;

		if (frame->reliable != reliable)
			continue;
		innocent = innocence(report, frame);
		if (innocent == INNOCENT_REPORTER || (innocent == INNOCENT_LIBRARY && !library))
			continue;
		*ret = (struct finding){ frame, i + 1, end, !reliable || library };
		return true;
	}
	return false;
}

static bool find_in_traces(const struct report *report, bool reliable, bool library,
			   struct finding *ret)
{
	for (size_t start = 0, end; start < report->count; start = end) {
		size_t begin = start;

		end = trace_end(report, start);
		if (is_stall(report))
			begin = trace_begin(report, start, end);
		if (find_frame(report, begin, end, reliable, library, ret))
			return true;
	}
	return false;
}

/* The heading's place or the instruction pointer. */
static bool find_named(const struct report *report, const struct place *place, bool library,
		       struct finding *ret)
{
	enum innocent innocent = innocence(report, place);

	if (!place->function[0] || innocent == INNOCENT_REPORTER ||
	    (innocent == INNOCENT_LIBRARY && !library))
		return false;
	*ret = (struct finding){ place, 0, trace_end(report, 0), library };
	return true;
}

/* The next frame below that is not innocent and not the place itself again. */
static size_t next_caller(const struct report *report, const struct finding *found, size_t at)
{
	for (; at < found->end; at++) {
		const struct place *frame = &report->frames[at];

		if (frame->reliable && innocence(report, frame) == INNOCENT_NOT &&
		    strcmp(frame->function, found->place->function) != 0)
			return at;
	}
	return found->end;
}

/* A module among the callers that are near; NULL none. */
static const struct place *near_module(const struct report *report, const struct finding *found,
				       bool past_frameworks)
{
	size_t at = found->callers, near = 0;

	while ((at = next_caller(report, found, at)) < found->end) {
		const struct place *frame = &report->frames[at++];
		bool framework = past_frameworks && innocent_is_framework(frame->module);

		if (frame->module[0] && !framework)
			return frame;
		if (!framework && ++near == CALLERS_NEAR)
			return NULL;
	}
	return NULL;
}

/* Where a processor stands while it does not get on is chance; what its dispatcher called is not. Takes the last function
 * before the first dispatcher, unless a module is at the top. */
static void go_deeper(const struct report *report, struct finding *found)
{
	const struct place *last = found->place;

	if (last->module[0] || near_module(report, found, false) ||
	    innocent_is_waiting_for_all(last->function))
		return;
	for (size_t i = found->callers; i < found->end; i++) {
		const struct place *frame = &report->frames[i];

		if (!frame->reliable)
			continue;
		if (innocent_is_waiting_for_all(frame->function))
			last = frame;
		if (last == frame || innocent_is_dispatcher(frame->function)) {
			found->place = last;
			return;
		}
		if (innocence(report, frame) != INNOCENT_REPORTER) {
			last = frame;
			found->callers = i + 1;
		}
	}
}

static struct finding find(const struct report *report)
{
	struct finding nobody = { 0 }, found;

	for (int library = 0; library < 2; library++) {
		if (find_named(report, &report->heading.place, library, &found) ||
		    (!is_hung(report) && find_named(report, &report->pointer, library, &found)) ||
		    find_in_traces(report, true, library, &found) ||
		    find_in_traces(report, false, library, &found))
			return found;
	}
	return nobody;
}

static void set_module(struct crash *crash, const char *module)
{
	snprintf(crash->module, sizeof(crash->module), "%s", module);
}

static void find_module(const struct report *report, const struct finding *found,
			struct crash *crash)
{
	const struct place *place = found->place, *caller;
	bool framework = report->heading.warns && innocent_is_framework(place->module);

	if (place_is_program(place->function))
		return;
	set_module(crash, place->module);
	if (place->module_cut || (place->module[0] && !framework))
		return;
	caller = near_module(report, found, report->heading.warns);
	if (caller)
		set_module(crash, caller->module);
	else if (!place->module[0] && report->work.module[0] &&
		 strcmp(place->function, "process_one_work") == 0)
		set_module(crash, report->work.module);
}

static void find_program(const struct report *report, const struct finding *found,
			 struct crash *crash)
{
	const struct place *place = found->place;
	size_t at = found->callers;

	for (size_t near = 0; near <= CALLERS_NEAR; near++) {
		if (place_is_program(place->function)) {
			snprintf(crash->program, sizeof(crash->program), "%s", place->function);
			crash->module[0] = '\0';
			return;
		}
		at = next_caller(report, found, at);
		if (at == found->end)
			return;
		place = &report->frames[at++];
		if (place->module[0])
			return;
	}
}

static enum crash_quality quality_of(const struct report *report, const struct finding *found)
{
	if (found->poor)
		return CRASH_QUALITY_POOR;
	if (report->headless || report->count == 0)
		return CRASH_QUALITY_PARTIAL;
	return CRASH_QUALITY_GOOD;
}

void blame_find(const struct report *report, struct crash *crash)
{
	struct finding found = find(report);

	if (report->heading.nobody)
		return;
	if (found.place && (is_stall(report) || report->heading.overflow))
		go_deeper(report, &found);
	if (!found.place) {
		/* The checker of copies stopped the machine; whose object it was, it has said. */
		set_module(crash, report->owner);
		crash->quality = report->owner[0] ? CRASH_QUALITY_POOR : CRASH_QUALITY_NONE;
		return;
	}
	snprintf(crash->function, sizeof(crash->function), "%s", found.place->function);
	find_module(report, &found, crash);
	find_program(report, &found, crash);
	crash->quality = quality_of(report, &found);
}
