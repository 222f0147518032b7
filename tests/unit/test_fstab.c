/* test_fstab.c: the disks that an fstab mounts
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>

#include "recovery/early/fstab.h"
#include "tests/unit/suite.h"

static struct fstab fstab;

static int parse(const char *text)
{
	return fstab_read(text, strlen(text), &fstab);
}

static const struct fstab_mount *only(const char *line)
{
	ck_assert_int_eq(parse(line), 0);
	ck_assert_uint_eq(fstab.count, 1);
	return &fstab.mounts[0];
}

START_TEST(reads_a_table_as_installers_write_it)
{
	ck_assert_int_eq(parse("# <file system> <mount point> <type> <options> <dump> <pass>\n"
			       "\n"
			       "UUID=aa-11 / ext4 errors=remount-ro 0 1\n"
			       "UUID=bb-22\t/var\text4\tdefaults,noatime,discard\t0\t2\n"
			       "UUID=AB12-CD34 /boot/efi vfat umask=0077 0 1\n"
			       "UUID=cc-33 none swap sw 0 0\n"
			       "tmpfs /tmp tmpfs size=1G 0 0"),
			 0);
	ck_assert_uint_eq(fstab.count, 2);
	ck_assert_str_eq(fstab.mounts[0].folder, "/boot/efi");
	ck_assert_str_eq(fstab.mounts[0].data, "umask=0077");
	/* It is needed for the answer only where that is a file. */
	ck_assert(fstab.mounts[0].optional);
	ck_assert_str_eq(fstab.mounts[1].source, "/dev/disk/by-uuid/bb-22");
	ck_assert_str_eq(fstab.mounts[1].folder, "/var");
	ck_assert_str_eq(fstab.mounts[1].type, "ext4");
	ck_assert_str_eq(fstab.mounts[1].data, "discard");
	ck_assert_uint_eq(fstab.mounts[1].flags, MS_NOATIME);
	ck_assert(!fstab.mounts[1].optional);
}
END_TEST

static const struct {
	const char *source, *expected;
} sources[] = {
	{ "/dev/mapper/vg-var", "/dev/mapper/vg-var" },
	{ "UUID=\"bb-22\"", "/dev/disk/by-uuid/bb-22" },
	{ "LABEL=data", "/dev/disk/by-label/data" },
	{ "LABEL=my\\040data", "/dev/disk/by-label/my\\x20data" },
	{ "LABEL=a/../b", "/dev/disk/by-label/a\\x2f..\\x2fb" },
	{ "PARTUUID=12-34", "/dev/disk/by-partuuid/12-34" },
	{ "PARTLABEL=var", "/dev/disk/by-partlabel/var" },
};

START_TEST(tags_become_the_names_of_udev)
{
	char line[256];

	snprintf(line, sizeof(line), "%s /var ext4", sources[_i].source);
	ck_assert_str_eq(only(line)->source, sources[_i].expected);
	ck_assert_uint_eq(fstab.mounts[0].flags, 0);
}
END_TEST

static const char *const passed_over[] = {
	"UUID=a /srv ext4 noauto",
	"host:/x /home nfs defaults,_netdev",
	"UUID=a /home/anna a-kind-of-her-own weird",
	"x /mnt/x fuse.sshfs defaults",
	"proc /proc proc defaults",
	"bpffs /sys/fs/bpf bpf defaults",
	"/dev/sr0 /media/cd iso9660 ro",
	"UUID=a none swap sw",
	"UUID=a / btrfs subvol=@",
	"\t ",
	"   # UUID=a /var ext4 defaults",
};

START_TEST(passes_over_what_is_not_mounted_at_boot)
{
	ck_assert_int_eq(parse(passed_over[_i]), 0);
	ck_assert_uint_eq(fstab.count, 0);
}
END_TEST

static const char *const refused[] = {
	"UUID=a",
	"UUID=a /var",
	"UUID=a var ext4",
	"UUID=a /var/../etc ext4",
	"UUID=a /var/.. ext4",
	"tank/var /var zfs defaults",
	"UUID=a /var auto defaults",
	"UUID=a /srv ext4\nUUID=b x ext4",
	"UUID=a /var a-kind-with-a-name-that-no-kernel-has ext4",
	"UUID=a /opt ext4 defaults,_netdev",
	"host:/opt /opt nfs defaults",
	"UUID=a /homes auto defaults",
	"/mnt/data/opt /opt none bind",
	"/data/opt /opt none bind\nUUID=a /opt/vendor ext4 defaults",
};

/* What is not understood may be what holds the state: nothing may be taken for the whole system then. */
START_TEST(refuses_what_it_does_not_understand)
{
	ck_assert_int_eq(parse(refused[_i]), -EINVAL);
}
END_TEST

START_TEST(a_zero_byte_and_a_long_line_are_refused)
{
	static char line[4 * PATH_MAX];

	ck_assert_int_eq(fstab_read("UUID=a /a ext4\0", 15, &fstab), -EINVAL);
	memset(line, 'x', sizeof(line));
	ck_assert_int_eq(fstab_read(line, sizeof(line), &fstab), -EINVAL);
	memcpy(line, "UUID=a /", 8);
	memcpy(line + 8 + PATH_MAX, " ext4", 6);
	ck_assert_int_eq(parse(line), -EINVAL);
}
END_TEST

START_TEST(options_too_long_are_refused)
{
	char line[FSTAB_DATA_SIZE + 64] = "UUID=a /var ext4 ";

	memset(line + strlen(line), 'x', FSTAB_DATA_SIZE - 1);
	ck_assert_uint_eq(strlen(only(line)->data), FSTAB_DATA_SIZE - 1);
	strcat(line, "x");
	ck_assert_int_eq(parse(line), -EINVAL);
}
END_TEST

START_TEST(only_so_many_lines_are_taken)
{
	char text[64 * (FSTAB_MAX + 1)] = "";

	for (int i = 0; i < FSTAB_MAX; i++)
		sprintf(text + strlen(text), "UUID=%d /m%d ext4\n", i, i);
	ck_assert_int_eq(parse(text), 0);
	ck_assert_uint_eq(fstab.count, FSTAB_MAX);
	strcat(text, "UUID=x /x ext4\n");
	ck_assert_int_eq(parse(text), -E2BIG);
}
END_TEST

START_TEST(a_folder_comes_before_what_lies_in_it)
{
	ck_assert_int_eq(
		parse("/srv/a /a none bind\nUUID=a /var/lib/x/ ext4\nUUID=b /var-old ext4\n"
		      "UUID=c /var ext4\n"),
		0);
	ck_assert_str_eq(fstab.mounts[3].folder, "/a");
	ck_assert_str_eq(fstab.mounts[0].folder, "/var");
	ck_assert_str_eq(fstab.mounts[1].folder, "/var-old");
	ck_assert_str_eq(fstab.mounts[2].folder, "/var/lib/x");
}
END_TEST

START_TEST(options_are_parted_among_those_who_read_them)
{
	const struct fstab_mount *mount =
		only("UUID=a /opt btrfs "
		     "rw,ro,nosuid,nodev,noexec,relatime,subvol=@opt,x-systemd.device-timeout=5,"
		     "user,comment=mine,nofail,compress=zstd");

	ck_assert_uint_eq(mount->flags, MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RELATIME);
	ck_assert_str_eq(mount->data, "subvol=@opt,compress=zstd");
	ck_assert(mount->optional);
	ck_assert_str_eq(
		only("UUID=a /opt ext4 noauto,x-systemd.automount,X-mount.mkdir,rprivate")->data,
		"");
	ck_assert_uint_eq(only("UUID=a /opt ext4 ro,noatime,rw,atime")->flags, 0);
}
END_TEST

START_TEST(a_folder_can_be_shown_elsewhere)
{
	const struct fstab_mount *mount = only("/srv/opt /opt none bind 0 0");

	ck_assert_str_eq(mount->source, "/srv/opt");
	ck_assert_uint_eq(mount->flags, MS_BIND);
	ck_assert_uint_eq(only("/srv/opt /opt auto rbind")->flags, MS_BIND | MS_REC);
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

Suite *suite(void)
{
	Suite *all = suite_create("fstab");
	TCase *lines = suite_case(all, "lines", 5);

	tcase_add_test(lines, reads_a_table_as_installers_write_it);
	tcase_add_loop_test(lines, tags_become_the_names_of_udev, 0, COUNT(sources));
	tcase_add_loop_test(lines, passes_over_what_is_not_mounted_at_boot, 0, COUNT(passed_over));
	tcase_add_loop_test(lines, refuses_what_it_does_not_understand, 0, COUNT(refused));
	tcase_add_test(lines, a_zero_byte_and_a_long_line_are_refused);
	tcase_add_test(lines, options_too_long_are_refused);
	tcase_add_test(lines, only_so_many_lines_are_taken);
	tcase_add_test(lines, a_folder_comes_before_what_lies_in_it);
	tcase_add_test(lines, options_are_parted_among_those_who_read_them);
	tcase_add_test(lines, a_folder_can_be_shown_elsewhere);
	return all;
}
