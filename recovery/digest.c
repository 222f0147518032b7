/* digest.c: SHA-256 of bytes and files; the only user of libcrypto
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/digest.h"

#include <errno.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define DIGEST_SIZE 32
#define READ_SIZE   65536

static void to_text(const unsigned char *digest, char text[DIGEST_TEXT_SIZE])
{
	for (size_t i = 0; i < DIGEST_SIZE; i++)
		snprintf(text + 2 * i, 3, "%02x", digest[i]);
}

int digest_bytes(const void *bytes, size_t size, char ret_text[DIGEST_TEXT_SIZE])
{
	unsigned char digest[DIGEST_SIZE];

	if (EVP_Digest(bytes, size, digest, NULL, EVP_sha256(), NULL) != 1)
		return -EIO;
	to_text(digest, ret_text);
	return 0;
}

static int add_file(EVP_MD_CTX *state, int fd)
{
	unsigned char part[READ_SIZE];

	for (;;) {
		ssize_t length = read(fd, part, sizeof(part));

		if (length == 0)
			return 0;
		if (length < 0 && errno == EINTR)
			continue;
		if (length < 0)
			return -errno;
		if (EVP_DigestUpdate(state, part, (size_t)length) != 1)
			return -EIO;
	}
}

int digest_file(int fd, char ret_text[DIGEST_TEXT_SIZE])
{
	unsigned char digest[DIGEST_SIZE];
	EVP_MD_CTX *state = EVP_MD_CTX_new();
	int error = -EIO;

	if (state && EVP_DigestInit_ex(state, EVP_sha256(), NULL) == 1)
		error = add_file(state, fd);
	if (!error && EVP_DigestFinal_ex(state, digest, NULL) != 1)
		error = -EIO;
	EVP_MD_CTX_free(state);
	if (!error)
		to_text(digest, ret_text);
	return error;
}

struct digest {
	EVP_MD_CTX *state;
	bool failed;
};

struct digest *digest_begin(void)
{
	struct digest *digest = calloc(1, sizeof(*digest));

	if (!digest)
		return NULL;
	digest->state = EVP_MD_CTX_new();
	digest->failed =
		!digest->state || EVP_DigestInit_ex(digest->state, EVP_sha256(), NULL) != 1;
	return digest;
}

void digest_add(struct digest *digest, const void *bytes, size_t size)
{
	if (digest && !digest->failed)
		digest->failed = EVP_DigestUpdate(digest->state, bytes, size) != 1;
}

int digest_end(struct digest *digest, char ret_text[DIGEST_TEXT_SIZE])
{
	unsigned char whole[DIGEST_SIZE];
	int error = -EIO;

	if (!digest)
		return error;
	if (ret_text && !digest->failed && EVP_DigestFinal_ex(digest->state, whole, NULL) == 1) {
		to_text(whole, ret_text);
		error = 0;
	}
	EVP_MD_CTX_free(digest->state);
	free(digest);
	return ret_text ? error : 0;
}

int digest_keyed(const void *key, size_t key_size, const void *bytes, size_t size,
		 char ret_text[DIGEST_TEXT_SIZE])
{
	unsigned char digest[DIGEST_SIZE];

	if (!HMAC(EVP_sha256(), key, (int)key_size, bytes, size, digest, NULL))
		return -EIO;
	to_text(digest, ret_text);
	return 0;
}
