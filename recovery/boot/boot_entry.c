/* boot_entry.c: the firmware's boot entries, as bytes
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/boot_entry.h"

#include <string.h>
#include <strings.h>

#include "policy/bytes.h"

#define ACTIVE		1u
#define HEAD_SIZE	6
#define NODE_HEAD	4
#define MEDIA		0x04
#define HARD_DRIVE	0x01
#define FILE_PATH	0x04
#define HARD_DRIVE_SIZE 42
#define END		0x7f
#define END_WHOLE	0xff
#define FORMAT_GPT	2
#define SIGNATURE_GUID	2

/* Where the next byte goes; `full` once one did not fit. */
struct writer {
	uint8_t *bytes;
	size_t size;
	size_t at;
	bool full;
};

static uint8_t *take(struct writer *writer, size_t count)
{
	uint8_t *here = writer->bytes + writer->at;

	if (writer->full || count > writer->size - writer->at) {
		writer->full = true;
		return NULL;
	}
	writer->at += count;
	return here;
}

static void put_text(struct writer *writer, const char *text)
{
	for (;; text++) {
		uint8_t *at = take(writer, 2);

		if (!at || (*text && (*text < ' ' || *text > '~'))) {
			writer->full = true;
			return;
		}
		daruma_put16(at, (uint8_t)*text);
		if (!*text)
			return;
	}
}

static void put_hard_drive(struct writer *writer, const struct boot_entry *entry)
{
	uint8_t *node = take(writer, HARD_DRIVE_SIZE);

	if (!node)
		return;
	node[0] = MEDIA;
	node[1] = HARD_DRIVE;
	daruma_put16(node + 2, HARD_DRIVE_SIZE);
	daruma_put32(node + 4, entry->partition);
	daruma_put64(node + 8, entry->start);
	daruma_put64(node + 16, entry->size);
	daruma_copy(node + 24, entry->guid, DARUMA_GUID_SIZE);
	node[40] = FORMAT_GPT;
	node[41] = SIGNATURE_GUID;
}

static void put_file_path(struct writer *writer, const char *path)
{
	uint8_t *node = take(writer, NODE_HEAD);

	if (!node)
		return;
	node[0] = MEDIA;
	node[1] = FILE_PATH;
	daruma_put16(node + 2, (uint16_t)(NODE_HEAD + 2 * (strlen(path) + 1)));
	put_text(writer, path);
}

static void put_end(struct writer *writer)
{
	uint8_t *node = take(writer, NODE_HEAD);

	if (!node)
		return;
	node[0] = END;
	node[1] = END_WHOLE;
	daruma_put16(node + 2, NODE_HEAD);
}

size_t boot_entry_encode(const struct boot_entry *entry, uint8_t *bytes, size_t size)
{
	struct writer writer = { .bytes = bytes, .size = size };
	uint8_t *head = take(&writer, HEAD_SIZE);
	size_t path_start;

	put_text(&writer, entry->description);
	path_start = writer.at;
	put_hard_drive(&writer, entry);
	put_file_path(&writer, entry->path);
	put_end(&writer);
	if (!head || writer.full)
		return 0;
	daruma_put32(head, entry->active ? ACTIVE : 0);
	daruma_put16(head + 4, (uint16_t)(writer.at - path_start));
	if (entry->options[0])
		put_text(&writer, entry->options);
	return writer.full ? 0 : writer.at;
}

/* Reads UCS-2 up to its zero or the end of the `size` bytes. Returns the bytes used with the zero, 0 if there is none. */
static size_t get_text(const uint8_t *bytes, size_t size, char ret[BOOT_ENTRY_TEXT_SIZE])
{
	size_t length = 0;

	for (size_t at = 0; at + 2 <= size; at += 2) {
		uint16_t letter = daruma_get16(bytes + at);

		if (letter == 0) {
			ret[length] = '\0';
			return at + 2;
		}
		if (length + 1 < BOOT_ENTRY_TEXT_SIZE)
			ret[length++] = letter >= ' ' && letter <= '~' ? (char)letter : '?';
	}
	ret[length] = '\0';
	return 0;
}

static void read_hard_drive(const uint8_t *node, size_t size, struct boot_entry *entry)
{
	if (size != HARD_DRIVE_SIZE || node[40] != FORMAT_GPT || node[41] != SIGNATURE_GUID)
		return;
	entry->has_partition = true;
	entry->partition = daruma_get32(node + 4);
	entry->start = daruma_get64(node + 8);
	entry->size = daruma_get64(node + 16);
	daruma_copy(entry->guid, node + 24, DARUMA_GUID_SIZE);
}

/* Walks the nodes of the first device path. Returns false where a node's length is impossible. */
static bool read_nodes(const uint8_t *bytes, size_t size, struct boot_entry *entry)
{
	while (size >= NODE_HEAD) {
		size_t length = daruma_get16(bytes + 2);

		if (length < NODE_HEAD || length > size)
			return false;
		if (bytes[0] == END)
			return true;
		if (bytes[0] == MEDIA && bytes[1] == HARD_DRIVE)
			read_hard_drive(bytes, length, entry);
		if (bytes[0] == MEDIA && bytes[1] == FILE_PATH)
			get_text(bytes + NODE_HEAD, length - NODE_HEAD, entry->path);
		bytes += length;
		size -= length;
	}
	return false;
}

/* Tools write the text with or without a zero, and some firmware a zero and bytes of its own. */
static bool read_options(const uint8_t *bytes, size_t size, char ret[DARUMA_OPTIONS_SIZE])
{
	size_t length = 0, at = 0;

	for (; at + 2 <= size && daruma_get16(bytes + at) != 0; at += 2) {
		uint16_t letter = daruma_get16(bytes + at);

		if (letter < ' ' || letter > '~' || length + 1 >= DARUMA_OPTIONS_SIZE)
			break;
		ret[length++] = (char)letter;
	}
	if (at == size || (at + 2 <= size && daruma_get16(bytes + at) == 0)) {
		ret[length] = '\0';
		return true;
	}
	ret[0] = '\0';
	return false;
}

bool boot_entry_decode(const uint8_t *bytes, size_t size, struct boot_entry *ret)
{
	struct boot_entry entry;
	size_t path_size, used;

	memset(&entry, 0, sizeof(entry));
	memset(ret, 0, sizeof(*ret));
	if (size < HEAD_SIZE)
		return false;
	entry.active = daruma_get32(bytes) & ACTIVE;
	path_size = daruma_get16(bytes + 4);
	used = get_text(bytes + HEAD_SIZE, size - HEAD_SIZE, entry.description);
	if (used == 0 || path_size > size - HEAD_SIZE - used)
		return false;
	if (!read_nodes(bytes + HEAD_SIZE + used, path_size, &entry))
		return false;
	used += HEAD_SIZE + path_size;
	entry.options_lost = !read_options(bytes + used, size - used, entry.options);
	*ret = entry;
	return true;
}

static bool begins_with_word(const char *text, const char *word)
{
	size_t length = strlen(word);

	return strncasecmp(text, word, length) == 0 && (!text[length] || text[length] == ' ');
}

const char *boot_entry_program(const struct boot_entry *entry)
{
	static const char *const ours[] = { DARUMA_ESP_PROGRAM, DARUMA_ESP_TRIAL };

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (begins_with_word(entry->options, ours[i]))
			return ours[i];
	return entry->path;
}

bool boot_entry_same_target(const struct boot_entry *one, const struct boot_entry *other)
{
	return one->has_partition && other->has_partition &&
	       daruma_same(one->guid, other->guid, DARUMA_GUID_SIZE) &&
	       strcasecmp(boot_entry_program(one), boot_entry_program(other)) == 0;
}
