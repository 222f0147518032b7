/* signature.h: the signature of a crash, the same on every machine
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * "daruma-sig-1:<human part>:<hash>" (reference fleet-and-cli section 3): the human part is the kind and the function,
 * at most 40 characters; the hash is 64 bits of FNV-1a, 16 hex digits, over kind, function, module, and the functions and
 * modules of at most 16 frames that are not innocent. Addresses, offsets, names of processes and host names are in
 * neither, nor is what ran when the interrupt came in which it crashed. Frames that the unwinder does not vouch for count
 * only if there are no others.
 */
#ifndef DARUMA_RECOVERY_CRASH_SIGNATURE_H
#define DARUMA_RECOVERY_CRASH_SIGNATURE_H

#include "recovery/crash/crash.h"
#include "recovery/crash/report.h"

/* Fills crash->signature; kind, function and module are set before. */
void signature_make(const struct report *report, struct crash *crash);

#endif
