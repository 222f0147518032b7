/* console.h: the one line a start may print
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_EFI_CONSOLE_H
#define DARUMA_EFI_CONSOLE_H

#include "efi/firmware.h"

#include <stdint.h>

#include "policy/decision.h"

/* What a rung is to the person at the console, static storage. */
const char *console_rung(enum daruma_rung rung);

/* What the line says; the ordinary start of the normal rung says nothing (R52). `troubles` are
 * bits of enum daruma_trouble. */
void console_say_start(const struct firmware *firmware, const struct daruma_decision *decision,
		       uint32_t troubles);

/* No target could be started, and this program returns to the firmware. */
void console_say_no_target(const struct firmware *firmware, uint32_t troubles);

#endif
