/* recover_evidence.h: what a safe start chooses products from, where setting changes aside did not help
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_REPAIR_RECOVER_EVIDENCE_H
#define DARUMA_RECOVERY_REPAIR_RECOVER_EVIDENCE_H

#include "recovery/repair/recover.h"
#include "recovery/repair/trial.h"

/* All of the open incident. */
struct recover_evidence {
	struct text_list changed;	 /* products of which something changed, or was set aside */
	struct text_list off;		 /* switched off now, since whenever */
	char blamed[TRIAL_PRODUCT_SIZE]; /* "" nobody */
	bool kernel_changed;		 /* VERDICT_NEW_KERNEL */
	const char *paired;		 /* see switch_choice.h; belongs to the verdict */
};

/* `changes`, `verdict`: of this start. Returns 0 or a negative errno; in either case it is the caller's to free. */
int recover_evidence_gather(const struct recover *recover, const struct change_list *changes,
			    const struct verdict *verdict, struct recover_evidence *ret);

void recover_evidence_free(struct recover_evidence *evidence);

#endif
