/* watchdog.h: the hardware watchdog over a start: which one there is, whether it fired, on and off
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The kinds are those of enum daruma_watchdog; a number that is none of them is no watchdog. Nothing
 * here waits, and nothing is remembered: each call looks for its device anew.
 */
#ifndef DARUMA_EFI_WATCHDOG_H
#define DARUMA_EFI_WATCHDOG_H

#include "efi/firmware.h"

#include <stdbool.h>
#include <stdint.h>

#include "policy/words.h"

/* The kind to arm on this machine, the best one first, of those that `watchdogs` of the limits allow;
 * DARUMA_WATCHDOG_NONE where there is none. Others are not looked for. Changes nothing. */
enum daruma_watchdog watchdog_find(const struct firmware *firmware, uint16_t watchdogs);

/* Whether a watchdog of that kind has reset the machine, and clears that: a second call says false.
 * False where none is there or it cannot tell. With DARUMA_WATCHDOG_NONE no register is touched. */
bool watchdog_fired(const struct firmware *firmware, unsigned kind);

/* Has it run for `seconds`, or the nearest it can. What it may have said before is cleared. False
 * where it does not run then: it is stopped. */
bool watchdog_arm(const struct firmware *firmware, unsigned kind, unsigned seconds);

/* Stops it. Harmless where it does not run. */
void watchdog_stop(const struct firmware *firmware, unsigned kind);

#endif
