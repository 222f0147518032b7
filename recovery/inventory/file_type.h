/* file_type.h: what a file is, told by its bytes and never by its name (R9)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Names are given by who made the file: a driver may be called y.dat, and a table of rules x.sys.
 */
#ifndef DARUMA_RECOVERY_INVENTORY_FILE_TYPE_H
#define DARUMA_RECOVERY_INVENTORY_FILE_TYPE_H

#include <stddef.h>
#include <stdint.h>

enum file_type {
	FILE_TYPE_EMPTY,
	FILE_TYPE_MODULE, /* kernel module: relocatable ELF with the sections of one, or with a signature behind it */
	FILE_TYPE_BPF,	      /* ELF for the eBPF machine */
	FILE_TYPE_PROGRAM,    /* ELF program or shared object, or a PE image such as a kernel */
	FILE_TYPE_OBJECT,     /* another ELF file */
	FILE_TYPE_SCRIPT,     /* begins with #! */
	FILE_TYPE_COMPRESSED, /* xz, gzip, zstd, bzip2, lz4; what is inside is not looked at */
	FILE_TYPE_ARCHIVE,    /* zip, tar, cpio, ar (deb), rpm, 7z */
	FILE_TYPE_TEXT, /* the first FILE_TYPE_HEAD bytes are UTF-8 without control characters but white space */
	FILE_TYPE_DATA, /* anything else */
};

#define FILE_TYPE_HEAD 4096

/* How the bytes are reached. `read` copies up to `size` bytes from `offset` to `buffer` and returns their number, or less
 * than 0: then the bytes are not looked at. */
struct file_type_source {
	uint64_t size; /* of the whole file */
	int64_t (*read)(void *user, uint64_t offset, void *buffer, size_t size);
	void *user;
};

/* The type of any bytes. Reads the head, of a relocatable ELF also its section names, at most 64 KiB of them, and no
 * more. */
enum file_type file_type_of(const struct file_type_source *source);

/* The type of an open regular file, whose offset is left alone. Returns 0 or the errno of fstat or of the first read. */
int file_type_of_file(int fd, enum file_type *ret);

/* One lower-case word. */
const char *file_type_name(enum file_type type);

#endif
