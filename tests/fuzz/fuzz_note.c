/* fuzz_note.c: any bytes as the boot note
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "policy/note.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct daruma_note note;
	struct daruma_note second;
	uint8_t again[DARUMA_NOTE_SIZE];
	enum daruma_state state = daruma_note_decode(data, size, &note);

	(void)daruma_note_has_open_failures(&note);
	if (state != DARUMA_STATE_VALID) {
		memset(&second, 0, sizeof(second));
		if (memcmp(&note, &second, sizeof(note)) != 0)
			abort();
		return 0;
	}
	if (note.rung >= DARUMA_RUNG_COUNT || note.reason >= DARUMA_REASON_COUNT)
		abort();
	daruma_note_encode(&note, again);
	if (daruma_note_decode(again, sizeof(again), &second) != DARUMA_STATE_VALID ||
	    second.rung != note.rung || second.troubles != note.troubles)
		abort();
	return 0;
}
