/* document.c: a JSON object held against a table of its keys
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/document.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/text_list.h"

#define PATH_SIZE    128
#define STRING_MOST  4096 /* bytes of one text */
#define STRINGS_MOST 256  /* entries of a list, whatever its field says */

/* Where in the document we are, and where to say what is wrong there. */
struct place {
	char path[PATH_SIZE];
	char *problem;
	size_t size;
};

typedef int read_value(const struct json *value, const struct document_field *field, void *target,
		       const struct place *place);

static int read_fields(const struct json *object, const struct document_field *fields, void *target,
		       const struct place *place);

__attribute__((format(printf, 2, 3))) static int wrong(const struct place *place, const char *text,
						       ...)
{
	char sentence[160];
	va_list values;

	va_start(values, text);
	vsnprintf(sentence, sizeof(sentence), text, values);
	va_end(values);
	snprintf(place->problem, place->size, "%s: %s", place->path[0] ? place->path : "/",
		 sentence);
	return -EBADMSG;
}

static int wrong_type(const struct place *place, const struct json *value, enum json_type wanted)
{
	return wrong(place, "%s was expected, not %s", json_type_name(wanted),
		     json_type_name(json_type(value)));
}

static struct place below(const struct place *place, const char *key)
{
	struct place inner = *place;

	snprintf(inner.path, sizeof(inner.path), "%.*s/%.40s", PATH_SIZE - 42, place->path, key);
	return inner;
}

static struct place below_index(const struct place *place, size_t index)
{
	char text[24];

	snprintf(text, sizeof(text), "%zu", index);
	return below(place, text);
}

static void store_number(void *at, size_t size, uint64_t number)
{
	if (size == 1)
		*(uint8_t *)at = (uint8_t)number;
	else if (size == 2)
		*(uint16_t *)at = (uint16_t)number;
	else if (size == 4)
		*(uint32_t *)at = (uint32_t)number;
	else
		*(uint64_t *)at = number;
}

/* Numbers above 2^53 stand in the document as text; both forms are taken. */
static int read_number(const struct json *value, const struct document_field *field, void *target,
		       const struct place *place)
{
	int64_t number;

	if (json_type(value) != JSON_NUMBER && json_type(value) != JSON_STRING)
		return wrong_type(place, value, JSON_NUMBER);
	if (!json_integer(value, &number))
		return wrong(place, "a whole number was expected");
	if (number < 0 || (uint64_t)number < field->least || (uint64_t)number > field->most)
		return wrong(place, "%" PRId64 " is out of range %" PRIu64 " to %" PRIu64, number,
			     field->least, field->most);
	store_number((char *)target + field->offset, field->size, (uint64_t)number);
	return 0;
}

static int read_truth(const struct json *value, const struct document_field *field, void *target,
		      const struct place *place)
{
	if (json_type(value) != JSON_BOOL)
		return wrong_type(place, value, JSON_BOOL);
	*(bool *)((char *)target + field->offset) = json_is_true(value);
	return 0;
}

/* The text of `value` if it is one that `field` takes. */
static int check_text(const struct json *value, const struct document_field *field, size_t most,
		      const struct place *place, const char **ret_text)
{
	const char *text = json_string(value);

	if (!text)
		return wrong_type(place, value, JSON_STRING);
	if (strlen(text) > most)
		return wrong(place, "longer than %zu bytes", most);
	if (field->test && !field->test(text))
		return wrong(place, "%s was expected", field->form);
	*ret_text = text;
	return 0;
}

static int read_text(const struct json *value, const struct document_field *field, void *target,
		     const struct place *place)
{
	char *at = (char *)target + field->offset;
	const char *text;
	int error = check_text(value, field, field->size - 1, place, &text);

	if (error)
		return error;
	memset(at, 0, field->size);
	memcpy(at, text, strlen(text));
	return 0;
}

static int read_string(const struct json *value, const struct document_field *field, void *target,
		       const struct place *place)
{
	char **at = (char **)((char *)target + field->offset);
	const char *text;
	int error = check_text(value, field, STRING_MOST, place, &text);

	if (error)
		return error;
	free(*at);
	*at = strdup(text);
	return *at ? 0 : -ENOMEM;
}

static int check_count(const struct json *value, const struct document_field *field,
		       const struct place *place)
{
	uint64_t most = field->most && field->most < STRINGS_MOST ? field->most : STRINGS_MOST;
	size_t count = json_count(value);

	if (json_type(value) != JSON_ARRAY)
		return wrong_type(place, value, JSON_ARRAY);
	if (count < field->least || count > most)
		return wrong(place, "%zu entries; %" PRIu64 " to %" PRIu64 " are allowed", count,
			     field->least, most);
	return 0;
}

static int read_strings(const struct json *value, const struct document_field *field, void *target,
			const struct place *place)
{
	struct text_list *list = (struct text_list *)((char *)target + field->offset);
	int error = check_count(value, field, place);

	for (size_t i = 0; !error && i < json_count(value); i++) {
		struct place inner = below_index(place, i);
		const char *text;

		error = check_text(json_at(value, i), field, STRING_MOST, &inner, &text);
		if (!error && text_list_has(list, text))
			error = wrong(&inner, "stands twice in the list");
		if (!error)
			error = text_list_add(list, text);
	}
	return error;
}

/* Commands have arguments, which may well stand twice. */
static int read_arguments(const struct json *value, const struct document_field *field,
			  void *target, const struct place *place)
{
	struct text_list *list = (struct text_list *)((char *)target + field->offset);
	int error = check_count(value, field, place);

	for (size_t i = 0; !error && i < json_count(value); i++) {
		struct place inner = below_index(place, i);
		const char *text;

		error = check_text(json_at(value, i), field, STRING_MOST, &inner, &text);
		if (!error && i == 0 && !field->program(text))
			error = wrong(&inner, "an absolute path was expected");
		if (!error)
			error = text_list_add(list, text);
	}
	return error;
}

static void list_words(const char *const *words, char *ret_text, size_t size)
{
	size_t used = 0;

	ret_text[0] = 0;
	for (size_t i = 0; words[i] && used < size; i++)
		used += (size_t)snprintf(ret_text + used, size - used, "%s%s", i ? ", " : "",
					 words[i]);
}

static int find_word(const struct json *value, const struct document_field *field,
		     const struct place *place, int *ret_index)
{
	const char *text = json_string(value);
	char list[96];

	if (!text)
		return wrong_type(place, value, JSON_STRING);
	for (int i = 0; field->words[i]; i++)
		if (strcmp(text, field->words[i]) == 0) {
			*ret_index = i;
			return 0;
		}
	list_words(field->words, list, sizeof(list));
	return wrong(place, "\"%.40s\" is none of: %s", text, list);
}

static int read_word(const struct json *value, const struct document_field *field, void *target,
		     const struct place *place)
{
	int index;
	int error = find_word(value, field, place, &index);

	if (!error)
		*(int *)((char *)target + field->offset) = index;
	return error;
}

static int read_constant(const struct json *value, const struct document_field *field, void *target,
			 const struct place *place)
{
	int index;

	(void)target;
	return find_word(value, field, place, &index);
}

static int read_object(const struct json *value, const struct document_field *field, void *target,
		       const struct place *place)
{
	if (json_type(value) != JSON_OBJECT)
		return wrong_type(place, value, JSON_OBJECT);
	return read_fields(value, field->fields, target, place);
}

static int read_objects(const struct json *value, const struct document_field *field, void *target,
			const struct place *place)
{
	void **items = (void **)((char *)target + field->offset);
	size_t *count = (size_t *)((char *)target + field->count_offset);
	int error = check_count(value, field, place);

	if (error || json_count(value) == 0)
		return error;
	*items = calloc(json_count(value), field->size);
	if (!*items)
		return -ENOMEM;
	*count = json_count(value);
	for (size_t i = 0; !error && i < *count; i++) {
		struct place inner = below_index(place, i);

		error = read_object(json_at(value, i), field, (char *)*items + i * field->size,
				    &inner);
	}
	return error;
}

static int read_notes(const struct json *value, const struct document_field *field, void *target,
		      const struct place *place)
{
	int error = 0;

	(void)target;
	if (json_type(value) != JSON_OBJECT)
		return wrong_type(place, value, JSON_OBJECT);
	if (json_count(value) > STRINGS_MOST)
		return wrong(place, "more than %d members", STRINGS_MOST);
	for (size_t i = 0; !error && i < json_count(value); i++) {
		struct place inner = below(place, json_key_at(value, i));
		const char *text;

		error = check_text(json_at(value, i), field, STRING_MOST, &inner, &text);
	}
	return error;
}

static read_value *const readers[] = {
	[DOCUMENT_NUMBER] = read_number,   [DOCUMENT_TRUTH] = read_truth,
	[DOCUMENT_TEXT] = read_text,	   [DOCUMENT_STRING] = read_string,
	[DOCUMENT_STRINGS] = read_strings, [DOCUMENT_ARGUMENTS] = read_arguments,
	[DOCUMENT_WORD] = read_word,	   [DOCUMENT_CONSTANT] = read_constant,
	[DOCUMENT_OBJECT] = read_object,   [DOCUMENT_OBJECTS] = read_objects,
	[DOCUMENT_NOTES] = read_notes,
};

static const struct document_field *find_field(const struct document_field *fields, const char *key)
{
	for (; fields->key; fields++)
		if (strcmp(fields->key, key) == 0)
			return fields;
	return NULL;
}

static int check_keys(const struct json *object, const struct document_field *fields,
		      const struct place *place)
{
	size_t count = json_count(object);
	size_t known = 0;

	for (const struct document_field *field = fields; field->key; field++) {
		if (json_get(object, field->key)) {
			known++;
		} else if (field->required) {
			struct place inner = below(place, field->key);

			return wrong(&inner, "this key is missing");
		}
	}
	if (known == count)
		return 0;
	for (size_t i = 0; i < count; i++) {
		struct place inner = below(place, json_key_at(object, i));

		if (!find_field(fields, json_key_at(object, i)))
			return wrong(&inner, "unknown key");
	}
	return 0;
}

static int read_fields(const struct json *object, const struct document_field *fields, void *target,
		       const struct place *place)
{
	int error = check_keys(object, fields, place);

	for (const struct document_field *field = fields; !error && field->key; field++) {
		const struct json *value = json_get(object, field->key);
		struct place inner = below(place, field->key);

		if (value)
			error = readers[field->kind](value, field, target, &inner);
	}
	return error;
}

static int read_document(const struct json *object, const struct document_field *fields,
			 void *target, char *ret_problem, size_t problem_size)
{
	struct place place = { .problem = ret_problem, .size = problem_size };

	if (json_type(object) != JSON_OBJECT)
		return wrong_type(&place, object, JSON_OBJECT);
	return read_fields(object, fields, target, &place);
}

int document_read_text(const char *name, const char *text, size_t length,
		       const struct document_field *fields, void *target, char *ret_problem,
		       size_t problem_size)
{
	struct json *document = NULL;
	char problem[200];
	int error = json_parse(text, length, &document, problem, sizeof(problem));

	if (!error)
		error = read_document(document, fields, target, problem, sizeof(problem));
	json_free(document);
	if (error == -EBADMSG)
		snprintf(ret_problem, problem_size, "%s: %s", name, problem);
	return error;
}
