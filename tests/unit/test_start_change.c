/* test_start_change.c: what the failed start was started with is compared with the last good state (R62)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/repair/start_change.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "recovery/initramfs_made.h"
#include "recovery/inventory/facts.h"
#include "recovery/machine.h"
#include "recovery/repair/verdict.h"
#include "recovery/state.h"
#include "tests/unit/scratch.h"
#include "tests/unit/suite.h"

#define KERNEL	  "6.1.0-1"
#define IMAGE	  "boot/vmlinuz-" KERNEL
#define INITRAMFS "boot/initrd.img-" KERNEL
#define LINE	  "BOOT_IMAGE=/vmlinuz-6.1.0-1 root=/dev/vda1 quiet"

static struct context context;
static struct database *database;

static void put(const char *path, const char *text)
{
	scratch_write(path, text, strlen(text));
}

/* A start in `rung` that began at `began`; a guard saw its command line, unless that is NULL. */
static void start(const char *boot_id, const char *rung, int64_t began, const char *line)
{
	ck_assert_int_eq(database_run(database,
				      "INSERT INTO boot(boot_id,kernel_boot_id,time,rung,reason,"
				      "previous_ending,kernel,panics,resets,incident,command_line)"
				      " VALUES(?1,?1,?2,?3,'','','',0,0,0,?4)",
				      "titt", boot_id, began, rung, line),
			 0);
}

static void set_up(void)
{
	static const struct fact_list none = { 0 };
	struct fact_list facts = { 0 };
	struct machine machine;

	context = (struct context){ .root = scratch_make() };
	put("var/lib/daruma/x", "");
	put("proc/sys/kernel/osrelease", KERNEL "\n");
	put("proc/cmdline", LINE "\n");
	put(IMAGE, "good");
	put(INITRAMFS, "good");
	ck_assert_int_eq(state_open(&context, true, &database), 0);
	machine_describe(&context, &machine);
	ck_assert_int_eq(database_run(database,
				      "INSERT INTO generation(id,time,cause,kernel,good)"
				      " VALUES(7,1,'good-boot',?1,1)",
				      "t", machine.kernel),
			 0);
	ck_assert_int_eq(facts_read(&context, &none, false, &facts), 0);
	ck_assert_int_eq(fact_list_save(database, 7, &facts), 0);
	fact_list_free(&facts);
	start("good", "normal", 1, LINE);
	ck_assert_int_eq(database_run(database, "UPDATE boot SET outcome='good'", ""), 0);
}

static void tear_down(void)
{
	database_close(database);
	scratch_remove();
}

static unsigned changed(const char *boot_id)
{
	unsigned found = 0;

	ck_assert_int_eq(start_change_find(&context, database, 7, boot_id, &found), 0);
	return found;
}

/* R62. */
START_TEST(r62_nothing_changed)
{
	start("a", "normal", time(NULL) + 60, LINE);
	ck_assert_uint_eq(changed("a"), 0);
	/* The same bytes, written again. */
	put(IMAGE, "good");
	ck_assert_uint_eq(changed("a"), 0);
	ck_assert_uint_eq(changed("unknown"), 0);
}
END_TEST

START_TEST(each_of_them_is_seen)
{
	start("a", "normal", time(NULL) + 60, LINE);
	put(IMAGE, "another");
	ck_assert_uint_eq(changed("a"), VERDICT_IMAGE);
	put(INITRAMFS, "another");
	ck_assert_uint_eq(changed("a"), VERDICT_IMAGE | VERDICT_INITRAMFS);
	start("b", "held", time(NULL) + 60, LINE " init_on_alloc=1");
	ck_assert_uint_eq(changed("b"), VERDICT_IMAGE | VERDICT_INITRAMFS | VERDICT_COMMAND_LINE);
	/* Files of another kernel are others anyway. */
	ck_assert_int_eq(database_run(database, "UPDATE generation SET kernel='5.10'", ""), 0);
	ck_assert_uint_eq(changed("a"), VERDICT_RELEASE);
}
END_TEST

/* A crash of yesterday's kernel is not to the blame of what was installed since. */
START_TEST(r62_what_came_after_the_start_had_begun)
{
	start("a", "normal", time(NULL) - 60, LINE);
	put(IMAGE, "another");
	put(INITRAMFS, "another");
	ck_assert_uint_eq(changed("a"), 0);
}
END_TEST

START_TEST(own_rebuild_is_no_change)
{
	start("a", "normal", time(NULL) + 60, LINE);
	ck_assert_int_eq(initramfs_made_begin(&context, KERNEL), 0);
	put(INITRAMFS, "ours");
	ck_assert_int_eq(initramfs_made_end(&context, KERNEL), 0);
	ck_assert_uint_eq(changed("a"), 0);
	put(INITRAMFS, "theirs");
	ck_assert_uint_eq(changed("a"), VERDICT_INITRAMFS);
}
END_TEST

/* What the profile was started with says nothing of the start before it. */
START_TEST(safe_starts_have_lines_of_their_own)
{
	start("s", "safe", 5, LINE " module_blacklist=acme");
	ck_assert_uint_eq(changed("s"), 0);
	start("a", "normal", 6, LINE " mitigations=off");
	start("t", "safe", 7, LINE " module_blacklist=acme");
	ck_assert_uint_eq(changed("t"), VERDICT_COMMAND_LINE);
	/* One that did not come as far as its guard: the newest of the others. */
	ck_assert_uint_eq(changed("unknown"), VERDICT_COMMAND_LINE);
}
END_TEST

START_TEST(what_is_not_known_is_no_change)
{
	start("a", "normal", time(NULL) + 60, LINE " x");
	put(IMAGE, "another");
	ck_assert_int_eq(database_run(database, "DELETE FROM fact", ""), 0);
	ck_assert_uint_eq(changed("a"), 0);
}
END_TEST

static const struct {
	const char *one, *other;
	bool same;
} lines[] = {
	{ "root=/dev/vda1 quiet", "root=/dev/vda1  quiet ", true },
	{ "BOOT_IMAGE=(hd0,gpt2)/vmlinuz ro", "BOOT_IMAGE=(hd1,gpt2)/vmlinuz ro", true },
	{ "initrd=\\a.img ro", "ro", true },
	{ "ro quiet vt.handoff=7", "ro quiet", true },
	{ "", "", true },
	{ "ro", "rw", false },
	{ "ro", "ro quiet", false },
	{ "ro quiet", "ro", false },
	{ "a b", "b a", false },
	{ "ab", "a b", false },
};

START_TEST(words_of_loaders_do_not_count)
{
	ck_assert(start_change_is_same_line(lines[_i].one, lines[_i].other) == lines[_i].same);
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("start_change");
	TCase *tests = suite_case(all, "starts", 20);

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, r62_nothing_changed);
	tcase_add_test(tests, each_of_them_is_seen);
	tcase_add_test(tests, r62_what_came_after_the_start_had_begun);
	tcase_add_test(tests, own_rebuild_is_no_change);
	tcase_add_test(tests, safe_starts_have_lines_of_their_own);
	tcase_add_test(tests, what_is_not_known_is_no_change);
	tcase_add_loop_test(tests, words_of_loaders_do_not_count, 0,
			    (int)(sizeof(lines) / sizeof(lines[0])));
	return all;
}
