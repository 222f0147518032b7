/* initramfs_made.c: which initramfs Daruma itself had made anew, so that nobody takes it for an update
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/initramfs_made.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "recovery/cleanup.h"
#include "recovery/digest.h"
#include "recovery/fresh_file.h"
#include "recovery/state.h"
#include "recovery/system_file.h"

#define NAME	  "rebuilt-"
#define FRESH	  ".rebuilt.new"
#define FROM_MOST 8 /* the oldest go: a good start comes before */
#define FROM_SIZE (FROM_MOST * DIGEST_TEXT_SIZE)

struct note {
	char from[FROM_SIZE];	    /* digests, a blank before each but the first; "" none */
	char now[DIGEST_TEXT_SIZE]; /* "" not known */
};

static struct note read_note(const struct context *context, const char *kernel)
{
	struct note note = { .from = "" };
	char name[PATH_MAX];
	owned char *text = NULL;
	size_t size, length;

	if (snprintf(name, sizeof(name), STATE_FOLDER "/" NAME "%s", kernel) >= (int)sizeof(name) ||
	    system_read(context, name, sizeof(note), &text, &size) != 0)
		return note;
	length = strcspn(text, "\n");
	if (length < sizeof(note.from)) {
		snprintf(note.from, sizeof(note.from), "%.*s", (int)length, text);
		sscanf(text + length, "\n%64[0-9a-f]", note.now);
	}
	return note;
}

static int write_note(const struct context *context, const char *kernel, const struct note *note)
{
	char name[NAME_MAX + 1], text[sizeof(*note) + 2];
	owned_descriptor int folder = system_open(context, STATE_FOLDER, O_RDONLY | O_DIRECTORY);

	if (folder < 0)
		return folder;
	if (snprintf(name, sizeof(name), NAME "%s", kernel) >= (int)sizeof(name))
		return -ENAMETOOLONG;
	snprintf(text, sizeof(text), "%s\n%s\n", note->from, note->now);
	return fresh_file_put(folder, name, FRESH, text);
}

static void add_origin(struct note *note, const char sha256[DIGEST_TEXT_SIZE])
{
	size_t length = strlen(note->from);

	if (strstr(note->from, sha256))
		return;
	if (length + 1 + DIGEST_TEXT_SIZE > sizeof(note->from)) {
		memmove(note->from, note->from + DIGEST_TEXT_SIZE, length + 1 - DIGEST_TEXT_SIZE);
		length -= DIGEST_TEXT_SIZE;
	}
	snprintf(note->from + length, sizeof(note->from) - length, "%s%s", length ? " " : "",
		 sha256);
}

/* Only update-initramfs is run, and it puts them there. */
static int read_image(const struct context *context, const char *kernel, char ret[DIGEST_TEXT_SIZE])
{
	char path[PATH_MAX];
	owned_descriptor int fd = -1;

	if (snprintf(path, sizeof(path), "/boot/initrd.img-%s", kernel) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	fd = system_open(context, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	return fd < 0 ? fd : digest_file(fd, ret);
}

int initramfs_made_begin(const struct context *context, const char *kernel)
{
	struct note note = read_note(context, kernel);
	char now[DIGEST_TEXT_SIZE];
	int error = read_image(context, kernel, now);

	if (error)
		return error;
	/* One that is not known may be what is there. */
	if (note.now[0] && strcmp(note.now, now) != 0)
		note.from[0] = '\0';
	add_origin(&note, now);
	note.now[0] = '\0';
	return write_note(context, kernel, &note);
}

int initramfs_made_end(const struct context *context, const char *kernel)
{
	struct note note = read_note(context, kernel);
	int error = note.from[0] ? read_image(context, kernel, note.now) : -ENOENT;

	return error ? error : write_note(context, kernel, &note);
}

bool initramfs_made_is_own(const struct context *context, const char *kernel, const char *before,
			   const char *now)
{
	struct note note = read_note(context, kernel);

	return strlen(before) == DIGEST_TEXT_SIZE - 1 && strstr(note.from, before) &&
	       (!note.now[0] || strcmp(note.now, now) == 0);
}
