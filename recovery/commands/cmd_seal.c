/* cmd_seal.c: daruma seal: lets no more kernel modules in; called by daruma-seal.service once the safe profile is up
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <time.h>
#include <unistd.h>

#include "recovery/boot/this_boot.h"
#include "recovery/cleanup.h"
#include "recovery/commands/commands.h"
#include "recovery/message.h"
#include "recovery/system_file.h"

/* One-way until the next start: Linux Documentation/admin-guide/sysctl/kernel.rst. */
#define LATCH "/proc/sys/kernel/modules_disabled"
/* systemd-udevd keeps it while events are open (libudev, udev_queue_get_queue_is_empty). */
#define UDEV_BUSY    "/run/udev/queue"
#define UDEV_SECONDS 20
#define STEP_NS	     200000000 /* between two looks at it */

/* Drivers of this machine's own devices still load: the network card of the remote login may be one of them. */
static void wait_for_udev(const struct context *context)
{
	const struct timespec step = { .tv_nsec = STEP_NS };
	char path[PATH_MAX];

	if (system_path(context, UDEV_BUSY, path) != 0)
		return;
	for (long left = UDEV_SECONDS * (1000000000L / STEP_NS); left > 0; left--) {
		if (access(path, F_OK) != 0)
			return;
		nanosleep(&step, NULL);
	}
}

/* -EOPNOTSUPP: this kernel has no modules. */
static int close_latch(const struct context *context)
{
	owned_descriptor int fd = system_open(context, LATCH, O_WRONLY);

	if (fd < 0)
		return fd == -ENOENT ? -EOPNOTSUPP : fd;
	return write(fd, "1\n", 2) == 2 ? 0 : -errno;
}

int cmd_seal(const struct context *context, int argc, char *argv[])
{
	struct this_boot boot;
	int error = this_boot_read(context, NULL, &boot);

	(void)argc;
	(void)argv;
	if (error || this_boot_is_ordinary_rung(&boot)) {
		message_notice(context, "nothing is done: %s",
			       error ? this_boot_problem(error) : "this is not the safe profile");
		return EXIT_DONE;
	}
	if (context->dry_run) {
		message_notice(context, "would let no more kernel modules in");
		return EXIT_DONE;
	}
	wait_for_udev(context);
	error = close_latch(context);
	if (error == -EOPNOTSUPP)
		return EXIT_DONE;
	if (error)
		return message_cannot(context, error, "keep more kernel modules out");
	message_notice(context, "no more kernel modules are let in until the next start");
	return EXIT_DONE;
}
