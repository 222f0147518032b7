/* package_owner.c: which packages files came with
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/products/package_owner.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "recovery/cleanup.h"
#include "recovery/line_reader.h"
#include "recovery/products/rpm.h"
#include "recovery/safe_path.h"
#include "recovery/system_file.h"

#define DPKG_INFO     "/var/lib/dpkg/info"
#define LIST_ENDING   ".list"
#define LIST_SIZE_MAX ((size_t)64 << 20)
#define RPM_MOST      64 /* each is a process of its own */

/* --- dpkg ---------------------------------------------------------------------------------- */

struct searching {
	const struct context *context;
	struct package_owner *owners;
	size_t count;
	const char *package; /* whose list is read */
};

static int compare(const void *one, const void *other)
{
	return strcmp(((const struct package_owner *)one)->path,
		      ((const struct package_owner *)other)->path);
}

static void note_owner(struct searching *searching, const char *path)
{
	const struct package_owner key = { .path = path };
	struct package_owner *owner = bsearch(&key, searching->owners, searching->count,
					      sizeof(*searching->owners), compare);

	if (owner && !owner->package[0])
		snprintf(owner->package, sizeof(owner->package), "%s", searching->package);
}

/* On merged systems a package may list /lib/x where the file is /usr/lib/x, and /opt/x where /opt is a link. */
static int take_path(const char *line, void *user)
{
	struct searching *searching = user;
	char merged[LINE_READER_MOST + 8], moved[PATH_MAX];

	note_owner(searching, line);
	if (strncmp(line, "/opt/", 5) == 0 &&
	    safe_path_canonical(searching->context, line, moved) == 0)
		note_owner(searching, moved);
	if (strncmp(line, "/lib", 4) == 0 || strncmp(line, "/bin/", 5) == 0 ||
	    strncmp(line, "/sbin/", 6) == 0) {
		snprintf(merged, sizeof(merged), "/usr%s", line);
		note_owner(searching, merged);
	}
	return 0;
}

/* "acme-sensor.list" or "libacme:amd64.list". */
static bool package_of(const char *name, char ret[PACKAGE_NAME_SIZE])
{
	size_t length = strlen(name), ending = sizeof(LIST_ENDING) - 1;

	if (length <= ending || length - ending >= PACKAGE_NAME_SIZE ||
	    strcmp(name + length - ending, LIST_ENDING) != 0)
		return false;
	snprintf(ret, PACKAGE_NAME_SIZE, "%.*s", (int)(length - ending), name);
	return package_name_is_sound(ret);
}

static int read_list(int folder, const char *name, struct searching *searching)
{
	char package[PACKAGE_NAME_SIZE];
	owned_descriptor int fd = -1;

	if (!package_of(name, package))
		return 0;
	fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT || errno == ELOOP ? 0 : -errno;
	searching->package = package;
	return line_reader_read(fd, LIST_SIZE_MAX, take_path, searching);
}

static int search_dpkg(const struct context *context, struct searching *searching)
{
	int fd = system_open(context, DPKG_INFO, O_RDONLY | O_DIRECTORY);
	struct dirent *entry;
	DIR *names;
	int error = 0;

	if (fd < 0)
		return fd == -ENOENT || fd == -ENOTDIR ? 0 : fd;
	names = fdopendir(fd);
	if (!names) {
		close(fd);
		return -ENOMEM;
	}
	while (!error && (errno = 0, entry = readdir(names)))
		error = read_list(dirfd(names), entry->d_name, searching);
	if (!error && errno)
		error = -errno;
	closedir(names);
	return error;
}

/* --- rpm ----------------------------------------------------------------------------------- */

static void ask_rpm(const struct process_port *processes, struct package_owner *owner)
{
	if (rpm_find_owner(processes, owner->path, owner->package))
		owner->manager = PACKAGE_RPM;
}

int package_owner_find(const struct context *context, const struct process_port *processes,
		       struct package_owner *owners, size_t count)
{
	struct searching searching = { .context = context, .owners = owners, .count = count };
	size_t asked = 0;
	int error;

	if (count)
		qsort(owners, count, sizeof(*owners), compare);
	error = search_dpkg(context, &searching);
	if (error || context->root[0] != '\0' || !rpm_is_here(context))
		return error;
	for (size_t i = 0; i < count && asked < RPM_MOST; i++) {
		if (owners[i].package[0])
			continue;
		ask_rpm(processes, &owners[i]);
		asked++;
	}
	return 0;
}
