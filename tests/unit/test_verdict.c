/* test_verdict.c: R12, R62: who is blamed, how sure that is, and in which order the others are suspected
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "recovery/repair/verdict.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/suite.h"

#define FAILED 1000000
#define NEAR   (FAILED - 60)
#define FAR    (FAILED - 86400)

/* Up to three changed products. */
struct row {
	const char *title;
	/* product whose module, or with `program` whose eBPF program, the report names */
	const char *named;
	struct {
		const char *product;
		int64_t time;
	} changes[3]; /* newest first */
	bool old, stranger, program;
	unsigned start;
	int64_t crashed;
	enum crash_class class;
	enum crash_origin origin;
	enum crash_quality quality;

	enum verdict_certainty certainty;
	const char *product, *partner;
};

#define REPORT .class = CRASH_PANIC, .origin = CRASH_ORIGIN_KERNEL, .quality = CRASH_QUALITY_GOOD

static const struct row rows[] = {
	{ "changed and named",
	  "acme",
	  { { "acme", FAR } },
	  REPORT,
	  .certainty = VERDICT_CERTAIN,
	  .product = "acme",
	  .partner = "" },
	{ "the named one before a newer change",
	  "acme",
	  { { "other", NEAR }, { "acme", FAR } },
	  REPORT,
	  .certainty = VERDICT_CERTAIN,
	  .product = "acme",
	  .partner = "" },
	{ "named, but the unwinder does not vouch for it",
	  "acme",
	  { { "other", NEAR }, { "acme", FAR } },
	  .class = CRASH_PANIC,
	  .origin = CRASH_ORIGIN_KERNEL,
	  .quality = CRASH_QUALITY_POOR,
	  .certainty = VERDICT_LIKELY,
	  .product = "other",
	  .partner = "" },
	{ "text from user space names nobody",
	  "acme",
	  { { "acme", FAR }, { "other", FAR } },
	  .class = CRASH_NONE,
	  .origin = CRASH_ORIGIN_USERSPACE,
	  .quality = CRASH_QUALITY_GOOD,
	  .certainty = VERDICT_UNKNOWN,
	  .product = "",
	  .partner = "" },
	{ "a report that user space wrote, whatever class it has",
	  "acme",
	  { { "acme", FAR }, { "other", FAR } },
	  .class = CRASH_OOPS,
	  .origin = CRASH_ORIGIN_USERSPACE,
	  .quality = CRASH_QUALITY_GOOD,
	  .certainty = VERDICT_UNKNOWN,
	  .product = "",
	  .partner = "" },
	{ "a person's panic blames nobody",
	  "acme",
	  { { "acme", NEAR } },
	  .class = CRASH_OPERATOR,
	  .origin = CRASH_ORIGIN_OPERATOR,
	  .quality = CRASH_QUALITY_GOOD,
	  .certainty = VERDICT_UNKNOWN,
	  .product = "",
	  .partner = "" },
	{ "named and unchanged, nothing changed",
	  "acme",
	  { { 0 } },
	  REPORT,
	  .certainty = VERDICT_UNKNOWN,
	  .product = "",
	  .partner = "" },
	{ "named and unchanged, the kernel changed",
	  "acme",
	  { { 0 } },
	  .start = VERDICT_RELEASE,
	  REPORT,
	  .certainty = VERDICT_LIKELY,
	  .product = "acme",
	  .partner = "kernel" },
	{ "named and changed, the kernel changed",
	  "acme",
	  { { "acme", FAR } },
	  .start = VERDICT_RELEASE,
	  REPORT,
	  .certainty = VERDICT_LIKELY,
	  .product = "acme",
	  .partner = "kernel" },
	{ "named and unchanged, another changed",
	  "acme",
	  { { "other", FAR } },
	  REPORT,
	  .certainty = VERDICT_LIKELY,
	  .product = "other",
	  .partner = "acme" },
	{ "named and unchanged, two others changed",
	  "acme",
	  { { "other", FAR }, { "third", FAR } },
	  REPORT,
	  .certainty = VERDICT_UNKNOWN,
	  .product = "",
	  .partner = "" },
	{ "nobody named, one change",
	  NULL,
	  { { "acme", FAR } },
	  REPORT,
	  .certainty = VERDICT_LIKELY,
	  .product = "acme",
	  .partner = "" },
	{ "no text at all, one change",
	  NULL,
	  { { "acme", FAR } },
	  .certainty = VERDICT_LIKELY,
	  .product = "acme",
	  .partner = "" },
	{ "nobody named, only the kernel changed",
	  NULL,
	  { { 0 } },
	  .start = VERDICT_RELEASE,
	  REPORT,
	  .certainty = VERDICT_LIKELY,
	  .product = "kernel",
	  .partner = "" },
	{ "nobody named, product and kernel changed long ago",
	  NULL,
	  { { "acme", FAR } },
	  .start = VERDICT_RELEASE,
	  REPORT,
	  .certainty = VERDICT_UNKNOWN,
	  .product = "",
	  .partner = "" },
	{ "nobody named, one of two landed shortly before",
	  NULL,
	  { { "acme", NEAR }, { "other", FAR } },
	  REPORT,
	  .certainty = VERDICT_LIKELY,
	  .product = "acme",
	  .partner = "" },
	{ "nobody named, both landed shortly before",
	  NULL,
	  { { "acme", NEAR }, { "other", NEAR } },
	  REPORT,
	  .certainty = VERDICT_UNKNOWN,
	  .product = "",
	  .partner = "" },
	{ "nobody named, both landed long before",
	  NULL,
	  { { "acme", FAR + 9 }, { "other", FAR } },
	  REPORT,
	  .certainty = VERDICT_UNKNOWN,
	  .product = "",
	  .partner = "" },
	{ "what landed after the failure is not near it",
	  NULL,
	  { { "acme", FAILED + 60 }, { "other", FAR } },
	  REPORT,
	  .certainty = VERDICT_UNKNOWN,
	  .product = "",
	  .partner = "" },
	{ "named by the text of an earlier failure",
	  "acme",
	  { { "acme", FAR } },
	  .old = true,
	  REPORT,
	  .certainty = VERDICT_LIKELY,
	  .product = "acme",
	  .partner = "" },
	{ "what landed after the crash did not cause it",
	  "acme",
	  { { "acme", NEAR }, { "other", FAR } },
	  .crashed = NEAR - 1,
	  REPORT,
	  .certainty = VERDICT_LIKELY,
	  .product = "acme",
	  .partner = "" },
	{ "part of it landed before the crash",
	  "acme",
	  { { "acme", NEAR }, { "acme", FAR } },
	  .crashed = NEAR - 1,
	  REPORT,
	  .certainty = VERDICT_CERTAIN,
	  .product = "acme",
	  .partner = "" },
	{ "a module that nobody watches is named, one change",
	  NULL,
	  { { "acme", NEAR } },
	  .stranger = true,
	  REPORT,
	  .certainty = VERDICT_UNKNOWN,
	  .product = "",
	  .partner = "" },
	{ "a module that nobody watches is named, and the kernel changed",
	  NULL,
	  { { "acme", NEAR } },
	  .stranger = true,
	  .start = VERDICT_RELEASE,
	  REPORT,
	  .certainty = VERDICT_LIKELY,
	  .product = "kernel",
	  .partner = "" },
	{ "an earlier text names it",
	  NULL,
	  { { "acme", NEAR } },
	  .stranger = true,
	  .old = true,
	  REPORT,
	  .certainty = VERDICT_LIKELY,
	  .product = "acme",
	  .partner = "" },
	{ "changed, and its program is named",
	  "acme",
	  { { "other", NEAR }, { "acme", FAR } },
	  .program = true,
	  REPORT,
	  .certainty = VERDICT_CERTAIN,
	  .product = "acme",
	  .partner = "" },
	{ "its program is named, and nothing of it changed",
	  "acme",
	  { { 0 } },
	  .program = true,
	  REPORT,
	  .certainty = VERDICT_UNKNOWN,
	  .product = "",
	  .partner = "" },
	{ "its program is named and unchanged, another changed",
	  "acme",
	  { { "other", FAR } },
	  .program = true,
	  REPORT,
	  .certainty = VERDICT_LIKELY,
	  .product = "other",
	  .partner = "acme" },
	{ "its program is named, the kernel changed too",
	  "acme",
	  { { "acme", FAR } },
	  .program = true,
	  .start = VERDICT_RELEASE,
	  REPORT,
	  .certainty = VERDICT_LIKELY,
	  .product = "acme",
	  .partner = "kernel" },
	{ "its program is named, but the unwinder does not vouch for it",
	  "acme",
	  { { "other", NEAR }, { "acme", FAR } },
	  .program = true,
	  .class = CRASH_PANIC,
	  .origin = CRASH_ORIGIN_KERNEL,
	  .quality = CRASH_QUALITY_POOR,
	  .certainty = VERDICT_LIKELY,
	  .product = "other",
	  .partner = "" },
	{ "a program of nobody that is known, one change",
	  NULL,
	  { { "acme", NEAR } },
	  .program = true,
	  REPORT,
	  .certainty = VERDICT_LIKELY,
	  .product = "acme",
	  .partner = "" },
	{ "a program of somebody who is no product, one change",
	  NULL,
	  { { "acme", NEAR } },
	  .program = true,
	  .stranger = true,
	  REPORT,
	  .certainty = VERDICT_UNKNOWN,
	  .product = "",
	  .partner = "" },
	{ "named and unchanged, only the kernel's file changed",
	  "acme",
	  { { 0 } },
	  .start = VERDICT_IMAGE,
	  REPORT,
	  .certainty = VERDICT_LIKELY,
	  .product = "acme",
	  .partner = "kernel" },
	{ "named and unchanged, only the initramfs changed",
	  "acme",
	  { { 0 } },
	  .start = VERDICT_INITRAMFS,
	  REPORT,
	  .certainty = VERDICT_LIKELY,
	  .product = "acme",
	  .partner = "kernel" },
	{ "named and unchanged, only the command line changed",
	  "acme",
	  { { 0 } },
	  .start = VERDICT_COMMAND_LINE,
	  REPORT,
	  .certainty = VERDICT_LIKELY,
	  .product = "acme",
	  .partner = "kernel" },
	{ "nobody named, only the command line changed",
	  NULL,
	  { { 0 } },
	  .start = VERDICT_COMMAND_LINE,
	  REPORT,
	  .certainty = VERDICT_LIKELY,
	  .product = "kernel",
	  .partner = "" },
	{ "named and changed, the kernel's file changed",
	  "acme",
	  { { "acme", FAR } },
	  .start = VERDICT_IMAGE,
	  REPORT,
	  .certainty = VERDICT_LIKELY,
	  .product = "acme",
	  .partner = "kernel" },
	{ "named and changed: an initramfs made anew takes nothing from that",
	  "acme",
	  { { "acme", FAR } },
	  .start = VERDICT_INITRAMFS | VERDICT_COMMAND_LINE,
	  REPORT,
	  .certainty = VERDICT_CERTAIN,
	  .product = "acme",
	  .partner = "" },
	{ "nobody named, one product changed, and an initramfs was made anew",
	  NULL,
	  { { "acme", FAR } },
	  .start = VERDICT_INITRAMFS,
	  REPORT,
	  .certainty = VERDICT_LIKELY,
	  .product = "acme",
	  .partner = "" },
	{ "named and unchanged, another changed, and an initramfs was made anew",
	  "acme",
	  { { "other", FAR } },
	  .start = VERDICT_INITRAMFS,
	  REPORT,
	  .certainty = VERDICT_LIKELY,
	  .product = "other",
	  .partner = "acme" },
	{ "a module that nobody watches is named, and the initramfs changed",
	  NULL,
	  { { 0 } },
	  .stranger = true,
	  .start = VERDICT_INITRAMFS,
	  REPORT,
	  .certainty = VERDICT_LIKELY,
	  .product = "kernel",
	  .partner = "" },
	{ "nothing changed, nobody named",
	  NULL,
	  { { 0 } },
	  REPORT,
	  .certainty = VERDICT_UNKNOWN,
	  .product = "",
	  .partner = "" },
};

static struct verdict judge(const struct row *row)
{
	struct crash crash = { .class = row->class,
			       .origin = row->origin,
			       .quality = row->quality };
	struct change items[3] = { { 0 } };
	struct change_list changes = { .items = items };
	const struct verdict_evidence evidence = { .changes = &changes,
						   .crash = &crash,
						   .named = row->named,
						   .stranger = row->stranger,
						   .start = row->start,
						   .crashed = row->crashed,
						   .old = row->old,
						   .failed = FAILED };
	struct verdict verdict;

	for (; changes.count < 3 && row->changes[changes.count].product; changes.count++) {
		items[changes.count].product =
			(char *)(uintptr_t)row->changes[changes.count].product;
		items[changes.count].time = row->changes[changes.count].time;
	}
	if (row->program)
		strcpy(crash.program, "bpf_prog_0123456789abcdef_acme_file");
	else if (row->named || row->stranger)
		strcpy(crash.module, "acme_sensor");
	verdict_judge(&evidence, &verdict);
	return verdict;
}

START_TEST(r12_blame_needs_two_kinds_of_evidence)
{
	const struct row *row = &rows[_i];
	struct verdict verdict = judge(row);

	ck_assert_msg(verdict.certainty == row->certainty, "%s: %s", row->title,
		      verdict_certainty_name(verdict.certainty));
	ck_assert_msg(strcmp(verdict.product, row->product) == 0, "%s: %s", row->title,
		      verdict.product);
	ck_assert_msg(strcmp(verdict.partner, row->partner) == 0, "%s: partner %s", row->title,
		      verdict.partner);
	/* R62: whoever is blamed changed, or the kernel below it did. */
	if (verdict.product[0] && strcmp(verdict.product, VERDICT_KERNEL) != 0)
		ck_assert(verdict.suspects[0].reasons & (VERDICT_CHANGED | VERDICT_PAIR));
}
END_TEST

/* Where the kernel is new, a module that was added to its folder came with it. */
static const struct {
	const char *path;
	char how;
	bool kernel_changed;
	bool the_products; /* the change is the product's, and it is to blame with the kernel or alone */
} added[] = {
	{ "/lib/modules/6.2.0/updates/acme_sensor.ko", 'a', true, false },
	{ "/usr/lib/modules/6.2.0/updates/dkms/acme_sensor.ko.xz", 'a', true, false },
	{ "/lib/modules/6.2.0/updates/acme_sensor.ko", 'a', false, true },
	{ "/lib/modules/6.2.0/updates/acme_sensor.ko", 'm', true, true },
	{ "/lib/modules/6.2.0-other/updates/acme_sensor.ko", 'a', true, true },
	{ "/lib/modules/6.1.0/updates/acme_sensor.ko", 'a', true, true },
	{ "/opt/acme/lib/modules/6.2.0/acme_sensor.ko", 'a', true, true },
};

START_TEST(module_that_came_with_a_kernel_is_the_kernels_change)
{
	struct change item = { .product = (char *)(uintptr_t) "acme",
			       .path = (char *)(uintptr_t)added[_i].path,
			       .how = added[_i].how,
			       .time = FAR };
	struct change_list changes = { .items = &item, .count = 1 };
	struct crash crash = { REPORT, .module = "acme_sensor" };
	struct verdict_evidence evidence = { .changes = &changes,
					     .crash = &crash,
					     .named = "acme",
					     .start =
						     added[_i].kernel_changed ? VERDICT_RELEASE : 0,
					     .kernel = "6.2.0",
					     .failed = FAILED };
	struct verdict verdict;
	unsigned own = added[_i].the_products ? VERDICT_CHANGED : VERDICT_UNCHANGED;

	verdict_judge(&evidence, &verdict);
	ck_assert_str_eq(verdict.product, "acme");
	ck_assert_str_eq(verdict.partner, added[_i].kernel_changed ? VERDICT_KERNEL : "");
	ck_assert_uint_eq(verdict.suspects[0].reasons & (VERDICT_CHANGED | VERDICT_UNCHANGED), own);
	/* With nobody named, such a module makes no suspect beside the kernel. */
	evidence.named = NULL;
	crash.module[0] = '\0';
	verdict_judge(&evidence, &verdict);
	ck_assert_uint_eq(verdict.count, added[_i].the_products + added[_i].kernel_changed);
}
END_TEST

START_TEST(suspects_are_ranked)
{
	const struct row row = {
		"", "named", { { "near", NEAR }, { "far", FAR }, { "named", FAR - 9 } }, REPORT
	};
	struct verdict verdict = judge(&row);

	ck_assert_uint_eq(verdict.count, 3);
	ck_assert_str_eq(verdict.suspects[0].product, "named");
	ck_assert_str_eq(verdict.suspects[1].product, "near");
	ck_assert_str_eq(verdict.suspects[2].product, "far");
	ck_assert_int_gt(verdict.suspects[0].score, verdict.suspects[1].score);
	ck_assert_int_gt(verdict.suspects[1].score, verdict.suspects[2].score);
	ck_assert_uint_eq(verdict.suspects[1].reasons,
			  VERDICT_CHANGED | VERDICT_NEWEST | VERDICT_NEAR);
}
END_TEST

/* What names it is told as what it is. */
START_TEST(programs_and_modules_are_told_apart)
{
	struct row row = { "", "acme", { { "acme", FAR } }, REPORT };

	ck_assert_uint_eq(judge(&row).suspects[0].reasons & (VERDICT_NAMED | VERDICT_PROGRAM),
			  VERDICT_NAMED);
	row.program = true;
	ck_assert_uint_eq(judge(&row).suspects[0].reasons & (VERDICT_NAMED | VERDICT_PROGRAM),
			  VERDICT_PROGRAM);
}
END_TEST

/* What of the kernel changed is told in each case, though it is blamed for it only where no product changed. */
START_TEST(what_changed_of_the_start_is_told)
{
	struct row row = { "", NULL, { { 0 } }, .start = VERDICT_INITRAMFS, REPORT };

	ck_assert_uint_eq(judge(&row).suspects[0].reasons, VERDICT_CHANGED | VERDICT_INITRAMFS);
	row.changes[0].product = "acme";
	row.changes[0].time = FAR;
	ck_assert_uint_eq(judge(&row).suspects[1].reasons, VERDICT_INITRAMFS);
	row.start |= VERDICT_IMAGE;
	ck_assert_uint_eq(judge(&row).suspects[1].reasons,
			  VERDICT_CHANGED | VERDICT_IMAGE | VERDICT_INITRAMFS);
}
END_TEST

START_TEST(what_did_not_change_comes_last)
{
	const struct row row = { "", "acme", { { "other", FAR }, { "third", FAR - 9 } }, REPORT };
	struct verdict verdict = judge(&row);

	ck_assert_uint_eq(verdict.count, 3);
	ck_assert_str_eq(verdict.suspects[2].product, "acme");
	ck_assert_uint_eq(verdict.suspects[2].reasons, VERDICT_NAMED | VERDICT_UNCHANGED);
}
END_TEST

START_TEST(more_suspects_than_there_is_room_for)
{
	char names[VERDICT_SUSPECTS_MOST + 9][8], too_long[VERDICT_PRODUCT_SIZE + 1];
	struct change items[VERDICT_SUSPECTS_MOST + 9] = { { 0 } };
	struct change_list changes = { .items = items, .count = VERDICT_SUSPECTS_MOST + 9 };
	const struct verdict_evidence evidence = { .changes = &changes, .start = VERDICT_RELEASE };
	struct verdict verdict;

	memset(too_long, 'x', sizeof(too_long) - 1);
	too_long[sizeof(too_long) - 1] = '\0';
	for (size_t i = 0; i < changes.count; i++) {
		snprintf(names[i], sizeof(names[i]), "p%zu", i);
		items[i].product = i == 3 ? too_long : names[i];
		items[i].time = FAILED - (int64_t)i;
	}
	verdict_judge(&evidence, &verdict);
	ck_assert_uint_eq(verdict.count, VERDICT_SUSPECTS_MOST);
	ck_assert_str_eq(verdict.suspects[0].product, "p0");
}
END_TEST

START_TEST(each_reason_has_a_word)
{
	for (unsigned reason = VERDICT_CHANGED; reason <= VERDICT_COMMAND_LINE; reason <<= 1)
		ck_assert_ptr_nonnull(verdict_reason_name(reason));
	ck_assert_ptr_null(verdict_reason_name(VERDICT_COMMAND_LINE << 1));
	ck_assert_str_eq(verdict_certainty_name(VERDICT_CERTAIN), "certain");
	ck_assert_str_eq(verdict_certainty_name((enum verdict_certainty)99), "unknown");
}
END_TEST

Suite *suite(void)
{
	Suite *whole = suite_create("verdict");
	TCase *tests = suite_case(whole, "judgement", 5);

	tcase_add_loop_test(tests, r12_blame_needs_two_kinds_of_evidence, 0,
			    (int)(sizeof(rows) / sizeof(rows[0])));
	tcase_add_loop_test(tests, module_that_came_with_a_kernel_is_the_kernels_change, 0,
			    sizeof(added) / sizeof(added[0]));
	tcase_add_test(tests, suspects_are_ranked);
	tcase_add_test(tests, programs_and_modules_are_told_apart);
	tcase_add_test(tests, what_changed_of_the_start_is_told);
	tcase_add_test(tests, what_did_not_change_comes_last);
	tcase_add_test(tests, more_suspects_than_there_is_room_for);
	tcase_add_test(tests, each_reason_has_a_word);
	return whole;
}
