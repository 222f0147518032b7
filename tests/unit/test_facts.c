/* test_facts.c: what a generation consists of beside the files of watched products (R8)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/facts.h"

#include <linux/bpf.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "recovery/digest.h"
#include "tests/unit/suite.h"
#include "tests/unit/watched_product.h"

#define RELEASE	   "/proc/sys/kernel/osrelease"
#define KERNEL	   "/boot/vmlinuz-6.1.0-1"
#define STATUS	   "/var/lib/dpkg/status"
#define WANTS	   "/etc/systemd/system/multi-user.target.wants"
#define SHELL_SIZE 1024

static struct fact_list facts;

/* Runs in the folder of the system. */
static void shell(const char *text)
{
	char command[SHELL_SIZE];

	snprintf(command, sizeof(command), "cd '%s' && %s", watched.context.root, text);
	ck_assert_int_eq(system(command), 0);
}

static void set_up(void)
{
	watched_set_up();
	tree_write(&watched, RELEASE, "6.1.0-1\n");
	tree_write(&watched, KERNEL, "an image");
	tree_write(&watched, "/proc/cmdline", "root=/dev/vda1 quiet\n");
	tree_write(&watched, "/proc/modules",
		   "acme_sensor 4096 0 - Live 0x0 (OE)\next4 8192 2 - Live 0x0\n"
		   "../../etc 1 0 - Live 0x0\n");
	tree_write(&watched, "/sys/module/acme_sensor/version", "7.11\n");
	tree_write(&watched, "/sys/module/acme_sensor/srcversion", "ABCD\n");
	tree_write(&watched, "/sys/module/acme_sensor/taint", "OE\n");
	tree_write(&watched, "/sys/module/acme_sensor/initstate", "live\n");
	tree_write(&watched, "/usr/lib/modules/6.1.0-1/modules.dep",
		   "updates/acme-sensor.ko.xz:\nkernel/fs/ext4.ko: kernel/fs/jbd2.ko\n"
		   "../acme-sensor.ko:\nno module\n");
	tree_write(&watched, "/usr/lib/modules/acme-sensor.ko", "outside");
	tree_write(&watched, STATUS,
		   "Package: acme\nStatus: install ok installed\nArchitecture: amd64\n"
		   "Description: x\n Version: 9\nVersion: 7.11-1\n\n"
		   "Package: gone\nStatus: deinstall ok config-files\nVersion: 1\n\n"
		   "Package: libc6\nStatus: hold ok installed\nArchitecture: all\nVersion: 2.36\n");
	shell("mkdir -p ." WANTS " etc/systemd/system/other && ln -s /usr/lib/acme.service ." WANTS
	      " && ln -s /x etc/systemd/system/other/no.service && touch ." WANTS "/file.service");
	shell("mkdir -p proc/77/fd proc/77/fdinfo proc/78/fd proc/self/fd &&"
	      " ln -s 'anon_inode:[fanotify]' proc/77/fd/3 &&"
	      " ln -s 'anon_inode:[fanotify]' proc/77/fd/4 &&"
	      " ln -s 'anon_inode:[fanotify]x' proc/78/fd/3 &&"
	      " ln -s 'anon_inode:[fanotify]' proc/self/fd/3 &&"
	      " ln -s /opt/acme/bin/acmed proc/77/exe && ln -s /bin/sh proc/78/exe &&"
	      " printf 'pos:\t0\\nfanotify flags:0 event-flags:8000\\n' >proc/77/fdinfo/3 &&"
	      " printf 'pos:\t0\\nfanotify flags:5 event-flags:8000\\n' >proc/77/fdinfo/4");
}

static void tear_down(void)
{
	fact_list_free(&facts);
	watched_tear_down();
}

/* Reads them all; `known` may be NULL. */
static void read_all(const struct fact_list *known, bool at_run_time)
{
	static const struct fact_list none = { 0 };

	fact_list_free(&facts);
	ck_assert_int_eq(facts_read(&watched.context, known ? known : &none, at_run_time, &facts),
			 0);
}

static void expect(const char *kind, const char *name, const char *value)
{
	const char *found = fact_list_find(&facts, kind, name);

	if (value)
		ck_assert_msg(found && strcmp(found, value) == 0, "%s %s is %s, not %s", kind, name,
			      found ? found : "missing", value);
	else
		ck_assert_msg(!found, "%s %s is there", kind, name);
}

static size_t count(const char *kind)
{
	size_t found = 0;

	for (size_t i = 0; i < facts.count; i++)
		found += strcmp(facts.items[i].kind, kind) == 0;
	return found;
}

/* --- reading ------------------------------------------------------------------------------- */

START_TEST(r8_kernel_and_command_line)
{
	char sha256[DIGEST_TEXT_SIZE];

	ck_assert_int_eq(digest_bytes("an image", 8, sha256), 0);
	read_all(NULL, false);
	expect("kernel", "release", "6.1.0-1");
	expect("kernel", "image", sha256);
	expect("command-line", "text", "root=/dev/vda1 quiet");
}
END_TEST

START_TEST(r8_loaded_modules)
{
	read_all(NULL, false);
	expect("module", "acme_sensor", "7.11 ABCD OE");
	expect("module", "ext4", "- - -");
	ck_assert_uint_eq(count("module"), 2);
}
END_TEST

START_TEST(r8_files_of_modules_from_elsewhere)
{
	char sha256[DIGEST_TEXT_SIZE];

	ck_assert_int_eq(digest_bytes("good " TREE_MODULE, strlen("good " TREE_MODULE), sha256), 0);
	read_all(NULL, false);
	expect("module-file", TREE_MODULE, sha256);
	ck_assert_uint_eq(count("module-file"), 1);
	/* Anybody can say that he built it within the kernel's tree, and not sign it. */
	tree_write(&watched, "/sys/module/acme_sensor/taint", "E\n");
	read_all(NULL, false);
	expect("module-file", TREE_MODULE, sha256);
	expect("module-signer", TREE_MODULE, "unknown");
	/* One that the kernel came with says nothing that the kernel's own digest does not. */
	tree_write(&watched, "/sys/module/acme_sensor/taint", "P\n");
	read_all(NULL, false);
	ck_assert_uint_eq(count("module-file"), 0);
}
END_TEST

START_TEST(r8_signers_of_modules_from_elsewhere)
{
	read_all(NULL, false);
	/* Its file has nothing of a module in it, as a compressed one. */
	expect("module-signer", TREE_MODULE, "unknown");
	expect("module-import", TREE_MODULE, "unknown");
	shell("cat \"$OLDPWD\"/tests/fuzz/corpus/module_signature/issuer >." TREE_MODULE);
	read_all(NULL, false);
	expect("module-signer", TREE_MODULE,
	       "signed by Acme Module Signing (sha256, key A1:B2:C3)");
	shell("cat \"$OLDPWD\"/tests/fuzz/corpus/module_signature/unsigned >." TREE_MODULE);
	read_all(NULL, false);
	expect("module-signer", TREE_MODULE, "not signed");
	ck_assert_uint_eq(count("module-signer"), 1);
	shell("cat \"$OLDPWD\"/tests/fuzz/corpus/module_imports/kprobes >." TREE_MODULE);
	read_all(NULL, false);
	expect("module-import", TREE_MODULE, "kprobes notifiers");
	/* Whose files are not known, their signers are not known either. */
	shell("rm usr/lib/modules/6.1.0-1/modules.dep");
	read_all(NULL, false);
	expect(FACT_READ, "module-signer", NULL);
	expect(FACT_READ, "module-import", NULL);
}
END_TEST

/* It takes seconds where there are many, and a hostile one takes all that it may. */
START_TEST(packed_modules_are_unpacked_once)
{
	char path[8192];

	shell("gzip -c <\"$OLDPWD\"/tests/fuzz/corpus/module_signature/issuer >." TREE_MODULE
	      " && mkdir programs && printf '#!/bin/sh\\necho >>%s/calls\\nPATH=%s exec gzip "
	      "\"$@\"\\n'"
	      " \"$PWD\" \"$PATH\" >programs/gzip && chmod 755 programs/gzip");
	snprintf(path, sizeof(path), "%s/programs:%s", watched.context.root, getenv("PATH"));
	ck_assert_int_eq(setenv("PATH", path, 1), 0);
	read_all(NULL, false);
	expect("module-signer", TREE_MODULE,
	       "signed by Acme Module Signing (sha256, key A1:B2:C3)");
	shell("test \"$(wc -l <calls)\" = 1");
	/* One that is cut off. */
	shell("rm calls && head -c 60 ." TREE_MODULE " >cut && cat cut >." TREE_MODULE);
	read_all(NULL, false);
	expect("module-signer", TREE_MODULE, "unknown");
	expect("module-import", TREE_MODULE, "unknown");
	shell("test \"$(wc -l <calls)\" = 1");
}
END_TEST

START_TEST(modules_from_elsewhere_that_hook)
{
	static const char text[] = "open (1) R\ttramp: 0xff (hook+0x0/0x4 [acme_sensor])\n"
				   "close (1)\ttramp: 0xff (hook+0x0/0x4 [ext4])\n"
				   "read [acme_old] (1)\ttramp: 0xff (hook+0x0/0x4 [gone])\n";

	read_all(NULL, false);
	expect(FACT_READ, "module-hook", NULL);
	tree_write(&watched, "/sys/kernel/debug/tracing/enabled_functions", text);
	tree_write(&watched, "/sys/module/acme_old/initstate", "live\n");
	tree_write(&watched, "/sys/module/acme_old/taint", "OE\n");
	tree_write(&watched, "/sys/module/ext4/initstate", "live\n");
	read_all(NULL, false);
	expect("module-hook", "acme_sensor", "ftrace");
	ck_assert_uint_eq(count("module-hook"), 1);
	tree_write(&watched, "/sys/kernel/tracing/enabled_functions", "");
	read_all(NULL, false);
	ck_assert_uint_eq(count("module-hook"), 0);
	expect(FACT_READ, "module-hook", "");
}
END_TEST

/* Where this kernel allows us to load one. */
START_TEST(r8_loaded_programs)
{
	static const struct context machine = { .root = "" };
	static const struct fact_list none = { 0 };
	struct bpf_insn code[] = { { .code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = 4711 },
				   { .code = BPF_JMP | BPF_EXIT } };
	union bpf_attr attributes = { .prog_type = BPF_PROG_TYPE_SOCKET_FILTER,
				      .insns = (uint64_t)(uintptr_t)code,
				      .insn_cnt = 2,
				      .license = (uint64_t)(uintptr_t) "GPL",
				      .prog_name = "daruma_test" };
	long fd = syscall(SYS_bpf, BPF_PROG_LOAD, &attributes, sizeof(attributes));
	bool found = false;

	if (fd < 0)
		return;
	ck_assert_int_eq(facts_read(&machine, &none, false, &facts), 0);
	close((int)fd);
	for (size_t i = 0; i < facts.count; i++)
		found |= strcmp(facts.items[i].kind, "program") == 0 &&
			 strncmp(facts.items[i].name, "daruma_test/", 12) == 0 &&
			 strlen(facts.items[i].name) == 28 &&
			 strcmp(facts.items[i].value, "1") == 0;
	/* Who may load one may not always list them. */
	ck_assert(found || !fact_list_find(&facts, FACT_READ, "program"));
}
END_TEST

/* Whether the kernel has a symbol of a program or function with that tag; true where it tells of none at all. */
static bool kernel_names(const char *tag)
{
	FILE *symbols = fopen("/proc/kallsyms", "re");
	char line[1024], name[64];
	bool found = false, any = false;

	snprintf(name, sizeof(name), " bpf_prog_%s", tag);
	while (symbols && fgets(line, sizeof(line), symbols)) {
		any |= strstr(line, "[bpf]") != NULL;
		found |= strstr(line, name) != NULL;
	}
	if (symbols)
		fclose(symbols);
	return found || !any;
}

/* Each function of a program has a name and a tag of its own in the texts of the kernel. */
START_TEST(r8_functions_of_loaded_programs)
{
	static const struct context machine = { .root = "" };
	static const struct fact_list none = { 0 };
	struct bpf_insn code[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 1, .imm = 4713 },
		{ .code = BPF_JMP | BPF_CALL, .src_reg = BPF_PSEUDO_CALL, .imm = 1 },
		{ .code = BPF_JMP | BPF_EXIT },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_X, .src_reg = 1 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attributes = { .prog_type = BPF_PROG_TYPE_SOCKET_FILTER,
				      .insns = (uint64_t)(uintptr_t)code,
				      .insn_cnt = sizeof(code) / sizeof(code[0]),
				      .license = (uint64_t)(uintptr_t) "GPL",
				      .prog_name = "daruma_two" };
	long fd = syscall(SYS_bpf, BPF_PROG_LOAD, &attributes, sizeof(attributes));

	if (fd < 0)
		return;
	ck_assert_int_eq(facts_read(&machine, &none, false, &facts), 0);
	for (size_t i = 0; i < facts.count; i++) {
		const char *value = facts.items[i].value;

		if (strcmp(facts.items[i].kind, "program") != 0 ||
		    strncmp(facts.items[i].name, "daruma_two/", 11) != 0 || strcmp(value, "1") == 0)
			continue; /* the last: programs are not compiled here */
		ck_assert_uint_eq(strlen(value), 1 + 2 * 17);
		ck_assert_msg(kernel_names(value + 1 + 17 + 1), "%s", value);
	}
	close((int)fd);
}
END_TEST

START_TEST(r8_enabled_units)
{
	read_all(NULL, false);
	expect("unit", "multi-user.target.wants/acme.service", "/usr/lib/acme.service");
	ck_assert_uint_eq(count("unit"), 1);
}
END_TEST

START_TEST(r8_packages)
{
	read_all(NULL, false);
	expect("package", "acme:amd64", "7.11-1");
	expect("package", "libc6:all", "2.36");
	ck_assert_uint_eq(count("package"), 2);
}
END_TEST

START_TEST(r8_fanotify_users)
{
	read_all(NULL, false);
	expect("fanotify", "/opt/acme/bin/acmed", "blocks");
	ck_assert_uint_eq(count("fanotify"), 1);
}
END_TEST

/* No line of a status file, however long, is taken for another. */
START_TEST(long_lines_stay_lines)
{
	char *text = malloc(20000);

	memset(text, 'x', 10000);
	sprintf(text + 10000, "Version: 3\nPackage: p\nStatus: install ok installed\n"
			      "Architecture: a\nVersion: 1\n");
	tree_write(&watched, STATUS, text);
	free(text);
	read_all(NULL, false);
	expect("package", "p:a", "1");
}
END_TEST

START_TEST(what_cannot_be_read_is_unknown_and_no_failure)
{
	shell("rm -r proc etc/systemd boot var/lib/dpkg");
	read_all(NULL, false);
	ck_assert_uint_eq(facts.count, 0);
	tree_write(&watched, RELEASE, "../../x\n");
	read_all(NULL, false);
	expect("kernel", "release", NULL);
}
END_TEST

/* --- what is not read again ---------------------------------------------------------------- */

/* A list as it might have been read before, from the files that are there. */
static struct fact_list mark_facts(const char *kind, const char *name, const char *value)
{
	struct fact_list known = { 0 };

	for (size_t i = 0; i < facts.count; i++) {
		const struct fact *fact = &facts.items[i];
		bool ours = strcmp(fact->kind, kind) == 0 && strcmp(fact->name, name) == 0;

		ck_assert_int_eq(
			fact_list_add(&known, fact->kind, fact->name, ours ? value : fact->value),
			0);
	}
	return known;
}

START_TEST(untouched_files_are_not_read_again)
{
	struct fact_list known;

	read_all(NULL, false);
	known = mark_facts("package", "acme:amd64", "from before");
	read_all(&known, false);
	expect("package", "acme:amd64", "from before");
	shell("touch ." STATUS);
	read_all(&known, false);
	expect("package", "acme:amd64", "7.11-1");
	fact_list_free(&known);
	known = mark_facts("kernel", "image", "from before");
	read_all(&known, false);
	expect("kernel", "image", "from before");
	/* Another kernel is another file. */
	tree_write(&watched, RELEASE, "6.1.0-2\n");
	shell("cp -p ." KERNEL " boot/vmlinuz-6.1.0-2");
	read_all(&known, false);
	expect("kernel", "release", "6.1.0-2");
	ck_assert_str_ne(fact_list_find(&facts, "kernel", "image"), "from before");
	fact_list_free(&known);
}
END_TEST

/* A kernel that was installed at run time has not run. */
START_TEST(only_a_start_proves_a_kernel)
{
	struct fact_list known;

	read_all(NULL, false);
	known = mark_facts("kernel", "image", "that which runs");
	tree_write(&watched, KERNEL, "another image");
	tree_write(&watched, STATUS, "");
	read_all(&known, true);
	expect("kernel", "image", "that which runs");
	ck_assert_uint_eq(count("package"), 0);
	ck_assert(!facts_start_differs(&known, &facts));
	read_all(&known, false);
	ck_assert(facts_start_differs(&known, &facts));
	fact_list_free(&known);
}
END_TEST

/* --- of a generation ----------------------------------------------------------------------- */

static const char *stored(int64_t generation, const char *kind, const char *name)
{
	fact_list_free(&facts);
	ck_assert_int_eq(fact_list_load(watched.database, generation, &facts), 0);
	return fact_list_find(&facts, kind, name);
}

START_TEST(r8_generations_have_facts)
{
	ck_assert_int_eq(watched_take("good-boot"), 1);
	ck_assert_str_eq(stored(1, "package", "acme:amd64"), "7.11-1");
	/* The same files: one generation, with the facts of now. */
	tree_write(&watched, "/proc/modules", "");
	ck_assert_int_eq(watched_take("good-boot"), 1);
	ck_assert_ptr_null(stored(1, "module", "ext4"));
	/* Another kernel is another state. */
	tree_write(&watched, RELEASE, "6.1.0-2\n");
	ck_assert_int_eq(watched_take("good-boot"), 2);
	ck_assert_str_eq(stored(1, "kernel", "release"), "6.1.0-1");
	ck_assert_str_eq(stored(2, "kernel", "release"), "6.1.0-2");
	ck_assert_int_eq(watched_take("good-boot"), 2);
}
END_TEST

START_TEST(what_is_good_is_not_replaced_by_what_is_not)
{
	ck_assert_int_eq(watched_take("good-boot"), 1);
	tree_write(&watched, "/proc/modules", "");
	ck_assert_int_eq(watched_take("install"), 1);
	ck_assert_ptr_nonnull(stored(1, "module", "ext4"));
}
END_TEST

START_TEST(facts_go_with_their_generation)
{
	watched.policy.generations = 1;
	watched_take("good-boot");
	tree_write(&watched, TREE_CODE, "newer");
	watched_take("good-boot");
	ck_assert_int_eq(tree_query(&watched, "SELECT COUNT(DISTINCT generation) FROM fact"), 1);
}
END_TEST

Suite *suite(void)
{
	Suite *whole = suite_create("facts");
	TCase *kinds = suite_case(whole, "kinds", 60);

	tcase_add_checked_fixture(kinds, set_up, tear_down);
	tcase_add_test(kinds, r8_kernel_and_command_line);
	tcase_add_test(kinds, r8_loaded_modules);
	tcase_add_test(kinds, r8_files_of_modules_from_elsewhere);
	tcase_add_test(kinds, r8_signers_of_modules_from_elsewhere);
	tcase_add_test(kinds, packed_modules_are_unpacked_once);
	tcase_add_test(kinds, modules_from_elsewhere_that_hook);
	tcase_add_test(kinds, r8_loaded_programs);
	tcase_add_test(kinds, r8_functions_of_loaded_programs);
	tcase_add_test(kinds, r8_enabled_units);
	tcase_add_test(kinds, r8_packages);
	tcase_add_test(kinds, r8_fanotify_users);
	tcase_add_test(kinds, long_lines_stay_lines);
	tcase_add_test(kinds, what_cannot_be_read_is_unknown_and_no_failure);
	tcase_add_test(kinds, untouched_files_are_not_read_again);
	tcase_add_test(kinds, only_a_start_proves_a_kernel);
	tcase_add_test(kinds, r8_generations_have_facts);
	tcase_add_test(kinds, what_is_good_is_not_replaced_by_what_is_not);
	tcase_add_test(kinds, facts_go_with_their_generation);
	return whole;
}
