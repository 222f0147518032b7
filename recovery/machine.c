/* machine.c: what this machine and its system are called
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/machine.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#include "recovery/cleanup.h"
#include "recovery/digest.h"
#include "recovery/system_file.h"

#define SMALL_FILE 16384

/* Names Daruma to sd_id128_get_machine_app_specific(3), which this follows; never changed. */
static const uint8_t application[16] = { 0x28, 0x3a, 0xa8, 0x06, 0xa3, 0x3c, 0x4b, 0x76,
					 0x85, 0xa3, 0xaa, 0xf1, 0x52, 0x24, 0x39, 0x0b };

/* 32 hex digits, with or without dashes. Returns false, and "" in `ret`, for anything else. */
static bool take_id(const char *text, char ret[33])
{
	size_t used = 0;

	for (; *text && *text != '\n'; text++) {
		if (*text == '-')
			continue;
		if (used == 32 || !strchr("0123456789abcdef", *text)) {
			used = 0;
			break;
		}
		ret[used++] = *text;
	}
	ret[used == 32 ? 32 : 0] = 0;
	return used == 32;
}

static bool read_id(const struct context *context, const char *path, char ret[33])
{
	owned char *text = NULL;
	size_t length;

	ret[0] = 0;
	return system_read(context, path, SMALL_FILE, &text, &length) == 0 && take_id(text, ret);
}

static void hide_machine_id(const char *id, char ret_host[33])
{
	uint8_t key[16];
	char digest[DIGEST_TEXT_SIZE];

	ret_host[0] = 0;
	for (size_t i = 0; i < sizeof(key); i++)
		if (sscanf(id + 2 * i, "%2hhx", &key[i]) != 1)
			return;
	if (digest_keyed(key, sizeof(key), application, sizeof(application), digest))
		return;
	/* Version 4 and variant bits, as sd-id128 sets them. */
	digest[12] = '4';
	digest[16] =
		"89ab89ab89ab89ab"[strchr("0123456789abcdef", digest[16]) - "0123456789abcdef"];
	memcpy(ret_host, digest, 32);
	ret_host[32] = 0;
}

/* The value of `key` in os-release(5), without quotes. */
static void take_setting(const char *text, const char *key, char ret[MACHINE_TEXT_SIZE])
{
	size_t length = strlen(key);
	size_t size;

	ret[0] = 0;
	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, key, length) != 0 || line[length] != '=')
			continue;
		line += length + 1;
		line += *line == '"' || *line == '\'';
		size = strcspn(line, "\"'\n");
		if (size < MACHINE_TEXT_SIZE) {
			memcpy(ret, line, size);
			ret[size] = 0;
		}
		return;
	}
}

void machine_kernel_boot_id(const struct context *context, char ret_text[33])
{
	read_id(context, "/proc/sys/kernel/random/boot_id", ret_text);
}

int64_t machine_start_time(void)
{
	struct timespec up = { 0 };

	clock_gettime(CLOCK_BOOTTIME, &up);
	return time(NULL) - up.tv_sec;
}

void machine_describe(const struct context *context, struct machine *ret)
{
	owned char *release = NULL;
	struct utsname names;
	char id[33];
	size_t length;

	memset(ret, 0, sizeof(*ret));
	if (read_id(context, "/etc/machine-id", id))
		hide_machine_id(id, ret->host);
	machine_kernel_boot_id(context, ret->boot_id);
	if (system_read(context, "/etc/os-release", SMALL_FILE, &release, &length) == 0 ||
	    system_read(context, "/usr/lib/os-release", SMALL_FILE, &release, &length) == 0) {
		take_setting(release, "ID", ret->os_id);
		take_setting(release, "VERSION_ID", ret->os_version);
	}
	if (uname(&names) == 0) {
		snprintf(ret->kernel, sizeof(ret->kernel), "%.64s", names.release);
		snprintf(ret->arch, sizeof(ret->arch), "%.64s",
			 strcmp(names.machine, "x86_64") == 0 ? "amd64" : names.machine);
	}
}
