/* command_reduce.c: how commands have products leave their reduced mode, and what they say
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/commands/command_reduce.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "recovery/commands/confirm.h"
#include "recovery/message.h"
#include "recovery/repair/reduced_mode.h"
#include "recovery/repair/vendor_command.h"
#include "recovery/state.h"

bool command_reduce_is_on(const struct context *context, const char *product)
{
	struct database *database = NULL;
	struct text_list products = { 0 };
	bool on = state_open(context, false, &database) == 0 &&
		  reduced_mode_products(database, &products) == 0 &&
		  (product ? text_list_has(&products, product) : products.count > 0);

	text_list_free(&products);
	database_close(database);
	return on;
}

/* Each by itself: why one cannot is said with its name. */
static int leave_one(const struct context *context, struct database *database, const char *product,
		     bool on_trial)
{
	const struct process_port *processes = process_of_machine();
	int result = on_trial ? reduced_mode_release(context, database, processes, product) :
				reduced_mode_leave(context, database, processes, product);

	if (result < 0)
		return message_cannot_because(context, -EIO, vendor_command_problem(result),
					      "have %s leave its reduced mode", product);
	message_notice(context, "%s has left its reduced mode", product);
	return EXIT_DONE;
}

static int leave(const struct context *context, struct database *database,
		 const struct text_list *products, bool on_trial)
{
	int code = EXIT_DONE;

	for (size_t i = 0; context->dry_run && i < products->count; i++)
		printf("would have %s leave its reduced mode\n", products->items[i]);
	if (context->dry_run || products->count == 0)
		return EXIT_DONE;
	if (!confirm(context, "Do you want to have %s leave its reduced mode?",
		     products->count == 1 ? products->items[0] : "every product"))
		return EXIT_FAILED;
	for (size_t i = 0; i < products->count; i++) {
		int one = leave_one(context, database, products->items[i], on_trial);

		code = code ? code : one;
	}
	return code;
}

int command_reduce_leave(const struct context *context, struct database *database,
			 const char *product, bool on_trial)
{
	struct text_list all = { 0 }, meant = { 0 };
	int error = reduced_mode_products(database, &all);
	int code;

	for (size_t i = 0; !error && i < all.count; i++)
		if (!product || strcmp(all.items[i], product) == 0)
			error = text_list_add(&meant, all.items[i]);
	code = error ? message_cannot(context, error, "find out what is in its reduced mode") :
		       leave(context, database, &meant, on_trial);
	text_list_free(&meant);
	text_list_free(&all);
	return code;
}
