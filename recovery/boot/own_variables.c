/* own_variables.c: the EFI variables of the system that this run works on
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/own_variables.h"

#include <errno.h>
#include <stdlib.h>

static bool nothing_available(void)
{
	return false;
}

static int read_nothing(const char *guid, const char *name, uint8_t *buffer, size_t size,
			size_t *ret_size, uint32_t *ret_attributes)
{
	(void)guid, (void)name, (void)buffer, (void)size, (void)ret_size, (void)ret_attributes;
	return -ENODEV;
}

static int write_nothing(const char *guid, const char *name, const uint8_t *bytes, size_t size,
			 uint32_t attributes)
{
	(void)guid, (void)name, (void)bytes, (void)size, (void)attributes;
	return -ENODEV;
}

static int remove_nothing(const char *guid, const char *name)
{
	(void)guid, (void)name;
	return -ENODEV;
}

static int list_nothing(const char *guid, const char *prefix,
			int (*each)(const char *name, void *user), void *user)
{
	(void)guid, (void)prefix, (void)each, (void)user;
	return -ENODEV;
}

static const struct variables none = { .available = nothing_available,
				       .read = read_nothing,
				       .write = write_nothing,
				       .remove = remove_nothing,
				       .list = list_nothing };

const struct variables *own_variables(const struct context *context)
{
	bool elsewhere = context->root[0] && !getenv("EFIVARFS_PATH");

	return context->no_variables || elsewhere ? &none : variables_of_machine();
}
