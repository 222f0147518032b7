/* watchdog_limit.c: whether the firmware stage is to arm a watchdog
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/watchdog_limit.h"

#include <errno.h>

#include "recovery/boot/limits_file.h"
#include "recovery/boot/watchdog_device.h"

uint16_t watchdog_limit_keep(const struct esp *esp, uint16_t wanted)
{
	struct daruma_limits present;

	return limits_file_load(esp, &present) && present.watchdog_seconds > 0 ?
		       daruma_watchdog_clamp(wanted) :
		       0;
}

static bool is_adopted(const struct context *context)
{
	struct watchdog_device device;

	return watchdog_device_find(context, &device) == 0 && device.adopts;
}

int watchdog_limit_follow(const struct context *context, uint16_t wanted)
{
	struct daruma_limits limits;
	struct esp esp;
	uint16_t seconds;
	int error = esp_find(context, &esp);

	if (error)
		return error;
	if (!limits_file_load(&esp, &limits))
		return 0;
	seconds = is_adopted(context) ? daruma_watchdog_clamp(wanted) : 0;
	if (limits.watchdog_seconds == seconds)
		return 0;
	limits.watchdog_seconds = seconds;
	error = limits_file_write(&esp, &limits);
	return error < 0 ? error : error > 0;
}

int watchdog_limit_lost(const struct context *context)
{
	struct daruma_limits limits;
	struct esp esp;
	int error = esp_find(context, &esp);

	if (error)
		return error;
	if (!limits_file_load(&esp, &limits) || limits.watchdog_seconds == 0 || is_adopted(context))
		return 0;
	limits.watchdog_seconds = 0;
	error = limits_file_write(&esp, &limits);
	return error < 0 ? error : 1;
}

int watchdog_limit_release(const struct context *context, const struct daruma_note *note)
{
	struct watchdog_device device;
	int error;

	if (note->watchdog == DARUMA_WATCHDOG_NONE)
		return 0;
	error = watchdog_device_find(context, &device);
	/* Without its driver nothing would have pinged it until now. */
	if (error)
		return error == -ENOENT ? 0 : error;
	/* To open another one would start it. */
	return device.adopts ? watchdog_device_release(context, &device) : 0;
}
