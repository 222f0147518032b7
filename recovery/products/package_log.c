/* package_log.c: from which version to which a package went, and when, by the log of its package manager
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/products/package_log.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "recovery/cleanup.h"
#include "recovery/line_reader.h"
#include "recovery/system_file.h"

#define LOG_SIZE_MAX ((size_t)64 << 20) /* what is behind is not read */
#define TIME_LENGTH  19			/* "2026-11-26 15:26:37", and with a 'T' */
#define LOGS	     2

static const struct {
	const char *name;
	const char *logs[LOGS]; /* the newest first */
} managers[] = {
	[PACKAGE_DPKG] = { "dpkg", { "/var/log/dpkg.log", "/var/log/dpkg.log.1" } },
	[PACKAGE_RPM] = { "rpm", { "/var/log/dnf.rpm.log", "/var/log/dnf.rpm.log.1" } },
};

const char *package_manager_name(enum package_manager manager)
{
	return managers[manager].name;
}

static bool only_has(const char *text, size_t length, const char *further)
{
	for (size_t i = 0; i < length; i++)
		if (!isascii((unsigned char)text[i]) ||
		    (!isalnum((unsigned char)text[i]) && !strchr(further, text[i])))
			return false;
	return true;
}

bool package_name_is_sound(const char *text)
{
	size_t length = strlen(text);

	return length > 0 && length < PACKAGE_NAME_SIZE && isalnum((unsigned char)text[0]) &&
	       only_has(text, length, "+._-:");
}

/* deb-version(7), and what rpm allows besides. */
static bool is_version(const char *text, size_t length)
{
	return length > 0 && length < PACKAGE_VERSION_SIZE && isalnum((unsigned char)text[0]) &&
	       only_has(text, length, ".+-~:^_");
}

/* --- words of a line ----------------------------------------------------------------------- */

struct word {
	const char *text;
	size_t length;
};

static struct word next_word(const char **at)
{
	struct word word;

	*at += strspn(*at, " ");
	word = (struct word){ *at, strcspn(*at, " ") };
	*at += word.length;
	return word;
}

static bool word_is(struct word word, const char *text)
{
	return word.length == strlen(text) && memcmp(word.text, text, word.length) == 0;
}

/* `named` as the owner of a file has it, without an architecture unless several of them are installed; `word` of the log. */
static bool is_package(struct word word, const char *named)
{
	size_t name = strcspn(named, ":");

	if (word.length < name || memcmp(word.text, named, name) != 0)
		return false;
	if (named[name] == ':' && !memchr(word.text, ':', word.length))
		return word.length == name;
	if (named[name] == ':')
		return word_is(word, named);
	return word.length == name || word.text[name] == ':';
}

/* --- times --------------------------------------------------------------------------------- */

static bool read_number(const char *text, size_t digits, int least, int most, int *ret)
{
	int number = 0;

	for (size_t i = 0; i < digits; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		number = 10 * number + (text[i] - '0');
	}
	*ret = number;
	return number >= least && number <= most;
}

/* TIME_LENGTH characters that are there; `between` stands between day and hour. */
static bool read_time(const char *text, char between, struct tm *ret)
{
	static const char form[] = "....-..-..?..:..:..";
	struct tm time = { .tm_isdst = -1 };

	for (size_t i = 0; i < TIME_LENGTH; i++)
		if (form[i] != '.' && text[i] != (form[i] == '?' ? between : form[i]))
			return false;
	if (!read_number(text, 4, 1970, 9999, &time.tm_year) ||
	    !read_number(text + 5, 2, 1, 12, &time.tm_mon) ||
	    !read_number(text + 8, 2, 1, 31, &time.tm_mday) ||
	    !read_number(text + 11, 2, 0, 23, &time.tm_hour) ||
	    !read_number(text + 14, 2, 0, 59, &time.tm_min) ||
	    !read_number(text + 17, 2, 0, 60, &time.tm_sec))
		return false;
	time.tm_year -= 1900;
	time.tm_mon -= 1;
	*ret = time;
	return true;
}

/* "+0100" behind the time of dnf; seconds east of Greenwich. */
static bool read_zone(const char *text, int64_t *ret)
{
	int hours, minutes;

	if ((text[0] != '+' && text[0] != '-') || !read_number(text + 1, 2, 0, 14, &hours) ||
	    !read_number(text + 3, 2, 0, 59, &minutes))
		return false;
	*ret = (text[0] == '-' ? -1 : 1) * ((int64_t)hours * 3600 + (int64_t)minutes * 60);
	return true;
}

/* --- dpkg ---------------------------------------------------------------------------------- */

static void copy(char ret[PACKAGE_VERSION_SIZE], struct word word)
{
	snprintf(ret, PACKAGE_VERSION_SIZE, "%.*s", (int)word.length, word.text);
}

static void read_dpkg(const char *package, const char *line, struct package_transition *transition)
{
	const char *at = line + TIME_LENGTH;
	struct word verb, name, before, after;
	struct tm time;
	time_t seconds;

	if (strlen(line) <= TIME_LENGTH || *at != ' ')
		return;
	verb = next_word(&at);
	name = next_word(&at);
	before = next_word(&at);
	after = next_word(&at);
	if ((!word_is(verb, "upgrade") && !word_is(verb, "install")) || *at ||
	    !is_package(name, package) || !is_version(after.text, after.length) ||
	    (!word_is(before, "<none>") && !is_version(before.text, before.length)) ||
	    !read_time(line, ' ', &time))
		return;
	seconds = mktime(&time);
	if (seconds <= 0)
		return;
	*transition = (struct package_transition){ .time = (int64_t)seconds };
	if (!word_is(before, "<none>"))
		copy(transition->before, before);
	copy(transition->after, after);
}

/* --- dnf ----------------------------------------------------------------------------------- */

/* NAME-VERSION-RELEASE.ARCHITECTURE of `package`: the version with its release. */
static bool read_nevra(struct word word, const char *package, struct word *ret_version)
{
	size_t name = strlen(package), dashes = 0;
	struct word version;

	if (word.length <= name + 1 || memcmp(word.text, package, name) != 0 ||
	    word.text[name] != '-')
		return false;
	version = (struct word){ word.text + name + 1, word.length - name - 1 };
	while (version.length > 0 && version.text[version.length - 1] != '.')
		version.length--;
	if (version.length < 2)
		return false;
	version.length--;
	for (size_t i = 0; i < version.length; i++)
		dashes += version.text[i] == '-';
	*ret_version = version;
	return dashes == 1 && is_version(version.text, version.length);
}

static void read_dnf(const char *package, const char *line, struct package_transition *transition)
{
	const char *at = line;
	struct word when = next_word(&at), level = next_word(&at), verb = next_word(&at),
		    what = next_word(&at), version;
	struct tm time;
	int64_t zone;

	(void)level;
	if (when.length != TIME_LENGTH + 5 || *at || !read_nevra(what, package, &version) ||
	    !read_time(when.text, 'T', &time) || !read_zone(when.text + TIME_LENGTH, &zone))
		return;
	if (word_is(verb, "Upgrade:") || word_is(verb, "Installed:") ||
	    word_is(verb, "Downgrade:")) {
		*transition = (struct package_transition){ .time = (int64_t)timegm(&time) - zone };
		copy(transition->after, version);
	} else if (word_is(verb, "Upgraded:") || word_is(verb, "Downgraded:")) {
		copy(transition->before, version);
	}
}

void package_log_line(enum package_manager manager, const char *package, const char *line,
		      struct package_transition *transition)
{
	if (manager == PACKAGE_DPKG)
		read_dpkg(package, line, transition);
	else
		read_dnf(package, line, transition);
}

/* --- the files ----------------------------------------------------------------------------- */

struct finding {
	enum package_manager manager;
	const char *package;
	struct package_transition transition;
};

static int take_line(const char *line, void *user)
{
	struct finding *finding = user;

	package_log_line(finding->manager, finding->package, line, &finding->transition);
	return 0;
}

static int read_log(const struct context *context, const char *path, struct finding *finding)
{
	owned_descriptor int fd = system_open(context, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	return line_reader_read(fd, LOG_SIZE_MAX, take_line, finding);
}

int package_log_find(const struct context *context, enum package_manager manager,
		     const char *package, struct package_transition *ret)
{
	struct finding finding = { .manager = manager, .package = package };
	int error = 0;

	for (size_t i = 0; !error && finding.transition.time == 0 && i < LOGS; i++)
		error = read_log(context, managers[manager].logs[i], &finding);
	if (!error)
		*ret = finding.transition;
	return error;
}
