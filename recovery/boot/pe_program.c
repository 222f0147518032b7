/* pe_program.c: the headers of an EFI program: where its parts are
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/pe_program.h"

#include <string.h>

#include "policy/bytes.h"

#define AT_HEADERS	0x3c
#define AT_OPTIONAL	24
#define AT_BASE		24 /* in the optional header, and so on */
#define AT_ALIGNMENT	32
#define AT_SECURITY	144
#define OPTIONAL_LEAST	(AT_SECURITY + 8)
#define MAGIC_PE32_PLUS 0x20b
#define SECTION_SIZE	40
#define NAME_SIZE	8
#define PAGE		4096u

/* Where the PE headers begin, with all of the optional header that is looked at. */
static bool find_headers(const uint8_t *bytes, size_t size, size_t *ret)
{
	size_t headers;

	if (size < AT_HEADERS + 4 || memcmp(bytes, "MZ", 2) != 0)
		return false;
	headers = daruma_get32(bytes + AT_HEADERS);
	*ret = headers;
	return headers + AT_OPTIONAL <= size && size - headers - AT_OPTIONAL >= OPTIONAL_LEAST &&
	       memcmp(bytes + headers, "PE\0", 4) == 0 &&
	       daruma_get16(bytes + headers + AT_OPTIONAL) == MAGIC_PE32_PLUS;
}

static void read_section(const uint8_t *bytes, struct pe_section *ret)
{
	memcpy(ret->name, bytes, NAME_SIZE);
	ret->name[NAME_SIZE] = '\0';
	ret->memory = daruma_get32(bytes + 8);
	ret->address = daruma_get32(bytes + 12);
	ret->size = daruma_get32(bytes + 16);
	ret->offset = daruma_get32(bytes + 20);
}

/* Of damaged headers: one that sections can be laid out by. */
static uint32_t alignment_of(uint32_t told)
{
	return told >= PAGE && (told & (told - 1)) == 0 ? told : PAGE;
}

bool pe_program_read(const uint8_t *bytes, size_t size, struct pe_program *ret)
{
	const uint8_t *optional;
	size_t headers, sections;

	*ret = (struct pe_program){ .count = 0 };
	if (!find_headers(bytes, size, &headers))
		return false;
	optional = bytes + headers + AT_OPTIONAL;
	sections = headers + AT_OPTIONAL + daruma_get16(bytes + headers + 20);
	ret->count = daruma_get16(bytes + headers + 6);
	if (ret->count > PE_PROGRAM_SECTIONS || sections + ret->count * SECTION_SIZE > size)
		return false;
	ret->base = daruma_get64(optional + AT_BASE);
	ret->alignment = alignment_of(daruma_get32(optional + AT_ALIGNMENT));
	ret->signatures = daruma_get32(optional + AT_SECURITY);
	ret->signatures_size = daruma_get32(optional + AT_SECURITY + 4);
	for (unsigned i = 0; i < ret->count; i++) {
		struct pe_section *section = &ret->sections[i];

		read_section(bytes + sections + i * SECTION_SIZE, section);
		if ((uint64_t)section->address + section->memory > ret->end)
			ret->end = (uint64_t)section->address + section->memory;
	}
	return true;
}

const struct pe_section *pe_program_find(const struct pe_program *program, const char *name)
{
	for (unsigned i = 0; i < program->count; i++)
		if (strcmp(program->sections[i].name, name) == 0)
			return &program->sections[i];
	return NULL;
}
