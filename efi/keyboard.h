/* keyboard.h: keys that were pressed (UEFI 2.10, 12.3)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_EFI_KEYBOARD_H
#define DARUMA_EFI_KEYBOARD_H

#include "efi/firmware.h"

#include <stdbool.h>

#define KEYBOARD_NONE  (-1) /* no key, or no keyboard */
#define KEYBOARD_OTHER 0    /* a key without an ASCII character */

/* Whether a key waits to be read. Does not wait, takes nothing away from the loader behind us, and
 * does not make the firmware look for keyboards that it has not connected, as reading would on one
 * that starts fast (EDK2, PcdConInConnectOnDemand). */
bool keyboard_has_key(const struct firmware *firmware);

/* Takes the key that was pressed first: its character in lower case, or one of the above. Does not
 * wait. */
int keyboard_take(const struct firmware *firmware);

#endif
