/* fake_efi.h: a machine with UEFI firmware, for tests of efi/ on the host
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Variables behave as EDK2's do before ExitBootServices (MdeModulePkg Variable.c): exact
 * attributes, deletion by attributes 0 or size 0, an unchanged value costs no write. One
 * partition with a few files and programs. A start ends when a program is started, when the
 * stage returns, or when the power fails. Faults are set before a start and stay until they are
 * taken back.
 */
#ifndef DARUMA_TESTS_FAKE_EFI_H
#define DARUMA_TESTS_FAKE_EFI_H

#include <efi.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "efi/hardware.h"
#include "efi/measurement_protocols.h"
#include "policy/answer.h"
#include "policy/limits.h"
#include "policy/note.h"
#include "policy/record.h"

#define FAKE_VARIABLES	48
#define FAKE_VALUE_SIZE 2304
#define FAKE_NAME_SIZE	300
#define FAKE_FILES	4
#define FAKE_PROGRAMS	6
#define FAKE_PATH_SIZE	300
#define FAKE_EVERY	0xffffffffu
#define FAKE_MEASURED	8
#define FAKE_TABLES	5
#define FAKE_TABLE_SIZE 2048

struct fake_variable {
	bool present;
	CHAR16 name[FAKE_NAME_SIZE];
	EFI_GUID vendor;
	UINT32 attributes;
	size_t size;
	uint8_t bytes[FAKE_VALUE_SIZE];
};

struct fake_file {
	char path[FAKE_PATH_SIZE]; /* empty: unused */
	const uint8_t *bytes;
	size_t size;
	EFI_STATUS open_status;
	EFI_STATUS read_status;
};

/* A program on the partition. A start_status of FAKE_RUNS ends the start: the operating system
 * has the machine. */
#define FAKE_RUNS ((EFI_STATUS)1 << 62)
struct fake_program {
	char path[FAKE_PATH_SIZE];
	EFI_STATUS load_status;
	EFI_STATUS start_status;
	unsigned loaded;
	unsigned started;
	unsigned unloaded;
	CHAR16 options[DARUMA_OPTIONS_SIZE]; /* as it saw them */
	UINT32 options_size;
	EFI_LOADED_IMAGE image;
};

/* What happens at one SetVariable call. */
enum fake_fault {
	FAKE_REFUSE,	 /* `refuse_with`, and nothing is written */
	FAKE_LIE,	 /* success, and nothing is written */
	FAKE_GARBLE,	 /* success, and one bit is wrong */
	FAKE_CUT_BEFORE, /* the power fails; the old value is there */
	FAKE_CUT_AFTER,	 /* the power fails; the new value is there */
};

/* A call of HashLogExtendEvent that succeeded. */
struct fake_measured {
	bool guest; /* into the register of a confidential guest, not into the TPM */
	uint64_t flags;
	uint8_t event[128]; /* as it was given, cut */
	size_t event_size;
	uint8_t data[DARUMA_LIMITS_SIZE]; /* what is hashed, cut */
	size_t size;
	unsigned starts; /* programs that this start had started before */
};

/* A table of ACPI in memory, at its own address. */
struct fake_table {
	uint64_t address;
	size_t size; /* 0: nothing is there */
	uint8_t bytes[FAKE_TABLE_SIZE];
};

/* Intel's 6300ESB: a PCI device with registers in memory, where its command register lets them answer. */
#define FAKE_I6300ESB	   0x8000eb00u /* 00:1d.3, of many functions */
#define FAKE_I6300ESB_BASE 0xfebf0000u

struct fake_i6300esb {
	bool there;
	uint32_t identity, base; /* PCI 0 and 0x10 */
	uint16_t command, config;
	uint8_t lock;
	uint32_t first, second; /* times */
	unsigned unlocked;	/* writes of the two that unlock it, in order */
	unsigned reloads;
	bool fired;
	bool one_more_flag; /* as QEMU has it: bit 12 too, and that is the one which clears; bit 1 of config is lost */
	bool config_stays, lock_stays;
};

/* AMD's chipsets: fixed places in memory, told by PCI 00:14.0. */
struct fake_fch {
	bool there;
	uint32_t identity;
	uint8_t revision, decode, clock, isa;
	uint32_t control, count, preset; /* seconds left; those that a reload begins with */
	unsigned reloads;
	bool decode_stays, clock_stays, count_stays, run_stays;
};

/* The generic watchdog of ARM servers. */
#define FAKE_SBSA_REFRESH 0x2a450000u
#define FAKE_SBSA_CONTROL 0x2a440000u

struct fake_sbsa {
	bool there;
	uint64_t ticks; /* of the system counter in a second */
	uint32_t version, control, offset, offset_high;
	unsigned reloads;
	bool run_stays;
};

/* Registers, and how often they are used. The watchdog is Intel's TCO in an ICH9: a reset of the machine
 * halts it and sets NO_REBOOT, its status stays. */
struct fake_hardware {
	bool has_tco;
	uint32_t identity, power_base, power_control,
		root_complex; /* PCI 0, 0x40, 0x44, 0xf0 of 00:1f.0 */
	uint32_t smi_enable;
	uint16_t status, control, ticks;
	uint32_t gcs;
	bool status_is_assigned; /* as QEMU has it; else ones clear */
	bool no_reboot_stays, halt_stays, ticks_stay;
	bool runs_through_resets;
	uint64_t unreachable; /* an address that the firmware's map does not have; 0 none */
	struct fake_sbsa sbsa;
	struct fake_i6300esb i6300esb;
	struct fake_fch fch;

	/* This start. */
	unsigned uses;	  /* accesses of any kind */
	unsigned outside; /* bytes of memory where there is none */
	unsigned reloads;
	unsigned armed_at; /* SetVariable calls before it ran; only where it was halted */
	uint32_t pci_address;
	struct fake_table tables[FAKE_TABLES]; /* RSDP, XSDT, another one, WDAT, GTDT */
};
#define FAKE_RSDP 0
#define FAKE_XSDT 1
#define FAKE_FACP 2
#define FAKE_WDAT 3
#define FAKE_GTDT 4

enum fake_end {
	FAKE_HANDED_OVER, /* a program was started and runs */
	FAKE_RETURNED,	  /* the stage gave `status` back to the firmware */
	FAKE_POWER_LOST,
};

struct fake_efi {
	struct fake_variable variables[FAKE_VARIABLES];
	struct fake_file files[FAKE_FILES];
	struct fake_program programs[FAKE_PROGRAMS];

	/* Faults. `*_at`: number of the call in a start, from 1; 0 never; FAKE_EVERY each. */
	unsigned set_fault_at;
	enum fake_fault set_fault;
	EFI_STATUS refuse_with;
	unsigned get_fault_at;
	EFI_STATUS get_fails_with;
	unsigned list_fault_at;
	EFI_STATUS list_fails_with;
	bool list_endless;
	bool overstates_size;  /* success, with a size above the buffer's */
	bool hides_attributes; /* of values too long for the buffer, as old firmware does */
	EFI_STATUS volume_status;
	EFI_STATUS random_status; /* of GetRNG */
	bool no_random, no_volume, no_device_path, no_console;
	bool clock_fails;
	/* Measured boot: a TPM, unless something of it is missing; a confidential guest's registers
	 * only where asked for. A call that fails has measured nothing. */
	bool no_tpm_protocol, no_tpm, guest_measures, guest_has_no_log;
	EFI_STATUS tpm_capability_status, guest_capability_status, guest_map_status;
	unsigned tpm_fault_at, guest_fault_at;
	EFI_STATUS measure_fails_with;

	/* Keys that are pressed in a start, one for each look: '.' none yet, '?' one without a
	 * character, others themselves; NULL none. */
	const char *keys;
	bool keys_repeat; /* the last one is held down */
	bool no_keyboard;
	bool keyboard_direct; /* hears a key at the first look; EDK2's console splitter at the next one */
	EFI_STATUS keyboard_fails_with;

	int boot_current; /* number of the entry that starts us; negative: not told */

	/* This start. */
	enum fake_end end;
	EFI_STATUS status;
	unsigned gets;	    /* GetVariable calls */
	unsigned sets;	    /* SetVariable calls */
	unsigned nv_writes; /* those that reached the flash */
	unsigned open_files;
	unsigned lines;	    /* on the console */
	unsigned waits;	    /* calls that wait or touch the watchdog timer */
	unsigned waited;    /* microseconds */
	unsigned key_looks; /* CheckEvent calls */
	unsigned key_reads; /* ReadKeyStroke calls */
	const char *next_key;
	bool key_heard;
	unsigned starts; /* programs started */
	struct fake_measured measured[FAKE_MEASURED];
	unsigned measured_count;
	unsigned tpm_calls, guest_calls; /* HashLogExtendEvent */
	unsigned measurement_lookups;	 /* LocateProtocol for one of the two */
	char console[16384];
	char started[FAKE_PATH_SIZE]; /* file that runs now */

	/* The machine. */
	uint8_t device_path[128];
	uint8_t own_path[128];
	uint8_t load_options[1024];
	UINT32 load_options_size;
	uint64_t random; /* next random number, and clock */
	struct fake_hardware hardware;
	EFI_CONFIGURATION_TABLE configuration[2];
	EFI_SYSTEM_TABLE table;
	EFI_BOOT_SERVICES boot;
	EFI_RUNTIME_SERVICES runtime;
	SIMPLE_TEXT_OUTPUT_INTERFACE output;
	SIMPLE_INPUT_INTERFACE input;
	EFI_LOADED_IMAGE self;
	EFI_SIMPLE_FILE_SYSTEM_PROTOCOL volume;
	EFI_RNG_PROTOCOL generator;
	struct tcg2_protocol tpm;
	struct cc_protocol guest;
	jmp_buf out;
};

/* Partition GUID of the fake ESP, and the <id> that follows from it. */
extern const uint8_t fake_install[DARUMA_GUID_SIZE];
#define FAKE_ID "11223344"

/* A machine with our program, limits for `\EFI\normal.efi`, `\EFI\safe.efi` and
 * `\EFI\rescue.efi`, and these programs. */
void fake_efi_init(struct fake_efi *fake);

/* Switches the machine on and runs the stage until `end`. Volatile variables of the start before
 * are gone. */
enum fake_end fake_efi_start(struct fake_efi *fake);

/* Files: adds or replaces one; `bytes` is not copied. NULL removes it. */
struct fake_file *fake_efi_file(struct fake_efi *fake, const char *path, const uint8_t *bytes,
				size_t size);

/* Programs: adds one, or gives the one that is there. Ended by an empty path: removed. */
struct fake_program *fake_efi_program(struct fake_efi *fake, const char *path);

/* Writes limits with these targets to both copies. */
void fake_efi_limits(struct fake_efi *fake, const char *normal, const char *safe,
		     const char *rescue);

/* Load options of our own start, as 16-bit text with its zero. */
void fake_efi_options(struct fake_efi *fake, const char *text);

/* Our program was started from this file. */
void fake_efi_own_file(struct fake_efi *fake, const char *path);

/* The variable `name` (ASCII) of vendor Daruma, or NULL. */
struct fake_variable *fake_efi_find(struct fake_efi *fake, const char *name,
				    const EFI_GUID *vendor);

/* Puts a variable there, past all rules and counters; size 0 removes it. */
void fake_efi_put(struct fake_efi *fake, const char *name, const EFI_GUID *vendor,
		  UINT32 attributes, const uint8_t *bytes, size_t size);

/* The record and the boot note as they lie in the variables; the state is that of decoding. */
enum daruma_state fake_efi_record(struct fake_efi *fake, struct daruma_record *ret);
enum daruma_state fake_efi_note(struct fake_efi *fake, struct daruma_note *ret);

/* The operating system answers the start that the boot note tells of. */
void fake_efi_answer(struct fake_efi *fake, enum daruma_result result, enum daruma_request request);

/* The kernel leaves a crash dump; `number` makes its name. */
void fake_efi_dump(struct fake_efi *fake, unsigned number);

/* Gives the machine a TCO watchdog, and tables of ACPI without a WDAT. */
void fake_efi_tco(struct fake_efi *fake);

/* Gives it a WDAT too, which describes that watchdog. */
void fake_efi_wdat(struct fake_efi *fake);

/* Makes length and checksum of a table what its bytes and size say. */
void fake_efi_seal_table(struct fake_table *table);

/* Those tables alone; and one of `size` bytes as the second in their list, to be filled and sealed. */
void fake_efi_tables(struct fake_efi *fake);
struct fake_table *fake_efi_table(struct fake_efi *fake, unsigned which, const char *signature,
				  size_t size);

/* The same with one of the others, and without a TCO. */
void fake_efi_i6300esb(struct fake_efi *fake);
void fake_efi_fch(struct fake_efi *fake);
void fake_efi_sbsa(struct fake_efi *fake);

/* Their registers: whether there is one at that place, and what it reads as. fake_efi_devices.c. */
bool fake_efi_device_config(struct fake_hardware *hardware, uint32_t at, enum hardware_width width,
			    uint32_t *ret);
void fake_efi_device_set_config(struct fake_hardware *hardware, uint32_t at,
				enum hardware_width width, uint32_t value);
bool fake_efi_device_read(struct fake_hardware *hardware, uint64_t address,
			  enum hardware_width width, uint32_t *ret);
bool fake_efi_device_write(struct fake_hardware *hardware, uint64_t address,
			   enum hardware_width width, uint32_t value);
void fake_efi_device_reset(struct fake_hardware *hardware);
bool fake_efi_device_runs(const struct fake_hardware *hardware);
void fake_efi_device_expires(struct fake_hardware *hardware);

/* Whether the watchdog runs, and can reset the machine. */
bool fake_efi_is_watched(const struct fake_efi *fake);

/* Nothing reloads it: true where it resets the machine. The next start is then the one behind that. */
bool fake_efi_expires(struct fake_efi *fake);

/* Between the files of the fake. Services of the firmware get no context, hence one machine at a
 * time. */
extern struct fake_efi *fake_efi_now;
void fake_efi_variables_init(struct fake_efi *fake);
void fake_efi_files_init(struct fake_efi *fake);
void fake_efi_images_init(struct fake_efi *fake);
void fake_efi_keyboard_init(struct fake_efi *fake);
void fake_efi_measure_init(struct fake_efi *fake);
void fake_efi_hardware_init(struct fake_efi *fake);
void fake_efi_hardware_switch_on(struct fake_efi *fake);
extern const struct hardware fake_efi_registers;
VOID *fake_efi_measure_locate(struct fake_efi *fake, const EFI_GUID *guid);
bool fake_efi_same_guid(const EFI_GUID *one, const EFI_GUID *other);
void fake_efi_narrow(const CHAR16 *wide, char *ret, size_t capacity);

#endif
