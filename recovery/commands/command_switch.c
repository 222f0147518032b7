/* command_switch.c: how commands switch products on again, and what they say
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/commands/command_switch.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "recovery/commands/confirm.h"
#include "recovery/message.h"
#include "recovery/products/watch_set.h"
#include "recovery/quarantine/quarantine_hold.h"
#include "recovery/repair/switched_off.h"
#include "recovery/state.h"

#define SYSTEMD_RUNS "/run/systemd/system" /* sd_booted(3) */

bool command_switch_is_off(const struct context *context, const char *product)
{
	struct database *database = NULL;
	struct text_list products = { 0 };
	bool off = state_open(context, false, &database) == 0 &&
		   switched_off_products(database, &products) == 0 &&
		   (product ? text_list_has(&products, product) : products.count > 0);

	text_list_free(&products);
	database_close(database);
	return off;
}

static int found(const struct database_row *row, void *user)
{
	(void)row;
	*(bool *)user = true;
	return 0;
}

bool command_switch_knows(const struct context *context, const char *product)
{
	struct database *database = NULL;
	struct product_list products = { 0 };
	bool known = watch_set_load(context, &products, NULL) == 0 &&
		     product_list_find(&products, product);

	product_list_free(&products);
	if (!known && state_open(context, false, &database) == 0)
		database_query(database, found, &known,
			       "SELECT id FROM switched_off WHERE product=?1", "t", product);
	database_close(database);
	return known;
}

static bool is_meant(const struct switched_off *item, const char *product)
{
	return !product || strcmp(item->product, product) == 0;
}

static bool has_meant(const struct switched_off_list *list, const char *product)
{
	for (size_t i = 0; i < list->count; i++)
		if (is_meant(&list->items[i], product))
			return true;
	return false;
}

/* What the service manager and the initramfs know of it. Modules load with the units that want them, or at the next
 * start. */
static void follow(const struct context *context, const struct switched_off_list *list,
		   const char *product)
{
	struct quarantine_hold_result lifted = { .changed = true };
	int error = 0;

	for (size_t i = 0; i < list->count; i++) {
		const struct switched_off *item = &list->items[i];

		if (!is_meant(item, product))
			continue;
		message_notice(context, "%s is switched on again", item->product);
		for (size_t j = 0; !error && j < item->units.count; j++)
			error = text_list_add(&lifted.lifted, item->units.items[j]);
	}
	if (!error && access(SYSTEMD_RUNS, F_OK) == 0)
		error = quarantine_hold_take_up(context, process_of_machine(), &lifted);
	if (error)
		message_cannot(context, error, "start what was switched off");
	error = switched_off_rebuild(context, process_of_machine(), list);
	if (error)
		message_cannot(context, error, "rebuild the initramfs");
	quarantine_hold_result_free(&lifted);
}

static int change(const struct context *context, struct database *database, const char *product)
{
	int result = switched_off_lift(database, product);

	return result < 0 ? result : switched_off_update(context, database);
}

static int switch_on(const struct context *context, struct database *database,
		     const struct switched_off_list *list, const char *product)
{
	int result;

	for (size_t i = 0; context->dry_run && i < list->count; i++)
		if (is_meant(&list->items[i], product))
			printf("would switch %s on again\n", list->items[i].product);
	if (context->dry_run)
		return EXIT_DONE;
	if (!confirm(context, "Do you want to switch %s on again?",
		     product ? product : "every product"))
		return EXIT_FAILED;
	result = change(context, database, product);
	if (result < 0)
		return message_cannot(context, result, "switch %s on again",
				      product ? product : "every product");
	follow(context, list, product);
	return EXIT_DONE;
}

int command_switch_on(const struct context *context, struct database *database, const char *product)
{
	struct switched_off_list list = { 0 };
	int error = switched_off_load(database, &list);
	int code = EXIT_DONE;

	if (error)
		code = message_cannot(context, error, "find out what is switched off");
	else if (has_meant(&list, product))
		code = switch_on(context, database, &list, product);
	switched_off_list_free(&list);
	return code;
}
