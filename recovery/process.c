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
#include "recovery/products/package_lock.h"

#define STEP_MILLISECONDS 20
#define PIECE_SIZE	  65536

/* Where the output goes. */
struct sink {
	int (*take)(const void *bytes, size_t size, void *user);
	void *user;
};

struct buffer {
	char *output; /* NULL: all is thrown away */
	size_t size, at;
};

extern char **environ;

static int64_t now_milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* A group of its own, so that what it starts can be ended with it. `input` is -1 for nothing. */
static int start(const char *const environment[], const char *const argv[], int input, int output,
		 pid_t *ret_pid)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t none;
	int error;

	sigemptyset(&none);
	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&attributes);
	if (input < 0)
		posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	else
		posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setpgroup(&attributes, 0);
	posix_spawnattr_setsigmask(&attributes, &none);
	/* The strings are not changed: the type is older than const. */
	error = posix_spawnp(ret_pid, argv[0], &files, &attributes, (char *const *)(uintptr_t)argv,
			     environment ? (char *const *)(uintptr_t)environment : environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&files);
	return -error;
}

/* Keeps what fits, and throws the rest away. */
static int take_into_buffer(const void *bytes, size_t size, void *user)
{
	struct buffer *buffer = user;
	size_t room = buffer->output && buffer->size ? buffer->size - 1 - buffer->at : 0;

	if (size > room)
		size = room;
	if (size)
		memcpy(buffer->output + buffer->at, bytes, size);
	buffer->at += size;
	return 0;
}

/* Hands on what is there, up to `most` bytes and a piece. Returns 1, 0 at the end of the output, or what the sink
 * returned. */
static int drain(int fd, size_t most, const struct sink *sink)
{
	char piece[PIECE_SIZE];

	for (size_t taken = 0; taken < most;) {
		ssize_t got = read(fd, piece, sizeof(piece));
		int error;

		if (got == 0)
			return 0;
		if (got < 0)
			return errno == EAGAIN || errno == EINTR;
		error = sink->take(piece, (size_t)got, sink->user);
		if (error)
			return error;
		taken += (size_t)got;
	}
	return 1;
}

/* What the program that ended can have left in the pipe: others may go on writing for ever. */
static int drain_rest(int fd, const struct sink *sink)
{
	int size = fcntl(fd, F_GETPIPE_SZ);

	return drain(fd, size > 0 ? (size_t)size : PIECE_SIZE, sink);
}

static int end_all(pid_t pid, int error)
{
	kill(-pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return error;
}

static int status_of(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* Waits for the end of `pid`, not for that of the pipe: a child left behind may keep the pipe open for ever. */
static int attend(pid_t pid, int fd, int64_t deadline, const struct sink *sink, int *ret_status)
{
	struct pollfd waiting = { .fd = fd, .events = POLLIN };
	int status, state = 1;
	pid_t ended;

	for (;;) {
		if (state > 0 && poll(&waiting, 1, STEP_MILLISECONDS) > 0)
			state = drain(fd, 1, sink);
		if (state == 0)
			poll(NULL, 0, STEP_MILLISECONDS);
		if (state < 0)
			return end_all(pid, state);
		ended = waitpid(pid, &status, WNOHANG);
		if (ended == pid)
			break;
		if (ended < 0 && errno != EINTR)
			return -errno;
		if (now_milliseconds() >= deadline)
			return end_all(pid, -ETIMEDOUT);
	}
	if (state > 0)
		state = drain_rest(fd, sink);
	*ret_status = status_of(status);
	return state < 0 ? state : 0;
}

/* `environment` NULL: ours. */
static int run_into(const char *const environment[], const char *const argv[], unsigned seconds,
		    int input, const struct sink *sink, int *ret_status)
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
	error = start(environment, argv, input, writing, &pid);
	if (error)
		return error;
	close(writing);
	writing = -1;
	return attend(pid, reading, deadline, sink, ret_status);
}

static int run_with(const char *const environment[], const char *const argv[], unsigned seconds,
		    char *output, size_t size, int *ret_status)
{
	struct buffer buffer = { .output = output, .size = size };
	const struct sink sink = { .take = take_into_buffer, .user = &buffer };
	int error = run_into(environment, argv, seconds, -1, &sink, ret_status);

	if (!error && output && size > 0)
		output[buffer.at] = '\0';
	return error;
}

static int run(const char *const argv[], unsigned seconds, char *output, size_t size,
	       int *ret_status)
{
	return run_with(NULL, argv, seconds, output, size, ret_status);
}

static int filter(const char *const argv[], unsigned seconds, int input,
		  int (*take)(const void *bytes, size_t size, void *user), void *user,
		  int *ret_status)
{
	const struct sink sink = { .take = take, .user = user };

	return run_into(NULL, argv, seconds, input, &sink, ret_status);
}

const struct process_port *process_of_machine(void)
{
	static const struct process_port machine = { .run = run,
						     .run_with = run_with,
						     .filter = filter,
						     .lock_packages = package_lock_of_machine };

	return &machine;
}

int process_succeed(const struct process_port *port, const char *const argv[], unsigned seconds)
{
	int status = 0;
	int error = port->run(argv, seconds, NULL, 0, &status);

	return error ? error : status == 0 ? 0 : -ECHILD;
}
