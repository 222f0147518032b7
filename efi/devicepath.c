/* devicepath.c: reading device paths (UEFI 2.10, chapter 10)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "efi/devicepath.h"

#include "efi/text.h"
#include "policy/bytes.h"

#define TYPE_MEDIA	   4
#define TYPE_END	   0x7f
#define SUBTYPE_HARD_DRIVE 1
#define SUBTYPE_FILE	   4
#define SUBTYPE_END	   0xff
#define HEAD		   4

/* Hard drive node: number 4, start 8, size 8, signature 16, format 1, signature type 1. */
#define HARD_DRIVE_SIZE	  42
#define AT_SIGNATURE	  24
#define AT_SIGNATURE_TYPE 41
#define SIGNATURE_GUID	  2

/* The size of the node at `at`, or 0 where it does not lie within `most` bytes. */
static size_t node_size(const uint8_t *path, size_t at, size_t most)
{
	size_t size;

	if (most < HEAD || at > most - HEAD)
		return 0;
	size = daruma_get16(path + at + 2);
	return size < HEAD || size > most - at ? 0 : size;
}

/* The next node at or after `*at` of this type, passing `*at` behind it; NULL where the path
 * ends before. */
static const uint8_t *next_media(const uint8_t *path, size_t most, uint8_t subtype, size_t *at,
				 size_t *ret_size)
{
	size_t size;

	while ((size = node_size(path, *at, most)) != 0 && path[*at] != TYPE_END) {
		const uint8_t *node = path + *at;

		*at += size;
		if (node[0] == TYPE_MEDIA && node[1] == subtype) {
			*ret_size = size;
			return node;
		}
	}
	return NULL;
}

bool devicepath_length(const uint8_t *path, size_t most, size_t *ret_length)
{
	size_t at = 0;
	size_t size;

	if (!path)
		return false;
	while ((size = node_size(path, at, most)) != 0) {
		if (path[at] == TYPE_END && path[at + 1] == SUBTYPE_END) {
			*ret_length = at;
			return true;
		}
		at += size;
	}
	return false;
}

bool devicepath_partition(const uint8_t *path, size_t most, uint8_t ret_guid[DARUMA_GUID_SIZE])
{
	size_t at = 0;
	size_t size;
	const uint8_t *node;

	if (!path)
		return false;
	node = next_media(path, most, SUBTYPE_HARD_DRIVE, &at, &size);
	if (!node || size != HARD_DRIVE_SIZE || node[AT_SIGNATURE_TYPE] != SIGNATURE_GUID)
		return false;
	daruma_copy(ret_guid, node + AT_SIGNATURE, DARUMA_GUID_SIZE);
	return true;
}

bool devicepath_file(const uint8_t *path, size_t most, char ret_file[DARUMA_PATH_SIZE])
{
	size_t at = 0;
	size_t size;
	size_t other_size;
	const uint8_t *node;

	if (!path)
		return false;
	node = next_media(path, most, SUBTYPE_FILE, &at, &size);
	if (!node || next_media(path, most, SUBTYPE_FILE, &at, &other_size))
		return false;
	return text_narrow(node + HEAD, size - HEAD, ret_file, DARUMA_PATH_SIZE);
}

static void put_head(uint8_t *at, uint8_t type, uint8_t subtype, size_t size)
{
	at[0] = type;
	at[1] = subtype;
	daruma_put16(at + 2, (uint16_t)size);
}

bool devicepath_append_file(const uint8_t *device, const char *file, uint8_t *ret_path,
			    size_t capacity)
{
	size_t length;
	size_t characters = 0;
	size_t size;

	while (file[characters] != '\0' && characters < DARUMA_PATH_SIZE)
		characters++;
	size = HEAD + 2 * (characters + 1);
	if (!devicepath_length(device, DEVICEPATH_MOST, &length) ||
	    length + size + DEVICEPATH_END_SIZE > capacity)
		return false;
	daruma_copy(ret_path, device, length);
	put_head(ret_path + length, TYPE_MEDIA, SUBTYPE_FILE, size);
	for (size_t i = 0; i <= characters; i++)
		daruma_put16(ret_path + length + HEAD + 2 * i,
			     i < characters ? (unsigned char)file[i] : 0);
	put_head(ret_path + length + size, TYPE_END, SUBTYPE_END, DEVICEPATH_END_SIZE);
	return true;
}
