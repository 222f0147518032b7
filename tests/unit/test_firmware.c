/* test_firmware.c: note and answer through a folder of EFI variables
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "recovery/boot/firmware.h"
#include "recovery/boot/variables.h"
#include "tests/unit/suite.h"
#include "tests/unit/variable_folder.h"

#define ID "2e8f19a4"

static const struct context context = { .root = "" };

static void put_note(const char *id, uint32_t attributes)
{
	struct daruma_note note = { .rung = DARUMA_RUNG_SAFE, .starts = 3 };
	uint8_t bytes[DARUMA_NOTE_SIZE];
	char name[64];

	memset(note.boot_id, 0x5a, sizeof(note.boot_id));
	daruma_note_encode(&note, bytes);
	snprintf(name, sizeof(name), "%s%s", DARUMA_NOTE_NAME, id);
	variable_folder_put(name, attributes, bytes, sizeof(bytes));
}

static int read_note(void)
{
	struct daruma_note note;
	char id[FIRMWARE_ID_SIZE];

	return firmware_read_note(&context, &note, id);
}

START_TEST(note_is_found_by_name)
{
	struct daruma_note note;
	char id[FIRMWARE_ID_SIZE];
	char text[33];

	ck_assert_int_eq(read_note(), -ENOENT);
	put_note(ID, DARUMA_NOTE_ATTRIBUTES);
	ck_assert_int_eq(firmware_read_note(&context, &note, id), 0);
	ck_assert_str_eq(id, ID);
	ck_assert_int_eq(note.rung, DARUMA_RUNG_SAFE);
	firmware_boot_id_text(note.boot_id, text);
	ck_assert_str_eq(text, "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a");
}
END_TEST

START_TEST(no_variables_here)
{
	const struct context without = { .root = "", .no_variables = true };
	struct daruma_answer answer = { 0 };
	struct daruma_note note;
	char id[FIRMWARE_ID_SIZE];

	put_note(ID, DARUMA_NOTE_ATTRIBUTES);
	ck_assert_int_eq(firmware_read_note(&without, &note, id), -ENODEV);
	ck_assert_int_eq(firmware_write_answer(&without, ID, &answer), -ENODEV);
}
END_TEST

START_TEST(r33_wrong_attributes)
{
	put_note(ID, 7);
	ck_assert_int_eq(read_note(), -EBADMSG);
	put_note("deadbeef", DARUMA_NOTE_ATTRIBUTES);
	ck_assert_int_eq(read_note(), 0);
	put_note("deadbee0", DARUMA_NOTE_ATTRIBUTES);
	ck_assert_int_eq(read_note(), -EEXIST);
}
END_TEST

START_TEST(names_that_are_no_id)
{
	put_note("ABCDEF00", DARUMA_NOTE_ATTRIBUTES);
	put_note("1234567", DARUMA_NOTE_ATTRIBUTES);
	put_note("123456789", DARUMA_NOTE_ATTRIBUTES);
	ck_assert_int_eq(read_note(), -ENOENT);
}
END_TEST

/* Any size up to far beyond the limit: damage, and nothing worse. */
START_TEST(note_of_any_size)
{
	uint8_t bytes[4092] = { 0 };

	for (size_t size = 0; size <= sizeof(bytes); size += size < 200 ? 1 : 97) {
		variable_folder_put(DARUMA_NOTE_NAME ID, DARUMA_NOTE_ATTRIBUTES, bytes, size);
		ck_assert_int_eq(read_note(), -EBADMSG);
	}
}
END_TEST

START_TEST(r54_same_answer_is_not_written_again)
{
	struct daruma_answer answer = { .result = DARUMA_RESULT_GOOD };
	struct daruma_answer stored;

	ck_assert_int_eq(firmware_read_answer(&context, ID, &stored), DARUMA_STATE_ABSENT);
	ck_assert_int_eq(firmware_write_answer(&context, ID, &answer), 0);
	ck_assert_int_eq(firmware_read_answer(&context, ID, &stored), DARUMA_STATE_VALID);
	ck_assert_int_eq(stored.result, DARUMA_RESULT_GOOD);
	variable_folder_set_written(DARUMA_ANSWER_NAME ID, 1000);
	ck_assert_int_eq(firmware_write_answer(&context, ID, &answer), 0);
	ck_assert_int_eq(variable_folder_written(DARUMA_ANSWER_NAME ID), 1000);
	answer.changed = true;
	ck_assert_int_eq(firmware_write_answer(&context, ID, &answer), 0);
	ck_assert_int_ne(variable_folder_written(DARUMA_ANSWER_NAME ID), 1000);
}
END_TEST

START_TEST(hostile_answer_gives_way)
{
	static const uint32_t attributes[] = { 3, 6, 7, 39 };
	struct daruma_answer answer = { .result = DARUMA_RESULT_CLEAN };
	struct daruma_answer stored;
	uint8_t bytes[1000] = { 0x41 };

	for (size_t i = 0; i < 4; i++)
		for (size_t size = 0; size <= sizeof(bytes); size += 100) {
			variable_folder_put(DARUMA_ANSWER_NAME ID, attributes[i], bytes, size);
			ck_assert_int_eq(firmware_read_answer(&context, ID, &stored),
					 DARUMA_STATE_DAMAGED);
			ck_assert_int_eq(firmware_write_answer(&context, ID, &answer), 0);
			ck_assert_int_eq(firmware_read_answer(&context, ID, &stored),
					 DARUMA_STATE_VALID);
		}
}
END_TEST

START_TEST(port_reports_errors)
{
	const struct variables *variables = variables_of_machine();
	uint8_t bytes[8] = { 0 };
	uint32_t attributes;
	size_t size;

	ck_assert(variables->available());
	ck_assert_int_eq(
		variables->read(DARUMA_VENDOR_GUID, "Absent", bytes, 8, &size, &attributes),
		-ENOENT);
	ck_assert_int_eq(variables->write(DARUMA_VENDOR_GUID, "Mine", bytes, 8, 7), 0);
	ck_assert_int_eq(variables->write(DARUMA_VENDOR_GUID, "Mine", bytes, 8, 3), -EINVAL);
	ck_assert_int_eq(variables->read(DARUMA_VENDOR_GUID, "Mine", bytes, 7, &size, &attributes),
			 -E2BIG);
	ck_assert_int_eq(variables->read(DARUMA_VENDOR_GUID, "Mine", bytes, 8, &size, &attributes),
			 0);
	ck_assert_uint_eq(size, 8);
	ck_assert_uint_eq(attributes, 7);
	ck_assert_int_eq(variables->remove(DARUMA_VENDOR_GUID, "Mine"), 0);
	ck_assert_int_eq(variables->remove(DARUMA_VENDOR_GUID, "Mine"), -ENOENT);
	ck_assert_int_eq(variables->read("no guid", "Mine", bytes, 8, &size, &attributes), -EINVAL);
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("firmware");
	TCase *tests = suite_case(all, "firmware", 20);

	variable_folder_start();
	tcase_add_checked_fixture(tests, variable_folder_make, variable_folder_remove);
	tcase_add_test(tests, note_is_found_by_name);
	tcase_add_test(tests, no_variables_here);
	tcase_add_test(tests, r33_wrong_attributes);
	tcase_add_test(tests, names_that_are_no_id);
	tcase_add_test(tests, note_of_any_size);
	tcase_add_test(tests, r54_same_answer_is_not_written_again);
	tcase_add_test(tests, hostile_answer_gives_way);
	tcase_add_test(tests, port_reports_errors);
	return all;
}
