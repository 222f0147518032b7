/* options.c: the command line, taken apart
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/commands/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "recovery/message.h"

/* `value` is NULL for an option without one. Returns false for a value that will not do. */
typedef bool apply_option(struct options *options, const char *value);

static bool set_root(struct options *options, const char *value)
{
	options->context.root = strcmp(value, "/") == 0 ? "" : value;
	return value[0] == '/';
}

static bool set_esp_path(struct options *options, const char *value)
{
	options->context.esp_path = value;
	return value[0] == '/';
}

static bool set_json(struct options *options, const char *value)
{
	static const struct {
		const char *word;
		enum json_mode mode;
	} words[] = { { "off", JSON_OFF }, { "short", JSON_SHORT }, { "pretty", JSON_PRETTY } };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(value, words[i].word) == 0) {
			options->context.json = words[i].mode;
			return true;
		}
	return false;
}

static bool set_json_by_output(struct options *options, const char *value)
{
	(void)value;
	options->context.json = isatty(STDOUT_FILENO) ? JSON_PRETTY : JSON_SHORT;
	return true;
}

static bool set_lines(struct options *options, const char *value)
{
	char *end;
	long lines = strtol(value, &end, 10);

	options->context.lines = (int)lines;
	return *value >= '0' && *value <= '9' && !*end && lines <= 1000000;
}

static bool set_order(struct options *options, const char *value)
{
	options->context.keep_order = strcmp(value, "keep") == 0;
	return options->context.keep_order || strcmp(value, "first") == 0;
}

static bool set_shim(struct options *options, const char *value)
{
	options->context.shim = value;
	return value[0] == '\\' || strcmp(value, "none") == 0;
}

#define FILE_OPTION(name, member)                                                                  \
	static bool name(struct options *options, const char *value)                               \
	{                                                                                          \
		options->context.member = value;                                                   \
		return value[0];                                                                   \
	}

FILE_OPTION(set_key, key)
FILE_OPTION(set_certificate, certificate)
FILE_OPTION(set_output, output)

/* Nothing is coloured, and no pager is started: scripts that say so for every tool are understood. */
static bool set_color(struct options *options, const char *value)
{
	(void)options;
	return strcmp(value, "auto") == 0 || strcmp(value, "always") == 0 ||
	       strcmp(value, "never") == 0;
}

static bool set_no_pager(struct options *options, const char *value)
{
	(void)options;
	(void)value;
	return true;
}

#define SWITCH(name, member)                                                                       \
	static bool name(struct options *options, const char *value)                               \
	{                                                                                          \
		(void)value;                                                                       \
		options->member = true;                                                            \
		return true;                                                                       \
	}

SWITCH(set_help, help)
SWITCH(set_version, version)
SWITCH(set_quiet, context.quiet)
SWITCH(set_no_variables, context.no_variables)
SWITCH(set_graceful, context.graceful)
SWITCH(set_dry_run, context.dry_run)
SWITCH(set_assume_yes, context.assume_yes)
SWITCH(set_now, context.now)
SWITCH(set_force, context.force)
SWITCH(set_expose_initramfs, context.expose_initramfs)
SWITCH(set_no_legend, context.no_legend)
SWITCH(set_full, context.full)
SWITCH(set_utc, context.utc)
SWITCH(set_reread, context.reread)

static const struct option {
	char letter; /* 0: none */
	const char *name;
	const char *value; /* what help calls it, NULL: none is taken */
	apply_option *apply;
	const char *help;
} options_known[] = {
	{ 'h', "help", NULL, set_help, "this text" },
	{ 0, "version", NULL, set_version, "the version" },
	{ 'j', NULL, NULL, set_json_by_output, "JSON: pretty on a terminal, short in a pipe" },
	{ 0, "json", "pretty|short|off", set_json, "the form of JSON, or none" },
	{ 'q', "quiet", NULL, set_quiet, "no messages but errors" },
	{ 0, "root", "PATH", set_root, "work on the system below PATH" },
	{ 0, "esp-path", "PATH", set_esp_path, "where the ESP is mounted" },
	{ 0, "no-variables", NULL, set_no_variables, "leave EFI variables alone" },
	{ 0, "graceful", NULL, set_graceful, "\"not possible here\" is success" },
	{ 0, "dry-run", NULL, set_dry_run, "print the plan and change nothing" },
	{ 'y', "assume-yes", NULL, set_assume_yes, "do not ask" },
	{ 0, "now", NULL, set_now, "remove at once, without the restart that forgets the record" },
	{ 0, "force", NULL, set_force,
	  "release over a newer version; install or image that may be refused" },
	{ 0, "order", "first|keep", set_order, "put our boot entry first, or keep the order" },
	{ 0, "shim", "PATH|none", set_shim, "install: have shim start the stage, or the firmware" },
	{ 0, "key", "FILE", set_key, "image: the private key to sign with" },
	{ 0, "certificate", "FILE", set_certificate, "image: the certificate of that key" },
	{ 0, "output", "FILE", set_output, "image: only write it to FILE" },
	{ 0, "expose-initramfs", NULL, set_expose_initramfs,
	  "image: from an encrypted disk too, though it may hold its key" },
	{ 'l', "full", NULL, set_full, "do not shorten columns" },
	{ 'n', "lines", "N", set_lines, "at most N rows; 0: all" },
	{ 0, "no-legend", NULL, set_no_legend, "no column heads" },
	{ 0, "no-pager", NULL, set_no_pager, "understood; no pager is started anyway" },
	{ 0, "color", "auto|always|never", set_color, "understood; nothing is coloured anyway" },
	{ 0, "utc", NULL, set_utc, "times in UTC" },
	{ 0, "reread", NULL, set_reread, "diff: read files too that look untouched" },
};

#define OPTIONS (sizeof(options_known) / sizeof(options_known[0]))

static const struct option *find_letter(char letter)
{
	for (size_t i = 0; i < OPTIONS; i++)
		if (options_known[i].letter && options_known[i].letter == letter)
			return &options_known[i];
	return NULL;
}

static const struct option *find_name(const char *name, size_t length)
{
	for (size_t i = 0; i < OPTIONS; i++)
		if (options_known[i].name && strlen(options_known[i].name) == length &&
		    strncmp(options_known[i].name, name, length) == 0)
			return &options_known[i];
	return NULL;
}

static int apply(const struct option *option, struct options *options, const char *value,
		 const char *word)
{
	if (!option->apply(options, value))
		return message_usage("%s: not a value for this option", word);
	return 0;
}

/* "--name" or "--name=value" or "--name value"; *ret_taken counts words of argv. */
static int parse_long(struct options *options, char *const words[], int *ret_taken)
{
	const char *text = words[0] + 2;
	const char *equals = strchr(text, '=');
	const struct option *option =
		find_name(text, equals ? (size_t)(equals - text) : strlen(text));

	*ret_taken = 1;
	if (!option)
		return message_usage("%s: unknown option", words[0]);
	if (!option->value && equals)
		return message_usage("%s: takes no value", words[0]);
	if (!option->value || equals)
		return apply(option, options, equals ? equals + 1 : NULL, words[0]);
	if (!words[1])
		return message_usage("%s: needs a value", words[0]);
	*ret_taken = 2;
	return apply(option, options, words[1], words[0]);
}

/* "-qy", "-n5", "-n 5". */
static int parse_letters(struct options *options, char *const words[], int *ret_taken)
{
	*ret_taken = 1;
	for (const char *at = words[0] + 1; *at; at++) {
		const struct option *option = find_letter(*at);
		int error;

		if (!option)
			return message_usage("-%c: unknown option", *at);
		if (option->value && at[1])
			return apply(option, options, at + 1, words[0]);
		if (option->value && !words[1])
			return message_usage("-%c: needs a value", *at);
		if (option->value)
			*ret_taken = 2;
		error = apply(option, options, option->value ? words[1] : NULL, words[0]);
		if (error || option->value)
			return error;
	}
	return 0;
}

int options_parse(int argc, char *argv[], struct options *ret)
{
	int taken;

	*ret = (struct options){ .context = { .root = "" }, .arguments = argv + 1 };
	for (int i = 1; i < argc; i += taken) {
		int error = 0;

		taken = 1;
		if (strcmp(argv[i], "--") == 0) {
			while (++i < argc)
				ret->arguments[ret->count++] = argv[i];
		} else if (argv[i][0] == '-' && argv[i][1] == '-') {
			error = parse_long(ret, argv + i, &taken);
		} else if (argv[i][0] == '-' && argv[i][1]) {
			error = parse_letters(ret, argv + i, &taken);
		} else {
			ret->arguments[ret->count++] = argv[i];
		}
		if (error)
			return error;
	}
	ret->arguments[ret->count] = NULL;
	return 0;
}

void options_print_help(void)
{
	for (size_t i = 0; i < OPTIONS; i++) {
		const struct option *option = &options_known[i];
		char left[64];

		snprintf(left, sizeof(left), "%c%c%s%s%s%s%s", option->letter ? '-' : ' ',
			 option->letter ? option->letter : ' ', option->name ? "  --" : "",
			 option->name ? option->name : "", option->value ? "=" : "",
			 option->value ? option->value : "", "");
		printf("  %-30s %s\n", left, option->help);
	}
}
