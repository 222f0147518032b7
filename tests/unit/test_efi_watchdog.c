/* test_efi_watchdog.c: which starts have a hardware watchdog, how it is armed and stopped, and what its reset counts as
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tests/unit/suite.h"

#include <string.h>

#include "efi/tco.h"
#include "efi/variables.h"
#include "efi/watchdog.h"
#include "policy/bytes.h"
#include "tests/unit/fake_efi_starts.h"

#define HALT	  0x0800u
#define NO_REBOOT 0x20u

static struct firmware firmware;

static void open_machine(void)
{
	fake_efi_now = &fake;
	fake_efi_hardware_switch_on(&fake);
	ck_assert_uint_eq(firmware_open(&fake, &fake.table, &fake_efi_registers, &firmware),
			  EFI_SUCCESS);
}

static void with_tco(void)
{
	fake_efi_init(&fake);
	fake_efi_tco(&fake);
	open_machine();
}

/* --- Intel TCO ---------------------------------------- */

START_TEST(tco_is_found_and_left_as_it_is)
{
	struct fake_hardware before;

	with_tco();
	before = fake.hardware;
	ck_assert_int_eq(watchdog_find(&firmware, 0), DARUMA_WATCHDOG_TCO);
	before.uses = fake.hardware.uses;
	ck_assert_mem_eq(&before, &fake.hardware, sizeof(before));
}
END_TEST

START_TEST(tco_of_known_chipsets_only)
{
	static const struct {
		uint32_t identity;
		bool known;
	} cases[] = {
		{ 0x26408086, true },  { 0x27b88086, true },  { 0x29188086, true },
		{ 0x29168086, true },  { 0x3a168086, true },  { 0x1c418086, true },
		{ 0x1e5f8086, true },  { 0x8c448086, true },  { 0x8cc68086, true },
		{ 0x263f8086, false }, { 0x29158086, false }, { 0x1c408086, false },
		{ 0x1e608086, false }, { 0x8cc58086, false }, { 0xa1458086, false },
		{ 0x24108086, false }, { 0x70008086, false }, { 0x29181022, false },
		{ 0xffffffff, false }, { 0, false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		with_tco();
		fake.hardware.identity = cases[i].identity;
		ck_assert_msg(tco_is_there(&firmware) == cases[i].known, "case %zu", i);
	}
}
END_TEST

START_TEST(tco_without_its_registers_is_none)
{
	with_tco();
	fake.hardware.power_control = 0;
	ck_assert(!tco_is_there(&firmware));
	with_tco();
	fake.hardware.power_base = 1;
	ck_assert(!tco_is_there(&firmware));
	with_tco();
	fake.hardware.root_complex = 0xfed1c000;
	ck_assert(!tco_is_there(&firmware));
	with_tco();
	fake.hardware.root_complex = 1;
	ck_assert(!tco_is_there(&firmware));
	ck_assert(!tco_arm(&firmware, 60));
	ck_assert(!tco_fired(&firmware));
	tco_stop(&firmware);
	ck_assert_int_eq(watchdog_find(&firmware, 0), DARUMA_WATCHDOG_NONE);
}
END_TEST

/* R5: it resets at the second expiry, so half of the time is set; other bits stay. */
START_TEST(r5_tco_gets_half_of_the_time)
{
	with_tco();
	fake.hardware.control = HALT | 0x1000;
	fake.hardware.ticks = 0xf404;
	ck_assert(tco_arm(&firmware, 60));
	ck_assert(fake_efi_is_watched(&fake));
	ck_assert_uint_eq(fake.hardware.ticks, 0xf400 | 50);
	ck_assert_uint_eq(fake.hardware.control, 0x1000);
	ck_assert_uint_eq(fake.hardware.gcs, 0xc04);
	ck_assert_uint_eq(fake.hardware.reloads, 1);
	ck_assert_uint_eq(fake.hardware.pci_address, 0x80001234);
	ck_assert(tco_arm(&firmware, 1800));
	ck_assert_uint_eq(fake.hardware.ticks, 0xf7ff);
	ck_assert(tco_arm(&firmware, 1));
	ck_assert_uint_eq(fake.hardware.ticks, 0xf404);
}
END_TEST

/* Only with both bits does the firmware hear of the first expiry. */
START_TEST(tco_gets_all_of_the_time_where_the_firmware_may_reset_at_once)
{
	static const struct {
		uint32_t enabled;
		uint16_t ticks;
	} cases[] = { { 0, 50 }, { 1, 50 }, { 0x2000, 50 }, { 0x2001, 100 } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		with_tco();
		fake.hardware.smi_enable = cases[i].enabled;
		ck_assert(tco_arm(&firmware, 60));
		ck_assert_uint_eq(fake.hardware.ticks, cases[i].ticks);
	}
}
END_TEST

START_TEST(tco_that_does_not_do_as_told_is_stopped)
{
	with_tco();
	fake.hardware.no_reboot_stays = _i == 0;
	fake.hardware.halt_stays = _i == 1;
	fake.hardware.ticks_stay = _i == 2;
	ck_assert(!tco_arm(&firmware, 60));
	ck_assert_uint_eq(fake.hardware.control & HALT, HALT);
	ck_assert_uint_eq(fake.hardware.gcs & NO_REBOOT, NO_REBOOT);
}
END_TEST

/* R4: one reset counts once, and in the start that it ended. */
START_TEST(r4_tco_status_is_read_once)
{
	with_tco();
	fake.hardware.status_is_assigned = _i;
	ck_assert(!tco_fired(&firmware));
	ck_assert(tco_arm(&firmware, 60));
	ck_assert(fake_efi_expires(&fake));
	ck_assert(tco_fired(&firmware));
	ck_assert(!tco_fired(&firmware));
	/* What was there before this start is not of this start. */
	fake.hardware.status = 6;
	ck_assert(tco_arm(&firmware, 60));
	ck_assert(!tco_fired(&firmware));
}
END_TEST

START_TEST(tco_is_stopped)
{
	with_tco();
	ck_assert(tco_arm(&firmware, 60));
	tco_stop(&firmware);
	ck_assert_uint_eq(fake.hardware.control & HALT, HALT);
	ck_assert_uint_eq(fake.hardware.gcs & NO_REBOOT, NO_REBOOT);
	ck_assert(!fake_efi_expires(&fake));
}
END_TEST

START_TEST(kinds_that_do_not_exist_touch_nothing)
{
	static const unsigned kinds[] = { DARUMA_WATCHDOG_NONE, DARUMA_WATCHDOG_COUNT, 255 };

	with_tco();
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		ck_assert(!watchdog_fired(&firmware, kinds[i]));
		ck_assert(!watchdog_arm(&firmware, kinds[i], 60));
		watchdog_stop(&firmware, kinds[i]);
	}
	ck_assert_uint_eq(fake.hardware.uses, 0);
}
END_TEST

/* --- starts ---------------------------------------- */

static void ask_for(uint16_t seconds)
{
	static uint8_t bytes[DARUMA_LIMITS_SIZE];
	struct daruma_limits limits;

	ck_assert_int_eq(daruma_limits_decode(fake.files[0].bytes, DARUMA_LIMITS_SIZE, fake_install,
					      &limits),
			 DARUMA_STATE_VALID);
	limits.watchdog_seconds = seconds;
	daruma_limits_encode(&limits, bytes);
	fake_efi_file(&fake, DARUMA_ESP_LIMITS, bytes, sizeof(bytes));
}

/* A machine where counting is on, with a watchdog that the limits ask for. */
static void watched_machine(void)
{
	fake_arm();
	fake_efi_tco(&fake);
	ask_for(60);
}

static void check_watched(enum daruma_watchdog kind)
{
	ck_assert_uint_eq(fake_record.watchdog, kind);
	ck_assert_uint_eq(fake_note.watchdog, kind);
	ck_assert_uint_eq(fake_note.troubles & DARUMA_TROUBLE_NOT_WATCHED, 0);
	ck_assert_int_eq(fake_efi_is_watched(&fake), kind != DARUMA_WATCHDOG_NONE);
}

/* Nobody who does not ask for it pays for it. */
START_TEST(without_seconds_no_register_is_touched)
{
	fake_arm();
	fake_efi_wdat(&fake);
	for (unsigned i = 0; i < 3; i++) {
		fake.hardware.status = 6;
		fake_start_counted(FAKE_NORMAL);
		ck_assert_uint_eq(fake.hardware.uses, 0);
		ck_assert_uint_eq(fake_note.troubles, 0);
		check_watched(DARUMA_WATCHDOG_NONE);
	}
	/* Nor is an old status taken for the end of a start that had none. */
	ck_assert_uint_eq(fake_note.counters.watchdog, 0);
	ck_assert_uint_eq(fake_note.counters.unexplained, 2);
}
END_TEST

/* R5: it runs before the system does, behind the record and before the note. */
START_TEST(r5_normal_start_is_watched)
{
	watched_machine();
	fake_start_counted(FAKE_NORMAL);
	check_watched(DARUMA_WATCHDOG_TCO);
	ck_assert_uint_eq(fake.hardware.armed_at, 1);
	ck_assert_uint_eq(fake.sets, 2);
	ck_assert_uint_eq(fake_note.troubles, 0);
	ck_assert_uint_eq(fake.lines, 0);
}
END_TEST

START_TEST(r5_table_of_the_firmware_comes_first)
{
	watched_machine();
	fake_efi_wdat(&fake);
	fake_start_counted(FAKE_NORMAL);
	check_watched(DARUMA_WATCHDOG_WDAT);
	ck_assert_uint_eq(fake.hardware.ticks, 100);
	ck_assert(fake_efi_expires(&fake));
	fake_start_counted(FAKE_NORMAL);
	ck_assert_int_eq(fake_note.last_ending, DARUMA_ENDING_WATCHDOG);
	ck_assert_uint_eq(fake.hardware.outside, 0);
}
END_TEST

START_TEST(first_start_of_all_is_watched)
{
	fake_efi_init(&fake);
	fake_efi_tco(&fake);
	ask_for(60);
	fake_start_counted(FAKE_NORMAL);
	check_watched(DARUMA_WATCHDOG_TCO);
}
END_TEST

/* R5, R4: hangs that the watchdog ends count as such, and climb as panics do; safe has none. */
START_TEST(r5_resets_by_the_watchdog_are_counted)
{
	watched_machine();
	fake_start_counted(FAKE_NORMAL);
	ck_assert(fake_efi_expires(&fake));
	fake_start_counted(FAKE_NORMAL);
	ck_assert_int_eq(fake_note.last_ending, DARUMA_ENDING_WATCHDOG);
	ck_assert_uint_eq(fake_note.counters.watchdog, 1);
	check_watched(DARUMA_WATCHDOG_TCO);
	ck_assert(fake_efi_expires(&fake));
	fake_start_counted(FAKE_NORMAL);
	ck_assert_int_eq(fake_note.rung, DARUMA_RUNG_HELD);
	ck_assert_uint_eq(fake_note.counters.watchdog, 2);
	check_watched(DARUMA_WATCHDOG_TCO);
	ck_assert(fake_efi_expires(&fake));
	fake_start_counted(FAKE_SAFE);
	ck_assert_int_eq(fake_note.rung, DARUMA_RUNG_SAFE);
	ck_assert_uint_eq(fake_note.counters.watchdog, 3);
	check_watched(DARUMA_WATCHDOG_NONE);
	/* The safe start ended by a power cut, whatever the watchdog said before. */
	fake_start_counted(FAKE_SAFE);
	ck_assert_int_eq(fake_note.last_ending, DARUMA_ENDING_UNEXPLAINED);
	ck_assert_uint_eq(fake.hardware.uses, 0);
}
END_TEST

/* R4: a power cut in a watched start is none of the watchdog's, whatever was there before. */
START_TEST(r4_power_cut_is_no_reset_by_the_watchdog)
{
	watched_machine();
	fake.hardware.status = 6;
	fake_start_counted(FAKE_NORMAL);
	fake_start_counted(FAKE_NORMAL);
	ck_assert_int_eq(fake_note.last_ending, DARUMA_ENDING_UNEXPLAINED);
	ck_assert_uint_eq(fake_note.counters.watchdog, 0);
}
END_TEST

START_TEST(r5_products_run_watched_and_profiles_do_not)
{
	static const struct {
		enum daruma_request request;
		enum daruma_rung rung;
		const char *path;
		bool watched;
	} cases[] = {
		{ DARUMA_REQUEST_NORMAL, DARUMA_RUNG_NORMAL, FAKE_NORMAL, true },
		{ DARUMA_REQUEST_HOLD, DARUMA_RUNG_HELD, FAKE_NORMAL, true },
		{ DARUMA_REQUEST_TRIAL, DARUMA_RUNG_TRIAL, FAKE_NORMAL, true },
		{ DARUMA_REQUEST_SAFE, DARUMA_RUNG_SAFE, FAKE_SAFE, false },
		{ DARUMA_REQUEST_ASIDE, DARUMA_RUNG_ASIDE, FAKE_NORMAL, false },
	};

	watched_machine();
	fake_start_counted(FAKE_NORMAL);
	fake_efi_answer(&fake, DARUMA_RESULT_CLEAN, cases[_i].request);
	fake_start_counted(cases[_i].path);
	ck_assert_int_eq(fake_note.rung, cases[_i].rung);
	check_watched(cases[_i].watched ? DARUMA_WATCHDOG_TCO : DARUMA_WATCHDOG_NONE);
}
END_TEST

/* Some machines do not stop it at a restart: it would end a start whose system may have no driver. */
START_TEST(watchdog_of_the_start_before_does_not_end_a_safe_one)
{
	watched_machine();
	fake.hardware.runs_through_resets = true;
	fake_start_counted(FAKE_NORMAL);
	ck_assert(fake_efi_is_watched(&fake));
	fake_efi_answer(&fake, DARUMA_RESULT_CLEAN, DARUMA_REQUEST_SAFE);
	fake_start_counted(FAKE_SAFE);
	check_watched(DARUMA_WATCHDOG_NONE);
}
END_TEST

/* To resume may take longer. */
START_TEST(start_that_resumes_is_not_watched)
{
	watched_machine();
	fake.hardware.runs_through_resets = true;
	fake_start_counted(FAKE_NORMAL);
	fake_efi_answer(&fake, DARUMA_RESULT_HIBERNATED, DARUMA_REQUEST_NONE);
	fake_start_counted(FAKE_NORMAL);
	ck_assert_int_eq(fake_note.reason, DARUMA_REASON_HIBERNATED);
	check_watched(DARUMA_WATCHDOG_NONE);
}
END_TEST

START_TEST(machine_that_daruma_leaves_is_not_watched)
{
	watched_machine();
	fake_start_counted(FAKE_NORMAL);
	fake_efi_answer(&fake, DARUMA_RESULT_CLEAN, DARUMA_REQUEST_FORGET);
	fake_start_into(FAKE_NORMAL);
	ck_assert_int_eq(fake_note.reason, DARUMA_REASON_REMOVED);
	ck_assert_uint_eq(fake_note.watchdog, DARUMA_WATCHDOG_NONE);
	ck_assert_uint_eq(fake_note.troubles, 0);
	ck_assert(!fake_efi_is_watched(&fake));
}
END_TEST

static void check_unwatched_start(void)
{
	ck_assert_uint_eq(fake_note.watchdog, DARUMA_WATCHDOG_NONE);
	ck_assert_uint_eq(fake_note.troubles, DARUMA_TROUBLE_NOT_WATCHED);
	ck_assert(!fake_efi_is_watched(&fake));
	ck_assert_uint_eq(fake.lines, 0);
}

/* Less than was asked for is said (R58), and nothing else changes. */
START_TEST(start_that_cannot_be_watched_goes_on)
{
	watched_machine();
	fake.hardware.no_reboot_stays = true;
	fake_start_counted(FAKE_NORMAL);
	check_unwatched_start();
	fake.hardware.has_tco = false;
	fake_start_counted(FAKE_NORMAL);
	check_unwatched_start();
	ck_assert_uint_eq(fake_record.watchdog, DARUMA_WATCHDOG_NONE);
}
END_TEST

/* Its reset would be counted nowhere, and could circle for ever. */
START_TEST(start_that_cannot_be_counted_is_not_watched)
{
	watched_machine();
	fake.set_fault_at = 1;
	fake.set_fault = FAKE_REFUSE;
	fake.refuse_with = EFI_WRITE_PROTECTED;
	fake_start_into(FAKE_NORMAL);
	ck_assert_uint_eq(fake_note.watchdog, DARUMA_WATCHDOG_NONE);
	ck_assert_uint_eq(fake_note.troubles,
			  DARUMA_TROUBLE_RECORD_WRITTEN | DARUMA_TROUBLE_NOT_WATCHED);
	ck_assert(!fake_efi_is_watched(&fake));
}
END_TEST

/* The firmware's next entry knows nothing of a watchdog. */
START_TEST(watchdog_ends_when_the_target_returns)
{
	watched_machine();
	fake_efi_program(&fake, FAKE_NORMAL)->start_status = EFI_ABORTED;
	ck_assert_int_eq(fake_efi_start(&fake), FAKE_RETURNED);
	ck_assert_uint_eq(fake.hardware.armed_at, 1);
	ck_assert(!fake_efi_is_watched(&fake));
	ck_assert_int_eq(fake_efi_note(&fake, &fake_note), DARUMA_STATE_VALID);
	ck_assert_uint_eq(fake_note.watchdog, DARUMA_WATCHDOG_NONE);
	ck_assert_uint_eq(fake_note.troubles, 0);
}
END_TEST

START_TEST(watchdog_ends_where_no_target_loads)
{
	watched_machine();
	fake_efi_program(&fake, FAKE_NORMAL)->load_status = EFI_NOT_FOUND;
	ck_assert_int_eq(fake_efi_start(&fake), FAKE_RETURNED);
	ck_assert_uint_eq(fake.hardware.armed_at, 1);
	ck_assert(!fake_efi_is_watched(&fake));
	ck_assert_int_eq(fake_efi_note(&fake, &fake_note), DARUMA_STATE_VALID);
	ck_assert_uint_eq(fake_note.watchdog, DARUMA_WATCHDOG_NONE);
}
END_TEST

/* The target of our options stands in; it is watched like the other. */
START_TEST(next_target_is_watched_too)
{
	watched_machine();
	fake_efi_program(&fake, FAKE_NORMAL)->load_status = EFI_NOT_FOUND;
	fake_efi_options(&fake, FAKE_SAFE);
	fake_start_counted(FAKE_SAFE);
	ck_assert_uint_eq(fake_note.troubles, DARUMA_TROUBLE_TARGET_REPLACED);
	check_watched(DARUMA_WATCHDOG_TCO);
}
END_TEST

/* The file is on a disk that anybody can write to. */
START_TEST(seconds_are_never_too_few)
{
	watched_machine();
	ask_for(1);
	fake_start_counted(FAKE_NORMAL);
	check_watched(DARUMA_WATCHDOG_TCO);
	ck_assert_uint_eq(fake.hardware.ticks, 50);
}
END_TEST

/* A later Daruma may know more kinds. */
START_TEST(unknown_kind_in_the_record_is_none)
{
	struct fake_variable *record;

	fake_arm();
	fake_efi_tco(&fake);
	fake_start_counted(FAKE_NORMAL);
	record = fake_efi_find(&fake, FAKE_RECORD, &variables_daruma);
	record->bytes[96] = 200;
	daruma_put32(record->bytes + 124, daruma_crc32(record->bytes, 124));
	fake.hardware.status = 6;
	fake_start_counted(FAKE_NORMAL);
	ck_assert_int_eq(fake_note.record_state, DARUMA_STATE_VALID);
	ck_assert_int_eq(fake_note.last_ending, DARUMA_ENDING_UNEXPLAINED);
	ck_assert_uint_eq(fake.hardware.uses, 0);
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("efi_watchdog");
	TCase *tco = suite_case(all, "tco", 10);
	TCase *starts = suite_case(all, "starts", 10);

	tcase_add_test(tco, tco_is_found_and_left_as_it_is);
	tcase_add_test(tco, tco_of_known_chipsets_only);
	tcase_add_test(tco, tco_without_its_registers_is_none);
	tcase_add_test(tco, r5_tco_gets_half_of_the_time);
	tcase_add_test(tco, tco_gets_all_of_the_time_where_the_firmware_may_reset_at_once);
	tcase_add_loop_test(tco, tco_that_does_not_do_as_told_is_stopped, 0, 3);
	tcase_add_loop_test(tco, r4_tco_status_is_read_once, 0, 2);
	tcase_add_test(tco, tco_is_stopped);
	tcase_add_test(tco, kinds_that_do_not_exist_touch_nothing);
	tcase_add_test(starts, without_seconds_no_register_is_touched);
	tcase_add_test(starts, r5_normal_start_is_watched);
	tcase_add_test(starts, r5_table_of_the_firmware_comes_first);
	tcase_add_test(starts, first_start_of_all_is_watched);
	tcase_add_test(starts, r5_resets_by_the_watchdog_are_counted);
	tcase_add_test(starts, r4_power_cut_is_no_reset_by_the_watchdog);
	tcase_add_loop_test(starts, r5_products_run_watched_and_profiles_do_not, 0, 5);
	tcase_add_test(starts, watchdog_of_the_start_before_does_not_end_a_safe_one);
	tcase_add_test(starts, start_that_resumes_is_not_watched);
	tcase_add_test(starts, machine_that_daruma_leaves_is_not_watched);
	tcase_add_test(starts, start_that_cannot_be_watched_goes_on);
	tcase_add_test(starts, start_that_cannot_be_counted_is_not_watched);
	tcase_add_test(starts, watchdog_ends_when_the_target_returns);
	tcase_add_test(starts, watchdog_ends_where_no_target_loads);
	tcase_add_test(starts, next_target_is_watched_too);
	tcase_add_test(starts, seconds_are_never_too_few);
	tcase_add_test(starts, unknown_kind_in_the_record_is_none);
	return all;
}
