/* test_previous_kernel.c: the last good kernel as the default of GRUB and systemd-boot, and its undoing
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/kernel_target.h"
#include "recovery/repair/previous_kernel.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/boot/grub_menu.h"
#include "recovery/event.h"
#include "recovery/machine.h"
#include "recovery/repair/recover_kernel.h"
#include "recovery/state.h"
#include "recovery/system_file.h"
#include "tests/unit/product_tree.h"
#include "tests/unit/scratch.h"
#include "tests/unit/suite.h"

#define GOOD	  "6.1.0-13-amd64"
#define ENTRY	  "gnulinux-advanced-0b5e7a2c>gnulinux-" GOOD "-advanced-0b5e7a2c"
#define FILE_NAME "/etc/default/grub.d/90-daruma.cfg"
#define MENU	  "/boot/grub/grub.cfg"
#define BOOT	  "00000000000000000000000000000001"

static struct product_tree tree;
static struct boot_loader_access access_of;

/* --- a machine of strings ------------------------------------------------------------------ */

static struct {
	char entry[64]; /* LoaderEntryDefault, "" absent */
	bool systemd_boot, refuses;
	bool readable;	     /* its variables are, though it did not make this start */
	int updates, status; /* of grub-mkconfig */
	bool missing, ignores;
} machine;

static void to_utf16(const char *text, uint8_t *buffer, size_t *ret_size)
{
	*ret_size = 2 * (strlen(text) + 1);
	for (size_t i = 0; i <= strlen(text); i++) {
		buffer[2 * i] = (uint8_t)text[i];
		buffer[2 * i + 1] = 0;
	}
}

static int read_variable(const char *guid, const char *name, uint8_t *buffer, size_t size,
			 size_t *ret_size, uint32_t *ret_attributes)
{
	const char *text = strcmp(name, "LoaderInfo") == 0 ? "systemd-boot 252.1" : machine.entry;

	(void)guid;
	if (!text[0] ||
	    (!machine.systemd_boot && !(machine.readable && strcmp(name, "LoaderInfo") != 0)))
		return -ENOENT;
	ck_assert_uint_ge(size, 2 * (strlen(text) + 1));
	to_utf16(text, buffer, ret_size);
	*ret_attributes = 7;
	return 0;
}

static int write_variable(const char *guid, const char *name, const uint8_t *bytes, size_t size,
			  uint32_t attributes)
{
	ck_assert_str_eq(guid, "4a67b082-0a4c-41cf-b6c7-440b29bb8c4f");
	ck_assert_str_eq(name, "LoaderEntryDefault");
	ck_assert_uint_eq(attributes, 7);
	if (machine.refuses)
		return -EROFS;
	for (size_t i = 0; 2 * i < size; i++)
		machine.entry[i] = (char)bytes[2 * i];
	return 0;
}

static int remove_variable(const char *guid, const char *name)
{
	(void)guid;
	(void)name;
	machine.entry[0] = '\0';
	return 0;
}

static const struct variables variables = { .read = read_variable,
					    .write = write_variable,
					    .remove = remove_variable };

/* The default of a menu as grub-mkconfig writes it. */
static void write_menu(const char *path, const char *entry)
{
	char *rest = NULL, text[16384];
	size_t length;

	ck_assert_int_eq(
		system_read_named("tests/fuzz/corpus/grub_menu/debian", 8192, &rest, &length), 0);
	snprintf(text, sizeof(text), "   set default=\"%s\"\n%s", entry, strstr(rest, "if [ x"));
	tree_write(&tree, path, text);
	free(rest);
}

static int run(const char *const argv[], unsigned seconds, char *output, size_t size,
	       int *ret_status)
{
	char *text;
	char entry[512] = "0";

	(void)output;
	(void)size;
	ck_assert_uint_gt(seconds, 0);
	ck_assert_str_eq(argv[0], "grub-mkconfig");
	ck_assert_str_eq(argv[1], "-o");
	if (machine.missing)
		return -ENOENT;
	machine.updates++;
	*ret_status = machine.status;
	text = machine.ignores ? NULL : tree_read(&tree, FILE_NAME);
	if (text)
		ck_assert_int_eq(
			sscanf(strstr(text, "GRUB_DEFAULT"), "GRUB_DEFAULT=\"%511[^\"]", entry), 1);
	free(text);
	if (!machine.status)
		write_menu(argv[2] + strlen(tree.context.root), entry);
	return 0;
}

static void set_up(void)
{
	static const struct process_port processes = { .run = run };

	memset(&machine, 0, sizeof(machine));
	product_tree_make(&tree);
	product_tree_good(&tree);
	ck_assert_int_eq(database_run(tree.database, "UPDATE generation SET kernel='" GOOD "'", ""),
			 0);
	ck_assert_int_eq(database_run(tree.database,
				      "INSERT INTO incident(opened,class) VALUES(1,'panic')", ""),
			 0);
	tree_write(&tree, "/boot/vmlinuz-" GOOD, "x");
	tree_write(&tree, "/lib/modules/" GOOD "/modules.dep", "");
	tree_write(&tree, "/etc/default/grub", "GRUB_DEFAULT=0\n");
	write_menu(MENU, "0");
	access_of = (struct boot_loader_access){ &tree.context, &processes, &variables };
}

static void tear_down(void)
{
	product_tree_remove(&tree);
}

static void start(const char *boot_id, const char *rung, int64_t time)
{
	ck_assert_int_eq(database_run(tree.database,
				      "INSERT INTO boot(boot_id,kernel_boot_id,time,rung,reason,"
				      "previous_ending,kernel,panics,resets,incident)"
				      " VALUES(?1,'',?3,?2,'','','',0,0,0)",
				      "tti", boot_id, rung, time),
			 0);
}

static int set_above(const char *floor)
{
	return previous_kernel_set(&access_of, tree.database, BOOT, floor,
				   PREVIOUS_KERNEL_LAST_GOOD);
}

static int set(void)
{
	return set_above("");
}

static int undo(void)
{
	return previous_kernel_undo(&access_of, tree.database, true);
}

static bool menu_says(const char *entry)
{
	char *text = tree_read(&tree, MENU);
	bool says = grub_menu_has_default(text, strlen(text), entry);

	free(text);
	return says;
}

static int64_t count(const char *condition)
{
	char statement[256];

	snprintf(statement, sizeof(statement), "SELECT COUNT(*) FROM %s", condition);
	return tree_query(&tree, statement);
}

static void expect_untouched(void)
{
	ck_assert(tree_holds(&tree, FILE_NAME, NULL));
	ck_assert(tree_holds(&tree, "/boot/grub/daruma.cfg", NULL));
	ck_assert(menu_says("0"));
	ck_assert_int_eq(count("previous_kernel WHERE state<>'undone'"), 0);
}

/* --- GRUB ---------------------------------------------------------------------------------- */

START_TEST(grub_starts_it_and_gets_its_default_back)
{
	struct previous_kernel row;

	ck_assert_int_eq(set(), 0);
	ck_assert(menu_says(ENTRY));
	ck_assert_int_eq(previous_kernel_open(tree.database, &row), 1);
	ck_assert_str_eq(row.kernel, GOOD);
	ck_assert_str_eq(row.loader, "grub");
	ck_assert_str_eq(row.state, "set");
	ck_assert_int_eq(undo(), 1);
	expect_untouched();
	ck_assert_int_eq(undo(), 0);
	ck_assert_int_eq(count("event WHERE event='kernel.previous_set'"), 1);
	ck_assert_int_eq(count("event WHERE event='kernel.previous_undone'"), 1);
}
END_TEST

START_TEST(another_file_has_the_last_word)
{
	machine.ignores = true;
	ck_assert_int_eq(set(), -EBADMSG);
	expect_untouched();
	ck_assert_int_eq(count("event WHERE event LIKE 'kernel.%'"), 0);
}
END_TEST

START_TEST(grub_without_its_program_is_left_alone)
{
	machine.missing = true;
	ck_assert_int_eq(set(), -EOPNOTSUPP);
	ck_assert(tree_holds(&tree, FILE_NAME, NULL));
}
END_TEST

/* What cannot be undone now stays in the journal. */
START_TEST(failed_undoing_is_done_again)
{
	ck_assert_int_eq(set(), 0);
	machine.status = 1;
	ck_assert_int_eq(undo(), -ECHILD);
	ck_assert(menu_says(ENTRY));
	ck_assert_int_eq(count("previous_kernel WHERE state='undoing'"), 1);
	machine.status = 0;
	ck_assert_int_eq(undo(), 1);
	expect_untouched();
}
END_TEST

START_TEST(file_of_somebody_else_stays)
{
	tree_write(&tree, FILE_NAME, "GRUB_DEFAULT=2\n");
	ck_assert_int_eq(set(), -EEXIST);
	tree_expect(&tree, FILE_NAME, "GRUB_DEFAULT=2\n");
	ck_assert_int_eq(machine.updates, 0);
}
END_TEST

/* --- systemd-boot -------------------------------------------------------------------------- */

static void use_systemd_boot(void)
{
	machine.systemd_boot = true;
	tree_write(&tree, "/boot/loader/entries/a-6.1.0-14-amd64.conf", "version 6.1.0-14-amd64\n");
	tree_write(&tree, "/boot/loader/entries/some+2-1.conf", "title x\nversion  " GOOD " \n");
}

START_TEST(systemd_boot_starts_it_and_gets_its_default_back)
{
	use_systemd_boot();
	strcpy(machine.entry, "mine.conf");
	ck_assert_int_eq(set(), 0);
	ck_assert_str_eq(machine.entry, "some.conf");
	ck_assert_int_eq(undo(), 1);
	ck_assert_str_eq(machine.entry, "mine.conf");
	machine.entry[0] = '\0';
	ck_assert_int_eq(database_run(tree.database, "DELETE FROM previous_kernel", ""), 0);
	ck_assert_int_eq(set(), 0);
	ck_assert_int_eq(undo(), 1);
	ck_assert_str_eq(machine.entry, "");
	ck_assert_int_eq(machine.updates, 0);
}
END_TEST

START_TEST(what_a_person_chose_since_stays)
{
	use_systemd_boot();
	ck_assert_int_eq(set(), 0);
	strcpy(machine.entry, "mine.conf");
	ck_assert_int_eq(undo(), 1);
	ck_assert_str_eq(machine.entry, "mine.conf");
}
END_TEST

START_TEST(variable_that_cannot_be_written)
{
	use_systemd_boot();
	machine.refuses = true;
	ck_assert_int_eq(set(), -EROFS);
	ck_assert_int_eq(count("previous_kernel WHERE state<>'undone'"), 0);
}
END_TEST

static int read_without_end(const char *guid, const char *name, uint8_t *buffer, size_t size,
			    size_t *ret_size, uint32_t *ret_attributes)
{
	(void)guid;
	(void)name;
	for (size_t i = 0; i < size; i++)
		buffer[i] = i % 2 ? 0 : 'a';
	*ret_size = size;
	*ret_attributes = 7;
	return 0;
}

/* A part of it could not be told from the whole, and would be put back in its place. */
START_TEST(default_that_is_too_long_is_not_cut)
{
	static const struct variables endless = { .read = read_without_end };
	struct boot_loader_access access = access_of;
	char entry[BOOT_LOADER_ENTRY_SIZE];

	access.variables = &endless;
	ck_assert_int_eq(boot_loader_systemd_boot.read(&access, entry), -EBADMSG);
}
END_TEST

/* --- which one ----------------------------------------------------------------------------- */

START_TEST(only_an_installed_kernel_is_set)
{
	tree_remove_file(&tree, "/boot/vmlinuz-" GOOD);
	ck_assert_int_eq(set(), -ENOENT);
	expect_untouched();
	tree_write(&tree, "/boot/vmlinuz-6.1.0-12", "x");
	tree_write(&tree, "/lib/modules/6.1.0-12/modules.dep", "");
	ck_assert_int_eq(database_run(tree.database, "UPDATE generation SET kernel='6.1.0-12'", ""),
			 0);
	ck_assert_int_eq(set(), -ENOENT); /* not in the menu */
	ck_assert_int_eq(database_run(tree.database, "UPDATE generation SET kernel='../../x'", ""),
			 0);
	ck_assert_int_eq(set(), -ENODATA);
	ck_assert_int_eq(database_run(tree.database, "UPDATE generation SET good=0", ""), 0);
	ck_assert_int_eq(set(), -ENODATA);
	expect_untouched();
}
END_TEST

START_TEST(without_a_known_loader_nothing_is_done)
{
	tree_remove_file(&tree, MENU);
	ck_assert_int_eq(set(), -EOPNOTSUPP);
}
END_TEST

START_TEST(dry_run_looks_only)
{
	tree.context.dry_run = true;
	ck_assert_int_eq(set(), 0);
	tree.context.dry_run = false;
	expect_untouched();
	ck_assert_int_eq(count("previous_kernel"), 0);
}
END_TEST

/* --- its trial, and power cuts ------------------------------------------------------------- */

static enum previous_kernel_trial trial(void)
{
	enum previous_kernel_trial trial;

	ck_assert_int_eq(previous_kernel_trial(tree.database, &trial), 0);
	return trial;
}

/* Whether that is the kernel to be started next, where this one runs another. */
static bool is_next(const char *release)
{
	char next[PREVIOUS_KERNEL_SIZE];

	ck_assert_int_eq(previous_kernel_next(tree.database, "1.2.3", next), 0);
	return strcmp(next, release) == 0;
}

/* Where the files of the running kernel changed, the last good state knows no other kernel. */
START_TEST(earlier_good_state_knows_another_kernel)
{
	struct machine running;

	machine_describe(&tree.context, &running);
	ck_assert_int_eq(database_run(tree.database,
				      "INSERT INTO generation(time,cause,kernel,good)"
				      " VALUES(9,'good-boot',?1,1)",
				      "t", running.kernel),
			 0);
	ck_assert_int_eq(set(), 0);
	ck_assert(menu_says(ENTRY));
	ck_assert_int_eq(undo(), 1);
	ck_assert_int_eq(
		database_run(tree.database, "UPDATE generation SET kernel=?1", "t", running.kernel),
		0);
	ck_assert_int_eq(set(), -ENODATA);
	expect_untouched();
}
END_TEST

/* R32: as good as it was. */
START_TEST(one_below_the_floor_is_passed_over)
{
	ck_assert_int_eq(set_above("6.1.0-14"), -ENODATA);
	expect_untouched();
	ck_assert_int_eq(count("event WHERE event='kernel.below_floor'"), 1);
	/* An older good state knows one that is newer. */
	ck_assert_int_eq(database_run(tree.database,
				      "INSERT INTO generation(time,cause,kernel,good)"
				      " VALUES(9,'good-boot','6.1.0-12-amd64',1)",
				      ""),
			 0);
	ck_assert_int_eq(set_above("6.1.0-13"), 0);
	ck_assert(menu_says(ENTRY));
	ck_assert_int_eq(count("event WHERE event='kernel.below_floor'"), 2);
}
END_TEST

/* The policy changed between the setting and its trial. */
START_TEST(one_that_falls_below_the_floor_is_undone)
{
	start(BOOT, "safe", 5);
	ck_assert_int_eq(set(), 0);
	ck_assert_int_eq(trial(), PREVIOUS_KERNEL_UNTRIED);
	ck_assert_int_eq(set_above("6.1.0-14"), -ENODATA);
	expect_untouched();
	ck_assert_int_eq(count("event WHERE event='kernel.previous_undone'"), 1);
}
END_TEST

/* In the place of GOOD in the menu. */
static void write_menu_of(const char *release)
{
	char *menu = tree_read(&tree, MENU), *rest = menu, *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	for (char *at; (at = strstr(rest, GOOD)); rest = at + strlen(GOOD)) {
		*at = '\0';
		fprintf(to, "%s%s", rest, release);
	}
	fputs(rest, to);
	ck_assert_int_eq(fclose(to), 0);
	tree_write(&tree, MENU, text);
	free(text);
	free(menu);
}

static void set_good_kernel(const char *release)
{
	ck_assert_int_eq(
		database_run(tree.database, "UPDATE generation SET kernel=?1", "t", release), 0);
}

static int set_running(const char *floor)
{
	return previous_kernel_set(&access_of, tree.database, BOOT, floor, PREVIOUS_KERNEL_RUNNING);
}

/* A rescue start runs the copy on the ESP: the starts of the newer kernel did not come so far. */
START_TEST(the_running_one_is_set_where_a_newer_one_is_installed)
{
	struct previous_kernel row;
	struct machine running;
	char path[128];

	machine_describe(&tree.context, &running);
	snprintf(path, sizeof(path), "/boot/vmlinuz-%s", running.kernel);
	tree_write(&tree, path, "x");
	snprintf(path, sizeof(path), "/lib/modules/%s/modules.dep", running.kernel);
	tree_write(&tree, path, "");
	write_menu_of(running.kernel);
	set_good_kernel(running.kernel);
	/* Older ones, and what is no kernel. */
	tree_remove_file(&tree, "/boot/vmlinuz-" GOOD);
	tree_write(&tree, "/boot/vmlinuz-1.2", "x");
	tree_write(&tree, "/lib/modules/1.2/modules.dep", "");
	tree_write(&tree, "/boot/vmlinuz-999 old", "x");
	ck_assert_int_eq(set_running(""), -ENODATA);
	/* One that was renamed has no modules. */
	tree_write(&tree, "/boot/vmlinuz-999.1", "x");
	ck_assert_int_eq(set_running(""), -ENODATA);
	tree_write(&tree, "/lib/modules/999.1/modules.dep", "");
	ck_assert_int_eq(set_running("999.0"), -ENODATA);
	/* The copy is an old one: many starts of the newer kernel were good. */
	set_good_kernel("999.1");
	ck_assert_int_eq(set_running(""), -ENODATA);
	set_good_kernel(running.kernel);
	ck_assert_int_eq(machine.updates, 0);
	ck_assert_int_eq(set_running(""), 0);
	ck_assert_int_eq(previous_kernel_open(tree.database, &row), 1);
	ck_assert_str_eq(row.kernel, running.kernel);
	ck_assert_str_eq(row.blamed, "999.1");
	ck_assert(tree_holds(&tree, "/boot/grub/daruma.cfg", NULL));
}
END_TEST

/* A start of the copy goes past the loader, and systemd-boot leaves its traces only in starts that it made. */
START_TEST(the_loader_of_the_good_start_is_remembered)
{
	struct machine running;
	char text[256];

	machine_describe(&tree.context, &running);
	set_good_kernel(running.kernel);
	tree_remove_file(&tree, MENU);
	tree_remove_file(&tree, "/boot/vmlinuz-" GOOD);
	tree_write(&tree, "/boot/vmlinuz-999.1", "x");
	tree_write(&tree, "/lib/modules/999.1/modules.dep", "");
	snprintf(text, sizeof(text), "/boot/vmlinuz-%s", running.kernel);
	tree_write(&tree, text, "x");
	snprintf(text, sizeof(text), "/lib/modules/%s/modules.dep", running.kernel);
	tree_write(&tree, text, "");
	snprintf(text, sizeof(text), "title x\nversion %s\n", running.kernel);
	tree_write(&tree, "/boot/loader/entries/some.conf", text);
	tree_write(&tree, "/proc/cmdline", "initrd=\\EFI\\daruma\\good\\a\\initrd ro\n");
	ck_assert_int_eq(set_running(""), -EOPNOTSUPP);
	ck_assert_int_eq(state_set_text(tree.database, KERNEL_TARGET_LOADER_KEY, "systemd-boot"),
			 0);
	machine.readable = true;
	ck_assert_int_eq(set_running(""), 0);
	ck_assert_str_eq(machine.entry, "some.conf");
}
END_TEST

START_TEST(trial_of_a_kernel)
{
	struct machine running;

	machine_describe(&tree.context, &running);
	start(BOOT, "safe", 5);
	ck_assert_int_eq(trial(), PREVIOUS_KERNEL_NEVER);
	ck_assert(is_next("1.2.3"));
	ck_assert_int_eq(set(), 0);
	ck_assert_int_eq(trial(), PREVIOUS_KERNEL_UNTRIED);
	ck_assert(is_next(GOOD));
	start("00000000000000000000000000000002", "safe", 6);
	ck_assert_int_eq(trial(), PREVIOUS_KERNEL_UNTRIED);
	start("00000000000000000000000000000003", "trial", 7);
	ck_assert_int_eq(trial(), PREVIOUS_KERNEL_TRIED);
	ck_assert(is_next(GOOD));
	ck_assert_int_eq(undo(), 1);
	ck_assert_int_eq(trial(), PREVIOUS_KERNEL_OVER);
	ck_assert(is_next(running.kernel));
}
END_TEST

/* R57. The power goes behind each step; the next safe start goes on, and there is one row. */
START_TEST(r57_power_cut_leaves_the_old_or_the_new_default)
{
	start(BOOT, "safe", 5);
	ck_assert_int_eq(set(), 0);
	/* behind the row: nothing was written yet */
	ck_assert_int_eq(
		database_run(tree.database, "UPDATE previous_kernel SET state='wanted'", ""), 0);
	tree_remove_file(&tree, FILE_NAME);
	write_menu(MENU, "0");
	ck_assert_int_eq(set(), 0);
	ck_assert(menu_says(ENTRY));
	/* behind the file: the menu is the old one */
	ck_assert_int_eq(
		database_run(tree.database, "UPDATE previous_kernel SET state='wanted'", ""), 0);
	write_menu(MENU, "0");
	ck_assert_int_eq(set(), 0);
	ck_assert(menu_says(ENTRY));
	ck_assert_int_eq(count("previous_kernel"), 1);
	/* inside an undoing: the file is gone, the menu is the new one */
	ck_assert_int_eq(
		database_run(tree.database, "UPDATE previous_kernel SET state='undoing'", ""), 0);
	tree_remove_file(&tree, FILE_NAME);
	ck_assert_int_eq(undo(), 1);
	expect_untouched();
}
END_TEST

/* --- whom the verdict blames --------------------------------------------------------------- */

START_TEST(kernel_is_blamed_alone_or_with_what_did_not_change)
{
	struct verdict verdict = { .product = "kernel", .count = 1 };

	ck_assert(recover_kernel_is_blamed(&verdict));
	strcpy(verdict.product, "acme");
	ck_assert(!recover_kernel_is_blamed(&verdict));
	strcpy(verdict.partner, "kernel");
	ck_assert(!recover_kernel_is_blamed(&verdict));
	verdict.suspects[0].reasons = VERDICT_UNCHANGED;
	ck_assert(recover_kernel_is_blamed(&verdict));
	verdict.suspects[0].reasons = VERDICT_CHANGED | VERDICT_PAIR;
	ck_assert(!recover_kernel_is_blamed(&verdict));
}
END_TEST

Suite *suite(void)
{
	Suite *whole = suite_create("previous_kernel");
	TCase *setting = suite_case(whole, "setting", 60);
	TCase *blame = suite_case(whole, "blame", 20);

	tcase_add_checked_fixture(setting, set_up, tear_down);
	tcase_add_test(setting, grub_starts_it_and_gets_its_default_back);
	tcase_add_test(setting, another_file_has_the_last_word);
	tcase_add_test(setting, grub_without_its_program_is_left_alone);
	tcase_add_test(setting, failed_undoing_is_done_again);
	tcase_add_test(setting, file_of_somebody_else_stays);
	tcase_add_test(setting, systemd_boot_starts_it_and_gets_its_default_back);
	tcase_add_test(setting, what_a_person_chose_since_stays);
	tcase_add_test(setting, variable_that_cannot_be_written);
	tcase_add_test(setting, default_that_is_too_long_is_not_cut);
	tcase_add_test(setting, only_an_installed_kernel_is_set);
	tcase_add_test(setting, without_a_known_loader_nothing_is_done);
	tcase_add_test(setting, dry_run_looks_only);
	tcase_add_test(setting, earlier_good_state_knows_another_kernel);
	tcase_add_test(setting, one_below_the_floor_is_passed_over);
	tcase_add_test(setting, one_that_falls_below_the_floor_is_undone);
	tcase_add_test(setting, the_running_one_is_set_where_a_newer_one_is_installed);
	tcase_add_test(setting, the_loader_of_the_good_start_is_remembered);
	tcase_add_test(setting, trial_of_a_kernel);
	tcase_add_test(setting, r57_power_cut_leaves_the_old_or_the_new_default);
	tcase_add_test(blame, kernel_is_blamed_alone_or_with_what_did_not_change);
	return whole;
}
