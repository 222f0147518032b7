/* encrypted_disk.c: whether what lies on a disk is encrypted there
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/encrypted_disk.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "recovery/cleanup.h"
#include "recovery/system_file.h"

#define TABLE	   "/etc/crypttab"
#define TABLE_MAX  65536
#define UUID_MAX   256
#define DEPTH_MAX  8 /* RAID on LVM on dm-crypt on a partition is four */
#define CRYPT_UUID "CRYPT-"
#define TPM	   "/sys/class/tpm/tpm0"
#define ZFS	   "/sys/module/zfs" /* it encrypts by itself */

bool encrypted_disk_is_used(const struct context *context)
{
	owned char *table = NULL;
	size_t size;

	if (system_read(context, TABLE, TABLE_MAX, &table, &size) != 0)
		return false;
	for (const char *line = table; *line; line += strcspn(line, "\n")) {
		size_t length;

		line += strspn(line, " \t\n");
		length = strcspn(line, "\n");
		/* Swap with a new key in each start holds nothing. */
		if (length && *line != '#' && !memmem(line, length, "/dev/urandom", 12) &&
		    !memmem(line, length, "/dev/random", 11))
			return true;
	}
	return false;
}

static bool is_crypt(const struct context *context, const char *folder)
{
	char path[PATH_MAX];
	owned char *uuid = NULL;
	size_t length;

	return snprintf(path, sizeof(path), "%s/dm/uuid", folder) < (int)sizeof(path) &&
	       system_read(context, path, UUID_MAX, &uuid, &length) == 0 &&
	       strncmp(uuid, CRYPT_UUID, strlen(CRYPT_UUID)) == 0;
}

static bool is_encrypted(const struct context *context, const char *folder, int depth);

/* A partition is made of nothing itself: its disk is. */
static DIR *open_parts(const struct context *context, const char *folder)
{
	char name[PATH_MAX], path[PATH_MAX];
	bool partition;

	snprintf(name, sizeof(name), "%.4000s/partition", folder);
	partition = system_exists(context, name);
	snprintf(name, sizeof(name), "%.4000s/%sslaves", folder, partition ? "../" : "");
	return system_path(context, name, path) == 0 ? opendir(path) : NULL;
}

/* The devices that it is made of. */
static bool has_encrypted_part(const struct context *context, const char *folder, int depth)
{
	DIR *parts = open_parts(context, folder);
	char part[PATH_MAX];
	bool found = false;
	struct dirent *entry;

	while (!found && parts && (entry = readdir(parts)))
		if (entry->d_name[0] != '.' && snprintf(part, sizeof(part), "/sys/class/block/%s",
							entry->d_name) < (int)sizeof(part))
			found = is_encrypted(context, part, depth + 1);
	if (parts)
		closedir(parts);
	return found;
}

static bool is_encrypted(const struct context *context, const char *folder, int depth)
{
	if (depth > DEPTH_MAX)
		return true;
	return is_crypt(context, folder) || has_encrypted_part(context, folder, depth);
}

bool encrypted_disk_is_below(const struct context *context, dev_t device)
{
	char folder[64];

	snprintf(folder, sizeof(folder), "/sys/dev/block/%u:%u", major(device), minor(device));
	return system_exists(context, folder) ?
		       is_encrypted(context, folder, 0) :
		       encrypted_disk_is_used(context) || system_exists(context, ZFS);
}

bool encrypted_disk_may_be_sealed(const struct context *context)
{
	return encrypted_disk_is_used(context) && system_exists(context, TPM);
}
