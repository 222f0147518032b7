/* blame.h: who is to blame in a report
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_CRASH_BLAME_H
#define DARUMA_RECOVERY_CRASH_BLAME_H

#include "recovery/crash/crash.h"
#include "recovery/crash/report.h"

/* Fills function, module, program and quality; they are empty before. The first of these that is not innocent (see
 * innocent.h): the place in the heading, the instruction pointer, the frames the unwinder vouches for, the other frames.
 * The module is that of the place; if that is the kernel itself, or an interface that only checks what it is handed, the
 * module of a direct caller. */
void blame_find(const struct report *report, struct crash *crash);

#endif
