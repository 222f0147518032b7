/* crash_owner.c: whose module or eBPF program the report of a crash names
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/repair/crash_owner.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "recovery/inventory/program_holder.h"
#include "recovery/products/watch_set.h"

#define PROGRAM "bpf_prog_" /* crash/place.h */

/* What the holders of one program are so far. */
struct holders {
	const struct product_list *products;
	const struct product *product;
	bool strangers;
	bool unsure; /* of several products, or of nobody knows whom */
	char *text;
	size_t length;
};

/* Whole lines, as many as there is room for. */
static void add_line(struct holders *holders, const char *name)
{
	size_t length = strlen(name);

	if (strchr(name, '\n') || holders->length + length + 2 > PROGRAM_HOLDERS_SIZE)
		return;
	holders->length += (size_t)snprintf(holders->text + holders->length,
					    PROGRAM_HOLDERS_SIZE - holders->length, "%s%s",
					    holders->length ? "\n" : "", name);
}

static void add_product(struct holders *holders, const struct product *product)
{
	if (holders->product && holders->product != product)
		holders->unsure = true;
	holders->product = product;
}

static int add_holder(const struct database_row *row, void *user)
{
	struct holders *holders = user;
	const char *text = database_text(row, 0);
	const struct product *by_unit, *by_file;
	struct program_holder holder;

	if (!text || !program_holder_read(text, &holder)) {
		holders->unsure = true;
		return 0;
	}
	add_line(holders, text);
	by_unit = watch_set_unit_owner(holders->products, holder.unit);
	by_file = watch_set_executable_owner(holders->products, holder.executable);
	if (by_unit)
		add_product(holders, by_unit);
	if (by_file)
		add_product(holders, by_file);
	if (!by_unit && !by_file && holder.executable[0])
		holders->strangers = true;
	else if (!by_unit && !by_file)
		holders->unsure = true;
	return 0;
}

/* A program that came with an update is in generations that are not good yet. */
#define SINCE_LAST_GOOD " AND generation>=(SELECT COALESCE(MAX(id),0) FROM generation WHERE good=1)"

/* Tags of the programs that ?1 may mean: its own, and those of which a function has it. The end of their facts' names. */
#define PROGRAMS                                                                                   \
	"WITH wanted(tag) AS (SELECT ?1 UNION SELECT substr(name,-16) FROM fact WHERE"             \
	" kind='program' AND instr(value||' ',' '||?1||' ')>0" SINCE_LAST_GOOD ") "
#define HOLDERS "FROM fact WHERE kind='" PROGRAM_HOLDER_KIND "'" SINCE_LAST_GOOD

static int note_doubt(const struct database_row *row, void *user)
{
	(void)row;
	((struct holders *)user)->unsure = true;
	return 1;
}

static int find_holders(struct database *database, const char *program, struct holders *ret)
{
	char tag[PROGRAM_TAG_SIZE];
	int error;
	size_t mark = strlen(PROGRAM);

	if (strncmp(program, PROGRAM, mark) != 0 || !program_tag_is_at(program + mark))
		return 0;
	snprintf(tag, sizeof(tag), "%s", program + mark);
	error = database_query(database, add_holder, ret,
			       PROGRAMS "SELECT DISTINCT name " HOLDERS " AND substr(name,17,1)=' '"
					" AND substr(name,1,16) IN (SELECT tag FROM wanted)"
					" ORDER BY name",
			       "t", tag);
	/* One of several programs with the same function may be that of a process that has it open no more. */
	if (error >= 0)
		error = database_query(database, note_doubt, ret,
				       PROGRAMS
				       "SELECT tag FROM wanted WHERE tag<>?1 AND tag NOT IN"
				       " (SELECT substr(name,1,16) " HOLDERS ")",
				       "t", tag);
	return error;
}

int crash_owner_find(struct database *database, const struct product_list *products,
		     const struct crash *crash, struct crash_owner *ret)
{
	struct crash_owner owner = { .product = NULL };
	struct holders holders = { .products = products, .text = owner.holders };
	int error = 0;

	if (crash->module[0]) {
		holders.product = watch_set_module_owner(products, crash->module);
		holders.strangers = !holders.product;
	} else if (crash->program[0] && database) {
		error = find_holders(database, crash->program, &holders);
	}
	if (error < 0)
		return error;
	owner.product = holders.strangers || holders.unsure ? NULL : holders.product;
	owner.stranger = holders.strangers && !holders.unsure && !holders.product;
	*ret = owner;
	return 0;
}
