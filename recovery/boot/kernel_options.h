/* kernel_options.h: the command line of a kernel that the firmware stage starts by itself
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * It is that of the good boot which the copy was made of, and behind it what keeps watched products out as early as a
 * kernel can: module_blacklist= (kernel/module/main.c) and systemd.mask= (systemd-debug-generator(8)), put together from
 * these words and names of the hold list only (R36). That of a copied kernel lies in the limits, which are measured with any
 * rung but normal; that of an image is a part of it, and signed with it.
 */
#ifndef DARUMA_RECOVERY_BOOT_KERNEL_OPTIONS_H
#define DARUMA_RECOVERY_BOOT_KERNEL_OPTIONS_H

#include <stddef.h>

#include "policy/limits.h"
#include "recovery/early/hold_list.h"

/* Writes the load options: `line`, the command line of the running kernel (its end of line is dropped), without what only
 * its own loader meant (BOOT_IMAGE=, initrd=); initrd= with `initrd`, a path of the ESP; and a word for each name of
 * `list` as long as they fit, modules first, whose other names on the line are kept. *ret_left_out: how many names did not
 * fit: they are kept out later, by the initramfs and the generator. Returns 0; -EINVAL: the line has a byte that load options
 * cannot have, or quotes; -E2BIG: the line itself does not fit. */
int kernel_options_compose(const char *line, const char *initrd, const struct hold_list *list,
			   char ret[DARUMA_OPTIONS_SIZE], size_t *ret_left_out);

/* What x86 and arm64 take (COMMAND_LINE_SIZE). */
#define KERNEL_OPTIONS_IMAGE_SIZE 2048

/* The same for an image that repairs and nothing else (rescue.c): instead of initrd= its first word says so; it does not go on
 * from a hibernation; where its root is not found it restarts and opens no shell (initramfs-tools(7)); and words that would
 * run another program are dropped. Returns as kernel_options_compose(). */
int kernel_options_compose_image(const char *line, const struct hold_list *list,
				 char ret[KERNEL_OPTIONS_IMAGE_SIZE], size_t *ret_left_out);

#endif
