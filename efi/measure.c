/* measure.c: the choice of a rung, told to the TPM before hand-over (R35)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "efi/measure.h"

#include "efi/tagged_event.h"

struct line {
	char text[TAGGED_EVENT_TEXT_MOST + 1];
	size_t size;
};

static void add(struct line *line, const char *text)
{
	while (*text != '\0' && line->size < TAGGED_EVENT_TEXT_MOST)
		line->text[line->size++] = *text++;
	line->text[line->size] = '\0';
}

static const char *chooser(enum daruma_reason reason)
{
	switch (reason) {
	case DARUMA_REASON_MENU:
		return " chosen";
	case DARUMA_REASON_REQUESTED:
		return " requested";
	default:
		return " automatic";
	}
}

static bool measure_limits(const struct firmware *firmware, const struct daruma_limits *limits)
{
	struct tagged_event event = { MEASURE_PCR, MEASURE_TAG_LIMITS, "daruma.limits.v1" };
	uint8_t bytes[DARUMA_LIMITS_SIZE];

	/* What was decided by, which is not what lies on the ESP where a copy is damaged. */
	daruma_limits_encode(limits, bytes);
	return !EFI_ERROR(tagged_event_measure(firmware, &event, bytes, sizeof(bytes)));
}

static bool measure_rung(const struct firmware *firmware, const struct daruma_decision *decision)
{
	struct line line = { .size = 0 };
	struct tagged_event event = { MEASURE_PCR, MEASURE_TAG_RUNG, line.text };

	add(&line, "daruma.rung.v1 ");
	add(&line, daruma_rung_name(decision->rung));
	add(&line, chooser(decision->reason));
	return !EFI_ERROR(
		tagged_event_measure(firmware, &event, (const uint8_t *)line.text, line.size));
}

bool measure_choice(const struct firmware *firmware, const struct daruma_limits *limits,
		    const struct daruma_decision *decision)
{
	bool limits_done;

	if (decision->rung == DARUMA_RUNG_NORMAL)
		return true;
	/* The rung is measured even where the limits could not be: it is what a verifier needs. */
	limits_done = measure_limits(firmware, limits);
	return measure_rung(firmware, decision) && limits_done;
}
