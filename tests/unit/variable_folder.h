/* variable_folder.h: a folder that stands for the machine's EFI variables
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_TESTS_VARIABLE_FOLDER_H
#define DARUMA_TESTS_VARIABLE_FOLDER_H

#include <stddef.h>
#include <stdint.h>
#include <time.h>

/* To be called first in suite(): libefivar chooses its folder before main(), so the program is started once more with
 * EFIVARFS_PATH set. */
void variable_folder_start(void);

/* The fixture of a test case: the folder, empty, and its end. */
void variable_folder_make(void);
void variable_folder_remove(void);

/* A variable of our vendor GUID, at most 4092 bytes. */
void variable_folder_put(const char *name, uint32_t attributes, const uint8_t *bytes, size_t size);

/* When it was written last, 0 without it; and setting that. */
time_t variable_folder_written(const char *name);
void variable_folder_set_written(const char *name, time_t time);

#endif
