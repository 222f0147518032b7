/* unified_image.h: kernel, initramfs and command line as one EFI program that can be signed
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The program in front is systemd's stub (systemd-stub(7)); the parts are its sections, as the Unified Kernel Image
 * specification of the UAPI group names them. objcopy(1) puts them together and sbsign(1) signs: those are programs of the
 * system, and what they make is read again before it is used.
 */
#ifndef DARUMA_RECOVERY_BOOT_UNIFIED_IMAGE_H
#define DARUMA_RECOVERY_BOOT_UNIFIED_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "recovery/kernel_floor.h"
#include "recovery/process.h"

#define UNIFIED_IMAGE_SECONDS 300 /* for each program that is run */

enum unified_part {
	UNIFIED_OS_RELEASE,
	UNIFIED_RELEASE, /* the kernel's, as uname -r says it */
	UNIFIED_STATE, /* what Daruma's state is, to the tool in the initramfs: unified_image_state_text() */
	UNIFIED_COMMAND_LINE, /* no NUL in it */
	UNIFIED_INITRAMFS,
	UNIFIED_KERNEL,
	UNIFIED_PARTS,
};

/* What stands in an image. */
struct unified_image {
	char release[KERNEL_RELEASE_SIZE];
	int64_t state; /* version of the state (state_tables.h) that the tool in it knows */
	bool repairs; /* its command line says that it repairs and nothing else: the first word is COMMAND_LINE_IMAGE */
	uint8_t *signatures; /* as shim_trust.h has them; NULL: it is not signed */
	size_t signatures_size;
};

#define UNIFIED_STATE_SIZE 16
/* The text of UNIFIED_STATE. */
void unified_image_state_text(int64_t state, char ret[UNIFIED_STATE_SIZE]);

/* Makes the file `output` of the stub and these files, all of them paths. Returns 0; -EBADMSG: the stub is no EFI program; -E2BIG:
 * the parts are too large for one; -ENOENT: a file, or objcopy, is not there (see process.h for what else). */
int unified_image_build(const struct process_port *processes, const char *stub,
			const char *const parts[UNIFIED_PARTS], const char *output);

/* Makes the file `output`: `input`, signed. Returns 0, -ENOENT (no sbsign), -ECHILD (it could not) or as process.h says. */
int unified_image_sign(const struct process_port *processes, const char *key,
		       const char *certificate, const char *input, const char *output);

/* Reads what stands in the open file, which may hold anything. Returns 0; -EBADMSG: it is no image of all of these parts; -EFBIG:
 * release, command line or signatures are longer than any; -ENOMEM or the errno of read(2). */
int unified_image_read(int fd, struct unified_image *ret);
void unified_image_free(struct unified_image *image);

#endif
