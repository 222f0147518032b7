/* der.h: reading DER (ITU-T X.690) element by element
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Pure. Only what DER allows and this tree meets: tags of one byte, lengths in their one shortest form, below 16 MiB.
 */
#ifndef DARUMA_RECOVERY_INVENTORY_DER_H
#define DARUMA_RECOVERY_INVENTORY_DER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum der_tag {
	DER_INTEGER = 0x02,
	DER_OCTET_STRING = 0x04,
	DER_OBJECT_IDENTIFIER = 0x06,
	DER_UTF8 = 0x0c,
	DER_PRINTABLE = 0x13,
	DER_IA5 = 0x16,
	DER_SEQUENCE = 0x30,
	DER_SET = 0x31,
	DER_CONTEXT_0 = 0x80,	  /* a bare value under [0] */
	DER_CONSTRUCTED_0 = 0xa0, /* elements under [0] */
	DER_CONSTRUCTED_1 = 0xa1,
};

/* Bytes that are not read yet; the caller's. */
struct der {
	const uint8_t *at, *end;
};

/* The tag of the next element; 0 at the end. */
uint8_t der_next(const struct der *from);

/* Takes the next element if it has that tag: `ret` (may be NULL) gets its content. False, and nothing is taken, if it
 * has another tag, does not end within `from`, or is no DER. */
bool der_take(struct der *from, uint8_t tag, struct der *ret);

/* Whether nothing is left. */
bool der_is_empty(const struct der *from);

/* Whether exactly these bytes are left. */
bool der_is(const struct der *from, const uint8_t *bytes, size_t size);

#endif
