/* rpm.c: asking the package manager rpm
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/products/rpm.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/cleanup.h"
#include "recovery/system_file.h"

#define OWNER_SECONDS 20
#define NAMES_SECONDS 5 /* the guard waits for it, before services start */
#define ANSWER_SIZE   65536

static const char *const folders[] = { "/usr/lib/sysimage/rpm", "/var/lib/rpm" };
static const char only_name[] = "%{NAME}\n";

bool rpm_is_here(const struct context *context)
{
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		owned_descriptor int fd = system_open(context, folders[i], O_RDONLY | O_DIRECTORY);

		if (fd >= 0)
			return true;
	}
	return false;
}

bool rpm_find_owner(const struct process_port *processes, const char *path,
		    char ret_package[PACKAGE_NAME_SIZE])
{
	const char *const command[] = { "rpm", "-qf", "--qf", only_name, "--", path, NULL };
	char answer[PACKAGE_NAME_SIZE] = "";
	int status = 0;

	if (processes->run(command, OWNER_SECONDS, answer, sizeof(answer), &status) != 0 ||
	    status != 0)
		return false;
	answer[strcspn(answer, "\n")] = '\0';
	if (!package_name_is_sound(answer))
		return false;
	strcpy(ret_package, answer);
	return true;
}

/* Whether a whole line of `text` is `name`: the last may be cut, and then it is no line. */
static bool has_line(const char *text, const char *name)
{
	size_t length = strlen(name);

	for (const char *end; (end = strchr(text, '\n')); text = end + 1)
		if ((size_t)(end - text) == length && strncmp(text, name, length) == 0)
			return true;
	return false;
}

/* The exit status is the number of those that are not installed, so it says nothing here. */
static int ask(const struct process_port *processes, const struct text_list *names,
	       char answer[ANSWER_SIZE])
{
	static const char *const words[] = { "rpm", "-q", "--qf", only_name, "--" };
	const size_t count = sizeof(words) / sizeof(words[0]);
	owned const char **command = calloc(count + names->count + 1, sizeof(*command));
	int status;

	if (!command)
		return -ENOMEM;
	memcpy(command, words, sizeof(words));
	for (size_t i = 0; i < names->count; i++)
		command[count + i] = names->items[i];
	return processes->run(command, NAMES_SECONDS, answer, ANSWER_SIZE, &status);
}

int rpm_find_installed(const struct process_port *processes, const struct text_list *names,
		       const char **ret_name)
{
	owned char *answer = calloc(1, ANSWER_SIZE);
	int error = answer ? ask(processes, names, answer) : -ENOMEM;

	*ret_name = NULL;
	for (size_t i = 0; !error && !*ret_name && i < names->count; i++)
		if (has_line(answer, names->items[i]))
			*ret_name = names->items[i];
	return error;
}
