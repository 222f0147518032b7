/* devicepath.h: reading device paths (UEFI 2.10, chapter 10)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A path is a chain of nodes: type, subtype, length in 2 bytes, data; the last is 7f ff 04 00.
 * Its length is told by its nodes alone, so every walk here is bounded.
 */
#ifndef DARUMA_EFI_DEVICEPATH_H
#define DARUMA_EFI_DEVICEPATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/limits.h"
#include "policy/names.h"

#define DEVICEPATH_MOST	    1024 /* bytes of a path that is followed */
#define DEVICEPATH_END_SIZE 4

/* Bytes before the end node. False for NULL, for a broken node, and for a path that does not end
 * within `most` bytes. */
bool devicepath_length(const uint8_t *path, size_t most, size_t *ret_length);

/* The GUID of the GPT partition that the path leads to, as it lies in the GPT. False where the
 * path has no such node. */
bool devicepath_partition(const uint8_t *path, size_t most, uint8_t ret_guid[DARUMA_GUID_SIZE]);

/* The file that the path leads to, in ASCII. False unless it has one file node of sane text. */
bool devicepath_file(const uint8_t *path, size_t most, char ret_file[DARUMA_PATH_SIZE]);

/* Writes the path of `file` on the device `device`, a file node and an end node. False where
 * that does not fit into `capacity` bytes. */
bool devicepath_append_file(const uint8_t *device, const char *file, uint8_t *ret_path,
			    size_t capacity);

#endif
