/* landing.c: updates that land while the machine runs, and prove themselves
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/inventory/landing.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recovery/cleanup.h"

enum landing_step landing_look(struct landing *landing, const char *digest, int64_t now,
			       unsigned settle_seconds)
{
	bool same = strcmp(landing->digest, digest) == 0 && landing->since <= now;

	if (!same) {
		snprintf(landing->digest, sizeof(landing->digest), "%s", digest);
		landing->since = now;
		landing->taken = false;
	}
	if (digest[0] == '\0' || landing->taken)
		return LANDING_NOTHING;
	return now - landing->since >= (int64_t)settle_seconds ? LANDING_PROVED : LANDING_WAITS;
}

int landing_digest(const struct change_list *changes, char ret_digest[DIGEST_TEXT_SIZE])
{
	owned char *text = NULL;
	size_t size = 0;
	FILE *out;

	if (changes->count == 0) {
		ret_digest[0] = '\0';
		return 0;
	}
	out = open_memstream(&text, &size);
	if (!out)
		return -ENOMEM;
	for (size_t i = 0; i < changes->count; i++) {
		const struct change *change = &changes->items[i];

		fprintf(out, "%c %s %s\n", change->how,
			change->after_sha256 ? change->after_sha256 : "-", change->path);
	}
	if (fclose(out) != 0)
		return -ENOMEM;
	return digest_bytes(text, size, ret_digest);
}
