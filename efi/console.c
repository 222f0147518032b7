/* console.c: the one line a start may print
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "efi/console.h"

#include "efi/line.h"
#include "policy/note.h"

/* Arrays of characters: pointers would need relocation. */
static const char rungs[DARUMA_RUNG_COUNT][16] = {
	"normal start", "held start", "trial start", "safe profile", "rescue profile", "aside",
};

const char *console_rung(enum daruma_rung rung)
{
	return rungs[rung];
}

void console_say_start(const struct firmware *firmware, const struct daruma_decision *decision,
		       uint32_t troubles)
{
	struct line line = { .length = 0 };

	if (decision->rung == DARUMA_RUNG_NORMAL) {
		if (!(troubles & DARUMA_TROUBLE_RECORD_WRITTEN))
			return;
		line_add(&line, "Daruma: normal start, cannot write its record: counting is off");
	} else {
		line_add(&line, "Daruma: ");
		line_add(&line, console_rung(decision->rung));
		line_add(&line, ", reason ");
		line_add(&line, daruma_reason_name(decision->reason));
		line_add(&line, ", panics ");
		line_add_number(&line, decision->next.counters.panic);
		if (troubles & DARUMA_TROUBLE_TARGET_REPLACED)
			line_add(&line, ", normal target");
	}
	line_print(firmware, &line);
}

void console_say_no_target(const struct firmware *firmware, uint32_t troubles)
{
	struct line line = { .length = 0 };

	line_add(&line, "Daruma: no target to start");
	if (troubles & DARUMA_TROUBLE_TARGET_REFUSED)
		line_add(&line, " (refused: not signed by a trusted key)");
	line_add(&line, ", back to the firmware");
	line_print(firmware, &line);
}
