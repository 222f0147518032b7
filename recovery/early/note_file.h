/* note_file.h: the boot note, read straight from efivarfs
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * For the time before libraries are there. A variable is a file: 4 bytes of attributes, little endian, then the
 * value (Linux Documentation/filesystems/efivarfs.rst).
 */
#ifndef DARUMA_RECOVERY_EARLY_NOTE_FILE_H
#define DARUMA_RECOVERY_EARLY_NOTE_FILE_H

#include "policy/note.h"

#define NOTE_FILE_FOLDER "/sys/firmware/efi/efivars"

/* The note of this start, found by its name in `folder`; one with other attributes than the stage gives it is passed over
 * if a right one is there (R33). Returns 0; -ENOENT: no note, or no such folder; -EEXIST: more than one; -EBADMSG:
 * damaged, or only ones with other attributes; else the errno of reading. */
int note_file_read(const char *folder, struct daruma_note *ret);

#endif
