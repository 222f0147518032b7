/* recover_base.c: what the safe starts of an incident compare with
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/repair/recover_base.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "recovery/cleanup.h"
#include "recovery/incident.h"
#include "recovery/repair/late_loop.h"
#include "recovery/state.h"

/* The setting has the incident's number of the stage, a blank, and the generation. Returns that of the open incident; 0: it
 * is another one. */
static int64_t noted(const struct recover *recover)
{
	owned char *text = NULL;
	long long incident, generation;

	if (!recover->boot->note.incident_open ||
	    state_get_text(recover->database, INCIDENT_BASE_KEY, &text) != 0 || !text ||
	    sscanf(text, "%lld %lld", &incident, &generation) != 2 ||
	    incident != (long long)recover->boot->note.incident)
		return 0;
	return generation;
}

/* The power may go in the first safe start, and the next one has another reason. */
bool recover_base_is_late(const struct recover *recover)
{
	return recover->boot->note.reason == DARUMA_REASON_LATE_CRASHES || noted(recover) != 0;
}

static int is_late_and_operator(const struct database_row *row, void *user)
{
	const char *reason = database_text(row, 0), *ending = database_text(row, 1);

	(void)user;
	return reason && ending &&
	       strcmp(reason, daruma_reason_name(DARUMA_REASON_LATE_CRASHES)) == 0 &&
	       strcmp(ending, daruma_ending_name(DARUMA_ENDING_OPERATOR)) == 0;
}

/* The guard of the start that began with this has read the text: of this one, or of the one that a power cut ended and this
 * one repeats. */
bool recover_base_is_by_operator(const struct recover *recover)
{
	return database_query(recover->database, is_late_and_operator, NULL,
			      "SELECT reason,previous_ending FROM boot WHERE id=(SELECT MAX(id)"
			      " FROM boot WHERE incident=?1 AND rung=?2 AND reason<>?3)",
			      "itt", (int64_t)recover->boot->note.incident,
			      daruma_rung_name(DARUMA_RUNG_SAFE),
			      daruma_reason_name(DARUMA_REASON_SAFE_AGAIN)) == 1;
}

static int note(const struct recover *recover, int64_t generation)
{
	char text[64];

	snprintf(text, sizeof(text), "%lld %lld", (long long)recover->boot->note.incident,
		 (long long)generation);
	return state_set_text(recover->database, INCIDENT_BASE_KEY, text);
}

int recover_base_compare_again(const struct recover *recover, int64_t generation,
			       struct change_list *ret)
{
	return generation ? generation_compare_since(recover->context, recover->database,
						     recover->products, generation, ret) :
			    generation_compare(recover->context, recover->database,
					       recover->products, ret);
}

/* In the safe starts behind the first one, too. */
static int compare_noted(const struct recover *recover, struct change_list *ret)
{
	int error = recover_base_compare_again(recover, noted(recover), ret);

	return error == -ESRCH ? recover_base_compare_again(recover, 0, ret) : error;
}

int recover_base_compare(const struct recover *recover, struct change_list *ret,
			 int64_t *ret_failed)
{
	struct late_loop loop = { .found = false };
	int error = recover_base_is_late(recover) ?
			    late_loop_find(recover->database, recover->policy, time(NULL), &loop) :
			    0;

	if (!error && !loop.found)
		return compare_noted(recover, ret);
	if (!error)
		error = late_loop_compare(recover->context, recover->database, recover->products,
					  &loop, ret);
	if (error)
		return error;
	*ret_failed = loop.first;
	if (!recover->context->dry_run)
		error = note(recover, ret->generation);
	if (error)
		change_list_free(ret);
	return error;
}
