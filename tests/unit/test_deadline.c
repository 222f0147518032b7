/* test_deadline.c: what a look at a start finds: emergency mode, keys, questions, and how long it has been so
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "recovery/deadline.h"
#include "tests/unit/suite.h"
#include "tests/unit/systemctl_port.h"

#define MADE	  1000000 /* when the terminals were made */
#define SLACK	  30	  /* as in deadline.c */
#define SOMEBODY  1000
#define SINCE	  "/run/daruma/waiting-since"
#define EMERGENCY "/run/daruma/emergency-since"

static char root[64];
static struct context context = { .root = root };
static struct systemctl_machine machine;
static const char *const terminals[] = { "tty1", "console", "ttyS0", "ttyS1" };

static const char *place(const char *name)
{
	static char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s%s", root, name);
	return path;
}

static void write_file(const char *name, const char *text)
{
	FILE *out = fopen(place(name), "w");

	ck_assert_ptr_nonnull(out);
	fputs(text, out);
	fclose(out);
}

/* A process that root runs, or `owner`. */
static void run(const char *number, const char *comm, uid_t owner)
{
	char name[64];

	snprintf(name, sizeof(name), "/proc/%s", number);
	ck_assert_int_eq(mkdir(place(name), 0755), 0);
	ck_assert(owner == geteuid() || chown(place(name), owner, owner) == 0);
	snprintf(name, sizeof(name), "/proc/%s/comm", number);
	write_file(name, comm);
}

static void touch(const char *terminal, time_t read)
{
	const struct timespec times[2] = { { .tv_sec = read }, { .tv_sec = MADE } };
	char name[64];

	snprintf(name, sizeof(name), "/dev/%s", terminal);
	write_file(name, "");
	ck_assert_int_eq(utimensat(AT_FDCWD, place(name), times, 0), 0);
}

static void set_up(void)
{
	char command[512];

	strcpy(root, "/tmp/daruma-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(root));
	snprintf(command, sizeof(command),
		 "cd '%s' && mkdir -p proc dev run/systemd/ask-password run/daruma"
		 " sys/class/tty/console",
		 root);
	ck_assert_int_eq(system(command), 0);
	write_file("/sys/class/tty/console/active", "tty0 ttyS0\n");
	touch("full", MADE);
	for (size_t i = 0; i < sizeof(terminals) / sizeof(terminals[0]); i++)
		touch(terminals[i], MADE + SLACK);
	run("1", "systemd\n", geteuid());
}

static void tear_down(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", root);
	ck_assert_int_eq(system(command), 0);
}

/* Keeps in the file that it has been so for that long. */
static void began(const char *file, int64_t seconds)
{
	struct timespec up;
	char text[32];

	clock_gettime(CLOCK_MONOTONIC, &up);
	snprintf(text, sizeof(text), "%lld\n", (long long)up.tv_sec - seconds);
	write_file(file, text);
}

static struct deadline_facts look(void)
{
	struct deadline_facts facts = { .answered = true };

	deadline_look(&context, systemctl_port(&machine), &facts);
	ck_assert(facts.answered);
	return facts;
}

/* The clock goes on meanwhile. */
static void expect_about(int64_t seconds, int64_t expected)
{
	ck_assert_int_ge(seconds, expected);
	ck_assert_int_le(seconds, expected + 3);
}

START_TEST(the_first_look_begins_the_count)
{
	struct deadline_facts facts = look();

	ck_assert(!facts.password && !facts.emergency);
	expect_about(facts.waited_seconds, 0);
	ck_assert_int_eq(facts.emergency_seconds, 0);
	began(SINCE, 500);
	expect_about(look().waited_seconds, 500);
	expect_about(look().waited_seconds, 500);
}
END_TEST

START_TEST(a_question_for_a_password_begins_it_anew)
{
	began(SINCE, 500);
	write_file("/run/systemd/ask-password/sck.1", "");
	ck_assert(!look().password);
	expect_about(look().waited_seconds, 500);
	write_file("/run/systemd/ask-password/ask.1", "");
	ck_assert(look().password);
	expect_about(look().waited_seconds, 0);
	ck_assert_int_eq(unlink(place("/run/systemd/ask-password/ask.1")), 0);
	expect_about(look().waited_seconds, 0);
}
END_TEST

START_TEST(a_file_system_check_and_an_offline_update_are_work)
{
	began(SINCE, 500);
	run("7", "systemd-fsck\n", 0);
	ck_assert(!look().emergency);
	expect_about(look().waited_seconds, 0);
	write_file("/proc/7/comm", "systemd-journal\n");
	began(SINCE, 500);
	expect_about(look().waited_seconds, 500);
	ck_assert_int_eq(symlink("/no/such/folder", place("/system-update")), 0);
	expect_about(look().waited_seconds, 0);
}
END_TEST

/* The names that the consoles of emergency and rescue mode have, and some that are none. */
static const struct {
	const char *comm;
	uid_t owner;
	bool emergency;
} consoles[] = {
	{ "sulogin\n", 0, true },	  { "systemd-sulogin\n", 0, true },
	{ "sulogin\n", SOMEBODY, false }, { "sulogin-x\n", 0, false },
	{ "login\n", 0, false },	  { "\n", 0, false },
};

START_TEST(emergency_mode_is_known_by_its_console)
{
	struct deadline_facts facts;

	run("70", consoles[_i].comm, consoles[_i].owner);
	began(EMERGENCY, 40);
	facts = look();
	ck_assert(facts.emergency == consoles[_i].emergency);
	expect_about(facts.emergency_seconds, facts.emergency ? 40 : 0);
}
END_TEST

START_TEST(emergency_mode_counts_from_when_it_was_first_seen)
{
	run("70", "sulogin\n", 0);
	expect_about(look().emergency_seconds, 0);
	ck_assert_int_eq(access(place(EMERGENCY), R_OK), 0);
	began(EMERGENCY, 300);
	expect_about(look().emergency_seconds, 300);
	/* That is no hang of a start. */
	expect_about(look().waited_seconds, 0);
}
END_TEST

/* Each terminal may be the one that is typed at, but for the one that is no console. */
START_TEST(a_key_stops_the_count)
{
	bool is_console = strcmp(terminals[_i], "ttyS1") != 0;

	run("70", "sulogin\n", 0);
	began(EMERGENCY, 300);
	expect_about(look().emergency_seconds, 300);
	touch(terminals[_i], MADE + SLACK + 1);
	expect_about(look().emergency_seconds, is_console ? 0 : 300);
}
END_TEST

START_TEST(without_terminals_there_is_no_key)
{
	run("70", "sulogin\n", 0);
	began(EMERGENCY, 300);
	touch("tty1", MADE + SLACK + 1);
	ck_assert_int_eq(unlink(place("/dev/full")), 0);
	expect_about(look().emergency_seconds, 300);
	write_file("/sys/class/tty/console/active", "../full /\n");
	expect_about(look().emergency_seconds, 300);
}
END_TEST

#define TARGET(state) UNIT_BLOCK("default.target", "loaded", "static", state, "success", "yes", "")
#define HOLDS(state)                                                                               \
	UNIT_BLOCK("daruma-held.service", "loaded", "static", state, "success", "yes", "")

static const struct {
	const char *units[2];
	int error;
	bool up, held;
} starts[] = {
	{ .units = { NULL } },
	{ .units = { TARGET("inactive"), HOLDS("inactive") } },
	{ .units = { TARGET("activating"), HOLDS("activating") }, .held = true },
	{ .units = { TARGET("active"), HOLDS("active") }, .up = true },
	{ .units = { TARGET("active"), HOLDS("active") }, .error = -ETIMEDOUT },
};

START_TEST(the_default_target_tells_that_a_start_is_up)
{
	struct deadline_facts facts;

	memcpy(machine.units, starts[_i].units, sizeof(starts[_i].units));
	machine.error = starts[_i].error;
	facts = look();
	ck_assert(facts.up == starts[_i].up);
	ck_assert(facts.held == starts[_i].held);
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("deadline");
	TCase *found = suite_case(all, "look", 10);

	tcase_add_checked_fixture(found, set_up, tear_down);
	tcase_add_test(found, the_first_look_begins_the_count);
	tcase_add_loop_test(found, the_default_target_tells_that_a_start_is_up, 0,
			    (int)(sizeof(starts) / sizeof(starts[0])));
	tcase_add_test(found, a_question_for_a_password_begins_it_anew);
	/* Whose a process is counts, and only root can make one of root's. */
	if (geteuid() != 0)
		return all;
	tcase_add_test(found, a_file_system_check_and_an_offline_update_are_work);
	tcase_add_loop_test(found, emergency_mode_is_known_by_its_console, 0,
			    (int)(sizeof(consoles) / sizeof(consoles[0])));
	tcase_add_test(found, emergency_mode_counts_from_when_it_was_first_seen);
	tcase_add_loop_test(found, a_key_stops_the_count, 0,
			    (int)(sizeof(terminals) / sizeof(terminals[0])));
	tcase_add_test(found, without_terminals_there_is_no_key);
	return all;
}
