/* fake_efi.c: a machine with UEFI firmware, for tests of efi/ on the host
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tests/unit/fake_efi.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "efi/stage.h"
#include "efi/variables.h"

struct fake_efi *fake_efi_now;

const uint8_t fake_install[DARUMA_GUID_SIZE] = { 0x44, 0x33, 0x22, 0x11, 0x66, 0x55, 0x88, 0x77,
						 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff, 0x01 };

bool fake_efi_same_guid(const EFI_GUID *one, const EFI_GUID *other)
{
	return memcmp(one, other, sizeof(*one)) == 0;
}

void fake_efi_narrow(const CHAR16 *wide, char *ret, size_t capacity)
{
	size_t i = 0;

	for (; i + 1 < capacity && wide[i] != 0; i++)
		ret[i] = wide[i] < 0x80 ? (char)wide[i] : '?';
	ret[i] = '\0';
}

static void widen(const char *text, CHAR16 *ret)
{
	do
		*ret++ = (CHAR16)(unsigned char)*text;
	while (*text++ != '\0');
}

/* --- services without a file of their own ---------------------------------------- */

static EFI_STATUS EFIAPI print(SIMPLE_TEXT_OUTPUT_INTERFACE *console, CHAR16 *text)
{
	struct fake_efi *fake = fake_efi_now;
	size_t used = strlen(fake->console);

	(void)console;
	for (const CHAR16 *at = text; *at != 0; at++)
		fake->lines += *at == '\n';
	fake_efi_narrow(text, fake->console + used, sizeof(fake->console) - used);
	return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI get_time(EFI_TIME *time, EFI_TIME_CAPABILITIES *capabilities)
{
	(void)capabilities;
	if (fake_efi_now->clock_fails)
		return EFI_DEVICE_ERROR;
	*time = (EFI_TIME){
		.Year = 2024, .Month = 7, .Day = 19, .Second = (UINT8)(fake_efi_now->random++ % 60)
	};
	return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI next_count(UINT64 *count)
{
	if (fake_efi_now->clock_fails)
		return EFI_DEVICE_ERROR;
	*count = 0;
	return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI get_random(EFI_RNG_PROTOCOL *generator, EFI_RNG_ALGORITHM *algorithm,
				    UINTN size, UINT8 *bytes)
{
	(void)generator;
	(void)algorithm;
	if (EFI_ERROR(fake_efi_now->random_status))
		return fake_efi_now->random_status;
	fake_efi_now->random++;
	for (UINTN i = 0; i < size; i++)
		bytes[i] = (UINT8)(fake_efi_now->random >> (8 * (i % 8)));
	return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI locate(EFI_GUID *guid, VOID *registration, VOID **ret)
{
	EFI_GUID random = EFI_RNG_PROTOCOL_GUID;
	VOID *found = fake_efi_measure_locate(fake_efi_now, guid);

	(void)registration;
	if (!fake_efi_now->no_random && fake_efi_same_guid(guid, &random))
		found = &fake_efi_now->generator;
	if (!found)
		return EFI_NOT_FOUND;
	*ret = found;
	return EFI_SUCCESS;
}

/* What a stage must not do (R53): wait where nobody asked for the menu, or set the firmware's watchdog. */

static EFI_STATUS EFIAPI stall(UINTN microseconds)
{
	fake_efi_now->waits++;
	fake_efi_now->waited += (unsigned)microseconds;
	return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI wait_for_event(UINTN count, EFI_EVENT *events, UINTN *ret)
{
	(void)count;
	(void)events;
	*ret = 0;
	fake_efi_now->waits++;
	return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI set_watchdog(UINTN seconds, UINT64 code, UINTN size, CHAR16 *data)
{
	(void)seconds;
	(void)code;
	(void)size;
	(void)data;
	fake_efi_now->waits++;
	return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI reset(EFI_RESET_TYPE type, EFI_STATUS status, UINTN size, CHAR16 *data)
{
	(void)type;
	(void)status;
	(void)size;
	(void)data;
	abort();
}

/* --- the machine ---------------------------------------- */

static void make_device_path(struct fake_efi *fake)
{
	static const uint8_t pci[] = {
		2, 1, 12, 0, 0xd0, 0x41, 3, 10, 0, 0, 0, 0, 1, 1, 6, 0, 0, 2
	};
	static const uint8_t hard_drive[] = { 4, 1, 42, 0, 1, 0, 0, 0, 0, 8,
					      0, 0, 0,	0, 0, 0, 0, 0, 16 };
	uint8_t *at = fake->device_path;

	memcpy(at, pci, sizeof(pci));
	memcpy(at + 18, hard_drive, sizeof(hard_drive));
	memcpy(at + 18 + 24, fake_install, DARUMA_GUID_SIZE);
	at[18 + 40] = 2;
	at[18 + 41] = 2;
	memcpy(at + 18 + 42, "\x7f\xff\x04\x00", 4);
}

void fake_efi_own_file(struct fake_efi *fake, const char *path)
{
	size_t size = 4 + 2 * (strlen(path) + 1);
	CHAR16 wide[60];

	if (size + 4 > sizeof(fake->own_path))
		abort();
	widen(path, wide);
	memcpy(fake->own_path, (uint8_t[]){ 4, 4, (uint8_t)size, 0 }, 4);
	memcpy(fake->own_path + 4, wide, size - 4);
	memcpy(fake->own_path + size, "\x7f\xff\x04\x00", 4);
}

void fake_efi_options(struct fake_efi *fake, const char *text)
{
	CHAR16 wide[512];

	widen(text, wide);
	fake->load_options_size = (UINT32)(2 * (strlen(text) + 1));
	memcpy(fake->load_options, wide, fake->load_options_size);
}

struct fake_file *fake_efi_file(struct fake_efi *fake, const char *path, const uint8_t *bytes,
				size_t size)
{
	struct fake_file *empty = NULL;

	for (unsigned i = 0; i < FAKE_FILES; i++) {
		struct fake_file *file = &fake->files[i];

		if (strcmp(file->path, path) == 0 || (!empty && file->path[0] == '\0'))
			empty = file;
		if (strcmp(file->path, path) == 0)
			break;
	}
	if (!empty)
		abort();
	*empty = (struct fake_file){ .bytes = bytes, .size = size };
	if (bytes)
		strcpy(empty->path, path);
	return empty;
}

struct fake_program *fake_efi_program(struct fake_efi *fake, const char *path)
{
	for (unsigned i = 0; i < FAKE_PROGRAMS; i++) {
		struct fake_program *program = &fake->programs[i];

		if (strcmp(program->path, path) == 0)
			return program;
		if (program->path[0] == '\0') {
			*program = (struct fake_program){ .start_status = FAKE_RUNS };
			strcpy(program->path, path);
			return program;
		}
	}
	abort();
}

void fake_efi_limits(struct fake_efi *fake, const char *normal, const char *safe,
		     const char *rescue)
{
	static uint8_t bytes[2][DARUMA_LIMITS_SIZE];
	struct daruma_limits limits;

	daruma_limits_default(&limits);
	memcpy(limits.install, fake_install, DARUMA_GUID_SIZE);
	strcpy(limits.normal.path, normal);
	strcpy(limits.safe.path, safe);
	strcpy(limits.safe.options, *safe ? "daruma.safe quiet" : "");
	strcpy(limits.rescue.path, rescue);
	daruma_limits_encode(&limits, bytes[0]);
	memcpy(bytes[1], bytes[0], sizeof(bytes[1]));
	fake_efi_file(fake, DARUMA_ESP_LIMITS, bytes[0], sizeof(bytes[0]));
	fake_efi_file(fake, DARUMA_ESP_LIMITS_BACKUP, bytes[1], sizeof(bytes[1]));
}

static void make_tables(struct fake_efi *fake)
{
	fake_efi_variables_init(fake);
	fake_efi_files_init(fake);
	fake_efi_images_init(fake);
	fake_efi_keyboard_init(fake);
	fake_efi_measure_init(fake);
	fake_efi_hardware_init(fake);
	fake->runtime.GetTime = get_time;
	fake->runtime.ResetSystem = reset;
	fake->boot.GetNextMonotonicCount = next_count;
	fake->boot.LocateProtocol = locate;
	fake->boot.Stall = stall;
	fake->boot.WaitForEvent = wait_for_event;
	fake->boot.SetWatchdogTimer = set_watchdog;
	fake->generator.GetRNG = get_random;
	fake->output.OutputString = print;
	fake->table.BootServices = &fake->boot;
	fake->table.RuntimeServices = &fake->runtime;
}

void fake_efi_init(struct fake_efi *fake)
{
	memset(fake, 0, sizeof(*fake));
	fake->random = 1000;
	fake->boot_current = -1;
	make_tables(fake);
	make_device_path(fake);
	fake_efi_own_file(fake, DARUMA_ESP_PROGRAM);
	fake_efi_limits(fake, "\\EFI\\normal.efi", "\\EFI\\safe.efi", "\\EFI\\rescue.efi");
	fake_efi_program(fake, "\\EFI\\normal.efi");
	fake_efi_program(fake, "\\EFI\\safe.efi");
	fake_efi_program(fake, "\\EFI\\rescue.efi");
}

/* The firmware before it starts us. */
static void switch_on(struct fake_efi *fake)
{
	for (unsigned i = 0; i < FAKE_VARIABLES; i++) {
		if (!(fake->variables[i].attributes & EFI_VARIABLE_NON_VOLATILE))
			fake->variables[i].present = false;
	}
	if (fake->boot_current >= 0)
		fake_efi_put(fake, "BootCurrent", &variables_global, 6,
			     (uint8_t[]){ (uint8_t)fake->boot_current, 0 }, 2);
	fake->gets = 0;
	fake->sets = 0;
	fake->nv_writes = 0;
	fake->open_files = 0;
	fake->lines = 0;
	fake->waits = 0;
	fake->waited = 0;
	fake->key_looks = 0;
	fake->key_reads = 0;
	fake->next_key = fake->keys;
	fake->key_heard = false;
	fake->starts = 0;
	fake->measured_count = 0;
	fake->tpm_calls = 0;
	fake->guest_calls = 0;
	fake->measurement_lookups = 0;
	fake_efi_hardware_switch_on(fake);
	fake->console[0] = '\0';
	fake->started[0] = '\0';
	fake->status = EFI_SUCCESS;
	fake->table.ConOut = fake->no_console ? NULL : &fake->output;
	fake->table.ConIn = fake->no_keyboard ? NULL : &fake->input;
	fake->self = (EFI_LOADED_IMAGE){
		.DeviceHandle = fake->device_path,
		.FilePath = (EFI_DEVICE_PATH *)fake->own_path,
		.LoadOptions = fake->load_options_size ? fake->load_options : NULL,
		.LoadOptionsSize = fake->load_options_size,
	};
}

enum fake_end fake_efi_start(struct fake_efi *fake)
{
	struct firmware firmware;

	fake_efi_now = fake;
	switch_on(fake);
	if (setjmp(fake->out) != 0)
		return fake->end;
	fake->status = firmware_open(fake, &fake->table, &fake_efi_registers, &firmware);
	if (!EFI_ERROR(fake->status))
		fake->status = daruma_stage_run(&firmware);
	fake->end = FAKE_RETURNED;
	return fake->end;
}

/* --- what tests and the operating system see ---------------------------------------- */

struct fake_variable *fake_efi_find(struct fake_efi *fake, const char *name, const EFI_GUID *vendor)
{
	for (unsigned i = 0; i < FAKE_VARIABLES; i++) {
		struct fake_variable *variable = &fake->variables[i];
		char ascii[FAKE_NAME_SIZE];

		if (!variable->present || !fake_efi_same_guid(&variable->vendor, vendor))
			continue;
		fake_efi_narrow(variable->name, ascii, sizeof(ascii));
		if (strcmp(ascii, name) == 0)
			return variable;
	}
	return NULL;
}

void fake_efi_put(struct fake_efi *fake, const char *name, const EFI_GUID *vendor,
		  UINT32 attributes, const uint8_t *bytes, size_t size)
{
	struct fake_variable *variable = fake_efi_find(fake, name, vendor);

	for (unsigned i = 0; !variable && i < FAKE_VARIABLES; i++)
		variable = fake->variables[i].present ? NULL : &fake->variables[i];
	if (!variable || size > FAKE_VALUE_SIZE || strlen(name) >= FAKE_NAME_SIZE)
		abort();
	*variable = (struct fake_variable){
		.present = size > 0, .vendor = *vendor, .attributes = attributes, .size = size
	};
	widen(name, variable->name);
	if (size > 0)
		memcpy(variable->bytes, bytes, size);
}

enum daruma_state fake_efi_record(struct fake_efi *fake, struct daruma_record *ret)
{
	const struct fake_variable *variable =
		fake_efi_find(fake, DARUMA_RECORD_NAME FAKE_ID, &variables_daruma);

	return daruma_record_decode(variable ? variable->bytes : NULL,
				    variable ? variable->size : 0, fake_install, ret);
}

enum daruma_state fake_efi_note(struct fake_efi *fake, struct daruma_note *ret)
{
	const struct fake_variable *variable =
		fake_efi_find(fake, DARUMA_NOTE_NAME FAKE_ID, &variables_daruma);

	return daruma_note_decode(variable ? variable->bytes : NULL, variable ? variable->size : 0,
				  ret);
}

void fake_efi_answer(struct fake_efi *fake, enum daruma_result result, enum daruma_request request)
{
	struct daruma_answer answer = { .result = result, .request = request };
	uint8_t bytes[DARUMA_ANSWER_SIZE];
	struct daruma_note note;

	if (fake_efi_note(fake, &note) != DARUMA_STATE_VALID)
		abort();
	memcpy(answer.boot_id, note.boot_id, DARUMA_GUID_SIZE);
	daruma_answer_encode(&answer, bytes);
	fake_efi_put(fake, DARUMA_ANSWER_NAME FAKE_ID, &variables_daruma, DARUMA_ANSWER_ATTRIBUTES,
		     bytes, sizeof(bytes));
}

void fake_efi_dump(struct fake_efi *fake, unsigned number)
{
	char name[64];

	snprintf(name, sizeof(name), "dump-type0-1-1-%u-C", 1720000000 + number);
	fake_efi_put(fake, name, &variables_crash, 7, (const uint8_t *)"Panic", 5);
}
