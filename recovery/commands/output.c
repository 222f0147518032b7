/* output.c: JSON on standard output
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/commands/output.h"

#include <errno.h>
#include <stdio.h>

#include "recovery/cleanup.h"
#include "recovery/message.h"
#include "recovery/timestamp.h"

struct json *output_object(const char *schema)
{
	struct json *object = json_new_object();

	json_add_text(object, "schema", schema);
	return object;
}

void output_add_time(struct json *object, const char *key, int64_t seconds)
{
	char text[TIMESTAMP_SIZE];

	if (seconds <= 0 || seconds > INT64_MAX / 1000) {
		json_add_text(object, key, NULL);
		return;
	}
	timestamp_machine(seconds * 1000, text);
	json_add_text(object, key, text);
}

int output_print(const struct context *context, struct json *value)
{
	owned char *text = json_print(value, context->json == JSON_PRETTY);

	json_free(value);
	if (!text)
		return message_cannot(context, -ENOMEM, "print the result");
	puts(text);
	return EXIT_DONE;
}
