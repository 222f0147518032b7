/* recover_restore.c: the step of a safe start in which a product brings back what no good copy was kept of
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/repair/recover_restore.h"

#include <errno.h>

#include "recovery/event.h"
#include "recovery/json.h"
#include "recovery/message.h"
#include "recovery/quarantine/taken_away.h"
#include "recovery/repair/vendor_command.h"

/* Where that cannot be found out nothing is run. */
static bool misses_something(const struct recover *recover, const struct product *product)
{
	struct text_list products = { 0 };
	bool misses = taken_away_find(recover->context, recover->database, &products) == 0 &&
		      text_list_has(&products, product->id);

	text_list_free(&products);
	return misses;
}

static int run(const struct recover *recover, const struct product *product,
	       char ret_output[VENDOR_COMMAND_OUTPUT_SIZE])
{
	const char *folder = product_code_path(product, product->restore.items[0]);

	ret_output[0] = '\0';
	if (!folder || !vendor_command_may_be_named(recover->context, product))
		return -EOPNOTSUPP;
	if (!recover_has_time(recover))
		return -ETIMEDOUT;
	return vendor_command_run(recover->context, recover->processes, folder, &product->restore,
				  VENDOR_COMMAND_SECONDS, ret_output);
}

static void tell(const struct recover *recover, const struct product *product, const char *problem,
		 const char *output)
{
	struct json *details = json_new_object();

	if (problem)
		message_cannot_because(recover->context, -EIO, problem,
				       "have %s bring back what was taken away", product->id);
	else
		message_notice(recover->context, "%s brought back what was taken away",
			       product->id);
	json_add_text(details, "product", product->id);
	json_add_text(details, "why", problem);
	json_add_text(details, "output", output[0] ? output : NULL);
	event_write(recover->context, recover->database,
		    problem ? "product.restore_failed" : "product.restored",
		    problem ? "warning" : "notice", details);
}

void recover_restore(const struct recover *recover, const struct product *product)
{
	char output[VENDOR_COMMAND_OUTPUT_SIZE];
	const char *problem;
	int error;

	if (recover->context->dry_run || product->restore.count == 0 ||
	    !misses_something(recover, product))
		return;
	error = run(recover, product, output);
	problem = error				     ? vendor_command_problem(error) :
		  misses_something(recover, product) ? "something is missing still" :
						       NULL;
	tell(recover, product, problem, output);
}
