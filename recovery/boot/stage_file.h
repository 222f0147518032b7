/* stage_file.h: the firmware stage's programs on the ESP: the one in use, and perhaps one on trial
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_BOOT_STAGE_FILE_H
#define DARUMA_RECOVERY_BOOT_STAGE_FILE_H

#include <stdbool.h>

#include "recovery/boot/esp.h"
#include "recovery/context.h"
#include "recovery/digest.h"

#define STAGE_FILE_SOURCE  "/usr/lib/daruma/darumax64.efi"
#define STAGE_FILE_PROGRAM "darumax64.efi" /* in \EFI\daruma */
#define STAGE_FILE_TRIAL   "trialx64.efi"  /* beside it: stage_trial.h */

/* Copies STAGE_FILE_SOURCE below context->root to `name` in \EFI\daruma: a new file, fsync, read back, rename, fsync of
 * the folder; the file in use is whole at every moment. Nothing is written if it is there already. Returns 1 if it
 * was written, 0 if not, or a negative errno: -ENOENT (no source), -EBADMSG (it is no PE program), -EROFS, -ENOSPC, -EIO
 * (reads back otherwise). */
int stage_file_copy(const struct context *context, const struct esp *esp, const char *name);

/* All of STAGE_FILE_SOURCE below context->root, to be freed by the caller. Returns 0, -ENOENT, -EBADMSG (it is no PE
 * program) or another negative errno. */
int stage_file_read_source(const struct context *context, char **ret_bytes, size_t *ret_size);

/* All of `name` in \EFI\daruma, in the same way. */
int stage_file_read(const struct esp *esp, const char *name, char **ret_bytes, size_t *ret_size);

/* The digest of `name` in \EFI\daruma, or of STAGE_FILE_SOURCE. Returns 0, -ENOENT, -EBADMSG (too large, or no file; no PE
 * program, of the source), or another negative errno. */
int stage_file_digest(const struct esp *esp, const char *name, char ret[DIGEST_TEXT_SIZE]);
int stage_file_source_digest(const struct context *context, char ret[DIGEST_TEXT_SIZE]);

/* Puts the program on trial in the place of the one in use, by a rename. Returns 0 or a negative errno. */
int stage_file_take_trial(const struct esp *esp);

/* Deletes the program on trial. Returns 0, also where there is none, or a negative errno. */
int stage_file_drop_trial(const struct esp *esp);

/* Tries whether the ESP takes what is going to be written: the stage, unless it is there already, and `others` more small
 * files. As much is written and deleted again; a folder that was made for it is removed. Returns 0, also where nothing is
 * going to be written, or a negative errno as stage_file_copy(). */
int stage_file_try(const struct context *context, const struct esp *esp, int others);

/* Whether what Daruma laid on the ESP can be deleted. Returns 0, also where nothing is there, or -EROFS, -EACCES ... */
int stage_file_try_delete(const struct esp *esp);

/* Deletes what Daruma laid on the ESP: our files, and the folder if nothing else is in it. Returns 0, also where
 * nothing was there, or the errno of the first file that could not be deleted. */
int stage_file_delete(const struct esp *esp);

/* Whether the file that the UEFI path `path` ("\EFI\x\y.efi") names is on this ESP. */
bool stage_file_target_exists(const struct esp *esp, const char *path);

#endif
