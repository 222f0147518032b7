/* vendor_command.h: running the commands with which a product helps to repair it, which its file names
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Such a command runs as root, with all that root may do: the tools of products do nothing for anybody else. So only files
 * of vendors and of the admin may name one, which belong to root and which nobody else may write; that of a catalog entry
 * is never run. The program is an ordinary file in a code path of that product, it and every folder from the root folder
 * down to it are root's and nobody else may write them, and no link leads to it but one in the root folder
 * (safe_path_canonical()). It is started directly, never by a shell, with nothing open but /dev/null, a pipe for its output
 * and our standard error; after its time it is killed with its process group. Its environment is PATH and LANG=C, nothing
 * else.
 */
#ifndef DARUMA_RECOVERY_REPAIR_VENDOR_COMMAND_H
#define DARUMA_RECOVERY_REPAIR_VENDOR_COMMAND_H

#include <stdbool.h>

#include "recovery/context.h"
#include "recovery/process.h"
#include "recovery/products/product.h"
#include "recovery/text_list.h"

#define VENDOR_COMMAND_SECONDS	   60	/* for what repairs */
#define VENDOR_COMMAND_OUTPUT_SIZE 1024 /* what is kept of the output, with the final NUL */

/* Whether the file that `product` was read from may name commands. "root" is whoever runs this, as in the whole file. */
bool vendor_command_may_be_named(const struct context *context, const struct product *product);

/* Whether the program of `words` is one that may be run, as it lies there now. Returns 0, or an errno as below. */
int vendor_command_check(const struct context *context, const char *folder,
			 const struct text_list *words);

/* Runs `words`, a program and its arguments; the program is `folder` or lies in it (product_code_path()). Below
 * another root it is run in there, by chroot(8); on this machine among the mounts of process 1, by nsenter(1) where
 * ours are others. `ret_output` is what it printed, "" if nothing or not run. Returns 0; -ECHILD: its exit status
 * was another than 0; -ETIMEDOUT; -ENOENT: there is no such program; -ELOOP, -EXDEV: a link or a mount is in the
 * way; -EPERM: not an ordinary program, or somebody else could have written it; or another negative errno. */
int vendor_command_run(const struct context *context, const struct process_port *processes,
		       const char *folder, const struct text_list *words, unsigned seconds,
		       char ret_output[VENDOR_COMMAND_OUTPUT_SIZE]);

/* Why it was not done, for people, by such an error. */
const char *vendor_command_problem(int error);

#endif
