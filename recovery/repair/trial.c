/* trial.c: what was set aside, reduced or switched off in the open incident, and what its trials have shown
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/repair/trial.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/boot/this_boot.h"

static int add_text(const struct database_row *row, void *user)
{
	return text_list_add(user, database_text(row, 0));
}

/* What a normal start set aside by the fast path may have come back since, and is not among them. */
int trial_read_tried(struct database *database, struct text_list *ret)
{
	return database_query(database, add_text, ret,
			      "SELECT DISTINCT product FROM action JOIN boot USING(boot_id)"
			      " WHERE boot.rung IN ('safe','rescue') AND boot.id>" BOOT_LAST_GOOD,
			      "");
}

int trial_read_switched(struct database *database, struct text_list *ret)
{
	return database_query(database, add_text, ret,
			      "SELECT DISTINCT product FROM switched_off JOIN boot USING(boot_id)"
			      " WHERE boot.id>" BOOT_LAST_GOOD,
			      "");
}

/* A start that ended before its guard may have been the trial. Its row is made by the guard of the start behind it,
 * just after that one's own. */
#define NO_TRIAL_AFTER                                                                             \
	" AND NOT EXISTS (SELECT 1 FROM boot AS later WHERE"                                       \
	" (later.rung IN ('trial','aside') AND later.id>safe.id)"                                  \
	" OR (later.rung='unknown' AND later.id-1.5>safe.id))"

int trial_read_untried_switches(struct database *database, struct text_list *ret)
{
	return database_query(database, add_text, ret,
			      "SELECT product FROM switched_off JOIN boot AS safe USING(boot_id)"
			      " WHERE step='off' AND safe.id>" BOOT_LAST_GOOD NO_TRIAL_AFTER
			      " ORDER BY switched_off.id",
			      "");
}

int trial_read_reduced(struct database *database, struct text_list *ret)
{
	return database_query(database, add_text, ret,
			      "SELECT DISTINCT product FROM reduced_mode JOIN boot USING(boot_id)"
			      " WHERE boot.id>" BOOT_LAST_GOOD,
			      "");
}

int trial_read_untried_reduced(struct database *database, struct text_list *ret)
{
	return database_query(database, add_text, ret,
			      "SELECT product FROM reduced_mode JOIN boot AS safe USING(boot_id)"
			      " WHERE step='reduced' AND safe.id>" BOOT_LAST_GOOD NO_TRIAL_AFTER
			      " ORDER BY reduced_mode.id",
			      "");
}

/* The changes of a late crash were found by the start behind the last good one. */
int trial_read_changed(struct database *database, struct text_list *ret)
{
	return database_query(database, add_text, ret,
			      "SELECT change.product FROM change JOIN boot USING(boot_id) WHERE "
			      "boot.id>" BOOT_LAST_GOOD
			      " UNION SELECT product FROM action WHERE step IN ('done','purged')"
			      " AND restores IS NULL AND boot_id IN (SELECT boot_id FROM boot "
			      "WHERE id>" BOOT_LAST_GOOD ")",
			      "");
}

static int copy_product(const struct database_row *row, void *user)
{
	snprintf(user, TRIAL_PRODUCT_SIZE, "%s", database_text(row, 0));
	return 1;
}

int trial_read_blamed(struct database *database, char ret_product[TRIAL_PRODUCT_SIZE])
{
	int result;

	*ret_product = '\0';
	result = database_query(database, copy_product, ret_product,
				"SELECT product FROM verdict JOIN boot USING(boot_id)"
				" WHERE product IS NOT NULL AND boot.id>=" BOOT_LAST_GOOD
				" ORDER BY certainty='certain' DESC, boot.id LIMIT 1",
				"");
	return result < 0 ? result : 0;
}

static int add_untried(const struct database_row *row, void *user)
{
	struct change_list *list = user;
	struct change *items = reallocarray(list->items, list->count + 1, sizeof(*items));
	struct change *change;

	if (!items)
		return -ENOMEM;
	list->items = items;
	change = &items[list->count++];
	*change = (struct change){
		.product = strdup(database_text(row, 0)),
		.kind = strdup(database_text(row, 1)),
		.path = strdup(database_text(row, 2)),
	};
	return change->product && change->kind && change->path ? 0 : -ENOMEM;
}

int trial_read_untried(struct database *database, struct change_list *ret)
{
	return database_query(
		database, add_untried, ret,
		"SELECT action.product,action.kind,action.path FROM action JOIN boot AS safe"
		" ON safe.boot_id=action.boot_id WHERE action.step IN ('done','purged')"
		" AND safe.rung IN ('safe','rescue')"
		" AND action.restores IS NULL AND safe.id>" BOOT_LAST_GOOD NO_TRIAL_AFTER
		" ORDER BY action.id DESC",
		"");
}

/* --- how the last one ended ---------------------------------------------------------------- */

struct ended {
	int64_t trials; /* since the last repair */
	char product[TRIAL_PRODUCT_SIZE];
	bool differs; /* the signature of one from that of the incident */
};

static int copy_ended(const struct database_row *row, void *user)
{
	struct ended *ended = user;
	const char *product = database_text(row, 1);

	ended->trials = database_integer(row, 0);
	ended->differs = database_integer(row, 2) != 0;
	snprintf(ended->product, sizeof(ended->product), "%s", product ? product : "");
	return 1;
}

/* The incident's own crash is the first one since the last good start, that one included, since it may have ended late. */
int trial_was_of_another_kind(struct database *database, bool *ret_other,
			      char ret_product[TRIAL_PRODUCT_SIZE])
{
	struct ended ended = { .trials = 0 };
	int result = database_query(
		database, copy_ended, &ended,
		"WITH repair AS (SELECT safe.id AS id,product FROM (SELECT boot_id,product FROM "
		"action"
		" WHERE step IN ('done','purged') AND restores IS NULL"
		" UNION ALL SELECT boot_id,product FROM switched_off WHERE step='off'"
		" UNION ALL SELECT boot_id,product FROM reduced_mode WHERE step='reduced'"
		" UNION ALL SELECT boot_id,'kernel' FROM previous_kernel WHERE state='set') AS step"
		" JOIN boot AS safe USING(boot_id) WHERE safe.rung IN ('safe','rescue')"
		" AND safe.id>" BOOT_LAST_GOOD " ORDER BY safe.id DESC LIMIT 1),"
		" own AS (SELECT crash_signature AS signature FROM boot WHERE crash_signature NOT"
		" NULL AND rung<>'trial' AND crash_class<>'operator' AND id>=" BOOT_LAST_GOOD
		" ORDER BY id-CASE rung WHEN 'unknown' THEN 1.5 ELSE 0 END LIMIT 1)"
		" SELECT COUNT(*),repair.product,MAX(boot.crash_signature<>own.signature)"
		" FROM boot,repair,own WHERE (boot.rung='trial' AND boot.id>repair.id)"
		" OR (boot.rung='unknown' AND boot.id-1.5>repair.id)",
		"");

	if (result < 0)
		return result;
	*ret_other = ended.trials == 1 && ended.differs;
	if (*ret_other)
		strcpy(ret_product, ended.product);
	return 0;
}
