/* menu.h: what a person at the keyboard may choose for one start
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The only place where the stage waits, and only after a person held the menu's key. It always
 * ends, whatever is typed: the person chose, or the time is up and the start goes on as it would
 * have without the menu.
 */
#ifndef DARUMA_EFI_MENU_H
#define DARUMA_EFI_MENU_H

#include "efi/firmware.h"

#include <stdbool.h>

#include "policy/decision.h"

#define MENU_KEY     'd'
#define MENU_SECONDS 60

/* Whether the menu's key was pressed. No other opens it: serial lines make noise, and other keys
 * may be meant for the loader behind us. No wait, and where no key was pressed nothing is taken;
 * where some were, they are, up to the menu's. */
bool menu_is_wanted(const struct firmware *firmware);

/* Shows what this start would be without a choice, as `decision` says, and what may be chosen in
 * `situation`, and waits for a key. Writes nothing but text. NONE where nobody chose. */
enum daruma_choice menu_ask(const struct firmware *firmware,
			    const struct daruma_situation *situation,
			    const struct daruma_decision *decision);

#endif
