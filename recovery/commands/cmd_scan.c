/* cmd_scan.c: daruma scan: records updates that landed and run well; called by daruma-scan.timer
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/boot/own_answer.h"
#include "recovery/cleanup.h"
#include "recovery/commands/commands.h"
#include "recovery/event.h"
#include "recovery/health.h"
#include "recovery/healthy_time.h"
#include "recovery/hold.h"
#include "recovery/inventory/landing.h"
#include "recovery/message.h"
#include "recovery/products/watch_set.h"
#include "recovery/quarantine/holds.h"
#include "recovery/quarantine/quarantine_return.h"
#include "recovery/quarantine/taken_away.h"
#include "recovery/state.h"

#define DIGEST_KEY "landing.digest"
#define SINCE_KEY  "landing.since"
#define TAKEN_KEY  "landing.taken"

struct scanning {
	const struct context *context;
	struct database *database;
	struct product_list products;
	struct policy_file policy;
	struct this_boot boot;
};

static int load_landing(struct database *database, struct landing *ret)
{
	owned char *digest = NULL;
	int error = state_get_text(database, DIGEST_KEY, &digest);

	if (error)
		return error;
	snprintf(ret->digest, sizeof(ret->digest), "%s", digest ? digest : "");
	ret->since = state_get_number(database, SINCE_KEY, 0);
	ret->taken = state_get_number(database, TAKEN_KEY, 0) != 0;
	return 0;
}

/* Written only if it says something new: most scans find nothing. */
static int save_landing(struct database *database, const struct landing *before,
			const struct landing *now)
{
	int error;

	if (before->since == now->since && before->taken == now->taken &&
	    strcmp(before->digest, now->digest) == 0)
		return 0;
	error = state_set_text(database, DIGEST_KEY, now->digest);
	if (!error)
		error = state_set_number(database, SINCE_KEY, now->since);
	return error ? error : state_set_number(database, TAKEN_KEY, now->taken);
}

static int present_digest(const struct scanning *scanning, char ret_digest[DIGEST_TEXT_SIZE])
{
	struct change_list changes = { 0 };
	bool changed = false;
	int error = generation_differs(scanning->context, scanning->database, &scanning->products,
				       &changed);

	/* By stat first: reading the files costs more. */
	if (!error && changed)
		error = generation_compare(scanning->context, scanning->database,
					   &scanning->products, &changes);
	if (!error)
		error = landing_digest(&changes, ret_digest);
	change_list_free(&changes);
	return error;
}

static int take(const struct scanning *scanning)
{
	struct json *details;
	int64_t id = 0;
	int error = generation_take(scanning->context, scanning->database, &scanning->products,
				    &scanning->policy, "run-time", scanning->boot.boot_id, &id);

	if (error)
		return error;
	hold_refresh(scanning->context, &scanning->products);
	details = json_new_object();
	json_add_integer(details, "generation", id);
	json_add_text(details, "cause", "run-time");
	return event_write(scanning->context, scanning->database, "boot.inventory", "info",
			   details);
}

/* R25: known to be bad, so no state with it is good (generation_take()). The guard of the next start sets it aside again. */
static int look_for_returns(const struct scanning *scanning)
{
	int count = quarantine_return_look(scanning->context, scanning->database);

	if (count > 0)
		message_notice(scanning->context,
			       "%d quarantined objects are in their places again; the next start "
			       "sets them aside",
			       count);
	return count;
}

static int look(const struct scanning *scanning)
{
	struct landing before = { .since = 0 }, landing;
	char digest[DIGEST_TEXT_SIZE], why[HEALTH_WHY_SIZE];
	struct product_list counted;
	enum landing_step step;
	bool healthy;
	int error = load_landing(scanning->database, &before);

	if (!error)
		error = present_digest(scanning, digest);
	if (error)
		return error;
	landing = before;
	step = landing_look(&landing, digest, healthy_time_now(), scanning->policy.settle_seconds);
	error = save_landing(scanning->database, &before, &landing);
	if (error || step != LANDING_PROVED)
		return error;
	error = taken_away_counted(scanning->context, scanning->database, &scanning->products,
				   &counted);
	if (error)
		return error;
	healthy = health_check(scanning->context, process_of_machine(), &counted, why) ==
		  HEALTH_HOLDS;
	free(counted.items);
	if (!healthy) {
		message_notice(scanning->context,
			       "an update landed, and the system is not healthy: %s", why);
		return 0;
	}
	error = take(scanning);
	return error ? error : state_set_number(scanning->database, TAKEN_KEY, 1);
}

/* What a verb or the safe profile could not do is done now. */
static void hold(const struct scanning *scanning)
{
	if (holds_are_due(scanning->database))
		holds_update(scanning->context, scanning->database, &scanning->products);
}

static int scan(struct scanning *scanning)
{
	char problem[POLICY_PROBLEM_SIZE];
	int told, error = this_boot_read(scanning->context, scanning->database, &scanning->boot);

	if (error) {
		message_notice(scanning->context, "nothing is recorded: %s",
			       this_boot_problem(error));
		return 0;
	}
	/* What runs in a start that is not known to be good proves nothing. */
	if (!this_boot_is_good(scanning->database, scanning->boot.boot_id))
		return 0;
	told = own_answer_report_health(scanning->context, scanning->database);
	if (policy_file_load(scanning->context, &scanning->policy, problem) != 0)
		message_notice(scanning->context, "using the built-in policy: %s", problem);
	error = watch_set_load(scanning->context, &scanning->products, NULL);
	if (!error) {
		int returned = look_for_returns(scanning);

		error = returned < 0 ? returned : look(scanning);
	}
	if (!error)
		hold(scanning);
	return error ? error : told < 0 ? told : 0;
}

int cmd_scan(const struct context *context, int argc, char *argv[])
{
	struct scanning scanning = { .context = context };
	int error = state_open(context, true, &scanning.database);

	(void)argc;
	(void)argv;
	if (error)
		return message_cannot(context, error, "open the state");
	error = scan(&scanning);
	product_list_free(&scanning.products);
	database_close(scanning.database);
	return error ? message_cannot(context, error, "record what landed") : EXIT_DONE;
}
