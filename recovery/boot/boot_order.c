/* boot_order.c: staying first among the firmware's boot entries
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/boot_order.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "policy/bytes.h"
#include "recovery/cleanup.h"
#include "recovery/run_mark.h"
#include "recovery/state.h"
#include "recovery/system_file.h"

bool boot_order_take_out(struct boot_order *order, uint16_t number)
{
	size_t kept = 0;
	bool found;

	for (size_t i = 0; i < order->count; i++) {
		if (order->numbers[i] != number)
			order->numbers[kept++] = order->numbers[i];
	}
	found = kept < order->count;
	order->count = kept;
	return found;
}

bool boot_order_put_first(struct boot_order *order, uint16_t number)
{
	if (order->count > 0 && order->numbers[0] == number)
		return false;
	boot_order_take_out(order, number);
	if (order->count == BOOT_ORDER_MAX)
		order->count--;
	memmove(order->numbers + 1, order->numbers, order->count * sizeof(order->numbers[0]));
	order->numbers[0] = number;
	order->count++;
	return true;
}

int boot_order_read(const struct variables *variables, struct boot_order *ret)
{
	uint8_t bytes[2 * BOOT_ORDER_MAX];
	uint32_t attributes;
	size_t size;
	int error = variables->read(BOOT_ORDER_GLOBAL_GUID, "BootOrder", bytes, sizeof(bytes),
				    &size, &attributes);

	if (error)
		return error;
	ret->count = size / 2;
	for (size_t i = 0; i < ret->count; i++)
		ret->numbers[i] = daruma_get16(bytes + 2 * i);
	return 0;
}

int boot_order_write(const struct variables *variables, const struct boot_order *order)
{
	uint8_t bytes[2 * BOOT_ORDER_MAX];
	struct boot_order present = { .count = 0 };

	if (boot_order_read(variables, &present) == 0 && present.count == order->count &&
	    memcmp(present.numbers, order->numbers, order->count * sizeof(uint16_t)) == 0)
		return 0;
	for (size_t i = 0; i < order->count; i++)
		daruma_put16(bytes + 2 * i, order->numbers[i]);
	return variables->write(BOOT_ORDER_GLOBAL_GUID, "BootOrder", bytes, 2 * order->count,
				BOOT_ORDER_ATTRIBUTES);
}

void boot_order_print(const struct boot_order *order, char *ret_text, size_t size)
{
	size_t at = 0;

	*ret_text = '\0';
	for (size_t i = 0; i < order->count && at + 6 < size; i++)
		at += (size_t)snprintf(ret_text + at, size - at, "%s%04X", i ? "," : "",
				       order->numbers[i]);
}

/* Reads four hex digits at the start of `text`; sscanf() would also take spaces, a sign or 0x. */
static bool read_number(const char *text, uint16_t *ret)
{
	unsigned number;

	if (strspn(text, "0123456789abcdefABCDEF") < 4 || sscanf(text, "%4x", &number) != 1)
		return false;
	*ret = (uint16_t)number;
	return true;
}

bool boot_order_parse(const char *text, struct boot_order *ret)
{
	struct boot_order order = { .count = 0 };

	while (*text) {
		if (order.count == BOOT_ORDER_MAX ||
		    !read_number(text, &order.numbers[order.count]) ||
		    (text[4] && (text[4] != ',' || !text[5])))
			return false;
		order.count++;
		text += text[4] ? 5 : 4;
	}
	*ret = order;
	return true;
}

int boot_order_entry(const struct variables *variables, uint16_t number, struct boot_entry *ret)
{
	uint8_t bytes[BOOT_ENTRY_SIZE];
	uint32_t attributes;
	char name[16];
	size_t size;
	int error;

	snprintf(name, sizeof(name), "Boot%04X", number);
	error = variables->read(BOOT_ORDER_GLOBAL_GUID, name, bytes, sizeof(bytes), &size,
				&attributes);
	if (error)
		return error;
	return boot_entry_decode(bytes, size, ret) ? 0 : -EBADMSG;
}

struct search {
	const struct variables *variables;
	const struct boot_entry *target;
	uint8_t taken[65536 / 8];
	int number; /* of the target, -1 not found */
};

/* "Boot" and four hex digits: the number; -1 for BootOrder, BootNext and the like. */
static int number_of(const char *name)
{
	uint16_t number;

	return strlen(name) == 8 && read_number(name + 4, &number) ? number : -1;
}

static int visit(const char *name, void *user)
{
	struct search *search = user;
	int number = number_of(name);
	struct boot_entry entry;

	if (number < 0)
		return 0;
	search->taken[number / 8] |= (uint8_t)(1u << (number % 8));
	/* The lowest of several: which one the firmware lists first is its own affair. */
	if (search->target && (search->number < 0 || number < search->number) &&
	    boot_order_entry(search->variables, (uint16_t)number, &entry) == 0 &&
	    boot_entry_same_target(&entry, search->target))
		search->number = number;
	return 0;
}

static int search_all(const struct variables *variables, const struct boot_entry *target,
		      struct search **ret)
{
	struct search *search = calloc(1, sizeof(*search));
	int error;

	if (!search)
		return -ENOMEM;
	search->variables = variables;
	search->target = target;
	search->number = -1;
	error = variables->list(BOOT_ORDER_GLOBAL_GUID, "Boot", visit, search);
	if (error) {
		free(search);
		return error;
	}
	*ret = search;
	return 0;
}

int boot_order_find(const struct variables *variables, const struct boot_entry *target,
		    uint16_t *ret_number)
{
	owned struct search *search = NULL;
	int error = search_all(variables, target, &search);

	if (error)
		return error;
	if (search->number < 0)
		return -ENOENT;
	*ret_number = (uint16_t)search->number;
	return 0;
}

int boot_order_free_number(const struct variables *variables, uint16_t *ret_number)
{
	owned struct search *search = NULL;
	int error = search_all(variables, NULL, &search);

	if (error)
		return error;
	for (unsigned number = 0; number <= UINT16_MAX; number++) {
		if (!(search->taken[number / 8] & (1u << (number % 8)))) {
			*ret_number = (uint16_t)number;
			return 0;
		}
	}
	return -ENOSPC;
}

int boot_order_write_entry(const struct variables *variables, uint16_t number,
			   const struct boot_entry *entry)
{
	uint8_t bytes[BOOT_ENTRY_SIZE], present[BOOT_ENTRY_SIZE];
	uint32_t attributes;
	char name[16];
	size_t size = boot_entry_encode(entry, bytes, sizeof(bytes)), present_size;

	if (size == 0)
		return -EINVAL;
	snprintf(name, sizeof(name), "Boot%04X", number);
	if (variables->read(BOOT_ORDER_GLOBAL_GUID, name, present, sizeof(present), &present_size,
			    &attributes) == 0 &&
	    present_size == size && memcmp(present, bytes, size) == 0)
		return 0;
	return variables->write(BOOT_ORDER_GLOBAL_GUID, name, bytes, size, BOOT_ORDER_ATTRIBUTES);
}

int boot_order_delete_entry(const struct variables *variables, const struct boot_entry *target)
{
	uint16_t number;
	char name[16];
	int error = boot_order_find(variables, target, &number);

	if (error)
		return error == -ENOENT ? 0 : error;
	snprintf(name, sizeof(name), "Boot%04X", number);
	error = variables->remove(BOOT_ORDER_GLOBAL_GUID, name);
	return error == -ENOENT ? 0 : error;
}

int boot_order_number(const struct variables *variables, const char *name, uint16_t *ret)
{
	uint8_t bytes[2];
	uint32_t attributes;
	size_t size;
	int error = variables->read(BOOT_ORDER_GLOBAL_GUID, name, bytes, sizeof(bytes), &size,
				    &attributes);

	if (error || size != sizeof(bytes))
		return error ? error : -EBADMSG;
	*ret = daruma_get16(bytes);
	return 0;
}

/* 1: to be kept; 0: never installed, removed, or the owner keeps the order. What cannot be read is an error: an entry that
 * was taken out must not come back for that. */
static int is_ours_to_keep(struct database *database)
{
	int64_t number, keep = 0, removed = 0;
	int error = state_find_number(database, BOOT_ORDER_NUMBER_KEY, -1, &number);

	if (!error)
		error = state_find_number(database, BOOT_ORDER_KEEP_KEY, 0, &keep);
	if (!error)
		error = state_find_number(database, BOOT_ORDER_REMOVED_KEY, 0, &removed);
	return error ? error : number >= 0 && keep != 1 && removed != 1;
}

/* Some firmware drops the data behind the path: what is left names shim only, under our description and number. */
static bool is_left_of(const struct variables *variables, int64_t number,
		       const struct boot_entry *ours)
{
	struct boot_entry entry;

	return number >= 0 && number <= UINT16_MAX &&
	       boot_order_entry(variables, (uint16_t)number, &entry) == 0 && entry.has_partition &&
	       daruma_same(entry.guid, ours->guid, DARUMA_GUID_SIZE) &&
	       strcasecmp(entry.path, ours->path) == 0 &&
	       strcmp(entry.description, ours->description) == 0;
}

int boot_order_place(const struct variables *variables, struct database *database,
		     const struct boot_entry *ours, uint16_t *ret_number)
{
	int64_t number;
	int error = boot_order_find(variables, ours, ret_number);

	if (error != -ENOENT)
		return error ? error : 1;
	error = state_find_number(database, BOOT_ORDER_NUMBER_KEY, -1, &number);
	if (error)
		return error;
	if (!is_left_of(variables, number, ours))
		return boot_order_free_number(variables, ret_number);
	*ret_number = (uint16_t)number;
	return 0;
}

int boot_order_keep(const struct context *context, const struct variables *variables,
		    struct database *database, const struct boot_entry *ours)
{
	struct boot_order order = { .count = 0 };
	uint16_t number;
	bool missing;
	int error = is_ours_to_keep(database);

	if (error <= 0)
		return error;
	error = boot_order_read(variables, &order);
	if (error && error != -ENOENT)
		return error;
	error = boot_order_place(variables, database, ours, &number);
	if (error < 0)
		return error;
	missing = error == 0;
	if (!boot_order_put_first(&order, number) && !missing)
		return 0;
	/* At most once in a start: firmware may rewrite the order each time. */
	error = run_mark_set(context, RUN_MARK_ORDER);
	if (error)
		return error == -EALREADY ? 0 : error;
	if (missing)
		error = boot_order_write_entry(variables, number, ours);
	if (!error)
		error = boot_order_write(variables, &order);
	if (!error)
		error = state_set_number(database, BOOT_ORDER_NUMBER_KEY, number);
	return error ? error : 1;
}

int boot_order_step_back(const struct variables *variables, struct database *database,
			 const struct boot_entry *ours)
{
	struct boot_order order = { .count = 0 };
	uint16_t number;
	int error = is_ours_to_keep(database);

	if (error <= 0)
		return error;
	error = boot_order_read(variables, &order);
	if (!error)
		error = boot_order_find(variables, ours, &number);
	if (error)
		return error == -ENOENT ? 0 : error;
	if (order.count < 2 || order.numbers[0] != number)
		return 0;
	boot_order_take_out(&order, number);
	order.numbers[order.count++] = number;
	error = boot_order_write(variables, &order);
	return error ? error : 1;
}
