/* test_product_file.c: product files, and the deny list
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "recovery/products/deny_list.h"
#include "recovery/products/watch_set.h"
#include "tests/unit/suite.h"

static const char acme[] =
	"{\"schema\":\"daruma.product.v1\",\"id\":\"acme\",\"vendor\":\"Acme\",\"product\":"
	"\"Sensor\","
	"\"packages\":[\"acme-sensor\"],\"units\":[\"acme-sensor.service\"],\"modules\":[\"acme_"
	"sensor\",\"acme_pin_*\"],\"signers\":[\"Acme, Module Signing\"],"
	"\"code_paths\":[\"/opt/acme/bin\"],\"content_paths\":[\"/opt/acme/etc/rules\"],"
	"\"content_sets\":[{\"name\":\"main\",\"path\":\"/opt/acme/content\",\"manifest\":\"/opt/"
	"acme/MANIFEST\"}],\"state_paths\":[\"/opt/acme/content/queue\"],"
	"\"updater_units\":[\"acme-update.timer\"],\"bears_read_only_content\":true,\"reduced_"
	"mode\":{\"enter\":[\"/opt/acme/bin/ctl\",\"light\",\"\"],\"leave\":[\"/opt/acme/bin/"
	"ctl\",\"full\"]},"
	"\"health\":[\"/opt/acme/bin/check\",\"-v\",\"-v\"],\"restore\":[\"/opt/acme/bin/"
	"true\"],\"sources\":[\"us\"],"
	"\"confidence\":{\"default\":\"seen\"}}";

static char problem[PRODUCT_PROBLEM_SIZE];

START_TEST(every_key_is_read)
{
	struct product product;

	ck_assert_int_eq(product_parse("f", acme, strlen(acme), &product, problem), 0);
	ck_assert_str_eq(product.id, "acme");
	ck_assert_str_eq(product.vendor, "Acme");
	ck_assert_str_eq(product.product, "Sensor");
	ck_assert_str_eq(product.packages.items[0], "acme-sensor");
	ck_assert_str_eq(product.units.items[0], "acme-sensor.service");
	ck_assert_str_eq(product.modules.items[0], "acme_sensor");
	ck_assert_str_eq(product.signers.items[0], "Acme, Module Signing");
	ck_assert_str_eq(product.code_paths.items[0], "/opt/acme/bin");
	ck_assert_str_eq(product.content_paths.items[0], "/opt/acme/etc/rules");
	ck_assert_uint_eq(product.content_set_count, 1);
	ck_assert_str_eq(product.content_sets[0].manifest, "/opt/acme/MANIFEST");
	ck_assert_str_eq(product.state_paths.items[0], "/opt/acme/content/queue");
	ck_assert_str_eq(product.updater_units.items[0], "acme-update.timer");
	ck_assert(product.bears_read_only_content);
	ck_assert_uint_eq(product.reduced_enter.count, 3);
	ck_assert_str_eq(product.reduced_enter.items[1], "light");
	ck_assert_uint_eq(product.reduced_leave.count, 2);
	ck_assert_str_eq(product.reduced_leave.items[0], "/opt/acme/bin/ctl");
	ck_assert_uint_eq(product.health.count, 3);
	ck_assert_uint_eq(product.restore.count, 1);
	ck_assert_str_eq(product.file, "f");
	ck_assert(!product.trusted);
	product_free(&product);
	ck_assert_ptr_null(product.id);
}
END_TEST

START_TEST(each_prefix_is_refused)
{
	struct product product;

	for (size_t length = 0; length + 1 < sizeof(acme) - 1; length++)
		ck_assert_int_eq(product_parse("f", acme, length, &product, problem), -EBADMSG);
}
END_TEST

/* R14. */
static const char *const denied_units[] = { "ssh.service",
					    "sshd.service",
					    "sshd@1.service",
					    "systemd-logind.service",
					    "selinux-autorelabel.service",
					    "apparmor.service",
					    "auditd.service",
					    "firewalld.service",
					    "nftables.service",
					    "cryptsetup.service",
					    "apt-daily.timer",
					    "dracut-shutdown.service",
					    "daruma-gate.service",
					    "fapolicyd.service",
					    "usbguard.service",
					    "ima-setup.service",
					    "dbus.service",
					    "NetworkManager.service",
					    "sssd.service" };
static const char *const free_units[] = { "falcon-sensor.service", "falco.service",
					  "lkrg.service",	   "acme-sensor.service",
					  "wazuh-agent.service",   "auditbeat.service",
					  "imunify360.service" };
static const char *const denied_packages[] = { "openssh-server",
					       "systemd",
					       "selinux-policy-default",
					       "apparmor",
					       "auditd",
					       "audit",
					       "firewalld",
					       "nftables",
					       "cryptsetup-bin",
					       "dpkg",
					       "apt",
					       "rpm",
					       "dracut",
					       "initramfs-tools",
					       "daruma",
					       "fapolicyd",
					       "usbguard",
					       "linux-image-6.1.0-32-amd64",
					       "shim-signed",
					       "grub-efi-amd64",
					       "libc6" };
static const char *const free_packages[] = { "falcon-sensor", "falco", "lkrg-dkms",
					     "kmod-lkrg",     "mdatp", "auditbeat" };
static const char *const denied_modules[] = { "dm_crypt", "ext4", "xfs", "nf_tables", "virtio_blk",
					      "nvme", "efivarfs", "selinux", "aesni_intel", "hid",
					      "hid_generic", "kpatch_x", "livepatch_1", "lkp_y",
					      /* patterns that could mean one */
					      "virtio_*", "virt*", "nf_t*", "dm_c*", "ext4*",
					      "efivarfs*", "apparmor*", "seli*", "kpatch_*",
					      "live*", "lkp_*" };
static const char *const free_modules[] = {
	"acme_sensor", "falco",	      "scap",	"lkrg",
	"falcon_kal",  "hids_driver", "bmhook", "falcon_lsm_pinned_*",
	"mfe_aac_*",   "b9k_*",	      "ext4x*", "ext5*",
	"efivarfsx*",  "ksplice_*"
};
static const char *const denied_paths[] = { "/var/roothome/x",
					    "/var/srv",
					    "/var/mnt/disk",
					    "/sysroot/ostree",
					    "/",
					    "/usr",
					    "/etc",
					    "/opt",
					    "/var/lib",
					    "/boot",
					    "/boot/vmlinuz",
					    "/home/a/b",
					    "/home",
					    "/var/home/a",
					    "/export/home/a",
					    "/root/x",
					    "/usr/lib/systemd/system/x.service",
					    "/lib/systemd",
					    "/usr/sbin/sshd",
					    "/usr/bin/dpkg",
					    "/etc/ssh/sshd_config",
					    "/etc/audit/rules.d/x.rules",
					    "/var/lib/daruma/store",
					    "/lib/modules/6.1.0/kernel/fs/ext4/ext4.ko",
					    "/usr/lib/modules/6.1.0/kernel",
					    "/lib/modules",
					    "/usr/lib",
					    "/proc/1",
					    "/etc/crypttab",
					    "/usr/share",
					    "/usr/local" };
static const char *const free_paths[] = { "/opt/acme",
					  "/opt/acme/content",
					  "/etc/falco",
					  "/usr/share/falco",
					  "/usr/bin/falco",
					  "/var/lib/acme",
					  "/lib/modules/6.1.0/updates/acme.ko",
					  "/etc/modprobe.d/lkrg.conf",
					  "/usr/local/acme",
					  "/etc/sshfoo",
					  "/usr/lib/systemdx" };

#define ALL(list, function, expected)                                                              \
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++)                                \
	ck_assert_msg(function(list[i]) == (expected), "%s", list[i])

START_TEST(r14_deny_list)
{
	ALL(denied_units, deny_list_has_unit, true);
	ALL(free_units, deny_list_has_unit, false);
	ALL(denied_packages, deny_list_has_package, true);
	ALL(free_packages, deny_list_has_package, false);
	ALL(denied_modules, deny_list_has_module, true);
	ALL(free_modules, deny_list_has_module, false);
	ALL(denied_paths, deny_list_has_path, true);
	ALL(free_paths, deny_list_has_path, false);
}
END_TEST

START_TEST(r14_product_that_lists_sshd)
{
	static const char text[] =
		"{\"schema\":\"daruma.product.v1\",\"id\":\"a\",\"vendor\":\"v\",\"product\":\"p\","
		"\"units\":[\"good.service\",\"sshd.service\"]}";
	struct product product;

	ck_assert_int_eq(product_parse("f", text, strlen(text), &product, problem), -EPERM);
	ck_assert_str_eq(problem, "f: /units: sshd.service is protected and never set aside");
}
END_TEST

static int parse_module(const char *name)
{
	struct product product;
	char text[256];
	int error;

	snprintf(
		text, sizeof(text),
		"{\"schema\":\"daruma.product.v1\",\"id\":\"a\",\"vendor\":\"v\",\"product\":\"p\","
		"\"modules\":[\"%s\"]}",
		name);
	error = product_parse("f", text, strlen(text), &product, problem);
	if (!error)
		product_free(&product);
	return error;
}

START_TEST(names_of_modules_may_end_in_a_star)
{
	static const char *const wrong[] = { "*",     "a*",	"abc*",	 "ab*c",     "abcd**",
					     "*abcd", "ab-cd*", "abcd?", "abcd[1]*", "" };
	char longest[65];

	ck_assert_int_eq(parse_module("abcd*"), 0);
	ck_assert_int_eq(parse_module("A_17*"), 0);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ck_assert_msg(parse_module(wrong[i]) == -EBADMSG, "%s", wrong[i]);
	memset(longest, 'a', sizeof(longest));
	longest[62] = '*';
	longest[63] = '\0';
	ck_assert_int_eq(parse_module(longest), 0);
	longest[62] = 'a';
	longest[63] = '*';
	longest[64] = '\0';
	ck_assert_int_eq(parse_module(longest), -EBADMSG);
}
END_TEST

START_TEST(r14_a_pattern_means_nothing_protected)
{
	ck_assert_int_eq(parse_module("virtio_*"), -EPERM);
	ck_assert_str_eq(problem, "f: /modules: virtio_* is protected and never set aside");
	ck_assert_int_eq(parse_module("kpatch_*"), -EPERM);
}
END_TEST

START_TEST(a_pattern_means_what_begins_so)
{
	ck_assert(product_entry_means_module("mfe_aac_*", "mfe_aac_100713183"));
	ck_assert(product_entry_means_module("mfe_aac_*", "mfe-aac-1"));
	ck_assert(product_entry_means_module("mfe_aac_*", "mfe_aac_"));
	ck_assert(!product_entry_means_module("mfe_aac_*", "mfe_aac"));
	ck_assert(!product_entry_means_module("mfe_aac_*", "xmfe_aac_1"));
	ck_assert(!product_entry_means_module("mfe_aac_*", ""));
	ck_assert(product_entry_means_module("falco", "falco"));
	ck_assert(!product_entry_means_module("falco", "falcon"));
	ck_assert(!product_entry_means_module("falco", "falc"));
	ck_assert(product_entry_means_module("acme_sensor", "acme-sensor"));
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("product_file");
	TCase *tests = suite_case(all, "product_file", 20);

	tcase_add_test(tests, every_key_is_read);
	tcase_add_test(tests, each_prefix_is_refused);
	tcase_add_test(tests, r14_deny_list);
	tcase_add_test(tests, r14_product_that_lists_sshd);
	tcase_add_test(tests, names_of_modules_may_end_in_a_star);
	tcase_add_test(tests, r14_a_pattern_means_nothing_protected);
	tcase_add_test(tests, a_pattern_means_what_begins_so);
	return all;
}
