/* utf8.h: which bytes are UTF-8
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_UTF8_H
#define DARUMA_RECOVERY_UTF8_H

#include <stddef.h>

/* Bytes of the character at `text`, of which `size` may be read: 1 to 4, or 0 if it is not UTF-8 (RFC 3629: shortest
 * form, no surrogates, up to U+10FFFF). */
size_t utf8_length(const char *text, size_t size);

/* A copy of `text` in which each byte that is not UTF-8 is U+FFFD, to be freed by the caller; NULL without memory. */
char *utf8_mend(const char *text);

#endif
