/* scan.c: walking over the files of the watched products
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/scan.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "recovery/cleanup.h"
#include "recovery/inventory/module_path.h"
#include "recovery/products/watch_set.h"
#include "recovery/safe_path.h"

#define DEPTH_MOST 48

struct walk {
	const struct watched_paths *paths;
	const struct product_list *modules_of; /* only modules that these list; NULL: every file */
	int (*each)(const struct scan_file *file, void *user);
	int (*unread)(const char *path, int error, void *user);
	void *user;
	struct scan_file file; /* owner, and name while in `each` */
	char path[PATH_MAX];   /* of what is being looked at */
	int depth;
};

bool scan_error_is_of_the_file(int error)
{
	return error && error != -ENOMEM && error != -EMFILE && error != -ENFILE;
}

/* What is not there (any more), a link or another mount is no file of the product. What a product or a bad disk keeps from
 * being read is told, and ends nothing: one such file would end the survey of all products. */
static int pass_over(const struct walk *walk, int error)
{
	switch (error) {
	case -ENOENT:
	case -ENOTDIR:
	case -ELOOP:
	case -EXDEV:
	case -ENAMETOOLONG:
		return 0;
	default:
		if (!scan_error_is_of_the_file(error))
			return error;
		return walk->unread ? walk->unread(walk->path, error, walk->user) : 0;
	}
}

/* "acme-sensor.ko.xz" belongs to whoever lists acme_sensor. */
static const struct product *module_owner(const struct product_list *products, const char *name)
{
	static const char *const endings[] = { "", ".xz", ".zst", ".gz" };
	const char *end = strstr(name, ".ko");
	char module[NAME_MAX + 1];

	for (size_t i = 0; end && i < sizeof(endings) / sizeof(endings[0]); i++) {
		if (strcmp(end + 3, endings[i]) == 0 && module_path_name(name, module))
			return watch_set_module_owner(products, module);
	}
	return NULL;
}

/* Whether the file counts, and whose it is. */
static bool claim(struct walk *walk, const char *name)
{
	const struct product *owner;

	if (!walk->modules_of)
		return true;
	owner = module_owner(walk->modules_of, name);
	if (!owner || watched_path_around(walk->paths, walk->path))
		return false;
	walk->file.product = owner->id;
	return true;
}

static int visit_file(struct walk *walk, int folder, const char *name)
{
	if (!claim(walk, name))
		return 0;
	if (fstatat(folder, name, &walk->file.stat, AT_SYMLINK_NOFOLLOW) < 0)
		return pass_over(walk, -errno);
	if (!S_ISREG(walk->file.stat.st_mode))
		return 0;
	walk->file.folder = folder;
	walk->file.name = name;
	walk->file.path = walk->path;
	return walk->each(&walk->file, walk->user);
}

static int visit_folder(struct walk *walk, int folder, const char *name);

static bool is_folder(int folder, const struct dirent *entry)
{
	struct stat stat;

	if (entry->d_type != DT_UNKNOWN)
		return entry->d_type == DT_DIR;
	return fstatat(folder, entry->d_name, &stat, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISDIR(stat.st_mode);
}

static bool is_of_interest(const struct walk *walk, const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
	       strncmp(entry->d_name, SCAN_OWN_PREFIX, sizeof(SCAN_OWN_PREFIX) - 1) != 0 &&
	       (entry->d_type == DT_DIR || entry->d_type == DT_REG ||
		entry->d_type == DT_UNKNOWN) &&
	       (walk->modules_of || !watched_path_at(walk->paths, walk->path));
}

/* Everything in an open folder, which is closed at the end. What is listed by itself is left to its own turn. */
static int walk_names(struct walk *walk, int fd)
{
	size_t length = strlen(walk->path);
	DIR *names = fdopendir(fd);
	struct dirent *entry;
	int error = 0, failed;

	if (!names) {
		error = -errno;
		close(fd);
		return error;
	}
	while (!error && (errno = 0, entry = readdir(names))) {
		if (snprintf(walk->path + length, PATH_MAX - length, "/%s", entry->d_name) >=
		    (int)(PATH_MAX - length))
			continue;
		if (!is_of_interest(walk, entry))
			continue;
		error = is_folder(dirfd(names), entry) ?
				visit_folder(walk, dirfd(names), entry->d_name) :
				visit_file(walk, dirfd(names), entry->d_name);
	}
	failed = error ? 0 : -errno;
	closedir(names);
	walk->path[length] = 0;
	return failed ? pass_over(walk, failed) : error;
}

static int visit_folder(struct walk *walk, int folder, const char *name)
{
	int error, fd;

	if (walk->depth >= DEPTH_MOST)
		return 0;
	fd = safe_path_open_at(folder, name, O_RDONLY | O_DIRECTORY, false);
	if (fd < 0)
		return pass_over(walk, fd);
	walk->depth++;
	error = walk_names(walk, fd);
	walk->depth--;
	return error;
}

/* A listed file or folder. It may be a mount point itself. */
static int walk_listed(const struct context *context, struct walk *walk,
		       const struct watched_path *listed)
{
	const char *name = strrchr(listed->path, '/') + 1;
	char parent[PATH_MAX];
	owned_descriptor int folder = -1;
	struct stat stat;
	int fd;

	snprintf(parent, sizeof(parent), "%.*s", (int)(name - listed->path), listed->path);
	if (parent[1])
		parent[strlen(parent) - 1] = 0;
	walk->file.product = listed->product;
	walk->file.kind = listed->kind;
	walk->file.set_name = listed->set_name;
	walk->file.by_type = listed->by_type;
	snprintf(walk->path, sizeof(walk->path), "%s", listed->path);
	folder = safe_path_open_folder(context, parent);
	if (folder < 0)
		return pass_over(walk, folder);
	if (fstatat(folder, name, &stat, AT_SYMLINK_NOFOLLOW) < 0)
		return pass_over(walk, -errno);
	if (!S_ISDIR(stat.st_mode))
		return visit_file(walk, folder, name);
	fd = safe_path_open_at(folder, name, O_RDONLY | O_DIRECTORY, true);
	return fd < 0 ? pass_over(walk, fd) : walk_names(walk, fd);
}

static int walk_modules(const struct context *context, struct walk *walk)
{
	int fd = safe_path_open_folder(context, walk->paths->modules);

	snprintf(walk->path, sizeof(walk->path), "%s", walk->paths->modules);
	if (fd < 0)
		return pass_over(walk, fd);
	walk->file.kind = "module";
	walk->file.set_name = "";
	walk->file.by_type = false;
	return walk_names(walk, fd);
}

static bool have_modules(const struct product_list *products)
{
	for (size_t i = 0; i < products->count; i++)
		if (products->items[i].modules.count)
			return true;
	return false;
}

int scan_products(const struct context *context, const struct product_list *products,
		  const struct watched_paths *paths,
		  int (*each)(const struct scan_file *file, void *user),
		  int (*unread)(const char *path, int error, void *user), void *user)
{
	struct walk walk = { .paths = paths, .each = each, .unread = unread, .user = user };
	int error = 0;

	for (size_t i = 0; !error && i < paths->count; i++)
		if (!watched_path_is_state(&paths->items[i]))
			error = walk_listed(context, &walk, &paths->items[i]);
	if (error || !have_modules(products))
		return error;
	walk.modules_of = products;
	return walk_modules(context, &walk);
}
