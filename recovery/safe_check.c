/* safe_check.c: are the watched products really off in this safe start?
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/safe_check.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "recovery/cleanup.h"
#include "recovery/early/hold_list.h"
#include "recovery/event.h"
#include "recovery/json.h"
#include "recovery/products/watch_set.h"
#include "recovery/system_file.h"

#define SYSTEMCTL_SECONDS 15
#define OUTPUT_SIZE	  65536
#define SENTENCE_SIZE	  (PATH_MAX + 128)
#define DELETED		  " (deleted)" /* proc(5), /proc/PID/exe: an update replaced the file */

__attribute__((format(printf, 2, 3))) static int add(struct text_list *breaches, const char *text,
						     ...)
{
	char sentence[SENTENCE_SIZE];
	va_list values;

	va_start(values, text);
	vsnprintf(sentence, sizeof(sentence), text, values);
	va_end(values);
	return text_list_add(breaches, sentence);
}

/* --- units ---------------------------------------------------------------------------------- */

bool safe_check_is_off(const char *state)
{
	return strcmp(state, "masked") == 0 || strcmp(state, "not-found") == 0;
}

/* One line for each unit asked about, in their order, with an empty line between two. */
static int judge_units(char *output, const char *const *units, size_t count,
		       struct text_list *breaches)
{
	char *rest = NULL, *state = strtok_r(output, "\n", &rest);
	int error = 0;

	for (size_t i = 0; !error && i < count; i++) {
		if (!state)
			return -EPROTO;
		if (!safe_check_is_off(state))
			error = add(breaches, "unit %s is not masked", units[i]);
		state = strtok_r(NULL, "\n", &rest);
	}
	return error;
}

static int check_units(const struct process_port *processes, const struct hold_list *list,
		       struct text_list *breaches)
{
	static const char *const head[] = {
		"systemctl", "show", "-p", "LoadState", "--value", "--"
	};
	enum {
		HEAD = sizeof(head) / sizeof(head[0])
	};
	const char *argv[HEAD + HOLD_LIST_MAX + 1];
	owned char *output = malloc(OUTPUT_SIZE);
	size_t count = HEAD;
	int status = 0, error;

	if (!output)
		return -ENOMEM;
	memcpy(argv, head, sizeof(head));
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].kind == HOLD_UNIT)
			argv[count++] = list->items[i].name;
	argv[count] = NULL;
	if (count == HEAD)
		return 0;
	error = processes->run(argv, SYSTEMCTL_SECONDS, output, OUTPUT_SIZE, &status);
	if (error || status != 0)
		return error ? error : -EPROTO;
	return judge_units(output, argv + HEAD, count - HEAD, breaches);
}

/* --- modules -------------------------------------------------------------------------------- */

static int check_modules(const struct context *context, const struct hold_list *list,
			 struct text_list *breaches)
{
	int error = 0;

	for (size_t i = 0; !error && i < list->count; i++) {
		char name[128], path[PATH_MAX];

		if (list->items[i].kind != HOLD_MODULE)
			continue;
		/* Built-in code has a folder there too, but no initstate. */
		snprintf(name, sizeof(name), "/sys/module/%s/initstate", list->items[i].name);
		error = system_path(context, name, path);
		if (!error && access(path, F_OK) == 0)
			error = add(breaches, "kernel module %s is loaded", list->items[i].name);
	}
	return error;
}

/* --- processes ------------------------------------------------------------------------------ */

/* The program of process `pid`; false for a kernel thread, or one that has ended. */
static bool program_of(int processes, const char *pid, char ret[PATH_MAX])
{
	char name[32];
	ssize_t length;
	size_t mark = strlen(DELETED);

	snprintf(name, sizeof(name), "%.20s/exe", pid);
	length = readlinkat(processes, name, ret, PATH_MAX - 1);
	if (length <= 0)
		return false;
	ret[length] = '\0';
	if ((size_t)length > mark && strcmp(ret + length - mark, DELETED) == 0)
		ret[(size_t)length - mark] = '\0';
	return true;
}

static int check_process(int processes, const char *pid, const struct product_list *products,
			 struct text_list *breaches)
{
	const struct product *owner;
	char program[PATH_MAX];

	if (!isdigit((unsigned char)pid[0]) || !program_of(processes, pid, program))
		return 0;
	owner = watch_set_executable_owner(products, program);
	return owner ? add(breaches, "process %s (%s) of %s runs", pid, program, owner->id) : 0;
}

static int check_processes(const struct context *context, const struct product_list *products,
			   struct text_list *breaches)
{
	char path[PATH_MAX];
	struct dirent *entry;
	int error = system_path(context, "/proc", path);
	DIR *processes = error ? NULL : opendir(path);

	if (!processes)
		return error ? error : -errno;
	while (!error && (entry = readdir(processes)))
		error = check_process(dirfd(processes), entry->d_name, products, breaches);
	closedir(processes);
	return error;
}

/* --- what is to be off ---------------------------------------------------------------------- */

/* A pattern, or a unit that is never off (R14), is not taken into the list. */
static int add_names(struct hold_list *list, enum hold_kind kind, const struct text_list *names)
{
	for (size_t i = 0; i < names->count; i++) {
		int error = hold_list_add(list, kind, names->items[i]);

		if (error && error != -EINVAL)
			return error;
	}
	return 0;
}

/* What patterns mean is known by what is loaded. */
static int add_loaded(const struct context *context, const struct product_list *products,
		      struct hold_list *list)
{
	struct text_list names = { 0 };
	int error = watch_set_loaded_modules(context, products, &names);

	if (!error)
		error = add_names(list, HOLD_MODULE, &names);
	text_list_free(&names);
	return error;
}

static int collect(const struct context *context, const struct product_list *products,
		   struct hold_list *ret)
{
	char path[PATH_MAX];
	int error = system_path(context, HOLD_LIST_FILE, path);

	if (!error)
		error = hold_list_read(ret, path);
	if (error == -ENOENT)
		error = 0;
	for (size_t i = 0; !error && i < products->count; i++) {
		const struct product *product = &products->items[i];

		error = add_names(ret, HOLD_UNIT, &product->units);
		if (!error)
			error = add_names(ret, HOLD_UNIT, &product->updater_units);
		if (!error)
			error = add_names(ret, HOLD_MODULE, &product->modules);
	}
	if (!error)
		error = add_loaded(context, products, ret);
	return error;
}

/* --- all of it ------------------------------------------------------------------------------ */

int safe_check(const struct context *context, const struct process_port *processes,
	       const struct product_list *products, struct text_list *ret_breaches)
{
	struct hold_list list = { .count = 0 };
	int error = collect(context, products, &list);

	if (!error && processes)
		error = check_units(processes, &list, ret_breaches);
	if (!error)
		error = check_modules(context, &list, ret_breaches);
	if (!error)
		error = check_processes(context, products, ret_breaches);
	hold_list_free(&list);
	return error;
}

int safe_check_tell(const struct context *context, struct database *database,
		    const struct text_list *breaches)
{
	struct json *details = json_new_object();
	struct json *list = json_new_array();

	for (size_t i = 0; i < breaches->count; i++)
		json_append_text(list, breaches->items[i]);
	json_add(details, "breaches", list);
	return event_write(context, database, SAFE_CHECK_EVENT, "alert", details);
}
