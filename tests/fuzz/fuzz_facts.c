/* fuzz_facts.c: any bytes as what the system tells of its packages, modules and processes
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The first byte chooses the file, the rest is what stands in it.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "recovery/inventory/facts.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char root[] = "/tmp/daruma-fuzz-XXXXXX";

static const char *const files[] = { "/var/lib/dpkg/status", "/proc/modules",
				     "/proc/cmdline",	     "/proc/sys/kernel/osrelease",
				     "/proc/7/fdinfo/3",     "/lib/modules/6.1.0-1/modules.dep",
				     "/proc/7/fdinfo/4",     "/proc/7/cgroup" };

#define FILES (sizeof(files) / sizeof(files[0]))

static void run(const char *format)
{
	char command[1024];

	snprintf(command, sizeof(command), format, root);
	if (system(command) != 0)
		abort();
}

static void clean_up(void)
{
	run("rm -rf '%s'");
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	if (!mkdtemp(root))
		abort();
	run("cd '%s' && mkdir -p var/lib/dpkg proc/sys/kernel proc/7/fd proc/7/fdinfo"
	    " lib/modules/6.1.0-1/updates sys/module/acme_sensor &&"
	    " echo 6.1.0-1 >proc/sys/kernel/osrelease && echo O >sys/module/acme_sensor/taint &&"
	    " echo live >sys/module/acme_sensor/initstate &&"
	    " echo x >lib/modules/6.1.0-1/updates/acme-sensor.ko &&"
	    " ln -s 'anon_inode:[fanotify]' proc/7/fd/3 && ln -s /bin/x proc/7/exe &&"
	    " ln -s 'anon_inode:bpf_link' proc/7/fd/4 && mkdir bin && echo x >bin/x &&"
	    " printf 'prog_tag:\t0123456789abcdef\n' >proc/7/fdinfo/4 &&"
	    " echo 0::/system.slice/acmed.service >proc/7/cgroup");
	atexit(clean_up);
	return 0;
}

static void put(const char *name, const uint8_t *data, size_t size)
{
	char path[512];
	int fd;

	snprintf(path, sizeof(path), "%s%s", root, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct context context = { .root = root };
	struct fact_list none = { 0 }, facts, again;

	if (size < 1)
		return 0;
	put(files[data[0] % FILES], data + 1, size - 1);
	if (facts_read(&context, &none, false, &facts) != 0)
		abort();
	/* What was read once and has not changed is the same the second time. */
	if (facts_read(&context, &facts, false, &again) != 0 ||
	    !fact_list_is_same(&facts, &again) || facts_start_differs(&facts, &again))
		abort();
	fact_list_free(&facts);
	fact_list_free(&again);
	return 0;
}
