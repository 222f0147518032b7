/* test_signature.c: the same crash has the same signature, whatever it came upon
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdio.h>
#include <string.h>

#include "recovery/crash/reader.h"
#include "tests/unit/suite.h"

#define HEAD                                                                                       \
	"BUG: kernel NULL pointer dereference, address: 000000000000009c\n"                        \
	"Oops: 0000 [#1] PREEMPT SMP NOPTI\n"                                                      \
	"CPU: 0 PID: 613 Comm: sleep Tainted: G           OE      6.1.0-56-amd64 #1\n"             \
	"RIP: 0010:acme_tick+0x30/0x70 [acme_sensor]\n"                                            \
	"Call Trace:\n"
#define TIMER                                                                                      \
	" <IRQ>\n call_timer_fn+0x24/0x130\n __run_timers+0x222/0x2c0\n"                           \
	" run_timer_softirq+0x19/0x30\n"
#define TAIL " </TASK>\n---[ end trace 0000000000000000 ]---\n"

static void read_signature(const char *text, char ret[CRASH_SIGNATURE_SIZE])
{
	static struct crash_reader reader;
	struct crash crash;

	crash_reader_init(&reader);
	crash_reader_feed(&reader, text, strlen(text));
	crash_reader_finish(&reader, &crash);
	snprintf(ret, CRASH_SIGNATURE_SIZE, "%s", crash.signature);
}

static bool same(const char *one, const char *other)
{
	char first[CRASH_SIGNATURE_SIZE], second[CRASH_SIGNATURE_SIZE];

	read_signature(one, first);
	read_signature(other, second);
	ck_assert_ptr_nonnull(strstr(first, "acme_tick"));
	return strcmp(first, second) == 0;
}

/* Four of one module's timer were seen on a machine: in the kernel's own work, in a program's, and behind an interrupt. */
START_TEST(a_timer_s_crash_is_the_same_wherever_it_came)
{
	static const char *const traces[] = {
		HEAD TIMER " handle_softirqs+0xd4/0x280\n __irq_exit_rcu+0xac/0xe0\n"
			   " sysvec_apic_timer_interrupt+0x6e/0x90\n </IRQ>\n <TASK>\n"
			   " asm_sysvec_apic_timer_interrupt+0x16/0x20\n"
			   "RIP: 0010:aa_file_perm+0x46/0x4e0\n apparmor_mmap_file+0xb0/0x1e0\n"
			   " security_mmap_file+0x71/0xb0\n" TAIL,
		HEAD TIMER " handle_softirqs+0xd4/0x280\n __irq_exit_rcu+0xac/0xe0\n"
			   " common_interrupt+0x3a/0x90\n asm_common_interrupt+0x16/0x20\n"
			   "RIP: 0033:0x7f1852ab80ac\n" TAIL,
		HEAD TIMER " __do_softirq+0xd4/0x280\n do_softirq+0x3b/0x60\n </IRQ>\n <TASK>\n"
			   " __local_bh_enable_ip+0x5a/0x70\n ext4_readdir+0x1/0x9\n" TAIL,
		HEAD TIMER " handle_softirqs+0xd4/0x280\n run_ksoftirqd+0x28/0x40\n"
			   " smpboot_thread_fn+0xf2/0x210\n kthread+0xe9/0x110\n" TAIL,
	};

	for (size_t i = 1; i < sizeof(traces) / sizeof(traces[0]); i++)
		ck_assert_msg(same(traces[0], traces[i]), "trace %zu", i);
}
END_TEST

START_TEST(another_way_to_the_same_function_is_another_crash)
{
	ck_assert(!same(HEAD " <TASK>\n acme_open+0x1/0x9 [acme_sensor]\n vfs_open+0x1/0x9\n" TAIL,
			HEAD " <TASK>\n acme_close+0x1/0x9 [acme_sensor]\n fput+0x1/0x9\n" TAIL));
	ck_assert(!same(HEAD TIMER " handle_softirqs+0xd4/0x280\n" TAIL,
			HEAD " <IRQ>\n acme_retry+0x1/0x9 [acme_sensor]\n"
			     " call_timer_fn+0x24/0x130\n handle_softirqs+0xd4/0x280\n" TAIL));
}
END_TEST

/* What older calls left on the stack ends no trace. */
START_TEST(frames_that_nobody_vouches_for_are_no_way_in)
{
	const char *plain = HEAD " <TASK>\n acme_open+0x1/0x9 [acme_sensor]\n misc_open+0x1/0x9\n"
				 " vfs_open+0x1/0x9\n" TAIL;

	ck_assert(same(plain, HEAD " <TASK>\n ? exc_page_fault+0x1/0x9\n"
				   " acme_open+0x1/0x9 [acme_sensor]\n"
				   " ? asm_sysvec_apic_timer_interrupt+0x1/0x9\n"
				   " misc_open+0x1/0x9\n vfs_open+0x1/0x9\n" TAIL));
	ck_assert(!same(plain, HEAD " <TASK>\n acme_open+0x1/0x9 [acme_sensor]\n"
				    " ? asm_sysvec_apic_timer_interrupt+0x1/0x9\n"
				    " other_open+0x1/0x9\n vfs_open+0x1/0x9\n" TAIL));
}
END_TEST

/* What hangs was interrupted to be looked at: there the crash is below. */
START_TEST(what_an_interrupt_looked_at_counts)
{
#define STALL                                                                                      \
	"watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [acmed:311]\n"                          \
	"CPU: 0 PID: 311 Comm: acmed Not tainted 6.1.0-56-amd64 #1\n"                              \
	"RIP: 0010:acme_tick+0x30/0x70 [acme_sensor]\n"                                            \
	"Call Trace:\n <IRQ>\n watchdog_timer_fn+0x1a/0x20\n"                                      \
	" sysvec_apic_timer_interrupt+0x6e/0x90\n </IRQ>\n <TASK>\n"                               \
	" asm_sysvec_apic_timer_interrupt+0x16/0x20\n acme_tick+0x30/0x70 [acme_sensor]\n"
	ck_assert(!same(STALL " acme_open+0x1/0x9 [acme_sensor]\n" TAIL,
			STALL " acme_close+0x1/0x9 [acme_sensor]\n" TAIL));
#undef STALL
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("signature");
	TCase *traces = suite_case(all, "traces", 5);

	tcase_add_test(traces, a_timer_s_crash_is_the_same_wherever_it_came);
	tcase_add_test(traces, another_way_to_the_same_function_is_another_crash);
	tcase_add_test(traces, frames_that_nobody_vouches_for_are_no_way_in);
	tcase_add_test(traces, what_an_interrupt_looked_at_counts);
	return all;
}
