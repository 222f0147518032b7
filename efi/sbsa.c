/* sbsa.c: the generic watchdog of ARM servers, as the firmware describes it in its ACPI table GTDT
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "efi/sbsa.h"

#include "efi/acpi.h"
#include "policy/bytes.h"

#define SIGNATURE     "GTDT"
#define TIMERS	      88
#define TIMERS_AT     92
#define TABLE_LEAST   96
#define TIMER_LEAST   4
#define TYPE_WATCHDOG 1
#define WATCHDOG_SIZE 28
#define NOT_OURS      4u

#define CONTROL	     0
#define RUNS	     1u
#define HAS_RESET    4u
#define OFFSET	     8
#define OFFSET_HIGH  12
#define IDENTITY     0xfcc
#define VERSION(it)  ((it) >> 16 & 0xfu)
#define CONTROL_SIZE 0x1000
#define REFRESH_SIZE 4

/* Where it is on this machine, and what it can do. */
struct device {
	const struct hardware *hardware;
	struct sbsa at;
	uint64_t ticks; /* in a second */
	uint64_t most;	/* ticks until the first expiry */
};

static bool is_ours(const uint8_t *timer, size_t length, struct sbsa *ret)
{
	if (timer[0] != TYPE_WATCHDOG || length < WATCHDOG_SIZE ||
	    (daruma_get32(timer + 24) & NOT_OURS))
		return false;
	ret->refresh = daruma_get64(timer + 4);
	ret->control = daruma_get64(timer + 12);
	return ret->refresh && ret->control && !((ret->refresh | ret->control) & 3);
}

bool sbsa_decode(const uint8_t *bytes, size_t size, struct sbsa *ret)
{
	size_t at, length;

	if (size < TABLE_LEAST)
		return false;
	at = daruma_get32(bytes + TIMERS_AT);
	if (at < TABLE_LEAST)
		return false;
	for (uint32_t i = daruma_get32(bytes + TIMERS); i > 0; i--) {
		if (at > size || size - at < TIMER_LEAST)
			return false;
		length = daruma_get16(bytes + at + 1);
		if (length < TIMER_LEAST || length > size - at)
			return false;
		if (is_ours(bytes + at, length, ret))
			return true;
		at += length;
	}
	return false;
}

static uint32_t get(const struct device *device, uint32_t at)
{
	return device->hardware->read_memory(device->at.control + at, HARDWARE_32);
}

static void put(const struct device *device, uint32_t at, uint32_t value)
{
	device->hardware->write_memory(device->at.control + at, HARDWARE_32, value);
}

static bool is_long(const struct device *device)
{
	return VERSION(get(device, IDENTITY)) > 0;
}

/* One that cannot count so long would reset a start that is well. */
static bool can_count(const struct device *device, unsigned seconds)
{
	return device->most / device->ticks >= seconds / 2 + 1u;
}

static bool open(const struct firmware *firmware, struct device *ret)
{
	const struct hardware *hardware = firmware->hardware;
	uint8_t bytes[SBSA_TABLE_MOST];

	*ret = (struct device){ .hardware = hardware };
	if (!sbsa_decode(bytes, acpi_read_table(firmware, SIGNATURE, bytes, sizeof(bytes)),
			 &ret->at) ||
	    !hardware->reaches(firmware, ret->at.refresh, REFRESH_SIZE) ||
	    !hardware->reaches(firmware, ret->at.control, CONTROL_SIZE))
		return false;
	ret->ticks = hardware->ticks_in_second();
	ret->most = is_long(ret) ? (1ull << 48) - 1 : UINT32_MAX;
	return ret->ticks > 0 && can_count(ret, SBSA_LEAST_SECONDS);
}

/* A reload clears the status too. */
static void reload(const struct device *device)
{
	device->hardware->write_memory(device->at.refresh, HARDWARE_32, 0);
}

static void set_time(const struct device *device, unsigned seconds)
{
	uint64_t half = device->ticks * seconds / 2;

	put(device, OFFSET, (uint32_t)half);
	if (is_long(device))
		put(device, OFFSET_HIGH, (uint32_t)(half >> 32));
}

bool sbsa_is_there(const struct firmware *firmware)
{
	struct device device;

	return open(firmware, &device);
}

bool sbsa_fired(const struct firmware *firmware)
{
	struct device device;
	bool fired;

	if (!open(firmware, &device))
		return false;
	fired = get(&device, CONTROL) & HAS_RESET;
	if (fired)
		reload(&device);
	return fired;
}

bool sbsa_arm(const struct firmware *firmware, unsigned seconds)
{
	struct device device;

	if (!open(firmware, &device) || !can_count(&device, seconds))
		return false;
	put(&device, CONTROL, 0);
	set_time(&device, seconds);
	reload(&device);
	put(&device, CONTROL, RUNS);
	return get(&device, CONTROL) & RUNS;
}

void sbsa_stop(const struct firmware *firmware)
{
	struct device device;

	if (open(firmware, &device))
		put(&device, CONTROL, 0);
}
