/* crash_text.c: what the text of a crash says: its class, and where the machine was
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/crash_text.h"

#include <stdbool.h>
#include <string.h>

#define PANIC	      "Kernel panic - not syncing: "
#define RIP	      "RIP: 0010:" /* 0033 is user code */
#define END_OF_TRACE  "---[ end trace "
#define USER_FACILITY 8

/* A piece of the text: not terminated. */
struct span {
	const char *at;
	size_t length;
};

struct reading {
	bool prefixed; /* the text tells facilities */
	bool in_crash; /* inside the report of an oops or panic, not of a warning */
	struct crash *crash;
};

/* What the report of a crash starts with (arch/x86/kernel/{traps,dumpstack}.c, arch/x86/mm/fault.c, kernel/watchdog.c). */
static const char *const heads[] = {
	"BUG: ",
	"Oops: ",
	"kernel BUG at ",
	"general protection fault",
	"invalid opcode: ",
	"divide error: ",
	"stack segment: ",
	"double fault: ",
	"int3: ",
	"traps: PANIC: double fault",
	"PANIC: double fault",
	"watchdog: BUG: soft lockup",
	"Watchdog detected hard LOCKUP",
	"NMI watchdog: Watchdog detected hard LOCKUP",
	"watchdog: Watchdog detected hard LOCKUP",
	PANIC,
};

/* Reasons of a panic that a person asked for (drivers/tty/sysrq.c, arch/x86/kernel/nmi.c). A hard lockup comes by NMI
 * too and is none of these. */
static const char *const asked_for[] = {
	"sysrq triggered crash",
	"NMI: Not continuing",
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool starts_with(struct span text, const char *head)
{
	size_t length = strlen(head);

	return text.length >= length && memcmp(text.at, head, length) == 0;
}

static bool starts_with_one(struct span text, const char *const list[], size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (starts_with(text, list[i]))
			return true;
	}
	return false;
}

static struct span without(struct span text, size_t length)
{
	return (struct span){ .at = text.at + length, .length = text.length - length };
}

static bool is_digit(char letter)
{
	return letter >= '0' && letter <= '9';
}

/* "<N>": its length, and N, at most three digits; 0 where there is none. */
static size_t prefix_length(struct span line, unsigned *ret_number)
{
	unsigned number = 0;
	size_t i = 1;

	if (line.length < 3 || line.at[0] != '<')
		return 0;
	for (; i < line.length && i <= 3 && is_digit(line.at[i]); i++)
		number = number * 10 + (unsigned)(line.at[i] - '0');
	if (i == 1 || i == line.length || line.at[i] != '>')
		return 0;
	*ret_number = number;
	return i + 1;
}

/* "[  123.456789] ", and "[  T123] " after it on kernels that say who printed. */
static struct span without_stamp(struct span line)
{
	while (line.length > 0 && line.at[0] == '[') {
		const char *end = memchr(line.at, ']', line.length < 24 ? line.length : 24);

		if (!end)
			break;
		line = without(line, (size_t)(end - line.at) + 1);
		if (line.length > 0 && line.at[0] == ' ')
			line = without(line, 1);
	}
	return line;
}

static bool is_name(char letter)
{
	return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
	       is_digit(letter) || letter == '_' || letter == '.';
}

/* Copies the name at the start of `text`; what is longer than a name may be is none. Returns its length. */
static size_t copy_name(struct span text, char ret[CRASH_NAME_SIZE])
{
	size_t length = 0;

	while (length < text.length && is_name(text.at[length]))
		length++;
	if (length == 0 || length >= CRASH_NAME_SIZE)
		return 0;
	memcpy(ret, text.at, length);
	ret[length] = '\0';
	return length;
}

/* "fn+0x1a/0x40 [mod]", "[mod 40 hex digits]" where build ids are printed. A bare address has no "+0x". */
static void read_place(struct span place, struct crash *crash)
{
	char function[CRASH_NAME_SIZE], module[CRASH_NAME_SIZE] = "";
	size_t length = copy_name(place, function);
	const char *bracket;

	if (length == 0 || !starts_with(without(place, length), "+0x"))
		return;
	bracket = memchr(place.at, '[', place.length);
	if (bracket)
		copy_name(without(place, (size_t)(bracket - place.at) + 1), module);
	memcpy(crash->function, function, sizeof(function));
	memcpy(crash->module, module, sizeof(module));
}

static bool asked_by_a_person(struct span reason, const struct crash *crash)
{
	/* Before Linux 4.14 the SysRq key crashed by a write to address 0. */
	return starts_with_one(reason, asked_for, COUNT(asked_for)) ||
	       strcmp(crash->function, "sysrq_handle_crash") == 0;
}

/* The last panic line is the true one: nothing stops the kernel from printing a user's string earlier. */
static void read_line(struct span line, struct reading *reading)
{
	struct crash *crash = reading->crash;

	if (starts_with_one(line, heads, COUNT(heads))) {
		reading->in_crash = true;
		if (crash->class == CRASH_NONE)
			crash->class = CRASH_OOPS;
	}
	if (starts_with(line, "WARNING: ") || starts_with(line, END_OF_TRACE))
		reading->in_crash = false;
	if (starts_with(line, PANIC))
		crash->class = asked_by_a_person(without(line, strlen(PANIC)), crash) ?
				       CRASH_OPERATOR :
				       CRASH_PANIC;
	if (reading->in_crash && crash->function[0] == '\0' && starts_with(line, RIP))
		read_place(without(line, strlen(RIP)), crash);
}

static void read_raw_line(struct span line, struct reading *reading)
{
	unsigned number = 0;
	size_t prefix = prefix_length(line, &number);

	if (reading->prefixed && (prefix == 0 || number >= USER_FACILITY))
		return;
	read_line(without_stamp(without(line, prefix)), reading);
}

/* Takes the next line off `text`. */
static struct span next_line(struct span *text)
{
	const char *newline = memchr(text->at, '\n', text->length);
	struct span line = *text;

	if (newline)
		line.length = (size_t)(newline - text->at);
	*text = without(*text, line.length + (newline ? 1 : 0));
	return line;
}

static bool has_prefixes(struct span text)
{
	unsigned number;

	while (text.length > 0) {
		if (prefix_length(next_line(&text), &number) > 0)
			return true;
	}
	return false;
}

void crash_text_read(const char *text, size_t size, struct crash *ret)
{
	struct span rest = { .at = text ? text : "", .length = text ? size : 0 };
	struct reading reading = { .prefixed = has_prefixes(rest), .crash = ret };

	memset(ret, 0, sizeof(*ret));
	while (rest.length > 0)
		read_raw_line(next_line(&rest), &reading);
}

const char *crash_class_name(enum crash_class class)
{
	static const char *const names[] = {
		[CRASH_NONE] = "none",
		[CRASH_OOPS] = "oops",
		[CRASH_PANIC] = "panic",
		[CRASH_OPERATOR] = "operator",
	};

	return (unsigned)class < COUNT(names) ? names[class] : "unknown";
}
