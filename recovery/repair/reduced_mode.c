/* reduced_mode.c: products in the reduced mode of their own, until they are told to leave it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/repair/reduced_mode.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "recovery/cleanup.h"
#include "recovery/event.h"
#include "recovery/healthy_time.h"
#include "recovery/json.h"
#include "recovery/machine.h"
#include "recovery/repair/vendor_command.h"
#include "recovery/system_file.h"

#define ENTERING   "entering"
#define REDUCED	   REDUCED_MODE_REDUCED
#define LEAVING	   "leaving"
#define LEFT	   "left"
#define DUE	   "due" /* in `released`: a start failed */
#define TRIES_MOST 2 /* of leaving without a person: a power cut may be to blame for the first */

/* --- rows ---------------------------------------------------------------------------------- */

static int read_words(const char *text, struct text_list *ret)
{
	struct json *words = NULL;
	char problem[64];
	int error = json_parse(text, strlen(text), &words, problem, sizeof(problem));

	for (size_t i = 0; !error && i < json_count(words); i++) {
		const char *word = json_string(json_at(words, i));

		error = word ? text_list_add(ret, word) : -EBADMSG;
	}
	json_free(words);
	return error;
}

static char *write_words(const struct text_list *words)
{
	struct json *list = json_new_array();
	char *text;

	for (size_t i = 0; i < words->count; i++)
		json_append_text(list, words->items[i]);
	text = json_print(list, false);
	json_free(list);
	return text;
}

static char *copy_of(const char *text)
{
	return strdup(text ? text : "");
}

static int add_row(const struct database_row *row, void *user)
{
	struct reduced_mode_list *list = user;
	struct reduced_mode *items =
		reallocarray(list->items, list->count + 1, sizeof(*list->items));
	struct reduced_mode *item;

	if (!items)
		return -ENOMEM;
	list->items = items;
	item = &items[list->count++];
	*item = (struct reduced_mode){
		.id = database_integer(row, 0),
		.time = database_integer(row, 1),
		.boot_id = database_text(row, 2) ? strdup(database_text(row, 2)) : NULL,
		.product = copy_of(database_text(row, 3)),
		.step = copy_of(database_text(row, 4)),
		.reason = copy_of(database_text(row, 5)),
		.folder = copy_of(database_text(row, 6)),
		.tries = database_integer(row, 8),
	};
	if (!item->product || !item->step || !item->reason || !item->folder)
		return -ENOMEM;
	return read_words(database_text(row, 7) ? database_text(row, 7) : "", &item->leave);
}

int reduced_mode_load(struct database *database, struct reduced_mode_list *ret)
{
	if (!database)
		return 0;
	return database_query(database, add_row, ret,
			      "SELECT id,time,boot_id,product,step,reason,folder,leave,tries"
			      " FROM reduced_mode WHERE step<>'" LEFT "' ORDER BY id",
			      "");
}

void reduced_mode_list_free(struct reduced_mode_list *list)
{
	for (size_t i = 0; list && i < list->count; i++) {
		struct reduced_mode *item = &list->items[i];

		free(item->boot_id);
		free(item->product);
		free(item->step);
		free(item->reason);
		free(item->folder);
		text_list_free(&item->leave);
	}
	if (!list)
		return;
	free(list->items);
	*list = (struct reduced_mode_list){ 0 };
}

int reduced_mode_products(struct database *database, struct text_list *ret)
{
	struct reduced_mode_list list = { 0 };
	int error = reduced_mode_load(database, &list);

	for (size_t i = 0; !error && i < list.count; i++)
		error = text_list_add(ret, list.items[i].product);
	reduced_mode_list_free(&list);
	return error;
}

static int set_step(struct database *database, int64_t id, const char *step)
{
	return database_run(database, "UPDATE reduced_mode SET step=?2 WHERE id=?1", "it", id,
			    step);
}

/* --- the way back -------------------------------------------------------------------------- */

struct work {
	const struct context *context;
	struct database *database;
	const struct process_port *processes;
	int64_t until; /* no command is begun from then on, by healthy_time_now(); 0: no limit */
};

static bool has_time(int64_t until)
{
	return until == 0 || healthy_time_now() < until;
}

/* `error`: why its command failed, 0 it did not. */
static void tell(const struct work *work, const char *event, const char *severity,
		 const char *product, const char *reason, int error, const char *output)
{
	struct json *details = json_new_object();

	json_add_text(details, "product", product);
	json_add_text(details, "reason", reason);
	json_add_text(details, "why", error ? vendor_command_problem(error) : NULL);
	json_add_text(details, "output", output);
	event_write(work->context, work->database, event, severity, details);
}

/* With the product goes its mode. A program that alone is missing may be set aside: then the way back is still due. */
static int run_back(const struct work *work, const struct reduced_mode *row, char *ret_output)
{
	int error = vendor_command_run(work->context, work->processes, row->folder, &row->leave,
				       VENDOR_COMMAND_SECONDS, ret_output);

	return error == -ENOENT && !system_exists(work->context, row->folder) ? 0 : error;
}

static int go_back(const struct work *work, const struct reduced_mode *row)
{
	char output[VENDOR_COMMAND_OUTPUT_SIZE];
	int error = database_run(work->database,
				 "UPDATE reduced_mode SET step='" LEAVING "', tries=tries+1"
				 " WHERE id=?1",
				 "i", row->id);

	if (error)
		return error;
	error = run_back(work, row, output);
	tell(work, error ? "product.reduced_failed" : "product.reduced_left",
	     error ? "error" : "notice", row->product, row->reason, error, output);
	return error ? error : set_step(work->database, row->id, LEFT);
}

typedef bool row_test(const struct reduced_mode *row, const char *product);

static int go_back_each(const struct work *work, row_test *is_meant, const char *product)
{
	struct reduced_mode_list list = { 0 };
	int first = 0, count = 0, unread = reduced_mode_load(work->database, &list);

	for (size_t i = 0; !unread && i < list.count; i++) {
		int error = 0;

		if (!is_meant(&list.items[i], product))
			continue;
		if (!has_time(work->until))
			break;
		if (!work->context->dry_run)
			error = go_back(work, &list.items[i]);
		first = first ? first : error;
		count += !error;
	}
	reduced_mode_list_free(&list);
	first = unread ? unread : first;
	return first ? first : count;
}

static bool is_of(const struct reduced_mode *row, const char *product)
{
	return !product || strcmp(row->product, product) == 0;
}

/* `released`: NULL for good. It is entered first: what has left is not looked at again. */
static int let_go(const struct work *work, const char *product, const char *released)
{
	int error = work->context->dry_run ?
			    0 :
			    database_run(work->database,
					 "UPDATE reduced_mode SET released=?2 WHERE step<>'" LEFT
					 "' AND (?1 IS NULL OR product=?1)",
					 "tt", product, released);

	return error ? error : go_back_each(work, is_of, product);
}

int reduced_mode_leave(const struct context *context, struct database *database,
		       const struct process_port *processes, const char *product)
{
	const struct work work = { context, database, processes, 0 };

	return let_go(&work, product, NULL);
}

int reduced_mode_release(const struct context *context, struct database *database,
			 const struct process_port *processes, const char *product)
{
	const struct work work = { context, database, processes, 0 };
	char kernel_boot_id[33];

	machine_kernel_boot_id(context, kernel_boot_id);
	return let_go(&work, product, kernel_boot_id);
}

int reduced_mode_prove(const struct context *context, struct database *database)
{
	char kernel_boot_id[33];

	machine_kernel_boot_id(context, kernel_boot_id);
	return database_run(database,
			    "UPDATE reduced_mode SET released=NULL WHERE step='" LEFT
			    "' AND released<>?1 AND released<>'" DUE "'",
			    "t", kernel_boot_id);
}

int reduced_mode_fail(struct database *database, enum daruma_ending ending)
{
	/* A power cut convicts nobody. */
	if (ending != DARUMA_ENDING_PANIC && ending != DARUMA_ENDING_WATCHDOG)
		return 0;
	return database_run(database,
			    "UPDATE reduced_mode SET released='" DUE "' WHERE step='" LEFT
			    "' AND released NOT NULL",
			    "");
}

static bool is_cut(const struct reduced_mode *row, const char *product)
{
	(void)product;
	return strcmp(row->step, REDUCED) != 0 && row->tries < TRIES_MOST;
}

int reduced_mode_mend(const struct context *context, struct database *database,
		      const struct process_port *processes, int64_t until)
{
	const struct work work = { context, database, processes, until };

	return go_back_each(&work, is_cut, NULL);
}

/* --- the way in ---------------------------------------------------------------------------- */

bool reduced_mode_is_named(const struct context *context, const struct product *product)
{
	return product->reduced_enter.count && product->reduced_leave.count &&
	       vendor_command_may_be_named(context, product);
}

static int insert(struct database *database, const struct product *product, const char *boot_id,
		  const char *reason)
{
	owned char *leave = write_words(&product->reduced_leave);

	if (!leave)
		return -ENOMEM;
	return database_run(
		database,
		"INSERT INTO reduced_mode(time,boot_id,product,step,reason,folder,leave)"
		" VALUES(?1,?2,?3,'" ENTERING "',?4,?5,?6)",
		"itttt"
		"t",
		(int64_t)time(NULL), boot_id, product->id, reason,
		product_code_path(product, product->reduced_leave.items[0]), leave);
}

static int end_trial(struct database *database, const char *product)
{
	return database_run(database, "UPDATE reduced_mode SET released=NULL WHERE product=?1", "t",
			    product);
}

/* With the new row ends the trial of an older one: else a power cut would have the product enter once more. */
static int begin(struct database *database, const struct product *product, const char *boot_id,
		 const char *reason, int64_t *ret_id)
{
	int error = database_begin(database);

	if (error)
		return error;
	error = insert(database, product, boot_id, reason);
	*ret_id = database_last_id(database);
	if (!error)
		error = end_trial(database, product->id);
	if (!error)
		error = database_commit(database);
	if (error)
		database_rollback(database);
	return error;
}

static int go_in(const struct work *work, const struct product *product, int64_t id,
		 const char *reason)
{
	char output[VENDOR_COMMAND_OUTPUT_SIZE];
	int error = vendor_command_run(work->context, work->processes,
				       product_code_path(product, product->reduced_enter.items[0]),
				       &product->reduced_enter, VENDOR_COMMAND_SECONDS, output);

	if (!error)
		error = set_step(work->database, id, REDUCED);
	tell(work, error ? "product.reduced_failed" : "product.reduced",
	     error ? "error" : "warning", product->id, reason, error, output);
	return error;
}

int reduced_mode_enter(const struct context *context, struct database *database,
		       const struct process_port *processes, const struct product *product,
		       const char *boot_id, const char *reason)
{
	const struct work work = { context, database, processes, 0 };
	int64_t id;
	int error;

	if (!reduced_mode_is_named(context, product))
		return -EOPNOTSUPP;
	if (context->dry_run)
		return 0;
	error = begin(database, product, boot_id, reason, &id);
	if (error)
		return error;
	error = go_in(&work, product, id, reason);
	/* It may have done half of it. */
	if (error)
		reduced_mode_leave(context, database, processes, product->id);
	return error;
}

static int add_text(const struct database_row *row, void *user)
{
	return text_list_add(user, database_text(row, 0));
}

static int enter_again(const struct context *context, struct database *database,
		       const struct process_port *processes, const struct product *product,
		       const char *boot_id)
{
	int error = product ?
			    reduced_mode_enter(context, database, processes, product, boot_id,
					       "it had left its reduced mode on trial, and a start "
					       "failed") :
			    -ESRCH;

	return error ? error : 1;
}

/* Where it cannot enter the trial ends all the same. */
int reduced_mode_end_trials(const struct context *context, struct database *database,
			    const struct process_port *processes,
			    const struct product_list *products, const char *boot_id, int64_t until)
{
	struct text_list released = { 0 };
	int first = context->dry_run ? 0 :
				       database_query(database, add_text, &released,
						      "SELECT product FROM reduced_mode WHERE "
						      "step='" LEFT "' AND released NOT NULL",
						      "");
	int count = 0;

	for (size_t i = 0; i < released.count && has_time(until); i++) {
		int result = enter_again(context, database, processes,
					 product_list_find(products, released.items[i]), boot_id);
		int error = end_trial(database, released.items[i]);

		first = first ? first : result < 0 ? result : error;
		count += result == 1;
	}
	text_list_free(&released);
	return first ? first : count;
}
