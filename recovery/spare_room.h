/* spare_room.h: a file that holds room on the disk for the start in which there is none
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A repair is journaled in the tables, and these cannot grow on a full disk: then nothing could be set aside in any
 * rung. The file is made at good starts and given up in the first start after a failure that has need of its room.
 */
#ifndef DARUMA_RECOVERY_SPARE_ROOM_H
#define DARUMA_RECOVERY_SPARE_ROOM_H

#include "recovery/context.h"
#include "recovery/state.h"

#define SPARE_ROOM_FILE	 STATE_FOLDER "/spare-room"
#define SPARE_ROOM_BYTES (4 << 20)

/* Makes the file where it is missing, unless that would leave less room than it holds. Returns 1 if it was made, 0, or a
 * negative errno. */
int spare_room_keep(const struct context *context);

/* Removes the file if the file system has less room than it holds. Returns 1 if it was removed, 0, or a negative errno. */
int spare_room_give_up(const struct context *context);

#endif
