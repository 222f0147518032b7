/* quarantine_scene.h: a good state of a product, the update that spoils it, and what the quarantine does about it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The product is Acme of product_tree.h. Its update changes the content set "channel" in every way (one file changed, one
 * added, one removed, the manifest changed) and the module: five changes, of which four leave an object behind.
 */
#ifndef DARUMA_TESTS_QUARANTINE_SCENE_H
#define DARUMA_TESTS_QUARANTINE_SCENE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "recovery/quarantine/file_port.h"
#include "tests/unit/product_tree.h"

#define SCENE_EXTRA  "/opt/acme/content/new/extra.bin" /* the added one */
#define SCENE_LETTER "/home/user/letter"

extern struct product_tree scene;

/* Makes the scene, with the update landed; a fixture of Check. */
void scene_set_up(void);
void scene_tear_down(void);

/* Files of the scene. Owner, mode, times and an attribute of the user's; the attributes as attributes.h tells them. */
void scene_path(const char *path, char ret[4096]);
void scene_dress(const char *path, mode_t mode, long mtime);
char *scene_attributes(const char *path);

/* Bad: as the update left them. Good: as they were before it. */
bool scene_set_is_bad(void);
bool scene_set_is_good(void);
bool scene_module_is(const char *text);
bool scene_all_is_bad(void);
bool scene_all_is_good(void);

/* R29: what belongs to nobody or to another product is what it was, down to times and inodes. */
void scene_expect_others_untouched(void);

/* The same, and no name of ours is left beside the product's, no action is open, and each object has its row. */
void scene_expect_tidy(void);

/* What quarantine.h does, with its results. `scene_entry_of`: the row of what was set aside from `path`;
 * `scene_put_all_back`: the newest first, as `daruma restore all` does; the number of entries. */
int scene_set_aside(void);
int scene_set_aside_through(const struct file_port *port);
int scene_set_path_aside(const char *path, int64_t *ret_id);
int64_t scene_entry_of(const char *path);
int scene_put_back(const char *path);
int scene_put_all_back(int *ret_count);
int scene_resume(void);

/* Sets the update aside, then loses the rows, and spoils one more file. Four objects are in folders 1 to 5, and the next
 * row is number 1 again. */
void scene_lose_actions(void);
int scene_count_objects(const char *folder);

#endif
