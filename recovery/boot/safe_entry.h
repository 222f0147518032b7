/* safe_entry.h: an entry of systemd-boot's for safe starts, beside the machine's own
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The file \loader\entries\daruma-safe+0.conf: the entry of the last good start once more, and on its command line what keeps watched
 * products out as early as a kernel can (kernel_options.h). The stage has systemd-boot start it in safe and rescue starts
 * (efi/oneshot.c). By its name no try is left for it (systemd: Automatic Boot Assessment), so that it comes last in the menu and is
 * nobody's default.
 */
#ifndef DARUMA_RECOVERY_BOOT_SAFE_ENTRY_H
#define DARUMA_RECOVERY_BOOT_SAFE_ENTRY_H

#include "recovery/boot/boot_loader.h"
#include "recovery/boot/esp.h"

/* To be called in a good start: where systemd-boot started it by an entry on the ESP that names a kernel, lays the file as it has to be
 * now; elsewhere deletes it. Returns 1 if something changed, 0 if not, or a negative errno. */
int safe_entry_follow(const struct boot_loader_access *access);

/* Deletes the file. Returns 1, 0 (there is none) or a negative errno. */
int safe_entry_delete(const struct esp *esp);

#endif
