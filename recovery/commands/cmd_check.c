/* cmd_check.c: daruma check: what works on this machine
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>

#include "recovery/commands/commands.h"
#include "recovery/commands/output.h"
#include "recovery/commands/table.h"
#include "recovery/message.h"
#include "recovery/self_test.h"

static const char *const words[] = {
	[SELF_TEST_OK] = "ok",
	[SELF_TEST_WARNING] = "warning",
	[SELF_TEST_MISSING] = "missing",
};

static int print_json(const struct context *context, const struct self_test *tests, size_t count)
{
	struct json *object = output_object("daruma.check.v1");
	struct json *list = json_new_array();

	for (size_t i = 0; i < count; i++) {
		struct json *row = json_new_object();

		json_add_text(row, "name", tests[i].name);
		json_add_text(row, "result", words[tests[i].result]);
		json_add_text(row, "detail", tests[i].detail);
		json_append(list, row);
	}
	json_add(object, "tests", list);
	return output_print(context, object);
}

static int print_table(const struct context *context, const struct self_test *tests, size_t count)
{
	static const char *const heads[] = { "PART", "RESULT", "DETAIL" };
	struct table *table = table_new(heads, 3);
	int error;

	for (size_t i = 0; i < count; i++)
		table_row(table, (const char *const[]){ tests[i].name, words[tests[i].result],
							tests[i].detail });
	error = table_print(context, table);
	return error ? message_cannot(context, error, "print the result") : EXIT_DONE;
}

int cmd_check(const struct context *context, int argc, char *argv[])
{
	struct self_test tests[SELF_TESTS_MOST];
	size_t count = self_test_run(context, tests);
	int code = context->json ? print_json(context, tests, count) :
				   print_table(context, tests, count);
	int missing = 0;

	(void)argc;
	(void)argv;
	for (size_t i = 0; i < count; i++)
		missing += tests[i].result == SELF_TEST_MISSING;
	if (code || !missing)
		return code;
	/* The first test is that of the EFI variables: without them nothing of this can work here. */
	if (tests[0].result == SELF_TEST_MISSING)
		return message_cannot(context, -ENODEV, "watch over the boots of this machine");
	message_notice(context, "%d parts do not work here", missing);
	return EXIT_FAILED;
}
