/* previous_kernel.c: the kernel of the last good boot as the default, with every product on
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/repair/previous_kernel.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "recovery/boot/kernel_target.h"
#include "recovery/boot/this_boot.h"
#include "recovery/cleanup.h"
#include "recovery/event.h"
#include "recovery/kernel_floor.h"
#include "recovery/machine.h"
#include "recovery/state.h"
#include "recovery/system_file.h"

#define IMAGE "vmlinuz-"

/* --- the table ----------------------------------------------------------------------------- */

static void copy(char *ret, size_t size, const struct database_row *row, int index)
{
	const char *text = database_text(row, index);

	snprintf(ret, size, "%s", text ? text : "");
}

static int copy_row(const struct database_row *row, void *user)
{
	struct previous_kernel *ret = user;

	ret->id = database_integer(row, 0);
	ret->time = database_integer(row, 1);
	copy(ret->boot_id, sizeof(ret->boot_id), row, 2);
	copy(ret->kernel, sizeof(ret->kernel), row, 3);
	copy(ret->blamed, sizeof(ret->blamed), row, 4);
	copy(ret->loader, sizeof(ret->loader), row, 5);
	copy(ret->entry, sizeof(ret->entry), row, 6);
	copy(ret->before, sizeof(ret->before), row, 7);
	copy(ret->state, sizeof(ret->state), row, 8);
	return 1;
}

int previous_kernel_open(struct database *database, struct previous_kernel *ret)
{
	return database_query(database, copy_row, ret,
			      "SELECT id,time,boot_id,kernel,blamed,loader,entry,before,state FROM"
			      " previous_kernel WHERE state<>'undone' ORDER BY id DESC LIMIT 1",
			      "");
}

static int insert(struct database *database, struct previous_kernel *row)
{
	int error = database_run(
		database,
		"INSERT INTO previous_kernel(time,boot_id,kernel,blamed,loader,entry,before,state)"
		" VALUES(?1,?2,?3,?4,?5,?6,?7,'wanted')",
		"ittttt"
		"t",
		row->time, row->boot_id, row->kernel, row->blamed, row->loader, row->entry,
		row->before[0] ? row->before : NULL);

	row->id = error ? 0 : database_last_id(database);
	return error;
}

static int set_state(struct database *database, const struct previous_kernel *row,
		     const char *state)
{
	return database_run(database, "UPDATE previous_kernel SET state=?2 WHERE id=?1", "it",
			    row->id, state);
}

static int copy_release(const struct database_row *row, void *user)
{
	copy(user, PREVIOUS_KERNEL_SIZE, row, 0);
	return 1;
}

struct choice {
	const char *floor;
	char skipped[PREVIOUS_KERNEL_SIZE]; /* the newest below it; "" none */
	char *ret;			    /* PREVIOUS_KERNEL_SIZE bytes */
};

static int choose_release(const struct database_row *row, void *user)
{
	struct choice *choice = user;

	copy_release(row, choice->ret);
	if (kernel_floor_allows(choice->floor, choice->ret))
		return 1;
	if (!choice->skipped[0])
		copy_release(row, choice->skipped);
	return 0;
}

static void tell_skipped(const struct context *context, struct database *database,
			 const struct choice *choice)
{
	struct json *details = json_new_object();

	json_add_text(details, "kernel", choice->skipped);
	json_add_text(details, "floor", choice->floor);
	event_write(context, database, "kernel.below_floor", "warning", details);
}

/* Where the files of the running one changed, an earlier good state may know another. None below the floor is chosen, as
 * good as it was (R32). */
static int read_last_good(const struct context *context, struct database *database,
			  const char *running, const char *floor, char ret[PREVIOUS_KERNEL_SIZE])
{
	struct choice choice = { .floor = floor, .ret = ret };
	int result = database_query(database, choose_release, &choice,
				    "SELECT kernel FROM generation WHERE good=1 AND kernel<>?1"
				    " GROUP BY kernel ORDER BY MAX(id) DESC",
				    "t", running);

	if (result >= 0 && choice.skipped[0] && !context->dry_run)
		tell_skipped(context, database, &choice);
	return result < 0 ? result : result == 0 ? -ENODATA : 0;
}

static int copy_trial(const struct database_row *row, void *user)
{
	enum previous_kernel_trial *ret = user;

	*ret = database_integer(row, 0) ? PREVIOUS_KERNEL_OVER :
	       database_integer(row, 1) ? PREVIOUS_KERNEL_TRIED :
					  PREVIOUS_KERNEL_UNTRIED;
	return 1;
}

/* Which starts count is said in trial.c. */
int previous_kernel_trial(struct database *database, enum previous_kernel_trial *ret)
{
	int result;

	*ret = PREVIOUS_KERNEL_NEVER;
	result = database_query(
		database, copy_trial, ret,
		"SELECT own.state IN ('undoing','undone'), EXISTS (SELECT 1 FROM boot AS later"
		" WHERE (later.rung IN ('trial','aside') AND later.id>safe.id)"
		" OR (later.rung='unknown' AND later.id-1.5>safe.id))"
		" FROM previous_kernel AS own JOIN boot AS safe ON safe.boot_id=own.boot_id"
		" WHERE safe.id>" BOOT_LAST_GOOD " ORDER BY own.id DESC LIMIT 1",
		"");
	return result < 0 ? result : 0;
}

int previous_kernel_next(struct database *database, const char *running,
			 char ret[PREVIOUS_KERNEL_SIZE])
{
	enum previous_kernel_trial trial;
	int result = previous_kernel_trial(database, &trial);

	snprintf(ret, PREVIOUS_KERNEL_SIZE, "%s", running);
	if (result || trial == PREVIOUS_KERNEL_NEVER)
		return result;
	result = database_query(
		database, copy_release, ret,
		trial == PREVIOUS_KERNEL_OVER ?
			"SELECT blamed FROM previous_kernel ORDER BY id DESC LIMIT 1" :
			"SELECT kernel FROM previous_kernel ORDER BY id DESC LIMIT 1",
		"");
	return result < 0 ? result : 0;
}

/* --- which one ----------------------------------------------------------------------------- */

static bool is_installed(const struct context *context, const char *release)
{
	char image[128], modules[128];

	snprintf(image, sizeof(image), "/boot/" IMAGE "%s", release);
	snprintf(modules, sizeof(modules), "/lib/modules/%s", release);
	return system_exists(context, image) && system_exists(context, modules);
}

/* The newest installed one that is newer than `running`: what the loader starts by itself. */
static int find_newer(const struct context *context, const char *running,
		      char ret[PREVIOUS_KERNEL_SIZE])
{
	owned_descriptor int folder = system_open(context, "/boot", O_RDONLY | O_DIRECTORY);
	DIR *names = folder < 0 ? NULL : fdopendir(folder);
	struct dirent *entry;

	if (!names)
		return folder < 0 ? folder : -errno;
	folder = -1;
	snprintf(ret, PREVIOUS_KERNEL_SIZE, "%s", running);
	while ((entry = readdir(names))) {
		const char *release = entry->d_name + strlen(IMAGE);

		if (strncmp(entry->d_name, IMAGE, strlen(IMAGE)) == 0 &&
		    kernel_floor_is_release(release) && strverscmp(release, ret) > 0 &&
		    is_installed(context, release))
			snprintf(ret, PREVIOUS_KERNEL_SIZE, "%s", release);
	}
	closedir(names);
	return strcmp(ret, running) == 0 ? -ENODATA : 0;
}

static bool is_last_good(struct database *database, const char *kernel)
{
	char good[PREVIOUS_KERNEL_SIZE];

	return database_query(database, copy_release, good,
			      "SELECT kernel FROM generation WHERE good=1 ORDER BY id DESC LIMIT 1",
			      "") == 1 &&
	       strcmp(good, kernel) == 0;
}

static int choose(const struct boot_loader_access *access, struct database *database,
		  const char *floor, enum previous_kernel_choice choice,
		  struct previous_kernel *ret)
{
	struct machine machine;

	machine_describe(access->context, &machine);
	if (choice == PREVIOUS_KERNEL_RUNNING) {
		snprintf(ret->kernel, sizeof(ret->kernel), "%s", machine.kernel);
		return kernel_floor_allows(floor, machine.kernel) &&
				       is_last_good(database, machine.kernel) ?
			       find_newer(access->context, machine.kernel, ret->blamed) :
			       -ENODATA;
	}
	snprintf(ret->blamed, sizeof(ret->blamed), "%s", machine.kernel);
	return read_last_good(access->context, database, machine.kernel, floor, ret->kernel);
}

/* A start of the copy went past it, and some loaders are known by the traces that they leave in a start only. */
static const struct boot_loader *find_loader(const struct boot_loader_access *access,
					     struct database *database)
{
	const struct boot_loader *loader = NULL;
	owned char *name = NULL;

	if (!kernel_target_is_running(access->context))
		return boot_loader_here(access);
	if (state_get_text(database, KERNEL_TARGET_LOADER_KEY, &name) == 0 && name)
		loader = boot_loader_named(name);
	return loader ? loader : boot_loader_here(access);
}

/* Everything about it but the row. */
static int find(const struct boot_loader_access *access, struct database *database,
		const char *floor, enum previous_kernel_choice choice, struct previous_kernel *ret)
{
	const struct boot_loader *loader = find_loader(access, database);
	int error = choose(access, database, floor, choice, ret);

	if (!error && (!kernel_floor_is_release(ret->kernel) || !ret->blamed[0]))
		error = -ENODATA;
	if (!error && !is_installed(access->context, ret->kernel))
		error = -ENOENT;
	if (!error && !loader)
		error = -EOPNOTSUPP;
	if (!error)
		error = loader->find(access, ret->kernel, ret->entry);
	if (!error)
		error = loader->read(access, ret->before);
	if (!error)
		snprintf(ret->loader, sizeof(ret->loader), "%s", loader->name);
	return error;
}

/* --- setting and undoing ------------------------------------------------------------------- */

static void tell(const struct boot_loader_access *access, struct database *database,
		 const char *event, const struct previous_kernel *row)
{
	struct json *details = json_new_object();

	json_add_text(details, "kernel", row->kernel);
	json_add_text(details, "blamed", row->blamed);
	json_add_text(details, "loader", row->loader);
	json_add_text(details, "entry", row->entry);
	event_write(access->context, database, event, "warning", details);
}

static int undo(const struct boot_loader_access *access, struct database *database,
		const struct previous_kernel *row)
{
	const struct boot_loader *loader = boot_loader_named(row->loader);
	int error = loader ? set_state(database, row, "undoing") : -EBADMSG;

	if (!error)
		error = loader->undo(access, row->entry, row->before[0] ? row->before : NULL);
	if (!error)
		error = set_state(database, row, "undone");
	/* What was never in force is not told. */
	if (!error && strcmp(row->state, "wanted") != 0)
		tell(access, database, "kernel.previous_undone", row);
	return error;
}

/* The row comes before the first change, so that a power cut leaves nothing that nobody undoes. */
static int set(const struct boot_loader_access *access, struct database *database,
	       const struct previous_kernel *row)
{
	const struct boot_loader *loader = boot_loader_named(row->loader);
	bool is_new = strcmp(row->state, "set") != 0;
	int error = loader ? loader->set(access, row->entry) : -EBADMSG;

	if (!error)
		error = set_state(database, row, "set");
	if (error)
		undo(access, database, row);
	else if (is_new)
		tell(access, database, "kernel.previous_set", row);
	return error;
}

/* Returns 1 if there was nothing to finish. */
static int finish(const struct boot_loader_access *access, struct database *database,
		  const char *floor)
{
	bool untried;
	struct previous_kernel row;
	enum previous_kernel_trial trial;
	int result = previous_kernel_trial(database, &trial);

	if (!result)
		result = previous_kernel_open(database, &row);
	if (result < 0)
		return result;
	untried = result && trial == PREVIOUS_KERNEL_UNTRIED;
	/* The floor may have risen since. */
	if (result && (strcmp(row.state, "undoing") == 0 ||
		       (untried && !kernel_floor_allows(floor, row.kernel))))
		result = undo(access, database, &row);
	else if (untried)
		return set(access, database, &row);
	return result < 0 ? result : 1;
}

int previous_kernel_set(const struct boot_loader_access *access, struct database *database,
			const char *boot_id, const char *floor, enum previous_kernel_choice choice)
{
	struct previous_kernel row = { .time = (int64_t)time(NULL), .state = "wanted" };
	int error = access->context->dry_run ? 1 : finish(access, database, floor);

	if (error <= 0)
		return error;
	error = find(access, database, floor, choice, &row);
	if (error || access->context->dry_run)
		return error;
	snprintf(row.boot_id, sizeof(row.boot_id), "%s", boot_id);
	error = insert(database, &row);
	return error ? error : set(access, database, &row);
}

int previous_kernel_undo(const struct boot_loader_access *access, struct database *database,
			 bool all)
{
	struct previous_kernel row;
	int64_t open = 0;
	int count = 0, result;

	if (access->context->dry_run) {
		result = database_number(database, &open,
					 "SELECT COUNT(*) FROM previous_kernel WHERE"
					 " state<>'undone'",
					 "");
		return result < 0 ? result : (int)open;
	}
	do {
		int error;

		result = previous_kernel_open(database, &row);
		error = result == 1 ? undo(access, database, &row) : 0;
		result = error ? error : result;
		count += result == 1;
	} while (result == 1 && all);
	return result < 0 ? result : count;
}
