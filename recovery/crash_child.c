/* crash_child.c: reads the text of a crash in a process of its own, without privileges
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/crash_child.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "recovery/cleanup.h"
#include "recovery/crash/reader.h"
#include "recovery/deflated_text.h"

#define NOBODY	    65534
#define CPU_SECONDS 5
#define PIECE	    65536

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define ARCHITECTURE AUDIT_ARCH_RISCV64
#else
#define ARCHITECTURE 0 /* no filter fits: see close_door() */
#endif

/* What comes back through the pipe, between two copies of one program. */
struct answer {
	int error;
	struct crash crash;
};

struct work {
	struct crash_reader reader;
	struct deflated_text room;
	char piece[PIECE];
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define ALLOW(number)                                                                              \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 1),                                       \
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

/* Kernels and architectures without seccomp are served too: then the rest has to do. */
static void close_door(void)
{
	struct sock_filter rules[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		ALLOW(SYS_read),
		ALLOW(SYS_write),
		ALLOW(SYS_exit_group),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
	};
	struct sock_fprog program = { .len = COUNT(rules), .filter = rules };

	if (ARCHITECTURE != 0)
		prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static bool limit(void)
{
	static const struct {
		int resource;
		rlim_t most;
	} limits[] = {
		{ RLIMIT_CORE, 0 },   { RLIMIT_FSIZE, 0 },	   { RLIMIT_NPROC, 0 },
		{ RLIMIT_NOFILE, 0 }, { RLIMIT_CPU, CPU_SECONDS },
	};

	for (size_t i = 0; i < COUNT(limits); i++) {
		struct rlimit both = { limits[i].most, limits[i].most };

		if (setrlimit(limits[i].resource, &both) < 0)
			return false;
	}
	return true;
}

static bool drop_privileges(void)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return false;
	if (geteuid() != 0)
		return true;
	return setgroups(0, NULL) == 0 && setresgid(NOBODY, NOBODY, NOBODY) == 0 &&
	       setresuid(NOBODY, NOBODY, NOBODY) == 0;
}

/* Leaves the input at 0 and the pipe at 1 and nothing else: the database may be open in the parent. */
static bool keep_two(int input, int pipe)
{
	/* Out of the way, whatever numbers they have. */
	int from = fcntl(input, F_DUPFD, 3), to = fcntl(pipe, F_DUPFD, 3);

	if (to < 0 || dup2(to, STDOUT_FILENO) < 0)
		return false;
	if (from >= 0 && dup2(from, STDIN_FILENO) < 0)
		return false;
	if (from < 0)
		close(STDIN_FILENO);
	return syscall(SYS_close_range, STDERR_FILENO, ~0u, 0) == 0;
}

/* The last line of a part that was inflated and the first of the next must not run together. */
static void feed_part(struct work *work, const char *bytes, const struct crash_part *part)
{
	if (!part->deflated) {
		crash_reader_feed(&work->reader, bytes, part->size);
		return;
	}
	crash_reader_feed(&work->reader, work->room.text,
			  deflated_text_read(&work->room, bytes, part->size));
	crash_reader_feed(&work->reader, "\n", 1);
}

static void feed_bytes(struct work *work, const struct crash_input *input)
{
	const struct crash_part whole = { .size = input->size };
	const struct crash_part *parts = input->parts ? input->parts : &whole;
	size_t count = input->parts ? input->count : 1, at = 0;

	for (size_t i = 0; i < count && parts[i].size <= input->size - at; i++) {
		feed_part(work, (const char *)input->bytes + at, &parts[i]);
		at += parts[i].size;
	}
}

static int feed(struct work *work, const struct crash_input *input)
{
	size_t sum = 0;
	ssize_t got;

	if (input->bytes) {
		feed_bytes(work, input);
		return 0;
	}
	while ((got = read(STDIN_FILENO, work->piece, sizeof(work->piece))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		sum += (size_t)got;
		if (sum > CRASH_INPUT_MAX)
			return -EFBIG;
		crash_reader_feed(&work->reader, work->piece, (size_t)got);
	}
	return 0;
}

/* All the child does; it allocates nothing. */
static void serve(struct work *work, const struct crash_input *input, int pipe)
{
	struct answer answer = { 0 };

	if (!keep_two(input->bytes ? -1 : input->fd, pipe) || !drop_privileges() || !limit())
		_exit(1);
	close_door();
	crash_reader_init(&work->reader);
	answer.error = feed(work, input);
	crash_reader_finish(&work->reader, &answer.crash);
	_exit(write(STDOUT_FILENO, &answer, sizeof(answer)) == (ssize_t)sizeof(answer) ? 0 : 1);
}

static int64_t now_milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* One write of less than PIPE_BUF bytes comes as a whole or not at all. */
static int receive(int fd, unsigned seconds, struct answer *answer)
{
	int64_t deadline = now_milliseconds() + (int64_t)seconds * 1000;
	struct pollfd waiting = { .fd = fd, .events = POLLIN };

	for (;;) {
		int64_t left = deadline - now_milliseconds();
		int ready = poll(&waiting, 1, left > 0 ? (int)left : 0);

		if (ready > 0)
			break;
		if (ready == 0)
			return -ETIMEDOUT;
		if (errno != EINTR)
			return -errno;
	}
	return read(fd, answer, sizeof(*answer)) == (ssize_t)sizeof(*answer) ? 0 : -EIO;
}

static bool is_name(const char *text, size_t size)
{
	size_t length = strnlen(text, size);

	for (size_t i = 0; i < length; i++)
		if (text[i] <= ' ' || text[i] > '~')
			return false;
	return length < size;
}

/* A child that a text has taken over may say what it likes of that text, but only in words. */
static bool is_sound(const struct crash *crash)
{
	return (unsigned)crash->class <= CRASH_OPERATOR &&
	       (unsigned)crash->kind <= CRASH_KIND_OTHER &&
	       (unsigned)crash->origin <= CRASH_ORIGIN_USERSPACE &&
	       (unsigned)crash->quality <= CRASH_QUALITY_GOOD &&
	       is_name(crash->function, sizeof(crash->function)) &&
	       is_name(crash->module, sizeof(crash->module)) &&
	       is_name(crash->program, sizeof(crash->program)) &&
	       is_name(crash->signature, sizeof(crash->signature));
}

static int collect(pid_t pid, int fd, unsigned seconds, struct crash *ret)
{
	struct answer answer = { 0 };
	int error = receive(fd, seconds, &answer), status = 0;

	kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	if (error == -EIO && WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
		return -ETIMEDOUT;
	if (!error)
		error = answer.error;
	if (!error && !is_sound(&answer.crash))
		error = -EIO;
	if (!error)
		*ret = answer.crash;
	return error > 0 ? -EIO : error;
}

int crash_child_read(const struct crash_input *input, unsigned seconds, struct crash *ret)
{
	owned struct work *work = malloc(sizeof(*work));
	owned_descriptor int reading = -1;
	int ends[2], error;
	pid_t pid;

	if (!work)
		return -ENOMEM;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	reading = ends[0];
	pid = fork();
	error = -errno;
	if (pid == 0)
		serve(work, input, ends[1]);
	close(ends[1]);
	return pid < 0 ? error : collect(pid, reading, seconds, ret);
}
