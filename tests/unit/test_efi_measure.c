/* test_efi_measure.c: which starts are measured, by which bytes, and what happens where they cannot be
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tests/unit/suite.h"

#include <string.h>

#include "efi/tagged_event.h"
#include "tests/unit/fake_efi_starts.h"

#define HEADER_SIZE 26

/* The event as the firmware gets it: header, tag and text. `at` is PCR or register. */
static void check_event(const struct fake_measured *measured, bool guest, uint8_t at,
			const uint8_t tag[4], const char *text)
{
	uint8_t size = (uint8_t)strlen(text);
	uint8_t head[HEADER_SIZE] = { [4] = 14, [8] = 1, [14] = 6 };

	head[0] = (uint8_t)(HEADER_SIZE + size);
	head[10] = at;
	memcpy(head + 18, tag, 4);
	head[22] = size;
	ck_assert_int_eq(measured->guest, guest);
	ck_assert_uint_eq(measured->flags, 0); /* hash, extend and log */
	ck_assert_uint_eq(measured->event_size, HEADER_SIZE + size);
	ck_assert_mem_eq(measured->event, head, HEADER_SIZE);
	ck_assert_mem_eq(measured->event + HEADER_SIZE, text, size);
}

/* The two events of a start at `first`, into the TPM or the guest, before any program ran. */
static void check_start(unsigned first, unsigned step, bool guest, const char *text)
{
	static const uint8_t limits_tag[4] = { 0xb9, 0x8c, 0xe3, 0x69 };
	static const uint8_t rung_tag[4] = { 0x0d, 0x46, 0x88, 0x5a };
	const struct fake_measured *limits = &fake.measured[first];
	const struct fake_measured *rung = &fake.measured[first + step];
	uint8_t at = guest ? 2 : 5;

	ck_assert_uint_lt(first + step, fake.measured_count);
	check_event(limits, guest, at, limits_tag, "daruma.limits.v1");
	ck_assert_uint_eq(limits->size, DARUMA_LIMITS_SIZE);
	check_event(rung, guest, at, rung_tag, text);
	ck_assert_uint_eq(rung->size, strlen(text));
	ck_assert_mem_eq(rung->data, text, strlen(text));
	ck_assert_uint_eq(limits->starts + rung->starts, 0);
}

static void check_tpm_start(const char *text)
{
	ck_assert_uint_eq(fake.measured_count, 2);
	check_start(0, 1, false, text);
	ck_assert_uint_eq(fake_note.troubles & DARUMA_TROUBLE_NOT_MEASURED, 0);
}

/* The normal rung costs nothing: no protocol is looked for. */
START_TEST(normal_rung_is_not_measured)
{
	fake_arm();
	fake.guest_measures = true;
	fake_start_counted(FAKE_NORMAL);
	ck_assert_int_eq(fake_note.rung, DARUMA_RUNG_NORMAL);
	ck_assert_uint_eq(fake.measurement_lookups, 0);
	ck_assert_uint_eq(fake.measured_count, 0);
	ck_assert_uint_eq(fake_note.troubles, 0);
}
END_TEST

/* R35: normal, safe by itself and safe on request are told apart, in bytes that stay the same. */
START_TEST(r35_automatic_safe_is_measured_before_hand_over)
{
	fake_crash_into_safe();
	fake_start_counted(FAKE_SAFE);
	check_tpm_start("daruma.rung.v1 safe automatic");
	ck_assert_uint_eq(fake.starts, 1);
	/* The limits are those of the file that `daruma policy apply` wrote. */
	ck_assert_mem_eq(fake.measured[0].data, fake.files[0].bytes, DARUMA_LIMITS_SIZE);
}
END_TEST

START_TEST(r35_requested_safe_is_measured_as_such)
{
	fake_arm();
	fake_start_counted(FAKE_NORMAL);
	fake_efi_answer(&fake, DARUMA_RESULT_CLEAN, DARUMA_REQUEST_SAFE);
	fake_start_counted(FAKE_SAFE);
	check_tpm_start("daruma.rung.v1 safe requested");
}
END_TEST

/* R35: a person at the keyboard is told from a system that asks. */
START_TEST(chosen_safe_is_measured_as_such)
{
	fake_arm();
	fake.keys = "ds";
	ck_assert_int_eq(fake_efi_start(&fake), FAKE_HANDED_OVER);
	ck_assert_int_eq(fake_efi_note(&fake, &fake_note), DARUMA_STATE_VALID);
	check_tpm_start("daruma.rung.v1 safe chosen");
}
END_TEST

/* What the operating system's own repair asks for is no request of an operator: the reason says
 * so. */
START_TEST(other_rungs_are_measured_by_their_names)
{
	static const struct {
		enum daruma_request request;
		const char *text;
	} cases[] = {
		{ DARUMA_REQUEST_HOLD, "daruma.rung.v1 held requested" },
		{ DARUMA_REQUEST_TRIAL, "daruma.rung.v1 trial automatic" },
		{ DARUMA_REQUEST_ASIDE, "daruma.rung.v1 aside automatic" },
	};

	fake_arm();
	fake_start_counted(FAKE_NORMAL);
	fake_efi_answer(&fake, DARUMA_RESULT_CLEAN, cases[_i].request);
	fake_start_counted(FAKE_NORMAL);
	check_tpm_start(cases[_i].text);
}
END_TEST

START_TEST(held_and_rescue_are_measured)
{
	fake_crash_into_safe();
	check_tpm_start("daruma.rung.v1 held automatic");
	for (unsigned i = 0; i < 2; i++) {
		fake_start_counted(FAKE_SAFE);
		fake_efi_dump(&fake, 10 + i);
	}
	fake_start_counted(FAKE_RESCUE);
	check_tpm_start("daruma.rung.v1 rescue automatic");
}
END_TEST

/* A damaged file is not what was decided by. */
START_TEST(limits_in_force_are_measured)
{
	static const uint8_t damage[] = "no limits";
	uint8_t builtin[DARUMA_LIMITS_SIZE];
	struct daruma_limits limits;

	fake_crash_into_safe();
	fake_efi_options(&fake, FAKE_NORMAL);
	fake_efi_file(&fake, DARUMA_ESP_LIMITS, damage, sizeof(damage));
	fake_efi_file(&fake, DARUMA_ESP_LIMITS_BACKUP, damage, sizeof(damage));
	fake_start_counted(FAKE_NORMAL);
	daruma_limits_default(&limits);
	daruma_limits_encode(&limits, builtin);
	check_tpm_start("daruma.rung.v1 safe automatic");
	ck_assert_mem_eq(fake.measured[0].data, builtin, sizeof(builtin));
}
END_TEST

/* One choice, one measurement, however many targets are tried. */
START_TEST(replaced_target_is_not_measured_again)
{
	fake_crash_into_safe();
	fake_efi_program(&fake, FAKE_SAFE)->start_status = EFI_LOAD_ERROR;
	fake_start_counted(FAKE_NORMAL);
	ck_assert_uint_eq(fake.starts, 2);
	check_tpm_start("daruma.rung.v1 safe automatic");
	ck_assert_uint_eq(fake_note.troubles, DARUMA_TROUBLE_TARGET_REPLACED);
}
END_TEST

/* What cannot be counted is a normal start, and is none in the log either. */
START_TEST(start_without_a_record_is_not_measured)
{
	fake_crash_into_safe();
	fake.set_fault_at = 1;
	fake.set_fault = FAKE_REFUSE;
	fake.refuse_with = EFI_WRITE_PROTECTED;
	fake_start_into(FAKE_NORMAL);
	ck_assert_int_eq(fake_note.rung, DARUMA_RUNG_NORMAL);
	ck_assert_uint_eq(fake.measurement_lookups, 0);
}
END_TEST

START_TEST(confidential_guest_is_measured_into_its_register)
{
	fake_crash_into_safe();
	fake.no_tpm_protocol = _i == 0;
	fake.no_tpm = _i == 1;
	fake.guest_measures = true;
	fake_start_counted(FAKE_SAFE);
	ck_assert_uint_eq(fake.measured_count, 2);
	check_start(0, 1, true, "daruma.rung.v1 safe automatic");
	ck_assert_uint_eq(fake_note.troubles, 0);
}
END_TEST

START_TEST(both_interfaces_are_measured_into)
{
	fake_crash_into_safe();
	fake.guest_measures = true;
	fake_start_counted(FAKE_SAFE);
	ck_assert_uint_eq(fake.measured_count, 4);
	check_start(0, 2, false, "daruma.rung.v1 safe automatic");
	check_start(1, 2, true, "daruma.rung.v1 safe automatic");
	ck_assert_uint_eq(fake_note.troubles, 0);
}
END_TEST

/* --- R58: the start goes on, and the note says what is missing ---------------------------------------- */

static void start_unmeasured(unsigned measured)
{
	fake_start_counted(FAKE_SAFE);
	ck_assert_uint_eq(fake_note.troubles, DARUMA_TROUBLE_NOT_MEASURED);
	ck_assert_int_eq(fake_note.rung, DARUMA_RUNG_SAFE);
	ck_assert_uint_eq(fake.measured_count, measured);
	ck_assert_uint_eq(fake.starts, 1);
}

START_TEST(machine_without_a_tpm_starts_and_says_so)
{
	fake_crash_into_safe();
	fake.no_tpm_protocol = _i == 0;
	fake.no_tpm = _i == 1;
	start_unmeasured(0);
}
END_TEST

/* The rung is measured even where the limits were not, and the other way round. A log that is full
 * is a failure: nobody could tell by what the register was extended. */
START_TEST(tpm_that_fails_delays_nothing)
{
	static const struct {
		unsigned at;
		EFI_STATUS with;
		unsigned measured;
	} cases[] = {
		{ 1, EFI_DEVICE_ERROR, 1 },
		{ 2, EFI_DEVICE_ERROR, 1 },
		{ FAKE_EVERY, EFI_VOLUME_FULL, 0 },
		{ FAKE_EVERY, EFI_NOT_FOUND, 0 },
	};

	fake_crash_into_safe();
	fake.tpm_fault_at = cases[_i].at;
	fake.measure_fails_with = cases[_i].with;
	start_unmeasured(cases[_i].measured);
	ck_assert_uint_eq(fake.tpm_calls, 2);
}
END_TEST

START_TEST(tpm_without_capabilities_is_left_alone)
{
	fake_crash_into_safe();
	fake.tpm_capability_status = EFI_DEVICE_ERROR;
	start_unmeasured(0);
	ck_assert_uint_eq(fake.tpm_calls, 0);
}
END_TEST

START_TEST(guest_that_fails_does_not_keep_the_tpm_from_it)
{
	fake_crash_into_safe();
	fake.guest_measures = true;
	fake.guest_capability_status = _i == 0 ? EFI_DEVICE_ERROR : EFI_SUCCESS;
	fake.guest_has_no_log = _i == 1;
	fake.guest_map_status = _i == 2 ? EFI_UNSUPPORTED : EFI_SUCCESS;
	fake.guest_fault_at = _i == 3 ? FAKE_EVERY : 0;
	fake.measure_fails_with = EFI_DEVICE_ERROR;
	start_unmeasured(2);
	check_start(0, 1, false, "daruma.rung.v1 safe automatic");
	ck_assert_uint_eq(fake.guest_calls, _i == 3 ? 2 : 0);
}
END_TEST

START_TEST(tpm_that_fails_does_not_keep_the_guest_from_it)
{
	fake_crash_into_safe();
	fake.guest_measures = true;
	fake.tpm_fault_at = FAKE_EVERY;
	fake.measure_fails_with = EFI_DEVICE_ERROR;
	start_unmeasured(2);
	check_start(0, 1, true, "daruma.rung.v1 safe automatic");
}
END_TEST

/* A text that is too long is cut; nothing behind it is read. */
START_TEST(long_text_is_cut)
{
	char text[TAGGED_EVENT_TEXT_MOST + 2];
	struct tagged_event event = { 5, 1, text };
	struct firmware firmware = { .boot = &fake.boot };

	memset(text, 'x', sizeof(text));
	fake_efi_init(&fake);
	fake_efi_now = &fake;
	ck_assert_uint_eq(tagged_event_measure(&firmware, &event, (const uint8_t *)text, 1),
			  EFI_SUCCESS);
	ck_assert_uint_eq(fake.measured[0].event_size, HEADER_SIZE + TAGGED_EVENT_TEXT_MOST);
	ck_assert_uint_eq(fake.measured[0].event[22], TAGGED_EVENT_TEXT_MOST);
	ck_assert_uint_eq(fake.measured[0].size, 1);
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("efi_measure");
	TCase *choices = suite_case(all, "choices", 10);
	TCase *failures = suite_case(all, "failures", 10);

	tcase_add_test(choices, normal_rung_is_not_measured);
	tcase_add_test(choices, r35_automatic_safe_is_measured_before_hand_over);
	tcase_add_test(choices, r35_requested_safe_is_measured_as_such);
	tcase_add_test(choices, chosen_safe_is_measured_as_such);
	tcase_add_loop_test(choices, other_rungs_are_measured_by_their_names, 0, 3);
	tcase_add_test(choices, held_and_rescue_are_measured);
	tcase_add_test(choices, limits_in_force_are_measured);
	tcase_add_test(choices, replaced_target_is_not_measured_again);
	tcase_add_test(choices, start_without_a_record_is_not_measured);
	tcase_add_loop_test(choices, confidential_guest_is_measured_into_its_register, 0, 2);
	tcase_add_test(choices, both_interfaces_are_measured_into);
	tcase_add_loop_test(failures, machine_without_a_tpm_starts_and_says_so, 0, 2);
	tcase_add_loop_test(failures, tpm_that_fails_delays_nothing, 0, 4);
	tcase_add_test(failures, tpm_without_capabilities_is_left_alone);
	tcase_add_loop_test(failures, guest_that_fails_does_not_keep_the_tpm_from_it, 0, 4);
	tcase_add_test(failures, tpm_that_fails_does_not_keep_the_guest_from_it);
	tcase_add_test(failures, long_text_is_cut);
	return all;
}
