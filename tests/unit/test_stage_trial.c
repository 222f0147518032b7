/* test_stage_trial.c: a new stage is tried for one start before it takes the place of the old one (R53)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/bytes.h"
#include "recovery/boot/boot_order.h"
#include "recovery/boot/own_entry.h"
#include "recovery/boot/stage_file.h"
#include "recovery/boot/stage_trial.h"
#include "recovery/cleanup.h"
#include "recovery/state.h"
#include "tests/unit/scratch.h"
#include "tests/unit/suite.h"
#include "tests/unit/variable_table.h"

#define SHIM "\\EFI\\debian\\shimx64.efi"
#define OLD  "MZ old, and long enough to be taken for a program of the firmware's kind ......"
#define NEW  "MZ new, and long enough to be taken for a program of the firmware's kind ......"

/* --- a machine that the old stage has started well: entry 0 is ours, 1 Debian's ------------------------------------- */

static struct context context;
static struct database *database;
static struct esp esp;
static struct boot_entry ours;
static struct stage_trial_place place = {
	.context = &context, .variables = &variable_table, .esp = &esp, .ours = &ours
};

static void put_number(const char *name, uint16_t number)
{
	uint8_t bytes[2];

	daruma_put16(bytes, number);
	ck_assert_int_eq(
		variable_table.write(BOOT_ORDER_GLOBAL_GUID, name, bytes, 2, BOOT_ORDER_ATTRIBUTES),
		0);
}

static void set_up_started_by(const char *shim)
{
	struct boot_entry debian;

	context = (struct context){ .root = scratch_make(), .quiet = true };
	scratch_write("run/x", "", 0);
	scratch_write("var/lib/x", "", 0);
	scratch_write("usr/lib/daruma/darumax64.efi", NEW, sizeof(NEW));
	scratch_write("esp/EFI/daruma/darumax64.efi", OLD, sizeof(OLD));
	snprintf(esp.path, sizeof(esp.path), "%s/esp", context.root);
	esp.identified = true;
	esp.partition = 1;
	variable_table_clear();
	ck_assert_int_eq(own_entry_make(&esp, DARUMA_ESP_PROGRAM, shim, SHIM, &ours), 0);
	debian = ours;
	snprintf(debian.path, sizeof(debian.path), SHIM);
	debian.options[0] = '\0';
	ck_assert_int_eq(boot_order_write_entry(&variable_table, 0, &ours), 0);
	ck_assert_int_eq(boot_order_write_entry(&variable_table, 1, &debian), 0);
	put_number("BootCurrent", 0);
	ck_assert_int_eq(state_open(&context, true, &database), 0);
	place.database = database;
	ck_assert_int_eq(state_set_number(database, BOOT_ORDER_NUMBER_KEY, 0), 0);
	ck_assert_int_eq(database_run(database,
				      "INSERT INTO boot(boot_id,kernel_boot_id,time,rung,reason,"
				      "previous_ending,kernel,panics,resets,incident,outcome)"
				      " VALUES('1','k',1,'normal','ordinary','good','6',0,0,0,"
				      "'good')",
				      ""),
			 0);
}

static void set_up(void)
{
	set_up_started_by("");
}

static void set_up_behind_shim(void)
{
	set_up_started_by(SHIM);
}

static void tear_down(void)
{
	database_close(database);
	scratch_remove();
}

/* What `daruma install` does. */
static int begin(void)
{
	ck_assert(stage_trial_is_needed(&context, database, &esp));
	ck_assert_int_ge(stage_file_copy(&context, &esp, STAGE_FILE_TRIAL), 0);
	return stage_trial_begin(&place);
}

/* What the firmware does: it deletes BootNext, then starts that entry. `works`: it comes up. */
static void restart(bool works)
{
	struct variable_table_entry *next = variable_table_find("BootNext");

	put_number("BootCurrent", next && works ? daruma_get16(next->bytes) : 0);
	if (next)
		variable_table.remove(BOOT_ORDER_GLOBAL_GUID, "BootNext");
}

static const char *in_use(void)
{
	char digest[DIGEST_TEXT_SIZE], old[DIGEST_TEXT_SIZE], new[DIGEST_TEXT_SIZE];

	ck_assert_int_eq(digest_bytes(OLD, sizeof(OLD), old), 0);
	ck_assert_int_eq(digest_bytes(NEW, sizeof(NEW), new), 0);
	ck_assert_int_eq(stage_file_digest(&esp, STAGE_FILE_PROGRAM, digest), 0);
	return strcmp(digest, old) == 0 ? "old" : strcmp(digest, new) == 0 ? "new" : "neither";
}

static void expect_nothing_left(void)
{
	char digest[DIGEST_TEXT_SIZE];

	ck_assert(!stage_trial_is_pending(database));
	ck_assert_int_eq(stage_file_digest(&esp, STAGE_FILE_TRIAL, digest), -ENOENT);
	ck_assert_ptr_null(variable_table_find("Boot0002"));
	ck_assert_ptr_null(variable_table_find("BootNext"));
}

static int copy_count(const struct database_row *row, void *user)
{
	*(int64_t *)user = database_integer(row, 0);
	return 0;
}

static int64_t events(const char *name)
{
	int64_t count = -1;

	ck_assert_int_eq(database_query(database, copy_count, &count,
					"SELECT COUNT(*) FROM event WHERE event=?1", "t", name),
			 0);
	return count;
}

/* --- tests ----------------------------------------------------------------------------------------------------------- */

START_TEST(a_good_start_puts_it_in_place)
{
	ck_assert_int_eq(begin(), 1);
	ck_assert_str_eq(in_use(), "old");
	ck_assert_str_eq(stage_trial_word(&place), "next-start");
	ck_assert_uint_eq(daruma_get16(variable_table_find("BootNext")->bytes), 2);
	/* A good answer before the restart says nothing. */
	ck_assert_int_eq(stage_trial_follow(&place, false), 0);
	ck_assert_str_eq(in_use(), "old");
	restart(true);
	ck_assert_str_eq(stage_trial_word(&place), "this-start");
	ck_assert_int_eq(stage_trial_follow(&place, false), 0);
	ck_assert_str_eq(in_use(), "new");
	expect_nothing_left();
	ck_assert_str_eq(stage_trial_word(&place), "none");
	ck_assert_int_eq(events("stage.updated"), 1);
	ck_assert_int_eq(events("stage.refused"), 0);
	/* Once. */
	ck_assert_int_eq(stage_trial_follow(&place, false), 0);
	ck_assert_int_eq(events("stage.updated"), 1);
	ck_assert(!stage_trial_is_needed(&context, database, &esp));
}
END_TEST

START_TEST(one_that_does_not_come_up_is_refused)
{
	begin();
	restart(false);
	ck_assert_int_eq(stage_trial_follow(&place, false), 0);
	ck_assert_str_eq(in_use(), "old");
	expect_nothing_left();
	ck_assert_str_eq(stage_trial_word(&place), "refused");
	ck_assert_int_eq(events("stage.refused"), 1);
	ck_assert_int_eq(events("stage.updated"), 0);
	/* A person may want it all the same. */
	ck_assert_int_eq(begin(), 1);
	ck_assert_str_eq(stage_trial_word(&place), "next-start");
	restart(true);
	ck_assert_int_eq(stage_trial_follow(&place, false), 0);
	ck_assert_str_eq(in_use(), "new");
}
END_TEST

START_TEST(a_start_that_was_stopped_in_order_is_made_again)
{
	begin();
	for (unsigned starts = 1; starts < STAGE_TRIAL_STARTS; starts++) {
		restart(false);
		ck_assert_int_eq(stage_trial_follow(&place, true), 0);
		ck_assert_str_eq(stage_trial_word(&place), "next-start");
	}
	restart(false);
	ck_assert_int_eq(stage_trial_follow(&place, true), 0);
	ck_assert_str_eq(stage_trial_word(&place), "refused");
	ck_assert_str_eq(in_use(), "old");
}
END_TEST

START_TEST(somebody_elses_next_start_is_left_alone)
{
	put_number("BootNext", 1);
	ck_assert_int_eq(begin(), 0);
	ck_assert_uint_eq(daruma_get16(variable_table_find("BootNext")->bytes), 1);
	ck_assert_str_eq(stage_trial_word(&place), "waiting");
	restart(true);
	ck_assert_int_eq(stage_trial_follow(&place, false), 0);
	ck_assert_str_eq(stage_trial_word(&place), "next-start");
	restart(true);
	ck_assert_int_eq(stage_trial_follow(&place, false), 0);
	ck_assert_str_eq(in_use(), "new");
}
END_TEST

/* Power cuts: after the rename, and between the file and its entry. */
START_TEST(what_was_interrupted_is_ended)
{
	begin();
	restart(true);
	ck_assert_int_eq(stage_file_take_trial(&esp), 0);
	restart(true);
	ck_assert_int_eq(stage_trial_follow(&place, false), 0);
	ck_assert_str_eq(in_use(), "new");
	expect_nothing_left();
	ck_assert_int_eq(events("stage.updated"), 1);
	ck_assert_int_eq(events("stage.refused"), 0);
}
END_TEST

START_TEST(a_damaged_file_is_never_put_in_place)
{
	begin();
	restart(true);
	scratch_write("esp/EFI/daruma/trialx64.efi", NEW, sizeof(NEW) - 9);
	ck_assert_int_eq(stage_trial_follow(&place, false), 0);
	ck_assert_str_eq(in_use(), "old");
	expect_nothing_left();
	ck_assert_str_eq(stage_trial_word(&place), "refused");
}
END_TEST

/* Without a stage that has proved itself there is nothing to fall back to; and the order may not be ours. */
START_TEST(when_it_is_needed)
{
	ck_assert(stage_trial_is_needed(&context, database, &esp));
	context.keep_order = true;
	ck_assert(!stage_trial_is_needed(&context, database, &esp));
	context.keep_order = false;
	state_set_number(database, BOOT_ORDER_REMOVED_KEY, 1);
	ck_assert(!stage_trial_is_needed(&context, database, &esp));
	state_set_number(database, BOOT_ORDER_REMOVED_KEY, 0);
	scratch_write("usr/lib/daruma/darumax64.efi", OLD, sizeof(OLD));
	ck_assert(!stage_trial_is_needed(&context, database, &esp));
	scratch_write("usr/lib/daruma/darumax64.efi", NEW, sizeof(NEW));
	database_run(database, "UPDATE boot SET outcome='panic'", "");
	ck_assert(!stage_trial_is_needed(&context, database, &esp));
}
END_TEST

START_TEST(taken_away_whole)
{
	ck_assert_int_eq(stage_trial_end(&place), 0);
	begin();
	ck_assert_int_eq(stage_trial_end(&place), 0);
	expect_nothing_left();
	ck_assert_str_eq(in_use(), "old");
	ck_assert_str_eq(stage_trial_word(&place), "none");
	/* Somebody else's name for the next start stays. */
	put_number("BootNext", 1);
	begin();
	ck_assert_int_eq(stage_trial_end(&place), 0);
	ck_assert_uint_eq(daruma_get16(variable_table_find("BootNext")->bytes), 1);
}
END_TEST

/* Of all that can be known: the old stage is given up only for a whole one that was started, and nothing circles. */
START_TEST(decides)
{
	for (unsigned bits = 0; bits < 64; bits++) {
		for (unsigned starts = 0; starts <= STAGE_TRIAL_STARTS; starts++) {
			const struct stage_trial trial = { .pending = bits & 1,
							   .taken = bits & 2,
							   .whole = bits & 4,
							   .is_current = bits & 8,
							   .is_next = bits & 16,
							   .clean = bits & 32,
							   .starts = starts };
			enum stage_trial_step step = stage_trial_decide(&trial);

			if (!trial.pending)
				ck_assert_int_eq(step, STAGE_TRIAL_NOTHING);
			if (step == STAGE_TRIAL_TAKE)
				ck_assert(trial.taken || (trial.whole && trial.is_current));
			if (step == STAGE_TRIAL_NAME)
				ck_assert(!trial.is_next && starts < STAGE_TRIAL_STARTS);
			if (trial.pending && !trial.taken && !trial.is_next && !trial.is_current &&
			    starts == STAGE_TRIAL_STARTS)
				ck_assert_int_eq(step, STAGE_TRIAL_REFUSE);
		}
	}
}
END_TEST

/* The entry on trial is like ours, whoever starts the stage, and only its program is another. */
START_TEST(entry_on_trial_is_started_as_ours_is)
{
	struct boot_entry trial;

	ck_assert_int_eq(begin(), 1);
	ck_assert_int_eq(boot_order_entry(&variable_table, 2, &trial), 0);
	ck_assert_str_eq(boot_entry_program(&trial), DARUMA_ESP_TRIAL);
	ck_assert_str_eq(trial.description, "Daruma (new)");
	own_entry_set_program(&trial, DARUMA_ESP_PROGRAM);
	ck_assert_str_eq(trial.path, ours.path);
	ck_assert_str_eq(trial.options, ours.options);
}
END_TEST

static void add_tests(TCase *trial, void (*begin_with)(void))
{
	tcase_add_checked_fixture(trial, begin_with, tear_down);
	tcase_add_test(trial, a_good_start_puts_it_in_place);
	tcase_add_test(trial, one_that_does_not_come_up_is_refused);
	tcase_add_test(trial, a_start_that_was_stopped_in_order_is_made_again);
	tcase_add_test(trial, somebody_elses_next_start_is_left_alone);
	tcase_add_test(trial, what_was_interrupted_is_ended);
	tcase_add_test(trial, a_damaged_file_is_never_put_in_place);
	tcase_add_test(trial, when_it_is_needed);
	tcase_add_test(trial, taken_away_whole);
	tcase_add_test(trial, entry_on_trial_is_started_as_ours_is);
}

Suite *suite(void)
{
	Suite *all = suite_create("stage_trial");
	TCase *trial = suite_case(all, "trial", 10);

	add_tests(trial, set_up);
	add_tests(suite_case(all, "shim", 10), set_up_behind_shim);
	tcase_add_test(trial, decides);
	return all;
}
