/* command_line.h: what the kernel command line says to Daruma
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_EARLY_COMMAND_LINE_H
#define DARUMA_RECOVERY_EARLY_COMMAND_LINE_H

#include <stdbool.h>

#define COMMAND_LINE_FILE "/proc/cmdline"

/* Whether the word "daruma=off" stands in the file `path`: every piece then only logs. False if it cannot be read. */
bool command_line_says_off(const char *path);

/* The word on the command line of an image that repairs and nothing else (`daruma image`). */
#define COMMAND_LINE_IMAGE "daruma=image"

/* Whether that word stands there: nothing of the system may run in this start (R15). False if it cannot be read. */
bool command_line_says_image(const char *path);

#endif
