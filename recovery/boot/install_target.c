/* install_target.c: what the stage starts in a normal start, once it is installed
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/install_target.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "policy/bytes.h"
#include "recovery/boot/boot_order.h"
#include "recovery/boot/limits_file.h"
#include "recovery/boot/stage_file.h"

/* Where distributions put their first loader; shim before what it starts. */
static const char *const known_loaders[] = {
	"\\EFI\\debian\\shimx64.efi",	 "\\EFI\\debian\\grubx64.efi",
	"\\EFI\\ubuntu\\shimx64.efi",	 "\\EFI\\ubuntu\\grubx64.efi",
	"\\EFI\\fedora\\shimx64.efi",	 "\\EFI\\redhat\\shimx64.efi",
	"\\EFI\\centos\\shimx64.efi",	 "\\EFI\\rocky\\shimx64.efi",
	"\\EFI\\almalinux\\shimx64.efi", "\\EFI\\opensuse\\shim.efi",
	"\\EFI\\sles\\shim.efi",	 "\\EFI\\systemd\\systemd-bootx64.efi",
	"\\EFI\\BOOT\\BOOTX64.EFI",
};

bool install_target_is_startable(const struct esp *esp, const char *path)
{
	return path[0] && strcasecmp(path, DARUMA_ESP_PROGRAM) != 0 &&
	       strcasecmp(path, DARUMA_ESP_TRIAL) != 0 && stage_file_target_exists(esp, path);
}

static int take_wanted(const struct esp *esp, const struct daruma_target *wanted,
		       struct daruma_target *ret)
{
	if (!install_target_is_startable(esp, wanted->path))
		return -ENOENT;
	*ret = *wanted;
	return 0;
}

static int take_in_force(const struct esp *esp, struct daruma_target *ret)
{
	struct daruma_limits limits;

	if (!limits_file_load(esp, &limits) ||
	    !install_target_is_startable(esp, limits.normal.path))
		return -ENOENT;
	*ret = limits.normal;
	return 0;
}

static bool is_on(const struct esp *esp, const struct boot_entry *entry)
{
	return entry->active && entry->has_partition &&
	       daruma_same(entry->guid, esp->guid, DARUMA_GUID_SIZE) &&
	       boot_entry_program(entry) == entry->path &&
	       install_target_is_startable(esp, entry->path);
}

/* The first active entry on this ESP that starts somebody else's program. */
static int take_from_order(const struct variables *variables, const struct esp *esp,
			   bool any_options, struct daruma_target *ret)
{
	struct boot_order order;

	if (!variables || boot_order_read(variables, &order) != 0)
		return -ENOENT;
	for (size_t i = 0; i < order.count; i++) {
		struct boot_entry entry;

		if (boot_order_entry(variables, order.numbers[i], &entry) != 0 ||
		    !is_on(esp, &entry))
			continue;
		if (entry.options_lost && !any_options)
			return -EINVAL;
		snprintf(ret->path, sizeof(ret->path), "%s", entry.path);
		snprintf(ret->options, sizeof(ret->options), "%s", entry.options);
		return 0;
	}
	return -ENOENT;
}

static int take_from_places(const struct esp *esp, struct daruma_target *ret)
{
	for (size_t i = 0; i < sizeof(known_loaders) / sizeof(known_loaders[0]); i++) {
		if (stage_file_target_exists(esp, known_loaders[i])) {
			snprintf(ret->path, sizeof(ret->path), "%s", known_loaders[i]);
			return 0;
		}
	}
	return -ENOENT;
}

int install_target_choose(const struct variables *variables, const struct esp *esp,
			  const struct daruma_target *wanted, struct daruma_target *ret)
{
	struct daruma_target target = { .path = "" };
	int error = take_wanted(esp, wanted, &target);

	if (error == -ENOENT)
		error = take_in_force(esp, &target);
	if (error == -ENOENT)
		error = take_from_order(variables, esp, wanted->options[0], &target);
	if (error == -ENOENT)
		error = take_from_places(esp, &target);
	if (error)
		return error;
	if (wanted->options[0])
		memcpy(target.options, wanted->options, sizeof(target.options));
	*ret = target;
	return 0;
}
