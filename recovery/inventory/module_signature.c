/* module_signature.c: who signed the file of a kernel module
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/module_signature.h"

#include <elf.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recovery/cleanup.h"
#include "recovery/inventory/der.h"
#include "recovery/inventory/unpack.h"
#include "recovery/utf8.h"

#define TAIL_MOST (MODULE_SIGNATURE_SIZE_MAX + MODULE_SIGNATURE_TRAILER)
#define ID_IS_CMS 2

#define UNPACK_SECONDS 10
#define UNPACKED_MOST  (1ull << 30) /* a small file can be packed to grow without end */

static const char mark[] = "~Module signature appended~\n";

/* RFC 5652: id-signedData; X.520: commonName. */
static const uint8_t signed_data[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02 };
static const uint8_t common_name[] = { 0x55, 0x04, 0x03 };

/* Those of which kernels have known signatures: RFC 8017 and NIST's list of object identifiers. */
static const struct {
	const char *name;
	uint8_t size, bytes[9];
} digests[] = {
	{ "sha1", 5, { 0x2b, 0x0e, 0x03, 0x02, 0x1a } },
	{ "sha224", 9, { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x04 } },
	{ "sha256", 9, { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01 } },
	{ "sha384", 9, { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02 } },
	{ "sha512", 9, { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03 } },
	{ "sha3-256", 9, { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x08 } },
	{ "sha3-384", 9, { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x09 } },
	{ "sha3-512", 9, { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x0a } },
};

/* --- texts --------------------------------------------------------------------------------- */

/* Control characters move the cursor of whoever reads a report: those of ASCII, and U+0080 to U+009F. */
static bool is_shown(const char *text, size_t size)
{
	unsigned char first = (unsigned char)text[0],
		      second = size > 1 ? (unsigned char)text[1] : 0;

	return first >= 0x20 && first != 0x7f && !(first == 0xc2 && second < 0xa0);
}

static void keep_name(const struct der *value, char ret[MODULE_SIGNER_SIZE])
{
	const char *text = (const char *)value->at;
	size_t size = (size_t)(value->end - value->at);

	for (size_t at = 0, length; at < size; at += length) {
		length = utf8_length(text + at, size - at);
		if (length == 0 || !is_shown(text + at, length))
			return;
	}
	if (size < MODULE_SIGNER_SIZE) {
		memcpy(ret, text, size);
		ret[size] = '\0';
	}
}

/* In the way of modinfo(8). The 0 before a number that would be negative without it is none of its digits. */
static void keep_key(const struct der *value, char *ret, size_t size)
{
	const uint8_t *at = value->at;

	if (value->end - at > 1 && at[0] == 0)
		at++;
	if (3 * (size_t)(value->end - at) > size)
		return;
	for (; at < value->end; at++, ret += 3)
		snprintf(ret, 4, "%02X%s", *at, at + 1 < value->end ? ":" : "");
}

/* --- names --------------------------------------------------------------------------------- */

/* One type and value of a part of a name. The first common name counts. */
static bool take_attribute(struct der *part, struct module_signature *ret)
{
	struct der attribute, type, value;
	uint8_t tag;

	if (!der_take(part, DER_SEQUENCE, &attribute) ||
	    !der_take(&attribute, DER_OBJECT_IDENTIFIER, &type))
		return false;
	tag = der_next(&attribute);
	if (!der_take(&attribute, tag, &value) || !der_is_empty(&attribute))
		return false;
	if (!ret->signer[0] && der_is(&type, common_name, sizeof(common_name)) &&
	    (tag == DER_UTF8 || tag == DER_PRINTABLE || tag == DER_IA5))
		keep_name(&value, ret->signer);
	return true;
}

static bool read_name(struct der name, struct module_signature *ret)
{
	struct der part;

	while (!der_is_empty(&name)) {
		if (!der_take(&name, DER_SET, &part))
			return false;
		while (!der_is_empty(&part))
			if (!take_attribute(&part, ret))
				return false;
	}
	return true;
}

/* SignerIdentifier of RFC 5652: who issued the certificate, and its number; or the key's own id. */
static bool take_identifier(struct der *signer, struct module_signature *ret)
{
	struct der both, name, number;

	if (der_take(signer, DER_CONTEXT_0, &number)) {
		keep_key(&number, ret->key, sizeof(ret->key));
		return true;
	}
	if (!der_take(signer, DER_SEQUENCE, &both) || !der_take(&both, DER_SEQUENCE, &name) ||
	    !der_take(&both, DER_INTEGER, &number) || !der_is_empty(&both))
		return false;
	keep_key(&number, ret->key, sizeof(ret->key));
	return read_name(name, ret);
}

static bool take_digest(struct der *signer, struct module_signature *ret)
{
	struct der algorithm, object;

	if (!der_take(signer, DER_SEQUENCE, &algorithm) ||
	    !der_take(&algorithm, DER_OBJECT_IDENTIFIER, &object))
		return false;
	for (size_t i = 0; i < sizeof(digests) / sizeof(digests[0]); i++)
		if (der_is(&object, digests[i].bytes, digests[i].size))
			snprintf(ret->digest, sizeof(ret->digest), "%s", digests[i].name);
	return true;
}

/* --- the signature ------------------------------------------------------------------------- */

/* SignerInfo of RFC 5652. */
static bool read_signer(struct der signer, struct module_signature *ret)
{
	if (!der_take(&signer, DER_INTEGER, NULL) || !take_identifier(&signer, ret) ||
	    !take_digest(&signer, ret))
		return false;
	der_take(&signer, DER_CONSTRUCTED_0, NULL); /* attributes that were signed too */
	if (!der_take(&signer, DER_SEQUENCE, NULL) || !der_take(&signer, DER_OCTET_STRING, NULL))
		return false;
	der_take(&signer, DER_CONSTRUCTED_1, NULL);
	return der_is_empty(&signer);
}

/* Of two signers nobody here could tell which one the kernel believes. */
static bool read_signers(struct der signers, struct module_signature *ret)
{
	struct der signer;

	return der_take(&signers, DER_SEQUENCE, &signer) && der_is_empty(&signers) &&
	       read_signer(signer, ret);
}

/* ContentInfo with SignedData of RFC 5652. */
static bool read_cms(struct der whole, struct module_signature *ret)
{
	struct der info, type, inside, data, signers;

	if (!der_take(&whole, DER_SEQUENCE, &info) || !der_is_empty(&whole) ||
	    !der_take(&info, DER_OBJECT_IDENTIFIER, &type) ||
	    !der_is(&type, signed_data, sizeof(signed_data)) ||
	    !der_take(&info, DER_CONSTRUCTED_0, &inside) || !der_is_empty(&info) ||
	    !der_take(&inside, DER_SEQUENCE, &data) || !der_is_empty(&inside))
		return false;
	if (!der_take(&data, DER_INTEGER, NULL) || !der_take(&data, DER_SET, NULL) ||
	    !der_take(&data, DER_SEQUENCE, NULL))
		return false;
	der_take(&data, DER_CONSTRUCTED_0, NULL); /* certificates */
	der_take(&data, DER_CONSTRUCTED_1, NULL); /* those that were revoked */
	return der_take(&data, DER_SET, &signers) && der_is_empty(&data) &&
	       read_signers(signers, ret);
}

/* Where the CMS stands, by the 12 bytes; the kernel refuses a module in which they are otherwise. */
static bool find_cms(const uint8_t *trailer, size_t before, struct der *ret)
{
	static const uint8_t head[] = { 0, 0, ID_IS_CMS, 0, 0, 0, 0, 0 };
	size_t size = (size_t)trailer[8] << 24 | (size_t)trailer[9] << 16 |
		      (size_t)trailer[10] << 8 | trailer[11];

	if (memcmp(trailer, head, sizeof(head)) != 0 || size > before)
		return false;
	*ret = (struct der){ .at = trailer - size, .end = trailer };
	return true;
}

void module_signature_parse(const void *bytes, size_t size, struct module_signature *ret)
{
	struct module_signature signature = { .state = MODULE_SIGNED };
	const uint8_t *trailer;
	struct der cms;

	*ret = (struct module_signature){ .state = MODULE_UNSIGNED };
	if (size < MODULE_SIGNATURE_TRAILER)
		return;
	trailer = (const uint8_t *)bytes + size - MODULE_SIGNATURE_TRAILER;
	if (memcmp(trailer + MODULE_SIGNATURE_TRAILER - strlen(mark), mark, strlen(mark)) != 0)
		return;
	ret->state = MODULE_SIGNATURE_DAMAGED;
	if (find_cms(trailer, size - MODULE_SIGNATURE_TRAILER, &cms) && read_cms(cms, &signature))
		*ret = signature;
}

/* --- the file ------------------------------------------------------------------------------ */

/* What of a module has to be seen. */
struct ends {
	char start[SELFMAG];
	size_t start_size;
	uint8_t *tail; /* TAIL_MOST bytes of room */
	size_t tail_size;
	uint64_t seen;
};

static size_t smaller(size_t one, size_t other)
{
	return one < other ? one : other;
}

static void keep_tail(struct ends *ends, const uint8_t *bytes, size_t size)
{
	size_t fresh = smaller(size, TAIL_MOST), old = smaller(ends->tail_size, TAIL_MOST - fresh);

	memmove(ends->tail, ends->tail + ends->tail_size - old, old);
	memcpy(ends->tail + old, bytes + size - fresh, fresh);
	ends->tail_size = old + fresh;
}

static int take_piece(const void *bytes, size_t size, void *user)
{
	struct ends *ends = user;
	size_t missing = smaller(sizeof(ends->start) - ends->start_size, size);

	memcpy(ends->start + ends->start_size, bytes, missing);
	ends->start_size += missing;
	keep_tail(ends, bytes, size);
	ends->seen += size;
	return ends->seen > UNPACKED_MOST ? -EFBIG : 0;
}

static int read_whole(int fd, void *bytes, size_t size, off_t offset)
{
	for (size_t done = 0; done < size;) {
		ssize_t got = pread(fd, (char *)bytes + done, size - done, offset + (off_t)done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got < 0 ? -errno : -ENODATA; /* it became shorter meanwhile */
		done += (size_t)got;
	}
	return 0;
}

static bool is_object(const struct ends *ends)
{
	return ends->start_size == SELFMAG && memcmp(ends->start, ELFMAG, SELFMAG) == 0;
}

static int read_plain(int fd, size_t size, struct ends *ends)
{
	int error;

	ends->start_size = smaller(size, sizeof(ends->start));
	error = read_whole(fd, ends->start, ends->start_size, 0);
	if (error || !is_object(ends))
		return error;
	ends->tail_size = smaller(size, TAIL_MOST);
	return read_whole(fd, ends->tail, ends->tail_size, (off_t)(size - ends->tail_size));
}

/* What cannot be unpacked is nobody's fault who asks for a signer. */
static int read_packed(const struct process_port *processes, int fd, struct ends *ends)
{
	int error;

	ends->start_size = 0;
	error = unpack(processes, fd, 0, UNPACK_SECONDS, take_piece, ends);
	if (error)
		ends->start_size = 0;
	return error == -ENOMEM ? error : 0;
}

static int read_ends(const struct process_port *processes, int fd, struct ends *ends)
{
	struct stat stat;
	int error;

	if (fstat(fd, &stat) < 0)
		return -errno;
	error = read_plain(fd, (size_t)stat.st_size, ends);
	return error || is_object(ends) ? error : read_packed(processes, fd, ends);
}

int module_signature_read(const struct process_port *processes, int fd,
			  struct module_signature *ret)
{
	owned uint8_t *tail = malloc(TAIL_MOST);
	struct ends ends = { .tail = tail };
	int error = tail ? read_ends(processes, fd, &ends) : -ENOMEM;

	if (error)
		return error;
	*ret = (struct module_signature){ .state = MODULE_SIGNATURE_HIDDEN };
	if (is_object(&ends))
		module_signature_parse(tail, ends.tail_size, ret);
	return 0;
}

/* --- in words ------------------------------------------------------------------------------ */

static const char *or_unknown(const char *text)
{
	return text[0] ? text : "?";
}

void module_signature_describe(const struct module_signature *signature, char *ret, size_t size)
{
	static const char *const words[] = {
		[MODULE_UNSIGNED] = "not signed",
		[MODULE_SIGNATURE_DAMAGED] = "damaged signature",
		[MODULE_SIGNATURE_HIDDEN] = "unknown",
	};

	if (signature->state == MODULE_SIGNED)
		snprintf(ret, size, "signed by %s (%s, key %s)", or_unknown(signature->signer),
			 or_unknown(signature->digest), or_unknown(signature->key));
	else
		snprintf(ret, size, "%s", words[signature->state]);
}
