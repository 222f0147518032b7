/* run_mark.h: marks in /run/daruma: facts of this start that outlive the process which found them
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_RUN_MARK_H
#define DARUMA_RECOVERY_RUN_MARK_H

#include <stdbool.h>

#include "recovery/context.h"

/* Daruma itself gave this start up. Its restart is orderly, for the file systems' sake, and still no orderly end. Set by
 * daruma-recover.service too. */
#define RUN_MARK_GIVEN_UP "given-up"
/* Something was installed that only the next start runs: a kernel or an initramfs. */
#define RUN_MARK_CHANGED "changed"
/* The boot order was mended. */
#define RUN_MARK_ORDER "order-mended"
/* All that follows from its good answer is recorded. */
#define RUN_MARK_RECORDED "recorded"
/* The safe profile was entered without an order of the stage. */
#define RUN_MARK_UNAUTHORISED "unauthorised"
/* It is up, and was not healthy in time. */
#define RUN_MARK_OVERDUE "overdue"

/* A rescue from the initramfs has read the text that the crash left, and told of it. Without one the journal is still to be
 * asked, which only the system can. */
#define RUN_MARK_LOOKED "looked"

/* The stage was told of the hour of health that proves an incident over. */
#define RUN_MARK_PROVED "proved"

/* Sets a mark. Returns 0, -EALREADY if it is set already, or another negative errno. */
int run_mark_set(const struct context *context, const char *mark);

bool run_mark_is_set(const struct context *context, const char *mark);

#endif
