/* store.c: what one start leaves in non-volatile variables
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "efi/store.h"

#include "efi/bootentry.h"
#include "efi/text.h"
#include "efi/variables.h"

bool store_record(const struct firmware *firmware, const struct daruma_record *record)
{
	CHAR16 name[TEXT_VARIABLE_NAME_SIZE];
	uint8_t bytes[DARUMA_RECORD_SIZE];
	struct variable variable = { name, &variables_daruma };

	text_variable_name(DARUMA_RECORD_NAME, record->install, name);
	daruma_record_encode(record, bytes);
	return !EFI_ERROR(variables_write(firmware, variable, DARUMA_RECORD_ATTRIBUTES, bytes,
					  sizeof(bytes))) &&
	       variables_holds(firmware, variable, DARUMA_RECORD_ATTRIBUTES, bytes, sizeof(bytes));
}

static bool delete_own(const struct firmware *firmware, const char *prefix,
		       const uint8_t install[DARUMA_GUID_SIZE])
{
	CHAR16 name[TEXT_VARIABLE_NAME_SIZE];
	struct variable variable = { name, &variables_daruma };

	text_variable_name(prefix, install, name);
	return !EFI_ERROR(variables_delete(firmware, variable));
}

bool store_forget(const struct firmware *firmware, const uint8_t install[DARUMA_GUID_SIZE])
{
	bool done = delete_own(firmware, DARUMA_RECORD_NAME, install);

	bootentry_delete_own(firmware);
	/* Linux can delete the answer too, so its failure leaves nothing that nobody can reach. */
	delete_own(firmware, DARUMA_ANSWER_NAME, install);
	return done;
}
