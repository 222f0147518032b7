/* command_result.c: what came of a verb that changes something or answers yes or no, as JSON
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/commands/command_result.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recovery/cleanup.h"
#include "recovery/commands/output.h"
#include "recovery/message.h"

#define PRINTED_MAX (64 * 1024 * 1024)

static const struct {
	enum exit_code code;
	const char *word;
} words[] = {
	{ EXIT_DONE, "done" },
	{ EXIT_FAILED, "failed" },
	{ EXIT_USAGE, "wrong-input" },
	{ EXIT_FALSE, "false" },
	{ EXIT_NO_SUCH, "no-such" },
	{ EXIT_REJECTED, "rejected" },
	{ EXIT_NOT_HERE, "not-possible" },
};

static const char *word_of(int code, bool predicate)
{
	if (predicate && code == EXIT_DONE)
		return "true";
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if ((int)words[i].code == code)
			return words[i].word;
	return "failed";
}

/* Lets standard output go into `memory` and returns a descriptor of what it was. */
static int redirect(int memory)
{
	int before;

	fflush(stdout);
	before = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	if (before < 0)
		return -errno;
	if (dup2(memory, STDOUT_FILENO) < 0) {
		int error = -errno;

		close(before);
		return error;
	}
	return before;
}

static int read_back(int memory, char **ret_text)
{
	struct stat status;
	char *text;
	size_t at = 0;
	ssize_t got = 1;

	if (fstat(memory, &status) < 0)
		return -errno;
	if (status.st_size > PRINTED_MAX)
		return -EFBIG;
	text = calloc((size_t)status.st_size + 1, 1);
	if (!text)
		return -ENOMEM;
	while (at < (size_t)status.st_size && got > 0) {
		got = pread(memory, text + at, (size_t)status.st_size - at, (off_t)at);
		at += got > 0 ? (size_t)got : 0;
	}
	*ret_text = text;
	return 0;
}

static int print_result(const struct context *context, bool predicate, int argc, char *argv[],
			int code, char *plan)
{
	struct json *object = output_object("daruma.result.v1");
	struct json *arguments = json_new_array(), *lines = json_new_array();
	char *rest = NULL;

	for (int i = 1; i < argc; i++)
		json_append_text(arguments, argv[i]);
	for (char *line = strtok_r(plan, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		json_append_text(lines, line);
	json_add_text(object, "verb", argv[0]);
	json_add(object, "arguments", arguments);
	json_add_bool(object, "dry_run", context->dry_run);
	json_add_integer(object, "exit_status", code);
	json_add_text(object, "result", word_of(code, predicate));
	json_add(object, "plan", lines);
	return output_print(context, object);
}

int command_result_run(const struct context *context, bool predicate, int argc, char *argv[],
		       int (*run)(const struct context *context, int argc, char *argv[]))
{
	owned_descriptor int memory = memfd_create("daruma", MFD_CLOEXEC);
	owned_descriptor int before = memory < 0 ? -errno : redirect(memory);
	owned char *printed = NULL;
	int code, error;

	/* Nothing is begun whose end could not be told. */
	if (before < 0)
		return message_cannot(context, before, "keep what is to be printed");
	code = run(context, argc, argv);
	fflush(stdout);
	dup2(before, STDOUT_FILENO);
	error = read_back(memory, &printed);
	if (error)
		return message_cannot(context, error, "print the result");
	if (printed[0] == '{')
		fputs(printed, stdout);
	else
		error = print_result(context, predicate, argc, argv, code, printed);
	return error ? error : code;
}
