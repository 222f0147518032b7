/* recover_image.h: which initramfs a safe start makes anew before it ends
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Only that of the kernel that is started next: one may take many minutes on a small machine, and the repair is not answered
 * for before. Those of other kernels are made after the next good start (gate.h).
 */
#ifndef DARUMA_RECOVERY_REPAIR_RECOVER_IMAGE_H
#define DARUMA_RECOVERY_REPAIR_RECOVER_IMAGE_H

#include "recovery/repair/recover.h"
#include "recovery/text_list.h"

/* After modules were moved by the quarantine. An image that cannot be made is said: the trial shows whether it matters. */
void recover_image_of_moved(const struct recover *recover);

/* After the modules with these files were switched off or on. */
void recover_image_of_switched(const struct recover *recover, const struct text_list *files);

#endif
