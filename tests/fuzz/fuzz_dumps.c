/* fuzz_dumps.c: any names and contents of crash dumps, a line each: name, a space, content
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "recovery/dumps.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FILES_MOST 16

static char root[] = "/tmp/daruma-fuzz-XXXXXX";

/* Where the kernel has them, and where systemd moves them; files go there in turn. */
static const char *const folders[] = { "sys/fs/pstore", "var/lib/systemd/pstore/170",
				       "var/lib/systemd/pstore/170/001" };

#define FOLDERS (sizeof(folders) / sizeof(folders[0]))

struct put {
	char paths[FILES_MOST][512];
	unsigned long long ids[FILES_MOST];
	size_t files;
	size_t crashes; /* different ids among them */
};

static void run(const char *format)
{
	char command[1024];

	snprintf(command, sizeof(command), format, root);
	if (system(command) != 0)
		abort();
}

static void clean_up(void)
{
	run("rm -rf '%s'");
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	if (!mkdtemp(root))
		abort();
	run("cd '%s' && mkdir -p sys/fs/pstore var/lib/systemd/pstore/170/001");
	atexit(clean_up);
	return 0;
}

/* The number behind the last dash of dmesg-<backend>-<id>[.enc.z], in digits and nothing else. */
static unsigned long long id_of(const char *name)
{
	const char *digits = strrchr(name, '-');
	unsigned long long id;
	size_t length;

	if (strncmp(name, "dmesg-", 6) != 0 || digits < name + 6)
		return 0;
	length = strspn(digits + 1, "0123456789");
	if (length == 0 || (digits[1 + length] && strcmp(digits + 1 + length, ".enc.z") != 0))
		return 0;
	errno = 0;
	id = strtoull(digits + 1, NULL, 10);
	return errno ? 0 : id;
}

static void count(struct put *put, const char *name)
{
	unsigned long long id = id_of(name);

	for (size_t i = 0; i < put->crashes; i++)
		if (put->ids[i] == id)
			return;
	if (id != 0)
		put->ids[put->crashes++] = id;
}

static void put_file(struct put *put, const char *line, size_t length)
{
	const char *space = memchr(line, ' ', length);
	size_t name_length = space ? (size_t)(space - line) : length;
	char name[256];
	char *path = put->paths[put->files];
	int fd;

	if (name_length == 0 || name_length >= sizeof(name) || memchr(line, '\0', name_length) ||
	    memchr(line, '/', name_length) || line[0] == '.')
		return;
	memcpy(name, line, name_length);
	name[name_length] = '\0';
	/* A tab stands for a space in the name. */
	for (char *at = name; (at = strchr(at, '\t')); at++)
		*at = ' ';
	snprintf(path, sizeof(put->paths[0]), "%s/%s/%s", root, folders[put->files % FOLDERS],
		 name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	/* The folder in the folder before has a name too. */
	if (fd < 0 && errno == EISDIR)
		return;
	if (fd < 0 || (space && write(fd, space, length - name_length) < 0))
		abort();
	close(fd);
	put->files++;
	count(put, name);
}

static void put_all(struct put *put, const char *at, const char *end)
{
	while (at < end && put->files < FILES_MOST) {
		const char *line = memchr(at, '\n', (size_t)(end - at));

		put_file(put, at, (size_t)((line ? line : end) - at));
		at = line ? line + 1 : end;
	}
}

/* The parts are all of the text and nothing else. */
static void check_parts(const struct crash_text *crash)
{
	size_t sum = 0;

	for (size_t i = 0; i < crash->parts_count; i++)
		sum += crash->parts[i].size;
	if (sum != crash->size || (crash->text != NULL) != (crash->parts_count > 0))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct context context = { .root = root };
	struct crash_text crash = { 0 };
	struct put put = { .files = 0 };

	put_all(&put, (const char *)data, (const char *)data + size);
	if (dumps_read_new(&context, NULL, &crash) != 0)
		abort();
	if (crash.fresh != put.crashes || crash.size > CRASH_TEXT_MAX + FILES_MOST ||
	    (crash.text != NULL) != (put.crashes > 0))
		abort();
	check_parts(&crash);
	crash_text_free(&crash);
	for (size_t i = 0; i < put.files; i++)
		unlink(put.paths[i]);
	return 0;
}
