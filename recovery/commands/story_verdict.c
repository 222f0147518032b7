/* story_verdict.c: who is to blame and why, in plain words
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/commands/story_verdict.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "recovery/repair/verdict.h"

static const struct {
	enum verdict_reason reason;
	const char *words;
} reasons[] = {
	{ VERDICT_CHANGED, "it changed since the last good boot" },
	{ VERDICT_NEWEST, "no change is newer" },
	{ VERDICT_NEAR, "the change landed shortly before the first failure" },
	{ VERDICT_NAMED, "the kernel's report of the crash names its module" },
	{ VERDICT_PROGRAM, "the kernel's report of the crash names an eBPF program that only its "
			   "processes had open" },
	{ VERDICT_UNCHANGED, "but nothing of it changed" },
	{ VERDICT_PAIR, "and the kernel below it is not the one of the last good boot" },
};

static bool has_reason(const struct json *suspect, enum verdict_reason reason)
{
	const struct json *list = json_get(suspect, "reasons");
	const char *name = verdict_reason_name(reason);

	for (size_t i = 0; i < json_count(list); i++) {
		const char *word = json_string(json_at(list, i));

		if (word && name && strcmp(word, name) == 0)
			return true;
	}
	return false;
}

static void tell_suspect(struct story *story, const struct json *suspect)
{
	char text[512] = "";
	size_t length = 0;

	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (has_reason(suspect, reasons[i].reason))
			length += (size_t)snprintf(text + length, sizeof(text) - length, "%s%s",
						   length ? "; " : "", reasons[i].words);
	story_tell(story, "    %s: %s.", story_text(suspect, "product"), text);
}

static void tell_blame(struct story *story, const struct json *verdict, const char *product)
{
	const char *certainty = story_text(verdict, "certainty");
	const char *partner = json_string(json_get(verdict, "partner"));

	if (!partner)
		story_tell(story, "Verdict: %s. To blame is what changed of %s.", certainty,
			   product);
	else if (strcmp(partner, VERDICT_KERNEL) == 0)
		story_tell(story, "Verdict: %s. %s and the changed kernel do not go together.",
			   certainty, product);
	else
		story_tell(story,
			   "Verdict: %s. To blame is what changed of %s, although the crash was in "
			   "%s.",
			   certainty, product, partner);
}

static void tell_holder(struct story *story, const struct json *holder)
{
	const char *unit = json_string(json_get(holder, "unit"));
	const char *executable = json_string(json_get(holder, "executable"));

	story_tell(story, "    The eBPF program was open in %s%s%s.",
		   executable ? executable : "a process", unit ? " of " : "", unit ? unit : "");
}

void story_tell_verdict(struct story *story, const struct json *verdict)
{
	const struct json *suspects = json_get(verdict, "suspects");
	const struct json *holders = json_get(verdict, "program_holders");
	const char *product = json_string(json_get(verdict, "product"));

	if (!verdict)
		return;
	if (product)
		tell_blame(story, verdict, product);
	else
		story_tell(story, "Verdict: unknown. %s",
			   json_count(suspects) ? "Nothing points to one of these alone:" :
						  "Nothing that Daruma watches changed.");
	for (size_t i = 0; i < json_count(suspects); i++)
		tell_suspect(story, json_at(suspects, i));
	for (size_t i = 0; i < json_count(holders); i++)
		tell_holder(story, json_at(holders, i));
}
