/* text.h: between ASCII, which policy speaks, and the 16-bit text of UEFI
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_EFI_TEXT_H
#define DARUMA_EFI_TEXT_H

#include <efi.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/limits.h"
#include "policy/names.h"

/* Characters, with the terminating zero. */
#define TEXT_VARIABLE_NAME_SIZE 24
#define TEXT_BOOT_NAME_SIZE	9

/* Writes `ascii` and a zero to `ret`; cut so that both fit into `capacity` characters, at least
 * one. Returns the number of characters without the zero. */
size_t text_widen(const char *ascii, CHAR16 *ret, size_t capacity);

/* Reads 16-bit text of at most `size` bytes, which need not be aligned or terminated, up to its
 * zero or its end. Returns false unless all of it is printable ASCII and fits into `capacity`
 * with a zero; `ret` is then not to be used. */
bool text_narrow(const uint8_t *wide, size_t size, char *ret, size_t capacity);

/* "<prefix><id>": name of one of our variables for the installation `install` (policy/names.h). */
void text_variable_name(const char *prefix, const uint8_t install[DARUMA_GUID_SIZE],
			CHAR16 ret[TEXT_VARIABLE_NAME_SIZE]);

/* "Boot" and four upper-case hex digits (UEFI 2.10, 3.1.1). */
void text_boot_name(uint16_t number, CHAR16 ret[TEXT_BOOT_NAME_SIZE]);

/* The first word of load options, if it is an absolute path: printable ASCII without spaces,
 * after a backslash. `options` may be NULL; `size` is in bytes and untrusted. */
bool text_first_path(const uint8_t *options, size_t size, char ret[DARUMA_PATH_SIZE]);

/* Whether two ASCII paths name the same file on FAT: letters are the same in both cases. */
bool text_same_path(const char *one, const char *other);

#endif
