/* shim_trust.c: whether shim knows the certificate that a program is signed with
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/shim_trust.h"

#include <stdlib.h>
#include <string.h>

#include "policy/bytes.h"
#include "recovery/boot/pe_program.h"
#include "recovery/cleanup.h"

#define SHIM_GUID     "605dab50-e046-4300-abb6-3dd810dd8b23"
#define DATABASE_GUID "d719b2cb-3d3a-4596-a3bc-dad00e67656f" /* EFI_IMAGE_SECURITY_DATABASE_GUID */
#define LISTS_MOST    65536

#define LIST_HEAD  28
#define OWNER_SIZE 16
#define CERTIFICATE_LEAST                                                                          \
	64 /* no X.509 certificate is shorter, and a short text is found anywhere */

/* EFI_CERT_X509_GUID as it lies in memory */
static const uint8_t x509[16] = { 0xa1, 0x59, 0xc0, 0xa5, 0xe4, 0x94, 0xa7, 0x4a,
				  0x87, 0xb5, 0xab, 0x15, 0x5c, 0x2b, 0xf0, 0x72 };

bool shim_trust_signatures(const uint8_t *program, size_t size, const uint8_t **ret_signatures,
			   size_t *ret_size)
{
	struct pe_program headers;

	if (!pe_program_read(program, size, &headers) || headers.signatures_size == 0 ||
	    headers.signatures > size || headers.signatures_size > size - headers.signatures)
		return false;
	*ret_signatures = program + headers.signatures;
	*ret_size = headers.signatures_size;
	return true;
}

/* `entries` are all of one size, `each`. */
static bool has_one(const uint8_t *entries, size_t size, size_t each, const uint8_t *signatures,
		    size_t signatures_size)
{
	if (each < OWNER_SIZE + CERTIFICATE_LEAST)
		return false;
	for (size_t at = 0; at + each <= size; at += each)
		if (memmem(signatures, signatures_size, entries + at + OWNER_SIZE,
			   each - OWNER_SIZE))
			return true;
	return false;
}

bool shim_trust_is_listed(const uint8_t *lists, size_t lists_size, const uint8_t *signatures,
			  size_t size)
{
	while (lists_size >= LIST_HEAD) {
		size_t length = daruma_get32(lists + 16), header = daruma_get32(lists + 20);

		if (length < LIST_HEAD || length > lists_size || header > length - LIST_HEAD)
			return false;
		if (memcmp(lists, x509, sizeof(x509)) == 0 &&
		    has_one(lists + LIST_HEAD + header, length - LIST_HEAD - header,
			    daruma_get32(lists + 24), signatures, size))
			return true;
		lists += length;
		lists_size -= length;
	}
	return false;
}

enum shim_trust shim_trust_look_for(const struct variables *variables, bool shim,
				    const uint8_t *signatures, size_t size)
{
	static const struct {
		const char *guid;
		const char *name;
	} places[] = { { DATABASE_GUID, "db" }, { SHIM_GUID, "MokListRT" } };
	owned uint8_t *lists = malloc(LISTS_MOST);
	size_t found;
	uint32_t attributes;
	size_t count = shim ? 2 : 1;
	bool shown = false;

	for (size_t i = 0; lists && i < count; i++) {
		shown = variables->read(places[i].guid, places[i].name, lists, LISTS_MOST, &found,
					&attributes) == 0;
		if (shown && shim_trust_is_listed(lists, found, signatures, size))
			return SHIM_TRUST_KNOWN;
	}
	return shown || !shim ? SHIM_TRUST_UNKNOWN : SHIM_TRUST_SILENT;
}

bool shim_trust_is_off(const struct variables *variables)
{
	uint8_t value[1];
	uint32_t attributes;
	size_t size;

	return variables->read(SHIM_GUID, "MokSBStateRT", value, sizeof(value), &size,
			       &attributes) == 0 &&
	       size == 1 && value[0] == 1;
}

enum shim_trust shim_trust_look(const struct variables *variables, const uint8_t *program,
				size_t size)
{
	const uint8_t *signatures;
	size_t length;

	return shim_trust_signatures(program, size, &signatures, &length) ?
		       shim_trust_look_for(variables, true, signatures, length) :
		       SHIM_TRUST_UNSIGNED;
}
