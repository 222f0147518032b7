/* json_scan.h: is this text strictly JSON, before any parser touches it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_JSON_SCAN_H
#define DARUMA_RECOVERY_JSON_SCAN_H

#include <stddef.h>

/* Called for every number in the order of the text; `whole`: neither fraction nor exponent. Returns 0 or -ENOMEM. */
typedef int json_scan_number(void *user, int whole);

/* Walks `length` bytes once, by RFC 8259 to the letter. Refused: bytes that are not UTF-8, control characters and
 * \u0000 in strings, unpaired surrogates, a depth over JSON_DEPTH_MAX, text after the value. Duplicate keys are not
 * seen here. Returns 0, -ENOMEM from `number`, or -EBADMSG with one sentence that names line and column. */
int json_scan(const char *text, size_t length, json_scan_number *number, void *user,
	      char *ret_problem, size_t problem_size);

#endif
