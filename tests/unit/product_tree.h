/* product_tree.h: a system in a scratch folder with one watched product on it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Acme: the module acme_sensor, code in /opt/acme/bin, settings in /opt/acme/rules, and the content set "channel" in
 * /opt/acme/content with its manifest in the same folder.
 */
#ifndef DARUMA_TESTS_PRODUCT_TREE_H
#define DARUMA_TESTS_PRODUCT_TREE_H

#include <stdbool.h>
#include <sys/stat.h>

#include "recovery/context.h"
#include "recovery/database.h"
#include "recovery/inventory/generation.h"
#include "recovery/policy_file.h"
#include "recovery/products/product.h"

#define TREE_MODULE   "/usr/lib/modules/6.1.0-1/updates/acme-sensor.ko.xz"
#define TREE_CODE     "/opt/acme/bin/acmed"
#define TREE_RULES    "/opt/acme/rules/acme.conf"
#define TREE_CHANNEL  "/opt/acme/content/channel-291.bin"
#define TREE_TABLE    "/opt/acme/content/table.bin"
#define TREE_MANIFEST "/opt/acme/content/MANIFEST"

struct product_tree {
	struct context context;
	struct database *database;
	struct policy_file policy;
	struct product product;
	struct product_list products;
};

/* Makes the folder and the files, each holding "good <its path>", and opens the state. In memory where the machine has
 * /dev/shm, for tests that do this many hundred times. */
void product_tree_make(struct product_tree *tree);
void product_tree_make_in_memory(struct product_tree *tree);

/* The same folder for another process: opens the state again. */
void product_tree_open(struct product_tree *tree);
void product_tree_remove(struct product_tree *tree);

/* Takes a generation that must succeed, and gives its id. */
int64_t product_tree_good(struct product_tree *tree);

/* The changes since the last good generation. */
struct change_list product_tree_changes(struct product_tree *tree);

/* `path` is one of the system in the tree. Reading gives NULL if there is no such file. */
void tree_write(const struct product_tree *tree, const char *path, const char *text);
char *tree_read(const struct product_tree *tree, const char *path);
void tree_path(const struct product_tree *tree, const char *path, char ret[4096]);
void tree_remove_file(const struct product_tree *tree, const char *path);
struct stat tree_stat(const struct product_tree *tree, const char *path);

/* Fails the test unless the file holds `text`; NULL: unless there is none. */
void tree_expect(const struct product_tree *tree, const char *path, const char *text);
bool tree_holds(const struct product_tree *tree, const char *path, const char *text);

/* A number for names, inodes, modes, owners and bytes of everything at and below `path`, and for the times of files. */
unsigned long tree_sum(const struct product_tree *tree, const char *path);

/* The number of files below `path` whose names begin with `prefix`. */
int tree_count(const struct product_tree *tree, const char *path, const char *prefix);

/* One number from the tables; -1 if there is none. */
int64_t tree_query(const struct product_tree *tree, const char *statement);

/* A mount namespace of this test's own. False where the machine does not allow it. */
bool tree_private_mounts(void);

#endif
