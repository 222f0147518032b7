/* variable_table.c: the firmware's global variables and the lists of keys, in memory
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tests/unit/variable_table.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "recovery/boot/boot_order.h"

#define SLOTS 32

static struct variable_table_entry slots[SLOTS];
unsigned variable_table_writes;

void variable_table_clear(void)
{
	memset(slots, 0, sizeof(slots));
	variable_table_writes = 0;
}

struct variable_table_entry *variable_table_find(const char *name)
{
	for (size_t i = 0; i < SLOTS; i++) {
		if (slots[i].used && strcmp(slots[i].name, name) == 0)
			return &slots[i];
	}
	return NULL;
}

static bool available(void)
{
	return true;
}

static const char *guid_of(const char *name)
{
	if (strcmp(name, "MokListRT") == 0 || strcmp(name, "MokSBStateRT") == 0)
		return "605dab50-e046-4300-abb6-3dd810dd8b23";
	return strcmp(name, "db") == 0 ? "d719b2cb-3d3a-4596-a3bc-dad00e67656f" :
					 BOOT_ORDER_GLOBAL_GUID;
}

static int table_read(const char *guid, const char *name, uint8_t *buffer, size_t size,
		      size_t *ret_size, uint32_t *ret_attributes)
{
	struct variable_table_entry *slot = variable_table_find(name);

	ck_assert_str_eq(guid, guid_of(name));
	if (!slot)
		return -ENOENT;
	if (slot->size > size)
		return -E2BIG;
	memcpy(buffer, slot->bytes, slot->size);
	*ret_size = slot->size;
	*ret_attributes = 7;
	return 0;
}

static int table_write(const char *guid, const char *name, const uint8_t *bytes, size_t size,
		       uint32_t attributes)
{
	struct variable_table_entry *slot = variable_table_find(name);

	ck_assert_str_eq(guid, guid_of(name));
	ck_assert_uint_eq(attributes, 7);
	ck_assert_uint_gt(size, 0);
	variable_table_writes++;
	for (size_t i = 0; !slot && i < SLOTS; i++)
		slot = slots[i].used ? NULL : &slots[i];
	ck_assert_ptr_nonnull(slot);
	slot->used = true;
	snprintf(slot->name, sizeof(slot->name), "%s", name);
	memcpy(slot->bytes, bytes, size);
	slot->size = size;
	return 0;
}

static int table_remove(const char *guid, const char *name)
{
	struct variable_table_entry *slot = variable_table_find(name);

	(void)guid;
	if (!slot)
		return -ENOENT;
	variable_table_writes++;
	slot->used = false;
	return 0;
}

static int table_list(const char *guid, const char *prefix,
		      int (*each)(const char *name, void *user), void *user)
{
	int result = 0;

	(void)guid;
	for (size_t i = 0; !result && i < SLOTS; i++) {
		if (slots[i].used && strncmp(slots[i].name, prefix, strlen(prefix)) == 0)
			result = each(slots[i].name, user);
	}
	return result;
}

const struct variables variable_table = { .available = available,
					  .read = table_read,
					  .write = table_write,
					  .remove = table_remove,
					  .list = table_list };
