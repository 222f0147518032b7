/* json.h: strict JSON; the only user of cJSON
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Documents from outside are refused with duplicate keys, bytes that are not UTF-8, control characters in
 * strings, a depth over 16, or text after the value.
 */
#ifndef DARUMA_RECOVERY_JSON_H
#define DARUMA_RECOVERY_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JSON_DEPTH_MAX 16

struct json; /* a value; opaque */

enum json_type {
	JSON_NULL,
	JSON_BOOL,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT,
};

/* Reads `length` bytes. Returns 0, -ENOMEM or -EBADMSG; then `ret_problem` holds one sentence that names the place. */
int json_parse(const char *text, size_t length, struct json **ret, char *ret_problem,
	       size_t problem_size);

/* NULL is accepted everywhere below; the type of NULL is JSON_NULL. */
void json_free(struct json *value);
enum json_type json_type(const struct json *value);
const char *json_type_name(enum json_type type);

const char *json_string(const struct json *value); /* NULL if it is no string */
bool json_is_true(const struct json *value);
/* A whole number from a JSON number without fraction or exponent up to 2^53, or from a string of decimal digits.
 * Returns false for anything else. */
bool json_integer(const struct json *value, int64_t *ret);

/* Members in the order of the document. */
size_t json_count(const struct json *container);
const struct json *json_at(const struct json *container, size_t index);
const char *json_key_at(const struct json *object, size_t index);
const struct json *json_get(const struct json *object, const char *key);

/* Making values. They return NULL without memory; adding NULL to a container marks it, and printing a marked container
 * returns NULL: so a chain of calls needs one check at its end. Adding takes ownership. Bytes of `text` that are not
 * UTF-8 are replaced by U+FFFD. Integers above 2^53 are printed as strings. */
struct json *json_new_object(void);
struct json *json_new_array(void);
struct json *json_new_null(void);
void json_add(struct json *object, const char *key, struct json *value);
void json_add_text(struct json *object, const char *key,
		   const char *text); /* NULL text gives null */
void json_add_integer(struct json *object, const char *key, int64_t number);
void json_add_bool(struct json *object, const char *key, bool value);
void json_append(struct json *array, struct json *value);
void json_append_text(struct json *array, const char *text);

/* Moves all members of `from` to the end of `object`; `from` is empty then and still the caller's. */
void json_move_members(struct json *object, struct json *from);

/* The text of a value, without a final newline, to be freed by the caller; NULL without memory. */
char *json_print(const struct json *value, bool pretty);

#endif
