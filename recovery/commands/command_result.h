/* command_result.h: what came of a verb that changes something or answers yes or no, as JSON
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * {"schema":"daruma.result.v1","verb":"restore","arguments":["7"],"dry_run":true,"exit_status":0,"result":"done",
 *  "plan":["would put entry 7 back: /opt/acme/content/table.bin"]}
 *
 * `result` goes by the exit status: "done", "failed", "wrong-input", "no-such", "rejected" or "not-possible"; of a predicate
 * "true" or "false". `plan` has what --dry-run would have printed, a line each.
 */
#ifndef DARUMA_RECOVERY_COMMANDS_COMMAND_RESULT_H
#define DARUMA_RECOVERY_COMMANDS_COMMAND_RESULT_H

#include <stdbool.h>

#include "recovery/context.h"

/* Runs the verb `argv[0]` and prints that object; where the verb itself has printed an object, that one instead. Returns
 * the verb's exit code, or EXIT_FAILED after a message where what it prints could not be kept. */
int command_result_run(const struct context *context, bool predicate, int argc, char *argv[],
		       int (*run)(const struct context *context, int argc, char *argv[]));

#endif
