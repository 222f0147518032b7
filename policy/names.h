/* names.h: names of variables and files that firmware and operating system share
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * <id> is the first field of the ESP's partition GUID: 8 lower-case hex digits, so that two installations
 * on one machine do not meet. In the GPT and in UEFI these are the first 4 bytes, little endian.
 */
#ifndef DARUMA_POLICY_NAMES_H
#define DARUMA_POLICY_NAMES_H

#define DARUMA_GUID_SIZE 16

/* Vendor GUID of all three variables, as text and as the bytes of EFI_GUID (UEFI 2.10, appendix A). */
#define DARUMA_VENDOR_GUID "8d4f2c5e-6a31-4b7e-9c0d-d1a2b3c4e5f6"
#define DARUMA_VENDOR_GUID_BYTES                                                                   \
	{                                                                                          \
		0x5e, 0x2c, 0x4f, 0x8d, 0x31, 0x6a, 0x7e, 0x4b, 0x9c, 0x0d, 0xd1, 0xa2, 0xb3,      \
			0xc4, 0xe5, 0xf6                                                           \
	}

/* Vendor GUID of the kernel's crash dumps, as EFI_GUID (Linux include/linux/efi.h, LINUX_EFI_CRASH_GUID). */
#define DARUMA_CRASH_GUID_BYTES                                                                    \
	{                                                                                          \
		0x79, 0xfc, 0xc8, 0xcf, 0x2e, 0xbe, 0xdc, 0x4d, 0x97, 0xf0, 0x9f, 0x98, 0xbf,      \
			0xe2, 0x98, 0xa0                                                           \
	}

/* Each is followed by <id>. The record is non-volatile and for boot services only: attributes 3 (R33). */
#define DARUMA_RECORD_NAME "DarumaRecord-"
#define DARUMA_ANSWER_NAME "DarumaAnswer-" /* non-volatile, run time: attributes 7 */
#define DARUMA_NOTE_NAME   "DarumaBoot-"   /* volatile, run time: attributes 6 */

#define DARUMA_RECORD_ATTRIBUTES 3u
#define DARUMA_ANSWER_ATTRIBUTES 7u
#define DARUMA_NOTE_ATTRIBUTES	 6u

/* On the ESP. */
#define DARUMA_ESP_FOLDER	 "\\EFI\\daruma\\"
#define DARUMA_ESP_PROGRAM	 "\\EFI\\daruma\\darumax64.efi"
#define DARUMA_ESP_TRIAL	 "\\EFI\\daruma\\trialx64.efi" /* a new program, tried for one start */
#define DARUMA_ESP_LIMITS	 "\\EFI\\daruma\\limits.bin"
#define DARUMA_ESP_LIMITS_BACKUP "\\EFI\\daruma\\limits.bak"

#endif
