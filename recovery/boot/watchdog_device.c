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

/* Of what the stage arms. drivers/watchdog/wdat_wdt.c, iTCO_wdt.c and sbsa_gwdt.c set WDOG_HW_RUNNING in their probe functions where the
 * hardware runs; i6300esb.c and sp5100_tco.c have it stopped there. */
static const struct {
	const char *driver;
	enum daruma_watchdog kind;
	enum watchdog_habit habit;
} drivers[] = {
	{ "wdat_wdt", DARUMA_WATCHDOG_WDAT, WATCHDOG_ADOPTS },
	{ "iTCO_wdt", DARUMA_WATCHDOG_TCO, WATCHDOG_ADOPTS },
	{ "sbsa-gwdt", DARUMA_WATCHDOG_SBSA, WATCHDOG_ADOPTS },
	{ "i6300ESB timer", DARUMA_WATCHDOG_I6300ESB, WATCHDOG_STOPS },
	{ "sp5100-tco", DARUMA_WATCHDOG_FCH, WATCHDOG_STOPS },
};

static void look_up(struct watchdog_device *device)
{
	for (size_t i = 0; i < sizeof(drivers) / sizeof(drivers[0]); i++)
		if (strcmp(drivers[i].driver, device->driver) == 0) {
			device->kind = drivers[i].kind;
			device->habit = drivers[i].habit;
		}
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

/* The first line of the file, "" where there is none or it does not fit. */
static void read_line(const struct context *context, const char *name, char *ret, size_t size)
{
	owned char *text = NULL;
	size_t length;

	ret[0] = '\0';
	if (system_read(context, name, SMALL_FILE, &text, &length) != 0)
		return;
	text[strcspn(text, "\n")] = '\0';
	if (strlen(text) < size)
		strcpy(ret, text);
}

/* Whether the first line of the file is `line`. */
static bool says(const struct context *context, const char *name, const char *line)
{
	char text[32];

	read_line(context, name, text, sizeof(text));
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

	*ret = (struct watchdog_device){ .kind = DARUMA_WATCHDOG_NONE };
	snprintf(ret->name, sizeof(ret->name), "%.31s", name);
	snprintf(path, sizeof(path), CLASS "/%s/device/driver", ret->name);
	read_link_name(context, path, ret->driver, sizeof(ret->driver));
	/* Some drivers register a device of nobody's: i6300esb.c. */
	snprintf(path, sizeof(path), CLASS "/%s/identity", ret->name);
	if (!ret->driver[0])
		read_line(context, path, ret->driver, sizeof(ret->driver));
	snprintf(path, sizeof(path), CLASS "/%s/timeout", ret->name);
	look_up(ret);
	if (ret->habit == WATCHDOG_ADOPTS && !is_pinged(context, path))
		ret->habit = WATCHDOG_OTHER;
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

static int each_device(const struct context *context,
		       void (*take)(const struct watchdog_device *device, void *user), void *user)
{
	char path[PATH_MAX];
	struct dirent *entry;
	int error = system_path(context, CLASS, path);
	DIR *folder = error ? NULL : opendir(path);

	if (!folder)
		return error ? error : -errno;
	while ((entry = readdir(folder))) {
		struct watchdog_device device;

		if (!is_device(entry->d_name))
			continue;
		describe(context, entry->d_name, &device);
		take(&device, user);
	}
	closedir(folder);
	return 0;
}

/* Which one the folder lists first is chance. */
static void take_best(const struct watchdog_device *device, void *user)
{
	struct watchdog_device *best = user;

	if (!best->name[0] || device->habit > best->habit ||
	    (device->habit == best->habit && strcmp(device->name, best->name) < 0))
		*best = *device;
}

int watchdog_device_find(const struct context *context, struct watchdog_device *ret)
{
	int error;

	*ret = (struct watchdog_device){ .name = "" };
	error = each_device(context, take_best, ret);
	return error ? error : ret->name[0] ? 0 : -ENOENT;
}

struct search {
	unsigned kind;
	struct watchdog_device *found;
};

static void take_of_kind(const struct watchdog_device *device, void *user)
{
	const struct search *search = user;

	if (device->kind == search->kind)
		take_best(device, search->found);
}

int watchdog_device_find_kind(const struct context *context, unsigned kind,
			      struct watchdog_device *ret)
{
	struct search search = { .kind = kind, .found = ret };
	int error;

	*ret = (struct watchdog_device){ .name = "" };
	error = each_device(context, take_of_kind, &search);
	return error ? error : ret->name[0] ? 0 : -ENOENT;
}

static void take_kind(const struct watchdog_device *device, void *user)
{
	uint16_t *kinds = user;

	if (device->habit != WATCHDOG_OTHER)
		*kinds = (uint16_t)(*kinds | 1u << device->kind);
}

uint16_t watchdog_device_kinds(const struct context *context)
{
	uint16_t kinds = 0;

	return each_device(context, take_kind, &kinds) == 0 ? kinds : 0;
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
