/* change_record.c: which changes a start found since the last good generation
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/change_record.h"

static int insert(struct database *database, const char *boot_id, const struct change *change)
{
	char how[] = { change->how, '\0' };

	return database_run(database,
			    "INSERT INTO change(boot_id,product,kind,path,how,before_sha256,"
			    "after_sha256,time) VALUES(?1,?2,?3,?4,?5,?6,?7,?8)",
			    "ttttttti", boot_id, change->product, change->kind, change->path, how,
			    change->before_sha256, change->after_sha256, change->time);
}

int change_store(struct database *database, const char *boot_id, const struct change_list *changes)
{
	int error = database_begin(database);

	if (error)
		return error;
	error = database_run(database, "DELETE FROM change WHERE boot_id=?1", "t", boot_id);
	for (size_t i = 0; !error && i < changes->count; i++)
		error = insert(database, boot_id, &changes->items[i]);
	if (!error)
		error = database_commit(database);
	if (error)
		database_rollback(database);
	return error;
}
