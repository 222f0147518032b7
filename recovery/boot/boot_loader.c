/* boot_loader.c: which of the boot loaders that Daruma knows is here, and the kernel it starts by default
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/boot_loader.h"

#include <stddef.h>
#include <string.h>

#include "recovery/boot/own_variables.h"

/* Files of GRUB may be left over; systemd-boot says itself that it ran. */
static const struct boot_loader *const loaders[] = { &boot_loader_systemd_boot, &boot_loader_grub };

#define LOADERS (sizeof(loaders) / sizeof(loaders[0]))

const struct boot_loader *boot_loader_here(const struct boot_loader_access *access)
{
	for (size_t i = 0; i < LOADERS; i++)
		if (loaders[i]->is_here(access))
			return loaders[i];
	return NULL;
}

const struct boot_loader *boot_loader_named(const char *name)
{
	for (size_t i = 0; i < LOADERS; i++)
		if (strcmp(loaders[i]->name, name) == 0)
			return loaders[i];
	return NULL;
}

void boot_loader_access_of(const struct context *context, struct boot_loader_access *ret)
{
	*ret = (struct boot_loader_access){ .context = context };
	if (context->root[0])
		return;
	ret->processes = process_of_machine();
	if (own_variables(context)->available())
		ret->variables = own_variables(context);
}
