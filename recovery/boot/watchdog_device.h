/* watchdog_device.h: the hardware watchdog, as Linux has it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The firmware stage may hand a start over with a watchdog that runs. Drivers of Linux differ in what they do with it:
 *
 *    adopt   find it running, keep it running, and the kernel pings it until a program opens the device
 *            (drivers/watchdog/watchdog_dev.c, handle_boot_enabled): the start is watched, and nothing ends a good one;
 *            only where the kernel does ping
 *    stop    it when they load: the start is watched until then
 *    others  leave it running with nobody to ping it: then it resets a machine in use
 *
 * So the stage arms one only where a driver of the first two was seen in a good start, and no other (R5). Only drivers of the
 * hardware that the stage knows count as such.
 */
#ifndef DARUMA_RECOVERY_BOOT_WATCHDOG_DEVICE_H
#define DARUMA_RECOVERY_BOOT_WATCHDOG_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/words.h"
#include "recovery/context.h"

enum watchdog_habit {
	WATCHDOG_OTHER,
	WATCHDOG_STOPS,
	WATCHDOG_ADOPTS,
};

struct watchdog_device {
	char name[32];	 /* "watchdog0" */
	char driver[32]; /* "iTCO_wdt"; its identity where it names no device; "" unknown */
	enum daruma_watchdog kind; /* DARUMA_WATCHDOG_NONE: none that the stage knows */
	enum watchdog_habit habit;
	bool no_way_out; /* once opened it cannot be stopped */
};

/* Below /sys/class/watchdog, the first that adopts, else that stops, else the first there is. Returns 0, -ENOENT (there is none)
 * or another negative errno. */
int watchdog_device_find(const struct context *context, struct watchdog_device *ret);

/* The first of that kind (enum daruma_watchdog), which the stage has armed. Returns as watchdog_device_find(). */
int watchdog_device_find_kind(const struct context *context, unsigned kind,
			      struct watchdog_device *ret);

/* A bit 1 << n for each enum daruma_watchdog whose driver is here and adopts it or stops it. */
uint16_t watchdog_device_kinds(const struct context *context);

/* Stops it: opens /dev/<name> and closes it by the magic close (Documentation/watchdog/watchdog-api.rst). Returns 1; 0 where
 * that is not ours to do: another program has it, or nothing could stop it any more and it is left to the kernel's pings;
 * or a negative errno. */
int watchdog_device_release(const struct context *context, const struct watchdog_device *device);

#endif
