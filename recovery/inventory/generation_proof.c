/* generation_proof.c: what a start proves about the files of the watched products
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/generation_proof.h"

#include <stdlib.h>
#include <string.h>

#include "recovery/inventory/generation.h"
#include "recovery/inventory/proved_files.h"
#include "recovery/quarantine/on_trial.h"
#include "recovery/quarantine/quarantine.h"
#include "recovery/quarantine/quarantine_return.h"
#include "recovery/quarantine/taken_away.h"
#include "recovery/repair/late_loop.h"
#include "recovery/repair/reduced_mode.h"
#include "recovery/repair/switched_off.h"

bool generation_is_run_time(const char *cause)
{
	return strcmp(cause, "run-time") == 0;
}

/* The products of what was to be done before a state of theirs could be good, and could not be. Half of one state and half
 * of another is never good, and at run time none with an object in it that is known to be bad. */
static int list_left(const struct generation_start *start, struct text_list *ret)
{
	bool automatic = start->policy->automatic;
	int error = quarantine_interrupted_products(start->database, ret);

	if (!error && (automatic || generation_is_run_time(start->cause)))
		error = quarantine_return_products(start->database, ret);
	if (!error && automatic)
		error = on_trial_due_products(start->database, ret);
	if (!error && automatic)
		error = late_loop_left_product(start->database, start->boot_id, ret);
	return error;
}

/* Files of a product that a good state does not know count as there before it, and are blamed for nothing from then on;
 * and those of one that is watched no more may be another's now. */
static bool has_proved(const struct generation_proof *proof, const struct product_list *products,
		       const char *product)
{
	bool found = false;

	for (size_t i = 0; !found && i < proof->proved.count; i++)
		found = strcmp(proof->proved.files[i].product, product) == 0;
	return found && product_list_find(products, product);
}

static int find_unproved(const struct generation_start *start, struct generation_proof *ret)
{
	struct text_list left = { 0 };
	int error = reduced_mode_products(start->database, &ret->unproved);

	if (!error)
		error = list_left(start, &left);
	if (!error && (left.count || ret->unproved.count))
		error = inventory_load(start->database, start->last_good, &ret->proved);
	for (size_t i = 0; !error && i < left.count; i++) {
		if (!has_proved(ret, start->products, left.items[i]))
			ret->good = false;
		error = text_list_add(&ret->unproved, left.items[i]);
	}
	text_list_free(&left);
	return error;
}

/* What runs proves itself, what lies on the disk does not: content is read when it lands, a module or a program often
 * at the next start only. An installation proves nothing before its first good start, and no start with a product
 * switched off proves that it runs with what is there now. */
int generation_judge(const struct generation_start *start, struct generation_proof *ret)
{
	struct change_list changes = { 0 };
	struct product_list judged = { 0 };
	int error;

	ret->good = strcmp(start->cause, "install") != 0 && !switched_off_is_due(start->database);
	error = find_unproved(start, ret);
	if (!error && generation_is_run_time(start->cause)) {
		error = taken_away_leave_out(start->products, &ret->unproved, &judged);
		if (!error)
			error = generation_compare(start->context, start->database, &judged,
						   &changes);
	}
	for (size_t i = 0; !error && i < changes.count; i++)
		if (strcmp(changes.items[i].kind, "module") == 0 ||
		    strcmp(changes.items[i].kind, "code") == 0)
			ret->good = false;
	change_list_free(&changes);
	free(judged.items);
	return error;
}

int generation_keep_proved(struct generation_proof *proof, struct inventory *now)
{
	return proof->good && proof->unproved.count ?
		       proved_files_keep(now, &proof->proved, &proof->unproved) :
		       0;
}

void generation_proof_free(struct generation_proof *proof)
{
	inventory_free(&proof->proved);
	text_list_free(&proof->unproved);
}
