/* fuzz_limits.c: any bytes as limits.bin; with the checksum mended, so that the fields are reached
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "policy/bytes.h"
#include "policy/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What the file says is never more trigger-happy than the code allows. */
static void check(const uint8_t *bytes, size_t size)
{
	struct daruma_limits limits;
	uint8_t install[DARUMA_GUID_SIZE] = { 0 };

	if (size >= 24)
		memcpy(install, bytes + 8, sizeof(install));
	(void)daruma_limits_decode(bytes, size, install, &limits);
	if (limits.thresholds.panic < 2 || limits.thresholds.unexplained < 4 ||
	    limits.thresholds.incident_starts > 12 || limits.thresholds.safe_tries > 5 ||
	    limits.thresholds.incident_gap < 60 ||
	    (limits.watchdog_seconds != 0 &&
	     (limits.watchdog_seconds < 60 || limits.watchdog_seconds > 1800)) ||
	    limits.thresholds.unexplained_rule >= DARUMA_UNEXPLAINED_COUNT ||
	    memchr(limits.normal.path, 0, sizeof(limits.normal.path)) == NULL ||
	    memchr(limits.safe.options, 0, sizeof(limits.safe.options)) == NULL ||
	    memchr(limits.answer_path, 0, sizeof(limits.answer_path)) == NULL)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t bytes[DARUMA_LIMITS_SIZE] = { 0 };

	check(data, size);
	/* Short inputs too: what is not given is zero. */
	memcpy(bytes, data, size < sizeof(bytes) ? size : sizeof(bytes));
	memcpy(bytes, "DLim\x01\x00\x00\x08", 8);
	daruma_put32(bytes + 2044, daruma_crc32(bytes, 2044));
	check(bytes, sizeof(bytes));
	return 0;
}
