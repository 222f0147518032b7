/* transfer.h: actions that belong together, carried through all steps or none
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_QUARANTINE_TRANSFER_H
#define DARUMA_RECOVERY_QUARANTINE_TRANSFER_H

#include "recovery/context.h"
#include "recovery/database.h"
#include "recovery/quarantine/action.h"
#include "recovery/quarantine/file_port.h"

/* Carries out all actions, which are not in the table yet; their ids are filled in. Rows that they restore are noted as
 * restored. Either all places end as intended, or all are as before and the rows are gone (R28); only if the way back fails
 * too are rows left for transfer_mend(). Events are written. Returns 0 or a negative errno. */
int transfer_run(const struct context *context, struct database *database,
		 const struct file_port *port, struct action_list *actions);

/* Looks whether all actions could be carried out, and changes nothing. Returns as transfer_run() would. */
int transfer_check(const struct context *context, const struct action_list *actions);

/* Deletes for good what the quarantine holds of `entries`, which are done; their rows stay. Events of the type
 * `event` are written, none with NULL. Returns 0 or the first negative errno; what is left is for transfer_mend(). */
int transfer_purge(const struct context *context, struct database *database,
		   const struct file_port *port, struct action_list *entries, const char *event);

/* Undoes or finishes what was interrupted: see action.h. Returns the number of rows mended, or the first negative errno; the
 * others are mended all the same. */
int transfer_mend(const struct context *context, struct database *database,
		  const struct file_port *port);

#endif
