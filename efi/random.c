/* random.c: the boot id, a number that no other start has
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "efi/random.h"

#include "policy/bytes.h"

/* Finalizer of SplitMix64 (Steele, Lea, Flood 2014): every bit of the input changes half of the
 * output. */
static uint64_t stir(uint64_t value)
{
	value += UINT64_C(0x9e3779b97f4a7c15);
	value = (value ^ (value >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	value = (value ^ (value >> 27)) * UINT64_C(0x94d049bb133111eb);
	return value ^ (value >> 31);
}

static void mix(const struct firmware *firmware, const struct daruma_record *last,
		uint8_t ret_id[DARUMA_GUID_SIZE])
{
	EFI_TIME time = { 0 };
	UINT64 count = 0;
	uint64_t sources[6] = { 0 };
	uint64_t halves[2] = { 1, 2 };

	/* Where one of them fails, the others have to do. */
	firmware->runtime->GetTime(&time, NULL);
	firmware->boot->GetNextMonotonicCount(&count);
	sources[0] = (uint64_t)time.Year << 40 | (uint64_t)time.Month << 32 |
		     (uint64_t)time.Day << 24 | (uint64_t)time.Hour << 16 |
		     (uint64_t)time.Minute << 8 | time.Second;
	sources[1] = time.Nanosecond;
	sources[2] = count;
	sources[3] = daruma_get64(last->boot_id);
	sources[4] = daruma_get64(last->boot_id + 8);
	sources[5] = last->starts;
	for (unsigned half = 0; half < 2; half++) {
		for (unsigned i = 0; i < 6; i++)
			halves[half] = stir(halves[half] ^ sources[i]);
		daruma_put64(ret_id + 8 * half, halves[half]);
	}
}

bool random_boot_id(const struct firmware *firmware, const struct daruma_record *last,
		    uint8_t ret_id[DARUMA_GUID_SIZE])
{
	EFI_GUID guid = EFI_RNG_PROTOCOL_GUID;
	EFI_RNG_PROTOCOL *generator = NULL;
	uint8_t id[DARUMA_GUID_SIZE] = { 0 };
	bool good = !EFI_ERROR(firmware->boot->LocateProtocol(&guid, NULL, (void **)&generator)) &&
		    generator && !EFI_ERROR(generator->GetRNG(generator, NULL, sizeof(id), id)) &&
		    !daruma_is_zero(id, sizeof(id));

	if (!good)
		mix(firmware, last, id);
	/* All zeroes mean "unknown" in the boot note. */
	if (daruma_is_zero(id, sizeof(id)))
		id[0] = 1;
	daruma_copy(ret_id, id, sizeof(id));
	return good;
}
