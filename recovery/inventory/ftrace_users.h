/* ftrace_users.h: which kernel modules hook functions of the kernel through its function tracer
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * enabled_functions of tracefs (Linux Documentation/trace/ftrace.rst) has a line for each function that is traced,
 * and a second one, which begins with a tab, for one that is replaced:
 *
 *   do_sys_open (1) R I     tramp: 0xffffffffc0a5e000 (acme_open+0x0/0x40 [acme_sensor]) ->ftrace_ops_assist_func+0x0/0x100
 *                       ^ a tab
 *
 * Behind the tab stands who is called, with his module in brackets; a module before it is only where the traced
 * function is. A function that several trace names none of them, so who is not found here may still hook. The
 * kernel's list of kprobes tells what is probed and not by whom: it is not read.
 */
#ifndef DARUMA_RECOVERY_INVENTORY_FTRACE_USERS_H
#define DARUMA_RECOVERY_INVENTORY_FTRACE_USERS_H

#include "recovery/context.h"
#include "recovery/text_list.h"

#define FTRACE_USERS_MOST 256 /* the first so many count */

/* Adds each module that one line of the file names as called, once. Returns 0 or -ENOMEM. */
int ftrace_users_line(const char *line, struct text_list *ret);

/* The same for the whole file below context->root, or its first 16 MiB. Returns 0, -ENOMEM, or the errno of opening
 * or reading it: then nothing is known, whatever was added. */
int ftrace_users_read(const struct context *context, struct text_list *ret);

#endif
