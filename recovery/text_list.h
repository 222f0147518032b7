/* text_list.h: a growing list of strings
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_TEXT_LIST_H
#define DARUMA_RECOVERY_TEXT_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct text_list {
	char **items; /* owned, each NUL-terminated */
	size_t count;
};

/* Appends a copy of `text`. Returns 0 or -ENOMEM. */
int text_list_add(struct text_list *list, const char *text);

/* Whether `text` is in the list, to the letter. `list` may be NULL. */
bool text_list_has(const struct text_list *list, const char *text);

/* Frees the strings and empties the list; NULL is accepted. */
void text_list_free(struct text_list *list);

#endif
