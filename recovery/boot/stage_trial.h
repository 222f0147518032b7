/* stage_trial.h: a new firmware stage is tried for one start before it takes the place of the old one (R53)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A stage that does not come up on some firmware must not cost the machine. So a new one lies beside the one in use, has
 * a boot entry of its own that is in no boot order, and is named for the next start alone (BootNext; UEFI 2.10, 3.1.2:
 * the firmware deletes that before it starts the entry). If it cannot be loaded or returns, the firmware goes on with the
 * boot order, that is with the old one; if it hangs, the firmware's own watchdog resets the machine after five minutes
 * (UEFI 2.10, 7.5) and the next start is the old one's; so it is where shim refuses it and waits for a key. A good answer in the start that it led to puts it in the old
 * one's place.
 *
 *    waiting ─ named for the next start ─ started, answered good ─ in the place of the old one
 *       └────────────┴─ a good answer came without it ─ refused: deleted, and the old one stays
 *
 * A start with it that ends in order before it is answered is made again, a few times.
 */
#ifndef DARUMA_RECOVERY_BOOT_STAGE_TRIAL_H
#define DARUMA_RECOVERY_BOOT_STAGE_TRIAL_H

#include <stdbool.h>

#include "recovery/boot/boot_entry.h"
#include "recovery/boot/esp.h"
#include "recovery/boot/variables.h"
#include "recovery/context.h"
#include "recovery/database.h"

#define STAGE_TRIAL_KEY		"stage.trial"	/* digest of the program on trial, "" none */
#define STAGE_TRIAL_STARTS_KEY	"stage.starts"	/* how often it was named for the next start */
#define STAGE_TRIAL_REFUSED_KEY "stage.refused" /* digest of the last that was refused, "" none */
#define STAGE_TRIAL_STARTS	3		/* so often at most */

/* What is known where a start is answered good, or about to be asked what it is. */
struct stage_trial {
	bool pending;	 /* STAGE_TRIAL_KEY is set */
	bool taken;	 /* the program in use is the one on trial already */
	bool whole;	 /* the file on trial is the one that was laid down */
	bool is_current; /* this start came by its entry (BootCurrent) */
	bool is_next;	 /* the next one will (BootNext) */
	bool clean;	 /* the start before this one was stopped in order before its answer */
	unsigned starts;
};

enum stage_trial_step {
	STAGE_TRIAL_NOTHING, /* none is pending, or its start is yet to come */
	STAGE_TRIAL_NAME,    /* for the next start */
	STAGE_TRIAL_TAKE,    /* it has proved itself */
	STAGE_TRIAL_REFUSE,
};

/* What a good answer makes of it. Pure. */
enum stage_trial_step stage_trial_decide(const struct stage_trial *trial);

/* Where a trial takes place. */
struct stage_trial_place {
	const struct context *context;
	const struct variables *variables;
	struct database *database;
	const struct esp *esp;
	const struct boot_entry *ours; /* of the program in use: own_entry.h */
};

/* Whether the program that is to be installed has to be tried first: another one is in use, there was a good start, and
 * the boot order is ours to keep. Where the one in use has proved nothing there is nothing to fall back to. */
bool stage_trial_is_needed(const struct context *context, struct database *database,
			   const struct esp *esp);

/* Puts the program that was laid on the ESP as STAGE_FILE_TRIAL on trial: its boot entry, and BootNext where nobody else's
 * entry is named there. Returns 1, 0 where another entry is named for the next start (it is tried in a later one), or a
 * negative errno. */
int stage_trial_begin(const struct stage_trial_place *place);

/* Whether one is on trial. */
bool stage_trial_is_pending(struct database *database);

/* What follows from a good answer, by stage_trial_decide(). `clean`: as there. Events: stage.updated, stage.refused. Returns
 * 0 or a negative errno: then it is tried again at the next good answer. */
int stage_trial_follow(const struct stage_trial_place *place, bool clean);

/* Takes everything of a trial away: its name for the next start, its entry, its file. Returns 0, also where none is
 * pending, or a negative errno. */
int stage_trial_end(const struct stage_trial_place *place);

/* One word for status: "none", "waiting", "next-start", "this-start" or "refused". */
const char *stage_trial_word(const struct stage_trial_place *place);

#endif
