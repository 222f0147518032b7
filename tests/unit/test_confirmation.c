/* test_confirmation.c: an entry of the catalog acts only on what the machine itself says is the product's
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recovery/products/confirmation.h"
#include "recovery/products/watch_set.h"
#include "tests/unit/scratch.h"
#include "tests/unit/suite.h"

static const char acme[] =
	"{\"schema\":\"daruma.product.v1\",\"id\":\"acme\",\"vendor\":\"Acme\",\"product\":"
	"\"Sensor\","
	"\"packages\":[\"acme-sensor\"],\"units\":[\"acme.service\"],\"modules\":[\"acme_sensor\","
	"\"acme_pin_*\"],\"signers\":[\"Acme Two\",\"Acme Module Signing\"],"
	"\"code_paths\":[\"/opt/acme/bin\",\"/usr/bin/acme\"],\"content_paths\":[\"/opt/acme/"
	"rules\"]}";

static struct context context;
static struct product product;
static struct confirmation_source source;
static struct confirmation confirmation;

static void set_up(void)
{
	char problem[PRODUCT_PROBLEM_SIZE];

	context.root = scratch_make();
	ck_assert_int_eq(product_parse("f", acme, strlen(acme), &product, problem), 0);
}

static void tear_down(void)
{
	confirmation_free(&confirmation);
	confirmation_source_free(&source);
	product_free(&product);
	scratch_remove();
}

static void put(const char *path, const char *text)
{
	scratch_write(path, text, strlen(text));
}

static void put_link(const char *target, const char *path)
{
	char whole[512];

	put(path, "");
	snprintf(whole, sizeof(whole), "%s/%s", context.root, path);
	ck_assert_int_eq(unlink(whole), 0);
	ck_assert_int_eq(symlink(target, whole), 0);
}

/* Asks a machine of which nothing was read yet. */
static void expect(enum confirmation_kind kind, const char *what, const char *owner)
{
	confirmation_free(&confirmation);
	confirmation_source_free(&source);
	ck_assert_int_eq(confirmation_ask(&context, &source, &product, &confirmation), 0);
	ck_assert_str_eq(confirmation_word(confirmation.kind), confirmation_word(kind));
	ck_assert_pstr_eq(confirmation.what, what);
	ck_assert_pstr_eq(confirmation.owner, owner);
}

static void expect_in_watch_set(size_t present, size_t acting)
{
	struct product_list list;

	put("usr/share/daruma/products/acme.json", acme);
	ck_assert_int_eq(watch_set_survey(&context, &list, NULL), 0);
	ck_assert_uint_eq(list.count, present);
	product_list_free(&list);
	ck_assert_int_eq(watch_set_load(&context, &list, NULL), 0);
	ck_assert_uint_eq(list.count, acting);
	product_list_free(&list);
}

START_TEST(nothing_is_here)
{
	expect(CONFIRMATION_NONE, NULL, NULL);
	ck_assert(!confirmation_acts(&confirmation));
	ck_assert(source.packages_read);
	ck_assert(!source.starts_read); /* unit files are read only for a path that is there */
	expect_in_watch_set(0, 0);
}
END_TEST

START_TEST(a_bare_path_is_only_reported)
{
	put("opt/acme/rules/a.conf", "x");
	expect(CONFIRMATION_BARE_PATH, "/opt/acme/rules", NULL);
	ck_assert(!confirmation_acts(&confirmation));
	expect_in_watch_set(1, 0);
}
END_TEST

START_TEST(a_loaded_module_is_only_reported)
{
	put("sys/module/acme_sensor/parameters/x", "built in");
	expect(CONFIRMATION_NONE, NULL, NULL);
	put("sys/module/acme_sensor/initstate", "live\n");
	expect(CONFIRMATION_BARE_MODULE, "acme_sensor", NULL);
	ck_assert(!confirmation_acts(&confirmation));
	expect_in_watch_set(1, 0);
}
END_TEST

START_TEST(a_pattern_means_loaded_modules)
{
	put("sys/module/acme_pin/initstate", "live\n");
	expect(CONFIRMATION_NONE, NULL, NULL);
	put("sys/module/acme_pin_7/initstate", "live\n");
	expect(CONFIRMATION_BARE_MODULE, "acme_pin_7", NULL);
}
END_TEST

START_TEST(a_unit_file_confirms)
{
	put("usr/lib/systemd/system/acme.service", "[Service]\n");
	expect(CONFIRMATION_UNIT, "/usr/lib/systemd/system/acme.service", NULL);
	ck_assert(confirmation_acts(&confirmation));
	ck_assert(!source.packages_read); /* the cheap question was enough */
	expect_in_watch_set(1, 1);
}
END_TEST

START_TEST(a_script_of_sysv_confirms)
{
	put("etc/init.d/acme", "#!/bin/sh\n");
	expect(CONFIRMATION_UNIT, "/etc/init.d/acme", NULL);
}
END_TEST

START_TEST(a_mask_is_no_unit_file)
{
	char null[512];

	put("dev/x", "");
	snprintf(null, sizeof(null), "%s/dev/null", context.root);
	ck_assert_int_eq(mkfifo(null, 0600), 0); /* a device would need privileges */
	put_link("/dev/null", "etc/systemd/system/acme.service");
	expect(CONFIRMATION_NONE, NULL, NULL);
	put_link("../nowhere", "etc/systemd/system/acme.service");
	expect(CONFIRMATION_NONE, NULL, NULL);
}
END_TEST

static const char *const installed[] = { "installed", "unpacked", "half-configured",
					 "triggers-awaited", "triggers-pending" };

START_TEST(an_installed_package_confirms)
{
	char status[256];

	snprintf(status, sizeof(status),
		 "Package: b\nStatus: install ok installed\n\nPackage: acme-sensor\nStatus: "
		 "install ok "
		 "%s\nArchitecture: amd64\n",
		 installed[_i]);
	put("var/lib/dpkg/status", status);
	expect(CONFIRMATION_PACKAGE, "acme-sensor", NULL);
	ck_assert(confirmation_acts(&confirmation));
}
END_TEST

static const char *const others[] = {
	"Package: acme-sensor\nStatus: deinstall ok config-files\n",
	"Package: acme-sensor\nStatus: unknown ok not-installed\n",
	"Package: acme-sensor\nStatus:installed\n",
	"Package: acme-sensor\nDescription: x\n Status: install ok installed\n",
	"Package: acme-sensor\n\nStatus: install ok installed\n",
	"Package: acme-sensor2\nStatus: install ok installed\n",
	"Package: acme\nStatus: install ok installed\n",
	"Package: ../acme-sensor\nStatus: install ok installed\n",
};

START_TEST(another_package_does_not)
{
	put("opt/acme/bin/acmed", "x");
	put("var/lib/dpkg/status", others[_i]);
	put("var/lib/dpkg/info/acme-sensor.list", "/opt/acme/bin\n");
	put("var/lib/dpkg/info/acme.list", "/opt/acme/bin\n");
	expect(CONFIRMATION_BARE_PATH, "/opt/acme/bin", NULL);
}
END_TEST

/* A power cut while dpkg unpacked an update. */
START_TEST(a_file_of_a_package_that_was_cut_short_confirms)
{
	put("var/lib/dpkg/status", "Package: acme-sensor\nStatus: install ok half-installed\n"
				   "Architecture: amd64\n");
	expect(CONFIRMATION_NONE, NULL, NULL);
	put("opt/acme/bin/acmed", "x");
	expect(CONFIRMATION_BARE_PATH, "/opt/acme/bin", NULL);
	put("var/lib/dpkg/info/acme-sensor.list", "/.\n/opt\n/opt/acme/bin2\n");
	expect(CONFIRMATION_BARE_PATH, "/opt/acme/bin", NULL);
	put("var/lib/dpkg/info/acme-sensor.list", "/.\n/opt\n/opt/acme/bin\n/opt/acme/bin/acmed");
	expect(CONFIRMATION_PATH, "/opt/acme/bin", "acme-sensor");
	ck_assert(confirmation_acts(&confirmation));
}
END_TEST

START_TEST(the_list_of_files_may_name_the_architecture)
{
	put("var/lib/dpkg/status", "Package: acme-sensor\nStatus: install ok half-installed\n"
				   "Architecture: amd64\n");
	put("opt/acme/rules/a", "x");
	put("var/lib/dpkg/info/acme-sensor:amd64.list", "/opt/acme/rules\n");
	expect(CONFIRMATION_PATH, "/opt/acme/rules", "acme-sensor");
}
END_TEST

START_TEST(of_two_architectures_the_installed_one_counts)
{
	put("var/lib/dpkg/status",
	    "Package: acme-sensor\nStatus: install ok half-installed\nArchitecture: i386\n\n"
	    "Package: acme-sensor\nStatus: install ok installed\nArchitecture: amd64\n\n"
	    "Package: acme-sensor\nStatus: deinstall ok config-files\nArchitecture: armhf\n");
	expect(CONFIRMATION_PACKAGE, "acme-sensor", NULL);
}
END_TEST

static const struct {
	const char *text;
	bool starts;
} services[] = {
	{ "[Service]\nExecStart=/opt/acme/bin/acmed --now\n", true },
	{ "ExecStart = -@\"/opt/acme/bin/acmed\" x\n", true },
	{ "ExecStart=/usr/bin/other\nExecStart=/opt/acme/bin", true },
	{ "ExecStart=/opt/acme/binary\n", false },
	{ "ExecStart=/opt/acme/bin/../../other/x\n", false },
	{ "ExecStart=acmed\n", false },
	{ "ExecStart=\n", false },
	{ "ExecStart", false },
	{ "#ExecStart=/opt/acme/bin/acmed\n", false },
	{ "ExecStartPre=/opt/acme/bin/acmed\n", false },
	{ "ExecStart=/bin/sh -c /opt/acme/bin/acmed\n", false },
};

START_TEST(a_unit_of_another_name_that_starts_the_program_confirms)
{
	put("opt/acme/bin/acmed", "x");
	put("lib/systemd/system/x.service", services[_i].text);
	put("etc/systemd/system/y.timer", "ExecStart=/opt/acme/bin/acmed\n");
	if (!services[_i].starts) {
		expect(CONFIRMATION_BARE_PATH, "/opt/acme/bin", NULL);
		return;
	}
	expect(CONFIRMATION_PATH, "/opt/acme/bin", "/lib/systemd/system/x.service");
	ck_assert(confirmation_acts(&confirmation));
}
END_TEST

START_TEST(a_program_below_bin_is_found_in_usr)
{
	put("usr/bin/acme", "x");
	put_link("usr/bin", "bin");
	put("usr/lib/systemd/system/x.service", "ExecStart=/bin/acme\n");
	expect(CONFIRMATION_PATH, "/usr/bin/acme", "/usr/lib/systemd/system/x.service");
}
END_TEST

START_TEST(a_trusted_file_needs_no_confirmation)
{
	product.trusted = true;
	expect(CONFIRMATION_TRUSTED, NULL, NULL);
	ck_assert(confirmation_acts(&confirmation));
	ck_assert(!source.packages_read && !source.starts_read);
}
END_TEST

/* One reading serves a whole catalog. */
START_TEST(packages_are_read_once)
{
	put("var/lib/dpkg/status", "Package: acme-sensor\nStatus: install ok installed\n");
	expect(CONFIRMATION_PACKAGE, "acme-sensor", NULL);
	put("var/lib/dpkg/status", "");
	confirmation_free(&confirmation);
	ck_assert_int_eq(confirmation_ask(&context, &source, &product, &confirmation), 0);
	ck_assert_int_eq(confirmation.kind, CONFIRMATION_PACKAGE);
}
END_TEST

/* --- signers ------------------------------------------------------------------------------- */

#define FOLDER "usr/lib/modules/6.1.0-1/"

/* `list`: what modules.dep says; the one file is a sample of the fuzzer of signatures. */
static void put_module(const char *list, const char *sample)
{
	char path[256];
	static char bytes[4096];
	size_t size;
	FILE *file;

	snprintf(path, sizeof(path), "tests/fuzz/corpus/module_signature/%s", sample);
	file = fopen(path, "re"); /* tests run at the top of the tree */
	ck_assert_ptr_nonnull(file);
	size = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	put("proc/sys/kernel/osrelease", "6.1.0-1\n");
	put(FOLDER "modules.dep", list);
	scratch_write(FOLDER "updates/acme-pin-7.ko", bytes, size);
}

START_TEST(a_signer_of_a_module_confirms)
{
	put_module("kernel/x.ko:\nupdates/acme-pin-7.ko: kernel/x.ko\n", "issuer");
	expect(CONFIRMATION_SIGNER, "/" FOLDER "updates/acme-pin-7.ko", "Acme Module Signing");
	ck_assert(confirmation_acts(&confirmation));
	expect_in_watch_set(1, 1);
}
END_TEST

static const struct {
	const char *list, *sample;
} unconfirmed[] = {
	{ "updates/acme-pin-7.ko:\n", "unsigned" },
	{ "updates/acme-pin-7.ko:\n", "key_id" },
	{ "updates/acme-pin-7.ko:\n", "old_kind" },
	{ "updates/acme-pin-8.ko:\n", "issuer" },
	{ "updates/../updates/acme-pin-7.ko:\n", "issuer" },
	{ "", "issuer" },
};

START_TEST(another_signer_does_not)
{
	put_module(unconfirmed[_i].list, unconfirmed[_i].sample);
	expect(CONFIRMATION_NONE, NULL, NULL);
	put("sys/module/acme_pin_7/initstate", "live\n");
	expect(CONFIRMATION_BARE_MODULE, "acme_pin_7", NULL);
}
END_TEST

START_TEST(a_signer_confirms_only_modules_that_are_listed)
{
	put_module("updates/acme-pin-7.ko:\n", "issuer");
	text_list_free(&product.modules);
	expect(CONFIRMATION_NONE, NULL, NULL);
	ck_assert_int_eq(text_list_add(&product.modules, "acme_other"), 0);
	expect(CONFIRMATION_NONE, NULL, NULL);
	ck_assert_int_eq(text_list_add(&product.modules, "acme_pin_7"), 0);
	expect(CONFIRMATION_SIGNER, "/" FOLDER "updates/acme-pin-7.ko", "Acme Module Signing");
	product.signers.items[1][0] = 'a';
	expect(CONFIRMATION_NONE, NULL, NULL);
}
END_TEST

/* --- rpm ----------------------------------------------------------------------------------- */

static char asked[512]; /* every command, a line each */
static const char *answer;
static int ending; /* what running it returns */

static int run(const char *const argv[], unsigned seconds, char *output, size_t size,
	       int *ret_status)
{
	ck_assert_uint_gt(seconds, 0);
	for (size_t i = 0; argv[i]; i++)
		snprintf(asked + strlen(asked), sizeof(asked) - strlen(asked), "%s%s", argv[i],
			 argv[i + 1] ? " " : "\n");
	snprintf(output, size, "%s", answer);
	*ret_status = 1; /* one of the names is not installed */
	return ending;
}

static const struct process_port port = { .run = run };

static void expect_with_rpm(const char *says, enum confirmation_kind kind, const char *what)
{
	answer = says;
	asked[0] = '\0';
	confirmation_free(&confirmation);
	confirmation_source_free(&source);
	source.processes = &port;
	ck_assert_int_eq(confirmation_ask(&context, &source, &product, &confirmation), 0);
	ck_assert_str_eq(confirmation_word(confirmation.kind), confirmation_word(kind));
	ck_assert_pstr_eq(confirmation.what, what);
}

static void put_rpm(void)
{
	put("var/lib/rpm/rpmdb.sqlite", "x");
	put("opt/acme/bin/acmed", "x");
	ck_assert_int_eq(text_list_add(&product.packages, "acme-old"), 0);
}

START_TEST(a_package_of_rpm_confirms)
{
	put_rpm();
	expect_with_rpm("package acme-old is not installed\nacme-sensor\nacme-sensor\n",
			CONFIRMATION_PACKAGE, "acme-sensor");
	ck_assert(confirmation_acts(&confirmation));
	ck_assert_str_eq(asked, "rpm -q --qf %{NAME}\n -- acme-sensor acme-old\n");
	expect_with_rpm("acme-old\npackage acme-sensor is not installed\n", CONFIRMATION_PACKAGE,
			"acme-old");
}
END_TEST

START_TEST(a_package_of_rpm_confirms_a_loaded_module)
{
	put("usr/lib/sysimage/rpm/rpmdb.sqlite", "x");
	put("sys/module/acme_sensor/initstate", "live\n");
	expect_with_rpm("acme-sensor\n", CONFIRMATION_PACKAGE, "acme-sensor");
	expect_with_rpm("", CONFIRMATION_BARE_MODULE, "acme_sensor");
}
END_TEST

/* What is no whole line with the name of a package that was asked for. */
static const char *const answers[] = { "",
				       "\n",
				       "acme-sensor",
				       "acme-sensor2\n",
				       "2acme-sensor\n",
				       "acme-sensor-1.0-1.x86_64\n",
				       "package acme-sensor is not installed\n",
				       " acme-sensor\n",
				       "other\n" };

START_TEST(other_answers_of_rpm_do_not)
{
	put_rpm();
	expect_with_rpm(answers[_i], CONFIRMATION_BARE_PATH, "/opt/acme/bin");
	ck_assert(!confirmation_acts(&confirmation));
}
END_TEST

/* A process for each of fifty products would be felt at each start. */
START_TEST(rpm_is_asked_for_nothing_that_is_not_here)
{
	put("var/lib/rpm/rpmdb.sqlite", "x");
	expect_with_rpm("acme-sensor\n", CONFIRMATION_NONE, NULL);
	ck_assert_str_eq(asked, "");
	put("usr/lib/systemd/system/acme.service", "[Service]\n");
	expect_with_rpm("acme-sensor\n", CONFIRMATION_UNIT, "/usr/lib/systemd/system/acme.service");
	ck_assert_str_eq(asked, "");
}
END_TEST

START_TEST(where_there_is_no_database_rpm_is_not_asked)
{
	put("opt/acme/bin/acmed", "x");
	expect_with_rpm("acme-sensor\n", CONFIRMATION_BARE_PATH, "/opt/acme/bin");
	ck_assert_str_eq(asked, "");
}
END_TEST

/* Its answer would be about this machine. */
START_TEST(below_another_root_rpm_is_not_started)
{
	char path[512], program[512];

	put_rpm();
	put("bin/rpm", "#!/bin/sh\necho acme-sensor\n");
	snprintf(path, sizeof(path), "%s/bin:/usr/bin:/bin", context.root);
	snprintf(program, sizeof(program), "%s/bin/rpm", context.root);
	ck_assert_int_eq(chmod(program, 0755), 0);
	ck_assert_int_eq(setenv("PATH", path, 1), 0);
	expect_in_watch_set(1, 0);
	source.processes = process_of_machine();
	ck_assert_int_eq(confirmation_ask(&context, &source, &product, &confirmation), 0);
	ck_assert_int_eq(confirmation.kind, CONFIRMATION_PACKAGE);
}
END_TEST

START_TEST(a_silent_rpm_is_asked_once)
{
	put_rpm();
	ending = -ETIMEDOUT;
	expect_with_rpm("acme-sensor\n", CONFIRMATION_BARE_PATH, "/opt/acme/bin");
	asked[0] = '\0';
	confirmation_free(&confirmation);
	ck_assert_int_eq(confirmation_ask(&context, &source, &product, &confirmation), 0);
	ck_assert_int_eq(confirmation.kind, CONFIRMATION_BARE_PATH);
	ck_assert_str_eq(asked, "");
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("confirmation");
	TCase *tests = suite_case(all, "confirmation", 20);

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, nothing_is_here);
	tcase_add_test(tests, a_bare_path_is_only_reported);
	tcase_add_test(tests, a_loaded_module_is_only_reported);
	tcase_add_test(tests, a_pattern_means_loaded_modules);
	tcase_add_test(tests, a_unit_file_confirms);
	tcase_add_test(tests, a_script_of_sysv_confirms);
	tcase_add_test(tests, a_mask_is_no_unit_file);
	tcase_add_loop_test(tests, an_installed_package_confirms, 0,
			    sizeof(installed) / sizeof(installed[0]));
	tcase_add_loop_test(tests, another_package_does_not, 0, sizeof(others) / sizeof(others[0]));
	tcase_add_test(tests, a_file_of_a_package_that_was_cut_short_confirms);
	tcase_add_test(tests, the_list_of_files_may_name_the_architecture);
	tcase_add_test(tests, of_two_architectures_the_installed_one_counts);
	tcase_add_loop_test(tests, a_unit_of_another_name_that_starts_the_program_confirms, 0,
			    sizeof(services) / sizeof(services[0]));
	tcase_add_test(tests, a_program_below_bin_is_found_in_usr);
	tcase_add_test(tests, a_trusted_file_needs_no_confirmation);
	tcase_add_test(tests, packages_are_read_once);
	tcase_add_test(tests, a_signer_of_a_module_confirms);
	tcase_add_loop_test(tests, another_signer_does_not, 0,
			    sizeof(unconfirmed) / sizeof(unconfirmed[0]));
	tcase_add_test(tests, a_signer_confirms_only_modules_that_are_listed);
	tcase_add_test(tests, a_package_of_rpm_confirms);
	tcase_add_test(tests, a_package_of_rpm_confirms_a_loaded_module);
	tcase_add_loop_test(tests, other_answers_of_rpm_do_not, 0,
			    sizeof(answers) / sizeof(answers[0]));
	tcase_add_test(tests, rpm_is_asked_for_nothing_that_is_not_here);
	tcase_add_test(tests, where_there_is_no_database_rpm_is_not_asked);
	tcase_add_test(tests, below_another_root_rpm_is_not_started);
	tcase_add_test(tests, a_silent_rpm_is_asked_once);
	return all;
}
