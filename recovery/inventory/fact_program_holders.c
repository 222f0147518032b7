/* fact_program_holders.c: which processes have eBPF programs open, or links to them
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recovery/cleanup.h"
#include "recovery/inventory/fact_kinds.h"
#include "recovery/inventory/process_descriptors.h"
#include "recovery/inventory/program_holder.h"
#include "recovery/system_file.h"
#include "recovery/utf8.h"

/* kernel: kernel/bpf/syscall.c, for these and for the fields below. */
#define PROGRAM	   "anon_inode:bpf-prog"
#define LINK	   "anon_inode:bpf_link"
#define CGROUP_MAX 65536 /* bytes of /proc/PID/cgroup */
#define TYPE_SIZE  32

struct reading {
	const struct context *context;
	const char *kind;
	struct fact_list *ret;
};

/* The value of the first line `field`, NULL without one. The kernel's own lines come before those with names that others
 * chose, which may hold whole lines. */
static const char *find_field(const char *text, const char *field)
{
	size_t length = strlen(field);

	while (strncmp(text, field, length) != 0) {
		text = strchr(text, '\n');
		if (!text)
			return NULL;
		text++;
	}
	return text + length;
}

/* The tag in a text of fdinfo: that of some links, as of struct_ops, has none. */
static bool read_tag(const char *info, char ret[PROGRAM_TAG_SIZE])
{
	const char *tag = find_field(info, "prog_tag:\t");

	if (!tag || !program_tag_is_at(tag))
		return false;
	snprintf(ret, PROGRAM_TAG_SIZE, "%s", tag);
	return true;
}

/* "link tracing"; of a program that is only open, "program". Sorting keeps the link where a process has both. */
static void describe(const char *info, char ret[TYPE_SIZE])
{
	const char *type = find_field(info, "link_type:\t");
	size_t length = type ? strspn(type, "abcdefghijklmnopqrstuvwxyz0123456789_<>") : 0;

	if (length > 0)
		snprintf(ret, TYPE_SIZE, "link %.*s", (int)(length < 20 ? length : 20), type);
	else
		snprintf(ret, TYPE_SIZE, "%s", type ? "link" : "program");
}

/* --- the process --------------------------------------------------------------------------- */

static void find_unit(const struct context *context, const char *process,
		      char ret[CGROUP_UNIT_SIZE])
{
	owned char *text = NULL;
	char path[64];
	size_t length;

	ret[0] = 0;
	snprintf(path, sizeof(path), "/proc/%.20s/cgroup", process);
	if (system_read(context, path, CGROUP_MAX, &text, &length) == 0)
		cgroup_unit_find(text, ret);
}

static bool is_printable(const char *path)
{
	size_t rest = strlen(path), length;

	for (; rest > 0; path += length, rest -= length) {
		length = utf8_length(path, rest);
		if (length == 0 || (unsigned char)*path < 0x20 || *path == 0x7f)
			return false;
	}
	return true;
}

static bool is_same_file(const struct context *context, const char *one, const char *other)
{
	owned_descriptor int a = system_open(context, one, O_PATH);
	owned_descriptor int b = system_open(context, other, O_PATH);
	struct stat of_a, of_b;

	return a >= 0 && b >= 0 && fstat(a, &of_a) == 0 && fstat(b, &of_b) == 0 &&
	       of_a.st_dev == of_b.st_dev && of_a.st_ino == of_b.st_ino;
}

/* A process with mounts of its own, as in a container, has paths of its own too: the path counts if it leads to that file
 * for everybody. Once the file was replaced it does not. */
static void find_executable(const struct context *context, int process, const char *name,
			    char ret[PROGRAM_EXECUTABLE_SIZE])
{
	char link[64];
	ssize_t length = readlinkat(process, "exe", ret, PROGRAM_EXECUTABLE_SIZE);

	if (length <= 0 || length == PROGRAM_EXECUTABLE_SIZE) {
		ret[0] = 0;
		return;
	}
	ret[length] = 0;
	snprintf(link, sizeof(link), "/proc/%.20s/exe", name);
	if (ret[0] != '/' || !is_printable(ret) || !is_same_file(context, link, ret))
		ret[0] = 0;
}

/* --- the facts ----------------------------------------------------------------------------- */

static int look(const struct process_descriptor *descriptor, void *user)
{
	const struct reading *reading = user;
	struct program_holder holder;
	char name[PROGRAM_HOLDER_SIZE], type[TYPE_SIZE], link[PATH_MAX];
	owned char *info = NULL;

	if (strcmp(descriptor->target, PROGRAM) != 0 && strcmp(descriptor->target, LINK) != 0)
		return 0;
	if (process_descriptor_info(reading->context, descriptor, &info) != 0 ||
	    !read_tag(info, holder.tag))
		return 0;
	describe(info, type);
	find_unit(reading->context, descriptor->process_name, holder.unit);
	find_executable(reading->context, descriptor->process, descriptor->process_name,
			holder.executable);
	/* What was read by its number is another's if the process has ended meanwhile. */
	if (readlinkat(descriptor->process, "exe", link, sizeof(link)) <= 0)
		return 0;
	program_holder_write(&holder, name);
	return fact_list_add(reading->ret, reading->kind, name, type);
}

int fact_program_holders_read(const struct context *context, const char *kind,
			      struct fact_list *ret)
{
	struct reading reading = { context, kind, ret };

	return process_descriptors_walk(context, look, &reading);
}
