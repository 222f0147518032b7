/* limits.c: thresholds and targets, as 2048 bytes
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "policy/limits.h"

#include "policy/bytes.h"
#include "policy/envelope.h"
#include "policy/record.h"

#define TARGET_SIZE (DARUMA_PATH_SIZE + DARUMA_OPTIONS_SIZE)
#define AT_NORMAL   48
#define AT_SAFE	    (AT_NORMAL + TARGET_SIZE)
#define AT_RESCUE   (AT_SAFE + TARGET_SIZE)
#define AT_ANSWER   (AT_RESCUE + TARGET_SIZE)

static const char magic[4] = { 'D', 'L', 'i', 'm' };

static const struct daruma_thresholds default_thresholds = {
	.panic = 2,
	.unexplained = 4,
	.safe_tries = 2,
	.rescue_tries = 2,
	.incident_starts = 12,
	.aside_starts = 8,
	.incidents = DARUMA_TOKENS,
	.unexplained_rule = DARUMA_UNEXPLAINED_CHANGED,
	.incident_gap = 24 * 60,
	.token_return = 7 * 24 * 60,
};

static uint8_t clamp8(uint8_t value, uint8_t least, uint8_t most)
{
	return value < least ? least : value > most ? most : value;
}

static uint16_t clamp16(uint16_t value, uint16_t least, uint16_t most)
{
	return value < least ? least : value > most ? most : value;
}

void daruma_limits_default(struct daruma_limits *ret)
{
	daruma_zero((uint8_t *)ret, sizeof(*ret));
	ret->thresholds = default_thresholds;
}

void daruma_thresholds_clamp(struct daruma_thresholds *thresholds)
{
	thresholds->panic = clamp8(thresholds->panic, 2, 100);
	thresholds->unexplained = clamp8(thresholds->unexplained, 4, 100);
	thresholds->safe_tries = clamp8(thresholds->safe_tries, 1, 5);
	thresholds->rescue_tries = clamp8(thresholds->rescue_tries, 1, 5);
	thresholds->incident_starts = clamp8(thresholds->incident_starts, 1, 12);
	thresholds->aside_starts = clamp8(thresholds->aside_starts, 4, 250);
	thresholds->incidents = clamp8(thresholds->incidents, 1, DARUMA_TOKENS);
	if (thresholds->unexplained_rule >= DARUMA_UNEXPLAINED_COUNT)
		thresholds->unexplained_rule = DARUMA_UNEXPLAINED_CHANGED;
	thresholds->incident_gap = clamp16(thresholds->incident_gap, 60, 43200);
	thresholds->token_return =
		clamp16(thresholds->token_return, thresholds->incident_gap, 43200);
}

/* One that is shorter than starts may take would reset machines that are well. */
uint16_t daruma_watchdog_clamp(uint16_t seconds)
{
	return seconds == 0 ? 0 : clamp16(seconds, 60, 1800);
}

bool daruma_watchdog_is_allowed(uint16_t watchdogs, unsigned kind)
{
	uint32_t allowed = watchdogs ? watchdogs : DARUMA_WATCHDOGS_FIRST;

	return kind > DARUMA_WATCHDOG_NONE && kind < DARUMA_WATCHDOG_COUNT &&
	       (allowed >> kind & 1u);
}

static void put_target(uint8_t *at, const struct daruma_target *target)
{
	daruma_copy(at, (const uint8_t *)target->path, DARUMA_PATH_SIZE);
	daruma_copy(at + DARUMA_PATH_SIZE, (const uint8_t *)target->options, DARUMA_OPTIONS_SIZE);
}

static void put_watchdog(uint8_t *bytes, const struct daruma_limits *limits)
{
	bool first = limits->watchdogs == 0 || (limits->watchdogs & DARUMA_WATCHDOGS_FIRST);

	daruma_put16(bytes + 36, first ? limits->watchdog_seconds : 0);
	daruma_put16(bytes + 38, limits->watchdogs);
	daruma_put16(bytes + 44, limits->watchdogs ? limits->watchdog_seconds : 0);
}

void daruma_limits_encode(const struct daruma_limits *limits, uint8_t bytes[DARUMA_LIMITS_SIZE])
{
	const struct daruma_thresholds *thresholds = &limits->thresholds;

	daruma_zero(bytes, DARUMA_LIMITS_SIZE);
	daruma_copy(bytes + 8, limits->install, DARUMA_GUID_SIZE);
	bytes[24] = thresholds->panic;
	bytes[25] = thresholds->unexplained;
	bytes[26] = thresholds->safe_tries;
	bytes[27] = thresholds->rescue_tries;
	bytes[28] = thresholds->incident_starts;
	bytes[29] = thresholds->aside_starts;
	bytes[30] = thresholds->incidents;
	bytes[31] = (uint8_t)thresholds->unexplained_rule;
	daruma_put16(bytes + 32, thresholds->incident_gap);
	daruma_put16(bytes + 34, thresholds->token_return);
	put_watchdog(bytes, limits);
	daruma_put32(bytes + 40, limits->policy_version);
	put_target(bytes + AT_NORMAL, &limits->normal);
	put_target(bytes + AT_SAFE, &limits->safe);
	put_target(bytes + AT_RESCUE, &limits->rescue);
	daruma_copy(bytes + AT_ANSWER, (const uint8_t *)limits->answer_path,
		    DARUMA_ANSWER_PATH_SIZE);
	daruma_envelope_seal(bytes, DARUMA_LIMITS_SIZE, magic);
}

/* Printable ASCII, then zeroes to the end, at least one. */
static bool is_text(const uint8_t *at, size_t size)
{
	size_t length = 0;

	while (length < size && at[length] >= 0x20 && at[length] <= 0x7e)
		length++;
	return length < size && daruma_is_zero(at + length, size - length);
}

static bool is_path(const uint8_t *at, size_t size)
{
	return is_text(at, size) && (at[0] == '\\' || at[0] == 0);
}

static bool is_target(const uint8_t *at)
{
	return is_path(at, DARUMA_PATH_SIZE) && is_text(at + DARUMA_PATH_SIZE, DARUMA_OPTIONS_SIZE);
}

static bool in_range(const uint8_t *bytes)
{
	return bytes[31] < DARUMA_UNEXPLAINED_COUNT && is_target(bytes + AT_NORMAL) &&
	       is_target(bytes + AT_SAFE) && is_target(bytes + AT_RESCUE) &&
	       is_path(bytes + AT_ANSWER, DARUMA_ANSWER_PATH_SIZE);
}

static void get_target(struct daruma_target *target, const uint8_t *at)
{
	daruma_copy((uint8_t *)target->path, at, DARUMA_PATH_SIZE);
	daruma_copy((uint8_t *)target->options, at + DARUMA_PATH_SIZE, DARUMA_OPTIONS_SIZE);
}

static void read_fields(const uint8_t *bytes, struct daruma_limits *limits)
{
	daruma_copy(limits->install, bytes + 8, DARUMA_GUID_SIZE);
	limits->thresholds = (struct daruma_thresholds){
		.panic = bytes[24],
		.unexplained = bytes[25],
		.safe_tries = bytes[26],
		.rescue_tries = bytes[27],
		.incident_starts = bytes[28],
		.aside_starts = bytes[29],
		.incidents = bytes[30],
		.unexplained_rule = (enum daruma_unexplained_rule)bytes[31],
		.incident_gap = daruma_get16(bytes + 32),
		.token_return = daruma_get16(bytes + 34),
	};
	limits->watchdogs = daruma_get16(bytes + 38);
	limits->watchdog_seconds =
		daruma_watchdog_clamp(daruma_get16(bytes + (limits->watchdogs ? 44 : 36)));
	limits->policy_version = daruma_get32(bytes + 40);
	get_target(&limits->normal, bytes + AT_NORMAL);
	get_target(&limits->safe, bytes + AT_SAFE);
	get_target(&limits->rescue, bytes + AT_RESCUE);
	daruma_copy((uint8_t *)limits->answer_path, bytes + AT_ANSWER, DARUMA_ANSWER_PATH_SIZE);
}

enum daruma_state daruma_limits_decode(const uint8_t *bytes, size_t size,
				       const uint8_t install[DARUMA_GUID_SIZE],
				       struct daruma_limits *ret)
{
	enum daruma_state state = daruma_envelope_open(bytes, size, DARUMA_LIMITS_SIZE, magic);

	daruma_limits_default(ret);
	if (state != DARUMA_STATE_VALID)
		return state;
	if (!in_range(bytes))
		return DARUMA_STATE_DAMAGED;
	if (!daruma_same(bytes + 8, install, DARUMA_GUID_SIZE))
		return DARUMA_STATE_FOREIGN;
	read_fields(bytes, ret);
	daruma_thresholds_clamp(&ret->thresholds);
	return DARUMA_STATE_VALID;
}
