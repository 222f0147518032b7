/* cmd_quarantine.c: daruma quarantine MODULE|PATH|SHA256: sets files of a watched product aside
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "recovery/commands/command_state.h"
#include "recovery/commands/commands.h"
#include "recovery/commands/confirm.h"
#include "recovery/commands/quarantine_entry.h"
#include "recovery/message.h"
#include "recovery/module_cover.h"
#include "recovery/products/watch_set.h"
#include "recovery/quarantine/holds.h"
#include "recovery/quarantine/module_image.h"
#include "recovery/quarantine/object_find.h"
#include "recovery/quarantine/quarantine.h"

struct setting_aside {
	const struct context *context;
	struct database *database;
	struct product_list products;
	const char *what; /* as the user wrote it */
	bool missing;	  /* there was no last good copy of something */
};

/* Sentences where the errno's own says too little. */
static const struct {
	int error;
	int code;
	const char *why;
	const char *hint;
} reasons[] = {
	{ -EPERM, EXIT_FAILED, "no watched product owns it",
	  "only files of products that a product file names are ever set aside" },
	{ -ELOOP, EXIT_FAILED, "it is a link, or a link leads to it", NULL },
	{ -EXDEV, EXIT_FAILED, "it lies on another mount inside the product's folder", NULL },
	{ -EISDIR, EXIT_FAILED, "it is a folder", "name the files in it, one by one" },
	{ -EBUSY, EXIT_FAILED, "another process works in the quarantine", NULL },
	{ -EAGAIN, EXIT_FAILED, "it was changed at the same moment",
	  "stop the product and try again" },
	{ -EINVAL, EXIT_USAGE, "this is no plain absolute path of a file", NULL },
	{ -ENOENT, EXIT_NO_SUCH, "there is no such file", NULL },
	{ -ENXIO, EXIT_NO_SUCH, "no watched product has such a file",
	  "name a kernel module, an absolute path or a SHA-256" },
};

static int complain(const struct context *context, int error, const char *what)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if (reasons[i].error != error)
			continue;
		message_cannot_because(context, -EIO, reasons[i].why, "set %s aside", what);
		if (reasons[i].hint)
			message_hint("%s", reasons[i].hint);
		return reasons[i].code;
	}
	return message_cannot(context, error, "set %s aside", what);
}

/* A path may have got its last good file back with another one of its set: then it is not meant any more. */
static int is_meant(struct setting_aside *setting, const char *path, bool *ret)
{
	struct text_list now = { 0 };
	int error = object_find(setting->context, setting->database, &setting->products,
				setting->what, &now);

	*ret = text_list_has(&now, path);
	text_list_free(&now);
	return error == -ENXIO ? 0 : error;
}

static int set_one_aside(struct setting_aside *setting, const char *path)
{
	bool meant = true;
	int64_t id;
	int error = is_meant(setting, path, &meant);

	if (error || !meant)
		return error;
	error = quarantine_path(setting->context, setting->database, &setting->products, path,
				"by hand", &id);
	setting->missing |= error == -ENODATA;
	if (setting->context->dry_run && (!error || error == -ENODATA))
		printf("would set %s aside, and what belongs to it\n", path);
	return error == -ENODATA ? 0 : error;
}

static int load_new(const struct setting_aside *setting, int64_t before, struct action_list *ret)
{
	int error = action_list_load(setting->database, "id>?1", before, ret);

	return error ? message_cannot(setting->context, error, "list the quarantine") : EXIT_DONE;
}

static void update_images(const struct setting_aside *setting, const struct action_list *entries)
{
	int error = module_image_follow(setting->context, process_of_machine(), setting->database,
					entries);

	if (error)
		message_cannot(setting->context, error, "rebuild the initramfs");
}

static int show_new(struct setting_aside *setting, const struct action_list *entries)
{
	int code = quarantine_entries_print(setting->context, setting->database, entries, NULL);

	if (setting->missing)
		message_notice(setting->context,
			       "not every last good copy was kept: what is 'taken away' is "
			       "missing now");
	return code;
}

/* What follows for those that were set aside, whether all were or not. */
static int finish(struct setting_aside *setting, int64_t before, int code)
{
	struct action_list entries = { 0 };
	int listed;

	holds_update(setting->context, setting->database, &setting->products);
	listed = load_new(setting, before, &entries);
	if (listed == EXIT_DONE && code == EXIT_DONE)
		code = show_new(setting, &entries);
	update_images(setting, &entries);
	action_list_free(&entries);
	return code == EXIT_DONE ? listed : code;
}

static int set_all_aside(struct setting_aside *setting, const struct text_list *paths)
{
	int64_t before = 0;
	int code = EXIT_DONE, error = database_number(setting->database, &before,
						      "SELECT COALESCE(MAX(id),0) FROM action", "");

	if (error)
		return complain(setting->context, error, setting->what);
	for (size_t i = 0; code == EXIT_DONE && i < paths->count; i++) {
		error = set_one_aside(setting, paths->items[i]);
		if (error)
			code = complain(setting->context, error, paths->items[i]);
	}
	if (setting->context->dry_run)
		return code;
	return finish(setting, before, code);
}

static int run(struct setting_aside *setting)
{
	struct text_list paths = { 0 };
	int code, error = module_cover_lift(setting->context);

	if (error >= 0 && !setting->context->dry_run)
		error = quarantine_resume(setting->context, setting->database);
	if (error >= 0)
		error = watch_set_load(setting->context, &setting->products, NULL);
	if (!error)
		error = object_find(setting->context, setting->database, &setting->products,
				    setting->what, &paths);
	if (error)
		return complain(setting->context, error, setting->what);
	if (confirm(setting->context, "Set %s aside?", setting->what))
		code = set_all_aside(setting, &paths);
	else
		code = EXIT_FAILED;
	text_list_free(&paths);
	return code;
}

int cmd_quarantine(const struct context *context, int argc, char *argv[])
{
	struct setting_aside setting = { .context = context, .what = argv[1] };
	int code;

	(void)argc;
	if (!*setting.what)
		return message_usage("quarantine: '': neither module nor path nor SHA-256");
	code = command_state_change(context, &setting.database);
	if (code)
		return code;
	code = run(&setting);
	product_list_free(&setting.products);
	database_close(setting.database);
	return code;
}
