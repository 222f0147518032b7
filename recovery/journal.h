/* journal.h: one entry in the system's journal, by its native protocol
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_JOURNAL_H
#define DARUMA_RECOVERY_JOURNAL_H

#include <stddef.h>

#include "recovery/context.h"

struct journal_field {
	const char *name;  /* upper-case letters, digits and '_' */
	const char *value; /* any text; NULL: the field is left out */
};

/* Sends the fields as one entry to the socket below context->root, without waiting. Returns 0 or a negative errno; an
 * absent journal is -ENOENT. */
int journal_send(const struct context *context, const struct journal_field *fields, size_t count);

#endif
