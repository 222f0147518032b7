/* test_install_target.c: the target of a normal start, with the load options that it needs
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/install_target.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "recovery/boot/boot_entry.h"
#include "recovery/boot/boot_order.h"
#include "recovery/boot/limits_file.h"
#include "tests/unit/scratch.h"
#include "tests/unit/suite.h"

#define LINUX	"\\EFI\\Linux\\linux.efi"
#define SHIM	"\\EFI\\debian\\shimx64.efi"
#define OPTIONS "root=/dev/sda2 ro initrd=\\EFI\\Linux\\initrd.img"

/* --- a machine whose one boot entry starts a kernel ---------------------------------------- */

static struct esp esp;
static struct daruma_target wanted, target;
static uint8_t entry_bytes[BOOT_ENTRY_SIZE];
static size_t entry_size;

static int fake_read(const char *guid, const char *name, uint8_t *buffer, size_t size,
		     size_t *ret_size, uint32_t *ret_attributes)
{
	static const uint8_t order[] = { 1, 0 };
	bool is_order = strcmp(name, "BootOrder") == 0;

	(void)guid;
	if (!is_order && strcmp(name, "Boot0001") != 0)
		return -ENOENT;
	*ret_size = is_order ? sizeof(order) : entry_size;
	ck_assert_uint_le(*ret_size, size);
	memcpy(buffer, is_order ? order : entry_bytes, *ret_size);
	*ret_attributes = BOOT_ORDER_ATTRIBUTES;
	return 0;
}

static const struct variables variables = { .read = fake_read };

/* The entry with `size` bytes of optional data. */
static void put_entry(const char *path, const void *options, size_t size)
{
	struct boot_entry entry = {
		.active = true, .description = "x", .has_partition = true, .partition = 1
	};

	memcpy(entry.guid, esp.guid, sizeof(entry.guid));
	snprintf(entry.path, sizeof(entry.path), "%s", path);
	entry_size = boot_entry_encode(&entry, entry_bytes, sizeof(entry_bytes));
	ck_assert_uint_gt(entry_size, 0);
	memcpy(entry_bytes + entry_size, options, size);
	entry_size += size;
}

/* As UCS-2, with or without a zero at its end. Returns the bytes. */
static size_t widen(const char *text, bool zero, uint8_t ret[1024])
{
	size_t size = 0;

	for (; *text; text++) {
		ret[size++] = (uint8_t)*text;
		ret[size++] = 0;
	}
	ret[size] = ret[size + 1] = 0;
	return size + (zero ? 2 : 0);
}

static void put_text(const char *path, const char *options)
{
	uint8_t bytes[1024];

	put_entry(path, bytes, widen(options, true, bytes));
}

static void set_up(void)
{
	memset(&esp, 0, sizeof(esp));
	memset(&wanted, 0, sizeof(wanted));
	memset(&target, 0, sizeof(target));
	snprintf(esp.path, sizeof(esp.path), "%s", scratch_make());
	memset(esp.guid, 0xa5, sizeof(esp.guid));
	scratch_write("EFI/Linux/linux.efi", "MZ", 2);
	scratch_write("EFI/debian/shimx64.efi", "MZ", 2);
	scratch_write("EFI/daruma/darumax64.efi", "MZ", 2);
	put_text(LINUX, OPTIONS);
}

static int choose(void)
{
	return install_target_choose(&variables, &esp, &wanted, &target);
}

static void expect(const char *path, const char *options)
{
	ck_assert_int_eq(choose(), 0);
	ck_assert_str_eq(target.path, path);
	ck_assert_str_eq(target.options, options);
}

START_TEST(options_of_the_entry_go_with_its_program)
{
	uint8_t bytes[1024];

	expect(LINUX, OPTIONS);
	/* As efibootmgr writes them. */
	put_entry(LINUX, bytes, widen(OPTIONS, false, bytes));
	expect(LINUX, OPTIONS);
	put_text(SHIM, "\\EFI\\debian\\other.efi");
	expect(SHIM, "\\EFI\\debian\\other.efi");
	put_entry(SHIM, "", 0);
	expect(SHIM, "");
	/* What some firmware puts behind each entry. */
	put_entry(SHIM, "\0\0BO", 4);
	expect(SHIM, "");
}
END_TEST

START_TEST(options_that_cannot_be_handed_on_are_not_dropped)
{
	uint8_t bytes[1024];
	char text[DARUMA_OPTIONS_SIZE + 1];

	memset(text, 'a', sizeof(text));
	text[DARUMA_OPTIONS_SIZE - 1] = '\0';
	put_text(LINUX, text);
	expect(LINUX, text);
	text[DARUMA_OPTIONS_SIZE - 1] = 'a';
	text[DARUMA_OPTIONS_SIZE] = '\0';
	put_text(LINUX, text);
	ck_assert_int_eq(choose(), -EINVAL);
	put_entry(LINUX, "root=/dev/sda2", 14);
	ck_assert_int_eq(choose(), -EINVAL);
	put_text(LINUX, "a\tb");
	ck_assert_int_eq(choose(), -EINVAL);
	put_entry(LINUX, bytes, widen(OPTIONS, false, bytes) + 1);
	ck_assert_int_eq(choose(), -EINVAL);
	put_entry(LINUX, "x", 1);
	ck_assert_int_eq(choose(), -EINVAL);
	ck_assert_str_eq(target.path, LINUX);
}
END_TEST

/* The way out that the message names. */
START_TEST(the_policys_options_are_taken_in_any_case)
{
	strcpy(wanted.options, "quiet");
	expect(LINUX, "quiet");
	put_entry(LINUX, "x", 1);
	expect(LINUX, "quiet");
	strcpy(wanted.path, SHIM);
	expect(SHIM, "quiet");
	wanted.options[0] = '\0';
	expect(SHIM, "");
	strcpy(wanted.path, "\\EFI\\not\\there.efi");
	ck_assert_int_eq(choose(), -EINVAL);
	strcpy(wanted.path, "\\EFI\\daruma\\darumax64.efi");
	put_text(LINUX, OPTIONS);
	expect(LINUX, OPTIONS);
}
END_TEST

/* Our own entry is first then, and its options are not those of the target. */
START_TEST(a_second_install_keeps_the_options)
{
	struct daruma_limits limits;

	daruma_limits_default(&limits);
	strcpy(limits.normal.path, LINUX);
	strcpy(limits.normal.options, OPTIONS);
	ck_assert_int_eq(limits_file_write(&esp, &limits), 2);
	put_text("\\EFI\\daruma\\darumax64.efi", LINUX);
	expect(LINUX, OPTIONS);
}
END_TEST

START_TEST(without_an_entry_it_is_a_known_place)
{
	put_text("\\EFI\\daruma\\darumax64.efi", LINUX);
	expect(SHIM, "");
	put_text(LINUX, OPTIONS);
	ck_assert_int_eq(install_target_choose(NULL, &esp, &wanted, &target), 0);
	ck_assert_str_eq(target.path, SHIM);
	esp.guid[0] ^= 1;
	expect(SHIM, "");
}
END_TEST

/* Our own entry is no loader to start, whoever starts the stage: it would start itself for ever. */
START_TEST(shim_with_our_program_is_no_target)
{
	put_text(SHIM, "\\EFI\\daruma\\darumax64.efi " LINUX);
	expect(SHIM, "");
	put_text(SHIM, "\\EFI\\debian\\other.efi");
	expect(SHIM, "\\EFI\\debian\\other.efi");
}
END_TEST

Suite *suite(void)
{
	Suite *whole = suite_create("install_target");
	TCase *tests = suite_case(whole, "target", 10);

	tcase_add_checked_fixture(tests, set_up, scratch_remove);
	tcase_add_test(tests, options_of_the_entry_go_with_its_program);
	tcase_add_test(tests, options_that_cannot_be_handed_on_are_not_dropped);
	tcase_add_test(tests, the_policys_options_are_taken_in_any_case);
	tcase_add_test(tests, a_second_install_keeps_the_options);
	tcase_add_test(tests, shim_with_our_program_is_no_target);
	tcase_add_test(tests, without_an_entry_it_is_a_known_place);
	return whole;
}
