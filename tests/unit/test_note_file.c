/* test_note_file.c: which of the variables in a folder is the boot note
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <string.h>

#include "policy/bytes.h"
#include "recovery/early/note_file.h"
#include "tests/unit/scratch.h"
#include "tests/unit/suite.h"

static char folder[128];

static void set_up(void)
{
	strcpy(folder, scratch_make());
}

#define NOTE(id) DARUMA_NOTE_NAME id "-" DARUMA_VENDOR_GUID

static void put_note(const char *name, uint32_t attributes, enum daruma_rung rung, size_t cut)
{
	struct daruma_note note = { .rung = rung };
	uint8_t bytes[4 + DARUMA_NOTE_SIZE];

	daruma_put32(bytes, attributes);
	daruma_note_encode(&note, bytes + 4);
	scratch_write(name, bytes, sizeof(bytes) - cut);
}

START_TEST(finds_the_note)
{
	struct daruma_note note;

	ck_assert_int_eq(note_file_read(folder, &note), -ENOENT);
	ck_assert_int_eq(note_file_read("/nowhere/at/all", &note), -ENOENT);
	put_note("DarumaBoot-xyz", 6, DARUMA_RUNG_SAFE, 0);
	put_note("DarumaBoot-0123456z-" DARUMA_VENDOR_GUID, 6, DARUMA_RUNG_SAFE, 0);
	put_note("DarumaBoot-01234567-8be4df61-93ca-11d2-aa0d-00e098032b8c", 6, DARUMA_RUNG_SAFE,
		 0);
	ck_assert_int_eq(note_file_read(folder, &note), -ENOENT);
	put_note(NOTE("01234567"), 6, DARUMA_RUNG_HELD, 0);
	ck_assert_int_eq(note_file_read(folder, &note), 0);
	ck_assert_int_eq(note.rung, DARUMA_RUNG_HELD);
	put_note(NOTE("89abcdef"), 6, DARUMA_RUNG_SAFE, 0);
	ck_assert_int_eq(note_file_read(folder, &note), -EEXIST);
}
END_TEST

/* R33: only the stage can make a volatile variable; root can make others of the same name. */
START_TEST(imitations_are_passed_over)
{
	struct daruma_note note;

	put_note(NOTE("00000001"), 7, DARUMA_RUNG_SAFE, 0);
	ck_assert_int_eq(note_file_read(folder, &note), -EBADMSG);
	put_note(NOTE("00000002"), 6, DARUMA_RUNG_NORMAL, 0);
	ck_assert_int_eq(note_file_read(folder, &note), 0);
	ck_assert_int_eq(note.rung, DARUMA_RUNG_NORMAL);
	put_note(NOTE("00000002"), 6, DARUMA_RUNG_NORMAL, 1);
	ck_assert_int_eq(note_file_read(folder, &note), -EBADMSG);
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("note file");
	TCase *notes = suite_case(all, "notes", 5);

	tcase_add_checked_fixture(notes, set_up, scratch_remove);
	tcase_add_test(notes, finds_the_note);
	tcase_add_test(notes, imitations_are_passed_over);
	return all;
}
