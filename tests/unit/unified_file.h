/* unified_file.h: a small file with the headers and sections of a unified image (recovery/boot/unified_image.h)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_TESTS_UNIFIED_FILE_H
#define DARUMA_TESTS_UNIFIED_FILE_H

#include <stdint.h>

#define UNIFIED_FILE_SIZE     4096
#define UNIFIED_FILE_HEADERS  0x80 /* where the PE headers begin */
#define UNIFIED_FILE_OPTIONAL (UNIFIED_FILE_HEADERS + 24)
#define UNIFIED_FILE_SECTIONS (UNIFIED_FILE_OPTIONAL + 240)
#define UNIFIED_FILE_BASE     0x140000000ull

extern uint8_t unified_file[UNIFIED_FILE_SIZE];

/* All parts, unsigned, of the Daruma under test; the last section ends 6 bytes behind 0x60000 in memory. */
void unified_file_make(const char *release, const char *line);

/* Section `number` and those before it are all that there are; a text has 256 bytes in the file. */
void unified_file_section(unsigned number, const char *name, uint32_t address, uint32_t memory,
			  uint32_t offset, uint32_t size);
void unified_file_text(unsigned number, const char *name, const char *text);
void unified_file_set_count(uint16_t count);

/* Place and bytes of the signatures; 0, 0: none. */
void unified_file_sign(uint32_t at, uint32_t size);

#endif
