/* fuzz_grub_default.c: any bytes as the file that makes a kernel GRUB's default; what is not ours stays
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "recovery/boot/boot_loader.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define OURS "# written by daruma "

static char root[] = "/tmp/daruma-fuzz-XXXXXX";
static char path[512];

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
	run("cd '%s' && mkdir -p boot/grub etc/default/grub.d && echo >boot/grub/grub.cfg");
	snprintf(path, sizeof(path), "%s/etc/default/grub.d/90-daruma.cfg", root);
	atexit(clean_up);
	return 0;
}

static void put(const uint8_t *data, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	close(fd);
}

static bool is_there(const uint8_t *data, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	uint8_t *bytes = malloc(size + 1);
	bool same = fd >= 0 && read(fd, bytes, size + 1) == (ssize_t)size &&
		    memcmp(bytes, data, size) == 0;

	if (fd >= 0)
		close(fd);
	free(bytes);
	return same;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct context context = { .root = root };
	const struct boot_loader_access access = { .context = &context };
	char entry[BOOT_LOADER_ENTRY_SIZE] = "";
	int error;

	put(data, size);
	if (!boot_loader_grub.is_here(&access))
		abort();
	error = boot_loader_grub.read(&access, entry);
	if (error && error != -EEXIST)
		abort();
	if (!error && (size < strlen(OURS) || memcmp(data, OURS, strlen(OURS)) != 0))
		abort();
	if (strlen(entry) >= sizeof(entry) || strpbrk(entry, "\"\n"))
		abort();
	/* A file of somebody else's is neither replaced nor deleted; what is the default already is not written anew. */
	if (error && (boot_loader_grub.set(&access, "other") != -EEXIST ||
		      boot_loader_grub.undo(&access, "other", NULL) != 0))
		abort();
	if (entry[0] && (boot_loader_grub.set(&access, entry) != 0 ||
			 boot_loader_grub.undo(&access, "another", NULL) != 0))
		abort();
	if ((error || entry[0]) && !is_there(data, size))
		abort();
	return 0;
}
