/* initramfs_made.h: which initramfs Daruma itself had made anew, so that nobody takes it for an update
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * STATE_FOLDER/rebuilt-KERNEL has two lines: the digests of the images that it was made from, with blanks between them, and
 * that of the image now. The second one is empty while that is not done, which a power cut leaves so. An image that Daruma
 * makes anew from its own one is made from the same ones.
 */
#ifndef DARUMA_RECOVERY_INITRAMFS_MADE_H
#define DARUMA_RECOVERY_INITRAMFS_MADE_H

#include <stdbool.h>

#include "recovery/context.h"

/* The image of `kernel` is about to be made anew. Returns 0 or a negative errno. */
int initramfs_made_begin(const struct context *context, const char *kernel);

/* It was, or that failed: what is there now came from there. Returns 0 or a negative errno. */
int initramfs_made_end(const struct context *context, const char *kernel);

/* Whether the image of `kernel` with the digest `now` came from that with the digest `before` by Daruma alone. Where a
 * rebuild was cut short nobody can tell, and it is taken to be so (R62). */
bool initramfs_made_is_own(const struct context *context, const char *kernel, const char *before,
			   const char *now);

#endif
