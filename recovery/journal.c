/* journal.c: one entry in the system's journal, by its native protocol
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A datagram of fields, each NAME, newline, length of the value as 64 bits little endian, value, newline: the form
 * that can carry any bytes (systemd, "Native Journal Protocol").
 */
#include "recovery/journal.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "policy/bytes.h"
#include "recovery/cleanup.h"
#include "recovery/system_file.h"

#define JOURNAL_SOCKET "/run/systemd/journal/socket"
#define ENTRY_SIZE_MAX 65536

struct entry {
	uint8_t bytes[ENTRY_SIZE_MAX];
	size_t size;
};

static int add(struct entry *entry, const void *bytes, size_t size)
{
	if (size > sizeof(entry->bytes) - entry->size)
		return -EMSGSIZE;
	memcpy(entry->bytes + entry->size, bytes, size);
	entry->size += size;
	return 0;
}

static int add_field(struct entry *entry, const struct journal_field *field)
{
	uint8_t length[8];
	int error;

	if (!field->value)
		return 0;
	daruma_put64(length, strlen(field->value));
	error = add(entry, field->name, strlen(field->name));
	if (!error)
		error = add(entry, "\n", 1);
	if (!error)
		error = add(entry, length, sizeof(length));
	if (!error)
		error = add(entry, field->value, strlen(field->value));
	return error ? error : add(entry, "\n", 1);
}

static int send_entry(const struct context *context, const struct entry *entry)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char path[PATH_MAX];
	owned_descriptor int fd = -1;
	int error = system_path(context, JOURNAL_SOCKET, path);

	if (error)
		return error;
	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	strcpy(address.sun_path, path);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	if (sendto(fd, entry->bytes, entry->size, MSG_NOSIGNAL, (struct sockaddr *)&address,
		   sizeof(address)) < 0)
		return -errno;
	return 0;
}

int journal_send(const struct context *context, const struct journal_field *fields, size_t count)
{
	struct entry entry;
	int error = 0;

	entry.size = 0;
	for (size_t i = 0; !error && i < count; i++)
		error = add_field(&entry, &fields[i]);
	return error ? error : send_entry(context, &entry);
}
