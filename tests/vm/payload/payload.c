/* payload.c: plays the operating system in tests without one: does what the test tells it over a serial port
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * It says "started" and then takes one command a line. Each is answered by lines of its own and at the end
 * "ok" or "error N", N being the EFI status without its top bit. What it says goes to the console too.
 *
 *   get NAME GUID                   -> value ATTRIBUTES HEX
 *   set NAME GUID ATTRIBUTES HEX    HEX "-" is no data
 *   names GUID                      -> name NAME, for each variable of that vendor
 *   answer NAME ATTRIBUTES KEY=VALUE...   the operating system's answer, encoded by policy/
 *   tpm HEX                         -> response HEX, of a TPM 2.0 command; error 14 where there is no TPM
 *   eventlog                        -> log HEX, all of the firmware's log of measurements
 *   runtime                         leaves boot services, as an operating system does
 *   reset cold|warm|off
 *   exit STATUS                     returns to whoever started it
 *
 * GUIDs are the 16 bytes in hex as they lie in memory.
 */
#include <efi.h>

#include "policy/answer.h"
#include "policy/bytes.h"
#include "tests/vm/payload/serial.h"
#include "tests/vm/payload/text.h"
#include "tests/vm/payload/tpm.h"

#define LINE_SIZE  20480
#define VALUE_SIZE 9216
#define TPM_SIZE   1024 /* EDK2 refuses room for more than the TPM can send */
#define NAME_SIZE  256
#define WORDS	   16

struct payload {
	EFI_HANDLE image;
	EFI_SYSTEM_TABLE *system;
	BOOLEAN leave;
	EFI_STATUS leave_with;
};

typedef EFI_STATUS (*command_function)(struct payload *payload, char **words, unsigned count);

static void say(const char *text)
{
	serial_put(SERIAL_COMMANDS, text);
	serial_put(SERIAL_CONSOLE, text);
}

static void say_hex(const uint8_t *bytes, size_t size)
{
	serial_put_hex(SERIAL_COMMANDS, bytes, size);
	serial_put_hex(SERIAL_CONSOLE, bytes, size);
}

static void say_number(uint64_t number)
{
	char digits[21];
	unsigned at = sizeof(digits) - 1;

	digits[at] = '\0';
	do
		digits[--at] = (char)('0' + number % 10);
	while (number /= 10);
	say(&digits[at]);
}

static BOOLEAN read_guid(const char *text, EFI_GUID *ret)
{
	return text_hex(text, (uint8_t *)ret, sizeof(*ret)) == sizeof(*ret);
}

static EFI_STATUS do_get(struct payload *payload, char **words, unsigned count)
{
	uint16_t name[NAME_SIZE];
	uint8_t value[VALUE_SIZE];
	UINTN size = sizeof(value);
	UINT32 attributes = 0;
	EFI_GUID vendor;
	EFI_STATUS status;

	if (count != 3 || !read_guid(words[2], &vendor))
		return EFI_INVALID_PARAMETER;
	text_widen(words[1], name, NAME_SIZE);
	status = payload->system->RuntimeServices->GetVariable((CHAR16 *)name, &vendor, &attributes,
							       &size, value);
	if (EFI_ERROR(status))
		return status;
	say("value ");
	say_number(attributes);
	say(" ");
	say_hex(value, size);
	say("\n");
	return EFI_SUCCESS;
}

static EFI_STATUS do_set(struct payload *payload, char **words, unsigned count)
{
	uint16_t name[NAME_SIZE];
	uint8_t value[VALUE_SIZE];
	EFI_GUID vendor;

	if (count != 5 || !read_guid(words[2], &vendor))
		return EFI_INVALID_PARAMETER;
	text_widen(words[1], name, NAME_SIZE);
	return payload->system->RuntimeServices->SetVariable(
		(CHAR16 *)name, &vendor, text_number(words[3]),
		text_hex(words[4], value, sizeof(value)), value);
}

static EFI_STATUS do_names(struct payload *payload, char **words, unsigned count)
{
	uint16_t name[NAME_SIZE] = { 0 };
	char text[NAME_SIZE];
	EFI_GUID wanted, vendor = { 0 };
	EFI_STATUS status;

	if (count != 2 || !read_guid(words[1], &wanted))
		return EFI_INVALID_PARAMETER;
	for (;;) {
		UINTN size = sizeof(name);

		status = payload->system->RuntimeServices->GetNextVariableName(
			&size, (CHAR16 *)name, &vendor);
		if (EFI_ERROR(status))
			return status == EFI_NOT_FOUND ? EFI_SUCCESS : status;
		if (!daruma_same((uint8_t *)&vendor, (uint8_t *)&wanted, sizeof(vendor)))
			continue;
		text_narrow(name, text, sizeof(text));
		say("name ");
		say(text);
		say("\n");
	}
}

/* The number of a word among `count` names, or `count` where it is none of them. */
static unsigned number_of(const char *word, const char *(*name)(unsigned), unsigned count)
{
	unsigned number = 0;

	while (number < count && !text_same(word, name(number)))
		number++;
	return number;
}

/* Takes one KEY=VALUE; false where the key is unknown. */
static BOOLEAN take_field(struct daruma_answer *answer, const char *word)
{
	const char *value;

	if ((value = text_value(word, "boot")))
		text_hex(value, answer->boot_id, sizeof(answer->boot_id));
	else if ((value = text_value(word, "result")))
		answer->result = number_of(value, daruma_result_name, DARUMA_RESULT_COUNT);
	else if ((value = text_value(word, "previous")))
		answer->previous = number_of(value, daruma_ending_name, DARUMA_ENDING_COUNT);
	else if ((value = text_value(word, "request")))
		answer->request = number_of(value, daruma_request_name, DARUMA_REQUEST_COUNT);
	else if ((value = text_value(word, "changed")))
		answer->changed = *value == '1';
	else if ((value = text_value(word, "accused")))
		answer->accused = *value == '1';
	else if ((value = text_value(word, "healthy")))
		answer->healthy_minutes = text_number(value);
	else if ((value = text_value(word, "argument")))
		text_hex(value, answer->argument, sizeof(answer->argument));
	else
		return FALSE;
	return TRUE;
}

static EFI_STATUS do_answer(struct payload *payload, char **words, unsigned count)
{
	EFI_GUID vendor;
	uint8_t vendor_bytes[] = DARUMA_VENDOR_GUID_BYTES;
	struct daruma_answer answer = { .result = DARUMA_RESULT_NONE };
	uint8_t bytes[DARUMA_ANSWER_SIZE];
	uint16_t name[NAME_SIZE];

	if (count < 3)
		return EFI_INVALID_PARAMETER;
	for (unsigned i = 3; i < count; i++)
		if (!take_field(&answer, words[i]))
			return EFI_INVALID_PARAMETER;
	daruma_answer_encode(&answer, bytes);
	daruma_copy((uint8_t *)&vendor, vendor_bytes, sizeof(vendor));
	text_widen(words[1], name, NAME_SIZE);
	return payload->system->RuntimeServices->SetVariable(
		(CHAR16 *)name, &vendor, text_number(words[2]), sizeof(bytes), bytes);
}

static void say_bytes(const char *name, const uint8_t *bytes, size_t size)
{
	say(name);
	say_hex(bytes, size);
	say("\n");
}

static EFI_STATUS do_tpm(struct payload *payload, char **words, unsigned count)
{
	uint8_t command[TPM_SIZE];
	uint8_t response[TPM_SIZE];
	UINTN size = sizeof(response);
	EFI_STATUS status;

	if (count != 2)
		return EFI_INVALID_PARAMETER;
	status = tpm_command(payload->system->BootServices, command,
			     text_hex(words[1], command, sizeof(command)), response, &size);
	if (!EFI_ERROR(status))
		say_bytes("response ", response, size);
	return status;
}

static EFI_STATUS do_eventlog(struct payload *payload, char **words, unsigned count)
{
	const uint8_t *log = NULL;
	UINTN size = 0;
	EFI_STATUS status = tpm_log(payload->system->BootServices, &log, &size);

	(void)words;
	(void)count;
	if (!EFI_ERROR(status))
		say_bytes("log ", log, size);
	return status;
}

static EFI_STATUS do_runtime(struct payload *payload, char **words, unsigned count)
{
	EFI_BOOT_SERVICES *boot = payload->system->BootServices;
	UINTN size = 0, key = 0, descriptor_size;
	UINT32 version;
	void *map;
	EFI_STATUS status;

	(void)words;
	(void)count;
	boot->GetMemoryMap(&size, NULL, &key, &descriptor_size, &version);
	size += 4096; /* the allocation itself changes the map */
	status = boot->AllocatePool(EfiLoaderData, size, &map);
	if (EFI_ERROR(status))
		return status;
	status = boot->GetMemoryMap(&size, map, &key, &descriptor_size, &version);
	return EFI_ERROR(status) ? status : boot->ExitBootServices(payload->image, key);
}

static EFI_STATUS do_reset(struct payload *payload, char **words, unsigned count)
{
	EFI_RESET_TYPE type = EfiResetCold;

	if (count == 2 && text_same(words[1], "warm"))
		type = EfiResetWarm;
	else if (count == 2 && text_same(words[1], "off"))
		type = EfiResetShutdown;
	else if (count != 2 || !text_same(words[1], "cold"))
		return EFI_INVALID_PARAMETER;
	payload->system->RuntimeServices->ResetSystem(type, EFI_SUCCESS, 0, NULL);
	return EFI_DEVICE_ERROR;
}

static EFI_STATUS do_exit(struct payload *payload, char **words, unsigned count)
{
	payload->leave = TRUE;
	payload->leave_with =
		count == 2 && text_number(words[1]) ? EFIERR(text_number(words[1])) : EFI_SUCCESS;
	return EFI_SUCCESS;
}

static const struct {
	const char *name;
	command_function run;
} commands[] = {
	{ "get", do_get },	   { "set", do_set },	  { "names", do_names },
	{ "answer", do_answer },   { "tpm", do_tpm },	  { "eventlog", do_eventlog },
	{ "runtime", do_runtime }, { "reset", do_reset }, { "exit", do_exit },
};

static EFI_STATUS obey(struct payload *payload, char *line)
{
	char *words[WORDS];
	unsigned count = text_split(line, words, WORDS);

	for (unsigned i = 0; count && i < sizeof(commands) / sizeof(*commands); i++)
		if (text_same(words[0], commands[i].name))
			return commands[i].run(payload, words, count);
	return EFI_UNSUPPORTED;
}

static void report(EFI_STATUS status)
{
	if (!EFI_ERROR(status)) {
		say("ok\n");
		return;
	}
	say("error ");
	say_number(status & ~EFI_ERROR_MASK);
	say("\n");
}

EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *system);

EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *system)
{
	struct payload payload = { .image = image, .system = system };
	char line[LINE_SIZE];

	system->BootServices->SetWatchdogTimer(0, 0, 0, NULL); /* as GRUB does */
	serial_open(SERIAL_CONSOLE);
	serial_open(SERIAL_COMMANDS);
	say("\nstarted\n");
	while (!payload.leave) {
		serial_get_line(SERIAL_COMMANDS, line, sizeof(line));
		serial_put(SERIAL_CONSOLE, "payload: ");
		serial_put(SERIAL_CONSOLE, line);
		serial_put(SERIAL_CONSOLE, "\n");
		report(obey(&payload, line));
	}
	return payload.leave_with;
}
