/* test_crash_text.c: what the text of a crash says
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <string.h>

#include "recovery/crash_text.h"
#include "tests/unit/suite.h"

/* The shape of Linux 6.1: an oops with panic_on_oops, as pstore keeps it. */
#define HEAD "Panic#2 Part1\n"
#define OOPS                                                                                       \
	"<6>[   12.000001] acme_sensor: loading out-of-tree module taints kernel.\n"               \
	"<1>[   12.345678] BUG: kernel NULL pointer dereference, address: 0000000000000008\n"      \
	"<1>[   12.345680] #PF: supervisor read access in kernel mode\n"                           \
	"<4>[   12.345690] Oops: 0000 [#1] PREEMPT SMP PTI\n"                                      \
	"<4>[   12.345700] CPU: 0 PID: 321 Comm: insmod Tainted: G           OE      6.1.0-1\n"    \
	"<4>[   12.345710] RIP: 0010:acme_parse+0x1a/0x40 [acme_sensor]\n"                         \
	"<4>[   12.345720] RSP: 0018:ffffb35d8010b5b0 EFLAGS: 00000246\n"                          \
	"<4>[   12.345730] Call Trace:\n"                                                          \
	"<4>[   12.345740]  do_one_initcall+0x56/0x220\n"                                          \
	"<4>[   12.345750] RIP: 0033:0x7f0a1b2c3d4e\n"                                             \
	"<4>[   12.345760] ---[ end trace 0000000000000000 ]---\n"                                 \
	"<4>[   12.345770] RIP: 0010:acme_parse+0x1a/0x40 [acme_sensor]\n"
#define PANIC_OF_OOPS "<0>[   12.400000] Kernel panic - not syncing: Fatal exception\n"
#define SYSRQ                                                                                      \
	"<6>[   50.000000] sysrq: Trigger a crash\n"                                               \
	"<0>[   50.000001] Kernel panic - not syncing: sysrq triggered crash\n"                    \
	"<4>[   50.000002] CPU: 1 PID: 400 Comm: bash Not tainted 6.1.0-1-amd64 #1\n"
#define NMI                                                                                        \
	"<0>[   60.000000] Uhhuh. NMI received for unknown reason 30 on CPU 0.\n"                  \
	"<0>[   60.000001] Dazed and confused, but trying to continue\n"                           \
	"<0>[   60.000002] Kernel panic - not syncing: NMI: Not continuing\n"

static struct crash read_text(const char *text)
{
	struct crash crash;

	crash_text_read(text, strlen(text), &crash);
	return crash;
}

static const struct {
	const char *text;
	enum crash_class class;
	const char *function;
	const char *module;
} texts[] = {
	{ "", CRASH_NONE, "", "" },
	{ "<6>[    0.000000] Linux version 6.1.0\n", CRASH_NONE, "", "" },
	{ "Oops#1 Part1\n" OOPS, CRASH_OOPS, "acme_parse", "acme_sensor" },
	{ HEAD OOPS PANIC_OF_OOPS, CRASH_PANIC, "acme_parse", "acme_sensor" },
	{ HEAD SYSRQ, CRASH_OPERATOR, "", "" },
	{ HEAD NMI, CRASH_OPERATOR, "", "" },
	/* A hard lockup panics from an NMI too, and nobody asked for it. */
	{ HEAD "<0>[   1.0] Kernel panic - not syncing: Hard LOCKUP\n", CRASH_PANIC, "", "" },
	/* A person's panic after an oops that the kernel survived. */
	{ HEAD OOPS SYSRQ, CRASH_OPERATOR, "acme_parse", "acme_sensor" },
	/* The last panic line is the true one. */
	{ HEAD "<4>[   1.0] Kernel panic - not syncing: sysrq triggered crash\n" OOPS PANIC_OF_OOPS,
	  CRASH_PANIC, "acme_parse", "acme_sensor" },
	/* Before 4.14 the key crashed by a write to address 0. */
	{ HEAD "<1>[   1.0] BUG: unable to handle kernel NULL pointer dereference\n"
	       "<4>[   1.1] RIP: 0010:sysrq_handle_crash+0x16/0x20\n" PANIC_OF_OOPS,
	  CRASH_OPERATOR, "sysrq_handle_crash", "" },
	/* A warning is no crash, and its place is not the crash's. */
	{ "<4>[   1.0] WARNING: CPU: 0 PID: 1 at x.c:1 innocent+0x1/0x2 [bystander]\n"
	  "<4>[   1.1] RIP: 0010:innocent+0x1/0x2 [bystander]\n"
	  "<4>[   1.2] ---[ end trace 0000000000000000 ]---\n",
	  CRASH_NONE, "", "" },
	{ HEAD "<4>[   1.0] WARNING: CPU: 0 PID: 1 at x.c:1 innocent+0x1/0x2 [bystander]\n"
	       "<4>[   1.1] RIP: 0010:innocent+0x1/0x2 [bystander]\n" OOPS PANIC_OF_OOPS,
	  CRASH_PANIC, "acme_parse", "acme_sensor" },
	/* Core code: no module. A build id beside the module. The caller's thread in the stamp. */
	{ HEAD "<1>[   1.0] BUG: unable to handle page fault\n"
	       "<4>[   1.1] RIP: 0010:copy_from_kernel_nofault+0x1/0x2\n" PANIC_OF_OOPS,
	  CRASH_PANIC, "copy_from_kernel_nofault", "" },
	{ "<1>[   1.0][  T321] Oops: Oops: 0000 [#1] PREEMPT SMP\n"
	  "<4>[   1.1][  T321] RIP: 0010:f.isra.0+0x1/0x2 [mod "
	  "0123456789abcdef0123456789abcdef01234567]\n",
	  CRASH_OOPS, "f.isra.0", "mod" },
	{ "<4>[   1.0] general protection fault, probably for non-canonical address 0x1: 0000 "
	  "[#1]\n"
	  "<4>[   1.1] RIP: 0010:0xffffffffc0123456\n",
	  CRASH_OOPS, "", "" },
	/* kdump's text has no prefixes. */
	{ "[   1.0] Kernel panic - not syncing: Fatal exception\n", CRASH_PANIC, "", "" },
	{ "<0>[   1.0] Kernel panic - not syncing: Fatal", CRASH_PANIC, "", "" },
};

START_TEST(reads_the_known_shapes)
{
	struct crash crash = read_text(texts[_i].text);

	ck_assert_str_eq(crash_class_name(crash.class), crash_class_name(texts[_i].class));
	ck_assert_str_eq(crash.function, texts[_i].function);
	ck_assert_str_eq(crash.module, texts[_i].module);
}
END_TEST

/* R12, R30: lines that user space wrote to /dev/kmsg count for nothing. */
START_TEST(user_space_cannot_speak_for_the_kernel)
{
	struct crash crash;

	crash = read_text(HEAD OOPS PANIC_OF_OOPS
			  "<12>[   13.0] Kernel panic - not syncing: sysrq triggered crash\n");
	ck_assert_int_eq(crash.class, CRASH_PANIC);
	crash = read_text("<8>[   1.0] Kernel panic - not syncing: Fatal exception\n");
	ck_assert_int_eq(crash.class, CRASH_NONE);
	crash = read_text(HEAD
			  "<14>[   1.0] BUG: x\n<14>[   1.1] RIP: 0010:f+0x1/0x2 [innocent]\n" OOPS
				  PANIC_OF_OOPS);
	ck_assert_str_eq(crash.module, "acme_sensor");
	/* Nor does a line without a prefix among lines with one. */
	crash = read_text("<6>[   1.0] x\nKernel panic - not syncing: sysrq triggered crash\n");
	ck_assert_int_eq(crash.class, CRASH_NONE);
	/* In the middle of a line it is somebody's text. */
	crash = read_text("<6>[   1.0] comm Kernel panic - not syncing: sysrq triggered crash\n");
	ck_assert_int_eq(crash.class, CRASH_NONE);
	crash = read_text(HEAD "<0>[  1.0] Kernel panic - not syncing: x sysrq triggered crash\n");
	ck_assert_int_eq(crash.class, CRASH_PANIC);
}
END_TEST

START_TEST(long_names_are_no_names)
{
	char text[512] = "<1>[ 1.0] BUG: x\n<4>[ 1.1] RIP: 0010:";
	struct crash crash;

	memset(text + strlen(text), 'f', 200);
	strcat(text, "+0x1/0x2 [m]\n");
	crash = read_text(text);
	ck_assert_int_eq(crash.class, CRASH_OOPS);
	ck_assert_str_eq(crash.function, "");
}
END_TEST

START_TEST(every_cut_of_a_text_is_read)
{
	static const char text[] = HEAD OOPS PANIC_OF_OOPS SYSRQ NMI;
	struct crash crash;

	crash_text_read(NULL, 0, &crash);
	ck_assert_int_eq(crash.class, CRASH_NONE);
	for (size_t from = 0; from < sizeof(text); from += 7)
		for (size_t to = from; to < sizeof(text); to += 5) {
			crash_text_read(text + from, to - from, &crash);
			ck_assert_uint_lt(strlen(crash.function), CRASH_NAME_SIZE);
		}
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("crash_text");
	TCase *tests = suite_case(all, "text", 10);

	tcase_add_loop_test(tests, reads_the_known_shapes, 0,
			    (int)(sizeof(texts) / sizeof(texts[0])));
	tcase_add_test(tests, user_space_cannot_speak_for_the_kernel);
	tcase_add_test(tests, long_names_are_no_names);
	tcase_add_test(tests, every_cut_of_a_text_is_read);
	return all;
}
