/* test_efi_watchdog_kinds.c: the watchdogs of 6300ESB, AMD's chipsets and ARM servers, and which kind limits let be armed
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tests/unit/suite.h"

#include <string.h>

#include "efi/fch.h"
#include "efi/i6300esb.h"
#include "efi/memory_map.h"
#include "efi/sbsa.h"
#include "efi/watchdog.h"
#include "policy/bytes.h"
#include "tests/unit/fake_efi_starts.h"

#define ESB (1u << DARUMA_WATCHDOG_I6300ESB)
#define FCH (1u << DARUMA_WATCHDOG_FCH)

static struct firmware firmware;

static void switch_on(void)
{
	fake_efi_now = &fake;
	fake_efi_hardware_switch_on(&fake);
	ck_assert_uint_eq(firmware_open(&fake, &fake.table, &fake_efi_registers, &firmware),
			  EFI_SUCCESS);
}

static void with(void (*device)(struct fake_efi *fake))
{
	fake_efi_init(&fake);
	device(&fake);
	switch_on();
}

/* --- 6300ESB ---------------------------------------- */

START_TEST(esb_is_found_and_left_as_it_is)
{
	struct fake_i6300esb before;

	with(fake_efi_i6300esb);
	before = fake.hardware.i6300esb;
	ck_assert(i6300esb_is_there(&firmware));
	ck_assert_mem_eq(&before, &fake.hardware.i6300esb, sizeof(before));
	ck_assert_uint_eq(fake.hardware.pci_address, 0x80001234);
	ck_assert_uint_eq(fake.hardware.outside, 0);
}
END_TEST

START_TEST(esb_without_registers_in_memory_is_none)
{
	static const uint32_t bases[] = { 0, 0xfebf0001, 0x0000000c };

	for (size_t i = 0; i < sizeof(bases) / sizeof(bases[0]); i++) {
		with(fake_efi_i6300esb);
		fake.hardware.i6300esb.base = bases[i];
		ck_assert(!i6300esb_is_there(&firmware));
		ck_assert(!i6300esb_arm(&firmware, 60));
		ck_assert(!i6300esb_fired(&firmware));
		i6300esb_stop(&firmware);
	}
	with(fake_efi_i6300esb);
	fake.hardware.i6300esb.identity = 0x25a18086;
	ck_assert(!i6300esb_is_there(&firmware));
}
END_TEST

/* R5: two expiries, half of the time each; other bits stay; the registers answer no longer than is needed. */
START_TEST(r5_esb_gets_half_of_the_time_twice)
{
	const struct fake_i6300esb *esb = &fake.hardware.i6300esb;

	with(fake_efi_i6300esb);
	ck_assert(i6300esb_arm(&firmware, 60));
	ck_assert(fake_efi_is_watched(&fake));
	ck_assert_uint_eq(esb->first, 60 * 512);
	ck_assert_uint_eq(esb->second, 60 * 512);
	ck_assert_uint_eq(esb->config, 0x1003);
	ck_assert_uint_eq(esb->lock, 2);
	ck_assert_uint_eq(esb->reloads, 1);
	ck_assert_uint_eq(esb->command, 0);
	ck_assert(i6300esb_arm(&firmware, 1800));
	ck_assert_uint_eq(esb->first, 1800 * 512);
	ck_assert(i6300esb_arm(&firmware, 60000));
	ck_assert_uint_eq(esb->second, 0xfffff);
	ck_assert_uint_eq(fake.hardware.outside, 0);
}
END_TEST

START_TEST(esb_that_does_not_do_as_told_is_stopped)
{
	with(fake_efi_i6300esb);
	fake.hardware.i6300esb.config_stays = _i == 0;
	fake.hardware.i6300esb.lock_stays = _i == 1;
	ck_assert(!i6300esb_arm(&firmware, 60));
	ck_assert_uint_eq(fake.hardware.i6300esb.lock, 0);
	ck_assert_uint_eq(fake.hardware.i6300esb.command, 0);
}
END_TEST

/* Whoever locked it wanted it so. */
START_TEST(esb_that_is_locked_stays_as_it_is)
{
	struct fake_i6300esb before;

	with(fake_efi_i6300esb);
	fake.hardware.i6300esb.lock = 3;
	before = fake.hardware.i6300esb;
	ck_assert(!i6300esb_arm(&firmware, 60));
	i6300esb_stop(&firmware);
	ck_assert_mem_eq(&before, &fake.hardware.i6300esb, sizeof(before));
}
END_TEST

/* R4 */
START_TEST(r4_esb_status_is_read_once)
{
	with(fake_efi_i6300esb);
	fake.hardware.i6300esb.one_more_flag = _i;
	ck_assert(!i6300esb_fired(&firmware));
	ck_assert(i6300esb_arm(&firmware, 60));
	ck_assert(fake_efi_expires(&fake));
	ck_assert(i6300esb_fired(&firmware));
	ck_assert(!i6300esb_fired(&firmware));
	fake.hardware.i6300esb.fired = true;
	ck_assert(i6300esb_arm(&firmware, 60));
	ck_assert(!i6300esb_fired(&firmware));
	i6300esb_stop(&firmware);
	ck_assert(!fake_efi_is_watched(&fake));
}
END_TEST

/* --- AMD ---------------------------------------- */

START_TEST(fch_is_found_and_left_as_it_is)
{
	struct fake_fch before;

	with(fake_efi_fch);
	before = fake.hardware.fch;
	ck_assert(fch_is_there(&firmware));
	ck_assert_mem_eq(&before, &fake.hardware.fch, sizeof(before));
	ck_assert_uint_eq(fake.hardware.outside, 0);
}
END_TEST

/* Older ones have their registers elsewhere. */
START_TEST(fch_of_known_chipsets_only)
{
	with(fake_efi_fch);
	fake.hardware.fch.revision = 0x50;
	ck_assert(!fch_is_there(&firmware));
	with(fake_efi_fch);
	fake.hardware.fch.identity = 0x780b1022;
	ck_assert(!fch_is_there(&firmware));
	with(fake_efi_fch);
	fake.hardware.fch.isa = 0;
	ck_assert(!fch_is_there(&firmware));
	ck_assert(!fch_arm(&firmware, 60));
	ck_assert(!fch_fired(&firmware));
	fch_stop(&firmware);
	with(fake_efi_fch);
	fake.hardware.fch.decode = 0x81;
	fake.hardware.fch.control = 8;
	ck_assert(!fch_is_there(&firmware));
	ck_assert(!fch_arm(&firmware, 60));
	with(fake_efi_tco);
	ck_assert(!fch_is_there(&firmware));
	ck_assert_uint_eq(fake.hardware.outside, 0);
}
END_TEST

/* R5 */
START_TEST(r5_fch_gets_the_seconds)
{
	const struct fake_fch *fch = &fake.hardware.fch;

	with(fake_efi_fch);
	ck_assert(fch_arm(&firmware, 60));
	ck_assert(fake_efi_is_watched(&fake));
	ck_assert_uint_eq(fch->count, 60);
	ck_assert_uint_eq(fch->clock, 0x53);
	ck_assert_uint_eq(fch->decode, 0x81);
	ck_assert_uint_eq(fch->control, 1);
	ck_assert_uint_eq(fch->reloads, 1);
	ck_assert(fch_arm(&firmware, 100000));
	ck_assert_uint_eq(fch->count, 0xffff);
	ck_assert_uint_eq(fake.hardware.outside, 0);
}
END_TEST

START_TEST(fch_that_does_not_do_as_told_is_stopped)
{
	with(fake_efi_fch);
	fake.hardware.fch.decode_stays = _i == 0;
	fake.hardware.fch.clock_stays = _i == 1;
	fake.hardware.fch.count_stays = _i == 2;
	fake.hardware.fch.run_stays = _i == 3;
	ck_assert(!fch_arm(&firmware, 60));
	ck_assert_uint_eq(fake.hardware.fch.control & 1, 0);
	ck_assert_uint_eq(fake.hardware.outside, 0);
}
END_TEST

/* R4 */
START_TEST(r4_fch_status_is_read_once)
{
	with(fake_efi_fch);
	ck_assert(!fch_fired(&firmware));
	ck_assert(fch_arm(&firmware, 60));
	ck_assert(!fch_fired(&firmware));
	ck_assert(fake_efi_expires(&fake));
	ck_assert(fch_fired(&firmware));
	ck_assert(!fch_fired(&firmware));
	fake.hardware.fch.control |= 2;
	ck_assert(fch_arm(&firmware, 60));
	ck_assert(!fch_fired(&firmware));
	fch_stop(&firmware);
	ck_assert(!fake_efi_is_watched(&fake));
}
END_TEST

/* To stop it is not to forget what it has done. */
START_TEST(fch_that_is_stopped_keeps_its_status)
{
	with(fake_efi_fch);
	ck_assert(fch_arm(&firmware, 60));
	ck_assert(fake_efi_expires(&fake));
	fch_stop(&firmware);
	ck_assert(fch_fired(&firmware));
}
END_TEST

/* --- ARM ---------------------------------------- */

START_TEST(sbsa_is_found_behind_other_timers)
{
	struct sbsa sbsa;
	const struct fake_table *table = &fake.hardware.tables[FAKE_GTDT];

	with(fake_efi_sbsa);
	ck_assert(sbsa_decode(table->bytes, table->size, &sbsa));
	ck_assert_uint_eq(sbsa.refresh, FAKE_SBSA_REFRESH);
	ck_assert_uint_eq(sbsa.control, FAKE_SBSA_CONTROL);
	ck_assert(sbsa_is_there(&firmware));
	ck_assert_uint_eq(fake.hardware.sbsa.reloads, 0);
	ck_assert_uint_eq(fake.hardware.sbsa.control, 0);
	/* A cut table is none, wherever it is cut. */
	for (size_t size = 0; size < table->size; size++)
		ck_assert(!sbsa_decode(table->bytes, size, &sbsa));
}
END_TEST

static const struct {
	size_t at;
	uint8_t value;
} not_ours[] = {
	{ 88, 1 },	 /* there is none */
	{ 92, 80 },	 /* within the header */
	{ 95, 0xff },	 /* they begin behind the table */
	{ 105, 3 },	 /* shorter than any */
	{ 106, 0xff },	 /* longer than the table */
	{ 124, 0 },	 /* of another type */
	{ 124 + 1, 27 }, /* too short for one */
	{ 124 + 24, 4 }, /* of the secure world */
	{ 124 + 4, 1 },	 /* registers at no such place */
	{ 124 + 7, 0 },	 /* elsewhere: nothing is there */
};

START_TEST(sbsa_that_is_not_ours_is_none)
{
	struct fake_table *table = &fake.hardware.tables[FAKE_GTDT];

	with(fake_efi_sbsa);
	table->bytes[not_ours[_i].at] = not_ours[_i].value;
	fake_efi_seal_table(table);
	fake.hardware.unreachable = _i == 9 ? FAKE_SBSA_REFRESH & 0xffffff : 0;
	ck_assert(!sbsa_is_there(&firmware));
	ck_assert(!sbsa_arm(&firmware, 60));
	ck_assert(!sbsa_fired(&firmware));
	sbsa_stop(&firmware);
	ck_assert_uint_eq(fake.hardware.sbsa.control, 0);
}
END_TEST

/* An access to what is not there ends the start, on aarch64. */
START_TEST(nothing_is_read_where_nothing_is)
{
	static const uint64_t holes[] = { FAKE_SBSA_REFRESH, FAKE_SBSA_CONTROL,
					  FAKE_SBSA_CONTROL + 0xfcc };

	for (size_t i = 0; i < sizeof(holes) / sizeof(holes[0]); i++) {
		with(fake_efi_sbsa);
		fake.hardware.unreachable = holes[i];
		ck_assert(!sbsa_arm(&firmware, 60));
		ck_assert_uint_eq(fake.hardware.sbsa.reloads, 0);
	}
	for (unsigned i = 0; i < FAKE_TABLES; i++) {
		if (i == FAKE_FACP || i == FAKE_WDAT)
			continue;
		with(fake_efi_sbsa);
		fake.hardware.unreachable = fake.hardware.tables[i].address + 30;
		ck_assert_msg(!sbsa_is_there(&firmware), "table %u", i);
	}
	with(fake_efi_wdat);
	fake.hardware.unreachable = 0xfed1f410;
	ck_assert_int_eq(watchdog_find(&firmware, 0), DARUMA_WATCHDOG_NONE);
}
END_TEST

/* R5: it resets at the second expiry. */
START_TEST(r5_sbsa_gets_half_of_the_time)
{
	const struct fake_sbsa *sbsa = &fake.hardware.sbsa;

	with(fake_efi_sbsa);
	ck_assert(sbsa_arm(&firmware, 60));
	ck_assert(fake_efi_is_watched(&fake));
	ck_assert_uint_eq(sbsa->offset, 3000000000u);
	ck_assert_uint_eq(sbsa->reloads, 1);
	/* What 32 bits cannot count is not counted at all: it would be another time. */
	ck_assert(!sbsa_arm(&firmware, 300));
	ck_assert(sbsa_arm(&firmware, 82));
	fake.hardware.sbsa.version = 1;
	ck_assert(sbsa_arm(&firmware, 300));
	ck_assert_uint_eq(sbsa->offset, (uint32_t)15000000000ull);
	ck_assert_uint_eq(sbsa->offset_high, 15000000000ull >> 32);
	fake.hardware.sbsa.version = 0;
	fake.hardware.sbsa.ticks = 1000000000;
	ck_assert(!sbsa_is_there(&firmware));
	ck_assert(!sbsa_arm(&firmware, 60));
	fake.hardware.sbsa.ticks = 0;
	ck_assert(!sbsa_is_there(&firmware));
	fake.hardware.sbsa.ticks = 100000000;
	fake.hardware.sbsa.run_stays = true;
	ck_assert(!sbsa_arm(&firmware, 60));
}
END_TEST

/* R4 */
START_TEST(r4_sbsa_status_is_read_once)
{
	with(fake_efi_sbsa);
	ck_assert(!sbsa_fired(&firmware));
	ck_assert(sbsa_arm(&firmware, 60));
	ck_assert(!sbsa_fired(&firmware));
	ck_assert(fake_efi_expires(&fake));
	fake_efi_hardware_switch_on(&fake);
	ck_assert(sbsa_fired(&firmware));
	ck_assert(!sbsa_fired(&firmware));
	ck_assert(sbsa_arm(&firmware, 60));
	sbsa_stop(&firmware);
	ck_assert(!fake_efi_is_watched(&fake));
}
END_TEST

/* --- the map ---------------------------------------- */

static struct memory_map_entry entry;
static EFI_STATUS map_status;

static EFI_STATUS EFIAPI get_entry(UINT64 address, struct memory_map_entry *ret)
{
	(void)address;
	*ret = entry;
	return map_status;
}

START_TEST(what_the_map_has_is_there)
{
	static const EFI_GUID guid = {
		0x05ad34ba, 0x6f02, 0x4214, { 0x95, 0x2e, 0x4d, 0xa0, 0x39, 0x8e, 0x2b, 0xb9 }
	};
	struct memory_map_services services = {
		.header = { .Signature = 0x565245535f455844, .HeaderSize = sizeof(services) },
		.get_memory_space_descriptor = get_entry,
	};

	with(fake_efi_sbsa);
	entry = (struct memory_map_entry){ .base = 0x1000, .size = 0x1000, .type = 2 };
	map_status = EFI_SUCCESS;
	/* Firmware of another make has no such map. */
	ck_assert(!memory_map_has(&firmware, 0x1000, 1));
	fake.configuration[0] = (EFI_CONFIGURATION_TABLE){ guid, &services };
	ck_assert(memory_map_has(&firmware, 0x1000, 0x1000));
	ck_assert(memory_map_has(&firmware, 0x1fff, 1));
	ck_assert(!memory_map_has(&firmware, 0x1fff, 2));
	ck_assert(!memory_map_has(&firmware, 0x1000, 0x1001));
	ck_assert(!memory_map_has(&firmware, 0xfff, 1));
	ck_assert(!memory_map_has(&firmware, 0x1800, UINT64_MAX));
	ck_assert(!memory_map_has(&firmware, 0x2001, 1));
	/* Registers count where they are mapped, and what is neither does not. */
	entry.type = 3;
	ck_assert(!memory_map_has(&firmware, 0x1000, 4));
	entry.attributes = 1;
	ck_assert(memory_map_has(&firmware, 0x1000, 4));
	entry.type = 0;
	ck_assert(!memory_map_has(&firmware, 0x1000, 4));
	entry.type = 2;
	map_status = EFI_NOT_FOUND;
	ck_assert(!memory_map_has(&firmware, 0x1000, 4));
	map_status = EFI_SUCCESS;
	services.header.HeaderSize = 24;
	ck_assert(!memory_map_has(&firmware, 0x1000, 4));
	services.header.HeaderSize = sizeof(services);
	services.header.Signature++;
	ck_assert(!memory_map_has(&firmware, 0x1000, 4));
}
END_TEST

/* --- starts ---------------------------------------- */

static void allow(uint16_t watchdogs)
{
	static uint8_t bytes[DARUMA_LIMITS_SIZE];
	struct daruma_limits limits;

	ck_assert_int_eq(daruma_limits_decode(fake.files[0].bytes, DARUMA_LIMITS_SIZE, fake_install,
					      &limits),
			 DARUMA_STATE_VALID);
	limits.watchdog_seconds = 60;
	limits.watchdogs = watchdogs;
	daruma_limits_encode(&limits, bytes);
	fake_efi_file(&fake, DARUMA_ESP_LIMITS, bytes, sizeof(bytes));
}

static const struct {
	uint16_t watchdogs;
	enum daruma_watchdog armed;
} allowed[] = {
	{ 0, DARUMA_WATCHDOG_TCO },
	{ 1u << DARUMA_WATCHDOG_TCO, DARUMA_WATCHDOG_TCO },
	{ 1u << DARUMA_WATCHDOG_WDAT, DARUMA_WATCHDOG_NONE },
	{ ESB, DARUMA_WATCHDOG_I6300ESB },
	{ FCH, DARUMA_WATCHDOG_FCH },
	{ FCH | ESB, DARUMA_WATCHDOG_FCH },
	{ FCH | ESB | 1u << DARUMA_WATCHDOG_TCO, DARUMA_WATCHDOG_TCO },
	{ 1u << DARUMA_WATCHDOG_NONE, DARUMA_WATCHDOG_NONE },
	{ 1u << DARUMA_WATCHDOG_COUNT, DARUMA_WATCHDOG_NONE },
};

/* R5: what the system has no driver for would reset it in use. */
START_TEST(r5_only_what_the_system_takes_over_is_armed)
{
	fake_arm();
	fake_efi_tco(&fake);
	fake_efi_i6300esb(&fake);
	fake_efi_fch(&fake);
	allow(allowed[_i].watchdogs);
	fake_start_counted(FAKE_NORMAL);
	ck_assert_uint_eq(fake_note.watchdog, allowed[_i].armed);
	ck_assert_uint_eq(fake_record.watchdog, allowed[_i].armed);
	ck_assert_uint_eq(fake_note.troubles, allowed[_i].armed ? 0 : DARUMA_TROUBLE_NOT_WATCHED);
	ck_assert_int_eq(fake.hardware.i6300esb.lock == 2,
			 allowed[_i].armed == DARUMA_WATCHDOG_I6300ESB);
	ck_assert_int_eq(fake.hardware.fch.control & 1, allowed[_i].armed == DARUMA_WATCHDOG_FCH);
}
END_TEST

static const struct {
	void (*lay)(struct fake_efi *fake);
	uint16_t bit;
} kinds_of_all[] = { { fake_efi_i6300esb, ESB },
		     { fake_efi_fch, FCH },
		     { fake_efi_sbsa, 1u << DARUMA_WATCHDOG_SBSA } };

/* Limits of before: what they say was seen with another driver. */
START_TEST(r5_limits_of_before_arm_none_of_these)
{
	fake_arm();
	fake_efi_i6300esb(&fake);
	fake_efi_fch(&fake);
	fake_efi_sbsa(&fake);
	allow(0);
	fake_start_counted(FAKE_NORMAL);
	ck_assert_uint_eq(fake_note.watchdog, DARUMA_WATCHDOG_NONE);
	ck_assert(!fake_efi_is_watched(&fake));
}
END_TEST

/* One that knows no bits takes the seconds at 36 for a WDAT or TCO. */
START_TEST(r5_an_older_stage_arms_nothing_of_these)
{
	static const struct {
		uint16_t watchdogs, first, others;
	} cases[] = { { 0, 60, 0 },
		      { ESB, 0, 60 },
		      { FCH | ESB, 0, 60 },
		      { ESB | 1u << DARUMA_WATCHDOG_TCO, 60, 60 } };
	uint8_t bytes[DARUMA_LIMITS_SIZE];
	struct daruma_limits limits, again;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		daruma_limits_default(&limits);
		limits.watchdog_seconds = 60;
		limits.watchdogs = cases[i].watchdogs;
		daruma_limits_encode(&limits, bytes);
		ck_assert_uint_eq(daruma_get16(bytes + 36), cases[i].first);
		ck_assert_uint_eq(daruma_get16(bytes + 38), cases[i].watchdogs);
		ck_assert_uint_eq(daruma_get16(bytes + 44), cases[i].others);
		ck_assert_int_eq(daruma_limits_decode(bytes, sizeof(bytes), limits.install, &again),
				 DARUMA_STATE_VALID);
		ck_assert_uint_eq(again.watchdog_seconds, 60);
		ck_assert_uint_eq(again.watchdogs, cases[i].watchdogs);
	}
}
END_TEST

/* R4, R5 */
START_TEST(r5_resets_by_each_kind_are_counted)
{
	fake_arm();
	kinds_of_all[_i].lay(&fake);
	allow(kinds_of_all[_i].bit);
	fake_start_counted(FAKE_NORMAL);
	ck_assert(fake_efi_expires(&fake));
	fake_start_counted(FAKE_NORMAL);
	ck_assert_int_eq(fake_note.last_ending, DARUMA_ENDING_WATCHDOG);
	ck_assert_uint_eq(fake_note.counters.watchdog, 1);
	/* A power cut is none of its. */
	fake_start_counted(FAKE_NORMAL);
	ck_assert_int_eq(fake_note.last_ending, DARUMA_ENDING_UNEXPLAINED);
	ck_assert_uint_eq(fake_note.counters.watchdog, 1);
	ck_assert(fake_efi_is_watched(&fake));
	fake_efi_program(&fake, FAKE_NORMAL)->start_status = EFI_ABORTED;
	ck_assert_int_eq(fake_efi_start(&fake), FAKE_RETURNED);
	ck_assert(!fake_efi_is_watched(&fake));
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("efi_watchdog_kinds");
	TCase *esb = suite_case(all, "6300ESB", 10);
	TCase *fch = suite_case(all, "AMD", 10);
	TCase *arm = suite_case(all, "ARM", 10);
	TCase *starts = suite_case(all, "starts", 10);

	tcase_add_test(esb, esb_is_found_and_left_as_it_is);
	tcase_add_test(esb, esb_without_registers_in_memory_is_none);
	tcase_add_test(esb, r5_esb_gets_half_of_the_time_twice);
	tcase_add_loop_test(esb, esb_that_does_not_do_as_told_is_stopped, 0, 2);
	tcase_add_test(esb, esb_that_is_locked_stays_as_it_is);
	tcase_add_loop_test(esb, r4_esb_status_is_read_once, 0, 2);
	tcase_add_test(fch, fch_is_found_and_left_as_it_is);
	tcase_add_test(fch, fch_of_known_chipsets_only);
	tcase_add_test(fch, r5_fch_gets_the_seconds);
	tcase_add_loop_test(fch, fch_that_does_not_do_as_told_is_stopped, 0, 4);
	tcase_add_test(fch, r4_fch_status_is_read_once);
	tcase_add_test(fch, fch_that_is_stopped_keeps_its_status);
	tcase_add_test(arm, sbsa_is_found_behind_other_timers);
	tcase_add_loop_test(arm, sbsa_that_is_not_ours_is_none, 0,
			    sizeof(not_ours) / sizeof(not_ours[0]));
	tcase_add_test(arm, nothing_is_read_where_nothing_is);
	tcase_add_test(arm, r5_sbsa_gets_half_of_the_time);
	tcase_add_test(arm, r4_sbsa_status_is_read_once);
	tcase_add_test(arm, what_the_map_has_is_there);
	tcase_add_loop_test(starts, r5_only_what_the_system_takes_over_is_armed, 0,
			    sizeof(allowed) / sizeof(allowed[0]));
	tcase_add_test(starts, r5_limits_of_before_arm_none_of_these);
	tcase_add_test(starts, r5_an_older_stage_arms_nothing_of_these);
	tcase_add_loop_test(starts, r5_resets_by_each_kind_are_counted, 0, 3);
	return all;
}
