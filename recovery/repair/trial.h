/* trial.h: what was set aside, reduced or switched off in the open incident, and what its trials have shown
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_REPAIR_TRIAL_H
#define DARUMA_RECOVERY_REPAIR_TRIAL_H

#include <stdbool.h>

#include "recovery/database.h"
#include "recovery/inventory/generation.h"
#include "recovery/text_list.h"

#define TRIAL_PRODUCT_SIZE 64

/* Adds the products of which something was set aside in a safe start of this incident. Returns 0 or a negative errno. */
int trial_read_tried(struct database *database, struct text_list *ret);

/* Adds what was set aside there with no trial after it, newest first: product, kind and path of each. */
int trial_read_untried(struct database *database, struct change_list *ret);

/* Adds the products that were switched off in this incident, whether they are on again or not. */
int trial_read_switched(struct database *database, struct text_list *ret);

/* Adds those of them that are off with no trial after it. */
int trial_read_untried_switches(struct database *database, struct text_list *ret);

/* Adds the products that were to enter their reduced mode in this incident, whatever became of it. */
int trial_read_reduced(struct database *database, struct text_list *ret);

/* Adds those of them that are in it with no trial after it. */
int trial_read_untried_reduced(struct database *database, struct text_list *ret);

/* Adds the products of which something changed in this incident, as far as its starts have found out, or was set aside. */
int trial_read_changed(struct database *database, struct text_list *ret);

/* The product that the incident's verdict blames: a certain one before others, then the first. "" where none does. */
int trial_read_blamed(struct database *database, char ret_product[TRIAL_PRODUCT_SIZE]);

/* Whether the only trial since the last repair ended by a crash whose signature is not that of the incident's first one;
 * then `ret_product` is what the trial was about. False where either crash has no signature. */
int trial_was_of_another_kind(struct database *database, bool *ret_other,
			      char ret_product[TRIAL_PRODUCT_SIZE]);

#endif
