/* test_file_kind.c: code and content in one folder are told apart by their bytes (R9), and what is state is left alone
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <elf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "recovery/inventory/file_kind.h"
#include "recovery/inventory/inventory.h"
#include "recovery/inventory/watched_path.h"
#include "recovery/products/watch_set.h"
#include "tests/unit/scratch.h"
#include "tests/unit/suite.h"
#include "tests/unit/watched_product.h"

#define BOTH "/opt/acme/both"

/* An ELF file of this type for this machine, and nothing in it. */
static void write_elf(const char *path, unsigned char type, unsigned char machine)
{
	char bytes[sizeof(Elf64_Ehdr)] = { ELFMAG0,    ELFMAG1,	    ELFMAG2,   ELFMAG3,
					   ELFCLASS64, ELFDATA2LSB, EV_CURRENT };

	bytes[offsetof(Elf64_Ehdr, e_type)] = (char)type;
	bytes[offsetof(Elf64_Ehdr, e_machine)] = (char)machine;
	scratch_write(path + 1, bytes, sizeof(bytes));
}

static void set_up(void)
{
	watched_set_up();
	text_list_add(&watched.product.code_paths, BOTH);
	text_list_add(&watched.product.content_paths, BOTH);
	write_elf(BOTH "/rules.txt", ET_DYN, EM_X86_64);
	write_elf(BOTH "/deep/probe.dat", ET_REL, EM_BPF);
	write_elf(BOTH "/deep/part.bin", ET_REL, EM_X86_64);
	tree_write(&watched, BOTH "/notes", "#!/bin/sh\n");
	tree_write(&watched, BOTH "/acme.so", "a table of rules\n");
	tree_write(&watched, BOTH "/acme.sh", "\1\2\3");
}

static void expect_kind(const char *path, const char *kind)
{
	struct inventory inventory;
	const struct inventory_file *file;

	ck_assert_int_eq(inventory_load(watched.database,
					tree_query(&watched, "SELECT MAX(id) FROM generation"),
					&inventory),
			 0);
	file = inventory_find(&inventory, path);
	ck_assert_msg(file, "%s is not there", path);
	ck_assert_msg(strcmp(file->kind, kind) == 0, "%s is %s", path, file->kind);
	inventory_free(&inventory);
}

START_TEST(every_type_is_one_of_both)
{
	static const enum file_type code[] = { FILE_TYPE_MODULE, FILE_TYPE_BPF, FILE_TYPE_PROGRAM,
					       FILE_TYPE_OBJECT, FILE_TYPE_SCRIPT };
	size_t count = 0;

	for (int type = FILE_TYPE_EMPTY; type <= FILE_TYPE_DATA; type++)
		count += strcmp(file_kind_of_type((enum file_type)type), "content") != 0;
	for (size_t i = 0; i < sizeof(code) / sizeof(code[0]); i++)
		ck_assert_str_eq(file_kind_of_type(code[i]), "code");
	ck_assert_uint_eq(count, sizeof(code) / sizeof(code[0]));
}
END_TEST

START_TEST(r9_bytes_and_not_names_tell_code_from_content)
{
	watched_take("good-boot");
	expect_kind(BOTH "/rules.txt", "code");
	expect_kind(BOTH "/deep/probe.dat", "code");
	expect_kind(BOTH "/deep/part.bin", "code");
	expect_kind(BOTH "/notes", "code");
	expect_kind(BOTH "/acme.so", "content");
	expect_kind(BOTH "/acme.sh", "content");
	/* What is listed as one of them only is that. */
	expect_kind(TREE_CODE, "code");
	expect_kind(TREE_RULES, "content");
}
END_TEST

START_TEST(r9_one_inside_the_other_is_told_by_bytes)
{
	text_list_add(&watched.product.content_paths, "/opt/acme/whole");
	text_list_add(&watched.product.code_paths, "/opt/acme/whole/bin/acmed");
	text_list_add(&watched.product.code_paths, "/opt/acme/programs");
	text_list_add(&watched.product.content_paths, "/opt/acme/programs/rules");
	write_elf("/opt/acme/whole/bin/acmed", ET_EXEC, EM_X86_64);
	write_elf("/opt/acme/whole/bin/channel.dat", ET_EXEC, EM_X86_64);
	tree_write(&watched, "/opt/acme/whole/bin/table", "rules");
	write_elf("/opt/acme/programs/rules/r.txt", ET_DYN, EM_X86_64);
	tree_write(&watched, "/opt/acme/programs/acme.so", "rules");
	watched_take("good-boot");
	expect_kind("/opt/acme/whole/bin/acmed", "code");
	expect_kind("/opt/acme/whole/bin/channel.dat", "code");
	expect_kind("/opt/acme/whole/bin/table", "content");
	expect_kind("/opt/acme/programs/rules/r.txt", "code");
	expect_kind("/opt/acme/programs/acme.so", "content");
}
END_TEST

START_TEST(set_stays_whole)
{
	write_elf(TREE_TABLE, ET_DYN, EM_X86_64);
	text_list_add(&watched.product.code_paths, "/opt/acme");
	text_list_add(&watched.product.code_paths, "/opt/acme/content");
	watched_take("good-boot");
	expect_kind(TREE_TABLE, "content");
	ck_assert_int_eq(tree_query(&watched, "SELECT COUNT(*) FROM object WHERE "
					      "set_name='channel' AND kind='content'"),
			 2);
}
END_TEST

/* Content proves itself as soon as it is in force, code does not. */
START_TEST(update_at_run_time_is_judged_by_kind)
{
	watched_take("good-boot");
	tree_write(&watched, BOTH "/acme.so", "other rules, in force at once\n");
	watched_expect_change('m', "content", BOTH "/acme.so", "");
	watched_take("run-time");
	ck_assert_uint_eq(watched_count_changes(), 0);
	tree_write(&watched, BOTH "/notes", "#!/bin/sh\nexit 1\n");
	watched_take("run-time");
	watched_expect_change('m', "code", BOTH "/notes", "");
}
END_TEST

/* A file that turns from one into the other. */
START_TEST(changed_file_is_told_anew)
{
	watched_take("good-boot");
	write_elf(BOTH "/acme.so", ET_DYN, EM_X86_64);
	watched_expect_change('m', "code", BOTH "/acme.so", "");
}
END_TEST

static void change_row(const char *path, const char *to)
{
	char statement[256];

	snprintf(statement, sizeof(statement), "UPDATE object SET %s WHERE path='%s'", to, path);
	ck_assert_int_eq(database_run(watched.database, statement, ""), 0);
}

START_TEST(unchanged_file_is_not_told_again)
{
	watched_take("good-boot");
	change_row(BOTH "/acme.so", "kind='code'");
	watched_take("good-boot");
	expect_kind(BOTH "/acme.so", "code");
}
END_TEST

/* The product file of before listed it otherwise. */
START_TEST(what_was_only_listed_is_told_once)
{
	watched_take("good-boot");
	change_row(BOTH "/acme.so", "kind='code',by_type=0");
	ck_assert(!watched_differs());
	ck_assert_uint_eq(watched_count_changes(), 0);
	watched_take("good-boot");
	expect_kind(BOTH "/acme.so", "content");
	change_row(BOTH "/acme.so", "by_type=0");
	watched_take("good-boot");
	ck_assert_int_eq(tree_query(&watched, "SELECT COUNT(*) FROM object WHERE by_type=0 AND "
					      "path LIKE '" BOTH "/%' AND "
					      "generation=(SELECT MAX(id) FROM generation)"),
			 0);
}
END_TEST

static void take(bool by_stat, const struct inventory *known, struct inventory *ret)
{
	const struct inventory_survey survey = { .known = known, .by_stat = by_stat };
	struct watched_paths paths;

	ck_assert_int_eq(watched_paths_make(&watched.context, &watched.products, &paths), 0);
	ck_assert_int_eq(inventory_take(&watched.context, &watched.products, &paths, &survey, ret),
			 0);
	watched_paths_free(&paths);
}

/* The guard has 20 ms. */
START_TEST(quick_comparison_reads_no_file_for_its_kind)
{
	struct inventory known, now;
	int64_t good = watched_take("good-boot");

	change_row(BOTH "/acme.so", "kind='code',by_type=0");
	ck_assert_int_eq(inventory_load(watched.database, good, &known), 0);
	take(true, &known, &now);
	ck_assert_str_eq(inventory_find(&now, BOTH "/acme.so")->kind, "code");
	inventory_free(&now);
	take(false, &known, &now);
	ck_assert_str_eq(inventory_find(&now, BOTH "/acme.so")->kind, "content");
	inventory_free(&now);
	inventory_free(&known);
}
END_TEST

/* --- state --------------------------------------------------------------------------------- */

static int64_t count_state(void)
{
	return tree_query(&watched, "SELECT COUNT(*) FROM object WHERE path LIKE '%state%' AND "
				    "generation=(SELECT MAX(id) FROM generation)");
}

static void write_state(const char *text)
{
	tree_write(&watched, BOTH "/state.db", text);
	tree_write(&watched, "/opt/acme/content/state/queue", text);
}

static void declare_state(void)
{
	text_list_add(&watched.product.state_paths, BOTH "/state.db");
	text_list_add(&watched.product.state_paths, "/opt/acme/content/state");
}

START_TEST(state_is_in_no_generation)
{
	declare_state();
	write_state("one");
	watched_take("good-boot");
	ck_assert_int_eq(count_state(), 0);
	write_state("another");
	ck_assert(!watched_differs());
	ck_assert_uint_eq(watched_count_changes(), 0);
}
END_TEST

START_TEST(what_became_state_was_not_removed)
{
	write_state("one");
	watched_take("good-boot");
	ck_assert_int_eq(count_state(), 2);
	declare_state();
	ck_assert(!watched_differs());
	ck_assert_uint_eq(watched_count_changes(), 0);
}
END_TEST

START_TEST(state_is_nobodys_to_set_aside)
{
	struct watched_paths paths;
	char folder[PATH_MAX];

	declare_state();
	ck_assert_ptr_null(watch_set_owner(&watched.products, BOTH "/state.db"));
	ck_assert_ptr_null(watch_set_owner(&watched.products, "/opt/acme/content/state/queue"));
	ck_assert_ptr_nonnull(watch_set_owner(&watched.products, BOTH "/state.db2"));
	ck_assert_int_eq(watched_paths_make(&watched.context, &watched.products, &paths), 0);
	ck_assert_int_eq(watched_path_folder(&paths, BOTH "/state.db", folder), -EXDEV);
	ck_assert_int_eq(watched_path_folder(&paths, "/opt/acme/content/state/queue", folder),
			 -EXDEV);
	ck_assert_int_eq(watched_path_folder(&paths, BOTH "/acme.so", folder), 0);
	watched_paths_free(&paths);
}
END_TEST

Suite *suite(void)
{
	Suite *whole = suite_create("file_kind");
	TCase *kinds = suite_case(whole, "kinds", 60), *state = suite_case(whole, "state", 60);

	tcase_add_checked_fixture(kinds, set_up, watched_tear_down);
	tcase_add_test(kinds, every_type_is_one_of_both);
	tcase_add_test(kinds, r9_bytes_and_not_names_tell_code_from_content);
	tcase_add_test(kinds, r9_one_inside_the_other_is_told_by_bytes);
	tcase_add_test(kinds, set_stays_whole);
	tcase_add_test(kinds, update_at_run_time_is_judged_by_kind);
	tcase_add_test(kinds, changed_file_is_told_anew);
	tcase_add_test(kinds, unchanged_file_is_not_told_again);
	tcase_add_test(kinds, what_was_only_listed_is_told_once);
	tcase_add_test(kinds, quick_comparison_reads_no_file_for_its_kind);
	tcase_add_checked_fixture(state, set_up, watched_tear_down);
	tcase_add_test(state, state_is_in_no_generation);
	tcase_add_test(state, what_became_state_was_not_removed);
	tcase_add_test(state, state_is_nobodys_to_set_aside);
	return whole;
}
