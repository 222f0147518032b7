/* attributes.c: what a file has beside its bytes, as JSON
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/quarantine/attributes.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include "recovery/cleanup.h"
#include "recovery/json.h"

#define NAMES_MOST  65536   /* XATTR_LIST_MAX */
#define VALUES_MOST 1048576 /* of one file */
#define NANO	    1000000000

static const char *const left_out[] = { "security.evm" };

static bool is_left_out(const char *name)
{
	for (size_t i = 0; i < sizeof(left_out) / sizeof(left_out[0]); i++)
		if (strcmp(name, left_out[i]) == 0)
			return true;
	return false;
}

static char *to_hex(const void *bytes, size_t size)
{
	const unsigned char *from = bytes;
	char *text = malloc(2 * size + 1);

	if (!text)
		return NULL;
	for (size_t i = 0; i < size; i++)
		snprintf(text + 2 * i, 3, "%02x", from[i]);
	text[2 * size] = 0;
	return text;
}

static int digit(char letter)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = letter ? strchr(digits, letter) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* A NUL stands behind the bytes. NULL if the text is not hexadecimal, or without memory. */
static char *from_hex(const char *text, size_t *ret_size)
{
	size_t size = strlen(text) / 2;
	char *bytes = malloc(size + 1);

	if (!bytes || strlen(text) % 2) {
		free(bytes);
		return NULL;
	}
	for (size_t i = 0; i < size; i++) {
		int high = digit(text[2 * i]), low = digit(text[2 * i + 1]);

		if (high < 0 || low < 0) {
			free(bytes);
			return NULL;
		}
		bytes[i] = (char)(high << 4 | low);
	}
	bytes[size] = 0;
	*ret_size = size;
	return bytes;
}

/* --- reading ------------------------------------------------------------------------------- */

/* The names, one behind the other, each with its NUL. A file system without them has none. */
static int read_names(int fd, char **ret_names, size_t *ret_size)
{
	owned char *names = malloc(NAMES_MOST + 1);
	ssize_t size;

	if (!names)
		return -ENOMEM;
	size = flistxattr(fd, names, NAMES_MOST);
	if (size < 0 && errno != EOPNOTSUPP)
		return -errno;
	*ret_size = size < 0 ? 0 : (size_t)size;
	names[*ret_size] = 0;
	*ret_names = names;
	names = NULL;
	return 0;
}

static int add_value(int fd, const char *name, struct json *values, size_t *room)
{
	owned char *value = NULL, *key = NULL, *text = NULL;
	ssize_t size = fgetxattr(fd, name, NULL, 0);

	if (size < 0)
		return -errno;
	if ((size_t)size > *room)
		return -E2BIG;
	*room -= (size_t)size;
	value = malloc((size_t)size + 1);
	if (!value)
		return -ENOMEM;
	size = fgetxattr(fd, name, value, (size_t)size);
	if (size < 0)
		return -errno;
	key = to_hex(name, strlen(name));
	text = to_hex(value, (size_t)size);
	if (!key || !text)
		return -ENOMEM;
	json_add_text(values, key, text);
	return 0;
}

static int add_values(int fd, struct json *values)
{
	owned char *names = NULL;
	size_t size, room = VALUES_MOST;
	int error = read_names(fd, &names, &size);

	for (size_t at = 0; !error && at < size; at += strlen(names + at) + 1)
		if (!is_left_out(names + at))
			error = add_value(fd, names + at, values, &room);
	return error;
}

static int64_t to_nano(const struct timespec *time)
{
	return (int64_t)time->tv_sec * NANO + time->tv_nsec;
}

int attributes_read(int fd, char **ret_text)
{
	struct json *object, *values;
	struct stat stat;
	char *text = NULL;
	int error;

	if (fstat(fd, &stat) < 0)
		return -errno;
	object = json_new_object();
	values = json_new_object();
	json_add_integer(object, "uid", stat.st_uid);
	json_add_integer(object, "gid", stat.st_gid);
	json_add_integer(object, "mode", stat.st_mode & 07777);
	json_add_integer(object, "atime_ns", to_nano(&stat.st_atim));
	json_add_integer(object, "mtime_ns", to_nano(&stat.st_mtim));
	error = add_values(fd, values);
	if (json_count(values))
		json_add(object, "xattrs", values);
	else
		json_free(values);
	if (!error)
		text = json_print(object, false);
	json_free(object);
	if (error)
		return error;
	*ret_text = text;
	return text ? 0 : -ENOMEM;
}

/* --- applying ------------------------------------------------------------------------------ */

struct wanted {
	int64_t uid, gid, mode;
	struct timespec times[2];
	const struct json *values;
};

static bool read_number(const struct json *object, const char *key, int64_t most, int64_t *ret)
{
	return json_integer(json_get(object, key), ret) && *ret >= 0 && *ret <= most;
}

static bool read_time(const struct json *object, const char *key, struct timespec *ret)
{
	int64_t nano;

	if (!json_integer(json_get(object, key), &nano))
		return false;
	ret->tv_sec = nano / NANO - (nano % NANO < 0);
	ret->tv_nsec = nano - (int64_t)ret->tv_sec * NANO;
	return true;
}

/* A name and a value to set; the caller frees both. */
static int read_value(const struct json *values, size_t index, char **ret_name, char **ret_value,
		      size_t *ret_size)
{
	const char *text = json_string(json_at(values, index));
	size_t name_size = 0;

	if (!text)
		return -EBADMSG;
	*ret_name = from_hex(json_key_at(values, index), &name_size);
	*ret_value = from_hex(text, ret_size);
	return *ret_name && *ret_value && strlen(*ret_name) == name_size ? 0 : -EBADMSG;
}

static int check_values(const struct json *values)
{
	int error =
		json_type(values) == JSON_NULL || json_type(values) == JSON_OBJECT ? 0 : -EBADMSG;

	for (size_t i = 0; !error && i < json_count(values); i++) {
		owned char *name = NULL, *value = NULL;
		size_t size;

		error = read_value(values, i, &name, &value, &size);
	}
	return error;
}

static int read_wanted(const struct json *object, struct wanted *ret)
{
	ret->values = json_get(object, "xattrs");
	if (!read_number(object, "uid", UINT32_MAX - 1, &ret->uid) ||
	    !read_number(object, "gid", UINT32_MAX - 1, &ret->gid) ||
	    !read_number(object, "mode", 07777, &ret->mode) ||
	    !read_time(object, "atime_ns", &ret->times[0]) ||
	    !read_time(object, "mtime_ns", &ret->times[1]))
		return -EBADMSG;
	return check_values(ret->values);
}

static int set_value(int fd, const struct json *values, size_t index)
{
	owned char *name = NULL, *value = NULL;
	size_t size;
	int error = read_value(values, index, &name, &value, &size);

	if (error)
		return error;
	return fsetxattr(fd, name, value, size, 0) < 0 ? -errno : 0;
}

/* A new file may have got some by itself, such as the default ACL of its folder. */
static int remove_others(int fd, const struct json *values)
{
	owned char *names = NULL;
	size_t size = 0;
	int error = read_names(fd, &names, &size);

	for (size_t at = 0; !error && at < size; at += strlen(names + at) + 1) {
		owned char *key = to_hex(names + at, strlen(names + at));

		if (!key)
			return -ENOMEM;
		/* A label of the system's own policy may stay where none was before. */
		if (!is_left_out(names + at) && !json_get(values, key) &&
		    fremovexattr(fd, names + at) < 0 &&
		    strncmp(names + at, "security.", sizeof("security.") - 1) != 0)
			error = -errno;
	}
	return error;
}

static int apply(int fd, const struct wanted *wanted)
{
	int error;

	/* The owner first, it takes capabilities and set-id bits away; times last, the others may change them. */
	if (fchown(fd, (uid_t)wanted->uid, (gid_t)wanted->gid) < 0)
		return -errno;
	error = remove_others(fd, wanted->values);
	for (size_t i = 0; !error && i < json_count(wanted->values); i++)
		error = set_value(fd, wanted->values, i);
	if (!error && fchmod(fd, (mode_t)wanted->mode) < 0)
		error = -errno;
	if (!error && futimens(fd, wanted->times) < 0)
		error = -errno;
	return error;
}

int attributes_apply(int fd, const char *text)
{
	struct wanted wanted;
	struct json *object;
	char problem[64];
	int error = json_parse(text, strlen(text), &object, problem, sizeof(problem));

	if (error)
		return error;
	error = read_wanted(object, &wanted);
	if (!error)
		error = apply(fd, &wanted);
	json_free(object);
	return error;
}
