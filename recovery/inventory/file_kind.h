/* file_kind.h: whether a file is code or content, told by its bytes (R9)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * For folders in which a product keeps both. Modules, eBPF objects, programs, other ELF files and scripts are code:
 * what they do may show at the next start only. Anything else is content, which is read as soon as it lands.
 */
#ifndef DARUMA_RECOVERY_INVENTORY_FILE_KIND_H
#define DARUMA_RECOVERY_INVENTORY_FILE_KIND_H

#include "recovery/inventory/file_type.h"

/* "code" or "content". Total. */
const char *file_kind_of_type(enum file_type type);

/* Of an open regular file, whose offset is left alone. Returns 0 or the errno of fstat or of the first read. */
int file_kind_of(int fd, const char **ret_kind);

#endif
