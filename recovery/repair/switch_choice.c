/* switch_choice.c: which products are switched off where setting changes aside did not help
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/repair/switch_choice.h"

#include <string.h>

static bool is_on_rung(const struct switch_evidence *evidence, enum switch_rung rung,
		       const char *product)
{
	switch (rung) {
	case SWITCH_ONE:
		return evidence->tried->count == 0 && evidence->blamed &&
		       strcmp(evidence->blamed, product) == 0;
	case SWITCH_CHANGED:
		return text_list_has(evidence->changed, product);
	case SWITCH_LISTED:
		return true;
	default:
		return false;
	}
}

/* R62, whatever the rung. */
static bool may_be_off(const struct switch_evidence *evidence, const char *product)
{
	return evidence->kernel_changed || text_list_has(evidence->changed, product) ||
	       (evidence->paired && strcmp(evidence->paired, product) == 0);
}

enum switch_rung switch_choose(const struct switch_evidence *evidence, const char **ret,
			       size_t *ret_count)
{
	*ret_count = 0;
	for (enum switch_rung rung = SWITCH_ONE; rung <= SWITCH_LISTED; rung++) {
		for (size_t i = 0; i < evidence->listed->count; i++) {
			const char *product = evidence->listed->items[i].id;

			if (is_on_rung(evidence, rung, product) && may_be_off(evidence, product) &&
			    !text_list_has(evidence->tried, product) &&
			    !text_list_has(evidence->off, product))
				ret[(*ret_count)++] = product;
		}
		if (*ret_count)
			return rung;
	}
	return SWITCH_NONE;
}
