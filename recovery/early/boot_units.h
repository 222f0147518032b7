/* boot_units.h: what the generator writes for systemd, by rung
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 *   safe, rescue   early/default.target -> daruma-safe.target; masks for the units of the hold list (early beats /etc, so
 *                  nothing a product installs outranks it); network, remote login and its accounts, firewall, audit and
 *                  log where they are enabled
 *   held           daruma-held.service, and starters that users control wait for its end; the logins of root and of local
 *                  administrators do not. The gate itself is left alone: what waits for it must be able to end before
 *                  it does
 *   others         watched units without default dependencies wait for the guard, unless that could close a cycle
 *   aside          nothing
 *   open failures, not aside: the deadline's timer
 */
#ifndef DARUMA_RECOVERY_EARLY_BOOT_UNITS_H
#define DARUMA_RECOVERY_EARLY_BOOT_UNITS_H

#include "policy/note.h"
#include "recovery/early/hold_list.h"

#define BOOT_UNITS_OURS "/usr/lib/systemd/system" /* where Daruma's own units lie */

struct boot_units {
	const char *normal; /* first argument of a generator */
	const char *early;  /* second */
	const char *ours;   /* folder of Daruma's own units */
	/* Folders to look for watched units in, first wins; NULL ends. */
	const char *const *unit_folders;
	/* Folders that tell what is enabled, see enabled_unit.h: of links in .wants, of init's start links, of netplan's
	 * files. NULL ends. */
	const char *const *wants_folders;
	const char *const *script_folders;
	const char *const *netplan_folders;
	const char *accounts; /* folder of group and passwd, see administrators.h */
};

struct boot_units_count {
	unsigned masked;
	unsigned ordered;   /* wait for the guard */
	unsigned too_early; /* start before the guard and cannot wait for it */
	unsigned held;	    /* wait for daruma-held.service */
	unsigned allowed;   /* enabled units the safe profile keeps */
	unsigned failed;    /* files that could not be written */
	bool safe;	    /* default.target points to the safe profile */
};

void boot_units_write(const struct boot_units *where, const struct daruma_note *note,
		      const struct hold_list *list, struct boot_units_count *ret);

#endif
