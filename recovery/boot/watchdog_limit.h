/* watchdog_limit.h: whether the firmware stage is to arm a watchdog
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The policy says how many seconds; what stands in limits.bin is that or 0. Only a good start changes 0 into more, and only
 * where it saw a driver that adopts or stops the watchdog (watchdog_device.h), for that kind alone: a stage that armed one on a
 * machine without would have it reset in use.
 */
#ifndef DARUMA_RECOVERY_BOOT_WATCHDOG_LIMIT_H
#define DARUMA_RECOVERY_BOOT_WATCHDOG_LIMIT_H

#include <stdint.h>

#include "policy/limits.h"
#include "policy/note.h"
#include "recovery/boot/esp.h"
#include "recovery/context.h"

/* In `limits`, which are those of the policy and going to be written: its seconds, if the limits on `esp` say more than 0 now,
 * with the watchdogs that those name; else 0. */
void watchdog_limit_keep(const struct esp *esp, struct daruma_limits *limits);

/* In a good start: brings the limits on the ESP in step with what was seen. Returns 1 if they
 * were written, 0 if not (no sound limits there: there is nothing to bring in step), or a negative errno. */
int watchdog_limit_follow(const struct context *context, uint16_t wanted);

/* In a safe start behind a reset by the watchdog: whether the limits ask for one, and this system has no driver that adopts or
 * stops each that may be armed (a new kernel may have none). Then it was that which reset the machine, and nobody else is to blame; the limits
 * ask for those without driver no more. Returns 1, 0 or a negative errno. */
int watchdog_limit_lost(const struct context *context);

/* In a good start: the watchdog that its stage armed has nothing to watch any more. Returns as watchdog_device_release(), 0
 * also where none was armed, and where there is no device. */
int watchdog_limit_release(const struct context *context, const struct daruma_note *note);

#endif
