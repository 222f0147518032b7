/* package.c: the packages that dpkg has on this machine
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/products/package.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/cleanup.h"
#include "recovery/system_file.h"

#define STATUS_FILE "/var/lib/dpkg/status"
#define INFO_FOLDER "/var/lib/dpkg/info"

/* The last word of "Status:", as dpkg(1) lists them. Triggers and scripts run when all files are there. */
static const struct {
	const char *word;
	enum package_state state;
} states[] = {
	{ "half-installed", PACKAGE_HALF },	   { "unpacked", PACKAGE_INSTALLED },
	{ "half-configured", PACKAGE_INSTALLED },  { "triggers-awaited", PACKAGE_INSTALLED },
	{ "triggers-pending", PACKAGE_INSTALLED }, { "installed", PACKAGE_INSTALLED },
};

static enum package_state state_of(const char *status)
{
	const char *word = strrchr(status, ' ');

	for (size_t i = 0; word && i < sizeof(states) / sizeof(states[0]); i++)
		if (strcmp(word + 1, states[i].word) == 0)
			return states[i].state;
	return PACKAGE_ABSENT;
}

/* What one paragraph says so far. */
struct paragraph {
	char name[NAME_MAX + 1];
	char architecture[64];
	enum package_state state;
};

/* The value of a line "KEY: VALUE", or NULL if it has another key. */
static const char *value_of(const char *line, const char *key)
{
	size_t length = strlen(key);

	return strncmp(line, key, length) == 0 && strncmp(line + length, ": ", 2) == 0 ?
		       line + length + 2 :
		       NULL;
}

static void read_line(struct paragraph *paragraph, const char *line)
{
	const char *name = value_of(line, "Package");
	const char *status = value_of(line, "Status");
	const char *architecture = value_of(line, "Architecture");

	/* A name that does not fit is none that a product file could ask for. */
	if (name && strlen(name) < sizeof(paragraph->name) && !strchr(name, '/'))
		strcpy(paragraph->name, name);
	if (status)
		paragraph->state = state_of(status);
	if (architecture && strlen(architecture) < sizeof(paragraph->architecture) &&
	    !strchr(architecture, '/'))
		strcpy(paragraph->architecture, architecture);
}

static int add(struct package_list *list, size_t *room, const struct paragraph *paragraph)
{
	struct package *item;

	if (!paragraph->name[0] || paragraph->state == PACKAGE_ABSENT)
		return 0;
	if (list->count == *room) {
		size_t more = *room ? *room * 2 : 256;
		struct package *items = reallocarray(list->items, more, sizeof(*items));

		if (!items)
			return -ENOMEM;
		list->items = items;
		*room = more;
	}
	item = &list->items[list->count];
	*item = (struct package){ .name = strdup(paragraph->name),
				  .architecture = strdup(paragraph->architecture),
				  .state = paragraph->state };
	list->count++;
	return item->name && item->architecture ? 0 : -ENOMEM;
}

static void free_package(struct package *package)
{
	free(package->name);
	free(package->architecture);
}

static int by_name(const void *one, const void *other)
{
	return strcmp(((const struct package *)one)->name, ((const struct package *)other)->name);
}

static int by_name_best_first(const void *one, const void *other)
{
	const struct package *a = one, *b = other;
	int order = by_name(a, b);

	return order ? order : (int)b->state - (int)a->state;
}

static void sort(struct package_list *list)
{
	size_t kept = 0;

	if (!list->count)
		return;
	qsort(list->items, list->count, sizeof(*list->items), by_name_best_first);
	for (size_t i = 1; i < list->count; i++)
		if (by_name(&list->items[kept], &list->items[i]) == 0)
			free_package(&list->items[i]);
		else
			list->items[++kept] = list->items[i];
	list->count = kept + 1;
}

int package_list_read(FILE *file, struct package_list *ret)
{
	struct package_list list = { 0 };
	struct paragraph paragraph = { 0 };
	owned char *line = NULL;
	size_t size = 0, room = 0;
	int error = 0;

	while (!error && getline(&line, &size, file) > 0) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0]) {
			read_line(&paragraph, line);
			continue;
		}
		error = add(&list, &room, &paragraph);
		paragraph = (struct paragraph){ 0 };
	}
	if (!error)
		error = add(&list, &room, &paragraph);
	if (error) {
		package_list_free(&list);
		return error;
	}
	sort(&list);
	*ret = list;
	return 0;
}

static FILE *open_file(const struct context *context, const char *path)
{
	int fd = system_open(context, path, O_RDONLY | O_NONBLOCK);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "re");

	if (!file && fd >= 0)
		close(fd);
	return file;
}

int package_list_load(const struct context *context, struct package_list *ret)
{
	FILE *file = open_file(context, STATUS_FILE);
	int error;

	*ret = (struct package_list){ 0 };
	if (!file)
		return 0;
	error = package_list_read(file, ret);
	fclose(file);
	return error;
}

const struct package *package_find(const struct package_list *list, const char *name)
{
	char wanted[NAME_MAX + 1];
	const struct package key = { .name = wanted };

	if (!list->count || strlen(name) >= sizeof(wanted))
		return NULL;
	strcpy(wanted, name);
	return bsearch(&key, list->items, list->count, sizeof(*list->items), by_name);
}

static bool has_line(FILE *file, const char *text)
{
	owned char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, file) > 0) {
		line[strcspn(line, "\n")] = '\0';
		if (strcmp(line, text) == 0)
			return true;
	}
	return false;
}

bool package_owns(const struct context *context, const struct package *package, const char *path)
{
	char name[PATH_MAX];
	FILE *file;
	bool found;

	snprintf(name, sizeof(name), INFO_FOLDER "/%s.list", package->name);
	file = open_file(context, name);
	if (!file) {
		/* What can be there for several architectures has one list for each. */
		snprintf(name, sizeof(name), INFO_FOLDER "/%s:%s.list", package->name,
			 package->architecture);
		file = open_file(context, name);
	}
	if (!file)
		return false;
	found = has_line(file, path);
	fclose(file);
	return found;
}

void package_list_free(struct package_list *list)
{
	if (!list)
		return;
	for (size_t i = 0; i < list->count; i++)
		free_package(&list->items[i]);
	free(list->items);
	*list = (struct package_list){ 0 };
}
