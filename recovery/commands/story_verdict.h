/* story_verdict.h: who is to blame and why, in plain words
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_COMMANDS_STORY_VERDICT_H
#define DARUMA_RECOVERY_COMMANDS_STORY_VERDICT_H

#include "recovery/commands/sentence.h"

/* `verdict` is that of verdict_view.h; NULL: nothing is told. */
void story_tell_verdict(struct story *story, const struct json *verdict);

#endif
