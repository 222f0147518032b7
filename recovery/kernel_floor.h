/* kernel_floor.h: kernels that may not be started again, as good as they once were (R32)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Whoever can make a machine crash must not bring it back to a kernel with a hole that is known. The policy names the oldest
 * release that Daruma itself may choose: by the kernel before, and by the copy on the ESP. What a person chooses, or the
 * distribution's own default, is not looked at.
 */
#ifndef DARUMA_RECOVERY_KERNEL_FLOOR_H
#define DARUMA_RECOVERY_KERNEL_FLOOR_H

#include <stdbool.h>

#define KERNEL_RELEASE_SIZE 65 /* struct utsname has as much */

/* Whether `release` (as uname(2) says it: "6.1.0-20-amd64") may be chosen under `floor`; "" is none. They are compared as
 * strverscmp(3) does, numbers by their value, as far as `floor` goes: "6.1.0-20" allows "6.1.0-20-amd64". Pure. */
bool kernel_floor_allows(const char *floor, const char *release);

/* Whether `text` can be the name of a release: letters, digits and ._+~-, and no dot first, shorter than
 * KERNEL_RELEASE_SIZE, not empty. Pure. */
bool kernel_floor_is_release(const char *text);

#endif
