/* fuzz_efi_sbsa.c: any bytes as the table GTDT
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "efi/sbsa.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Of exactly this size, so that a look behind it is seen. */
	uint8_t *bytes = malloc(size ? size : 1);
	struct sbsa sbsa;

	memcpy(bytes, data, size);
	if (sbsa_decode(bytes, size, &sbsa) &&
	    (size < 96 + 28 || sbsa.control == 0 || sbsa.refresh == 0 || (sbsa.control & 3)))
		abort();
	free(bytes);
	return 0;
}
