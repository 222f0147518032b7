/* package.h: is a package installed
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_PACKAGE_H
#define DARUMA_RECOVERY_PACKAGE_H

#include <stdbool.h>

#include "recovery/context.h"
#include "recovery/text_list.h"

/* Whether dpkg's status file below context->root says that one of `names` is installed. Other package managers: false. */
bool package_is_installed(const struct context *context, const struct text_list *names);

#endif
