/* failing_port.c: file calls of which the n-th fails, or before or behind which the power goes
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "tests/unit/failing_port.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static const struct failing_port *mine(const struct file_port *port)
{
	return (const struct failing_port *)(const void *)port;
}

/* 0: the call is to be made. */
static int before(const struct failing_port *port, char letter)
{
	int number = ++*port->calls;

	if (port->log) {
		size_t length = strlen(port->log);

		port->log[length] = letter;
		port->log[length + 1] = 0;
	}
	if (port->meddle)
		port->meddle(letter, number);
	if (port->mode == CUT_BEFORE && number == port->at)
		_exit(FAILING_PORT_CUT);
	if ((port->mode == FAIL_ONCE && number == port->at) ||
	    (port->mode == FAIL_EVER && number >= port->at))
		return port->error;
	return 0;
}

static int behind(const struct failing_port *port, int result)
{
	if (port->mode == CUT_BEHIND && *port->calls == port->at)
		_exit(FAILING_PORT_CUT);
	return result;
}

#define SYSTEM (file_port_of_system())

/* One call of the port: counted, perhaps failed, else made. */
#define CALL(name, letter, parameters, ...)                                                        \
	static int call_##name parameters                                                          \
	{                                                                                          \
		int error = before(mine(port), letter);                                            \
                                                                                                   \
		return error ? error : behind(mine(port), SYSTEM->name(SYSTEM, __VA_ARGS__));      \
	}

CALL(make_folder, 'F', (const struct file_port *port, int folder, const char *name, mode_t mode),
     folder, name, mode)
CALL(create, 'N', (const struct file_port *port, int folder, const char *name), folder, name)
CALL(dress, 'D', (const struct file_port *port, int fd, const char *attributes), fd, attributes)
CALL(set_mode, 'M', (const struct file_port *port, int folder, const char *name, mode_t mode),
     folder, name, mode)
CALL(link, 'L',
     (const struct file_port *port, int from, const char *name, int to, const char *to_name), from,
     name, to, to_name)
CALL(rename, 'R', (const struct file_port *port, int folder, const char *from, const char *to),
     folder, from, to)
CALL(unlink, 'U', (const struct file_port *port, int folder, const char *name), folder, name)
CALL(remove_folder, 'V', (const struct file_port *port, int folder, const char *name), folder, name)
CALL(sync, 'S', (const struct file_port *port, int fd), fd)

static int call_exchange(const struct file_port *port, int folder, const char *one,
			 const char *other)
{
	int error = before(mine(port), 'X');

	if (error)
		return error;
	return behind(mine(port), mine(port)->no_exchange ?
					  -EINVAL :
					  SYSTEM->exchange(SYSTEM, folder, one, other));
}

static int call_copy(const struct file_port *port, int from, int to)
{
	int error = before(mine(port), 'C');

	if (error && mine(port)->half_copies)
		(void)!write(to, "half", 4);
	return error ? error : behind(mine(port), SYSTEM->copy(SYSTEM, from, to));
}

void failing_port_make(struct failing_port *port, enum failing_mode mode, int at, int *calls)
{
	*calls = 0;
	*port = (struct failing_port){
		.port = { .make_folder = call_make_folder,
			  .create = call_create,
			  .copy = call_copy,
			  .dress = call_dress,
			  .set_mode = call_set_mode,
			  .link = call_link,
			  .rename = call_rename,
			  .exchange = call_exchange,
			  .unlink = call_unlink,
			  .remove_folder = call_remove_folder,
			  .sync = call_sync },
		.mode = mode,
		.at = at,
		.error = -EIO,
		.calls = calls,
	};
}
