/* commands.h: every verb of daruma(8), one function each
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * `argv[0]` is the verb, the rest are its arguments without options; main.c has checked their number. Each function
 * does its work, prints data on standard output and one message on standard error if it fails, and returns one of
 * `enum exit_code`. A verb becomes known by its line in the table of main.c.
 */
#ifndef DARUMA_RECOVERY_COMMANDS_COMMANDS_H
#define DARUMA_RECOVERY_COMMANDS_COMMANDS_H

#include "recovery/context.h"

/* Look. */
int cmd_status(const struct context *context, int argc, char *argv[]);
int cmd_list(const struct context *context, int argc, char *argv[]);
int cmd_show(const struct context *context, int argc, char *argv[]);
int cmd_explain(const struct context *context, int argc, char *argv[]);
int cmd_diff(const struct context *context, int argc, char *argv[]);
int cmd_list_generations(const struct context *context, int argc, char *argv[]);
int cmd_products(const struct context *context, int argc, char *argv[]);
int cmd_crash(const struct context *context, int argc, char *argv[]);
int cmd_history(const struct context *context, int argc, char *argv[]);
int cmd_check(const struct context *context, int argc, char *argv[]);
int cmd_is_healthy(const struct context *context, int argc, char *argv[]);
int cmd_is_safe(const struct context *context, int argc, char *argv[]);
int cmd_report(const struct context *context, int argc, char *argv[]);

/* Decide. */
int cmd_mark_good(const struct context *context, int argc, char *argv[]);
int cmd_set_oneshot(const struct context *context, int argc, char *argv[]);
int cmd_policy(const struct context *context, int argc, char *argv[]);

/* Repair. */
int cmd_quarantine(const struct context *context, int argc, char *argv[]);
int cmd_restore(const struct context *context, int argc, char *argv[]);
int cmd_release(const struct context *context, int argc, char *argv[]);
int cmd_purge(const struct context *context, int argc, char *argv[]);
int cmd_list_quarantine(const struct context *context, int argc, char *argv[]);

/* Set up. */
int cmd_image(const struct context *context, int argc, char *argv[]);
int cmd_install(const struct context *context, int argc, char *argv[]);
int cmd_remove(const struct context *context, int argc, char *argv[]);

/* Called by the system: units, hooks and timers. */
int cmd_guard(const struct context *context, int argc, char *argv[]);
int cmd_gate(const struct context *context, int argc, char *argv[]);
int cmd_held(const struct context *context, int argc, char *argv[]);
int cmd_answer(const struct context *context, int argc, char *argv[]);
int cmd_seal(const struct context *context, int argc, char *argv[]);
int cmd_recover(const struct context *context, int argc, char *argv[]);
int cmd_rescue(const struct context *context, int argc, char *argv[]);
int cmd_deadline(const struct context *context, int argc, char *argv[]);
int cmd_scan(const struct context *context, int argc, char *argv[]);
int cmd_hold_list(const struct context *context, int argc, char *argv[]);
int cmd_keep_first(const struct context *context, int argc, char *argv[]);

#endif
