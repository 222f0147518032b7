/* unified_file.c: a small file with the headers and sections of a unified image
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tests/unit/unified_file.h"

#include <string.h>

#include "policy/bytes.h"
#include "recovery/boot/unified_image.h"
#include "recovery/state_tables.h"

uint8_t unified_file[UNIFIED_FILE_SIZE];

void unified_file_set_count(uint16_t count)
{
	daruma_put16(unified_file + UNIFIED_FILE_HEADERS + 6, count);
}

void unified_file_section(unsigned number, const char *name, uint32_t address, uint32_t memory,
			  uint32_t offset, uint32_t size)
{
	uint8_t *at = unified_file + UNIFIED_FILE_SECTIONS + 40 * number;

	memset(at, 0, 40);
	memcpy(at, name, strnlen(name, 8));
	daruma_put32(at + 8, memory);
	daruma_put32(at + 12, address);
	daruma_put32(at + 16, size);
	daruma_put32(at + 20, offset);
	unified_file_set_count((uint16_t)(number + 1));
}

void unified_file_text(unsigned number, const char *name, const char *text)
{
	uint32_t offset = 1024 + 256 * number;

	memset(unified_file + offset, 0, 256);
	memcpy(unified_file + offset, text, strlen(text));
	unified_file_section(number, name, 0x10000 * (number + 1), (uint32_t)strlen(text), offset,
			     256);
}

void unified_file_sign(uint32_t at, uint32_t size)
{
	daruma_put32(unified_file + UNIFIED_FILE_OPTIONAL + 144, at);
	daruma_put32(unified_file + UNIFIED_FILE_OPTIONAL + 148, size);
}

void unified_file_make(const char *release, const char *line)
{
	char state[UNIFIED_STATE_SIZE];

	memset(unified_file, 0, sizeof(unified_file));
	memcpy(unified_file, "MZ", 2);
	daruma_put32(unified_file + 0x3c, UNIFIED_FILE_HEADERS);
	memcpy(unified_file + UNIFIED_FILE_HEADERS, "PE\0", 4);
	daruma_put16(unified_file + UNIFIED_FILE_HEADERS + 20,
		     UNIFIED_FILE_SECTIONS - UNIFIED_FILE_OPTIONAL);
	daruma_put16(unified_file + UNIFIED_FILE_OPTIONAL, 0x20b);
	daruma_put64(unified_file + UNIFIED_FILE_OPTIONAL + 24, UNIFIED_FILE_BASE);
	daruma_put32(unified_file + UNIFIED_FILE_OPTIONAL + 32, 0x200);
	unified_file_text(0, ".osrel", "ID=debian\n");
	unified_file_text(1, ".uname", release);
	unified_image_state_text(state_tables_version(), state);
	unified_file_text(2, ".daruma", state);
	unified_file_text(3, ".cmdline", line);
	unified_file_text(4, ".initrd", "initramfs");
	unified_file_text(5, ".linux", "kernel");
}
