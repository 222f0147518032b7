/* test_dumps.c: finding crash dumps that were not looked at yet; running programs with a time limit; healthy minutes
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "recovery/dumps.h"
#include "recovery/healthy_time.h"
#include "recovery/process.h"
#include "recovery/state.h"
#include "tests/unit/suite.h"

static char root[64];
static struct context context = { .root = root };
static struct database *database;

#define PSTORE	"/sys/fs/pstore"
#define ARCHIVE "/var/lib/systemd/pstore"

static void shell(const char *text)
{
	char command[512];

	snprintf(command, sizeof(command), "cd '%s' && %s", root, text);
	ck_assert_int_eq(system(command), 0);
}

static void set_up(void)
{
	strcpy(root, "/tmp/daruma-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(root));
	shell("mkdir -p sys/fs/pstore var/lib/systemd/pstore");
	ck_assert_int_eq(state_open(&context, true, &database), 0);
}

static void tear_down(void)
{
	database_close(database);
	shell("rm -rf '../'\"${PWD##*/}\"");
}

static void put(const char *folder, const char *name, const char *text)
{
	char path[256];
	FILE *out;

	snprintf(path, sizeof(path), "mkdir -p '.%s'", folder);
	shell(path);
	snprintf(path, sizeof(path), "%s%s/%s", root, folder, name);
	out = fopen(path, "w");
	ck_assert_ptr_nonnull(out);
	fputs(text, out);
	fclose(out);
}

static void expect(const char *text)
{
	struct crash_text crash = { 0 };

	ck_assert_int_eq(dumps_read_new(&context, database, &crash), 0);
	if (text)
		ck_assert_str_eq(crash.text, text);
	else
		ck_assert_ptr_null(crash.text);
	crash_text_free(&crash);
}

START_TEST(joins_parts_from_the_highest_down)
{
	expect(NULL);
	put(PSTORE, "dmesg-efi-170000000001001", "end");
	put(PSTORE, "dmesg-efi-170000000003001", "start\n");
	/* The seconds are taken for each part. */
	put(PSTORE, "dmesg-efi_pstore-170000000102001", "middle\n");
	expect("start\nmiddle\nend\n");
}
END_TEST

START_TEST(reads_both_layouts_of_the_archive)
{
	put(ARCHIVE "/1700000000", "dmesg-efi-170000000001001", "old layout");
	expect("old layout\n");
	put(ARCHIVE "/1700009000/001", "dmesg-efi_pstore-170000900001001", "new layout");
	expect("new layout\n");
}
END_TEST

/* An oops comes before the panic it led to; a crash long before is another one. */
START_TEST(takes_the_newest_crash_whole)
{
	put(PSTORE, "dmesg-efi-170000000001001", "other");
	put(PSTORE, "dmesg-efi-170000500001002", "panic");
	put(PSTORE, "dmesg-efi-170000500001001", "oops");
	expect("oops\npanic\n");
}
END_TEST

/* Firmware that stands still between two parts makes no second crash of the rest, which ends before the panic. */
START_TEST(takes_a_slow_dump_whole)
{
	put(PSTORE, "dmesg-efi-169999990001001", "the crash before");
	put(PSTORE, "dmesg-efi-170000000001001", "panic");
	put(PSTORE, "dmesg-efi-170000000002001", "oops");
	put(PSTORE, "dmesg-efi-170000002003001", "before it");
	expect("before it\noops\npanic\n");
}
END_TEST

START_TEST(takes_no_part_of_another_crash)
{
	put(PSTORE, "dmesg-efi-170000000001001", "end of the other");
	put(PSTORE, "dmesg-efi-170000000002001", "start of the other");
	put(PSTORE, "dmesg-efi-170000002001001", "end");
	put(PSTORE, "dmesg-efi-170000020002001", "far too late");
	expect("far too late\n");
	shell("rm ." PSTORE "/dmesg-efi-170000020002001");
	expect("end\n");
}
END_TEST

START_TEST(seen_once_is_seen_for_good)
{
	put(PSTORE, "dmesg-efi-170000000001001", "first");
	ck_assert_int_eq(dumps_mark_seen(&context, database), 0);
	expect(NULL);
	/* Moved to the archive it is the same record; and a clock that was set back makes no old one of a new one. */
	shell("mkdir -p ." ARCHIVE "/1700000000 && mv ." PSTORE "/* ." ARCHIVE "/1700000000/");
	expect(NULL);
	put(PSTORE, "dmesg-efi-160000000001001", "second");
	expect("second\n");
	ck_assert_int_eq(dumps_mark_seen(&context, database), 0);
	expect(NULL);
}
END_TEST

/* Which ones are compressed is told, and nothing is done with their bytes. */
START_TEST(compressed_parts_stay_as_they_are)
{
	struct crash_text crash = { 0 };

	put(PSTORE, "dmesg-efi-170000000001001", "end");
	put(ARCHIVE, "dmesg-efi-170000000002001.enc.z", "\x4b\x4a");
	ck_assert_int_eq(dumps_read_new(&context, database, &crash), 0);
	ck_assert_str_eq(crash.text, "\x4b\x4a"
				     "end\n");
	ck_assert_uint_eq(crash.parts_count, 2);
	ck_assert(crash.parts[0].deflated && crash.parts[0].size == 2);
	ck_assert(!crash.parts[1].deflated && crash.parts[1].size == 4);
	crash_text_free(&crash);
	/* Moved, or read by another kernel, it is the same record. */
	ck_assert_int_eq(dumps_mark_seen(&context, database), 0);
	put(PSTORE, "dmesg-efi-170000000002001", "what the kernel made of it");
	expect(NULL);
}
END_TEST

START_TEST(passes_other_files_over)
{
	put(PSTORE, "dmesg-efi-170000000001001.enc", "x");
	put(PSTORE, "dmesg-efi-170000000001001.enc.z.z", "x");
	put(PSTORE, "dmesg-efi-.enc.z", "x");
	put(PSTORE, "console-ramoops-0", "x");
	put(PSTORE, "dmesg-efi-", "x");
	put(PSTORE, "dmesg-efi-x", "x");
	put(PSTORE, "dmesg-efi-99999999999999999999999999", "x");
	put(PSTORE, "dmesg-efi- 170000000001001", "x");
	put(PSTORE, "dmesg-efi-+170000000001001", "x");
	shell("ln -s /etc/passwd ." PSTORE "/dmesg-efi-170000000001009");
	put(ARCHIVE "/a/b/c", "dmesg-efi-170000000001001", "too deep");
	expect(NULL);
}
END_TEST

/* R30: thousands of records, or one that never ends, cost a bounded time. */
START_TEST(is_bounded)
{
	struct crash_text crash = { 0 };

	shell("for i in $(seq 1000 2500); do echo x > ." PSTORE "/dmesg-efi-17000000000${i}; done");
	shell("truncate -s 1G ." PSTORE "/dmesg-efi-170000000001001");
	ck_assert_int_eq(dumps_read_new(&context, database, &crash), 0);
	ck_assert_uint_le(crash.fresh, DUMPS_MAX);
	ck_assert_uint_le(crash.size, CRASH_TEXT_MAX + 1);
	crash_text_free(&crash);
}
END_TEST

/* Dumps are kept for weeks: whatever the order of the names in the folder, the newest crash is not left out. */
START_TEST(of_too_many_the_newest_count)
{
	put(PSTORE, "dmesg-efi-180000000001001", "newest");
	shell("for i in $(seq 1000 1700); do echo x > ." PSTORE "/dmesg-efi-170000${i}01001; done");
	put(PSTORE, "dmesg-efi-180000000002001", "and its beginning");
	expect("and its beginning\nnewest\n");
	ck_assert_int_eq(dumps_mark_seen(&context, database), 0);
	expect(NULL);
	put(PSTORE, "dmesg-efi-180000500001001", "a newer one");
	expect("a newer one\n");
}
END_TEST

START_TEST(programs_are_run_and_ended)
{
	static const char *const echo[] = { "sh", "-c", "echo hello; exit 3", NULL };
	static const char *const large[] = { "sh", "-c", "head -c 300000 /dev/zero", NULL };
	static const char *const hang[] = { "sh", "-c", "sleep 60 & sleep 60", NULL };
	static const char *const left[] = { "sh", "-c", "sleep 60 & echo done", NULL };
	static const char *const none[] = { "/nowhere/at/all", NULL };
	static const char *const killed[] = { "sh", "-c", "kill -9 $$", NULL };
	const struct process_port *port = process_of_machine();
	char output[16];
	int status = 0;

	ck_assert_int_eq(port->run(echo, 5, output, sizeof(output), &status), 0);
	ck_assert_int_eq(status, 3);
	ck_assert_str_eq(output, "hello\n");
	ck_assert_int_eq(port->run(large, 5, output, sizeof(output), &status), 0);
	ck_assert_int_eq(port->run(hang, 1, NULL, 0, &status), -ETIMEDOUT);
	/* What it left behind holds the pipe open, and nobody waits for that. */
	ck_assert_int_eq(port->run(left, 5, output, sizeof(output), &status), 0);
	ck_assert_str_eq(output, "done\n");
	ck_assert_int_eq(port->run(none, 5, NULL, 0, &status), -ENOENT);
	ck_assert_int_eq(port->run(killed, 5, NULL, 0, &status), 0);
	ck_assert_int_eq(status, 137);
	ck_assert_int_eq(process_succeed(port, echo, 5), -ECHILD);
}
END_TEST

struct taken {
	char text[64];
	size_t size;
	int answer; /* what is said to each piece */
};

static int take(const void *bytes, size_t size, void *user)
{
	struct taken *taken = user;

	ck_assert_uint_lt(taken->size + size, sizeof(taken->text));
	memcpy(taken->text + taken->size, bytes, size);
	taken->size += size;
	return taken->answer;
}

/* Whoever takes what comes out may end it, and then nobody waits for the program. */
START_TEST(programs_filter_what_they_are_given)
{
	static const char *const upper[] = { "sh", "-c", "tr a-z A-Z; exit 4", NULL };
	static const char *const endless[] = { "sh", "-c", "echo first; sleep 60", NULL };
	const struct process_port *port = process_of_machine();
	struct taken taken = { .size = 0 };
	int ends[2], status = 0;

	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(write(ends[1], "given", 5), 5);
	close(ends[1]);
	ck_assert_int_eq(port->filter(upper, 5, ends[0], take, &taken, &status), 0);
	ck_assert_int_eq(status, 4);
	ck_assert_str_eq(taken.text, "GIVEN");
	taken = (struct taken){ .answer = -EBADMSG };
	ck_assert_int_eq(port->filter(endless, 15, ends[0], take, &taken, &status), -EBADMSG);
	ck_assert_str_eq(taken.text, "first\n");
	close(ends[0]);
}
END_TEST

/* Slower than who writes: there is always more to read. */
static int take_slowly(const void *bytes, size_t size, void *user)
{
	(void)bytes;
	(void)size;
	(void)user;
	usleep(20000);
	return 0;
}

START_TEST(programs_that_write_without_end)
{
	static const char *const endless[] = { "yes", NULL };
	static const char *const left[] = { "sh", "-c", "yes & exit 3", NULL };
	const struct process_port *port = process_of_machine();
	int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC), status = 0;

	ck_assert_int_ge(nothing, 0);
	ck_assert_int_eq(port->filter(endless, 1, nothing, take_slowly, NULL, &status), -ETIMEDOUT);
	/* What it left behind ends when nobody reads. */
	ck_assert_int_eq(port->filter(left, 5, nothing, take_slowly, NULL, &status), 0);
	ck_assert_int_eq(status, 3);
	close(nothing);
}
END_TEST

static uint32_t advance(const char *kernel, int64_t now)
{
	uint32_t total = 0;

	ck_assert_int_eq(healthy_time_advance(database, kernel, now, &total), 0);
	return total;
}

/* R37: the throttle counts healthy time, and time before the good answer is none. */
START_TEST(healthy_minutes_add_up_over_starts)
{
	ck_assert_uint_eq(advance("a", 1000), 0);
	ck_assert_int_eq(healthy_time_begin(database, "a", 1000), 0);
	ck_assert_uint_eq(advance("a", 1059), 0);
	ck_assert_uint_eq(advance("a", 1119), 1);
	ck_assert_uint_eq(advance("a", 1180), 3);
	/* Begun twice loses nothing. */
	ck_assert_int_eq(healthy_time_begin(database, "a", 1200), 0);
	ck_assert_uint_eq(advance("a", 1240), 4);
	/* Another kernel: its own time, and none until it is healthy. */
	ck_assert_uint_eq(advance("b", 9000), 4);
	ck_assert_int_eq(healthy_time_begin(database, "b", 10), 0);
	ck_assert_uint_eq(advance("b", 130), 6);
	ck_assert_uint_eq(advance("b", 5), 6);
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("dumps");
	TCase *tests = suite_case(all, "dumps", 20);

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, joins_parts_from_the_highest_down);
	tcase_add_test(tests, reads_both_layouts_of_the_archive);
	tcase_add_test(tests, takes_the_newest_crash_whole);
	tcase_add_test(tests, takes_a_slow_dump_whole);
	tcase_add_test(tests, takes_no_part_of_another_crash);
	tcase_add_test(tests, seen_once_is_seen_for_good);
	tcase_add_test(tests, compressed_parts_stay_as_they_are);
	tcase_add_test(tests, passes_other_files_over);
	tcase_add_test(tests, is_bounded);
	tcase_add_test(tests, of_too_many_the_newest_count);
	tcase_add_test(tests, programs_are_run_and_ended);
	tcase_add_test(tests, programs_that_write_without_end);
	tcase_add_test(tests, programs_filter_what_they_are_given);
	tcase_add_test(tests, healthy_minutes_add_up_over_starts);
	return all;
}
