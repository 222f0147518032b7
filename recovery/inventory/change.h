/* change.h: differences between two states of the watched files
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_INVENTORY_CHANGE_H
#define DARUMA_RECOVERY_INVENTORY_CHANGE_H

#include <stddef.h>
#include <stdint.h>

/* One difference. Strings live as long as the list. */
struct change {
	char *product;
	char *kind; /* module, content, code, manifest */
	char *path;
	char *set_name;	     /* content set, or "" */
	char how;	     /* 'a'dded, 'm'odified, 'r'emoved */
	char *before_sha256; /* NULL where added */
	char *after_sha256;  /* NULL where removed */
	int64_t time; /* when it landed: ctime of the file, seconds; where removed mtime of its folder, 0: not known */
};

struct change_list {
	struct change *items; /* newest first */
	size_t count;
	int64_t generation; /* compared with; 0: there is no good generation */
	size_t room;
};

/* Appends a copy of `like` and of its strings. Returns 0 or -ENOMEM; the list can be freed either way. */
int change_list_add(struct change_list *list, const struct change *like);

/* Newest first, and by path where times are equal. */
void change_list_sort(struct change_list *list);

/* NULL is accepted. */
void change_list_free(struct change_list *list);

#endif
