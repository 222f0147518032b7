/* past_boot.c: boots as the table `boot` tells of them
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/past_boot.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/boot/firmware.h"
#include "recovery/commands/output.h"
#include "recovery/machine.h"
#include "recovery/safe_check.h"

#define COLUMNS                                                                                    \
	"boot_id,kernel_boot_id,time,rung,reason,previous_ending,kernel,panics,resets,incident,"   \
	"outcome,outcome_time,crash_function,crash_module,crash_class,"                            \
	"CASE WHEN rung IN ('safe','rescue') THEN (SELECT group_concat(value,'; ') FROM"           \
	" (SELECT line FROM event WHERE event='" SAFE_CHECK_EVENT                                  \
	"' AND json_valid(line)) AS told,"                                                         \
	" json_each(told.line,'$.breaches')"                                                       \
	" WHERE json_extract(told.line,'$.boot_id')=boot.boot_id) END,"                            \
	"crash_kind,crash_program,crash_signature,crash_quality,crash_source"

/* A start that never reached the guard is entered by the start after it, so its number is one too high. */
#define NEWEST_FIRST " ORDER BY id - CASE kernel_boot_id WHEN '' THEN 1.5 ELSE 0 END DESC"

/* Columns that are text, and where each goes. */
static const struct {
	int column;
	size_t offset;
} texts[] = {
	{ 0, offsetof(struct past_boot, boot_id) },
	{ 1, offsetof(struct past_boot, kernel_boot_id) },
	{ 3, offsetof(struct past_boot, rung) },
	{ 4, offsetof(struct past_boot, reason) },
	{ 5, offsetof(struct past_boot, previous_ending) },
	{ 6, offsetof(struct past_boot, kernel) },
	{ 10, offsetof(struct past_boot, outcome) },
	{ 12, offsetof(struct past_boot, crash_function) },
	{ 13, offsetof(struct past_boot, crash_module) },
	{ 14, offsetof(struct past_boot, crash_class) },
	{ 15, offsetof(struct past_boot, not_safe) },
	{ 16, offsetof(struct past_boot, crash_kind) },
	{ 17, offsetof(struct past_boot, crash_program) },
	{ 18, offsetof(struct past_boot, crash_signature) },
	{ 19, offsetof(struct past_boot, crash_quality) },
	{ 20, offsetof(struct past_boot, crash_source) },
};

#define TEXTS (sizeof(texts) / sizeof(texts[0]))

static char **text_at(struct past_boot *boot, size_t index)
{
	return (char **)((char *)boot + texts[index].offset);
}

static int read_row(const struct database_row *row, struct past_boot *boot)
{
	*boot = (struct past_boot){
		.time = database_integer(row, 2),
		.panics = database_integer(row, 7),
		.resets = database_integer(row, 8),
		.incident = database_integer(row, 9),
		.outcome_time = database_integer(row, 11),
	};
	for (size_t i = 0; i < TEXTS; i++) {
		const char *text = database_text(row, texts[i].column);

		*text_at(boot, i) = text ? strdup(text) : NULL;
		if (text && !*text_at(boot, i)) {
			past_boot_free(boot);
			return -ENOMEM;
		}
	}
	return 0;
}

static int add_row(const struct database_row *row, void *user)
{
	struct past_boot_list *list = user;
	struct past_boot *items = reallocarray(list->items, list->count + 1, sizeof(*items));
	int error;

	if (!items)
		return -ENOMEM;
	list->items = items;
	error = read_row(row, &items[list->count]);
	if (!error)
		list->count++;
	return error;
}

int past_boot_list_load(struct database *database, int64_t since, int64_t until, int most,
			struct past_boot_list *ret)
{
	struct past_boot_list list = { 0 };
	int error =
		database_query(database, add_row, &list,
			       "SELECT " COLUMNS
			       " FROM boot WHERE time BETWEEN ?1 AND ?2" NEWEST_FIRST " LIMIT ?3",
			       "iii", since, until, (int64_t)(most > 0 ? most : -1));

	if (error) {
		past_boot_list_free(&list);
		return error;
	}
	*ret = list;
	return 0;
}

/* What a reference with an @ is in SQL; ?1 is the boot id of this start, ?2 that of its kernel. */
static const struct {
	const char *name;
	const char *statement;
} names[] = {
	{ "@current", "SELECT " COLUMNS " FROM boot WHERE boot_id=?1 OR (?1='' AND "
		      "kernel_boot_id=?2)" NEWEST_FIRST " LIMIT 1" },
	{ "@last", "SELECT " COLUMNS " FROM boot WHERE boot_id<>?1 AND (kernel_boot_id<>?2 OR "
		   "?2='')" NEWEST_FIRST " LIMIT 1" },
	{ "@last-good",
	  "SELECT " COLUMNS " FROM boot WHERE outcome='good' AND ?1=?1 AND ?2=?2" NEWEST_FIRST
	  " LIMIT 1" },
};

static int find_by_name(const struct context *context, struct database *database,
			const char *reference, struct past_boot_list *list)
{
	struct daruma_note note;
	char id[FIRMWARE_ID_SIZE];
	char boot_id[33] = "";
	char kernel_boot_id[33];

	if (firmware_read_note(context, &note, id) == 0)
		firmware_boot_id_text(note.boot_id, boot_id);
	machine_kernel_boot_id(context, kernel_boot_id);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i].name, reference) == 0)
			return database_query(database, add_row, list, names[i].statement, "tt",
					      boot_id, kernel_boot_id);
	return -ESRCH;
}

static int find_by_id(struct database *database, const char *reference, struct past_boot_list *list)
{
	size_t length = strlen(reference);

	if (length < 1 || length > 32 || strspn(reference, "0123456789abcdef") != length)
		return -ESRCH;
	return database_query(database, add_row, list,
			      "SELECT " COLUMNS " FROM boot WHERE substr(boot_id,1,?2)=?1 LIMIT 2",
			      "ti", reference, (int64_t)length);
}

int past_boot_find(const struct context *context, struct database *database, const char *reference,
		   struct past_boot *ret)
{
	struct past_boot_list list = { 0 };
	int error = reference[0] == '@' ? find_by_name(context, database, reference, &list) :
					  find_by_id(database, reference, &list);

	if (!error && list.count != 1)
		error = list.count ? -ENOTUNIQ : -ESRCH;
	if (!error) {
		*ret = list.items[0];
		free(list.items);
		return 0;
	}
	past_boot_list_free(&list);
	return error;
}

void past_boot_free(struct past_boot *boot)
{
	for (size_t i = 0; boot && i < TEXTS; i++) {
		free(*text_at(boot, i));
		*text_at(boot, i) = NULL;
	}
}

void past_boot_list_free(struct past_boot_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		past_boot_free(&list->items[i]);
	free(list->items);
	*list = (struct past_boot_list){ 0 };
}

const char *past_boot_outcome(const struct past_boot *boot)
{
	return boot->outcome[0] ? boot->outcome : "unanswered";
}

int64_t past_boot_time(const struct past_boot *boot)
{
	return boot->kernel_boot_id[0] ? boot->time : 0;
}

struct json *past_boot_json(const struct past_boot *boot)
{
	struct json *object = json_new_object();

	json_add_text(object, "boot_id", boot->boot_id);
	json_add_text(object, "kernel_boot_id",
		      boot->kernel_boot_id[0] ? boot->kernel_boot_id : NULL);
	output_add_time(object, "time", past_boot_time(boot));
	json_add_text(object, "rung", boot->rung);
	json_add_text(object, "reason", boot->reason);
	json_add_text(object, "previous_ending", boot->previous_ending);
	json_add_text(object, "kernel", boot->kernel);
	json_add_integer(object, "panics", boot->panics);
	json_add_integer(object, "resets", boot->resets);
	json_add_integer(object, "incident", boot->incident);
	json_add_text(object, "outcome", past_boot_outcome(boot));
	output_add_time(object, "outcome_time", boot->outcome_time);
	json_add_text(object, "crash_class", boot->crash_class);
	json_add_text(object, "crash_function", boot->crash_function);
	json_add_text(object, "crash_module", boot->crash_module);
	json_add_text(object, "crash_kind", boot->crash_kind);
	json_add_text(object, "crash_program", boot->crash_program);
	json_add_text(object, "crash_signature", boot->crash_signature);
	json_add_text(object, "crash_quality", boot->crash_quality);
	json_add_text(object, "crash_source", boot->crash_source);
	json_add_text(object, "not_safe", boot->not_safe);
	return object;
}
