/* json.c: strict JSON; the only user of cJSON
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A `struct json *` is a `cJSON *`. cJSON leaves `valueint` of containers unused: here it marks a container that
 * misses a member (MARK). Of parsed numbers it says whether the text was a whole number, which the double no longer
 * tells; made integers are raw text, so that 10^15 does not become 1e+15.
 */
#include "recovery/json.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/cleanup.h"
#include "recovery/json_scan.h"
#include "recovery/utf8.h"

#define MARK	  1
#define EXACT_MAX (INT64_C(1) << 53) /* doubles hold every whole number up to here */
#define PATH_SIZE 160

static cJSON *inner(const struct json *value)
{
	return (cJSON *)value;
}

static struct json *outer(cJSON *value)
{
	return (struct json *)value;
}

/* For each number of the text, in its order: was it whole? */
struct numbers {
	bool *whole;
	size_t count;
	size_t room;
	size_t used;
};

static int add_number(void *user, int whole)
{
	struct numbers *numbers = user;

	if (numbers->count == numbers->room) {
		size_t room = numbers->room ? 2 * numbers->room : 64;
		bool *more = realloc(numbers->whole, room * sizeof(*more));

		if (!more)
			return -ENOMEM;
		numbers->whole = more;
		numbers->room = room;
	}
	numbers->whole[numbers->count++] = whole;
	return 0;
}

/* cJSON keeps the order of the document, so its numbers come in the order of the scan. */
static void note_numbers(cJSON *value, struct numbers *numbers)
{
	cJSON *child;

	value->valueint = 0;
	if (cJSON_IsNumber(value) && numbers->used < numbers->count)
		value->valueint = numbers->whole[numbers->used++];
	cJSON_ArrayForEach(child, value) note_numbers(child, numbers);
}

static int compare_keys(const void *one, const void *other)
{
	return strcmp(*(char *const *)one, *(char *const *)other);
}

/* Returns 0, -ENOMEM, or -EBADMSG with the key that stands twice in `object`. */
static int check_keys(const cJSON *object, const char **ret_key)
{
	size_t count = (size_t)cJSON_GetArraySize(object);
	owned const char **keys = calloc(count + 1, sizeof(*keys));
	const cJSON *child;
	size_t used = 0;

	if (!keys)
		return -ENOMEM;
	cJSON_ArrayForEach(child, object) keys[used++] = child->string;
	qsort(keys, used, sizeof(*keys), compare_keys);
	for (size_t i = 1; i < used; i++)
		if (strcmp(keys[i - 1], keys[i]) == 0) {
			*ret_key = keys[i];
			return -EBADMSG;
		}
	return 0;
}

static void extend_path(char path[PATH_SIZE], const char *parent, const cJSON *child, size_t index)
{
	if (child->string)
		snprintf(path, PATH_SIZE, "%s/%s", parent, child->string);
	else
		snprintf(path, PATH_SIZE, "%s/%zu", parent, index);
}

static int check_all_keys(const cJSON *value, const char *path, char *ret_problem, size_t size)
{
	const char *key = NULL;
	const cJSON *child;
	char below[PATH_SIZE];
	size_t index = 0;
	int error = cJSON_IsObject(value) ? check_keys(value, &key) : 0;

	if (error == -EBADMSG)
		snprintf(ret_problem, size, "%s/%s: this key stands twice", path, key);
	if (error)
		return error;
	cJSON_ArrayForEach(child, value)
	{
		if (!cJSON_IsObject(child) && !cJSON_IsArray(child)) {
			index++;
			continue;
		}
		extend_path(below, path, child, index++);
		error = check_all_keys(child, below, ret_problem, size);
		if (error)
			return error;
	}
	return 0;
}

int json_parse(const char *text, size_t length, struct json **ret, char *ret_problem,
	       size_t problem_size)
{
	struct numbers numbers = { 0 };
	cJSON *value = NULL;
	int error = json_scan(text, length, add_number, &numbers, ret_problem, problem_size);

	if (!error) {
		value = cJSON_ParseWithLength(text, length);
		error = value ? 0 : -ENOMEM; /* the scan has seen that it is sound */
	}
	if (!error) {
		note_numbers(value, &numbers);
		error = check_all_keys(value, "", ret_problem, problem_size);
	}
	free(numbers.whole);
	if (error) {
		cJSON_Delete(value);
		return error;
	}
	*ret = outer(value);
	return 0;
}

void json_free(struct json *value)
{
	cJSON_Delete(inner(value));
}

enum json_type json_type(const struct json *value)
{
	switch (value ? inner(value)->type & 0xff : cJSON_NULL) {
	case cJSON_False:
	case cJSON_True:
		return JSON_BOOL;
	case cJSON_Number:
	case cJSON_Raw:
		return JSON_NUMBER;
	case cJSON_String:
		return JSON_STRING;
	case cJSON_Array:
		return JSON_ARRAY;
	case cJSON_Object:
		return JSON_OBJECT;
	default:
		return JSON_NULL;
	}
}

const char *json_type_name(enum json_type type)
{
	static const char *const names[] = {
		[JSON_NULL] = "null",	    [JSON_BOOL] = "a truth value",
		[JSON_NUMBER] = "a number", [JSON_STRING] = "a text",
		[JSON_ARRAY] = "a list",    [JSON_OBJECT] = "an object",
	};

	return names[type];
}

const char *json_string(const struct json *value)
{
	return value ? cJSON_GetStringValue(inner(value)) : NULL;
}

bool json_is_true(const struct json *value)
{
	return value && cJSON_IsTrue(inner(value));
}

static bool integer_from_text(const char *text, int64_t *ret)
{
	const char *digits = *text == '-' ? text + 1 : text;
	int64_t number;

	if (!*digits || strspn(digits, "0123456789") != strlen(digits))
		return false;
	errno = 0;
	number = strtoimax(text, NULL, 10);
	if (errno)
		return false;
	*ret = number;
	return true;
}

bool json_integer(const struct json *value, int64_t *ret)
{
	const cJSON *item = inner(value);

	if (!item)
		return false;
	if (cJSON_IsString(item) || cJSON_IsRaw(item))
		return integer_from_text(item->valuestring, ret);
	if (!cJSON_IsNumber(item) || !item->valueint || item->valuedouble > (double)EXACT_MAX ||
	    item->valuedouble < -(double)EXACT_MAX)
		return false;
	*ret = (int64_t)item->valuedouble;
	return true;
}

static bool is_container(const cJSON *item)
{
	return item && (cJSON_IsObject(item) || cJSON_IsArray(item));
}

size_t json_count(const struct json *container)
{
	return is_container(inner(container)) ? (size_t)cJSON_GetArraySize(inner(container)) : 0;
}

const struct json *json_at(const struct json *container, size_t index)
{
	if (index >= json_count(container))
		return NULL;
	return outer(cJSON_GetArrayItem(inner(container), (int)index));
}

const char *json_key_at(const struct json *object, size_t index)
{
	const struct json *member = json_at(object, index);

	return member ? inner(member)->string : NULL;
}

const struct json *json_get(const struct json *object, const char *key)
{
	return outer(cJSON_GetObjectItemCaseSensitive(inner(object), key));
}

struct json *json_new_object(void)
{
	return outer(cJSON_CreateObject());
}

struct json *json_new_array(void)
{
	return outer(cJSON_CreateArray());
}

struct json *json_new_null(void)
{
	return outer(cJSON_CreateNull());
}

static void mark(struct json *container)
{
	if (container)
		inner(container)->valueint = MARK;
}

void json_add(struct json *object, const char *key, struct json *value)
{
	if (object && value && cJSON_AddItemToObject(inner(object), key, inner(value)))
		return;
	json_free(value);
	mark(object);
}

/* A member that brings its key with it. */
static void add_detached(struct json *object, struct json *member)
{
	if (object && cJSON_AddItemToArray(inner(object), inner(member)))
		return;
	json_free(member);
	mark(object);
}

void json_append(struct json *array, struct json *value)
{
	if (array && value && cJSON_AddItemToArray(inner(array), inner(value)))
		return;
	json_free(value);
	mark(array);
}

static struct json *new_text(const char *text)
{
	owned char *mended = text ? utf8_mend(text) : NULL;

	if (!text)
		return outer(cJSON_CreateNull());
	return mended ? outer(cJSON_CreateString(mended)) : NULL;
}

void json_add_text(struct json *object, const char *key, const char *text)
{
	json_add(object, key, new_text(text));
}

void json_append_text(struct json *array, const char *text)
{
	json_append(array, new_text(text));
}

void json_add_integer(struct json *object, const char *key, int64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, number);
	if (number > EXACT_MAX || number < -EXACT_MAX)
		json_add_text(object, key, text);
	else
		json_add(object, key, outer(cJSON_CreateRaw(text)));
}

void json_add_bool(struct json *object, const char *key, bool value)
{
	json_add(object, key, outer(cJSON_CreateBool(value)));
}

void json_move_members(struct json *object, struct json *from)
{
	cJSON *member;

	if (!from)
		return;
	if (inner(from)->valueint == MARK)
		mark(object);
	while ((member = cJSON_DetachItemFromArray(inner(from), 0)))
		add_detached(object, outer(member));
}

static bool is_whole(const cJSON *value)
{
	const cJSON *child;

	if (is_container(value) && value->valueint == MARK)
		return false;
	cJSON_ArrayForEach(child, value) if (!is_whole(child)) return false;
	return true;
}

char *json_print(const struct json *value, bool pretty)
{
	if (!value || !is_whole(inner(value)))
		return NULL;
	return pretty ? cJSON_Print(inner(value)) : cJSON_PrintUnformatted(inner(value));
}
