/* esp.h: the EFI system partition this installation lives on
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_BOOT_ESP_H
#define DARUMA_RECOVERY_BOOT_ESP_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "policy/names.h"
#include "recovery/context.h"

#define ESP_GUID_TEXT_SIZE 37
#define ESP_ID_SIZE	   9

struct esp {
	char path[PATH_MAX];		    /* where it is mounted, below context->root already */
	uint8_t guid[DARUMA_GUID_SIZE];	    /* partition GUID as it lies in the GPT */
	char guid_text[ESP_GUID_TEXT_SIZE]; /* the same as lower-case text */
	char id[ESP_ID_SIZE];		    /* <id>: first 8 digits of guid_text */
	char device[PATH_MAX];		    /* the partition's device node, "" where unknown */
	char disk[PATH_MAX];		    /* the whole disk's device node, "" where unknown */
	unsigned partition;		    /* number, from 1; 0 where unknown */
	uint64_t start;			    /* in sectors of sector_size; 0 where unknown */
	uint64_t size;			    /* in sectors of sector_size */
	unsigned sector_size;		    /* bytes of one logical sector */
	bool identified;		    /* the GUID was read from the partition table */
};

/* The folder of the ESP: context->esp_path, else the first of /efi, /boot/efi, /boot below context->root that is a
 * vfat mount point with an EFI folder (a folder with an EFI folder, where context->root is not ""). `ret->path` is
 * set. Returns 0, -ENODEV (none found) or -ENOTDIR / -EACCES for a given --esp-path. */
int esp_find_path(const struct context *context, struct esp *ret);

/* The same, with the partition behind it. Where the partition table has no answer (a plain folder, an image) `id` is
 * that of the boot note, and the GUID that of the limits.bin on this ESP if it is of that <id>, else its first field
 * alone with zeroes behind it; then `identified` is false. Returns 0, the errors above, or -ENODEV if the installation
 * cannot be named. */
int esp_find(const struct context *context, struct esp *ret);

/* The <id> from a partition GUID, and the GUID as text. */
void esp_id_of(const uint8_t guid[DARUMA_GUID_SIZE], char ret_id[ESP_ID_SIZE]);
void esp_guid_text_of(const uint8_t guid[DARUMA_GUID_SIZE], char ret_text[ESP_GUID_TEXT_SIZE]);

/* Reads text of the form 8-4-4-4-12 hex digits. Returns false for anything else. */
bool esp_guid_parse(const char *text, uint8_t ret_guid[DARUMA_GUID_SIZE]);

#endif
