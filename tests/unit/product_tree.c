/* product_tree.c: a system in a scratch folder with one watched product on it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tests/unit/product_tree.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "recovery/state.h"
#include "tests/unit/scratch.h"

static const char *const files[] = { TREE_MODULE,  TREE_CODE,  TREE_RULES,
				     TREE_CHANNEL, TREE_TABLE, TREE_MANIFEST };

static void fill_product(struct product *product)
{
	product->id = strdup("acme");
	product->vendor = strdup("Acme");
	product->product = strdup("Acme Sensor");
	product->content_sets = calloc(1, sizeof(*product->content_sets));
	product->content_set_count = 1;
	product->content_sets[0].name = strdup("channel");
	product->content_sets[0].path = strdup("/opt/acme/content");
	product->content_sets[0].manifest = strdup(TREE_MANIFEST);
	text_list_add(&product->modules, "acme_sensor");
	text_list_add(&product->code_paths, "/opt/acme/bin");
	text_list_add(&product->content_paths, "/opt/acme/rules");
	product->trusted = true;
}

void product_tree_open(struct product_tree *tree)
{
	ck_assert_int_eq(state_open(&tree->context, true, &tree->database), 0);
}

/* The state with its tables and nothing in them. It is made once in a process and copied from then on, since making the
 * tables takes longer than all the rest of a tree. */
static struct {
	char bytes[512 << 10];
	size_t size;
} empty_state;

static void keep_empty_state(struct product_tree *tree)
{
	char path[4096];
	ssize_t size;
	int fd;

	product_tree_open(tree);
	database_close(tree->database);
	tree_path(tree, STATE_FILE, path);
	fd = open(path, O_RDONLY);
	ck_assert_int_ge(fd, 0);
	size = read(fd, empty_state.bytes, sizeof(empty_state.bytes));
	ck_assert(size > 0 && (size_t)size < sizeof(empty_state.bytes));
	close(fd);
	empty_state.size = (size_t)size;
}

static void copy_empty_state(struct product_tree *tree)
{
	char path[4096];
	int fd;

	tree_path(tree, STATE_FOLDER, path);
	ck_assert_int_eq(mkdir(path, 0700), 0);
	tree_path(tree, STATE_FILE, path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, empty_state.bytes, empty_state.size), (ssize_t)empty_state.size);
	close(fd);
}

static void fill(struct product_tree *tree, const char *root)
{
	char text[PATH_MAX];

	*tree = (struct product_tree){ .context = { .root = root } };
	policy_file_default(&tree->policy);
	fill_product(&tree->product);
	tree->products = (struct product_list){ .items = &tree->product, .count = 1 };
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(text, sizeof(text), "good %s", files[i]);
		tree_write(tree, files[i], text);
	}
	scratch_write("var/lib/.keep", "", 0);
	if (empty_state.size)
		copy_empty_state(tree);
	else
		keep_empty_state(tree);
	product_tree_open(tree);
}

void product_tree_make(struct product_tree *tree)
{
	fill(tree, scratch_make());
}

void product_tree_make_in_memory(struct product_tree *tree)
{
	static char path[80];
	struct timespec now;

	if (access("/dev/shm", W_OK) != 0) {
		product_tree_make(tree);
		return;
	}
	/* A test that failed leaves its folder, and numbers of processes come again. */
	clock_gettime(CLOCK_REALTIME, &now);
	snprintf(path, sizeof(path), "/dev/shm/daruma-unit-%d-%lld-%ld", (int)getpid(),
		 (long long)now.tv_sec, now.tv_nsec);
	scratch_use(path);
	fill(tree, path);
}

void product_tree_remove(struct product_tree *tree)
{
	database_close(tree->database);
	product_free(&tree->product);
	scratch_remove();
}

int64_t product_tree_good(struct product_tree *tree)
{
	int64_t id = 0;

	ck_assert_int_eq(generation_take(&tree->context, tree->database, &tree->products,
					 &tree->policy, "good-boot", "b", &id),
			 0);
	return id;
}

struct change_list product_tree_changes(struct product_tree *tree)
{
	struct change_list changes = { 0 };

	ck_assert_int_eq(
		generation_compare(&tree->context, tree->database, &tree->products, &changes), 0);
	return changes;
}

void tree_path(const struct product_tree *tree, const char *path, char ret[4096])
{
	snprintf(ret, 4096, "%s%s", tree->context.root, path);
}

void tree_remove_file(const struct product_tree *tree, const char *path)
{
	char whole[4096];

	tree_path(tree, path, whole);
	ck_assert_int_eq(remove(whole), 0);
}

struct stat tree_stat(const struct product_tree *tree, const char *path)
{
	struct stat stat;
	char whole[4096];

	tree_path(tree, path, whole);
	ck_assert_msg(lstat(whole, &stat) == 0, "%s: %s", path, strerror(errno));
	return stat;
}

void tree_write(const struct product_tree *tree, const char *path, const char *text)
{
	(void)tree;
	scratch_write(path + 1, text, strlen(text));
}

char *tree_read(const struct product_tree *tree, const char *path)
{
	char whole[4096], text[65536];
	ssize_t length;
	int fd;

	tree_path(tree, path, whole);
	fd = open(whole, O_RDONLY | O_NOFOLLOW | O_NOATIME);
	if (fd < 0)
		return NULL;
	length = read(fd, text, sizeof(text) - 1);
	ck_assert_int_ge(length, 0);
	close(fd);
	text[length] = 0;
	return strdup(text);
}

bool tree_holds(const struct product_tree *tree, const char *path, const char *text)
{
	char *found = tree_read(tree, path);
	bool same = text ? found && strcmp(found, text) == 0 : !found;

	free(found);
	return same;
}

void tree_expect(const struct product_tree *tree, const char *path, const char *text)
{
	char *found = tree_read(tree, path);

	ck_assert_msg(tree_holds(tree, path, text), "%s holds '%s', not '%s'", path,
		      found ? found : "(no file)", text ? text : "(no file)");
	free(found);
}

/* --- everything below a folder; nftw(3) has no argument of its own ------------------------- */

static struct {
	unsigned long sum;
	const char *prefix;
	int count;
} walk;

static void add(const void *bytes, size_t size)
{
	const unsigned char *at = bytes;

	while (size--)
		walk.sum = walk.sum * 1099511628211UL + *at++ + 1;
}

static void add_content(const char *path)
{
	char part[4096];
	ssize_t length;
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NOATIME);

	while (fd >= 0 && (length = read(fd, part, sizeof(part))) > 0)
		add(part, (size_t)length);
	if (fd >= 0)
		close(fd);
}

static int visit(const char *path, const struct stat *stat, int kind, struct FTW *place)
{
	(void)place;
	add(path, strlen(path));
	add(&stat->st_mode, sizeof(stat->st_mode));
	add(&stat->st_uid, sizeof(stat->st_uid));
	add(&stat->st_gid, sizeof(stat->st_gid));
	add(&stat->st_nlink, sizeof(stat->st_nlink));
	add(&stat->st_ino, sizeof(stat->st_ino));
	if (kind == FTW_F) {
		add(&stat->st_mtim, sizeof(stat->st_mtim));
		add_content(path);
	}
	if (walk.prefix)
		walk.count += strncmp(path + place->base, walk.prefix, strlen(walk.prefix)) == 0;
	return 0;
}

unsigned long tree_sum(const struct product_tree *tree, const char *path)
{
	char whole[4096];

	tree_path(tree, path, whole);
	walk.sum = 1469598103934665603UL;
	walk.prefix = NULL;
	nftw(whole, visit, 16, FTW_PHYS);
	return walk.sum;
}

int tree_count(const struct product_tree *tree, const char *path, const char *prefix)
{
	char whole[4096];

	tree_path(tree, path, whole);
	walk.prefix = prefix;
	walk.count = 0;
	nftw(whole, visit, 16, FTW_PHYS);
	return walk.count;
}

int64_t tree_query(const struct product_tree *tree, const char *statement)
{
	int64_t number = -1;

	ck_assert_int_eq(database_number(tree->database, &number, statement, ""), 0);
	return number;
}

bool tree_private_mounts(void)
{
	return unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}
