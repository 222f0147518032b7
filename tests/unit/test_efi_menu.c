/* test_efi_menu.c: a person at the keyboard chooses what one start is
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tests/unit/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "efi/menu.h"
#include "efi/variables.h"
#include "tests/unit/fake_efi_starts.h"

/* --- nobody is there ---------------------------------------- */

/* Nothing of the menu on the way of a start that nobody asks: no key taken, no text, no wait. */
START_TEST(no_key_costs_two_looks)
{
	fake_arm();
	fake_start_counted(FAKE_NORMAL);
	ck_assert_uint_eq(fake.key_looks, 2);
	ck_assert_uint_eq(fake.lines, 0);
	fake_crash_into_safe();
	fake_start_counted(FAKE_SAFE);
	ck_assert_uint_eq(fake.key_looks, 2);
	ck_assert_uint_eq(fake.lines, 1);
}
END_TEST

START_TEST(without_keyboard_or_console_nobody_is_asked)
{
	fake_arm();
	fake.no_keyboard = _i == 0;
	fake.no_console = _i == 1;
	fake.keys = "ds";
	fake_start_counted(FAKE_NORMAL);
	ck_assert_uint_eq(fake.key_looks, 0);
	ck_assert_int_eq(fake_note.reason, DARUMA_REASON_ORDINARY);
}
END_TEST

/* Noise on a serial line, keys for the loader, a keyboard that says it has a key and gives none. */
START_TEST(other_keys_open_nothing)
{
	static const char *const keys[] = { "x", "?", "\r", "e\r?", "\xff", "..ds", "x.ds" };

	fake_arm();
	fake_start_with_keys(keys[_i], FAKE_NORMAL);
	ck_assert_int_eq(fake_note.reason, DARUMA_REASON_ORDINARY);
	ck_assert_uint_eq(fake.lines, 0);
	ck_assert_uint_eq(fake.waits, 0);
}
END_TEST

START_TEST(keyboard_that_fails_opens_nothing)
{
	fake_arm();
	fake.keyboard_fails_with = _i == 0 ? EFI_DEVICE_ERROR : EFI_UNSUPPORTED;
	fake_start_with_keys("ds", FAKE_NORMAL);
	ck_assert_int_eq(fake_note.reason, DARUMA_REASON_ORDINARY);
	ck_assert_uint_eq(fake.waits, 0);
}
END_TEST

/* --- what was chosen ---------------------------------------- */

static const struct {
	const char *keys;
	const char *path;
	enum daruma_rung rung;
} choices[] = {
	{ "dn", FAKE_NORMAL, DARUMA_RUNG_NORMAL },     { "ds", FAKE_SAFE, DARUMA_RUNG_SAFE },
	{ "dr", FAKE_RESCUE, DARUMA_RUNG_RESCUE },     { "DS", FAKE_SAFE, DARUMA_RUNG_SAFE },
	{ "x?\rd...s", FAKE_SAFE, DARUMA_RUNG_SAFE },  { "dddd..d.s", FAKE_SAFE, DARUMA_RUNG_SAFE },
	{ "dwxq?.r", FAKE_RESCUE, DARUMA_RUNG_RESCUE }
};

#define CHOICES (int)(sizeof(choices) / sizeof(choices[0]))

/* R34: the record and the note say that a person chose; it is no failure, no incident, and takes no token. */
START_TEST(r34_choice_is_started_and_counted_as_a_persons)
{
	fake_arm();
	fake.keyboard_direct = _i % 2;
	fake_start_with_keys(choices[_i].keys, choices[_i].path);
	ck_assert_int_eq(fake_note.rung, choices[_i].rung);
	ck_assert_int_eq(fake_note.reason, DARUMA_REASON_MENU);
	ck_assert_int_eq(fake_efi_record(&fake, &fake_record), DARUMA_STATE_VALID);
	ck_assert_int_eq(fake_record.reason, DARUMA_REASON_MENU);
	ck_assert_mem_eq(fake_record.boot_id, fake_note.boot_id, DARUMA_GUID_SIZE);
	ck_assert_uint_eq(fake.nv_writes, 1);
	ck_assert(!fake_note.incident_open);
	ck_assert_uint_eq(fake_note.incident, 0);
	ck_assert_uint_eq(fake_note.cooldown, 0);
	ck_assert(!daruma_note_has_open_failures(&fake_note));
	fake_efi_answer(&fake, DARUMA_RESULT_CLEAN, DARUMA_REQUEST_NONE);
	fake_start_counted(FAKE_NORMAL);
	ck_assert(!daruma_note_has_open_failures(&fake_note));
	fake_efi_answer(&fake, DARUMA_RESULT_GOOD, DARUMA_REQUEST_NONE);
	fake_start_counted(FAKE_NORMAL);
	ck_assert_int_eq(fake_note.reason, DARUMA_REASON_ORDINARY);
}
END_TEST

/* R34: a safe start that a person chose and then switched off leads to no repair. */
START_TEST(r34_chosen_start_that_is_switched_off_repairs_nothing)
{
	fake_arm();
	fake_start_with_keys(_i == 0 ? "ds" : "dr", _i == 0 ? FAKE_SAFE : FAKE_RESCUE);
	fake_start_counted(FAKE_NORMAL);
	ck_assert_int_eq(fake_note.rung, DARUMA_RUNG_NORMAL);
	ck_assert_int_eq(fake_note.reason, DARUMA_REASON_RETRY);
	ck_assert_uint_eq(fake_note.incident, 0);
}
END_TEST

START_TEST(normal_once_goes_before_the_ladder)
{
	fake_crash_into_safe();
	fake_start_with_keys("dn", FAKE_NORMAL);
	ck_assert_int_eq(fake_note.rung, DARUMA_RUNG_NORMAL);
	ck_assert_uint_eq(fake_note.counters.panic, 3);
	ck_assert(!fake_note.incident_open);
	fake_efi_dump(&fake, 20);
	fake_start_counted(FAKE_SAFE);
	ck_assert_int_eq(fake_note.reason, DARUMA_REASON_CRASHES_SAFE);
	ck_assert_uint_eq(fake_note.incident, 1);
}
END_TEST

/* R7, R34: a person is given what was chosen also where nothing is known of the machine. */
START_TEST(r34_choice_needs_no_record)
{
	struct fake_variable *record;

	fake_arm();
	record = fake_efi_find(&fake, FAKE_RECORD, &variables_daruma);
	if (_i == 0)
		record->present = false;
	else
		record->bytes[50] ^= 1;
	fake_start_with_keys("ds", FAKE_SAFE);
	ck_assert_int_eq(fake_note.reason, DARUMA_REASON_MENU);
	ck_assert_int_eq(fake_note.record_state,
			 _i == 0 ? DARUMA_STATE_ABSENT : DARUMA_STATE_DAMAGED);
	ck_assert(!fake_note.armed);
	fake_start_counted(FAKE_NORMAL);
	ck_assert_int_eq(fake_note.reason, DARUMA_REASON_NOT_ARMED);
}
END_TEST

/* R58: nothing can circle where a person chooses each time. */
START_TEST(choice_holds_where_the_record_cannot_be_written)
{
	fake_arm();
	fake.set_fault_at = 1;
	fake.set_fault = FAKE_REFUSE;
	fake.refuse_with = EFI_OUT_OF_RESOURCES;
	fake_start_with_keys("ds", FAKE_SAFE);
	ck_assert_int_eq(fake_note.rung, DARUMA_RUNG_SAFE);
	ck_assert_int_eq(fake_note.reason, DARUMA_REASON_MENU);
	ck_assert_uint_eq(fake_note.troubles, DARUMA_TROUBLE_RECORD_WRITTEN);
	fake.set_fault_at = 0;
	fake_start_counted(FAKE_NORMAL);
	ck_assert_int_eq(fake_note.reason, DARUMA_REASON_ORDINARY);
}
END_TEST

/* An image that waits would be resumed over a changed file system; and what leaves, leaves. */
START_TEST(what_would_do_harm_is_not_offered)
{
	static const struct {
		enum daruma_result result;
		enum daruma_request request;
		enum daruma_reason reason;
	} cases[] = {
		{ DARUMA_RESULT_HIBERNATED, DARUMA_REQUEST_NONE, DARUMA_REASON_HIBERNATED },
		{ DARUMA_RESULT_GOOD, DARUMA_REQUEST_FORGET, DARUMA_REASON_REMOVED },
	};

	fake_arm();
	fake_start_counted(FAKE_NORMAL);
	fake_efi_answer(&fake, cases[_i].result, cases[_i].request);
	fake.keys = "dsrn\r";
	ck_assert_int_eq(fake_efi_start(&fake), FAKE_HANDED_OVER);
	ck_assert_str_eq(fake.started, FAKE_NORMAL);
	ck_assert_int_eq(fake_efi_note(&fake, &fake_note), DARUMA_STATE_VALID);
	ck_assert_int_eq(fake_note.reason, cases[_i].reason);
	ck_assert_uint_eq(fake.waits, 0);
	ck_assert_str_eq(fake.console,
			 "Daruma: without a choice within 60 seconds: normal start\r\n"
			 "  w  show why\r\n"
			 "  Enter  go on without a choice\r\n");
}
END_TEST

/* --- the menu ends ---------------------------------------- */

START_TEST(without_a_choice_the_start_goes_on)
{
	static const char *const keys[] = { "d", "d\r", "d\n", "d.w.\r", "dx???" };

	fake_crash_into_safe();
	fake_start_with_keys(keys[_i], FAKE_SAFE);
	ck_assert_int_eq(fake_note.reason, DARUMA_REASON_CRASHES_SAFE);
	ck_assert_uint_eq(fake_note.incident, 1);
	if (_i == 0)
		ck_assert_uint_eq(fake.waited, MENU_SECONDS * 1000000u);
}
END_TEST

/* R53: a key that is stuck, and whatever else is typed, end in a started image. */
START_TEST(r53_key_that_is_stuck_ends)
{
	static const char *const keys[] = { "d", "dw", "dx", "d?", "d\xff" };

	fake_arm();
	fake.keys_repeat = true;
	fake_start_with_keys(keys[_i], FAKE_NORMAL);
	ck_assert_int_eq(fake_note.reason, DARUMA_REASON_ORDINARY);
	ck_assert_uint_eq(fake.waited, MENU_SECONDS * 1000000u);
	ck_assert_uint_le(fake.lines, 100);
}
END_TEST

START_TEST(r53_any_keys_end)
{
	static const char typed[] = "dddwx?.\r\n.snr.W\x7f ";
	char keys[40];

	srandom(20240719);
	for (int life = 0; life < 300; life++) {
		fake_arm();
		for (size_t i = 0; i + 1 < sizeof(keys); i++)
			keys[i] = typed[(size_t)random() % (sizeof(typed) - 1)];
		keys[sizeof(keys) - 1] = '\0';
		fake.keys = keys;
		fake.keys_repeat = life % 2 == 0;
		ck_assert_int_eq(fake_efi_start(&fake), FAKE_HANDED_OVER);
		ck_assert_uint_le(fake.waited, MENU_SECONDS * 1000000u);
		ck_assert_uint_le(fake.nv_writes, 1);
		ck_assert_uint_eq(fake.open_files, 0);
	}
}
END_TEST

/* --- what is shown ---------------------------------------- */

static const char offer[] = "  n  normal start, once\r\n"
			    "  s  safe profile\r\n"
			    "  r  rescue profile\r\n"
			    "  w  show why\r\n"
			    "  Enter  go on without a choice\r\n";

START_TEST(menu_says_what_comes_without_a_choice)
{
	char expected[512];

	fake_crash_into_safe();
	fake_start_with_keys("dn", FAKE_NORMAL);
	snprintf(expected, sizeof(expected),
		 "Daruma: without a choice within 60 seconds: safe profile\r\n%s", offer);
	ck_assert_str_eq(fake.console, expected);
}
END_TEST

START_TEST(why_tells_what_is_counted)
{
	static const char first[] = "Daruma: without a choice within 60 seconds: safe profile\r\n";
	char expected[2048];

	fake_crash_into_safe();
	fake_start_with_keys("dw\r", FAKE_SAFE);
	snprintf(expected, sizeof(expected),
		 "%s%s"
		 "This start: safe profile, reason crashes-safe; record valid\r\n"
		 "The last start ended: panic; the one before: panic; crash dumps 3, starts 6\r\n"
		 "Since the last good start: panics 3, watchdog resets 0, unexplained resets 0, "
		 "orderly stops 0\r\n"
		 "Watched products changed: no; one is named by a crash: no\r\n"
		 "Incident 1 is open, starts 1; healthy minutes until a new one: 1440\r\n"
		 "%s%s"
		 "Daruma: safe profile, reason crashes-safe, panics 3\r\n",
		 first, offer, first, offer);
	ck_assert_str_eq(fake.console, expected);
}
END_TEST

/* R26: what is not proved over can still go on. */
START_TEST(why_tells_of_an_incident_on_proof)
{
	fake_crash_into_safe();
	fake_start_counted(FAKE_SAFE);
	fake_efi_answer(&fake, DARUMA_RESULT_CLEAN, DARUMA_REQUEST_TRIAL);
	fake_start_counted(FAKE_NORMAL);
	fake_efi_answer(&fake, DARUMA_RESULT_GOOD, DARUMA_REQUEST_NONE);
	fake_start_with_keys("dw\r", FAKE_NORMAL);
	ck_assert_ptr_nonnull(strstr(fake.console,
				     "\nIncident 1 goes on for 60 healthy minutes, starts 1; "
				     "healthy minutes until a new one: 1440\r\n"));
	ck_assert(!fake_note.incident_open);
}
END_TEST

START_TEST(why_tells_of_a_machine_without_a_record)
{
	fake_efi_init(&fake);
	fake_start_with_keys("dw\r", FAKE_NORMAL);
	ck_assert_ptr_nonnull(strstr(fake.console,
				     "This start: normal start, reason record-absent; "
				     "record absent\r\n"
				     "The last start ended: none; the one before: none; "));
	ck_assert_ptr_nonnull(strstr(
		fake.console, "No incident is open; healthy minutes until a new one: 0\r\n"));
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("efi_menu");
	TCase *nobody = suite_case(all, "nobody", 10);
	TCase *chosen = suite_case(all, "chosen", 10);
	TCase *end = suite_case(all, "end", 60);
	TCase *shown = suite_case(all, "shown", 10);

	tcase_add_test(nobody, no_key_costs_two_looks);
	tcase_add_loop_test(nobody, without_keyboard_or_console_nobody_is_asked, 0, 2);
	tcase_add_loop_test(nobody, other_keys_open_nothing, 0, 7);
	tcase_add_loop_test(nobody, keyboard_that_fails_opens_nothing, 0, 2);
	tcase_add_loop_test(chosen, r34_choice_is_started_and_counted_as_a_persons, 0, CHOICES);
	tcase_add_loop_test(chosen, r34_chosen_start_that_is_switched_off_repairs_nothing, 0, 2);
	tcase_add_test(chosen, normal_once_goes_before_the_ladder);
	tcase_add_loop_test(chosen, r34_choice_needs_no_record, 0, 2);
	tcase_add_test(chosen, choice_holds_where_the_record_cannot_be_written);
	tcase_add_loop_test(chosen, what_would_do_harm_is_not_offered, 0, 2);
	tcase_add_loop_test(end, without_a_choice_the_start_goes_on, 0, 5);
	tcase_add_loop_test(end, r53_key_that_is_stuck_ends, 0, 5);
	tcase_add_test(end, r53_any_keys_end);
	tcase_add_test(shown, menu_says_what_comes_without_a_choice);
	tcase_add_test(shown, why_tells_what_is_counted);
	tcase_add_test(shown, why_tells_of_an_incident_on_proof);
	tcase_add_test(shown, why_tells_of_a_machine_without_a_record);
	return all;
}
