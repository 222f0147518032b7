/* test_efi_variables.c: reading, writing and deleting one variable
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tests/unit/suite.h"

#include <string.h>

#include "efi/variables.h"
#include "tests/unit/fake_efi.h"

static struct fake_efi fake;
static struct firmware firmware;
static uint8_t bytes[VARIABLES_MOST + 8];
static UINTN size;

static const struct variable ours = { u"Ours", &variables_daruma };
static const uint8_t value[4] = { 1, 2, 3, 4 };

static void set_up(void)
{
	fake_efi_init(&fake);
	fake_efi_now = &fake;
	firmware = (struct firmware){ .runtime = &fake.runtime };
	size = 77;
}

static void put(UINT32 attributes, size_t length)
{
	fake_efi_put(&fake, "Ours", &variables_daruma, attributes, bytes, length);
}

/* policy/names.h has them as bytes, the firmware as fields: they must be the same. */
START_TEST(vendors_are_those_of_the_contract)
{
	static const uint8_t daruma[] = DARUMA_VENDOR_GUID_BYTES;
	static const uint8_t crash[] = DARUMA_CRASH_GUID_BYTES;

	ck_assert_mem_eq(&variables_daruma, daruma, sizeof(EFI_GUID));
	ck_assert_mem_eq(&variables_crash, crash, sizeof(EFI_GUID));
}
END_TEST

START_TEST(absent_variable_is_not_found)
{
	ck_assert_uint_eq(variables_read(&firmware, ours, 3, bytes, 4, &size), EFI_NOT_FOUND);
	ck_assert_uint_eq(size, 77);
}
END_TEST

START_TEST(value_of_any_size_up_to_the_buffer_is_read)
{
	put(3, 4);
	ck_assert_uint_eq(variables_read(&firmware, ours, 3, bytes, 4, &size), EFI_SUCCESS);
	ck_assert_uint_eq(size, 4);
	ck_assert_uint_eq(variables_read(&firmware, ours, 3, bytes, 3, &size),
			  EFI_BUFFER_TOO_SMALL);
	ck_assert_uint_eq(size, 4);
}
END_TEST

START_TEST(r33_only_the_exact_attributes_are_accepted)
{
	for (UINT32 attributes = 1; attributes < 8; attributes++) {
		put(attributes, 4);
		ck_assert_uint_eq(variables_read(&firmware, ours, 3, bytes, 4, &size),
				  attributes == 3 ? EFI_SUCCESS : EFI_SECURITY_VIOLATION);
	}
}
END_TEST

START_TEST(size_that_cannot_be_is_an_error)
{
	put(3, 4);
	fake.overstates_size = true;
	ck_assert_uint_eq(variables_read(&firmware, ours, 3, bytes, 4, &size), EFI_DEVICE_ERROR);
	ck_assert(!variables_holds(&firmware, ours, 3, value, 4));
}
END_TEST

START_TEST(one_write_is_one_call)
{
	ck_assert_uint_eq(variables_write(&firmware, ours, 3, value, 4), EFI_SUCCESS);
	ck_assert_uint_eq(fake.sets, 1);
	ck_assert_uint_eq(variables_write(&firmware, ours, 3, value, 3), EFI_SUCCESS);
	ck_assert_uint_eq(fake.sets, 2);
	ck_assert(variables_holds(&firmware, ours, 3, value, 3));
}
END_TEST

/* A full store is no reason to delete what is there. */
START_TEST(failed_write_keeps_the_old_value)
{
	put(3, 4);
	fake.set_fault_at = 1;
	fake.set_fault = FAKE_REFUSE;
	fake.refuse_with = EFI_OUT_OF_RESOURCES;
	ck_assert_uint_eq(variables_write(&firmware, ours, 3, value, 4), EFI_OUT_OF_RESOURCES);
	ck_assert_uint_eq(fake.sets, 1);
	ck_assert_ptr_nonnull(fake_efi_find(&fake, "Ours", &variables_daruma));
}
END_TEST

START_TEST(variable_in_the_way_that_cannot_be_deleted)
{
	put(7, 4);
	fake.set_fault_at = 2;
	fake.set_fault = FAKE_REFUSE;
	fake.refuse_with = EFI_WRITE_PROTECTED;
	ck_assert_uint_eq(variables_write(&firmware, ours, 3, value, 4), EFI_WRITE_PROTECTED);
	ck_assert_uint_eq(fake.sets, 2);
}
END_TEST

START_TEST(held_value_is_the_same_in_everything)
{
	memcpy(bytes, value, 4);
	put(3, 4);
	ck_assert(variables_holds(&firmware, ours, 3, value, 4));
	ck_assert(!variables_holds(&firmware, ours, 7, value, 4));
	ck_assert(!variables_holds(&firmware, ours, 3, value, 3));
	put(3, 5);
	ck_assert(!variables_holds(&firmware, ours, 3, value, 4));
	bytes[3]++;
	put(3, 4);
	ck_assert(!variables_holds(&firmware, ours, 3, value, 4));
	put(3, sizeof(bytes));
	ck_assert(!variables_holds(&firmware, ours, 3, value, 4));
}
END_TEST

START_TEST(deletion_needs_no_attributes_and_may_be_repeated)
{
	put(3, 4);
	ck_assert_uint_eq(variables_delete(&firmware, ours), EFI_SUCCESS);
	ck_assert_ptr_null(fake_efi_find(&fake, "Ours", &variables_daruma));
	ck_assert_uint_eq(variables_delete(&firmware, ours), EFI_SUCCESS);
	fake.set_fault_at = FAKE_EVERY;
	fake.set_fault = FAKE_REFUSE;
	fake.refuse_with = EFI_WRITE_PROTECTED;
	ck_assert_uint_eq(variables_delete(&firmware, ours), EFI_WRITE_PROTECTED);
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("efi_variables");
	TCase *one = suite_case(all, "one", 10);

	tcase_add_checked_fixture(one, set_up, NULL);
	tcase_add_test(one, vendors_are_those_of_the_contract);
	tcase_add_test(one, absent_variable_is_not_found);
	tcase_add_test(one, value_of_any_size_up_to_the_buffer_is_read);
	tcase_add_test(one, r33_only_the_exact_attributes_are_accepted);
	tcase_add_test(one, size_that_cannot_be_is_an_error);
	tcase_add_test(one, one_write_is_one_call);
	tcase_add_test(one, failed_write_keeps_the_old_value);
	tcase_add_test(one, variable_in_the_way_that_cannot_be_deleted);
	tcase_add_test(one, held_value_is_the_same_in_everything);
	tcase_add_test(one, deletion_needs_no_attributes_and_may_be_repeated);
	return all;
}
