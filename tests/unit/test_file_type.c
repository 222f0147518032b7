/* test_file_type.c: what a file is, told by its bytes (R9)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/file_type.h"

#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/scratch.h"
#include "tests/unit/suite.h"

/* A small ELF file of two sections: names of sections, and one with the name that is asked for. */
struct image {
	Elf64_Ehdr head;
	Elf64_Shdr sections[2];
	char names[64];
	char tail[32];
};

#define TAIL "~Module signature appended~\n"

static struct image make_elf(uint16_t type, uint16_t machine, const char *name)
{
	struct image image = {
		.head = { .e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64,
				       ELFDATA2LSB },
			  .e_type = type,
			  .e_machine = machine,
			  .e_shoff = offsetof(struct image, sections),
			  .e_shentsize = sizeof(Elf64_Shdr),
			  .e_shnum = 2,
			  .e_shstrndx = 0 },
		.sections = { { .sh_name = 0,
				.sh_offset = offsetof(struct image, names),
				.sh_size = sizeof(image.names) },
			      { .sh_name = 1 } },
	};

	snprintf(image.names + 1, sizeof(image.names) - 1, "%s", name);
	return image;
}

struct memory {
	const char *bytes;
	size_t size;
};

static int64_t read_memory(void *user, uint64_t offset, void *buffer, size_t size)
{
	const struct memory *memory = user;
	size_t left = offset < memory->size ? memory->size - (size_t)offset : 0;

	size = size < left ? size : left;
	memcpy(buffer, memory->bytes + (left ? offset : 0), size);
	return (int64_t)size;
}

static const char *type_of(const void *bytes, size_t size)
{
	struct memory memory = { bytes, size };
	const struct file_type_source source = { .size = size,
						 .read = read_memory,
						 .user = &memory };

	return file_type_name(file_type_of(&source));
}

#define expect(bytes, size, name) ck_assert_str_eq(type_of(bytes, size), name)

static void expect_text(const char *text, const char *name)
{
	ck_assert_str_eq(type_of(text, strlen(text)), name);
}

/* The type of the file of that name with those bytes. */
static const char *type_of_named(const char *name, const void *bytes, size_t size)
{
	enum file_type type = FILE_TYPE_EMPTY;
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", scratch_make(), name);
	scratch_write(name, bytes, size);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(file_type_of_file(fd, &type), 0);
	close(fd);
	scratch_remove();
	return file_type_name(type);
}

START_TEST(r9_the_name_says_nothing)
{
	struct image module = make_elf(ET_REL, EM_X86_64, ".gnu.linkonce.this_module");

	ck_assert_str_eq(type_of_named("x.sys", "rule = 1\n", 9), "text");
	ck_assert_str_eq(type_of_named("x.ko", "\0\0\0\0", 4), "data");
	ck_assert_str_eq(type_of_named("y.dat", &module, sizeof(module)), "module");
	ck_assert_str_eq(type_of_named("notes.txt", &module, sizeof(module)), "module");
}
END_TEST

START_TEST(r9_modules_are_told_by_their_sections)
{
	struct image image = make_elf(ET_REL, EM_AARCH64, ".modinfo");

	expect(&image, sizeof(image), "module");
	image = make_elf(ET_REL, EM_X86_64, ".text");
	expect(&image, sizeof(image), "object");
	memcpy((char *)&image + sizeof(image) - strlen(TAIL), TAIL, strlen(TAIL));
	expect(&image, sizeof(image), "module");
	/* A signature alone makes no module. */
	expect(image.tail, sizeof(image.tail), "data");
}
END_TEST

START_TEST(r9_other_programs)
{
	struct image image = make_elf(ET_DYN, EM_X86_64, ".modinfo");
	char pe[128] = "MZ";

	expect(&image, sizeof(image), "program");
	image = make_elf(ET_EXEC, EM_X86_64, ".text");
	expect(&image, sizeof(image), "program");
	image = make_elf(ET_REL, EM_BPF, ".modinfo");
	expect(&image, sizeof(image), "bpf");
	image = make_elf(ET_CORE, EM_X86_64, ".modinfo");
	expect(&image, sizeof(image), "object");
	pe[60] = 64;
	memcpy(pe + 64, "PE\0", 4);
	expect(pe, sizeof(pe), "program");
	pe[61] = 1; /* behind the end */
	expect(pe, sizeof(pe), "data");
	expect_text("#!/bin/sh\n", "script");
}
END_TEST

/* A 32-bit module of a big-endian machine, byte by byte. */
START_TEST(r9_both_classes_and_byte_orders)
{
	uint8_t image[256] = { 0x7f, 'E', 'L', 'F', ELFCLASS32, ELFDATA2MSB, 1 };

	image[17] = ET_REL;
	image[19] = EM_PPC;
	image[35] = 64; /* e_shoff */
	image[47] = sizeof(Elf32_Shdr);
	image[49] = 2;	      /* e_shnum */
	image[64 + 19] = 160; /* sh_offset of the names */
	image[64 + 23] = 32;
	image[64 + 40 + 3] = 1;
	memcpy(image + 161, ".modinfo", 9);
	expect(image, sizeof(image), "module");
	image[EI_DATA] = ELFDATA2LSB;
	expect(image, sizeof(image), "object");
}
END_TEST

/* Whatever a header says, what lies outside the file is not there. */
START_TEST(damaged_headers_are_no_modules)
{
	struct image image = make_elf(ET_REL, EM_X86_64, ".modinfo");

	for (size_t length = 0; length < offsetof(struct image, names) + 10; length++)
		ck_assert_str_ne(type_of(&image, length), "module");
	image.head.e_shoff = UINT64_MAX - 10;
	expect(&image, sizeof(image), "object");
	image = make_elf(ET_REL, EM_X86_64, ".modinfo");
	image.sections[0].sh_offset = UINT64_MAX;
	expect(&image, sizeof(image), "object");
	image = make_elf(ET_REL, EM_X86_64, ".modinfo");
	image.sections[1].sh_name = UINT32_MAX;
	expect(&image, sizeof(image), "object");
	image = make_elf(ET_REL, EM_X86_64, ".modinfo");
	image.head.e_shstrndx = 2;
	expect(&image, sizeof(image), "object");
	image.head.e_shstrndx = 0;
	image.head.e_shentsize = 1;
	expect(&image, sizeof(image), "object");
}
END_TEST

START_TEST(containers)
{
	char tar[512] = "name";

	expect("\xfd"
	       "7zXZ\0....",
	       10, "compressed");
	expect("\x1f\x8b\x08....", 7, "compressed");
	expect("\x28\xb5\x2f\xfd....", 8, "compressed");
	expect("BZh91AY&SY", 10, "compressed");
	expect("PK\3\4....", 8, "archive");
	expect("!<arch>\ndebian-binary   ", 24, "archive");
	expect("\xed\xab\xee\xdb....", 8, "archive");
	expect("070701....", 10, "archive");
	memcpy(tar + 257, "ustar", 5);
	expect(tar, sizeof(tar), "archive");
	expect(tar, 260, "data");
}
END_TEST

START_TEST(text_and_data)
{
	char long_text[FILE_TYPE_HEAD + 8];

	expect("", 0, "empty");
	expect_text("a\tb\r\nc\n", "text");
	expect_text("caf\xc3\xa9", "text");
	expect_text("caf\xe9", "data");
	expect_text("a\x1b[0m", "data");
	expect("a\0b", 3, "data");
	expect_text("\x7f"
		    "ELF",
		    "data");
	/* A character that the end of the head cuts is one; the same at the end of the file is none. */
	memset(long_text, 'a', sizeof(long_text));
	memcpy(long_text + FILE_TYPE_HEAD - 1, "\xe2\x82\xac", 3);
	expect(long_text, sizeof(long_text), "text");
	expect(long_text, FILE_TYPE_HEAD, "data");
	long_text[100] = '\x01';
	expect(long_text, sizeof(long_text), "data");
}
END_TEST

static int64_t read_nothing(void *user, uint64_t offset, void *buffer, size_t size)
{
	(void)user;
	(void)offset;
	(void)buffer;
	(void)size;
	return -5;
}

START_TEST(unreadable_is_data)
{
	const struct file_type_source source = { .size = 100, .read = read_nothing };
	enum file_type type;

	ck_assert_int_eq(file_type_of(&source), FILE_TYPE_DATA);
	ck_assert_int_lt(file_type_of_file(-1, &type), 0);
}
END_TEST

Suite *suite(void)
{
	Suite *whole = suite_create("file_type");
	TCase *types = suite_case(whole, "types", 30);

	tcase_add_test(types, r9_the_name_says_nothing);
	tcase_add_test(types, r9_modules_are_told_by_their_sections);
	tcase_add_test(types, r9_other_programs);
	tcase_add_test(types, r9_both_classes_and_byte_orders);
	tcase_add_test(types, damaged_headers_are_no_modules);
	tcase_add_test(types, containers);
	tcase_add_test(types, text_and_data);
	tcase_add_test(types, unreadable_is_data);
	return whole;
}
