/* cmd_hold_list.c: daruma hold-list, brings /etc/daruma/hold up to date now
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/commands.h"
#include "recovery/early/hold_list.h"
#include "recovery/hold.h"
#include "recovery/message.h"
#include "recovery/state.h"
#include "recovery/watch_set.h"

int cmd_hold_list(const struct context *context, int argc, char *argv[])
{
	struct product_list products = { 0 };
	struct database *database = NULL;
	int result = watch_set_load(context, &products, NULL);

	(void)argc;
	(void)argv;
	/* Without a state the list still has what the products name. */
	if (state_open(context, false, &database) != 0)
		database = NULL;
	if (!result)
		result = hold_refresh(context, database, &products);
	product_list_free(&products);
	database_close(database);
	if (result < 0)
		return message_cannot(context, result, "write %s", HOLD_LIST_FILE);
	message_notice(context, result == 1 ? "the hold list was written" : "nothing to do");
	return EXIT_DONE;
}
