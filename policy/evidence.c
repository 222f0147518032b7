/* evidence.c: what the names of crash dumps tell
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "policy/evidence.h"

#include "policy/bytes.h"

#define MOST_NUMBERS 4

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* One decimal number from `*at` on; false for none or for one above 2^63. */
static bool read_number(const char *name, size_t length, size_t *at, uint64_t *ret_number)
{
	uint64_t number = 0;
	size_t start = *at;

	for (; *at < length && is_digit(name[*at]); (*at)++) {
		if (number > (UINT64_MAX >> 1) / 10 - 1)
			return false;
		number = number * 10 + (uint64_t)(name[*at] - '0');
	}
	*ret_number = number;
	return *at > start;
}

/* The last number of "dump-type<T>-<n>[-<n>[-<n>]][-C|-D]" is the time. */
static bool read_time(const char *name, size_t length, uint64_t *ret_time)
{
	static const char prefix[] = "dump-type";
	size_t at = sizeof(prefix) - 1;
	uint64_t number = 0;
	int numbers = 0;

	if (length < at || !daruma_same((const uint8_t *)name, (const uint8_t *)prefix, at))
		return false;
	for (;;) {
		if (numbers == MOST_NUMBERS || !read_number(name, length, &at, &number))
			return false;
		numbers++;
		if (at == length)
			break;
		if (name[at++] != '-')
			return false;
		if (at + 1 == length && (name[at] == 'C' || name[at] == 'D'))
			break;
	}
	*ret_time = number;
	return numbers >= 3;
}

bool daruma_dumps_add(struct daruma_dumps *dumps, const char *name, size_t length)
{
	uint64_t time;

	if (!read_time(name, length, &time))
		return false;
	if (dumps->count < UINT32_MAX)
		dumps->count++;
	dumps->sum += daruma_crc32((const uint8_t *)name, length);
	if (time > dumps->newest)
		dumps->newest = time;
	return true;
}

bool daruma_dumps_has_new(const struct daruma_dumps *seen, const struct daruma_dumps *now)
{
	if (now->count == 0)
		return false;
	if (now->count > seen->count)
		return true;
	if (now->newest != seen->newest)
		return true;
	return now->count == seen->count && now->sum != seen->sum;
}
