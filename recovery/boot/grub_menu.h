/* grub_menu.h: the entries of GRUB's menu, read from grub.cfg
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Pure. grub-mkconfig(8) of Debian and Ubuntu gives every kernel an entry with an id of its own, inside a submenu or not:
 *
 *   submenu 'Advanced options for Debian' $menuentry_id_option 'gnulinux-advanced-UUID' {
 *           menuentry 'Debian, with Linux 6.1.0-13' --class gnu $menuentry_id_option 'gnulinux-6.1.0-13-advanced-UUID' {
 */
#ifndef DARUMA_RECOVERY_BOOT_GRUB_MENU_H
#define DARUMA_RECOVERY_BOOT_GRUB_MENU_H

#include <stdbool.h>
#include <stddef.h>

#include "recovery/boot/boot_loader.h"

/* The name of the ordinary entry of the kernel `release` as GRUB_DEFAULT has it, "submenu>entry" or "entry"; it has
 * letters, digits and ._+~:@/>- only. Returns 0; -ENOENT: there is none; -EBADMSG: blocks too deep in one another. */
int grub_menu_find(const char *text, size_t length, const char *release,
		   char ret_entry[BOOT_LOADER_ENTRY_SIZE]);

/* Whether a line of the menu makes `entry` the default. */
bool grub_menu_has_default(const char *text, size_t length, const char *entry);

#endif
