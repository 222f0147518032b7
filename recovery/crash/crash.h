/* crash.h: what the text of a crash says
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The answer of the reader in reader.h. Nothing of it is taken from the name of a process, from the taint letters or from
 * "Modules linked in:" (R12).
 */
#ifndef DARUMA_RECOVERY_CRASH_CRASH_H
#define DARUMA_RECOVERY_CRASH_CRASH_H

#include <stdbool.h>

#define CRASH_NAME_SIZE 64 /* of a module, with the NUL (MODULE_NAME_LEN, linux/module.h) */
/* Of a function or an eBPF program (KSYM_NAME_LEN, linux/kallsyms.h) */
#define CRASH_FUNCTION_SIZE  128
#define CRASH_SIGNATURE_SIZE 80

/* How the machine went on, as the guard counts endings (R4). */
enum crash_class {
	CRASH_NONE, /* no crash in this text */
	CRASH_OOPS, /* the kernel went on */
	CRASH_PANIC,
	CRASH_OPERATOR, /* a panic that a person asked for: SysRq or NMI */
};

enum crash_kind {
	CRASH_KIND_NONE, /* no report in this text */
	CRASH_KIND_NULL_DEREFERENCE,
	CRASH_KIND_PAGE_FAULT,
	CRASH_KIND_GENERAL_PROTECTION,
	CRASH_KIND_INVALID_OPCODE,
	CRASH_KIND_EXTERNAL_ABORT,
	CRASH_KIND_USE_AFTER_FREE,
	CRASH_KIND_LIST_CORRUPTION,
	CRASH_KIND_BUG_ON,
	CRASH_KIND_WARNING,
	CRASH_KIND_SOFT_LOCKUP,
	CRASH_KIND_HARD_LOCKUP,
	CRASH_KIND_RCU_STALL,
	CRASH_KIND_HUNG_TASK,
	CRASH_KIND_NO_INIT,
	CRASH_KIND_OOM,
	CRASH_KIND_PANIC,
	CRASH_KIND_NMI,
	CRASH_KIND_SYSRQ,
	CRASH_KIND_OTHER,
};

enum crash_origin {
	CRASH_ORIGIN_NONE, /* no report in this text */
	CRASH_ORIGIN_KERNEL,
	CRASH_ORIGIN_OPERATOR, /* a person asked for it; nobody is named */
	CRASH_ORIGIN_USERSPACE, /* what looks like a report was not written by the kernel; kind NONE */
};

enum crash_quality {
	CRASH_QUALITY_NONE, /* nobody can be named */
	CRASH_QUALITY_POOR, /* named by entries the unwinder does not vouch for, or by a helper */
	CRASH_QUALITY_PARTIAL, /* the head of the report, or its trace, is missing */
	CRASH_QUALITY_GOOD,
};

/* Names are printable ASCII without blanks; "" where not known. */
struct crash {
	enum crash_class class;
	enum crash_kind kind;
	enum crash_origin origin;
	enum crash_quality quality;
	/* to blame, without what the compiler adds (".isra.0") */
	char function[CRASH_FUNCTION_SIZE];
	char module[CRASH_NAME_SIZE];	      /* to blame; "" for the kernel itself */
	char program[CRASH_FUNCTION_SIZE];    /* eBPF program to blame: "bpf_prog_<tag>[_<name>]" */
	char signature[CRASH_SIGNATURE_SIZE]; /* see signature.h; "" without a report */
};

/* Whether the kernel itself reported it and vouches for whom the report names (R12). Only that speaks against anybody. */
bool crash_is_evidence(const struct crash *crash);

/* Words for output; static storage; "unknown" outside the enumeration. */
const char *crash_class_name(enum crash_class class);
const char *crash_kind_name(enum crash_kind kind);	 /* null_deref, page_fault ...; "none" */
const char *crash_origin_name(enum crash_origin origin); /* kernel, operator, userspace; "none" */
const char *crash_quality_name(enum crash_quality quality); /* none, poor, partial, good */

#endif
