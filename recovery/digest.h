/* digest.h: SHA-256 of bytes and files; the only user of libcrypto
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_DIGEST_H
#define DARUMA_RECOVERY_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#define DIGEST_TEXT_SIZE 65 /* 64 lower-case hex digits and a NUL */

/* The digest of `size` bytes, as text. Returns 0 or -EIO. */
int digest_bytes(const void *bytes, size_t size, char ret_text[DIGEST_TEXT_SIZE]);

/* The digest of the rest of the file `fd` is at, as text; moves the file offset to its end. Returns 0 or the
 * errno of read(2). */
int digest_file(int fd, char ret_text[DIGEST_TEXT_SIZE]);

/* A digest of bytes that come in pieces. `digest_begin` returns NULL without memory, which the others accept.
 * `digest_end` frees and returns 0 or -EIO; NULL for `ret_text` only frees. */
struct digest;
struct digest *digest_begin(void);
void digest_add(struct digest *digest, const void *bytes, size_t size);
int digest_end(struct digest *digest, char ret_text[DIGEST_TEXT_SIZE]);

/* HMAC-SHA-256, as text. Returns 0 or -EIO. */
int digest_keyed(const void *key, size_t key_size, const void *bytes, size_t size,
		 char ret_text[DIGEST_TEXT_SIZE]);

#endif
