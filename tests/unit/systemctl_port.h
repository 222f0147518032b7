/* systemctl_port.h: a process port on a machine whose units stand as a test says
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_TESTS_SYSTEMCTL_PORT_H
#define DARUMA_TESTS_SYSTEMCTL_PORT_H

#include "recovery/process.h"

/* What `systemctl show` prints of a unit. */
#define UNIT_BLOCK(id, load, file, active, result, condition, job)                                 \
	"Id=" id "\nLoadState=" load "\nUnitFileState=" file "\nActiveState=" active               \
	"\nResult=" result "\nConditionResult=" condition "\nJob=" job "\n"
#define UNIT_RUNS(id)	UNIT_BLOCK(id, "loaded", "enabled", "active", "success", "yes", "")
#define UNIT_WAITS(id)	UNIT_BLOCK(id, "loaded", "enabled", "inactive", "success", "no", "17")
#define UNIT_FAILED(id) UNIT_BLOCK(id, "loaded", "enabled", "failed", "signal", "yes", "")

struct systemctl_machine {
	const char *units[8]; /* blocks; other units are not there */
	int error;	      /* of running systemctl */
	const char
		*command_no; /* the program of a health command that says no; all others say yes */
	int command_error;   /* of running any health command */
	char asked[1024];    /* the units that were asked for last, a space behind each */
	char commands[256];  /* the other commands so far, a space behind each */
};

/* The port of that machine, which must outlive it. One at a time: each test is a process of its own. */
const struct process_port *systemctl_port(struct systemctl_machine *machine);

#endif
