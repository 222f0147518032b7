/* cmd_crash.c: daruma crash FILE|-: what the text of a crash says
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "recovery/cleanup.h"
#include "recovery/commands/commands.h"
#include "recovery/commands/output.h"
#include "recovery/commands/table.h"
#include "recovery/crash_child.h"
#include "recovery/message.h"

#define SECONDS 60 /* a pipe may be slow */

static const char *or_null(const char *text)
{
	return text[0] ? text : NULL;
}

static int print(const struct context *context, const struct crash *crash)
{
	const char *kind = crash->kind == CRASH_KIND_NONE ? NULL : crash_kind_name(crash->kind);
	const char *origin =
		crash->origin == CRASH_ORIGIN_NONE ? NULL : crash_origin_name(crash->origin);
	const struct {
		const char *key, *name, *text;
	} lines[] = {
		{ "kind", "kind", kind },
		{ "function", "function", or_null(crash->function) },
		{ "module", "module", or_null(crash->module) },
		{ "bpf_program", "eBPF program", or_null(crash->program) },
		{ "origin", "origin", origin },
		{ "signature", "signature", or_null(crash->signature) },
		{ "quality", "quality", crash_quality_name(crash->quality) },
	};
	struct json *object = context->json ? output_object("daruma.crash.v1") : NULL;

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		if (object)
			json_add_text(object, lines[i].key, lines[i].text);
		else if (!context->json)
			table_line(lines[i].name, "%s", lines[i].text ? lines[i].text : "-");
	}
	return context->json ? output_print(context, object) : EXIT_DONE;
}

int cmd_crash(const struct context *context, int argc, char *argv[])
{
	bool standard = strcmp(argv[1], "-") == 0;
	owned_descriptor int fd =
		standard ? dup(STDIN_FILENO) :
			   open(argv[1], O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct crash_input input = { .fd = fd };
	struct crash crash;
	int error = fd < 0 ? -errno : crash_child_read(&input, SECONDS, &crash);

	(void)argc;
	if (error)
		return message_cannot(context, error, "read the crash text %s", argv[1]);
	if (crash.kind == CRASH_KIND_NONE)
		message_notice(context, "no crash of the kernel is told there");
	return print(context, &crash);
}
