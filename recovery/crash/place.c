/* place.c: a place in the kernel's code, as its texts name it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/crash/place.h"

#define PROGRAM	   "bpf_prog_"
#define TAG_LENGTH 16

static bool is_symbol(char letter)
{
	return span_letter(letter) || span_digit(letter) || letter == '_' || letter == '.' ||
	       letter == '$';
}

static bool is_module(char letter)
{
	return span_letter(letter) || span_digit(letter) || letter == '_' || letter == '-';
}

/* Without ".isra.0", ".part.3", ".constprop.0", ".cold": they change from one build to the next. */
static struct span without_suffix(struct span name)
{
	size_t dot = span_find(span_after(name, 1), ".") + 1;

	return span_first(name, dot);
}

static bool copy(struct span text, char *ret, size_t size)
{
	if (text.length == 0 || text.length >= size)
		return false;
	memcpy(ret, text.at, text.length);
	ret[text.length] = '\0';
	return true;
}

/* "+0x1a/0x40"; 0 where there is none. */
static size_t offset_length(struct span text)
{
	struct span rest = text;
	size_t digits;

	if (!span_take(&rest, "+0x"))
		return 0;
	digits = span_while(rest, span_hex);
	rest = span_after(rest, digits);
	if (digits == 0 || !span_take(&rest, "/0x"))
		return 0;
	digits = span_while(rest, span_hex);
	return digits ? (size_t)(rest.at - text.at) + digits : 0;
}

/* " [module]"; whatever else follows names no module. A screen may have cut the line inside the brackets. */
static void read_module(struct span text, struct place *place)
{
	size_t length;

	text = span_trim(text);
	if (!span_take(&text, "["))
		return;
	length = span_while(text, is_module);
	if (length == 0 || span_is(span_first(text, length), "inline"))
		return;
	if (length < text.length &&
	    (text.at[length] == ']' || text.at[length] == ')' || text.at[length] == ' '))
		place->module_cut =
			!copy(span_first(text, length), place->module, sizeof(place->module));
	else
		place->module_cut = true;
}

bool place_read(struct span text, struct place *ret)
{
	struct place place = { .reliable = true };
	struct span name = span_first(text, span_while(text, is_symbol));
	size_t offset = offset_length(span_after(text, name.length));

	if (offset == 0 || span_digit(*name.at) ||
	    !copy(without_suffix(name), place.function, sizeof(place.function)))
		return false;
	read_module(span_after(text, name.length + offset), &place);
	*ret = place;
	return true;
}

bool place_find(struct span text, struct place *ret)
{
	size_t at = 0;

	for (;;) {
		size_t found = at + span_find(span_after(text, at), "+0x");
		size_t start = found;

		if (found >= text.length)
			return false;
		while (start > at && is_symbol(text.at[start - 1]))
			start--;
		if (start < found && place_read(span_after(text, start), ret))
			return true;
		at = found + 1;
	}
}

/* "<IRQ>", "</TASK>", "<<EOE>>" */
static bool take_marker(struct span *text)
{
	struct span rest = *text;
	size_t letters;

	if (!span_take(&rest, "<"))
		return false;
	span_take(&rest, "<");
	span_take(&rest, "/");
	span_take(&rest, "#");
	letters = span_while(rest, span_letter);
	rest = span_after(rest, letters);
	if (letters < 2 || !span_take(&rest, ">"))
		return false;
	span_take(&rest, ">");
	*text = rest;
	return true;
}

/* "[<ffffffff81234567>]", "[ffffffff81234567]", "[      none      ]"; a stamp that old kernels print inside a line. */
static bool take_address(struct span *text)
{
	struct span rest = *text;
	size_t length;

	if (!span_take(&rest, "["))
		return false;
	span_take(&rest, "<");
	rest = span_trim(rest);
	length = span_while(rest, span_hex);
	if (length < rest.length && rest.at[length] == '.')
		length += 1 + span_while(span_after(rest, length + 1), span_digit);
	rest = span_after(rest, length);
	span_take(&rest, ">");
	if (length < 4 || !span_take(&rest, "]"))
		return false;
	*text = rest;
	return true;
}

static bool is_path(char letter)
{
	return is_symbol(letter) || letter == '/' || letter == '-' || letter == ':' ||
	       letter == '+';
}

/* "function file.c:12 [inline]": a decoder added it. */
static bool read_inline(struct span text, struct place *ret)
{
	struct place place = { .reliable = true };
	struct span name = span_first(text, span_while(text, is_symbol));
	struct span rest = span_after(text, name.length);
	size_t path;

	if (!span_take(&rest, " "))
		return false;
	path = span_while(rest, is_path);
	if (path == 0 || !span_has(span_first(rest, path), ":") ||
	    !span_starts(span_after(rest, path), " [inline]") ||
	    !copy(without_suffix(name), place.function, sizeof(place.function)))
		return false;
	*ret = place;
	return true;
}

/* 32-bit ARM: "(function) from [<...>] (caller+0x1/0x2)", newer " function from caller+0x1/0x2". */
static bool read_from(struct span text, struct place *ret)
{
	struct place place = { .reliable = true };
	bool bracket = span_take(&text, "(");
	struct span name = span_first(text, span_while(text, is_symbol));
	struct span rest = span_after(text, name.length);

	if (bracket && place_read(text, ret))
		return true;
	if (bracket && span_starts(rest, " ["))
		read_module(rest, &place);
	if (!span_has(span_first(rest, CRASH_NAME_SIZE), bracket ? ") from " : " from "))
		return false;
	if (!bracket && !span_starts(rest, " from "))
		return false;
	if (!copy(without_suffix(name), place.function, sizeof(place.function)))
		return false;
	*ret = place;
	return true;
}

bool place_read_frame(struct span text, struct place *ret)
{
	bool reliable = true;

	text = span_trim(text);
	for (unsigned count = 0; count < 6 && (take_marker(&text) || take_address(&text)); count++)
		text = span_trim(text);
	if (span_take(&text, "? ")) {
		reliable = false;
		text = span_trim(text);
		/* Linux 2.6: "? [<...>] function". */
		take_address(&text);
		text = span_trim(text);
	}
	if (!place_read(text, ret) && !read_inline(text, ret) && !read_from(text, ret))
		return false;
	ret->reliable = reliable;
	return true;
}

bool place_is_program(const char *function)
{
	struct span name = span_of(function);

	if (!span_take(&name, PROGRAM) ||
	    span_while(span_first(name, TAG_LENGTH), span_hex) != TAG_LENGTH)
		return false;
	return name.length == TAG_LENGTH || name.at[TAG_LENGTH] == '_';
}
