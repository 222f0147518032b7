/* boot_units.c: what the generator writes for systemd, by rung
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/early/boot_units.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recovery/early/administrators.h"
#include "recovery/early/enabled_unit.h"
#include "recovery/early/unit_file.h"

#define SAFE_TARGET "daruma-safe.target"
#define DEADLINE    "daruma-deadline.timer"
#define HELD	    "daruma-held.service"
#define DROP_IN	    "50-daruma.conf"

/* Starters that users control: their crontabs, jobs and own service managers. */
static const char *const starters[] = { "cron.service", "anacron.service", "anacron.timer",
					"atd.service",	"crond.service",   "user@.service" };

/* Never off in the safe profile (R14), and never on where the owner has them off. */
static const char *const kept[] = {
	"ssh.service",
	"sshd.service",
	"ssh.socket",
	"sshd.socket",
	"networking.service",
	"NetworkManager.service",
	"systemd-networkd.service",
	"systemd-networkd.socket",
	"systemd-resolved.service",
	"wpa_supplicant.service",
	"nftables.service",
	"firewalld.service",
	"ufw.service",
	"netfilter-persistent.service",
	"auditd.service",
	"apparmor.service",
	"rsyslog.service",
	"chrony.service",
	"chronyd.service",
	/* Accounts of the domain: without them only local ones can log in. */
	"sssd.service",
	"winbind.service",
	"nslcd.service",
	"oddjobd.service",
};

/* No more than an order: however it ends, they start. */
#define AFTER_HELD  "[Unit]\nAfter=" HELD "\n"
#define AFTER_GUARD "[Unit]\nWants=daruma-guard.service\nAfter=daruma-guard.service\n"
/* A file of this name beside the template's takes its place: who is root, or may become root, may always log in. A login
 * waits for the user's service manager. */
#define NO_WAIT "# this user's login does not wait\n"

static bool make_folder(const char *path)
{
	return mkdir(path, 0755) == 0 || errno == EEXIST;
}

static bool make_link(const char *target, const char *folder, const char *name)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/%s", folder, name) >= (int)sizeof(path))
		return false;
	return symlink(target, path) == 0 || errno == EEXIST;
}

static bool make_drop_in(const char *folder, const char *unit, const char *text)
{
	char path[PATH_MAX];
	size_t length = strlen(text);
	bool written;
	int fd;

	if (snprintf(path, sizeof(path), "%s/%s.d", folder, unit) >= (int)sizeof(path))
		return false;
	if (!make_folder(path))
		return false;
	if (snprintf(path, sizeof(path), "%s/%s.d/" DROP_IN, folder, unit) >= (int)sizeof(path))
		return false;
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0)
		return false;
	written = write(fd, text, length) == (ssize_t)length;
	close(fd);
	return written;
}

/* Links one of our units by its full name into `folder`/`name`. A link to a unit that is not there would end in
 * systemd's rescue mode, so it is not made then. */
static bool link_ours(const struct boot_units *where, const char *unit, const char *folder,
		      const char *name)
{
	char target[PATH_MAX];

	if (snprintf(target, sizeof(target), "%s/%s", where->ours, unit) >= (int)sizeof(target))
		return false;
	return access(target, R_OK) == 0 && make_link(target, folder, name);
}

/* Has `target` want one of our units in this start. */
static bool want_ours(const struct boot_units *where, const char *unit, const char *target)
{
	char wants[PATH_MAX];

	if (snprintf(wants, sizeof(wants), "%s/%s.wants", where->normal, target) >=
	    (int)sizeof(wants))
		return false;
	return make_folder(wants) && link_ours(where, unit, wants, unit);
}

static void write_kept(const struct boot_units *where, struct boot_units_count *ret)
{
	char wants[PATH_MAX], target[PATH_MAX];

	if (snprintf(wants, sizeof(wants), "%s/" SAFE_TARGET ".wants", where->normal) >=
		    (int)sizeof(wants) ||
	    !make_folder(wants)) {
		ret->failed++;
		return;
	}
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
		if (!enabled_unit_find(where, kept[i], target))
			continue;
		if (make_link(target, wants, kept[i]))
			ret->allowed++;
		else
			ret->failed++;
	}
}

static void write_safe(const struct boot_units *where, const struct hold_list *list,
		       struct boot_units_count *ret)
{
	ret->safe = link_ours(where, SAFE_TARGET, where->early, "default.target");
	if (!ret->safe) {
		ret->failed++;
		return;
	}
	write_kept(where, ret);
	for (size_t i = 0; i < list->count; i++) {
		if (list->items[i].kind != HOLD_UNIT)
			continue;
		if (make_link("/dev/null", where->early, list->items[i].name))
			ret->masked++;
		else
			ret->failed++;
	}
}

static bool let_in(const struct boot_units *where, uint32_t user)
{
	char unit[sizeof("user@4294967295.service")];

	snprintf(unit, sizeof(unit), "user@%" PRIu32 ".service", user);
	return make_drop_in(where->normal, unit, NO_WAIT);
}

static void let_administrators_in(const struct boot_units *where, struct boot_units_count *ret)
{
	struct administrators found;

	administrators_read(where->accounts, &found);
	for (size_t i = 0; i < found.count; i++)
		if (!let_in(where, found.users[i]))
			ret->failed++;
}

static void write_held(const struct boot_units *where, struct boot_units_count *ret)
{
	if (!want_ours(where, HELD, "multi-user.target") || !let_in(where, 0)) {
		ret->failed++;
		return;
	}
	let_administrators_in(where, ret);
	for (size_t i = 0; i < sizeof(starters) / sizeof(starters[0]); i++) {
		if (make_drop_in(where->normal, starters[i], AFTER_HELD))
			ret->held++;
		else
			ret->failed++;
	}
}

static void write_ordering(const struct boot_units *where, const struct hold_list *list,
			   struct boot_units_count *ret)
{
	for (size_t i = 0; i < list->count; i++) {
		struct unit_file unit;

		if (list->items[i].kind != HOLD_UNIT ||
		    unit_file_read(where->unit_folders, list->items[i].name, &unit) != 0 ||
		    unit.default_dependencies)
			continue;
		if (unit.before_early)
			ret->too_early++;
		else if (make_drop_in(where->normal, list->items[i].name, AFTER_GUARD))
			ret->ordered++;
		else
			ret->failed++;
	}
}

void boot_units_write(const struct boot_units *where, const struct daruma_note *note,
		      const struct hold_list *list, struct boot_units_count *ret)
{
	*ret = (struct boot_units_count){ 0 };
	switch (note->rung) {
	case DARUMA_RUNG_SAFE:
	case DARUMA_RUNG_RESCUE:
		write_safe(where, list, ret);
		break;
	case DARUMA_RUNG_HELD:
		write_held(where, ret);
		write_ordering(where, list, ret);
		break;
	case DARUMA_RUNG_NORMAL:
	case DARUMA_RUNG_TRIAL:
		write_ordering(where, list, ret);
		break;
	case DARUMA_RUNG_ASIDE:
	case DARUMA_RUNG_COUNT:
		return;
	}
	if (daruma_note_has_open_failures(note) && !want_ours(where, DEADLINE, "sysinit.target"))
		ret->failed++;
}
