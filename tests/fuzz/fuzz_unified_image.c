/* fuzz_unified_image.c: any bytes as an image of kernel, initramfs and command line, and as the headers of a program
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "recovery/boot/pe_program.h"
#include "recovery/boot/unified_image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_headers(const uint8_t *data, size_t size)
{
	struct pe_program program;

	if (!pe_program_read(data, size, &program))
		return;
	if (program.count > PE_PROGRAM_SECTIONS || program.alignment < 4096)
		abort();
	for (unsigned i = 0; i < program.count; i++)
		if (strlen(program.sections[i].name) > 8 ||
		    program.sections[i].address > program.end ||
		    !pe_program_find(&program, program.sections[i].name))
			abort();
}

static void read_image(const uint8_t *data, size_t size)
{
	struct unified_image image;
	int fd = memfd_create("image", MFD_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, data, size) == (ssize_t)size && unified_image_read(fd, &image) == 0) {
		if (!kernel_floor_is_release(image.release) ||
		    !image.signatures != (image.signatures_size == 0) ||
		    image.signatures_size > size)
			abort();
		unified_image_free(&image);
	}
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	read_headers(data, size);
	read_image(data, size);
	return 0;
}
