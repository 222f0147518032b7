/* pe_program.h: the headers of an EFI program: where its parts are
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * PE32+ (PE/COFF specification; UEFI 2.10, 2.1.1), little endian. Before them is a DOS header: "MZ", and at 0x3c where the
 * PE headers begin:
 *
 *    0  4  "PE\0\0"                                   optional header, from 24 on:
 *    6  2  number of sections                          24  2  0x20b
 *   20  2  bytes of the optional header                48  8  address it is linked for
 *                                                      56  4  alignment of sections in memory
 *                                                     168  8  place in the file and bytes of the signatures
 *   then each section:
 *    0  8  name, NUL at its end if shorter             16  4  bytes in the file
 *    8  4  bytes in memory                             20  4  place in the file
 *   12  4  place in memory, from the start of the program
 *
 * What is in them is the word of whoever wrote the file.
 */
#ifndef DARUMA_RECOVERY_BOOT_PE_PROGRAM_H
#define DARUMA_RECOVERY_BOOT_PE_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes at the start of a file: the headers of no known program are longer. */
#define PE_PROGRAM_HEAD_MOST 4096
#define PE_PROGRAM_SECTIONS  32

struct pe_section {
	char name[9];
	uint32_t address; /* in memory, from the start of the program */
	uint32_t memory;  /* bytes there */
	uint32_t offset;  /* in the file */
	uint32_t size;	  /* bytes there */
};

struct pe_program {
	uint64_t base;	    /* the address it is linked for */
	uint32_t alignment; /* of sections in memory; a power of two, at least 4096 */
	uint64_t end;	    /* behind the last section, from the start of the program */
	uint32_t signatures;
	uint32_t signatures_size; /* 0: it has none */
	unsigned count;
	struct pe_section sections[PE_PROGRAM_SECTIONS];
};

/* Reads the headers out of `size` bytes, the first of a file. The places that they name are not compared with anything. False
 * for other bytes, and where the headers go on behind `size` or have more than PE_PROGRAM_SECTIONS. */
bool pe_program_read(const uint8_t *bytes, size_t size, struct pe_program *ret);

/* The first section of that name, or NULL. */
const struct pe_section *pe_program_find(const struct pe_program *program, const char *name);

#endif
