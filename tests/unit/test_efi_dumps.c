/* test_efi_dumps.c: what the stage takes for a crash dump of the kernel, and what a broken list tells it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tests/unit/suite.h"

#include <string.h>

#include "efi/variables.h"
#include "tests/unit/fake_efi_starts.h"

/* Dumps: a list that cannot be read tells nothing, now or at the next start. */
START_TEST(broken_list_of_dumps_is_no_evidence)
{
	fake_arm();
	fake_efi_dump(&fake, 1);
	fake_start_counted(FAKE_NORMAL);
	ck_assert_uint_eq(fake_note.dumps_count, 1);
	fake.list_fault_at = _i == 0 ? 1 : _i == 1 ? 3 : 0;
	fake.list_fails_with = EFI_DEVICE_ERROR;
	fake.list_endless = _i == 2;
	fake_start_counted(FAKE_NORMAL);
	ck_assert_uint_eq(fake_note.troubles, DARUMA_TROUBLE_DUMPS_READ);
	ck_assert_uint_eq(fake_record.counters.panic, 0);
	fake.list_fault_at = 0;
	fake.list_endless = false;
	fake_start_counted(FAKE_NORMAL);
	ck_assert_uint_eq(fake_record.counters.panic, 0);
	ck_assert_uint_eq(fake_record.counters.unexplained, 2);
}
END_TEST

START_TEST(endless_variable_name_is_no_obstacle)
{
	char name[FAKE_NAME_SIZE];

	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	fake_arm();
	fake_efi_put(&fake, name, &variables_crash, 7, (const uint8_t *)"x", 1);
	fake_start_counted(FAKE_NORMAL);
	ck_assert_uint_eq(fake_note.troubles, DARUMA_TROUBLE_DUMPS_READ);
}
END_TEST

START_TEST(only_dumps_of_the_kernel_are_evidence)
{
	fake_arm();
	fake_start_counted(FAKE_NORMAL);
	fake_efi_put(&fake, "dump-type0-1-1-1720000000-C", &variables_global, 7,
		     (const uint8_t *)"x", 1);
	fake_efi_put(&fake, "dump-typeX", &variables_crash, 7, (const uint8_t *)"x", 1);
	fake_start_counted(FAKE_NORMAL);
	ck_assert_uint_eq(fake_note.dumps_count, 0);
	ck_assert_int_eq(fake_note.last_ending, DARUMA_ENDING_UNEXPLAINED);
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("efi_dumps");
	TCase *dumps = suite_case(all, "dumps", 10);

	tcase_add_loop_test(dumps, broken_list_of_dumps_is_no_evidence, 0, 3);
	tcase_add_test(dumps, endless_variable_name_is_no_obstacle);
	tcase_add_test(dumps, only_dumps_of_the_kernel_are_evidence);
	return all;
}
