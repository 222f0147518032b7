/* test_initramfs.c: the modules inside an initramfs (R10)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/initramfs_modules.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "recovery/inventory/cpio.h"
#include "recovery/inventory/facts.h"
#include "tests/unit/scratch.h"
#include "tests/unit/suite.h"

static const char *root;
static struct fact_list found;

static void set_up(void)
{
	root = scratch_make();
}

static void tear_down(void)
{
	fact_list_free(&found);
	scratch_remove();
}

static bool shell(const char *text)
{
	char command[1024];

	snprintf(command, sizeof(command), "cd '%s' && { %s; } 2>err", root, text);
	return system(command) == 0;
}

/* --- archives ------------------------------------------------------------------------------ */

struct bytes {
	char text[8192];
	size_t size;
};

static void pad(struct bytes *bytes)
{
	while (bytes->size % 4)
		bytes->text[bytes->size++] = 0;
}

static void add_entry(struct bytes *bytes, const char *name, unsigned mode, const char *data)
{
	bytes->size +=
		(size_t)sprintf(bytes->text + bytes->size,
				"070701%08X%08X%08X%08X%08X%08X%08zX%08X%08X%08X%08X%08zX%08X", 1,
				mode, 0, 0, 1, 0, strlen(data), 0, 0, 0, 0, strlen(name) + 1, 0);
	memcpy(bytes->text + bytes->size, name, strlen(name) + 1);
	bytes->size += strlen(name) + 1;
	pad(bytes);
	memcpy(bytes->text + bytes->size, data, strlen(data));
	bytes->size += strlen(data);
	pad(bytes);
}

static void add_archive(struct bytes *bytes, const char *path, const char *data)
{
	add_entry(bytes, "lib", 040755, "");
	add_entry(bytes, path, 0100644, data);
	add_entry(bytes, "empty", 0100644, "");
	add_entry(bytes, "TRAILER!!!", 0, "");
}

static int note_module(const char *path, const char sha256[DIGEST_TEXT_SIZE], void *user)
{
	(void)user;
	return fact_list_add(&found, "m", path, sha256);
}

static int read_image(void)
{
	char path[256];
	int fd, error;

	snprintf(path, sizeof(path), "%s/image", root);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	ck_assert_int_ge(fd, 0);
	fact_list_free(&found);
	error = initramfs_modules_read(process_of_machine(), fd, note_module, NULL);
	close(fd);
	fact_list_sort(&found);
	return error;
}

static void expect(const char *path, const char *data)
{
	char sha256[DIGEST_TEXT_SIZE];
	const char *value = fact_list_find(&found, "m", path);

	ck_assert_int_eq(digest_bytes(data, strlen(data), sha256), 0);
	ck_assert_msg(value && strcmp(value, sha256) == 0, "%s is %s", path, value ? value : "-");
}

static void write_archives(void)
{
	struct bytes early = { .size = 0 }, main = { .size = 0 };

	add_archive(&early, "kernel/x86/microcode/x.ko.gz", "early");
	memset(early.text + early.size, 0, 512 - early.size % 512);
	early.size += 512 - early.size % 512;
	add_archive(&main, "usr/lib/modules/6.1/acme_sensor.ko", "acme");
	scratch_write("early", early.text, early.size);
	scratch_write("main", main.text, main.size);
}

START_TEST(r10_modules_of_plain_archives)
{
	write_archives();
	ck_assert(shell("cat early main early >image"));
	ck_assert_int_eq(read_image(), 0);
	ck_assert_uint_eq(found.count, 2);
	expect("kernel/x86/microcode/x.ko.gz", "early");
	expect("usr/lib/modules/6.1/acme_sensor.ko", "acme");
}
END_TEST

/* Each way of packing of which the program is there; gzip is on every machine. */
START_TEST(r10_modules_of_what_is_packed_behind_an_early_archive)
{
	static const char *const packers[] = { "gzip",	"zstd",	  "xz",
					       "bzip2", "lz4 -l", "xz --format=lzma" };

	write_archives();
	for (size_t i = 0; i < sizeof(packers) / sizeof(packers[0]); i++) {
		char text[128];

		snprintf(text, sizeof(text), "{ cat early; %s -c <main; } >image", packers[i]);
		if (!shell(text) && i > 0)
			continue;
		ck_assert_int_eq(read_image(), 0);
		ck_assert_uint_eq(found.count, 2);
		expect("usr/lib/modules/6.1/acme_sensor.ko", "acme");
	}
}
END_TEST

START_TEST(r10_a_packed_archive_alone)
{
	write_archives();
	ck_assert(shell("gzip -c <main >image; gzip -c <early >>image; head -c 300 /dev/zero "
			">>image"));
	ck_assert_int_eq(read_image(), 0);
	ck_assert_uint_eq(found.count, 2);
}
END_TEST

START_TEST(damaged_images_are_told)
{
	write_archives();
	ck_assert(shell("head -c 200 main >image"));
	ck_assert_int_eq(read_image(), -EBADMSG);
	ck_assert(shell("sed 's/^070701/0707zz/' main >image"));
	ck_assert_int_eq(read_image(), -EBADMSG);
	ck_assert(shell("{ cat early; echo not an archive; } >image"));
	ck_assert_int_eq(read_image(), -EOPNOTSUPP);
	ck_assert(shell("gzip -c <main | head -c 60 >image"));
	ck_assert_int_lt(read_image(), 0);
	ck_assert(shell("head -c 200 main | gzip -c >image"));
	ck_assert_int_eq(read_image(), -EBADMSG);
	ck_assert(shell(": >image"));
	ck_assert_int_eq(read_image(), 0);
}
END_TEST

static int refuse(const char *path, const char sha256[DIGEST_TEXT_SIZE], void *user)
{
	(void)path;
	(void)sha256;
	(void)user;
	return -E2BIG;
}

START_TEST(who_asks_may_end_it)
{
	char path[256];
	int fd;

	write_archives();
	ck_assert(shell("gzip -c <main >image"));
	snprintf(path, sizeof(path), "%s/image", root);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	ck_assert_int_eq(initramfs_modules_read(process_of_machine(), fd, refuse, NULL), -E2BIG);
	close(fd);
}
END_TEST

/* Behind the archive, without end. */
static int pour(const char *const argv[], unsigned seconds, int input,
		int (*take)(const void *bytes, size_t size, void *user), void *user,
		int *ret_status)
{
	static const char piece[1 << 20] = "no archive";
	int error = 0;

	(void)argv;
	(void)seconds;
	(void)input;
	*ret_status = 0;
	for (int i = 0; !error && i < 5000; i++)
		error = take(piece, sizeof(piece), user);
	return error;
}

START_TEST(what_is_behind_an_archive_is_limited)
{
	static const struct process_port port = { .filter = pour };
	char path[256];
	int fd;

	write_archives();
	ck_assert(shell("gzip -c <main >image"));
	snprintf(path, sizeof(path), "%s/image", root);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	ck_assert_int_eq(initramfs_modules_read(&port, fd, refuse, NULL), -EFBIG);
	close(fd);
}
END_TEST

START_TEST(r10_modules_are_facts)
{
	static const struct fact_list none = { 0 };
	const struct context context = { .root = root };
	struct fact_list facts;

	write_archives();
	ck_assert(shell("mkdir -p boot proc/sys/kernel && gzip -c <main >boot/initrd.img-6.1 &&"
			" echo 6.1 >proc/sys/kernel/osrelease"));
	ck_assert_int_eq(facts_read(&context, &none, false, &facts), 0);
	ck_assert_ptr_nonnull(fact_list_find(&facts, "initramfs", "/boot/initrd.img-6.1"));
	ck_assert_ptr_nonnull(
		fact_list_find(&facts, "initramfs-module", "usr/lib/modules/6.1/acme_sensor.ko"));
	fact_list_free(&facts);
	/* One that cannot be read is unknown, and its digest is known. */
	ck_assert(shell("echo x >boot/initrd.img-6.1"));
	ck_assert_int_eq(facts_read(&context, &none, false, &facts), 0);
	ck_assert_ptr_nonnull(fact_list_find(&facts, "initramfs", "/boot/initrd.img-6.1"));
	ck_assert_ptr_null(fact_list_find(&facts, FACT_READ, "initramfs-module"));
	fact_list_free(&facts);
}
END_TEST

/* --- the reader alone ---------------------------------------------------------------------- */

static int count_name(const char *name, uint32_t size, void *user)
{
	(void)name;
	*(unsigned *)user += size;
	return 0;
}

static int ignore_data(const void *bytes, size_t size, void *user)
{
	(void)bytes;
	(void)size;
	(void)user;
	return 0;
}

static int ignore_end(void *user)
{
	(void)user;
	return 0;
}

static enum cpio_state state_after(const struct bytes *bytes)
{
	unsigned sum = 0;
	const struct cpio_port port = {
		.begin = count_name, .data = ignore_data, .end = ignore_end, .user = &sum
	};
	struct cpio cpio = { .port = &port };
	size_t used;

	ck_assert_int_eq(cpio_feed(&cpio, bytes->text, bytes->size, &used), 0);
	ck_assert_uint_le(used, bytes->size);
	return cpio.state;
}

START_TEST(hostile_headers)
{
	struct bytes bytes = { .size = 0 };

	add_archive(&bytes, "a.ko", "data");
	ck_assert_int_eq(state_after(&bytes), CPIO_BETWEEN);
	bytes.text[6 + 8 * 6] = 'g'; /* size */
	ck_assert_int_eq(state_after(&bytes), CPIO_DAMAGED);
	memcpy(bytes.text + 6 + 8 * 6, "00000000", 8);
	memcpy(bytes.text + 6 + 8 * 11, "00001001", 8); /* name: longer than may be */
	ck_assert_int_eq(state_after(&bytes), CPIO_DAMAGED);
	memcpy(bytes.text + 6 + 8 * 11, "00000000", 8);
	ck_assert_int_eq(state_after(&bytes), CPIO_DAMAGED);
	memcpy(bytes.text + 6 + 8 * 11, "00000003", 8); /* no NUL at its end */
	ck_assert_int_eq(state_after(&bytes), CPIO_DAMAGED);
	memcpy(bytes.text + 6 + 8 * 11, "00000004", 8);
	memcpy(bytes.text + 6 + 8 * 6, "FFFFFFFF", 8); /* more than is there */
	ck_assert_int_eq(state_after(&bytes), CPIO_DATA);
}
END_TEST

Suite *suite(void)
{
	Suite *whole = suite_create("initramfs");
	TCase *images = suite_case(whole, "images", 60);

	tcase_add_checked_fixture(images, set_up, tear_down);
	tcase_add_test(images, r10_modules_of_plain_archives);
	tcase_add_test(images, r10_modules_of_what_is_packed_behind_an_early_archive);
	tcase_add_test(images, r10_a_packed_archive_alone);
	tcase_add_test(images, damaged_images_are_told);
	tcase_add_test(images, who_asks_may_end_it);
	tcase_add_test(images, what_is_behind_an_archive_is_limited);
	tcase_add_test(images, r10_modules_are_facts);
	tcase_add_test(images, hostile_headers);
	return whole;
}
