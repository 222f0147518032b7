/* test_module_signature.c: who signed the file of a kernel module (R8)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The whole signatures were made by openssl cms in the way of Linux scripts/sign-file.c; the fuzzer begins with them.
 */
#include "recovery/inventory/module_signature.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "recovery/inventory/der.h"
#include "tests/unit/scratch.h"
#include "tests/unit/suite.h"

#define SAMPLES "tests/fuzz/corpus/module_signature/" /* tests run at the top of the tree */
#define BEFORE	15 /* bytes of a sample that stand for the module */
#define MARK	"~Module signature appended~\n"

static uint8_t sample[4096];
static size_t sample_size;
static struct module_signature signature;

static void load(const char *name)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), SAMPLES "%s", name);
	file = fopen(path, "re");
	ck_assert_ptr_nonnull(file);
	sample_size = fread(sample, 1, sizeof(sample), file);
	fclose(file);
	ck_assert_uint_lt(sample_size, sizeof(sample));
}

static void expect_words(const char *words)
{
	char text[MODULE_SIGNATURE_TEXT_SIZE];

	module_signature_describe(&signature, text, sizeof(text));
	ck_assert_str_eq(text, words);
}

static void expect_state(const void *bytes, size_t size, enum module_signature_state state)
{
	module_signature_parse(bytes, size, &signature);
	ck_assert_int_eq(signature.state, state);
	if (state == MODULE_SIGNED)
		return;
	ck_assert_str_eq(signature.signer, "");
	ck_assert_str_eq(signature.key, "");
	ck_assert_str_eq(signature.digest, "");
}

/* --- whole signatures ---------------------------------------------------------------------- */

static const struct {
	const char *name, *words;
} samples[] = {
	{ "issuer", "signed by Acme Module Signing (sha256, key A1:B2:C3)" },
	{ "certificates", "signed by Acme Module Signing (sha256, key A1:B2:C3)" },
	{ "unsigned", "not signed" },
	{ "old_kind", "damaged signature" },
};

START_TEST(r8_signer_of_a_module)
{
	load(samples[_i].name);
	module_signature_parse(sample, sample_size, &signature);
	expect_words(samples[_i].words);
}
END_TEST

START_TEST(a_key_may_be_named_by_its_id_alone)
{
	load("key_id");
	expect_state(sample, sample_size, MODULE_SIGNED);
	ck_assert_str_eq(signature.signer, "");
	ck_assert_uint_eq(strlen(signature.key), 59);
	ck_assert_str_eq(signature.digest, "sha512");
}
END_TEST

/* Of a file of which only the end was read. */
START_TEST(what_stands_before_does_not_matter)
{
	load("issuer");
	expect_state(sample + BEFORE, sample_size - BEFORE, MODULE_SIGNED);
}
END_TEST

START_TEST(a_cut_signature_names_nobody)
{
	load("certificates");
	for (size_t cut = BEFORE + 1; cut + MODULE_SIGNATURE_TRAILER <= sample_size; cut++)
		expect_state(sample + cut, sample_size - cut, MODULE_SIGNATURE_DAMAGED);
	for (size_t left = 0; left < MODULE_SIGNATURE_TRAILER; left++)
		expect_state(sample + sample_size - left, left, MODULE_UNSIGNED);
	expect_state(sample, sample_size - 1, MODULE_UNSIGNED);
}
END_TEST

/* Every other length in the 12 bytes is the length of no signature. */
START_TEST(the_length_is_that_of_the_signature)
{
	load("issuer");
	for (unsigned length = 0; length < 0x10000; length++) {
		uint8_t *field = sample + sample_size - MODULE_SIGNATURE_TRAILER + 8;

		field[2] = (uint8_t)(length >> 8);
		field[3] = (uint8_t)length;
		expect_state(sample, sample_size,
			     length == sample_size - BEFORE - MODULE_SIGNATURE_TRAILER ?
				     MODULE_SIGNED :
				     MODULE_SIGNATURE_DAMAGED);
	}
	memset(sample + sample_size - MODULE_SIGNATURE_TRAILER + 8, 0xff, 4);
	expect_state(sample, sample_size, MODULE_SIGNATURE_DAMAGED);
}
END_TEST

START_TEST(the_other_bytes_of_the_trailer_are_fixed)
{
	load("issuer");
	for (size_t i = 0; i < 8; i++) {
		sample[sample_size - MODULE_SIGNATURE_TRAILER + i] ^= 1;
		expect_state(sample, sample_size, MODULE_SIGNATURE_DAMAGED);
		sample[sample_size - MODULE_SIGNATURE_TRAILER + i] ^= 1;
	}
	expect_state(sample, sample_size, MODULE_SIGNED);
}
END_TEST

/* --- made by hand -------------------------------------------------------------------------- */

struct piece {
	uint8_t bytes[1024];
	size_t size;
};

static struct piece bytes_of(const void *bytes, size_t size)
{
	struct piece piece = { .size = size };

	ck_assert_uint_le(size, sizeof(piece.bytes));
	memcpy(piece.bytes, bytes, size);
	return piece;
}

static struct piece joined(struct piece one, struct piece other)
{
	ck_assert_uint_le(one.size + other.size, sizeof(one.bytes));
	memcpy(one.bytes + one.size, other.bytes, other.size);
	one.size += other.size;
	return one;
}

/* An element, with its length in the one form that DER allows. */
static struct piece element(uint8_t tag, struct piece content)
{
	const uint8_t high = (uint8_t)(content.size >> 8), low = (uint8_t)content.size;
	const uint8_t small[] = { tag, low }, middle[] = { tag, 0x81, low },
		      large[] = { tag, 0x82, high, low };

	if (content.size >= 256)
		return joined(bytes_of(large, sizeof(large)), content);
	if (content.size >= 128)
		return joined(bytes_of(middle, sizeof(middle)), content);
	return joined(bytes_of(small, sizeof(small)), content);
}

static struct piece object_of(const char *bytes)
{
	return element(DER_OBJECT_IDENTIFIER, bytes_of(bytes, strlen(bytes)));
}

/* A part of a name: `type` is the last byte of an object of X.520, 3 the common name. */
static struct piece part(char type, uint8_t tag, const void *text, size_t size)
{
	const char object[] = { 0x55, 0x04, type, '\0' };
	struct piece both = joined(object_of(object), element(tag, bytes_of(text, size)));

	return element(DER_SET, element(DER_SEQUENCE, both));
}

static struct piece common(const char *text)
{
	return part(3, DER_UTF8, text, strlen(text));
}

static struct piece number(uint8_t value)
{
	return element(DER_INTEGER, bytes_of(&value, 1));
}

static struct piece sha256(void)
{
	return element(DER_SEQUENCE, object_of("\x60\x86\x48\x01\x65\x03\x04\x02\x01"));
}

static struct piece signer(struct piece name)
{
	struct piece both = element(DER_SEQUENCE, joined(element(DER_SEQUENCE, name), number(7)));
	struct piece first = joined(joined(number(1), both), sha256());
	struct piece rest = joined(sha256(), element(DER_OCTET_STRING, bytes_of("sig", 3)));

	return element(DER_SEQUENCE, joined(first, rest));
}

/* `behind` stands where only the signers should. */
static struct piece message(struct piece signers, struct piece behind)
{
	const struct piece nothing = { .size = 0 };
	struct piece data = joined(number(1), element(DER_SET, nothing));

	data = joined(data, element(DER_SEQUENCE, nothing));
	data = joined(joined(data, element(DER_SET, signers)), behind);
	data = element(DER_CONSTRUCTED_0, element(DER_SEQUENCE, data));
	return element(DER_SEQUENCE,
		       joined(object_of("\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"), data));
}

static struct piece signed_by(struct piece signers)
{
	return message(signers, (struct piece){ .size = 0 });
}

static void expect(struct piece cms, enum module_signature_state state)
{
	const uint8_t trailer[] = {
		0, 0, 2, 0, 0, 0, 0, 0, 0, 0, (uint8_t)(cms.size >> 8), (uint8_t)cms.size
	};

	cms = joined(joined(cms, bytes_of(trailer, sizeof(trailer))), bytes_of(MARK, strlen(MARK)));
	expect_state(cms.bytes, cms.size, state);
}

static void expect_signer(struct piece name, const char *text)
{
	expect(signed_by(signer(name)), MODULE_SIGNED);
	ck_assert_str_eq(signature.signer, text);
	ck_assert_str_eq(signature.key, "07");
}

START_TEST(the_first_common_name_counts)
{
	expect_signer(common("Acme"), "Acme");
	expect_signer(joined(common("Acme"), common("Other")), "Acme");
	expect_signer(joined(part(10, DER_UTF8, "Organisation", 12), common("Acme")), "Acme");
	expect_signer(part(10, DER_UTF8, "Organisation", 12), "");
	expect_signer(part(3, DER_PRINTABLE, "Acme", 4), "Acme");
	expect_signer(part(3, DER_IA5, "Acme", 4), "Acme");
	expect_signer(part(3, 0x1e, "\0A\0c", 4), "");
}
END_TEST

static const struct {
	const char *text;
	bool shown;
} names[] = {
	{ "Acme \xc3\xa9t\xc3\xa9", true },
	{ "\x1b[2J", false },
	{ "a\nb", false },
	{ "a\x7f", false },
	{ "\xc2\x9b", false },
	{ "\xc3", false },
	{ "\xc0\x80", false },
	{ "\xc2\xa0x", true },
};

START_TEST(a_name_that_cannot_be_shown_is_none)
{
	expect_signer(common(names[_i].text), names[_i].shown ? names[_i].text : "");
	expect_signer(part(3, DER_UTF8, "Ac\0me", 5), "");
}
END_TEST

START_TEST(a_name_is_whole_or_none)
{
	char text[MODULE_SIGNER_SIZE + 1] = "";

	memset(text, 'x', MODULE_SIGNER_SIZE);
	expect_signer(common(text), "");
	text[MODULE_SIGNER_SIZE - 1] = '\0';
	expect_signer(common(text), text);
}
END_TEST

START_TEST(of_two_signers_none_is_believed)
{
	expect(signed_by(signer(common("Acme"))), MODULE_SIGNED);
	expect(signed_by(joined(signer(common("Acme")), signer(common("Other")))),
	       MODULE_SIGNATURE_DAMAGED);
	expect(signed_by((struct piece){ .size = 0 }), MODULE_SIGNATURE_DAMAGED);
}
END_TEST

START_TEST(nothing_stands_behind_or_in_other_places)
{
	struct piece sound = signed_by(signer(common("Acme")));

	expect(joined(sound, number(1)), MODULE_SIGNATURE_DAMAGED);
	expect(message(signer(common("Acme")), number(1)), MODULE_SIGNATURE_DAMAGED);
	expect(signed_by(joined(signer(common("Acme")), number(1))), MODULE_SIGNATURE_DAMAGED);
	expect(signed_by(signer(joined(common("Acme"), number(1)))), MODULE_SIGNATURE_DAMAGED);
	expect(element(DER_SET, sound), MODULE_SIGNATURE_DAMAGED);
}
END_TEST

/* What has two forms could be read in two ways. */
START_TEST(lengths_have_one_form)
{
	const uint8_t longer[] = { DER_SEQUENCE, 0x81, 1, 0 },
		      zero[] = { DER_SEQUENCE, 0x82, 0, 0x80 },
		      open[] = { DER_SEQUENCE, 0x80, 0, 0 },
		      huge[] = { DER_SEQUENCE, 0x84, 0xff, 0xff, 0xff, 0xff, 0 },
		      none[] = { DER_SEQUENCE }, cut[] = { DER_SEQUENCE, 0x82, 1 },
		      more[] = { 0x3f, 1, 0 };
	const struct {
		const uint8_t *bytes;
		size_t size;
	} forms[] = {
		{ longer, sizeof(longer) }, { zero, sizeof(zero) }, { open, sizeof(open) },
		{ huge, sizeof(huge) },	    { none, sizeof(none) }, { cut, sizeof(cut) },
		{ more, sizeof(more) },
	};

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct der from = { forms[i].bytes, forms[i].bytes + forms[i].size };

		ck_assert(!der_take(&from, forms[i].bytes[0], NULL));
		ck_assert_ptr_eq(from.at, forms[i].bytes);
	}
}
END_TEST

/* --- files --------------------------------------------------------------------------------- */

static const char *folder;

static void set_up(void)
{
	folder = scratch_make();
}

static void read_it(void)
{
	char path[512];
	int fd;

	snprintf(path, sizeof(path), "%s/x.ko", folder);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(module_signature_read(process_of_machine(), fd, &signature), 0);
	close(fd);
}

static void read_file(const void *bytes, size_t size)
{
	scratch_write("x.ko", bytes, size);
	read_it();
}

START_TEST(r8_signer_of_a_file)
{
	static uint8_t large[3 * MODULE_SIGNATURE_SIZE_MAX] = "\x7f"
							      "ELF";

	load("issuer");
	read_file(sample, sample_size);
	ck_assert_str_eq(signature.signer, "Acme Module Signing");
	memcpy(large + sizeof(large) - sample_size + BEFORE, sample + BEFORE, sample_size - BEFORE);
	read_file(large, sizeof(large));
	ck_assert_str_eq(signature.signer, "Acme Module Signing");
	read_file(large, sizeof(large) - 1);
	ck_assert_int_eq(signature.state, MODULE_UNSIGNED);
}
END_TEST

/* The file in the folder through a program; false if there is no such program. */
static bool pack(const char *program)
{
	char command[512];

	snprintf(command, sizeof(command),
		 "cd '%s' && { %s <module >x.ko && cmp -s module x.ko; test $? = 1; } 2>err",
		 folder, program);
	return system(command) == 0;
}

/* Its signature is inside. gzip is on every machine. */
START_TEST(r8_signer_of_a_compressed_file)
{
	static const char *const packers[] = { "gzip", "xz", "zstd" };
	static uint8_t large[3 * MODULE_SIGNATURE_SIZE_MAX + 5] = "\x7f"
								  "ELF";

	load("issuer");
	memcpy(large + sizeof(large) - sample_size + BEFORE, sample + BEFORE, sample_size - BEFORE);
	for (size_t i = 0; i < sizeof(packers) / sizeof(packers[0]); i++) {
		scratch_write("module", large, sizeof(large));
		if (!pack(packers[i]) && i > 0)
			continue;
		read_it();
		ck_assert_str_eq(signature.signer, "Acme Module Signing");
		scratch_write("module", sample, sample_size);
		ck_assert(pack(packers[i]));
		read_it();
		ck_assert_str_eq(signature.signer, "Acme Module Signing");
		scratch_write("module", large, sizeof(large) - 1);
		ck_assert(pack(packers[i]));
		read_it();
		expect_words("not signed");
	}
}
END_TEST

/* To take what is not seen for "not signed" would be wrong. */
START_TEST(what_cannot_be_unpacked_hides_its_signer)
{
	load("issuer");
	scratch_write("module", sample, sample_size);
	ck_assert(pack("{ gzip | head -c -9; }"));
	read_it();
	expect_words("unknown");
	scratch_write("module", sample + 1, sample_size - 1);
	ck_assert(pack("gzip"));
	read_it();
	expect_words("unknown");
	read_file(sample + 1, sample_size - 1);
	expect_words("unknown");
	read_file("", 0);
	expect_words("unknown");
	read_file("\x7f"
		  "ELF",
		  4);
	expect_words("not signed");
}
END_TEST

static int filter_without_end(const char *const argv[], unsigned seconds, int input,
			      int (*take)(const void *bytes, size_t size, void *user), void *user,
			      int *ret_status)
{
	static const uint8_t piece[1 << 20] = "\x7f"
					      "ELF";
	int error = 0;

	(void)argv;
	(void)input;
	ck_assert_uint_gt(seconds, 0);
	*ret_status = 0;
	for (size_t i = 0; !error && i < 4096; i++)
		error = take(piece, sizeof(piece), user);
	ck_assert_int_eq(error, -EFBIG);
	return error;
}

START_TEST(what_grows_without_end_is_cut_off)
{
	static const struct process_port port = { .filter = filter_without_end };
	char path[512];
	int fd;

	scratch_write("x.ko", "\x1f\x8b", 2);
	snprintf(path, sizeof(path), "%s/x.ko", folder);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	ck_assert_int_eq(module_signature_read(&port, fd, &signature), 0);
	expect_words("unknown");
	close(fd);
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("module_signature");
	TCase *whole = suite_case(all, "whole", 30), *made = suite_case(all, "made", 20),
	      *files = suite_case(all, "files", 20);

	tcase_add_loop_test(whole, r8_signer_of_a_module, 0, sizeof(samples) / sizeof(samples[0]));
	tcase_add_test(whole, a_key_may_be_named_by_its_id_alone);
	tcase_add_test(whole, what_stands_before_does_not_matter);
	tcase_add_test(whole, a_cut_signature_names_nobody);
	tcase_add_test(whole, the_length_is_that_of_the_signature);
	tcase_add_test(whole, the_other_bytes_of_the_trailer_are_fixed);
	tcase_add_test(made, the_first_common_name_counts);
	tcase_add_loop_test(made, a_name_that_cannot_be_shown_is_none, 0,
			    sizeof(names) / sizeof(names[0]));
	tcase_add_test(made, a_name_is_whole_or_none);
	tcase_add_test(made, of_two_signers_none_is_believed);
	tcase_add_test(made, nothing_stands_behind_or_in_other_places);
	tcase_add_test(made, lengths_have_one_form);
	tcase_add_checked_fixture(files, set_up, scratch_remove);
	tcase_add_test(files, r8_signer_of_a_file);
	tcase_add_test(files, r8_signer_of_a_compressed_file);
	tcase_add_test(files, what_cannot_be_unpacked_hides_its_signer);
	tcase_add_test(files, what_grows_without_end_is_cut_off);
	return all;
}
