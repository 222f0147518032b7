/* hardware_error.c: the hardware error that the firmware recorded of the start before
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/hardware_error.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "policy/bytes.h"
#include "recovery/boot/esp.h"
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

static const struct {
	const char *guid;
	const char *kind;
} kinds[] = {
	{ "9876ccad-47b4-4bdb-b65e-16f193c4f3db", "processor" },
	{ "dc3ea0b0-a144-4797-b95b-53fa242b6e1d", "processor" }, /* x86 */
	{ "e19e3d16-bc11-11e4-9caa-c2051d5d46b0", "processor" }, /* ARM */
	{ "a5bc1114-6f64-4ede-b863-3e83ed7c83b1", "memory" },
	{ "d995e954-bbc1-430f-ad91-b44dcb3c6f35", "pcie" },
	{ "81212a96-09ed-4996-9471-8d729c8e69ed", "firmware" },
};

static const char *kind_of(const uint8_t *guid)
{
	char text[ESP_GUID_TEXT_SIZE];

	esp_guid_text_of(guid, text);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(text, kinds[i].guid) == 0)
			return kinds[i].kind;
	return "unknown";
}

int hardware_error_parse(const uint8_t *bytes, size_t size, bool cut, struct hardware_error *ret)
{
	uint32_t status, length;

	*ret = (struct hardware_error){ .kind = "unknown" };
	if (size < BLOCK_HEAD)
		return size == 0 ? 0 : -EBADMSG;
	status = daruma_get32(bytes);
	if (!(status & (UNCORRECTABLE | CORRECTABLE)))
		return 0;
	length = daruma_get32(bytes + AT_LENGTH);
	if ((length > size - BLOCK_HEAD && !cut) ||
	    daruma_get32(bytes + AT_SEVERITY) > SEVERITY_LAST)
		return -EBADMSG;
	ret->uncorrected = status & UNCORRECTABLE;
	if (length >= SECTION_HEAD && size >= BLOCK_HEAD + SECTION_HEAD)
		ret->kind = kind_of(bytes + BLOCK_HEAD);
	return 1;
}

/* Returns as hardware_error_parse(), or a negative errno of reading. *ret_mark: the same for the same bytes. */
static int read_error(const struct context *context, struct hardware_error *ret, int64_t *ret_mark)
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
	*ret_mark = daruma_crc32(bytes, (size_t)size);
	return hardware_error_parse(bytes, (size_t)size, (size_t)size == sizeof(bytes), ret);
}

int hardware_error_find(const struct context *context, struct database *database,
			struct hardware_error *ret)
{
	int64_t mark, seen;
	int found = read_error(context, ret, &mark);
	int error = found == 1 ? state_find_number(database, SEEN_KEY, -1, &seen) : 0;

	if (error || found != 1)
		return error ? error : found;
	return mark != seen;
}

int hardware_error_mark_seen(const struct context *context, struct database *database)
{
	struct hardware_error ignored;
	int64_t mark, seen;
	int error;

	if (read_error(context, &ignored, &mark) != 1)
		return 0;
	error = state_find_number(database, SEEN_KEY, -1, &seen);
	return error || mark == seen ? error : state_set_number(database, SEEN_KEY, mark);
}
