/* first_error.h: work that goes on after an error, and tells the first one at its end
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_FIRST_ERROR_H
#define DARUMA_RECOVERY_FIRST_ERROR_H

/* Keeps `error` in *first, which begins as 0, if it is a negative errno and the first one. What is not negative is none. */
void first_error_keep(int *first, int error);

#endif
