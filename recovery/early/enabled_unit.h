/* enabled_unit.h: whether the owner of the machine has a unit on
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Asked by a generator, beside all other generators: what they write is not there yet, so it is foreseen.
 *
 *   a link in a .wants folder       systemctl enable
 *   a start link S01name of init    systemd-sysv-generator(8) makes a unit of it, unless a unit file has that name
 *   netplan's files                 its generator has multi-user.target want systemd-networkd.service
 */
#ifndef DARUMA_RECOVERY_EARLY_ENABLED_UNIT_H
#define DARUMA_RECOVERY_EARLY_ENABLED_UNIT_H

#include <limits.h>
#include <stdbool.h>

#include "recovery/early/boot_units.h"

/* Looks in the folders of `where` whether `unit` is on; folders that are not there have nothing in them. `*ret_target` is
 * what a link of that name has to point to: as the link found, or to a unit that another generator makes. */
bool enabled_unit_find(const struct boot_units *where, const char *unit, char ret_target[PATH_MAX]);

#endif
