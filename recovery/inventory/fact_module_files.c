/* fact_module_files.c: the files of loaded modules that do not belong to the kernel
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "recovery/cleanup.h"
#include "recovery/digest.h"
#include "recovery/inventory/fact_kinds.h"
#include "recovery/inventory/loaded_module.h"
#include "recovery/inventory/module_files.h"
#include "recovery/inventory/unpack.h"
#include "recovery/system_file.h"

#define UNPACK_SECONDS 10
#define UNPACKED_MOST  ((size_t)64 << 20)

struct reading {
	const struct context *context;
	const char *kind;
	const struct loaded_module_list *modules;
	struct fact_list *ret;
};

/* --- unpacked ------------------------------------------------------------------------------ */

struct copy {
	int fd;
	size_t size;
};

static int write_piece(const void *bytes, size_t size, void *user)
{
	struct copy *copy = user;

	copy->size += size;
	if (copy->size > UNPACKED_MOST)
		return -EFBIG;
	while (size > 0) {
		ssize_t written = write(copy->fd, bytes, size);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -errno;
		bytes = (const char *)bytes + written;
		size -= (size_t)written;
	}
	return 0;
}

/* What `fd` holds, in memory: nothing where it cannot be unpacked. -1: it is not packed, or too large for that; its readers
 * have limits of their own. */
static int open_unpacked(int fd)
{
	struct copy copy = { .fd = memfd_create("module", MFD_CLOEXEC) };
	int error;

	if (copy.fd < 0)
		return -1;
	error = unpack(process_of_machine(), fd, 0, UNPACK_SECONDS, write_piece, &copy);
	if (error && error != -EOPNOTSUPP && error != -EFBIG)
		error = ftruncate(copy.fd, 0);
	if (!error)
		return copy.fd;
	close(copy.fd);
	return -1;
}

/* --- the facts ----------------------------------------------------------------------------- */

static int add_contents(const char *path, int fd, struct fact_list *ret)
{
	owned_descriptor int unpacked = open_unpacked(fd);
	int error;

	if (unpacked >= 0)
		fd = unpacked;
	error = fact_module_signer_read(FACT_MODULE_SIGNER, fd, path, ret);
	return error ? error : fact_module_imports_read(FACT_MODULE_IMPORT, fd, path, ret);
}

static int add_file(const char *path, const char *name, void *user)
{
	const struct reading *reading = user;
	const struct loaded_module *module = loaded_modules_find(reading->modules, name);
	char sha256[DIGEST_TEXT_SIZE];
	owned_descriptor int fd = -1;
	int error;

	if (!module || !loaded_module_is_foreign(module))
		return 0;
	fd = system_open(reading->context, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 || digest_file(fd, sha256) != 0)
		return 0;
	error = fact_list_add(reading->ret, reading->kind, path, sha256);
	return error ? error : add_contents(path, fd, reading->ret);
}

int fact_module_files_read(const struct context *context, const char *kind, struct fact_list *ret)
{
	struct loaded_module_list modules = { 0 };
	struct reading reading = { context, kind, &modules, ret };
	int error = loaded_modules_read(context, &modules);

	if (!error)
		error = module_files_visit(context, add_file, &reading);
	loaded_modules_free(&modules);
	return error;
}

int fact_module_files_were_read(const struct context *context, const char *kind,
				struct fact_list *facts)
{
	(void)context;
	(void)kind;
	for (size_t i = 0; i < facts->count; i++)
		if (strcmp(facts->items[i].kind, FACT_READ) == 0 &&
		    strcmp(facts->items[i].name, FACT_MODULE_FILE) == 0)
			return 0;
	return -ENODATA;
}
