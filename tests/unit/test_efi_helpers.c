/* test_efi_helpers.c: text, device paths and memory of the firmware stage, edge by edge
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tests/unit/suite.h"

#include <string.h>

#include "efi/devicepath.h"
#include "efi/text.h"

/* memory.c is for a program without a C library; here its functions get other names. */
#define memcpy own_memcpy
#define memset own_memset
#include "efi/memory.c"
#undef memcpy
#undef memset

static const uint8_t guid[DARUMA_GUID_SIZE] = { 1, 2,  3,  4,  5,  6,  7,  8,
						9, 10, 11, 12, 13, 14, 15, 16 };

/* A path with one hard drive node, one file node `\a` and an end; its nodes begin at 0, 42 and
 * 52. */
static const uint8_t whole[56] = {
	4,  1,	42, 0, 1, 0, 0,	 0, 0,	  8, 0,	  0, 0, 0, 0,	 0,    0,  0,  1,
	0,  0,	0,  0, 0, 1, 2,	 3, 4,	  5, 6,	  7, 8, 9, 10,	 11,   12, 13, 14,
	15, 16, 2,  2, 4, 4, 10, 0, '\\', 0, 'a', 0, 0, 0, 0x7f, 0xff, 4,  0,
};

START_TEST(memory_is_copied_and_filled_exactly)
{
	char from[] = "abcdefgh";
	char to[] = "........";

	ck_assert_ptr_eq(own_memcpy(to + 1, from, 3), to + 1);
	ck_assert_str_eq(to, ".abc....");
	ck_assert_ptr_eq(own_memset(to + 5, 'x' + 256, 2), to + 5);
	ck_assert_str_eq(to, ".abc.xx.");
	own_memcpy(to, from, 0);
	own_memset(to, 0, 0);
	ck_assert_str_eq(to, ".abc.xx.");
}
END_TEST

START_TEST(text_is_widened_and_cut)
{
	CHAR16 wide[5] = { 9, 9, 9, 9, 9 };

	ck_assert_uint_eq(text_widen("abc", wide, 4), 3);
	ck_assert(wide[0] == 'a' && wide[2] == 'c' && wide[3] == 0 && wide[4] == 9);
	ck_assert_uint_eq(text_widen("abc", wide, 3), 2);
	ck_assert(wide[1] == 'b' && wide[2] == 0);
	ck_assert_uint_eq(text_widen("abc", wide, 1), 0);
	ck_assert_uint_eq(wide[0], 0);
	ck_assert_uint_eq(text_widen("", wide, 4), 0);
}
END_TEST

START_TEST(text_is_narrowed_within_bounds)
{
	char narrow[4];

	ck_assert(text_narrow((const uint8_t *)"a\0b\0\0\0c", 8, narrow, sizeof(narrow)));
	ck_assert_str_eq(narrow, "ab");
	/* Without a zero the size ends it; an odd last byte is left. */
	ck_assert(text_narrow((const uint8_t *)"a\0b\0c\0", 6, narrow, sizeof(narrow)));
	ck_assert_str_eq(narrow, "abc");
	ck_assert(text_narrow((const uint8_t *)"a\0b", 3, narrow, sizeof(narrow)));
	ck_assert_str_eq(narrow, "a");
	ck_assert(text_narrow(NULL, 0, narrow, sizeof(narrow)));
	ck_assert_str_eq(narrow, "");
	ck_assert(!text_narrow((const uint8_t *)"a\0b\0c\0d\0", 8, narrow, sizeof(narrow)));
	ck_assert(!text_narrow((const uint8_t *)"a\0\x1f\0", 4, narrow, sizeof(narrow)));
	ck_assert(!text_narrow((const uint8_t *)"a\0\x7f\0", 4, narrow, sizeof(narrow)));
	ck_assert(!text_narrow((const uint8_t *)"a\1", 2, narrow, sizeof(narrow)));
	ck_assert(!text_narrow((const uint8_t *)"a\0", 2, narrow, 0));
}
END_TEST

START_TEST(names_are_made_as_the_contract_says)
{
	static const uint8_t install[DARUMA_GUID_SIZE] = { 0xef, 0xcd, 0x0b, 0x0a };
	CHAR16 name[TEXT_VARIABLE_NAME_SIZE];
	CHAR16 boot[TEXT_BOOT_NAME_SIZE];
	char narrow[32];

	text_variable_name(DARUMA_RECORD_NAME, install, name);
	ck_assert(text_narrow((uint8_t *)name, sizeof(name), narrow, sizeof(narrow)));
	ck_assert_str_eq(narrow, "DarumaRecord-0a0bcdef");
	text_boot_name(0x0a1f, boot);
	ck_assert(text_narrow((uint8_t *)boot, sizeof(boot), narrow, sizeof(narrow)));
	ck_assert_str_eq(narrow, "Boot0A1F");
}
END_TEST

START_TEST(first_path_of_options)
{
	static const uint8_t two[] = { '\\', 0, 'a', 0, ' ', 0, 'b', 0 };
	uint8_t longest[2 * DARUMA_PATH_SIZE];
	char path[DARUMA_PATH_SIZE];

	ck_assert(text_first_path(two, sizeof(two), path));
	ck_assert_str_eq(path, "\\a");
	ck_assert(text_first_path(two, 4, path));
	ck_assert(!text_first_path(two, 3, path));
	ck_assert(!text_first_path(two, 0, path));
	ck_assert(!text_first_path(NULL, 8, path));
	ck_assert(!text_first_path(two + 2, 6, path));
	for (size_t i = 0; i < sizeof(longest); i++)
		longest[i] = i % 2 ? 0 : '\\';
	ck_assert(!text_first_path(longest, sizeof(longest), path));
	ck_assert(text_first_path(longest, sizeof(longest) - 2, path));
	ck_assert_uint_eq(strlen(path), DARUMA_PATH_SIZE - 1);
}
END_TEST

START_TEST(paths_are_the_same_in_both_cases)
{
	ck_assert(text_same_path("\\EFI\\x.efi", "\\efi\\X.EFI"));
	ck_assert(text_same_path("", ""));
	ck_assert(!text_same_path("\\a", "\\a\\b"));
	ck_assert(!text_same_path("\\a\\b", "\\a"));
	ck_assert(!text_same_path("[", "{"));
}
END_TEST

START_TEST(sound_path_is_read)
{
	uint8_t found[DARUMA_GUID_SIZE];
	char file[DARUMA_PATH_SIZE];
	size_t length = 0;

	ck_assert(devicepath_length(whole, sizeof(whole), &length));
	ck_assert_uint_eq(length, 52);
	ck_assert(devicepath_partition(whole, sizeof(whole), found));
	ck_assert_mem_eq(found, guid, sizeof(guid));
	ck_assert(devicepath_file(whole, sizeof(whole), file));
	ck_assert_str_eq(file, "\\a");
}
END_TEST

START_TEST(path_that_is_cut_has_no_length)
{
	size_t length = 77;

	for (size_t most = 0; most < sizeof(whole); most++)
		ck_assert(!devicepath_length(whole, most, &length));
	ck_assert(!devicepath_length(NULL, 100, &length));
	ck_assert_uint_eq(length, 77);
}
END_TEST

START_TEST(broken_nodes_end_the_walk)
{
	static const struct {
		unsigned at;
		uint8_t value;
	} cases[] = { { 2, 0 }, { 2, 3 }, { 3, 1 }, { 3, 0xff }, { 2, 41 }, { 2, 43 } };
	uint8_t path[sizeof(whole)];
	uint8_t found[DARUMA_GUID_SIZE];
	size_t length;

	memcpy(path, whole, sizeof(whole));
	path[cases[_i].at] = cases[_i].value;
	ck_assert(!devicepath_length(path, sizeof(path), &length));
	ck_assert(!devicepath_partition(path, sizeof(path), found));
}
END_TEST

START_TEST(two_files_are_no_file)
{
	uint8_t path[sizeof(whole) + 10];
	char file[DARUMA_PATH_SIZE];

	memcpy(path, whole, 52);
	memcpy(path + 52, whole + 42, 14);
	ck_assert(!devicepath_file(path, sizeof(path), file));
	ck_assert(!devicepath_file(NULL, 0, file));
	ck_assert(!devicepath_file(whole + 52, 4, file));
}
END_TEST

START_TEST(file_is_appended_to_a_device)
{
	uint8_t device[46];
	uint8_t path[sizeof(whole)];

	memcpy(device, whole, 42);
	memcpy(device + 42, whole + 52, 4);
	ck_assert(devicepath_append_file(device, "\\a", path, sizeof(path)));
	ck_assert_mem_eq(path, whole, sizeof(whole));
	ck_assert(!devicepath_append_file(device, "\\a", path, sizeof(path) - 1));
	ck_assert(!devicepath_append_file(NULL, "\\a", path, sizeof(path)));
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("efi_helpers");
	TCase *text = suite_case(all, "text", 10);
	TCase *paths = suite_case(all, "paths", 10);

	tcase_add_test(text, memory_is_copied_and_filled_exactly);
	tcase_add_test(text, text_is_widened_and_cut);
	tcase_add_test(text, text_is_narrowed_within_bounds);
	tcase_add_test(text, names_are_made_as_the_contract_says);
	tcase_add_test(text, first_path_of_options);
	tcase_add_test(text, paths_are_the_same_in_both_cases);
	tcase_add_test(paths, sound_path_is_read);
	tcase_add_test(paths, path_that_is_cut_has_no_length);
	tcase_add_loop_test(paths, broken_nodes_end_the_walk, 0, 6);
	tcase_add_test(paths, two_files_are_no_file);
	tcase_add_test(paths, file_is_appended_to_a_device);
	return all;
}
