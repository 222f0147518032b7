/* fuzz_record.c: any bytes as the record; with the checksum mended, so that the fields are reached
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "policy/bytes.h"
#include "policy/decision.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A valid record is written again to the same bytes, but for the spare ones. */
static void check_round_trip(const struct daruma_record *record, const uint8_t *bytes)
{
	uint8_t again[DARUMA_RECORD_SIZE];

	daruma_record_encode(record, again);
	if (memcmp(bytes, again, 104) != 0)
		abort();
}

static void check(const uint8_t *bytes, size_t size)
{
	struct daruma_situation situation = { .answer_state = DARUMA_STATE_ABSENT };
	struct daruma_decision decision;
	struct daruma_limits limits;
	uint8_t install[DARUMA_GUID_SIZE] = { 0 };

	if (size >= 24)
		memcpy(install, bytes + 8, sizeof(install));
	daruma_limits_default(&limits);
	situation.thresholds = limits.thresholds;
	memcpy(situation.install, install, sizeof(install));
	situation.record_state = daruma_record_decode(bytes, size, install, &situation.record);
	if (situation.record_state == DARUMA_STATE_VALID)
		check_round_trip(&situation.record, bytes);
	daruma_decide(&situation, &decision);
	/* R7: without a valid record it is the normal rung. */
	if (decision.rung >= DARUMA_RUNG_COUNT || decision.reason >= DARUMA_REASON_COUNT ||
	    (situation.record_state != DARUMA_STATE_VALID && decision.rung != DARUMA_RUNG_NORMAL))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t bytes[DARUMA_RECORD_SIZE];

	check(data, size);
	if (size < sizeof(bytes))
		return 0;
	memcpy(bytes, data, sizeof(bytes));
	memcpy(bytes, "DRec\x01\x00\x80\x00", 8);
	daruma_put32(bytes + 124, daruma_crc32(bytes, 124));
	check(bytes, sizeof(bytes));
	return 0;
}
