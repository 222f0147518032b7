/* test_module_imports.c: by what the file of a kernel module can hook the kernel
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/module_imports.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/scratch.h"
#include "tests/unit/suite.h"

#define NAMES 3 /* symbols with a name */

/* A small object: an empty section, the names, and the symbols of which the first is empty. */
static struct image {
	Elf64_Ehdr head;
	Elf64_Shdr sections[3];
	Elf64_Sym symbols[1 + NAMES];
	char names[256];
} image;

static unsigned imports;

static void name_symbol(size_t index, const char *name)
{
	size_t at = 64 * index;

	snprintf(image.names + at, 64, "%s", name);
	image.symbols[index].st_name = (Elf64_Word)at;
}

static void set_up(void)
{
	memset(&image, 0, sizeof(image));
	memcpy(image.head.e_ident, ELFMAG, SELFMAG);
	image.head.e_ident[EI_CLASS] = ELFCLASS64;
	image.head.e_ident[EI_DATA] = ELFDATA2LSB;
	image.head.e_type = ET_REL;
	image.head.e_shoff = offsetof(struct image, sections);
	image.head.e_shentsize = sizeof(Elf64_Shdr);
	image.head.e_shnum = 3;
	image.sections[1] = (Elf64_Shdr){ .sh_type = SHT_STRTAB,
					  .sh_offset = offsetof(struct image, names),
					  .sh_size = sizeof(image.names) };
	image.sections[2] = (Elf64_Shdr){ .sh_type = SHT_SYMTAB,
					  .sh_link = 1,
					  .sh_offset = offsetof(struct image, symbols),
					  .sh_size = sizeof(image.symbols) };
	name_symbol(1, "printk");
	name_symbol(2, "register_kprobe");
	name_symbol(3, "register_module_notifier");
	imports = 0;
}

static void expect(const char *words)
{
	char text[MODULE_IMPORTS_TEXT_SIZE];

	ck_assert_int_eq(module_imports_parse(&image, sizeof(image), &imports), 0);
	module_imports_words(imports, text);
	ck_assert_str_eq(text, words);
}

static void expect_refused(void)
{
	ck_assert_int_eq(module_imports_parse(&image, sizeof(image), &imports), -EBADMSG);
	ck_assert_uint_eq(imports, 0);
}

static const struct {
	const char *symbol, *words;
} known[] = {
	{ "register_kprobe", "kprobes" },
	{ "register_kprobes", "kprobes" },
	{ "register_kretprobe", "kprobes" },
	{ "register_kretprobes", "kprobes" },
	{ "register_ftrace_function", "ftrace" },
	{ "for_each_kernel_tracepoint", "tracepoints" },
	{ "tracepoint_probe_register", "tracepoints" },
	{ "nf_register_net_hook", "netfilter" },
	{ "nf_register_net_hooks", "netfilter" },
	{ "klp_enable_patch", "livepatch" },
	{ "kallsyms_lookup_name", "symbols" },
	{ "set_memory_rw", "memory" },
	{ "set_memory_x", "memory" },
	{ "register_module_notifier", "notifiers" },
	{ "register_die_notifier", "notifiers" },
	{ "register_kprob", "-" },
	{ "unregister_kprobe", "-" },
	{ "register_kprobe_", "-" },
	{ "", "-" },
};

START_TEST(each_symbol_has_its_word)
{
	name_symbol(2, known[_i].symbol);
	name_symbol(3, "");
	expect(known[_i].words);
}
END_TEST

START_TEST(several_stand_together)
{
	expect("kprobes notifiers");
}
END_TEST

START_TEST(every_word_has_room)
{
	char text[MODULE_IMPORTS_TEXT_SIZE];

	module_imports_words(~0u, text);
	ck_assert_str_eq(text,
			 "kprobes ftrace tracepoints netfilter livepatch symbols memory notifiers");
}
END_TEST

/* A function of its own with such a name. */
START_TEST(what_is_defined_is_not_imported)
{
	image.symbols[2].st_shndx = 1;
	expect("notifiers");
}
END_TEST

START_TEST(other_objects_are_refused)
{
	image.head.e_ident[EI_CLASS] = ELFCLASS32;
	expect_refused();
	set_up();
	image.head.e_ident[EI_DATA] = ELFDATA2MSB;
	expect_refused();
	set_up();
	image.head.e_ident[0] = 0;
	expect_refused();
	set_up();
	image.head.e_shentsize = 1;
	expect_refused();
	set_up();
	image.sections[2].sh_type = SHT_DYNSYM;
	expect_refused();
}
END_TEST

START_TEST(what_lies_outside_is_refused)
{
	Elf64_Off *const offsets[] = { &image.head.e_shoff, &image.sections[1].sh_offset,
				       &image.sections[2].sh_offset };
	Elf64_Xword *const sizes[] = { &image.sections[1].sh_size, &image.sections[2].sh_size };

	for (size_t i = 0; i < 3; i++) {
		set_up();
		*offsets[i] = sizeof(image);
		expect_refused();
		*offsets[i] = UINT64_MAX;
		expect_refused();
	}
	for (size_t i = 0; i < 2; i++) {
		set_up();
		*sizes[i] = sizeof(image);
		expect_refused();
		*sizes[i] = UINT64_MAX;
		expect_refused();
	}
	set_up();
	image.head.e_shnum = UINT16_MAX;
	expect_refused();
	set_up();
	image.sections[2].sh_link = 3;
	expect_refused();
}
END_TEST

START_TEST(names_end_within_their_table)
{
	image.symbols[3].st_name = sizeof(image.names);
	expect("kprobes");
	image.symbols[3].st_name = UINT32_MAX;
	expect("kprobes");
	/* The last byte of the name is the last of the table: its end lies outside. */
	set_up();
	memcpy(image.names + sizeof(image.names) - 15, "register_kprobe", 15);
	image.symbols[2].st_name = sizeof(image.names) - 15;
	name_symbol(3, "");
	image.symbols[3].st_name = 0;
	expect("-");
}
END_TEST

START_TEST(a_symbol_that_is_cut_does_not_count)
{
	image.sections[2].sh_size--;
	expect("kprobes");
	image.sections[2].sh_size = 0;
	expect("-");
}
END_TEST

START_TEST(each_cut_is_refused_or_read)
{
	for (size_t size = 0; size < sizeof(image); size++) {
		void *copy = malloc(size + 1);

		memcpy(copy, &image, size);
		ck_assert_int_eq(module_imports_parse(copy, size, &imports), -EBADMSG);
		free(copy);
	}
}
END_TEST

static int read_file(const char *name, unsigned *ret)
{
	int fd = open(name, O_RDONLY | O_CLOEXEC), error;

	ck_assert_int_ge(fd, 0);
	error = module_imports_read(process_of_machine(), fd, ret);
	close(fd);
	return error;
}

START_TEST(files_may_be_compressed)
{
	const char *folder = scratch_make();
	char command[512], path[256];

	scratch_write("x.ko", &image, sizeof(image));
	snprintf(path, sizeof(path), "%s/x.ko", folder);
	ck_assert_int_eq(read_file(path, &imports), 0);
	ck_assert_uint_eq(imports, MODULE_IMPORT_KPROBES | MODULE_IMPORT_NOTIFIERS);
	snprintf(command, sizeof(command), "gzip '%s'", path);
	ck_assert_int_eq(system(command), 0);
	strcat(path, ".gz");
	imports = 0;
	ck_assert_int_eq(read_file(path, &imports), 0);
	ck_assert_uint_eq(imports, MODULE_IMPORT_KPROBES | MODULE_IMPORT_NOTIFIERS);
	snprintf(command, sizeof(command), "truncate -s 65M '%s/large'", folder);
	ck_assert_int_eq(system(command), 0);
	snprintf(path, sizeof(path), "%s/large", folder);
	ck_assert_int_eq(read_file(path, &imports), -EFBIG);
	scratch_remove();
}
END_TEST

/* The fuzzer begins with such an object, and test_facts reads it. */
START_TEST(the_sample_is_such_an_object)
{
	ck_assert_int_eq(read_file("tests/fuzz/corpus/module_imports/kprobes", &imports), 0);
	ck_assert_uint_eq(imports, MODULE_IMPORT_KPROBES | MODULE_IMPORT_NOTIFIERS);
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("module_imports");
	TCase *tests = suite_case(all, "imports", 30);

	tcase_add_checked_fixture(tests, set_up, NULL);
	tcase_add_loop_test(tests, each_symbol_has_its_word, 0, sizeof(known) / sizeof(known[0]));
	tcase_add_test(tests, several_stand_together);
	tcase_add_test(tests, every_word_has_room);
	tcase_add_test(tests, what_is_defined_is_not_imported);
	tcase_add_test(tests, other_objects_are_refused);
	tcase_add_test(tests, what_lies_outside_is_refused);
	tcase_add_test(tests, names_end_within_their_table);
	tcase_add_test(tests, a_symbol_that_is_cut_does_not_count);
	tcase_add_test(tests, each_cut_is_refused_or_read);
	tcase_add_test(tests, files_may_be_compressed);
	tcase_add_test(tests, the_sample_is_such_an_object);
	return all;
}
