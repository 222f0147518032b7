/* init.c: all of user space of a tiny Linux: says what the boot note is, and ends the boot as the test wants it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Linux gives what it does not know on its command line to this program as environment:
 *
 *   id=5eed0001   the installation, as in the names of its variables
 *   task=good     answers "good", and switches off
 *   task=panic    has the kernel panic, unless the last start has ended so; then switches off
 *
 * It prints "note HEX", and "failed WHAT NUMBER" for what the kernel refuses.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "policy/answer.h"
#include "policy/names.h"
#include "policy/note.h"

#define VARIABLES  "/sys/firmware/efi/efivars"
#define VENDOR	   "8d4f2c5e-6a31-4b7e-9c0d-d1a2b3c4e5f6"
#define ATTRIBUTES 4 /* bytes in front of a variable's own, in efivarfs */
#define NV_BS_RT   7
#define MOST	   4096

static void check(int result, const char *what)
{
	if (result < 0)
		printf("failed %s %d\n", what, errno);
}

static void mount_at(const char *kind, const char *where)
{
	mkdir(where, 0755);
	check(mount(kind, where, kind, 0, NULL), where);
}

static void load_module(const char *path)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);

	check(file, path);
	check((int)syscall(SYS_finit_module, file, "", 0), path);
	close(file);
}

/* efivarfs protects a variable that is there already against being written by accident. */
static void unprotect(const char *path)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	int flags = 0;

	if (file < 0)
		return;
	check(ioctl(file, FS_IOC_SETFLAGS, &flags), path);
	close(file);
}

static void write_file(const char *path, const void *bytes, size_t size)
{
	int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	check(file, path);
	check(write(file, bytes, size) == (ssize_t)size ? 0 : -1, path);
	close(file);
}

/* Of the kind Boot or Answer. */
static const char *variable_path(const char *kind, char ret[MOST])
{
	const char *id = getenv("id");

	snprintf(ret, MOST, VARIABLES "/Daruma%s-%s-" VENDOR, kind, id ? id : "");
	return ret;
}

static void read_note(struct daruma_note *ret)
{
	char path[MOST];
	uint8_t bytes[MOST] = { 0 };
	int file = open(variable_path("Boot", path), O_RDONLY | O_CLOEXEC);
	ssize_t size = read(file, bytes, sizeof(bytes));

	check((int)size, path);
	size = size < ATTRIBUTES ? 0 : size - ATTRIBUTES;
	printf("note ");
	for (ssize_t i = 0; i < size; i++)
		printf("%02x", bytes[ATTRIBUTES + i]);
	printf("\n");
	daruma_note_decode(bytes + ATTRIBUTES, (size_t)size, ret);
	close(file);
}

static void answer_good(const struct daruma_note *note)
{
	char path[MOST];
	uint8_t bytes[ATTRIBUTES + DARUMA_ANSWER_SIZE] = { NV_BS_RT };
	struct daruma_answer answer = { .result = DARUMA_RESULT_GOOD };

	memcpy(answer.boot_id, note->boot_id, sizeof(answer.boot_id));
	daruma_answer_encode(&answer, bytes + ATTRIBUTES);
	unprotect(variable_path("Answer", path));
	write_file(path, bytes, sizeof(bytes));
}

static void panic(const struct daruma_note *note)
{
	if (note->last_ending == DARUMA_ENDING_PANIC)
		return;
	load_module("/efi-pstore.ko");
	write_file("/proc/sysrq-trigger", "c", 1);
}

int main(void)
{
	struct daruma_note note;
	const char *task = getenv("task");

	setvbuf(stdout, NULL, _IOLBF, 0);
	mount_at("proc", "/proc");
	mount_at("sysfs", "/sys");
	load_module("/efivarfs.ko");
	mount_at("efivarfs", VARIABLES);
	read_note(&note);
	if (task && strcmp(task, "good") == 0)
		answer_good(&note);
	else if (task && strcmp(task, "panic") == 0)
		panic(&note);
	reboot(RB_POWER_OFF);
	return 0;
}
