/* policy_file.h: the policy, as JSON on disk and as limits for the firmware stage
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * /etc/daruma/policy.json if it is there, else /usr/share/daruma/policy.json. The format is described by
 * policy/policy.schema.json and checked here: unknown or duplicate keys, wrong types and values out of range are
 * errors that name the path in the document.
 */
#ifndef DARUMA_RECOVERY_POLICY_FILE_H
#define DARUMA_RECOVERY_POLICY_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/limits.h"
#include "recovery/context.h"
#include "recovery/document.h"
#include "recovery/kernel_floor.h"

#define POLICY_PROBLEM_SIZE 256

/* Which rungs start the copy of the last good kernel on the ESP (boot/kernel_copy.h). */
enum policy_kernel_copy {
	POLICY_KERNEL_COPY_AUTO, /* rescue, unless a disk may be sealed to the TPM or /boot is encrypted: the default */
	POLICY_KERNEL_COPY_RESCUE, /* rescue */
	POLICY_KERNEL_COPY_SAFE,   /* safe and rescue */
	POLICY_KERNEL_COPY_NONE,   /* none is kept */
};

struct policy_file {
	uint32_t version;	     /* rises with each change (R44) */
	struct daruma_limits limits; /* install is left zero */
	unsigned settle_seconds;     /* how long health must hold: 1 to 3600, default 120 (R6) */
	unsigned deadline_seconds;   /* hung user space: 60 to 86400, default 600 */
	unsigned emergency_seconds;  /* emergency mode without a key: 30 to 86400, default 300 */
	unsigned scan_seconds;	   /* run-time generation scan interval: 10 to 86400, default 300 */
	unsigned generations;	   /* good generations kept: 3 to 100, default 5 (R11) */
	uint64_t store_bytes;	   /* budget of the content store, default 512 MiB */
	uint64_t store_file_bytes; /* larger files are not copied, default 64 MiB */
	bool automatic;		   /* automatic repair, default true (R20) */
	bool fast_path; /* a certain verdict is acted on in the next normal start, default true */
	unsigned late_panics; /* crashes after good starts that make a loop: 2 to 100, default 3 */
	unsigned late_window_hours; /* within this time: 1 to 8760, default 168 */
	enum policy_kernel_copy kernel_copy;
	char kernel_floor[KERNEL_RELEASE_SIZE]; /* see kernel_floor.h; "" none, the default (R32) */
};

/* Reads the policy in force below context->root. Returns 0, a negative errno from reading (-ENOENT: there is none), or
 * -EBADMSG; on any error one sentence is in `ret_problem` ("/etc/daruma/policy.json: /thresholds/panic: 1 is out of
 * range 2 to 100"), and `*ret` is filled with the built-in defaults, so that a caller that must go on can. */
int policy_file_load(const struct context *context, struct policy_file *ret,
		     char ret_problem[POLICY_PROBLEM_SIZE]);

/* The same for text in memory; `name` stands in the problem. */
int policy_file_parse(const char *name, const char *text, size_t length, struct policy_file *ret,
		      char ret_problem[POLICY_PROBLEM_SIZE]);

void policy_file_default(struct policy_file *ret);

/* The keys that are known, for who compares them with the schema. */
const struct document_field *policy_file_fields(void);

#endif
