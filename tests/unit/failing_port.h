/* failing_port.h: file calls of which the n-th fails, or before or behind which the power goes
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_TESTS_FAILING_PORT_H
#define DARUMA_TESTS_FAILING_PORT_H

#include <stdbool.h>

#include "recovery/quarantine/file_port.h"

#define FAILING_PORT_CUT 99 /* exit status of a process whose power went */

enum failing_mode {
	FAIL_NEVER,
	FAIL_ONCE,  /* the call of number `at` */
	FAIL_EVER,  /* that and all later ones */
	CUT_BEFORE, /* the process ends instead of the call */
	CUT_BEHIND, /* the process ends after the call */
};

struct failing_port {
	struct file_port port; /* first: calls get a pointer to it */
	enum failing_mode mode;
	int at;					 /* 1: the first call */
	int error;				 /* negative errno of a call that fails */
	bool no_exchange;			 /* the file system cannot exchange names */
	bool half_copies;			 /* a copy that fails has written half */
	void (*meddle)(char letter, int number); /* called before each call, or NULL */
	int *calls;				 /* counts them */
	char *log; /* one letter per call, or NULL: F folder, N new, C copy, D dress, M mode, L link, R rename, X exchange,
		    * U unlink, V remove folder, S sync */
};

/* All others zero: each call goes through. */
void failing_port_make(struct failing_port *port, enum failing_mode mode, int at, int *calls);

#endif
