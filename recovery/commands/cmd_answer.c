/* cmd_answer.c: daruma answer: tells the stage of a stop, a sleep or a change; called at shutdown and by hooks
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "recovery/boot/answer_lock.h"
#include "recovery/boot/own_answer.h"
#include "recovery/boot/this_boot.h"
#include "recovery/cleanup.h"
#include "recovery/commands/commands.h"
#include "recovery/first_error.h"
#include "recovery/inventory/generation.h"
#include "recovery/message.h"
#include "recovery/process.h"
#include "recovery/products/watch_set.h"
#include "recovery/run_mark.h"
#include "recovery/state.h"

#define LOOK_SECONDS 10 /* daruma-clean-stop.service has 20 */

struct answering {
	const struct context *context;
	struct database *database; /* NULL where the state cannot be opened */
	struct this_boot boot;
	int lock;		     /* on the answer; negative: none */
	struct daruma_answer answer; /* as stored for this start, or empty */
};

/* False where nobody can tell: no change, no blame. */
static bool watch_set_differs(const struct answering *answering)
{
	struct product_list products = { 0 };
	bool changed = false;

	if (answering->database && watch_set_load(answering->context, &products, NULL) == 0 &&
	    generation_differs(answering->context, answering->database, &products, &changed) != 0)
		changed = false;
	product_list_free(&products);
	return changed;
}

/* What takes long comes before it: others wait for the lock. */
static void take_answer(struct answering *answering)
{
	answering->lock = answer_lock_take(answering->context);
	own_answer_load(answering->context, answering->database, &answering->boot,
			&answering->answer);
}

static void let_answer_go(struct answering *answering)
{
	if (answering->lock >= 0)
		close(answering->lock);
	answering->lock = -1;
}

static int write_answer(const struct answering *answering)
{
	return firmware_write_answer(answering->context, answering->boot.id, &answering->answer);
}

static bool was_healthy(const struct answering *answering)
{
	owned char *outcome = NULL;

	return answering->database &&
	       this_boot_outcome(answering->database, answering->boot.boot_id, &outcome) == 0 &&
	       outcome && strcmp(outcome, "good") == 0;
}

/* What has been told by then counts. */
static void give_up_look(int number)
{
	(void)number;
	_exit(EXIT_DONE);
}

/* A stop does not wait until a large watch set was looked at. */
static bool differs_in_time(const struct answering *answering)
{
	bool differs;

	signal(SIGALRM, give_up_look);
	alarm(LOOK_SECONDS);
	differs = watch_set_differs(answering);
	alarm(0);
	return differs;
}

static int say_stop(struct answering *answering)
{
	struct daruma_answer *answer = &answering->answer;
	int error;

	/* Healthy, and the good answer could not be stored then: this is the last chance. */
	answer->result = was_healthy(answering) ? DARUMA_RESULT_GOOD : DARUMA_RESULT_CLEAN;
	error = write_answer(answering);
	if (answering->database && answer->result == DARUMA_RESULT_CLEAN)
		this_boot_end(answering->database, answering->boot.boot_id, "clean");
	return error;
}

/* After the good answer only news is worth a write (R54); before it, the stop itself is news, and is told before anything
 * that takes time: cut off, it would be a failure. */
static int say_clean(struct answering *answering)
{
	struct daruma_answer *answer = &answering->answer;
	int error = 0;

	take_answer(answering);
	/* Daruma itself gave this start up: it must not look like an orderly one. */
	if (run_mark_is_set(answering->context, RUN_MARK_GIVEN_UP))
		return 0;
	if (answer->result != DARUMA_RESULT_GOOD)
		error = say_stop(answering);
	let_answer_go(answering);
	if (answer->changed || !differs_in_time(answering))
		return error;
	take_answer(answering);
	answer->changed = true;
	first_error_keep(&error, write_answer(answering));
	return error;
}

/* A kernel was installed: the next start runs something new. */
static int say_changed(struct answering *answering)
{
	/* For the good answer of this start, which may come later. */
	run_mark_set(answering->context, RUN_MARK_CHANGED);
	take_answer(answering);
	answering->answer.changed = true;
	return write_answer(answering);
}

static int say_sleeping(struct answering *answering)
{
	take_answer(answering);
	/* The gate may be between its answer and the row; after the resume only the row can tell of the answer. */
	if (answering->database && answering->answer.result == DARUMA_RESULT_GOOD)
		this_boot_end(answering->database, answering->boot.boot_id, "good");
	answering->answer.result = DARUMA_RESULT_HIBERNATED;
	return write_answer(answering);
}

static int copy_flag(const struct database_row *row, void *user)
{
	*(bool *)user = database_integer(row, 0) != 0;
	return 1;
}

/* The machine came back from its image: another boot id, the same kernel. */
static int say_awake(struct answering *answering)
{
	struct daruma_answer *answer = &answering->answer;
	struct this_boot *boot = &answering->boot;
	bool healthy = false;
	int error = 0;

	if (answering->database) {
		database_query(
			answering->database, copy_flag, &healthy,
			"SELECT COUNT(*) FROM boot WHERE kernel_boot_id=?1 AND outcome='good'", "t",
			boot->kernel_boot_id);
		error = this_boot_register(answering->context, answering->database, boot);
		if (!error && healthy)
			error = this_boot_end(answering->database, boot->boot_id, "good");
	}
	take_answer(answering);
	answer->result = healthy ? DARUMA_RESULT_GOOD : DARUMA_RESULT_NONE;
	return error ? error : write_answer(answering);
}

static const struct {
	const char *word;
	int (*say)(struct answering *answering);
} words[] = {
	{ "clean", say_clean },
	{ "changed", say_changed },
	{ "sleep", say_sleeping },
	{ "resume", say_awake },
};

static int answer(const struct context *context, int (*say)(struct answering *))
{
	struct answering answering = { .context = context, .lock = -1 };
	int error;

	/* Not being able to open the state must not stop the answer. */
	if (state_open_existing(context, &answering.database) != 0)
		answering.database = NULL;
	error = this_boot_read(context, answering.database, &answering.boot);
	if (error) {
		message_notice(context, "nothing is answered: %s", this_boot_problem(error));
		database_close(answering.database);
		return EXIT_DONE;
	}
	error = say(&answering);
	let_answer_go(&answering);
	database_close(answering.database);
	return error ? message_cannot(context, error, "answer the firmware stage") : EXIT_DONE;
}

int cmd_answer(const struct context *context, int argc, char *argv[])
{
	for (size_t i = 0; argc == 2 && i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(argv[1], words[i].word) == 0)
			return answer(context, words[i].say);
	}
	return message_usage("answer takes one of: clean, changed, sleep, resume");
}
