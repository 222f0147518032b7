/* suite.c: the frame of a unit test program
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tests/unit/suite.h"

#include <stdlib.h>

TCase *suite_case(Suite *into, const char *name, double seconds)
{
	TCase *tests = tcase_create(name);

	tcase_set_timeout(tests, seconds);
	suite_add_tcase(into, tests);
	return tests;
}

int main(void)
{
	SRunner *runner = srunner_create(suite());
	int failed;

	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
