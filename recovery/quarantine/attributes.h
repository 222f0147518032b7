/* attributes.h: what a file has beside its bytes, as JSON
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 *   {"uid":0,"gid":0,"mode":420,"atime_ns":1700000000000000000,"mtime_ns":...,"xattrs":{"<name>":"<value>"}}
 *
 * Times count nanoseconds since 1970. Names and values of extended attributes are in hexadecimal digits: they may hold any
 * byte. ACLs and security labels are extended attributes too. `security.evm` is left out: the kernel computes it.
 */
#ifndef DARUMA_RECOVERY_QUARANTINE_ATTRIBUTES_H
#define DARUMA_RECOVERY_QUARANTINE_ATTRIBUTES_H

/* Reads those of the open file. The text is the caller's to free. Returns 0, -ENOMEM, -E2BIG (more than 1 MiB of extended
 * attributes) or an errno of fstat or fgetxattr. */
int attributes_read(int fd, char **ret_text);

/* Gives them to the open file; extended attributes that `text` does not have are taken away. Returns 0, -EBADMSG
 * (damaged text: nothing changed) or the errno of the call that failed. */
int attributes_apply(int fd, const char *text);

#endif
