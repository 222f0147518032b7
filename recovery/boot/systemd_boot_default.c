/* systemd_boot_default.c: the default of systemd-boot
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The variable LoaderEntryDefault (systemd: The Boot Loader Interface) goes before the default of loader.conf. It is what
 * bootctl(1) set-default writes: the id of an entry in UTF-16 with a zero behind it.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "recovery/boot/boot_loader.h"
#include "recovery/boot/esp.h"
#include "recovery/boot/loader_entry.h"
#include "recovery/cleanup.h"
#include "recovery/system_file.h"

#define VENDOR	      "4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"
#define ATTRIBUTES    7 /* non-volatile, boot services, run time */
#define DEFAULT	      "LoaderEntryDefault"
#define ENTRIES	      "loader/entries"
#define ENTRY_MAX     65536
#define ENTRIES_MOST  1024
#define VARIABLE_SIZE (2 * BOOT_LOADER_ENTRY_SIZE)

/* --- the variables ------------------------------------------------------------------------- */

/* "" where it is absent. What is too long or not plain ASCII could not be put back: -EBADMSG. */
static int read_text(const struct boot_loader_access *access, const char *name,
		     char ret[BOOT_LOADER_ENTRY_SIZE])
{
	uint8_t bytes[VARIABLE_SIZE];
	uint32_t attributes;
	size_t size = 0, length = 0;
	int error = access->variables ? access->variables->read(VENDOR, name, bytes, sizeof(bytes),
								&size, &attributes) :
					-ENOENT;

	ret[0] = '\0';
	if (error)
		return error == -ENOENT ? 0 : error;
	for (; 2 * length + 1 < size; length++) {
		if (!bytes[2 * length] && !bytes[2 * length + 1])
			break;
		if (bytes[2 * length + 1] || bytes[2 * length] >= 0x7f ||
		    length == BOOT_LOADER_ENTRY_SIZE - 1)
			return -EBADMSG;
	}
	for (size_t i = 0; i < length; i++)
		ret[i] = (char)bytes[2 * i];
	ret[length] = '\0';
	return 0;
}

static int write_text(const struct boot_loader_access *access, const char *name, const char *text)
{
	uint8_t bytes[VARIABLE_SIZE] = { 0 };
	size_t length = strlen(text);

	if (length >= BOOT_LOADER_ENTRY_SIZE)
		return -EINVAL;
	for (size_t i = 0; i < length; i++)
		bytes[2 * i] = (uint8_t)text[i];
	return access->variables->write(VENDOR, name, bytes, 2 * (length + 1), ATTRIBUTES);
}

static bool is_here(const struct boot_loader_access *access)
{
	char info[BOOT_LOADER_ENTRY_SIZE];

	return read_text(access, "LoaderInfo", info) == 0 &&
	       strncmp(info, "systemd-boot", strlen("systemd-boot")) == 0;
}

static int read_default(const struct boot_loader_access *access,
			char ret_entry[BOOT_LOADER_ENTRY_SIZE])
{
	return read_text(access, DEFAULT, ret_entry);
}

/* --- entries ------------------------------------------------------------------------------- */

static bool is_of(int folder, const char *name, const char *release)
{
	char path[PATH_MAX];
	owned char *text = NULL;
	size_t length;

	return snprintf(path, sizeof(path), "/proc/self/fd/%d/%s", folder, name) <
		       (int)sizeof(path) &&
	       system_read_named(path, ENTRY_MAX, &text, &length) == 0 &&
	       loader_entry_is_of(text, length, release);
}

/* Below a mounted partition, whose path is whole. */
static int find_below(const char *partition, const char *release,
		      char ret_entry[BOOT_LOADER_ENTRY_SIZE])
{
	char path[PATH_MAX + sizeof(ENTRIES) + 1], id[LOADER_ENTRY_ID_MAX];
	struct dirent *entry;
	int result = -ENOENT;
	DIR *names;

	snprintf(path, sizeof(path), "%s/" ENTRIES, partition);
	names = opendir(path);
	if (!names)
		return -errno;
	for (int i = 0; result && i < ENTRIES_MOST && (entry = readdir(names)); i++) {
		if (!loader_entry_id(entry->d_name, id) ||
		    !is_of(dirfd(names), entry->d_name, release))
			continue;
		strcpy(ret_entry, id);
		result = 0;
	}
	closedir(names);
	return result;
}

/* On the ESP, or on the partition XBOOTLDR, which is mounted on /boot. */
static int find(const struct boot_loader_access *access, const char *release,
		char ret_entry[BOOT_LOADER_ENTRY_SIZE])
{
	char boot[PATH_MAX];
	struct esp esp;
	int error = system_path(access->context, "/boot", boot);

	if (!error)
		error = find_below(boot, release, ret_entry);
	if (error == -ENOENT && esp_find_path(access->context, &esp) == 0)
		error = find_below(esp.path, release, ret_entry);
	return error;
}

/* --- setting ------------------------------------------------------------------------------- */

static int set(const struct boot_loader_access *access, const char *entry)
{
	char present[BOOT_LOADER_ENTRY_SIZE];
	int error = read_default(access, present);

	if (!error && strcmp(present, entry) == 0)
		return 0;
	if (!error)
		error = access->variables ? write_text(access, DEFAULT, entry) : -EOPNOTSUPP;
	if (!error)
		error = read_default(access, present);
	return error ? error : strcmp(present, entry) == 0 ? 0 : -EBADMSG;
}

static int undo(const struct boot_loader_access *access, const char *entry, const char *before)
{
	char present[BOOT_LOADER_ENTRY_SIZE];
	int error = read_default(access, present);

	if (error || strcmp(present, entry) != 0)
		return error;
	if (before)
		return write_text(access, DEFAULT, before);
	error = access->variables->remove(VENDOR, DEFAULT);
	return error == -ENOENT ? 0 : error;
}

const struct boot_loader boot_loader_systemd_boot = {
	.name = "systemd-boot",
	.is_here = is_here,
	.find = find,
	.read = read_default,
	.set = set,
	.undo = undo,
};
