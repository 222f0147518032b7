/* fuzz_hardware_error.c: any bytes as the firmware's record of a hardware error
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <stdlib.h>

#include "recovery/hardware_error.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void parse(const uint8_t *data, size_t size, bool cut)
{
	struct hardware_error error;
	int found = hardware_error_parse(data, size, cut, &error);

	if ((found != 0 && found != 1 && found != -EBADMSG) || !error.kind)
		abort();
	if (found != 1 && error.uncorrected)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	parse(data, size, false);
	parse(data, size, true);
	return 0;
}
