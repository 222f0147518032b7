/* fuzz_policy_file.c: any bytes as a policy; what is accepted is what the firmware stage will use
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/policy_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char problem[POLICY_PROBLEM_SIZE] = "";
	uint8_t bytes[DARUMA_LIMITS_SIZE];
	struct daruma_limits limits;
	struct policy_file policy;

	if (policy_file_parse("p", (const char *)data, size, &policy, problem)) {
		if (!problem[0])
			abort();
		return 0;
	}
	daruma_limits_encode(&policy.limits, bytes);
	if (daruma_limits_decode(bytes, sizeof(bytes), policy.limits.install, &limits) !=
		    DARUMA_STATE_VALID ||
	    memcmp(&limits.thresholds, &policy.limits.thresholds, sizeof(limits.thresholds)) != 0 ||
	    strcmp(limits.normal.path, policy.limits.normal.path) != 0)
		abort();
	return 0;
}
