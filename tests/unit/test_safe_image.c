/* test_safe_image.c: the owner's image on the ESP, and what the limits name of it (R15, R32)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/safe_image.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "recovery/boot/boot_order.h"
#include "recovery/boot/limits_file.h"
#include "recovery/boot/own_entry.h"
#include "recovery/boot/safe_image_change.h"
#include "recovery/state.h"
#include "tests/unit/kernel_scene.h"
#include "tests/unit/signed_program.h"
#include "tests/unit/suite.h"
#include "tests/unit/unified_file.h"
#include "tests/unit/variable_folder.h"
#include "tests/unit/variable_table.h"

#define IMAGE_C	 "\\EFI\\daruma\\good\\c\\image.efi"
#define IMAGE_D	 "\\EFI\\daruma\\good\\d\\image.efi"
#define FILE_C	 "/esp/EFI/daruma/good/c/image.efi"
#define FILE_D	 "/esp/EFI/daruma/good/d/image.efi"
#define DATABASE "d719b2cb-3d3a-4596-a3bc-dad00e67656f"
#define SHIM	 "605dab50-e046-4300-abb6-3dd810dd8b23"
#define SIGNED	 3000 /* where the signatures begin */

static struct unified_image image;

/* One with the certificate of that letter in its signatures; 0: without any. */
static void make_file(char letter)
{
	unified_file_make("6.1.0-13-amd64", "daruma=image root=UUID=a");
	if (letter) {
		unified_file_sign(SIGNED, SIGNED_CERTIFICATE);
		memset(unified_file + SIGNED, letter, SIGNED_CERTIFICATE);
	}
}

static int put_file(char letter, off_t size)
{
	FILE *file = tmpfile();
	int error;

	ck_assert_ptr_nonnull(file);
	make_file(letter);
	fwrite(unified_file, 1, sizeof(unified_file), file);
	fflush(file);
	ck_assert_int_eq(ftruncate(fileno(file), size), 0);
	ck_assert_int_eq(unified_image_read(fileno(file), &image), 0);
	error = safe_image_put(&kernels.tree.context, kernels.tree.database, &kernels.esp,
			       fileno(file), &image);
	unified_image_free(&image);
	fclose(file);
	return error;
}

static void write_file(const char *name)
{
	char path[4096];
	FILE *file;

	tree_path(&kernels.tree, name, path);
	file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	fwrite(unified_file, 1, sizeof(unified_file), file);
	fclose(file);
}

static void put(char letter)
{
	ck_assert_int_eq(put_file(letter, sizeof(unified_file)), 0);
}

static void expect_targets(const char *safe, const char *rescue)
{
	ck_assert_str_eq(kernels_limits_now().safe.path, safe);
	ck_assert_str_eq(kernels_limits_now().rescue.path, rescue);
}

static enum safe_image_state look(const struct daruma_note *note)
{
	return safe_image_look(&kernels.tree.context, &variable_table, note);
}

static void set_secure_boot(uint8_t on)
{
	variable_table.write(BOOT_ORDER_GLOBAL_GUID, "SecureBoot", &on, 1, 7);
}

static void trust(char letter)
{
	uint8_t list[SIGNED_LIST];

	signed_list_make(letter, list);
	variable_table.write(DATABASE, "db", list, sizeof(list), 7);
}

/* --- what stands there ---------------------------------------------------------------------------- */

START_TEST(signed_and_known_with_secure_boot_is_signed)
{
	ck_assert_int_eq(look(NULL), SAFE_IMAGE_NONE);
	put('k');
	ck_assert_int_eq(look(NULL), SAFE_IMAGE_UNCHECKED);
	set_secure_boot(1);
	ck_assert_int_eq(look(NULL), SAFE_IMAGE_UNKNOWN);
	trust('x');
	ck_assert_int_eq(look(NULL), SAFE_IMAGE_UNKNOWN);
	trust('k');
	ck_assert_int_eq(look(NULL), SAFE_IMAGE_SIGNED);
	ck_assert_str_eq(safe_image_word(SAFE_IMAGE_SIGNED), "signed");
	for (int state = SAFE_IMAGE_SIGNED + 1; state < SAFE_IMAGE_STATES; state++) {
		ck_assert_str_eq(safe_image_word((enum safe_image_state)state), "unsigned");
		ck_assert_ptr_nonnull(strstr(safe_image_sentence((enum safe_image_state)state),
					     "unsigned safe profile"));
	}
	put(0);
	ck_assert_int_eq(look(NULL), SAFE_IMAGE_UNSIGNED);
}
END_TEST

static void trust_in_mok(char letter)
{
	uint8_t list[SIGNED_LIST];

	signed_list_make(letter, list);
	variable_table.write(SHIM, "MokListRT", list, sizeof(list), 7);
}

/* What the firmware starts itself it verifies by its own list; and shim may have been told to verify nothing. */
START_TEST(the_owner_s_list_counts_behind_shim_only)
{
	const uint8_t off = 1;

	put('k');
	set_secure_boot(1);
	trust_in_mok('k');
	ck_assert_int_eq(look(NULL), SAFE_IMAGE_UNKNOWN);
	ck_assert_int_eq(state_set_text(kernels.tree.database, OWN_ENTRY_SHIM_KEY, "\\x.efi"), 0);
	ck_assert_int_eq(look(NULL), SAFE_IMAGE_SIGNED);
	variable_table.write(SHIM, "MokSBStateRT", &off, 1, 7);
	ck_assert_int_eq(look(NULL), SAFE_IMAGE_UNCHECKED);
	ck_assert_int_eq(state_set_text(kernels.tree.database, OWN_ENTRY_SHIM_KEY, ""), 0);
	trust('k');
	ck_assert_int_eq(look(NULL), SAFE_IMAGE_SIGNED);
}
END_TEST

/* A running system is not that image. */
START_TEST(a_safe_start_of_the_system_itself_is_not_of_it)
{
	struct daruma_note note = { .rung = DARUMA_RUNG_SAFE };

	put('k');
	set_secure_boot(1);
	trust('k');
	ck_assert_int_eq(look(&note), SAFE_IMAGE_PASSED);
	note.rung = DARUMA_RUNG_RESCUE;
	ck_assert_int_eq(look(&note), SAFE_IMAGE_PASSED);
	note.rung = DARUMA_RUNG_TRIAL;
	ck_assert_int_eq(look(&note), SAFE_IMAGE_SIGNED);
}
END_TEST

START_TEST(another_program_in_its_place_is_none)
{
	put('k');
	tree_write(&kernels.tree, FILE_C, "MZ");
	ck_assert_int_eq(look(NULL), SAFE_IMAGE_GONE);
	tree_remove_file(&kernels.tree, FILE_C);
	ck_assert_int_eq(look(NULL), SAFE_IMAGE_GONE);
}
END_TEST

/* R15: both rungs, the same program, and no argument of the system's. */
START_TEST(half_of_it_is_none)
{
	struct daruma_limits limits, half;

	put('k');
	set_secure_boot(1);
	trust('k');
	limits = half = kernels_limits_now();
	memset(&half.rescue, 0, sizeof(half.rescue));
	ck_assert_int_eq(limits_file_write(&kernels.esp, &half), 2);
	ck_assert_int_eq(look(NULL), SAFE_IMAGE_NONE);
	half = limits;
	snprintf(half.rescue.path, sizeof(half.rescue.path), "%s", IMAGE_D);
	ck_assert_int_eq(limits_file_write(&kernels.esp, &half), 2);
	ck_assert_int_eq(look(NULL), SAFE_IMAGE_NONE);
	half = limits;
	strcpy(half.safe.options, "rdinit=/bin/sh");
	ck_assert_int_eq(limits_file_write(&kernels.esp, &half), 2);
	ck_assert_int_eq(look(NULL), SAFE_IMAGE_NONE);
	half = limits;
	strcpy(half.rescue.options, "rdinit=/bin/sh");
	ck_assert_int_eq(limits_file_write(&kernels.esp, &half), 2);
	ck_assert_int_eq(look(NULL), SAFE_IMAGE_NONE);
	ck_assert_int_eq(limits_file_write(&kernels.esp, &limits), 2);
	ck_assert_int_eq(look(NULL), SAFE_IMAGE_SIGNED);
}
END_TEST

/* --- putting it there ------------------------------------------------------------------------------ */

START_TEST(a_target_of_the_owner_s_is_not_replaced)
{
	struct daruma_limits limits = kernels_limits_now();

	snprintf(limits.rescue.path, sizeof(limits.rescue.path), "%s", "\\EFI\\own\\rescue.efi");
	ck_assert_int_eq(limits_file_write(&kernels.esp, &limits), 2);
	ck_assert(!safe_image_has_place(&kernels.esp));
	ck_assert_int_eq(put_file('k', sizeof(unified_file)), -EEXIST);
	expect_targets("", "\\EFI\\own\\rescue.efi");
	tree_expect(&kernels.tree, FILE_C, NULL);
}
END_TEST

START_TEST(a_file_that_changed_is_seen)
{
	char path[4096];
	FILE *file;

	ck_assert(safe_image_is_intact(&kernels.tree.context, kernels.tree.database));
	put('k');
	ck_assert(safe_image_is_intact(&kernels.tree.context, kernels.tree.database));
	tree_path(&kernels.tree, FILE_C, path);
	file = fopen(path, "r+");
	ck_assert_ptr_nonnull(file);
	fseek(file, -1, SEEK_END);
	fputc('x', file);
	fclose(file);
	ck_assert(!safe_image_is_intact(&kernels.tree.context, kernels.tree.database));
	put('l');
	ck_assert(safe_image_is_intact(&kernels.tree.context, kernels.tree.database));
}
END_TEST

/* Blocks that are taken, and no hole. */
static void write_large(const char *name, size_t size)
{
	char path[4096], *bytes = calloc(1, size);
	FILE *file;

	tree_write(&kernels.tree, name, "");
	tree_path(&kernels.tree, name, path);
	file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	ck_assert_ptr_nonnull(bytes);
	ck_assert_uint_eq(fwrite(bytes, 1, size, file), size);
	fclose(file);
	free(bytes);
}

START_TEST(half_of_another_does_not_take_its_room)
{
	if (!kernels_mount_esp(24))
		return; /* needs root */
	ck_assert_int_eq(put_file('k', 4 << 20), 0);
	write_large(FILE_D, 8 << 20);
	ck_assert_int_eq(put_file('l', 8 << 20), 0);
	expect_targets(IMAGE_D, IMAGE_D);
	ck_assert_int_eq(kernels_count_events("profile.image_dropped"), 0);
	umount2(kernels.esp.path, MNT_DETACH);
}
END_TEST

START_TEST(the_next_one_goes_into_the_other_place)
{
	put('k');
	expect_targets(IMAGE_C, IMAGE_C);
	put('l');
	expect_targets(IMAGE_D, IMAGE_D);
	tree_expect(&kernels.tree, FILE_C, NULL);
	put('m');
	expect_targets(IMAGE_C, IMAGE_C);
	tree_expect(&kernels.tree, FILE_D, NULL);
	ck_assert_int_eq(kernels_count_events("profile.image_set"), 3);
}
END_TEST

/* The image is for both rungs: a copy would be no target any more. */
START_TEST(copies_of_a_kernel_go)
{
	ck_assert_int_eq(kernels_follow(), 1);
	put('k');
	expect_targets(IMAGE_C, IMAGE_C);
	ck_assert_str_eq(kernels_limits_now().rescue.options, "");
	tree_expect(&kernels.tree, KERNEL_A, NULL);
	ck_assert_int_eq(kernels_look().state, KERNEL_COPY_OWNED);
	ck_assert_int_eq(kernels_follow(), 0);
	expect_targets(IMAGE_C, IMAGE_C);
}
END_TEST

START_TEST(without_limits_there_is_nothing_to_name_it)
{
	tree_remove_file(&kernels.tree, "/esp/EFI/daruma/limits.bin");
	tree_remove_file(&kernels.tree, "/esp/EFI/daruma/limits.bak");
	ck_assert_int_eq(put_file('k', sizeof(unified_file)), -ENOENT);
	tree_expect(&kernels.tree, FILE_C, NULL);
	ck_assert_int_eq(safe_image_drop(&kernels.tree.context, kernels.tree.database, &kernels.esp,
					 "a test"),
			 0);
}
END_TEST

START_TEST(a_copy_and_then_the_old_image_make_room)
{
	if (!kernels_mount_esp(24))
		return; /* needs root */
	kernels_grow(kernels.initramfs, 10 << 20);
	ck_assert_int_eq(kernels_follow(), 1);
	ck_assert_int_eq(put_file('k', 10 << 20), 0);
	expect_targets(IMAGE_C, IMAGE_C);
	tree_expect(&kernels.tree, KERNEL_A, NULL);
	/* The old one has to go first. */
	ck_assert_int_eq(put_file('l', 12 << 20), 0);
	expect_targets(IMAGE_D, IMAGE_D);
	tree_expect(&kernels.tree, FILE_C, NULL);
	ck_assert_int_eq(put_file('m', 17 << 20), -ENOSPC);
	expect_targets("", "");
	tree_expect(&kernels.tree, FILE_D, NULL);
	ck_assert_int_eq(kernels_count_events("profile.image_dropped"), 2);
	umount2(kernels.esp.path, MNT_DETACH);
}
END_TEST

/* --- a good start ---------------------------------------------------------------------------------- */

static int follow(void)
{
	return safe_image_follow(&kernels.tree.context, kernels.tree.database,
				 &kernels.tree.policy);
}

/* R32 */
START_TEST(one_below_the_floor_is_dropped)
{
	put('k');
	ck_assert_int_eq(follow(), 0);
	strcpy(kernels.tree.policy.kernel_floor, "6.1.0-13");
	ck_assert_int_eq(follow(), 0);
	expect_targets(IMAGE_C, IMAGE_C);
	strcpy(kernels.tree.policy.kernel_floor, "6.1.0-14");
	ck_assert_int_eq(follow(), 1);
	expect_targets("", "");
	tree_expect(&kernels.tree, FILE_C, NULL);
	ck_assert_int_eq(kernels_count_events("profile.image_dropped"), 1);
	ck_assert_int_eq(follow(), 0);
}
END_TEST

/* A start of it would repair nothing. */
START_TEST(one_that_is_of_no_use_is_dropped)
{
	put('k');
	tree_write(&kernels.tree, FILE_C, "MZ");
	ck_assert_int_eq(follow(), 1);
	expect_targets("", "");
	put('k');
	make_file('k');
	unified_file_text(2, ".daruma", "1");
	unified_file_set_count(6);
	write_file(FILE_C);
	ck_assert_int_eq(look(NULL), SAFE_IMAGE_OLD);
	ck_assert_int_eq(follow(), 1);
	expect_targets("", "");
	ck_assert_int_eq(kernels_count_events("profile.image_dropped"), 2);
}
END_TEST

START_TEST(what_became_of_it_is_told)
{
	struct daruma_limits none = kernels_limits_now(), both;

	safe_image_tell_passed(&kernels.tree.context, kernels.tree.database);
	ck_assert_int_eq(kernels_count_events("profile.image_passed"), 0);
	put('k');
	safe_image_tell_passed(&kernels.tree.context, kernels.tree.database);
	ck_assert_int_eq(kernels_count_events("profile.image_passed"), 1);
	both = kernels_limits_now();
	ck_assert(
		!safe_image_tell_lost(&kernels.tree.context, kernels.tree.database, &none, &both));
	ck_assert(
		!safe_image_tell_lost(&kernels.tree.context, kernels.tree.database, &both, &both));
	ck_assert(safe_image_tell_lost(&kernels.tree.context, kernels.tree.database, &both, &none));
	ck_assert_int_eq(kernels_count_events("profile.image_dropped"), 1);
}
END_TEST

/* What a power cut left. */
START_TEST(one_that_nobody_names_is_deleted)
{
	put('k');
	tree_write(&kernels.tree, FILE_D, "half of an image");
	ck_assert_int_eq(follow(), 0);
	tree_expect(&kernels.tree, FILE_D, NULL);
	ck_assert_int_eq(look(NULL), SAFE_IMAGE_UNCHECKED);
	tree_write(&kernels.tree, "/esp/EFI/daruma/good/own.txt", "somebody else's");
	ck_assert_int_eq(safe_image_drop(&kernels.tree.context, kernels.tree.database, &kernels.esp,
					 "a test"),
			 1);
	tree_write(&kernels.tree, FILE_C, "an image");
	ck_assert_int_eq(follow(), 0);
	tree_expect(&kernels.tree, FILE_C, NULL);
	tree_expect(&kernels.tree, "/esp/EFI/daruma/good/own.txt", "somebody else's");
}
END_TEST

START_TEST(new_limits_go_on_to_name_it)
{
	struct daruma_limits limits;

	put('k');
	daruma_limits_default(&limits);
	strcpy(limits.rescue.path, "\\EFI\\own\\rescue.efi");
	safe_image_keep(&kernels.esp, &limits);
	ck_assert_str_eq(limits.safe.path, IMAGE_C);
	ck_assert_str_eq(limits.rescue.path, "\\EFI\\own\\rescue.efi");
	daruma_limits_default(&limits);
	safe_image_keep(&kernels.esp, &limits);
	ck_assert_str_eq(limits.rescue.path, IMAGE_C);
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("safe_image");
	TCase *tests = tcase_create("safe_image");

	variable_folder_start();
	tcase_add_checked_fixture(tests, kernels_set_up, kernels_tear_down);
	tcase_add_test(tests, signed_and_known_with_secure_boot_is_signed);
	tcase_add_test(tests, the_owner_s_list_counts_behind_shim_only);
	tcase_add_test(tests, a_safe_start_of_the_system_itself_is_not_of_it);
	tcase_add_test(tests, another_program_in_its_place_is_none);
	tcase_add_test(tests, half_of_it_is_none);
	tcase_add_test(tests, a_target_of_the_owner_s_is_not_replaced);
	tcase_add_test(tests, a_file_that_changed_is_seen);
	tcase_add_test(tests, half_of_another_does_not_take_its_room);
	tcase_add_test(tests, the_next_one_goes_into_the_other_place);
	tcase_add_test(tests, copies_of_a_kernel_go);
	tcase_add_test(tests, without_limits_there_is_nothing_to_name_it);
	tcase_add_test(tests, a_copy_and_then_the_old_image_make_room);
	tcase_add_test(tests, one_below_the_floor_is_dropped);
	tcase_add_test(tests, one_that_is_of_no_use_is_dropped);
	tcase_add_test(tests, what_became_of_it_is_told);
	tcase_add_test(tests, one_that_nobody_names_is_deleted);
	tcase_add_test(tests, new_limits_go_on_to_name_it);
	suite_add_tcase(all, tests);
	return all;
}
