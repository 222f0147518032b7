/* verdict_record.c: the verdict about an incident: what it is judged from, and where it is kept
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/repair/verdict_record.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "recovery/crash_text.h"
#include "recovery/failed_kernel.h"
#include "recovery/repair/crash_owner.h"
#include "recovery/repair/start_change.h"

#define REASONS_SIZE 256 /* all words and the blanks between them */

/* --- what it is judged from ---------------------------------------------------------------- */

static enum crash_class class_of(const char *word)
{
	for (unsigned i = CRASH_NONE; i <= CRASH_OPERATOR; i++)
		if (strcmp(crash_class_name((enum crash_class)i), word) == 0)
			return (enum crash_class)i;
	return CRASH_NONE;
}

static enum crash_quality quality_of(const char *word)
{
	for (unsigned i = CRASH_QUALITY_NONE; i <= CRASH_QUALITY_GOOD; i++)
		if (strcmp(crash_quality_name((enum crash_quality)i), word) == 0)
			return (enum crash_quality)i;
	return CRASH_QUALITY_NONE;
}

static const char *text_at(const struct database_row *row, int index)
{
	const char *text = database_text(row, index);

	return text ? text : "";
}

struct last_crash {
	struct crash crash;
	int64_t time;
	bool old;
};

/* Only what the kernel wrote is entered with a class, so the origin follows from it. */
static int copy_crash(const struct database_row *row, void *user)
{
	struct last_crash *last = user;

	last->crash.class = class_of(text_at(row, 0));
	last->crash.quality = quality_of(text_at(row, 1));
	last->crash.origin = CRASH_ORIGIN_KERNEL;
	snprintf(last->crash.module, sizeof(last->crash.module), "%s", text_at(row, 2));
	snprintf(last->crash.program, sizeof(last->crash.program), "%s", text_at(row, 3));
	last->time = database_integer(row, 4);
	last->old = database_integer(row, 5) != 0;
	return 1;
}

/* A late crash belongs to a start that was good, so that one counts too. The row of a start that ended before its guard
 * comes after that of the start behind it. */
static int read_crash(struct database *database, const char *boot_id, struct last_crash *ret)
{
	int result = database_query(
		database, copy_crash, ret,
		"SELECT crash_class,crash_quality,crash_module,crash_program,crash_time,"
		"boot_id<>?1 OR COALESCE(crash_source,'')=?2"
		" FROM boot WHERE crash_class IN ('panic','oops') AND id>=(SELECT "
		"COALESCE(MAX(id),0)"
		" FROM boot WHERE outcome='good')"
		" ORDER BY id-CASE kernel_boot_id WHEN '' THEN 1.5 ELSE 0 END DESC LIMIT 1",
		"tt", boot_id, crash_source_name(CRASH_SOURCE_JOURNAL));

	return result < 0 ? result : 0;
}

static int gather(const struct context *context, struct database *database,
		  const struct change_list *changes, const char *boot_id,
		  struct verdict_evidence *evidence)
{
	int error = start_change_find(context, database, changes->generation, boot_id,
				      &evidence->start);

	if (!error && evidence->failed == 0)
		error = database_number(database, &evidence->failed,
					"SELECT opened FROM incident WHERE closed IS NULL"
					" ORDER BY id DESC LIMIT 1",
					"");
	return error;
}

int verdict_find(const struct context *context, struct database *database,
		 const struct product_list *products, const struct change_list *changes,
		 const char *boot_id, int64_t failed, struct verdict *ret)
{
	struct last_crash last = { .old = false };
	struct verdict_evidence evidence = { .changes = changes, .failed = failed };
	struct crash_owner owner;
	char failed_with[KERNEL_RELEASE_SIZE];
	int error = read_crash(database, boot_id, &last);

	failed_kernel_find(context, database, failed_with);
	if (!error)
		error = gather(context, database, changes, boot_id, &evidence);
	if (!error)
		error = crash_owner_find(database, products, &last.crash, &owner);
	if (error)
		return error;
	evidence.kernel = failed_with;
	evidence.named = owner.product ? owner.product->id : NULL;
	evidence.stranger = owner.stranger;
	evidence.holders = owner.holders;
	evidence.crash = &last.crash;
	evidence.crashed = last.time;
	evidence.old = last.old;
	verdict_judge(&evidence, ret);
	return 0;
}

/* --- where it is kept ---------------------------------------------------------------------- */

static void reason_words(unsigned reasons, char ret[REASONS_SIZE])
{
	size_t length = 0;

	ret[0] = '\0';
	for (unsigned reason = 1; reason <= reasons; reason <<= 1)
		if ((reasons & reason) && length < REASONS_SIZE)
			length += (size_t)snprintf(
				ret + length, REASONS_SIZE - length, "%s%s", length ? " " : "",
				verdict_reason_name((enum verdict_reason)reason));
}

static const char *text_or_null(const char *text)
{
	return text[0] ? text : NULL;
}

static int insert(struct database *database, const char *boot_id, const struct verdict *verdict)
{
	char words[REASONS_SIZE];
	int error = database_run(database, "DELETE FROM verdict WHERE boot_id=?1", "t", boot_id);

	if (!error)
		error = database_run(
			database,
			"INSERT INTO "
			"verdict(boot_id,incident,time,certainty,product,partner,holders)"
			" VALUES(?1,COALESCE((SELECT MAX(id) FROM incident WHERE closed IS "
			"NULL),0),"
			"?2,?3,?4,?5,?6)",
			"tittt"
			"t",
			boot_id, (int64_t)time(NULL), verdict_certainty_name(verdict->certainty),
			text_or_null(verdict->product), text_or_null(verdict->partner),
			text_or_null(verdict->holders));
	for (size_t i = 0; !error && i < verdict->count; i++) {
		const struct verdict_suspect *suspect = &verdict->suspects[i];

		reason_words(suspect->reasons, words);
		error = database_run(database,
				     "INSERT INTO suspect(boot_id,product,score,reasons)"
				     " VALUES(?1,?2,?3,?4)",
				     "ttit", boot_id, suspect->product, (int64_t)suspect->score,
				     words);
	}
	return error;
}

int verdict_store(struct database *database, const char *boot_id, const struct verdict *verdict)
{
	int error = database_begin(database);

	if (error)
		return error;
	error = insert(database, boot_id, verdict);
	if (!error)
		error = database_commit(database);
	if (error)
		database_rollback(database);
	return error;
}
