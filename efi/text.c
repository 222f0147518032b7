/* text.c: between ASCII, which policy speaks, and the 16-bit text of UEFI
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "efi/text.h"

#include "policy/bytes.h"

size_t text_widen(const char *ascii, CHAR16 *ret, size_t capacity)
{
	size_t length = 0;

	for (; length + 1 < capacity && ascii[length] != '\0'; length++)
		ret[length] = (CHAR16)(unsigned char)ascii[length];
	ret[length] = 0;
	return length;
}

bool text_narrow(const uint8_t *wide, size_t size, char *ret, size_t capacity)
{
	size_t length = 0;

	for (; 2 * length + 2 <= size; length++) {
		uint16_t character = daruma_get16(wide + 2 * length);

		if (character == 0)
			break;
		if (character < 0x20 || character > 0x7e || length + 1 >= capacity)
			return false;
		ret[length] = (char)character;
	}
	if (length >= capacity)
		return false;
	ret[length] = '\0';
	return true;
}

static void put_hex(uint32_t number, unsigned digits, const char alphabet[16], CHAR16 *ret)
{
	for (unsigned i = 0; i < digits; i++)
		ret[i] = (CHAR16)(unsigned char)alphabet[(number >> (4 * (digits - 1 - i))) & 15];
	ret[digits] = 0;
}

void text_variable_name(const char *prefix, const uint8_t install[DARUMA_GUID_SIZE],
			CHAR16 ret[TEXT_VARIABLE_NAME_SIZE])
{
	size_t length = text_widen(prefix, ret, TEXT_VARIABLE_NAME_SIZE - 8);

	put_hex(daruma_get32(install), 8, "0123456789abcdef", ret + length);
}

void text_boot_name(uint16_t number, CHAR16 ret[TEXT_BOOT_NAME_SIZE])
{
	size_t length = text_widen("Boot", ret, TEXT_BOOT_NAME_SIZE);

	put_hex(number, 4, "0123456789ABCDEF", ret + length);
}

bool text_first_path(const uint8_t *options, size_t size, char ret[DARUMA_PATH_SIZE])
{
	size_t length = 0;

	if (!options || size % 2 != 0)
		return false;
	while (2 * length < size && daruma_get16(options + 2 * length) != ' ')
		length++;
	return text_narrow(options, 2 * length, ret, DARUMA_PATH_SIZE) && ret[0] == '\\';
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool text_same_path(const char *one, const char *other)
{
	size_t at = 0;

	while (one[at] != '\0' && lower(one[at]) == lower(other[at]))
		at++;
	return lower(one[at]) == lower(other[at]);
}
