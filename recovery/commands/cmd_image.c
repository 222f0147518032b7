/* cmd_image.c: daruma image [FILE|none]: has safe and rescue starts be of a signed image
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "recovery/boot/esp_file.h"
#include "recovery/boot/image_build.h"
#include "recovery/boot/limits_lock.h"
#include "recovery/boot/own_variables.h"
#include "recovery/boot/safe_image.h"
#include "recovery/boot/safe_image_change.h"
#include "recovery/cleanup.h"
#include "recovery/commands/commands.h"
#include "recovery/message.h"
#include "recovery/policy_file.h"
#include "recovery/process.h"
#include "recovery/state.h"
#include "recovery/state_tables.h"

/* --- where it goes ---------------------------------------------------------------------------- */

/* A new file beside it first: what is there stays whole. */
static int write_output(const char *output, int fd)
{
	char path[PATH_MAX], again[PATH_MAX], fresh[NAME_MAX + 1];
	owned_descriptor int folder = -1;
	const char *name;
	int error;

	if (strlen(output) >= sizeof(path))
		return -ENAMETOOLONG;
	strcpy(path, output);
	strcpy(again, output);
	name = basename(again);
	if (snprintf(fresh, sizeof(fresh), ".%s.%ld", name, (long)getpid()) >= (int)sizeof(fresh))
		return -ENAMETOOLONG;
	folder = open(dirname(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	error = folder < 0 ? -errno : esp_file_write(folder, fresh, fd);
	if (!error && (renameat(folder, fresh, folder, name) < 0 || fsync(folder) < 0))
		error = -errno;
	if (error && folder >= 0)
		unlinkat(folder, fresh, 0);
	return error;
}

/* The owner's word: a target that the policy names is not replaced behind its back. */
static bool is_left_open(const struct policy_file *policy)
{
	const struct daruma_limits *limits = &policy->limits;

	return (!limits->safe.path[0] || safe_image_is_target(&limits->safe)) &&
	       (!limits->rescue.path[0] || safe_image_is_target(&limits->rescue));
}

static int expect_place(const struct context *context, const struct policy_file *policy,
			const struct esp *esp, const struct unified_image *image)
{
	if (!is_left_open(policy) || !safe_image_has_place(esp))
		return message_cannot_because(
			context, -EEXIST,
			"targets.safe or targets.rescue of the policy name, or "
			"named, something else",
			"use an image");
	if (!kernel_floor_allows(policy->kernel_floor, image->release))
		return message_cannot_because(context, -EPERM,
					      "it is older than kernel_floor of the policy",
					      "use an image of the kernel %s", image->release);
	if (image->state == state_tables_version())
		return EXIT_DONE;
	return message_cannot_because(context, -EPROTO,
				      "its tool cannot read the state of this Daruma",
				      "use this image");
}

static int expect_start(const struct context *context, struct database *database,
			const struct unified_image *image)
{
	const char *why = safe_image_objection(database, own_variables(context), image);
	int code;

	if (!why || context->force)
		return EXIT_DONE;
	code = message_cannot_because(context, -ENODEV, why, "use this image");
	message_hint(
		"a safe start that is refused goes on without it; --force uses it all the same");
	return code;
}

static int put(const struct context *context, struct database *database, const struct esp *esp,
	       int fd, const struct unified_image *image)
{
	owned_descriptor int lock = limits_lock_take(context);
	int code, error = lock < 0 ? lock : safe_image_put(context, database, esp, fd, image);

	if (!error) {
		message_notice(context, "safe and rescue starts are of this image of %s",
			       image->release);
		message_notice(context, "%s",
			       safe_image_sentence(
				       safe_image_look(context, own_variables(context), NULL)));
		return EXIT_DONE;
	}
	code = message_cannot(context, error, "lay the image on %s", esp->path);
	if (error == -ENOENT)
		message_hint("daruma install puts the stage there, and the limits");
	return code;
}

static int use_here(const struct context *context, struct database *database, int fd,
		    const struct unified_image *image)
{
	char problem[POLICY_PROBLEM_SIZE];
	struct policy_file policy;
	struct esp esp;
	int code, error = policy_file_load(context, &policy, problem);

	if (error)
		return message_cannot_accept(context, error, problem, "read the policy");
	error = esp_find(context, &esp);
	if (error)
		return message_cannot(context, error, "find the EFI system partition");
	code = expect_place(context, &policy, &esp, image);
	if (!code)
		code = expect_start(context, database, image);
	if (code)
		return code;
	if (!context->dry_run)
		return put(context, database, &esp, fd, image);
	printf("would have safe and rescue starts be of this image of %s\n", image->release);
	return EXIT_DONE;
}

/* Everything is looked at before anything is changed. */
static int use(const struct context *context, int fd, const struct unified_image *image)
{
	struct database *database = NULL;
	int code, error = state_open(context, true, &database);

	if (error)
		return message_cannot(context, error, "open the state");
	code = use_here(context, database, fd, image);
	database_close(database);
	return code;
}

/* --- an image of this system ------------------------------------------------------------------ */

static void show_plan(const struct context *context, const struct image_plan *plan)
{
	message_notice(context, "the image: %s, %s, and the command line: %s", plan->kernel,
		       plan->initramfs, plan->line);
	if (plan->left_out)
		message_notice(context, "%zu names of the watch set have no room on that line",
			       plan->left_out);
	if (plan->sealed)
		message_notice(context, "a disk may be sealed to the TPM: whether it opens in this "
					"image is not known");
}

static int expect_plan(const struct context *context, const struct image_plan *plan)
{
	int code;

	if (plan->foreign) {
		code = message_cannot_because(context, -EBADMSG,
					      "its initramfs was not made with this Daruma by "
					      "initramfs-tools",
					      "make an image of %s", plan->release);
		message_hint("update-initramfs -u -k %s", plan->release);
		return code;
	}
	if (!plan->secret || context->expose_initramfs)
		return EXIT_DONE;
	code = message_cannot_because(
		context, -EPERM, "its initramfs lies on an encrypted disk, and may hold the key",
		"make an image of %s", plan->release);
	message_hint("everybody can read an image; --expose-initramfs makes it all the same");
	return code;
}

static int tell_step(const struct context *context, enum image_build_step step, int error)
{
	static const struct {
		const char *what, *missing, *failed; /* NULL: no program is run */
	} steps[] = {
		[IMAGE_BUILD_FILES] = { "write what an image is made of", NULL, NULL },
		[IMAGE_BUILD_COPY] = { "put the image together",
				       "objcopy (package binutils) is not here", "objcopy failed" },
		[IMAGE_BUILD_SIGN] = { "sign the image", "sbsign (package sbsigntool) is not here",
				       "sbsign failed" },
		[IMAGE_BUILD_READ] = { "find in the image what was put into it", NULL, NULL },
	};

	if (steps[step].missing && error == -ENOENT)
		return message_cannot_because(context, -ENODEV, steps[step].missing, "%s",
					      steps[step].what);
	if (steps[step].failed && error == -ECHILD)
		return message_cannot_because(context, error, steps[step].failed, "%s",
					      steps[step].what);
	return message_cannot(context, error, "%s", steps[step].what);
}

static int build_and_use(const struct context *context, const struct image_plan *plan)
{
	struct unified_image image;
	enum image_build_step step;
	owned_descriptor int fd = -1;
	int code, error;

	fd = image_build(context, process_of_machine(), plan, context->key, context->certificate,
			 &image, &step);
	if (fd < 0)
		return tell_step(context, step, fd);
	if (!context->output) {
		code = use(context, fd, &image);
	} else {
		error = write_output(context->output, fd);
		code = error ? message_cannot(context, error, "write %s", context->output) :
			       EXIT_DONE;
	}
	unified_image_free(&image);
	return code;
}

static int make(const struct context *context)
{
	struct image_plan plan;
	const char *what;
	int code, error;

	if (!context->key != !context->certificate)
		return message_usage("image: --key and --certificate go together");
	if (!context->key && !context->output)
		return message_usage("image: it has to be signed: --key and --certificate; or "
				     "--output, to be signed elsewhere");
	error = image_plan_make(context, process_of_machine(), &plan, &what);
	if (error)
		return message_cannot(context, error, "read %s", what);
	code = expect_plan(context, &plan);
	if (code)
		return code;
	show_plan(context, &plan);
	if (context->dry_run) {
		printf("would make this image and %s %s\n",
		       context->output ? "write it to" : "have safe and rescue starts be of",
		       context->output ? context->output : "it");
		return EXIT_DONE;
	}
	return build_and_use(context, &plan);
}

/* --- one that is there, and none -------------------------------------------------------------- */

static int use_file(const struct context *context, const char *file)
{
	owned_descriptor int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct unified_image image;
	int code, error = fd < 0 ? -errno : unified_image_read(fd, &image);

	if (error == -EBADMSG || (!error && !image.repairs)) {
		if (!error)
			unified_image_free(&image);
		return message_cannot_because(context, -EBADMSG,
					      "it is no image that 'daruma image' made", "use %s",
					      file);
	}
	if (error)
		return message_cannot(context, error, "read %s", file);
	code = use(context, fd, &image);
	unified_image_free(&image);
	return code;
}

static int drop_from(const struct context *context, struct database *database,
		     const struct esp *esp)
{
	owned_descriptor int lock = limits_lock_take(context);
	int error = lock < 0 ? lock : safe_image_drop(context, database, esp, "it was asked for");

	if (error < 0)
		return message_cannot(context, error, "take the image off %s", esp->path);
	message_notice(context, error ? "safe and rescue starts are of this system itself" :
					"there is no image");
	return EXIT_DONE;
}

static int drop(const struct context *context)
{
	struct database *database = NULL;
	struct esp esp;
	int code, error = esp_find(context, &esp);

	if (error)
		return message_cannot(context, error, "find the EFI system partition");
	if (context->dry_run) {
		puts("would have safe and rescue starts be of this system itself");
		return EXIT_DONE;
	}
	error = state_open(context, true, &database);
	if (error)
		return message_cannot(context, error, "open the state");
	code = drop_from(context, database, &esp);
	database_close(database);
	return code;
}

int cmd_image(const struct context *context, int argc, char *argv[])
{
	if (argc == 1)
		return make(context);
	if (context->key || context->certificate || context->output)
		return message_usage("image: %s: options of an image that is to be made", argv[1]);
	return strcmp(argv[1], "none") == 0 ? drop(context) : use_file(context, argv[1]);
}
