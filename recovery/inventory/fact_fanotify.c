/* fact_fanotify.c: which programs watch accesses to files through fanotify
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "recovery/cleanup.h"
#include "recovery/inventory/fact_kinds.h"
#include "recovery/inventory/process_descriptors.h"

#define GROUP	     "anon_inode:[fanotify]" /* kernel: fs/notify/fanotify/fanotify_user.c */
#define BLOCKS_FLAGS 0x0c /* FAN_CLASS_CONTENT, FAN_CLASS_PRE_CONTENT: fanotify_init(2) */

struct reading {
	const struct context *context;
	const char *kind;
	struct fact_list *ret;
};

/* /proc/PID/fdinfo/FD has a line "fanotify flags:<hex> event-flags:<hex>" (kernel: Documentation/filesystems/proc.rst). */
static bool can_block(const struct context *context, const struct process_descriptor *descriptor)
{
	static const char mark[] = "fanotify flags:";
	owned char *text = NULL;
	const char *at;

	if (process_descriptor_info(context, descriptor, &text) != 0)
		return false;
	at = strstr(text, mark);
	return at && (strtoul(at + sizeof(mark) - 1, NULL, 16) & BLOCKS_FLAGS);
}

/* A process that is gone meanwhile, or has no program (a thread of the kernel), gives nothing. */
static int look(const struct process_descriptor *descriptor, void *user)
{
	const struct reading *reading = user;
	char program[PATH_MAX];
	ssize_t length;

	if (strcmp(descriptor->target, GROUP) != 0)
		return 0;
	length = readlinkat(descriptor->process, "exe", program, sizeof(program) - 1);
	if (length <= 0)
		return 0;
	program[length] = 0;
	/* Sorting keeps "blocks" of a program that does both. */
	return fact_list_add(reading->ret, reading->kind, program,
			     can_block(reading->context, descriptor) ? "blocks" : "listens");
}

int fact_fanotify_read(const struct context *context, const char *kind, struct fact_list *ret)
{
	struct reading reading = { context, kind, ret };

	return process_descriptors_walk(context, look, &reading);
}
