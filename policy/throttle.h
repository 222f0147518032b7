/* throttle.h: how often Daruma may enter the safe profile by itself (R37)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Up to three tokens. Opening an incident takes one; it comes back after `token_return` minutes (seven days)
 * of health. Two incidents are at least `incident_gap` minutes (one day) of health apart. Health is what the
 * operating system reports, not what a clock says: batteries die and clocks are set back.
 */
#ifndef DARUMA_POLICY_THROTTLE_H
#define DARUMA_POLICY_THROTTLE_H

#include <stdint.h>

#include "policy/limits.h"
#include "policy/record.h"

/* Healthy minutes until a new incident may be opened; 0: now. */
uint16_t daruma_throttle_wait(const struct daruma_record *record,
			      const struct daruma_thresholds *thresholds);

/* Takes a token. Only when daruma_throttle_wait() is 0. */
void daruma_throttle_take(struct daruma_record *record, const struct daruma_thresholds *thresholds);

/* Moves tokens back by the health that came since the last report. `healthy_minutes` is the total of this
 * installation; a total below the last one (state was lost) gives nothing and becomes the new base. */
void daruma_throttle_report(struct daruma_record *record, uint32_t healthy_minutes);

#endif
