/* fake_efi_starts.c: starts of one fake machine that must go well, and the way to its safe rung
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tests/unit/fake_efi_starts.h"

#include "efi/menu.h"
#include "tests/unit/suite.h"

struct fake_efi fake;
struct daruma_record fake_record;
struct daruma_note fake_note;

static void start_into(const char *path)
{
	ck_assert_int_eq(fake_efi_start(&fake), FAKE_HANDED_OVER);
	ck_assert_str_eq(fake.started, path);
	ck_assert_int_eq(fake_efi_note(&fake, &fake_note), DARUMA_STATE_VALID);
	ck_assert_uint_eq(fake.open_files, 0);
}

void fake_start_into(const char *path)
{
	start_into(path);
	ck_assert_uint_eq(fake.waits, 0);
	ck_assert_uint_le(fake.key_looks, 2);
	ck_assert_uint_eq(fake.key_reads, 0);
}

void fake_start_with_keys(const char *keys, const char *path)
{
	fake.keys = keys;
	start_into(path);
	fake.keys = NULL;
	ck_assert_uint_le(fake.waited, MENU_SECONDS * 1000000u);
	ck_assert_uint_le(fake.key_looks, 2);
	ck_assert_uint_le(fake.nv_writes, 1);
	ck_assert_uint_le(fake.sets, 2);
}

void fake_start_counted(const char *path)
{
	fake_start_into(path);
	ck_assert_int_eq(fake_efi_record(&fake, &fake_record), DARUMA_STATE_VALID);
	ck_assert_mem_eq(fake_record.boot_id, fake_note.boot_id, DARUMA_GUID_SIZE);
	ck_assert_uint_eq(fake_note.troubles & DARUMA_TROUBLE_RECORD_WRITTEN, 0);
}

void fake_arm(void)
{
	fake_efi_init(&fake);
	fake_start_counted(FAKE_NORMAL);
	fake_efi_answer(&fake, DARUMA_RESULT_GOOD, DARUMA_REQUEST_NONE);
	fake_start_counted(FAKE_NORMAL);
	ck_assert(fake_record.armed);
	fake_efi_answer(&fake, DARUMA_RESULT_GOOD, DARUMA_REQUEST_NONE);
}

void fake_crash_into_safe(void)
{
	fake_arm();
	fake_start_counted(FAKE_NORMAL);
	for (unsigned i = 0; i < 3; i++) {
		fake_efi_dump(&fake, i);
		if (i < 2)
			fake_start_counted(FAKE_NORMAL);
	}
}
