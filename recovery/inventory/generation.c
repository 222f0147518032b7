/* generation.c: taking and keeping generations: what a good state of the watched products consists of
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/generation.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "recovery/inventory/facts.h"
#include "recovery/inventory/folder_attributes.h"
#include "recovery/inventory/generation_proof.h"
#include "recovery/inventory/inventory.h"
#include "recovery/inventory/store.h"
#include "recovery/inventory/store_budget.h"
#include "recovery/inventory/unread.h"
#include "recovery/machine.h"
#include "recovery/message.h"
#include "recovery/repair/late_loop.h"
#include "recovery/state.h"

struct generation_taking {
	const struct context *context;
	struct database *database;
	const struct policy_file *policy;
	const char *cause, *boot_id;
	int64_t newest, last_good;
	struct inventory known; /* that of `newest` */
	struct inventory now;
	struct generation_proof proof;
	struct watched_paths paths;
	struct folder_attributes folders; /* of `now` */
	struct fact_list known_facts;	  /* that of `newest` */
	struct fact_list facts;
	struct store store;
	struct store_budget budget;
	bool newest_is_good;
};

static int copy_two(const struct database_row *row, void *user)
{
	int64_t *values = user;

	values[0] = database_integer(row, 0);
	values[1] = database_integer(row, 1);
	return 0;
}

int generation_last_good(struct database *database, int64_t *ret_id, int64_t *ret_time)
{
	int64_t values[2] = { 0, 0 };
	int error = database_query(
		database, copy_two, values,
		"SELECT id,time FROM generation WHERE good=1 ORDER BY id DESC LIMIT 1", "");

	if (error)
		return error;
	*ret_id = values[0];
	if (ret_time)
		*ret_time = values[1];
	return 0;
}

/* --- copies -------------------------------------------------------------------------------- */

static bool is_small(const struct generation_taking *taking, const struct inventory_file *file)
{
	return (uint64_t)file->size <= taking->policy->store_file_bytes;
}

static bool wants(const struct inventory_file *file, void *user)
{
	const struct generation_taking *taking = user;

	return is_small(taking, file) && store_budget_has_room(&taking->budget, file->size);
}

static int keep(int fd, struct inventory_file *file, void *user)
{
	struct generation_taking *taking = user;
	int error =
		is_small(taking, file) ? store_budget_make_room(&taking->budget, file->size) : 0;

	file->stored = false;
	if (error || !wants(file, taking))
		return error;
	error = store_put(&taking->store, fd, file->sha256);
	file->stored = error == 0;
	if (!error)
		taking->budget.put += file->size;
	/* The copy is a help, not a duty: the next generation tries again. */
	return error == -ENOSPC || error == -EDQUOT || error == -EAGAIN ? 0 : error;
}

/* --- the tables ---------------------------------------------------------------------------- */

static bool is_same(const struct inventory *one, const struct inventory *other)
{
	if (one->count != other->count)
		return false;
	for (size_t i = 0; i < one->count; i++) {
		const struct inventory_file *a = &one->files[i], *b = &other->files[i];

		if (strcmp(a->path, b->path) != 0 || strcmp(a->sha256, b->sha256) != 0 ||
		    strcmp(a->kind, b->kind) != 0 || strcmp(a->product, b->product) != 0 ||
		    strcmp(a->set_name, b->set_name) != 0)
			return false;
	}
	return unread_is_same(&one->unread, &other->unread);
}

static bool is_up_to_date(const struct inventory_file *now, const struct inventory_file *known)
{
	return now->mtime_ns == known->mtime_ns && now->ctime_ns == known->ctime_ns &&
	       now->inode == known->inode && now->device == known->device &&
	       now->stored == known->stored && now->by_type == known->by_type;
}

/* The same files with other inodes, times or owners: noted, so that they are not read each time. */
static int refresh(const struct generation_taking *taking)
{
	int error = 0;

	for (size_t i = 0; !error && i < taking->now.count; i++) {
		const struct inventory_file *file = &taking->now.files[i];

		if (is_up_to_date(file, &taking->known.files[i]))
			continue;
		error = database_run(
			taking->database,
			"UPDATE object SET mtime_ns=?3,ctime_ns=?4,inode=?5,device=?6,"
			"mode=?7,stored=?8,attributes=?9,by_type=?10 WHERE generation=?1 AND "
			"path=?2",
			"itiiiiiiti", taking->newest, file->path, file->mtime_ns, file->ctime_ns,
			file->inode, file->device, file->mode, (int64_t)file->stored,
			file->attributes, (int64_t)file->by_type);
	}
	if (!error && taking->proof.good)
		error = database_run(taking->database,
				     "UPDATE generation SET good=1 WHERE id=?1 AND good=0", "i",
				     taking->newest);
	return error;
}

static int insert_files(const struct generation_taking *taking, int64_t id)
{
	struct database_statement *statement = NULL;
	int error = database_prepare(
		taking->database,
		"INSERT INTO object(generation,path,product,kind,set_name,sha256,size,mtime_ns,"
		"ctime_ns,inode,device,mode,stored,attributes,by_type)"
		" VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15)",
		&statement);

	for (size_t i = 0; !error && i < taking->now.count; i++) {
		const struct inventory_file *file = &taking->now.files[i];

		error = database_execute(
			statement, "itttttiiiiiiiti", id, file->path, file->product, file->kind,
			file->set_name, file->sha256, file->size, file->mtime_ns, file->ctime_ns,
			file->inode, file->device, file->mode, (int64_t)file->stored,
			file->attributes ? file->attributes : "{}", (int64_t)file->by_type);
	}
	database_statement_free(statement);
	return error;
}

/* What is good is not replaced by what is not known to be. */
static int refresh_facts(const struct generation_taking *taking)
{
	if ((taking->newest_is_good && !taking->proof.good) ||
	    fact_list_is_same(&taking->facts, &taking->known_facts))
		return 0;
	return fact_list_save(taking->database, taking->newest, &taking->facts);
}

static int insert(struct generation_taking *taking, int64_t *ret_id)
{
	struct machine machine;
	int error;

	machine_describe(taking->context, &machine);
	error = database_run(taking->database,
			     "INSERT INTO generation(time,cause,kernel,boot_id,good)"
			     " VALUES(?1,?2,?3,?4,?5)",
			     "ittti", (int64_t)time(NULL), taking->cause, machine.kernel,
			     taking->boot_id, (int64_t)taking->proof.good);
	if (error)
		return error;
	*ret_id = database_last_id(taking->database);
	error = insert_files(taking, *ret_id);
	if (!error)
		error = unread_save(taking->database, *ret_id, &taking->now.unread);
	return error ? error : fact_list_save(taking->database, *ret_id, &taking->facts);
}

/* Those behind the last `generations` good ones; there is always one good one among the kept if there is any. */
static int prune(const struct generation_taking *taking, bool *ret_pruned)
{
	unsigned most = taking->policy->generations ? taking->policy->generations : 1;
	int error;

	/* The one from before the loop is among the oldest, and is what ends it. */
	if (late_loop_is_left(taking->database, taking->boot_id))
		return 0;
	error = database_run(taking->database,
			     "DELETE FROM generation WHERE id<(SELECT MIN(id) FROM (SELECT id FROM "
			     "generation WHERE good=1 ORDER BY id DESC LIMIT ?1))",
			     "i", (int64_t)most);
	*ret_pruned = !error && database_changes(taking->database) > 0;
	return error;
}

static int record(struct generation_taking *taking, int64_t *ret_id, bool *ret_pruned)
{
	bool same = taking->newest && is_same(&taking->now, &taking->known) &&
		    !facts_start_differs(&taking->known_facts, &taking->facts);
	int64_t id = taking->newest;
	int error = database_begin(taking->database);

	if (error)
		return error;
	error = same ? refresh(taking) : insert(taking, &id);
	if (!error && same)
		error = refresh_facts(taking);
	if (!error)
		error = folder_attributes_save(taking->database, id, &taking->folders);
	if (!error)
		error = prune(taking, ret_pruned);
	if (!error)
		error = database_commit(taking->database);
	if (error)
		database_rollback(taking->database);
	else
		*ret_id = id;
	return error;
}

/* --- all of it ----------------------------------------------------------------------------- */

static int look(struct generation_taking *taking, const struct product_list *products)
{
	const struct inventory_survey survey = {
		.known = &taking->known,
		.keep = keep,
		.wants = wants,
		.user = taking,
	};
	int error = watched_paths_make(taking->context, products, &taking->paths);

	if (!error)
		error = inventory_take(taking->context, products, &taking->paths, &survey,
				       &taking->now);
	if (!error)
		error = folder_attributes_read(taking->context, &taking->paths, &taking->now,
					       &taking->folders);
	/* A row that says "stored" must not come before the copy is on the disk. */
	if (!error && taking->budget.put)
		error = store_sync(&taking->store);
	return error;
}

static int judge(struct generation_taking *taking, const struct product_list *products)
{
	const struct generation_start start = { .context = taking->context,
						.database = taking->database,
						.policy = taking->policy,
						.products = products,
						.cause = taking->cause,
						.boot_id = taking->boot_id,
						.last_good = taking->last_good };
	int error = generation_judge(&start, &taking->proof);

	return error ? error : generation_keep_proved(&taking->proof, &taking->now);
}

/* Once: the next time it is known. */
static void tell_unread(const struct generation_taking *taking)
{
	const struct text_list *unread = &taking->now.unread;

	if (unread->count && !unread_is_same(unread, &taking->known.unread))
		message_notice(
			taking->context,
			"%zu files or folders of watched products cannot be read, and changes "
			"of them are not seen; one is %s",
			unread->count, unread->items[0]);
}

/* What is known is that of the last good generation where there is one: what was proved by a start counts at run time. */
static int look_at_facts(struct generation_taking *taking)
{
	struct fact_list proved = { 0 };
	int error = fact_list_load(taking->database,
				   taking->last_good ? taking->last_good : taking->newest, &proved);

	if (!error)
		error = facts_read(taking->context, &proved, generation_is_run_time(taking->cause),
				   &taking->facts);
	fact_list_free(&proved);
	return error;
}

static int find_known(struct generation_taking *taking)
{
	int64_t values[2] = { 0, 0 };
	int error = database_query(taking->database, copy_two, values,
				   "SELECT COALESCE(MAX(id),0),0 FROM generation", "");

	taking->newest = values[0];
	if (!error)
		error = generation_last_good(taking->database, &taking->last_good, NULL);
	taking->newest_is_good = taking->newest == taking->last_good;
	if (!error)
		error = inventory_load(taking->database, taking->newest, &taking->known);
	if (!error)
		error = fact_list_load(taking->database, taking->newest, &taking->known_facts);
	taking->budget.newest = taking->newest;
	taking->budget.last_good = taking->last_good;
	return error ? error : store_budget_read(&taking->budget);
}

int generation_prepare(const struct context *context, struct database *database,
		       const struct product_list *products, const struct policy_file *policy,
		       const char *cause, const char *boot_id, struct generation_taking **ret)
{
	struct generation_taking *taking = malloc(sizeof(*taking));
	int error;

	if (!taking)
		return -ENOMEM;
	*taking = (struct generation_taking){ .context = context,
					      .database = database,
					      .policy = policy,
					      .cause = cause,
					      .boot_id = boot_id,
					      .store = { .folder = -1 } };
	taking->budget = (struct store_budget){ .database = database,
						.store = &taking->store,
						.now = &taking->now,
						.limit = policy->store_bytes };
	error = store_open(context, file_port_of_system(), true, &taking->store);
	if (!error)
		error = store_lock(&taking->store);
	if (!error)
		error = find_known(taking);
	if (!error)
		error = look(taking, products);
	if (!error)
		error = judge(taking, products);
	if (!error)
		error = look_at_facts(taking);
	if (error)
		generation_taking_free(taking);
	else
		*ret = taking;
	return error;
}

int generation_record(struct generation_taking *taking, int64_t *ret_id)
{
	bool pruned = false;
	int error = record(taking, ret_id, &pruned);

	if (!error && pruned)
		store_budget_collect(&taking->budget); /* what stays is taken at the next turn */
	if (!error)
		tell_unread(taking);
	return error;
}

void generation_taking_free(struct generation_taking *taking)
{
	if (!taking)
		return;
	store_close(&taking->store);
	inventory_free(&taking->known);
	inventory_free(&taking->now);
	generation_proof_free(&taking->proof);
	watched_paths_free(&taking->paths);
	folder_attributes_free(&taking->folders);
	fact_list_free(&taking->known_facts);
	fact_list_free(&taking->facts);
	free(taking);
}

int generation_take(const struct context *context, struct database *database,
		    const struct product_list *products, const struct policy_file *policy,
		    const char *cause, const char *boot_id, int64_t *ret_id)
{
	struct generation_taking *taking = NULL;
	int error =
		generation_prepare(context, database, products, policy, cause, boot_id, &taking);

	if (!error)
		error = generation_record(taking, ret_id);
	generation_taking_free(taking);
	return error;
}
