/* fake_efi_starts.h: starts of one fake machine that must go well, and the way to its safe rung
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_TESTS_FAKE_EFI_STARTS_H
#define DARUMA_TESTS_FAKE_EFI_STARTS_H

#include "tests/unit/fake_efi.h"

/* The programs of fake_efi_init(), and our variables on this machine. */
#define FAKE_NORMAL "\\EFI\\normal.efi"
#define FAKE_SAFE   "\\EFI\\safe.efi"
#define FAKE_RESCUE "\\EFI\\rescue.efi"
#define FAKE_RECORD DARUMA_RECORD_NAME FAKE_ID
#define FAKE_ANSWER DARUMA_ANSWER_NAME FAKE_ID
#define FAKE_NOTE   DARUMA_NOTE_NAME FAKE_ID

/* The machine, and what the functions below found in its variables after the last start. */
extern struct fake_efi fake;
extern struct daruma_record fake_record;
extern struct daruma_note fake_note;

/* A start that hands over to `path`, with a sound note, no file left open, no wait, no key taken, and two looks
 * at the keyboard at most. */
void fake_start_into(const char *path);

/* The same, where a person presses `keys` (fake_efi.h) in this start. No more than the menu's time is waited, and no
 * more is written than in any other start. */
void fake_start_with_keys(const char *keys, const char *path);

/* A start that also keeps its record. */
void fake_start_counted(const char *path);

/* A machine whose system has answered well once: counting is on. */
void fake_arm(void);

/* Starts that panic, up to the safe rung: the next start takes it. */
void fake_crash_into_safe(void);

#endif
