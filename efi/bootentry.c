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

/* What a load option consists of behind its description. */
struct parts {
	const uint8_t *path;
	size_t path_length;
	const uint8_t *options;
	size_t options_size;
};

/* Of a load option of `size` bytes; false where its parts do not fit. */
static bool find_parts(const uint8_t *bytes, size_t size, struct parts *ret)
{
	size_t at = AT_DESCRIPTION;
	size_t length;

	if (size < AT_DESCRIPTION)
		return false;
	length = daruma_get16(bytes + AT_PATH_LENGTH);
	while (at + 2 <= size && daruma_get16(bytes + at) != 0)
		at += 2;
	at += 2;
	if (at > size || length > size - at)
		return false;
	*ret = (struct parts){ .path = bytes + at,
			       .path_length = length,
			       .options = bytes + at + length,
			       .options_size = size - at - length };
	return true;
}

/* The entry that BootCurrent names: its name, and its parts in `bytes`. */
static bool read_current(const struct firmware *firmware, CHAR16 name[TEXT_BOOT_NAME_SIZE],
			 uint8_t bytes[MOST_BYTES], struct parts *ret)
{
	struct variable current = { u"BootCurrent", &variables_global };
	struct variable entry = { name, &variables_global };
	UINTN size;

	if (EFI_ERROR(variables_read(firmware, current, CURRENT_ATTRIBUTES, bytes, MOST_BYTES,
				     &size)) ||
	    size != 2)
		return false;
	text_boot_name(daruma_get16(bytes), name);
	return !EFI_ERROR(variables_read(firmware, entry, ENTRY_ATTRIBUTES, bytes, MOST_BYTES,
					 &size)) &&
	       find_parts(bytes, size, ret);
}

/* What shim is to start: the first word of its options. */
static bool first_option(const struct parts *parts, char ret_file[DARUMA_PATH_SIZE])
{
	return text_first_path(parts->options, parts->options_size, ret_file);
}

/* By its file, or by what that is to start: which of the two we were loaded as depends on the shim. */
static bool names_us(const struct firmware *firmware, const struct parts *parts)
{
	char file[DARUMA_PATH_SIZE];
	char own_file[DARUMA_PATH_SIZE];

	if (!devicepath_file(parts->path, parts->path_length, file) ||
	    !partition_own_file(firmware, own_file))
		return false;
	return text_same_path(file, own_file) ||
	       (first_option(parts, file) && text_same_path(file, own_file));
}

static bool leads_here(const struct firmware *firmware, const struct parts *parts)
{
	uint8_t guid[DARUMA_GUID_SIZE];
	uint8_t own_guid[DARUMA_GUID_SIZE];
	size_t end;

	/* A path that breaks off may have led elsewhere. */
	return devicepath_length(parts->path, parts->path_length, &end) &&
	       devicepath_partition(parts->path, parts->path_length, guid) &&
	       partition_guid(firmware, own_guid) &&
	       daruma_same(guid, own_guid, DARUMA_GUID_SIZE) && names_us(firmware, parts);
}

bool bootentry_delete_own(const struct firmware *firmware)
{
	CHAR16 name[TEXT_BOOT_NAME_SIZE];
	struct variable entry = { name, &variables_global };
	uint8_t bytes[MOST_BYTES];
	struct parts parts;

	return read_current(firmware, name, bytes, &parts) && leads_here(firmware, &parts) &&
	       !EFI_ERROR(variables_delete(firmware, entry));
}

static bool is_in_own_folder(const char *file)
{
	static const char folder[] = DARUMA_ESP_FOLDER;
	char head[sizeof(folder)] = { 0 };

	for (size_t i = 0; i < sizeof(folder) - 1 && file[i] != '\0'; i++)
		head[i] = file[i];
	return text_same_path(head, folder);
}

/* What the entry's program, whose path we have, was to start: that is what we are then. */
static bool find_started(const struct firmware *firmware, const char *own_file,
			 char ret_file[DARUMA_PATH_SIZE])
{
	CHAR16 name[TEXT_BOOT_NAME_SIZE];
	uint8_t bytes[MOST_BYTES];
	char file[DARUMA_PATH_SIZE];
	struct parts parts;

	return read_current(firmware, name, bytes, &parts) && leads_here(firmware, &parts) &&
	       devicepath_file(parts.path, parts.path_length, file) &&
	       text_same_path(file, own_file) && first_option(&parts, ret_file) &&
	       is_in_own_folder(ret_file);
}

bool bootentry_own_file(const struct firmware *firmware, char ret_file[DARUMA_PATH_SIZE])
{
	char started[DARUMA_PATH_SIZE] = { 0 };

	if (!partition_own_file(firmware, ret_file))
		return false;
	/* Seldom: an installed stage costs no look at the entry. */
	if (!is_in_own_folder(ret_file) && find_started(firmware, ret_file, started))
		daruma_copy((uint8_t *)ret_file, (const uint8_t *)started, sizeof(started));
	return true;
}
