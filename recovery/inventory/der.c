/* der.c: reading DER (ITU-T X.690) element by element
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/der.h"

#include <string.h>

#define LONG_FORM	  0x80
#define MORE_TAG	  0x1f /* the tag goes on in the next byte */
#define LENGTH_BYTES_MOST 3

static size_t left(const struct der *from)
{
	return (size_t)(from->end - from->at);
}

uint8_t der_next(const struct der *from)
{
	return der_is_empty(from) ? 0 : from->at[0];
}

/* One length has one form: what could be written in two ways could be read in two. */
static bool take_length(struct der *from, size_t *ret)
{
	size_t bytes, length = 0;

	if (left(from) == 0)
		return false;
	bytes = *from->at++;
	if (bytes < LONG_FORM) {
		*ret = bytes;
		return true;
	}
	bytes -= LONG_FORM;
	if (bytes == 0 || bytes > LENGTH_BYTES_MOST || bytes > left(from) || from->at[0] == 0)
		return false;
	while (bytes--)
		length = length << 8 | *from->at++;
	*ret = length;
	return length >= LONG_FORM;
}

bool der_take(struct der *from, uint8_t tag, struct der *ret)
{
	struct der rest = *from;
	size_t length;

	if ((tag & MORE_TAG) == MORE_TAG || left(&rest) == 0 || *rest.at++ != tag ||
	    !take_length(&rest, &length) || length > left(&rest))
		return false;
	if (ret)
		*ret = (struct der){ .at = rest.at, .end = rest.at + length };
	from->at = rest.at + length;
	return true;
}

bool der_is_empty(const struct der *from)
{
	return left(from) == 0;
}

bool der_is(const struct der *from, const uint8_t *bytes, size_t size)
{
	return left(from) == size && memcmp(from->at, bytes, size) == 0;
}
