/* oneshot.h: the entry that systemd-boot is to start in a safe start
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The variable LoaderEntryOneShot (systemd: The Boot Loader Interface) names an entry for one start, and the loader deletes it when it
 * reads it. The system lays an entry of ours beside its own where systemd-boot starts it (recovery/boot/safe_entry.c): its
 * command line keeps products out as early as a kernel can. It is the one variable of the loader's that the stage writes.
 */
#ifndef DARUMA_EFI_ONESHOT_H
#define DARUMA_EFI_ONESHOT_H

#include "efi/firmware.h"

/* Before the normal target is started for a safe or rescue start: asks for the entry, if there is one. One non-volatile write
 * then, and none else. That it could not be written is no failure: the system keeps products out by itself, later. */
void oneshot_ask(const struct firmware *firmware);

/* Takes that back, where it was not read: no other start may be of it. Writes nothing where it does not stand there. */
void oneshot_take_back(const struct firmware *firmware);

#endif
