/* vendor_command.c: running the commands with which a product helps to repair it, which its file names
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/repair/vendor_command.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recovery/cleanup.h"
#include "recovery/message.h"
#include "recovery/safe_path.h"
#include "recovery/system_file.h"

#define CHROOT	   "/usr/sbin/chroot"
#define NSENTER	   "/usr/bin/nsenter"
#define MOUNTS_OF  "/proc/%s/ns/mnt"
#define WORDS_MORE 6 /* in front of the product's, and the NULL */

/* Neither the person who calls us nor the unit that does has a say in what runs as root. */
static const char *const environment[] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C", NULL };

static bool is_ours_alone(const struct stat *stat)
{
	return stat->st_uid == geteuid() && !(stat->st_mode & (S_IWGRP | S_IWOTH));
}

bool vendor_command_may_be_named(const struct context *context, const struct product *product)
{
	owned_descriptor int fd = -1;
	struct stat stat;

	if (!product->trusted)
		return false;
	fd = system_open(context, product->file, O_PATH);
	return fd >= 0 && fstat(fd, &stat) == 0 && S_ISREG(stat.st_mode) && is_ours_alone(&stat);
}

static int check_folder(const struct context *context, const char *path)
{
	owned_descriptor int folder = safe_path_open_folder(context, path);
	struct stat stat;

	if (folder < 0)
		return folder;
	if (fstat(folder, &stat) < 0)
		return -errno;
	return is_ours_alone(&stat) ? 0 : -EPERM;
}

/* Who may write one of them can put another one in the place of what is below it, between the look and the start. From the
 * top: what was looked at stays where it is. */
static int check_folders(const struct context *context, const char *path)
{
	char folder[PATH_MAX];
	int error = check_folder(context, "/");

	for (const char *end = strchr(path + 1, '/'); !error && end; end = strchr(end + 1, '/')) {
		snprintf(folder, sizeof(folder), "%.*s", (int)(end - path), path);
		error = check_folder(context, folder);
	}
	return error;
}

static int check_file(int folder, const char *name)
{
	struct stat stat;

	if (fstatat(folder, name, &stat, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	if (S_ISLNK(stat.st_mode))
		return -ELOOP;
	return S_ISREG(stat.st_mode) && is_ours_alone(&stat) && (stat.st_mode & S_IXUSR) ? 0 :
											   -EPERM;
}

/* A code path that is the program itself has the folder that holds it. */
static int folder_of(const struct context *context, const char *code_path, const char *program,
		     char ret[PATH_MAX])
{
	int error = safe_path_canonical(context, code_path, ret);

	char *slash = error ? NULL : strrchr(ret, '/');

	if (slash && strcmp(code_path, program) == 0)
		slash[slash == ret] = '\0';
	return error;
}

/* What was looked at is what is started: `ret_path` has no link in it. */
static int check_program(const struct context *context, const char *code_path, const char *program,
			 char ret_path[PATH_MAX])
{
	char folder[PATH_MAX];
	owned_descriptor int parent = -1;
	const char *name;
	int error = folder_of(context, code_path, program, folder);

	if (!error)
		error = safe_path_canonical(context, program, ret_path);
	if (!error)
		error = check_folders(context, ret_path);
	if (error)
		return error;
	parent = safe_path_open_parent(context, folder, ret_path, &name);
	return parent < 0 ? parent : check_file(parent, name);
}

static int stat_mounts(const char *process, struct stat *ret)
{
	char path[64];

	snprintf(path, sizeof(path), MOUNTS_OF, process);
	return stat(path, ret) < 0 ? -errno : 0;
}

/* Returns 1, 0 or a negative errno. */
static int has_other_mounts(void)
{
	struct stat ours, first;
	int error = stat_mounts("self", &ours);

	if (!error)
		error = stat_mounts("1", &first);
	return error ? error : ours.st_ino != first.st_ino || ours.st_dev != first.st_dev;
}

/* What is put in front, for where it runs. Who lifted the covers of a safe start (module_cover.h) did so for itself:
 * a product that loads its module in there must not find the bad one. */
static int add_place(const struct context *context, const char *argv[], size_t *count)
{
	static const char *const enter[] = { NSENTER, "--target", "1", "--mount", "--" };
	int other;

	if (context->root[0]) {
		argv[(*count)++] = CHROOT;
		argv[(*count)++] = context->root;
		return 0;
	}
	other = has_other_mounts();
	if (other > 0) {
		memcpy(argv, enter, sizeof(enter));
		*count = sizeof(enter) / sizeof(enter[0]);
	}
	return other < 0 ? other : 0;
}

int vendor_command_check(const struct context *context, const char *folder,
			 const struct text_list *words)
{
	char program[PATH_MAX];

	return words->count ? check_program(context, folder, words->items[0], program) : -ENOENT;
}

int vendor_command_run(const struct context *context, const struct process_port *processes,
		       const char *folder, const struct text_list *words, unsigned seconds,
		       char ret_output[VENDOR_COMMAND_OUTPUT_SIZE])
{
	owned const char **argv = calloc(words->count + WORDS_MORE, sizeof(*argv));
	char program[PATH_MAX];
	size_t count = 0;
	int error, status = 0;

	/* Where it does not end well, nobody puts a NUL behind what it printed. */
	memset(ret_output, 0, VENDOR_COMMAND_OUTPUT_SIZE);
	if (!argv)
		return -ENOMEM;
	error = words->count ? check_program(context, folder, words->items[0], program) : -ENOENT;
	if (error)
		return error;
	error = add_place(context, argv, &count);
	if (error)
		return error;
	argv[count++] = program;
	for (size_t i = 1; i < words->count; i++)
		argv[count++] = words->items[i];
	error = processes->run_with(environment, argv, seconds, ret_output,
				    VENDOR_COMMAND_OUTPUT_SIZE, &status);
	return error ? error : status == 0 ? 0 : -ECHILD;
}

const char *vendor_command_problem(int error)
{
	static const struct {
		int error;
		const char *text;
	} problems[] = {
		{ -ECHILD, "its command says that it failed" },
		{ -ETIMEDOUT, "its command did not end in time" },
		{ -ENOENT, "its program is not there" },
		{ -ELOOP, "its program is reached by a link" },
		{ -EXDEV, "its program lies on another file system than its folder" },
		{ -EPERM, "its program, or a folder on the way to it, is not root's alone" },
		{ -EOPNOTSUPP, "it names none, or in a file that others than root may write" },
	};

	for (size_t i = 0; i < sizeof(problems) / sizeof(problems[0]); i++)
		if (problems[i].error == error)
			return problems[i].text;
	return message_text(error);
}
