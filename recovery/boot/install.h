/* install.h: putting the stage into the boot path of this machine, and taking it out
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_BOOT_INSTALL_H
#define DARUMA_RECOVERY_BOOT_INSTALL_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/limits.h"
#include "recovery/boot/boot_entry.h"
#include "recovery/boot/esp.h"
#include "recovery/boot/shim_trust.h"
#include "recovery/boot/variables.h"
#include "recovery/context.h"
#include "recovery/database.h"
#include "recovery/policy_file.h"

/* Setting: the kernel's boot id of the start in which the stage was installed: it cannot have gone through the stage. */
#define INSTALL_BOOT_KEY "install.kernel_boot_id"

/* What is going to be done. */
struct install_plan {
	struct esp esp;
	char normal[DARUMA_PATH_SIZE];	   /* what the stage starts in a normal start */
	char options[DARUMA_OPTIONS_SIZE]; /* its load options, "" none */
	char shim[DARUMA_PATH_SIZE];	   /* what starts the stage, "" the firmware itself */
	bool entry; /* a boot entry is made or kept: variables can be written here */
};

/* Finds the ESP and the normal target (install_target.h). `variables` may be NULL. Returns 0, -ENODEV (no ESP, or its
 * partition cannot be named), -ENOENT (no loader to start after us) or -EINVAL (its load options cannot be passed on). */
int install_make_plan(const struct context *context, const struct variables *variables,
		      const struct policy_file *policy, struct install_plan *ret);

/* Tries whether the ESP takes what install_files() is going to write, and changes nothing. Returns 0, -ENOENT (no program
 * to install), -EBADMSG (it is none), -EROFS, -ENOSPC ... */
int install_try_files(const struct context *context, const struct install_plan *plan,
		      const struct policy_file *policy);

/* Writes the program, as `program` (stage_file.h), and the limits. What is there already is not written again. */
int install_files(const struct context *context, const struct install_plan *plan,
		  const struct policy_file *policy, const char *program);

/* Our boot entry as the plan has it. Returns as own_entry_make() does. */
int install_own_entry(const struct install_plan *plan, struct boot_entry *ret);

/* What starts the stage, into `plan`: `wanted` is a path on the ESP, "none", or NULL for what was in force; `database` may
 * be NULL. Returns 0, -ENOENT (it is no file there, is ours, or is in \EFI\BOOT, where shim may start its fallback and pays
 * no heed to options; the plan has it all the same), or another negative errno. */
int install_choose_shim(struct database *database, const char *wanted, struct install_plan *plan);

/* Whether shim is known to start the program that is going to be installed, so that it can be the first of all starts.
 * `variables` NULL: what it trusts cannot be seen. Returns 0 and the answer, or the negative errno of reading it. */
int install_look_at_trust(const struct context *context, const struct variables *variables,
			  enum shim_trust *ret);

/* Whether the program is tried for one start before it takes the place of the one in use (stage_trial.h). Behind shim that
 * one has to be known to it, or it is nothing to fall back to. `variables` may be NULL. */
bool install_needs_trial(const struct context *context, const struct variables *variables,
			 struct database *database, const struct install_plan *plan);

/* Makes our boot entry and puts it first (last with context->keep_order). The order before is remembered (R56). The entry
 * is written before the order: a power cut between leaves an entry nobody starts. */
int install_entry(const struct context *context, const struct variables *variables,
		  struct database *database, const struct install_plan *plan);

/* Puts the remembered order back, as far as its entries still exist, and ours out of it. With `once` our entry is named for
 * the next start alone (BootNext), so that the stage can delete its record. */
int install_restore_order(const struct variables *variables, struct database *database, bool once);

/* Deletes our boot entry. Returns 0, also where there is none. */
int install_delete_entry(const struct variables *variables, const struct install_plan *plan);

#endif
