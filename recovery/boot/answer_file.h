/* answer_file.h: the file on the ESP that takes the answer where firmware cannot store variables while a system runs
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * policy/answer_file.h says what is in it. The file is laid once, and then written in place: of a file system without a
 * journal no table of clusters is touched while the machine may crash, and of the folder nothing but the file's time, which
 * the kernel brings up to date by itself (R1, R58).
 */
#ifndef DARUMA_RECOVERY_BOOT_ANSWER_FILE_H
#define DARUMA_RECOVERY_BOOT_ANSWER_FILE_H

#include <limits.h>

#include "policy/answer.h"
#include "policy/limits.h"
#include "recovery/boot/esp.h"

/* Where the UEFI path `name` ("\EFI\daruma\answer.bin") lies on this ESP. Returns 0, or -EINVAL for one that is no path of a
 * file below it. */
int answer_file_path(const struct esp *esp, const char *name, char ret_path[PATH_MAX]);

/* Whether the file that the limits name has yet to be laid: it is not there, or it is damaged and lies in \EFI\daruma.
 * Returns 1; 0 if it is there or none is named; -EEXIST if there is a file that is none of ours; or -EINVAL. */
int answer_file_is_due(const struct esp *esp, const struct daruma_limits *limits);

/* Lays it where it is due, full of zeroes: a new file, fsync, rename, fsync of the folder. Returns 1 if it was laid, 0 if
 * not, or a negative errno. */
int answer_file_lay(const struct esp *esp, const struct daruma_limits *limits);

/* Deletes the file that the limits on this ESP name, unless it is none of ours. Returns 0, also where there is none, or a
 * negative errno. To be called while the limits are there. */
int answer_file_delete(const struct esp *esp);

/* The newest answer in the file at `path`; zeroes unless VALID. ABSENT where there is no file. */
enum daruma_state answer_file_read(const char *path, struct daruma_answer *ret);

/* Writes the answer into the slot that does not hold the newest, and reads it back; nothing where the newest says the same
 * (R54). A power cut leaves the newest or this one. Returns 0; -ENOENT (not laid), -EBADMSG (damaged, or none of ours:
 * untouched), -EROFS, -EACCES, -EIO (it reads back otherwise) ... */
int answer_file_write(const char *path, const struct daruma_answer *answer);

#endif
