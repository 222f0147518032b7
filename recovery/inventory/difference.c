/* difference.c: all that differs between two generations, or between one and the present
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/difference.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "recovery/cleanup.h"
#include "recovery/inventory/facts.h"
#include "recovery/inventory/inventory_compare.h"
#include "recovery/inventory/removal_time.h"
#include "recovery/inventory/store.h"
#include "recovery/inventory/watched_path.h"
#include "recovery/safe_path.h"

struct finding {
	const struct context *context;
	struct inventory before, after;
	struct store store;
};

/* --- types --------------------------------------------------------------------------------- */

/* Opens the regular file at `path`; no link is followed. Returns a descriptor or a negative errno. */
static int open_file(const struct context *context, const char *path)
{
	owned_descriptor int folder = -1;
	const char *slash = strrchr(path, '/');
	char parent[PATH_MAX];

	if (!slash || slash - path >= PATH_MAX)
		return -EINVAL;
	snprintf(parent, sizeof(parent), "%.*s", slash == path ? 1 : (int)(slash - path), path);
	folder = safe_path_open_folder(context, parent);
	if (folder < 0)
		return folder;
	return safe_path_open_at(folder, slash + 1, O_RDONLY | O_NONBLOCK | O_NOCTTY, false);
}

static const char *type_of_descriptor(int fd)
{
	enum file_type type;

	return fd >= 0 && file_type_of_file(fd, &type) == 0 ? file_type_name(type) : NULL;
}

/* NULL unless the file is still the one that was recorded. */
static const char *type_of_present(const struct context *context,
				   const struct inventory_file *recorded)
{
	owned_descriptor int fd = open_file(context, recorded->path);
	struct stat stat;

	if (fd < 0 || fstat(fd, &stat) < 0 || !S_ISREG(stat.st_mode) ||
	    !inventory_file_is_untouched(recorded, &stat))
		return NULL;
	return type_of_descriptor(fd);
}

static const char *type_of_copy(const struct store *store, const char *sha256)
{
	owned_descriptor int fd = store->folder >= 0 ? store_get(store, sha256) : -1;

	return type_of_descriptor(fd);
}

static const char *type_of(const struct finding *finding, const struct change *change)
{
	const struct inventory_file *recorded = inventory_find(
		change->how == 'r' ? &finding->before : &finding->after, change->path);
	const char *type = recorded ? type_of_present(finding->context, recorded) : NULL;

	return type || !recorded ? type : type_of_copy(&finding->store, recorded->sha256);
}

static int find_types(const struct finding *finding, size_t most, struct difference *difference)
{
	size_t count = difference->changes.count;

	if (most && count > most)
		count = most;
	difference->types = calloc(count + 1, sizeof(*difference->types));
	if (!difference->types)
		return -ENOMEM;
	difference->type_count = count;
	for (size_t i = 0; i < count; i++)
		difference->types[i] = type_of(finding, &difference->changes.items[i]);
	return 0;
}

/* --- both sides ---------------------------------------------------------------------------- */

static int take_present(const struct context *context, const struct product_list *products,
			const struct inventory *known, struct inventory *ret)
{
	static const struct inventory nothing = { 0 };
	const struct inventory_survey survey = { .known = context->reread ? &nothing : known };
	struct watched_paths paths = { 0 };
	int error = watched_paths_make(context, products, &paths);

	if (!error)
		error = inventory_take(context, products, &paths, &survey, ret);
	watched_paths_free(&paths);
	return error;
}

static int64_t time_of_removal(const struct inventory_file *before, void *user)
{
	return removal_time(user, before->path);
}

static int find(struct finding *finding, struct database *database,
		const struct product_list *products, int64_t from, int64_t to, size_t most,
		struct difference *difference)
{
	/* What the folders are like now says nothing of another time. */
	const struct inventory_rules all = {
		.removal_time = to ? NULL : time_of_removal,
		.user = (struct context *)finding->context,
	};
	int error = inventory_load(database, from, &finding->before);

	if (!error)
		error = to ? inventory_load(database, to, &finding->after) :
			     take_present(finding->context, products, &finding->before,
					  &finding->after);
	if (!error)
		error = inventory_compare(&finding->before, &finding->after, &all,
					  &difference->changes);
	return error ? error : find_types(finding, most, difference);
}

static int find_facts(const struct context *context, struct database *database, int64_t from,
		      int64_t to, struct difference *difference)
{
	static const struct fact_list nothing = { 0 };
	int error = fact_list_load(database, from, &difference->before_facts);

	if (!error)
		error = to ? fact_list_load(database, to, &difference->after_facts) :
			     facts_read(context,
					context->reread ? &nothing : &difference->before_facts,
					false, &difference->after_facts);
	return error ? error :
		       fact_compare(&difference->before_facts, &difference->after_facts,
				    &difference->facts, &difference->fact_count);
}

int difference_load(const struct context *context, struct database *database,
		    const struct product_list *products, const struct past_generation *from,
		    const struct past_generation *to, size_t most, struct difference *ret)
{
	struct finding finding = { .context = context, .store = { .folder = -1 } };
	struct difference difference = { .types = NULL };
	int error;

	/* Without a store there are no copies, which is no error. */
	if (store_open(context, file_port_of_system(), false, &finding.store) != 0)
		finding.store.folder = -1;
	error = find(&finding, database, products, from->id, to->id, most, &difference);
	if (!error)
		error = find_facts(context, database, from->id, to->id, &difference);
	store_close(&finding.store);
	inventory_free(&finding.before);
	inventory_free(&finding.after);
	if (error)
		difference_free(&difference);
	else
		*ret = difference;
	return error;
}

void difference_free(struct difference *difference)
{
	if (!difference)
		return;
	change_list_free(&difference->changes);
	free(difference->types);
	free(difference->facts);
	fact_list_free(&difference->before_facts);
	fact_list_free(&difference->after_facts);
	*difference = (struct difference){ .types = NULL };
}
