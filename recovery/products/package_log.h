/* package_log.h: from which version to which a package went, and when, by the log of its package manager
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Lines that count; all others are passed over, and nothing in them is believed but what has the form of a name, a
 * version or a time:
 *
 *   /var/log/dpkg.log     2026-11-26 15:26:37 upgrade acme-sensor:amd64 1.0 1.1     (local time; install with <none>)
 *   /var/log/dnf.rpm.log  2026-11-26T15:26:37+0000 SUBDEBUG Upgrade: acme-sensor-1.1-1.el9.x86_64     (what came)
 *                         2026-11-26T15:26:38+0000 SUBDEBUG Upgraded: acme-sensor-1.0-1.el9.x86_64    (what went)
 */
#ifndef DARUMA_RECOVERY_PRODUCTS_PACKAGE_LOG_H
#define DARUMA_RECOVERY_PRODUCTS_PACKAGE_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "recovery/context.h"

#define PACKAGE_NAME_SIZE    256
#define PACKAGE_VERSION_SIZE 128

enum package_manager {
	PACKAGE_DPKG,
	PACKAGE_RPM,
};

/* "dpkg" or "rpm". */
const char *package_manager_name(enum package_manager manager);

/* Whether `text` has the form of a package's name, with ":ARCHITECTURE" or without. It is safe as an argument then. */
bool package_name_is_sound(const char *text);

struct package_transition {
	char before[PACKAGE_VERSION_SIZE]; /* "" it was not installed, or is not known */
	char after[PACKAGE_VERSION_SIZE];
	int64_t time; /* 0: the log knows of none */
};

/* Takes one line of the log, without its end, for `package`: a later transition takes the place of an earlier one. */
void package_log_line(enum package_manager manager, const char *package, const char *line,
		      struct package_transition *transition);

/* The last transition of `package` that the log below context->root tells of, or the log before it where that one is
 * silent. A log that is absent is silent. Returns 0 or a negative errno of reading. */
int package_log_find(const struct context *context, enum package_manager manager,
		     const char *package, struct package_transition *ret);

#endif
