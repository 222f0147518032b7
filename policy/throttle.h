/* throttle.h: how often Daruma may enter the safe profile by itself (R37)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Up to three tokens. Opening an incident takes one; it comes back after `token_return` minutes (seven days)
 * of health. Two incidents are at least `incident_gap` minutes (one day) of health apart. Health is what the
 * operating system reports, not what a clock says: batteries die and clocks are set back.
 *
 * A good answer ends an incident, and an hour of health proves it (R26). What fails before that is one more failure of
 * the same incident: a repair of it takes no token, and counts to the starts that an incident may have.
 */
#ifndef DARUMA_POLICY_THROTTLE_H
#define DARUMA_POLICY_THROTTLE_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/limits.h"
#include "policy/record.h"

/* Healthy minutes until a new incident may be opened; 0: now. */
uint16_t daruma_throttle_wait(const struct daruma_record *record,
			      const struct daruma_thresholds *thresholds);

/* Takes a token. Only when daruma_throttle_wait() is 0. */
void daruma_throttle_take(struct daruma_record *record, const struct daruma_thresholds *thresholds);

/* Whether a repair now is one more of the incident before: that is open or not proved over, and has starts left. */
bool daruma_throttle_goes_on(const struct daruma_record *record,
			     const struct daruma_thresholds *thresholds);

/* Moves tokens back, and proves the last incident over, by the health that came since the last report.
 * `healthy_minutes` is the total of this installation; a total below the last one (state was lost) gives nothing and
 * becomes the new base. */
void daruma_throttle_report(struct daruma_record *record, uint32_t healthy_minutes);

#endif
