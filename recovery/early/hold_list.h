/* hold_list.h: modules, units and files of the watch set, for the time before /var is there
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * /etc/daruma/hold, written at good boots and copied into the initramfs. One entry a line, at most HOLD_LIST_MAX:
 *
 *     module NAME     kernel name: letters, digits, '_'; at most 55
 *     unit NAME       .service, .socket, .path or .timer; nothing the machine cannot live without (R14)
 *     file PATH       a module file: absolute, no "." or ".." parts, ends in .ko, .ko.xz, .ko.zst or .ko.gz
 *
 * Empty lines and lines that start with '#' are skipped. A line of another form is never acted upon and is counted:
 * one bad line must not switch the others off.
 */
#ifndef DARUMA_RECOVERY_EARLY_HOLD_LIST_H
#define DARUMA_RECOVERY_EARLY_HOLD_LIST_H

#include <stdbool.h>
#include <stddef.h>

#define HOLD_LIST_FILE "/etc/daruma/hold"
#define HOLD_LIST_MAX  512
#define HOLD_LIST_SIZE 65536 /* bytes of the file */

enum hold_kind {
	HOLD_MODULE,
	HOLD_UNIT,
	HOLD_FILE,
	HOLD_KIND_COUNT,
};

struct hold_entry {
	enum hold_kind kind;
	char *name; /* owned by the list */
};

struct hold_list {
	struct hold_entry items[HOLD_LIST_MAX];
	size_t count;
	size_t refused; /* lines left out */
};

/* Whether `name` may stand in the list. */
bool hold_list_accepts(enum hold_kind kind, const char *name);

/* Appends a copy. A name that is in the list already is not added again. Returns 0, -EINVAL (not accepted), -ENOSPC
 * or -ENOMEM. */
int hold_list_add(struct hold_list *list, enum hold_kind kind, const char *name);

bool hold_list_has(const struct hold_list *list, enum hold_kind kind, const char *name);

/* Reads `size` bytes of text into an empty list. Returns 0 or -ENOMEM. */
int hold_list_parse(struct hold_list *list, const char *text, size_t size);

/* Reads a file into an empty list. Returns 0, -EFBIG (over HOLD_LIST_SIZE bytes), -ENOMEM or the errno of reading. */
int hold_list_read(struct hold_list *list, const char *path);

/* Replaces the file `path` by the list, mode 0644: new file, fsync, rename, fsync of the folder. Nothing is written
 * if the file says the same already. Returns 1 if it was written, 0 if not, or a negative errno. */
int hold_list_write(const struct hold_list *list, const char *path);

/* Frees the names and empties the list; NULL is accepted. */
void hold_list_free(struct hold_list *list);

#endif
