/* quarantine_trial.c: setting a product's changes aside and putting them back, to be disturbed at each call
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tests/unit/quarantine_trial.h"

#include "recovery/quarantine/quarantine.h"
#include "tests/unit/quarantine_scene.h"
#include "tests/unit/suite.h"

static int restore_set(const struct file_port *port)
{
	return quarantine_restore_through(port, &scene.context, scene.database,
					  scene_entry_of(TREE_CHANNEL));
}

const struct trial trials[TRIALS] = {
	{ scene_set_aside_through, false, scene_all_is_bad, scene_all_is_good, false },
	{ scene_set_aside_through, false, scene_all_is_bad, scene_all_is_good, true },
	{ restore_set, true, scene_set_is_good, scene_set_is_bad, false },
	{ restore_set, true, scene_set_is_good, scene_set_is_bad, true },
};

void trial_begin(const struct trial *trial)
{
	scene_set_up();
	if (trial->prepare_new)
		ck_assert_int_eq(scene_set_aside(), 5);
	ck_assert(trial->before());
}

void trial_make_port(struct failing_port *port, const struct trial *trial, enum failing_mode mode,
		     int at, int *calls)
{
	failing_port_make(port, mode, at, calls);
	port->no_exchange = trial->no_exchange;
	port->half_copies = true;
}
