/* reader.c: reads the text of a crash, in pieces of any size
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/crash/reader.h"

#include "recovery/crash/blame.h"
#include "recovery/crash/prefix.h"
#include "recovery/crash/signature.h"

/* Before Linux 4.14 the SysRq key crashed by a write to address 0. */
#define SYSRQ_FUNCTION "sysrq_handle_crash"
#define SYSRQ_DEPTH    4

void crash_reader_init(struct crash_reader *reader)
{
	memset(reader, 0, offsetof(struct crash_reader, current));
	reader->current.count = reader->best.count = 0;
}

/* The first of the highest weight, but one that names a place before one that does not. */
static bool is_better(const struct report *report, const struct report *best)
{
	if (report->heading.weight != best->heading.weight)
		return report->heading.weight > best->heading.weight;
	return report_has_place(report) && !report_has_place(best) && !best->heading.nobody;
}

static void end_report(struct crash_reader *reader)
{
	if (!reader->has_current)
		return;
	if (!reader->has_best || is_better(&reader->current, &reader->best)) {
		report_copy(&reader->best, &reader->current);
		reader->has_best = true;
	}
	reader->has_current = false;
}

static void begin_report(struct crash_reader *reader, const struct heading *heading,
			 uint32_t caller)
{
	end_report(reader);
	report_begin(&reader->current, heading, caller);
	reader->has_current = true;
}

/* What the machine stopped for is more than a notice; of several of its kind the first is meant. */
static void raise_weight(struct crash_reader *reader, enum heading_weight weight)
{
	struct report *meant = &reader->current;

	if (reader->has_best && reader->best.heading.kind == meant->heading.kind)
		meant = &reader->best;
	if (meant->heading.weight < weight)
		meant->heading.weight = weight;
}

/* The last panic is the true one: nothing stops the kernel from printing a user's string earlier. */
static void read_panic(struct crash_reader *reader, const struct heading *heading, uint32_t caller)
{
	reader->panicked = true;
	reader->operator_asked = heading->operator_asked;
	reader->operator_kind = heading->kind;
	if (reader->has_current &&
	    (heading->follows || reader->current.heading.weight > HEADING_NOTICE)) {
		raise_weight(reader, heading->weight);
		return;
	}
	begin_report(reader, heading, caller);
}

/* Lines that only add to the head of the report that is open. Old kernels print the pointer before them. */
static bool continues(const struct crash_reader *reader, const struct heading *heading)
{
	const struct report *current = &reader->current;

	return heading->details && reader->has_current && current->open && current->count == 0 &&
	       (current->heading.weight == HEADING_FAULT || current->headless);
}

/* "BUG: ..." as the words of a warning, which the kernel prints before the warning itself. */
static bool explains(const struct crash_reader *reader, const struct heading *heading)
{
	const struct report *current = &reader->current;

	return heading->warns && heading->kind == CRASH_KIND_WARNING && reader->has_current &&
	       current->open && current->heading.kind == CRASH_KIND_OTHER &&
	       !report_has_place(current);
}

/* Another task or processor reports something of no more weight while the report that is open has not come to its trace. */
static bool is_beside(const struct crash_reader *reader, const struct heading *heading,
		      uint32_t caller)
{
	const struct report *current = &reader->current;

	return reader->has_current && current->open && current->count == 0 && current->caller &&
	       caller && caller != current->caller && heading->weight <= current->heading.weight;
}

static void read_heading(struct crash_reader *reader, const struct heading *heading,
			 uint32_t caller)
{
	if (heading->panic) {
		read_panic(reader, heading, caller);
		return;
	}
	reader->oops = reader->oops || heading->weight == HEADING_FAULT ||
		       heading->kind == CRASH_KIND_SOFT_LOCKUP ||
		       heading->kind == CRASH_KIND_HARD_LOCKUP;
	if (is_beside(reader, heading, caller))
		return;
	if (explains(reader, heading)) {
		reader->current.heading.place = heading->place;
		reader->current.heading.warns = true;
		return;
	}
	if (continues(reader, heading)) {
		if (reader->current.headless) {
			reader->current.heading = *heading;
			reader->current.headless = false;
		}
		return;
	}
	begin_report(reader, heading, caller);
}

static bool is_users(struct crash_reader *reader, const struct log_line *line)
{
	return line->by_user || (reader->numbered && !line->numbered);
}

static void read_line(struct crash_reader *reader, struct span text)
{
	struct log_line line = prefix_strip(text);
	struct heading heading;
	bool begins = heading_read(line.text, &heading);

	/* Nothing before the first facility was a line of the kernel, unless a report has begun. */
	if (line.numbered && !reader->has_current && !reader->has_best)
		reader->numbered = true;
	reader->stamped = reader->stamped || line.stamped;
	if (is_users(reader, &line) ||
	    (begins && reader->stamped && !line.stamped && !line.numbered)) {
		reader->forged = reader->forged || begins;
		return;
	}
	if (begins) {
		read_heading(reader, &heading, line.caller);
		return;
	}
	if (!reader->has_current && !reader->has_best && report_can_begin(line.text))
		begin_report(reader, NULL, line.caller);
	if (reader->has_current)
		report_read(&reader->current, line.text, line.caller);
}

/* Mail and web pages put no-break spaces (U+00A0) where blanks were. */
static void put_blanks(char *line, size_t length)
{
	for (size_t i = 0; i + 1 < length; i++)
		if (line[i] == '\xc2' && line[i + 1] == '\xa0')
			line[i] = line[i + 1] = ' ';
}

static void flush_line(struct crash_reader *reader)
{
	struct span text = { .at = reader->line, .length = reader->length };

	put_blanks(reader->line, reader->length);
	while (text.length > 0 &&
	       (text.at[text.length - 1] == '\r' || text.at[text.length - 1] == ' '))
		text.length--;
	if (text.length > 0)
		read_line(reader, text);
	reader->length = 0;
}

void crash_reader_feed(struct crash_reader *reader, const void *bytes, size_t size)
{
	struct span rest = { .at = bytes ? bytes : "", .length = bytes ? size : 0 };

	while (rest.length > 0) {
		const char *newline = memchr(rest.at, '\n', rest.length);
		size_t length = newline ? (size_t)(newline - rest.at) : rest.length;
		size_t room = sizeof(reader->line) - reader->length;

		memcpy(reader->line + reader->length, rest.at, length < room ? length : room);
		reader->length += length < room ? length : room;
		if (newline)
			flush_line(reader);
		rest = span_after(rest, length + (newline ? 1 : 0));
	}
}

static bool is_old_sysrq(const struct report *report)
{
	if (strcmp(report->pointer.function, SYSRQ_FUNCTION) == 0)
		return true;
	for (size_t i = 0; i < report->count && i < SYSRQ_DEPTH; i++)
		if (report->frames[i].reliable &&
		    strcmp(report->frames[i].function, SYSRQ_FUNCTION) == 0)
			return true;
	return false;
}

static enum crash_class class_of(const struct crash_reader *reader)
{
	if (reader->operator_asked)
		return CRASH_OPERATOR;
	if (reader->panicked)
		return CRASH_PANIC;
	return reader->oops || reader->best.headless ? CRASH_OOPS : CRASH_NONE;
}

void crash_reader_finish(struct crash_reader *reader, struct crash *ret)
{
	struct report *best = &reader->best;

	flush_line(reader);
	end_report(reader);
	memset(ret, 0, sizeof(*ret));
	if (!reader->has_best) {
		ret->origin = reader->forged ? CRASH_ORIGIN_USERSPACE : CRASH_ORIGIN_NONE;
		return;
	}
	if (is_old_sysrq(best)) {
		reader->operator_asked = true;
		reader->operator_kind = CRASH_KIND_SYSRQ;
	}
	ret->class = class_of(reader);
	ret->origin = reader->operator_asked ? CRASH_ORIGIN_OPERATOR : CRASH_ORIGIN_KERNEL;
	ret->kind = reader->operator_asked ? reader->operator_kind : report_kind(best);
	best->heading.nobody = best->heading.nobody || reader->operator_asked;
	blame_find(best, ret);
	signature_make(best, ret);
}
