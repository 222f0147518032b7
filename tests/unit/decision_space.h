/* decision_space.h: every state and every input of the decision, numbered
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Numbers are taken for their values at the edges: below, at and above the default limits; healthy minutes are 0, and two of
 * the throttle's tokens tell all that the decision asks of them. Endings that a record tells of are those that are treated
 * each in its own way. All the rest is taken for every value it can have. The numbers walk through the product of all of
 * them as an odometer does.
 */
#ifndef DARUMA_TESTS_DECISION_SPACE_H
#define DARUMA_TESTS_DECISION_SPACE_H

#include "policy/decision.h"

#define SPACE_STATES 8847360ull
#define SPACE_INPUTS 1539ull

/* The record's installation, the start that it tells of, the start that is decided, and one that is neither. */
extern const uint8_t space_install[16], space_last_boot[16], space_this_boot[16],
	space_other_boot[16];

/* Zeroes, the default thresholds, installation and start. */
void space_frame(struct daruma_situation *ret);

/* Fills the record for state `number`, a sound one; false from SPACE_STATES on. */
bool space_state(uint64_t number, struct daruma_record *ret);

/* Fills all but record, thresholds, installation, start and choice for input `number`; false from SPACE_INPUTS on. The
 * answers are of the start that the record tells of. */
bool space_input(uint64_t number, struct daruma_situation *situation);

/* From one state to the next. All of them take minutes: unless EVERY_CASE is set, `quick`, which should share no
 * factor with SPACE_STATES, so that each value of each field is met with each of any other. */
uint64_t space_stride(uint64_t quick);

#endif
