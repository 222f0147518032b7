/* fresh_file.h: puts a small text in the place of a file, whole or not at all
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_FRESH_FILE_H
#define DARUMA_RECOVERY_FRESH_FILE_H

/* Writes `text` as the file `fresh` of the open folder, mode 0644, and renames that to `name`, each on the disk
 * before the next: a power cut leaves the old file or the new one. A link at `fresh` is not followed. Returns 0 or a
 * negative errno; the old file is in its place then, unless only the last fsync(2) of the folder failed. */
int fresh_file_put(int folder, const char *name, const char *fresh, const char *text);

#endif
