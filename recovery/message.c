/* message.c: the one message a command prints when it fails, and notices beside it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/message.h"

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* Errors that mean something else here than strerror() says. */
static const struct {
	int error;
	const char *text;
} texts[] = {
	{ -EBADMSG, "damaged, or not of the expected form" },
	{ -EPROTO, "written by a newer Daruma" },
	{ -ESTALE, "written by an older Daruma" },
	{ -ENODEV, "not possible on this machine" },
	{ -EOPNOTSUPP, "not possible on this machine" },
	{ -ENXIO, "no such entry" },
	{ -ESRCH, "no such entry" },
	{ -ELOOP, "a symbolic link is in the way" },
	{ -EXDEV, "crosses a mount or leaves the product's folder" },
	{ -ENODATA, "no good copy was kept" },
	{ -EBUSY, "another process is using it" },
	{ -EINPROGRESS, "the package manager is at work" },
};

static const struct {
	int error;
	enum exit_code code;
} codes[] = {
	{ -ENODEV, EXIT_NOT_HERE },
	{ -EOPNOTSUPP, EXIT_NOT_HERE },
	{ -ENXIO, EXIT_NO_SUCH },
	{ -ESRCH, EXIT_NO_SUCH },
};

const char *message_text(int error)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i].error == error)
			return texts[i].text;
	return strerror(-error);
}

static int code_of(const struct context *context, int error)
{
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i].error == error)
			return codes[i].code == EXIT_NOT_HERE && context->graceful ?
				       EXIT_DONE :
				       (int)codes[i].code;
	return EXIT_FAILED;
}

/* Text from outside may stand in a message: control characters must not reach the terminal. */
static void print_plain(const char *text)
{
	for (; *text; text++)
		fputc((unsigned char)*text < 0x20 || *text == 0x7f ? '?' : *text, stderr);
}

static void print_line(const char *before, const char *text, va_list values, const char *after)
{
	char line[2048];

	vsnprintf(line, sizeof(line), text, values);
	fputs(before, stderr);
	print_plain(line);
	if (after) {
		fputs(": ", stderr);
		print_plain(after);
	}
	fputc('\n', stderr);
}

int message_cannot(const struct context *context, int error, const char *what, ...)
{
	va_list values;

	va_start(values, what);
	print_line("daruma: cannot ", what, values, message_text(error));
	va_end(values);
	return code_of(context, error);
}

int message_cannot_because(const struct context *context, int error, const char *why,
			   const char *what, ...)
{
	va_list values;

	va_start(values, what);
	print_line("daruma: cannot ", what, values, why);
	va_end(values);
	return code_of(context, error);
}

int message_cannot_accept(const struct context *context, int error, const char *why,
			  const char *what, ...)
{
	va_list values;

	va_start(values, what);
	print_line("daruma: cannot ", what, values, why);
	va_end(values);
	return error == -EBADMSG ? EXIT_USAGE : code_of(context, error);
}

int message_usage(const char *text, ...)
{
	va_list values;

	va_start(values, text);
	print_line("daruma: ", text, values, NULL);
	va_end(values);
	message_hint("see daruma --help");
	return EXIT_USAGE;
}

void message_hint(const char *text, ...)
{
	va_list values;

	va_start(values, text);
	print_line("  hint: ", text, values, NULL);
	va_end(values);
}

void message_notice(const struct context *context, const char *text, ...)
{
	va_list values;

	if (context->quiet)
		return;
	va_start(values, text);
	print_line("daruma: ", text, values, NULL);
	va_end(values);
}

void message_advise(const struct context *context, const char *text, ...)
{
	va_list values;

	if (context->quiet)
		return;
	va_start(values, text);
	print_line("  hint: ", text, values, NULL);
	va_end(values);
}
