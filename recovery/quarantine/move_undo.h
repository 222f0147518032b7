/* move_undo.h: mending: a place as it was before, whatever a power cut or an error left there
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_QUARANTINE_MOVE_UNDO_H
#define DARUMA_RECOVERY_QUARANTINE_MOVE_UNDO_H

#include "recovery/quarantine/move.h"

/* Brings the place back to what it was before, whatever was done of the steps of move.h up to the swap, and drops what was
 * kept and prepared. What was done is told by action->step and by what is found. May be repeated. Returns 0; 1: something
 * new is in place, so what was taken stays in the quarantine; or a negative errno. */
int move_undo(const struct move *move, const struct action *action);

#endif
