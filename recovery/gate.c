/* gate.c: waits until the system has been healthy long enough, and says so
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/gate.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "recovery/boot/answer_lock.h"
#include "recovery/boot/boot_order.h"
#include "recovery/boot/install.h"
#include "recovery/boot/kernel_copy.h"
#include "recovery/boot/limits_lock.h"
#include "recovery/boot/own_answer.h"
#include "recovery/boot/own_entry.h"
#include "recovery/boot/own_trust.h"
#include "recovery/boot/safe_image_change.h"
#include "recovery/boot/stage_trial.h"
#include "recovery/boot/watchdog_limit.h"
#include "recovery/cleanup.h"
#include "recovery/crash_search.h"
#include "recovery/event.h"
#include "recovery/first_error.h"
#include "recovery/health.h"
#include "recovery/healthy_time.h"
#include "recovery/hold.h"
#include "recovery/incident.h"
#include "recovery/initramfs_image.h"
#include "recovery/inventory/generation.h"
#include "recovery/machine.h"
#include "recovery/message.h"
#include "recovery/overdue.h"
#include "recovery/panic_setting.h"
#include "recovery/quarantine/holds.h"
#include "recovery/quarantine/module_image.h"
#include "recovery/quarantine/on_trial.h"
#include "recovery/quarantine/taken_away.h"
#include "recovery/repair/left_work.h"
#include "recovery/repair/reduced_mode.h"
#include "recovery/run_mark.h"
#include "recovery/spare_room.h"
#include "recovery/state.h"
#include "recovery/system_file.h"

#define PATIENCE_SECONDS 600 /* then it looks less often */
#define STEP_QUICK	 1
#define STEP_NORMAL	 5
#define STEP_SLOW	 30

static unsigned step_of(const struct policy_file *policy, int64_t waited)
{
	if (policy->settle_seconds < 30)
		return STEP_QUICK;
	return waited < PATIENCE_SECONDS ? STEP_NORMAL : STEP_SLOW;
}

static bool is_healthy(const struct gate *gate, const struct product_list *products,
		       char ret_why[HEALTH_WHY_SIZE])
{
	/* It could be written when the gate began: a disk that fails meanwhile. */
	if (gate->records && state_is_read_only(gate->context)) {
		snprintf(ret_why, HEALTH_WHY_SIZE, "%s cannot be written", STATE_FOLDER);
		return false;
	}
	return health_check(gate->context, gate->processes, products, ret_why) == HEALTH_HOLDS;
}

static void wait_for_health(const struct gate *gate, const struct product_list *products)
{
	struct health_streak streak = { .running = false };
	char why[HEALTH_WHY_SIZE] = "", told[HEALTH_WHY_SIZE] = "";
	int64_t begin = healthy_time_now();
	bool overdue = false;

	for (;;) {
		bool healthy = is_healthy(gate, products, why);
		int64_t now = healthy_time_now();

		if (!healthy && strcmp(why, told) != 0) {
			message_notice(gate->context, "not healthy yet: %s", why);
			memcpy(told, why, sizeof(told));
		}
		if (healthy)
			told[0] = '\0';
		else if (!overdue)
			overdue = overdue_look(gate, now - begin, why) != 0;
		if (health_streak_feed(&streak, healthy, (long)now) >=
			    (long)gate->policy->settle_seconds &&
		    healthy)
			return;
		sleep(step_of(gate->policy, now - begin));
	}
}

/* Where it fails the machine is healthy all the same, and no deadline may end this start for it. Its state is no
 * good one. */
static void finish_left(const struct gate *gate, const struct this_boot *boot)
{
	const struct left_work work = { .context = gate->context,
					.database = gate->database,
					.products = gate->products,
					.policy = gate->policy,
					.boot = boot };

	if (gate->records)
		left_work_do(&work);
}

void gate_wait(const struct gate *gate, const struct this_boot *boot)
{
	struct product_list counted;

	finish_left(gate, boot);
	if (taken_away_counted(gate->context, gate->database, gate->products, &counted) != 0) {
		wait_for_health(gate, gate->products);
		return;
	}
	wait_for_health(gate, &counted);
	free(counted.items);
}

static int write_good(const struct gate *gate, const struct this_boot *boot)
{
	owned_descriptor int lock = answer_lock_take(gate->context);
	struct daruma_answer answer;

	own_answer_load(gate->context, gate->database, boot, &answer);
	answer.result = DARUMA_RESULT_GOOD;
	/* What is here now becomes the good state, but for a kernel that only the next start runs. */
	answer.changed = run_mark_is_set(gate->context, RUN_MARK_CHANGED);
	answer.accused = false;
	return firmware_write_answer(gate->context, boot->id, &answer);
}

/* The event comes first: what is later than the end of this start belongs to the next incident (incident.c). */
static int enter_good(const struct gate *gate, const struct this_boot *boot, const char *cause)
{
	struct json *details = json_new_object();
	int error;

	json_add_text(details, "rung", daruma_rung_name(boot->note.rung));
	json_add_text(details, "cause", cause);
	json_add_integer(details, "uptime_seconds", healthy_time_now());
	error = event_write(gate->context, gate->database, "boot.succeeded", "info", details);
	first_error_keep(&error, this_boot_end(gate->database, boot->boot_id, "good"));
	first_error_keep(&error, incident_close(gate->database, time(NULL)));
	return error;
}

/* What is due stays so. */
static int leave_to_package_manager(const struct gate *gate, int result)
{
	if (result != -EINPROGRESS)
		return result;
	message_notice(gate->context,
		       "the package manager is at work: the initramfs is left to the "
		       "next good start");
	return 0;
}

static int refresh_hold_list(const struct gate *gate)
{
	int result = hold_refresh(gate->context, gate->products);

	/* The initramfs has a copy of the list. */
	if (result >= 0)
		result = initramfs_image_refresh(gate->context, gate->processes);
	return result == -EOPNOTSUPP ? 0 : leave_to_package_manager(gate, result);
}

/* What the guard moved has to be in the images before the next start. */
static int catch_up(const struct gate *gate)
{
	return leave_to_package_manager(
		gate, module_image_catch_up(gate->context, gate->processes, gate->database));
}

int gate_keep_order(const struct gate *gate)
{
	struct boot_entry ours;
	struct esp esp;
	int result;

	if (state_get_number(gate->database, BOOT_ORDER_NUMBER_KEY, -1) < 0)
		return 0;
	result = own_entry_describe(gate->context, gate->database, &ours);
	if (!result)
		result = esp_find(gate->context, &esp);
	if (!result)
		result = own_trust_may_come_first(gate->variables, &esp, &ours);
	if (result < 0)
		return result;
	if (result)
		return boot_order_keep(gate->context, gate->variables, gate->database, &ours);
	message_notice(gate->context, "shim does not know the signature of the stage: its boot "
				      "entry is left behind the others");
	result = boot_order_step_back(gate->variables, gate->database, &ours);
	return result < 0 ? result : 0;
}

/* What watched over the start until here is let go (R5), and the next one is watched where its driver was seen. */
static int follow_watchdog(const struct gate *gate, const struct this_boot *boot)
{
	int error = watchdog_limit_release(gate->context, &boot->note);
	owned_descriptor int lock = limits_lock_take(gate->context);
	int written = lock < 0 ? lock :
				 watchdog_limit_follow(gate->context,
						       gate->policy->limits.watchdog_seconds);

	if (error > 0)
		message_notice(gate->context, "the watchdog of this start is stopped");
	return error < 0 ? error : written < 0 ? written : 0;
}

/* What safe and rescue starts are of. */
static int follow_kernel(const struct gate *gate)
{
	owned_descriptor int lock = limits_lock_take(gate->context);
	int error =
		lock < 0 ? lock : safe_image_follow(gate->context, gate->database, gate->policy);

	return error < 0 ? error :
			   kernel_copy_follow(gate->context, gate->database, gate->policy,
					      machine_start_time());
}

/* This start is good: what says that of a new stage, if it came by one? */
static int follow_stage_trial(const struct gate *gate, const struct this_boot *boot)
{
	struct esp esp;
	struct boot_entry ours;
	const struct stage_trial_place place = { .context = gate->context,
						 .variables = gate->variables,
						 .database = gate->database,
						 .esp = &esp,
						 .ours = &ours };
	int error;

	if (!stage_trial_is_pending(gate->database))
		return 0;
	error = esp_find(gate->context, &esp);
	if (!error)
		error = own_entry_describe(gate->context, gate->database, &ours);
	return error ? error :
		       stage_trial_follow(&place, boot->note.last_ending == DARUMA_ENDING_CLEAN);
}

/* A stop of the machine just after the answer must not leave a good start without its row and its generation: the next
 * crash would blame what has run well since. Puts the signal off (SIG_BLOCK) or lets it come (SIG_UNBLOCK). */
static void put_off_stop(int how)
{
	sigset_t stop;

	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	sigprocmask(how, &stop, NULL);
}

/* `taking` is NULL where the state of now could not be read. */
static int record_good(const struct gate *gate, const struct this_boot *boot, const char *cause,
		       struct generation_taking *taking)
{
	int64_t generation;
	int error = write_good(gate, boot);

	first_error_keep(&error, healthy_time_begin(gate->database, boot->kernel_boot_id,
						    healthy_time_now()));
	first_error_keep(&error, enter_good(gate, boot, cause));
	first_error_keep(&error, crash_search_mark_seen(gate->context, gate->database));
	if (taking)
		first_error_keep(&error, generation_record(taking, &generation));
	first_error_keep(&error, on_trial_prove(gate->context, gate->database));
	first_error_keep(&error, reduced_mode_prove(gate->context, gate->database));
	first_error_keep(&error, spare_room_keep(gate->context));
	run_mark_set(gate->context, RUN_MARK_RECORDED);
	return error;
}

int gate_good(const struct gate *gate, const struct this_boot *boot, const char *cause)
{
	struct generation_taking *taking = NULL;
	struct this_boot now;
	int error;

	finish_left(gate, boot);
	/* What waits or takes long comes before the answer: who stops the machine kills a process that does not end soon. */
	error = generation_prepare(gate->context, gate->database, gate->products, gate->policy,
				   "good-boot", boot->boot_id, &taking);
	/* The machine may have slept meanwhile, and gone through the stage again. */
	if (this_boot_read(gate->context, gate->database, &now) != 0 ||
	    this_boot_register(gate->context, gate->database, &now) != 0)
		now = *boot;
	put_off_stop(SIG_BLOCK);
	first_error_keep(&error, record_good(gate, &now, cause, taking));
	put_off_stop(SIG_UNBLOCK);
	generation_taking_free(taking);
	first_error_keep(&error, panic_setting_give_back(gate->context, gate->processes));
	first_error_keep(&error, follow_watchdog(gate, &now));
	if (boot->note.rung == DARUMA_RUNG_ASIDE)
		return error;
	first_error_keep(&error, follow_stage_trial(gate, &now));
	first_error_keep(&error, gate_keep_order(gate));
	/* The guard holds updaters; asking a package manager takes longer than it has, and its timers run soon (R25). */
	if (holds_are_due(gate->database))
		holds_update(gate->context, gate->database, gate->products);
	first_error_keep(&error, refresh_hold_list(gate));
	/* Behind the generation: this start says nothing about a mode left in it. What fails is an event, and stays due. */
	reduced_mode_mend(gate->context, gate->database, gate->processes, 0);
	first_error_keep(&error, catch_up(gate));
	/* Last: images that were made anew just now are none that booted. */
	first_error_keep(&error, follow_kernel(gate));
	return error;
}

int gate_answer_only(const struct gate *gate, const struct this_boot *boot)
{
	int error = write_good(gate, boot);
	int released = watchdog_limit_release(gate->context, &boot->note);

	first_error_keep(&error, released < 0 ? released : 0);
	first_error_keep(&error, panic_setting_give_back(gate->context, gate->processes));
	return error;
}

/* The start in which the stage was installed did not go past it. */
static bool is_start_of_installation(const struct gate *gate)
{
	char now[33];
	owned char *then = NULL;

	machine_kernel_boot_id(gate->context, now);
	return state_get_text(gate->database, INSTALL_BOOT_KEY, &then) == 0 && then &&
	       strcmp(now, then) == 0;
}

int gate_bypassed(const struct gate *gate)
{
	struct json *details;
	int kept, error;

	if (state_get_number(gate->database, BOOT_ORDER_NUMBER_KEY, -1) < 0 ||
	    is_start_of_installation(gate))
		return 0;
	kept = gate_keep_order(gate);
	details = json_new_object();
	json_add_bool(details, "order_mended", kept == 1);
	error = event_write(gate->context, gate->database, "stage.bypassed", "warning", details);
	return kept < 0 ? kept : error;
}
