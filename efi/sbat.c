/* sbat.c: the lines by which a revocation tells this program from a later one
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * rhboot/shim SBAT.md: component, generation, vendor, package, version, where to look it up. The generation of
 * `daruma` goes up by one with each version that mends a hole in what Secure Boot promises, and with no other;
 * whoever ships changed sources under the same name adds a line `daruma.VENDOR`. shim starts nothing as its
 * second stage that has no such section.
 */

#define SBAT                                                                                       \
	"sbat,1,SBAT Version,sbat,1,https://github.com/rhboot/shim/blob/main/SBAT.md\n"            \
	"daruma,1,Daruma,daruma," DARUMA_VERSION "," DARUMA_SBAT_URL "\n"

/* Without its final zero: the end of the section ends the text. */
static const char sbat[sizeof(SBAT) - 1] __attribute__((used, section(".sbat"), aligned(4096))) =
	SBAT;
