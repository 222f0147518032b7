/* signed_program.h: a program whose signatures hold a certificate, and the lists of such (recovery/boot/shim_trust.h)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A certificate here is one letter, SIGNED_CERTIFICATE times.
 */
#ifndef DARUMA_TESTS_SIGNED_PROGRAM_H
#define DARUMA_TESTS_SIGNED_PROGRAM_H

#include <stdint.h>

#define SIGNED_SIZE	   0x300
#define SIGNED_HEADERS	   0x80 /* where the PE headers begin */
#define SIGNED_OPTIONAL	   (SIGNED_HEADERS + 24)
#define SIGNED_DIRECTORY   (SIGNED_OPTIONAL + 144) /* place and size of the signatures */
#define SIGNED_SIGNATURES  0x200		   /* up to the end */
#define SIGNED_CERTIFICATE 100
#define SIGNED_LIST	   (28 + 16 + SIGNED_CERTIFICATE)

extern const uint8_t signed_x509[16]; /* EFI_CERT_X509_GUID as it lies in memory */

/* With the certificate of that letter between other bytes; 0: without signatures. */
void signed_program_make(char letter, uint8_t ret[SIGNED_SIZE]);

/* A list with that one certificate. */
void signed_list_make(char letter, uint8_t ret[SIGNED_LIST]);

#endif
