/* watchdog.c: the hardware watchdog over a start: which one there is, whether it fired, on and off
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "efi/watchdog.h"

#include <stddef.h>

#include "efi/fch.h"
#include "efi/i6300esb.h"
#include "efi/sbsa.h"
#include "efi/tco.h"
#include "efi/wdat.h"
#include "policy/limits.h"

struct kind {
	enum daruma_watchdog number;
	bool (*is_there)(const struct firmware *firmware);
	bool (*fired)(const struct firmware *firmware);
	bool (*arm)(const struct firmware *firmware, unsigned seconds);
	void (*stop)(const struct firmware *firmware);
};

static bool is_tco_for_linux(const struct firmware *firmware)
{
	return wdat_is_absent(firmware) && tco_is_there(firmware);
}

/* Best first: what the firmware itself describes, then what the kernel takes over, and last what its
 * driver stops. A machine that describes one has no TCO, because Linux then has no driver for that. */
static const struct kind kinds[] = {
	{ DARUMA_WATCHDOG_WDAT, wdat_is_there, wdat_fired, wdat_arm, wdat_stop },
	{ DARUMA_WATCHDOG_TCO, is_tco_for_linux, tco_fired, tco_arm, tco_stop },
	{ DARUMA_WATCHDOG_SBSA, sbsa_is_there, sbsa_fired, sbsa_arm, sbsa_stop },
	{ DARUMA_WATCHDOG_FCH, fch_is_there, fch_fired, fch_arm, fch_stop },
	{ DARUMA_WATCHDOG_I6300ESB, i6300esb_is_there, i6300esb_fired, i6300esb_arm,
	  i6300esb_stop },
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static const struct kind *of(unsigned number)
{
	for (size_t i = 0; i < KINDS; i++) {
		if (kinds[i].number == number)
			return &kinds[i];
	}
	return NULL;
}

enum daruma_watchdog watchdog_find(const struct firmware *firmware, uint16_t watchdogs)
{
	for (size_t i = 0; i < KINDS; i++) {
		if (daruma_watchdog_is_allowed(watchdogs, kinds[i].number) &&
		    kinds[i].is_there(firmware))
			return kinds[i].number;
	}
	return DARUMA_WATCHDOG_NONE;
}

bool watchdog_fired(const struct firmware *firmware, unsigned kind)
{
	const struct kind *found = of(kind);

	return found && found->fired(firmware);
}

bool watchdog_arm(const struct firmware *firmware, unsigned kind, unsigned seconds)
{
	const struct kind *found = of(kind);

	return found && found->arm(firmware, seconds);
}

void watchdog_stop(const struct firmware *firmware, unsigned kind)
{
	const struct kind *found = of(kind);

	if (found)
		found->stop(firmware);
}
