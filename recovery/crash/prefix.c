/* prefix.c: what logs put before a line of the kernel
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/crash/prefix.h"

#define USER_FACILITY 8	 /* the lowest N of a line that user space wrote */
#define STAMP_MAX     48 /* bytes of one bracket */
#define CONSOLE_MAX   64 /* how far into a line a console's prompt may push the stamp */
#define PROCESSOR     (1u << 31)

/* Facilities as dmesg -x prints them, padded to six letters. */
static const char *const user_facilities[] = { "user",	 "mail",     "daemon", "auth",
					       "syslog", "lpr",	     "news",   "uucp",
					       "cron",	 "authpriv", "ftp",    "local" };

static bool is_word(char letter)
{
	return letter != ' ' && letter != '\t';
}

/* At most four digits; 0 where there are none. */
static size_t take_number(struct span text, unsigned *ret)
{
	size_t length = span_while(span_first(text, 4), span_digit);

	*ret = 0;
	for (size_t i = 0; i < length; i++)
		*ret = *ret * 10 + (unsigned)(text.at[i] - '0');
	return length;
}

/* "<N>", as pstore keeps it. */
static bool take_level(struct log_line *line)
{
	struct span text = line->text;
	unsigned number;
	size_t length;

	if (!span_take(&text, "<"))
		return false;
	length = take_number(text, &number);
	text = span_after(text, length);
	if (length == 0 || length > 3 || !span_take(&text, ">"))
		return false;
	line->by_user = number >= USER_FACILITY;
	line->text = text;
	return true;
}

/* "N,sequence,time,flags;", as /dev/kmsg and an extended netconsole write it. */
static bool take_record(struct log_line *line)
{
	struct span text = line->text;
	unsigned number;
	size_t length = take_number(text, &number), end;

	text = span_after(text, length);
	if (length == 0 || !span_take(&text, ","))
		return false;
	length = span_while(text, span_digit);
	text = span_after(text, length);
	end = span_find(span_first(text, STAMP_MAX), ";");
	if (length == 0 || !span_starts(text, ",") || end == span_first(text, STAMP_MAX).length)
		return false;
	line->by_user = number >= USER_FACILITY;
	line->text = span_after(text, end + 1);
	return true;
}

static bool opens(struct span text)
{
	/* Text recognition of a photographed screen mixes up the two kinds of bracket. */
	return span_starts(text, "[") || span_starts(text, "(");
}

static size_t bracket_end(struct span text)
{
	size_t length = span_first(text, STAMP_MAX).length;

	for (size_t i = 1; i < length; i++)
		if (text.at[i] == ']' || text.at[i] == ')')
			return i;
	return 0;
}

/* "   12.345678" */
static bool is_uptime(struct span inside)
{
	size_t digits;

	inside = span_trim(inside);
	digits = span_while(inside, span_digit);
	inside = span_after(inside, digits);
	if (digits == 0 || !span_take(&inside, "."))
		return false;
	digits = span_while(inside, span_digit);
	return digits > 0 && span_trim(span_after(inside, digits)).length == 0;
}

/* "Fri Mar  3 04:34:38 2023", as dmesg -T prints it. */
static bool is_date(struct span inside)
{
	return inside.length >= 20 && span_while(inside, span_letter) == 3 && inside.at[3] == ' ' &&
	       span_has(inside, ":") && span_digit(inside.at[inside.length - 1]);
}

/* "T123", "C0"; 0 for anything else. */
static uint32_t caller_of(struct span inside)
{
	uint32_t number = 0;
	char kind;

	inside = span_trim(inside);
	if (inside.length < 2 || inside.length > 10 || (*inside.at != 'T' && *inside.at != 'C'))
		return 0;
	kind = *inside.at;
	for (size_t i = 1; i < inside.length; i++) {
		if (!span_digit(inside.at[i]))
			return 0;
		number = number * 10 + (uint32_t)(inside.at[i] - '0');
	}
	return (number + 1) | (kind == 'C' ? PROCESSOR : 0);
}

/* One stamp off the front. */
static bool take_stamp(struct log_line *line)
{
	size_t end = opens(line->text) ? bracket_end(line->text) : 0;
	struct span inside = { .at = line->text.at + 1, .length = end ? end - 1 : 0 };
	uint32_t caller = end ? caller_of(inside) : 0;

	if (end == 0 || (!caller && !is_uptime(inside) && !is_date(inside)))
		return false;
	line->stamped = true;
	if (caller)
		line->caller = caller;
	line->text = span_after(line->text, end + 1);
	return true;
}

static void take_stamps(struct log_line *line)
{
	struct log_line look = *line;

	/* Spaces belong to the text once no stamp follows them. */
	for (unsigned count = 0; count < 4; count++) {
		look.text = span_trim(look.text);
		if (!take_stamp(&look))
			return;
		*line = look;
		if (span_take(&line->text, " "))
			look.text = line->text;
	}
}

/* A prompt or half a line of a program before the stamp, on a serial console. */
static void find_stamp(struct log_line *line)
{
	struct span head = span_first(line->text, CONSOLE_MAX);

	for (size_t i = 0; i < head.length; i++) {
		struct log_line rest = *line;

		if (head.at[i] != '[')
			continue;
		rest.text = span_after(line->text, i);
		if (!take_stamp(&rest))
			continue;
		span_take(&rest.text, " ");
		*line = rest;
		take_stamps(line);
		return;
	}
}

/* "> > ", "| ", "\t". Blanks alone stay: the frames of a trace begin with one. */
static struct span without_quotes(struct span text)
{
	for (;;) {
		struct span rest = span_trim(text);

		if (!span_take(&rest, ">") && !span_take(&rest, "|"))
			return text;
		/* "<IRQ>" and the like were cut before it by nobody. */
		text = rest;
	}
}

/* "Mmm dd hh:mm:ss" or "yyyy-mm-ddThh:mm:ss..."; 0 where there is no date. */
static size_t date_length(struct span text)
{
	if (text.length > 16 && span_while(text, span_letter) == 3 && text.at[3] == ' ' &&
	    text.at[9] == ':' && text.at[12] == ':')
		return 15;
	if (text.length > 20 && span_while(text, span_digit) == 4 && text.at[4] == '-' &&
	    text.at[7] == '-' && (text.at[10] == 'T' || text.at[10] == ' ') && text.at[13] == ':')
		return 11 + span_while(span_after(text, 11), is_word);
	return 0;
}

/* "yyyy/mm/dd hh:mm:ss ", as log collectors put it before a line of a console; it says nothing of who wrote. */
static bool take_slash_date(struct span *text)
{
	if (text->length < 20 || text->at[4] != '/' || text->at[7] != '/' || text->at[10] != ' ' ||
	    text->at[13] != ':' || text->at[16] != ':' || text->at[19] != ' ')
		return false;
	*text = span_after(*text, 20);
	return true;
}

/* Whether the word is the kernel's tag: "kernel:", "kernel[0]:". */
static bool is_kernel(struct span tag)
{
	return span_is(tag, "kernel:") ||
	       (span_starts(tag, "kernel[") && tag.at[tag.length - 1] == ':');
}

static struct span take_word(struct span *text)
{
	struct span word;

	*text = span_trim(*text);
	word = span_first(*text, span_while(*text, is_word));
	*text = span_after(*text, word.length);
	return word;
}

/* Date, host and tag of a journal or syslog file. The tag says who wrote; without a date only the kernel's counts. */
static void take_tag(struct log_line *line)
{
	struct span text = line->text;
	size_t date = date_length(span_trim(text));
	struct span first, second;

	if (date)
		text = span_after(span_trim(text), date);
	else if (take_slash_date(&line->text))
		return;
	first = take_word(&text);
	if (!is_kernel(first)) {
		second = take_word(&text);
		if (!is_kernel(second)) {
			if (!date || second.length == 0 || second.at[second.length - 1] != ':')
				return;
			line->by_user = true;
			span_take(&text, " ");
			line->text = text;
			return;
		}
	}
	line->stamped = true;
	span_take(&text, " ");
	line->text = text;
}

/* "kern  :err   : " */
static void take_facility(struct log_line *line)
{
	struct span text = line->text, name = take_word(&text);

	text = span_trim(text);
	if (name.length == 0 || !span_take(&text, ":") || span_while(text, span_letter) < 3)
		return;
	text = span_after(text, span_while(text, span_letter));
	text = span_trim(text);
	if (!span_take(&text, ": "))
		return;
	for (size_t i = 0; i < sizeof(user_facilities) / sizeof(user_facilities[0]); i++)
		if (span_starts(name, user_facilities[i]))
			line->by_user = true;
	if (line->by_user || span_is(name, "kern"))
		line->text = text;
}

struct log_line prefix_strip(struct span text)
{
	struct log_line line = { .text = text };

	line.numbered = take_level(&line) || take_record(&line);
	if (line.numbered) {
		take_stamps(&line);
		return line;
	}
	line.text = without_quotes(text);
	/* A quoted or collected line may be one of pstore's; who wrote it is still said. */
	if (take_level(&line)) {
		take_tag(&line);
		take_stamps(&line);
		return line;
	}
	take_facility(&line);
	take_tag(&line);
	take_stamps(&line);
	if (!line.stamped)
		find_stamp(&line);
	return line;
}
