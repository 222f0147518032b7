/* recover_evidence.c: what a safe start chooses products from, where setting changes aside did not help
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/repair/recover_evidence.h"

#include <stdio.h>
#include <string.h>

#include "recovery/repair/switched_off.h"

static bool kernel_changed(const struct verdict *verdict)
{
	for (size_t i = 0; i < verdict->count; i++)
		if (strcmp(verdict->suspects[i].product, VERDICT_KERNEL) == 0)
			return verdict->suspects[i].reasons & VERDICT_NEW_KERNEL;
	return false;
}

/* A plan stores no verdict. */
static int read_blamed(const struct recover *recover, const struct verdict *verdict,
		       char ret[TRIAL_PRODUCT_SIZE])
{
	int error = trial_read_blamed(recover->database, ret);

	if (!error && !*ret)
		snprintf(ret, TRIAL_PRODUCT_SIZE, "%.*s", TRIAL_PRODUCT_SIZE - 1, verdict->product);
	return error;
}

int recover_evidence_gather(const struct recover *recover, const struct change_list *changes,
			    const struct verdict *verdict, struct recover_evidence *ret)
{
	int error;

	*ret = (struct recover_evidence){
		.kernel_changed = kernel_changed(verdict),
		.paired = strcmp(verdict->partner, VERDICT_KERNEL) == 0 ? verdict->product : "",
	};
	error = switched_off_products(recover->database, &ret->off);
	if (!error)
		error = trial_read_changed(recover->database, &ret->changed);
	for (size_t i = 0; !error && i < changes->count; i++)
		error = text_list_add(&ret->changed, changes->items[i].product);
	return error ? error : read_blamed(recover, verdict, ret->blamed);
}

void recover_evidence_free(struct recover_evidence *evidence)
{
	text_list_free(&evidence->changed);
	text_list_free(&evidence->off);
}
