/* test_deflated_text.c: text that the kernel compressed before it stored it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdlib.h>
#include <string.h>

#include "recovery/deflated_text.h"
#include "tests/unit/deflate.h"
#include "tests/unit/suite.h"

#define TEXT "Panic#1 Part2\n<4>[   42.000003] RIP: 0010:acme_parse+0x3b/0x60 [acme_sensor]\n"
#define MANY (4u << 20) /* bytes, all alike: a bomb of some KiB */

static struct deflated_text room;

START_TEST(both_windows_of_the_kernel)
{
	static const int windows[] = { 11, 15 };
	char stored[256];
	size_t size = deflate_as_pstore(TEXT, strlen(TEXT), windows[_i], stored, sizeof(stored));

	ck_assert_uint_eq(deflated_text_read(&room, stored, size), strlen(TEXT));
	ck_assert_mem_eq(room.text, TEXT, strlen(TEXT));
	/* The memory is all there for the next one. */
	for (int i = 0; i < 100; i++)
		ck_assert_uint_eq(deflated_text_read(&room, stored, size), strlen(TEXT));
}
END_TEST

/* R30: a part of some KiB does not become megabytes. */
START_TEST(r30_a_bomb_ends_at_the_bound)
{
	char *text = malloc(MANY), *stored = malloc(MANY);
	size_t size;

	memset(text, 'A', MANY);
	size = deflate_as_pstore(text, MANY, 15, stored, MANY);
	ck_assert_uint_lt(size, 8192);
	ck_assert_uint_eq(deflated_text_read(&room, stored, size), DEFLATED_TEXT_MAX);
	free(text);
	free(stored);
}
END_TEST

/* Variables are written one byte after the other, and flash forgets. */
START_TEST(what_comes_before_damage_is_read)
{
	char stored[256];
	size_t size = deflate_as_pstore(TEXT, strlen(TEXT), 15, stored, sizeof(stored));

	for (size_t cut = 0; cut < size; cut++) {
		size_t read = deflated_text_read(&room, stored, cut);

		ck_assert_uint_le(read, strlen(TEXT));
		ck_assert(read == 0 || memcmp(room.text, TEXT, read) == 0);
	}
	ck_assert_uint_gt(deflated_text_read(&room, stored, size - 8), 0);
	for (size_t at = 0; at < size; at++) {
		stored[at] ^= 0x55;
		ck_assert_uint_le(deflated_text_read(&room, stored, size), DEFLATED_TEXT_MAX);
		stored[at] ^= 0x55;
	}
}
END_TEST

START_TEST(other_bytes_are_no_text)
{
	/* zstd's magic, a zlib header, a block of the reserved kind, text */
	static const char *const others[] = { "\x28\xb5\x2f\xfd\x24", "\x78\x9c\x4b", "\x07",
					      "Panic#1 Part1\n" };

	ck_assert_uint_eq(deflated_text_read(&room, others[_i], strlen(others[_i])), 0);
	ck_assert_uint_eq(deflated_text_read(&room, NULL, 0), 0);
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("deflated_text");
	TCase *tests = suite_case(all, "deflated_text", 20);

	tcase_add_loop_test(tests, both_windows_of_the_kernel, 0, 2);
	tcase_add_test(tests, r30_a_bomb_ends_at_the_bound);
	tcase_add_test(tests, what_comes_before_damage_is_read);
	tcase_add_loop_test(tests, other_bytes_are_no_text, 0, 4);
	return all;
}
