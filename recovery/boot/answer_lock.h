/* answer_lock.h: one change of the answer at a time
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The answer is read, changed and written back by programs that know nothing of each other: the gate, the guard, the stop
 * of the machine, package hooks, an administrator. Without a lock the good answer of one could be overwritten by what
 * another had read before. scripts/check-floors refuses a file that writes an answer and does not take it.
 */
#ifndef DARUMA_RECOVERY_BOOT_ANSWER_LOCK_H
#define DARUMA_RECOVERY_BOOT_ANSWER_LOCK_H

#include "recovery/context.h"

#define ANSWER_LOCK_SECONDS 5

/* To be called before the answer is read, and held until it is written; not while the process holds it already, since it
 * would wait for itself. Only root can open the file, so nobody else can keep others waiting. Returns a descriptor that
 * holds the lock until it is closed, or -ETIMEDOUT after ANSWER_LOCK_SECONDS, or another negative errno. Who does not get
 * it answers all the same: an answer that is never given costs more than one that is mixed with another. */
int answer_lock_take(const struct context *context);

#endif
