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
	{ VERDICT_PAIR, "and what it was started above is not that of the last good boot" },
	{ VERDICT_RELEASE, "another kernel runs" },
	{ VERDICT_IMAGE, "the file of the kernel is another one" },
	{ VERDICT_INITRAMFS, "its initramfs is another one" },
	{ VERDICT_COMMAND_LINE, "it was started with another command line" },
};

/* What of the kernel is changed, as far as that was noted. */
static const struct {
	enum verdict_reason reason;
	const char *words;
} parts[] = {
	{ VERDICT_RELEASE, "kernel" },
	{ VERDICT_IMAGE, "kernel image" },
	{ VERDICT_INITRAMFS, "initramfs" },
	{ VERDICT_COMMAND_LINE, "command line" },
};

#define PARTS_SIZE 64

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

/* "initramfs and command line" */
static void name_parts(const struct json *verdict, char ret[PARTS_SIZE])
{
	const struct json *suspects = json_get(verdict, "suspects");
	size_t length = 0;

	snprintf(ret, PARTS_SIZE, "kernel");
	for (size_t i = 0; i < json_count(suspects); i++) {
		const struct json *suspect = json_at(suspects, i);

		if (strcmp(story_text(suspect, "product"), VERDICT_KERNEL) != 0)
			continue;
		for (size_t k = 0; k < sizeof(parts) / sizeof(parts[0]); k++)
			if (has_reason(suspect, parts[k].reason) && length < PARTS_SIZE)
				length +=
					(size_t)snprintf(ret + length, PARTS_SIZE - length, "%s%s",
							 length ? " and " : "", parts[k].words);
	}
}

static void tell_blame(struct story *story, const struct json *verdict, const char *product)
{
	const char *certainty = story_text(verdict, "certainty");
	const char *partner = json_string(json_get(verdict, "partner"));
	char start[PARTS_SIZE];

	name_parts(verdict, start);
	if (strcmp(product, VERDICT_KERNEL) == 0)
		story_tell(story, "Verdict: %s. To blame is the changed %s.", certainty, start);
	else if (!partner)
		story_tell(story, "Verdict: %s. To blame is what changed of %s.", certainty,
			   product);
	else if (strcmp(partner, VERDICT_KERNEL) == 0)
		story_tell(story, "Verdict: %s. %s and the changed %s do not go together.",
			   certainty, product, start);
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
