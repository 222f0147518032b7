/* throttle.c: how often Daruma may enter the safe profile by itself (R37)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "policy/throttle.h"

/* Minutes until the token that comes back first of those that may be out is there. */
static uint16_t wait_for_token(const struct daruma_record *record,
			       const struct daruma_thresholds *thresholds)
{
	uint16_t least = UINT16_MAX;

	for (unsigned i = 0; i < thresholds->incidents; i++)
		if (record->cooldown[i] < least)
			least = record->cooldown[i];
	return least;
}

/* Minutes until the last incident is `incident_gap` old: it took the token with the longest way to go. */
static uint16_t wait_for_gap(const struct daruma_record *record,
			     const struct daruma_thresholds *thresholds)
{
	uint16_t rest = (uint16_t)(thresholds->token_return - thresholds->incident_gap);
	uint16_t longest = 0;

	for (unsigned i = 0; i < DARUMA_TOKENS; i++)
		if (record->cooldown[i] > longest)
			longest = record->cooldown[i];
	return longest > rest ? (uint16_t)(longest - rest) : 0;
}

uint16_t daruma_throttle_wait(const struct daruma_record *record,
			      const struct daruma_thresholds *thresholds)
{
	uint16_t token = wait_for_token(record, thresholds);
	uint16_t gap = wait_for_gap(record, thresholds);

	return token > gap ? token : gap;
}

bool daruma_throttle_goes_on(const struct daruma_record *record,
			     const struct daruma_thresholds *thresholds)
{
	return (record->incident_open || record->proof_minutes > 0) &&
	       record->incident_starts < thresholds->incident_starts;
}

void daruma_throttle_take(struct daruma_record *record, const struct daruma_thresholds *thresholds)
{
	for (unsigned i = 0; i < thresholds->incidents; i++) {
		if (record->cooldown[i] == 0) {
			record->cooldown[i] = thresholds->token_return;
			return;
		}
	}
}

void daruma_throttle_report(struct daruma_record *record, uint32_t healthy_minutes)
{
	uint32_t gained = healthy_minutes > record->healthy_minutes ?
				  healthy_minutes - record->healthy_minutes :
				  0;

	for (unsigned i = 0; i < DARUMA_TOKENS; i++)
		record->cooldown[i] =
			gained < record->cooldown[i] ? (uint16_t)(record->cooldown[i] - gained) : 0;
	record->proof_minutes =
		gained < record->proof_minutes ? (uint8_t)(record->proof_minutes - gained) : 0;
	record->healthy_minutes = healthy_minutes;
}
