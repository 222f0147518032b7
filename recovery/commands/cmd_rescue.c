/* cmd_rescue.c: daruma rescue: repairs a system that is not running; called in the initramfs of a rescue start, and in the
 * owner's image
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Nothing of that system runs here, not its libraries either: what keeps it from coming up far enough to repair itself cannot
 * keep it from being repaired.
 */
#include "recovery/commands/command_recover.h"
#include "recovery/commands/commands.h"
#include "recovery/early/command_line.h"
#include "recovery/guard.h"
#include "recovery/message.h"
#include "recovery/products/watch_set.h"
#include "recovery/run_mark.h"
#include "recovery/state.h"
#include "recovery/system_file.h"

/* A program of a product needs the system it was made for: none is begun (recover_has_time()). */
#define NO_COMMANDS 1

/* The guard comes first here too: it reads what the crashes left, and tells the stage. */
static int look_and_repair(struct recover *recover, struct product_list *products, bool *ret_left)
{
	struct guard_findings findings = { 0 };
	int error = guard_run(recover->context, recover->processes, recover->boot,
			      recover->database, &findings);

	if (error)
		message_cannot(recover->context, error, "find out everything about the last crash");
	else if (findings.crash.class != CRASH_NONE)
		run_mark_set(recover->context, RUN_MARK_LOOKED);
	error = watch_set_load(recover->context, products, NULL);
	return error ? error : command_recover_run(recover, ret_left);
}

static int rescue(struct recover *recover, struct policy_file *policy, bool *ret_left)
{
	char problem[POLICY_PROBLEM_SIZE];
	struct product_list products = { 0 };
	int error;

	if (policy_file_load(recover->context, policy, problem) != 0)
		message_notice(recover->context, "using the built-in policy: %s", problem);
	/* In the last try, and where that profile never comes, what it did not come to do is done here. */
	recover->objects_only = recover->boot->note.tries_left > 0 && !recover->image;
	recover->policy = policy;
	recover->products = &products;
	error = look_and_repair(recover, &products, ret_left);
	product_list_free(&products);
	return error;
}

static bool is_image(const struct context *context)
{
	char path[PATH_MAX];

	return system_path(context, COMMAND_LINE_FILE, path) == 0 && command_line_says_image(path);
}

static bool is_ordered(const struct recover *recover, struct this_boot *boot)
{
	int error = this_boot_read(recover->context, recover->database, boot);

	if (!error && (boot->note.rung == DARUMA_RUNG_RESCUE ||
		       (recover->image && boot->note.rung == DARUMA_RUNG_SAFE)))
		return true;
	message_notice(recover->context, "nothing is done: %s",
		       error ? this_boot_problem(error) : "the stage ordered no rescue start");
	return false;
}

int cmd_rescue(const struct context *context, int argc, char *argv[])
{
	struct policy_file policy;
	struct this_boot boot;
	struct recover recover = { .context = context,
				   .processes = process_of_machine(),
				   .boot = &boot,
				   .offline = true,
				   .image = is_image(context),
				   .commands_until = NO_COMMANDS };
	bool left = false;
	int error;

	(void)argc;
	(void)argv;
	if (context->root[0] == '\0')
		return message_usage("rescue: it repairs a system that is not running: --root=");
	/* An empty state, made below a mount point, would say that nothing changed. */
	error = state_open_existing(context, &recover.database);
	if (error)
		return message_cannot(context, error, "open the state");
	if (is_ordered(&recover, &boot))
		error = rescue(&recover, &policy, &left);
	database_close(recover.database);
	if (left && !error)
		return EXIT_DONE;
	return error ? message_cannot(context, error, "rescue this system") : EXIT_FALSE;
}
