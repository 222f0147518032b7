/* kernel_target.c: what the limits name of a copied kernel
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/kernel_target.h"

#include <stdio.h>
#include <string.h>

#include "recovery/boot/copy_slot.h"
#include "recovery/boot/limits_file.h"
#include "recovery/cleanup.h"
#include "recovery/state.h"
#include "recovery/system_file.h"

#define COMMAND_LINE_MAX 4096

bool kernel_target_is_copy(const struct daruma_target *target)
{
	enum copy_slot slot;

	return copy_slot_of(target->path, &slot);
}

bool kernel_target_is_free(const struct daruma_target *target)
{
	return !target->path[0] || kernel_target_is_copy(target);
}

/* Returns whether that changes anything. */
static bool point(struct daruma_target *target, const struct daruma_target *wanted)
{
	static const struct daruma_target none = { .path = "" };
	const struct daruma_target *to = wanted ? wanted : &none;

	if (!kernel_target_is_free(target) ||
	    (strcmp(target->path, to->path) == 0 && strcmp(target->options, to->options) == 0))
		return false;
	*target = *to;
	return true;
}

/* `wanted` NULL: none. */
bool kernel_target_aim(struct daruma_limits *limits, enum policy_kernel_copy use,
		       const struct daruma_target *wanted)
{
	bool safe = point(&limits->safe, use == POLICY_KERNEL_COPY_SAFE ? wanted : NULL);

	return point(&limits->rescue, wanted) || safe;
}

/* A target of the owner's own for the rescue rung says that no copy is wanted. */
bool kernel_target_is_unwanted(const struct policy_file *policy)
{
	const struct daruma_target *rescue = &policy->limits.rescue;

	return policy->kernel_copy == POLICY_KERNEL_COPY_NONE ||
	       (rescue->path[0] && !kernel_target_is_copy(rescue));
}

bool kernel_target_is_running(const struct context *context)
{
	owned char *line = NULL;
	size_t length;

	if (system_read(context, "/proc/cmdline", COMMAND_LINE_MAX, &line, &length) != 0)
		return false;
	for (int slot = 0; slot < COPY_SLOTS; slot++)
		if (strstr(line, copy_slot_initrd((enum copy_slot)slot)))
			return true;
	return false;
}

void kernel_target_release(struct database *database, char ret[KERNEL_RELEASE_SIZE])
{
	owned char *text = NULL;

	if (state_get_text(database, KERNEL_TARGET_KEY, &text) != 0 || !text)
		ret[0] = '\0';
	else
		snprintf(ret, KERNEL_RELEASE_SIZE, "%s", text);
}

bool kernel_target_obey(struct database *database, const struct policy_file *policy,
			struct daruma_limits *limits)
{
	char kernel[KERNEL_RELEASE_SIZE] = "";

	if (database)
		kernel_target_release(database, kernel);
	if (kernel_target_is_unwanted(policy) ||
	    (kernel[0] && !kernel_floor_allows(policy->kernel_floor, kernel)))
		return kernel_target_aim(limits, POLICY_KERNEL_COPY_NONE, NULL);
	return policy->kernel_copy != POLICY_KERNEL_COPY_SAFE &&
	       kernel_target_is_copy(&limits->safe) && point(&limits->safe, NULL);
}

void kernel_target_keep(const struct esp *esp, const struct policy_file *policy,
			struct daruma_limits *limits)
{
	struct daruma_limits present;

	if (!limits_file_load(esp, &present) || kernel_target_is_unwanted(policy))
		return;
	if (!limits->rescue.path[0] && kernel_target_is_copy(&present.rescue))
		limits->rescue = present.rescue;
	if (!limits->safe.path[0] && kernel_target_is_copy(&present.safe))
		limits->safe = present.safe;
}
