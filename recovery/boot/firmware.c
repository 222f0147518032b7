/* firmware.c: the boot note and the answer, through EFI variables or the answer's file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/firmware.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "policy/bytes.h"
#include "recovery/boot/answer_file.h"
#include "recovery/boot/esp.h"
#include "recovery/boot/limits_file.h"
#include "recovery/boot/own_variables.h"

#define NAME_SIZE     64
#define NOTE_SIZE_MAX 4096 /* a longer note of a later version; its tail is not ours to read */

/* What listing the notes found. */
struct found {
	const struct variables *variables;
	unsigned right; /* with the attributes only firmware can give */
	unsigned wrong; /* ours by name only (R33) */
	char id[FIRMWARE_ID_SIZE];
	uint8_t bytes[NOTE_SIZE_MAX];
	size_t size;
};

static bool is_id(const char *text)
{
	return strlen(text) == FIRMWARE_ID_SIZE - 1 &&
	       strspn(text, "0123456789abcdef") == FIRMWARE_ID_SIZE - 1;
}

static int look_at_note(const char *name, void *user)
{
	struct found *found = user;
	const char *id = name + strlen(DARUMA_NOTE_NAME);
	uint8_t bytes[NOTE_SIZE_MAX];
	uint32_t attributes;
	size_t size;
	int error;

	if (!is_id(id))
		return 0;
	error = found->variables->read(DARUMA_VENDOR_GUID, name, bytes, sizeof(bytes), &size,
				       &attributes);
	if (error == -ENOENT)
		return 0;
	if (error || attributes != DARUMA_NOTE_ATTRIBUTES) {
		found->wrong++;
		return 0;
	}
	found->right++;
	memcpy(found->id, id, FIRMWARE_ID_SIZE);
	memcpy(found->bytes, bytes, size);
	found->size = size;
	return 0;
}

int firmware_read_note(const struct context *context, struct daruma_note *ret_note,
		       char ret_id[FIRMWARE_ID_SIZE])
{
	struct found found = { .variables = own_variables(context) };
	struct daruma_note note;

	if (!found.variables->available())
		return -ENODEV;
	if (found.variables->list(DARUMA_VENDOR_GUID, DARUMA_NOTE_NAME, look_at_note, &found))
		return -EBADMSG;
	if (found.right > 1)
		return -EEXIST;
	if (found.right == 0)
		return found.wrong ? -EBADMSG : -ENOENT;
	if (daruma_note_decode(found.bytes, found.size, &note) != DARUMA_STATE_VALID)
		return -EBADMSG;
	*ret_note = note;
	memcpy(ret_id, found.id, FIRMWARE_ID_SIZE);
	return 0;
}

/* The file that takes the answers of this start, if the stage looks for them in one. The limits decide, since the next start
 * goes by them; the note saves others the look at the ESP. */
struct answer_place {
	struct daruma_note note;
	struct daruma_limits limits;
	struct esp esp;
	char path[PATH_MAX];
};

/* Returns 1, 0 where the variable takes the answers, or the errno of looking for the ESP. */
static int find_answer_file(const struct context *context, struct answer_place *ret)
{
	char id[FIRMWARE_ID_SIZE];
	int error;

	if (firmware_read_note(context, &ret->note, id) != 0 || !ret->note.answers_by_file)
		return 0;
	error = esp_find(context, &ret->esp);
	if (error)
		return error;
	return limits_file_load(&ret->esp, &ret->limits) && ret->limits.answer_path[0] &&
	       answer_file_path(&ret->esp, ret->limits.answer_path, ret->path) == 0;
}

/* What the file says of this start goes before the variable. */
static bool has_answer(const struct answer_place *place, struct daruma_answer *ret)
{
	return answer_file_read(place->path, ret) == DARUMA_STATE_VALID &&
	       daruma_same(ret->boot_id, place->note.boot_id, DARUMA_GUID_SIZE);
}

/* One that is gone or damaged is laid again: a start that cannot be answered is taken for a failed one. */
static int write_to_file(const struct answer_place *place, const struct daruma_answer *answer)
{
	int error = answer_file_write(place->path, answer);

	if ((error == -ENOENT || error == -EBADMSG) &&
	    answer_file_lay(&place->esp, &place->limits) == 1)
		error = answer_file_write(place->path, answer);
	return error;
}

static void answer_name(const char *id, char ret_name[NAME_SIZE])
{
	snprintf(ret_name, NAME_SIZE, "%s%s", DARUMA_ANSWER_NAME, id);
}

enum daruma_state firmware_read_answer(const struct context *context, const char *id,
				       struct daruma_answer *ret)
{
	const struct variables *variables = own_variables(context);
	uint8_t bytes[DARUMA_ANSWER_SIZE];
	struct answer_place place;
	char name[NAME_SIZE];
	uint32_t attributes;
	size_t size = 0;
	int error;

	/* As the stage does it: what the file says of this start, else the variable. */
	if (find_answer_file(context, &place) == 1 && has_answer(&place, ret))
		return DARUMA_STATE_VALID;
	memset(ret, 0, sizeof(*ret));
	if (!variables->available())
		return DARUMA_STATE_ABSENT;
	answer_name(id, name);
	error = variables->read(DARUMA_VENDOR_GUID, name, bytes, sizeof(bytes), &size, &attributes);
	if (error == -ENOENT)
		return DARUMA_STATE_ABSENT;
	if (error || attributes != DARUMA_ANSWER_ATTRIBUTES || size == 0)
		return DARUMA_STATE_DAMAGED;
	return daruma_answer_decode(bytes, size, ret);
}

/* Returns 1 if exactly these bytes are stored, 0 if something else or nothing is, and sets *ret_in_the_way if that
 * must go before a new value can take its place. */
static int is_stored(const struct variables *variables, const char *name, const uint8_t *bytes,
		     bool *ret_in_the_way)
{
	uint8_t stored[DARUMA_ANSWER_SIZE];
	uint32_t attributes;
	size_t size;
	int error = variables->read(DARUMA_VENDOR_GUID, name, stored, sizeof(stored), &size,
				    &attributes);

	*ret_in_the_way = error == -E2BIG || (!error && attributes != DARUMA_ANSWER_ATTRIBUTES);
	return !error && !*ret_in_the_way && size == sizeof(stored) &&
	       daruma_same(stored, bytes, sizeof(stored));
}

static int write_variable(const struct context *context, const char *id,
			  const struct daruma_answer *answer)
{
	const struct variables *variables = own_variables(context);
	uint8_t bytes[DARUMA_ANSWER_SIZE];
	char name[NAME_SIZE];
	bool in_the_way;
	int error;

	if (!variables->available())
		return -ENODEV;
	answer_name(id, name);
	daruma_answer_encode(answer, bytes);
	if (is_stored(variables, name, bytes, &in_the_way))
		return 0;
	if (in_the_way && variables->remove(DARUMA_VENDOR_GUID, name))
		return -EIO;
	error = variables->write(DARUMA_VENDOR_GUID, name, bytes, sizeof(bytes),
				 DARUMA_ANSWER_ATTRIBUTES);
	if (error)
		return error == -EROFS || error == -ENOSPC || error == -EPERM ? error : -EIO;
	return is_stored(variables, name, bytes, &in_the_way) ? 0 : -EIO;
}

int firmware_write_answer(const struct context *context, const char *id,
			  const struct daruma_answer *answer)
{
	struct daruma_answer before;
	struct answer_place place;
	int found = find_answer_file(context, &place);
	int error = found == 1 ? write_to_file(&place, answer) : found;

	/* A variable beside an answer in the file would say what the stage does not hear. */
	if (found < 0 || (found == 1 && (!error || has_answer(&place, &before))))
		return error;
	found = write_variable(context, id, answer);
	return error && found ? error : found;
}

void firmware_boot_id_text(const uint8_t boot_id[DARUMA_GUID_SIZE], char ret_text[33])
{
	for (size_t i = 0; i < DARUMA_GUID_SIZE; i++)
		snprintf(ret_text + 2 * i, 3, "%02x", boot_id[i]);
}
