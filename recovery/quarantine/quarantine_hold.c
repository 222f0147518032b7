/* quarantine_hold.c: while something of a product is set aside its updater waits, and its content is read-only for it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/quarantine/quarantine_hold.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "recovery/boot/boot_order.h"
#include "recovery/cleanup.h"
#include "recovery/early/hold_list.h"
#include "recovery/event.h"
#include "recovery/first_error.h"
#include "recovery/message.h"
#include "recovery/products/deny_list.h"
#include "recovery/quarantine/drop_in.h"
#include "recovery/quarantine/hold_end.h"
#include "recovery/quarantine/quarantine.h"
#include "recovery/safe_path.h"
#include "recovery/state.h"

#define FIRST	  "# written by daruma while something is set aside: see daruma(8)\n"
#define PRODUCT	  "# product "
#define CONDITION "ConditionPathExists=!"
#define SERVICE	  ".service"

static const struct drop_in_kind kind = { QUARANTINE_HOLD_NAME, FIRST };

void quarantine_hold_result_free(struct quarantine_hold_result *result)
{
	if (!result)
		return;
	text_list_free(&result->held);
	text_list_free(&result->lifted);
}

/* --- what a drop-in says ------------------------------------------------------------------- */

#define READ_ONLY "ReadOnlyPaths"

/* systemd.syntax(7), systemd.unit(5): quoted, a backslash before what ends or escapes in quotes, '%' twice. */
static void put_path(FILE *to, const char *key, const char *path)
{
	fprintf(to, "%s=\"-", key);
	for (const char *at = path; *at; at++) {
		if (*at == '"' || *at == '\\')
			fputc('\\', to);
		if (*at == '%')
			fputc('%', to);
		fputc(*at, to);
	}
	fputs("\"\n", to);
}

static bool has_place(const struct text_list *places, const char *path)
{
	for (size_t i = 0; i < places->count; i++)
		if (safe_path_below(path, places->items[i]))
			return true;
	return false;
}

/* Whether a product may keep anything beside its content there. */
static bool has_code(const struct product *product, const char *path)
{
	for (size_t i = 0; i < product->code_paths.count; i++)
		if (safe_path_below(path, product->code_paths.items[i]))
			return true;
	return false;
}

static void put_content(FILE *to, const struct product *product, const struct text_list *places,
			const char *path)
{
	if (!has_code(product, path) && has_place(places, path))
		put_path(to, READ_ONLY, path);
	/* More would be no drop-in of ours any more. */
	for (size_t i = 0; i < places->count && has_code(product, path); i++)
		if (safe_path_below(path, places->items[i]) && ftell(to) < DROP_IN_SIZE_MAX / 2)
			put_path(to, READ_ONLY, places->items[i]);
}

/* A set is one thing, wherever in it something was set aside. */
static void put_set(FILE *to, const struct content_set *set, const struct text_list *places)
{
	bool beside = set->manifest && has_place(places, set->manifest);

	if (!beside && !has_place(places, set->path))
		return;
	put_path(to, READ_ONLY, set->path);
	if (set->manifest)
		put_path(to, READ_ONLY, set->manifest);
}

static void put_paths(FILE *to, const struct product *product, const struct text_list *places)
{
	for (size_t i = 0; i < product->content_paths.count; i++)
		put_content(to, product, places, product->content_paths.items[i]);
	for (size_t i = 0; i < product->content_set_count; i++)
		put_set(to, &product->content_sets[i], places);
	/* Of two such paths the inner one holds (systemd.exec(5)). */
	for (size_t i = 0; i < product->state_paths.count; i++)
		put_path(to, "ReadWritePaths", product->state_paths.items[i]);
}

static bool has_content(const struct product *product, const struct text_list *places)
{
	for (size_t i = 0; i < product->content_paths.count; i++)
		if (has_place(places, product->content_paths.items[i]))
			return true;
	for (size_t i = 0; i < product->content_set_count; i++)
		if (has_place(places, product->content_sets[i].path) ||
		    (product->content_sets[i].manifest &&
		     has_place(places, product->content_sets[i].manifest)))
			return true;
	return false;
}

static bool is_service(const char *unit)
{
	size_t length = strlen(unit), ending = sizeof(SERVICE) - 1;

	return length > ending && strcmp(unit + length - ending, SERVICE) == 0;
}

static bool is_updater(const struct product *product, const char *unit)
{
	return text_list_has(&product->updater_units, unit);
}

/* Whether the content of `product` is read-only for its unit `unit`. */
static bool is_read_only(const struct product *product, const struct text_list *places,
			 const char *unit)
{
	return product_has_read_only_content(product) && has_content(product, places) &&
	       is_service(unit) && text_list_has(&product->units, unit);
}

/* A unit's name needs no escape here: none has '%' or a blank (systemd.unit(5)). */
static void put_text(FILE *to, const struct product_list *open, const struct text_list *places,
		     const char *unit)
{
	bool held = false;

	fputs(FIRST, to);
	for (size_t i = 0; i < open->count; i++) {
		const struct product *product = &open->items[i];

		if (is_updater(product, unit) || is_read_only(product, places, unit))
			fprintf(to, PRODUCT "%s\n", product->id);
		held = held || is_updater(product, unit);
	}
	if (held)
		fprintf(to, "[Unit]\n" CONDITION DROP_IN_FOLDER "/%s.d/" QUARANTINE_HOLD_NAME "\n",
			unit);
	for (size_t i = 0; i < open->count; i++) {
		if (!is_read_only(&open->items[i], places, unit))
			continue;
		fputs("[Service]\n", to);
		put_paths(to, &open->items[i], places);
	}
}

static bool is_wanted(const struct product_list *open, const struct text_list *places,
		      const char *unit)
{
	/* A product file that was accepted has no such unit; this is the last door before /etc. */
	if (deny_list_has_unit(unit) || !hold_list_accepts(HOLD_UNIT, unit))
		return false;
	for (size_t i = 0; i < open->count; i++)
		if (is_updater(&open->items[i], unit) ||
		    is_read_only(&open->items[i], places, unit))
			return true;
	return false;
}

int quarantine_hold_text(const struct product_list *open, const struct text_list *places,
			 const char *unit, char **ret_text)
{
	char *text = NULL;
	size_t size;
	FILE *to;

	*ret_text = NULL;
	if (!is_wanted(open, places, unit))
		return 0;
	to = open_memstream(&text, &size);
	if (!to)
		return -ENOMEM;
	put_text(to, open, places, unit);
	if (fclose(to) != 0) {
		free(text);
		return -ENOMEM;
	}
	*ret_text = text;
	return 0;
}

/* --- bringing the files in line ------------------------------------------------------------ */

struct update {
	const struct context *context;
	struct database *database;
	const struct product_list *products;
	struct text_list names;	 /* of products of which something is set aside */
	struct text_list places; /* from where */
	/* those of them that are watched; the products are those of `products` */
	struct product_list open;
	struct quarantine_hold_result *result;
	int error; /* the first one */
};

/* What there is of the drop-ins of one product. */
struct written {
	struct text_list held; /* updaters */
	bool read_only;
	int error; /* the first one */
};

static int find_open(struct update *update)
{
	size_t room = update->products->count + 1;

	update->open.items = calloc(room, sizeof(*update->open.items));
	if (!update->open.items)
		return -ENOMEM;
	for (size_t i = 0; i < update->products->count; i++)
		if (text_list_has(&update->names, update->products->items[i].id))
			update->open.items[update->open.count++] = update->products->items[i];
	return 0;
}

static bool is_watched(const struct update *update, const char *id)
{
	for (size_t i = 0; i < update->open.count; i++)
		if (strcmp(update->open.items[i].id, id) == 0)
			return true;
	return false;
}

static void write_unit(struct update *update, const struct product *product, const char *unit,
		       struct written *written)
{
	owned char *text = NULL;
	int result = quarantine_hold_text(&update->open, &update->places, unit, &text);

	if (!result && text)
		result = drop_in_write(update->context, &kind, unit, text);
	first_error_keep(&update->error, result);
	if (result < 0 && written->error == 0)
		written->error = result;
	if (result < 0 || !text)
		return;
	written->read_only |= is_read_only(product, &update->places, unit);
	if (is_updater(product, unit) && !text_list_has(&written->held, unit))
		first_error_keep(&update->error, text_list_add(&written->held, unit));
	update->result->changed |= result == 1;
	if (result == 1 && strstr(text, "\n" CONDITION))
		first_error_keep(&update->error, text_list_add(&update->result->held, unit));
}

static void write_product(struct update *update, const struct product *product,
			  struct written *written)
{
	for (size_t j = 0; j < product->updater_units.count; j++)
		write_unit(update, product, product->updater_units.items[j], written);
	for (size_t j = 0; j < product->units.count; j++)
		write_unit(update, product, product->units.items[j], written);
}

/* Whether the drop-in is of a product that is not watched just now, and of which something is set aside: its file may be
 * unreadable for a while, which must not let its updater loose. */
static bool is_kept(const struct update *update, const char *text)
{
	for (size_t i = 0; i < update->names.count; i++) {
		char line[128];

		snprintf(line, sizeof(line), "\n" PRODUCT "%s\n", update->names.items[i]);
		if (!is_watched(update, update->names.items[i]) && strstr(text, line))
			return true;
	}
	return false;
}

static int remove_unwanted(const char *unit, const char *text, void *user)
{
	struct update *update = user;
	owned char *wanted = NULL;
	int result = quarantine_hold_text(&update->open, &update->places, unit, &wanted);

	if (result || wanted || is_kept(update, text)) {
		first_error_keep(&update->error, result);
		return 0;
	}
	result = drop_in_remove(update->context, &kind, unit);
	first_error_keep(&update->error, result);
	if (result != 1)
		return 0;
	update->result->changed = true;
	if (strstr(text, "\n" CONDITION))
		first_error_keep(&update->error, text_list_add(&update->result->lifted, unit));
	return 0;
}

/* --- what the tables say ------------------------------------------------------------------- */

static void add_names(struct json *details, const char *key, const struct text_list *names)
{
	struct json *list = json_new_array();

	for (size_t i = 0; i < names->count; i++)
		json_append_text(list, names->items[i]);
	json_add(details, key, list);
}

static const char *why_of(const struct product *product, const struct written *written)
{
	if (written->error)
		return message_text(written->error);
	return product_has_read_only_content(product) ?
		       "something of it is set aside" :
		       "something of it is set aside; its content stays writable";
}

static void tell(struct update *update, const struct product *product,
		 const struct written *written)
{
	struct json *details = json_new_object();

	json_add_text(details, "product", product->id);
	add_names(details, "held", &written->held);
	json_add_bool(details, "read_only", written->read_only);
	json_add_text(details, "why", why_of(product, written));
	event_write(update->context, update->database,
		    written->error ? "product.hold_failed" : "product.held",
		    written->error ? "warning" : "notice", details);
}

/* Once, until it is another: what hinders it may be there at each start. */
static int tell_new(struct update *update, const struct product *product,
		    const struct written *written)
{
	bool nothing = !written->error && !written->held.count && !written->read_only;
	int error = database_run(update->database,
				 "UPDATE quarantine_hold SET told=?2 WHERE product=?1 AND told<>?2",
				 "tt", product->id,
				 written->error ? "failed" :
				 nothing	? "" :
						  "held");

	if (!error && database_changes(update->database) > 0 && !nothing)
		tell(update, product, written);
	return error;
}

/* The row comes before the first file and goes after the last one: while it is there, there may be files. */
static void hold_product(struct update *update, const struct product *product)
{
	struct written written = { 0 };
	int error =
		database_run(update->database,
			     "INSERT OR IGNORE INTO quarantine_hold(product,time) VALUES(?1,?2)",
			     "ti", product->id, (int64_t)time(NULL));

	first_error_keep(&update->error, error);
	/* Without a row the files are held all the same. */
	write_product(update, product, &written);
	if (!error)
		first_error_keep(&update->error, tell_new(update, product, &written));
	text_list_free(&written.held);
}

static int add_row(const struct database_row *row, void *user)
{
	int error = text_list_add(user, database_text(row, 0));

	return error ? error : text_list_add(user, database_text(row, 1));
}

static int stop_there(const struct database_row *row, void *user)
{
	(void)row;
	(void)user;
	return 1;
}

static const char *why_lifted(struct database *database, const char *product)
{
	return database_query(database, stop_there, NULL, "SELECT 1 FROM hold_end WHERE product=?1",
			      "t", product) == 1 ?
		       "another version is in place of what was set aside, or it is gone" :
		       "nothing of it is set aside any more";
}

static int delete_row(struct update *update, const char *product, const char *told)
{
	struct json *details;
	int error = database_run(update->database, "DELETE FROM quarantine_hold WHERE product=?1",
				 "t", product);

	/* What was never held is not lifted. */
	if (error || !*told)
		return error;
	details = json_new_object();
	json_add_text(details, "product", product);
	json_add_text(details, "why", why_lifted(update->database, product));
	event_write(update->context, update->database, "product.lifted", "notice", details);
	return 0;
}

static void delete_rows(struct update *update)
{
	struct text_list rows = { 0 };
	int error = database_query(update->database, add_row, &rows,
				   "SELECT product,told FROM quarantine_hold", "");

	for (size_t i = 0; !error && i + 1 < rows.count; i += 2)
		if (!text_list_has(&update->names, rows.items[i]))
			error = delete_row(update, rows.items[i], rows.items[i + 1]);
	first_error_keep(&update->error, error);
	text_list_free(&rows);
}

/* Where the state cannot say whose hold has ended all stay. */
static int find_held(struct update *update)
{
	int error;

	first_error_keep(&update->error,
			 hold_end_find(update->context, update->database, update->products));
	error = hold_end_held_products(update->database, &update->names);
	return error ? error : hold_end_held_places(update->database, &update->places);
}

int quarantine_hold_update(const struct context *context, struct database *database,
			   const struct product_list *products, struct quarantine_hold_result *ret)
{
	struct update update = {
		.context = context, .database = database, .products = products, .result = ret
	};
	int error;

	*ret = (struct quarantine_hold_result){ 0 };
	if (context->dry_run)
		return 0;
	/* Nobody would lift it afterwards. */
	error = state_get_number(database, BOOT_ORDER_REMOVED_KEY, 0) == 1 ? 0 : find_held(&update);
	if (!error)
		error = find_open(&update);
	if (!error) {
		for (size_t i = 0; i < update.open.count; i++)
			hold_product(&update, &update.open.items[i]);
		first_error_keep(&update.error,
				 drop_in_each(context, &kind, remove_unwanted, &update));
		if (!update.error)
			delete_rows(&update);
	}
	free(update.open.items);
	text_list_free(&update.names);
	text_list_free(&update.places);
	return error ? error : update.error;
}

bool quarantine_hold_is_due(struct database *database)
{
	int64_t rows = 0;

	return quarantine_open_count(database) > 0 ||
	       (database_number(database, &rows, "SELECT COUNT(*) FROM quarantine_hold", "") == 0 &&
		rows > 0);
}
