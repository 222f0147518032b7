/* cmd_gate.c: daruma gate: waits for health, then answers this start good; called by daruma-gate.service
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>

#include "recovery/boot/own_answer.h"
#include "recovery/boot/own_variables.h"
#include "recovery/boot/stage_file.h"
#include "recovery/commands/commands.h"
#include "recovery/first_error.h"
#include "recovery/gate.h"
#include "recovery/message.h"
#include "recovery/products/watch_set.h"
#include "recovery/run_mark.h"
#include "recovery/state.h"

/* The start in which the stage deleted its record: what it left on the ESP can go too. */
static void finish_removal(const struct context *context)
{
	struct esp esp;
	int error = esp_find_path(context, &esp);

	if (!error)
		error = stage_file_delete(&esp);
	if (error)
		message_cannot(context, error, "delete the stage's files");
}

/* 0 and 1: the gate waits; 1 where this start did not go through the stage. Negative: there is nothing to wait for. */
static int judge(const struct gate *gate, struct this_boot *boot)
{
	int error = this_boot_read(gate->context, gate->database, boot);

	if (error == -ESHUTDOWN)
		finish_removal(gate->context);
	if (error == -ECANCELED || error == -ESTALE || error == -ESHUTDOWN) {
		message_notice(gate->context, "nothing is done: %s", this_boot_problem(error));
		return error;
	}
	if (error) {
		message_notice(gate->context, "this start is not counted: %s",
			       this_boot_problem(error));
		return 1;
	}
	if (!this_boot_is_ordinary_rung(boot)) {
		message_notice(gate->context, "a %s start is not answered good",
			       daruma_rung_name(boot->note.rung));
		return -EINVAL;
	}
	/* The gate was started again, and had come to its end. */
	return this_boot_is_good(gate->database, boot->boot_id) &&
			       run_mark_is_set(gate->context, RUN_MARK_RECORDED) ?
		       -EALREADY :
		       0;
}

static int pass(const struct gate *gate)
{
	struct this_boot boot;
	int bypassed = judge(gate, &boot);
	int error;

	if (bypassed < 0)
		return 0;
	gate_wait(gate, bypassed ? NULL : &boot);
	if (bypassed)
		return gate_bypassed(gate);
	/* Read again: the machine may have slept and gone through the stage meanwhile. */
	error = this_boot_read(gate->context, gate->database, &boot);
	if (error)
		return error;
	error = this_boot_register(gate->context, gate->database, &boot);
	/* A table that cannot be written now must not make a healthy start count as a failure. */
	first_error_keep(&error,
			 error ? gate_answer_only(gate, &boot) : gate_good(gate, &boot, "gate"));
	if (!error)
		message_notice(gate->context, "this start is good");
	return error;
}

/* The state is what a machine that crashes damages first. The stage must hear of health all the same, or every start would
 * count as a failure. */
static int pass_without_state(struct gate *gate)
{
	struct this_boot boot;
	int error;

	/* What a read-only one tells still counts: another kernel's note, products that are switched off. */
	if (state_open(gate->context, false, &gate->database) != 0)
		gate->database = NULL;
	error = this_boot_read(gate->context, gate->database, &boot);
	if (error || !this_boot_is_ordinary_rung(&boot) || own_answer_is_good(gate->context, &boot))
		return 0;
	gate_wait(gate, NULL);
	return gate_answer_only(gate, &boot);
}

int cmd_gate(const struct context *context, int argc, char *argv[])
{
	char problem[POLICY_PROBLEM_SIZE];
	struct product_list products = { 0 };
	struct policy_file policy;
	struct gate gate = { .context = context,
			     .processes = process_of_machine(),
			     .variables = own_variables(context),
			     .products = &products,
			     .policy = &policy };
	int state = state_open_existing(context, &gate.database);
	int error;

	(void)argc;
	(void)argv;
	gate.records = state == 0;
	/* A policy that cannot be read gives the defaults. */
	if (policy_file_load(context, &policy, problem) != 0)
		message_notice(context, "using the built-in policy: %s", problem);
	error = watch_set_load(context, &products, NULL);
	if (!error)
		error = gate.records ? pass(&gate) : pass_without_state(&gate);
	product_list_free(&products);
	database_close(gate.database);
	if (state && error)
		message_cannot(context, error, "answer this start as good");
	if (state)
		return message_cannot(context, state, "open the state");
	return error ? message_cannot(context, error, "finish the gate's work") : EXIT_DONE;
}
