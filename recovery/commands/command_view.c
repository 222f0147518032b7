/* command_view.c: how yes-or-no commands look at this start, and what they say if they cannot
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/commands/command_view.h"

#include <errno.h>

#include "recovery/boot/this_boot.h"
#include "recovery/message.h"

bool command_view_take(const struct context *context, struct stage_view *ret, int *ret_code)
{
	stage_view_take(context, ret);
	if (ret->error == 0 || ret->error == -ENOENT)
		return true;
	*ret_code = ret->error == -ENODEV ?
			    message_cannot(context, -ENODEV, "read the boot note") :
			    message_cannot_because(context, -EIO, this_boot_problem(ret->error),
						   "read the boot note");
	return false;
}
