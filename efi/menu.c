/* menu.c: what a person at the keyboard may choose for one start
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "efi/menu.h"

#include "efi/console.h"
#include "efi/keyboard.h"
#include "efi/line.h"
#include "efi/why.h"

#define ROUND_MICROSECONDS 50000u
#define ROUNDS		   (MENU_SECONDS * 1000000u / ROUND_MICROSECONDS)

/* A held key repeats, and each page takes time on a serial line: both have an end. */
#define KEYS_MOST  64 /* taken in one round, or at the first look */
#define PAGES_MOST 8

struct dialogue {
	const struct firmware *firmware;
	const struct daruma_situation *situation;
	const struct daruma_decision *decision;
	unsigned pages; /* shown so far */
	enum daruma_choice choice;
};

struct entry {
	char key;
	uint8_t choice;
	char text[24];
};

static const struct entry entries[] = {
	{ 'n', DARUMA_CHOICE_NORMAL, "normal start, once" },
	{ 's', DARUMA_CHOICE_SAFE, "safe profile" },
	{ 'r', DARUMA_CHOICE_RESCUE, "rescue profile" },
};

#define ENTRIES (sizeof(entries) / sizeof(entries[0]))

bool menu_is_wanted(const struct firmware *firmware)
{
	int key = KEYBOARD_OTHER;

	/* A menu that nobody can see asks nobody. */
	if (!firmware->console || !keyboard_has_key(firmware))
		return false;
	for (unsigned i = 0; i < KEYS_MOST && key != MENU_KEY && key != KEYBOARD_NONE; i++)
		key = keyboard_take(firmware);
	return key == MENU_KEY;
}

/* The decision itself says what it would grant. */
static bool is_granted(const struct dialogue *dialogue, const struct entry *entry)
{
	struct daruma_situation situation = *dialogue->situation;
	struct daruma_decision decision;

	situation.choice = (enum daruma_choice)entry->choice;
	daruma_decide(&situation, &decision);
	return decision.reason == DARUMA_REASON_MENU;
}

static void show_key(const struct dialogue *dialogue, const char *key, const char *text)
{
	struct line line = { .length = 0 };

	line_add(&line, "  ");
	line_add(&line, key);
	line_add(&line, "  ");
	line_add(&line, text);
	line_print(dialogue->firmware, &line);
}

static void show(const struct dialogue *dialogue)
{
	struct line line = { .length = 0 };

	line_add(&line, "Daruma: without a choice within ");
	line_add_number(&line, MENU_SECONDS);
	line_add(&line, " seconds: ");
	line_add(&line, console_rung(dialogue->decision->rung));
	line_print(dialogue->firmware, &line);
	for (unsigned i = 0; i < ENTRIES; i++) {
		if (is_granted(dialogue, &entries[i]))
			show_key(dialogue, (char[2]){ entries[i].key, '\0' }, entries[i].text);
	}
	show_key(dialogue, "w", "show why");
	show_key(dialogue, "Enter", "go on without a choice");
}

static void show_why(struct dialogue *dialogue)
{
	if (dialogue->pages++ >= PAGES_MOST)
		return;
	why_show(dialogue->firmware, dialogue->situation, dialogue->decision);
	show(dialogue);
}

/* True where the dialogue ends with this key. */
static bool obey(struct dialogue *dialogue, int key)
{
	if (key == '\r' || key == '\n')
		return true;
	if (key == 'w')
		show_why(dialogue);
	for (unsigned i = 0; i < ENTRIES; i++) {
		if (key == entries[i].key && is_granted(dialogue, &entries[i])) {
			dialogue->choice = (enum daruma_choice)entries[i].choice;
			return true;
		}
	}
	return false;
}

static bool obey_waiting_keys(struct dialogue *dialogue)
{
	for (unsigned i = 0; i < KEYS_MOST; i++) {
		int key = keyboard_take(dialogue->firmware);

		if (key == KEYBOARD_NONE)
			return false;
		if (obey(dialogue, key))
			return true;
	}
	return false;
}

enum daruma_choice menu_ask(const struct firmware *firmware,
			    const struct daruma_situation *situation,
			    const struct daruma_decision *decision)
{
	struct dialogue dialogue = { .firmware = firmware,
				     .situation = situation,
				     .decision = decision,
				     .choice = DARUMA_CHOICE_NONE };

	show(&dialogue);
	/* Rounds are counted, not events waited for: firmware whose timers stand still ends too. */
	for (unsigned i = 0; i < ROUNDS && !obey_waiting_keys(&dialogue); i++)
		firmware->boot->Stall(ROUND_MICROSECONDS);
	return dialogue.choice;
}
