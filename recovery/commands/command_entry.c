/* command_entry.c: the frame of the verbs that work on one entry of the quarantine, or on all
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/commands/command_entry.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "recovery/commands/command_state.h"
#include "recovery/commands/confirm.h"
#include "recovery/message.h"
#include "recovery/module_cover.h"
#include "recovery/quarantine/holds.h"
#include "recovery/quarantine/module_image.h"
#include "recovery/quarantine/quarantine.h"

#define ALL -1

struct working {
	const struct context *context;
	const struct command_entry *entry;
	struct database *database;
	const char *word; /* as the user wrote it */
	int64_t id;	  /* or ALL */
};

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

/* Sentences where the errno's own says too little. */
static const struct {
	int error;
	const char *why, *hint;
} reasons[] = {
	{ -ENXIO, "there is no such entry", "'daruma list-quarantine' shows the entries" },
	{ -EBADMSG, "what the quarantine holds of it is damaged or gone", NULL },
	{ -ENODATA, "what the quarantine holds of it is damaged or gone", NULL },
	{ -EBUSY, "another process works in the quarantine, or was interrupted there", NULL },
	{ -ELOOP, "its folder is a link or a mount now", NULL },
	{ -EXDEV, "its folder is a link or a mount now", NULL },
	{ -ESTALE, "it was replaced by a newer version meanwhile",
	  "--force puts it back all the same; what is in its place becomes an entry of its own" },
};

static int complain(const struct working *working, int error)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if (reasons[i].error != error)
			continue;
		message_cannot_because(working->context, -EIO, reasons[i].why, "%s %s",
				       working->entry->verb, working->word);
		if (reasons[i].hint)
			message_hint("%s", reasons[i].hint);
		return error == -ENXIO ? EXIT_NO_SUCH : EXIT_FAILED;
	}
	return message_cannot(working->context, error, "%s %s", working->entry->verb,
			      working->word);
}

/* The entries that are going to be changed. */
static int load(const struct working *working, struct action_list *ret)
{
	return working->id == ALL ?
		       action_list_load(working->database, working->entry->all, 0, ret) :
		       quarantine_with_set(working->database, working->id, ret);
}

/* The newest first: what an object was put in the place of goes back after it. */
static int change(const struct working *working, const struct action_list *entries)
{
	int first = 0;

	if (working->id != ALL)
		return working->entry->change(working->context, working->database, working->id);
	for (size_t i = entries->count; i > 0; i--) {
		int error = working->entry->change(working->context, working->database,
						   entries->items[i - 1].id);

		first = first ? first : error;
	}
	return first;
}

static int add_changed(const struct working *working, const struct action *before,
		       struct action_list *ret)
{
	struct action_list now = { 0 };
	int error = action_list_load(working->database, "id=?1 AND step<>'done'", before->id, &now);

	if (!error && now.count)
		error = action_list_add(ret, before);
	action_list_free(&now);
	return error;
}

static void tell(const struct working *working, const struct action_list *entries, bool failed)
{
	struct action_list changed = { 0 };
	int error = 0;

	for (size_t i = 0; !error && i < entries->count; i++)
		error = add_changed(working, &entries->items[i], &changed);
	for (size_t i = 0; i < changed.count; i++)
		message_notice(working->context, "entry %lld is %s: %s",
			       (long long)changed.items[i].id, working->entry->done,
			       changed.items[i].path);
	if (changed.count == 0 && !failed)
		message_notice(working->context, "%s", working->entry->nothing);
	if (working->entry->files)
		error = module_image_follow(working->context, process_of_machine(),
					    working->database, &changed);
	if (error)
		message_cannot(working->context, error, "rebuild the initramfs");
	if (working->entry->follow && changed.count)
		working->entry->follow(working->context, working->database, &changed);
	action_list_free(&changed);
}

static int carry_out(const struct working *working)
{
	struct action_list entries = { 0 };
	int error = quarantine_resume(working->context, working->database);

	error = error < 0 ? error : load(working, &entries);
	if (!error)
		error = change(working, &entries);
	/* Of all, some may be changed. */
	if (!error || working->id == ALL)
		tell(working, &entries, error != 0);
	holds_update(working->context, working->database, NULL);
	action_list_free(&entries);
	return error ? complain(working, error) : EXIT_DONE;
}

static int show_plan(const struct working *working)
{
	struct action_list entries = { 0 };
	int error = load(working, &entries);

	if (!error)
		error = change(working, &entries);
	for (size_t i = 0; !error && i < entries.count; i++)
		printf("would %s entry %lld %s: %s%s\n", working->entry->action,
		       (long long)entries.items[i].id, working->entry->how, entries.items[i].path,
		       entries.items[i].set_name[0] ? ", with its content set" : "");
	action_list_free(&entries);
	return error ? complain(working, error) : EXIT_DONE;
}

static int work(const struct working *working)
{
	if (working->entry->files && module_cover_lift(working->context) < 0)
		message_notice(working->context,
			       "modules are covered in this start and could not be uncovered");
	if (working->context->dry_run)
		return show_plan(working);
	if (!confirm(working->context, "Do you want to %s %s %s?", working->entry->action,
		     working->word, working->entry->how))
		return EXIT_FAILED;
	return carry_out(working);
}

int command_entry_run(const struct context *context, const struct command_entry *entry,
		      const char *word)
{
	struct working working = { .context = context, .entry = entry, .word = word };
	int code;

	if (parse(word, &working.id) != 0)
		return message_usage("%s: %s: neither the number of an entry nor 'all'",
				     entry->verb, word);
	if (entry->final && !context->assume_yes && !context->dry_run && !isatty(STDIN_FILENO))
		return message_usage("%s: it cannot be undone: give --assume-yes", entry->verb);
	code = command_state_change(context, &working.database);
	if (code)
		return code;
	code = work(&working);
	database_close(working.database);
	return code;
}
