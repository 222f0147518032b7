/* why.c: what is counted, and why this start is what it is, for the person at the keyboard
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "efi/why.h"

#include "efi/console.h"
#include "efi/line.h"
#include "policy/throttle.h"

static void add_count(struct line *line, const char *text, uint32_t number)
{
	line_add(line, text);
	line_add_number(line, number);
}

static void show_rung(const struct firmware *firmware, const struct daruma_situation *situation,
		      const struct daruma_decision *decision)
{
	struct line line = { .length = 0 };

	line_add(&line, "This start: ");
	line_add(&line, console_rung(decision->rung));
	line_add(&line, ", reason ");
	line_add(&line, daruma_reason_name(decision->reason));
	line_add(&line, "; record ");
	line_add(&line, daruma_state_name(situation->record_state));
	line_print(firmware, &line);
}

static void show_endings(const struct firmware *firmware, const struct daruma_situation *situation,
			 const struct daruma_record *next)
{
	struct line line = { .length = 0 };

	line_add(&line, "The last start ended: ");
	line_add(&line, daruma_ending_name(next->last_ending));
	line_add(&line, "; the one before: ");
	line_add(&line, daruma_ending_name(situation->record.last_ending));
	add_count(&line, "; crash dumps ", situation->dumps.count);
	add_count(&line, ", starts ", next->starts);
	line_print(firmware, &line);
}

static void show_counters(const struct firmware *firmware, const struct daruma_record *next)
{
	struct line line = { .length = 0 };

	add_count(&line, "Since the last good start: panics ", next->counters.panic);
	add_count(&line, ", watchdog resets ", next->counters.watchdog);
	add_count(&line, ", unexplained resets ", next->counters.unexplained);
	add_count(&line, ", orderly stops ", next->counters.clean);
	line_print(firmware, &line);
	line_add(&line, "Watched products changed: ");
	line_add(&line, next->changed ? "yes" : "no");
	line_add(&line, "; one is named by a crash: ");
	line_add(&line, next->accused ? "yes" : "no");
	line_print(firmware, &line);
}

static void show_incident(const struct firmware *firmware, const struct daruma_situation *situation,
			  const struct daruma_record *next)
{
	struct line line = { .length = 0 };

	if (next->incident_open) {
		add_count(&line, "Incident ", next->incident);
		add_count(&line, " is open, starts ", next->incident_starts);
	} else if (next->proof_minutes) {
		add_count(&line, "Incident ", next->incident);
		add_count(&line, " goes on for ", next->proof_minutes);
		add_count(&line, " healthy minutes, starts ", next->incident_starts);
	} else {
		line_add(&line, "No incident is open");
	}
	add_count(&line, "; healthy minutes until a new one: ",
		  daruma_throttle_wait(next, &situation->thresholds));
	line_print(firmware, &line);
}

void why_show(const struct firmware *firmware, const struct daruma_situation *situation,
	      const struct daruma_decision *decision)
{
	show_rung(firmware, situation, decision);
	show_endings(firmware, situation, &decision->next);
	show_counters(firmware, &decision->next);
	show_incident(firmware, situation, &decision->next);
}
