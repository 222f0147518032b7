/* keyboard.c: keys that were pressed (UEFI 2.10, 12.3)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "efi/keyboard.h"

static bool is_signalled(const struct firmware *firmware)
{
	return firmware->boot->CheckEvent(firmware->keyboard->WaitForKey) == EFI_SUCCESS;
}

/* EDK2's console splitter asks the keyboards behind it at their own priority level, so they look
 * only after it has answered: the next question hears what they saw. */
bool keyboard_has_key(const struct firmware *firmware)
{
	return firmware->keyboard && (is_signalled(firmware) || is_signalled(firmware));
}

int keyboard_take(const struct firmware *firmware)
{
	EFI_INPUT_KEY key = { 0 };

	if (!firmware->keyboard ||
	    firmware->keyboard->ReadKeyStroke(firmware->keyboard, &key) != EFI_SUCCESS)
		return KEYBOARD_NONE;
	if (key.UnicodeChar >= 'A' && key.UnicodeChar <= 'Z')
		return key.UnicodeChar - 'A' + 'a';
	return key.UnicodeChar < 0x80 ? key.UnicodeChar : KEYBOARD_OTHER;
}
