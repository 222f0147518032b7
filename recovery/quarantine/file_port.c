/* file_port.c: the calls that change files, behind a table
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/quarantine/file_port.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recovery/quarantine/attributes.h"

#define COPY_SIZE 65536

static int result_of(int result)
{
	return result < 0 ? -errno : result;
}

static int make_folder(const struct file_port *port, int folder, const char *name, mode_t mode)
{
	(void)port;
	return result_of(mkdirat(folder, name, mode));
}

static int create(const struct file_port *port, int folder, const char *name)
{
	(void)port;
	return result_of(
		openat(folder, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
}

static int write_all(int fd, const char *bytes, size_t size)
{
	while (size) {
		ssize_t done = write(fd, bytes, size);

		if (done < 0 && errno != EINTR)
			return -errno;
		if (done > 0) {
			bytes += done;
			size -= (size_t)done;
		}
	}
	return 0;
}

static int copy(const struct file_port *port, int from, int to)
{
	char part[COPY_SIZE];
	ssize_t length;
	int error = 0;

	(void)port;
	if (ioctl(to, FICLONE, from) == 0)
		return 0;
	if (lseek(from, 0, SEEK_SET) < 0)
		return -errno;
	do {
		length = read(from, part, sizeof(part));
		if (length < 0 && errno != EINTR)
			return -errno;
		if (length > 0)
			error = write_all(to, part, (size_t)length);
	} while (!error && length != 0);
	return error;
}

static int dress(const struct file_port *port, int fd, const char *attributes)
{
	(void)port;
	return attributes_apply(fd, attributes);
}

static int set_mode(const struct file_port *port, int folder, const char *name, mode_t mode)
{
	(void)port;
	return result_of(fchmodat(folder, name, mode, 0));
}

static int make_link(const struct file_port *port, int from, const char *name, int to,
		     const char *to_name)
{
	(void)port;
	return result_of(linkat(from, name, to, to_name, 0));
}

static int rename_plain(const struct file_port *port, int folder, const char *from, const char *to)
{
	int error;

	(void)port;
	error = result_of(renameat2(folder, from, folder, to, RENAME_NOREPLACE));
	if (error != -EINVAL)
		return error;
	/* File systems without that flag: a link does not replace either. */
	error = result_of(linkat(folder, from, folder, to, 0));
	return error ? error : result_of(unlinkat(folder, from, 0));
}

static int exchange(const struct file_port *port, int folder, const char *one, const char *other)
{
	(void)port;
	return result_of(renameat2(folder, one, folder, other, RENAME_EXCHANGE));
}

static int unlink_file(const struct file_port *port, int folder, const char *name)
{
	(void)port;
	return result_of(unlinkat(folder, name, 0));
}

static int remove_folder(const struct file_port *port, int folder, const char *name)
{
	(void)port;
	return result_of(unlinkat(folder, name, AT_REMOVEDIR));
}

static int sync_file(const struct file_port *port, int fd)
{
	(void)port;
	return result_of(fsync(fd));
}

int file_port_unlink_if_there(const struct file_port *port, int folder, const char *name)
{
	int error = port->unlink(port, folder, name);

	return error == -ENOENT ? 0 : error;
}

const struct file_port *file_port_of_system(void)
{
	static const struct file_port port = {
		.make_folder = make_folder,
		.create = create,
		.copy = copy,
		.dress = dress,
		.set_mode = set_mode,
		.link = make_link,
		.rename = rename_plain,
		.exchange = exchange,
		.unlink = unlink_file,
		.remove_folder = remove_folder,
		.sync = sync_file,
	};

	return &port;
}
