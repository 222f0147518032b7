/* fuzz_boot_order.c: any bytes as BootOrder, and as the text that keeps one; a number is put first without any loss
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "recovery/boot/boot_order.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define OURS 0x0003

/* What the firmware holds. */
static const uint8_t *stored;
static size_t stored_size;

static int read_stored(const char *guid, const char *name, uint8_t *buffer, size_t size,
		       size_t *ret_size, uint32_t *ret_attributes)
{
	(void)guid;
	(void)name;
	if (stored_size > size)
		return -E2BIG;
	memcpy(buffer, stored, stored_size);
	*ret_size = stored_size;
	*ret_attributes = BOOT_ORDER_ATTRIBUTES;
	return 0;
}

static size_t count_of(const struct boot_order *order, uint16_t number)
{
	size_t count = 0;

	for (size_t i = 0; i < order->count; i++)
		count += order->numbers[i] == number;
	return count;
}

/* The order without our number is the same before and after; of a full one the last may go. */
static void put_first(struct boot_order *order)
{
	struct boot_order before = *order;
	size_t ours;

	boot_order_put_first(order, OURS);
	if (order->count == 0 || order->count > BOOT_ORDER_MAX || order->numbers[0] != OURS)
		abort();
	ours = count_of(order, OURS);
	if (before.count > 0 && before.numbers[0] == OURS ? ours != count_of(&before, OURS) :
							    ours != 1)
		abort();
	boot_order_take_out(order, OURS);
	boot_order_take_out(&before, OURS);
	if (order->count != before.count && before.count != BOOT_ORDER_MAX)
		abort();
	if (memcmp(order->numbers, before.numbers, order->count * sizeof(uint16_t)) != 0)
		abort();
}

static void parse(const char *text)
{
	struct boot_order order;
	char again[5 * BOOT_ORDER_MAX + 8];

	if (!boot_order_parse(text, &order))
		return;
	boot_order_print(&order, again, sizeof(again));
	if (strcasecmp(text, again) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct variables variables = { .read = read_stored };
	struct boot_order order;
	char *text = malloc(size + 1);

	stored = data;
	stored_size = size;
	if (boot_order_read(&variables, &order) == 0) {
		if (order.count != size / 2)
			abort();
		put_first(&order);
	}
	memcpy(text, data, size);
	text[size] = '\0';
	parse(text);
	free(text);
	return 0;
}
