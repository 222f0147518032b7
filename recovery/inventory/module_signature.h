/* module_signature.h: who signed the file of a kernel module
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What stands behind a signed module (Linux include/linux/module_signature.h and scripts/sign-file.c):
 *
 *   the module, an ELF object | CMS SignedData (RFC 5652), DER | 12 bytes | "~Module signature appended~" and a line end
 *
 *   byte   0, 1   algorithm and hash: 0 with CMS         4   length of a key's id: 0 with CMS
 *   byte   2      kind of the id: 2 is CMS               5   to 7: 0
 *   byte   3      length of a name: 0 with CMS           8   to 11: length of the CMS, big-endian
 *
 * The names are what the file says. Only the kernel has the keys to tell whether the signature is genuine: it taints
 * with the letter E what it does not trust.
 */
#ifndef DARUMA_RECOVERY_INVENTORY_MODULE_SIGNATURE_H
#define DARUMA_RECOVERY_INVENTORY_MODULE_SIGNATURE_H

#include <stddef.h>
#include <stdint.h>

#include "recovery/process.h"

#define MODULE_SIGNER_SIZE 256
/* Of the CMS: some hundred bytes, some thousand with certificates */
#define MODULE_SIGNATURE_SIZE_MAX  65536
#define MODULE_SIGNATURE_TRAILER   40 /* bytes behind the CMS */
#define MODULE_SIGNATURE_TEXT_SIZE 512

enum module_signature_state {
	MODULE_UNSIGNED,
	MODULE_SIGNED,
	MODULE_SIGNATURE_DAMAGED, /* there is one that does not say by one signer who made it */
	MODULE_SIGNATURE_HIDDEN,  /* no ELF object, or none that could be unpacked */
};

/* Texts are "" where the signature does not tell, or not in characters that can be shown. */
struct module_signature {
	enum module_signature_state state;
	/* common name of who issued the signer's certificate, as modinfo(8) */
	char signer[MODULE_SIGNER_SIZE];
	char key[3 * 32]; /* serial number of that certificate, else the id of the key: "0A:FF" */
	char digest[16];  /* "sha256" */
};

/* `bytes`: the last `size` bytes of an ELF object, all of them or at least the most that a signature can have. Fills
 * `ret` in every case. Pure. */
void module_signature_parse(const void *bytes, size_t size, struct module_signature *ret);

/* The same from the open file `fd`, whose offset is moved. What is compressed is unpacked by the system's programs,
 * for at most 10 s and 1 GiB. Returns 0, -ENOMEM or a negative errno of reading. */
int module_signature_read(const struct process_port *processes, int fd,
			  struct module_signature *ret);

/* "signed by NAME (sha256, key 0A:FF)", "not signed", "damaged signature" or "unknown"; cut to `size` bytes with the
 * NUL. */
void module_signature_describe(const struct module_signature *signature, char *ret, size_t size);

#endif
