/* package_hold.c: the package manager leaves a package alone while an object of it is in quarantine
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/quarantine/package_hold.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "recovery/boot/boot_order.h"
#include "recovery/cleanup.h"
#include "recovery/event.h"
#include "recovery/first_error.h"
#include "recovery/products/deny_list.h"
#include "recovery/quarantine/package_origin.h"

#define SECONDS	    60
#define ANSWER_SIZE 65536
#define WORDS_MOST  5

/* The name of the package goes behind the words; `list` says what is held. */
static const struct manager {
	const char *name;
	const char *list[WORDS_MOST], *set[WORDS_MOST], *lift[WORDS_MOST];
} managers[] = {
	{ "dpkg", { "apt-mark", "showhold" }, { "apt-mark", "hold" }, { "apt-mark", "unhold" } },
	{ "rpm",
	  { "dnf", "-q", "versionlock", "list" },
	  { "dnf", "-q", "versionlock", "add" },
	  { "dnf", "-q", "versionlock", "delete" } },
};

struct holding {
	const struct context *context;
	const struct process_port *processes;
	struct database *database;
	struct text_list *held, *lifted;
	int error; /* the first one */
};

static const struct manager *find_manager(const char *name)
{
	for (size_t i = 0; i < sizeof(managers) / sizeof(managers[0]); i++)
		if (strcmp(managers[i].name, name) == 0)
			return &managers[i];
	return NULL;
}

static int run(const struct process_port *processes, const char *const words[WORDS_MOST],
	       const char *package)
{
	const char *command[WORDS_MOST + 2] = { NULL };
	size_t count = 0;

	while (count < WORDS_MOST && words[count]) {
		command[count] = words[count];
		count++;
	}
	command[count] = package;
	return process_succeed(processes, command, SECONDS);
}

/* A line is the package's name, for dpkg without an architecture where it is the machine's own, or for dnf begins with the
 * name and a dash. Where that is not clear the hold counts as somebody's: one too few is better than one of his undone. */
static bool line_names(const char *line, const char *package)
{
	size_t length = strcspn(package, ":");

	if (strncmp(line, package, length) != 0)
		return false;
	if (strncmp(line, package, strlen(package)) == 0)
		length = strlen(package);
	return line[length] == '\n' || line[length] == '\0' ||
	       (line[length] == '-' && line[length + 1] >= '0' && line[length + 1] <= '9');
}

static int is_held(const struct process_port *processes, const struct manager *manager,
		   const char *package, bool *ret)
{
	owned char *answer = calloc(1, ANSWER_SIZE);
	int status = 0, error;

	if (!answer)
		return -ENOMEM;
	error = processes->run(manager->list, SECONDS, answer, ANSWER_SIZE, &status);
	if (error || status)
		return error ? error : -ECHILD;
	*ret = false;
	for (const char *line = answer; !*ret && line; line = strchr(line, '\n')) {
		line += *line == '\n';
		*ret = line_names(line, package);
	}
	return 0;
}

static void tell(struct holding *holding, const char *event, const char *package,
		 const char *manager)
{
	struct json *details = json_new_object();

	json_add_text(details, "package", package);
	json_add_text(details, "manager", manager);
	event_write(holding->context, holding->database, event, "notice", details);
}

static int set_state(struct holding *holding, const char *package, const char *manager,
		     const char *state)
{
	return database_run(holding->database,
			    "INSERT OR REPLACE INTO package_hold(package,manager,state,time)"
			    " VALUES(?1,?2,?3,?4)",
			    "ttti", package, manager, state, (int64_t)time(NULL));
}

static int delete_row(struct holding *holding, const char *package)
{
	return database_run(holding->database, "DELETE FROM package_hold WHERE package=?1", "t",
			    package);
}

/* Where the program is missing there is nobody to hold back. */
static int enter_failure(struct holding *holding, const char *package,
			 const struct manager *manager, int failure, const char *state)
{
	int error = failure == -ENOENT ? delete_row(holding, package) :
					 set_state(holding, package, manager->name, state);

	return error || failure == -ENOENT ? error : failure;
}

static int set_hold(struct holding *holding, const struct manager *manager, const char *package)
{
	int error = set_state(holding, package, manager->name, "wanted");

	if (error)
		return error;
	error = run(holding->processes, manager->set, package);
	if (error)
		return enter_failure(holding, package, manager, error, "failed");
	error = set_state(holding, package, manager->name, "set");
	if (error)
		return error;
	tell(holding, "package.held", package, manager->name);
	return text_list_add(holding->held, package);
}

static int lift_hold(struct holding *holding, const struct manager *manager, const char *package,
		     const char *state)
{
	/* There may be none of ours: then it cannot be lifted, and that is well. */
	bool sure = strcmp(state, "set") == 0 || strcmp(state, "stuck") == 0;
	int error = run(holding->processes, manager->lift, package);

	if (error && sure)
		return enter_failure(holding, package, manager, error, "stuck");
	error = delete_row(holding, package);
	if (error || !sure)
		return error;
	tell(holding, "package.lifted", package, manager->name);
	return text_list_add(holding->lifted, package);
}

/* A row of a package of which something is set aside. `state` NULL: it is new. */
static int hold_one(struct holding *holding, const char *package, const char *manager_name,
		    const char *state)
{
	const struct manager *manager = find_manager(manager_name);
	bool held = false;
	int error = 0;

	if (!manager || !package_name_is_sound(package) || deny_list_has_package(package))
		return 0;
	if (!state || strcmp(state, "unasked") == 0)
		error = is_held(holding->processes, manager, package, &held);
	if (error)
		return enter_failure(holding, package, manager, error, "unasked");
	return held ? set_state(holding, package, manager->name, "found") :
		      set_hold(holding, manager, package);
}

static int lift_one(struct holding *holding, const char *package, const char *manager_name,
		    const char *state)
{
	const struct manager *manager = find_manager(manager_name);

	if (!manager || !package_name_is_sound(package) || strcmp(state, "found") == 0 ||
	    strcmp(state, "unasked") == 0)
		return delete_row(holding, package);
	return lift_hold(holding, manager, package, state);
}

/* --- rows; read whole before anything is run ----------------------------------------------- */

static int add_row(const struct database_row *row, void *user)
{
	struct text_list *texts = user;
	int error = text_list_add(texts, database_text(row, 0));

	if (!error)
		error = text_list_add(texts, database_text(row, 1));
	return error ? error : text_list_add(texts, database_text(row, 2));
}

static void for_each(struct holding *holding, const char *statement,
		     int (*each)(struct holding *holding, const char *package, const char *manager,
				 const char *state))
{
	struct text_list texts = { 0 };
	int error = database_query(holding->database, add_row, &texts, statement, "i",
				   (int64_t)time(NULL));

	first_error_keep(&holding->error, error);
	for (size_t i = 0; !error && i + 2 < texts.count; i += 3)
		first_error_keep(&holding->error,
				 each(holding, texts.items[i], texts.items[i + 1],
				      texts.items[i + 2][0] ? texts.items[i + 2] : NULL));
	text_list_free(&texts);
}

/* None where Daruma is being taken off the machine: nobody would lift a hold afterwards. */
#define OPEN_PACKAGES                                                                              \
	"SELECT package_origin.package FROM package_origin JOIN action ON action.id=entry WHERE "  \
	"action.step NOT IN ('restored','purged') AND action.product NOT IN (SELECT product FROM " \
	"hold_end) AND NOT EXISTS (SELECT 1 FROM setting WHERE "                                   \
	"key='" BOOT_ORDER_REMOVED_KEY "' AND value='1')"

/* What failed is no work for each scan: a package manager needs seconds. A clock that was set back makes it due. */
#define RESTED "time NOT BETWEEN ?1-86399 AND ?1"

/* Nobody comes back after a day where Daruma is being taken off. */
#define LIFTED                                                                                     \
	"package NOT IN (" OPEN_PACKAGES ") AND (state<>'stuck' OR " RESTED                        \
	" OR EXISTS (SELECT 1 FROM setting WHERE key='" BOOT_ORDER_REMOVED_KEY "' AND value='1'))"

static int stop_there(const struct database_row *row, void *user)
{
	(void)row;
	(void)user;
	return 1;
}

bool package_hold_is_due(struct database *database)
{
	return database_query(database, stop_there, NULL,
			      "SELECT 1 FROM package_hold WHERE " LIFTED, "i",
			      (int64_t)time(NULL)) == 1;
}

int package_hold_update(const struct context *context, const struct process_port *processes,
			struct database *database, struct text_list *ret_held,
			struct text_list *ret_lifted)
{
	struct holding holding = { context, processes, database, ret_held, ret_lifted, 0 };

	if (context->dry_run)
		return 0;
	first_error_keep(&holding.error, package_origin_record(context, processes, database));
	if (context->root[0] != '\0')
		return holding.error;
	for_each(&holding,
		 "SELECT origin.package,MAX(origin.manager),COALESCE(state,'') FROM package_origin"
		 " AS origin LEFT JOIN package_hold ON package_hold.package=origin.package"
		 " WHERE origin.package<>'' AND (COALESCE(state,'wanted') IN ('wanted','stuck')"
		 " OR (state IN ('failed','unasked') AND " RESTED "))"
		 " AND origin.package IN (" OPEN_PACKAGES ") GROUP BY origin.package",
		 hold_one);
	for_each(&holding, "SELECT package,manager,state FROM package_hold WHERE " LIFTED,
		 lift_one);
	return holding.error;
}
