/* innocent.c: functions that stand at the top of a report and are not to blame for it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/crash/innocent.h"

#include <stddef.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* In all lists a star stands for anything, a question mark for one letter; underscores before a name do not count. */

/* Prints a report */
static const char *const printers[] = { "dump_stack*",
					"dump_backtrace*",
					"show_stack*",
					"show_trace*",
					"show_regs*",
					"unwind_backtrace",
					"walk_stackframe",
					"sched_show_task*",
					"print_report",
					"print_address_description",
					"print_*_bug",
					"print_usage_bug*",
					"print_circular_bug*",
					"print_deadlock_bug*",
					"print_unlock_imbalance_bug",
					"print_lock_nested_lock_not_held",
					"print_freed_lock_bug",
					"print_bad_irq_dependency",
					"print_irq*",
					"check_prev_add",
					"check_noncircular" };

/* Stops the machine, or a task */
static const char *const stoppers[] = { "*rust_begin_unwind*",
					"*core9panicking*",
					"panic*",
					"vpanic",
					"check_panic_on_warn",
					"print_tainted",
					"nmi_panic",
					"die",
					"die_*",
					"oops_*",
					"warn*",
					"report_bug",
					"fixup_bug",
					"handle_bug",
					"bug_handler",
					"brk_handler",
					"call_break_hook",
					"stack_chk_fail*",
					"fortify_panic",
					"fortify_report",
					"usercopy_*",
					"check_heap_object*",
					"check_object_size*",
					"report_usercopy" };

/* Assertion reporters of drivers and file systems (Lustre: lbug, ZFS: spl) */
static const char *const assertions[] = { "lbug_with_loc*", "libcfs_assertion_failed", "*_panic",
					  "spl_dumpstack" };

/* The way from the processor's exception to the report */
static const char *const exceptions[] = { "do_error_trap",
					  "do_trap*",
					  "do_invalid_op",
					  "invalid_op",
					  "exc_*",
					  "asm_exc_*",
					  "page_fault",
					  "async_page_fault",
					  "no_context",
					  "do_page_fault",
					  "do_async_page_fault",
					  "do_user_addr_fault",
					  "do_kern_addr_fault",
					  "page_fault_oops",
					  "kernelmode_fixup_or_oops",
					  "general_protection",
					  "do_general_protection",
					  "double_fault",
					  "do_double_fault",
					  "do_mem_abort",
					  "do_translation_fault",
					  "do_kernel_fault",
					  "do_tag_*",
					  "do_debug_exception",
					  "el1_abort",
					  "el1_dbg",
					  "el1h_64_sync*",
					  "el1_sync*",
					  "rewind_stack*" };

/* The way from the processor's exception to the report */
static const char *const exceptions_helpers[] = { "bad_area*" };

/* Sanitizers: they find what the code they watch did */
static const char *const sanitizers[] = { "*kasan*",
					  "asan_*",
					  "hwasan_*",
					  "*kmsan*",
					  "msan_*",
					  "*kcsan*",
					  "tsan_*",
					  "*kfence*",
					  "ubsan_*",
					  "sanitizer_cov*",
					  "check_memory_region*",
					  "save_stack*",
					  "set_track",
					  "object_err" };

/* Lockdep and the checks of atomic context */
static const char *const lock_checkers[] = { "check_usage*",
					     "check_irq_usage",
					     "check_prev*",
					     "check_wait_context",
					     "mark_*lock*",
					     "*lockdep*",
					     "lock_acquire*",
					     "lock_release*",
					     "validate_chain*",
					     "mark_lock*",
					     "mark_usage",
					     "mark_held_locks",
					     "register_lock_class",
					     "look_up_lock_class",
					     "assign_lock_key",
					     "reacquire_held_locks",
					     "lock_is_held*",
					     "lock_set_*",
					     "debug_check_no_*",
					     "check_flags*",
					     "rcu_read_lock_held*",
					     "might_sleep*",
					     "might_resched*",
					     "might_fault*",
					     "schedule_bug",
					     "check_preemption_disabled",
					     "debug_smp_processor_id",
					     "this_cpu_preempt_check",
					     "trace_hardirqs_*" };

/* Debugging of objects, reference counts, lists: the object is the caller's */
static const char *const object_checkers_reports[] = { "debug_object*", "debug_print_object",
						       "debug_check_no_obj_freed",
						       "timer_is_static_object",
						       "work_is_static_object" };

/* Debugging of objects, reference counts, lists: the object is the caller's */
static const char *const object_checkers[] = { "refcount_*",	"list_add*",  "list_del*",
					       "list_replace*", "list_move*", "list_splice*",
					       "hlist_add*",	"hlist_del*", "kref_*" };

/* The memory and the pointers are the caller's, in checksums too */
static const char *const memory[] = { "read_once_word*",  "read_once*",	      "crc32*",
				      "csum_*",		  "memcpy*",	      "memset*",
				      "memmove*",	  "memcmp*",	      "memchr*",
				      "memscan",	  "str*cmp",	      "str*cpy",
				      "str*len",	  "str*chr",	      "strstr",
				      "strlcat",	  "strncat",	      "read_word_at_a_time",
				      "read_once_size*",  "write_once_size*", "*copy_to_user*",
				      "*copy_from_user*", "copy_to_*",	      "copy_from_*",
				      "copy_in_user*",	  "copy_user_*",      "copy_page*",
				      "arch_copy_*",	  "raw_copy_*",	      "instrument_*",
				      "put_user*",	  "get_user_?",	      "get_user_nocheck*",
				      "clear_user*",	  "probe_kernel_*",   "csum_partial*",
				      "bpf_probe_read*" };

/* Printing of the caller's values */
static const char *const printing[] = { "string",     "string_nocheck",	    "pointer",
					"*printf",    "*printk*",	    "va_format",
					"hex_string", "hex_dump_to_buffer", "print_hex_dump*",
					"dev_info",   "dev_warn",	    "dev_err",
					"dev_notice", "dev_driver_string" };

/* Memory: sizes and objects are the caller's */
static const char *const allocators[] = { "kfree_skb*",
					  "consume_skb",
					  "*kmalloc*",
					  "*kzalloc*",
					  "*kcalloc*",
					  "*krealloc*",
					  "kvmalloc*",
					  "*vmalloc*",
					  "vzalloc*",
					  "kmem_cache_*",
					  "kmemdup*",
					  "memdup_user*",
					  "kstrdup*",
					  "slab_*",
					  "allocate_slab",
					  "new_slab",
					  "kfree",
					  "kfree_const",
					  "kfree_sensitive",
					  "kmemleak_*",
					  "kvfree",
					  "do_kmem_cache_*",
					  "cache_alloc_*",
					  "cache_free*",
					  "cache_grow*",
					  "*alloc_page*",
					  "alloc_frozen_page*",
					  "free_page*",
					  "put_page*",
					  "get_free_pages",
					  "do_slab_free",
					  "fs_reclaim_acquire",
					  "prepare_alloc_pages*" };

/* Locks: the lock, and the order of locks, are the caller's */
static const char *const locks[] = { "*spin_rq_*lock*",
				     "cleanup_srcu_struct",
				     "init_srcu_struct*",
				     "*spin_lock*",
				     "*spin_unlock*",
				     "*spin_trylock*",
				     "*read_lock*",
				     "*read_unlock*",
				     "*write_lock*",
				     "*write_unlock*",
				     "*queued_spin*",
				     "do_raw_*",
				     "pv_queued_*",
				     "mutex_*",
				     "rt_mutex_*",
				     "ww_mutex_*",
				     "down_*",
				     "down",
				     "up_*",
				     "up",
				     "rwsem_*",
				     "percpu_down_*",
				     "percpu_rwsem_*",
				     "osq_*lock",
				     "seqprop_*",
				     "read_seqcount*",
				     "local_bh_enable*",
				     "lock_sock*" };

/* Work queues, threads, timers, completions: the work is the caller's */
static const char *const work[] = {
	"flush_work*",	       "flush_delayed_work", "cancel_work*",	  "cancel_delayed_work*",
	"drain_workqueue",     "destroy_workqueue",  "start_flush_work",  "queue_work*",
	"queue_delayed_work*", "insert_work*",	     "kthread_stop*",	  "wait_for_completion*",
	"wait_for_common*",    "complete",	     "complete_all",	  "wake_up*",
	"try_to_wake_up",      "add_wait_queue*",    "remove_wait_queue", "prepare_to_wait*",
	"finish_wait",	       "*mod_timer*",	     "add_timer*",	  "*del_timer*",
	"timer_delete*",       "*timer_shutdown*",   "lock_timer_base",	  "init_timer_key"
};

/* Trees, tables, bit maps: the nodes are the caller's */
static const char *const trees[] = { "rb_*",	"radix_tree_*", "idr_*",	"ida_*",
				     "xa_*",	"xas_*",	"rhashtable_*", "jhash*",
				     "klist_*", "llist_*",	"plist_*",	"ref_tracker_*" };

/* The driver model: objects are registered and counted by their drivers */
static const char *const driver_model[] = {
	"kobject_*",	     "kset_*",	   "get_device",      "put_device",	   "device_add",
	"get_device_parent", "device_del", "device_register", "device_unregister", "add_uevent_var",
	"dev_uevent",	     "sysfs_*",	   "proc_register",   "proc_create*"
};

/* Network devices and buffers: sizes and life times are the driver's */
static const char *const network_reports[] = { "skb_over_panic", "skb_under_panic" };

/* Network devices and buffers: sizes and life times are the driver's */
static const char *const network[] = { "rollback_registered*", "unregister_netdevice_*", "skb_put",
				       "skb_push", "skb_pull" };

/* USB transfers: filled in by the driver */
static const char *const usb[] = { "usb_submit_urb", "usb_start_wait_urb", "usb_control_msg",
				   "usb_bulk_msg" };

/* Inodes, their names and pages: counted and locked by their file system */
static const char *const inodes_reports[] = { "stack_trace_*", "arch_stack_walk" };

/* Inodes, their names and pages: counted and locked by their file system */
static const char *const inodes[] = { "dput",	     "fast_dput",  "iput",	   "igrab",
				      "ihold",	     "drop_nlink", "inc_nlink",	   "clear_nlink",
				      "set_nlink",   "folio_lock", "folio_unlock", "lock_page*",
				      "unlock_page*" };

/* Shims between Rust and C */
static const char *const shims[] = { "rust_helper_*" };

/* Single instructions, delays */
static const char *const instructions[] = {
	"atomic_*",	    "atomic64_*",     "arch_atomic*",
	"raw_atomic*",	    "test_and_*_bit", "set_bit",
	"clear_bit",	    "delay_*",	      "delay",
	"*_delay",	    "const_udelay",   "x86_indirect_thunk_*",
	"x86_return_thunk", "rep_movs*",      "rep_stos*"
};

/* Tracing and hooks around the code that runs */
static const char *const plumbing[] = { "perf_trace_*",	  "ftrace_*",	       "schedule",
					"schedule_debug", "preempt_schedule*", "cond_resched",
					"ret_from_fork*", "kthread",	       "worker_thread",
					"entry_SYSCALL*", "do_syscall_64",     "el0_*",
					"el0t_64_*" };

/* In reports of what does not end: what waits for somebody else */
static const char *const waiters[] = {
	"schedule*",	  "*_schedule",	      "io_schedule*",	  "rcu_gp_*",	    "switch_to*",
	"context_switch", "*wait*",	      "*completion*",	  "*slowlock*",	    "*rwsem*",
	"*mutex*",	  "bit_lock*",	      "kthread_*",	  "*cpu_idle*",	    "cpuidle_*",
	"default_idle*",  "native_safe_halt", "arch_local_irq_*", "do_read_cache_*"
};

/* In reports of a leak: what allocates for others, whatever it allocates */
static const char *const lenders[] = { "*alloc*" };

/* `every`: in reports of every kind; else only in those of `context`. */
static const struct group {
	const char *const *patterns;
	size_t count;
	enum innocent innocent;
	bool every;
	enum innocent_context context;
} groups[] = {
	{ printers, COUNT(printers), INNOCENT_REPORTER, true, 0 },
	{ stoppers, COUNT(stoppers), INNOCENT_REPORTER, true, 0 },
	{ assertions, COUNT(assertions), INNOCENT_REPORTER, true, 0 },
	{ exceptions, COUNT(exceptions), INNOCENT_REPORTER, true, 0 },
	{ exceptions_helpers, COUNT(exceptions_helpers), INNOCENT_LIBRARY, true, 0 },
	{ sanitizers, COUNT(sanitizers), INNOCENT_REPORTER, true, 0 },
	{ lock_checkers, COUNT(lock_checkers), INNOCENT_REPORTER, true, 0 },
	{ object_checkers_reports, COUNT(object_checkers_reports), INNOCENT_REPORTER, true, 0 },
	{ object_checkers, COUNT(object_checkers), INNOCENT_LIBRARY, true, 0 },
	{ memory, COUNT(memory), INNOCENT_LIBRARY, true, 0 },
	{ printing, COUNT(printing), INNOCENT_LIBRARY, true, 0 },
	{ allocators, COUNT(allocators), INNOCENT_LIBRARY, true, 0 },
	{ locks, COUNT(locks), INNOCENT_LIBRARY, true, 0 },
	{ work, COUNT(work), INNOCENT_LIBRARY, true, 0 },
	{ trees, COUNT(trees), INNOCENT_LIBRARY, true, 0 },
	{ driver_model, COUNT(driver_model), INNOCENT_LIBRARY, true, 0 },
	{ network_reports, COUNT(network_reports), INNOCENT_REPORTER, true, 0 },
	{ network, COUNT(network), INNOCENT_LIBRARY, true, 0 },
	{ usb, COUNT(usb), INNOCENT_LIBRARY, true, 0 },
	{ inodes_reports, COUNT(inodes_reports), INNOCENT_REPORTER, true, 0 },
	{ inodes, COUNT(inodes), INNOCENT_LIBRARY, true, 0 },
	{ shims, COUNT(shims), INNOCENT_LIBRARY, true, 0 },
	{ instructions, COUNT(instructions), INNOCENT_LIBRARY, true, 0 },
	{ plumbing, COUNT(plumbing), INNOCENT_LIBRARY, true, 0 },
	{ waiters, COUNT(waiters), INNOCENT_LIBRARY, false, INNOCENT_WAITING },
	{ lenders, COUNT(lenders), INNOCENT_LIBRARY, false, INNOCENT_LEAKING },
};

/* Stand in the stalled processor's trace only because it looks at itself: kernel/rcu/tree_stall.h, kernel/watchdog.c,
 * lib/nmi_backtrace.c and the timers and interrupts that call them. */
static const char *const stall_reporters[] = { "rcu_check_callbacks",
					       "rcu_sched_clock_irq",
					       "rcu_dump_cpu_stacks",
					       "print_cpu_stall",
					       "print_other_cpu_stall",
					       "check_cpu_stall",
					       "rcu_pending",
					       "dump_cpu_task",
					       "sched_show_task",
					       "_sched_show_task",
					       "nmi_cpu_backtrace",
					       "watchdog_timer_fn",
					       "watchdog_overflow_callback",
					       "watchdog_hardlockup_check",
					       "nmi_handle",
					       "update_process_times" };

/* Call what others registered with them: the function below a dispatcher stays the same wherever in it the processor was
 * when somebody looked. The many system calls that lead to many drivers are dispatchers too. */
static const char *const dispatchers[] = { "do_syscall_64",
					   "do_int80_syscall_32",
					   "do_fast_syscall_32",
					   "do_syscall_32_irqs_on",
					   "entry_SYSCALL*",
					   "entry_SYSENTER*",
					   "entry_INT80*",
					   "sysenter_*",
					   "tracesys*",
					   "el0_svc*",
					   "do_el0_svc",
					   "invoke_syscall",
					   "ret_fast_syscall",
					   "ret_from_syscall*",
					   "do_trap_ecall_u",
					   "x64_sys_call",
					   "system_call_fastpath",
					   "vfs_ioctl",
					   "do_vfs_ioctl",
					   "*_sys_ioctl",
					   "SyS_ioctl",
					   "SYSC_ioctl",
					   "ksys_ioctl",
					   "*sys_setsockopt",
					   "SyS_setsockopt",
					   "SYSC_setsockopt",
					   "sock_common_setsockopt",
					   "sock_sendmsg*",
					   "sock_write_iter",
					   "sock_recvmsg*",
					   "rtnetlink_rcv_msg",
					   "nfnetlink_rcv_msg",
					   "genl_rcv_msg",
					   "genl_family_rcv_msg*",
					   "vfs_write",
					   "vfs_read",
					   "do_iter_write",
					   "call_write_iter",
					   "new_sync_write",
					   "do_iter_readv_writev",
					   "fput",
					   "notify_change",
					   "vfs_fsync*",
					   "do_fault",
					   "process_one_work",
					   "process_scheduled_works",
					   "worker_thread",
					   "kthread",
					   "ret_from_fork*",
					   "call_timer_fn",
					   "expire_timers",
					   "run_timers",
					   "run_timer_softirq",
					   "hrtimer_run_queues",
					   "do_softirq*",
					   "handle_softirqs",
					   "tasklet_action*",
					   "rcu_do_batch",
					   "irq_work_single",
					   "netif_receive_skb*",
					   "handle_irq_event*",
					   "do_one_initcall",
					   "net_rx_action",
					   "napi_poll",
					   "smp_call_function_many_cond",
					   "task_work_run" };

static const char *const entries[] = { "*apic_timer_interrupt*",
				       "asm_sysvec_*",
				       "asm_common_interrupt",
				       "el1_irq",
				       "el1h_64_irq",
				       "el1_interrupt",
				       "irq_svc",
				       "end_repeat_nmi",
				       "asm_exc_nmi",
				       "nmi",
				       "ret_from_exception",
				       "handle_exception",
				       "do_irq",
				       "call_on_irq_stack",
				       "ret_from_intr",
				       "common_interrupt",
				       "reschedule_interrupt",
				       "call_function_interrupt",
				       "irq_work_interrupt",
				       "retint_*" };

/* include/linux: interfaces that drivers call into */
static const char *const frameworks[] = {
	"cfg80211",  "mac80211", "usbcore",   "drm",	"drm_kms_helper", "snd",      "snd_pcm",
	"libata",    "scsi_mod", "i2c_core",  "rfkill", "libphy",	  "ttm",      "videodev",
	"ieee80211", "hid",	 "bluetooth", "cec",	"soundcore",	  "nvme_core"
};

static bool fits_here(const char *pattern, const char *name, bool open_end)
{
	for (; *pattern && *name; pattern++, name++)
		if (*pattern != '?' && *pattern != *name)
			return false;
	return *pattern == '\0' && (open_end || *name == '\0');
}

static size_t part_length(const char *pattern)
{
	const char *star = strchr(pattern, '*');

	return star ? (size_t)(star - pattern) : strlen(pattern);
}

/* Stars and question marks; each part is short, and so is the name. */
static bool fits(const char *pattern, const char *name)
{
	char part[64];
	size_t length;
	bool anywhere = false;

	for (;;) {
		length = part_length(pattern);
		if (length >= sizeof(part))
			return false;
		memcpy(part, pattern, length);
		part[length] = '\0';
		if (pattern[length] == '\0' && anywhere && length <= strlen(name))
			return fits_here(part, name + strlen(name) - length, false);
		while (!fits_here(part, name, pattern[length] == '*')) {
			if (!anywhere || *name == '\0')
				return false;
			name++;
		}
		if (pattern[length] == '\0')
			return true;
		name += length;
		pattern += length + 1;
		anywhere = true;
	}
}

static const char *without_underscores(const char *name)
{
	return name + strspn(name, "_");
}

static bool is_listed(const char *const list[], size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (fits(list[i], name))
			return true;
	return false;
}

enum innocent innocent_function(const char *function, enum innocent_context context)
{
	const char *name = without_underscores(function);

	for (size_t i = 0; i < COUNT(groups); i++)
		if ((groups[i].every || groups[i].context == context) &&
		    is_listed(groups[i].patterns, groups[i].count, name))
			return groups[i].innocent;
	return INNOCENT_NOT;
}

bool innocent_is_dispatcher(const char *function)
{
	return is_listed(dispatchers, COUNT(dispatchers), without_underscores(function));
}

bool innocent_is_waiting_for_all(const char *function)
{
	return fits("smp_call_function*", without_underscores(function));
}

bool innocent_is_entry(const char *function)
{
	return is_listed(entries, COUNT(entries), without_underscores(function));
}

bool innocent_is_stall_reporter(const char *function)
{
	return is_listed(stall_reporters, COUNT(stall_reporters), without_underscores(function));
}

bool innocent_is_framework(const char *module)
{
	return is_listed(frameworks, COUNT(frameworks), module);
}
