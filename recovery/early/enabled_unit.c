/* enabled_unit.c: whether the owner of the machine has a unit on
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/early/enabled_unit.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define NETWORKD "systemd-networkd.service"
#define SERVICE	 ".service"
#define YAML	 ".yaml"

static bool has_ending(const char *name, const char *ending)
{
	size_t length = strlen(name), wanted = strlen(ending);

	return length > wanted && strcmp(name + length - wanted, ending) == 0;
}

static bool is_linked(const char *const *folders, const char *unit, char ret[PATH_MAX])
{
	for (size_t i = 0; folders[i]; i++) {
		char path[PATH_MAX];
		ssize_t size;

		if (snprintf(path, sizeof(path), "%s/%s", folders[i], unit) >= (int)sizeof(path))
			continue;
		size = readlink(path, ret, PATH_MAX - 1);
		if (size <= 0)
			continue;
		ret[size] = '\0';
		return true;
	}
	return false;
}

static bool has_file(const char *const *folders, const char *name)
{
	for (size_t i = 0; folders[i]; i++) {
		char path[PATH_MAX];

		if (snprintf(path, sizeof(path), "%s/%s", folders[i], name) < (int)sizeof(path) &&
		    access(path, F_OK) == 0)
			return true;
	}
	return false;
}

/* S, two digits, and the name of the unit without its ending. */
static bool is_start_link(const char *name, const char *unit)
{
	size_t length = strlen(unit) - strlen(SERVICE);

	return name[0] == 'S' && isdigit((unsigned char)name[1]) &&
	       isdigit((unsigned char)name[2]) && strncmp(name + 3, unit, length) == 0 &&
	       name[3 + length] == '\0';
}

static bool is_netplan_file(const char *name, const char *unit)
{
	(void)unit;
	return has_ending(name, YAML);
}

static bool any_name(const char *const *folders, bool (*is_it)(const char *name, const char *unit),
		     const char *unit)
{
	bool found = false;

	for (size_t i = 0; !found && folders[i]; i++) {
		DIR *names = opendir(folders[i]);
		struct dirent *entry;

		while (names && !found && (entry = readdir(names)))
			found = is_it(entry->d_name, unit);
		if (names)
			closedir(names);
	}
	return found;
}

bool enabled_unit_find(const struct boot_units *where, const char *unit, char ret_target[PATH_MAX])
{
	if (is_linked(where->wants_folders, unit, ret_target))
		return true;
	snprintf(ret_target, PATH_MAX, "../%s", unit);
	if (strcmp(unit, NETWORKD) == 0)
		return any_name(where->netplan_folders, is_netplan_file, unit);
	/* A script counts only where no unit file takes its place. */
	return has_ending(unit, SERVICE) && !has_file(where->unit_folders, unit) &&
	       any_name(where->script_folders, is_start_link, unit);
}
