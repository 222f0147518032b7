/* cmd_restore.c: daruma restore ID|all: puts back what was set aside
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/command_hold.h"
#include "recovery/command_state.h"
#include "recovery/commands.h"
#include "recovery/confirm.h"
#include "recovery/message.h"
#include "recovery/module_cover.h"
#include "recovery/module_image.h"
#include "recovery/quarantine.h"

#define ALL -1

static int parse(const char *text, int64_t *ret_id)
{
	char *end;

	if (strcmp(text, "all") == 0) {
		*ret_id = ALL;
		return 0;
	}
	errno = 0;
	*ret_id = strtoll(text, &end, 10);
	return errno || *end || text[0] < '0' || text[0] > '9' ? -EINVAL : 0;
}

static int complain(const struct context *context, int error, const char *what)
{
	const char *why = NULL;

	if (error == -ENXIO)
		why = "there is no such entry";
	else if (error == -EBADMSG || error == -ENODATA)
		why = "what the quarantine holds of it is damaged or gone";
	else if (error == -EBUSY)
		why = "another process works in the quarantine, or was interrupted there";
	else if (error == -ELOOP || error == -EXDEV)
		why = "its folder is a link or a mount now";
	if (!why)
		return message_cannot(context, error, "restore %s", what);
	message_cannot_because(context, -EIO, why, "restore %s", what);
	if (error == -ENXIO)
		message_hint("'daruma list-quarantine' shows the entries");
	return error == -ENXIO ? EXIT_NO_SUCH : EXIT_FAILED;
}

/* The entries that are open before, and put back afterwards. */
static int load_open(struct database *database, int64_t id, struct action_list *ret)
{
	return action_list_load(
		database, id == ALL ? "step='done' AND restores IS NULL" : "step='done' AND id=?1",
		id, ret);
}

static int load_new(struct database *database, int64_t before, struct action_list *ret)
{
	return action_list_load(database, "restores IS NOT NULL AND id>?1", before, ret);
}

static int copy_number(const struct database_row *row, void *user)
{
	*(int64_t *)user = database_integer(row, 0);
	return 0;
}

static void tell(const struct context *context, const struct action_list *moved)
{
	int error;

	for (size_t i = 0; i < moved->count; i++)
		message_notice(context, "entry %lld is back: %s",
			       (long long)moved->items[i].restores, moved->items[i].path);
	if (moved->count == 0)
		message_notice(context, "nothing was to be put back");
	error = module_image_update(context, process_of_machine(), moved);
	if (error)
		message_cannot(context, error, "rebuild the initramfs");
}

static int put_back(const struct context *context, struct database *database, int64_t id,
		    const char *what)
{
	struct action_list moved = { 0 };
	int64_t before = 0;
	int count = 0;
	int error = database_query(database, copy_number, &before,
				   "SELECT COALESCE(MAX(id),0) FROM action", "");

	if (!error)
		error = id == ALL ? quarantine_restore_all(context, database, &count) :
				    quarantine_restore(context, database, id);
	/* Of all, some may be back. */
	if ((!error || count) && load_new(database, before, &moved) == 0)
		tell(context, &moved);
	command_hold(context, database, NULL);
	action_list_free(&moved);
	return error ? complain(context, error, what) : EXIT_DONE;
}

static int show_plan(const struct context *context, struct database *database, int64_t id,
		     const char *what)
{
	struct action_list open = { 0 };
	int error = id == ALL ? 0 : quarantine_restore(context, database, id);

	if (!error)
		error = load_open(database, id, &open);
	for (size_t i = 0; !error && i < open.count; i++)
		printf("would put entry %lld back: %s%s\n", (long long)open.items[i].id,
		       open.items[i].path,
		       open.items[i].set_name[0] ? ", with its content set" : "");
	action_list_free(&open);
	return error ? complain(context, error, what) : EXIT_DONE;
}

int cmd_restore(const struct context *context, int argc, char *argv[])
{
	struct database *database = NULL;
	int64_t id;
	int code;

	(void)argc;
	if (parse(argv[1], &id) != 0)
		return message_usage("restore: %s: neither the number of an entry nor 'all'",
				     argv[1]);
	code = command_state_change(context, &database);
	if (code)
		return code;
	if (module_cover_lift(context) < 0)
		message_notice(context,
			       "modules are covered in this start and could not be uncovered");
	if (context->dry_run) {
		code = show_plan(context, database, id, argv[1]);
	} else if (confirm(context, "Put %s back?", argv[1])) {
		int error = quarantine_resume(context, database);

		code = error < 0 ? complain(context, error, argv[1]) :
				   put_back(context, database, id, argv[1]);
	} else {
		code = EXIT_FAILED;
	}
	database_close(database);
	return code;
}
