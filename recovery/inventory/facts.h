/* facts.h: finding out the facts of this system
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 *   kind              name                        value
 *   kernel            release, image              of the running kernel; SHA-256 of its file in /boot
 *   command-line      text                        /proc/cmdline
 *   initramfs         path of that of this kernel SHA-256
 *   initramfs-module  path in that initramfs      SHA-256 of the file there (R10)
 *   module            name of a loaded module     version, srcversion and taint letters, "-" where there is none
 *   module-file       path of a loaded module     SHA-256, of what is not the kernel's own: loaded_module_is_foreign()
 *   module-signer     path of such a module       who signed it, in the words of module_signature_describe(); not verified
 *   module-import     path of such a module       by what it can hook the kernel: module_imports_words(), or "unknown"
 *   module-hook       name of such a module       "ftrace": the function tracer calls it (ftrace_users.h)
 *   unit              folder/link                 where the link of *.wants and *.requires in /etc/systemd/system leads
 *   package           name:architecture           version of what dpkg has installed
 *   fanotify          program                     "blocks" if it can forbid an access, else "listens"
 *   program           name/tag of an eBPF program its type (bpf(2)), a number; then the tags of its functions, if it has
 *                                                 more than one
 *   program-holder    tag, unit, executable       "link" and its type, or "program": what a process there has open
 *
 * A program that no process has open has no holder: one pinned in /sys/fs/bpf, or kept only by what it is attached to. Who
 * loaded it is not known then.
 *
 * All are read below context->root but eBPF programs, which belong to the running kernel.
 */
#ifndef DARUMA_RECOVERY_INVENTORY_FACTS_H
#define DARUMA_RECOVERY_INVENTORY_FACTS_H

#include <stdbool.h>

#include "recovery/context.h"
#include "recovery/inventory/fact.h"

/* Reads every kind. What comes from one file is taken from `known` if that file is as it was then (size, times, inode).
 * `at_run_time`: what only a start can prove (kernel, command line, initramfs) is taken from `known` if it is there: an
 * update of it may lie on the disk and has not run. `ret` is sorted. A kind that cannot be read has no facts, which is no
 * error. Returns 0 or -ENOMEM. */
int facts_read(const struct context *context, const struct fact_list *known, bool at_run_time,
	       struct fact_list *ret);

/* The same for kernel and initramfs alone, as they lie on the disk. */
int facts_read_start(const struct context *context, const struct fact_list *known,
		     struct fact_list *ret);

/* Whether the system was started in another way: with another kernel or initramfs. What one side does not know is not
 * compared. Both lists are sorted. */
bool facts_start_differs(const struct fact_list *before, const struct fact_list *now);

#endif
