/* generation_proof.h: what a start proves about the files of the watched products
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_INVENTORY_GENERATION_PROOF_H
#define DARUMA_RECOVERY_INVENTORY_GENERATION_PROOF_H

#include <stdbool.h>
#include <stdint.h>

#include "recovery/context.h"
#include "recovery/database.h"
#include "recovery/inventory/inventory.h"
#include "recovery/policy_file.h"
#include "recovery/products/product.h"
#include "recovery/text_list.h"

/* In which start, and by whom, a generation is taken. */
struct generation_start {
	const struct context *context;
	struct database *database;
	const struct policy_file *policy;
	const struct product_list *products;
	const char *cause, *boot_id; /* as for generation_take() */
	int64_t last_good;	     /* a generation; 0: none */
};

struct generation_proof {
	bool good;		   /* what is there now may be called a good state */
	struct text_list unproved; /* products: this start says nothing about their files */
	struct inventory proved;   /* that of the last good generation, if there are any such */
};

/* Whether `cause` is that of a generation which is taken while the machine runs. */
bool generation_is_run_time(const char *cause);

/* Judges by the rules of generation_take(). `ret` is zeroed by the caller, and to be freed whatever is returned: 0 or a
 * negative errno. */
int generation_judge(const struct generation_start *start, struct generation_proof *ret);

/* A product that proves nothing keeps nobody else's state from being good: where `proof` is good, the files of such ones
 * in `now` become those of before, which go over to it. Returns 0 or a negative errno. */
int generation_keep_proved(struct generation_proof *proof, struct inventory *now);

void generation_proof_free(struct generation_proof *proof);

#endif
