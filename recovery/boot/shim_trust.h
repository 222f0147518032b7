/* shim_trust.h: whether shim knows the certificate that a program is signed with
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A program that shim does not trust it tells a person of, and waits for a key: such a one must not become the first entry
 * of the boot order (R53). What shim trusts beside its maker's own certificate it shows to the system: the owner's list
 * (MokListRT), and the firmware's (db). That a signature holds is not looked at here, the signing script does that; nor are the
 * lists of what is forbidden. A certificate that another one has signed has to be in the list itself.
 *
 * Both are lists of EFI_SIGNATURE_LIST (UEFI 2.10, 32.4.1), packed, little endian:
 *
 *    0 16  type, that of X.509 certificates is EFI_CERT_X509_GUID   20  4  bytes of a header behind these fields
 *   16  4  bytes of this list                                       24  4  bytes of each entry: owner's GUID, certificate
 */
#ifndef DARUMA_RECOVERY_BOOT_SHIM_TRUST_H
#define DARUMA_RECOVERY_BOOT_SHIM_TRUST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "recovery/boot/variables.h"

enum shim_trust {
	SHIM_TRUST_KNOWN,    /* a certificate of its signatures is in one of the lists */
	SHIM_TRUST_UNKNOWN,  /* none is */
	SHIM_TRUST_UNSIGNED, /* it has no signature */
	SHIM_TRUST_SILENT, /* there is no owner's list: shim did not start this system, or does not show it */
};

/* The signatures of a PE32+ program (PE/COFF specification, "The Attribute Certificate Table"): a part of its `size` bytes.
 * False for other bytes, and where there are none. */
bool shim_trust_signatures(const uint8_t *program, size_t size, const uint8_t **ret_signatures,
			   size_t *ret_size);

/* Whether a certificate of `lists`, which are from outside, is in `signatures`, byte by byte. */
bool shim_trust_is_listed(const uint8_t *lists, size_t lists_size, const uint8_t *signatures,
			  size_t size);

/* Looks into the lists of this machine for a certificate of these signatures: that of the firmware and, where `shim` has started what
 * starts the program, the owner's. Never SHIM_TRUST_UNSIGNED; without `shim` never SHIM_TRUST_SILENT. */
enum shim_trust shim_trust_look_for(const struct variables *variables, bool shim,
				    const uint8_t *signatures, size_t size);

/* Whether shim was told to check nothing (MokSBState). */
bool shim_trust_is_off(const struct variables *variables);

/* The same as the first behind shim, for the program of `size` bytes. */
enum shim_trust shim_trust_look(const struct variables *variables, const uint8_t *program,
				size_t size);

#endif
