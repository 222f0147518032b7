/* recover_switch.c: the last rungs of a safe start: switching products off
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/repair/recover_switch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/cleanup.h"
#include "recovery/message.h"
#include "recovery/repair/recover_evidence.h"
#include "recovery/repair/recover_image.h"
#include "recovery/repair/switch_choice.h"
#include "recovery/repair/switched_off.h"
#include "recovery/repair/trial.h"

static const char *const reasons[] = {
	[SWITCH_ONE] = "it is the one to blame, and setting changes aside did not help",
	[SWITCH_CHANGED] = "it changed since the last good start, and setting changes aside did "
			   "not help",
	[SWITCH_LISTED] = "the kernel changed since the last good start, and setting changes aside "
			  "did not help",
};

static void note_product(struct recover_result *result, const char *product)
{
	if (result->products++ == 0)
		snprintf(result->product, sizeof(result->product), "%s", product);
}

static void rebuild(const struct recover *recover, const struct switched_off_list *list)
{
	struct text_list files = { 0 };
	int error = 0;

	for (size_t i = 0; !error && i < list->count; i++)
		for (size_t j = 0; !error && j < list->items[i].files.count; j++)
			error = text_list_add(&files, list->items[i].files.items[j]);
	if (!recover->context->dry_run)
		recover_image_of_switched(recover, &files);
	text_list_free(&files);
}

/* Of what is off now, as far as it is among `products`. */
static void note_switched(const struct recover *recover, const struct text_list *products,
			  struct recover_result *result)
{
	struct switched_off_list list = { 0 };
	int error = switched_off_load(recover->database, &list);

	for (size_t i = 0; !error && i < list.count; i++) {
		if (!text_list_has(products, list.items[i].product))
			continue;
		note_product(result, list.items[i].product);
		result->module = result->module || list.items[i].modules.count > 0;
	}
	rebuild(recover, &list);
	switched_off_list_free(&list);
}

enum recover_outcome recover_switch_pick_up(const struct recover *recover,
					    struct recover_result *result)
{
	struct text_list untried = { 0 };
	int error = switched_off_update(recover->context, recover->database);
	bool found;

	if (error < 0)
		message_cannot(recover->context, error, "finish an interrupted switch");
	error = trial_read_untried_switches(recover->database, &untried);
	if (error)
		message_cannot(recover->context, error, "find out what was switched off before");
	found = !error && untried.count;
	if (found)
		note_switched(recover, &untried, result);
	text_list_free(&untried);
	return found ? RECOVER_SWITCHED : RECOVER_NOTHING;
}

/* --- switching ----------------------------------------------------------------------------- */

/* Wholly or not at all: half a product that starts is none that anybody has tried. */
static int switch_off(const struct recover *recover, const char *id, const char *reason)
{
	const struct product *product = product_list_find(recover->products, id);
	int error;

	if (recover->context->dry_run)
		return 0;
	error = switched_off_plan(recover->context, recover->database, product,
				  recover->boot->boot_id, reason);
	if (error)
		return error;
	error = switched_off_update(recover->context, recover->database);
	if (error >= 0)
		return 0;
	switched_off_lift(recover->database, id);
	switched_off_update(recover->context, recover->database);
	return error;
}

static int switch_all_off(const struct recover *recover, enum switch_rung rung,
			  const char *const *ids, size_t count, struct text_list *tried,
			  struct text_list *done)
{
	int first = 0;

	for (size_t i = 0; i < count; i++) {
		int error = switch_off(recover, ids[i], reasons[rung]);
		int added;

		if (error)
			message_cannot(recover->context, error, "switch %s off", ids[i]);
		added = text_list_add(tried, ids[i]);
		if (!added && !error)
			added = text_list_add(done, ids[i]);
		first = first ? first : added;
	}
	return first;
}

/* One rung after the other, until something of one could be switched off. */
static enum recover_outcome climb(const struct recover *recover,
				  const struct recover_evidence *evidence, struct text_list *tried,
				  struct recover_result *result)
{
	const struct switch_evidence choice = {
		.blamed = evidence->blamed,
		.changed = &evidence->changed,
		.kernel_changed = evidence->kernel_changed,
		.paired = evidence->paired,
		.listed = recover->products,
		.tried = tried,
		.off = &evidence->off,
	};
	const char **ids = calloc(recover->products->count + 1, sizeof(*ids));
	struct text_list done = { 0 };
	enum recover_outcome outcome = RECOVER_NOTHING;
	size_t count;

	while (ids && done.count == 0) {
		enum switch_rung rung = switch_choose(&choice, ids, &count);

		if (rung == SWITCH_NONE ||
		    switch_all_off(recover, rung, ids, count, tried, &done) != 0)
			break;
	}
	if (done.count) {
		outcome = RECOVER_SWITCHED;
		for (size_t i = 0; recover->context->dry_run && i < done.count; i++)
			note_product(result, done.items[i]);
		if (!recover->context->dry_run)
			note_switched(recover, &done, result);
	}
	text_list_free(&done);
	free(ids);
	return outcome;
}

/* It was none of them, and the machine goes on without anybody's help: with its protection. */
static void switch_on_again(const struct recover *recover, const struct text_list *products)
{
	struct switched_off_list list = { 0 };
	int error;

	if (recover->context->dry_run)
		return;
	error = switched_off_load(recover->database, &list);
	for (size_t i = 0; i < products->count; i++) {
		int result = switched_off_lift(recover->database, products->items[i]);

		error = error ? error : result < 0 ? result : 0;
	}
	if (!error) {
		error = switched_off_update(recover->context, recover->database);
		rebuild(recover, &list);
	}
	if (error < 0)
		message_cannot(recover->context, error, "switch every product on again");
	switched_off_list_free(&list);
}

enum recover_outcome recover_switch(const struct recover *recover,
				    const struct change_list *changes, enum recover_outcome outcome,
				    const struct verdict *verdict, struct recover_result *result)
{
	struct recover_evidence evidence;
	struct text_list tried = { 0 };
	int error = recover_evidence_gather(recover, changes, verdict, &evidence);
	bool before;

	if (!error)
		error = trial_read_switched(recover->database, &tried);
	before = tried.count > 0;
	if (error)
		message_cannot(recover->context, error, "find out what may be switched off");
	else if (climb(recover, &evidence, &tried, result) == RECOVER_SWITCHED)
		outcome = RECOVER_SWITCHED;
	else if (before) {
		switch_on_again(recover, &tried);
		outcome = RECOVER_EXHAUSTED;
	}
	text_list_free(&tried);
	recover_evidence_free(&evidence);
	return outcome;
}
