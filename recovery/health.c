/* health.c: is this system healthy right now?
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/health.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#include "recovery/cleanup.h"
#include "recovery/repair/vendor_command.h"
#include "recovery/system_file.h"

#define SYSTEMCTL_SECONDS 15
#define COMMAND_SECONDS	  20
#define OUTPUT_SIZE	  65536
#define UNITS_MAX	  256
#define WORD_SIZE	  256
#define TAINT_DIED	  (1ul << 7) /* Linux Documentation/admin-guide/tainted-kernels.rst: D */

/* In these no unit is missing, since none is wanted. A stop of the machine ends the mode before it ends the gate. */
static const struct {
	const char *unit;
	const char *why;
} modes[] = {
	{ "shutdown.target", "the system is stopping" },
	{ "emergency.target", "the system is in emergency mode" },
	{ "rescue.target", "the system is in rescue mode" },
};

#define MODES (sizeof(modes) / sizeof(modes[0]))

static const char *const remote_login[] = { "ssh.service", "sshd.service", "ssh.socket",
					    "sshd.socket" };

#define REMOTE_LOGINS (sizeof(remote_login) / sizeof(remote_login[0]))

/* The value of `key` in `block`; "" where it is not there. */
static void value_of(const char *block, const char *key, char *ret, size_t size)
{
	size_t length = strlen(key);

	*ret = '\0';
	for (const char *line = block; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, key, length) == 0 && line[length] == '=') {
			size_t value = strcspn(line + length + 1, "\n");

			snprintf(ret, size, "%.*s", (int)value, line + length + 1);
			return;
		}
	}
}

static bool has_value(const char *block, const char *key, const char *value)
{
	char present[WORD_SIZE];

	value_of(block, key, present, sizeof(present));
	return strcmp(present, value) == 0;
}

static bool has_job(const char *block)
{
	/* "Job=17" while one waits; some versions print 0 for none. */
	return !has_value(block, "Job", "") && !has_value(block, "Job", "0");
}

enum health_unit health_judge_unit(const char *block, char *ret_id, size_t id_size)
{
	bool enabled = has_value(block, "UnitFileState", "enabled") ||
		       has_value(block, "UnitFileState", "enabled-runtime");

	value_of(block, "Id", ret_id, id_size);
	if (!has_value(block, "LoadState", "loaded"))
		return HEALTH_UNIT_FINE;
	if (has_job(block))
		return has_value(block, "ActiveState", "inactive") ? HEALTH_UNIT_WAITING :
								     HEALTH_UNIT_PENDING;
	if (has_value(block, "ActiveState", "active") || !enabled)
		return HEALTH_UNIT_FINE;
	if (has_value(block, "ActiveState", "inactive")) {
		/* A condition said no, or it has done its work and ended. */
		if (has_value(block, "ConditionResult", "no") ||
		    has_value(block, "Result", "success"))
			return HEALTH_UNIT_FINE;
		return HEALTH_UNIT_DOWN;
	}
	return has_value(block, "ActiveState", "failed") ? HEALTH_UNIT_DOWN : HEALTH_UNIT_PENDING;
}

bool health_tainted_by_oops(const char *tainted)
{
	return (strtoul(tainted, NULL, 10) & TAINT_DIED) != 0;
}

static bool is_writable(const struct context *context, const char *name)
{
	char path[PATH_MAX];
	struct statvfs there;

	return system_path(context, name, path) == 0 && statvfs(path, &there) == 0 &&
	       (there.f_flag & ST_RDONLY) == 0;
}

/* Some systems are made with a read-only root: then fstab says so. */
static bool root_is_meant_read_only(const struct context *context)
{
	owned char *table = NULL;
	size_t length;
	char *rest = NULL;

	if (system_read(context, "/etc/fstab", 65536, &table, &length) != 0)
		return false;
	for (char *line = strtok_r(table, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		char device[WORD_SIZE], folder[WORD_SIZE], type[WORD_SIZE], options[WORD_SIZE + 2];

		if (sscanf(line, " %255s %255s %255s %254s", device, folder, type, options + 1) !=
			    4 ||
		    device[0] == '#' || strcmp(folder, "/") != 0)
			continue;
		options[0] = ',';
		strcat(options, ",");
		return strstr(options, ",ro,") != NULL;
	}
	return false;
}

static bool check_root(const struct context *context, char ret_why[HEALTH_WHY_SIZE])
{
	if (!is_writable(context, "/") && !root_is_meant_read_only(context)) {
		snprintf(ret_why, HEALTH_WHY_SIZE, "the root file system is read-only");
		return false;
	}
	return true;
}

static bool check_kernel(const struct context *context, char ret_why[HEALTH_WHY_SIZE])
{
	owned char *tainted = NULL;
	size_t length;

	if (system_read(context, "/proc/sys/kernel/tainted", 64, &tainted, &length) == 0 &&
	    health_tainted_by_oops(tainted)) {
		snprintf(ret_why, HEALTH_WHY_SIZE, "the kernel reported an oops");
		return false;
	}
	return true;
}

/* Cuts the block at `*rest` off from what follows; NULL where nothing is left. */
static char *next_block(char **rest)
{
	char *block = *rest;
	char *end = block ? strstr(block, "\n\n") : NULL;

	if (end)
		*end = '\0';
	*rest = end ? end + 2 : NULL;
	return block && *block ? block : NULL;
}

enum health health_judge_units(char **blocks, size_t count, char ret_why[HEALTH_WHY_SIZE])
{
	static const struct {
		enum health health;
		const char *words;
	} meaning[] = {
		[HEALTH_UNIT_FINE] = { HEALTH_HOLDS, "" },
		[HEALTH_UNIT_WAITING] = { HEALTH_WAITS, "waits for other units" },
		[HEALTH_UNIT_PENDING] = { HEALTH_FAILS, "is still starting or stopping" },
		[HEALTH_UNIT_DOWN] = { HEALTH_FAILS, "is enabled and does not run" },
	};
	enum health worst = HEALTH_HOLDS;
	char *block;

	while (count-- > 0 && (block = next_block(blocks))) {
		char id[WORD_SIZE];
		enum health_unit unit = health_judge_unit(block, id, sizeof(id));

		if (meaning[unit].health <= worst)
			continue;
		worst = meaning[unit].health;
		snprintf(ret_why, HEALTH_WHY_SIZE, "%.128s %s", id, meaning[unit].words);
	}
	return worst;
}

/* One block for each unit, in this order: modes, remote login, then the units of each product. */
static bool ask_units(const struct process_port *processes, const struct product_list *products,
		      char output[OUTPUT_SIZE])
{
	static const char *const head[] = { "systemctl", "show", "-p", HEALTH_PROPERTIES, "--" };
	const char *argv[UNITS_MAX + 16];
	size_t count = 0;
	int status = 0;

	for (size_t i = 0; i < sizeof(head) / sizeof(head[0]); i++)
		argv[count++] = head[i];
	for (size_t i = 0; i < MODES; i++)
		argv[count++] = modes[i].unit;
	for (size_t i = 0; i < REMOTE_LOGINS; i++)
		argv[count++] = remote_login[i];
	for (size_t i = 0; i < products->count; i++) {
		const struct text_list *units = &products->items[i].units;

		for (size_t j = 0; j < units->count && count < UNITS_MAX; j++)
			argv[count++] = units->items[j];
	}
	argv[count] = NULL;
	return processes->run(argv, SYSTEMCTL_SECONDS, output, OUTPUT_SIZE, &status) == 0 &&
	       status == 0;
}

const char *health_command_refused(const struct context *context, const struct product *product)
{
	const char *folder;
	int error = -EOPNOTSUPP;

	if (product->health.count == 0)
		return NULL;
	folder = product_code_path(product, product->health.items[0]);
	if (!folder)
		return "its program lies in no path that is listed as code";
	if (vendor_command_may_be_named(context, product))
		error = vendor_command_check(context, folder, &product->health);
	return error == -EOPNOTSUPP || error == -EPERM || error == -ELOOP || error == -EXDEV ?
		       vendor_command_problem(error) :
		       NULL;
}

static bool check_modes(char **blocks, char ret_why[HEALTH_WHY_SIZE])
{
	bool entered = false;
	char *block;

	for (size_t i = 0; i < MODES && (block = next_block(blocks)); i++) {
		bool here = has_value(block, "LoadState", "loaded") &&
			    (has_job(block) || !has_value(block, "ActiveState", "inactive"));

		if (here && !entered)
			snprintf(ret_why, HEALTH_WHY_SIZE, "%s", modes[i].why);
		entered |= here;
	}
	return !entered;
}

static bool check_command(const struct context *context, const struct process_port *processes,
			  const struct product *product, char ret_why[HEALTH_WHY_SIZE])
{
	char output[VENDOR_COMMAND_OUTPUT_SIZE];
	int error;

	if (product->health.count == 0 || health_command_refused(context, product))
		return true;
	error = vendor_command_run(context, processes,
				   product_code_path(product, product->health.items[0]),
				   &product->health, COMMAND_SECONDS, output);
	if (error)
		snprintf(ret_why, HEALTH_WHY_SIZE, "the health command of %.96s %s", product->id,
			 error == -ECHILD ? "says no" : "did not end in time or cannot run");
	return !error;
}

static enum health check_products(const struct context *context,
				  const struct process_port *processes,
				  const struct product_list *products, char *blocks,
				  char ret_why[HEALTH_WHY_SIZE])
{
	enum health worst = HEALTH_HOLDS;

	for (size_t i = 0; i < products->count && worst != HEALTH_FAILS; i++) {
		const struct product *product = &products->items[i];
		enum health health = health_judge_units(&blocks, product->units.count, ret_why);

		if (health == HEALTH_HOLDS && !check_command(context, processes, product, ret_why))
			health = HEALTH_FAILS;
		if (health > worst)
			worst = health;
	}
	return worst;
}

enum health health_check(const struct context *context, const struct process_port *processes,
			 const struct product_list *products, char ret_why[HEALTH_WHY_SIZE])
{
	owned char *output = malloc(OUTPUT_SIZE);
	char *blocks = output;

	if (!check_root(context, ret_why) || !check_kernel(context, ret_why))
		return HEALTH_FAILS;
	if (!output || !ask_units(processes, products, output)) {
		snprintf(ret_why, HEALTH_WHY_SIZE, "the service manager does not answer");
		return HEALTH_FAILS;
	}
	if (!check_modes(&blocks, ret_why))
		return HEALTH_FAILS;
	/* Nobody is let in by a remote login that only waits. */
	if (health_judge_units(&blocks, REMOTE_LOGINS, ret_why) != HEALTH_HOLDS)
		return HEALTH_FAILS;
	return check_products(context, processes, products, blocks, ret_why);
}

long health_streak_feed(struct health_streak *streak, bool healthy, long now)
{
	if (healthy && !streak->running)
		streak->since = now;
	streak->running = healthy;
	return healthy ? now - streak->since : 0;
}
