/* test_crash.c: what the text of a crash says
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdlib.h>
#include <string.h>

#include "recovery/crash/innocent.h"
#include "recovery/crash/reader.h"
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

/* What a processor prints of itself when a fault is in no trace: lines of no meaning to the reader. */
#define CPU	"CPU: 1 PID: 77 Comm: acme_agent Tainted: P           OE      6.1.0-9-amd64 #1\n"
#define MODULES "Modules linked in: bystander(OE) acme_sensor(OE) ext4 crc16\n"

static struct crash read_pieces(const char *text, size_t size, size_t step)
{
	struct crash_reader *reader = malloc(sizeof(*reader));
	struct crash crash;

	/* Whatever was in that memory. */
	memset(reader, 0xa5, sizeof(*reader));
	crash_reader_init(reader);
	for (size_t at = 0; at < size; at += step)
		crash_reader_feed(reader, text + at, size - at < step ? size - at : step);
	crash_reader_finish(reader, &crash);
	free(reader);
	return crash;
}

static struct crash read_text(const char *text)
{
	return read_pieces(text, strlen(text), 4096);
}

/* As pstore keeps them: R4 asks for the class. */
static const struct {
	const char *text;
	enum crash_class class;
	const char *function;
	const char *module;
} dumps[] = {
	{ "", CRASH_NONE, "", "" },
	{ "<6>[    0.000000] Linux version 6.1.0\n", CRASH_NONE, "", "" },
	{ "Oops#1 Part1\n" OOPS, CRASH_OOPS, "acme_parse", "acme_sensor" },
	{ HEAD OOPS PANIC_OF_OOPS, CRASH_PANIC, "acme_parse", "acme_sensor" },
	{ HEAD SYSRQ, CRASH_OPERATOR, "", "" },
	{ HEAD NMI, CRASH_OPERATOR, "", "" },
	/* A hard lockup panics from an NMI too, and nobody asked for it. */
	{ HEAD "<0>[   1.0] Kernel panic - not syncing: Hard LOCKUP\n", CRASH_PANIC, "", "" },
	{ HEAD "<0>[   1.0] Kernel panic - not syncing: NMI IOCK error: Not continuing\n",
	  CRASH_PANIC, "", "" },
	/* A person's panic after an oops that the kernel survived: nobody is to blame for it. */
	{ HEAD OOPS SYSRQ, CRASH_OPERATOR, "", "" },
	/* The last panic line is the true one. */
	{ HEAD "<4>[   1.0] Kernel panic - not syncing: sysrq triggered crash\n" OOPS PANIC_OF_OOPS,
	  CRASH_PANIC, "acme_parse", "acme_sensor" },
	/* Before 4.14 the key crashed by a write to address 0. */
	{ HEAD "<1>[   1.0] BUG: unable to handle kernel NULL pointer dereference\n"
	       "<4>[   1.1] RIP: 0010:sysrq_handle_crash+0x16/0x20\n" PANIC_OF_OOPS,
	  CRASH_OPERATOR, "", "" },
	/* A warning is no crash, and its place is not the crash's. */
	{ HEAD "<4>[   1.0] WARNING: CPU: 0 PID: 1 at x.c:1 innocent+0x1/0x2 [bystander]\n" OOPS
		  PANIC_OF_OOPS,
	  CRASH_PANIC, "acme_parse", "acme_sensor" },
	{ "<4>[   1.0] WARNING: CPU: 0 PID: 1 at x.c:1 checked+0x1/0x2 [acme_sensor]\n"
	  "<4>[   1.1] RIP: 0010:checked+0x1/0x2 [acme_sensor]\n"
	  "<4>[   1.2] ---[ end trace 0000000000000000 ]---\n",
	  CRASH_NONE, "checked", "acme_sensor" },
	/* A build id beside the module. The caller's thread in the stamp. */
	{ "<1>[   1.0][  T321] Oops: Oops: 0000 [#1] PREEMPT SMP\n"
	  "<4>[   1.1][  T321] RIP: 0010:f.isra.0+0x1/0x2 [mod "
	  "0123456789abcdef0123456789abcdef01234567]\n",
	  CRASH_OOPS, "f", "mod" },
	{ "<4>[   1.0] general protection fault, probably for non-canonical address 0x1: 0000 "
	  "[#1]\n"
	  "<4>[   1.1] RIP: 0010:0xffffffffc0123456\n",
	  CRASH_OOPS, "", "" },
	/* kdump's text has no facilities. */
	{ "[   1.0] Kernel panic - not syncing: Fatal exception\n", CRASH_PANIC, "", "" },
	{ "<0>[   1.0] Kernel panic - not syncing: Fatal", CRASH_PANIC, "", "" },
};

START_TEST(dumps_are_classed)
{
	struct crash crash = read_text(dumps[_i].text);

	ck_assert_str_eq(crash_class_name(crash.class), crash_class_name(dumps[_i].class));
	ck_assert_str_eq(crash.function, dumps[_i].function);
	ck_assert_str_eq(crash.module, dumps[_i].module);
}
END_TEST

static const struct {
	const char *text;
	const char *kind;
	const char *function;
	const char *module;
	const char *program;
	const char *quality;
} shapes[] = {
	/* x86-64: the oldest and the newest form of a pointer and a frame */
	{ "BUG: unable to handle kernel paging request at ffffc90000000000\n" MODULES CPU
	  "RIP: 0010:[<ffffffffc0123456>]  [<ffffffffc0123456>] acme_read+0x16/0x90 [acme_sensor]\n"
	  "Call Trace:\n [<ffffffff81234567>] vfs_read+0x95/0x190\n",
	  "page_fault", "acme_read", "acme_sensor", "", "good" },
	{ "Oops: general protection fault, probably for non-canonical address 0x1: 0000 [#1] "
	  "SMP\n" CPU "RIP: 0010:acme_hook+0x3b/0x60 [acme_sensor]\nCall Trace:\n <TASK>\n"
	  " ? die_addr+0x36/0x90\n vfs_open+0x2d/0x40\n </TASK>\n",
	  "general_protection", "acme_hook", "acme_sensor", "", "good" },
	{ "Oops: invalid opcode: 0000 [#1] SMP\nRIP: 0010:acme_run+0x1/0x2 [acme_sensor]\n",
	  "invalid_opcode", "acme_run", "acme_sensor", "", "partial" },
	/* 64-bit ARM */
	{ "Unable to handle kernel NULL pointer dereference at virtual address 0000000000000010\n"
	  "Mem abort info:\nInternal error: Oops: 0000000096000004 [#1] SMP\n" MODULES
	  "pstate: 60400005 (nZCv daif +PAN -UAO)\npc : acme_walk+0x24/0xa0 [acme_sensor]\n"
	  "lr : innocent+0x1c/0x40 [bystander]\nCall trace:\n acme_walk+0x24/0xa0 [acme_sensor] "
	  "(P)\n"
	  " vfs_write+0xc8/0x2a0\n",
	  "null_deref", "acme_walk", "acme_sensor", "", "good" },
	{ "Internal error: synchronous external abort: 96000210 [#1] SMP\n"
	  "pc : acme_map+0x24/0xa0 [acme_sensor]\n",
	  "external_abort", "acme_map", "acme_sensor", "", "partial" },
	/* RISC-V */
	{ "Unable to handle kernel paging request at virtual address ff60000000000000\nOops [#1]\n"
	  "epc : acme_poke+0x12/0x30 [acme_sensor]\n ra : innocent+0x1c/0x40 [bystander]\n"
	  "[<ffffffff01234567>] acme_poke+0x12/0x30 [acme_sensor]\n",
	  "page_fault", "acme_poke", "acme_sensor", "", "partial" },
	/* A helper at the pointer: the first frame that is not one. */
	{ "BUG: unable to handle page fault for address: ffff888100000000\n" CPU
	  "RIP: 0010:memcpy_erms+0x6/0x10\nCall Trace:\n ? __die+0x24/0x70\n"
	  " _raw_spin_lock_irqsave+0x1/0x2\n acme_copy+0x1/0x2 [acme_sensor]\n",
	  "page_fault", "acme_copy", "acme_sensor", "", "good" },
	{ "list_add corruption. next->prev should be prev (1), but was 2. (next=3).\n"
	  "------------[ cut here ]------------\nkernel BUG at lib/list_debug.c:29!\n"
	  "invalid opcode: 0000 [#1] SMP\nRIP: 0010:__list_add_valid+0x47/0x80\nCall Trace:\n"
	  " acme_queue+0x1/0x2 [acme_sensor]\n",
	  "list_corruption", "acme_queue", "acme_sensor", "", "good" },
	{ "BUG: KASAN: slab-use-after-free in memset+0x1/0x2\nRead of size 8 at addr 1\nCall "
	  "Trace:\n"
	  " dump_stack_lvl+0x1/0x2\n kasan_report+0x1/0x2\n memset+0x1/0x2\n"
	  " acme_clear+0x1/0x2 [acme_sensor]\n\nFreed by task 1:\n innocent+0x1/0x2 [bystander]\n",
	  "use_after_free", "acme_clear", "acme_sensor", "", "good" },
	/* Nobody but a helper is left, or entries that the unwinder does not vouch for. */
	{ "BUG: unable to handle page fault\nRIP: 0010:copy_from_kernel_nofault+0x1/0x2\n",
	  "page_fault", "copy_from_kernel_nofault", "", "", "poor" },
	{ "general protection fault: 0000 [#1]\nRIP: 0010:0xffffffffc0123456\nCall Trace:\n"
	  " ? acme_ioctl+0x1/0x2 [acme_sensor]\n",
	  "general_protection", "acme_ioctl", "acme_sensor", "", "poor" },
	/* A check in the kernel, or in an interface for drivers, speaks of its caller; one in a driver of itself. */
	{ "WARNING: CPU: 1 PID: 7 at net/wireless/core.c:9 wiphy_add+0x1/0x2 [cfg80211]\n" CPU
	  "RIP: 0010:wiphy_add+0x1/0x2 [cfg80211]\nCall Trace:\n ? innocent+0x1/0x2 [bystander]\n"
	  " acme_probe+0x1/0x2 [acme_radio]\n",
	  "warning", "wiphy_add", "acme_radio", "", "good" },
	{ "WARNING: net/core/dev.c:12 at netif_check+0x1/0x2, CPU#1: acme/7\n"
	  "RIP: 0010:netif_check+0x1/0x2\nCall Trace:\n acme_up+0x1/0x2 [acme_radio]\n",
	  "warning", "netif_check", "acme_radio", "", "good" },
	{ "WARNING: CPU: 1 PID: 7 at a.c:9 acme_check+0x1/0x2 [acme_sensor]\n"
	  "Call Trace:\n innocent+0x1/0x2 [bystander]\n",
	  "warning", "acme_check", "acme_sensor", "", "good" },
	/* A module far below a fault in the kernel has nothing to do with it. */
	{ "BUG: kernel NULL pointer dereference, address: 0000000000000008\n"
	  "RIP: 0010:ext4_lookup+0x1/0x2\nCall Trace:\n lookup_slow+0x1/0x2\n "
	  "walk_component+0x1/0x2\n"
	  " path_lookupat+0x1/0x2\n innocent+0x1/0x2 [bystander]\n",
	  "null_deref", "ext4_lookup", "", "", "good" },
	/* The words of a warning come before it. */
	{ "BUG: acme object still in use\n------------[ cut here ]------------\n"
	  "WARNING: CPU: 1 PID: 7 at a.c:9 acme_check+0x1/0x2 [acme_sensor]\n",
	  "other", "acme_check", "acme_sensor", "", "partial" },
	/* An old kernel prints the pointer before the code of the oops. */
	{ "BUG: unable to handle kernel paging request at ffffffffffffffd8\nIP: memcmp+0x9/0x40\n"
	  "Oops: 0000 [#1] SMP\nRIP: 0010:memcmp+0x9/0x40\nCall Trace:\n acme_find+0x1/0x2 "
	  "[acme_sensor]\n",
	  "page_fault", "acme_find", "acme_sensor", "", "good" },
	/* lockdep says where the lock was asked for, be it by a lock function. */
	{ "WARNING: possible circular locking dependency detected\nacme/7 is trying to acquire "
	  "lock:\n"
	  "00000000 (&a->lock){+.+.}, at: flush_work+0x1/0x2\nbut task is already holding lock:\n"
	  "00000001 (&b->lock){+.+.}, at: [<ffffffff81234567>] acme_set+0x1/0x2 [acme_sensor]\n"
	  "-> #1 (&b->lock){+.+.}:\n innocent+0x1/0x2 [bystander]\n",
	  "warning", "acme_set", "acme_sensor", "", "partial" },
	/* The second trace is that of the processor that stands still; its pointer comes before it. */
	{ "rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:\nCall Trace:\n schedule+0x1/0x2\n"
	  " rcu_gp_kthread+0x1/0x2\n kthread+0x1/0x2\nSending NMI from CPU 0 to CPUs 1:\n"
	  "NMI backtrace for cpu 1\n" CPU "RIP: 0010:inner+0x1/0x2\nCall Trace:\n outer+0x1/0x2\n"
	  " call_timer_fn+0x1/0x2\n other+0x1/0x2\n do_syscall_64+0x1/0x2\n",
	  "rcu_stall", "outer", "", "", "good" },
	/* The screen cut the module's name: better nobody than another. */
	{ "WARNING: CPU: 1 PID: 7 at a.c:9\nRIP: 0010:acme_check+0x1/0x2 [acme_s>\n"
	  "Call Trace:\n innocent+0x1/0x2 [bystander]\n",
	  "warning", "acme_check", "", "", "good" },
	/* eBPF: the program at the pointer, or that called the helper at it; kernel functions so named are none */
	{ "BUG: kernel NULL pointer dereference, address: 0000000000000000\n"
	  "RIP: 0010:bpf_prog_0123456789abcdef_acme_file+0x17/0x24\n",
	  "null_deref", "bpf_prog_0123456789abcdef_acme_file", "",
	  "bpf_prog_0123456789abcdef_acme_file", "partial" },
	{ "BUG: unable to handle page fault for address: ffffffffff600c7d\n"
	  "RIP: 0010:copy_from_kernel_nofault+0x6f/0x110\nCall Trace:\n"
	  " bpf_probe_read_kernel+0x1d/0x50\n bpf_prog_0123456789abcdef_acme_file+0x17/0x24\n"
	  " trace_call_bpf+0x1/0x2\n",
	  "page_fault", "bpf_prog_0123456789abcdef_acme_file", "",
	  "bpf_prog_0123456789abcdef_acme_file", "good" },
	{ "BUG: unable to handle page fault for address: ffffffffff600c7d\n"
	  "RIP: 0010:bpf_prog_put_deferred+0x1/0x2\n",
	  "page_fault", "bpf_prog_put_deferred", "", "", "partial" },
	/* Stalls: the task's trace, not that of the watchdog that found it */
	{ "INFO: task acme_agent:321 blocked for more than 120 seconds.\n"
	  "task:acme_agent state:D stack:0 pid:321 ppid:1 flags:0x00000000\nCall Trace:\n"
	  " __schedule+0x1/0x2\n schedule+0x1/0x2\n rwsem_down_write_slowpath+0x1/0x2\n"
	  " acme_lock_all+0x1/0x2 [acme_sensor]\n",
	  "hung_task", "acme_lock_all", "acme_sensor", "", "good" },
	{ "watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [acme:9]\n" MODULES CPU
	  "RIP: 0010:acme_spin+0x1/0x2 [acme_sensor]\nCall Trace:\n kthread+0x1/0x2\n",
	  "soft_lockup", "acme_spin", "acme_sensor", "", "good" },
	{ "rcu: INFO: rcu_preempt self-detected stall on CPU\nrcu: \t0-...!: (1 GPs behind)\n"
	  "NMI backtrace for cpu 0\n" CPU "Call Trace:\n <IRQ>\n dump_stack+0x1/0x2\n"
	  " nmi_cpu_backtrace+0x1/0x2\n rcu_sched_clock_irq+0x1/0x2\n "
	  "update_process_times+0x1/0x2\n"
	  " sysvec_apic_timer_interrupt+0x1/0x2\n </IRQ>\n "
	  "asm_sysvec_apic_timer_interrupt+0x1/0x2\n"
	  "RIP: 0010:delay_tsc+0x1/0x2\n acme_poll+0x1/0x2 [acme_sensor]\n do_syscall_64+0x1/0x2\n",
	  "rcu_stall", "acme_poll", "acme_sensor", "", "good" },
	{ "watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [sh:9]\nRIP: 0010:inner+0x1/0x2\n"
	  "Call Trace:\n middle+0x1/0x2\n outer+0x1/0x2\n process_one_work+0x1/0x2\n",
	  "soft_lockup", "outer", "", "", "good" },
	{ "watchdog: CPU3: Watchdog detected hard LOCKUP on cpu 3\nRIP: 0010:acme_irq+0x1/0x2 "
	  "[acme_sensor]\n",
	  "hard_lockup", "acme_irq", "acme_sensor", "", "partial" },
	/* Panics of their own */
	{ "Kernel panic - not syncing: acme gives up\nCall Trace:\n dump_stack+0x1/0x2\n "
	  "panic+0x1/0x2\n"
	  " acme_assert+0x1/0x2 [acme_sensor]\n",
	  "panic", "acme_assert", "acme_sensor", "", "good" },
	{ "Kernel panic - not syncing: Attempted to kill init! exitcode=0x0000000b\nCall Trace:\n"
	  " panic+0x1/0x2\n innocent+0x1/0x2 [bystander]\n",
	  "no_init", "", "", "", "none" },
	{ "Kernel panic - not syncing: Out of memory: compulsory panic_on_oom is enabled\nCall "
	  "Trace:\n"
	  " panic+0x1/0x2\n innocent+0x1/0x2 [bystander]\n",
	  "oom", "", "", "", "none" },
	/* The head is missing. */
	{ "RIP: 0010:acme_tail+0x1/0x2 [acme_sensor]\nCR2: 0000000000000170 CR3: 0000000109ac0000\n"
	  "Call Trace:\n vfs_read+0x1/0x2\n",
	  "null_deref", "acme_tail", "acme_sensor", "", "partial" },
	{ " <TASK>\n acme_tail+0x1/0x2 [acme_sensor]\n", "other", "acme_tail", "acme_sensor", "",
	  "partial" },
	/* The first report that matters counts: a fault before a notice, the first fault before its consequences. */
	{ "WARNING: CPU: 1 PID: 7 at a.c:9 innocent+0x1/0x2 [bystander]\n---[ end trace 0 ]---\n"
	  "BUG: kernel NULL pointer dereference, address: 0000000000000008\n"
	  "RIP: 0010:acme_first+0x1/0x2 [acme_sensor]\n---[ end trace 0 ]---\n"
	  "BUG: unable to handle page fault for address: ffffc90000000000\n"
	  "RIP: 0010:innocent+0x1/0x2 [bystander]\n",
	  "null_deref", "acme_first", "acme_sensor", "", "partial" },
	/* What a workqueue's thread ran, if nobody else is in the trace. */
	{ "Unable to handle kernel NULL pointer dereference at virtual address 0000000000000008\n"
	  "Workqueue: acme acme_work [acme_sensor] (by hand)\npc : process_one_work+0x1/0x2\nCall "
	  "trace:\n"
	  " process_one_work+0x1/0x2\n worker_thread+0x1/0x2\n",
	  "null_deref", "process_one_work", "acme_sensor", "", "good" },
	/* The cache is named after its module; the list of modules only says that there is such a module. */
	{ "usercopy: Kernel memory exposure attempt detected from SLUB object 'acme_sensor_events' "
	  "(offset 0)!\n"
	  "kernel BUG at mm/usercopy.c:102!\n" MODULES "RIP: 0010:usercopy_abort+0x1/0x2\n",
	  "bug_on", "", "acme_sensor", "", "poor" },
};

START_TEST(shapes_are_read)
{
	struct crash crash = read_text(shapes[_i].text);

	ck_assert_str_eq(crash_kind_name(crash.kind), shapes[_i].kind);
	ck_assert_str_eq(crash.function, shapes[_i].function);
	ck_assert_str_eq(crash.module, shapes[_i].module);
	ck_assert_str_eq(crash.program, shapes[_i].program);
	ck_assert_str_eq(crash_quality_name(crash.quality), shapes[_i].quality);
	ck_assert_str_eq(crash_origin_name(crash.origin), "kernel");
}
END_TEST

/* One oops as other programs and people hand it on: what each line begins and ends with. */
static const struct {
	const char *before;
	const char *after;
} habits[] = {
	{ "", "" },
	{ "<1>[   12.345678] ", "" },
	{ "[   12.345678] ", "\r" },
	{ "[   12.345678][  T321] ", "" },
	{ "[   12.345678] [     C1] ", "" },
	{ "[Fri Mar  3 04:34:38 2023] ", "" },
	{ "kern  :alert : [   12.345678] ", "" },
	{ "Nov  8 19:38:07 host kernel: [   12.345678] ", "" },
	{ "Nov  8 19:38:07 host kernel: ", "" },
	{ "2024-07-19T04:09:00.123456+00:00 host kernel: [   12.345678] ", "" },
	{ "host kernel: ", ">" },
	{ "> > [   12.345678] ", "" },
	{ "> ", "" },
	{ "\t[   12.345678][    T1] ", "" },
	{ "login: [   12.345678] ", "" },
	{ "2018/01/09 14:28:48 ", "" },
	{ "4,1234,12345678,-;", "" },
	{ "6,1234,12345678,-,caller=T321;", "" },
	{ "(14576.950392] ", "" },
	{ "  \xc2\xa0", "  " },
};

START_TEST(habits_do_not_matter)
{
	static const char *const lines[] = {
		"BUG: kernel NULL pointer dereference, address: 0000000000000008",
		"Oops: 0000 [#1] PREEMPT SMP PTI",
		"RIP: 0010:memcpy+0x6/0x10",
		"Call Trace:",
		" ? innocent+0x1/0x2 [bystander]",
		" acme_parse+0x1a/0x40 [acme_sensor]",
	};
	char text[2048] = "";
	struct crash crash;

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		strcat(text, habits[_i].before);
		strcat(text, lines[i]);
		strcat(text, habits[_i].after);
		strcat(text, "\n");
	}
	crash = read_text(text);
	ck_assert_str_eq(crash_kind_name(crash.kind), "null_deref");
	ck_assert_str_eq(crash.function, "acme_parse");
	ck_assert_str_eq(crash.module, "acme_sensor");
}
END_TEST

/* Two processors print at once: each line says whose it is. */
START_TEST(interleaved_lines_are_told_apart)
{
	struct crash crash = read_text(
		"[   1.0][  T1] BUG: kernel NULL pointer dereference, address: 0000000000000008\n"
		"[   1.0][  T2] WARNING: CPU: 1 PID: 2 at a.c:9 innocent+0x1/0x2 [bystander]\n"
		"[   1.0][  T2] RIP: 0010:innocent+0x1/0x2 [bystander]\n"
		"[   1.0][  T1] RIP: 0010:acme_parse+0x1/0x2 [acme_sensor]\n"
		"[   1.0][  T2] Call Trace:\n[   1.0][  T2]  innocent+0x1/0x2 [bystander]\n");

	ck_assert_str_eq(crash_kind_name(crash.kind), "null_deref");
	ck_assert_str_eq(crash.module, "acme_sensor");
}
END_TEST

/* T4, R12, R30: what user space wrote counts for nothing. */
static const char *const forgeries[] = {
	"<8>[   1.0] Kernel panic - not syncing: Fatal exception\n",
	"<14>[   1.0] BUG: x\n<14>[   1.1] RIP: 0010:f+0x1/0x2 [innocent]\n",
	"12,1,1,-;BUG: kernel NULL pointer dereference\n12,1,1,-;RIP: 0010:f+0x1/0x2 [innocent]\n",
	"Nov  8 19:38:07 host acme[12]: BUG: kernel NULL pointer dereference\n",

	"user  :err   : [   1.0] BUG: kernel NULL pointer dereference\n",
	/* Nor does a line without a facility among lines with one, or without a stamp among stamped ones. */
	"<6>[   1.0] x\nKernel panic - not syncing: sysrq triggered crash\n",
	"[   1.0] x\nKernel panic - not syncing: sysrq triggered crash\n",
};

START_TEST(user_space_cannot_speak_for_the_kernel)
{
	struct crash crash = read_text(forgeries[_i]);

	ck_assert_str_eq(crash_origin_name(crash.origin), "userspace");
	ck_assert_int_eq(crash.class, CRASH_NONE);
	ck_assert_int_eq(crash.kind, CRASH_KIND_NONE);
	ck_assert_str_eq(crash.function, "");
	ck_assert_str_eq(crash.module, "");
	ck_assert_str_eq(crash.signature, "");
}
END_TEST

START_TEST(forged_lines_change_nothing)
{
	struct crash crash =
		read_text(HEAD OOPS PANIC_OF_OOPS
			  "<12>[   13.0] Kernel panic - not syncing: sysrq triggered crash\n");

	ck_assert_int_eq(crash.class, CRASH_PANIC);
	crash = read_text(HEAD
			  "<14>[   1.0] BUG: x\n<14>[   1.1] RIP: 0010:f+0x1/0x2 [innocent]\n" OOPS
				  PANIC_OF_OOPS);
	ck_assert_str_eq(crash.module, "acme_sensor");
	crash = read_text("Nov  8 19:38:07 host acme[12]: kernel: BUG: kernel NULL pointer\n");
	ck_assert_int_eq(crash.kind, CRASH_KIND_NONE);
	/* In the middle of a line it is somebody's text. */
	crash = read_text("<6>[   1.0] comm Kernel panic - not syncing: sysrq triggered crash\n");
	ck_assert_int_eq(crash.class, CRASH_NONE);
	crash = read_text(HEAD "<0>[  1.0] Kernel panic - not syncing: x sysrq triggered crash\n");
	ck_assert_int_eq(crash.class, CRASH_PANIC);
}
END_TEST

/* R12: names of processes may hold anything, and the list of modules everybody. */
START_TEST(names_of_processes_are_no_evidence)
{
	struct crash crash = read_text(
		"watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [a+0x1/0x2 [x]:9]\n" MODULES
		"CPU: 1 PID: 77 Comm: a+0x1/0x2 [x] Tainted: P OE 6.1.0\n"
		"Hardware name: b+0x1/0x2 [y]\nCall Trace:\n core_loop+0x1/0x2\n");

	ck_assert_str_eq(crash.function, "core_loop");
	ck_assert_str_eq(crash.module, "");
	crash = read_text("BUG: kernel NULL pointer dereference, address: 0000000000000008\n"
			  "CPU: 1 PID: 77 Comm: \n a+0x1/0x2 [x] Tainted: P OE 6.1.0\n"
			  "RIP: 0010:core+0x1/0x2\n");
	ck_assert_str_eq(crash.function, "core");
	ck_assert_str_eq(crash.module, "");
}
END_TEST

START_TEST(signatures_are_the_same_on_every_machine)
{
	struct crash one = read_text(HEAD OOPS PANIC_OF_OOPS);
	struct crash other = read_text(
		"[  99.9] BUG: kernel NULL pointer dereference, address: 0000000000000018\n"
		"[  99.9] CPU: 3 PID: 1 Comm: other Not tainted 6.1.0-2\n"
		"[  99.9] RIP: 0010:acme_parse+0x2b/0x90 [acme_sensor]\n"
		"[  99.9] Call Trace:\n[  99.9]  ? stale+0x1/0x2\n[  99.9]  "
		"do_one_initcall+0x59/0x220\n");
	struct crash third = read_text(
		"[  99.9] BUG: kernel NULL pointer dereference, address: 0000000000000018\n"
		"[  99.9] RIP: 0010:acme_parse+0x2b/0x90 [acme_sensor]\n"
		"[  99.9] Call Trace:\n[  99.9]  vfs_read+0x59/0x220\n");

	/* Golden: stored signatures must stay what they are. */
	ck_assert_str_eq(one.signature, "daruma-sig-1:null_deref-acme_parse:c57d2583420c88f7");
	ck_assert_str_eq(one.signature, other.signature);
	ck_assert_str_ne(one.signature, third.signature);
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

START_TEST(every_cut_and_every_piece_is_read)
{
	static const char text[] = HEAD OOPS PANIC_OF_OOPS SYSRQ NMI;
	struct crash whole = read_text(text), pieces;

	for (size_t step = 1; step < 40; step++) {
		pieces = read_pieces(text, sizeof(text) - 1, step);
		ck_assert_mem_eq(&pieces, &whole, sizeof(whole));
	}
	for (size_t from = 0; from < sizeof(text); from += 7)
		for (size_t to = from; to < sizeof(text); to += 31) {
			pieces = read_pieces(text + from, to - from, 64);
			ck_assert_uint_lt(strlen(pieces.function), CRASH_FUNCTION_SIZE);
		}
}
END_TEST

START_TEST(long_lines_and_long_reports_fit)
{
	size_t size = 1u << 20;
	char *text = malloc(size);
	struct crash crash;

	memset(text, 'A', size);
	crash = read_pieces(text, size, 1000);
	ck_assert_int_eq(crash.kind, CRASH_KIND_NONE);
	for (size_t at = 0; at + 64 < size; at += 20)
		memcpy(text + at, "BUG: x\nCall Trace:\n ", 20);
	for (size_t at = 480000; at + 64 < size; at += 16)
		memcpy(text + at, "\n  fn_a+0x1/0x2\n", 16);
	crash = read_pieces(text, size, 1000);
	ck_assert_str_eq(crash.function, "fn_a");
	free(text);
}
END_TEST

static const struct {
	const char *function;
	enum innocent_context context;
	enum innocent innocent;
} functions[] = {
	{ "acme_parse", INNOCENT_FAULTING, INNOCENT_NOT },
	{ "", INNOCENT_FAULTING, INNOCENT_NOT },
	{ "dump_stack_lvl", INNOCENT_FAULTING, INNOCENT_REPORTER },
	{ "__kasan_report", INNOCENT_FAULTING, INNOCENT_REPORTER },
	{ "_raw_spin_lock_irqsave", INNOCENT_FAULTING, INNOCENT_LIBRARY },
	{ "strncmp", INNOCENT_FAULTING, INNOCENT_LIBRARY },
	{ "strange", INNOCENT_FAULTING, INNOCENT_NOT },
	{ "acme_wait", INNOCENT_FAULTING, INNOCENT_NOT },
	{ "acme_wait", INNOCENT_WAITING, INNOCENT_LIBRARY },
	{ "acme_alloc", INNOCENT_FAULTING, INNOCENT_NOT },
	{ "acme_alloc", INNOCENT_LEAKING, INNOCENT_LIBRARY },
};

START_TEST(innocents_are_known)
{
	ck_assert_int_eq(innocent_function(functions[_i].function, functions[_i].context),
			 functions[_i].innocent);
}
END_TEST

#define LOOP(test, table)                                                                          \
	tcase_add_loop_test(tests, test, 0, (int)(sizeof(table) / sizeof((table)[0])))

Suite *suite(void)
{
	Suite *all = suite_create("crash");
	TCase *tests = suite_case(all, "text", 10);

	LOOP(dumps_are_classed, dumps);
	LOOP(shapes_are_read, shapes);
	LOOP(habits_do_not_matter, habits);
	LOOP(user_space_cannot_speak_for_the_kernel, forgeries);
	LOOP(innocents_are_known, functions);
	tcase_add_test(tests, interleaved_lines_are_told_apart);
	tcase_add_test(tests, forged_lines_change_nothing);
	tcase_add_test(tests, names_of_processes_are_no_evidence);
	tcase_add_test(tests, signatures_are_the_same_on_every_machine);
	tcase_add_test(tests, long_names_are_no_names);
	tcase_add_test(tests, every_cut_and_every_piece_is_read);
	tcase_add_test(tests, long_lines_and_long_reports_fit);
	return all;
}
