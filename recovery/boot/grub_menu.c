/* grub_menu.c: the entries of GRUB's menu, read from grub.cfg
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/grub_menu.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define DEPTH_MOST 8
#define ID_SIZE	   256

struct block {
	bool is_submenu;
	char id[ID_SIZE]; /* "" if it has none that can be used */
};

struct reading {
	const char *release;
	char *entry;
	struct block blocks[DEPTH_MOST]; /* that are open */
	size_t depth;
};

/* What one line says. Words that are too long are "". */
struct line {
	char first[ID_SIZE], last[ID_SIZE], id[ID_SIZE];
};

/* --- words, as grub's shell has them ------------------------------------------------------- */

struct word {
	char text[ID_SIZE];
	size_t length;
};

static void append(struct word *word, char letter)
{
	if (word->length < ID_SIZE - 1)
		word->text[word->length] = letter;
	word->length++;
}

/* From a quote to the one that ends it, or the end of the line. */
static const char *read_quoted(const char *at, const char *end, struct word *word)
{
	char quote = *at++;

	for (; at < end && *at != quote; at++) {
		if (quote == '"' && *at == '\\' && at + 1 < end)
			at++;
		append(word, *at);
	}
	return at < end ? at + 1 : end;
}

/* Returns where the rest begins, or NULL if there is no word. */
static const char *read_word(const char *at, const char *end, char ret[ID_SIZE])
{
	struct word word = { .length = 0 };

	while (at < end && isspace((unsigned char)*at))
		at++;
	if (at == end)
		return NULL;
	while (at < end && !isspace((unsigned char)*at)) {
		if (*at == '\'' || *at == '"') {
			at = read_quoted(at, end, &word);
			continue;
		}
		if (*at == '\\' && at + 1 < end)
			at++;
		append(&word, *at++);
	}
	word.text[word.length < ID_SIZE ? word.length : 0] = '\0';
	strcpy(ret, word.text);
	return at;
}

/* Lines that hold no word, or a comment only, begin with "". */
static void read_line(const char *at, const char *end, struct line *ret)
{
	bool is_id = false;

	*ret = (struct line){ .first = "" };
	at = read_word(at, end, ret->first);
	if (ret->first[0] == '#')
		ret->first[0] = '\0';
	strcpy(ret->last, ret->first);
	while (at && ret->first[0] && (at = read_word(at, end, ret->last))) {
		if (is_id)
			strcpy(ret->id, ret->last);
		else if (strncmp(ret->last, "--id=", 5) == 0)
			strcpy(ret->id, ret->last + 5);
		is_id = strcmp(ret->last, "$menuentry_id_option") == 0 ||
			strcmp(ret->last, "--id") == 0;
	}
}

/* --- blocks -------------------------------------------------------------------------------- */

/* It goes into a file that a shell reads. */
static bool is_usable(const char *id)
{
	for (const char *at = id; *at; at++)
		if (!isascii((unsigned char)*at) ||
		    (!isalnum((unsigned char)*at) && !strchr("._+~:@/-", *at)))
			return false;
	return *id;
}

static bool is_of_kernel(const char *id, const char *release)
{
	static const char before[] = "gnulinux-", behind[] = "-advanced-";
	size_t length = strlen(release);

	return strncmp(id, before, sizeof(before) - 1) == 0 &&
	       strncmp(id + sizeof(before) - 1, release, length) == 0 &&
	       strncmp(id + sizeof(before) - 1 + length, behind, sizeof(behind) - 1) == 0;
}

/* The ids of all submenus around it, and its own. */
static bool name_entry(const struct reading *reading, const char *id)
{
	size_t length = 0;

	for (size_t i = 0; i < reading->depth; i++) {
		if (!reading->blocks[i].is_submenu || !reading->blocks[i].id[0])
			return false;
		length += (size_t)snprintf(reading->entry + length, BOOT_LOADER_ENTRY_SIZE - length,
					   "%s>", reading->blocks[i].id);
		if (length >= BOOT_LOADER_ENTRY_SIZE)
			return false;
	}
	length += (size_t)snprintf(reading->entry + length, BOOT_LOADER_ENTRY_SIZE - length, "%s",
				   id);
	return length < BOOT_LOADER_ENTRY_SIZE;
}

static int open_block(struct reading *reading, const struct line *line)
{
	struct block *block = &reading->blocks[reading->depth];

	if (reading->depth == DEPTH_MOST)
		return -EBADMSG;
	block->is_submenu = strcmp(line->first, "submenu") == 0;
	strcpy(block->id, is_usable(line->id) ? line->id : "");
	reading->depth++;
	return 0;
}

/* Returns 1 when the entry was found. */
static int take_line(struct reading *reading, const struct line *line)
{
	if (strcmp(line->first, "}") == 0) {
		reading->depth -= reading->depth > 0;
		return 0;
	}
	if (strcmp(line->last, "{") != 0)
		return 0;
	if (strcmp(line->first, "menuentry") == 0 && is_usable(line->id) &&
	    is_of_kernel(line->id, reading->release) && name_entry(reading, line->id))
		return 1;
	return open_block(reading, line);
}

static const char *end_of_line(const char *at, const char *end)
{
	const char *newline = memchr(at, '\n', (size_t)(end - at));

	return newline ? newline : end;
}

int grub_menu_find(const char *text, size_t length, const char *release,
		   char ret_entry[BOOT_LOADER_ENTRY_SIZE])
{
	struct reading reading = { .release = release, .entry = ret_entry };
	const char *end = text + length, *at = text;
	int result = 0;

	while (!result && at < end) {
		const char *newline = end_of_line(at, end);
		struct line line;

		read_line(at, newline, &line);
		result = take_line(&reading, &line);
		at = newline < end ? newline + 1 : end;
	}
	return result < 0 ? result : result == 0 ? -ENOENT : 0;
}

bool grub_menu_has_default(const char *text, size_t length, const char *entry)
{
	const char *end = text + length;
	char wanted[BOOT_LOADER_ENTRY_SIZE + 32];
	size_t size = (size_t)snprintf(wanted, sizeof(wanted), "set default=\"%s\"", entry);

	for (const char *at = text; at < end;) {
		const char *newline = end_of_line(at, end);

		while (at < newline && (*at == ' ' || *at == '\t'))
			at++;
		if ((size_t)(newline - at) == size && memcmp(at, wanted, size) == 0)
			return true;
		at = newline < end ? newline + 1 : end;
	}
	return false;
}
