/* module_imports.c: by what the file of a kernel module can hook the kernel
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/module_imports.h"

#include <elf.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "recovery/cleanup.h"
#include "recovery/inventory/unpack.h"

#define BYTES_MOST     ((size_t)64 << 20)
#define UNPACK_SECONDS 10
#define PIECE_SIZE     65536

static const struct {
	const char *symbol;
	enum module_import import;
} symbols[] = {
	{ "register_kprobe", MODULE_IMPORT_KPROBES },
	{ "register_kprobes", MODULE_IMPORT_KPROBES },
	{ "register_kretprobe", MODULE_IMPORT_KPROBES },
	{ "register_kretprobes", MODULE_IMPORT_KPROBES },
	{ "register_ftrace_function", MODULE_IMPORT_FTRACE },
	{ "for_each_kernel_tracepoint", MODULE_IMPORT_TRACEPOINTS },
	{ "tracepoint_probe_register", MODULE_IMPORT_TRACEPOINTS },
	{ "nf_register_net_hook", MODULE_IMPORT_NETFILTER },
	{ "nf_register_net_hooks", MODULE_IMPORT_NETFILTER },
	{ "klp_enable_patch", MODULE_IMPORT_LIVEPATCH },
	{ "kallsyms_lookup_name", MODULE_IMPORT_SYMBOLS },
	{ "set_memory_rw", MODULE_IMPORT_MEMORY },
	{ "set_memory_x", MODULE_IMPORT_MEMORY },
	{ "register_module_notifier", MODULE_IMPORT_NOTIFIERS },
	{ "register_die_notifier", MODULE_IMPORT_NOTIFIERS },
};

static const char *const words[] = { "kprobes",	  "ftrace",  "tracepoints", "netfilter",
				     "livepatch", "symbols", "memory",	    "notifiers" };

/* --- the object ---------------------------------------------------------------------------- */

struct part {
	const uint8_t *bytes;
	size_t size;
};

static uint64_t number(const uint8_t *at, size_t size)
{
	uint64_t value = 0;

	while (size--)
		value = value << 8 | at[size];
	return value;
}

#define FIELD(at, type, member) number((at) + offsetof(type, member), sizeof(((type *)0)->member))

/* False if it does not lie within `whole`. */
static bool cut_out(const struct part *whole, uint64_t offset, uint64_t size, struct part *ret)
{
	if (offset > whole->size || size > whole->size - offset)
		return false;
	*ret = (struct part){ .bytes = whole->bytes + offset, .size = (size_t)size };
	return true;
}

/* The header of a section: all of it, or NULL. */
static const uint8_t *section_at(const struct part *object, uint64_t index)
{
	uint64_t table = FIELD(object->bytes, Elf64_Ehdr, e_shoff);
	uint64_t count = FIELD(object->bytes, Elf64_Ehdr, e_shnum);
	struct part headers;

	if (index >= count || !cut_out(object, table, count * sizeof(Elf64_Shdr), &headers))
		return NULL;
	return headers.bytes + index * sizeof(Elf64_Shdr);
}

static bool cut_section(const struct part *object, const uint8_t *header, struct part *ret)
{
	return cut_out(object, FIELD(header, Elf64_Shdr, sh_offset),
		       FIELD(header, Elf64_Shdr, sh_size), ret);
}

/* The table of symbols and that of their names. An object has one; only the first counts, else a small file could
 * keep us busy. */
static bool find_symbols(const struct part *object, struct part *ret_symbols,
			 struct part *ret_names)
{
	const uint8_t *header, *names;

	for (uint64_t i = 0; (header = section_at(object, i)); i++) {
		if (FIELD(header, Elf64_Shdr, sh_type) != SHT_SYMTAB)
			continue;
		names = section_at(object, FIELD(header, Elf64_Shdr, sh_link));
		return names && cut_section(object, header, ret_symbols) &&
		       cut_section(object, names, ret_names);
	}
	return false;
}

static unsigned import_of(const struct part *names, uint64_t at)
{
	for (size_t i = 0; at < names->size && i < sizeof(symbols) / sizeof(symbols[0]); i++) {
		size_t size = strlen(symbols[i].symbol) + 1;

		if (size <= names->size - at &&
		    memcmp(names->bytes + at, symbols[i].symbol, size) == 0)
			return symbols[i].import;
	}
	return 0;
}

int module_imports_parse(const void *bytes, size_t size, unsigned *ret)
{
	const struct part object = { bytes, size };
	struct part table, names;

	if (size < sizeof(Elf64_Ehdr) || memcmp(bytes, ELFMAG, SELFMAG) != 0 ||
	    object.bytes[EI_CLASS] != ELFCLASS64 || object.bytes[EI_DATA] != ELFDATA2LSB ||
	    FIELD(object.bytes, Elf64_Ehdr, e_shentsize) != sizeof(Elf64_Shdr) ||
	    !find_symbols(&object, &table, &names))
		return -EBADMSG;
	*ret = 0;
	for (size_t at = 0; table.size - at >= sizeof(Elf64_Sym); at += sizeof(Elf64_Sym)) {
		const uint8_t *symbol = table.bytes + at;

		if (FIELD(symbol, Elf64_Sym, st_shndx) == SHN_UNDEF)
			*ret |= import_of(&names, FIELD(symbol, Elf64_Sym, st_name));
	}
	return 0;
}

/* --- the file ------------------------------------------------------------------------------ */

struct growing {
	uint8_t *bytes;
	size_t size, room;
};

static int take_piece(const void *bytes, size_t size, void *user)
{
	struct growing *growing = user;

	if (size > BYTES_MOST - growing->size)
		return -EFBIG;
	if (size > growing->room - growing->size) {
		size_t room = 2 * growing->room + size;
		uint8_t *more = realloc(growing->bytes, room);

		if (!more)
			return -ENOMEM;
		growing->bytes = more;
		growing->room = room;
	}
	memcpy(growing->bytes + growing->size, bytes, size);
	growing->size += size;
	return 0;
}

static int read_plain(int fd, struct growing *ret)
{
	uint8_t piece[PIECE_SIZE];
	ssize_t got;
	int error = lseek(fd, 0, SEEK_SET) < 0 ? -errno : 0;

	while (!error && (got = read(fd, piece, sizeof(piece))) != 0) {
		if (got > 0)
			error = take_piece(piece, (size_t)got, ret);
		else if (errno != EINTR)
			error = -errno;
	}
	return error;
}

int module_imports_read(const struct process_port *processes, int fd, unsigned *ret)
{
	struct growing whole = { .bytes = NULL };
	int error = unpack(processes, fd, 0, UNPACK_SECONDS, take_piece, &whole);

	if (error == -EOPNOTSUPP)
		error = read_plain(fd, &whole);
	if (!error)
		error = module_imports_parse(whole.bytes, whole.size, ret);
	free(whole.bytes);
	return error;
}

/* --- in words ------------------------------------------------------------------------------ */

void module_imports_words(unsigned imports, char ret[MODULE_IMPORTS_TEXT_SIZE])
{
	size_t length = 0;

	strcpy(ret, "-");
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (imports & 1u << i)
			length += (size_t)snprintf(ret + length, MODULE_IMPORTS_TEXT_SIZE - length,
						   "%s%s", length ? " " : "", words[i]);
}
