/* recover_reduce.c: the step of a safe start that puts products into the reduced mode of their own (R19)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/repair/recover_reduce.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/cleanup.h"
#include "recovery/message.h"
#include "recovery/repair/recover_evidence.h"
#include "recovery/repair/reduced_mode.h"
#include "recovery/repair/trial.h"
#include "recovery/repair/vendor_command.h"

static const char *const reasons[] = {
	[SWITCH_ONE] = "it is the one to blame",
	[SWITCH_CHANGED] = "it changed since the last good start",
	[SWITCH_LISTED] = "the kernel changed since the last good start",
};

static void note_products(struct recover_result *result, const struct text_list *products)
{
	for (size_t i = 0; i < products->count; i++)
		if (result->products++ == 0)
			snprintf(result->product, sizeof(result->product), "%s",
				 products->items[i]);
}

static void tell_failure(const struct recover *recover, int error, const char *what)
{
	if (error < 0)
		message_cannot_because(recover->context, -EIO, vendor_command_problem(error), "%s",
				       what);
}

void recover_reduce_settle(const struct recover *recover)
{
	tell_failure(recover,
		     reduced_mode_mend(recover->context, recover->database, recover->processes,
				       recover->commands_until),
		     "have a product leave its reduced mode");
	tell_failure(recover,
		     reduced_mode_end_trials(recover->context, recover->database,
					     recover->processes, recover->products,
					     recover->boot->boot_id, recover->commands_until),
		     "put into its reduced mode again what was on trial");
}

enum recover_outcome recover_reduce_pick_up(const struct recover *recover,
					    struct recover_result *result)
{
	struct text_list untried = { 0 };
	enum recover_outcome outcome = RECOVER_NOTHING;
	int error = trial_read_untried_reduced(recover->database, &untried);

	if (error)
		message_cannot(recover->context, error, "find out what was reduced before");
	else if (untried.count) {
		note_products(result, &untried);
		outcome = RECOVER_REDUCED;
	}
	text_list_free(&untried);
	return outcome;
}

static void leave(const struct recover *recover, const char *product)
{
	int result = reduced_mode_leave(recover->context, recover->database, recover->processes,
					product);

	if (result < 0)
		message_cannot_because(recover->context, -EIO, vendor_command_problem(result),
				       "have %s leave its reduced mode", product);
	else
		message_notice(recover->context, "the reduced mode of %s does not help: it is left",
			       product);
}

/* What could not leave in an earlier start is not tried without end: see reduced_mode_mend(). */
void recover_reduce_end(const struct recover *recover)
{
	struct text_list tried = { 0 };
	struct reduced_mode_list list = { 0 };
	int error = recover->context->dry_run ? 0 : trial_read_reduced(recover->database, &tried);

	if (!error && tried.count)
		error = reduced_mode_load(recover->database, &list);
	if (error)
		message_cannot(recover->context, error, "find out what was reduced before");
	for (size_t i = 0; !error && i < list.count && recover_has_time(recover); i++)
		if (strcmp(list.items[i].step, REDUCED_MODE_REDUCED) == 0 &&
		    text_list_has(&tried, list.items[i].product))
			leave(recover, list.items[i].product);
	reduced_mode_list_free(&list);
	text_list_free(&tried);
}

bool recover_reduce_was_tried(const struct recover *recover)
{
	struct text_list products = { 0 };
	bool tried = trial_read_reduced(recover->database, &products) == 0 && products.count > 0;

	text_list_free(&products);
	return tried;
}

/* --- choosing and entering ----------------------------------------------------------------- */

/* The items are the products' own, but for the list. */
static int list_able(const struct recover *recover, struct product_list *ret)
{
	ret->items = calloc(recover->products->count + 1, sizeof(*ret->items));
	if (!ret->items)
		return -ENOMEM;
	for (size_t i = 0; i < recover->products->count; i++)
		if (reduced_mode_is_named(recover->context, &recover->products->items[i]))
			ret->items[ret->count++] = recover->products->items[i];
	return 0;
}

static int enter_each(const struct recover *recover, enum switch_rung rung, const char *const *ids,
		      size_t count, struct text_list *tried, struct text_list *done)
{
	int first = 0;

	for (size_t i = 0; i < count && recover_has_time(recover); i++) {
		int error =
			reduced_mode_enter(recover->context, recover->database, recover->processes,
					   product_list_find(recover->products, ids[i]),
					   recover->boot->boot_id, reasons[rung]);
		int added;

		if (error)
			message_cannot_because(recover->context, -EIO,
					       vendor_command_problem(error),
					       "put %s into its reduced mode", ids[i]);
		added = text_list_add(tried, ids[i]);
		if (!added && !error)
			added = text_list_add(done, ids[i]);
		first = first ? first : added;
	}
	return first;
}

/* One rung after the other, until one product of a rung could enter. */
static int climb(const struct recover *recover, const struct switch_evidence *choice,
		 enum switch_rung highest, struct text_list *tried, struct text_list *done)
{
	owned const char **ids = calloc(choice->listed->count + 1, sizeof(*ids));
	int error = ids ? 0 : -ENOMEM;

	while (!error && done->count == 0 && recover_has_time(recover)) {
		size_t count;
		enum switch_rung rung = switch_choose(choice, ids, &count);

		if (rung == SWITCH_NONE || rung > highest)
			break;
		error = enter_each(recover, rung, ids, count, tried, done);
	}
	return error;
}

static int reduce(const struct recover *recover, struct recover_evidence *evidence,
		  const struct product_list *able, enum switch_rung highest, struct text_list *done)
{
	struct text_list tried = { 0 };
	const struct switch_evidence choice = {
		.blamed = evidence->blamed,
		.changed = &evidence->changed,
		.kernel_changed = evidence->kernel_changed,
		.paired = evidence->paired,
		.listed = able,
		.tried = &tried,
		.off = &evidence->off,
	};
	int error = trial_read_reduced(recover->database, &tried);

	/* One of an earlier incident may be in it still. */
	if (!error)
		error = reduced_mode_products(recover->database, &evidence->off);
	if (!error)
		error = climb(recover, &choice, highest, &tried, done);
	if (!recover_has_time(recover))
		message_notice(recover->context,
			       "no more time for the commands of products in this start");
	text_list_free(&tried);
	return error;
}

enum recover_outcome recover_reduce(const struct recover *recover,
				    const struct change_list *changes,
				    const struct verdict *verdict, enum switch_rung highest,
				    struct recover_result *result)
{
	struct recover_evidence evidence = { .blamed = "" };
	struct product_list able = { 0 };
	struct text_list done = { 0 };
	int error = list_able(recover, &able);
	bool any;

	if (!error && able.count)
		error = recover_evidence_gather(recover, changes, verdict, &evidence);
	if (!error && able.count)
		error = reduce(recover, &evidence, &able, highest, &done);
	if (error)
		message_cannot(recover->context, error, "find out what may be reduced");
	note_products(result, &done);
	free(able.items);
	recover_evidence_free(&evidence);
	any = done.count > 0;
	text_list_free(&done);
	return any ? RECOVER_REDUCED : RECOVER_NOTHING;
}
