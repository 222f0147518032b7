/* test_shim_trust.c: which programs shim is expected to start (R31, R53)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/shim_trust.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy/bytes.h"
#include "tests/unit/suite.h"

#define HEADERS	    0x80
#define SIGNATURES  0x200
#define CERTIFICATE 100 /* bytes */
#define LIST	    (28 + 16 + CERTIFICATE)

static const uint8_t x509[16] = { 0xa1, 0x59, 0xc0, 0xa5, 0xe4, 0x94, 0xa7, 0x4a,
				  0x87, 0xb5, 0xab, 0x15, 0x5c, 0x2b, 0xf0, 0x72 };

/* --- a program whose signatures hold the certificate of "a" between other bytes ------------------------------------- */

static uint8_t program[0x300];

static void make_program(void)
{
	memset(program, 0, sizeof(program));
	memcpy(program, "MZ", 2);
	daruma_put32(program + 0x3c, HEADERS);
	memcpy(program + HEADERS, "PE\0", 4);
	daruma_put16(program + HEADERS + 24, 0x20b);
	daruma_put32(program + HEADERS + 24 + 144, SIGNATURES);
	daruma_put32(program + HEADERS + 24 + 148, sizeof(program) - SIGNATURES);
	memset(program + SIGNATURES + 33, 'a', CERTIFICATE);
}

static void put_list(uint8_t *at, char letter)
{
	memset(at, 0, LIST);
	memcpy(at, x509, sizeof(x509));
	daruma_put32(at + 16, LIST);
	daruma_put32(at + 24, 16 + CERTIFICATE);
	memset(at + 28 + 16, letter, CERTIFICATE);
}

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
	ck_assert_uint_ge(size, 2 * LIST);
	put_list(buffer, 'x');
	put_list(buffer + LIST, letter);
	*ret_size = 2 * LIST;
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

	make_program();
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
	make_program();
	in_mok = 'a';
	daruma_put32(program + HEADERS + 24 + 148, 0);
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
	make_program();
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
		      { HEADERS, 0 },
		      { HEADERS + 24, 0x10b },
		      { HEADERS + 24 + 144, SIGNATURES + 1 },
		      { HEADERS + 24 + 144, 0xffffffff },
		      { HEADERS + 24 + 148, 0xffffffff },
		      { HEADERS + 24 + 148, 0 } };

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		make_program();
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
	found = shim_trust_is_listed(exact, size, program + SIGNATURES,
				     sizeof(program) - SIGNATURES);
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
		      { 16, 27 },	  { 16, LIST + 1 },
		      { 16, 28 },	  { 20, LIST },
		      { 20, 0xffffffff }, { 24, 0 },
		      { 24, 16 },	  { 24, 16 + CERTIFICATE + 1 },
		      { 24, 0xffffffff }, { 24, 16 + 63 } };
	uint8_t lists[2 * LIST];

	make_program();
	put_list(lists, 'a');
	for (size_t size = 0; size < LIST; size++)
		ck_assert(!is_listed(lists, size));
	ck_assert(is_listed(lists, LIST));
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		put_list(lists, 'a');
		daruma_put32(lists + wrong[i].at, wrong[i].value);
		ck_assert_msg(!is_listed(lists, LIST), "%zu", i);
	}
	put_list(lists, 'a');
	memset(lists + LIST, 0xff, LIST);
	ck_assert(is_listed(lists, sizeof(lists)));
}
END_TEST

/* Several certificates in one list, behind a header. */
START_TEST(certificate_is_found_among_others)
{
	uint8_t list[28 + 5 + 3 * (16 + CERTIFICATE)] = { 0 };

	make_program();
	memcpy(list, x509, sizeof(x509));
	daruma_put32(list + 16, sizeof(list));
	daruma_put32(list + 20, 5);
	daruma_put32(list + 24, 16 + CERTIFICATE);
	memset(list + 28 + 5 + 2 * (16 + CERTIFICATE) + 16, 'a', CERTIFICATE);
	memset(list + 28 + 5 + 16, 'b', CERTIFICATE);
	memset(list + 28 + 5 + 16 + CERTIFICATE + 16, 'c', CERTIFICATE);
	ck_assert(is_listed(list, sizeof(list)));
	memset(list + 28 + 5 + 2 * (16 + CERTIFICATE) + 16, 'd', CERTIFICATE);
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
