/* recover.c: what is done in a safe start: set the offending update aside, or stand aside
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/repair/recover.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "recovery/boot/answer_lock.h"
#include "recovery/boot/own_answer.h"
#include "recovery/cleanup.h"
#include "recovery/healthy_time.h"
#include "recovery/inventory/change_record.h"
#include "recovery/message.h"
#include "recovery/quarantine/on_trial.h"
#include "recovery/quarantine/quarantine.h"
#include "recovery/quarantine/quarantine_hold.h"
#include "recovery/repair/late_loop.h"
#include "recovery/repair/recover_base.h"
#include "recovery/repair/recover_image.h"
#include "recovery/repair/recover_kernel.h"
#include "recovery/repair/recover_reduce.h"
#include "recovery/repair/recover_restore.h"
#include "recovery/repair/recover_switch.h"
#include "recovery/repair/trial.h"
#include "recovery/repair/verdict_record.h"

#define REASON	    "it changed since the last good start, and the starts after that failed"
#define REASON_LATE "it changed before the machine began to crash again and again after good starts"
#define SEVERAL	    "several" /* products: the trial's argument has room for one name */

static bool has_change(const struct change_list *changes, const char *product)
{
	for (size_t i = 0; i < changes->count; i++) {
		if (strcmp(changes->items[i].product, product) == 0)
			return true;
	}
	return false;
}

/* Those that may be set aside, most suspect first. */
static size_t list_left(const struct verdict *verdict, const struct change_list *changes,
			const struct text_list *tried, const char *ret[VERDICT_SUSPECTS_MOST])
{
	size_t count = 0;

	for (size_t i = 0; i < verdict->count; i++) {
		const char *product = verdict->suspects[i].product;

		if (has_change(changes, product) && !text_list_has(tried, product))
			ret[count++] = product;
	}
	return count;
}

size_t recover_choose(const struct verdict *verdict, const struct change_list *changes,
		      const struct text_list *tried, const char *ret[VERDICT_SUSPECTS_MOST])
{
	size_t left = list_left(verdict, changes, tried, ret);
	bool points_at_one = tried->count == 0 && verdict->certainty != VERDICT_UNKNOWN &&
			     left > 0 && strcmp(ret[0], verdict->product) == 0;

	return points_at_one ? 1 : (left + 1) / 2;
}

/* Whether nothing new of `product` since `generation` is left in its place. A file whose last good copy was not kept stays
 * missing. */
static int verify(const struct recover *recover, int64_t generation, const char *product)
{
	struct change_list changes = { 0 };
	int error = recover_base_compare_again(recover, generation, &changes);

	for (size_t i = 0; !error && i < changes.count; i++) {
		if (strcmp(changes.items[i].product, product) == 0 && changes.items[i].how != 'r')
			error = -EBUSY;
	}
	change_list_free(&changes);
	return error;
}

static bool is_module_of(const struct change *change, const char *product)
{
	return (!product || strcmp(change->product, product) == 0) &&
	       strcmp(change->kind, "module") == 0;
}

/* Of the product, or with NULL of all that `changes` are about. */
static void note_repair(const struct change_list *changes, const char *of_product, int objects,
			struct recover_result *result)
{
	result->objects += objects;
	if (result->products++ == 0)
		snprintf(result->product, sizeof(result->product), "%s",
			 of_product ? of_product : changes->items[0].product);
	for (size_t i = 0; i < changes->count; i++)
		result->module |= is_module_of(&changes->items[i], of_product);
}

static int set_aside(const struct recover *recover, const struct change_list *changes,
		     const char *id, struct recover_result *result)
{
	const struct product *product = product_list_find(recover->products, id);
	int objects, error;

	if (!product)
		return -ESRCH;
	objects = quarantine_changes(recover->context, recover->database, product, changes,
				     recover->boot->boot_id,
				     recover_base_is_late(recover) ? REASON_LATE : REASON);
	if (objects < 0)
		return objects;
	error = recover->context->dry_run ? 0 : verify(recover, changes->generation, id);
	if (error)
		return error;
	note_repair(changes, id, objects, result);
	recover_restore(recover, product);
	return 0;
}

/* Each of them that can be; those that cannot are not tried again. */
static bool set_aside_all(const struct recover *recover, const struct change_list *changes,
			  const char *const *ids, size_t count, struct text_list *tried,
			  struct recover_result *result)
{
	bool out_of_memory = false;

	for (size_t i = 0; i < count; i++) {
		int error = set_aside(recover, changes, ids[i], result);

		if (error)
			message_cannot(recover->context, error, "set the changes of %s aside",
				       ids[i]);
		out_of_memory |= text_list_add(tried, ids[i]) != 0;
	}
	return !out_of_memory;
}

/* One choice after the other, until something of one could be set aside. */
static enum recover_outcome try_products(const struct recover *recover,
					 const struct verdict *verdict,
					 const struct change_list *changes, struct text_list *tried,
					 struct recover_result *result)
{
	const char *chosen[VERDICT_SUSPECTS_MOST];
	enum recover_outcome outcome = RECOVER_NOTHING;
	size_t count;

	while ((count = recover_choose(verdict, changes, tried, chosen))) {
		outcome = RECOVER_FAILED;
		if (!set_aside_all(recover, changes, chosen, count, tried, result) ||
		    result->products)
			break;
	}
	return result->products ? RECOVER_REPAIRED : outcome;
}

/* --- a repair that no start has tried yet -------------------------------------------------- */

/* What a product brought back by its own means (recover_restore.h) may be new, and is part of the repair. */
static bool is_gone(const struct recover *recover, int64_t generation, const char *id)
{
	const struct product *product = product_list_find(recover->products, id);

	return (product && product->restore.count > 0) || verify(recover, generation, id) == 0;
}

/* Whether nothing new is left of any of them. */
static bool are_gone(const struct recover *recover, int64_t generation,
		     const struct change_list *untried)
{
	for (size_t i = 0; i < untried->count; i++)
		if ((i == 0 ||
		     strcmp(untried->items[i].product, untried->items[i - 1].product) != 0) &&
		    !is_gone(recover, generation, untried->items[i].product))
			return false;
	return true;
}

/* The power may go between the repair and the answer. The trial is still due, and before it is made nobody else is
 * suspected. */
static enum recover_outcome pick_up(const struct recover *recover, int64_t generation,
				    struct recover_result *result)
{
	enum recover_outcome outcome = RECOVER_NOTHING;
	struct change_list untried = { 0 };
	int error = trial_read_untried(recover->database, &untried);

	if (!error && untried.count && are_gone(recover, generation, &untried)) {
		note_repair(&untried, NULL, (int)untried.count, result);
		outcome = RECOVER_REPAIRED;
	}
	if (error)
		message_cannot(recover->context, error, "find out what was repaired before");
	change_list_free(&untried);
	return outcome;
}

/* What was released on trial is the first suspect: it goes back, and that is the repair. */
static void end_trials(const struct recover *recover)
{
	int result = on_trial_end(recover->context, recover->database, recover->boot->boot_id);

	if (result < 0)
		message_cannot(recover->context, result, "set aside again what was on trial");
	recover_reduce_settle(recover);
}

bool recover_has_time(const struct recover *recover)
{
	return recover->commands_until == 0 || healthy_time_now() < recover->commands_until;
}

bool recover_may_act(const struct recover *recover)
{
	const struct daruma_note *note = &recover->boot->note;

	return recover->policy->automatic && note->incident_open &&
	       !daruma_reason_is_asked(note->reason);
}

/* A trial counts against what was set aside only if it ended by the very crash that it is about. */
static int repeat(const struct recover *recover, struct recover_result *result)
{
	bool other = false;
	int error = trial_was_of_another_kind(recover->database, &other, result->product);

	if (!error && other)
		result->outcome = RECOVER_REPEATS;
	return error;
}

/* The last rungs of the ladder. */
static enum recover_outcome do_without(const struct recover *recover, const struct verdict *verdict,
				       const struct change_list *changes,
				       enum recover_outcome outcome, struct recover_result *result)
{
	outcome = recover_switch(recover, changes, outcome, verdict, result);
	return outcome == RECOVER_NOTHING && recover_reduce_was_tried(recover) ? RECOVER_EXHAUSTED :
										 outcome;
}

static bool start_changed(const struct verdict *verdict)
{
	for (size_t i = 0; i < verdict->count; i++)
		if (verdict->suspects[i].reasons & VERDICT_START)
			return true;
	return false;
}

static enum recover_outcome change_kernel(const struct recover *recover,
					  const struct verdict *verdict,
					  struct recover_result *result)
{
	enum recover_outcome outcome;

	if (recover->offline)
		return recover_kernel_pick_up(recover, result);
	outcome = recover_kernel(recover, verdict, result);
	/* Products were off in the safe starts that did not come so far: before any of them, the kernel. */
	return outcome == RECOVER_NOTHING ? recover_kernel_of_copy(recover, result) : outcome;
}

/* The next rung of the ladder (R13): the kernel before, what changed set aside, products in their reduced mode, then
 * switched off. Where the kernel is to blame, what is set aside comes behind it, since nothing says that it would
 * help. */
static enum recover_outcome go_on(const struct recover *recover, const struct verdict *verdict,
				  const struct change_list *changes, struct text_list *tried,
				  struct recover_result *result)
{
	enum recover_outcome outcome = RECOVER_NOTHING, aside;

	if (recover->objects_only)
		return recover_kernel_is_blamed(verdict) || recover_kernel_of_copy_is_due(recover) ?
			       RECOVER_NOTHING :
			       try_products(recover, verdict, changes, tried, result);
	if (recover_kernel_is_blamed(verdict))
		outcome = recover_reduce(recover, changes, verdict, SWITCH_ONE, result);
	if (outcome == RECOVER_NOTHING)
		outcome = change_kernel(recover, verdict, result);
	if (outcome != RECOVER_NOTHING)
		return outcome;
	aside = try_products(recover, verdict, changes, tried, result);
	if (aside == RECOVER_REPAIRED)
		return aside;
	outcome = recover_reduce(recover, changes, verdict, SWITCH_LISTED, result);
	return outcome == RECOVER_NOTHING ? do_without(recover, verdict, changes, aside, result) :
					    outcome;
}

/* About the start before this one; the guard of a safe start has no time for it. */
static int judge(const struct recover *recover, const struct change_list *changes, int64_t failed,
		 struct verdict *ret)
{
	char previous[33];
	int error;

	firmware_boot_id_text(recover->boot->note.previous_boot_id, previous);
	error = verdict_find(recover->context, recover->database, recover->products, changes,
			     previous, failed, ret);
	return error || recover->context->dry_run ? error :
						    verdict_store(recover->database, previous, ret);
}

static int repair(const struct recover *recover, const struct change_list *changes, int64_t failed,
		  struct recover_result *result)
{
	struct text_list tried = { 0 };
	struct verdict verdict;
	int error = judge(recover, changes, failed, &verdict);

	if (!error)
		error = trial_read_tried(recover->database, &tried);
	if (!error) {
		result->start = start_changed(&verdict);
		end_trials(recover);
		result->outcome = pick_up(recover, changes->generation, result);
	}
	if (!error && result->outcome == RECOVER_NOTHING)
		result->outcome = recover_switch_pick_up(recover, result);
	if (!error && result->outcome == RECOVER_NOTHING)
		result->outcome = recover_reduce_pick_up(recover, result);
	if (!error && result->outcome == RECOVER_NOTHING)
		error = repeat(recover, result);
	if (!error && result->outcome == RECOVER_NOTHING) {
		recover_reduce_end(recover);
		result->outcome = go_on(recover, &verdict, changes, &tried, result);
	}
	text_list_free(&tried);
	return error;
}

/* The machine is restarted next: the service manager of that start reads what is written here. */
static void hold_updaters(const struct recover *recover)
{
	struct quarantine_hold_result held;
	int error = quarantine_hold_update(recover->context, recover->database, recover->products,
					   &held);

	/* The guard of that start does it again. */
	if (error)
		message_cannot(recover->context, error, "hold every updater");
	quarantine_hold_result_free(&held);
}

/* Compares, and repairs if it may. */
static int look_and_repair(const struct recover *recover, struct recover_result *result)
{
	struct change_list changes = { 0 };
	int64_t failed = 0;
	int error = recover_base_compare(recover, &changes, &failed);

	if (!error && !recover->context->dry_run)
		error = change_store(recover->database, recover->boot->boot_id, &changes);
	if (!error && recover_may_act(recover))
		error = repair(recover, &changes, failed, result);
	change_list_free(&changes);
	if (!error && !recover->context->dry_run && recover_base_is_late(recover))
		error = late_loop_note_repair(recover->database, time(NULL));
	return error;
}

int recover_repair(const struct recover *recover, struct recover_result *ret)
{
	struct recover_result result = { .outcome = RECOVER_STAYS };
	int error = recover->context->dry_run ?
			    0 :
			    quarantine_resume(recover->context, recover->database);

	if (error < 0)
		message_cannot(recover->context, error, "finish an interrupted quarantine");
	error = 0;
	/* First: what is compared is noted as what the incident is about. */
	if (recover_may_act(recover) && recover_base_is_by_operator(recover))
		result.outcome = RECOVER_OPERATOR;
	else
		error = look_and_repair(recover, &result);
	if (!error && result.outcome == RECOVER_REPAIRED && result.module &&
	    !recover->context->dry_run)
		recover_image_of_moved(recover);
	/* The package manager may wait for locks and for the network: the first scan asks it. */
	if (!error)
		hold_updaters(recover);
	if (!error)
		*ret = result;
	return error;
}

static enum daruma_request request_for(enum recover_outcome outcome)
{
	bool tried = outcome == RECOVER_REPAIRED || outcome == RECOVER_REPEATS ||
		     outcome == RECOVER_REDUCED || outcome == RECOVER_SWITCHED;

	if (outcome == RECOVER_OPERATOR || outcome == RECOVER_ASKED)
		return DARUMA_REQUEST_NORMAL;
	return tried ? DARUMA_REQUEST_TRIAL : DARUMA_REQUEST_ASIDE;
}

int recover_answer(const struct recover *recover, const struct recover_result *result)
{
	owned_descriptor int lock = answer_lock_take(recover->context);
	struct daruma_answer answer;
	const char *name = result->products > 1 ? SEVERAL : result->product;
	size_t length = strlen(name);

	own_answer_load(recover->context, recover->database, recover->boot, &answer);
	answer.result = DARUMA_RESULT_CLEAN;
	answer.request = request_for(result->outcome);
	memset(answer.argument, 0, sizeof(answer.argument));
	memcpy(answer.argument, name,
	       length < sizeof(answer.argument) ? length : sizeof(answer.argument));
	return firmware_write_answer(recover->context, recover->boot->id, &answer);
}
