/* words.c: the shared vocabulary as text
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "policy/words.h"

/* Arrays of characters, not of pointers: a table of pointers would need relocation in firmware. */

static const char unknown[] = "unknown";

static const char rungs[DARUMA_RUNG_COUNT][8] = {
	"normal", "held", "trial", "safe", "rescue", "aside",
};

static const char endings[DARUMA_ENDING_COUNT][12] = {
	"none",	    "good",	   "clean",    "hibernated", "panic",
	"watchdog", "unexplained", "operator", "late",
};

static const char results[DARUMA_RESULT_COUNT][12] = {
	"none",
	"good",
	"clean",
	"hibernated",
};

static const char requests[DARUMA_REQUEST_COUNT][8] = {
	"none", "trial", "safe", "aside", "hold", "normal", "forget", "repair",
};

static const char reasons[DARUMA_REASON_COUNT][20] = {
	"ordinary",
	"record-absent",
	"record-damaged",
	"record-newer",
	"record-foreign",
	"not-armed",
	"hibernated",
	"retry",
	"requested",
	"removed",
	"crashes-held",
	"crashes-safe",
	"resets-changed",
	"repaired",
	"left-safe",
	"trial-again",
	"trial-open",
	"trial-failed",
	"safe-again",
	"safe-failed",
	"rescue-again",
	"rescue-failed",
	"nothing-to-blame",
	"throttled",
	"still-aside",
	"last-resort",
	"menu",
	"late-crashes",
};

static const char watchdogs[DARUMA_WATCHDOG_COUNT][12] = {
	"none", "wdat", "tco", "i6300esb", "fch", "sbsa",
};

static const char states[DARUMA_STATE_COUNT][8] = {
	"valid", "absent", "damaged", "newer", "foreign",
};

const char *daruma_rung_name(unsigned rung)
{
	return rung < DARUMA_RUNG_COUNT ? rungs[rung] : unknown;
}

const char *daruma_ending_name(unsigned ending)
{
	return ending < DARUMA_ENDING_COUNT ? endings[ending] : unknown;
}

const char *daruma_result_name(unsigned result)
{
	return result < DARUMA_RESULT_COUNT ? results[result] : unknown;
}

const char *daruma_request_name(unsigned request)
{
	return request < DARUMA_REQUEST_COUNT ? requests[request] : unknown;
}

const char *daruma_reason_name(unsigned reason)
{
	return reason < DARUMA_REASON_COUNT ? reasons[reason] : unknown;
}

const char *daruma_watchdog_name(unsigned watchdog)
{
	return watchdog < DARUMA_WATCHDOG_COUNT ? watchdogs[watchdog] : unknown;
}

const char *daruma_state_name(unsigned state)
{
	return state < DARUMA_STATE_COUNT ? states[state] : unknown;
}

bool daruma_reason_is_asked(enum daruma_reason reason)
{
	return reason == DARUMA_REASON_REQUESTED || reason == DARUMA_REASON_MENU;
}
