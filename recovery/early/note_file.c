/* note_file.c: the boot note, read straight from efivarfs
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/early/note_file.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "policy/bytes.h"

#define ATTRIBUTES_SIZE 4
#define ID_LENGTH	8
#define READ_MAX	4096 /* a later Daruma may add to the end of the note */

static bool is_note_name(const char *name)
{
	size_t prefix = strlen(DARUMA_NOTE_NAME);

	if (strncmp(name, DARUMA_NOTE_NAME, prefix) != 0)
		return false;
	for (size_t i = 0; i < ID_LENGTH; i++) {
		if (!isxdigit((unsigned char)name[prefix + i]))
			return false;
	}
	return strcmp(name + prefix + ID_LENGTH, "-" DARUMA_VENDOR_GUID) == 0;
}

static int read_note(int folder, const char *name, struct daruma_note *ret)
{
	uint8_t bytes[ATTRIBUTES_SIZE + READ_MAX];
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t size;
	int error = 0;

	if (fd < 0)
		return -errno;
	size = read(fd, bytes, sizeof(bytes));
	if (size < 0)
		error = -errno;
	close(fd);
	if (error)
		return error;
	if (size < ATTRIBUTES_SIZE || daruma_get32(bytes) != DARUMA_NOTE_ATTRIBUTES)
		return -EBADMSG;
	if (daruma_note_decode(bytes + ATTRIBUTES_SIZE, (size_t)size - ATTRIBUTES_SIZE, ret) !=
	    DARUMA_STATE_VALID)
		return -EBADMSG;
	return 0;
}

/* Only the stage can make a volatile variable, so one with other attributes is somebody's imitation: it is passed over
 * if the right one is there. */
int note_file_read(const char *folder, struct daruma_note *ret)
{
	DIR *names = opendir(folder);
	struct daruma_note note, right;
	struct dirent *entry;
	int problem = -ENOENT;
	unsigned found = 0;

	if (!names)
		return errno == ENOTDIR ? -ENOENT : -errno;
	while (found < 2 && (entry = readdir(names))) {
		int error = is_note_name(entry->d_name) ?
				    read_note(dirfd(names), entry->d_name, &note) :
				    -ENOENT;

		if (error && error != -ENOENT)
			problem = error;
		if (!error && ++found == 1)
			right = note;
	}
	closedir(names);
	if (found == 1)
		*ret = right;
	return found == 1 ? 0 : found > 1 ? -EEXIST : problem;
}
