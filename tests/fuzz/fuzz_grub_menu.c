/* fuzz_grub_menu.c: any bytes as grub.cfg; the name that comes out can be written into a file that a shell reads
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/boot/grub_menu.h"

#define RELEASE "6.1.0-13-amd64"
#define PLAIN	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+~:@/>-"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char entry[BOOT_LOADER_ENTRY_SIZE] = "";
	char *text = malloc(size ? size : 1);

	memcpy(text, data, size);
	if (grub_menu_find(text, size, RELEASE, entry) == 0 &&
	    (strspn(entry, PLAIN) != strlen(entry) ||
	     !strstr(entry, "gnulinux-" RELEASE "-advanced-")))
		abort();
	grub_menu_has_default(text, size, "gnulinux-" RELEASE);
	free(text);
	return 0;
}
