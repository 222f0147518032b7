/* taken_away.c: products that lost a file to the quarantine for which there was no last good copy
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/quarantine/taken_away.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "recovery/message.h"
#include "recovery/repair/reduced_mode.h"
#include "recovery/repair/switched_off.h"
#include "recovery/system_file.h"

struct finding {
	const struct context *context;
	struct text_list *products;
};

static int add_product(const struct database_row *row, void *user)
{
	struct finding *finding = user;
	const char *product = database_text(row, 0);
	char path[PATH_MAX];
	int error = system_path(finding->context, database_text(row, 1), path);

	/* An update brought another one since. */
	if (error || access(path, F_OK) == 0 || text_list_has(finding->products, product))
		return error;
	return text_list_add(finding->products, product);
}

int taken_away_find(const struct context *context, struct database *database,
		    struct text_list *ret_products)
{
	struct finding finding = { .context = context, .products = ret_products };

	if (!database)
		return 0;
	/* A change of a file that was there before ('m'), and nothing to put in its place. */
	return database_query(database, add_product, &finding,
			      "SELECT action.product,action.path FROM action JOIN change"
			      " ON change.boot_id=action.boot_id AND change.path=action.path"
			      " WHERE action.step IN ('done','purged') AND action.restores IS NULL"
			      " AND action.sha256 IS NOT NULL AND action.replaced_by IS NULL"
			      " AND change.how='m' ORDER BY action.id",
			      "");
}

int taken_away_leave_out(const struct product_list *products, const struct text_list *left_out,
			 struct product_list *ret)
{
	struct product *items = calloc(products->count + 1, sizeof(*items));

	if (!items)
		return -ENOMEM;
	*ret = (struct product_list){ .items = items };
	for (size_t i = 0; i < products->count; i++)
		if (!text_list_has(left_out, products->items[i].id))
			items[ret->count++] = products->items[i];
	return 0;
}

typedef int products_reader(struct database *database, struct text_list *ret);

/* `how`: what `read` lists of them. */
static void leave_out(const struct context *context, struct database *database,
		      products_reader *read, const char *how, struct text_list *left_out)
{
	size_t before = left_out->count;
	int error = read(database, left_out);

	if (error)
		message_cannot(context, error, "find out which products are %s", how);
	for (size_t i = before; i < left_out->count; i++)
		message_notice(context, "%s does not count in health: it is %s", left_out->items[i],
			       how);
}

int taken_away_counted(const struct context *context, struct database *database,
		       const struct product_list *products, struct product_list *ret)
{
	struct text_list left_out = { 0 };
	int error = taken_away_find(context, database, &left_out);

	if (error) {
		message_cannot(context, error, "find out which products were taken away");
		text_list_free(&left_out);
	}
	for (size_t i = 0; i < left_out.count; i++)
		message_notice(context,
			       "%s does not count in health: a file of it was taken away, and no "
			       "good copy was kept",
			       left_out.items[i]);
	leave_out(context, database, switched_off_products, "switched off", &left_out);
	/* With less of it fewer of its units may run, and what asks it how it is may be told no. */
	leave_out(context, database, reduced_mode_products, "in its reduced mode", &left_out);
	error = taken_away_leave_out(products, &left_out, ret);
	text_list_free(&left_out);
	return error;
}
