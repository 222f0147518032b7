/* test_efi_power.c: the power fails at every write of the stage
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A machine lives through a story of starts. In each telling of it the power fails at one write
 * of one start, before or after the write took effect; then the start is made again and the
 * story goes on.
 */
#include "tests/unit/suite.h"

#include <stdlib.h>
#include <string.h>

#include "efi/variables.h"
#include "tests/unit/fake_efi.h"

#define NORMAL "\\EFI\\normal.efi"
#define RECORD DARUMA_RECORD_NAME FAKE_ID
#define ANSWER DARUMA_ANSWER_NAME FAKE_ID

static struct fake_efi fake;
static struct daruma_record record;
static struct daruma_note note;

/* What the operating system does in one start. */
enum deed {
	GOOD,
	PANIC,
	RESET,
	CLEAN,
	REPAIR,
	FORGET,
};

static void do_deed(enum deed deed, unsigned number)
{
	switch (deed) {
	case GOOD:
		fake_efi_answer(&fake, DARUMA_RESULT_GOOD, DARUMA_REQUEST_NONE);
		break;
	case PANIC:
		fake_efi_dump(&fake, number);
		break;
	case RESET:
		break;
	case CLEAN:
		fake_efi_answer(&fake, DARUMA_RESULT_CLEAN, DARUMA_REQUEST_NONE);
		break;
	case REPAIR:
		fake_efi_answer(&fake, DARUMA_RESULT_CLEAN, DARUMA_REQUEST_TRIAL);
		break;
	case FORGET:
		fake_efi_answer(&fake, DARUMA_RESULT_CLEAN, DARUMA_REQUEST_FORGET);
		break;
	}
}

static const enum deed story[] = { GOOD,  GOOD,	 PANIC, PANIC, RESET,  PANIC, PANIC,  REPAIR, PANIC,
				   CLEAN, PANIC, PANIC, GOOD,  FORGET, GOOD,  REPAIR, GOOD };
#define STARTS (sizeof(story) / sizeof(story[0]))

static void start_whole(void)
{
	ck_assert_int_eq(fake_efi_start(&fake), FAKE_HANDED_OVER);
	ck_assert_int_eq(fake_efi_note(&fake, &note), DARUMA_STATE_VALID);
}

/* The record before a cut. */
struct before {
	bool present;
	struct fake_variable variable;
	bool forget; /* the answer asks for it */
};

static void look(struct before *ret)
{
	const struct fake_variable *old = fake_efi_find(&fake, RECORD, &variables_daruma);
	const struct fake_variable *asked = fake_efi_find(&fake, ANSWER, &variables_daruma);

	*ret = (struct before){ .present = old != NULL };
	if (old)
		ret->variable = *old;
	ret->forget = asked && asked->bytes[27] == DARUMA_REQUEST_FORGET;
}

/* R1: after the cut the record is the old one, byte for byte, or the next one; or it is gone
 * where that was asked for. The first write of a start is the one that changes it. */
static void check_old_or_new(const struct before *before, unsigned write, enum fake_fault cut)
{
	const struct fake_variable *now = fake_efi_find(&fake, RECORD, &variables_daruma);
	const struct fake_variable *old = &before->variable;

	if (write == 1 && cut == FAKE_CUT_BEFORE) {
		ck_assert_int_eq(now != NULL, before->present);
		if (now)
			ck_assert_mem_eq(now->bytes, old->bytes, old->size);
	} else if (!now) {
		ck_assert(before->forget);
	} else {
		ck_assert_int_eq(fake_efi_record(&fake, &record), DARUMA_STATE_VALID);
		ck_assert(!before->present || memcmp(now->bytes, old->bytes, old->size) != 0);
	}
}

/* One start that is cut at its write number `write`; false where it has fewer writes. */
static bool start_cut(unsigned write, enum fake_fault cut)
{
	static struct before before;
	enum fake_end end;

	look(&before);
	fake.set_fault_at = write;
	fake.set_fault = cut;
	end = fake_efi_start(&fake);
	fake.set_fault_at = 0;
	if (end != FAKE_POWER_LOST)
		return false;
	check_old_or_new(&before, write, cut);
	return true;
}

/* Tells the story with one cut; false where start `cut_start` has no such write. */
static bool tell(unsigned cut_start, unsigned write, enum fake_fault cut)
{
	fake_efi_init(&fake);
	for (unsigned i = 0; i < STARTS; i++) {
		if (i == cut_start && !start_cut(write, cut))
			return false;
		start_whole();
		/* One cut adds at most one unexplained ending, which alone never leads to safe
		 * (R38). */
		if (i < 2)
			ck_assert_int_eq(note.rung, DARUMA_RUNG_NORMAL);
		ck_assert_uint_eq(note.troubles, 0);
		do_deed(story[i], i);
	}
	start_whole();
	return true;
}

START_TEST(r1_power_cut_at_every_write)
{
	enum fake_fault cut = _i == 0 ? FAKE_CUT_BEFORE : FAKE_CUT_AFTER;
	unsigned cuts = 0;

	for (unsigned at = 0; at < STARTS; at++) {
		for (unsigned write = 1; tell(at, write, cut); write++)
			cuts++;
	}
	/* Record and note at each start at least. */
	ck_assert_uint_ge(cuts, 2 * STARTS);
}
END_TEST

/* Ten cuts in ten starts, in the stage, with nothing changed: never safe (R38). */
START_TEST(r38_power_cuts_alone_never_lead_to_safe)
{
	fake_efi_init(&fake);
	start_whole();
	fake_efi_answer(&fake, DARUMA_RESULT_GOOD, DARUMA_REQUEST_NONE);
	for (unsigned i = 0; i < 10; i++) {
		start_cut(1 + i % 2, i % 3 ? FAKE_CUT_BEFORE : FAKE_CUT_AFTER);
		start_whole();
		ck_assert(note.rung != DARUMA_RUNG_SAFE && note.rung != DARUMA_RUNG_RESCUE);
	}
}
END_TEST

/* R33 costs two writes: a cut between them leaves no record, which is a normal start. */
START_TEST(r33_power_cut_while_a_wrong_variable_is_replaced)
{
	static const uint8_t planted[DARUMA_RECORD_SIZE] = { 1 };

	for (unsigned write = 1; write <= 4; write++) {
		fake_efi_init(&fake);
		fake_efi_put(&fake, RECORD, &variables_daruma, 7, planted, sizeof(planted));
		fake.set_fault_at = write;
		fake.set_fault = _i == 0 ? FAKE_CUT_BEFORE : FAKE_CUT_AFTER;
		ck_assert_int_eq(fake_efi_start(&fake), FAKE_POWER_LOST);
		fake.set_fault_at = 0;
		start_whole();
		ck_assert_str_eq(fake.started, NORMAL);
		ck_assert_int_eq(note.rung, DARUMA_RUNG_NORMAL);
		ck_assert_int_eq(fake_efi_record(&fake, &record), DARUMA_STATE_VALID);
	}
}
END_TEST

/* A removal that is cut either is done or leaves a stage that works and can be told to forget
 * again. */
START_TEST(power_cut_while_forgetting)
{
	for (unsigned write = 1; write <= 3; write++) {
		fake_efi_init(&fake);
		start_whole();
		fake_efi_answer(&fake, DARUMA_RESULT_CLEAN, DARUMA_REQUEST_FORGET);
		fake.set_fault_at = write;
		fake.set_fault = _i == 0 ? FAKE_CUT_BEFORE : FAKE_CUT_AFTER;
		ck_assert_int_eq(fake_efi_start(&fake), FAKE_POWER_LOST);
		fake.set_fault_at = 0;
		start_whole();
		ck_assert_int_eq(note.rung, DARUMA_RUNG_NORMAL);
		fake_efi_answer(&fake, DARUMA_RESULT_CLEAN, DARUMA_REQUEST_FORGET);
		if (note.reason != DARUMA_REASON_REMOVED)
			start_whole();
		ck_assert_int_eq(note.reason, DARUMA_REASON_REMOVED);
		ck_assert_ptr_null(fake_efi_find(&fake, RECORD, &variables_daruma));
	}
}
END_TEST

/* Each SetVariable call of the story fails in turn, in each way: always a started image. */
START_TEST(r58_every_write_fails_in_turn)
{
	static const EFI_STATUS statuses[] = { EFI_OUT_OF_RESOURCES, EFI_WRITE_PROTECTED,
					       EFI_INVALID_PARAMETER };

	for (unsigned at = 0; at < STARTS; at++) {
		for (unsigned write = 1; write <= 3; write++) {
			fake_efi_init(&fake);
			for (unsigned i = 0; i < STARTS; i++) {
				fake.set_fault_at = i == at ? write : 0;
				fake.set_fault = (enum fake_fault)_i % 3;
				fake.refuse_with = statuses[(unsigned)_i / 3 % 3];
				ck_assert_int_eq(fake_efi_start(&fake), FAKE_HANDED_OVER);
				if (fake_efi_note(&fake, &note) == DARUMA_STATE_VALID)
					do_deed(story[i], i);
			}
		}
	}
}
END_TEST

/* 2,000 random lives: deeds and cuts as they come. Each whole start hands over, and safe is
 * never entered more often in one incident than the limits say (R37). */
START_TEST(random_lives)
{
	unsigned seed = (unsigned)_i + 1;

	srand(seed);
	for (unsigned life = 0; life < 500; life++) {
		fake_efi_init(&fake);
		for (unsigned i = 0; i < 30; i++) {
			if (rand() % 3 == 0)
				start_cut(1 + (unsigned)rand() % 3,
					  rand() % 2 ? FAKE_CUT_BEFORE : FAKE_CUT_AFTER);
			start_whole();
			ck_assert_uint_le(fake.nv_writes,
					  note.reason == DARUMA_REASON_REMOVED ? 2 : 1);
			ck_assert_uint_le(note.incident_starts, 12);
			do_deed((enum deed)(rand() % 6), i);
		}
	}
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("efi_power");
	TCase *cuts = suite_case(all, "cuts", 60);

	tcase_add_loop_test(cuts, r1_power_cut_at_every_write, 0, 2);
	tcase_add_test(cuts, r38_power_cuts_alone_never_lead_to_safe);
	tcase_add_loop_test(cuts, r33_power_cut_while_a_wrong_variable_is_replaced, 0, 2);
	tcase_add_loop_test(cuts, power_cut_while_forgetting, 0, 2);
	tcase_add_loop_test(cuts, r58_every_write_fails_in_turn, 0, 9);
	tcase_add_loop_test(cuts, random_lives, 0, 4);
	return all;
}
