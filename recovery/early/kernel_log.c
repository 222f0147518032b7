/* kernel_log.c: lines in the kernel's log, for the time before there is a journal
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/early/kernel_log.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define DAEMON_NOTICE "<29>" /* facility 3, level 5 */
#define LINE_MAX_SIZE 768    /* the kernel refuses records over 992 bytes */

void kernel_log_line(const char *program, const char *text, ...)
{
	char line[LINE_MAX_SIZE];
	int head = snprintf(line, sizeof(line), DAEMON_NOTICE "%s: ", program);
	int fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC | O_NOCTTY);
	va_list arguments;

	if (fd < 0)
		return;
	va_start(arguments, text);
	vsnprintf(line + head, sizeof(line) - (size_t)head, text, arguments);
	va_end(arguments);
	/* One write is one record. There is nobody to tell if it fails. */
	if (write(fd, line, strlen(line)) < 0)
		line[0] = '\0';
	close(fd);
}
