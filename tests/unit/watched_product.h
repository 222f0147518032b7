/* watched_product.h: a product of which generations are taken, and what has changed since
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The product is Acme of product_tree.h, as product_tree_make_in_memory() makes it. What must succeed fails the test.
 */
#ifndef DARUMA_TESTS_WATCHED_PRODUCT_H
#define DARUMA_TESTS_WATCHED_PRODUCT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "tests/unit/product_tree.h"

extern struct product_tree watched;

/* Makes the product and its state; a fixture of Check. */
void watched_set_up(void);
void watched_tear_down(void);

/* What generation.h does. `watched_take` gives the number of the generation. */
int64_t watched_take(const char *cause);
bool watched_differs(void);
size_t watched_count_changes(void);

/* Fails the test unless there is one change, of Acme. `how`: 'a'dded, 'm'odified or 'r'emoved; `set`: the content set,
 * empty for what belongs to none. */
void watched_expect_change(char how, const char *kind, const char *path, const char *set);

/* Files of the product's system. The times set are those of access and modification in `like`. */
void watched_path(const char *path, char ret[4096]);
void watched_set_time(const char *path, const struct stat *like);

#endif
