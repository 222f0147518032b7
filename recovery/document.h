/* document.h: a JSON object held against a table of its keys
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The policy and the product files are such tables. Unknown keys, wrong types and values out of range are errors that
 * name the path in the document, as in "/thresholds/panic: 1 is out of range 2 to 100" (R45).
 */
#ifndef DARUMA_RECOVERY_DOCUMENT_H
#define DARUMA_RECOVERY_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "recovery/json.h"

#define DOCUMENT_SIZE_MAX (256 * 1024) /* larger files are not read */

enum document_kind {
	DOCUMENT_NUMBER, /* into an unsigned member of `size` bytes (1, 2, 4, 8), from `least` to `most` */
	DOCUMENT_TRUTH,	  /* into a bool */
	DOCUMENT_TEXT,	  /* into a char array of `size` bytes, zeroes behind it */
	DOCUMENT_STRING,  /* into a char *, from strdup(); the old one is freed */
	DOCUMENT_STRINGS, /* into a struct text_list, `least` to `most` entries, none twice */
	DOCUMENT_ARGUMENTS, /* the same for a command: `program` tests the first, any may stand twice */
	DOCUMENT_WORD,	    /* one of `words`: its index into an int */
	DOCUMENT_CONSTANT, /* must be `words[0]`; goes nowhere */
	DOCUMENT_OBJECT,   /* `fields` of the same struct */
	DOCUMENT_OBJECTS, /* a list of objects of `size` bytes each: pointer at `offset`, size_t at `count_offset` */
	DOCUMENT_NOTES, /* an object of texts for people; goes nowhere */
};

/* Whether a text will do; `form` of the field says what is expected. */
typedef bool document_test(const char *text);

struct document_field {
	const char *key; /* NULL ends a table */
	enum document_kind kind;
	bool required;
	size_t offset; /* of the member in the struct that is filled */
	size_t size;
	size_t count_offset;
	uint64_t least, most;
	document_test *test;	  /* for texts; NULL: any */
	document_test *program;	  /* for the first of a command too */
	const char *form;	  /* "an absolute path" */
	const char *const *words; /* NULL at the end */
	const struct document_field *fields;
};

/* Fills `target` from `text`, which must be an object; members whose keys are absent stay as they are. Returns 0,
 * -ENOMEM, or -EBADMSG with the problem, `name` and ": " before it; then `target` is partly filled, and still the
 * caller's to free. */
int document_read_text(const char *name, const char *text, size_t length,
		       const struct document_field *fields, void *target, char *ret_problem,
		       size_t problem_size);

#endif
