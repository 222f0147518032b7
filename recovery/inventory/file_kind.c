/* file_kind.c: whether a file is code or content, told by its bytes (R9)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/file_kind.h"

const char *file_kind_of_type(enum file_type type)
{
	switch (type) {
	case FILE_TYPE_MODULE:
	case FILE_TYPE_BPF:
	case FILE_TYPE_PROGRAM:
	case FILE_TYPE_OBJECT:
	case FILE_TYPE_SCRIPT:
		return "code";
	default:
		return "content";
	}
}

int file_kind_of(int fd, const char **ret_kind)
{
	enum file_type type;
	int error = file_type_of_file(fd, &type);

	if (!error)
		*ret_kind = file_kind_of_type(type);
	return error;
}
