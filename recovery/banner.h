/* banner.h: saying on every console that this is the safe profile (R52)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_BANNER_H
#define DARUMA_RECOVERY_BANNER_H

#include "recovery/context.h"

/* Writes `text` (lines, each with a newline) to the consoles the kernel uses and the first virtual one, and to the files
 * that login programs show (/run/issue.d, /run/motd.d). What cannot be written is left out. */
void banner_show(const struct context *context, const char *text);

#endif
