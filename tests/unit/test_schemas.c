/* test_schemas.c: the keys that the program knows are those of the schemas in policy/
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What each key may hold is compared by scripts/check-schemas, which starts from the schemas and so cannot see a key that
 * is missing there.
 */
#include <stdlib.h>
#include <string.h>

#include "recovery/json.h"
#include "recovery/policy_file.h"
#include "recovery/products/watch_set.h"
#include "recovery/system_file.h"
#include "tests/unit/suite.h"

static bool requires(const struct json *schema, const char *key)
{
	const struct json *required = json_get(schema, "required");

	for (size_t i = 0; i < json_count(required); i++)
		if (strcmp(json_string(json_at(required, i)), key) == 0)
			return true;
	return false;
}

/* Returns the number of keys that were compared. */
static size_t compare(const struct document_field *fields, const struct json *schema)
{
	const struct json *properties = json_get(schema, "properties");
	size_t count = 0, below = 0;

	for (; fields[count].key; count++) {
		const struct document_field *field = &fields[count];
		const struct json *property = json_get(properties, field->key);

		ck_assert_msg(property, "%s is not in the schema", field->key);
		ck_assert_msg(field->required == requires(schema, field->key),
			      "%s: required here and not there", field->key);
		if (field->kind == DOCUMENT_OBJECT)
			below += compare(field->fields, property);
		else if (field->kind == DOCUMENT_OBJECTS)
			below += compare(field->fields, json_get(property, "items"));
	}
	ck_assert_uint_eq(count, json_count(properties));
	return count + below;
}

static const struct {
	const char *file;
	const struct document_field *(*fields)(void);
	size_t least;
} schemas[] = {
	{ "policy/policy.schema.json", policy_file_fields, 36 },
	{ "policy/product.schema.json", product_fields, 20 },
};

START_TEST(knows_the_same_keys)
{
	struct json *schema = NULL;
	char *text = NULL, problem[128] = "";
	size_t length;

	ck_assert_int_eq(system_read_named(schemas[_i].file, 65536, &text, &length), 0);
	ck_assert_msg(json_parse(text, length, &schema, problem, sizeof(problem)) == 0, "%s",
		      problem);
	ck_assert_uint_ge(compare(schemas[_i].fields(), schema), schemas[_i].least);
	json_free(schema);
	free(text);
}
END_TEST

Suite *suite(void)
{
	Suite *suite = suite_create("schemas");

	tcase_add_loop_test(suite_case(suite, "keys", 10), knows_the_same_keys, 0,
			    sizeof(schemas) / sizeof(schemas[0]));
	return suite;
}
