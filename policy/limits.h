/* limits.h: thresholds and targets, as 2048 bytes
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Files \EFI\daruma\limits.bin and limits.bak, written by `daruma policy apply`. Anybody with the disk can
 * change them, so what they may say is clamped: they can make Daruma more careful, never trigger-happy.
 *
 *    0  4  magic "DLim"                       32  2  minutes between two incidents
 *    4  2  version 1                          34  2  minutes until a token is back
 *    6  2  size 2048                          36  2  watchdog seconds, 0 off
 *    8 16  installation: ESP partition GUID   38  2  watchdogs, a bit each
 *   24  1  panics or watchdog resets          40  4  version of the policy
 *   25  1  unexplained resets                 44  2  watchdog seconds of these, 46 2 zero
 *   26  1  tries of safe                      48 640 target normal: 256 path, 384 options
 *   27  1  tries of rescue                   688 640 target safe
 *   28  1  starts in one incident           1328 640 target rescue
 *   29  1  failed starts aside              1968 72  path of the answer file, empty: none
 *   30  1  incidents until tokens end       2040  4  spare: zero when written, ignored when read
 *   31  1  unexplained rule                 2044  4  CRC-32 of bytes 0 to 2043
 *
 * A stage that does not know the bits at 38 arms a WDAT or TCO by the seconds at 36: these say 0 where neither has a driver.
 * Where a bit is set the seconds are those at 44.
 *
 * Paths and options are printable ASCII, filled up with zeroes, at least one of them. A path starts with a
 * backslash and is on the partition of the stage. An empty path of safe or rescue means: the normal target.
 */
#ifndef DARUMA_POLICY_LIMITS_H
#define DARUMA_POLICY_LIMITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/names.h"
#include "policy/words.h"

#define DARUMA_LIMITS_SIZE	2048
#define DARUMA_PATH_SIZE	256 /* with the terminating zero */
#define DARUMA_OPTIONS_SIZE	384 /* with the terminating zero */
#define DARUMA_ANSWER_PATH_SIZE 72

/* What unexplained resets may lead to (R38). */
enum daruma_unexplained_rule {
	DARUMA_UNEXPLAINED_CHANGED, /* safe, if the watch set changed: the default */
	DARUMA_UNEXPLAINED_NEVER,   /* stricter: evidence demanded */
	DARUMA_UNEXPLAINED_ALWAYS,  /* more lenient: safe without a change too; exports say so */
	DARUMA_UNEXPLAINED_COUNT,
};

/* The numbers the decision uses. */
struct daruma_thresholds {
	uint8_t panic;		 /* 2 to 100: crashes that lead to held or safe */
	uint8_t unexplained;	 /* 4 to 100 */
	uint8_t safe_tries;	 /* 1 to 5 */
	uint8_t rescue_tries;	 /* 1 to 5 */
	uint8_t incident_starts; /* 1 to 12: safe and rescue starts in one incident (R37) */
	uint8_t aside_starts;	 /* 4 to 250 */
	uint8_t incidents;	 /* 1 to DARUMA_TOKENS */
	enum daruma_unexplained_rule unexplained_rule;
	/* 60 to 43200 healthy minutes between two incidents; default one day */
	uint16_t incident_gap;
	/* 60 to 43200 healthy minutes, not below incident_gap; default seven days */
	uint16_t token_return;
};

struct daruma_target {
	char path[DARUMA_PATH_SIZE];
	char options[DARUMA_OPTIONS_SIZE];
};

struct daruma_limits {
	uint8_t install[DARUMA_GUID_SIZE];
	struct daruma_thresholds thresholds;
	/* Until the hardware watchdog over a start resets the machine: 0 none (the default), else 60 to 1800. */
	uint16_t watchdog_seconds;
	/* Bit 1 << n for each enum daruma_watchdog whose driver this system has: no other may be armed. 0, as limits of before have it:
	 * DARUMA_WATCHDOGS_FIRST. */
	uint16_t watchdogs;
	uint32_t policy_version;
	struct daruma_target normal;
	struct daruma_target safe;
	struct daruma_target rescue;
	char answer_path[DARUMA_ANSWER_PATH_SIZE];
};

/* The built-in limits: default thresholds, no watchdog, and empty paths. */
void daruma_limits_default(struct daruma_limits *ret);

/* The kinds that there were before limits named them. */
#define DARUMA_WATCHDOGS_FIRST (1u << DARUMA_WATCHDOG_WDAT | 1u << DARUMA_WATCHDOG_TCO)

/* Whether limits with these `watchdogs` let `kind` (enum daruma_watchdog; any number) be armed. */
bool daruma_watchdog_is_allowed(uint16_t watchdogs, unsigned kind);

/* Seconds of a watchdog as they count: 0 stays so, all else is moved to 60 to 1800. */
uint16_t daruma_watchdog_clamp(uint16_t seconds);

/* Moves every threshold into its range. Called by decode; harmless when repeated. */
void daruma_thresholds_clamp(struct daruma_thresholds *thresholds);

/* Writes all DARUMA_LIMITS_SIZE bytes. */
void daruma_limits_encode(const struct daruma_limits *limits, uint8_t bytes[DARUMA_LIMITS_SIZE]);

/* Reads `size` bytes from outside; `bytes` may be NULL where size is 0. `install` is the installation that
 * asks: sound limits of another one are FOREIGN. `*ret` is filled in every case: with the built-in limits
 * unless VALID. Thresholds and seconds are moved into their ranges. */
enum daruma_state daruma_limits_decode(const uint8_t *bytes, size_t size,
				       const uint8_t install[DARUMA_GUID_SIZE],
				       struct daruma_limits *ret);

#endif
