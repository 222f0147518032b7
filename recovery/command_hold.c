/* command_hold.c: how commands bring the holds of a quarantine in line with its entries, and what they say
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/command_hold.h"

#include <stddef.h>
#include <unistd.h>

#include "recovery/message.h"
#include "recovery/process.h"
#include "recovery/quarantine_hold.h"
#include "recovery/watch_set.h"

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

void command_hold(const struct context *context, struct database *database,
		  const struct product_list *products)
{
	struct product_list loaded = { 0 };
	int error = products ? 0 : watch_set_load(context, &loaded, NULL);

	if (error)
		message_cannot(context, error, "load the watched products");
	else
		hold(context, database, products ? products : &loaded);
	product_list_free(&loaded);
}
