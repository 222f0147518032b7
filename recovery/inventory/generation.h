/* generation.h: taking and keeping generations: what a good state of the watched products consists of
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_INVENTORY_GENERATION_H
#define DARUMA_RECOVERY_INVENTORY_GENERATION_H

#include <stdbool.h>
#include <stdint.h>

#include "recovery/context.h"
#include "recovery/database.h"
#include "recovery/inventory/change.h"
#include "recovery/policy_file.h"
#include "recovery/products/product.h"

/* Records the present files of `products` (code, content, manifests, modules of every installed kernel under
 * /lib/modules whose name is listed) as a generation, copies small ones into the content store, drops the oldest
 * generations beyond policy->generations (never the last good one) and objects no generation or action needs.
 * Unchanged files (same inode, size, mtime, ctime) are not read again. `cause`: good-boot, run-time; or install,
 * which is not known to be good yet. Nor is any while a product is switched off (switched_off.h), nor run-time one where
 * a module or code differs from the last good generation: it lies on the disk, and may never have run.
 *
 * Some products prove nothing: of each a good generation has the files of the good one before (proved_files.h), and what
 * differs of it keeps none from being good. They are those in their reduced mode (reduced_mode.h), and those with work
 * left: something is interrupted in the quarantine (quarantine_interrupted_products()); at run time and, unless the
 * policy wants no repairs, in whatever start an object is back from there (quarantine_return_products()); unless it
 * wants none, something is due to go there (on_trial_due_products(), late_loop_left_product()). Where work is left of a
 * product of which the last good generation has no file, or which is not in `products`, none is good. While a loop of late
 * crashes is left none is dropped.
 *
 * If no file differs from the newest generation, and the system was not started in another way (facts.h), none is made:
 * that one gets the facts of now, unless it is good and this one is not, becomes good if this one is, and *ret_id is
 * that one. A full disk or budget only keeps copies out of the store. Files and folders that cannot be read are
 * recorded as such (unread.h), and told once. Returns 0 or a negative errno; then nothing is recorded. Where another
 * process takes one, waits for it. */
int generation_take(const struct context *context, struct database *database,
		    const struct product_list *products, const struct policy_file *policy,
		    const char *cause, const char *boot_id, int64_t *ret_id);

/* The same in two steps. The first waits and reads, which may take minutes, and puts copies into the store, which
 * nobody else uses from then on until generation_taking_free(). The second only writes the tables, and what nobody
 * needs goes. All that the first is given has to be there until then. Both return 0 or a negative errno; *ret is the
 * caller's to free, set with 0 only. */
struct generation_taking;

int generation_prepare(const struct context *context, struct database *database,
		       const struct product_list *products, const struct policy_file *policy,
		       const char *cause, const char *boot_id, struct generation_taking **ret);
int generation_record(struct generation_taking *taking, int64_t *ret_id);

/* NULL is accepted. */
void generation_taking_free(struct generation_taking *taking);

/* The newest good generation, and when it was taken; 0 and 0 if there is none. `ret_time` may be NULL. */
int generation_last_good(struct database *database, int64_t *ret_id, int64_t *ret_time);

/* What differs between the last good generation and the files now, by content (files whose stat is unchanged are
 * trusted). Only files of `products` are looked at. Not a change (R62): a product that is gone altogether; the modules
 * of a kernel that is gone; and of a product that the generation does not know yet, the files that were there when the
 * generation was taken. Returns 0 or a negative errno. */
int generation_compare(const struct context *context, struct database *database,
		       const struct product_list *products, struct change_list *ret);

/* The same against the generation `id`, which need not be the last good one. -ESRCH: there is none of that number. */
int generation_compare_since(const struct context *context, struct database *database,
			     const struct product_list *products, int64_t id,
			     struct change_list *ret);

/* The quick answer for the guard: the same by size and time. A file is read only if both are as before and its inode is
 * not. *ret_changed is false when there is no good generation (no change, no blame). */
int generation_differs(const struct context *context, struct database *database,
		       const struct product_list *products, bool *ret_changed);

#endif
