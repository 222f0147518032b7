/* test_limits_file.c: two copies of the limits, of which one is always whole
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recovery/boot/limits_file.h"
#include "tests/unit/scratch.h"
#include "tests/unit/suite.h"

static struct esp esp;
static struct daruma_limits limits;

static void set_up(void)
{
	memset(&esp, 0, sizeof(esp));
	snprintf(esp.path, sizeof(esp.path), "%s", scratch_make());
	memset(esp.guid, 0xa5, sizeof(esp.guid));
	daruma_limits_default(&limits);
	scratch_write("EFI/daruma/x", "", 0);
}

static enum daruma_state state(enum limits_copy copy)
{
	struct daruma_limits read;

	return limits_file_read(&esp, copy, &read);
}

static void path_of(const char *name, char ret_path[PATH_MAX])
{
	snprintf(ret_path, PATH_MAX, "%.4000s/EFI/daruma/%s", esp.path, name);
}

START_TEST(both_copies_are_written)
{
	struct daruma_limits read;

	ck_assert_int_eq(state(LIMITS_FIRST), DARUMA_STATE_ABSENT);
	ck_assert(!limits_file_load(&esp, &read));
	limits.policy_version = 7;
	ck_assert_int_eq(limits_file_write(&esp, &limits), 2);
	ck_assert_int_eq(state(LIMITS_FIRST), DARUMA_STATE_VALID);
	ck_assert_int_eq(state(LIMITS_BACKUP), DARUMA_STATE_VALID);
	ck_assert(limits_file_load(&esp, &read));
	ck_assert_uint_eq(read.policy_version, 7);
	ck_assert_int_eq(limits_file_write(&esp, &limits), 0);
}
END_TEST

START_TEST(other_installation_is_foreign)
{
	ck_assert_int_eq(limits_file_write(&esp, &limits), 2);
	esp.guid[0] ^= 1;
	ck_assert_int_eq(state(LIMITS_FIRST), DARUMA_STATE_FOREIGN);
}
END_TEST

START_TEST(damaged_copy_is_written_again)
{
	ck_assert_int_eq(limits_file_write(&esp, &limits), 2);
	scratch_write("EFI/daruma/limits.bin", "x", 1);
	ck_assert_int_eq(state(LIMITS_FIRST), DARUMA_STATE_DAMAGED);
	ck_assert_int_eq(limits_file_write(&esp, &limits), 1);
	ck_assert_int_eq(state(LIMITS_FIRST), DARUMA_STATE_VALID);
}
END_TEST

START_TEST(no_folder)
{
	struct esp elsewhere = { .path = "/nonexistent" };

	ck_assert_int_eq(limits_file_write(&elsewhere, &limits), -ENOENT);
}
END_TEST

/* What a power cut left behind is no obstacle. */
START_TEST(left_over_temporary)
{
	scratch_write("EFI/daruma/limits.new", "half", 4);
	ck_assert_int_eq(limits_file_write(&esp, &limits), 2);
}
END_TEST

/* The step that fails is the backup's: the first copy is untouched. And the other way round. */
START_TEST(failure_leaves_one_copy_whole)
{
	char path[PATH_MAX];
	struct daruma_limits read;

	ck_assert_int_eq(limits_file_write(&esp, &limits), 2);
	path_of("limits.bak", path);
	ck_assert_int_eq(unlink(path), 0);
	scratch_write("EFI/daruma/limits.bak/x", "", 0); /* cannot be renamed over */
	limits.policy_version = 9;
	ck_assert_int_lt(limits_file_write(&esp, &limits), 0);
	ck_assert_int_eq(state(LIMITS_FIRST), DARUMA_STATE_VALID);
	ck_assert(limits_file_load(&esp, &read));
	ck_assert_uint_eq(read.policy_version, 0);
	path_of("limits.new", path);
	ck_assert_int_ne(access(path, F_OK), 0);
}
END_TEST

START_TEST(links_are_not_followed)
{
	char path[PATH_MAX];

	scratch_write("victim", "x", 1);
	path_of("limits.new", path);
	ck_assert_int_eq(symlink("../../victim", path), 0);
	path_of("limits.bin", path);
	ck_assert_int_eq(symlink("../../victim", path), 0);
	ck_assert_int_eq(state(LIMITS_FIRST), DARUMA_STATE_DAMAGED);
	ck_assert_int_eq(limits_file_write(&esp, &limits), 2);
	snprintf(path, sizeof(path), "%.4000s/victim", esp.path);
	struct stat stat_of;
	ck_assert_int_eq(stat(path, &stat_of), 0);
	ck_assert_int_eq(stat_of.st_size, 1);
}
END_TEST

START_TEST(guid_text)
{
	uint8_t guid[DARUMA_GUID_SIZE];
	char text[ESP_GUID_TEXT_SIZE];
	char id[ESP_ID_SIZE];

	ck_assert(esp_guid_parse("C12A7328-f81f-11d2-ba4b-00a0c93ec93b", guid));
	ck_assert_uint_eq(guid[0], 0x28);
	ck_assert_uint_eq(guid[15], 0x3b);
	esp_guid_text_of(guid, text);
	ck_assert_str_eq(text, "c12a7328-f81f-11d2-ba4b-00a0c93ec93b");
	esp_id_of(guid, id);
	ck_assert_str_eq(id, "c12a7328");
	ck_assert(!esp_guid_parse("", guid));
	ck_assert(!esp_guid_parse("C12A7328-f81f-11d2-ba4b-00a0c93ec93", guid));
	ck_assert(!esp_guid_parse("C12A7328-f81f-11d2-ba4b-00a0c93ec93bb", guid));
	ck_assert(!esp_guid_parse("C12A7328 f81f-11d2-ba4b-00a0c93ec93b", guid));
	ck_assert(!esp_guid_parse("G12A7328-f81f-11d2-ba4b-00a0c93ec93b", guid));
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("limits_file");
	TCase *tests = suite_case(all, "limits_file", 10);

	tcase_add_checked_fixture(tests, set_up, scratch_remove);
	tcase_add_test(tests, both_copies_are_written);
	tcase_add_test(tests, other_installation_is_foreign);
	tcase_add_test(tests, damaged_copy_is_written_again);
	tcase_add_test(tests, no_folder);
	tcase_add_test(tests, left_over_temporary);
	tcase_add_test(tests, failure_leaves_one_copy_whole);
	tcase_add_test(tests, links_are_not_followed);
	tcase_add_test(tests, guid_text);
	return all;
}
