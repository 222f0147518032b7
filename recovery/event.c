/* event.c: what happened, one JSON line each, chained
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/event.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "recovery/boot/firmware.h"
#include "recovery/cleanup.h"
#include "recovery/digest.h"
#include "recovery/event_type.h"
#include "recovery/journal.h"
#include "recovery/machine.h"
#include "recovery/timestamp.h"

#define ID_TEXT_SIZE 37

/* The end of the chain so far. */
struct chain {
	int64_t seq;
	char prev[DIGEST_TEXT_SIZE];
};

struct event {
	const char *name;
	const char *severity;
	int64_t milliseconds;
	char id[ID_TEXT_SIZE];
	struct machine machine;
	struct daruma_note note;
	bool noted; /* `note` is that of this start */
	struct chain chain;
};

/* RFC 9562, version 7: 48 bits of time, then random ones. */
static void make_id(int64_t milliseconds, char ret_text[ID_TEXT_SIZE])
{
	uint8_t bytes[16] = { 0 };

	(void)!getrandom(bytes, sizeof(bytes), GRND_NONBLOCK);
	for (int i = 0; i < 6; i++)
		bytes[i] = (uint8_t)(milliseconds >> (40 - 8 * i));
	bytes[6] = (uint8_t)((bytes[6] & 0x0f) | 0x70);
	bytes[8] = (uint8_t)((bytes[8] & 0x3f) | 0x80);
	for (size_t i = 0, at = 0; i < sizeof(bytes); i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			ret_text[at++] = '-';
		at += (size_t)snprintf(ret_text + at, ID_TEXT_SIZE - at, "%02x", bytes[i]);
	}
}

static int read_last(const struct database_row *row, void *user)
{
	struct chain *chain = user;
	const char *line = database_text(row, 1);

	chain->seq = database_integer(row, 0);
	return digest_bytes(line, strlen(line), chain->prev);
}

static int find_chain(struct database *database, struct chain *ret)
{
	int error;

	ret->seq = 0;
	memset(ret->prev, '0', DIGEST_TEXT_SIZE - 1);
	ret->prev[DIGEST_TEXT_SIZE - 1] = 0;
	error = database_query(database, read_last, ret,
			       "SELECT seq, line FROM event ORDER BY seq DESC LIMIT 1", "");
	ret->seq++;
	return error;
}

static void add_system(struct json *line, const struct machine *machine)
{
	struct json *system = json_new_object();

	json_add_text(system, "id", machine->os_id);
	json_add_text(system, "version_id", machine->os_version);
	json_add_text(system, "kernel", machine->kernel);
	json_add_text(system, "arch", machine->arch);
	json_add(line, "os", system);
}

/* What the details do not say themselves is taken from the boot note. */
static void add_boot(struct json *line, const struct json *details, const struct event *event)
{
	char boot_id[33];

	if (event->noted)
		firmware_boot_id_text(event->note.boot_id, boot_id);
	else
		memcpy(boot_id, event->machine.boot_id, sizeof(boot_id));
	if (!json_get(details, "boot_id"))
		json_add_text(line, "boot_id", boot_id);
	if (event->noted && !json_get(details, "rung"))
		json_add_text(line, "rung", daruma_rung_name(event->note.rung));
	if (event->noted && event->note.incident && !json_get(details, "incident"))
		json_add_integer(line, "incident", event->note.incident);
}

static struct json *compose(const struct event *event, struct json *details)
{
	struct json *line = json_new_object();
	char time[TIMESTAMP_SIZE];

	timestamp_machine(event->milliseconds, time);
	json_add_text(line, "schema", "daruma.event.v1");
	json_add_text(line, "id", event->id);
	json_add_integer(line, "seq", event->chain.seq);
	json_add_text(line, "time", time);
	json_add_text(line, "host", event->machine.host);
	add_boot(line, details, event);
	json_add_text(line, "event", event->name);
	json_add_text(line, "severity", event->severity);
	add_system(line, &event->machine);
	json_move_members(line, details);
	json_add_text(line, "prev", event->chain.prev);
	return line;
}

static int print(const struct event *event, struct json *details, char **ret_text)
{
	struct json *line = compose(event, details);

	*ret_text = json_print(line, false);
	json_free(line);
	return *ret_text ? 0 : -ENOMEM;
}

static int store(struct database *database, struct event *event, struct json *details,
		 char **ret_text)
{
	int error = find_chain(database, &event->chain);

	if (!error)
		error = print(event, details, ret_text);
	if (error)
		return error;
	return database_run(database,
			    "INSERT INTO event(seq,id,time,event,prev,line)"
			    " VALUES(?1,?2,?3,?4,?5,?6)",
			    "itittt", event->chain.seq, event->id, event->milliseconds / 1000,
			    event->name, event->chain.prev, *ret_text);
}

/* Two writers must not both follow the same line. */
static int store_alone(struct database *database, struct event *event, struct json *details,
		       char **ret_text)
{
	int error;

	if (!database)
		return print(event, details, ret_text);
	if (database_in_transaction(database))
		return store(database, event, details, ret_text);
	error = database_begin(database);
	if (error)
		return error;
	error = store(database, event, details, ret_text);
	if (!error)
		error = database_commit(database);
	if (error)
		database_rollback(database);
	return error;
}

static void tell_journal(const struct context *context, const struct event *event, const char *line)
{
	const struct event_type *type = event_type_of(event->name);
	char boot_id[33] = "";
	struct journal_field fields[] = {
		{ "MESSAGE", type->sentence },
		{ "MESSAGE_ID", type->message_id },
		{ "PRIORITY", event_priority_of(event->severity) },
		{ "SYSLOG_IDENTIFIER", "daruma" },
		{ "DOCUMENTATION", "man:daruma(8)" },
		{ "DARUMA_EVENT", event->name },
		{ "DARUMA_ID", event->id },
		{ "DARUMA_BOOT_ID", event->noted ? boot_id : NULL },
		{ "DARUMA_RUNG", event->noted ? daruma_rung_name(event->note.rung) : NULL },
		{ "DARUMA_LINE", line },
	};

	if (event->noted)
		firmware_boot_id_text(event->note.boot_id, boot_id);
	journal_send(context, fields, sizeof(fields) / sizeof(fields[0]));
}

int event_write(const struct context *context, struct database *database, const char *name,
		const char *severity, struct json *details)
{
	struct event event = { .name = name,
			       .severity = severity,
			       .milliseconds = timestamp_now() };
	owned char *line = NULL;
	char id[FIRMWARE_ID_SIZE];
	int error;

	make_id(event.milliseconds, event.id);
	machine_describe(context, &event.machine);
	event.noted = firmware_read_note(context, &event.note, id) == 0;
	error = store_alone(database, &event, details, &line);
	json_free(details);
	/* The journal hears of it even if the disk does not take it. */
	tell_journal(context, &event, line);
	return error;
}
