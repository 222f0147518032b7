/* test_efi_stage.c: one start of the firmware stage, row by row
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tests/unit/suite.h"

#include <string.h>

#include "efi/variables.h"
#include "policy/bytes.h"
#include "policy/throttle.h"
#include "tests/unit/fake_efi.h"

#define NORMAL "\\EFI\\normal.efi"
#define SAFE   "\\EFI\\safe.efi"
#define RESCUE "\\EFI\\rescue.efi"
#define RECORD DARUMA_RECORD_NAME FAKE_ID
#define ANSWER DARUMA_ANSWER_NAME FAKE_ID
#define NOTE   DARUMA_NOTE_NAME FAKE_ID

static struct fake_efi fake;
static struct daruma_record record;
static struct daruma_note note;

/* A start that hands over to `path`, with a sound record and note. */
static void start_into(const char *path)
{
	ck_assert_int_eq(fake_efi_start(&fake), FAKE_HANDED_OVER);
	ck_assert_str_eq(fake.started, path);
	ck_assert_int_eq(fake_efi_note(&fake, &note), DARUMA_STATE_VALID);
	ck_assert_uint_eq(fake.open_files, 0);
	ck_assert_uint_eq(fake.waits, 0);
}

/* A start that also keeps its record. */
static void start_counted(const char *path)
{
	start_into(path);
	ck_assert_int_eq(fake_efi_record(&fake, &record), DARUMA_STATE_VALID);
	ck_assert_mem_eq(record.boot_id, note.boot_id, DARUMA_GUID_SIZE);
	ck_assert_uint_eq(note.troubles & DARUMA_TROUBLE_RECORD_WRITTEN, 0);
}

/* A machine whose system has answered well once: counting is on. */
static void arm(void)
{
	fake_efi_init(&fake);
	start_counted(NORMAL);
	fake_efi_answer(&fake, DARUMA_RESULT_GOOD, DARUMA_REQUEST_NONE);
	start_counted(NORMAL);
	ck_assert(record.armed);
	fake_efi_answer(&fake, DARUMA_RESULT_GOOD, DARUMA_REQUEST_NONE);
}

/* Starts that panic, up to the safe rung. */
static void crash_into_safe(void)
{
	arm();
	start_counted(NORMAL);
	for (unsigned i = 0; i < 3; i++) {
		fake_efi_dump(&fake, i);
		if (i < 2)
			start_counted(NORMAL);
	}
}

START_TEST(first_start_is_normal_and_leaves_a_record)
{
	fake_efi_init(&fake);
	start_counted(NORMAL);
	ck_assert_int_eq(note.rung, DARUMA_RUNG_NORMAL);
	ck_assert_int_eq(note.reason, DARUMA_REASON_RECORD_ABSENT);
	ck_assert_uint_eq(note.troubles, 0);
	ck_assert_mem_eq(record.install, fake_install, DARUMA_GUID_SIZE);
	ck_assert_uint_eq(fake.nv_writes, 1);
	ck_assert_uint_eq(fake.lines, 0);
}
END_TEST

START_TEST(variables_have_exactly_their_attributes)
{
	fake_efi_init(&fake);
	start_counted(NORMAL);
	ck_assert_uint_eq(fake_efi_find(&fake, RECORD, &variables_daruma)->attributes, 3);
	ck_assert_uint_eq(fake_efi_find(&fake, NOTE, &variables_daruma)->attributes, 6);
}
END_TEST

/* At most one non-volatile write per start, whatever the system answers; no more calls than
 * record and note. */
START_TEST(good_starts_write_once_each)
{
	arm();
	for (unsigned i = 0; i < 50; i++) {
		start_counted(NORMAL);
		ck_assert_uint_eq(fake.nv_writes, 1);
		ck_assert_uint_eq(fake.sets, 2);
		ck_assert_uint_eq(record.counters.panic + record.counters.unexplained, 0);
		fake_efi_answer(&fake, DARUMA_RESULT_GOOD, DARUMA_REQUEST_NONE);
	}
}
END_TEST

START_TEST(crashing_starts_write_once_each)
{
	arm();
	for (unsigned i = 0; i < 30; i++) {
		ck_assert_int_eq(fake_efi_start(&fake), FAKE_HANDED_OVER);
		ck_assert_uint_eq(fake.nv_writes, 1);
		ck_assert_uint_le(fake.lines, 1);
		fake_efi_dump(&fake, i);
	}
}
END_TEST

/* R3: the record of this start is in the flash before the target runs. */
START_TEST(r3_record_is_written_before_hand_over)
{
	arm();
	start_counted(NORMAL);
	ck_assert_mem_eq(record.boot_id, note.boot_id, DARUMA_GUID_SIZE);
	ck_assert_uint_eq(record.starts, note.starts);
	ck_assert_uint_eq(fake_efi_program(&fake, NORMAL)->started, 3);
}
END_TEST

START_TEST(crashes_lead_to_held_and_then_safe)
{
	crash_into_safe();
	ck_assert_int_eq(note.rung, DARUMA_RUNG_HELD);
	ck_assert_uint_eq(fake.lines, 1);
	start_counted(SAFE);
	ck_assert_int_eq(note.rung, DARUMA_RUNG_SAFE);
	ck_assert_int_eq(note.reason, DARUMA_REASON_CRASHES_SAFE);
	ck_assert_uint_eq(note.counters.panic, 3);
	ck_assert_str_eq(fake.console, "Daruma: safe profile, reason crashes-safe, panics 3\r\n");
}
END_TEST

/* Everything the record holds for the operating system, and nothing of the start before. */
START_TEST(note_tells_what_the_record_holds)
{
	struct daruma_thresholds thresholds = { .incident_gap = 1440, .token_return = 10080 };
	struct fake_variable *answer;
	uint8_t last[DARUMA_GUID_SIZE];

	thresholds.incidents = DARUMA_TOKENS;
	crash_into_safe();
	start_counted(SAFE);
	memcpy(last, record.boot_id, sizeof(last));
	fake_efi_answer(&fake, DARUMA_RESULT_CLEAN, DARUMA_REQUEST_TRIAL);
	answer = fake_efi_find(&fake, ANSWER, &variables_daruma);
	answer->bytes[25] = 3; /* changed, accused */
	answer->bytes[32] = 0xa5;
	daruma_put32(answer->bytes + 60, daruma_crc32(answer->bytes, 60));
	start_counted(NORMAL);
	ck_assert_int_eq(note.rung, DARUMA_RUNG_TRIAL);
	ck_assert_int_eq(note.last_ending, DARUMA_ENDING_CLEAN);
	ck_assert_mem_eq(note.previous_boot_id, last, sizeof(last));
	ck_assert_uint_eq(note.argument[0], 0xa5);
	ck_assert_mem_eq(note.argument, record.argument, DARUMA_ARGUMENT_SIZE);
	ck_assert(note.armed && note.incident_open && !note.test);
	ck_assert(note.changed && note.accused);
	ck_assert_mem_eq(&note.counters, &record.counters, sizeof(note.counters));
	ck_assert_uint_eq(note.counters.clean, 1);
	ck_assert_uint_eq(note.tries_left, 1);
	ck_assert_uint_eq(note.incident, 1);
	ck_assert_uint_eq(note.incident_starts, 1);
	ck_assert_uint_eq(note.aside_starts, 0);
	ck_assert_uint_eq(note.cooldown, daruma_throttle_wait(&record, &thresholds));
	ck_assert_uint_eq(note.cooldown, 1440);
	ck_assert_uint_eq(note.dumps_count, 3);
	ck_assert_uint_eq(note.dumps_newest, 1720000002);
	ck_assert_uint_eq(note.starts, record.starts);
	ck_assert_int_eq(note.record_state, DARUMA_STATE_VALID);
	ck_assert_int_eq(note.answer_state, DARUMA_STATE_VALID);
	ck_assert_int_eq(note.limits_state, DARUMA_STATE_VALID);
}
END_TEST

START_TEST(options_reach_the_target)
{
	static const char wanted[] = "daruma.safe quiet";
	const struct fake_program *safe;

	crash_into_safe();
	start_counted(SAFE);
	safe = fake_efi_program(&fake, SAFE);
	ck_assert_uint_eq(safe->options_size, 2 * sizeof(wanted));
	for (unsigned i = 0; i < sizeof(wanted); i++)
		ck_assert_int_eq(safe->options[i], wanted[i]);
	/* No options is none at all, not an empty text. */
	ck_assert_uint_eq(fake_efi_program(&fake, NORMAL)->options_size, 0);
}
END_TEST

START_TEST(safe_that_fails_leads_to_rescue_and_then_aside)
{
	crash_into_safe();
	start_counted(SAFE);
	fake_efi_dump(&fake, 10);
	start_counted(SAFE);
	fake_efi_dump(&fake, 11);
	start_counted(RESCUE);
	fake_efi_dump(&fake, 12);
	start_counted(RESCUE);
	fake_efi_dump(&fake, 13);
	start_counted(NORMAL);
	ck_assert_int_eq(note.rung, DARUMA_RUNG_ASIDE);
}
END_TEST

START_TEST(empty_safe_path_is_the_normal_target)
{
	crash_into_safe();
	fake_efi_limits(&fake, NORMAL, "", "");
	start_counted(NORMAL);
	ck_assert_int_eq(note.rung, DARUMA_RUNG_SAFE);
	ck_assert_uint_eq(note.troubles, 0);
}
END_TEST

/* Load, verification and start may each fail; the normal target stands in, and the note says so. */
START_TEST(failing_safe_target_is_replaced)
{
	static const struct {
		EFI_STATUS load;
		EFI_STATUS start;
	} cases[] = {
		{ EFI_NOT_FOUND, FAKE_RUNS },
		{ EFI_SECURITY_VIOLATION, FAKE_RUNS },
		{ EFI_SUCCESS, EFI_LOAD_ERROR },
	};
	struct fake_program *safe;

	crash_into_safe();
	safe = fake_efi_program(&fake, SAFE);
	safe->load_status = cases[_i].load;
	safe->start_status = cases[_i].start;
	start_counted(NORMAL);
	ck_assert_int_eq(note.rung, DARUMA_RUNG_SAFE);
	ck_assert_uint_eq(note.troubles, DARUMA_TROUBLE_TARGET_REPLACED);
	ck_assert_uint_eq(fake.nv_writes, 1);
	/* A refused image does not stay in memory. */
	ck_assert_uint_eq(safe->unloaded, cases[_i].load == EFI_SECURITY_VIOLATION);
}
END_TEST

START_TEST(missing_target_gives_an_error_to_the_firmware)
{
	fake_efi_init(&fake);
	fake_efi_program(&fake, NORMAL)->load_status = EFI_NOT_FOUND;
	ck_assert_int_eq(fake_efi_start(&fake), FAKE_RETURNED);
	ck_assert_uint_eq(fake.status, EFI_NOT_FOUND);
	ck_assert_uint_eq(fake.lines, 1);
	ck_assert_uint_eq(fake.waits, 0);
}
END_TEST

START_TEST(no_target_at_all_gives_an_error_to_the_firmware)
{
	fake_efi_init(&fake);
	fake_efi_limits(&fake, "", "", "");
	ck_assert_int_eq(fake_efi_start(&fake), FAKE_RETURNED);
	ck_assert_uint_eq(fake.status, EFI_NOT_FOUND);
}
END_TEST

/* What the normal target returns goes to the firmware as if we had not been there. */
START_TEST(status_of_the_normal_target_is_passed_on)
{
	static const EFI_STATUS statuses[] = { EFI_SUCCESS, EFI_LOAD_ERROR };

	fake_efi_init(&fake);
	fake_efi_options(&fake, SAFE);
	fake_efi_program(&fake, NORMAL)->start_status = statuses[_i];
	ck_assert_int_eq(fake_efi_start(&fake), FAKE_RETURNED);
	ck_assert_uint_eq(fake.status, statuses[_i]);
	ck_assert_uint_eq(fake_efi_program(&fake, SAFE)->started, 0);
}
END_TEST

START_TEST(load_options_name_the_target_without_limits)
{
	fake_efi_init(&fake);
	fake_efi_file(&fake, DARUMA_ESP_LIMITS, NULL, 0);
	fake_efi_file(&fake, DARUMA_ESP_LIMITS_BACKUP, NULL, 0);
	fake_efi_options(&fake, SAFE " more words");
	start_counted(SAFE);
	ck_assert_uint_eq(note.troubles, DARUMA_TROUBLE_LIMITS_BUILTIN);
	ck_assert_int_eq(note.limits_state, DARUMA_STATE_ABSENT);
}
END_TEST

START_TEST(load_options_stand_in_for_a_missing_target)
{
	fake_efi_init(&fake);
	fake_efi_limits(&fake, "\\EFI\\gone.efi", "", "");
	fake_efi_options(&fake, NORMAL);
	start_counted(NORMAL);
	ck_assert_uint_eq(note.troubles, DARUMA_TROUBLE_TARGET_REPLACED);
}
END_TEST

START_TEST(load_options_that_are_no_path_are_ignored)
{
	static const char *const cases[] = { "EFI\\normal.efi", " " NORMAL, "", "\\\t", "/x" };

	fake_efi_init(&fake);
	fake_efi_limits(&fake, "", "", "");
	fake_efi_options(&fake, cases[_i]);
	ck_assert_int_eq(fake_efi_start(&fake), FAKE_RETURNED);
	ck_assert_uint_eq(fake.status, EFI_NOT_FOUND);
}
END_TEST

/* A target that is this program would start itself for ever. */
START_TEST(own_program_is_never_the_target)
{
	struct fake_program *own;

	fake_efi_init(&fake);
	fake_efi_limits(&fake, "\\efi\\DARUMA\\darumaX64.efi", "", "");
	fake_efi_options(&fake, DARUMA_ESP_PROGRAM);
	own = fake_efi_program(&fake, DARUMA_ESP_PROGRAM);
	ck_assert_int_eq(fake_efi_start(&fake), FAKE_RETURNED);
	ck_assert_uint_eq(own->loaded, 0);
}
END_TEST

/* R33: the names of our variables with attributes that are not ours count for nothing, and do
 * not block us. */
START_TEST(r33_record_with_other_attributes_is_damaged_and_replaced)
{
	struct fake_variable *variable;

	arm();
	start_counted(NORMAL);
	fake_efi_find(&fake, RECORD, &variables_daruma)->attributes = 7;
	start_counted(NORMAL);
	ck_assert_int_eq(note.reason, DARUMA_REASON_RECORD_DAMAGED);
	ck_assert(!record.armed);
	variable = fake_efi_find(&fake, RECORD, &variables_daruma);
	ck_assert_uint_eq(variable->attributes, 3);
}
END_TEST

START_TEST(r33_answer_with_other_attributes_counts_for_nothing)
{
	arm();
	start_counted(NORMAL);
	fake_efi_answer(&fake, DARUMA_RESULT_GOOD, DARUMA_REQUEST_SAFE);
	fake_efi_find(&fake, ANSWER, &variables_daruma)->attributes = 3;
	start_counted(NORMAL);
	ck_assert_int_eq(note.answer_state, DARUMA_STATE_DAMAGED);
	ck_assert_uint_eq(note.troubles, DARUMA_TROUBLE_ANSWER_READ);
	ck_assert_uint_eq(record.counters.unexplained, 1);
}
END_TEST

START_TEST(r33_lasting_note_is_replaced_by_a_volatile_one)
{
	uint8_t planted[DARUMA_NOTE_SIZE + 200] = { 0 };

	fake_efi_init(&fake);
	fake.hides_attributes = _i > 1;
	fake_efi_put(&fake, NOTE, &variables_daruma, 7, planted, _i % 2 ? 96 : sizeof(planted));
	start_counted(NORMAL);
	ck_assert_uint_eq(fake_efi_find(&fake, NOTE, &variables_daruma)->attributes, 6);
}
END_TEST

/* A longer one than ours is damaged; firmware that hides its attributes does not keep us from
 * replacing it. */
START_TEST(r33_oversized_record_is_damaged_and_replaced)
{
	uint8_t planted[DARUMA_RECORD_SIZE + 1] = { 0 };

	fake_efi_init(&fake);
	fake.hides_attributes = _i > 1;
	fake_efi_put(&fake, RECORD, &variables_daruma, _i % 2 ? 3 : 7, planted, sizeof(planted));
	start_counted(NORMAL);
	ck_assert_int_eq(note.reason, DARUMA_REASON_RECORD_DAMAGED);
	ck_assert_uint_eq(note.troubles, 0);
	ck_assert_uint_eq(fake_efi_find(&fake, RECORD, &variables_daruma)->attributes, 3);
}
END_TEST

/* R2: a good answer for another start changes nothing. */
START_TEST(r2_answer_with_another_boot_id_changes_nothing)
{
	arm();
	start_counted(NORMAL);
	fake_efi_answer(&fake, DARUMA_RESULT_GOOD, DARUMA_REQUEST_NONE);
	start_counted(NORMAL);
	start_counted(NORMAL);
	ck_assert_uint_eq(record.counters.unexplained, 1);
	start_counted(NORMAL);
	ck_assert_uint_eq(record.counters.unexplained, 2);
}
END_TEST

/* R53: damaged limits are replaced by the second copy, then by the built-in ones. */
START_TEST(r53_second_copy_of_the_limits_is_used)
{
	static uint8_t damaged[DARUMA_LIMITS_SIZE];

	fake_efi_init(&fake);
	fake_efi_file(&fake, DARUMA_ESP_LIMITS, damaged, sizeof(damaged));
	start_counted(NORMAL);
	ck_assert_uint_eq(note.troubles, DARUMA_TROUBLE_LIMITS_FIRST);
	ck_assert_int_eq(note.limits_state, DARUMA_STATE_VALID);
}
END_TEST

START_TEST(r53_built_in_limits_are_used)
{
	static uint8_t damaged[DARUMA_LIMITS_SIZE];

	fake_efi_init(&fake);
	fake_efi_file(&fake, DARUMA_ESP_LIMITS, damaged, sizeof(damaged));
	fake_efi_file(&fake, DARUMA_ESP_LIMITS_BACKUP, damaged, sizeof(damaged) - 1);
	fake_efi_options(&fake, NORMAL);
	start_counted(NORMAL);
	ck_assert_uint_eq(note.troubles, DARUMA_TROUBLE_LIMITS_BUILTIN);
	ck_assert_int_eq(note.limits_state, DARUMA_STATE_DAMAGED);
}
END_TEST

/* A sound copy with something behind it is not a sound file. */
START_TEST(r53_longer_limits_are_damaged)
{
	static uint8_t longer[DARUMA_LIMITS_SIZE + 1];

	fake_efi_init(&fake);
	memcpy(longer, fake.files[0].bytes, DARUMA_LIMITS_SIZE);
	fake_efi_file(&fake, DARUMA_ESP_LIMITS, longer, sizeof(longer));
	start_counted(NORMAL);
	ck_assert_uint_eq(note.troubles, DARUMA_TROUBLE_LIMITS_FIRST);
}
END_TEST

START_TEST(r53_unreadable_partition_is_no_obstacle)
{
	fake_efi_init(&fake);
	fake_efi_options(&fake, NORMAL);
	fake.no_volume = _i == 0;
	fake.volume_status = _i == 1 ? EFI_VOLUME_CORRUPTED : EFI_SUCCESS;
	for (unsigned i = 0; i < 2; i++) {
		fake.files[i].open_status = _i == 2 ? EFI_ACCESS_DENIED : EFI_SUCCESS;
		fake.files[i].read_status = _i == 3 ? EFI_DEVICE_ERROR : EFI_SUCCESS;
	}
	start_counted(NORMAL);
	ck_assert_uint_eq(note.troubles, DARUMA_TROUBLE_LIMITS_BUILTIN);
	ck_assert_int_eq(note.limits_state, DARUMA_STATE_DAMAGED);
}
END_TEST

/* R60: limits of another installation, as on a copied disk. */
START_TEST(r60_limits_of_another_installation_are_foreign)
{
	static uint8_t foreign[DARUMA_LIMITS_SIZE];
	struct daruma_limits limits;

	fake_efi_init(&fake);
	daruma_limits_default(&limits);
	memset(limits.install, 0x5a, sizeof(limits.install));
	strcpy(limits.normal.path, SAFE);
	daruma_limits_encode(&limits, foreign);
	fake_efi_file(&fake, DARUMA_ESP_LIMITS, foreign, sizeof(foreign));
	fake_efi_file(&fake, DARUMA_ESP_LIMITS_BACKUP, foreign, sizeof(foreign));
	fake_efi_options(&fake, NORMAL);
	start_counted(NORMAL);
	ck_assert_int_eq(note.limits_state, DARUMA_STATE_FOREIGN);
}
END_TEST

/* A boot entry as `daruma install` writes it, for `path` on our partition. */
static void put_boot_entry(const char *name, const char *path)
{
	static const uint8_t head[] = { 1, 0, 0, 0, 0, 0, 'D', 0, 0, 0 };
	uint8_t entry[250];
	size_t device = 18 + 42;
	size_t file = 4 + 2 * (strlen(path) + 1) + 4;

	memcpy(entry, head, sizeof(head));
	entry[4] = (uint8_t)(device + file);
	memcpy(entry + sizeof(head), fake.device_path, device);
	fake_efi_own_file(&fake, path);
	memcpy(entry + sizeof(head) + device, fake.own_path, file);
	fake_efi_own_file(&fake, DARUMA_ESP_PROGRAM);
	/* With optional data behind the path. */
	memcpy(entry + sizeof(head) + device + file, "\\\0x\0", 4);
	fake_efi_put(&fake, name, &variables_global, 7, entry, sizeof(head) + device + file + 4);
}

/* Asks for removal and makes the start that does it. */
static void forget(void)
{
	start_counted(NORMAL);
	fake_efi_answer(&fake, DARUMA_RESULT_CLEAN, DARUMA_REQUEST_FORGET);
	start_into(NORMAL);
	ck_assert_int_eq(note.reason, DARUMA_REASON_REMOVED);
	ck_assert_uint_eq(note.troubles, 0);
	ck_assert_ptr_null(fake_efi_find(&fake, RECORD, &variables_daruma));
	ck_assert_ptr_null(fake_efi_find(&fake, ANSWER, &variables_daruma));
}

START_TEST(forget_deletes_all_that_is_ours)
{
	arm();
	put_boot_entry("Boot000A", DARUMA_ESP_PROGRAM);
	put_boot_entry("Boot000B", DARUMA_ESP_PROGRAM);
	fake.boot_current = 10;
	forget();
	ck_assert_ptr_null(fake_efi_find(&fake, "Boot000A", &variables_global));
	ck_assert_ptr_nonnull(fake_efi_find(&fake, "Boot000B", &variables_global));
}
END_TEST

/* BootCurrent is wrong on some firmware: an entry that does not lead to this program stays. */
START_TEST(forget_keeps_entries_of_others)
{
	struct fake_variable *entry;

	arm();
	put_boot_entry("Boot000A", _i == 0 ? NORMAL : DARUMA_ESP_PROGRAM);
	entry = fake_efi_find(&fake, "Boot000A", &variables_global);
	fake.boot_current = _i == 1 ? -1 : 10;
	if (_i == 2)
		entry->bytes[10 + 18 + 24] ^= 1; /* another partition */
	if (_i == 3)
		entry->bytes[5] = 0xff; /* path longer than the entry */
	if (_i == 4)
		entry->size = 5;
	if (_i == 5)
		memset(entry->bytes + 6, 'D', entry->size - 6); /* description without end */
	if (_i == 6)
		entry->attributes = 3;
	if (_i == 7)
		entry->size = FAKE_VALUE_SIZE;
	forget();
	ck_assert_ptr_nonnull(fake_efi_find(&fake, "Boot000A", &variables_global));
}
END_TEST

START_TEST(forget_that_fails_says_so)
{
	arm();
	start_counted(NORMAL);
	fake_efi_answer(&fake, DARUMA_RESULT_CLEAN, DARUMA_REQUEST_FORGET);
	fake.set_fault_at = 1;
	fake.set_fault = FAKE_REFUSE;
	fake.refuse_with = EFI_WRITE_PROTECTED;
	start_into(NORMAL);
	ck_assert_uint_eq(note.troubles, DARUMA_TROUBLE_RECORD_WRITTEN);
}
END_TEST

/* R58: nothing can be stored. The ladder stands still, each start is normal, and the note and
 * the console say so. */
START_TEST(r58_record_that_cannot_be_written_makes_a_normal_start)
{
	static const struct {
		enum fake_fault fault;
		EFI_STATUS status;
	} cases[] = {
		{ FAKE_REFUSE, EFI_WRITE_PROTECTED },
		{ FAKE_REFUSE, EFI_OUT_OF_RESOURCES },
		{ FAKE_REFUSE, EFI_DEVICE_ERROR },
		{ FAKE_REFUSE, EFI_INVALID_PARAMETER },
		{ FAKE_LIE, EFI_SUCCESS },
		{ FAKE_GARBLE, EFI_SUCCESS },
	};

	crash_into_safe();
	fake.set_fault_at = 1;
	fake.set_fault = cases[_i].fault;
	fake.refuse_with = cases[_i].status;
	start_into(NORMAL);
	ck_assert_int_eq(note.rung, DARUMA_RUNG_NORMAL);
	ck_assert_uint_eq(note.troubles, DARUMA_TROUBLE_RECORD_WRITTEN);
	ck_assert_uint_eq(fake.lines, 1);
	/* With storage back the ladder goes on, or begins anew where the record was garbled. */
	fake.set_fault_at = 0;
	start_counted(cases[_i].fault == FAKE_GARBLE ? NORMAL : SAFE);
}
END_TEST

START_TEST(r58_no_variable_services_at_all)
{
	fake_efi_init(&fake);
	fake.set_fault_at = FAKE_EVERY;
	fake.set_fault = FAKE_REFUSE;
	fake.refuse_with = EFI_UNSUPPORTED;
	fake.get_fault_at = FAKE_EVERY;
	fake.get_fails_with = EFI_UNSUPPORTED;
	fake.list_fault_at = 1;
	fake.list_fails_with = EFI_UNSUPPORTED;
	ck_assert_int_eq(fake_efi_start(&fake), FAKE_HANDED_OVER);
	ck_assert_str_eq(fake.started, NORMAL);
	ck_assert_uint_eq(fake.lines, 1);
}
END_TEST

START_TEST(record_that_cannot_be_read_is_a_trouble)
{
	arm();
	fake.get_fault_at = 1;
	fake.get_fails_with = EFI_DEVICE_ERROR;
	start_counted(NORMAL);
	ck_assert_int_eq(note.reason, DARUMA_REASON_RECORD_DAMAGED);
	ck_assert_uint_eq(note.troubles, DARUMA_TROUBLE_RECORD_READ);
}
END_TEST

/* Dumps: a list that cannot be read tells nothing, now or at the next start. */
START_TEST(broken_list_of_dumps_is_no_evidence)
{
	arm();
	fake_efi_dump(&fake, 1);
	start_counted(NORMAL);
	ck_assert_uint_eq(note.dumps_count, 1);
	fake.list_fault_at = _i == 0 ? 1 : _i == 1 ? 3 : 0;
	fake.list_fails_with = EFI_DEVICE_ERROR;
	fake.list_endless = _i == 2;
	start_counted(NORMAL);
	ck_assert_uint_eq(note.troubles, DARUMA_TROUBLE_DUMPS_READ);
	ck_assert_uint_eq(record.counters.panic, 0);
	fake.list_fault_at = 0;
	fake.list_endless = false;
	start_counted(NORMAL);
	ck_assert_uint_eq(record.counters.panic, 0);
	ck_assert_uint_eq(record.counters.unexplained, 2);
}
END_TEST

START_TEST(endless_variable_name_is_no_obstacle)
{
	char name[FAKE_NAME_SIZE];

	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	arm();
	fake_efi_put(&fake, name, &variables_crash, 7, (const uint8_t *)"x", 1);
	start_counted(NORMAL);
	ck_assert_uint_eq(note.troubles, DARUMA_TROUBLE_DUMPS_READ);
}
END_TEST

START_TEST(only_dumps_of_the_kernel_are_evidence)
{
	arm();
	start_counted(NORMAL);
	fake_efi_put(&fake, "dump-type0-1-1-1720000000-C", &variables_global, 7,
		     (const uint8_t *)"x", 1);
	fake_efi_put(&fake, "dump-typeX", &variables_crash, 7, (const uint8_t *)"x", 1);
	start_counted(NORMAL);
	ck_assert_uint_eq(note.dumps_count, 0);
	ck_assert_int_eq(note.last_ending, DARUMA_ENDING_UNEXPLAINED);
}
END_TEST

START_TEST(boot_ids_differ_without_random_numbers)
{
	uint8_t last[DARUMA_GUID_SIZE] = { 0 };

	fake_efi_init(&fake);
	fake.no_random = _i == 0;
	fake.random_status = _i == 1 ? EFI_NOT_READY : EFI_SUCCESS;
	fake.clock_fails = true;
	for (unsigned i = 0; i < 100; i++) {
		start_counted(NORMAL);
		ck_assert_uint_eq(note.troubles, DARUMA_TROUBLE_RANDOM_WEAK);
		ck_assert_mem_ne(note.boot_id, last, DARUMA_GUID_SIZE);
		ck_assert_mem_eq(note.previous_boot_id, last, DARUMA_GUID_SIZE);
		memcpy(last, note.boot_id, sizeof(last));
	}
}
END_TEST

START_TEST(machine_without_console_starts)
{
	crash_into_safe();
	fake.no_console = true;
	start_counted(SAFE);
}
END_TEST

/* Started from something that is no GPT partition: no name for the variables, so nothing is
 * counted. */
START_TEST(start_off_a_partition_uses_load_options)
{
	fake_efi_init(&fake);
	fake_efi_options(&fake, SAFE);
	fake.device_path[18 + 41] = 1; /* signature of an MBR disk */
	ck_assert_int_eq(fake_efi_start(&fake), FAKE_HANDED_OVER);
	ck_assert_str_eq(fake.started, SAFE);
	ck_assert_uint_eq(fake.sets, 0);
}
END_TEST

START_TEST(start_without_device_path_returns_to_the_firmware)
{
	fake_efi_init(&fake);
	fake_efi_options(&fake, NORMAL);
	fake.no_device_path = true;
	ck_assert_int_eq(fake_efi_start(&fake), FAKE_RETURNED);
	ck_assert(EFI_ERROR(fake.status));
}
END_TEST

/* Two installations on one machine do not meet: the name has the first field of the partition
 * GUID. */
START_TEST(names_carry_the_installation)
{
	fake_efi_init(&fake);
	start_counted(NORMAL);
	fake.device_path[18 + 24] ^= 0xff;
	ck_assert_int_eq(fake_efi_start(&fake), FAKE_RETURNED); /* the limits are foreign */
	ck_assert_ptr_nonnull(fake_efi_find(&fake, "DarumaRecord-112233bb", &variables_daruma));
	ck_assert_int_eq(fake_efi_record(&fake, &record), DARUMA_STATE_VALID);
}
END_TEST

Suite *suite(void)
{
	Suite *all = suite_create("efi_stage");
	TCase *starts = suite_case(all, "starts", 10);
	TCase *targets = suite_case(all, "targets", 10);
	TCase *storage = suite_case(all, "storage", 10);
	TCase *evidence = suite_case(all, "evidence", 10);

	tcase_add_test(starts, first_start_is_normal_and_leaves_a_record);
	tcase_add_test(starts, variables_have_exactly_their_attributes);
	tcase_add_test(starts, good_starts_write_once_each);
	tcase_add_test(starts, crashing_starts_write_once_each);
	tcase_add_test(starts, r3_record_is_written_before_hand_over);
	tcase_add_test(starts, crashes_lead_to_held_and_then_safe);
	tcase_add_test(starts, note_tells_what_the_record_holds);
	tcase_add_test(starts, safe_that_fails_leads_to_rescue_and_then_aside);
	tcase_add_test(starts, r2_answer_with_another_boot_id_changes_nothing);
	tcase_add_test(starts, machine_without_console_starts);
	tcase_add_test(starts, names_carry_the_installation);

	tcase_add_test(targets, options_reach_the_target);
	tcase_add_test(targets, empty_safe_path_is_the_normal_target);
	tcase_add_loop_test(targets, failing_safe_target_is_replaced, 0, 3);
	tcase_add_test(targets, missing_target_gives_an_error_to_the_firmware);
	tcase_add_test(targets, no_target_at_all_gives_an_error_to_the_firmware);
	tcase_add_loop_test(targets, status_of_the_normal_target_is_passed_on, 0, 2);
	tcase_add_test(targets, load_options_name_the_target_without_limits);
	tcase_add_test(targets, load_options_stand_in_for_a_missing_target);
	tcase_add_loop_test(targets, load_options_that_are_no_path_are_ignored, 0, 5);
	tcase_add_test(targets, own_program_is_never_the_target);
	tcase_add_test(targets, start_off_a_partition_uses_load_options);
	tcase_add_test(targets, start_without_device_path_returns_to_the_firmware);

	tcase_add_test(storage, r33_record_with_other_attributes_is_damaged_and_replaced);
	tcase_add_test(storage, r33_answer_with_other_attributes_counts_for_nothing);
	tcase_add_loop_test(storage, r33_lasting_note_is_replaced_by_a_volatile_one, 0, 4);
	tcase_add_loop_test(storage, r33_oversized_record_is_damaged_and_replaced, 0, 4);
	tcase_add_test(storage, r53_second_copy_of_the_limits_is_used);
	tcase_add_test(storage, r53_built_in_limits_are_used);
	tcase_add_test(storage, r53_longer_limits_are_damaged);
	tcase_add_loop_test(storage, r53_unreadable_partition_is_no_obstacle, 0, 4);
	tcase_add_test(storage, r60_limits_of_another_installation_are_foreign);
	tcase_add_test(storage, forget_deletes_all_that_is_ours);
	tcase_add_loop_test(storage, forget_keeps_entries_of_others, 0, 8);
	tcase_add_test(storage, forget_that_fails_says_so);
	tcase_add_loop_test(storage, r58_record_that_cannot_be_written_makes_a_normal_start, 0, 6);
	tcase_add_test(storage, r58_no_variable_services_at_all);
	tcase_add_test(storage, record_that_cannot_be_read_is_a_trouble);

	tcase_add_loop_test(evidence, broken_list_of_dumps_is_no_evidence, 0, 3);
	tcase_add_test(evidence, endless_variable_name_is_no_obstacle);
	tcase_add_test(evidence, only_dumps_of_the_kernel_are_evidence);
	tcase_add_loop_test(evidence, boot_ids_differ_without_random_numbers, 0, 2);
	return all;
}
