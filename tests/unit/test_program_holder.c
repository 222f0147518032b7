/* test_program_holder.c: who has eBPF programs open (R8)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/program_holder.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "recovery/inventory/facts.h"
#include "recovery/inventory/process_descriptors.h"
#include "tests/unit/suite.h"
#include "tests/unit/watched_product.h"

#define TAG	  "0123456789abcdef"
#define OTHER_TAG "fedcba9876543210"
#define SYMBOL	  "bpf_prog_" TAG "_acme_file"
#define PROGRAM	  "anon_inode:bpf-prog"
#define LINK	  "anon_inode:bpf_link"
#define UNIT	  "0::/system.slice/acmed.service\n"
#define ELSEWHERE "0::/system.slice/other.service\n"
#define PYTHON	  "/usr/bin/python3"

#define PROGRAM_INFO(tag)                                                                          \
	"pos:\t0\nflags:\t02000002\nprog_type:\t5\nprog_jited:\t1\nprog_tag:\t" tag                \
	"\nmemlock:\t4096\nprog_id:\t131\n"
#define LINK_INFO(tag)                                                                             \
	"pos:\t0\nflags:\t02000000\nlink_type:\ttracing\nlink_id:\t7\nprog_tag:\t" tag             \
	"\nprog_id:\t131\nattach_type:\t24\n"

static struct fact_list facts;

static void set_up(void)
{
	watched_set_up();
	tree_write(&watched, PYTHON, "an interpreter");
}

static void tear_down(void)
{
	fact_list_free(&facts);
	watched_tear_down();
}

/* --- a made-up /proc ----------------------------------------------------------------------- */

static void put_link(const char *target, const char *path)
{
	char whole[PATH_MAX];

	tree_path(&watched, path, whole);
	ck_assert_int_eq(symlink(target, whole), 0);
}

static void make_process(const char *number, const char *executable, const char *cgroup)
{
	char path[128];

	snprintf(path, sizeof(path), "/proc/%s/cgroup", number);
	tree_write(&watched, path, cgroup);
	snprintf(path, sizeof(path), "/proc/%s/fd/.keep", number);
	tree_write(&watched, path, "");
	snprintf(path, sizeof(path), "/proc/%s/exe", number);
	put_link(executable, path);
}

static void open_descriptor(const char *process, const char *number, const char *target,
			    const char *info)
{
	char path[128];

	snprintf(path, sizeof(path), "/proc/%s/fd/%s", process, number);
	put_link(target, path);
	snprintf(path, sizeof(path), "/proc/%s/fdinfo/%s", process, number);
	tree_write(&watched, path, info);
}

/* A process with one descriptor of a program. */
static void hold(const char *number, const char *executable, const char *cgroup, const char *info)
{
	make_process(number, executable, cgroup);
	open_descriptor(number, "3", PROGRAM, info);
}

/* --- the facts ----------------------------------------------------------------------------- */

static size_t read_facts(void)
{
	static const struct fact_list none = { 0 };
	size_t count = 0;

	fact_list_free(&facts);
	ck_assert_int_eq(facts_read(&watched.context, &none, false, &facts), 0);
	for (size_t i = 0; i < facts.count; i++)
		count += strcmp(facts.items[i].kind, PROGRAM_HOLDER_KIND) == 0;
	return count;
}

static void expect(const char *name, const char *value)
{
	const char *found = fact_list_find(&facts, PROGRAM_HOLDER_KIND, name);

	ck_assert_msg(found && strcmp(found, value) == 0, "%s is %s", name,
		      found ? found : "missing");
}

START_TEST(r8_who_has_programs_open)
{
	make_process("77", TREE_CODE, UNIT);
	open_descriptor("77", "3", PROGRAM, PROGRAM_INFO(TAG));
	open_descriptor("77", "4", LINK, LINK_INFO(TAG));
	open_descriptor("77", "5", PROGRAM, PROGRAM_INFO(OTHER_TAG));
	open_descriptor("77", "6", "anon_inode:bpf-map", PROGRAM_INFO("1111111111111111"));
	open_descriptor("77", "7", "anon_inode:bpf-prog2", PROGRAM_INFO("2222222222222222"));
	hold("78", PYTHON, "1:name=systemd:/user.slice/user-0.slice/session-3.scope\n0::/\n",
	     PROGRAM_INFO(TAG));
	hold("self", TREE_CODE, UNIT, PROGRAM_INFO("3333333333333333"));
	ck_assert_uint_eq(read_facts(), 3);
	expect(TAG " acmed.service " TREE_CODE, "link tracing");
	expect(OTHER_TAG " acmed.service " TREE_CODE, "program");
	expect(TAG " session-3.scope " PYTHON, "program");
	ck_assert_str_eq(fact_list_find(&facts, FACT_READ, PROGRAM_HOLDER_KIND), "");
}
END_TEST

/* Pinned, or attached and left alone: nobody is made up. */
START_TEST(r8_programs_that_nobody_has_open)
{
	make_process("77", TREE_CODE, UNIT);
	tree_write(&watched, "/sys/fs/bpf/acme_file", "");
	ck_assert_uint_eq(read_facts(), 0);
	ck_assert_ptr_nonnull(fact_list_find(&facts, FACT_READ, PROGRAM_HOLDER_KIND));
}
END_TEST

/* A process that ends meanwhile has no descriptors, no text of one, no group or no program any more. */
START_TEST(r8_processes_that_end_meanwhile)
{
	char path[PATH_MAX];

	make_process("71", TREE_CODE, UNIT);
	tree_path(&watched, "/proc/71/fd/3", path);
	ck_assert_int_eq(symlink(PROGRAM, path), 0);
	hold("72", TREE_CODE, UNIT, PROGRAM_INFO(TAG));
	tree_remove_file(&watched, "/proc/72/exe");
	hold("73", TREE_CODE, UNIT, PROGRAM_INFO(TAG));
	tree_remove_file(&watched, "/proc/73/cgroup");
	tree_write(&watched, "/proc/74/comm", "");
	tree_write(&watched, "/proc/75", "");
	ck_assert_uint_eq(read_facts(), 1);
	expect(TAG " - " TREE_CODE, "program");
}
END_TEST

static const struct {
	const char *info;
	bool counts;
} infos[] = {
	{ PROGRAM_INFO(TAG), true },
	{ "prog_tag:\t" TAG, true },
	{ "", false },
	{ "prog_tag:\t", false },
	{ "prog_tag:", false },
	{ " prog_tag:\t" TAG, false },
	{ "path:\t/x prog_tag:\t" TAG "\n", false },
	{ "prog_tag:\t0123456789abcde\n", false },
	{ "prog_tag:\t0123456789abcdef0\n", false },
	{ "prog_tag:\t0123456789ABCDEF\n", false },
	{ "link_type:\tstruct_ops\nlink_id:\t3\n", false },
	/* The kernel's own lines come first: what follows may be of a path that holds a line. */
	{ "prog_tag:\t0123\npath:\t/x\nprog_tag:\t" TAG "\n", false },
};

START_TEST(texts_of_descriptors)
{
	hold("77", TREE_CODE, UNIT, infos[_i].info);
	ck_assert_msg(read_facts() == infos[_i].counts, "%s", infos[_i].info);
}
END_TEST

START_TEST(words_of_links)
{
	make_process("77", TREE_CODE, UNIT);
	open_descriptor("77", "3", LINK, "link_type:\t<99>\nprog_tag:\t" TAG "\n");
	open_descriptor("77", "4", LINK, "link_type:\t\033[31m\nprog_tag:\t" OTHER_TAG "\n");
	ck_assert_uint_eq(read_facts(), 2);
	expect(TAG " acmed.service " TREE_CODE, "link <99>");
	expect(OTHER_TAG " acmed.service " TREE_CODE, "link");
}
END_TEST

/* A path that is not that of a file for everybody, or of a file that was replaced; control characters; too long. */
START_TEST(executables_that_are_not_what_they_seem)
{
	char path[PATH_MAX];

	hold("71", "/opt/acme/bin/gone", ELSEWHERE, PROGRAM_INFO(TAG));
	hold("72", TREE_CODE " (deleted)", ELSEWHERE, PROGRAM_INFO(TAG));
	tree_write(&watched, "/opt/acme/bin/a\nb", "");
	hold("73", "/opt/acme/bin/a\nb", ELSEWHERE, PROGRAM_INFO(TAG));
	hold("74", "memfd:" TREE_CODE, ELSEWHERE, PROGRAM_INFO(TAG));
	tree_write(&watched, "/opt/acme/bin/\xff", "");
	hold("75", "/opt/acme/bin/\xff", ELSEWHERE, PROGRAM_INFO(TAG));
	memset(path, '/', sizeof(path));
	strcpy(path + PROGRAM_EXECUTABLE_SIZE, TREE_CODE);
	hold("76", path, ELSEWHERE, PROGRAM_INFO(TAG));
	ck_assert_uint_eq(read_facts(), 1);
	expect(TAG " other.service -", "program");
}
END_TEST

/* Where this kernel allows us to load one: the real thing. */
START_TEST(r8_a_program_of_our_own)
{
	static const struct context machine = { .root = "" };
	static const struct fact_list none = { 0 };
	struct bpf_insn code[] = { { .code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = 4712 },
				   { .code = BPF_JMP | BPF_EXIT } };
	union bpf_attr attributes = { .prog_type = BPF_PROG_TYPE_SOCKET_FILTER,
				      .insns = (uint64_t)(uintptr_t)code,
				      .insn_cnt = 2,
				      .license = (uint64_t)(uintptr_t) "GPL" };
	long fd = syscall(SYS_bpf, BPF_PROG_LOAD, &attributes, sizeof(attributes));
	char program[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);
	bool found = false;

	if (fd < 0)
		return;
	program[length] = 0;
	ck_assert_int_eq(facts_read(&machine, &none, false, &facts), 0);
	close((int)fd);
	for (size_t i = 0; i < facts.count; i++) {
		struct program_holder holder;

		if (strcmp(facts.items[i].kind, PROGRAM_HOLDER_KIND) != 0)
			continue;
		ck_assert(program_holder_read(facts.items[i].name, &holder));
		found |= strcmp(holder.executable, program) == 0;
	}
	ck_assert(found);
}
END_TEST

static int count_one(const struct process_descriptor *descriptor, void *user)
{
	ck_assert_str_eq(descriptor->target, "x");
	++*(unsigned *)user;
	return 0;
}

START_TEST(descriptors_of_one_process_are_bounded)
{
	char path[PATH_MAX];
	unsigned count = 0;
	int folder;

	make_process("77", TREE_CODE, UNIT);
	tree_path(&watched, "/proc/77/fd", path);
	folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ck_assert_int_ge(folder, 0);
	for (unsigned i = 0; i < PROCESS_DESCRIPTORS_MOST + 9; i++) {
		snprintf(path, sizeof(path), "%u", i);
		ck_assert_int_eq(symlinkat("x", folder, path), 0);
	}
	close(folder);
	ck_assert_int_eq(process_descriptors_walk(&watched.context, count_one, &count), 0);
	ck_assert_uint_eq(count, PROCESS_DESCRIPTORS_MOST);
}
END_TEST

/* --- whose processes they are -------------------------------------------------------------- */

static void make_process_of(const char *number, const char *user, unsigned descriptors)
{
	char path[PATH_MAX], whole[PATH_MAX], status[128];
	int folder;

	make_process(number, TREE_CODE, UNIT);
	snprintf(path, sizeof(path), "/proc/%s/status", number);
	snprintf(status, sizeof(status),
		 "Name:\tacmed\\nUid:\t5\nPid:\t%s\nUid:\t%s\t0\t0\t0\nGid:\t0\t0\t0\t0\n", number,
		 user);
	tree_write(&watched, path, status);
	snprintf(path, sizeof(path), "/proc/%s/fd", number);
	tree_path(&watched, path, whole);
	folder = open(whole, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ck_assert_int_ge(folder, 0);
	for (unsigned i = 0; i < descriptors; i++) {
		snprintf(path, sizeof(path), "%u", i);
		ck_assert_int_eq(symlinkat("x", folder, path), 0);
	}
	close(folder);
}

struct visited {
	char numbers[64];
	unsigned count, sleep_at;
};

static int note_process(const struct process_descriptor *descriptor, void *user)
{
	struct visited *visited = user;
	size_t length = strlen(visited->numbers);

	if (length + 32 < sizeof(visited->numbers))
		snprintf(visited->numbers + length, sizeof(visited->numbers) - length, "%s ",
			 descriptor->process_name);
	if (++visited->count == visited->sleep_at)
		sleep(PROCESS_DESCRIPTORS_SECONDS + 1);
	return 0;
}

static int visit_processes(struct visited *visited)
{
	return process_descriptors_walk(&watched.context, note_process, visited);
}

/* A program with the rights of root is of the user who started it. */
START_TEST(processes_of_root_come_first)
{
	struct visited visited = { .count = 0 };

	make_process_of("5", "1000", 1);
	make_process_of("6", "0", 1);
	make_process_of("7", "998", 1);
	make_process_of("20", "0", 1);
	make_process_of("100", "998", 1);
	ck_assert_int_eq(visit_processes(&visited), 0);
	if (geteuid() == 0) /* else the folders are another user's */
		ck_assert_str_eq(visited.numbers, "6 20 7 100 5 ");
	ck_assert_uint_eq(visited.count, 5);
}
END_TEST

/* R8: nobody hides what others have open. */
START_TEST(r8_descriptors_of_one_user_are_bounded)
{
	struct visited visited = { .count = 0 };

	make_process_of("5", "1000", PROCESS_DESCRIPTORS_MOST);
	make_process_of("6", "1000", PROCESS_DESCRIPTORS_MOST);
	make_process_of("7", "1000", 7);
	make_process_of("8", "1001", 1);
	ck_assert_int_eq(visit_processes(&visited), 0);
	if (geteuid() == 0)
		ck_assert_uint_eq(visited.count, PROCESS_DESCRIPTORS_OF_USER + 1);
}
END_TEST

static const struct {
	const char *user;
	int result;
} slow[] = { { "1000", 0 }, { "999", -ETIME }, { "0", -ETIME } };

/* R8: who is slow among people takes nothing away from what is known of the system. */
START_TEST(r8_time_that_people_take)
{
	struct visited visited = { .sleep_at = 2 };

	if (geteuid() != 0)
		return;
	make_process_of("9", "0", 1);
	make_process_of("20", slow[_i].user, 300);
	ck_assert_int_eq(visit_processes(&visited), slow[_i].result);
	ck_assert_uint_lt(visited.count, 301);
}
END_TEST

/* --- the name of a fact -------------------------------------------------------------------- */

static const struct {
	const char *text;
	bool is_one;
} names[] = {
	{ TAG " acmed.service /opt/acme/bin/acmed", true },
	{ TAG " acmed.service /opt/acme/bin/the daemon", true },
	{ TAG " - /opt/acme/bin/acmed", true },
	{ TAG " acmed.service -", true },
	{ TAG " - -", true },
	{ TAG, false },
	{ TAG " ", false },
	{ TAG " acmed.service", false },
	{ TAG " acmed.service ", false },
	{ TAG "  /opt/acme/bin/acmed", false },
	{ TAG " acmed.service opt", false },
	{ TAG "0 acmed.service /opt/acme/bin/acmed", false },
	{ "0123456789abcde acmed.service /opt/acme/bin/acmed", false },
	{ "", false },
};

START_TEST(names_of_facts)
{
	struct program_holder holder;
	char text[PROGRAM_HOLDER_SIZE];

	ck_assert_msg(program_holder_read(names[_i].text, &holder) == names[_i].is_one, "%s",
		      names[_i].text);
	if (!names[_i].is_one)
		return;
	program_holder_write(&holder, text);
	ck_assert_str_eq(text, names[_i].text);
}
END_TEST

START_TEST(names_of_facts_are_bounded)
{
	struct program_holder holder;
	char text[2 * PROGRAM_HOLDER_SIZE];

	memset(text, 'a', sizeof(text));
	memcpy(text, TAG " ", PROGRAM_TAG_SIZE);
	strcpy(text + PROGRAM_TAG_SIZE + CGROUP_UNIT_SIZE, " /x");
	ck_assert(!program_holder_read(text, &holder));
	memset(text, 'a', sizeof(text));
	memcpy(text, TAG " - /", PROGRAM_TAG_SIZE + 3);
	text[PROGRAM_TAG_SIZE + 2 + PROGRAM_EXECUTABLE_SIZE] = 0;
	ck_assert(!program_holder_read(text, &holder));
	text[PROGRAM_TAG_SIZE + 2 + PROGRAM_EXECUTABLE_SIZE - 1] = 0;
	ck_assert(program_holder_read(text, &holder));
}
END_TEST

Suite *suite(void)
{
	Suite *whole = suite_create("program_holder");
	TCase *reading = suite_case(whole, "reading", 60), *naming = suite_case(whole, "names", 5);

	tcase_add_checked_fixture(reading, set_up, tear_down);
	tcase_add_test(reading, r8_who_has_programs_open);
	tcase_add_test(reading, r8_programs_that_nobody_has_open);
	tcase_add_test(reading, r8_processes_that_end_meanwhile);
	tcase_add_loop_test(reading, texts_of_descriptors, 0,
			    (int)(sizeof(infos) / sizeof(infos[0])));
	tcase_add_test(reading, words_of_links);
	tcase_add_test(reading, executables_that_are_not_what_they_seem);
	tcase_add_test(reading, r8_a_program_of_our_own);
	tcase_add_test(reading, descriptors_of_one_process_are_bounded);
	tcase_add_test(reading, processes_of_root_come_first);
	tcase_add_test(reading, r8_descriptors_of_one_user_are_bounded);
	tcase_add_loop_test(reading, r8_time_that_people_take, 0,
			    (int)(sizeof(slow) / sizeof(slow[0])));
	tcase_add_loop_test(naming, names_of_facts, 0, (int)(sizeof(names) / sizeof(names[0])));
	tcase_add_test(naming, names_of_facts_are_bounded);
	return whole;
}
