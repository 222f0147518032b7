/* test_shim_trust.c: which programs shim is expected to start (R31, R53)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/shim_trust.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy/bytes.h"
#include "tests/unit/signed_program.h"
#include "tests/unit/suite.h"

static uint8_t program[SIGNED_SIZE];

/* --- what the machine shows: lists with one certificate each, 0 none ------------------------------------------------ */

static char in_db, in_mok;

static int read_list(const char *guid, const char *name, uint8_t *buffer, size_t size,
		     size_t *ret_size, uint32_t *ret_attributes)
{
	bool db = strcmp(name, "db") == 0;
	char letter = db ? in_db : in_mok;

	ck_assert_str_eq(guid, db ? "d719b2cb-3d3a-4596-a3bc-dad00e67656f" :
				    "605dab50-e046-4300-abb6-3dd810dd8b23");
	if (!letter)
		return -ENOENT;
	ck_assert_uint_ge(size, 2 * SIGNED_LIST);
	signed_list_make('x', buffer);
	signed_list_make(letter, buffer + SIGNED_LIST);
	*ret_size = 2 * SIGNED_LIST;
	*ret_attributes = 6;
	return 0;
}

static const struct variables variables = { .read = read_list };

START_TEST(certificate_in_either_list_is_enough)
{
	static const struct {
		char db, mok;
		enum shim_trust trust;
	} cases[] = { { 'a', 0, SHIM_TRUST_KNOWN },   { 0, 'a', SHIM_TRUST_KNOWN },
		      { 'b', 'a', SHIM_TRUST_KNOWN }, { 'b', 'c', SHIM_TRUST_UNKNOWN },
		      { 0, 'c', SHIM_TRUST_UNKNOWN }, { 'b', 0, SHIM_TRUST_SILENT },
		      { 0, 0, SHIM_TRUST_SILENT } };

	signed_program_make('a', program);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		in_db = cases[i].db;
		in_mok = cases[i].mok;
		ck_assert_int_eq(shim_trust_look(&variables, program, sizeof(program)),
				 cases[i].trust);
	}
}
END_TEST

START_TEST(program_without_signature_is_not_expected_to_start)
{
	signed_program_make('a', program);
	in_mok = 'a';
	daruma_put32(program + SIGNED_DIRECTORY + 4, 0);
	ck_assert_int_eq(shim_trust_look(&variables, program, sizeof(program)),
			 SHIM_TRUST_UNSIGNED);
	ck_assert_int_eq(shim_trust_look(&variables, (const uint8_t *)"MZ", 2),
			 SHIM_TRUST_UNSIGNED);
}
END_TEST

/* From memory of exactly that size, so that a look behind it is seen. */
static bool has_signatures(size_t size)
{
	uint8_t *exact = malloc(size ? size : 1);
	const uint8_t *signatures;
	size_t length;
	bool found;

	memcpy(exact, program, size);
	found = shim_trust_signatures(exact, size, &signatures, &length);
	if (found)
		ck_assert(signatures >= exact && length <= size &&
			  (size_t)(signatures - exact) <= size - length);
	free(exact);
	return found;
}

START_TEST(cut_program_has_no_signatures)
{
	signed_program_make('a', program);
	for (size_t size = 0; size < sizeof(program); size++)
		ck_assert(!has_signatures(size));
	ck_assert(has_signatures(sizeof(program)));
}
END_TEST

START_TEST(program_with_one_wrong_value_has_no_signatures)
{
	static const struct {
		size_t at;
		uint32_t value;
	} wrong[] = { { 0, 0x5a4e },
		      { 0x3c, 0xffffffff },
		      { 0x3c, sizeof(program) - 24 },
		      { SIGNED_HEADERS, 0 },
		      { SIGNED_OPTIONAL, 0x10b },
		      { SIGNED_DIRECTORY, SIGNED_SIGNATURES + 1 },
		      { SIGNED_DIRECTORY, 0xffffffff },
		      { SIGNED_DIRECTORY + 4, 0xffffffff },
		      { SIGNED_DIRECTORY + 4, 0 } };

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		signed_program_make('a', program);
		daruma_put32(program + wrong[i].at, wrong[i].value);
		ck_assert_msg(!has_signatures(sizeof(program)), "%zu", i);
	}
}
END_TEST

static bool is_listed(const uint8_t *lists, size_t size)
{
	uint8_t *exact = malloc(size ? size : 1);
	bool found;

	memcpy(exact, lists, size);
	found = shim_trust_is_listed(exact, size, program + SIGNED_SIGNATURES,
				     sizeof(program) - SIGNED_SIGNATURES);
	free(exact);
	return found;
}

/* Lists that are cut or lie about their sizes hold nobody; what stands before them counts. */
START_TEST(damaged_lists_hold_nobody)
{
	static const struct {
		size_t at;
		uint32_t value;
	} wrong[] = { { 0, 0 },		  { 16, 0 },
		      { 16, 27 },	  { 16, SIGNED_LIST + 1 },
		      { 16, 28 },	  { 20, SIGNED_LIST },
		      { 20, 0xffffffff }, { 24, 0 },
		      { 24, 16 },	  { 24, 16 + SIGNED_CERTIFICATE + 1 },
		      { 24, 0xffffffff }, { 24, 16 + 63 } };
	uint8_t lists[2 * SIGNED_LIST];

	signed_program_make('a', program);
	signed_list_make('a', lists);
	for (size_t size = 0; size < SIGNED_LIST; size++)
		ck_assert(!is_listed(lists, size));
	ck_assert(is_listed(lists, SIGNED_LIST));
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		signed_list_make('a', lists);
		daruma_put32(lists + wrong[i].at, wrong[i].value);
		ck_assert_msg(!is_listed(lists, SIGNED_LIST), "%zu", i);
	}
	signed_list_make('a', lists);
	memset(lists + SIGNED_LIST, 0xff, SIGNED_LIST);
	ck_assert(is_listed(lists, sizeof(lists)));
}
END_TEST

/* Several certificates in one list, behind a header. */
START_TEST(certificate_is_found_among_others)
{
	uint8_t list[28 + 5 + 3 * (16 + SIGNED_CERTIFICATE)] = { 0 };

	signed_program_make('a', program);
	memcpy(list, signed_x509, sizeof(signed_x509));
	daruma_put32(list + 16, sizeof(list));
	daruma_put32(list + 20, 5);
	daruma_put32(list + 24, 16 + SIGNED_CERTIFICATE);
	memset(list + 28 + 5 + 2 * (16 + SIGNED_CERTIFICATE) + 16, 'a', SIGNED_CERTIFICATE);
	memset(list + 28 + 5 + 16, 'b', SIGNED_CERTIFICATE);
	memset(list + 28 + 5 + 16 + SIGNED_CERTIFICATE + 16, 'c', SIGNED_CERTIFICATE);
	ck_assert(is_listed(list, sizeof(list)));
	memset(list + 28 + 5 + 2 * (16 + SIGNED_CERTIFICATE) + 16, 'd', SIGNED_CERTIFICATE);
	ck_assert(!is_listed(list, sizeof(list)));
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("shim_trust");
	TCase *tests = suite_case(all, "trust", 10);

	tcase_add_test(tests, certificate_in_either_list_is_enough);
	tcase_add_test(tests, program_without_signature_is_not_expected_to_start);
	tcase_add_test(tests, cut_program_has_no_signatures);
	tcase_add_test(tests, program_with_one_wrong_value_has_no_signatures);
	tcase_add_test(tests, damaged_lists_hold_nobody);
	tcase_add_test(tests, certificate_is_found_among_others);
	return all;
}
