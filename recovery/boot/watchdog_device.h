/* watchdog_device.h: the hardware watchdog, as Linux has it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The firmware stage may hand a start over with a watchdog that runs. Drivers of Linux differ in what they do with it:
 *
 *    adopt   find it running, keep it running, and the kernel pings it until a program opens the device
 *            (drivers/watchdog/watchdog_dev.c, handle_boot_enabled): the start is watched, and nothing ends a good one;
 *            only those of the hardware that the stage knows count here, and only where the kernel does ping
 *    others  stop it when they load, or leave it running with nobody to ping it: then it resets a machine in use
 *
 * So the stage arms one only where a driver that adopts was seen in a good start (R5).
 */
#ifndef DARUMA_RECOVERY_BOOT_WATCHDOG_DEVICE_H
#define DARUMA_RECOVERY_BOOT_WATCHDOG_DEVICE_H

#include <stdbool.h>

#include "recovery/context.h"

struct watchdog_device {
	char name[32];	 /* "watchdog0" */
	char driver[32]; /* "iTCO_wdt"; "" unknown */
	bool adopts;
	bool no_way_out; /* once opened it cannot be stopped */
};

/* Below /sys/class/watchdog, the first that adopts, else the first there is. Returns 0, -ENOENT (there is none) or another
 * negative errno. */
int watchdog_device_find(const struct context *context, struct watchdog_device *ret);

/* Stops it: opens /dev/<name> and closes it by the magic close (Documentation/watchdog/watchdog-api.rst). Returns 1; 0 where
 * that is not ours to do: another program has it, or nothing could stop it any more and it is left to the kernel's pings;
 * or a negative errno. */
int watchdog_device_release(const struct context *context, const struct watchdog_device *device);

#endif
