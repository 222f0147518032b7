/* crash.c: the words for what the text of a crash says
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/crash/crash.h"

#include <stddef.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *word(const char *const names[], size_t count, unsigned value)
{
	return value < count ? names[value] : "unknown";
}

const char *crash_class_name(enum crash_class class)
{
	static const char *const names[] = {
		[CRASH_NONE] = "none",
		[CRASH_OOPS] = "oops",
		[CRASH_PANIC] = "panic",
		[CRASH_OPERATOR] = "operator",
	};

	return word(names, COUNT(names), (unsigned)class);
}

const char *crash_kind_name(enum crash_kind kind)
{
	static const char *const names[] = {
		[CRASH_KIND_NONE] = "none",
		[CRASH_KIND_NULL_DEREFERENCE] = "null_deref",
		[CRASH_KIND_PAGE_FAULT] = "page_fault",
		[CRASH_KIND_GENERAL_PROTECTION] = "general_protection",
		[CRASH_KIND_INVALID_OPCODE] = "invalid_opcode",
		[CRASH_KIND_EXTERNAL_ABORT] = "external_abort",
		[CRASH_KIND_USE_AFTER_FREE] = "use_after_free",
		[CRASH_KIND_LIST_CORRUPTION] = "list_corruption",
		[CRASH_KIND_BUG_ON] = "bug_on",
		[CRASH_KIND_WARNING] = "warning",
		[CRASH_KIND_SOFT_LOCKUP] = "soft_lockup",
		[CRASH_KIND_HARD_LOCKUP] = "hard_lockup",
		[CRASH_KIND_RCU_STALL] = "rcu_stall",
		[CRASH_KIND_HUNG_TASK] = "hung_task",
		[CRASH_KIND_NO_INIT] = "no_init",
		[CRASH_KIND_OOM] = "oom",
		[CRASH_KIND_PANIC] = "panic",
		[CRASH_KIND_NMI] = "nmi",
		[CRASH_KIND_SYSRQ] = "sysrq",
		[CRASH_KIND_OTHER] = "other",
	};

	return word(names, COUNT(names), (unsigned)kind);
}

const char *crash_origin_name(enum crash_origin origin)
{
	static const char *const names[] = {
		[CRASH_ORIGIN_NONE] = "none",
		[CRASH_ORIGIN_KERNEL] = "kernel",
		[CRASH_ORIGIN_OPERATOR] = "operator",
		[CRASH_ORIGIN_USERSPACE] = "userspace",
	};

	return word(names, COUNT(names), (unsigned)origin);
}

const char *crash_quality_name(enum crash_quality quality)
{
	static const char *const names[] = {
		[CRASH_QUALITY_NONE] = "none",
		[CRASH_QUALITY_POOR] = "poor",
		[CRASH_QUALITY_PARTIAL] = "partial",
		[CRASH_QUALITY_GOOD] = "good",
	};

	return word(names, COUNT(names), (unsigned)quality);
}

bool crash_is_evidence(const struct crash *crash)
{
	return (crash->class == CRASH_OOPS || crash->class == CRASH_PANIC) &&
	       crash->origin == CRASH_ORIGIN_KERNEL &&
	       (crash->quality == CRASH_QUALITY_GOOD || crash->quality == CRASH_QUALITY_PARTIAL);
}
