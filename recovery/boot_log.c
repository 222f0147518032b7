/* boot_log.c: the kernel's messages of an earlier start, as the journal keeps them
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot_log.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/cleanup.h"
#include "recovery/message.h"
#include "recovery/system_file.h"

#define JOURNAL                                                                                    \
	"/var/log/journal" /* without it nothing outlives a start (journald.conf(5), Storage=) */
#define SECONDS	       2   /* of each of two calls, in a guard that has 30 for all it does */
#define LINES	       "--lines=900" /* the last ones: of more the newest would find no room */
#define ARGUMENTS_MOST 8

/* Runs it with `arguments` (NULL ends) behind those that are always given. Returns whether something came out. */
static bool ask(const struct context *context, const struct process_port *processes,
		const char *const arguments[], char *output, size_t size)
{
	char root[PATH_MAX + 8];
	const char *argv[4 + ARGUMENTS_MOST] = { "journalctl", "--quiet", "--no-pager" };
	size_t count = 3;
	int status = 0, error;

	output[0] = '\0';
	if (!system_exists(context, JOURNAL))
		return false;
	snprintf(root, sizeof(root), "--root=%s", context->root);
	if (context->root[0])
		argv[count++] = root;
	for (; *arguments; arguments++)
		argv[count++] = *arguments;
	argv[count] = NULL;
	error = processes->run(argv, SECONDS, output, size, &status);
	if (error && error != -ENOENT)
		message_notice(context, "the journal of the start before was not read: %s",
			       message_text(error));
	return !error && output[0];
}

static bool is_boot_id(const char *text)
{
	return strlen(text) == BOOT_LOG_ID_SIZE - 1 &&
	       strspn(text, "0123456789abcdef") == BOOT_LOG_ID_SIZE - 1;
}

int boot_log_read(const struct context *context, const struct process_port *processes,
		  const char *kernel_boot_id, struct crash_text *ret)
{
	char match[sizeof("_BOOT_ID=") + BOOT_LOG_ID_SIZE];
	/* The date is the form that no locale changes; a line that goes on has none, so it begins no report. */
	const char *const arguments[] = { "--output=short-iso", LINES, match, "_TRANSPORT=kernel",
					  "SYSLOG_FACILITY=0",	NULL };
	owned char *output = NULL;

	if (!is_boot_id(kernel_boot_id))
		return 0;
	snprintf(match, sizeof(match), "_BOOT_ID=%s", kernel_boot_id);
	output = malloc(CRASH_TEXT_MAX);
	if (!output)
		return -ENOMEM;
	if (!ask(context, processes, arguments, output, CRASH_TEXT_MAX))
		return 0;
	*ret = (struct crash_text){ .text = output, .size = strlen(output) };
	output = NULL;
	return 0;
}

void boot_log_before(const struct context *context, const struct process_port *processes,
		     char ret_kernel_boot_id[BOOT_LOG_ID_SIZE])
{
	static const char *const arguments[] = { "--boot=-1", "--lines=1", "--output=cat",
						 "--output-fields=_BOOT_ID", NULL };
	char output[BOOT_LOG_ID_SIZE + 2];

	ret_kernel_boot_id[0] = '\0';
	if (!ask(context, processes, arguments, output, sizeof(output)))
		return;
	output[strcspn(output, "\n")] = '\0';
	if (is_boot_id(output))
		strcpy(ret_kernel_boot_id, output);
}
