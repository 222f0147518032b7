/* story.c: what happened, in plain words
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/commands/story.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "recovery/commands/sentence.h"
#include "recovery/commands/stage_view.h"
#include "recovery/commands/story_verdict.h"
#include "recovery/crash_text.h"
#include "recovery/timestamp.h"

static const char *reason_of(const char *word)
{
	for (unsigned i = 0; i < DARUMA_REASON_COUNT; i++)
		if (strcmp(daruma_reason_name(i), word) == 0)
			return stage_view_reason((enum daruma_reason)i);
	return word;
}

static const char *ending_of(const char *word)
{
	for (unsigned i = 0; i < DARUMA_ENDING_COUNT; i++)
		if (strcmp(daruma_ending_name(i), word) == 0)
			return stage_view_ending((enum daruma_ending)i);
	return word;
}

static const char *how_of(const struct json *row)
{
	switch (story_text(row, "how")[0]) {
	case 'a':
		return "was added";
	case 'r':
		return "was removed";
	default:
		return "was changed";
	}
}

/* What a step of the journal means for the object. */
static const char *step_of(const struct json *row)
{
	static const struct {
		const char *step;
		const char *text;
	} steps[] = {
		{ "planned", "is to be quarantined; that is not finished" },
		{ "copied", "is being quarantined; that is not finished" },
		{ "removed", "was set aside" },
		{ "replaced", "was set aside, and the last good one put back" },
		{ "done", "was set aside" },
		{ "restoring", "is being put back; that is not finished" },
		{ "restored", "was set aside, and put back later" },
		{ "off", "was switched off" },
		{ "lifting", "is being switched on again; that is not finished" },
		{ "on", "was switched off, and on again later" },
		{ "entering", "is being put into its reduced mode; that is not finished" },
		{ "reduced", "was put into its reduced mode" },
		{ "leaving", "is to leave its reduced mode; that is not finished" },
		{ "left", "was put into its reduced mode, and has left it" },
	};

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (strcmp(steps[i].step, story_text(row, "step")) == 0)
			return json_string(json_get(row, "replaced_by")) && i == 4 ? steps[3].text :
										     steps[i].text;
	return story_text(row, "step");
}

/* Or nobody knows what the program called. */
static bool is_program(const struct past_boot *boot)
{
	return !boot->crash_function || strcmp(boot->crash_function, boot->crash_program) == 0;
}

static void tell_crash(struct story *story, const struct past_boot *boot)
{
	if (boot->crash_module)
		story_tell(story, "    It crashed in %s of the kernel module %s.",
			   boot->crash_function ? boot->crash_function : "an unknown function",
			   boot->crash_module);
	else if (boot->crash_program && !is_program(boot))
		story_tell(story,
			   "    It crashed in the kernel function %s, called from the eBPF program "
			   "%s.",
			   boot->crash_function, boot->crash_program);
	else if (boot->crash_program)
		story_tell(story, "    It crashed in the eBPF program %s.", boot->crash_program);
	else if (boot->crash_function)
		story_tell(story, "    It crashed in the kernel function %s.",
			   boot->crash_function);
}

/* A journal ends before the machine did. */
static void tell_source(struct story *story, const struct past_boot *boot)
{
	static const struct {
		enum crash_source source;
		const char *text;
	} places[] = {
		{ CRASH_SOURCE_PSTORE, "the kernel's dump in pstore" },
		{ CRASH_SOURCE_KDUMP, "the log that kdump saved" },
		{ CRASH_SOURCE_JOURNAL,
		  "its journal, which does not tell whether it died of that" },
	};

	for (size_t i = 0; boot->crash_source && i < sizeof(places) / sizeof(places[0]); i++)
		if (strcmp(crash_source_name(places[i].source), boot->crash_source) == 0)
			story_tell(story, "    What is known of its crash is from %s.",
				   places[i].text);
}

static void tell_boot(struct story *story, const struct past_boot *boot)
{
	char time[TIMESTAMP_SIZE];

	timestamp_human(boot->time, story->context->utc, time);
	/* Nobody knows when the other kind began. */
	if (boot->kernel_boot_id[0])
		story_tell(story, "%s  Boot %.8s was a %s boot: %s.", time, boot->boot_id,
			   boot->rung, reason_of(boot->reason));
	else
		story_tell(story, "%-19s  Boot %.8s did not come far enough to say anything.",
			   "time unknown", boot->boot_id);
	if (boot->outcome[0])
		story_tell(story, "    It ended so: %s.",
			   strcmp(boot->outcome, "good") == 0 ? "healthy" :
								ending_of(boot->outcome));
	else
		story_tell(story, "    It has not been answered.");
	tell_crash(story, boot);
	tell_source(story, boot);
	if (boot->not_safe)
		story_tell(story,
			   "    It was not safe: %s. So how it ended proves nothing about the "
			   "product.",
			   boot->not_safe);
}

static void tell_changes(struct story *story, const struct json *changes)
{
	if (json_count(changes) == 0) {
		story_tell(
			story,
			"Nothing of a watched product was found changed since the last good boot.");
		return;
	}
	story_tell(story, "Since the last good boot:");
	for (size_t i = 0; i < json_count(changes); i++) {
		const struct json *row = json_at(changes, i);

		story_tell(story, "    %s %s (%s of %s).", story_text(row, "path"), how_of(row),
			   story_text(row, "kind"), story_text(row, "product"));
	}
}

static void tell_actions(struct story *story, const struct json *actions)
{
	if (json_count(actions) == 0) {
		story_tell(story, "Daruma changed nothing.");
		return;
	}
	story_tell(story, "What Daruma did:");
	for (size_t i = 0; i < json_count(actions); i++) {
		const struct json *row = json_at(actions, i);

		story_tell(story, "    %s %s. Reason: %s.", story_text(row, "path"), step_of(row),
			   story_text(row, "reason"));
	}
}

static void tell_result(struct story *story, const struct incident *incident)
{
	const char *result = json_string(json_get(json_at(incident->facts, 0), "result"));
	char time[TIMESTAMP_SIZE];

	timestamp_human(incident->closed, story->context->utc, time);
	if (incident->closed)
		story_tell(story, "The incident was closed at %s: %s.", time,
			   result && *result ? result : "no result was noted");
	else
		story_tell(story, "The incident is still open.");
}

int story_of_incident(const struct context *context, const struct incident *incident,
		      struct text_list *ret)
{
	struct story story = { .context = context, .sentences = ret };
	const struct json *facts = json_at(incident->facts, 0);
	const char *product = json_string(json_get(facts, "product"));
	char time[TIMESTAMP_SIZE];

	timestamp_human(incident->opened, context->utc, time);
	story_tell(&story, "Incident %lld was opened at %s after %s.%s%s", (long long)incident->id,
		   time, ending_of(story_text(facts, "class")),
		   product ? " It is about this product: " : "", product ? product : "");
	for (size_t i = incident->boots.count; i > 0; i--)
		tell_boot(&story, &incident->boots.items[i - 1]);
	tell_changes(&story, incident->changes);
	story_tell_verdict(&story, incident->verdict);
	tell_actions(&story, incident->actions);
	tell_result(&story, incident);
	return story.error;
}

int story_of_boot(const struct context *context, const struct past_boot *boot,
		  const struct json *verdict, const struct json *changes,
		  const struct json *actions, struct text_list *ret)
{
	struct story story = { .context = context, .sentences = ret };

	tell_boot(&story, boot);
	story_tell(&story, "The boot before it ended so: %s.", ending_of(boot->previous_ending));
	story_tell_verdict(&story, verdict);
	if (json_count(changes) || boot->panics || boot->resets)
		tell_changes(&story, changes);
	if (json_count(actions) || json_count(changes))
		tell_actions(&story, actions);
	return story.error;
}
