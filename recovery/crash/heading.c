/* heading.c: the lines a report of the kernel begins with, and what they say
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/crash/heading.h"

#define PANIC "Kernel panic - not syncing: "

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* How a heading is treated beside its kind. */
enum {
	PLACE_AT = 1 << 0, /* " at <file> <place>", or " at <place>" since Linux 6.19 */
	PLACE_IN = 1 << 1, /* " in <place>" */
	WARNS = 1 << 2,
	DETAILS = 1 << 3,
	NOBODY = 1 << 4,
	LEAK = 1 << 5,
	LOCKS = 1 << 6,
};

struct row {
	const char *start; /* of the line */
	const char *has;   /* somewhere in it too; NULL nothing */
	enum crash_kind kind;
	enum heading_weight weight;
	unsigned flags;
};

/* Said before the line's own words by several watchdogs. */
static const char *const speakers[] = { "NMI watchdog: ", "watchdog: ", "rcu: ", "Oops: ",
					"traps: " };

/* The first that fits counts: the narrower ones stand before the wider.
 * arch/x86/{kernel/traps.c,mm/fault.c}, arch/arm64/{kernel/traps.c,mm/fault.c}, arch/riscv/{kernel/traps.c,mm/fault.c},
 * mm/{kasan,kfence,kmsan}/report.c, kernel/{panic.c,watchdog.c,hung_task.c}, kernel/rcu/tree_stall.h, lib/list_debug.c */
static const struct row rows[] = {
	{ "BUG: KASAN: ", "use-after-free", CRASH_KIND_USE_AFTER_FREE, HEADING_FAULT, PLACE_IN },
	{ "BUG: KASAN: ", "double-free", CRASH_KIND_USE_AFTER_FREE, HEADING_FAULT, PLACE_IN },
	{ "BUG: KASAN: ", "null-ptr-deref", CRASH_KIND_NULL_DEREFERENCE, HEADING_FAULT, PLACE_IN },
	{ "BUG: KASAN: ", NULL, CRASH_KIND_OTHER, HEADING_FAULT, PLACE_IN },
	{ "BUG: KFENCE: ", "use-after-free", CRASH_KIND_USE_AFTER_FREE, HEADING_FAULT, PLACE_IN },
	{ "BUG: KFENCE: ", NULL, CRASH_KIND_OTHER, HEADING_FAULT, PLACE_IN },
	{ "BUG: KMSAN: ", NULL, CRASH_KIND_OTHER, HEADING_FAULT, PLACE_IN },
	{ "BUG: KCSAN: ", NULL, CRASH_KIND_OTHER, HEADING_NOTICE, PLACE_IN },
	{ "BUG: ", "NULL pointer dereference", CRASH_KIND_NULL_DEREFERENCE, HEADING_FAULT, 0 },
	{ "BUG: unable to handle ", NULL, CRASH_KIND_PAGE_FAULT, HEADING_FAULT, 0 },
	{ "BUG: soft lockup", NULL, CRASH_KIND_SOFT_LOCKUP, HEADING_STALL, 0 },
	{ "BUG: workqueue lockup", NULL, CRASH_KIND_OTHER, HEADING_STALL, NOBODY },
	{ "BUG: sleeping function called", NULL, CRASH_KIND_OTHER, HEADING_NOTICE, 0 },
	{ "BUG: scheduling while atomic", NULL, CRASH_KIND_OTHER, HEADING_NOTICE, 0 },
	{ "BUG: using ", NULL, CRASH_KIND_OTHER, HEADING_NOTICE, 0 },
	{ "BUG: memory leak", NULL, CRASH_KIND_OTHER, HEADING_NOTICE, LEAK },
	{ "BUG: held lock freed", NULL, CRASH_KIND_OTHER, HEADING_NOTICE, LOCKS },
	{ "[ BUG: held lock freed", NULL, CRASH_KIND_OTHER, HEADING_NOTICE, LOCKS },
	{ "BUG: bad unlock balance", NULL, CRASH_KIND_OTHER, HEADING_NOTICE, 0 },
	{ "BUG: MAX_", NULL, CRASH_KIND_OTHER, HEADING_NOTICE, NOBODY },
	{ "BUG: ", NULL, CRASH_KIND_OTHER, HEADING_FAULT, 0 },
	{ "kernel BUG at ", NULL, CRASH_KIND_BUG_ON, HEADING_FAULT, WARNS | DETAILS },
	{ "list_add corruption", NULL, CRASH_KIND_LIST_CORRUPTION, HEADING_FAULT, 0 },
	{ "list_del corruption", NULL, CRASH_KIND_LIST_CORRUPTION, HEADING_FAULT, 0 },
	{ "general protection fault", NULL, CRASH_KIND_GENERAL_PROTECTION, HEADING_FAULT, 0 },
	{ "invalid opcode: ", NULL, CRASH_KIND_INVALID_OPCODE, HEADING_FAULT, DETAILS },
	{ "divide error: ", NULL, CRASH_KIND_OTHER, HEADING_FAULT, 0 },
	{ "stack segment: ", NULL, CRASH_KIND_OTHER, HEADING_FAULT, 0 },
	{ "double fault: ", NULL, CRASH_KIND_OTHER, HEADING_FAULT, 0 },
	{ "PANIC: double fault", NULL, CRASH_KIND_OTHER, HEADING_FAULT, 0 },
	{ "int3: ", NULL, CRASH_KIND_OTHER, HEADING_FAULT, 0 },
	{ "alignment check: ", NULL, CRASH_KIND_OTHER, HEADING_FAULT, 0 },
	{ "Unable to handle kernel NULL pointer", NULL, CRASH_KIND_NULL_DEREFERENCE, HEADING_FAULT,
	  0 },
	{ "Unable to handle kernel ", NULL, CRASH_KIND_PAGE_FAULT, HEADING_FAULT, 0 },
	{ "Unhandled fault: ", "external abort", CRASH_KIND_EXTERNAL_ABORT, HEADING_FAULT, 0 },
	{ "Unhandled fault", NULL, CRASH_KIND_OTHER, HEADING_FAULT, 0 },
	{ "SError Interrupt on CPU", NULL, CRASH_KIND_EXTERNAL_ABORT, HEADING_FAULT, 0 },
	{ "Internal error: ", "external abort", CRASH_KIND_EXTERNAL_ABORT, HEADING_FAULT, DETAILS },
	{ "Internal error: ", "undefined instruction", CRASH_KIND_INVALID_OPCODE, HEADING_FAULT,
	  DETAILS },
	{ "Internal error: Oops - BUG", NULL, CRASH_KIND_BUG_ON, HEADING_FAULT, DETAILS },
	{ "Internal error: Oops", NULL, CRASH_KIND_PAGE_FAULT, HEADING_FAULT, DETAILS },
	{ "Internal error: ", NULL, CRASH_KIND_OTHER, HEADING_FAULT, DETAILS },
	/* Behind "Oops: " is the error code, or again "Oops: " since Linux 6.10. */
	{ "Oops - illegal instruction", NULL, CRASH_KIND_INVALID_OPCODE, HEADING_FAULT, DETAILS },
	{ "Oops - ", NULL, CRASH_KIND_OTHER, HEADING_FAULT, DETAILS },
	{ "Oops [#", NULL, CRASH_KIND_PAGE_FAULT, HEADING_FAULT, DETAILS },
	{ "0", "[#", CRASH_KIND_PAGE_FAULT, HEADING_FAULT, DETAILS },
	{ "Watchdog detected hard LOCKUP", NULL, CRASH_KIND_HARD_LOCKUP, HEADING_STALL, 0 },
	{ "CPU", "Watchdog detected hard LOCKUP", CRASH_KIND_HARD_LOCKUP, HEADING_STALL, 0 },
	{ "INFO: rcu", "detected", CRASH_KIND_RCU_STALL, HEADING_NOTICE, 0 },
	{ "INFO: task ", "blocked ", CRASH_KIND_HUNG_TASK, HEADING_NOTICE, 0 },
	{ "INFO: task ", "can't die", CRASH_KIND_HUNG_TASK, HEADING_NOTICE, 0 },
	{ "INFO: trying to register non-static key", NULL, CRASH_KIND_WARNING, HEADING_NOTICE, 0 },
	{ "[ INFO: ", "circular locking", CRASH_KIND_WARNING, HEADING_NOTICE, LOCKS },
	{ "[ INFO: ", "recursive locking", CRASH_KIND_WARNING, HEADING_NOTICE, LOCKS },
	{ "[ INFO: ", NULL, CRASH_KIND_WARNING, HEADING_NOTICE, 0 },
	{ "INFO: possible ", NULL, CRASH_KIND_WARNING, HEADING_NOTICE, 0 },
	{ "INFO: suspicious RCU usage", NULL, CRASH_KIND_WARNING, HEADING_NOTICE, 0 },
	{ "INFO: inconsistent lock state", NULL, CRASH_KIND_WARNING, HEADING_NOTICE, 0 },
	{ "WARNING: ", "circular locking", CRASH_KIND_WARNING, HEADING_NOTICE, LOCKS },
	{ "WARNING: ", "recursive locking", CRASH_KIND_WARNING, HEADING_NOTICE, LOCKS },
	{ "WARNING: ", "still has locks held", CRASH_KIND_WARNING, HEADING_NOTICE, LOCKS },
	{ "WARNING: ", "nested lock was not taken", CRASH_KIND_WARNING, HEADING_NOTICE, LOCKS },
	{ "WARNING: kernel stack ", NULL, CRASH_KIND_WARNING, HEADING_NOTICE, NOBODY },
	{ "WARNING: stack ", NULL, CRASH_KIND_WARNING, HEADING_NOTICE, NOBODY },
	{ "WARNING: ", " at ", CRASH_KIND_WARNING, HEADING_NOTICE, PLACE_AT | WARNS },
	{ "WARNING: ", NULL, CRASH_KIND_WARNING, HEADING_NOTICE, 0 },
	{ "UBSAN: ", NULL, CRASH_KIND_OTHER, HEADING_NOTICE, 0 },
};

/* Why the kernel stopped itself. */
static const struct reason {
	const char *start;
	enum crash_kind kind;
	bool operator_asked;
	bool nobody;
	bool follows;
} reasons[] = {
	/* drivers/tty/sysrq.c; arch/x86/kernel/nmi.c: unknown_nmi_panic and panic_on_unrecovered_nmi */
	{ "sysrq triggered crash", CRASH_KIND_SYSRQ, true, true, false },
	{ "NMI: Not continuing", CRASH_KIND_NMI, true, true, false },
	/* drivers/watchdog/hpwdt.c: the management controller sent it */
	{ "An NMI occurred", CRASH_KIND_NMI, true, true, false },
	/* A fault of the hardware comes by NMI too, and nobody asked for it. */
	{ "NMI IOCK error", CRASH_KIND_NMI, false, true, false },
	{ "Fatal hardware error", CRASH_KIND_OTHER, false, true, false },
	{ "Fatal machine check", CRASH_KIND_OTHER, false, true, false },
	{ "Timeout: Not all CPUs entered broadcast exception", CRASH_KIND_OTHER, false, true,
	  false },
	{ "Attempted to kill init!", CRASH_KIND_NO_INIT, false, true, false },
	{ "No working init found", CRASH_KIND_NO_INIT, false, true, false },
	{ "Requested init ", CRASH_KIND_NO_INIT, false, true, false },
	{ "VFS: Unable to mount root fs", CRASH_KIND_NO_INIT, false, true, false },
	{ "Out of memory", CRASH_KIND_OOM, false, true, false },
	{ "System is deadlocked on memory", CRASH_KIND_OOM, false, true, false },
	{ "out of memory", CRASH_KIND_OOM, false, true, false },
	{ "Hard LOCKUP", CRASH_KIND_HARD_LOCKUP, false, false, true },
	{ "softlockup: hung tasks", CRASH_KIND_SOFT_LOCKUP, false, false, true },
	{ "hung_task: blocked tasks", CRASH_KIND_HUNG_TASK, false, false, true },
	{ "RCU Stall", CRASH_KIND_RCU_STALL, false, false, true },
	{ "panic_on_warn", CRASH_KIND_PANIC, false, false, true },
	{ "kernel: panic_on_warn", CRASH_KIND_PANIC, false, false, true },
	{ "KASAN: panic_on_warn", CRASH_KIND_PANIC, false, false, true },
	{ "Fatal exception", CRASH_KIND_PANIC, false, false, true },
};

static void read_panic(struct span reason, struct heading *ret)
{
	ret->kind = CRASH_KIND_PANIC;
	ret->weight = HEADING_STALL;
	ret->panic = true;
	ret->overflow = span_starts(reason, "corrupted stack end");
	if (span_starts(reason, "stack-protector: "))
		place_find(reason, &ret->place);
	for (size_t i = 0; i < COUNT(reasons); i++) {
		if (!span_starts(reason, reasons[i].start))
			continue;
		ret->kind = reasons[i].kind;
		ret->operator_asked = reasons[i].operator_asked;
		ret->nobody = reasons[i].nobody;
		ret->follows = reasons[i].follows;
		return;
	}
}

/* What follows " at " or " in ": the names of processes never stand there. */
static void read_place(struct span line, const struct row *row, struct heading *ret)
{
	const char *before = row->flags & PLACE_AT ? " at " : " in ";
	size_t at = span_find(line, before);

	if ((row->flags & (PLACE_AT | PLACE_IN)) == 0 || at == line.length)
		return;
	place_find(span_after(line, at + strlen(before)), &ret->place);
}

static struct span without_speaker(struct span line, bool *ret_oops)
{
	*ret_oops = false;
	for (unsigned count = 0; count < 3; count++)
		for (size_t i = 0; i < COUNT(speakers); i++)
			if (span_take(&line, speakers[i]))
				*ret_oops = *ret_oops || span_is(span_of(speakers[i]), "Oops: ");
	return line;
}

bool heading_read(struct span line, struct heading *ret)
{
	struct heading heading = { 0 };
	bool oops;

	line = span_trim(line);
	if (span_take(&line, PANIC)) {
		read_panic(line, &heading);
		*ret = heading;
		return true;
	}
	line = without_speaker(line, &oops);
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (!span_starts(line, rows[i].start) ||
		    (rows[i].has && !span_has(line, rows[i].has)) ||
		    (*rows[i].start == '0' && !oops))
			continue;
		heading.kind = rows[i].kind;
		heading.weight = rows[i].weight;
		heading.nobody = rows[i].flags & NOBODY;
		heading.warns = rows[i].flags & WARNS;
		heading.details = rows[i].flags & DETAILS;
		heading.leak = rows[i].flags & LEAK;
		heading.locks = rows[i].flags & LOCKS;
		heading.trace_follows = rows[i].flags & PLACE_IN;
		read_place(line, &rows[i], &heading);
		*ret = heading;
		return true;
	}
	return false;
}
