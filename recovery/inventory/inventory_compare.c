/* inventory_compare.c: two inventories side by side
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/inventory_compare.h"

#include <string.h>

#include "recovery/inventory/unread.h"

#define NANO 1000000000

struct comparing {
	const struct inventory *before, *now;
	const struct inventory_rules *rules;
	struct change_list *changes;
};

static struct change change_of(const struct inventory_file *file, char how, int64_t time)
{
	return (struct change){
		.product = (char *)file->product,
		.kind = (char *)file->kind,
		.path = file->path,
		.set_name = (char *)file->set_name,
		.how = how,
		.time = time,
	};
}

static int enter_added(const struct comparing *comparing, const struct inventory_file *now)
{
	const struct inventory_rules *rules = comparing->rules;
	struct change change = change_of(now, 'a', now->ctime_ns / NANO);

	if (unread_covers(&comparing->before->unread, now->path))
		return 0;
	if (rules->is_new && !rules->is_new(now, rules->user))
		return 0;
	change.after_sha256 = (char *)now->sha256;
	return change_list_add(comparing->changes, &change);
}

static int enter_removed(const struct comparing *comparing, const struct inventory_file *before)
{
	const struct inventory_rules *rules = comparing->rules;
	struct change change = change_of(before, 'r', 0);

	if (unread_covers(&comparing->now->unread, before->path))
		return 0;
	if (rules->is_removed && !rules->is_removed(before, rules->user))
		return 0;
	if (rules->removal_time)
		change.time = rules->removal_time(before, rules->user);
	change.before_sha256 = (char *)before->sha256;
	return change_list_add(comparing->changes, &change);
}

static int enter_both(const struct comparing *comparing, const struct inventory_file *before,
		      const struct inventory_file *now)
{
	struct change change = change_of(now, 'm', now->ctime_ns / NANO);

	if (strcmp(before->sha256, now->sha256) == 0)
		return 0;
	change.before_sha256 = (char *)before->sha256;
	change.after_sha256 = (char *)now->sha256;
	return change_list_add(comparing->changes, &change);
}

int inventory_compare(const struct inventory *before, const struct inventory *now,
		      const struct inventory_rules *rules, struct change_list *changes)
{
	const struct comparing comparing = {
		.before = before, .now = now, .rules = rules, .changes = changes
	};
	size_t b = 0, n = 0;
	int error = 0;

	while (!error && (b < before->count || n < now->count)) {
		int order = b == before->count ? 1 :
			    n == now->count    ? -1 :
						 strcmp(before->files[b].path, now->files[n].path);

		if (order < 0)
			error = enter_removed(&comparing, &before->files[b++]);
		else if (order > 0)
			error = enter_added(&comparing, &now->files[n++]);
		else
			error = enter_both(&comparing, &before->files[b++], &now->files[n++]);
	}
	change_list_sort(changes);
	return error;
}
