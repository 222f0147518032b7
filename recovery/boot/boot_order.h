/* boot_order.h: staying first among the firmware's boot entries
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * GRUB and shim packages put their own entry first when they are upgraded. Some firmware rewrites the order at each start,
 * so the order is mended at most once in a start, and never against the admin's will.
 */
#ifndef DARUMA_RECOVERY_BOOT_BOOT_ORDER_H
#define DARUMA_RECOVERY_BOOT_BOOT_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "recovery/boot/boot_entry.h"
#include "recovery/boot/variables.h"
#include "recovery/context.h"
#include "recovery/database.h"

#define BOOT_ORDER_GLOBAL_GUID "8be4df61-93ca-11d2-aa0d-00e098032b8c" /* UEFI 2.10, 3.3 */
#define BOOT_ORDER_ATTRIBUTES  7u
#define BOOT_ORDER_MAX	       256

struct boot_order {
	uint16_t numbers[BOOT_ORDER_MAX];
	size_t count;
};

/* Puts `number` first; the others keep their order, doubles of it go. Returns whether that changed anything. Pure. */
bool boot_order_put_first(struct boot_order *order, uint16_t number);

/* Takes `number` out. Returns whether it was there. Pure. */
bool boot_order_take_out(struct boot_order *order, uint16_t number);

/* Reading and writing BootOrder. -ENOENT: there is none. Nothing is written if it is so already. */
int boot_order_read(const struct variables *variables, struct boot_order *ret);
int boot_order_write(const struct variables *variables, const struct boot_order *order);

/* Text of four hex digits each, as "0003,0001", to keep an order in the state. `text` that is not of this form gives
 * false. */
void boot_order_print(const struct boot_order *order, char *ret_text, size_t size);
bool boot_order_parse(const char *text, struct boot_order *ret);

/* Entry Boot#### with that number. Returns 0, -ENOENT, -EBADMSG or an error of the port. */
int boot_order_entry(const struct variables *variables, uint16_t number, struct boot_entry *ret);

/* The number of the entry with this target (partition and path). Returns 0, -ENOENT or an error of the port. */
int boot_order_find(const struct variables *variables, const struct boot_entry *target,
		    uint16_t *ret_number);

/* The number that our entry has (returns 1) or is to get (returns 0): that under which firmware has left it without its data,
 * or the lowest that is free. Else a negative errno. */
int boot_order_place(const struct variables *variables, struct database *database,
		     const struct boot_entry *ours, uint16_t *ret_number);

/* Writes Boot####, unless it says the same. Returns 0, -EINVAL (it is no entry) or an error of the port. */
int boot_order_write_entry(const struct variables *variables, uint16_t number,
			   const struct boot_entry *entry);

/* Deletes the entry with this target. Returns 0, also where there is none, or an error of the port. */
int boot_order_delete_entry(const struct variables *variables, const struct boot_entry *target);

/* The entry that "BootCurrent" or "BootNext" names. Returns 0, -ENOENT, -EBADMSG or an error of the port. */
int boot_order_number(const struct variables *variables, const char *name, uint16_t *ret);

/* The lowest number without an entry. Returns 0 or -ENOSPC. */
int boot_order_free_number(const struct variables *variables, uint16_t *ret_number);

/* Puts our entry first again if it is there and is not first; makes it again if it is gone and `ours` is known. Not
 * below another root, not when removed or told to keep the order (settings of state.db), and once in a start at most: a
 * file in /run tells. Returns 1 if it wrote, 0 if nothing was to do, or a negative errno. */
int boot_order_keep(const struct context *context, const struct variables *variables,
		    struct database *database, const struct boot_entry *ours);

/* Puts our entry behind the others where it is the first; not when removed or told to keep the order. Returns 1 if it wrote,
 * 0 if nothing was to do, or a negative errno. */
int boot_order_step_back(const struct variables *variables, struct database *database,
			 const struct boot_entry *ours);

#define BOOT_ORDER_KEEP_KEY    "order.keep"    /* 1: --order=keep */
#define BOOT_ORDER_BEFORE_KEY  "order.before"  /* BootOrder before install (R56) */
#define BOOT_ORDER_NUMBER_KEY  "order.number"  /* our Boot#### */
#define BOOT_ORDER_REMOVED_KEY "order.removed" /* 1: remove was asked for */

#endif
