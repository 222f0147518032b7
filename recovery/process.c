/* process.c: running another program with a time limit
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "recovery/cleanup.h"

#define STEP_MILLISECONDS 20

extern char **environ;

static int64_t now_milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* A group of its own, so that what it starts can be ended with it. */
static int start(const char *const argv[], int output, pid_t *ret_pid)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t none;
	int error;

	sigemptyset(&none);
	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&attributes);
	posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setpgroup(&attributes, 0);
	posix_spawnattr_setsigmask(&attributes, &none);
	/* The strings are not changed: the type is older than const. */
	error = posix_spawnp(ret_pid, argv[0], &files, &attributes, (char *const *)(uintptr_t)argv,
			     environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&files);
	return -error;
}

/* Reads what is there. Returns false at the end of the output. */
static bool drain(int fd, char *output, size_t size, size_t *at)
{
	char waste[4096];
	ssize_t got;

	for (;;) {
		bool room = output && *at + 1 < size;

		got = read(fd, room ? output + *at : waste, room ? size - 1 - *at : sizeof(waste));
		if (got == 0)
			return false;
		if (got < 0)
			return errno == EAGAIN || errno == EINTR;
		if (room)
			*at += (size_t)got;
	}
}

static int status_of(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* Waits for the end of `pid`, not for that of the pipe: a child left behind may keep the pipe open for ever. */
static int attend(pid_t pid, int fd, int64_t deadline, char *output, size_t size, int *ret_status)
{
	struct pollfd waiting = { .fd = fd, .events = POLLIN };
	size_t at = 0;
	int status;
	pid_t ended;

	for (;;) {
		if (waiting.fd >= 0 && poll(&waiting, 1, STEP_MILLISECONDS) > 0 &&
		    !drain(fd, output, size, &at))
			waiting.fd = -1;
		if (waiting.fd < 0)
			poll(NULL, 0, STEP_MILLISECONDS);
		ended = waitpid(pid, &status, WNOHANG);
		if (ended == pid)
			break;
		if (ended < 0 && errno != EINTR)
			return -errno;
		if (now_milliseconds() >= deadline) {
			kill(-pid, SIGKILL);
			waitpid(pid, &status, 0);
			return -ETIMEDOUT;
		}
	}
	if (waiting.fd >= 0)
		drain(fd, output, size, &at);
	if (output && size > 0)
		output[at] = '\0';
	*ret_status = status_of(status);
	return 0;
}

static int run(const char *const argv[], unsigned seconds, char *output, size_t size,
	       int *ret_status)
{
	int64_t deadline = now_milliseconds() + (int64_t)seconds * 1000;
	owned_descriptor int reading = -1;
	owned_descriptor int writing = -1;
	int ends[2], error;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	reading = ends[0];
	writing = ends[1];
	if (fcntl(reading, F_SETFL, O_NONBLOCK) < 0)
		return -errno;
	error = start(argv, writing, &pid);
	if (error)
		return error;
	close(writing);
	writing = -1;
	return attend(pid, reading, deadline, output, size, ret_status);
}

const struct process_port *process_of_machine(void)
{
	static const struct process_port machine = { .run = run };

	return &machine;
}

int process_succeed(const struct process_port *port, const char *const argv[], unsigned seconds)
{
	int status = 0;
	int error = port->run(argv, seconds, NULL, 0, &status);

	return error ? error : status == 0 ? 0 : -ECHILD;
}
