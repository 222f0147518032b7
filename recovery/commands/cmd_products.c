/* cmd_products.c: daruma products: the products that are here, and why they count
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <stdio.h>

#include "recovery/commands/commands.h"
#include "recovery/commands/output.h"
#include "recovery/commands/table.h"
#include "recovery/inventory/ftrace_users.h"
#include "recovery/inventory/loaded_module.h"
#include "recovery/inventory/module_reasons.h"
#include "recovery/message.h"
#include "recovery/products/unit_file.h"
#include "recovery/products/watch_set.h"
#include "recovery/safe_path.h"
#include "recovery/system_file.h"

#define REASONS_SIZE (PATH_MAX + 256)

static const char report_only[] = "report only";

/* Everything that is told, gathered before a line is printed. */
struct view {
	const struct context *context;
	struct product_list products;
	struct loaded_module_list modules;
	struct text_list hooking; /* names of modules that the function tracer calls */
	struct text_list foreign; /* and of those whose files are none of the kernel's package */
	struct text_list problems;
};

/* How much of what a file lists is here. */
struct tally {
	size_t listed, here;
};

static int gather(struct view *view)
{
	int error = watch_set_survey(view->context, &view->products, &view->problems);

	if (!error)
		error = loaded_modules_read(view->context, &view->modules);
	/* Few systems let it be read, and fewer have anything there. */
	if (!error && ftrace_users_read(view->context, &view->hooking) == -ENOMEM)
		error = -ENOMEM;
	if (!error)
		error = module_reasons_find_foreign_files(view->context, &view->modules,
							  &view->foreign);
	return error;
}

static void release(struct view *view)
{
	product_list_free(&view->products);
	loaded_modules_free(&view->modules);
	text_list_free(&view->hooking);
	text_list_free(&view->foreign);
	text_list_free(&view->problems);
}

/* --- counting ---------------------------------------------------------------------------------- */

/* Whether any module is loaded that the entry of a product file means. */
static bool is_loaded(const struct view *view, const char *entry)
{
	for (size_t i = 0; i < view->modules.count; i++)
		if (product_entry_means_module(entry, view->modules.items[i].name))
			return true;
	return false;
}

static struct tally count_modules(const struct view *view, const struct product *product)
{
	struct tally tally = { .listed = product->modules.count };

	for (size_t i = 0; i < product->modules.count; i++)
		tally.here += is_loaded(view, product->modules.items[i]);
	return tally;
}

static struct tally count_units(const struct view *view, const struct product *product)
{
	struct tally tally = { .listed = product->units.count };
	char path[PATH_MAX];

	for (size_t i = 0; i < product->units.count; i++)
		tally.here += unit_file_find(view->context, product->units.items[i], path);
	return tally;
}

static struct tally count_paths(const struct view *view, const struct product *product)
{
	struct tally tally = { 0 };
	const char *path;

	for (; (path = product_path(product, tally.listed)); tally.listed++)
		tally.here += system_exists(view->context, path) &&
			      !safe_path_is_behind_link(view->context, path);
	return tally;
}

/* A module of somebody else that no product file lists. */
static bool is_stranger(const struct view *view, const struct loaded_module *module)
{
	return (loaded_module_is_foreign(module) || text_list_has(&view->foreign, module->name)) &&
	       !watch_set_module_owner(&view->products, module->name);
}

/* --- JSON -------------------------------------------------------------------------------------- */

static void add_tally(struct json *object, const char *key, const char *here, struct tally tally)
{
	struct json *counts = json_new_object();

	json_add_integer(counts, "listed", (int64_t)tally.listed);
	json_add_integer(counts, here, (int64_t)tally.here);
	json_add(object, key, counts);
}

static struct json *texts_json(const struct text_list *texts)
{
	struct json *list = json_new_array();

	for (size_t i = 0; i < texts->count; i++)
		json_append_text(list, texts->items[i]);
	return list;
}

/* A command and its arguments; null if there is none. */
static void add_command(struct json *object, const char *key, const struct text_list *command)
{
	if (command->count)
		json_add(object, key, texts_json(command));
	else
		json_add_text(object, key, NULL);
}

static void add_reduced_mode(struct json *object, const struct product *product)
{
	struct json *ways = product->reduced_enter.count ? json_new_object() : json_new_null();

	if (product->reduced_enter.count) {
		add_command(ways, "enter", &product->reduced_enter);
		add_command(ways, "leave", &product->reduced_leave);
	}
	json_add(object, "reduced_mode", ways);
}

static struct json *product_json(const struct view *view, const struct product *product)
{
	const struct confirmation *confirmation = &product->confirmation;
	struct json *object = json_new_object(), *confirmed = json_new_object();
	char why[REASONS_SIZE];

	confirmation_describe(confirmation, why, sizeof(why));
	json_add_text(confirmed, "kind", confirmation_word(confirmation->kind));
	json_add_text(confirmed, "what", confirmation->what);
	json_add_text(confirmed, "owner", confirmation->owner);
	json_add_text(object, "id", product->id);
	json_add_text(object, "vendor", product->vendor);
	json_add_text(object, "product", product->product);
	json_add_text(object, "file", product->file);
	json_add_bool(object, "watched", confirmation_acts(confirmation));
	json_add_text(object, "why", why);
	json_add(object, "confirmation", confirmed);
	add_tally(object, "modules", "loaded", count_modules(view, product));
	add_tally(object, "units", "found", count_units(view, product));
	add_tally(object, "paths", "found", count_paths(view, product));
	json_add_bool(object, "bears_read_only_content", product_has_read_only_content(product));
	add_command(object, "health", &product->health);
	add_reduced_mode(object, product);
	add_command(object, "restore", &product->restore);
	return object;
}

static struct json *module_json(const struct loaded_module *module, const struct text_list *reasons)
{
	struct json *object = json_new_object();

	json_add_text(object, "module", module->name);
	json_add_text(object, "taint", module->taint);
	json_add_bool(object, "watched", false);
	json_add(object, "reasons", texts_json(reasons));
	return object;
}

static int print_json(const struct view *view)
{
	struct json *object = output_object("daruma.products.v1");
	struct json *products = json_new_array(), *modules = json_new_array();

	for (size_t i = 0; i < view->products.count; i++)
		json_append(products, product_json(view, &view->products.items[i]));
	for (size_t i = 0; i < view->modules.count; i++) {
		const struct loaded_module *module = &view->modules.items[i];
		struct text_list reasons = { 0 };

		if (is_stranger(view, module))
			json_append(modules, module_reasons_find(view->context, &view->hooking,
								 module, &reasons) ?
						     NULL :
						     module_json(module, &reasons));
		text_list_free(&reasons);
	}
	json_add(object, "products", products);
	json_add(object, "unlisted_modules", modules);
	json_add(object, "problems", texts_json(&view->problems));
	return output_print(view->context, object);
}

/* --- text -------------------------------------------------------------------------------------- */

static void print_tally(struct tally tally, char ret[48])
{
	snprintf(ret, 48, "%zu/%zu", tally.here, tally.listed);
}

static void add_row(const struct view *view, struct table *table, const struct product *product)
{
	char modules[48], units[48], paths[48], why[REASONS_SIZE];

	print_tally(count_modules(view, product), modules);
	print_tally(count_units(view, product), units);
	print_tally(count_paths(view, product), paths);
	confirmation_describe(&product->confirmation, why, sizeof(why));
	table_row(table, (const char *const[]){
				 product->id,
				 confirmation_acts(&product->confirmation) ? "yes" : report_only,
				 modules, units, paths, why, product->file });
}

static int print_products(const struct view *view)
{
	static const char *const heads[] = { "PRODUCT", "WATCHED", "MODULES", "UNITS",
					     "PATHS",	"WHY",	   "FILE" };
	struct table *table = table_new(heads, sizeof(heads) / sizeof(heads[0]));

	for (size_t i = 0; i < view->products.count; i++)
		add_row(view, table, &view->products.items[i]);
	return table_print(view->context, table);
}

static int join_reasons(const struct view *view, const struct loaded_module *module, char *ret,
			size_t size)
{
	struct text_list reasons = { 0 };
	int error = module_reasons_find(view->context, &view->hooking, module, &reasons);
	size_t length = 0;

	ret[0] = '\0';
	for (size_t i = 0; !error && i < reasons.count && length < size; i++)
		length += (size_t)snprintf(ret + length, size - length, "%s%s", i ? ", " : "",
					   reasons.items[i]);
	text_list_free(&reasons);
	return error;
}

static bool has_strangers(const struct view *view)
{
	for (size_t i = 0; i < view->modules.count; i++)
		if (is_stranger(view, &view->modules.items[i]))
			return true;
	return false;
}

static int print_strangers(const struct view *view)
{
	static const char *const heads[] = { "MODULE", "WATCHED", "TAINT", "WHY" };
	struct table *table = table_new(heads, sizeof(heads) / sizeof(heads[0]));
	int error = 0, failed;

	for (size_t i = 0; !error && i < view->modules.count; i++) {
		const struct loaded_module *module = &view->modules.items[i];
		char why[REASONS_SIZE];

		if (!is_stranger(view, module))
			continue;
		error = join_reasons(view, module, why, sizeof(why));
		table_row(table,
			  (const char *const[]){ module->name, report_only, module->taint, why });
	}
	failed = table_print(view->context, table);
	return error ? error : failed;
}

static int print_text(const struct view *view)
{
	int error = print_products(view);

	if (!error && has_strangers(view)) {
		putchar('\n');
		error = print_strangers(view);
	}
	for (size_t i = 0; i < view->problems.count; i++)
		message_notice(view->context, "refused: %s", view->problems.items[i]);
	return error ? message_cannot(view->context, error, "list the products") : EXIT_DONE;
}

int cmd_products(const struct context *context, int argc, char *argv[])
{
	struct view view = { .context = context };
	int error = gather(&view);
	int code;

	(void)argc;
	(void)argv;
	if (error)
		code = message_cannot(context, error, "read the watch set");
	else
		code = context->json ? print_json(&view) : print_text(&view);
	release(&view);
	return code;
}
