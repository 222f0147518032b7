/* fuzz_module_signature.c: any bytes as the end of a kernel module's file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/inventory/module_signature.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect_plain(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[MODULE_SIGNATURE_TEXT_SIZE];
	struct module_signature signature;

	module_signature_parse(data, size, &signature);
	if (signature.state == MODULE_SIGNATURE_HIDDEN)
		abort();
	/* What is not sound has nobody's name. */
	if (signature.state != MODULE_SIGNED &&
	    (signature.signer[0] || signature.key[0] || signature.digest[0]))
		abort();
	module_signature_describe(&signature, text, sizeof(text));
	expect_plain(text);
	return 0;
}
