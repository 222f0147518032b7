/* cmd_hold_list.c: daruma hold-list, brings /etc/daruma/hold up to date; called whenever an initramfs is made
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>

#include "recovery/boot/this_boot.h"
#include "recovery/commands/commands.h"
#include "recovery/early/hold_list.h"
#include "recovery/hold.h"
#include "recovery/message.h"
#include "recovery/products/watch_set.h"

int cmd_hold_list(const struct context *context, int argc, char *argv[])
{
	struct product_list products = { 0 };
	int result;

	(void)argc;
	(void)argv;
	if (this_boot_is_off(context)) {
		message_notice(context, "%s", this_boot_problem(-ECANCELED));
		return EXIT_DONE;
	}
	result = watch_set_load(context, &products, NULL);
	if (!result)
		result = hold_refresh(context, &products);
	product_list_free(&products);
	if (result < 0)
		return message_cannot(context, result, "write %s", HOLD_LIST_FILE);
	message_notice(context, result == 1 ? "the hold list was written" : "nothing to do");
	return EXIT_DONE;
}
