/* message.h: the one message a command prints when it fails, and notices beside it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * All go to standard error: data is on standard output.
 */
#ifndef DARUMA_RECOVERY_MESSAGE_H
#define DARUMA_RECOVERY_MESSAGE_H

#include "recovery/context.h"

/* Prints "daruma: cannot <what ...>: <text of error>". `error` is a negative errno. Returns the exit code that
 * fits: EXIT_NOT_HERE for -ENODEV and -EOPNOTSUPP (EXIT_DONE under --graceful), EXIT_NO_SUCH for -ENXIO and -ESRCH,
 * else EXIT_FAILED. */
int message_cannot(const struct context *context, int error, const char *what, ...)
	__attribute__((format(printf, 3, 4)));

/* The same where `why` says more than the error's own text, such as a place in a document. */
int message_cannot_because(const struct context *context, int error, const char *why,
			   const char *what, ...) __attribute__((format(printf, 4, 5)));

/* The same of a document, with the place in it: one that breaks its schema (-EBADMSG) is wrong usage, EXIT_USAGE. */
int message_cannot_accept(const struct context *context, int error, const char *why,
			  const char *what, ...) __attribute__((format(printf, 4, 5)));

/* Prints "daruma: <text>" and points to --help. Returns EXIT_USAGE. */
int message_usage(const char *text, ...) __attribute__((format(printf, 1, 2)));

/* The text of a negative errno as message_cannot() shows it. */
const char *message_text(int error);

/* Prints the next line: "  hint: <text>". */
void message_hint(const char *text, ...) __attribute__((format(printf, 1, 2)));

/* Prints "daruma: <text>" unless quiet. */
void message_notice(const struct context *context, const char *text, ...)
	__attribute__((format(printf, 2, 3)));

/* The hint behind a notice: nothing if quiet. */
void message_advise(const struct context *context, const char *text, ...)
	__attribute__((format(printf, 2, 3)));

#endif
