/* stamp.h: when something happened, in instructions and in time
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_TESTS_BENCH_EFI_STAMP_H
#define DARUMA_TESTS_BENCH_EFI_STAMP_H

#include <efi.h>
#include <stdint.h>

struct stamp {
	uint64_t
		cycles; /* time stamp counter: instructions where QEMU counts them (-icount shift=0) */
	uint32_t timer; /* ACPI power management timer, 24 bits at 3.579545 MHz */
};

struct stamps {
	struct stamp entry;	  /* of the loader */
	struct stamp first_image; /* when the loader had loaded its first image; 0 before */
};

/* Now. Made in place: a call would count too. */
static inline struct stamp stamp_take(void)
{
	/* Where OVMF puts the timer on the q35 machine. */
	const uint16_t timer_port = 0x608;
	struct stamp stamp;
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	stamp.cycles = (uint64_t)high << 32 | low;
	__asm__ volatile("inl %1, %0" : "=a"(stamp.timer) : "d"(timer_port));
	return stamp;
}

/* Hangs `stamps` up where programs that are started later find them: in the firmware's table of
 * configuration tables, which no loader reads for its own work. They have to stay where they are. */
EFI_STATUS stamp_hang_up(EFI_SYSTEM_TABLE *system, struct stamps *stamps);

/* What was hung up, or NULL. */
const struct stamps *stamp_find(const EFI_SYSTEM_TABLE *system);

/* Has the firmware fill in `first_image` when the next image has been loaded. */
EFI_STATUS stamp_first_image(EFI_BOOT_SERVICES *boot, struct stamps *stamps);

#endif
