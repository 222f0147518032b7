/* watchdog_limit.c: whether the firmware stage is to arm a watchdog
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/watchdog_limit.h"

#include <errno.h>

#include "recovery/boot/limits_file.h"
#include "recovery/boot/watchdog_device.h"

void watchdog_limit_keep(const struct esp *esp, struct daruma_limits *limits)
{
	struct daruma_limits present;
	bool armed = limits_file_load(esp, &present) && present.watchdog_seconds > 0;

	limits->watchdog_seconds = armed ? daruma_watchdog_clamp(limits->watchdog_seconds) : 0;
	limits->watchdogs = armed ? present.watchdogs : 0;
}

/* The kinds that the limits let the stage arm, and that have their driver here. Limits of before name none: then it was the one
 * that was seen. */
static uint16_t with_driver(const struct context *context, const struct daruma_limits *limits)
{
	uint16_t kinds = watchdog_device_kinds(context);

	return kinds & (limits->watchdogs ? limits->watchdogs : DARUMA_WATCHDOGS_FIRST);
}

int watchdog_limit_follow(const struct context *context, uint16_t wanted)
{
	struct daruma_limits limits;
	struct esp esp;
	uint16_t seconds, kinds;
	int error = esp_find(context, &esp);

	if (error)
		return error;
	if (!limits_file_load(&esp, &limits))
		return 0;
	kinds = watchdog_device_kinds(context);
	seconds = kinds ? daruma_watchdog_clamp(wanted) : 0;
	/* Where none is armed, which ones could be says nothing. */
	kinds = seconds ? kinds : 0;
	if (limits.watchdog_seconds == seconds && limits.watchdogs == kinds)
		return 0;
	limits.watchdog_seconds = seconds;
	limits.watchdogs = kinds;
	error = limits_file_write(&esp, &limits);
	return error < 0 ? error : error > 0;
}

int watchdog_limit_lost(const struct context *context)
{
	struct daruma_limits limits;
	struct esp esp;
	uint16_t kinds;
	int error = esp_find(context, &esp);

	if (error)
		return error;
	if (!limits_file_load(&esp, &limits) || limits.watchdog_seconds == 0)
		return 0;
	kinds = with_driver(context, &limits);
	if (limits.watchdogs ? kinds == limits.watchdogs : kinds != 0)
		return 0;
	/* Which of several was armed the limits do not tell: it may be the one without. */
	limits.watchdogs = limits.watchdogs & kinds;
	limits.watchdog_seconds = limits.watchdogs ? limits.watchdog_seconds : 0;
	error = limits_file_write(&esp, &limits);
	return error < 0 ? error : 1;
}

int watchdog_limit_release(const struct context *context, const struct daruma_note *note)
{
	struct watchdog_device device;
	int error;

	if (note->watchdog == DARUMA_WATCHDOG_NONE)
		return 0;
	error = watchdog_device_find_kind(context, note->watchdog, &device);
	/* Without its driver nothing would have pinged it until now. */
	if (error)
		return error == -ENOENT ? 0 : error;
	/* To open another one would start it. */
	return device.habit == WATCHDOG_ADOPTS ? watchdog_device_release(context, &device) : 0;
}
