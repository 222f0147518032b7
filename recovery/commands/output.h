/* output.h: JSON on standard output
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_COMMANDS_OUTPUT_H
#define DARUMA_RECOVERY_COMMANDS_OUTPUT_H

#include <stdint.h>

#include "recovery/context.h"
#include "recovery/json.h"

/* A new object whose first member is `schema`. */
struct json *output_object(const char *schema);

/* Adds seconds since 1970 as RFC 3339 in UTC; 0 or less gives null. */
void output_add_time(struct json *object, const char *key, int64_t seconds);

/* Prints the value as one line, or indented if --json=pretty, and frees it. Returns EXIT_DONE, or EXIT_FAILED after a
 * message. */
int output_print(const struct context *context, struct json *value);

#endif
