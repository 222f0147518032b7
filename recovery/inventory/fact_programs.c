/* fact_programs.c: which eBPF programs are loaded
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "recovery/cleanup.h"
#include "recovery/inventory/fact_kinds.h"

#define TAG_TEXT_SIZE (2 * BPF_TAG_SIZE + 1)
/* So many functions of one program are noted, so that they fit into a fact; the kernel allows 256 */
#define FUNCTIONS_MOST 200

static int call(enum bpf_cmd command, union bpf_attr *attributes)
{
	long result = syscall(SYS_bpf, command, attributes, sizeof(*attributes));

	return result < 0 ? -errno : (int)result;
}

static int ask(int fd, struct bpf_prog_info *info)
{
	union bpf_attr attributes = {
		.info = { .bpf_fd = (uint32_t)fd,
			  .info_len = sizeof(*info),
			  .info = (uint64_t)(uintptr_t)info },
	};

	return call(BPF_OBJ_GET_INFO_BY_FD, &attributes);
}

static void write_tag(const uint8_t tag[BPF_TAG_SIZE], char ret[TAG_TEXT_SIZE])
{
	for (size_t i = 0; i < BPF_TAG_SIZE; i++)
		snprintf(ret + 2 * i, 3, "%02x", tag[i]);
}

/* The kernel gives each function of a program that has several a name and a tag of its own, by which a crash may name it.
 * Kernels that do not know of these tags would refuse the question, so they are asked only if the first answer has some. */
static int add_functions(int fd, const struct bpf_prog_info *program, char *value, size_t size)
{
	uint8_t tags[FUNCTIONS_MOST][BPF_TAG_SIZE] = { 0 };
	struct bpf_prog_info info = { .nr_prog_tags = FUNCTIONS_MOST,
				      .prog_tags = (uint64_t)(uintptr_t)tags };
	size_t length = strlen(value);
	int error = program->nr_prog_tags > 1 ? ask(fd, &info) : 0;

	if (error < 0 || program->nr_prog_tags <= 1)
		return error;
	for (size_t i = 0; i < info.nr_prog_tags && i < FUNCTIONS_MOST; i++) {
		char tag[TAG_TEXT_SIZE];

		write_tag(tags[i], tag);
		length += (size_t)snprintf(value + length, size - length, " %s", tag);
	}
	return 0;
}

/* The name is not unique, and the tag (a digest of the instructions) is not for programs with maps of different content. */
static int add_program(int fd, const struct bpf_prog_info *info, const char *kind,
		       struct fact_list *ret)
{
	char name[BPF_OBJ_NAME_LEN + 1 + TAG_TEXT_SIZE], tag[TAG_TEXT_SIZE];
	char value[16 + FUNCTIONS_MOST * (TAG_TEXT_SIZE + 1)];
	int error;

	write_tag(info->tag, tag);
	snprintf(name, sizeof(name), "%.*s/%s", BPF_OBJ_NAME_LEN - 1, info->name, tag);
	snprintf(value, sizeof(value), "%u", info->type);
	error = add_functions(fd, info, value, sizeof(value));
	return error < 0 ? error : fact_list_add(ret, kind, name, value);
}

static int look_at(uint32_t id, const char *kind, struct fact_list *ret)
{
	struct bpf_prog_info info = { 0 };
	union bpf_attr attributes = { .prog_id = id };
	owned_descriptor int fd = call(BPF_PROG_GET_FD_BY_ID, &attributes);
	int error;

	if (fd == -ENOENT)
		return 0; /* unloaded meanwhile */
	if (fd < 0)
		return fd;
	error = ask(fd, &info);
	return error < 0 ? error : add_program(fd, &info, kind, ret);
}

/* Below another root the programs of this kernel say nothing. */
int fact_programs_read(const struct context *context, const char *kind, struct fact_list *ret)
{
	union bpf_attr attributes = { .start_id = 0 };
	int error = context->root[0] ? -EOPNOTSUPP : 0;

	while (!error) {
		uint32_t id;

		error = call(BPF_PROG_GET_NEXT_ID, &attributes);
		if (error == -ENOENT)
			return 0;
		id = attributes.next_id;
		if (!error)
			error = look_at(id, kind, ret);
		memset(&attributes, 0, sizeof(attributes));
		attributes.start_id = id;
	}
	return error;
}
