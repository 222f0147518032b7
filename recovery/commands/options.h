/* options.h: the command line, taken apart
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_COMMANDS_OPTIONS_H
#define DARUMA_RECOVERY_COMMANDS_OPTIONS_H

#include <stdbool.h>

#include "recovery/context.h"

struct options {
	struct context context;
	bool help;
	bool version;
	int count;	  /* words that are no options: the verb and its arguments */
	char **arguments; /* `count` of them, then NULL; points into argv, which is reordered */
};

/* Options may stand before and after the verb; "--" ends them. Returns 0 or EXIT_USAGE after a message. */
int options_parse(int argc, char *argv[], struct options *ret);

/* Prints the options, one line each. */
void options_print_help(void);

#endif
