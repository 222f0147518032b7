/* quarantine_trial.h: setting a product's changes aside and putting them back, to be disturbed at each call
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_TESTS_QUARANTINE_TRIAL_H
#define DARUMA_TESTS_QUARANTINE_TRIAL_H

#include <stdbool.h>

#include "recovery/quarantine/file_port.h"
#include "tests/unit/failing_port.h"

typedef int trial_job(const struct file_port *port);
typedef bool trial_state(void);

struct trial {
	trial_job *run;
	bool prepare_new; /* start from what scene_set_aside() made */
	trial_state *before, *after;
	bool no_exchange;
};

/* Both ways, each with and without a file system that can exchange names. */
#define TRIALS 4
extern const struct trial trials[TRIALS];

/* Makes the scene in the state before. It is the caller's to tear down. */
void trial_begin(const struct trial *trial);

/* A port that fails or is cut at call `at`, and counts in `calls`. */
void trial_make_port(struct failing_port *port, const struct trial *trial, enum failing_mode mode,
		     int at, int *calls);

#endif
