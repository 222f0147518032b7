/* first_error.c: work that goes on after an error, and tells the first one at its end
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/first_error.h"

void first_error_keep(int *first, int error)
{
	if (*first == 0 && error < 0)
		*first = error;
}
