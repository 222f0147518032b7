/* console.c: the one line a start may print
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "efi/console.h"

#include "efi/text.h"
#include "policy/note.h"

#define LINE_SIZE 128

struct line {
	CHAR16 text[LINE_SIZE];
	size_t length;
};

/* What a rung is to the person at the console. Arrays of characters: pointers would need
 * relocation. */
static const char rungs[DARUMA_RUNG_COUNT][16] = {
	"normal start", "held start", "trial start", "safe profile", "rescue profile", "aside",
};

static void add_text(struct line *line, const char *text)
{
	line->length += text_widen(text, line->text + line->length, LINE_SIZE - line->length);
}

static void add_number(struct line *line, uint8_t number)
{
	char digits[4] = { 0 };
	unsigned at = 3;

	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	add_text(line, digits + at);
}

static void print(const struct firmware *firmware, struct line *line)
{
	add_text(line, "\r\n");
	if (firmware->console)
		firmware->console->OutputString(firmware->console, line->text);
}

void console_say_start(const struct firmware *firmware, const struct daruma_decision *decision,
		       uint32_t troubles)
{
	struct line line = { .length = 0 };

	if (decision->rung == DARUMA_RUNG_NORMAL) {
		if (!(troubles & DARUMA_TROUBLE_RECORD_WRITTEN))
			return;
		add_text(&line, "Daruma: normal start, cannot write its record: counting is off");
	} else {
		add_text(&line, "Daruma: ");
		add_text(&line, rungs[decision->rung]);
		add_text(&line, ", reason ");
		add_text(&line, daruma_reason_name(decision->reason));
		add_text(&line, ", panics ");
		add_number(&line, decision->next.counters.panic);
		if (troubles & DARUMA_TROUBLE_TARGET_REPLACED)
			add_text(&line, ", normal target");
	}
	print(firmware, &line);
}

void console_say_no_target(const struct firmware *firmware)
{
	struct line line = { .length = 0 };

	add_text(&line, "Daruma: no target to start, back to the firmware");
	print(firmware, &line);
}
