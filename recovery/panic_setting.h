/* panic_setting.h: the kernel's panic switches of this start, set and given back
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_PANIC_SETTING_H
#define DARUMA_RECOVERY_PANIC_SETTING_H

#include "recovery/context.h"
#include "recovery/process.h"

/* panic_switch_set() on /proc/sys/kernel, with the value before in /run/daruma. */
int panic_setting_set(const struct context *context);

/* panic_switch_give_back() there; then what the administrator set in sysctl.d counts again. Where nothing was set nothing
 * is done. Returns 0 or a negative errno. */
int panic_setting_give_back(const struct context *context, const struct process_port *processes);

#endif
