/* file_port.h: the calls that change files, behind a table
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What sets objects aside calls these only, so that a test can let each of them fail, or cut the power before and behind
 * it (R28, R57). Every name is a single part, relative to an open folder. All return 0 or more, or a negative errno.
 */
#ifndef DARUMA_RECOVERY_QUARANTINE_FILE_PORT_H
#define DARUMA_RECOVERY_QUARANTINE_FILE_PORT_H

#include <sys/types.h>

struct file_port {
	int (*make_folder)(const struct file_port *port, int folder, const char *name, mode_t mode);
	/* A new empty file, mode 0600, open for reading and writing; -EEXIST if the name is taken. */
	int (*create)(const struct file_port *port, int folder, const char *name);
	/* The whole of `from` into the empty file `to`; shares blocks where the file system can. */
	int (*copy)(const struct file_port *port, int from, int to);
	/* Owner, mode, times and extended attributes: see attributes.h. */
	int (*dress)(const struct file_port *port, int fd, const char *attributes);
	int (*set_mode)(const struct file_port *port, int folder, const char *name, mode_t mode);
	/* A second name for a file; -EXDEV on another file system, -EEXIST if the name is taken. */
	int (*link)(const struct file_port *port, int from, const char *name, int to,
		    const char *to_name);
	/* Within one folder; never over another file: -EEXIST. */
	int (*rename)(const struct file_port *port, int folder, const char *from, const char *to);
	/* Both names change places at once; -EINVAL where the file system cannot. */
	int (*exchange)(const struct file_port *port, int folder, const char *one,
			const char *other);
	int (*unlink)(const struct file_port *port, int folder, const char *name);
	int (*remove_folder)(const struct file_port *port, int folder, const char *name);
	int (*sync)(const struct file_port *port, int fd);
};

/* port->unlink(), for a name that may be gone already. */
int file_port_unlink_if_there(const struct file_port *port, int folder, const char *name);

/* The calls of the kernel. */
const struct file_port *file_port_of_system(void);

#endif
