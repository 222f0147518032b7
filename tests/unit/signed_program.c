/* signed_program.c: a program whose signatures hold a certificate, and the lists of such
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tests/unit/signed_program.h"

#include <string.h>

#include "policy/bytes.h"

const uint8_t signed_x509[16] = { 0xa1, 0x59, 0xc0, 0xa5, 0xe4, 0x94, 0xa7, 0x4a,
				  0x87, 0xb5, 0xab, 0x15, 0x5c, 0x2b, 0xf0, 0x72 };

void signed_program_make(char letter, uint8_t ret[SIGNED_SIZE])
{
	memset(ret, 0, SIGNED_SIZE);
	memcpy(ret, "MZ", 2);
	daruma_put32(ret + 0x3c, SIGNED_HEADERS);
	memcpy(ret + SIGNED_HEADERS, "PE\0", 4);
	daruma_put16(ret + SIGNED_OPTIONAL, 0x20b);
	if (!letter)
		return;
	daruma_put32(ret + SIGNED_DIRECTORY, SIGNED_SIGNATURES);
	daruma_put32(ret + SIGNED_DIRECTORY + 4, SIGNED_SIZE - SIGNED_SIGNATURES);
	memset(ret + SIGNED_SIGNATURES + 33, letter, SIGNED_CERTIFICATE);
}

void signed_list_make(char letter, uint8_t ret[SIGNED_LIST])
{
	memset(ret, 0, SIGNED_LIST);
	memcpy(ret, signed_x509, sizeof(signed_x509));
	daruma_put32(ret + 16, SIGNED_LIST);
	daruma_put32(ret + 24, 16 + SIGNED_CERTIFICATE);
	memset(ret + 28 + 16, letter, SIGNED_CERTIFICATE);
}
