/* file_type.c: what a file is, told by its bytes and never by its name (R9)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/file_type.h"

#include <elf.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recovery/utf8.h"

#define SECTIONS_MOST 1024  /* that are looked at */
#define NAMES_MOST    65536 /* bytes of their names */

struct head {
	uint8_t bytes[FILE_TYPE_HEAD];
	size_t length;
};

/* --- marks at fixed places ----------------------------------------------------------------- */

static const struct mark {
	size_t offset, length;
	const char *bytes;
	enum file_type type;
} marks[] = {
	{ 0, 2, "#!", FILE_TYPE_SCRIPT },
	{ 0, 6,
	  "\xfd"
	  "7zXZ\0",
	  FILE_TYPE_COMPRESSED },
	{ 0, 3, "\x1f\x8b\x08", FILE_TYPE_COMPRESSED },
	{ 0, 4, "\x28\xb5\x2f\xfd", FILE_TYPE_COMPRESSED },
	{ 0, 4, "\x04\x22\x4d\x18", FILE_TYPE_COMPRESSED },
	{ 0, 4, "\x02\x21\x4c\x18", FILE_TYPE_COMPRESSED }, /* lz4 as kernels have it */
	{ 4, 6, "1AY&SY", FILE_TYPE_COMPRESSED },	    /* bzip2 behind "BZh9" */
	{ 0, 4, "PK\3\4", FILE_TYPE_ARCHIVE },
	{ 0, 4, "PK\5\6", FILE_TYPE_ARCHIVE },
	{ 0, 8, "!<arch>\n", FILE_TYPE_ARCHIVE },
	{ 0, 4, "\xed\xab\xee\xdb", FILE_TYPE_ARCHIVE },
	{ 0, 6, "7z\xbc\xaf\x27\x1c", FILE_TYPE_ARCHIVE },
	{ 0, 6, "070701", FILE_TYPE_ARCHIVE },
	{ 0, 6, "070702", FILE_TYPE_ARCHIVE },
	{ 257, 5, "ustar", FILE_TYPE_ARCHIVE },
};

static bool has(const struct head *head, size_t offset, const char *bytes, size_t length)
{
	return offset <= head->length && length <= head->length - offset &&
	       memcmp(head->bytes + offset, bytes, length) == 0;
}

static bool find_mark(const struct head *head, enum file_type *ret)
{
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (has(head, marks[i].offset, marks[i].bytes, marks[i].length)) {
			*ret = marks[i].type;
			return true;
		}
	return false;
}

/* A PE image: "MZ", and at the offset that stands at 60 "PE", two zeroes (PE/COFF, "MS-DOS Stub"). */
static bool is_pe(const struct head *head)
{
	const uint8_t *at = head->bytes + 60;

	return has(head, 0, "MZ", 2) && head->length >= 64 &&
	       has(head, at[0] | (size_t)at[1] << 8 | (size_t)at[2] << 16 | (size_t)at[3] << 24,
		   "PE\0", 4);
}

/* --- ELF ----------------------------------------------------------------------------------- */

/* Where the parts of a file are; numbers are taken from bytes, for both classes and both byte orders. */
struct elf {
	const struct file_type_source *source;
	bool is_64, is_big;
	uint64_t sections; /* offset of their headers */
	uint64_t section_size, section_count, names_index;
};

static uint64_t number(const struct elf *elf, const uint8_t *at, size_t size)
{
	uint64_t value = 0;

	for (size_t i = 0; i < size; i++)
		value = value << 8 | at[elf->is_big ? i : size - 1 - i];
	return value;
}

#define FIELD(elf, at, type, member)                                                               \
	((elf)->is_64 ? number(elf, (at) + offsetof(Elf64_##type, member),                         \
			       sizeof(((Elf64_##type *)0)->member)) :                              \
			number(elf, (at) + offsetof(Elf32_##type, member),                         \
			       sizeof(((Elf32_##type *)0)->member)))

static bool read_elf(const struct head *head, struct elf *ret)
{
	if (!has(head, 0, ELFMAG, SELFMAG) || head->length < sizeof(Elf64_Ehdr))
		return false;
	ret->is_64 = head->bytes[EI_CLASS] == ELFCLASS64;
	ret->is_big = head->bytes[EI_DATA] == ELFDATA2MSB;
	ret->sections = FIELD(ret, head->bytes, Ehdr, e_shoff);
	ret->section_size = FIELD(ret, head->bytes, Ehdr, e_shentsize);
	ret->section_count = FIELD(ret, head->bytes, Ehdr, e_shnum);
	ret->names_index = FIELD(ret, head->bytes, Ehdr, e_shstrndx);
	return true;
}

static bool read_exactly(const struct file_type_source *source, uint64_t offset, void *buffer,
			 size_t size)
{
	return offset < source->size && size <= source->size - offset &&
	       source->read(source->user, offset, buffer, size) == (int64_t)size;
}

static bool read_section(const struct elf *elf, uint64_t index, uint8_t ret[sizeof(Elf64_Shdr)])
{
	size_t size = elf->is_64 ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr);

	/* Both are 16 bits wide in the file, so that the product cannot overflow; the sum may. */
	return index < elf->section_count && elf->section_size >= size &&
	       elf->sections < elf->source->size &&
	       read_exactly(elf->source, elf->sections + index * elf->section_size, ret, size);
}

static bool is_name(const char *names, size_t length, uint64_t at, const char *name)
{
	size_t size = strlen(name) + 1;

	return at < length && size <= length - at && memcmp(names + at, name, size) == 0;
}

/* What the kernel looks for when it loads one (kernel/module/main.c, elf_validity_cache_copy()). */
static bool has_module_sections(const struct elf *elf)
{
	uint8_t section[sizeof(Elf64_Shdr)];
	char names[NAMES_MOST];
	uint64_t offset, length;

	if (!read_section(elf, elf->names_index, section))
		return false;
	offset = FIELD(elf, section, Shdr, sh_offset);
	length = FIELD(elf, section, Shdr, sh_size);
	length = length < NAMES_MOST ? length : NAMES_MOST;
	if (!read_exactly(elf->source, offset, names, (size_t)length))
		return false;
	for (uint64_t i = 0; i < SECTIONS_MOST && read_section(elf, i, section); i++) {
		uint64_t at = FIELD(elf, section, Shdr, sh_name);

		if (is_name(names, (size_t)length, at, ".gnu.linkonce.this_module") ||
		    is_name(names, (size_t)length, at, ".modinfo"))
			return true;
	}
	return false;
}

/* kernel: include/linux/module_signature.h, MODULE_SIG_STRING */
static bool is_signed(const struct file_type_source *source)
{
	static const char mark[] = "~Module signature appended~\n";
	char tail[sizeof(mark) - 1];

	return source->size > sizeof(tail) &&
	       read_exactly(source, source->size - sizeof(tail), tail, sizeof(tail)) &&
	       memcmp(tail, mark, sizeof(tail)) == 0;
}

static enum file_type type_of_elf(const struct elf *elf, const struct head *head)
{
	uint64_t type = FIELD(elf, head->bytes, Ehdr, e_type);

	if (FIELD(elf, head->bytes, Ehdr, e_machine) == EM_BPF)
		return FILE_TYPE_BPF;
	if (type == ET_EXEC || type == ET_DYN)
		return FILE_TYPE_PROGRAM;
	if (type == ET_REL && (is_signed(elf->source) || has_module_sections(elf)))
		return FILE_TYPE_MODULE;
	return FILE_TYPE_OBJECT;
}

/* --- text ---------------------------------------------------------------------------------- */

static bool is_control(uint8_t byte)
{
	return (byte < 0x20 && !(byte >= '\t' && byte <= '\r')) || byte == 0x7f;
}

/* `goes_on`: bytes follow, so that the last character may be cut. */
static bool is_text(const struct head *head, bool goes_on)
{
	size_t at = 0;

	while (at < head->length) {
		size_t length = utf8_length((const char *)head->bytes + at, head->length - at);

		if (length == 0)
			return goes_on && head->length - at < 4 && head->bytes[at] >= 0xc2;
		if (is_control(head->bytes[at]))
			return false;
		at += length;
	}
	return true;
}

/* --- all of it ----------------------------------------------------------------------------- */

static enum file_type type_of_head(const struct file_type_source *source, const struct head *head)
{
	struct elf elf = { .source = source };
	enum file_type type;

	if (head->length == 0)
		return FILE_TYPE_EMPTY;
	if (read_elf(head, &elf))
		return type_of_elf(&elf, head);
	if (find_mark(head, &type))
		return type;
	if (is_pe(head))
		return FILE_TYPE_PROGRAM;
	return is_text(head, source->size > head->length) ? FILE_TYPE_TEXT : FILE_TYPE_DATA;
}

static int64_t read_head(const struct file_type_source *source, struct head *ret)
{
	int64_t length = source->read(source->user, 0, ret->bytes, sizeof(ret->bytes));

	ret->length = length < 0		      ? 0 :
		      (uint64_t)length > source->size ? (size_t)source->size :
							(size_t)length;
	return length;
}

enum file_type file_type_of(const struct file_type_source *source)
{
	struct head head;

	return read_head(source, &head) < 0 ? FILE_TYPE_DATA : type_of_head(source, &head);
}

static int64_t read_descriptor(void *user, uint64_t offset, void *buffer, size_t size)
{
	ssize_t length =
		offset > INT64_MAX ? 0 : pread(*(const int *)user, buffer, size, (off_t)offset);

	return length < 0 ? -errno : length;
}

int file_type_of_file(int fd, enum file_type *ret)
{
	struct file_type_source source = { .read = read_descriptor, .user = &fd };
	struct head head;
	struct stat stat;
	int64_t length;

	if (fstat(fd, &stat) < 0)
		return -errno;
	source.size = (uint64_t)stat.st_size;
	length = read_head(&source, &head);
	if (length < 0)
		return (int)length;
	*ret = type_of_head(&source, &head);
	return 0;
}

const char *file_type_name(enum file_type type)
{
	static const char *const names[] = {
		[FILE_TYPE_EMPTY] = "empty",
		[FILE_TYPE_MODULE] = "module",
		[FILE_TYPE_BPF] = "bpf",
		[FILE_TYPE_PROGRAM] = "program",
		[FILE_TYPE_OBJECT] = "object",
		[FILE_TYPE_SCRIPT] = "script",
		[FILE_TYPE_COMPRESSED] = "compressed",
		[FILE_TYPE_ARCHIVE] = "archive",
		[FILE_TYPE_TEXT] = "text",
		[FILE_TYPE_DATA] = "data",
	};

	return names[type];
}
