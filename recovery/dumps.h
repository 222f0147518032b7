/* dumps.h: crash dumps on this machine that were not looked at yet
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * /sys/fs/pstore (records the kernel offers) and /var/lib/systemd/pstore (moved there by systemd-pstore; one folder
 * level up to 252, two after). A record is dmesg-<backend>-<id>, id = (seconds * 100 + part) * 1000 + count; part 1 is
 * the newest text. One that ends in ".enc.z" is still compressed, as the kernel could not read it (another one wrote it);
 * only crash_child.h inflates. Size, number and depth are bounded (R30).
 */
#ifndef DARUMA_RECOVERY_DUMPS_H
#define DARUMA_RECOVERY_DUMPS_H

#include "recovery/context.h"
#include "recovery/crash_text.h"
#include "recovery/database.h"

#define DUMPS_MAX 512 /* records; of more, those with the highest ids */

/* Joins the records of the newest crash among those not marked as seen, from the highest part down. Records of one crash
 * are at most a few seconds apart, parts of one dump up to a minute. Returns 0 (also when there is none) or a negative
 * errno. */
int dumps_read_new(const struct context *context, struct database *database,
		   struct crash_text *ret);

/* Marks all records that are present now as seen. Writes only if that changes something. */
int dumps_mark_seen(const struct context *context, struct database *database);

#endif
