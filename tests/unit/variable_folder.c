/* variable_folder.c: a folder that stands for the machine's EFI variables
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tests/unit/variable_folder.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policy/bytes.h"
#include "policy/names.h"
#include "tests/unit/scratch.h"

void variable_folder_start(void)
{
	char path[64];

	if (getenv("DARUMA_TEST_VARIABLES")) {
		rmdir(getenv("EFIVARFS_PATH"));
		return;
	}
	snprintf(path, sizeof(path), "/tmp/daruma-unit-variables-%d/", (int)getpid());
	setenv("EFIVARFS_PATH", path, 1);
	setenv("DARUMA_TEST_VARIABLES", "1", 1);
	mkdir(path, 0700); /* it must be there to be chosen */
	execl("/proc/self/exe", "/proc/self/exe", (char *)NULL);
	abort();
}

void variable_folder_make(void)
{
	scratch_use(getenv("EFIVARFS_PATH"));
}

void variable_folder_remove(void)
{
	scratch_remove();
}

/* As efivarfs shows it: attributes, then the value. */
void variable_folder_put(const char *name, uint32_t attributes, const uint8_t *bytes, size_t size)
{
	uint8_t whole[4096];
	char file[128];

	daruma_put32(whole, attributes);
	memcpy(whole + 4, bytes, size);
	snprintf(file, sizeof(file), "%s-%s", name, DARUMA_VENDOR_GUID);
	scratch_write(file, whole, size + 4);
}

time_t variable_folder_written(const char *name)
{
	struct stat stat_of;
	char path[256];

	snprintf(path, sizeof(path), "%s%s-%s", getenv("EFIVARFS_PATH"), name, DARUMA_VENDOR_GUID);
	return stat(path, &stat_of) == 0 ? stat_of.st_mtime : 0;
}

void variable_folder_set_written(const char *name, time_t time)
{
	const struct timespec times[2] = { { .tv_sec = time }, { .tv_sec = time } };
	char path[256];

	snprintf(path, sizeof(path), "%s%s-%s", getenv("EFIVARFS_PATH"), name, DARUMA_VENDOR_GUID);
	ck_assert_int_eq(utimensat(AT_FDCWD, path, times, 0), 0);
}
