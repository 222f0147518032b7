/* process_descriptors.h: the open descriptors of every process, as /proc tells of them
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Processes end and descriptors close meanwhile, which is normal: what is gone, or may not be read, is passed over. So is
 * what one process or user has open beyond a bound. Root's processes come first, then those of the other accounts of the
 * system, then those of people: who opens many hides nothing of the system's, at most what is his own and other people's.
 */
#ifndef DARUMA_RECOVERY_INVENTORY_PROCESS_DESCRIPTORS_H
#define DARUMA_RECOVERY_INVENTORY_PROCESS_DESCRIPTORS_H

#include <stddef.h>

#include "recovery/context.h"

/* How many are looked at of one process, and of all those that one user started; the latter does not bind root. */
#define PROCESS_DESCRIPTORS_MOST    16384
#define PROCESS_DESCRIPTORS_OF_USER 32768
#define PROCESS_DESCRIPTORS_SECONDS 3 /* for all of them */
#define PROCESS_TARGET_SIZE	    64

/* Valid during the visit. */
struct process_descriptor {
	int process; /* the folder of the process, opened with O_PATH: it never is that of a later one */
	const char *process_name; /* its number */
	const char *name;	  /* the number of the descriptor */
	const char *target;	  /* what it leads to; cut to fit into PROCESS_TARGET_SIZE */
};

/* Visits each until `visit` returns something else than 0, which is returned then. Returns 0 (when the time is over among
 * accounts from 1000 on, too: the rest of those is passed over), -ETIME (it was over before; some were not visited), -ENOMEM
 * or the errno of opening /proc below context->root. */
int process_descriptors_walk(const struct context *context,
			     int (*visit)(const struct process_descriptor *descriptor, void *user),
			     void *user);

/* What /proc/PID/fdinfo says of it (kernel: Documentation/filesystems/proc.rst), to be freed by the caller. Returns 0 or a
 * negative errno: that it is too long is one too. */
int process_descriptor_info(const struct context *context,
			    const struct process_descriptor *descriptor, char **ret_text);

#endif
