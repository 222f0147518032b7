/* fact_packages.c: which packages dpkg has installed, and their versions
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "recovery/inventory/fact_kinds.h"
#include "recovery/system_file.h"

#define STATUS_FILE "/var/lib/dpkg/status"
#define FIELD_MAX   256
#define LINE_SIZE   1024 /* what is behind that in a line is passed over */

struct paragraph {
	char package[FIELD_MAX], architecture[FIELD_MAX], version[FIELD_MAX], status[FIELD_MAX];
};

/* The fields that count, and where each goes (deb-control(5), and dpkg's own "Status"). */
static const struct {
	const char *name;
	size_t offset;
} fields[] = {
	{ "Package: ", offsetof(struct paragraph, package) },
	{ "Architecture: ", offsetof(struct paragraph, architecture) },
	{ "Version: ", offsetof(struct paragraph, version) },
	{ "Status: ", offsetof(struct paragraph, status) },
};

static void take_field(const char *line, struct paragraph *paragraph)
{
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		size_t length = strlen(fields[i].name);

		if (strncmp(line, fields[i].name, length) == 0)
			snprintf((char *)paragraph + fields[i].offset, FIELD_MAX, "%.*s",
				 (int)strcspn(line + length, "\n"), line + length);
	}
}

static bool is_installed(const char *status)
{
	const char *last = strrchr(status, ' ');

	return last && strcmp(last, " installed") == 0;
}

static int end_paragraph(struct paragraph *paragraph, const char *kind, struct fact_list *ret)
{
	char name[2 * FIELD_MAX];
	int error = 0;

	if (paragraph->package[0] && is_installed(paragraph->status)) {
		snprintf(name, sizeof(name), "%s:%s", paragraph->package, paragraph->architecture);
		error = fact_list_add(ret, kind, name, paragraph->version);
	}
	*paragraph = (struct paragraph){ .package = "" };
	return error;
}

/* A line, or what fits of it. Returns false at the end of the file. */
static bool read_line(FILE *file, char line[LINE_SIZE])
{
	int next;

	if (!fgets(line, LINE_SIZE, file))
		return false;
	if (strchr(line, '\n'))
		return true;
	do
		next = getc(file);
	while (next != '\n' && next != EOF);
	return true;
}

static int read_status(FILE *file, const char *kind, struct fact_list *ret)
{
	struct paragraph paragraph = { .package = "" };
	char line[LINE_SIZE];
	int error = 0;

	while (!error && read_line(file, line)) {
		if (line[0] == '\n')
			error = end_paragraph(&paragraph, kind, ret);
		else
			take_field(line, &paragraph);
	}
	return error ? error : ferror(file) ? -EIO : end_paragraph(&paragraph, kind, ret);
}

int fact_packages_source(const struct context *context, char ret_path[PATH_MAX])
{
	(void)context;
	strcpy(ret_path, STATUS_FILE);
	return 0;
}

int fact_packages_read(const struct context *context, const char *kind, struct fact_list *ret)
{
	int fd = system_open(context, STATUS_FILE, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "re");
	int error;

	if (!file) {
		error = fd < 0 ? fd : -errno;
		if (fd >= 0)
			close(fd);
		return error;
	}
	error = read_status(file, kind, ret);
	fclose(file);
	return error;
}
