/* table.c: rows and columns for people
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/commands/table.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "recovery/text_list.h"

#define CELL_ON_TERMINAL 48
#define NAME_WIDTH	 16

struct table {
	const char *const *heads;
	size_t columns;
	struct text_list cells; /* row by row */
	bool broken;
};

struct table *table_new(const char *const *heads, size_t columns)
{
	struct table *table = calloc(1, sizeof(*table));

	if (table) {
		table->heads = heads;
		table->columns = columns;
	}
	return table;
}

/* Text from outside must not move the cursor. */
static void make_plain(char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			*text = '?';
}

void table_row(struct table *table, const char *const *cells)
{
	for (size_t i = 0; table && i < table->columns; i++) {
		if (text_list_add(&table->cells, cells[i] && *cells[i] ? cells[i] : "-")) {
			table->broken = true;
			return;
		}
		make_plain(table->cells.items[table->cells.count - 1]);
	}
}

static size_t smaller(size_t one, size_t other)
{
	return one < other ? one : other;
}

static void find_widths(const struct table *table, size_t rows, size_t most, bool heads,
			size_t widths[TABLE_COLUMNS_MAX])
{
	for (size_t column = 0; column < table->columns; column++) {
		widths[column] = heads ? strlen(table->heads[column]) : 0;
		for (size_t row = 0; row < rows; row++) {
			size_t length = smaller(
				strlen(table->cells.items[row * table->columns + column]), most);

			if (length > widths[column])
				widths[column] = length;
		}
	}
}

static void print_row(const char *const *cells, const size_t *widths, size_t columns, size_t most)
{
	for (size_t i = 0; i < columns; i++) {
		int width = i + 1 < columns ? (int)widths[i] + 2 : 0;

		printf("%-*.*s", width, (int)smaller(strlen(cells[i]), most), cells[i]);
	}
	putchar('\n');
}

int table_print(const struct context *context, struct table *table)
{
	bool short_cells = isatty(STDOUT_FILENO) && !context->full;
	size_t most = short_cells ? CELL_ON_TERMINAL : 4096;
	size_t widths[TABLE_COLUMNS_MAX];
	size_t rows;
	int error = !table || table->broken ? -ENOMEM : 0;

	if (!error) {
		rows = table->cells.count / table->columns;
		if (context->lines > 0)
			rows = smaller(rows, (size_t)context->lines);
		find_widths(table, rows, most, !context->no_legend, widths);
		if (!context->no_legend)
			print_row(table->heads, widths, table->columns, most);
		for (size_t row = 0; row < rows; row++)
			print_row((const char *const *)table->cells.items + row * table->columns,
				  widths, table->columns, most);
	}
	if (table)
		text_list_free(&table->cells);
	free(table);
	return error;
}

void table_line(const char *name, const char *text, ...)
{
	char line[1024];
	va_list values;

	va_start(values, text);
	vsnprintf(line, sizeof(line), text, values);
	va_end(values);
	make_plain(line);
	printf("%*s: %s\n", NAME_WIDTH, name, line);
}
