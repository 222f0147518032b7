/* home_folder.h: the home directories of the people who use this machine
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * They need not lie in /home. Nothing of a product is in them, whatever a product file says (R29).
 */
#ifndef DARUMA_RECOVERY_PRODUCTS_HOME_FOLDER_H
#define DARUMA_RECOVERY_PRODUCTS_HOME_FOLDER_H

#include "recovery/context.h"
#include "recovery/text_list.h"

/* Adds the home directories in /etc/passwd below context->root of accounts that people log in with: from number 1000 to
 * 59999, with a shell. Accounts of programs have none of the two; their home is often the folder of the program.
 * One below a folder that was moved (safe_path_canonical()) is added by both of its names, since that of the product may be
 * either. Without the file there are none. Returns 0 or -ENOMEM. */
int home_folders_load(const struct context *context, struct text_list *ret);

/* The same from the text of such a file (passwd(5)); lines of another form are passed over, and so are homes that
 * the deny list has: those below /home need no naming, and a folder that many share, such as /opt, is nobody's home. */
int home_folders_read(const char *text, struct text_list *ret);

#endif
