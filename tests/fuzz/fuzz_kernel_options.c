/* fuzz_kernel_options.c: any bytes as a kernel's command line and a hold list, made into load options
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/boot/kernel_options.h"

#define INITRD "\\EFI\\daruma\\good\\a\\initrd"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* As limits.h wants them: printable, and ended. */
static void hold_to_contract(const char options[DARUMA_OPTIONS_SIZE])
{
	size_t length = strnlen(options, DARUMA_OPTIONS_SIZE);

	if (length == DARUMA_OPTIONS_SIZE || strncmp(options, "initrd=" INITRD, 7) != 0)
		abort();
	for (size_t i = 0; i < length; i++)
		if (options[i] < 0x20 || options[i] > 0x7e)
			abort();
}

/* R18: no word of the line opens a shell. */
static void hold_image_to_contract(const char image[KERNEL_OPTIONS_IMAGE_SIZE])
{
	size_t length = strnlen(image, KERNEL_OPTIONS_IMAGE_SIZE);

	if (length == KERNEL_OPTIONS_IMAGE_SIZE || strncmp(image, "daruma=image ", 13) != 0 ||
	    strstr(image, " break") || strstr(image, " rdinit="))
		abort();
}

/* The line ends at the first zero byte; what follows is the list. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hold_list list = { .count = 0 };
	char options[DARUMA_OPTIONS_SIZE];
	char image[KERNEL_OPTIONS_IMAGE_SIZE];
	char *line = malloc(size + 1);
	size_t length, left_out;

	if (!line)
		return 0;
	memcpy(line, data, size);
	line[size] = '\0';
	length = strlen(line);
	if (length < size && hold_list_parse(&list, line + length + 1, size - length - 1) != 0)
		list.count = 0;
	if (kernel_options_compose(line, INITRD, &list, options, &left_out) == 0)
		hold_to_contract(options);
	if (kernel_options_compose_image(line, &list, image, &left_out) == 0)
		hold_image_to_contract(image);
	hold_list_free(&list);
	free(line);
	return 0;
}
