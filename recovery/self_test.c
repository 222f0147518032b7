/* self_test.c: what of Daruma works on this machine
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/self_test.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "recovery/boot/kernel_copy.h"
#include "recovery/boot/limits_file.h"
#include "recovery/boot/own_entry.h"
#include "recovery/boot/own_trust.h"
#include "recovery/boot/own_variables.h"
#include "recovery/boot/stage_file.h"
#include "recovery/boot/watchdog_device.h"
#include "recovery/cleanup.h"
#include "recovery/commands/stage_view.h"
#include "recovery/digest.h"
#include "recovery/early/fstab.h"
#include "recovery/early/hold_list.h"
#include "recovery/health.h"
#include "recovery/machine.h"
#include "recovery/message.h"
#include "recovery/policy_file.h"
#include "recovery/products/watch_set.h"
#include "recovery/safe_path.h"
#include "recovery/state.h"
#include "recovery/system_file.h"

/* On the ESP: two copies and a temporary, rounded up */
#define ROOM_NEEDED (4 * DARUMA_LIMITS_SIZE)
#define SMALL_FILE  4096

/* What several tests look at. */
struct scene {
	const struct context *context;
	struct stage_view view;
	struct esp esp;
	int esp_error;
};

typedef void test_function(const struct scene *scene, struct self_test *test);

__attribute__((format(printf, 3, 4))) static void say(struct self_test *test,
						      enum self_test_result result,
						      const char *text, ...)
{
	va_list values;

	va_start(values, text);
	vsnprintf(test->detail, sizeof(test->detail), text, values);
	va_end(values);
	test->result = result;
}

static bool exists(const struct context *context, const char *name)
{
	char path[PATH_MAX];

	return system_path(context, name, path) == 0 && access(path, F_OK) == 0;
}

static void test_variables(const struct scene *scene, struct self_test *test)
{
	if (scene->view.error == -ENODEV)
		say(test, SELF_TEST_MISSING, "EFI variables cannot be read here");
	else
		say(test, SELF_TEST_OK, "EFI variables can be read");
}

static void test_note(const struct scene *scene, struct self_test *test)
{
	if (scene->view.error)
		say(test, SELF_TEST_MISSING, "the firmware stage is %s", scene->view.word);
	else
		say(test, SELF_TEST_OK, "this boot went through the firmware stage");
}

static void test_armed(const struct scene *scene, struct self_test *test)
{
	if (scene->view.error)
		say(test, SELF_TEST_MISSING, "unknown without a boot note");
	else if (scene->view.note.armed)
		say(test, SELF_TEST_OK, "failures are counted");
	else
		say(test, SELF_TEST_WARNING, "counting begins after the first good boot");
}

static void test_record(const struct scene *scene, struct self_test *test)
{
	uint32_t troubles = scene->view.note.troubles;

	for (unsigned bit = 0; bit < 32; bit++)
		if ((troubles >> bit & 1) && stage_view_trouble(bit)) {
			say(test, SELF_TEST_WARNING, "%s", stage_view_trouble(bit));
			return;
		}
	if (scene->view.error)
		say(test, SELF_TEST_MISSING, "unknown without a boot note");
	else
		say(test, SELF_TEST_OK, "the stage reported no trouble");
}

static void test_answer(const struct scene *scene, struct self_test *test)
{
	if (scene->view.error)
		say(test, SELF_TEST_MISSING, "unknown without a boot note");
	else if (scene->view.answer_state == DARUMA_STATE_DAMAGED)
		say(test, SELF_TEST_WARNING,
		    "the stored answer is damaged; the next one replaces it");
	else
		say(test, SELF_TEST_OK, "the answer is %s",
		    daruma_state_name(scene->view.answer_state));
}

static void test_esp(const struct scene *scene, struct self_test *test)
{
	struct statvfs room;

	if (scene->esp.path[0] == 0) {
		say(test, SELF_TEST_MISSING, "no EFI system partition is mounted");
		return;
	}
	if (statvfs(scene->esp.path, &room) < 0) {
		say(test, SELF_TEST_MISSING, "%.200s: %s", scene->esp.path, strerror(errno));
		return;
	}
	if ((room.f_flag & ST_RDONLY) || access(scene->esp.path, W_OK) < 0)
		say(test, SELF_TEST_WARNING, "%.200s cannot be written", scene->esp.path);
	else if ((uint64_t)room.f_bavail * room.f_frsize < ROOM_NEEDED)
		say(test, SELF_TEST_WARNING, "%.200s is full", scene->esp.path);
	else if (scene->esp_error)
		say(test, SELF_TEST_WARNING, "the partition of %.200s is not known",
		    scene->esp.path);
	else
		say(test, SELF_TEST_OK, "%.200s can be written", scene->esp.path);
}

static void test_limits(const struct scene *scene, struct self_test *test)
{
	struct daruma_limits limits;
	enum daruma_state first, backup;

	if (scene->esp_error) {
		say(test, SELF_TEST_MISSING, "unknown without the EFI system partition");
		return;
	}
	first = limits_file_read(&scene->esp, LIMITS_FIRST, &limits);
	backup = limits_file_read(&scene->esp, LIMITS_BACKUP, &limits);
	say(test,
	    first == DARUMA_STATE_VALID && backup == DARUMA_STATE_VALID ? SELF_TEST_OK :
									  SELF_TEST_WARNING,
	    "limits.bin is %s, limits.bak is %s", daruma_state_name(first),
	    daruma_state_name(backup));
}

/* R61: without a channel for crash evidence, automatic safe entry depends on the watch set alone. */
static void test_dumps(const struct scene *scene, struct self_test *test)
{
	owned char *text = NULL;
	size_t length;

	if (!exists(scene->context, "/sys/module/efi_pstore"))
		say(test, SELF_TEST_MISSING, "efi_pstore is not loaded: crashes leave no evidence");
	else if (system_read(scene->context, "/sys/module/efi_pstore/parameters/pstore_disable",
			     SMALL_FILE, &text, &length) == 0 &&
		 text[0] == 'Y')
		say(test, SELF_TEST_MISSING, "efi_pstore is switched off");
	else if (!exists(scene->context, "/sys/fs/pstore"))
		say(test, SELF_TEST_WARNING, "pstore is not mounted: crash texts cannot be read");
	else
		say(test, SELF_TEST_OK, "a panic leaves its text in EFI variables");
}

static void test_panic(const struct scene *scene, struct self_test *test)
{
	owned char *text = NULL;
	size_t length;

	if (system_read(scene->context, "/proc/sys/kernel/panic", SMALL_FILE, &text, &length))
		say(test, SELF_TEST_WARNING, "kernel.panic cannot be read");
	else if (atoi(text) == 0)
		say(test, SELF_TEST_WARNING, "kernel.panic is 0: after a panic the machine halts");
	else
		say(test, SELF_TEST_OK, "after a panic the machine restarts");
}

struct chain {
	char prev[DIGEST_TEXT_SIZE];
	int64_t broken; /* seq of the first event that does not follow, 0 none */
	int64_t count;
};

static int follow(const struct database_row *row, void *user)
{
	struct chain *chain = user;
	const char *line = database_text(row, 2);

	if (chain->count > 0 && !chain->broken && strcmp(database_text(row, 1), chain->prev) != 0)
		chain->broken = database_integer(row, 0);
	chain->count++;
	return digest_bytes(line, strlen(line), chain->prev);
}

static void test_state(const struct scene *scene, struct self_test *test)
{
	struct database *database;
	struct chain chain = { 0 };
	int error = state_open(scene->context, false, &database);

	if (error == -ENOENT) {
		say(test, SELF_TEST_WARNING, "nothing is recorded yet");
		return;
	}
	if (error) {
		say(test, SELF_TEST_MISSING, "%s: %s", STATE_FILE, message_text(error));
		return;
	}
	error = database_query(database, follow, &chain,
			       "SELECT seq, prev, line FROM event ORDER BY seq", "");
	if (error)
		say(test, SELF_TEST_MISSING, "%s: %s", STATE_FILE, message_text(error));
	else if (chain.broken)
		say(test, SELF_TEST_WARNING, "the chain of events is broken at number %lld",
		    (long long)chain.broken);
	else
		say(test, SELF_TEST_OK, "%lld events, chained", (long long)chain.count);
	database_close(database);
}

static void test_policy(const struct scene *scene, struct self_test *test)
{
	char problem[POLICY_PROBLEM_SIZE] = "";
	struct policy_file policy;
	int error = policy_file_load(scene->context, &policy, problem);

	if (error == -ENOENT)
		say(test, SELF_TEST_WARNING, "no policy file: built-in defaults");
	else if (error)
		say(test, SELF_TEST_MISSING, "%.250s", problem);
	else
		say(test, SELF_TEST_OK, "version %u", policy.version);
}

/* A listed path that a link leads to, or NULL. */
static const char *find_unseen(const struct context *context, const struct product_list *products)
{
	const char *path;

	for (size_t i = 0; i < products->count; i++)
		for (size_t k = 0; (path = product_path(&products->items[i], k)); k++)
			if (safe_path_is_behind_link(context, path))
				return path;
	return NULL;
}

/* The first whose health command is not run, and why; NULL: none. */
static const struct product *find_unasked(const struct context *context,
					  const struct product_list *products, const char **ret_why)
{
	for (size_t i = 0; i < products->count; i++) {
		*ret_why = health_command_refused(context, &products->items[i]);
		if (*ret_why)
			return &products->items[i];
	}
	return NULL;
}

static void test_products(const struct scene *scene, struct self_test *test)
{
	struct product_list products = { 0 };
	struct text_list problems = { 0 };
	const struct product *unasked;
	const char *unseen, *why;

	if (watch_set_load(scene->context, &products, &problems))
		say(test, SELF_TEST_MISSING, "the watch set cannot be read");
	else if (problems.count)
		say(test, SELF_TEST_WARNING, "refused: %.230s", problems.items[0]);
	else if ((unseen = find_unseen(scene->context, &products)))
		say(test, SELF_TEST_WARNING, "not watched, a symbolic link leads there: %.190s",
		    unseen);
	else if ((unasked = find_unasked(scene->context, &products, &why)))
		say(test, SELF_TEST_WARNING, "health of %.64s is not asked: %s", unasked->id, why);
	else
		say(test, products.count ? SELF_TEST_OK : SELF_TEST_WARNING,
		    "%zu products are watched", products.count);
	product_list_free(&products);
	text_list_free(&problems);
}

static void test_hold_list(const struct scene *scene, struct self_test *test)
{
	if (exists(scene->context, HOLD_LIST_FILE))
		say(test, SELF_TEST_OK, HOLD_LIST_FILE " is there");
	else
		say(test, SELF_TEST_WARNING, HOLD_LIST_FILE " comes with the first good boot");
}

/* As the rescue start does, but for the disks. */
static bool can_mount_all(const struct context *context)
{
	owned struct fstab *fstab = calloc(1, sizeof(*fstab));
	owned char *table = NULL;
	size_t size;

	return fstab &&
	       (system_read(context, "/etc/fstab", FSTAB_SIZE_MAX, &table, &size) == -ENOENT ||
		(table && fstab_read(table, size, fstab) == 0));
}

static void test_hook(const struct scene *scene, struct self_test *test)
{
	if (!exists(scene->context, "/usr/share/initramfs-tools/hooks/daruma"))
		say(test, SELF_TEST_MISSING,
		    "no initramfs hook: modules that load early cannot be held");
	else if (!can_mount_all(scene->context))
		say(test, SELF_TEST_WARNING,
		    "a rescue start cannot mount all of /etc/fstab, and repairs nothing before the "
		    "system runs");
	else
		say(test, SELF_TEST_OK, "the initramfs hook is installed");
}

/* Whether a rescue start needs more than the ESP. */
static void test_kernel_copy(const struct scene *scene, struct self_test *test)
{
	struct database *database = NULL;
	struct kernel_copy copy;
	struct policy_file policy;
	char problem[POLICY_PROBLEM_SIZE];
	int error = state_open(scene->context, false, &database);

	policy_file_load(scene->context, &policy, problem);
	if (!error)
		error = kernel_copy_look(scene->context, database, &policy, machine_start_time(),
					 &copy);
	database_close(database);
	if (error)
		say(test, SELF_TEST_WARNING,
		    "unknown: nothing is recorded yet, or no limits are on the ESP");
	else if (copy.state == KERNEL_COPY_KEPT && copy.left_out)
		say(test, SELF_TEST_WARNING,
		    "%s; %zu names of the watch set have no room on its command line",
		    kernel_copy_sentence(copy.state), copy.left_out);
	else
		say(test, copy.state > KERNEL_COPY_OWNED ? SELF_TEST_WARNING : SELF_TEST_OK,
		    "%s%s%s", kernel_copy_sentence(copy.state),
		    copy.state != KERNEL_COPY_KEPT && copy.kernel[0] ? "; there is one of " : "",
		    copy.state != KERNEL_COPY_KEPT ? copy.kernel : "");
}

/* R5: a start that hangs before user space is reset by hardware or by a person. */
static void test_watchdog(const struct scene *scene, struct self_test *test)
{
	struct watchdog_device device;
	struct policy_file policy;
	char problem[POLICY_PROBLEM_SIZE];
	int error = watchdog_device_find(scene->context, &device);

	policy_file_load(scene->context, &policy, problem);
	if (!scene->view.error && scene->view.note.watchdog)
		say(test, SELF_TEST_OK, "this start was watched by the hardware (%s)",
		    daruma_watchdog_name(scene->view.note.watchdog));
	else if (!scene->view.error && (scene->view.note.troubles & DARUMA_TROUBLE_NOT_WATCHED))
		say(test, SELF_TEST_WARNING, "the stage found none that it could arm");
	else if (policy.limits.watchdog_seconds == 0)
		say(test, SELF_TEST_OK, "the policy asks for none (watchdog_seconds)");
	else if (error)
		say(test, SELF_TEST_WARNING, "no driver of a hardware watchdog is loaded");
	else if (device.habit == WATCHDOG_STOPS)
		say(test, SELF_TEST_OK,
		    "%s stops it; the starts after a good one are watched until then",
		    device.driver);
	else if (device.habit != WATCHDOG_ADOPTS)
		say(test, SELF_TEST_WARNING, "%s does not take over a running watchdog here",
		    device.driver[0] ? device.driver : device.name);
	else
		say(test, SELF_TEST_OK, "%s takes it over; the starts after a good one are watched",
		    device.driver);
}

/* What is to start the stage; "" the firmware itself. */
static void read_shim(const struct scene *scene, char ret[BOOT_ENTRY_TEXT_SIZE])
{
	struct database *database = NULL;
	owned char *shim = NULL;

	if (state_open(scene->context, false, &database) == 0)
		state_get_text(database, OWN_ENTRY_SHIM_KEY, &shim);
	database_close(database);
	snprintf(ret, BOOT_ENTRY_TEXT_SIZE, "%s", shim ? shim : "");
}

/* R31, R53: shim that does not know a signature waits for a person, in each start. */
static void test_signature(const struct scene *scene, struct self_test *test)
{
	const struct variables *variables = own_variables(scene->context);
	struct boot_entry entry = { .options = DARUMA_ESP_PROGRAM };
	char digest[DIGEST_TEXT_SIZE];

	read_shim(scene, entry.path);
	if (!own_trust_secure_boot(variables))
		say(test, SELF_TEST_OK, "Secure Boot is off: nobody asks for one");
	else if (!entry.path[0] && scene->view.error)
		say(test, SELF_TEST_MISSING,
		    "Secure Boot is on, and this boot went past the stage: is that signed?");
	else if (!entry.path[0])
		say(test, SELF_TEST_OK, "Secure Boot is on, and the firmware started the stage");
	else if (scene->esp_error ||
		 stage_file_digest(&scene->esp, STAGE_FILE_PROGRAM, digest) != 0)
		say(test, SELF_TEST_MISSING,
		    "the stage is not there for shim, which starts its own loader then");
	else if (own_trust_may_come_first(variables, &scene->esp, &entry) == 1)
		say(test, SELF_TEST_OK, "Secure Boot is on, and shim knows that of the stage");
	else
		say(test, SELF_TEST_MISSING,
		    "shim does not know that of the stage, and would wait for a person");
}

/* R15 and R36 hold only where the stage starts a signed image. */
static void test_safe_profile(const struct scene *scene, struct self_test *test)
{
	enum safe_image_state state = stage_view_safe_image(scene->context, &scene->view);
	struct database *database = NULL;
	bool intact;

	if (state_open(scene->context, false, &database) != 0)
		database = NULL;
	intact = !database || safe_image_is_intact(scene->context, database);
	database_close(database);
	if (intact)
		say(test, state == SAFE_IMAGE_SIGNED ? SELF_TEST_OK : SELF_TEST_WARNING, "%s",
		    safe_image_sentence(state));
	else
		say(test, SELF_TEST_WARNING,
		    "unsigned safe profile: the image is not as it was laid, and will be refused");
}

static const struct {
	const char *name;
	test_function *run;
} tests_known[] = {
	{ "variables", test_variables },
	{ "note", test_note },
	{ "armed", test_armed },
	{ "stage", test_record },
	{ "answer", test_answer },
	{ "esp", test_esp },
	{ "limits", test_limits },
	{ "dumps", test_dumps },
	{ "panic", test_panic },
	{ "state", test_state },
	{ "policy", test_policy },
	{ "products", test_products },
	{ "hold-list", test_hold_list },
	{ "initramfs", test_hook },
	{ "kernel-copy", test_kernel_copy },
	{ "watchdog", test_watchdog },
	{ "signature", test_signature },
	{ "safe-profile", test_safe_profile },
};

_Static_assert(sizeof(tests_known) / sizeof(tests_known[0]) <= SELF_TESTS_MOST,
	       "room for all tests");

size_t self_test_run(const struct context *context, struct self_test tests[SELF_TESTS_MOST])
{
	struct scene scene = { .context = context };
	size_t count = sizeof(tests_known) / sizeof(tests_known[0]);

	stage_view_take(context, &scene.view);
	scene.esp_error = esp_find(context, &scene.esp);
	for (size_t i = 0; i < count; i++) {
		tests[i] = (struct self_test){ .name = tests_known[i].name };
		tests_known[i].run(&scene, &tests[i]);
	}
	return count;
}
