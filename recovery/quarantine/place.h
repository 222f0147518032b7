/* place.h: the place of one object: its folder, its name, and our names beside it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_QUARANTINE_PLACE_H
#define DARUMA_RECOVERY_QUARANTINE_PLACE_H

#include <stdbool.h>

#include "recovery/context.h"
#include "recovery/database.h"
#include "recovery/quarantine/action.h"
#include "recovery/quarantine/file_port.h"

#define PLACE_NAME_SIZE 40

struct place {
	const struct file_port *port;
	int folder;		      /* open; the caller's to close */
	const char *name;	      /* last part of action->path */
	char beside[PLACE_NAME_SIZE]; /* .daruma-<id> */
	char third[PLACE_NAME_SIZE]; /* .daruma-<id>-old, where names cannot be exchanged at once */
};

/* Opens the folder of the action's path as safe_path.h says. Returns 0 or a negative errno. */
int place_open(const struct context *context, const struct file_port *port,
	       const struct action *action, struct place *ret);

/* The size of the regular file in the action's place; -1 where there is none, or where it cannot be looked at. */
int64_t place_size(const struct context *context, const struct action *action);

/* Whether such an error says that the place is gone. One that is led elsewhere may come back. */
bool place_is_gone(int error);

/* Makes the folders on the way to the action's path that are missing, as folder_attributes_find() says in `database`
 * that they were, else 0755. Returns 0 or a negative errno; a folder that cannot be made whole is not left there. */
int place_make_way(const struct context *context, const struct file_port *port,
		   struct database *database, const struct action *action);

/* Opens the regular file `name` for reading. Returns a descriptor; -ENOENT; -ELOOP a link; -EXDEV a mount; -EISDIR;
 * -EINVAL neither file nor folder. */
int place_open_file(int folder, const char *name);

/* The digest of the file `name`. Returns 0 or as above. */
int place_look(int folder, const char *name, char *ret_sha256);

/* 0 if the open file has the digest `sha256`, `otherwise` if not, or the errno of reading. */
int place_compare(int fd, const char *sha256, int otherwise);

/* Whether `name` is a regular file with the digest `sha256`; none has the digest NULL. */
bool place_holds(const struct place *place, const char *name, const char *sha256);

/* Whether there is anything with that name. */
bool place_has(const struct place *place, const char *name);

/* The file beside and the one in place change names. Where the file system cannot do that at once, three renames do it. */
int place_exchange(const struct place *place);

/* Completes or undoes those three renames after a power cut between them. */
int place_mend_exchange(const struct place *place);

#endif
