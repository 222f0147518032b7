/* test_unified_image.c: the headers of EFI programs, and images of kernel, initramfs and command line
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/unified_image.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "policy/bytes.h"
#include "recovery/boot/pe_program.h"
#include "recovery/state_tables.h"
#include "tests/unit/scratch.h"
#include "tests/unit/suite.h"
#include "tests/unit/unified_file.h"

static struct pe_program program;

/* --- headers ----------------------------------------------------------------------------------- */

static void set_up(void)
{
	unified_file_make("6.1.0-13-amd64", "daruma=image root=UUID=a");
}

static void tear_down(void)
{
}

START_TEST(sections_are_found_by_name)
{
	const struct pe_section *found;

	unified_file_section(1, "12345678", 0x30000, 5, 7, 9);
	unified_file_section(0, ".a", 0x900000, 0x1001, 1, 2);
	unified_file_set_count(2);
	unified_file_sign(0x700, 0x80);
	ck_assert(pe_program_read(unified_file, sizeof(unified_file), &program));
	ck_assert_uint_eq(program.base, UNIFIED_FILE_BASE);
	ck_assert_uint_eq(program.end, 0x901001);
	ck_assert_uint_eq(program.signatures, 0x700);
	ck_assert_uint_eq(program.signatures_size, 0x80);
	found = pe_program_find(&program, "12345678");
	ck_assert_ptr_nonnull(found);
	ck_assert_uint_eq(found->address, 0x30000);
	ck_assert_uint_eq(found->memory, 5);
	ck_assert_uint_eq(found->offset, 7);
	ck_assert_uint_eq(found->size, 9);
	ck_assert_ptr_null(pe_program_find(&program, ".b"));
}
END_TEST

START_TEST(sections_are_laid_out_by_pages_at_least)
{
	static const uint32_t told[][2] = {
		{ 0x200, 4096 }, { 0x2000, 0x2000 }, { 0x3000, 4096 }, { 0, 4096 }
	};

	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
		daruma_put32(unified_file + UNIFIED_FILE_OPTIONAL + 32, told[i][0]);
		ck_assert(pe_program_read(unified_file, sizeof(unified_file), &program));
		ck_assert_uint_eq(program.alignment, told[i][1]);
	}
}
END_TEST

START_TEST(headers_that_go_on_behind_the_bytes_are_none)
{
	const size_t end = UNIFIED_FILE_SECTIONS + 6 * 40;

	ck_assert(pe_program_read(unified_file, end, &program));
	for (size_t size = 0; size < end; size++)
		ck_assert(!pe_program_read(unified_file, size, &program));
}
END_TEST

START_TEST(other_bytes_are_no_headers)
{
	static const struct {
		size_t at;
		uint8_t value;
	} changes[] = { { 0, 'Z' },
			{ 0x3f, 0x80 },
			{ UNIFIED_FILE_HEADERS, 'p' },
			{ UNIFIED_FILE_HEADERS + 3, 1 },
			{ UNIFIED_FILE_OPTIONAL, 0x0b ^ 1 },
			{ UNIFIED_FILE_HEADERS + 6, PE_PROGRAM_SECTIONS + 1 } };

	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		set_up();
		unified_file[changes[i].at] = changes[i].value;
		ck_assert_msg(!pe_program_read(unified_file, sizeof(unified_file), &program),
			      "change %zu", i);
	}
}
END_TEST

/* --- images ------------------------------------------------------------------------------------ */

static struct unified_image image;

static int read_file(size_t size)
{
	FILE *temporary = tmpfile();
	int error;

	ck_assert_ptr_nonnull(temporary);
	ck_assert_uint_eq(fwrite(unified_file, 1, size, temporary), size);
	fflush(temporary);
	error = unified_image_read(fileno(temporary), &image);
	fclose(temporary);
	return error;
}

START_TEST(image_tells_what_is_in_it)
{
	unified_file_sign(3000, 16);
	memset(unified_file + 3000, 's', 16);
	ck_assert_int_eq(read_file(sizeof(unified_file)), 0);
	ck_assert_str_eq(image.release, "6.1.0-13-amd64");
	ck_assert(image.repairs);
	ck_assert_int_eq(image.state, state_tables_version());
	ck_assert_uint_eq(image.signatures_size, 16);
	ck_assert_mem_eq(image.signatures, "ssssssssssssssss", 16);
	unified_image_free(&image);
	unified_file_sign(0, 0);
	ck_assert_int_eq(read_file(sizeof(unified_file)), 0);
	ck_assert_ptr_null(image.signatures);
}
END_TEST

/* R15 */
START_TEST(only_the_first_word_says_that_it_repairs)
{
	static const char *const others[] = { "root=UUID=a daruma=image", "daruma=image",
					      "daruma=images a", "xdaruma=image a", "" };

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		unified_file_text(3, ".cmdline", others[i]);
		unified_file_set_count(6);
		ck_assert_int_eq(read_file(sizeof(unified_file)), 0);
		ck_assert_msg(!image.repairs, "%s", others[i]);
	}
}
END_TEST

START_TEST(only_a_number_is_a_state)
{
	static const char *const others[] = { "", "x", "3x", " 3", "03", "-", "99999999999999" };

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		unified_file_text(2, ".daruma", others[i]);
		unified_file_set_count(6);
		ck_assert_msg(read_file(sizeof(unified_file)) == -EBADMSG, "%s", others[i]);
	}
	unified_file_text(2, ".daruma", "12345678901234567");
	unified_file_set_count(6);
	ck_assert_int_eq(read_file(sizeof(unified_file)), -EFBIG);
}
END_TEST

START_TEST(every_part_has_to_be_there)
{
	for (unsigned i = 0; i < 6; i++) {
		set_up();
		unified_file[UNIFIED_FILE_SECTIONS + 40 * i] = 'x';
		ck_assert_int_eq(read_file(sizeof(unified_file)), -EBADMSG);
	}
	ck_assert_int_eq(read_file(100), -EBADMSG);
	ck_assert_int_eq(read_file(0), -EBADMSG);
}
END_TEST

START_TEST(places_behind_the_end_of_the_file_are_refused)
{
	unified_file_sign(UNIFIED_FILE_SIZE - 8, 16);
	ck_assert_int_eq(read_file(sizeof(unified_file)), -EBADMSG);
	unified_file_sign(16, 65537);
	ck_assert_int_eq(read_file(sizeof(unified_file)), -EFBIG);
	unified_file_sign(0, 0);
	unified_file_section(1, ".uname", 0x20000, 14, UNIFIED_FILE_SIZE - 4, 14);
	unified_file_set_count(6);
	ck_assert_int_eq(read_file(sizeof(unified_file)), -EBADMSG);
	unified_file_section(1, ".uname", 0x20000, KERNEL_RELEASE_SIZE, 1024, 512);
	unified_file_set_count(6);
	ck_assert_int_eq(read_file(sizeof(unified_file)), -EFBIG);
	unified_file_section(1, ".uname", 0x20000, 0, 1024, 512);
	unified_file_set_count(6);
	ck_assert_int_eq(read_file(sizeof(unified_file)), -EBADMSG);
	unified_file_section(3, ".cmdline", 0x20000, 5000, 1024, 5000);
	unified_file_text(1, ".uname", "6.1.0");
	unified_file_set_count(6);
	ck_assert_int_eq(read_file(sizeof(unified_file)), -EFBIG);
}
END_TEST

/* --- building ---------------------------------------------------------------------------------- */

static char command[4096];
static int answer;

static int run(const char *const argv[], unsigned seconds, char *output, size_t size,
	       int *ret_status)
{
	(void)output;
	(void)size;
	ck_assert_uint_gt(seconds, 0);
	command[0] = '\0';
	for (size_t i = 0; argv[i]; i++)
		snprintf(command + strlen(command), sizeof(command) - strlen(command), "%s%s",
			 i ? " " : "", argv[i]);
	*ret_status = answer;
	return answer < 0 ? answer : 0;
}

static const struct process_port port = { .run = run };
static const char *const parts[UNIFIED_PARTS] = { "os",	  "release", "state",
						  "line", "initrd",  "linux" };

static void put(const char *name, const void *bytes, size_t size)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, bytes, size), (ssize_t)size);
	close(fd);
}

static void set_up_files(void)
{
	set_up();
	answer = 0;
	command[0] = '\0';
	ck_assert_int_eq(chdir(scratch_make()), 0);
	for (int i = 0; i < UNIFIED_PARTS; i++)
		put(parts[i], "0123456789", 10);
	put("stub", unified_file, sizeof(unified_file));
}

static void tear_down_files(void)
{
	scratch_remove();
}

/* Behind all that the stub has, page by page, from the address that it is linked for. */
START_TEST(parts_are_laid_behind_the_stub)
{
	ck_assert_int_eq(truncate("initrd", 4097), 0);
	ck_assert_int_eq(unified_image_build(&port, "stub", parts, "image"), 0);
	ck_assert_str_eq(command,
			 "objcopy"
			 " --add-section .osrel=os --change-section-vma .osrel=0x140061000"
			 " --add-section .uname=release --change-section-vma .uname=0x140062000"
			 " --add-section .daruma=state --change-section-vma .daruma=0x140063000"
			 " --add-section .cmdline=line --change-section-vma .cmdline=0x140064000"
			 " --add-section .initrd=initrd --change-section-vma .initrd=0x140065000"
			 " --add-section .linux=linux --change-section-vma .linux=0x140067000"
			 " stub image");
}
END_TEST

START_TEST(nothing_is_run_where_a_part_is_missing)
{
	put("stub", "MZ", 2);
	ck_assert_int_eq(unified_image_build(&port, "stub", parts, "image"), -EBADMSG);
	put("stub", unified_file, sizeof(unified_file));
	ck_assert_int_eq(unlink("linux"), 0);
	ck_assert_int_eq(unified_image_build(&port, "stub", parts, "image"), -ENOENT);
	put("linux", "", 0);
	ck_assert_int_eq(truncate("linux", 1ll << 31), 0);
	ck_assert_int_eq(unified_image_build(&port, "stub", parts, "image"), -E2BIG);
	ck_assert_str_eq(command, "");
}
END_TEST

START_TEST(a_program_that_fails_is_told)
{
	ck_assert_int_eq(unified_image_sign(&port, "key", "crt", "in", "out"), 0);
	ck_assert_str_eq(command, "sbsign --key key --cert crt --output out in");
	answer = 1;
	ck_assert_int_eq(unified_image_build(&port, "stub", parts, "image"), -ECHILD);
	ck_assert_int_eq(unified_image_sign(&port, "key", "crt", "in", "out"), -ECHILD);
	answer = -ENOENT;
	ck_assert_int_eq(unified_image_sign(&port, "key", "crt", "in", "out"), -ENOENT);
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("unified_image");
	TCase *reading = tcase_create("reading"), *building = tcase_create("building");

	tcase_add_checked_fixture(reading, set_up, tear_down);
	tcase_add_test(reading, sections_are_found_by_name);
	tcase_add_test(reading, sections_are_laid_out_by_pages_at_least);
	tcase_add_test(reading, headers_that_go_on_behind_the_bytes_are_none);
	tcase_add_test(reading, other_bytes_are_no_headers);
	tcase_add_test(reading, image_tells_what_is_in_it);
	tcase_add_test(reading, only_the_first_word_says_that_it_repairs);
	tcase_add_test(reading, only_a_number_is_a_state);
	tcase_add_test(reading, every_part_has_to_be_there);
	tcase_add_test(reading, places_behind_the_end_of_the_file_are_refused);
	suite_add_tcase(all, reading);
	tcase_add_checked_fixture(building, set_up_files, tear_down_files);
	tcase_add_test(building, parts_are_laid_behind_the_stub);
	tcase_add_test(building, nothing_is_run_where_a_part_is_missing);
	tcase_add_test(building, a_program_that_fails_is_told);
	suite_add_tcase(all, building);
	return all;
}
