/* product_file.c: one product file, read strictly
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/document.h"
#include "recovery/products/deny_list.h"
#include "recovery/products/watch_set.h"
#include "recovery/repair/verdict.h"
#include "recovery/safe_path.h"

#define SETS_MOST      32
#define ARGUMENTS_MOST 32
#define LIST_MOST      256

#define MODULE_PREFIX_LEAST 4 /* a shorter one would mean too much */

static const char *const schema[] = { "daruma.product.v1", NULL };

static bool only_has(const char *text, const char *further)
{
	for (; *text; text++)
		if (!isascii((unsigned char)*text) ||
		    (!isalnum((unsigned char)*text) && !strchr(further, *text)))
			return false;
	return true;
}

static bool is_id(const char *text)
{
	return isalnum((unsigned char)text[0]) && strlen(text) <= 64 && only_has(text, "-") &&
	       strpbrk(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == NULL;
}

/* May be empty. */
static bool is_argument(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return false;
	return true;
}

static bool is_line(const char *text)
{
	return *text && strlen(text) <= 255 && is_argument(text);
}

static bool is_package(const char *text)
{
	return isalnum((unsigned char)text[0]) && strlen(text) <= 255 && only_has(text, "+._-");
}

/* Whole names of units a product can have; targets, mounts and slices are the system's. */
static bool is_unit(const char *text)
{
	static const char *const suffixes[] = { "?*.service", "?*.socket", "?*.timer", "?*.path" };

	if (strlen(text) > 255 || text[0] == '.' || !only_has(text, ":_.@-\\"))
		return false;
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++)
		if (fnmatch(suffixes[i], text, FNM_NOESCAPE) == 0)
			return true;
	return false;
}

/* A whole name, or the beginning of names with a '*' behind it. */
static bool is_module(const char *text)
{
	size_t length = strlen(text);
	bool is_pattern = length > MODULE_PREFIX_LEAST && text[length - 1] == '*';

	return length > 0 && length < 64 && only_has(text, is_pattern ? "_*" : "_") &&
	       strchr(text, '*') == (is_pattern ? text + length - 1 : NULL);
}

/* Absolute, without empty parts, "." and "..", without a slash at the end. */
static bool is_path(const char *text)
{
	size_t length = strlen(text);

	if (text[0] != '/' || length < 2 || text[length - 1] == '/' || length > 4000)
		return false;
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
			return false;
	return !strstr(text, "//") && fnmatch("*/.", text, 0) && fnmatch("*/./*", text, 0) &&
	       fnmatch("*/..", text, 0) && fnmatch("*/../*", text, 0);
}

#define MEMBER(name) .key = #name, .offset = offsetof(struct product, name)
#define STRINGS(name, check, text)                                                                 \
	{                                                                                          \
		MEMBER(name), .kind = DOCUMENT_STRINGS, .most = LIST_MOST, .test = check,          \
			      .form = text                                                         \
	}
#define LINE(name)                                                                                 \
	{                                                                                          \
		MEMBER(name), .kind = DOCUMENT_STRING, .required = true, .test = is_line,          \
			      .form = "one line of text"                                           \
	}
#define COMMAND(name)                                                                              \
	{                                                                                          \
		MEMBER(name), .kind = DOCUMENT_ARGUMENTS, .most = ARGUMENTS_MOST,                  \
			      .test = is_argument, .program = is_path,                             \
			      .form = "text without control characters"                            \
	}
#define SET(name, must, check, text)                                                               \
	{                                                                                          \
		.key = #name, .kind = DOCUMENT_STRING, .required = must,                           \
		.offset = offsetof(struct content_set, name), .test = check, .form = text          \
	}

static const char module_form[] =
	"a module name with letters, digits and _ (or 4 and more, then *)";
static const char path_form[] = "an absolute path without //, . and ..";
static const char id_form[] = "lower-case letters, digits and -";
static const char unit_form[] = "the whole name of a service, socket, timer or path unit";

static const struct document_field set_fields[] = {
	SET(name, true, is_id, id_form),
	SET(path, true, is_path, path_form),
	SET(manifest, false, is_path, path_form),
	{ 0 },
};

#define WAY(name, member)                                                                          \
	{                                                                                          \
		.key = #name, .offset = offsetof(struct product, member), .required = true,        \
		.kind = DOCUMENT_ARGUMENTS, .least = 1, .most = ARGUMENTS_MOST,                    \
		.test = is_argument, .program = is_path, .form = "text without control characters" \
	}

static const struct document_field reduced_fields[] = {
	WAY(enter, reduced_enter),
	WAY(leave, reduced_leave),
	{ 0 },
};

static const struct document_field fields[] = {
	{ .key = "schema", .kind = DOCUMENT_CONSTANT, .required = true, .words = schema },
	{ MEMBER(id), .kind = DOCUMENT_STRING, .required = true, .test = is_id, .form = id_form },
	LINE(vendor),
	LINE(product),
	STRINGS(packages, is_package, "the name of a package"),
	STRINGS(units, is_unit, unit_form),
	STRINGS(modules, is_module, module_form),
	STRINGS(signers, is_line, "one line of text"),
	STRINGS(code_paths, is_path, path_form),
	STRINGS(content_paths, is_path, path_form),
	{ MEMBER(content_sets), .kind = DOCUMENT_OBJECTS, .size = sizeof(struct content_set),
	  .count_offset = offsetof(struct product, content_set_count), .most = SETS_MOST,
	  .fields = set_fields },
	STRINGS(state_paths, is_path, path_form),
	STRINGS(updater_units, is_unit, unit_form),
	{ MEMBER(bears_read_only_content), .kind = DOCUMENT_TRUTH },
	{ .key = "reduced_mode", .kind = DOCUMENT_OBJECT, .fields = reduced_fields },
	COMMAND(health),
	COMMAND(restore),
	STRINGS(sources, is_line, "one line of text"),
	{ .key = "confidence", .kind = DOCUMENT_NOTES },
	{ 0 },
};

const struct document_field *product_fields(void)
{
	return fields;
}

typedef bool deny_test(const char *name);

/* The first entry of `list` that the deny list has, or NULL. */
static const char *find_denied(const struct text_list *list, deny_test *is_denied)
{
	for (size_t i = 0; i < list->count; i++)
		if (is_denied(list->items[i]))
			return list->items[i];
	return NULL;
}

static const char *find_denied_set(const struct product *product)
{
	for (size_t i = 0; i < product->content_set_count; i++) {
		const struct content_set *set = &product->content_sets[i];

		if (deny_list_has_path(set->path))
			return set->path;
		if (set->manifest && deny_list_has_path(set->manifest))
			return set->manifest;
	}
	return NULL;
}

/* The kernel is a suspect of its own, under a name that no product may take. */
static bool is_reserved(const char *id)
{
	return strcmp(id, VERDICT_KERNEL) == 0;
}

static int check_denied(const char *name, const struct product *product, char *ret_problem)
{
	const struct {
		const char *key;
		const char *denied;
	} checks[] = {
		{ "id", is_reserved(product->id) ? product->id : NULL },
		{ "packages", find_denied(&product->packages, deny_list_has_package) },
		{ "units", find_denied(&product->units, deny_list_has_unit) },
		{ "updater_units", find_denied(&product->updater_units, deny_list_has_unit) },
		{ "modules", find_denied(&product->modules, deny_list_has_module) },
		{ "code_paths", find_denied(&product->code_paths, deny_list_has_path) },
		{ "content_paths", find_denied(&product->content_paths, deny_list_has_path) },
		{ "content_sets", find_denied_set(product) },
	};

	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		if (!checks[i].denied)
			continue;
		snprintf(ret_problem, PRODUCT_PROBLEM_SIZE,
			 "%s: /%s: %.80s is protected and never set aside", name, checks[i].key,
			 checks[i].denied);
		return -EPERM;
	}
	return 0;
}

static int check_sets(const char *name, const struct product *product, char *ret_problem)
{
	for (size_t i = 0; i < product->content_set_count; i++)
		for (size_t k = 0; k < i; k++)
			if (strcmp(product->content_sets[i].name, product->content_sets[k].name) ==
			    0) {
				snprintf(ret_problem, PRODUCT_PROBLEM_SIZE,
					 "%s: /content_sets/%zu/name: stands twice in the list",
					 name, i);
				return -EBADMSG;
			}
	return 0;
}

static bool is_inside(const char *path, const char *folder)
{
	const char *below = safe_path_below(folder, path);

	return below && *below;
}

/* What is wrong with a state path, or NULL. A file is watched or it is not. */
static const char *find_contradiction(const struct product *product, const char *state)
{
	const char *path;
	bool inside = false;

	for (size_t i = 0; (path = product_path(product, i)); i++) {
		if (safe_path_below(state, path))
			return "holds a path that is listed as code or content";
		inside |= is_inside(state, path);
	}
	return inside ? NULL : "lies in no folder that is listed as code or content";
}

static int check_state(const char *name, const struct product *product, char *ret_problem)
{
	for (size_t i = 0; i < product->state_paths.count; i++) {
		const char *path = product->state_paths.items[i];
		const char *contradiction = find_contradiction(product, path);

		if (!contradiction)
			continue;
		snprintf(ret_problem, PRODUCT_PROBLEM_SIZE, "%s: /state_paths/%zu: %.80s %s", name,
			 i, path, contradiction);
		return -EBADMSG;
	}
	return 0;
}

/* What recovery runs must be the product's own: see vendor_command.h. */
static int check_commands(const char *name, const struct product *product, char *ret_problem)
{
	const struct {
		const char *key;
		const struct text_list *words;
	} ways[] = {
		{ "reduced_mode/enter", &product->reduced_enter },
		{ "reduced_mode/leave", &product->reduced_leave },
		{ "restore", &product->restore },
	};

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		if (ways[i].words->count == 0 ||
		    product_code_path(product, ways[i].words->items[0]))
			continue;
		snprintf(ret_problem, PRODUCT_PROBLEM_SIZE,
			 "%s: /%s: %.80s lies in no path that is listed as code", name, ways[i].key,
			 ways[i].words->items[0]);
		return -EBADMSG;
	}
	return 0;
}

int product_parse(const char *name, const char *text, size_t length, struct product *ret,
		  char ret_problem[PRODUCT_PROBLEM_SIZE])
{
	struct product product = { .bears_read_only_content = true };
	int error = document_read_text(name, text, length, fields, &product, ret_problem,
				       PRODUCT_PROBLEM_SIZE);

	if (!error)
		error = check_sets(name, &product, ret_problem);
	if (!error)
		error = check_state(name, &product, ret_problem);
	if (!error)
		error = check_commands(name, &product, ret_problem);
	if (!error)
		error = check_denied(name, &product, ret_problem);
	if (!error) {
		product.file = strdup(name);
		error = product.file ? 0 : -ENOMEM;
	}
	if (error) {
		product_free(&product);
		return error;
	}
	*ret = product;
	return 0;
}
