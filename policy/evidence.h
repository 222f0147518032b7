/* evidence.h: what the names of crash dumps tell
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Linux keeps the text of a panic in EFI variables (drivers/firmware/efi/efi-pstore.c). The firmware stage
 * reads their names only:
 *
 *     dump-type<T>-<part>-<count>-<seconds>-<C|D>     Linux 3.10 and later
 *     dump-type<T>-<part>-<count>-<seconds>           older
 *     dump-type<T>-<part>-<seconds>                   oldest
 *
 * The absence of a dump proves nothing; a new one is strong evidence of a crash. SysRq and NMI panics have
 * the same names: only the text tells them apart, so the operating system corrects the class later.
 */
#ifndef DARUMA_POLICY_EVIDENCE_H
#define DARUMA_POLICY_EVIDENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A fingerprint of all dumps present: independent of the order in which they were listed. */
struct daruma_dumps {
	uint32_t count;	 /* variables */
	uint32_t sum;	 /* of the CRC-32 of each name, modulo 2^32 */
	uint64_t newest; /* highest time in a name, seconds since 1970; 0 where there is none */
};

/* Adds one variable of the crash GUID to `dumps`. `name` is ASCII, `length` characters, no NUL needed.
 * Returns false, and changes nothing, for a name that is not of the forms above. */
bool daruma_dumps_add(struct daruma_dumps *dumps, const char *name, size_t length);

/* Whether `now` holds a dump that `seen` did not. When all were taken away, none is new. A clock that was set
 * back is expected, so a newest time that went down is a new dump too: where a clean-up was cut off after it took
 * away just the newest dump, one that was seen before counts once more. */
bool daruma_dumps_has_new(const struct daruma_dumps *seen, const struct daruma_dumps *now);

#endif
