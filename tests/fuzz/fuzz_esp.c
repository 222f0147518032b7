/* fuzz_esp.c: any bytes as the boot note and the limits by which an ESP without a partition table is named
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The first byte says how many of those behind it are the note, the rest is limits.bin; all of it is text of a GUID too.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "policy/note.h"
#include "recovery/boot/esp.h"
#include "recovery/boot/partition.h"
#include "recovery/boot/variables.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ID "2e8f19a4"

static char root[] = "/tmp/daruma-fuzz-XXXXXX";
static const uint8_t *note;
static size_t note_size;

/* --- a machine with one note and no block device: in the place of those of recovery/ --------- */

int partition_describe(struct esp *esp)
{
	(void)esp;
	return -ENODEV;
}

static bool available(void)
{
	return true;
}

static int read_note(const char *guid, const char *name, uint8_t *buffer, size_t size,
		     size_t *ret_size, uint32_t *ret_attributes)
{
	if (strcmp(guid, DARUMA_VENDOR_GUID) != 0 || strcmp(name, DARUMA_NOTE_NAME ID) != 0)
		abort();
	if (note_size > size)
		return -E2BIG;
	memcpy(buffer, note, note_size);
	*ret_size = note_size;
	*ret_attributes = DARUMA_NOTE_ATTRIBUTES;
	return 0;
}

static int list(const char *guid, const char *prefix, int (*each)(const char *name, void *user),
		void *user)
{
	(void)guid;
	(void)prefix;
	return each(DARUMA_NOTE_NAME ID, user);
}

const struct variables *variables_of_machine(void)
{
	static const struct variables variables = { .available = available,
						    .read = read_note,
						    .list = list };

	return &variables;
}

/* --- the target ------------------------------------------------------------------------------ */

static void run(const char *format)
{
	char command[1024];

	snprintf(command, sizeof(command), format, root);
	if (system(command) != 0)
		abort();
}

static void clean_up(void)
{
	run("rm -rf '%s'");
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	/* The variables above are those of the system below `root`. */
	if (!mkdtemp(root) || setenv("EFIVARFS_PATH", root, 1) < 0)
		abort();
	run("cd '%s' && mkdir -p efi/EFI/daruma");
	atexit(clean_up);
	return 0;
}

static void put_limits(const uint8_t *data, size_t size)
{
	char path[512];
	int fd;

	snprintf(path, sizeof(path), "%s/efi/EFI/daruma/limits.bin", root);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	close(fd);
}

static void parse_guid(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), again[ESP_GUID_TEXT_SIZE];
	uint8_t guid[DARUMA_GUID_SIZE];

	memcpy(text, data, size);
	text[size] = '\0';
	if (esp_guid_parse(text, guid)) {
		esp_guid_text_of(guid, again);
		if (strcasecmp(text, again) != 0)
			abort();
	}
	free(text);
}

/* Whatever the limits say, the installation is the one of the note. */
static void check(const struct esp *esp)
{
	uint8_t guid[DARUMA_GUID_SIZE];
	char id[ESP_ID_SIZE];

	esp_id_of(esp->guid, id);
	if (strcmp(esp->id, ID) != 0 || strcmp(id, ID) != 0 || esp->identified)
		abort();
	if (!esp_guid_parse(esp->guid_text, guid) || memcmp(guid, esp->guid, sizeof(guid)) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct context context = { .root = root };
	struct daruma_note decoded;
	struct esp esp;
	bool sound;
	int error;

	parse_guid(data, size);
	if (size < 1)
		return 0;
	note = data + 1;
	note_size = data[0] < size - 1 ? data[0] : size - 1;
	put_limits(note + note_size, size - 1 - note_size);
	sound = daruma_note_decode(note, note_size, &decoded) == DARUMA_STATE_VALID;
	error = esp_find(&context, &esp);
	if (error != (sound ? 0 : -ENODEV))
		abort();
	if (!error)
		check(&esp);
	return 0;
}
