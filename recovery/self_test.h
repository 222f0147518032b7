/* self_test.h: what of Daruma works on this machine
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_SELF_TEST_H
#define DARUMA_RECOVERY_SELF_TEST_H

#include <stddef.h>

#include "recovery/context.h"

enum self_test_result {
	SELF_TEST_OK,
	SELF_TEST_WARNING, /* works, with fewer guarantees (R58) */
	SELF_TEST_MISSING, /* this part does not work here */
};

#define SELF_TEST_DETAIL_SIZE 256

struct self_test {
	const char *name;
	enum self_test_result result;
	char detail[SELF_TEST_DETAIL_SIZE]; /* one line for people */
};

#define SELF_TESTS_MOST 18

/* Looks, changes nothing. Returns how many tests were filled in. */
size_t self_test_run(const struct context *context, struct self_test tests[SELF_TESTS_MOST]);

#endif
