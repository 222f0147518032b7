/* cgroup_unit.h: which unit of the system's service manager a process belongs to, by its control group
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_INVENTORY_CGROUP_UNIT_H
#define DARUMA_RECOVERY_INVENTORY_CGROUP_UNIT_H

#define CGROUP_UNIT_SIZE 256 /* systemd.unit(5): names are at most 255 bytes */

/* `text` is that of /proc/PID/cgroup (cgroups(7)); the line of the one hierarchy counts, and where that names no unit the
 * line "name=systemd". The unit is the first part of the path that is no slice: what a user's manager or a container calls
 * a unit stands behind that, and is none. `ret` is "" where there is none, or what stands there is no name of a unit. */
void cgroup_unit_find(const char *text, char ret[CGROUP_UNIT_SIZE]);

#endif
