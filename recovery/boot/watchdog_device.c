/* watchdog_device.c: the hardware watchdog, as Linux has it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/watchdog_device.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "recovery/cleanup.h"
#include "recovery/system_file.h"

#define CLASS	   "/sys/class/watchdog"
#define PARAMETERS "/sys/module/watchdog/parameters"
#define SMALL_FILE 4096

/* Of what the stage arms (enum daruma_watchdog). drivers/watchdog/wdat_wdt.c and iTCO_wdt.c set WDOG_HW_RUNNING in their
 * probe functions where the hardware runs. */
static const char *const adopters[] = { "wdat_wdt", "iTCO_wdt" };

static bool does_adopt(const char *driver)
{
	for (size_t i = 0; i < sizeof(adopters) / sizeof(adopters[0]); i++)
		if (strcmp(adopters[i], driver) == 0)
			return true;
	return false;
}

/* The last part of the link `name`, "" where there is none or it does not fit. */
static void read_link_name(const struct context *context, const char *name, char *ret, size_t size)
{
	char path[PATH_MAX], target[PATH_MAX];
	const char *last;
	ssize_t length;

	ret[0] = '\0';
	if (system_path(context, name, path) != 0)
		return;
	length = readlink(path, target, sizeof(target) - 1);
	if (length <= 0)
		return;
	target[length] = '\0';
	last = strrchr(target, '/');
	last = last ? last + 1 : target;
	if (strlen(last) < size)
		strcpy(ret, last);
}

/* Whether the first line of the file is `line`. */
static bool says(const struct context *context, const char *name, const char *line)
{
	owned char *text = NULL;
	size_t length;

	if (system_read(context, name, SMALL_FILE, &text, &length) != 0)
		return false;
	text[strcspn(text, "\n")] = '\0';
	return strcmp(text, line) == 0;
}

/* The core pings what no program has opened, unless it was told otherwise (watchdog_dev.c), or the driver has no time to
 * ping within. */
static bool is_pinged(const struct context *context, const char *timeout)
{
	return says(context, PARAMETERS "/handle_boot_enabled", "Y") &&
	       says(context, PARAMETERS "/open_timeout", "0") && system_exists(context, timeout) &&
	       !says(context, timeout, "0");
}

static void describe(const struct context *context, const char *name, struct watchdog_device *ret)
{
	char path[PATH_MAX];

	*ret = (struct watchdog_device){ .adopts = false };
	snprintf(ret->name, sizeof(ret->name), "%.31s", name);
	snprintf(path, sizeof(path), CLASS "/%s/device/driver", ret->name);
	read_link_name(context, path, ret->driver, sizeof(ret->driver));
	snprintf(path, sizeof(path), CLASS "/%s/timeout", ret->name);
	ret->adopts = does_adopt(ret->driver) && is_pinged(context, path);
	snprintf(path, sizeof(path), CLASS "/%s/nowayout", ret->name);
	ret->no_way_out = says(context, path, "1");
}

/* "watchdog" and a number. */
static bool is_device(const char *name)
{
	const char *number = name + strlen("watchdog");

	return strncmp(name, "watchdog", strlen("watchdog")) == 0 && number[0] &&
	       strspn(number, "0123456789") == strlen(number) && strlen(name) < 32;
}

int watchdog_device_find(const struct context *context, struct watchdog_device *ret)
{
	char path[PATH_MAX];
	struct dirent *entry;
	bool found = false;
	int error = system_path(context, CLASS, path);
	DIR *folder = error ? NULL : opendir(path);

	if (!folder)
		return error ? error : -errno;
	while ((entry = readdir(folder))) {
		struct watchdog_device device;

		if (!is_device(entry->d_name))
			continue;
		describe(context, entry->d_name, &device);
		/* Which one the folder lists first is chance. */
		if (!found || device.adopts > ret->adopts ||
		    (device.adopts == ret->adopts && strcmp(device.name, ret->name) < 0))
			*ret = device;
		found = true;
	}
	closedir(folder);
	return found ? 0 : -ENOENT;
}

int watchdog_device_release(const struct context *context, const struct watchdog_device *device)
{
	char name[64];
	owned_descriptor int fd = -1;

	/* To open it would end the kernel's pings, and to close it would not stop it. */
	if (device->no_way_out)
		return 0;
	snprintf(name, sizeof(name), "/dev/%s", device->name);
	fd = system_open(context, name, O_WRONLY | O_NOFOLLOW);
	if (fd < 0)
		return fd == -EBUSY ? 0 : fd;
	return write(fd, "V", 1) == 1 ? 1 : -errno;
}
