/* suite.h: the frame of a unit test program
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Each tests/unit/test_x.c is one program: it defines `suite()` and uses Check's START_TEST.
 */
#ifndef DARUMA_TESTS_SUITE_H
#define DARUMA_TESTS_SUITE_H

#include <check.h>

/* The suite of this program; defined by the test file. */
Suite *suite(void);

/* Adds one test case named `name` with the time limit `seconds` to `suite` and returns it. */
TCase *suite_case(Suite *suite, const char *name, double seconds);

#endif
