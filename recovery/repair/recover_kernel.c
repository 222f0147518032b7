/* recover_kernel.c: the step of a safe start that has the kernel before started, with every product on
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/repair/recover_kernel.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "recovery/boot/kernel_target.h"
#include "recovery/message.h"
#include "recovery/repair/previous_kernel.h"

bool recover_kernel_is_blamed(const struct verdict *verdict)
{
	if (strcmp(verdict->product, VERDICT_KERNEL) == 0)
		return true;
	return strcmp(verdict->partner, VERDICT_KERNEL) == 0 && verdict->count > 0 &&
	       (verdict->suspects[0].reasons & VERDICT_UNCHANGED);
}

/* Another kernel gets the same command line. */
static bool differs_by_more_than_its_line(const struct verdict *verdict)
{
	for (size_t i = 0; i < verdict->count; i++)
		if (verdict->suspects[i].reasons & (VERDICT_START & ~VERDICT_COMMAND_LINE))
			return true;
	return false;
}

static void note_kernel(struct recover_result *result)
{
	result->kernel = true;
	snprintf(result->product, sizeof(result->product), "%s", VERDICT_KERNEL);
}

static enum recover_outcome set(const struct recover *recover,
				const struct boot_loader_access *access,
				enum previous_kernel_choice choice, struct recover_result *result)
{
	int error = previous_kernel_set(access, recover->database, recover->boot->boot_id,
					recover->policy->kernel_floor, choice);

	if (error == -ENODATA) {
		message_notice(recover->context,
			       "no good state knows another kernel that may be chosen");
		return RECOVER_NOTHING;
	}
	if (error) {
		message_cannot(recover->context, error, "have the kernel before started");
		return RECOVER_NOTHING;
	}
	note_kernel(result);
	return RECOVER_REPAIRED;
}

static void undo(const struct recover *recover, const struct boot_loader_access *access)
{
	int result = previous_kernel_undo(access, recover->database, false);

	if (result < 0)
		message_cannot(recover->context, result,
			       "give the boot loader its default back: 'daruma release kernel' "
			       "tries it again");
	else
		message_notice(recover->context, "the kernel before does not help: the boot "
						 "loader's default is the one of before again");
}

enum recover_outcome recover_kernel(const struct recover *recover, const struct verdict *verdict,
				    struct recover_result *result)
{
	struct boot_loader_access access;
	enum previous_kernel_trial trial;
	int error = previous_kernel_trial(recover->database, &trial);

	boot_loader_access_of(recover->context, &access);
	if (error) {
		message_cannot(recover->context, error, "find out which kernel was tried");
		return RECOVER_NOTHING;
	}
	if (trial == PREVIOUS_KERNEL_TRIED)
		undo(recover, &access);
	if (trial == PREVIOUS_KERNEL_UNTRIED ||
	    (trial == PREVIOUS_KERNEL_NEVER && recover_kernel_is_blamed(verdict) &&
	     differs_by_more_than_its_line(verdict)))
		return set(recover, &access, PREVIOUS_KERNEL_LAST_GOOD, result);
	return RECOVER_NOTHING;
}

static bool is_trial(const struct recover *recover, enum previous_kernel_trial wanted)
{
	enum previous_kernel_trial trial;

	return previous_kernel_trial(recover->database, &trial) == 0 && trial == wanted;
}

static bool is_untried_copy(const struct recover *recover)
{
	return kernel_target_is_running(recover->context) &&
	       is_trial(recover, PREVIOUS_KERNEL_NEVER);
}

enum recover_outcome recover_kernel_pick_up(const struct recover *recover,
					    struct recover_result *result)
{
	struct previous_kernel row;

	if (!is_trial(recover, PREVIOUS_KERNEL_UNTRIED) ||
	    previous_kernel_open(recover->database, &row) != 1 || strcmp(row.state, "set") != 0)
		return RECOVER_NOTHING;
	note_kernel(result);
	return RECOVER_REPAIRED;
}

bool recover_kernel_of_copy_is_due(const struct recover *recover)
{
	struct context look_only = *recover->context;
	struct boot_loader_access access;

	/* The power may have gone between the setting and its trial. */
	if (is_trial(recover, PREVIOUS_KERNEL_UNTRIED))
		return true;
	look_only.dry_run = true;
	boot_loader_access_of(&look_only, &access);
	return is_untried_copy(recover) &&
	       previous_kernel_set(&access, recover->database, recover->boot->boot_id,
				   recover->policy->kernel_floor, PREVIOUS_KERNEL_RUNNING) == 0;
}

enum recover_outcome recover_kernel_of_copy(const struct recover *recover,
					    struct recover_result *result)
{
	struct boot_loader_access access;

	if (!is_untried_copy(recover))
		return RECOVER_NOTHING;
	boot_loader_access_of(recover->context, &access);
	return set(recover, &access, PREVIOUS_KERNEL_RUNNING, result);
}
