/* wdat.c: the watchdog that the firmware describes in its ACPI table WDAT
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "efi/wdat.h"

#include "efi/acpi.h"
#include "policy/bytes.h"

enum action {
	RELOAD = 1,
	SET_COUNTDOWN = 6,
	GET_RUNNING = 8,
	SET_RUNNING = 9,
	SET_STOPPED = 11,
	SET_REBOOT = 17,
	GET_STATUS = 32,
	SET_STATUS = 33,
};

enum instruction {
	READ_VALUE,
	READ_COUNTDOWN,
	WRITE_VALUE,
	WRITE_COUNTDOWN,
	INSTRUCTIONS,
	KEEP_OTHERS = 0x80,
};

/* What a start cannot do without. Linux takes over what it is told to run, by GET_RUNNING. */
static const uint8_t needed[] = { RELOAD, SET_COUNTDOWN, GET_RUNNING, SET_RUNNING, SET_STOPPED };

#define SIGNATURE  "WDAT"
#define AFTER_ACPI 32 /* bytes between the ACPI header and the entries */
#define ENABLED	   1u
#define NO_PCI	   0xff
#define CLOCK	   0x70 /* ports of the real-time clock */
#define CLOCK_END  0x73
#define PORT_MOST  0xffff
/* No register lies behind what an x86 processor can address. */
#define MEMORY_MOST ((1ull << 52) - 1)

static bool is_port(uint64_t address, unsigned width)
{
	return address + width - 1 <= PORT_MOST &&
	       (address > CLOCK_END || address + width - 1 < CLOCK);
}

static bool is_sound(const struct wdat_entry *entry)
{
	unsigned width = entry->width;

	if (entry->instruction >= INSTRUCTIONS || entry->shift >= 8 * width ||
	    entry->address == 0 || entry->address > MEMORY_MOST - width)
		return false;
	return entry->in_memory || is_port(entry->address, width);
}

static bool decode_entry(const uint8_t *bytes, struct wdat_entry *ret)
{
	uint8_t space = bytes[4], access = bytes[7];

	if (space > 1 || access < 1 || access > 3)
		return false;
	*ret = (struct wdat_entry){
		.action = bytes[0],
		.instruction = bytes[1] & (uint8_t)~KEEP_OTHERS,
		.keeps_others = bytes[1] & KEEP_OTHERS,
		.in_memory = space == 0,
		.width = (enum hardware_width)(1 << (access - 1)),
		.shift = bytes[6],
		.address = daruma_get64(bytes + 8),
		.value = daruma_get32(bytes + 16),
		.mask = daruma_get32(bytes + 20),
	};
	return is_sound(ret);
}

/* Up to the entries; how many of them there are is set, and fits into `size`. */
static bool decode_header(const uint8_t *bytes, size_t size, struct wdat *ret)
{
	if (size < WDAT_HEADER_SIZE || size > WDAT_TABLE_MOST ||
	    daruma_get32(bytes + ACPI_HEADER_SIZE) != AFTER_ACPI)
		return false;
	if (daruma_get16(bytes + 40) != NO_PCI || bytes[42] != NO_PCI || bytes[43] != NO_PCI ||
	    bytes[44] != NO_PCI || !(bytes[60] & ENABLED))
		return false;
	ret->period = daruma_get32(bytes + 48);
	ret->most = daruma_get32(bytes + 52);
	ret->least = daruma_get32(bytes + 56);
	ret->count = daruma_get32(bytes + 64);
	return ret->count <= WDAT_ENTRIES &&
	       ret->count * WDAT_ENTRY_SIZE <= size - WDAT_HEADER_SIZE;
}

static bool is_time(const struct wdat *wdat)
{
	return wdat->period > 0 && wdat->least <= wdat->most &&
	       (uint64_t)wdat->period * wdat->most >= WDAT_LEAST_MILLISECONDS;
}

static bool has(const struct wdat *wdat, uint8_t action)
{
	for (unsigned i = 0; i < wdat->count; i++) {
		if (wdat->entries[i].action == action)
			return true;
	}
	return false;
}

bool wdat_decode(const uint8_t *bytes, size_t size, struct wdat *ret)
{
	if (!decode_header(bytes, size, ret) || !is_time(ret))
		return false;
	for (unsigned i = 0; i < ret->count; i++) {
		if (!decode_entry(bytes + WDAT_HEADER_SIZE + i * WDAT_ENTRY_SIZE, &ret->entries[i]))
			return false;
	}
	for (unsigned i = 0; i < sizeof(needed); i++) {
		if (!has(ret, needed[i]))
			return false;
	}
	return true;
}

static uint32_t read(const struct hardware *hardware, const struct wdat_entry *entry)
{
	if (entry->in_memory)
		return hardware->read_memory(entry->address, entry->width);
	return hardware->read_port((uint16_t)entry->address, entry->width);
}

static void write(const struct hardware *hardware, const struct wdat_entry *entry, uint32_t value)
{
	uint32_t others =
		entry->keeps_others ? read(hardware, entry) & ~(entry->mask << entry->shift) : 0;
	uint32_t whole = others | (value & entry->mask) << entry->shift;

	if (entry->in_memory)
		hardware->write_memory(entry->address, entry->width, whole);
	else
		hardware->write_port((uint16_t)entry->address, entry->width, whole);
}

/* All entries of an action, in the order of the table; `count` is for those that write one. What the
 * last one read, as a number or as whether it is the value of the entry; 0 where none reads. */
static uint32_t run(const struct hardware *hardware, const struct wdat *wdat, uint8_t action,
		    uint32_t count)
{
	uint32_t result = 0;

	for (unsigned i = 0; i < wdat->count; i++) {
		const struct wdat_entry *entry = &wdat->entries[i];

		if (entry->action != action)
			continue;
		if (entry->instruction == WRITE_VALUE || entry->instruction == WRITE_COUNTDOWN) {
			write(hardware, entry,
			      entry->instruction == WRITE_VALUE ? entry->value : count);
			continue;
		}
		result = read(hardware, entry) >> entry->shift & entry->mask;
		if (entry->instruction == READ_VALUE)
			result = result == entry->value;
	}
	return result;
}

static bool reaches_all(const struct firmware *firmware, const struct wdat *wdat)
{
	for (unsigned i = 0; i < wdat->count; i++) {
		const struct wdat_entry *entry = &wdat->entries[i];

		if (entry->in_memory &&
		    !firmware->hardware->reaches(firmware, entry->address, entry->width))
			return false;
	}
	return true;
}

static bool open(const struct firmware *firmware, struct wdat *ret)
{
	uint8_t bytes[WDAT_TABLE_MOST];

	return wdat_decode(bytes, acpi_read_table(firmware, SIGNATURE, bytes, sizeof(bytes)),
			   ret) &&
	       reaches_all(firmware, ret);
}

bool wdat_is_there(const struct firmware *firmware)
{
	struct wdat wdat;

	return open(firmware, &wdat);
}

bool wdat_is_absent(const struct firmware *firmware)
{
	uint64_t address = 0;

	return acpi_find_table(firmware, SIGNATURE, &address) == ACPI_ABSENT;
}

bool wdat_fired(const struct firmware *firmware)
{
	struct wdat wdat;
	bool fired;

	if (!open(firmware, &wdat))
		return false;
	fired = run(firmware->hardware, &wdat, GET_STATUS, 0) != 0;
	run(firmware->hardware, &wdat, SET_STATUS, 0);
	return fired;
}

/* A count that loses bits in its register would be another time, and a shorter one. */
static bool fits(const struct wdat *wdat, uint32_t count)
{
	for (unsigned i = 0; i < wdat->count; i++) {
		const struct wdat_entry *entry = &wdat->entries[i];

		if (entry->action == SET_COUNTDOWN && entry->instruction == WRITE_COUNTDOWN &&
		    ((count & entry->mask) != count ||
		     (uint64_t)count << entry->shift >> 8 * entry->width != 0))
			return false;
	}
	return true;
}

static uint32_t count_of(const struct wdat *wdat, unsigned seconds)
{
	uint32_t count = seconds * 1000 / wdat->period;

	if (count < wdat->least)
		return wdat->least;
	return count > wdat->most ? wdat->most : count;
}

bool wdat_arm(const struct firmware *firmware, unsigned seconds)
{
	const struct hardware *hardware = firmware->hardware;
	struct wdat wdat;
	uint32_t count;

	if (!open(firmware, &wdat))
		return false;
	run(hardware, &wdat, SET_STATUS, 0);
	count = count_of(&wdat, seconds);
	if (fits(&wdat, count)) {
		run(hardware, &wdat, SET_COUNTDOWN, count);
		run(hardware, &wdat, SET_REBOOT, 0);
		run(hardware, &wdat, RELOAD, 0);
		run(hardware, &wdat, SET_RUNNING, 0);
		if (run(hardware, &wdat, GET_RUNNING, 0) != 0)
			return true;
	}
	run(hardware, &wdat, SET_STOPPED, 0);
	return false;
}

void wdat_stop(const struct firmware *firmware)
{
	struct wdat wdat;

	if (open(firmware, &wdat))
		run(firmware->hardware, &wdat, SET_STOPPED, 0);
}
