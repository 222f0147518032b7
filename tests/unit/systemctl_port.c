/* systemctl_port.c: a process port on a machine whose units stand as a test says
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tests/unit/systemctl_port.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#define FIRST_UNIT 5 /* systemctl show -p PROPERTIES -- */

static struct systemctl_machine *machine;

static void append(char *text, size_t size, const char *word, const char *behind)
{
	size_t length = strlen(text);

	ck_assert_int_lt(snprintf(text + length, size - length, "%s%s", word, behind),
			 (int)(size - length));
}

static const char *block_of(const char *unit)
{
	static char missing[512];

	for (size_t i = 0; i < sizeof(machine->units) / sizeof(machine->units[0]); i++) {
		const char *block = machine->units[i];
		size_t length = strlen(unit);

		if (block && strncmp(block + 3, unit, length) == 0 && block[3 + length] == '\n')
			return block;
	}
	snprintf(missing, sizeof(missing),
		 UNIT_BLOCK("%s", "not-found", "", "inactive", "success", "no", ""), unit);
	return missing;
}

static void show(const char *const argv[], char *output, size_t size)
{
	output[0] = machine->asked[0] = '\0';
	for (size_t i = FIRST_UNIT; argv[i]; i++) {
		append(machine->asked, sizeof(machine->asked), argv[i], " ");
		append(output, size, block_of(argv[i]), argv[i + 1] ? "\n" : "");
	}
}

static int run(const char *const argv[], unsigned seconds, char *output, size_t size,
	       int *ret_status)
{
	ck_assert_uint_gt(seconds, 0);
	*ret_status = 0;
	if (strcmp(argv[0], "systemctl") == 0) {
		show(argv, output, size);
		return machine->error;
	}
	ck_abort_msg("%s is run with our environment", argv[0]);
}

/* Of /usr/sbin/chroot ROOT PROGRAM ... the program. */
static int run_with(const char *const environment[], const char *const argv[], unsigned seconds,
		    char *output, size_t size, int *ret_status)
{
	(void)output;
	(void)size;
	ck_assert_uint_eq(seconds, 20);
	ck_assert_str_eq(environment[1], "LANG=C");
	ck_assert_str_eq(argv[0], "/usr/sbin/chroot");
	append(machine->commands, sizeof(machine->commands), argv[2], " ");
	*ret_status = machine->command_no && strcmp(machine->command_no, argv[2]) == 0;
	return machine->command_error;
}

const struct process_port *systemctl_port(struct systemctl_machine *of)
{
	static const struct process_port port = { .run = run, .run_with = run_with };

	machine = of;
	return &port;
}
