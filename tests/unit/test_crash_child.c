/* test_crash_child.c: the process that reads crash texts can do nothing else
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "recovery/crash_child.h"
#include "tests/unit/deflate.h"
#include "tests/unit/suite.h"

#define TEXT                                                                                       \
	"<1>[   1.0] BUG: kernel NULL pointer dereference, address: 0000000000000008\n"            \
	"<4>[   1.1] RIP: 0010:acme_parse+0x1a/0x40 [acme_sensor]\n"

#define PATIENCE 500 /* steps of 10 ms */

static int open_text(void)
{
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(write(ends[1], TEXT, strlen(TEXT)), strlen(TEXT));
	close(ends[1]);
	return ends[0];
}

START_TEST(bytes_and_files_are_read)
{
	struct crash_input bytes = { .bytes = TEXT, .size = strlen(TEXT) };
	struct crash_input file = { .fd = open_text() };
	struct crash crash = { 0 };

	ck_assert_int_eq(crash_child_read(&bytes, 10, &crash), 0);
	ck_assert_int_eq(crash.class, CRASH_OOPS);
	ck_assert_str_eq(crash.module, "acme_sensor");
	memset(&crash, 0, sizeof(crash));
	ck_assert_int_eq(crash_child_read(&file, 10, &crash), 0);
	ck_assert_str_eq(crash.function, "acme_parse");
	close(file.fd);
}
END_TEST

START_TEST(what_cannot_be_read_is_an_error)
{
	struct crash_input folder = { .fd = open("/", O_RDONLY) };
	struct crash_input endless = { .fd = open("/dev/zero", O_RDONLY) };
	struct crash_input nothing = { .fd = -1 };
	struct crash crash;
	int ends[2];

	ck_assert_int_eq(crash_child_read(&folder, 10, &crash), -EISDIR);
	ck_assert_int_eq(crash_child_read(&endless, 60, &crash), -EFBIG);
	ck_assert_int_eq(crash_child_read(&nothing, 10, &crash), -EBADF);
	/* Nobody writes, nobody closes. */
	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(crash_child_read(&(struct crash_input){ .fd = ends[0] }, 1, &crash),
			 -ETIMEDOUT);
}
END_TEST

/* R30: the child inflates, which can do nothing else. */
START_TEST(r30_compressed_parts_are_inflated_by_the_child)
{
	static const char head[] = "<1>[   1.0] BUG: kernel NULL pointer dereference, address: 8";
	static const char tail[] = "<4>[   1.1] RIP: 0010:acme_parse+0x1a/0x40 [acme_sensor]\n";
	char bytes[512];
	struct crash_part parts[2] = { { .deflated = true } };
	struct crash_input input = { .bytes = bytes, .parts = parts, .count = 2, .fd = -1 };
	struct crash crash = { 0 };

	/* The first has no newline at its end. */
	parts[0].size = deflate_as_pstore(head, strlen(head), 15, bytes, sizeof(bytes));
	parts[1].size = strlen(tail);
	memcpy(bytes + parts[0].size, tail, parts[1].size);
	input.size = parts[0].size + parts[1].size;
	ck_assert_int_eq(crash_child_read(&input, 10, &crash), 0);
	ck_assert_int_eq(crash.kind, CRASH_KIND_NULL_DEREFERENCE);
	ck_assert_str_eq(crash.module, "acme_sensor");
	/* A part that would end behind the bytes is not read, nor any after it. */
	input.size--;
	ck_assert_int_eq(crash_child_read(&input, 10, &crash), 0);
	ck_assert_int_eq(crash.kind, CRASH_KIND_NULL_DEREFERENCE);
	ck_assert_str_eq(crash.module, "");
}
END_TEST

/* The only child of `parent`, once it has one; 0 after some time. */
static pid_t child_of(pid_t parent)
{
	char path[64];
	int child = 0;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)parent, (int)parent);
	for (int step = 0; step < PATIENCE && child == 0; step++) {
		FILE *file = fopen(path, "r");

		ck_assert_ptr_nonnull(file);
		if (fscanf(file, "%d", &child) != 1)
			child = 0;
		fclose(file);
		usleep(10000);
	}
	return child;
}

/* The value of a line of /proc/<pid>/status; -1 without it. */
static int status_of(pid_t pid, const char *key)
{
	char path[64], line[256];
	int value = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	file = fopen(path, "r");
	while (file && fgets(line, sizeof(line), file))
		if (strncmp(line, key, strlen(key)) == 0)
			value = atoi(line + strlen(key));
	if (file)
		fclose(file);
	return value;
}

static bool has_descriptor(pid_t pid, int fd)
{
	char path[64], target[64];

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)pid, fd);
	return readlink(path, target, sizeof(target)) >= 0;
}

/* R30: parsed without privileges. */
START_TEST(the_child_can_do_nothing_else)
{
	struct crash crash;
	int ends[2];
	pid_t parent, child;

	ck_assert_int_eq(pipe(ends), 0);
	parent = fork();
	if (parent == 0)
		_exit(crash_child_read(&(struct crash_input){ .fd = ends[0] }, 60, &crash) == 0 ?
			      0 :
			      1);
	child = child_of(parent);
	ck_assert_int_gt(child, 0);
	for (int step = 0; step < PATIENCE && status_of(child, "Seccomp:") != 2; step++)
		usleep(10000);
	ck_assert_int_eq(status_of(child, "Seccomp:"), 2);
	ck_assert_int_eq(status_of(child, "NoNewPrivs:"), 1);
	if (geteuid() == 0) {
		ck_assert_int_eq(status_of(child, "Uid:"), 65534);
		ck_assert_int_eq(status_of(child, "Gid:"), 65534);
	}
	for (int fd = 2; fd < 64; fd++)
		ck_assert(!has_descriptor(child, fd));
	kill(parent, SIGKILL);
	kill(child, SIGKILL);
	waitpid(parent, NULL, 0);
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("crash_child");
	TCase *tests = suite_case(all, "child", 60);

	tcase_add_test(tests, bytes_and_files_are_read);
	tcase_add_test(tests, what_cannot_be_read_is_an_error);
	tcase_add_test(tests, r30_compressed_parts_are_inflated_by_the_child);
	tcase_add_test(tests, the_child_can_do_nothing_else);
	return all;
}
