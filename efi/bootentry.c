/* bootentry.c: the entry of the firmware's boot menu that started us
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "efi/bootentry.h"

#include "efi/devicepath.h"
#include "efi/partition.h"
#include "efi/text.h"
#include "efi/variables.h"
#include "policy/bytes.h"

#define MOST_BYTES	   2048
#define ENTRY_ATTRIBUTES   7u /* non-volatile, run time */
#define CURRENT_ATTRIBUTES 6u

/* EFI_LOAD_OPTION (UEFI 2.10, 3.1.3): attributes 4, path length 2, description with its zero,
 * path, our options. */
#define AT_PATH_LENGTH 4
#define AT_DESCRIPTION 6

/* The device path in a load option of `size` bytes; NULL where its parts do not fit. */
static const uint8_t *find_path(const uint8_t *bytes, size_t size, size_t *ret_length)
{
	size_t at = AT_DESCRIPTION;
	size_t length;

	if (size < AT_DESCRIPTION)
		return NULL;
	length = daruma_get16(bytes + AT_PATH_LENGTH);
	while (at + 2 <= size && daruma_get16(bytes + at) != 0)
		at += 2;
	at += 2;
	if (at > size || length > size - at)
		return NULL;
	*ret_length = length;
	return bytes + at;
}

static bool leads_here(const struct firmware *firmware, const uint8_t *path, size_t length)
{
	uint8_t guid[DARUMA_GUID_SIZE];
	uint8_t own_guid[DARUMA_GUID_SIZE];
	char file[DARUMA_PATH_SIZE];
	char own_file[DARUMA_PATH_SIZE];
	size_t end;

	/* A path that breaks off may have led elsewhere. */
	return devicepath_length(path, length, &end) && devicepath_partition(path, length, guid) &&
	       partition_guid(firmware, own_guid) &&
	       daruma_same(guid, own_guid, DARUMA_GUID_SIZE) &&
	       devicepath_file(path, length, file) && partition_own_file(firmware, own_file) &&
	       text_same_path(file, own_file);
}

bool bootentry_delete_own(const struct firmware *firmware)
{
	struct variable current = { u"BootCurrent", &variables_global };
	CHAR16 name[TEXT_BOOT_NAME_SIZE];
	struct variable entry = { name, &variables_global };
	uint8_t bytes[MOST_BYTES];
	const uint8_t *path;
	UINTN size;
	size_t length;

	if (EFI_ERROR(variables_read(firmware, current, CURRENT_ATTRIBUTES, bytes, sizeof(bytes),
				     &size)) ||
	    size != 2)
		return false;
	text_boot_name(daruma_get16(bytes), name);
	if (EFI_ERROR(
		    variables_read(firmware, entry, ENTRY_ATTRIBUTES, bytes, sizeof(bytes), &size)))
		return false;
	path = find_path(bytes, size, &length);
	return path && leads_here(firmware, path, length) &&
	       !EFI_ERROR(variables_delete(firmware, entry));
}
