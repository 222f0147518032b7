/* kernel_options.c: the command line of a kernel that the firmware stage starts by itself
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/kernel_options.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "recovery/early/command_line.h"

#define BLACKLIST "module_blacklist="
#define MASK	  "systemd.mask="

/* What only the loader of that boot meant. */
static const char *const of_loader[] = { "BOOT_IMAGE=", "initrd=", NULL };

/* And what an image must not do (R15, R18): run another program, open a shell, go on from a hibernation, or be told what Daruma
 * does. How long a panic lasts is said anew. */
static const char *const not_in_image[] = { "BOOT_IMAGE=", "initrd=", "init=",	"rdinit=",
					    "break",	   "debug",   "resume", "noresume",
					    "panic=",	   "daruma=", "boot=",	NULL };

struct options {
	char *text;
	size_t size; /* of it, in bytes */
	size_t length;
};

/* All of it or nothing. */
static bool add(struct options *options, const char *before, const char *word, size_t length)
{
	size_t lead = strlen(before);

	if (options->length + lead + length >= options->size)
		return false;
	memcpy(options->text + options->length, before, lead);
	memcpy(options->text + options->length + lead, word, length);
	options->length += lead + length;
	options->text[options->length] = '\0';
	return true;
}

static bool add_word(struct options *options, const char *word, size_t length)
{
	return add(options, options->length ? " " : "", word, length);
}

/* Quotes would have words with blanks in them, which would be taken apart here. */
static bool is_plain(const char *line)
{
	for (; *line && *line != '\n'; line++)
		if (*line < 0x20 || *line > 0x7e || *line == '"')
			return false;
	return !line[0] || !line[1];
}

static bool begins(const char *word, const char *key)
{
	return strncmp(word, key, strlen(key)) == 0;
}

static bool is_among(const char *word, const char *const *keys)
{
	for (; *keys; keys++)
		if (begins(word, *keys))
			return true;
	return false;
}

/* The words of the line but those that begin as `without` says. *ret_blacklist: the value of the last module_blacklist=, which
 * is the one that the kernel takes and is written anew, or "". */
static int add_line(struct options *options, const char *line, const char *const *without,
		    const char **ret_blacklist)
{
	size_t length;

	*ret_blacklist = "";
	for (; *line; line += length) {
		line += strspn(line, " \n");
		length = strcspn(line, " \n");
		if (begins(line, BLACKLIST))
			*ret_blacklist = line + strlen(BLACKLIST);
		else if (length && !is_among(line, without) && !add_word(options, line, length))
			return -E2BIG;
	}
	return 0;
}

static bool add_module(struct options *options, const char *name, bool *first)
{
	if (!add(options, *first ? " " BLACKLIST : ",", name, strlen(name)))
		return false;
	*first = false;
	return true;
}

static size_t add_modules(struct options *options, const struct hold_list *list,
			  const char *blacklist, int *ret_error)
{
	size_t length = strcspn(blacklist, " \n"), left_out = 0;
	bool first = length == 0;

	*ret_error = !first && !add(options, " " BLACKLIST, blacklist, length) ? -E2BIG : 0;
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].kind == HOLD_MODULE)
			left_out += !add_module(options, list->items[i].name, &first);
	return left_out;
}

static size_t add_units(struct options *options, const struct hold_list *list)
{
	size_t left_out = 0;

	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].kind == HOLD_UNIT)
			left_out += !add(options, " " MASK, list->items[i].name,
					 strlen(list->items[i].name));
	return left_out;
}

static int compose(struct options *options, const char *first, const char *line,
		   const char *const *without, const struct hold_list *list, size_t *ret_left_out)
{
	const char *blacklist;
	int error;

	options->text[0] = '\0';
	*ret_left_out = 0;
	if (!is_plain(line))
		return -EINVAL;
	if (!add(options, "", first, strlen(first)))
		return -E2BIG;
	error = add_line(options, line, without, &blacklist);
	if (error)
		return error;
	*ret_left_out = add_modules(options, list, blacklist, &error);
	*ret_left_out += add_units(options, list);
	return error;
}

int kernel_options_compose(const char *line, const char *initrd, const struct hold_list *list,
			   char ret[DARUMA_OPTIONS_SIZE], size_t *ret_left_out)
{
	struct options options = { .text = ret, .size = DARUMA_OPTIONS_SIZE };
	char first[DARUMA_OPTIONS_SIZE];

	snprintf(first, sizeof(first), "initrd=%s", initrd);
	return compose(&options, first, line, of_loader, list, ret_left_out);
}

int kernel_options_compose_image(const char *line, const struct hold_list *list,
				 char ret[KERNEL_OPTIONS_IMAGE_SIZE], size_t *ret_left_out)
{
	struct options options = { .text = ret, .size = KERNEL_OPTIONS_IMAGE_SIZE };

	return compose(&options, COMMAND_LINE_IMAGE " noresume panic=30", line, not_in_image, list,
		       ret_left_out);
}
