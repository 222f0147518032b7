/* cmd_install.c: daruma install: puts the stage into the boot path
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <stdio.h>

#include "recovery/boot/install.h"
#include "recovery/boot/limits_file.h"
#include "recovery/boot/limits_lock.h"
#include "recovery/boot/own_entry.h"
#include "recovery/boot/own_trust.h"
#include "recovery/boot/removal_request.h"
#include "recovery/boot/safe_image_change.h"
#include "recovery/boot/stage_file.h"
#include "recovery/boot/stage_trial.h"
#include "recovery/cleanup.h"
#include "recovery/commands/command_scan_timer.h"
#include "recovery/commands/commands.h"
#include "recovery/crash_search.h"
#include "recovery/event.h"
#include "recovery/hold.h"
#include "recovery/initramfs_image.h"
#include "recovery/inventory/generation.h"
#include "recovery/machine.h"
#include "recovery/message.h"
#include "recovery/process.h"
#include "recovery/products/watch_set.h"
#include "recovery/service_manager.h"
#include "recovery/state.h"

#define RELOAD_SECONDS 60

static int print_plan(const struct context *context, const struct install_plan *plan,
		      const struct policy_file *policy)
{
	printf("would put the stage on %s, in front of %s\n", plan->esp.path, plan->normal);
	if (plan->options[0])
		printf("would start it with the load options: %s\n", plan->options);
	if (plan->shim[0])
		printf("would have it started by %s\n", plan->shim);
	printf(plan->entry ? "would make a boot entry and put it %s\n" :
			     "would make no boot entry%s\n",
	       plan->entry ? context->keep_order ? "last" : "first" : "");
	return command_scan_timer(context, policy->scan_seconds);
}

static int take_stock(const struct context *context, struct database *database,
		      const struct policy_file *policy)
{
	struct product_list products = { 0 };
	int64_t generation;
	int error = watch_set_load(context, &products, NULL);

	if (!error)
		error = generation_take(context, database, &products, policy, "install", NULL,
					&generation);
	if (!error)
		error = hold_refresh(context, &products);
	if (error >= 0)
		error = crash_search_mark_seen(context, database);
	product_list_free(&products);
	return error;
}

static int tell(const struct context *context, struct database *database,
		const struct install_plan *plan)
{
	struct json *details = json_new_object();

	json_add_text(details, "normal_target", plan->normal);
	json_add_bool(details, "boot_entry", plan->entry);
	json_add_text(details, "shim", plan->shim[0] ? plan->shim : NULL);
	json_add_bool(details, "order_kept", context->keep_order);
	return event_write(context, database, "stage.installed", "notice", details);
}

/* Not being able to rebuild the initramfs leaves two of the guard's three places. */
static void update_system(const struct context *context)
{
	int error;

	if (context->root[0] != '\0')
		return;
	service_manager_reload(process_of_machine(), RELOAD_SECONDS);
	error = initramfs_image_refresh(context, process_of_machine());
	if (error == -EOPNOTSUPP)
		message_notice(
			context,
			"there is no update-initramfs: modules in the initramfs are not held");
	else if (error < 0)
		message_cannot(context, error, "rebuild the initramfs");
}

static int remember_start(const struct context *context, struct database *database)
{
	char kernel_boot_id[33];

	machine_kernel_boot_id(context, kernel_boot_id);
	return state_set_text(database, INSTALL_BOOT_KEY, kernel_boot_id);
}

/* The entry of the program in use, and the trial of the new one; or the end of one that this installation overtakes. */
static int install_entries(const struct context *context, const struct variables *variables,
			   struct database *database, const struct install_plan *plan, bool trial)
{
	struct boot_entry ours;
	const struct stage_trial_place place = { .context = context,
						 .variables = variables,
						 .database = database,
						 .esp = &plan->esp,
						 .ours = &ours };
	int error = install_entry(context, variables, database, plan);

	if (!error)
		error = install_own_entry(plan, &ours);
	if (error)
		return error;
	if (!trial)
		return stage_trial_end(&place);
	error = stage_trial_begin(&place);
	if (error < 0)
		return error;
	message_notice(context,
		       "the new stage is tried in %s start, and is in use once that is good",
		       error ? "the next" : "a later");
	if (!error)
		message_advise(context,
			       "another boot entry is named for the next start (BootNext)");
	return 0;
}

/* What becomes of an image of the owner's is told. */
static int write_files(const struct context *context, struct database *database,
		       const struct install_plan *plan, const struct policy_file *policy,
		       const char *program)
{
	struct daruma_limits before, now;
	int error;

	limits_file_load(&plan->esp, &before);
	error = install_files(context, plan, policy, program);
	if (!error && limits_file_load(&plan->esp, &now) &&
	    safe_image_tell_lost(context, database, &before, &now))
		message_notice(context,
			       "the owner's image is not what safe starts are of any more");
	return error;
}

static int install(const struct context *context, const struct variables *variables,
		   const struct install_plan *plan, const struct policy_file *policy)
{
	owned_descriptor int lock = limits_lock_take(context);
	struct database *database = NULL;
	bool trial = false;
	int error = lock == -ETIMEDOUT ? lock : install_try_files(context, plan, policy);

	/* Before anything is changed: what does not fit leaves no half. */
	if (error)
		return message_cannot(context, error, "install the stage on %s", plan->esp.path);
	error = state_open(context, true, &database);
	if (error)
		return message_cannot(context, error, "open the state");
	error = take_stock(context, database, policy);
	if (error)
		message_cannot(context, error, "record the present state of the products");
	trial = install_needs_trial(context, variables, database, plan);
	error = write_files(context, database, plan, policy,
			    trial ? STAGE_FILE_TRIAL : STAGE_FILE_PROGRAM);
	if (!error && plan->entry)
		error = install_entries(context, variables, database, plan, trial);
	if (!error && plan->entry)
		error = removal_request_call_off(context);
	if (!error)
		error = remember_start(context, database);
	if (!error)
		error = tell(context, database, plan);
	database_close(database);
	if (error)
		return message_cannot(context, error, "install the stage on %s", plan->esp.path);
	return EXIT_DONE;
}

static void tell_secure_boot(const struct context *context, const struct install_plan *plan)
{
	message_notice(context, "Secure Boot is on: %s starts the stage only if it is signed",
		       plan->shim[0] ? plan->shim : "the firmware");
	if (plan->shim[0])
		return;
	message_advise(context, "an unsigned one is passed over, and the machine boots as before; "
				"--shim= is for a signature that only shim knows");
}

static void tell_limits(const struct context *context, const struct variables *variables,
			const struct install_plan *plan)
{
	message_notice(context, "the stage is on %s, in front of %s", plan->esp.path, plan->normal);
	if (plan->options[0])
		message_notice(context, "it is started with the load options: %s", plan->options);
	if (!plan->entry) {
		message_notice(context,
			       "no boot entry was made: boot variables cannot be written here");
		if (plan->shim[0])
			message_advise(context, "let the firmware start %s with the option %s",
				       plan->shim, DARUMA_ESP_PROGRAM);
		else
			message_advise(context, "let the firmware start %s", DARUMA_ESP_PROGRAM);
	} else if (own_trust_secure_boot(variables)) {
		tell_secure_boot(context, plan);
	}
}

/* Returns an exit code. */
static int choose_shim(const struct context *context, struct install_plan *plan)
{
	struct database *database = NULL;
	int code, error = state_open_existing(context, &database);

	/* Without a state nothing was chosen before. */
	error = error == -ENOENT ? 0 : error;
	if (error)
		return message_cannot(context, error, "open the state");
	error = install_choose_shim(database, context->shim, plan);
	database_close(database);
	if (!error)
		return EXIT_DONE;
	if (error != -ENOENT)
		return message_cannot(context, error, "find what is to start the stage");
	code = message_cannot_because(context, -ENODEV,
				      "it is no file of the EFI system partition, ours, or the "
				      "firmware's fallback",
				      "have the stage started by %s", plan->shim);
	message_hint("name another with --shim=, or none: then the firmware starts the stage");
	return code;
}

/* Shim waits for a key where it does not know the signature: each start would need a person. Returns an exit code. */
static int expect_trust(const struct context *context, const struct variables *variables,
			const struct install_plan *plan)
{
	static const char *const reasons[] = {
		[SHIM_TRUST_UNKNOWN] = "shim does not know the certificate of its signature",
		[SHIM_TRUST_UNSIGNED] = "it is not signed",
		[SHIM_TRUST_SILENT] = "whom shim trusts cannot be seen here",
	};
	enum shim_trust trust;
	int code, error;

	if (!plan->shim[0] || context->force)
		return EXIT_DONE;
	error = install_look_at_trust(context, variables, &trust);
	if (error)
		return message_cannot(context, error, "read %s", STAGE_FILE_SOURCE);
	if (trust == SHIM_TRUST_KNOWN)
		return EXIT_DONE;
	code = message_cannot_because(context, -ENODEV, reasons[trust],
				      "have the stage started by %s", plan->shim);
	message_hint("sign it (make sign), enrol the certificate (mokutil --import) and restart, "
		     "or --force");
	return code;
}

/* Started without them the loader, or a kernel, may not come up. */
static int refuse_options(const struct context *context)
{
	int code = message_cannot_because(
		context, -ENODEV, "they are no printable ASCII, or too long",
		"hand on the load options of the boot entry that starts this system");

	message_hint(
		"give them as options of targets.normal in the policy, or write them as text with "
		"efibootmgr --unicode");
	return code;
}

int cmd_install(const struct context *context, int argc, char *argv[])
{
	const struct variables *variables =
		context->no_variables || context->root[0] ? NULL : variables_of_machine();
	char problem[POLICY_PROBLEM_SIZE];
	struct install_plan plan;
	struct policy_file policy;
	int code, error = policy_file_load(context, &policy, problem);

	(void)argc;
	(void)argv;
	if (error)
		return message_cannot_accept(context, error, problem, "read the policy");
	error = install_make_plan(context, variables, &policy, &plan);
	if (error == -ENOENT)
		return message_cannot(context, -ENODEV,
				      "find the loader that the stage is to start");
	if (error == -EINVAL)
		return refuse_options(context);
	if (error)
		return message_cannot(context, error, "find the EFI system partition");
	code = choose_shim(context, &plan);
	if (!code)
		code = expect_trust(context, variables, &plan);
	if (code)
		return code;
	if (context->dry_run)
		return print_plan(context, &plan, &policy);
	code = install(context, variables, &plan, &policy);
	if (code)
		return code;
	code = command_scan_timer(context, policy.scan_seconds);
	update_system(context);
	tell_limits(context, variables, &plan);
	return code;
}
