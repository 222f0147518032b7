/* fuzz_efi_device_path.c: any bytes as a device path, and as load options; a file behind a path is found again
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "efi/devicepath.h"
#include "efi/text.h"
#include "policy/bytes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FILE_NAME "\\EFI\\debian\\shimx64.efi"

/* Whether `path`, which is sound, ends only once (there are paths to several devices), and as it should. */
static bool is_to_one(const uint8_t *path, size_t length)
{
	if (daruma_get16(path + length + 2) != DEVICEPATH_END_SIZE)
		return false;
	for (size_t at = 0; at < length; at += daruma_get16(path + at + 2))
		if (path[at] == 0x7f)
			return false;
	return true;
}

/* A path that ends can have a file behind it, which leads to the same partition. */
static void append(const uint8_t *path, size_t length)
{
	uint8_t device[DEVICEPATH_MOST] = { 0 };
	uint8_t whole[DEVICEPATH_MOST + 128];
	uint8_t guid[DARUMA_GUID_SIZE] = { 0 };
	uint8_t again[DARUMA_GUID_SIZE] = { 0 };
	char file[DARUMA_PATH_SIZE];
	size_t whole_length;

	memcpy(device, path, length + DEVICEPATH_END_SIZE);
	if (!devicepath_append_file(device, FILE_NAME, whole, sizeof(whole)) ||
	    !devicepath_length(whole, sizeof(whole), &whole_length) || whole_length <= length ||
	    memcmp(whole, path, length) != 0)
		abort();
	/* Two files are none. */
	if (devicepath_file(whole, sizeof(whole), file) &&
	    (strcmp(file, FILE_NAME) != 0 ||
	     devicepath_file(path, length + DEVICEPATH_END_SIZE, file)))
		abort();
	if (devicepath_partition(path, length, guid) !=
		    devicepath_partition(whole, sizeof(whole), again) ||
	    memcmp(guid, again, sizeof(guid)) != 0)
		abort();
	if (devicepath_append_file(device, FILE_NAME, whole, whole_length))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Of exactly this size, so that a look behind it is seen. */
	uint8_t *path = malloc(size ? size : 1);
	uint8_t guid[DARUMA_GUID_SIZE];
	char file[DARUMA_PATH_SIZE];
	size_t length;

	memcpy(path, data, size);
	if (devicepath_file(path, size, file) && strlen(file) >= sizeof(file))
		abort();
	devicepath_partition(path, size, guid);
	if (devicepath_length(path, size, &length)) {
		if (length > size - DEVICEPATH_END_SIZE)
			abort();
		if (length + DEVICEPATH_END_SIZE <= DEVICEPATH_MOST && is_to_one(path, length))
			append(path, length);
	}
	if (text_first_path(path, size, file) && (file[0] != '\\' || strchr(file, ' ')))
		abort();
	free(path);
	return 0;
}
