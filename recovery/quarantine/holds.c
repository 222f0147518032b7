/* holds.c: bringing all holds of a quarantine in line with its entries, and saying so
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/quarantine/holds.h"

#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

#include "recovery/message.h"
#include "recovery/process.h"
#include "recovery/products/watch_set.h"
#include "recovery/quarantine/package_hold.h"
#include "recovery/quarantine/quarantine_hold.h"

#define SYSTEMD_RUNS "/run/systemd/system" /* sd_booted(3) */

static void tell(const struct context *context, const struct quarantine_hold_result *result)
{
	for (size_t i = 0; i < result->held.count; i++)
		message_notice(context, "%s is held while something of its product is set aside",
			       result->held.items[i]);
	for (size_t i = 0; i < result->lifted.count; i++)
		message_notice(context, "%s may run again", result->lifted.items[i]);
}

static void hold(const struct context *context, struct database *database,
		 const struct product_list *products)
{
	struct quarantine_hold_result result;
	int error = quarantine_hold_update(context, database, products, &result);

	if (error)
		message_cannot(context, error, "hold or lift every updater");
	tell(context, &result);
	error = access(SYSTEMD_RUNS, F_OK) == 0 ?
			quarantine_hold_take_up(context, process_of_machine(), &result) :
			0;
	if (error)
		message_cannot(context, error, "have the service manager read the drop-ins");
	quarantine_hold_result_free(&result);
}

static void hold_packages(const struct context *context, struct database *database)
{
	struct text_list held = { 0 }, lifted = { 0 };
	int error = package_hold_update(context, process_of_machine(), database, &held, &lifted);

	if (error)
		message_cannot(context, error, "have the package manager hold or lift packages");
	for (size_t i = 0; i < held.count; i++)
		message_notice(context, "the package %s is held while something of it is set aside",
			       held.items[i]);
	for (size_t i = 0; i < lifted.count; i++)
		message_notice(context, "the package %s is held no more", lifted.items[i]);
	text_list_free(&held);
	text_list_free(&lifted);
}

void holds_update(const struct context *context, struct database *database,
		  const struct product_list *products)
{
	struct product_list loaded = { 0 };
	int error = products ? 0 : watch_set_load(context, &loaded, NULL);

	if (error)
		message_cannot(context, error, "load the watched products");
	else
		hold(context, database, products ? products : &loaded);
	hold_packages(context, database);
	product_list_free(&loaded);
}

bool holds_are_due(struct database *database)
{
	return quarantine_hold_is_due(database) || package_hold_is_due(database);
}

static int print_product(const struct database_row *row, void *user)
{
	(void)user;
	printf("would hold the updaters of %s no more\n", database_text(row, 0));
	return 0;
}

static int print_package(const struct database_row *row, void *user)
{
	(void)user;
	printf("would hold the package %s no more\n", database_text(row, 0));
	return 0;
}

void holds_print_lifting(struct database *database)
{
	database_query(database, print_product, NULL,
		       "SELECT product FROM quarantine_hold ORDER BY product", "");
	/* What somebody else had set stays. */
	database_query(database, print_package, NULL,
		       "SELECT package FROM package_hold WHERE state IN ('wanted','set','stuck')"
		       " ORDER BY package",
		       "");
}
