/* command_recover.c: repairs in a start that the stage ordered for it, tells of it, and leaves it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/commands/command_recover.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "recovery/banner.h"
#include "recovery/boot/limits_lock.h"
#include "recovery/boot/safe_image_change.h"
#include "recovery/boot/watchdog_limit.h"
#include "recovery/cleanup.h"
#include "recovery/event.h"
#include "recovery/message.h"
#include "recovery/module_cover.h"
#include "recovery/restart.h"
#include "recovery/safe_check.h"

static const struct {
	const char *event; /* NULL: profile.safe_entered has said it */
	const char *severity;
	const char *incident; /* result in its row; NULL: it goes on */
	const char *sentence;
} outcomes[] = {
	[RECOVER_REPAIRED] = { "profile.safe_left", "notice", "repaired",
			       "a changed product was set aside; the next start is a trial" },
	[RECOVER_REPEATS] = { "profile.safe_left", "notice", NULL,
			      "the trial ended by a crash of another kind; it is made once more" },
	[RECOVER_NOTHING] = { "recovery.failed", "alert", "nothing-to-blame",
			      "nothing changed since the last good start; every product stays on" },
	[RECOVER_FAILED] = { "recovery.failed", "alert", "failed",
			     "what changed could not be set aside; every product stays on" },
	[RECOVER_REDUCED] = { "profile.safe_left", "notice", "reduced-mode",
			      "a product is in its reduced mode; the next start is a trial" },
	[RECOVER_SWITCHED] = { "profile.safe_left", "notice", "switched-off",
			       "nothing is left to set aside; a product is switched off; the next "
			       "start is a trial" },
	[RECOVER_EXHAUSTED] = { "recovery.failed", "alert", "failed",
				"nothing that was set aside, reduced or switched off helped; every "
				"product is on again" },
	[RECOVER_UNPINGED] = { "recovery.failed", "alert", "nothing-to-blame",
			       "the hardware watchdog reset a system that has no driver to take it "
			       "over; "
			       "it is armed no more, and every product stays on" },
	[RECOVER_OPERATOR] = { "profile.safe_left", "notice", NULL,
			       "a person made the machine panic: nothing is repaired for that, and "
			       "every product stays on" },
	[RECOVER_STAYS] = { NULL, NULL, NULL,
			    "nothing is repaired by itself; the machine stays in the safe "
			    "profile" },
	[RECOVER_ASKED] = { "profile.safe_left", "notice", NULL,
			    "the safe profile of this machine is an image that repairs and nothing "
			    "else, "
			    "and there is nothing to repair" },
	[RECOVER_UNWANTED] = { "recovery.failed", "alert", "failed",
			       "the policy wants no automatic repair, and nobody can log in here; "
			       "every product stays on" },
};

static bool only_start_changed(const struct recover_result *result)
{
	return result->outcome == RECOVER_NOTHING && result->start;
}

static const char *sentence_of(const struct recover_result *result)
{
	if (only_start_changed(result))
		return "no product changed, but what the machine is started with: see 'daruma "
		       "explain'; every product stays on";
	return result->kernel && result->outcome == RECOVER_REPAIRED ?
		       "the kernel of the last good boot is the default, with every product on; "
		       "the next start is a trial" :
		       outcomes[result->outcome].sentence;
}

static void show_entry(const struct recover *recover, bool verified)
{
	const struct daruma_note *note = &recover->boot->note;
	char text[512];
	struct json *details = json_new_object();

	snprintf(text, sizeof(text),
		 "\n*** DARUMA: %s PROFILE (%s). Security products are off in this start. ***\n"
		 "*** See 'daruma status'. Automatic repair is %s. ***\n\n",
		 note->rung == DARUMA_RUNG_RESCUE ? "RESCUE" : "SAFE",
		 daruma_reason_name(note->reason), recover_may_act(recover) ? "on" : "off");
	banner_show(recover->context, text);
	json_add_text(details, "rung", daruma_rung_name(note->rung));
	json_add_text(details, "reason", daruma_reason_name(note->reason));
	json_add_bool(details, "verified", verified);
	event_write(recover->context, recover->database, "profile.safe_entered", "warning",
		    details);
	if (!recover->image)
		safe_image_tell_passed(recover->context, recover->database);
}

/* R39: what is said to be off is looked at. What runs all the same is reported; the repair goes on, since the change is
 * what it was. */
static bool verify_profile(const struct recover *recover)
{
	struct text_list breaches = { 0 };
	/* Below another root the machine's own service manager has nothing to say. */
	int error =
		safe_check(recover->context, recover->context->root[0] ? NULL : recover->processes,
			   recover->products, &breaches);
	bool safe = !error && breaches.count == 0;

	if (error)
		message_cannot(recover->context, error, "find out whether this start is safe");
	for (size_t i = 0; i < breaches.count; i++)
		message_notice(recover->context, "this safe start is not safe: %s",
			       breaches.items[i]);
	if (breaches.count)
		safe_check_tell(recover->context, recover->database, &breaches);
	text_list_free(&breaches);
	return safe;
}

static void tell(const struct recover *recover, const struct recover_result *result)
{
	struct json *details;

	message_notice(recover->context, "%s", sentence_of(result));
	if (!outcomes[result->outcome].event)
		return;
	details = json_new_object();
	json_add_text(details, "why", sentence_of(result));
	json_add_text(details, "product", result->product[0] ? result->product : NULL);
	json_add_integer(details, "products", result->products);
	json_add_integer(details, "objects", result->objects);
	json_add_bool(details, "module", result->module);
	event_write(recover->context, recover->database, outcomes[result->outcome].event,
		    outcomes[result->outcome].severity, details);
	if (outcomes[result->outcome].incident)
		database_run(recover->database,
			     "UPDATE incident SET result=?1, product=COALESCE(?2,product)"
			     " WHERE closed IS NULL",
			     "tt",
			     only_start_changed(result) ? "failed" :
							  outcomes[result->outcome].incident,
			     result->product[0] ? result->product : NULL);
}

/* Whatever was found out or not, the stage is told, and the safe profile is left: it ends by itself (R26). From the initramfs it
 * is not left untold: the system may do what could not be done here. */
static int leave(const struct recover *recover, const struct recover_result *result, bool *ret_left)
{
	int error = recover_answer(recover, result);

	if (error)
		message_cannot(recover->context, error, "answer the firmware stage");
	if (error && recover->offline)
		return error;
	*ret_left = true;
	this_boot_end(recover->database, recover->boot->boot_id, "clean");
	return restart_machine(recover->context, recover->processes, sentence_of(result));
}

/* Drivers are loaded while this start goes on: that none is there yet says nothing. */
static int look_for_driver(const struct recover *recover)
{
	static const char *const settle[] = { "udevadm", "settle", "--timeout=30", NULL };
	owned_descriptor int lock = -1;

	if (!recover->context->root[0])
		process_succeed(recover->processes, settle, 40);
	lock = limits_lock_take(recover->context);
	if (lock == -ETIMEDOUT)
		return lock;
	return watchdog_limit_lost(recover->context);
}

/* The watchdog that the stage arms resets a machine whose kernel has no driver for it: no product is to blame (R62). An initramfs
 * has none of the drivers that the system has, and cannot tell. */
static bool was_reset_for_nothing(const struct recover *recover)
{
	int lost;

	if (recover->context->dry_run || recover->offline || !recover_may_act(recover) ||
	    recover->boot->note.last_ending != DARUMA_ENDING_WATCHDOG)
		return false;
	lost = look_for_driver(recover);
	if (lost < 0)
		message_cannot(recover->context, lost, "look at the limits on the ESP");
	return lost > 0;
}

/* The next start is a trial of it. */
static bool is_remedy(enum recover_outcome outcome)
{
	return outcome == RECOVER_REPAIRED || outcome == RECOVER_REPEATS ||
	       outcome == RECOVER_REDUCED || outcome == RECOVER_SWITCHED;
}

int command_recover_run(const struct recover *recover, bool *ret_left)
{
	struct recover_result result = { .outcome = RECOVER_FAILED };
	int error = 0;

	*ret_left = false;
	if (!recover->context->dry_run) {
		show_entry(recover, verify_profile(recover));
		/* What is set aside and put back lies under the covers. */
		error = module_cover_lift(recover->context);
	}
	if (error >= 0 && was_reset_for_nothing(recover))
		result = (struct recover_result){ .outcome = RECOVER_UNPINGED };
	else if (error >= 0)
		error = recover_repair(recover, &result);
	if (error) {
		message_cannot(recover->context, error, "find out what changed");
		result = (struct recover_result){ .outcome = RECOVER_FAILED };
	}
	if (recover->context->dry_run) {
		message_notice(recover->context, "would end with: %s", sentence_of(&result));
		return error;
	}
	if (result.outcome == RECOVER_STAYS && recover->image)
		result.outcome = daruma_reason_is_asked(recover->boot->note.reason) ?
					 RECOVER_ASKED :
					 RECOVER_UNWANTED;
	if (recover->objects_only && !is_remedy(result.outcome)) {
		message_notice(recover->context,
			       "nothing was set aside: the safe profile of the system goes on");
		return error;
	}
	tell(recover, &result);
	if (result.outcome == RECOVER_STAYS)
		return 0;
	return leave(recover, &result, ret_left);
}

int command_recover_give_up(const struct recover *recover)
{
	const struct recover_result result = { .outcome = RECOVER_FAILED };
	int error = recover_answer(recover, &result);

	return error ? error :
		       restart_machine(recover->context, recover->processes,
				       outcomes[RECOVER_FAILED].sentence);
}
