/* firmware.h: the boot note and the answer, through EFI variables
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_BOOT_FIRMWARE_H
#define DARUMA_RECOVERY_BOOT_FIRMWARE_H

#include "policy/answer.h"
#include "policy/note.h"
#include "recovery/context.h"

#define FIRMWARE_ID_SIZE 9 /* 8 hex digits and a NUL */

/* The note of this start, and the <id> of the installation it belongs to. The note is found by its name among the
 * variables of our vendor GUID; one with attributes that root could have given is passed over if a right one is
 * there. Returns 0; -ENODEV: no EFI variables here (own_variables.h); -ENOENT: this start did not go through the
 * stage; -EBADMSG: the note is damaged or has wrong attributes (R33); -EEXIST: more than one. */
int firmware_read_note(const struct context *context, struct daruma_note *ret_note,
		       char ret_id[FIRMWARE_ID_SIZE]);

/* The answer as it is stored now, in its variable or, where the limits name one, its file (answer_file.h). `*ret` is zero
 * unless VALID. */
enum daruma_state firmware_read_answer(const struct context *context, const char *id,
				       struct daruma_answer *ret);

/* Writes the answer and reads it back. No write happens if it is stored already, byte for byte (R54). Returns 0,
 * -ENODEV, -EROFS, -ENOSPC, -EPERM (not root), or -EIO if it reads back otherwise; of the file the errors of
 * answer_file_write(). */
int firmware_write_answer(const struct context *context, const char *id,
			  const struct daruma_answer *answer);

/* 32 lower-case hex digits and a NUL. */
void firmware_boot_id_text(const uint8_t boot_id[DARUMA_GUID_SIZE], char ret_text[33]);

#endif
