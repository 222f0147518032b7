/* hardware_error.c: the hardware error that the firmware recorded of the start before
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/hardware_error.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "policy/bytes.h"
#include "recovery/cleanup.h"
#include "recovery/state.h"
#include "recovery/system_file.h"

#define SEEN_KEY "hardware-error.seen"

/* Of the block: status, offset and length of raw data, length of the sections, severity. */
#define BLOCK_HEAD    20
#define AT_LENGTH     12
#define AT_SEVERITY   16
#define UNCORRECTABLE 1u
#define CORRECTABLE   2u
#define SEVERITY_LAST 3
/* A section begins with its kind; what follows is not looked at. */
#define SECTION_HEAD 72
#define GUID_SIZE    16

/* As they lie in memory. */
static const struct {
	uint8_t guid[GUID_SIZE];
	const char *kind;
} kinds[] = {
	{ { 0xad, 0xcc, 0x76, 0x98, 0xb4, 0x47, 0xdb, 0x4b, 0xb6, 0x5e, 0x16, 0xf1, 0x93, 0xc4,
	    0xf3, 0xdb },
	  "processor" },
	{ { 0xb0, 0xa0, 0x3e, 0xdc, 0x44, 0xa1, 0x97, 0x47, 0xb9, 0x5b, 0x53, 0xfa, 0x24, 0x2b,
	    0x6e, 0x1d },
	  "processor" },
	{ { 0x16, 0x3d, 0x9e, 0xe1, 0x11, 0xbc, 0xe4, 0x11, 0x9c, 0xaa, 0xc2, 0x05, 0x1d, 0x5d,
	    0x46, 0xb0 },
	  "processor" },
	{ { 0x14, 0x11, 0xbc, 0xa5, 0x64, 0x6f, 0xde, 0x4e, 0xb8, 0x63, 0x3e, 0x83, 0xed, 0x7c,
	    0x83, 0xb1 },
	  "memory" },
	{ { 0x54, 0xe9, 0x95, 0xd9, 0xc1, 0xbb, 0x0f, 0x43, 0xad, 0x91, 0xb4, 0x4d, 0xcb, 0x3c,
	    0x6f, 0x35 },
	  "pcie" },
	{ { 0x96, 0x2a, 0x21, 0x81, 0xed, 0x09, 0x96, 0x49, 0x94, 0x71, 0x8d, 0x72, 0x9c, 0x8e,
	    0x69, 0xed },
	  "firmware" },
};

static const char *kind_of(const uint8_t *guid)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (daruma_same(guid, kinds[i].guid, GUID_SIZE))
			return kinds[i].kind;
	return "unknown";
}

int hardware_error_parse(const uint8_t *bytes, size_t size, struct hardware_error *ret)
{
	uint32_t status, length;

	*ret = (struct hardware_error){ .kind = "unknown" };
	if (size < BLOCK_HEAD)
		return size == 0 ? 0 : -EBADMSG;
	status = daruma_get32(bytes);
	if (!(status & (UNCORRECTABLE | CORRECTABLE)))
		return 0;
	length = daruma_get32(bytes + AT_LENGTH);
	if (length > size - BLOCK_HEAD || daruma_get32(bytes + AT_SEVERITY) > SEVERITY_LAST)
		return -EBADMSG;
	ret->uncorrected = status & UNCORRECTABLE;
	if (length >= SECTION_HEAD)
		ret->kind = kind_of(bytes + BLOCK_HEAD);
	return 1;
}

/* An old one says nothing of the last start. */
static int remember(struct database *database, const uint8_t *bytes, size_t size)
{
	int64_t now = daruma_crc32(bytes, size), before = -1;
	int error = state_find_number(database, SEEN_KEY, -1, &before);

	if (error || before == now)
		return error;
	error = state_set_number(database, SEEN_KEY, now);
	return error ? error : 1;
}

int hardware_error_take(const struct context *context, struct database *database,
			struct hardware_error *ret)
{
	uint8_t bytes
		[4096]; /* the first section is near the beginning, however much firmware wrote */
	char path[PATH_MAX];
	owned_descriptor int fd = -1;
	int error = system_path(context, HARDWARE_ERROR_FILE, path);
	ssize_t size;

	*ret = (struct hardware_error){ .kind = "unknown" };
	if (error)
		return error;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	size = read(fd, bytes, sizeof(bytes));
	if (size < 0)
		return -errno;
	error = hardware_error_parse(bytes, (size_t)size, ret);
	return error == 1 ? remember(database, bytes, (size_t)size) : error;
}
