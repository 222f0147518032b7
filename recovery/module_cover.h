/* module_cover.h: /dev/null over the module files of watched products, for the time of a safe start
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The lines in modprobe.d stop modprobe, udev and systemd-modules-load; several vendors call insmod with a path of their
 * own. A bind mount changes no file and is gone with the next start. Programs of Daruma's that must see the files under
 * the covers lift them for themselves and for what they start, in a mount namespace of their own.
 */
#ifndef DARUMA_RECOVERY_MODULE_COVER_H
#define DARUMA_RECOVERY_MODULE_COVER_H

#include "recovery/context.h"

/* Covers each module file of HOLD_LIST_FILE that is there, once; links are not followed. A file that cannot be covered does
 * not keep the others from it. Returns the number of files that are covered now, or the first negative errno; 0 where
 * there is no list. */
int module_cover_put(const struct context *context);

/* Takes the covers away, for this process and what it starts only; everybody else keeps them. Returns the number taken
 * away (0: there are none, and nothing was done), or a negative errno, and then some may still be there. */
int module_cover_lift(const struct context *context);

#endif
