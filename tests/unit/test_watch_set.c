/* test_watch_set.c: which product files count, which folder is whose, and who owns what
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/products/watch_set.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/scratch.h"
#include "tests/unit/suite.h"

static const char acme[] =
	"{\"schema\":\"daruma.product.v1\",\"id\":\"acme\",\"vendor\":\"Acme\",\"product\":"
	"\"Sensor\","
	"\"packages\":[\"acme-sensor\"],\"units\":[\"acme-sensor.service\"],"
	"\"updater_units\":[\"acme-update.timer\"],"
	"\"modules\":[\"acme_sensor\",\"acme_pin_*\"],"
	"\"code_paths\":[\"/opt/acme/bin\"],\"content_paths\":[\"/opt/acme/etc/rules\"],"
	"\"content_sets\":[{\"name\":\"main\",\"path\":\"/opt/acme/content\","
	"\"manifest\":\"/opt/acme/MANIFEST\"}],\"state_paths\":[\"/opt/acme/content/queue\"]}";

static size_t load(const struct context *context, struct text_list *problems)
{
	struct product_list list = { 0 };
	size_t count;

	ck_assert_int_eq(watch_set_load(context, &list, problems), 0);
	count = list.count;
	product_list_free(&list);
	return count;
}

START_TEST(catalog_needs_confirmation)
{
	struct context context = { .root = scratch_make() };
	const char status[] = "Package: acme-sensor\nStatus: install ok installed\n";
	const char gone[] =
		"Package: acme-sensor\nStatus: deinstall ok config-files\n\nPackage: b\n"
		"Status: install ok installed\n";

	scratch_write("usr/share/daruma/products/acme.json", acme, strlen(acme));
	ck_assert_uint_eq(load(&context, NULL), 0);
	scratch_write("var/lib/dpkg/status", gone, strlen(gone));
	ck_assert_uint_eq(load(&context, NULL), 0);
	scratch_write("var/lib/dpkg/status", status, strlen(status));
	ck_assert_uint_eq(load(&context, NULL), 1);
	scratch_remove();
}
END_TEST

START_TEST(unit_file_confirms)
{
	struct context context = { .root = scratch_make() };

	scratch_write("usr/share/daruma/products/acme.json", acme, strlen(acme));
	scratch_write("usr/lib/systemd/system/acme-sensor.service", "", 0);
	ck_assert_uint_eq(load(&context, NULL), 1);
	scratch_remove();
}
END_TEST

START_TEST(admin_needs_no_confirmation)
{
	struct context context = { .root = scratch_make() };
	struct product_list list;

	scratch_write("etc/daruma/products.d/acme.json", acme, strlen(acme));
	ck_assert_int_eq(watch_set_load(&context, &list, NULL), 0);
	ck_assert_uint_eq(list.count, 1);
	ck_assert(list.items[0].trusted);
	product_list_free(&list);
	scratch_remove();
}
END_TEST

START_TEST(bad_files_are_reported_and_left_out)
{
	struct context context = { .root = scratch_make() };
	struct text_list problems = { 0 };

	scratch_write("etc/daruma/products.d/a.json", acme, strlen(acme));
	scratch_write("etc/daruma/products.d/b.json", acme, strlen(acme)); /* the same id */
	scratch_write("etc/daruma/products.d/c.json", "{", 1);
	scratch_write("etc/daruma/products.d/d.json/x", "", 0); /* a folder */
	scratch_write("etc/daruma/products.d/e.txt", "{", 1);
	ck_assert_uint_eq(load(&context, &problems), 1);
	ck_assert_uint_eq(problems.count, 3);
	text_list_free(&problems);
	scratch_remove();
}
END_TEST

/* A product "NAME" with one path, in a file of the administrator or a vendor. */
static void put_claim(const char *folder, const char *name, const char *key, const char *path)
{
	char file[128], text[512];

	snprintf(file, sizeof(file), "%s/%s.json", folder, name);
	snprintf(text, sizeof(text),
		 "{\"schema\":\"daruma.product.v1\",\"id\":\"%s\",\"vendor\":\"v\",\"product\":"
		 "\"p\",%s%s%s}",
		 name, key, path, strchr(key, '{') ? "\"}]" : "\"]");
	scratch_write(file, text, strlen(text));
}

static const struct {
	const char *key, *path;
	bool taken;
} claims[] = {
	{ "\"code_paths\":[\"", "/opt/acme/bin", true },
	{ "\"code_paths\":[\"", "/opt/acme/bin/acmed", true },
	{ "\"content_paths\":[\"", "/opt/acme", true },
	{ "\"content_sets\":[{\"name\":\"a\",\"path\":\"", "/opt/acme/content/deep", true },
	{ "\"code_paths\":[\"", "/opt/acme/MANIFEST", true },
	{ "\"code_paths\":[\"", "/opt/acme/binary", false },
	{ "\"code_paths\":[\"", "/opt/acm", false },
	{ "\"units\":[\"", "acme-sensor.service", true },
	{ "\"updater_units\":[\"", "acme-sensor.service", true },
	{ "\"units\":[\"", "acme-update.timer", true },
	{ "\"updater_units\":[\"", "acme-update.timer", true },
	{ "\"units\":[\"", "acme-sensor.socket", false },
	{ "\"modules\":[\"", "acme_sensor", true },
	{ "\"modules\":[\"", "acme_*", true },
	{ "\"modules\":[\"", "acme_sensor_*", false },
	{ "\"modules\":[\"", "acme_pin_x", true },
	{ "\"modules\":[\"", "acme_pin", false },
};

static const char *kind_of(const char *key)
{
	return strstr(key, "units") ? "the unit " : strstr(key, "modules") ? "the module " : "";
}

/* R14: only what belongs to a product is ever set aside for it. */
START_TEST(another_products_folder_is_refused)
{
	struct context context = { .root = scratch_make() };
	struct text_list problems = { 0 };
	struct product_list list;

	scratch_write("etc/daruma/products.d/zoo.json", acme, strlen(acme));
	put_claim("usr/lib/daruma/products.d", "b", claims[_i].key, claims[_i].path);
	ck_assert_int_eq(watch_set_load(&context, &list, &problems), 0);
	ck_assert_str_eq(list.items[0].id, "acme");
	ck_assert_uint_eq(list.count, claims[_i].taken ? 1 : 2);
	ck_assert_uint_eq(problems.count, claims[_i].taken);
	if (claims[_i].taken) {
		char expected[256];

		snprintf(expected, sizeof(expected),
			 "/usr/lib/daruma/products.d/b.json: %s%s belongs to acme, which "
			 "/etc/daruma/products.d/zoo.json describes",
			 kind_of(claims[_i].key), claims[_i].path);
		ck_assert_str_eq(problems.items[0], expected);
	}
	text_list_free(&problems);
	product_list_free(&list);
	scratch_remove();
}
END_TEST

static const struct {
	const char *passwd, *path;
	bool refused;
} homes[] = {
	{ "a:x:1000:1::/data/a:/bin/bash\n", "/data/a", true },
	{ "a:x:1000:1::/data/a:/bin/bash", "/data/a/b", true },
	{ "b:x:5:1::/x:/bin/sh\na:x:59999:1:A B,,:/data/a:", "/data", true },
	{ "a:x:1000:1::/data/a:/bin/bash\n", "/data/ab", false },
	/* Accounts of programs. */
	{ "a:x:999:1::/data/a:/bin/bash\n", "/data/a", false },
	{ "a:x:1000:1::/data/a:/usr/sbin/nologin\n", "/data/a", false },
	{ "a:x:1000:1::/data/a:/bin/false\n", "/data/a", false },
	{ "nobody:x:65534:1::/data/a:/bin/bash\n", "/data/a", false },
	/* No such lines. */
	{ "a:x:1000:1::/:/bin/bash\n", "/data/a", false },
	{ "a:x:1000:1::/opt:/bin/bash\n", "/opt/acme", false },
	{ "a:x:1000:1::/data/a/:/bin/bash\n", "/data/a", false },
	{ "a:x:1000:1::/data/a\n", "/data/a", false },
	{ "a:x:1000:1::/data/a:/bin/bash:x\n", "/data/a", false },
	{ "a:x:-1:1::/data/a:/bin/bash\n", "/data/a", false },
	{ "a:x:1000x:1::/data/a:/bin/bash\n", "/data/a", false },
};

/* R29. */
START_TEST(r29_home_directories_need_not_lie_in_home)
{
	struct context context = { .root = scratch_make() };
	struct text_list problems = { 0 };

	scratch_write("etc/passwd", homes[_i].passwd, strlen(homes[_i].passwd));
	put_claim("etc/daruma/products.d", "a", "\"content_paths\":[\"", homes[_i].path);
	ck_assert_uint_eq(load(&context, &problems), !homes[_i].refused);
	ck_assert_uint_eq(problems.count, homes[_i].refused);
	text_list_free(&problems);
	scratch_remove();
}
END_TEST

static void link_root(const struct context *context, const char *target, const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", context->root, name);
	ck_assert_int_eq(symlink(target, path), 0);
}

/* R29: a folder of the root may be a link to a larger disk. */
START_TEST(r29_home_directories_may_have_moved)
{
	struct context context = { .root = scratch_make() };
	struct text_list problems = { 0 };
	const char passwd[] = "anna:x:1000:1::/opt/people/anna:/bin/bash\n";

	link_root(&context, "/data/opt", "opt");
	scratch_write("etc/passwd", passwd, strlen(passwd));
	put_claim("etc/daruma/products.d", "a", "\"content_paths\":[\"", "/opt/people/anna/x");
	put_claim("etc/daruma/products.d", "b", "\"content_paths\":[\"", "/data/opt/people/anna/x");
	put_claim("etc/daruma/products.d", "c", "\"content_paths\":[\"", "/opt/people/bert");
	ck_assert_uint_eq(load(&context, &problems), 1);
	ck_assert_uint_eq(problems.count, 2);
	text_list_free(&problems);
	scratch_remove();
}
END_TEST

static const struct {
	const char *target, *name, *path;
	bool refused;
} moved[] = {
	{ "/data/var", "var", "/data/var/lib/dpkg", true },
	{ "data/var/", "var", "/data/var/lib/dpkg/info/x", true },
	{ "/data/var", "var", "/data", true },
	{ "/data/var", "var", "/data/var", true },
	{ "/data/var", "var", "/data/var/lib", true },
	{ "/data/var", "var", "/data/var/lib/acme", false },
	{ "/data/var", "var", "/data/varied", false },
	{ "/data/people", "home", "/data/people/anna", true },
	{ "/data/people", "home", "/data", true },
	{ "/data/people", "home", "/data/acme", false },
	{ "/data/opt", "opt", "/opt/acme", false },
	{ "/data/opt", "opt", "/data/opt/acme", false },
	{ "/data/acme", "acme", "/data/acme/bin", false },
};

/* R14, R29: the names of the list are not all that lead there. */
START_TEST(r14_r29_what_is_protected_may_have_moved)
{
	struct context context = { .root = scratch_make() };
	struct text_list problems = { 0 };

	link_root(&context, moved[_i].target, moved[_i].name);
	put_claim("etc/daruma/products.d", "a", "\"content_paths\":[\"", moved[_i].path);
	ck_assert_uint_eq(load(&context, &problems), !moved[_i].refused);
	ck_assert_uint_eq(problems.count, moved[_i].refused);
	if (moved[_i].refused)
		ck_assert_ptr_nonnull(
			strstr(problems.items[0], "is protected and never set aside"));
	text_list_free(&problems);
	scratch_remove();
}
END_TEST

/* One folder under two names. */
START_TEST(a_folder_in_usr_is_claimed_once)
{
	struct context context = { .root = scratch_make() };

	put_claim("etc/daruma/products.d", "a", "\"code_paths\":[\"", "/usr/lib/acme");
	put_claim("etc/daruma/products.d", "b", "\"code_paths\":[\"", "/lib/acme/x");
	ck_assert_uint_eq(load(&context, NULL), 1);
	scratch_remove();
}
END_TEST

/* An entry of the catalog for something that is not here claims nothing. */
START_TEST(who_is_not_here_has_no_folder)
{
	struct context context = { .root = scratch_make() };

	put_claim("usr/share/daruma/products", "a", "\"code_paths\":[\"", "/opt/b");
	put_claim("usr/lib/daruma/products.d", "b", "\"code_paths\":[\"", "/opt/b");
	ck_assert_uint_eq(load(&context, NULL), 1);
	scratch_remove();
}
END_TEST

START_TEST(later_folder_replaces)
{
	struct context context = { .root = scratch_make() };

	scratch_write("usr/lib/daruma/products.d/acme.json", acme, strlen(acme));
	ck_assert_uint_eq(load(&context, NULL), 1);
	scratch_write("etc/daruma/products.d/acme.json", "", 0);
	ck_assert_uint_eq(load(&context, NULL), 0);
	scratch_remove();
}
END_TEST

START_TEST(owners)
{
	struct product product;
	struct product_list list = { .items = &product, .count = 1 };
	char problem[PRODUCT_PROBLEM_SIZE];

	ck_assert_int_eq(product_parse("f", acme, strlen(acme), &product, problem), 0);
	ck_assert_ptr_eq(watch_set_owner(&list, "/opt/acme/bin"), &product);
	ck_assert_ptr_eq(watch_set_owner(&list, "/opt/acme/bin/x/y"), &product);
	ck_assert_ptr_eq(watch_set_owner(&list, "/opt/acme/content/table.bin"), &product);
	ck_assert_ptr_eq(watch_set_owner(&list, "/opt/acme/MANIFEST"), &product);
	ck_assert_ptr_eq(watch_set_owner(&list, "/lib/modules/6.1/updates/acme-sensor.ko.xz"),
			 &product);
	ck_assert_ptr_eq(watch_set_owner(&list, "/usr/lib/modules/6.1/updates/acme_sensor.ko"),
			 &product);
	ck_assert_ptr_null(watch_set_owner(&list, "/opt/acme/binary"));
	ck_assert_ptr_null(watch_set_owner(&list, "/opt/acme"));
	ck_assert_ptr_null(watch_set_owner(&list, "/lib/modules/6.1/updates/other.ko"));
	ck_assert_ptr_null(watch_set_owner(&list, "/home/acme_sensor.ko"));
	ck_assert_ptr_null(watch_set_owner(&list, "opt/acme/bin"));
	ck_assert_ptr_eq(watch_set_module_owner(&list, "acme_sensor"), &product);
	ck_assert_ptr_eq(watch_set_module_owner(&list, "acme-sensor"), &product);
	ck_assert_ptr_null(watch_set_module_owner(&list, ""));
	ck_assert_ptr_eq(watch_set_module_owner(&list, "acme_pin_17"), &product);
	ck_assert_ptr_eq(watch_set_owner(&list, "/lib/modules/6.1/updates/acme-pin-17.ko.zst"),
			 &product);
	ck_assert_ptr_null(watch_set_module_owner(&list, "acme_pin"));
	product_free(&product);
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("watch_set");
	TCase *tests = suite_case(all, "watch_set", 20);

	tcase_add_test(tests, catalog_needs_confirmation);
	tcase_add_test(tests, unit_file_confirms);
	tcase_add_test(tests, admin_needs_no_confirmation);
	tcase_add_test(tests, bad_files_are_reported_and_left_out);
	tcase_add_loop_test(tests, another_products_folder_is_refused, 0,
			    sizeof(claims) / sizeof(claims[0]));
	tcase_add_loop_test(tests, r29_home_directories_need_not_lie_in_home, 0,
			    sizeof(homes) / sizeof(homes[0]));
	tcase_add_test(tests, r29_home_directories_may_have_moved);
	tcase_add_loop_test(tests, r14_r29_what_is_protected_may_have_moved, 0,
			    sizeof(moved) / sizeof(moved[0]));
	tcase_add_test(tests, a_folder_in_usr_is_claimed_once);
	tcase_add_test(tests, who_is_not_here_has_no_folder);
	tcase_add_test(tests, later_folder_replaces);
	tcase_add_test(tests, owners);
	return all;
}
