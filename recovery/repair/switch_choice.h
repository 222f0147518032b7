/* switch_choice.h: which products are switched off where setting changes aside did not help
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The last rungs of the ladder (R13), one trial each: the product to blame, then all that changed, then all that are listed.
 * Pure. What did not change, above a kernel that did not, is on no rung (R62): so all listed ones are switched off only
 * where the kernel changed. Of its initramfs or command line the same is said only about the one that the crash names with
 * it. The same order holds one step below, for the products that name a reduced mode: read "reduced"
 * for "off".
 */
#ifndef DARUMA_RECOVERY_REPAIR_SWITCH_CHOICE_H
#define DARUMA_RECOVERY_REPAIR_SWITCH_CHOICE_H

#include <stdbool.h>
#include <stddef.h>

#include "recovery/products/product.h"
#include "recovery/text_list.h"

enum switch_rung {
	SWITCH_NONE, /* nothing is left: stand aside */
	SWITCH_ONE,
	SWITCH_CHANGED,
	SWITCH_LISTED,
};

struct switch_evidence {
	const char *blamed; /* product of the incident's verdict, NULL or "": none */
	/* products of which something changed in this incident, or was set aside */
	const struct text_list *changed;
	bool kernel_changed; /* since the last good generation: another one runs, or its file is another */
	/* product of which nothing changed, and which the crash names with what changed below it; NULL or "": none */
	const char *paired;
	/* the products that are watched; nothing else is chosen */
	const struct product_list *listed;
	const struct text_list *tried; /* switched off in this incident */
	const struct text_list *off;   /* off now, since whenever */
};

/* The next rung and, in `ret` with room for all that are listed, its products: the ids, which belong to `listed`. The lowest
 * rung that has any; one product only at first, and never one that was tried or is off. */
enum switch_rung switch_choose(const struct switch_evidence *evidence, const char **ret,
			       size_t *ret_count);

#endif
