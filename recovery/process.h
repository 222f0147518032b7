/* process.h: running another program with a time limit
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A port: tests bring their own `run`.
 */
#ifndef DARUMA_RECOVERY_PROCESS_H
#define DARUMA_RECOVERY_PROCESS_H

#include <stddef.h>

struct process_port {
	/* Runs `argv` (NULL ends; argv[0] is looked up in PATH) without a terminal and waits at most `seconds`; then
	 * it is killed with its process group: what left that group lives on. Standard output goes to `output`, at
	 * most `size` - 1 bytes and a NUL, the rest is thrown away; `output` may be NULL. Standard error goes to
	 * ours. Returns 0 with the exit status in *ret_status (128 plus the number of a signal), -ETIMEDOUT, -ENOENT
	 * (no such program) or another negative errno. */
	int (*run)(const char *const argv[], unsigned seconds, char *output, size_t size,
		   int *ret_status);
	/* The same with `environment` (NAME=VALUE, NULL ends) instead of ours. */
	int (*run_with)(const char *const environment[], const char *const argv[], unsigned seconds,
			char *output, size_t size, int *ret_status);
	/* As run() with `input` as standard input, from where it is read on. What comes out goes to `take` in
	 * pieces; if that returns a negative errno the program is killed, and that is returned. */
	int (*filter)(const char *const argv[], unsigned seconds, int input,
		      int (*take)(const void *bytes, size_t size, void *user), void *user,
		      int *ret_status);
	/* Keeps the package manager out while a program runs that it runs too. Returns as package_lock_of_machine(); NULL:
	 * there is none to keep out. */
	int (*lock_packages)(void);
};

/* The machine's own processes. */
const struct process_port *process_of_machine(void);

/* Runs and asks for exit status 0. Returns 0, -ECHILD (another status), or an error as above. */
int process_succeed(const struct process_port *port, const char *const argv[], unsigned seconds);

#endif
