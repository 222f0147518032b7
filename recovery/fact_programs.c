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
#include "recovery/fact_kinds.h"

static int call(enum bpf_cmd command, union bpf_attr *attributes)
{
	long result = syscall(SYS_bpf, command, attributes, sizeof(*attributes));

	return result < 0 ? -errno : (int)result;
}

/* The name is not unique, and the tag (a digest of the instructions) is not for programs with maps of different content. */
static int add_program(const struct bpf_prog_info *info, const char *kind, struct fact_list *ret)
{
	char name[BPF_OBJ_NAME_LEN + 2 + 2 * BPF_TAG_SIZE], type[16];
	int length = snprintf(name, sizeof(name), "%.*s/", BPF_OBJ_NAME_LEN - 1, info->name);

	for (size_t i = 0; i < BPF_TAG_SIZE; i++)
		length += snprintf(name + length, sizeof(name) - (size_t)length, "%02x",
				   info->tag[i]);
	snprintf(type, sizeof(type), "%u", info->type);
	return fact_list_add(ret, kind, name, type);
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
	memset(&attributes, 0, sizeof(attributes));
	attributes.info.bpf_fd = (uint32_t)fd;
	attributes.info.info_len = sizeof(info);
	attributes.info.info = (uint64_t)(uintptr_t)&info;
	error = call(BPF_OBJ_GET_INFO_BY_FD, &attributes);
	return error < 0 ? error : add_program(&info, kind, ret);
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
