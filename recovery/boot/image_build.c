/* image_build.c: an image of this system that repairs and nothing else, made and signed
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/image_build.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recovery/boot/encrypted_disk.h"
#include "recovery/cleanup.h"
#include "recovery/digest.h"
#include "recovery/early/hold_list.h"
#include "recovery/inventory/initramfs_modules.h"
#include "recovery/machine.h"
#include "recovery/state.h"
#include "recovery/state_tables.h"
#include "recovery/system_file.h"

#define COMMAND_LINE_MAX 4096
#define STUBS		 "/usr/lib/systemd/boot/efi/"
#define SCRIPTS		 "/usr/share/initramfs-tools/scripts/"

/* --- the plan --------------------------------------------------------------------------------- */

static const struct {
	const char *architecture;
	const char *stub;
} stubs[] = {
	{ "amd64", STUBS "linuxx64.efi.stub" },
	{ "aarch64", STUBS "linuxaa64.efi.stub" },
};

/* A regular file below the root, and where it is. */
static int find(const struct context *context, const char *name, char ret_path[PATH_MAX],
		struct stat *ret_about)
{
	owned_descriptor int fd = system_open(context, name, O_RDONLY | O_NONBLOCK);

	if (fd < 0)
		return fd;
	if (fstat(fd, ret_about) < 0)
		return -errno;
	return S_ISREG(ret_about->st_mode) ? system_path(context, name, ret_path) : -EBADMSG;
}

static int find_stub(const struct context *context, const char *architecture,
		     struct image_plan *plan)
{
	struct stat about;

	for (size_t i = 0; i < sizeof(stubs) / sizeof(stubs[0]); i++)
		if (strcmp(stubs[i].architecture, architecture) == 0)
			return find(context, stubs[i].stub, plan->stub, &about) ? -ENODEV : 0;
	return -ENODEV;
}

/* PE/COFF: the stub starts nothing else. */
static int expect_program(const char *path)
{
	owned_descriptor int fd = open(path, O_RDONLY | O_CLOEXEC);
	char head[2];

	if (fd < 0)
		return -errno;
	return read(fd, head, sizeof(head)) == sizeof(head) &&
			       memcmp(head, "MZ", sizeof(head)) == 0 ?
		       0 :
		       -EBADMSG;
}

static int find_kernel(const struct context *context, struct image_plan *plan)
{
	char name[sizeof("/boot/vmlinuz-") + KERNEL_RELEASE_SIZE];
	struct stat about;
	int error;

	snprintf(name, sizeof(name), "/boot/vmlinuz-%s", plan->release);
	error = find(context, name, plan->kernel, &about);
	return error ? error : expect_program(plan->kernel);
}

static int find_initramfs(const struct context *context, struct image_plan *plan)
{
	char name[sizeof("/boot/initrd.img-") + KERNEL_RELEASE_SIZE];
	struct stat about;
	int error;

	snprintf(name, sizeof(name), "/boot/initrd.img-%s", plan->release);
	error = find(context, name, plan->initramfs, &about);
	if (error)
		return error;
	plan->secret = encrypted_disk_is_below(context, about.st_dev);
	plan->sealed = encrypted_disk_may_be_sealed(context);
	return 0;
}

/* What has to lie in the initramfs, as it lies in the system: the tool, and what runs it and ends the start behind it. */
static const struct {
	const char *inside, *installed;
} programs[] = {
	{ "usr/lib/daruma/daruma", "/usr/bin/daruma" },
	{ "usr/lib/daruma/daruma-rescue", "/usr/lib/daruma/daruma-rescue" },
	{ "usr/lib/daruma/daruma-initramfs", "/usr/lib/daruma/daruma-initramfs" },
	{ "scripts/init-top/daruma", SCRIPTS "init-top/daruma" },
	{ "scripts/local-bottom/daruma", SCRIPTS "local-bottom/daruma" },
	{ "scripts/init-bottom/daruma", SCRIPTS "init-bottom/daruma" },
};

#define PROGRAMS (sizeof(programs) / sizeof(programs[0]))

static size_t find_program(const char *path)
{
	size_t i = 0;

	while (i < PROGRAMS && strcmp(programs[i].inside, path) != 0)
		i++;
	return i;
}

static bool is_program(const char *path)
{
	return find_program(path) < PROGRAMS;
}

struct looking {
	const struct context *context;
	bool same[PROGRAMS];
};

static int compare(const char *path, const char sha256[DIGEST_TEXT_SIZE], void *user)
{
	struct looking *looking = user;
	size_t i = find_program(path);
	char installed[DIGEST_TEXT_SIZE];
	owned_descriptor int fd =
		system_open(looking->context, programs[i].installed, O_RDONLY | O_NONBLOCK);

	looking->same[i] =
		fd >= 0 && digest_file(fd, installed) == 0 && strcmp(installed, sha256) == 0;
	return 0;
}

/* Its stamp says what the last one was made with that had our hook. */
static int look_into(const struct context *context, const struct process_port *processes,
		     struct image_plan *plan)
{
	struct looking looking = { .context = context };
	owned_descriptor int fd = open(plan->initramfs, O_RDONLY | O_CLOEXEC);
	int error = fd < 0 ? -errno :
			     initramfs_files_read(processes, fd, is_program, compare, &looking);

	for (size_t i = 0; i < PROGRAMS; i++)
		plan->foreign |= !looking.same[i];
	return error;
}

static int find_os_release(const struct context *context, struct image_plan *plan)
{
	struct stat about;

	return find(context, "/etc/os-release", plan->os_release, &about) == 0 ?
		       0 :
		       find(context, "/usr/lib/os-release", plan->os_release, &about);
}

static int compose(const struct context *context, struct image_plan *plan)
{
	owned struct hold_list *list = calloc(1, sizeof(*list));
	owned char *line = NULL;
	char path[PATH_MAX];
	size_t length;
	int error = list ? system_read(context, "/proc/cmdline", COMMAND_LINE_MAX, &line, &length) :
			   -ENOMEM;

	if (!error)
		error = system_path(context, HOLD_LIST_FILE, path);
	if (!error)
		error = hold_list_read(list, path);
	if (error && error != -ENOENT)
		return error;
	if (line && (strstr(line, "root=/dev/nfs") || strstr(line, "boot=nfs")))
		error = -EINVAL;
	else
		error = line ? kernel_options_compose_image(line, list, plan->line,
							    &plan->left_out) :
			       -ENOENT;
	hold_list_free(list);
	return error;
}

int image_plan_make(const struct context *context, const struct process_port *processes,
		    struct image_plan *ret, const char **ret_what)
{
	static const struct {
		int (*find)(const struct context *context, struct image_plan *plan);
		const char *what;
	} parts[] = {
		{ find_kernel, "the running kernel in /boot" },
		{ find_initramfs, "its initramfs in /boot" },
		{ find_os_release, "os-release" },
		{ compose, "the command line of the running kernel" },
	};
	struct machine machine;
	int error;

	memset(ret, 0, sizeof(*ret));
	machine_describe(context, &machine);
	if (kernel_floor_is_release(machine.kernel))
		snprintf(ret->release, sizeof(ret->release), "%s", machine.kernel);
	*ret_what = "systemd's stub for unified images (package systemd-boot-efi)";
	error = find_stub(context, machine.arch, ret);
	for (size_t i = 0; !error && i < sizeof(parts) / sizeof(parts[0]); i++) {
		*ret_what = parts[i].what;
		error = parts[i].find(context, ret);
	}
	if (!error) {
		*ret_what = "what is in its initramfs";
		error = look_into(context, processes, ret);
	}
	return error;
}

/* --- building --------------------------------------------------------------------------------- */

enum file {
	COMMAND_LINE,
	RELEASE,
	STATE,
	UNSIGNED,
	SIGNED,
	FILES,
};

static const char *const names[FILES] = { "cmdline", "uname", "state", "unsigned.efi",
					  "signed.efi" };

struct work {
	char folder[PATH_MAX];
	char paths[FILES][PATH_MAX + 16];
};

static void remove_folder(const struct work *work)
{
	for (int i = 0; i < FILES; i++)
		unlink(work->paths[i]);
	rmdir(work->folder);
}

static int make_folder(const struct context *context, struct work *work)
{
	char folder[PATH_MAX];
	int error = system_path(context, STATE_FOLDER "/image", folder);

	if (error)
		return error;
	memcpy(work->folder, folder, sizeof(folder));
	for (int i = 0; i < FILES; i++)
		snprintf(work->paths[i], sizeof(work->paths[i]), "%s/%s", folder, names[i]);
	/* What a power cut left. */
	remove_folder(work);
	return mkdir(work->folder, 0700) < 0 ? -errno : 0;
}

static int write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "wxe");
	int error;

	if (!file)
		return -errno;
	error = fputs(text, file) < 0 ? -EIO : 0;
	if (fclose(file) != 0 && !error)
		error = -errno;
	return error;
}

static int make_files(const struct context *context, const struct image_plan *plan,
		      struct work *work)
{
	char state[UNIFIED_STATE_SIZE];
	int error = make_folder(context, work);

	if (error)
		return error;
	unified_image_state_text(state_tables_version(), state);
	error = write_text(work->paths[COMMAND_LINE], plan->line);
	if (!error)
		error = write_text(work->paths[RELEASE], plan->release);
	if (!error)
		error = write_text(work->paths[STATE], state);
	if (error)
		remove_folder(work);
	return error;
}

/* That it is what was wanted; objcopy has been known to lose sections. */
static int read_image(const char *path, const struct image_plan *plan, bool is_signed,
		      struct unified_image *ret)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int error = fd < 0 ? -errno : unified_image_read(fd, ret);

	if (fd < 0)
		return error;
	if (!error && (!ret->repairs || strcmp(ret->release, plan->release) != 0 ||
		       (is_signed && !ret->signatures))) {
		unified_image_free(ret);
		error = -EBADMSG;
	}
	if (!error)
		return fd;
	close(fd);
	return error;
}

static int build_in(const struct work *work, const struct process_port *processes,
		    const struct image_plan *plan, const char *key, const char *certificate,
		    struct unified_image *ret_image, enum image_build_step *step)
{
	const char *const parts[UNIFIED_PARTS] = {
		[UNIFIED_OS_RELEASE] = plan->os_release,
		[UNIFIED_RELEASE] = work->paths[RELEASE],
		[UNIFIED_STATE] = work->paths[STATE],
		[UNIFIED_COMMAND_LINE] = work->paths[COMMAND_LINE],
		[UNIFIED_INITRAMFS] = plan->initramfs,
		[UNIFIED_KERNEL] = plan->kernel,
	};
	int error;

	*step = IMAGE_BUILD_COPY;
	error = unified_image_build(processes, plan->stub, parts, work->paths[UNSIGNED]);
	if (!error && key) {
		*step = IMAGE_BUILD_SIGN;
		error = unified_image_sign(processes, key, certificate, work->paths[UNSIGNED],
					   work->paths[SIGNED]);
	}
	if (error)
		return error;
	*step = IMAGE_BUILD_READ;
	return read_image(work->paths[key ? SIGNED : UNSIGNED], plan, key, ret_image);
}

int image_build(const struct context *context, const struct process_port *processes,
		const struct image_plan *plan, const char *key, const char *certificate,
		struct unified_image *ret_image, enum image_build_step *ret_step)
{
	struct work work;
	int result;

	*ret_step = IMAGE_BUILD_FILES;
	result = make_files(context, plan, &work);
	if (result)
		return result;
	result = build_in(&work, processes, plan, key, certificate, ret_image, ret_step);
	remove_folder(&work);
	return result;
}
