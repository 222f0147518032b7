/* test_json.c: strict JSON in, plain JSON out
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/json.h"
#include "recovery/utf8.h"
#include "tests/unit/suite.h"

static char problem[256];

static int parse(const char *text, struct json **ret)
{
	problem[0] = 0;
	return json_parse(text, strlen(text), ret, problem, sizeof(problem));
}

static void refuse(const char *text)
{
	struct json *value = NULL;

	ck_assert_msg(parse(text, &value) == -EBADMSG, "accepted: %s", text);
	ck_assert_ptr_null(value);
	ck_assert_msg(problem[0], "no problem was named: %s", text);
}

static const char *const refused[] = {
	"",
	" ",
	"{",
	"}",
	"[1,]",
	"{\"a\":1,}",
	"{\"a\"}",
	"{a:1}",
	"[1 2]",
	"nul",
	"nulll",
	"truefalse",
	"01",
	"1.",
	".5",
	"+1",
	"-",
	"1e",
	"1e+",
	"0x10",
	"NaN",
	"Infinity",
	"'a'",
	"\"a",
	"\"\\x\"",
	"\"\\u12\"",
	"\"\\u0000\"",
	"\"\\ud800\"",
	"\"\\udc00\"",
	"\"\\ud800\\u0041\"",
	"\"\x01\"",
	"\"\x1f\"",
	"\"\xff\"",
	"\"\xc0\x80\"",
	"\"\xed\xa0\x80\"",
	"\"\xf4\x90\x80\x80\"",
	"\"\xe2\x82\"",
	"1 1",
	"{} x",
	"\xef\xbb\xbf{}",
	"{\"a\":1,\"a\":2}",
	"{\"a\":{\"b\":1,\"b\":1}}",
	"{\"a\":1,\"\\u0061\":2}",
	"[{\"x\":1,\"x\":1}]",
	"// c\n1",
	"/**/1",
	"[1]\v",
	"{\"a\":1;}",
	"\"\t\"",
};

START_TEST(refused_texts)
{
	refuse(refused[_i]);
}
END_TEST

static const char *const accepted[] = {
	"{}",
	"[]",
	"0",
	"-0",
	"1",
	"-1",
	"1.5",
	"1e5",
	"1E-5",
	"true",
	"false",
	"null",
	"\"\"",
	" [ 1 , 2 ] ",
	"{\"a\":{\"a\":1}}",
	"[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]",
	"\"\\u00e9\\ud83d\\ude00\"",
	"\"\xc3\xa9\"",
	"\"\xf0\x9f\x98\x80\"",
	"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
	"\r\n\t{}\n",
};

START_TEST(accepted_texts)
{
	struct json *value = NULL;

	ck_assert_msg(parse(accepted[_i], &value) == 0, "refused: %s: %s", accepted[_i], problem);
	json_free(value);
}
END_TEST

START_TEST(depth_seventeen_is_refused)
{
	refuse("[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]");
	ck_assert_ptr_nonnull(strstr(problem, "nested"));
}
END_TEST

START_TEST(embedded_zero_is_refused)
{
	struct json *value = NULL;

	ck_assert_int_eq(json_parse("{}\0{}", 5, &value, problem, sizeof(problem)), -EBADMSG);
	ck_assert_int_eq(json_parse("\"\\\0\"", 4, &value, problem, sizeof(problem)), -EBADMSG);
	ck_assert_int_eq(json_parse("\"a\0b\"", 5, &value, problem, sizeof(problem)), -EBADMSG);
}
END_TEST

START_TEST(problems_name_the_place)
{
	refuse("{\n  \"a\": tru\n}");
	ck_assert_str_eq(problem, "line 2, column 11: not a value");
	refuse("{\"list\":[1,{\"x\":1,\"x\":2}]}");
	ck_assert_str_eq(problem, "/list/1/x: this key stands twice");
}
END_TEST

static const struct {
	const char *text;
	bool good;
	int64_t number;
} integers[] = {
	{ "0", true, 0 },
	{ "-7", true, -7 },
	{ "9007199254740992", true, INT64_C(9007199254740992) },
	{ "\"9223372036854775807\"", true, INT64_MAX },
	{ "\"-9223372036854775808\"", true, INT64_MIN },
	{ "9007199254740994", false, 0 },
	{ "1.0", false, 0 },
	{ "1e2", false, 0 },
	{ "\"9223372036854775808\"", false, 0 },
	{ "\"1 \"", false, 0 },
	{ "\" 1\"", false, 0 },
	{ "\"+1\"", false, 0 },
	{ "\"\"", false, 0 },
	{ "\"-\"", false, 0 },
	{ "\"0x1\"", false, 0 },
	{ "true", false, 0 },
	{ "null", false, 0 },
	{ "[1]", false, 0 },
};

START_TEST(whole_numbers)
{
	struct json *value = NULL;
	int64_t number = 99;

	ck_assert_int_eq(parse(integers[_i].text, &value), 0);
	ck_assert_msg(json_integer(value, &number) == integers[_i].good, "%s", integers[_i].text);
	ck_assert_int_eq(number, integers[_i].good ? integers[_i].number : 99);
	json_free(value);
}
END_TEST

/* Which numbers were whole is remembered by their order in the text. */
START_TEST(whole_numbers_in_a_document)
{
	struct json *value = NULL;
	int64_t number;

	ck_assert_int_eq(parse("{\"a\":1.0,\"b\":[2,3e0,{\"c\":4}],\"d\":5}", &value), 0);
	ck_assert(!json_integer(json_get(value, "a"), &number));
	ck_assert(json_integer(json_at(json_get(value, "b"), 0), &number) && number == 2);
	ck_assert(!json_integer(json_at(json_get(value, "b"), 1), &number));
	ck_assert(json_integer(json_get(json_at(json_get(value, "b"), 2), "c"), &number) &&
		  number == 4);
	ck_assert(json_integer(json_get(value, "d"), &number) && number == 5);
	json_free(value);
}
END_TEST

START_TEST(keys_are_case_sensitive)
{
	struct json *value = NULL;

	ck_assert_int_eq(parse("{\"a\":1,\"A\":2}", &value), 0);
	ck_assert_uint_eq(json_count(value), 2);
	ck_assert_str_eq(json_key_at(value, 1), "A");
	ck_assert_ptr_null(json_get(value, "B"));
	json_free(value);
}
END_TEST

START_TEST(null_is_accepted)
{
	int64_t number;

	json_free(NULL);
	ck_assert_int_eq(json_type(NULL), JSON_NULL);
	ck_assert_ptr_null(json_string(NULL));
	ck_assert(!json_is_true(NULL));
	ck_assert(!json_integer(NULL, &number));
	ck_assert_uint_eq(json_count(NULL), 0);
	ck_assert_ptr_null(json_at(NULL, 0));
	ck_assert_ptr_null(json_key_at(NULL, 0));
	ck_assert_ptr_null(json_get(NULL, "a"));
	ck_assert_ptr_null(json_print(NULL, false));
}
END_TEST

static void expect_print(struct json *value, const char *expected)
{
	char *text = json_print(value, false);

	ck_assert_ptr_nonnull(text);
	ck_assert_str_eq(text, expected);
	free(text);
	json_free(value);
}

START_TEST(made_values)
{
	struct json *object = json_new_object();
	struct json *list = json_new_array();

	json_append_text(list, "x");
	json_append_text(list, NULL);
	json_add(object, "list", list);
	json_add_integer(object, "million_billion", INT64_C(1000000000000000));
	json_add_integer(object, "exact", INT64_C(1) << 53);
	json_add_integer(object, "large", (INT64_C(1) << 53) + 1);
	json_add_integer(object, "least", INT64_MIN);
	json_add_bool(object, "yes", true);
	json_add_text(object, "none", NULL);
	json_add_text(object, "odd", "a\xff\xc3\xa9\n\"\x7f");
	expect_print(object, "{\"list\":[\"x\",null],\"million_billion\":1000000000000000,"
			     "\"exact\":9007199254740992,\"large\":\"9007199254740993\","
			     "\"least\":\"-9223372036854775808\",\"yes\":true,\"none\":null,"
			     "\"odd\":\"a\xef\xbf\xbd\xc3\xa9\\n\\\"\x7f\"}");
}
END_TEST

/* A member that could not be made must not be missing in silence. */
START_TEST(marked_container_does_not_print)
{
	struct json *object = json_new_object();
	struct json *list = json_new_array();

	json_append(list, NULL);
	json_add(object, "list", list);
	ck_assert_ptr_null(json_print(object, false));
	json_free(object);
	object = json_new_object();
	json_add(object, "a", NULL);
	ck_assert_ptr_null(json_print(object, false));
	json_free(object);
	json_add_text(NULL, "a", "b");
}
END_TEST

START_TEST(moved_members)
{
	struct json *object = json_new_object();
	struct json *from = json_new_object();

	json_add_text(object, "a", "1");
	json_add_text(from, "b", "2");
	json_add_text(from, "c", "3");
	json_move_members(object, from);
	json_move_members(object, NULL);
	ck_assert_uint_eq(json_count(from), 0);
	json_free(from);
	expect_print(object, "{\"a\":\"1\",\"b\":\"2\",\"c\":\"3\"}");
}
END_TEST

/* What is printed is read again, to the same text. */
START_TEST(round_trip)
{
	struct json *value = NULL;
	const char *text = "{\"a\":[1,\"\xc3\xa9\",true,null,{\"b\":\"\\n\"}]}";

	ck_assert_int_eq(parse(text, &value), 0);
	expect_print(value, text);
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("json");
	TCase *tests = suite_case(all, "json", 10);

	tcase_add_loop_test(tests, refused_texts, 0, sizeof(refused) / sizeof(refused[0]));
	tcase_add_loop_test(tests, accepted_texts, 0, sizeof(accepted) / sizeof(accepted[0]));
	tcase_add_loop_test(tests, whole_numbers, 0, sizeof(integers) / sizeof(integers[0]));
	tcase_add_test(tests, depth_seventeen_is_refused);
	tcase_add_test(tests, embedded_zero_is_refused);
	tcase_add_test(tests, problems_name_the_place);
	tcase_add_test(tests, whole_numbers_in_a_document);
	tcase_add_test(tests, keys_are_case_sensitive);
	tcase_add_test(tests, null_is_accepted);
	tcase_add_test(tests, made_values);
	tcase_add_test(tests, marked_container_does_not_print);
	tcase_add_test(tests, moved_members);
	tcase_add_test(tests, round_trip);
	return all;
}
