/* install.c: putting the stage into the boot path of this machine, and taking it out
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/boot/install.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "policy/bytes.h"
#include "recovery/boot/answer_file.h"
#include "recovery/boot/boot_order.h"
#include "recovery/boot/install_target.h"
#include "recovery/boot/kernel_target.h"
#include "recovery/boot/limits_file.h"
#include "recovery/boot/own_entry.h"
#include "recovery/boot/own_trust.h"
#include "recovery/boot/safe_image_change.h"
#include "recovery/boot/stage_file.h"
#include "recovery/boot/stage_trial.h"
#include "recovery/boot/watchdog_limit.h"
#include "recovery/cleanup.h"
#include "recovery/state.h"

#define FALLBACK	"\\EFI\\BOOT\\"
#define ORDER_TEXT_SIZE (5 * BOOT_ORDER_MAX + 1)

int install_make_plan(const struct context *context, const struct variables *variables,
		      const struct policy_file *policy, struct install_plan *ret)
{
	struct daruma_target normal;
	struct install_plan plan;
	int error;

	memset(&plan, 0, sizeof(plan));
	error = esp_find(context, &plan.esp);
	if (error)
		return error;
	error = install_target_choose(variables, &plan.esp, &policy->limits.normal, &normal);
	if (error)
		return error;
	memcpy(plan.normal, normal.path, sizeof(plan.normal));
	memcpy(plan.options, normal.options, sizeof(plan.options));
	plan.entry = variables && plan.esp.identified && variables->available();
	*ret = plan;
	return 0;
}

static void make_limits(const struct install_plan *plan, const struct policy_file *policy,
			struct daruma_limits *ret)
{
	*ret = policy->limits;
	safe_image_keep(&plan->esp, ret);
	safe_image_obey(&plan->esp, policy->kernel_floor, ret);
	kernel_target_keep(&plan->esp, policy, ret);
	watchdog_limit_keep(&plan->esp, ret);
	snprintf(ret->normal.path, sizeof(ret->normal.path), "%s", plan->normal);
	snprintf(ret->normal.options, sizeof(ret->normal.options), "%s", plan->options);
}

int install_try_files(const struct context *context, const struct install_plan *plan,
		      const struct policy_file *policy)
{
	struct daruma_limits limits;
	int due;

	make_limits(plan, policy, &limits);
	due = answer_file_is_due(&plan->esp, &limits);
	return due < 0 ? due :
			 stage_file_try(context, &plan->esp,
					due + limits_file_count_outdated(&plan->esp, &limits));
}

int install_files(const struct context *context, const struct install_plan *plan,
		  const struct policy_file *policy, const char *program)
{
	struct daruma_limits limits;
	int result = stage_file_copy(context, &plan->esp, program);

	if (result < 0)
		return result;
	make_limits(plan, policy, &limits);
	result = answer_file_lay(&plan->esp, &limits);
	if (result >= 0)
		result = limits_file_write(&plan->esp, &limits);
	return result < 0 ? result : 0;
}

/* The order before Daruma. Kept when install is repeated, taken anew after a remove. */
static int remember_order(struct database *database, const struct boot_order *order)
{
	char text[ORDER_TEXT_SIZE];
	owned char *before = NULL;
	int error = state_get_text(database, BOOT_ORDER_BEFORE_KEY, &before);

	if (error || (before && state_get_number(database, BOOT_ORDER_REMOVED_KEY, 0) == 0))
		return error;
	boot_order_print(order, text, sizeof(text));
	return state_set_text(database, BOOT_ORDER_BEFORE_KEY, text);
}

static int remember_entry(const struct context *context, struct database *database,
			  const struct install_plan *plan, uint16_t number)
{
	int error = state_set_number(database, BOOT_ORDER_NUMBER_KEY, number);

	if (!error)
		error = state_set_text(database, OWN_ENTRY_SHIM_KEY, plan->shim);
	if (!error)
		error = state_set_number(database, BOOT_ORDER_KEEP_KEY, context->keep_order);
	if (!error)
		error = state_set_number(database, BOOT_ORDER_REMOVED_KEY, 0);
	return error;
}

static void append(struct boot_order *order, uint16_t number)
{
	for (size_t i = 0; i < order->count; i++) {
		if (order->numbers[i] == number)
			return;
	}
	if (order->count < BOOT_ORDER_MAX)
		order->numbers[order->count++] = number;
}

int install_choose_shim(struct database *database, const char *wanted, struct install_plan *plan)
{
	owned char *stored = NULL;
	int error = database && !wanted ? state_get_text(database, OWN_ENTRY_SHIM_KEY, &stored) : 0;
	const char *shim = wanted ? wanted : stored ? stored : "";

	if (error)
		return error;
	if (strcmp(shim, "none") == 0)
		shim = "";
	if (strlen(shim) >= sizeof(plan->shim))
		return -ENAMETOOLONG;
	snprintf(plan->shim, sizeof(plan->shim), "%s", shim);
	return shim[0] && (!install_target_is_startable(&plan->esp, shim) ||
			   strncasecmp(shim, FALLBACK, sizeof(FALLBACK) - 1) == 0) ?
		       -ENOENT :
		       0;
}

int install_look_at_trust(const struct context *context, const struct variables *variables,
			  enum shim_trust *ret)
{
	owned char *bytes = NULL;
	size_t size;
	int error = stage_file_read_source(context, &bytes, &size);

	if (error)
		return error;
	*ret = variables ? shim_trust_look(variables, (const uint8_t *)bytes, size) :
			   SHIM_TRUST_SILENT;
	return 0;
}

bool install_needs_trial(const struct context *context, const struct variables *variables,
			 struct database *database, const struct install_plan *plan)
{
	struct boot_entry ours;

	return plan->entry && stage_trial_is_needed(context, database, &plan->esp) &&
	       install_own_entry(plan, &ours) == 0 &&
	       own_trust_may_come_first(variables, &plan->esp, &ours) == 1;
}

int install_own_entry(const struct install_plan *plan, struct boot_entry *ret)
{
	return own_entry_make(&plan->esp, DARUMA_ESP_PROGRAM, plan->shim, plan->normal, ret);
}

int install_entry(const struct context *context, const struct variables *variables,
		  struct database *database, const struct install_plan *plan)
{
	struct boot_order order = { .count = 0 };
	struct boot_entry ours;
	uint16_t number;
	int error = install_own_entry(plan, &ours);

	if (error)
		return error;
	error = boot_order_read(variables, &order);
	if (error && error != -ENOENT)
		return error;
	error = boot_order_place(variables, database, &ours, &number);
	if (error >= 0)
		error = remember_order(database, &order);
	if (!error)
		error = boot_order_write_entry(variables, number, &ours);
	if (error)
		return error;
	if (context->keep_order)
		append(&order, number);
	else
		boot_order_put_first(&order, number);
	error = boot_order_write(variables, &order);
	return error ? error : remember_entry(context, database, plan, number);
}

static bool exists(const struct variables *variables, uint16_t number)
{
	struct boot_entry entry;

	return boot_order_entry(variables, number, &entry) != -ENOENT;
}

/* The order before, as far as its entries are still there, then entries made since. */
static void merge(const struct variables *variables, const struct boot_order *before, uint16_t ours,
		  struct boot_order *order)
{
	struct boot_order merged = { .count = 0 };

	for (size_t i = 0; i < before->count; i++) {
		if (before->numbers[i] != ours && exists(variables, before->numbers[i]))
			append(&merged, before->numbers[i]);
	}
	for (size_t i = 0; i < order->count; i++) {
		if (order->numbers[i] != ours)
			append(&merged, order->numbers[i]);
	}
	*order = merged;
}

int install_restore_order(const struct variables *variables, struct database *database, bool once)
{
	int64_t ours = state_get_number(database, BOOT_ORDER_NUMBER_KEY, -1);
	struct boot_order order = { .count = 0 }, before = { .count = 0 };
	owned char *text = NULL;
	uint8_t next[2];
	int error = state_get_text(database, BOOT_ORDER_BEFORE_KEY, &text);

	if (error || ours < 0 || ours > UINT16_MAX)
		return error;
	error = boot_order_read(variables, &order);
	if (error)
		return error == -ENOENT ? 0 : error;
	if (text && !boot_order_parse(text, &before))
		before.count = 0;
	merge(variables, &before, (uint16_t)ours, &order);
	daruma_put16(next, (uint16_t)ours);
	if (once)
		error = variables->write(BOOT_ORDER_GLOBAL_GUID, "BootNext", next, sizeof(next),
					 BOOT_ORDER_ATTRIBUTES);
	/* An empty order cannot be written: ours was the only entry. */
	return error || order.count == 0 ? error : boot_order_write(variables, &order);
}

int install_delete_entry(const struct variables *variables, const struct install_plan *plan)
{
	struct boot_entry ours;
	int error = install_own_entry(plan, &ours);

	return error ? error : boot_order_delete_entry(variables, &ours);
}
