/* watched_product.c: a product of which generations are taken, and what has changed since
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tests/unit/watched_product.h"

#include <fcntl.h>
#include <stdio.h>

#include "recovery/inventory/generation.h"
#include "tests/unit/suite.h"

struct product_tree watched;

void watched_set_up(void)
{
	product_tree_make_in_memory(&watched);
}

void watched_tear_down(void)
{
	product_tree_remove(&watched);
}

int64_t watched_take(const char *cause)
{
	int64_t id = 0;

	ck_assert_int_eq(generation_take(&watched.context, watched.database, &watched.products,
					 &watched.policy, cause, "b", &id),
			 0);
	return id;
}

bool watched_differs(void)
{
	bool changed = false;

	ck_assert_int_eq(
		generation_differs(&watched.context, watched.database, &watched.products, &changed),
		0);
	return changed;
}

size_t watched_count_changes(void)
{
	struct change_list changes = product_tree_changes(&watched);
	size_t count = changes.count;

	change_list_free(&changes);
	return count;
}

/* "m content /opt/... channel" of the only change there is. */
void watched_expect_change(char how, const char *kind, const char *path, const char *set)
{
	struct change_list changes = product_tree_changes(&watched);

	ck_assert_uint_eq(changes.count, 1);
	ck_assert_int_eq(changes.items[0].how, how);
	ck_assert_str_eq(changes.items[0].product, "acme");
	ck_assert_str_eq(changes.items[0].kind, kind);
	ck_assert_str_eq(changes.items[0].path, path);
	ck_assert_str_eq(changes.items[0].set_name, set);
	ck_assert((changes.items[0].before_sha256 == NULL) == (how == 'a'));
	ck_assert((changes.items[0].after_sha256 == NULL) == (how == 'r'));
	change_list_free(&changes);
}

void watched_path(const char *path, char ret[4096])
{
	tree_path(&watched, path, ret);
}

void watched_set_time(const char *path, const struct stat *like)
{
	const struct timespec times[2] = { like->st_atim, like->st_mtim };
	char whole[4096];

	watched_path(path, whole);
	ck_assert_int_eq(utimensat(AT_FDCWD, whole, times, 0), 0);
}
