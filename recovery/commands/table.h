/* table.h: rows and columns for people
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_COMMANDS_TABLE_H
#define DARUMA_RECOVERY_COMMANDS_TABLE_H

#include <stddef.h>

#include "recovery/context.h"

#define TABLE_COLUMNS_MAX 12

struct table;

/* A table with `columns` heads; NULL without memory, which all below accept. */
struct table *table_new(const char *const *heads, size_t columns);

/* Adds a row of as many texts as there are columns; NULL and "" are shown as "-". */
void table_row(struct table *table, const char *const *cells);

/* Prints to standard output and frees. Heads unless --no-legend, at most -n rows; long cells are shortened on a terminal
 * unless --full. Control characters are shown as '?'. Returns 0 or -ENOMEM if a row or the table is missing. */
int table_print(const struct context *context, struct table *table);

/* "Name: text" with names lined up; nothing is printed for a NULL text. */
void table_line(const char *name, const char *text, ...) __attribute__((format(printf, 2, 3)));

#endif
