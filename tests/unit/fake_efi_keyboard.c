/* fake_efi_keyboard.c: the keyboard of the fake machine
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tests/unit/fake_efi.h"

/* The key that lies in front, or '.'. */
static char next_key(const struct fake_efi *fake)
{
	return fake->next_key && *fake->next_key != '\0' ? *fake->next_key : '.';
}

static void pass(struct fake_efi *fake)
{
	if (!fake->next_key || *fake->next_key == '\0')
		return;
	if (fake->next_key[1] != '\0' || !fake->keys_repeat)
		fake->next_key++;
}

static EFI_STATUS EFIAPI check_event(EFI_EVENT event)
{
	struct fake_efi *fake = fake_efi_now;

	if (event != fake->input.WaitForKey)
		return EFI_INVALID_PARAMETER;
	fake->key_looks++;
	if (fake->key_heard)
		return EFI_SUCCESS;
	if (next_key(fake) == '.')
		pass(fake);
	else
		fake->key_heard = true;
	return fake->key_heard && fake->keyboard_direct ? EFI_SUCCESS : EFI_NOT_READY;
}

static EFI_STATUS EFIAPI read_key(SIMPLE_INPUT_INTERFACE *input, EFI_INPUT_KEY *ret)
{
	struct fake_efi *fake = fake_efi_now;
	char key = next_key(fake);

	(void)input;
	fake->key_reads++;
	if (EFI_ERROR(fake->keyboard_fails_with))
		return fake->keyboard_fails_with;
	pass(fake);
	if (key == '.')
		return EFI_NOT_READY;
	*ret = (EFI_INPUT_KEY){ .ScanCode = key == '?' ? 0x17 : 0,
				.UnicodeChar = key == '?' ? 0 : (CHAR16)(unsigned char)key };
	return EFI_SUCCESS;
}

void fake_efi_keyboard_init(struct fake_efi *fake)
{
	fake->boot.CheckEvent = check_event;
	fake->input.ReadKeyStroke = read_key;
	fake->input.WaitForKey = &fake->input;
}
