/* context.h: what the command line chose for every verb
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef DARUMA_RECOVERY_CONTEXT_H
#define DARUMA_RECOVERY_CONTEXT_H

#include <stdbool.h>

enum json_mode {
	JSON_OFF,
	JSON_SHORT,
	JSON_PRETTY,
};

/* Filled by main.c, read by all. Strings belong to the command line. */
struct context {
	/* --root=: prefix of every path on the system; "" for the running one, never NULL */
	const char *root;
	const char *esp_path; /* --esp-path=: where the ESP is mounted, or NULL to look for it */
	enum json_mode json;
	bool quiet;	   /* -q: no messages but errors */
	bool no_variables; /* --no-variables: neither read nor write EFI variables */
	bool graceful;	   /* --graceful: "not possible here" is success */
	bool dry_run;	   /* --dry-run: print the plan, change nothing */
	bool assume_yes;   /* -y: do not ask */
	bool now;	   /* --now: see remove */
	bool keep_order;   /* --order=keep: leave the firmware's boot order alone */
	const char *shim;  /* --shim=: what is to start the stage, "none", or NULL for what does */
	const char *key;   /* --key=, --certificate=, --output=: files, see image; or NULL */
	const char *certificate;
	const char *output;
	bool expose_initramfs; /* --expose-initramfs: see image */
	bool force;	       /* --force: see release */
	bool no_legend;
	bool full; /* -l: do not shorten columns */
	bool utc;
	bool reread; /* --reread: read files too whose size, times and inode are as they were */
	int lines;   /* -n: at most so many rows, 0 all */
};

/* Exit codes; one meaning each. */
enum exit_code {
	EXIT_DONE = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_FALSE = 3,	    /* a predicate is false */
	EXIT_NO_SUCH = 4,   /* no such boot, incident, object, product or quarantine entry */
	EXIT_REJECTED = 5,  /* a policy older than the one in force */
	EXIT_NOT_HERE = 77, /* not possible on this machine */
};

#endif
