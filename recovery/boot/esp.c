/* esp.c: the EFI system partition this installation lives on
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/esp.h"

#include <errno.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "policy/bytes.h"
#include "policy/limits.h"
#include "recovery/boot/firmware.h"
#include "recovery/boot/partition.h"
#include "recovery/cleanup.h"
#include "recovery/system_file.h"

#define INSTALL_OFFSET 8 /* in limits.bin */

/* In the order of the Boot Loader Specification. */
static const char *const places[] = { "/efi", "/boot/efi", "/boot" };

/* A GUID's text shows its first three fields most significant byte first (UEFI, appendix A). */
static const unsigned char text_order[DARUMA_GUID_SIZE] = { 3, 2, 1,  0,  5,  4,  7,  6,
							    8, 9, 10, 11, 12, 13, 14, 15 };

void esp_guid_text_of(const uint8_t guid[DARUMA_GUID_SIZE], char ret_text[ESP_GUID_TEXT_SIZE])
{
	size_t at = 0;

	for (size_t i = 0; i < DARUMA_GUID_SIZE; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			ret_text[at++] = '-';
		at += (size_t)snprintf(ret_text + at, ESP_GUID_TEXT_SIZE - at, "%02x",
				       guid[text_order[i]]);
	}
}

void esp_id_of(const uint8_t guid[DARUMA_GUID_SIZE], char ret_id[ESP_ID_SIZE])
{
	char text[ESP_GUID_TEXT_SIZE];

	esp_guid_text_of(guid, text);
	memcpy(ret_id, text, ESP_ID_SIZE - 1);
	ret_id[ESP_ID_SIZE - 1] = 0;
}

bool esp_guid_parse(const char *text, uint8_t ret_guid[DARUMA_GUID_SIZE])
{
	static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
	uint8_t guid[DARUMA_GUID_SIZE];
	size_t digits = 0;

	if (strlen(text) != sizeof(form) - 1)
		return false;
	for (size_t i = 0; form[i]; i++)
		if (form[i] == '-' ? text[i] != '-' : !strchr("0123456789abcdefABCDEF", text[i]))
			return false;
	for (size_t i = 0; form[i]; i++) {
		if (form[i] == '-')
			continue;
		if (digits % 2 == 0)
			sscanf(text + i, "%2hhx", &guid[text_order[digits / 2]]);
		digits++;
	}
	memcpy(ret_guid, guid, sizeof(guid));
	return true;
}

static bool has_efi_folder(const char *path)
{
	char folder[PATH_MAX];
	struct stat stat_of;

	if (snprintf(folder, sizeof(folder), "%s/EFI", path) >= (int)sizeof(folder))
		return false;
	return stat(folder, &stat_of) == 0 && S_ISDIR(stat_of.st_mode);
}

/* Of the running system only a mounted vfat counts: an empty /boot/efi on the root file system is not the ESP. */
static bool is_esp(const struct context *context, const char *path)
{
	struct statfs system;

	if (!has_efi_folder(path))
		return false;
	if (context->root[0])
		return true;
	return statfs(path, &system) == 0 && system.f_type == MSDOS_SUPER_MAGIC;
}

static int take_given(const char *path, struct esp *ret)
{
	struct stat stat_of;

	if (stat(path, &stat_of) < 0)
		return -errno;
	if (!S_ISDIR(stat_of.st_mode))
		return -ENOTDIR;
	if (snprintf(ret->path, sizeof(ret->path), "%s", path) >= (int)sizeof(ret->path))
		return -ENAMETOOLONG;
	return 0;
}

int esp_find_path(const struct context *context, struct esp *ret)
{
	memset(ret, 0, sizeof(*ret));
	if (context->esp_path)
		return take_given(context->esp_path, ret);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (system_path(context, places[i], ret->path) == 0 && is_esp(context, ret->path))
			return 0;
	ret->path[0] = 0;
	return -ENODEV;
}

/* The GUID that limits.bin was written for; its first field is the <id> of the note, or it is not believed. */
static void take_guid_from_limits(struct esp *esp)
{
	char path[PATH_MAX];
	owned char *bytes = NULL;
	size_t size;

	if (snprintf(path, sizeof(path), "%s/EFI/daruma/limits.bin", esp->path) >=
	    (int)sizeof(path))
		return;
	if (system_read_named(path, DARUMA_LIMITS_SIZE, &bytes, &size) < 0 ||
	    size != DARUMA_LIMITS_SIZE)
		return;
	if (daruma_same((const uint8_t *)bytes + INSTALL_OFFSET, esp->guid, 4))
		memcpy(esp->guid, bytes + INSTALL_OFFSET, DARUMA_GUID_SIZE);
}

static int name_by_note(const struct context *context, struct esp *esp)
{
	struct daruma_note note;
	int error = firmware_read_note(context, &note, esp->id);

	if (error)
		return -ENODEV;
	daruma_put32(esp->guid, (uint32_t)strtoul(esp->id, NULL, 16));
	take_guid_from_limits(esp);
	esp_guid_text_of(esp->guid, esp->guid_text);
	return 0;
}

int esp_find(const struct context *context, struct esp *ret)
{
	int error = esp_find_path(context, ret);

	if (error)
		return error;
	error = partition_describe(ret);
	return error ? name_by_note(context, ret) : 0;
}
