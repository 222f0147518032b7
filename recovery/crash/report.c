/* report.c: one report of the kernel, line by line
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/crash/report.h"

#include <stddef.h>

#include "recovery/crash/innocent.h"

#define COUNT(array)  (sizeof(array) / sizeof((array)[0]))
#define FIRST_PAGE    4096 /* addresses below it come from a NULL pointer */
#define USER_MODE     '3'  /* last digit of the selector: privilege level 3 */
#define CACHE_BEFORE  "SLUB object '"
#define CACHE_BEFORE_ "SLAB object '"

/* A trace follows. */
static const char *const trace_starts[] = { "Call Trace:", "Call trace:", "Backtrace:",
					    "backtrace:", "backtrace (" };

/* What follows is no trace, or not that of the fault. */
static const char *const trace_ends[] = {
	"---[ end ",	  "Allocated by task", "Freed by task",	      "Allocated:",
	"Freed:",	  "Showing all locks", "Uninit was ",	      "Local variable ",
	"Memory state ",  "Last potentially ", "Second to last ",     "-> #",
	"The buggy addr", "Last call_rcu",     "Kernel Offset",	      "which belongs to",
	"kfence-#",	  "allocated by task", "NMI backtrace for",   "Task dump for",
	"CPU: ",	  "freed by task",     "Reported by Kernel ",
};

/* How the instruction pointer is printed; what is said of the caller's (lr, ra) is no evidence. */
static const struct {
	const char *start;
	bool selector; /* "0010:" stands before the place */
} pointers[] = {
	{ "RIP: ", true },	{ "EIP: ", true },	 { "pc : ", false }, { "epc : ", false },
	{ "PC is at ", false }, { "EIP is at ", false }, { "IP: ", false },  { "RIP  ", false },
};

void report_begin(struct report *report, const struct heading *heading, uint32_t caller)
{
	/* The frames are not cleared: a hostile text may hold a heading in every line. */
	memset(report, 0, offsetof(struct report, frames));
	memset(&report->work, 0, sizeof(*report) - offsetof(struct report, work));
	report->open = true;
	report->caller = caller;
	report->headless = !heading;
	if (heading)
		report->heading = *heading;
	report->collecting = report->heading.trace_follows;
	report->trace_starts = report->collecting;
}

static bool starts_with_one(struct span line, const char *const list[], size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (span_starts(line, list[i]))
			return true;
	return false;
}

static bool is_marker(struct span line)
{
	return span_starts(line, "<TASK>") || span_starts(line, "<IRQ>") ||
	       span_starts(line, "<NMI>");
}

/* Kernels print more than one trace where more than one processor or task is looked at. */
static bool has_many_traces(const struct report *report)
{
	return report->heading.kind == CRASH_KIND_RCU_STALL ||
	       report->heading.kind == CRASH_KIND_SOFT_LOCKUP ||
	       report->heading.kind == CRASH_KIND_HARD_LOCKUP;
}

static void begin_trace(struct report *report)
{
	report->collecting = report->count == 0 || has_many_traces(report);
	report->trace_starts = report->collecting && !report->pointer_last;
}

static void add_frame(struct report *report, const struct place *place)
{
	if (report->count == REPORT_FRAMES)
		return;
	report->frames[report->count] = *place;
	report->frames[report->count++].trace_starts = report->trace_starts;
	report->trace_starts = false;
	report->pointer_last = false;
}

/* "0010:" off the front. Returns whether the pointer is in the kernel. */
static bool take_selector(struct span *text)
{
	size_t digits = span_while(*text, span_hex);

	if (digits != 4 || digits == text->length || text->at[digits] != ':')
		return true;
	if (text->at[digits - 1] == USER_MODE)
		return false;
	*text = span_after(*text, digits + 1);
	return true;
}

/* The place of an instruction pointer's line; function "" for a bare address. Returns whether the line is one of the
 * kernel's own. */
static bool read_pointer(struct span line, struct place *ret)
{
	memset(ret, 0, sizeof(*ret));
	for (size_t i = 0; i < COUNT(pointers); i++) {
		struct span text = line;

		if (!span_take(&text, pointers[i].start))
			continue;
		if (pointers[i].selector && !take_selector(&text))
			return false;
		if (!place_read_frame(text, ret))
			memset(ret, 0, sizeof(*ret));
		ret->reliable = true;
		return true;
	}
	return false;
}

static bool take_pointer(struct report *report, struct span line)
{
	struct place place;

	if (!read_pointer(line, &place))
		return false;
	/* Inside a trace: where the code was that an interrupt came upon. */
	if (report->collecting && report->count > 0) {
		if (place.function[0])
			add_frame(report, &place);
	} else if (has_many_traces(report) && report->count > 0) {
		report->trace_starts = true;
		if (place.function[0])
			add_frame(report, &place);
		report->pointer_last = place.function[0];
	} else if (!report->has_pointer || (!report->pointer.function[0] && report->count == 0)) {
		report->has_pointer = true;
		report->pointer = place;
	}
	return true;
}

static bool is_function(char letter)
{
	return span_letter(letter) || span_digit(letter) || letter == '_';
}

/* "last function: name [module]": the work that left a lock held (kernel/workqueue.c). */
static void read_last(struct report *report, struct span line)
{
	struct place *place = &report->heading.place;
	size_t length = span_while(line, is_function);

	if (length == 0 || length >= sizeof(place->function))
		return;
	memcpy(place->function, line.at, length);
	place->function[length] = '\0';
	place->reliable = true;
}

/* "(lock){+.+.}, at: [<address>] place": where lockdep saw the lock asked for, if that is no lock function itself. */
static void read_lock(struct report *report, struct span line)
{
	size_t at = span_find(line, ", at: ");
	struct place place;

	if (place_read_frame(span_after(line, at + strlen(", at: ")), &place) &&
	    innocent_function(place.function, INNOCENT_FAULTING) == INNOCENT_NOT)
		report->heading.place = place;
}

static bool is_cache(char letter)
{
	return span_letter(letter) || span_digit(letter) || letter == '_' || letter == '-';
}

/* "Workqueue: name function [module] (description)". */
static void read_work(struct report *report, struct span line)
{
	size_t bracket = span_find(line, " ["), start = bracket;
	struct span module = span_after(line, bracket + 2);
	size_t length = span_while(module, is_cache);

	while (start > 0 && is_function(line.at[start - 1]))
		start--;
	if (start == bracket || bracket - start >= sizeof(report->work.function) || length == 0 ||
	    length >= sizeof(report->work.module) || !span_starts(span_after(module, length), "]"))
		return;
	memcpy(report->work.function, line.at + start, bracket - start);
	memcpy(report->work.module, module.at, length);
}

static bool read_cache(struct report *report, struct span line)
{
	size_t at = span_find(line, CACHE_BEFORE);
	size_t length;

	if (!span_starts(line, "usercopy: "))
		return false;
	if (at == line.length)
		at = span_find(line, CACHE_BEFORE_);
	line = span_after(line, at + strlen(CACHE_BEFORE));
	length = span_while(line, is_cache);
	if (length == 0 || length >= sizeof(report->cache))
		return false;
	memcpy(report->cache, line.at, length);
	report->cache[length] = '\0';
	return true;
}

/* The list of modules is no evidence: here it is the dictionary that the name of the cache is looked up in. */
static void read_modules(struct report *report, struct span line)
{
	while (report->cache[0] && line.length > 0) {
		size_t length;

		line = span_trim(line);
		length = span_while(line, is_cache);
		if (length > 1 && length > strlen(report->owner) &&
		    length < strlen(report->cache) && report->cache[length] == '_' &&
		    memcmp(report->cache, line.at, length) == 0) {
			memcpy(report->owner, line.at, length);
			report->owner[length] = '\0';
		}
		while (line.length > 0 && *line.at != ' ')
			line = span_after(line, 1);
	}
}

/* A list that goes on in the next line: names, none of them a place or a key. */
static bool is_modules(struct span line)
{
	size_t length = span_while(line, is_cache);

	return length > 0 &&
	       (length == line.length || line.at[length] == ' ' || line.at[length] == '(') &&
	       !span_has(line, ": ");
}

static bool take_modules(struct report *report, struct span line)
{
	if (span_take(&line, "Modules linked in:"))
		report->in_modules = true;
	else if (report->in_modules && !is_modules(line))
		report->in_modules = false;
	if (report->in_modules)
		read_modules(report, line);
	return report->in_modules;
}

static void set_address(struct report *report, struct span digits)
{
	size_t length = span_while(digits, span_hex);
	uint64_t address = 0;

	if (length < 8 || length > 16 || report->has_address)
		return;
	for (size_t i = 0; i < length; i++) {
		char letter = digits.at[i];

		address =
			address << 4 |
			(uint64_t)(span_digit(letter) ? letter - '0' : (letter | 0x20) - 'a' + 10);
	}
	report->address = address;
	report->has_address = true;
}

/* "CR2: 0000000000000008 CR3: ...", "[0000000000000008] pgd=..." */
static void read_address(struct report *report, struct span line)
{
	if (span_take(&line, "CR2: ") || (span_has(line, "] pgd=") && span_take(&line, "[")))
		set_address(report, line);
}

bool report_can_begin(struct span line)
{
	struct place place;

	line = span_trim(line);
	return is_marker(line) || starts_with_one(line, trace_starts, COUNT(trace_starts)) ||
	       span_starts(line, "usercopy: ") || read_pointer(line, &place);
}

static bool is_others(const struct report *report, uint32_t caller)
{
	return caller && report->caller && caller != report->caller && !has_many_traces(report);
}

void report_read(struct report *report, struct span line, uint32_t caller)
{
	struct place place;
	struct span text = span_trim(line);

	if (!report->open || is_others(report, caller) || take_modules(report, text) ||
	    read_cache(report, text))
		return;
	if (starts_with_one(text, trace_starts, COUNT(trace_starts))) {
		begin_trace(report);
	} else if (starts_with_one(text, trace_ends, COUNT(trace_ends))) {
		/* The processor's line may come late in a report whose trace is not announced. */
		report->collecting =
			report->count == 0 && span_starts(text, "CPU: ") && report->collecting;
		if (span_starts(text, "---[ end ") && !has_many_traces(report))
			report->open = false;
		return;
	} else if (is_marker(text) && report->count == 0 && !report->collecting) {
		begin_trace(report);
	}
	if (take_pointer(report, text))
		return;
	if (report->heading.locks && !report->heading.place.function[0])
		read_lock(report, text);
	if (span_take(&text, "last function: ") && !report->heading.place.function[0])
		read_last(report, text);
	else if (span_take(&text, "Workqueue: "))
		read_work(report, text);
	else if (report->collecting && place_read_frame(line, &place))
		add_frame(report, &place);
	else
		read_address(report, text);
}

bool report_has_place(const struct report *report)
{
	return report->heading.place.function[0] || report->pointer.function[0] ||
	       report->count > 0;
}

enum crash_kind report_kind(const struct report *report)
{
	enum crash_kind kind = report->headless ? CRASH_KIND_OTHER : report->heading.kind;
	bool vague = report->headless || (kind == CRASH_KIND_PAGE_FAULT && report->heading.details);

	if (vague && report->has_address && report->address < FIRST_PAGE)
		return CRASH_KIND_NULL_DEREFERENCE;
	return kind;
}

void report_copy(struct report *to, const struct report *from)
{
	memcpy(to, from, offsetof(struct report, frames));
	memcpy(to->frames, from->frames, from->count * sizeof(from->frames[0]));
	memcpy(&to->work, &from->work, sizeof(*from) - offsetof(struct report, work));
}
