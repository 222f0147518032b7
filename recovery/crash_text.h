/* crash_text.h: what the text of a crash says: its class, and where the machine was
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Reads the kernel's log as pstore keeps it: each line starts with "<N>", N being 8 times the facility plus the level.
 * User space may write lines too, with a facility above zero, never with the kernel's (Linux
 * Documentation/ABI/testing/dev-kmsg): where the text has such prefixes, lines of N above 7 and lines without one count
 * for nothing (R12, R30). Pure: no input, output or allocation.
 */
#ifndef DARUMA_RECOVERY_CRASH_TEXT_H
#define DARUMA_RECOVERY_CRASH_TEXT_H

#include <stddef.h>

#define CRASH_NAME_SIZE 64

enum crash_class {
	CRASH_NONE, /* no crash in this text */
	CRASH_OOPS, /* the kernel went on */
	CRASH_PANIC,
	CRASH_OPERATOR, /* a panic that a person asked for: SysRq or NMI (R4) */
};

struct crash {
	enum crash_class class;
	char function[CRASH_NAME_SIZE]; /* at the instruction pointer; "" where not known */
	char module[CRASH_NAME_SIZE];	/* that the function belongs to; "" for the kernel itself */
};

/* Reads `size` bytes; total. `text` may be NULL where size is 0. */
void crash_text_read(const char *text, size_t size, struct crash *ret);

/* "none", "oops", "panic", "operator"; static storage. */
const char *crash_class_name(enum crash_class class);

#endif
