/* kernel_copy.c: the kernel of the last good boot and its initramfs, where the firmware stage can start them by itself
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/kernel_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recovery/boot/boot_loader.h"
#include "recovery/boot/copy_slot.h"
#include "recovery/boot/encrypted_disk.h"
#include "recovery/boot/esp_file.h"
#include "recovery/boot/kernel_options.h"
#include "recovery/boot/kernel_target.h"
#include "recovery/boot/limits_file.h"
#include "recovery/cleanup.h"
#include "recovery/early/hold_list.h"
#include "recovery/event.h"
#include "recovery/initramfs_image.h"
#include "recovery/machine.h"
#include "recovery/state.h"
#include "recovery/system_file.h"

#define SOURCE_KEY	 "kernel_copy.source" /* setting: what both files were then, see describe() */
#define COMMAND_LINE_MAX 4096
#define TEXT_SIZE	 256

/* All that is asked of one look. */
struct look {
	const struct context *context;
	struct database *database;
	const struct policy_file *policy;
	int64_t started;
	struct esp esp;
	struct daruma_limits limits;
	char kernel[KERNEL_RELEASE_SIZE];
	int files[2]; /* kernel and initramfs, open; -1 */
	struct stat about[2];
	char source[TEXT_SIZE];	     /* what they are now */
	struct daruma_target target; /* of the slot that is to be named */
	enum copy_slot slot;
	size_t left_out;
};

/* --- the files in /boot --------------------------------------------------------------------------- */

static int open_file(const struct context *context, const char *what, const char *kernel,
		     struct stat *ret)
{
	char path[sizeof("/boot/initrd.img-") + KERNEL_RELEASE_SIZE];
	int fd;

	snprintf(path, sizeof(path), "/boot/%s-%s", what, kernel);
	fd = system_open(context, path, O_RDONLY | O_NONBLOCK);
	if (fd >= 0 && (fstat(fd, ret) < 0 || !S_ISREG(ret->st_mode))) {
		close(fd);
		return -EBADMSG;
	}
	return fd;
}

static bool open_files(struct look *look)
{
	look->files[0] = open_file(look->context, "vmlinuz", look->kernel, &look->about[0]);
	look->files[1] = open_file(look->context, "initrd.img", look->kernel, &look->about[1]);
	return look->files[0] >= 0 && look->files[1] >= 0;
}

/* What another copy of them would not differ in. */
static void describe(struct look *look)
{
	int used = snprintf(look->source, sizeof(look->source), "%s", look->kernel);

	for (int i = 0; i < 2; i++)
		used += snprintf(look->source + used, sizeof(look->source) - (size_t)used,
				 " %ju-%ju-%jd.%09ld", (uintmax_t)look->about[i].st_ino,
				 (uintmax_t)look->about[i].st_size,
				 (intmax_t)look->about[i].st_ctim.tv_sec,
				 look->about[i].st_ctim.tv_nsec);
}

static bool changed_since(const struct look *look)
{
	return look->about[0].st_ctim.tv_sec >= look->started ||
	       look->about[1].st_ctim.tv_sec >= look->started;
}

static bool has_room(const struct look *look, uint64_t room)
{
	uint64_t kernel = (uint64_t)look->about[0].st_size,
		 initrd = (uint64_t)look->about[1].st_size;

	return kernel < room && initrd < room && kernel + initrd + KERNEL_COPY_RESERVE <= room;
}

/* What the present copy takes up can be given back first. */
static bool fits(const struct look *look)
{
	enum copy_slot named;
	uint64_t room = 0, back = 0;

	if (copy_slot_of(look->limits.rescue.path, &named))
		back = copy_slot_size(&look->esp, named);
	return esp_file_free_room(&look->esp, &room) == 0 && has_room(look, room + back);
}

/* PE/COFF: the firmware starts nothing else; some architectures have theirs compressed. */
static bool is_program(const struct look *look)
{
	char head[2];

	return pread(look->files[0], head, sizeof(head), 0) == sizeof(head) &&
	       memcmp(head, "MZ", sizeof(head)) == 0;
}

/* The initramfs may hold the key of the disk that it lies on. */
static bool is_secret(const struct look *look)
{
	return look->policy->kernel_copy == POLICY_KERNEL_COPY_AUTO &&
	       encrypted_disk_is_below(look->context, look->about[1].st_dev);
}

/* --- the target ----------------------------------------------------------------------------------- */

static int compose(struct look *look)
{
	owned struct hold_list *list = calloc(1, sizeof(*list));
	owned char *line = NULL;
	char path[PATH_MAX];
	size_t length;
	int error = list ? system_read(look->context, "/proc/cmdline", COMMAND_LINE_MAX, &line,
				       &length) :
			   -ENOMEM;

	if (!error)
		error = system_path(look->context, HOLD_LIST_FILE, path);
	if (!error)
		error = hold_list_read(list, path);
	if (error && error != -ENOENT)
		return error;
	snprintf(look->target.path, sizeof(look->target.path), "%s", copy_slot_program(look->slot));
	error = kernel_options_compose(line ? line : "", copy_slot_initrd(look->slot), list,
				       look->target.options, &look->left_out);
	hold_list_free(list);
	return error;
}

/* Whether the limits name a copy of just these files. */
static bool is_kept(struct look *look)
{
	owned char *source = NULL;

	if (!copy_slot_of(look->limits.rescue.path, &look->slot) ||
	    state_get_text(look->database, SOURCE_KEY, &source) != 0 || !source)
		return false;
	return strcmp(source, look->source) == 0 &&
	       copy_slot_holds(&look->esp, look->slot, (uint64_t)look->about[0].st_size,
			       (uint64_t)look->about[1].st_size);
}

/* --- the look ------------------------------------------------------------------------------------- */

static enum kernel_copy_state judge_files(struct look *look)
{
	if (!kernel_floor_is_release(look->kernel) || !open_files(look))
		return KERNEL_COPY_NO_FILES;
	if (is_secret(look))
		return KERNEL_COPY_ENCRYPTED;
	if (!is_program(look))
		return KERNEL_COPY_NO_PROGRAM;
	describe(look);
	if (is_kept(look))
		return compose(look) == 0 ? KERNEL_COPY_KEPT : KERNEL_COPY_LINE;
	if (changed_since(look))
		return KERNEL_COPY_CHANGED;
	if (!initramfs_image_has_programs(look->context, look->kernel))
		return KERNEL_COPY_FOREIGN;
	/* Not the one that is in use. */
	look->slot = strcmp(look->limits.rescue.path, copy_slot_program(COPY_SLOT_A)) == 0 ?
			     COPY_SLOT_B :
			     COPY_SLOT_A;
	if (compose(look) != 0)
		return KERNEL_COPY_LINE;
	return fits(look) ? KERNEL_COPY_DUE : KERNEL_COPY_NO_ROOM;
}

static enum kernel_copy_state judge(struct look *look)
{
	struct machine machine;

	machine_describe(look->context, &machine);
	snprintf(look->kernel, sizeof(look->kernel), "%s", machine.kernel);
	if (look->policy->kernel_copy == POLICY_KERNEL_COPY_NONE)
		return KERNEL_COPY_UNWANTED;
	if (kernel_target_is_unwanted(look->policy) || !kernel_target_is_free(&look->limits.rescue))
		return KERNEL_COPY_OWNED;
	if (look->policy->kernel_copy == POLICY_KERNEL_COPY_AUTO &&
	    encrypted_disk_may_be_sealed(look->context))
		return KERNEL_COPY_SEALED;
	if (!kernel_floor_allows(look->policy->kernel_floor, look->kernel))
		return KERNEL_COPY_BELOW_FLOOR;
	return judge_files(look);
}

static int begin(struct look *look)
{
	int error = esp_find(look->context, &look->esp);

	look->files[0] = look->files[1] = -1;
	return error ? error : limits_file_load(&look->esp, &look->limits) ? 0 : -ENOENT;
}

static void end(const struct look *look)
{
	for (int i = 0; i < 2; i++)
		if (look->files[i] >= 0)
			close(look->files[i]);
}

int kernel_copy_look(const struct context *context, struct database *database,
		     const struct policy_file *policy, int64_t started, struct kernel_copy *ret)
{
	struct look look = {
		.context = context, .database = database, .policy = policy, .started = started
	};
	int error = begin(&look);

	*ret = (struct kernel_copy){ .kernel = "" };
	if (error)
		return error;
	ret->state = judge(&look);
	ret->left_out = look.left_out;
	if (kernel_target_is_copy(&look.limits.rescue))
		kernel_target_release(database, ret->kernel);
	end(&look);
	return 0;
}

/* --- keeping it fresh ----------------------------------------------------------------------------- */

static void tell(const struct look *look, const char *event, const char *severity,
		 const char *kernel)
{
	struct json *details = json_new_object();

	json_add_text(details, "kernel", kernel);
	if (look->policy->kernel_floor[0])
		json_add_text(details, "floor", look->policy->kernel_floor);
	if (look->left_out)
		json_add_integer(details, "names_left_out", (int64_t)look->left_out);
	event_write(look->context, look->database, event, severity, details);
}

static int write_limits(struct look *look)
{
	int written = limits_file_write(&look->esp, &look->limits);

	return written < 0 ? written : 0;
}

/* The limits first: they never name what is not there. Returns 1 if there was one. */
static int drop(struct look *look, bool below_floor)
{
	char kernel[KERNEL_RELEASE_SIZE];
	int error;

	kernel_target_release(look->database, kernel);
	if (!kernel_target_aim(&look->limits, POLICY_KERNEL_COPY_NONE, NULL))
		return 0;
	error = write_limits(look);
	if (!error)
		error = copy_slot_clear_all(&look->esp);
	if (!error)
		error = state_set_text(look->database, KERNEL_TARGET_KEY, "");
	if (!error && below_floor)
		tell(look, "kernel.below_floor", "warning", kernel);
	return error ? error : 1;
}

/* Where there is no room for two the present one goes first. */
static int make_room(struct look *look)
{
	uint64_t room = 0;
	int error = esp_file_free_room(&look->esp, &room);

	if (error || has_room(look, room))
		return error;
	error = drop(look, false);
	if (error >= 0)
		error = esp_file_free_room(&look->esp, &room);
	return error < 0 ? error : has_room(look, room) ? 0 : -ENOSPC;
}

/* A start of the copy goes past it. */
static int remember_loader(const struct look *look)
{
	const struct boot_loader *loader;
	struct boot_loader_access access;

	boot_loader_access_of(look->context, &access);
	loader = boot_loader_here(&access);
	return state_set_text(look->database, KERNEL_TARGET_LOADER_KEY, loader ? loader->name : "");
}

static int use_copy(struct look *look)
{
	enum copy_slot other = look->slot == COPY_SLOT_A ? COPY_SLOT_B : COPY_SLOT_A;
	int error;

	/* The copying took its time, and somebody may have applied a policy. */
	if (!limits_file_load(&look->esp, &look->limits))
		return -ENOENT;
	kernel_target_aim(&look->limits, look->policy->kernel_copy, &look->target);
	if (strcmp(look->limits.rescue.path, look->target.path) != 0)
		return copy_slot_clear(&look->esp, look->slot);
	error = write_limits(look);
	if (!error)
		error = remember_loader(look);
	if (!error)
		error = state_set_text(look->database, KERNEL_TARGET_KEY, look->kernel);
	if (!error)
		error = state_set_text(look->database, SOURCE_KEY, look->source);
	if (!error)
		error = copy_slot_clear(&look->esp, other);
	if (!error)
		tell(look, "kernel.copied", "info", look->kernel);
	return error ? error : 1;
}

static int make(struct look *look)
{
	int error = make_room(look);

	if (!error)
		error = copy_slot_fill(&look->esp, look->slot, look->files[0], look->files[1]);
	return error ? error : use_copy(look);
}

/* Its command line follows the watch set, and the rungs follow the policy. */
static int refresh(struct look *look)
{
	int error;

	if (!kernel_target_aim(&look->limits, look->policy->kernel_copy, &look->target))
		return 0;
	error = write_limits(look);
	return error ? error : 1;
}

/* What the limits name no more, since a policy was applied, or what a power cut left. */
static int clear_unnamed(struct look *look)
{
	enum copy_slot named;

	if (!copy_slot_of(look->limits.rescue.path, &named))
		return copy_slot_clear_all(&look->esp);
	return copy_slot_clear(&look->esp, named == COPY_SLOT_A ? COPY_SLOT_B : COPY_SLOT_A);
}

/* No copy of this kernel can be made. One of another kernel is not that of the last good boot any more; what a start of it
 * found would be held against the kernel that is. */
static int keep_or_drop(struct look *look)
{
	char kernel[KERNEL_RELEASE_SIZE];

	kernel_target_release(look->database, kernel);
	return strcmp(kernel, look->kernel) == 0 ? 0 : drop(look, false);
}

static int follow(struct look *look)
{
	struct daruma_limits kept = look->limits;
	int error = clear_unnamed(look);

	if (error)
		return error;
	/* An older copy too may have become one that nobody wants. */
	if (kernel_target_obey(look->database, look->policy, &kept) &&
	    !kernel_target_is_copy(&kept.rescue))
		return drop(look, !kernel_target_is_unwanted(look->policy));
	switch (judge(look)) {
	case KERNEL_COPY_KEPT:
		return refresh(look);
	case KERNEL_COPY_DUE:
		return make(look);
	case KERNEL_COPY_OWNED:
		return 0;
	case KERNEL_COPY_SEALED:
	case KERNEL_COPY_ENCRYPTED:
		return drop(look, false);
	default:
		return keep_or_drop(look);
	}
}

int kernel_copy_follow(const struct context *context, struct database *database,
		       const struct policy_file *policy, int64_t started)
{
	struct look look = {
		.context = context, .database = database, .policy = policy, .started = started
	};
	int result = begin(&look);

	/* No stage, no limits: nothing is started from there. */
	if (result)
		return result == -ENOENT ? 0 : result;
	result = follow(&look);
	end(&look);
	/* An ESP that cannot be written keeps what it has. */
	return result == -EROFS ? 0 : result;
}

const char *kernel_copy_sentence(enum kernel_copy_state state)
{
	static const char *const sentences[] = {
		[KERNEL_COPY_KEPT] = "a copy of the running kernel is on the ESP",
		[KERNEL_COPY_DUE] =
			"the running kernel is copied to the ESP by the next good start",
		[KERNEL_COPY_UNWANTED] = "the policy wants no copy of the kernel",
		[KERNEL_COPY_OWNED] = "the rescue rung has a target of the owner's",
		[KERNEL_COPY_SEALED] = "no copy of the kernel: a disk may be sealed to the TPM and "
				       "not open with it (kernel_copy of the policy decides)",
		[KERNEL_COPY_BELOW_FLOOR] =
			"no copy of the kernel: it is older than kernel_floor of the policy",
		[KERNEL_COPY_NO_FILES] = "no copy of the kernel: /boot has none of its name",
		[KERNEL_COPY_ENCRYPTED] = "no copy of the kernel: its initramfs lies on an "
					  "encrypted disk and may hold "
					  "a key (kernel_copy of the policy decides)",
		[KERNEL_COPY_NO_PROGRAM] =
			"no copy of the kernel: it is no program that firmware could start",
		[KERNEL_COPY_CHANGED] = "no copy of the kernel yet: /boot changed since this start",
		[KERNEL_COPY_FOREIGN] =
			"no copy of the kernel: its initramfs was not made with this Daruma",
		[KERNEL_COPY_LINE] =
			"no copy of the kernel: its command line is too long or has quotes",
		[KERNEL_COPY_NO_ROOM] = "no copy of the kernel: the ESP has no room for it",
	};

	return sentences[state];
}
