/* variables.c: EFI variables; the only user of libefivar
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/variables.h"

#include <efivar/efivar.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/cleanup.h"
#include "recovery/text_list.h"

#define VARIABLE_MODE 0644

/* libefivar keeps a list of error texts that nobody here prints. */
static int to_errno(int error)
{
	efi_error_clear();
	switch (error) {
	case ENOENT:
	case EROFS:
	case EPERM:
	case ENOSPC:
	case EINVAL:
		return -error;
	case EACCES:
		return -EPERM;
	default:
		return -EIO;
	}
}

static bool machine_available(void)
{
	bool supported = efi_variables_supported();

	efi_error_clear();
	return supported;
}

static int parse_guid(const char *text, efi_guid_t *ret)
{
	return efi_str_to_guid(text, ret) < 0 ? to_errno(EINVAL) : 0;
}

static int machine_read(const char *guid, const char *name, uint8_t *buffer, size_t size,
			size_t *ret_size, uint32_t *ret_attributes)
{
	owned uint8_t *data = NULL;
	efi_guid_t vendor;
	uint32_t attributes;
	size_t length;
	int error = parse_guid(guid, &vendor);

	if (error)
		return error;
	/* Asked first, so that a hostile size costs no memory. */
	if (efi_get_variable_size(vendor, name, &length) < 0)
		return to_errno(errno);
	if (length > size)
		return -E2BIG;
	if (efi_get_variable(vendor, name, &data, &length, &attributes) < 0)
		return to_errno(errno);
	if (length > size)
		return -E2BIG;
	memcpy(buffer, data, length);
	*ret_size = length;
	*ret_attributes = attributes;
	return 0;
}

static int machine_write(const char *guid, const char *name, const uint8_t *bytes, size_t size,
			 uint32_t attributes)
{
	owned uint8_t *copy = malloc(size ? size : 1);
	efi_guid_t vendor;
	uint32_t stored;
	int error = parse_guid(guid, &vendor);

	if (error)
		return error;
	if (!copy)
		return -EIO;
	/* Firmware refuses this; a plain folder would not. */
	if (efi_get_variable_attributes(vendor, name, &stored) == 0 && stored != attributes)
		return -EINVAL;
	efi_error_clear();
	memcpy(copy, bytes, size);
	if (efi_set_variable(vendor, name, copy, size, attributes, VARIABLE_MODE) < 0)
		return to_errno(errno);
	return 0;
}

static int machine_remove(const char *guid, const char *name)
{
	efi_guid_t vendor;
	int error = parse_guid(guid, &vendor);

	if (error)
		return error;
	return efi_del_variable(vendor, name) < 0 ? to_errno(errno) : 0;
}

/* libefivar keeps its place in a static variable: always read to the end. */
static int collect_names(const efi_guid_t *vendor, const char *prefix, struct text_list *names)
{
	efi_guid_t *guid = NULL;
	char *name = NULL;
	int error = 0;
	int more;

	while ((more = efi_get_next_variable_name(&guid, &name)) > 0)
		if (!error && efi_guid_cmp(guid, vendor) == 0 &&
		    strncmp(name, prefix, strlen(prefix)) == 0)
			error = text_list_add(names, name);
	if (more < 0)
		return to_errno(errno);
	return error ? -EIO : 0;
}

static int machine_list(const char *guid, const char *prefix,
			int (*each)(const char *name, void *user), void *user)
{
	struct text_list names = { 0 };
	efi_guid_t vendor;
	int result = parse_guid(guid, &vendor);

	if (!result)
		result = collect_names(&vendor, prefix, &names);
	for (size_t i = 0; !result && i < names.count; i++)
		result = each(names.items[i], user);
	text_list_free(&names);
	return result;
}

static const struct variables machine = {
	.available = machine_available,
	.read = machine_read,
	.write = machine_write,
	.remove = machine_remove,
	.list = machine_list,
};

const struct variables *variables_of_machine(void)
{
	return &machine;
}
