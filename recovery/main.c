/* main.c: daruma(8): finds the verb and calls it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "recovery/commands/command_result.h"
#include "recovery/commands/commands.h"
#include "recovery/commands/options.h"
#include "recovery/message.h"

enum group {
	LOOK,
	DECIDE,
	REPAIR,
	SET_UP,
	BY_SYSTEM,
};

/* What the verb prints with --json. */
enum json_form {
	OWN,	   /* an object of its own schema, or nothing: what the system calls */
	RESULT,	   /* what came of it: command_result.h */
	PREDICATE, /* the same, of a question */
};

static const char *const groups[] = {
	[LOOK] = "Look",
	[DECIDE] = "Decide",
	[REPAIR] = "Repair",
	[SET_UP] = "Set up",
	[BY_SYSTEM] = "Called by the system",
};

static int show_help(const struct context *context, int argc, char *argv[]);

/* In the order of the help text. */
static const struct verb {
	const char *name;
	int least, most; /* arguments after the verb */
	int (*run)(const struct context *context, int argc, char *argv[]);
	const char *arguments;
	const char *help;
	enum group group;
	enum json_form json;
} verbs[] = {
	{ "status", 0, 0, cmd_status, "", "what this boot is, and what waits (default)", LOOK,
	  OWN },
	{ "list", 0, 0, cmd_list, "", "boots, newest first", LOOK, OWN },
	{ "show", 0, 1, cmd_show, "[BOOT]", "all that is known of one boot", LOOK, OWN },
	{ "explain", 0, 1, cmd_explain, "[BOOT]", "what happened, in plain words", LOOK, OWN },
	{ "diff", 0, 2, cmd_diff, "[A [B]]", "what changed between two generations, or since one",
	  LOOK, OWN },
	{ "list-generations", 0, 0, cmd_list_generations, "",
	  "states that are kept to compare with", LOOK, OWN },
	{ "products", 0, 0, cmd_products, "", "the products that are here, and why they count",
	  LOOK, OWN },
	{ "crash", 1, 1, cmd_crash, "FILE|-", "what the text of a crash says", LOOK, OWN },
	{ "history", 0, 0, cmd_history, "", "incidents and events", LOOK, OWN },
	{ "check", 0, 0, cmd_check, "", "what works on this machine", LOOK, OWN },
	{ "is-healthy", 0, 0, cmd_is_healthy, "", "exit 0 if this boot was answered good", LOOK,
	  PREDICATE },
	{ "is-safe", 0, 0, cmd_is_safe, "", "exit 0 if this is the safe profile", LOOK, PREDICATE },
	{ "report", 0, 1, cmd_report, "[INCIDENT]", "one incident as a record", LOOK, OWN },
	{ "help", 0, 1, show_help, "", "this text", LOOK, OWN },
	{ "mark-good", 0, 0, cmd_mark_good, "", "answer this boot as good, now", DECIDE, RESULT },
	{ "set-oneshot", 1, 1, cmd_set_oneshot, "normal|safe", "choose the rung of the next boot",
	  DECIDE, RESULT },
	{ "policy", 0, 2, cmd_policy, "show|check FILE|apply", "the policy in force", DECIDE,
	  RESULT },
	{ "quarantine", 1, 1, cmd_quarantine, "MODULE|PATH|SHA256", "set a file of a product aside",
	  REPAIR, RESULT },
	{ "restore", 1, 1, cmd_restore, "ID|PRODUCT|all",
	  "undo what was set aside, reduced or switched off", REPAIR, RESULT },
	{ "release", 1, 1, cmd_release, "ID|PRODUCT|all|kernel",
	  "give back on trial what was set aside or reduced, or the kernel", REPAIR, RESULT },
	{ "purge", 1, 1, cmd_purge, "ID|all", "delete for good what was set aside", REPAIR,
	  RESULT },
	{ "list-quarantine", 0, 0, cmd_list_quarantine, "",
	  "what is set aside, reduced or switched off", REPAIR, OWN },
	{ "install", 0, 0, cmd_install, "", "put the stage into the boot path", SET_UP, RESULT },
	{ "image", 0, 1, cmd_image, "[FILE|none]",
	  "have safe and rescue starts be of a signed image", SET_UP, RESULT },
	{ "remove", 0, 0, cmd_remove, "", "take the stage out of the boot path", SET_UP, RESULT },
	{ "guard", 0, 0, cmd_guard, "", "look at the boot before products start", BY_SYSTEM, OWN },
	{ "gate", 0, 0, cmd_gate, "", "wait for health, then answer good", BY_SYSTEM, OWN },
	{ "held", 0, 0, cmd_held, "", "hold what users control until the boot is good", BY_SYSTEM,
	  OWN },
	{ "answer", 1, 1, cmd_answer, "clean|changed|sleep|resume", "tell the stage of a stop",
	  BY_SYSTEM, OWN },
	{ "recover", 0, 0, cmd_recover, "", "repair, in the safe profile", BY_SYSTEM, OWN },
	{ "rescue", 0, 0, cmd_rescue, "", "repair a system that does not run", BY_SYSTEM, OWN },
	{ "seal", 0, 0, cmd_seal, "", "let no more modules in, in the safe profile", BY_SYSTEM,
	  OWN },
	{ "deadline", 0, 0, cmd_deadline, "", "end a boot that hangs", BY_SYSTEM, OWN },
	{ "scan", 0, 0, cmd_scan, "", "record updates that landed and run well", BY_SYSTEM, OWN },
	{ "hold-list", 0, 0, cmd_hold_list, "", "bring /etc/daruma/hold up to date", BY_SYSTEM,
	  OWN },
	{ "keep-first", 0, 0, cmd_keep_first, "", "keep the stage first in the boot order",
	  BY_SYSTEM, OWN },
};

#define VERBS (sizeof(verbs) / sizeof(verbs[0]))

/* Of those that change something: what they would do cannot be asked. */
static const char *const without_plan[] = { "guard",  "gate", "held",	   "answer",
					    "rescue", "scan", "hold-list", "keep-first" };

static bool has_plan(const struct verb *verb)
{
	for (size_t i = 0; i < sizeof(without_plan) / sizeof(without_plan[0]); i++)
		if (strcmp(without_plan[i], verb->name) == 0)
			return false;
	return true;
}

static const struct verb *find_verb(const char *name)
{
	for (size_t i = 0; i < VERBS; i++)
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	return NULL;
}

static int print_help(void)
{
	int group = -1;

	puts("usage: daruma [OPTION...] [VERB] [ARGUMENT...]\n\n"
	     "Brings a machine back that a security update keeps from booting.");
	for (size_t i = 0; i < VERBS; i++) {
		if ((int)verbs[i].group != group)
			printf("\n%s:\n", groups[verbs[i].group]);
		group = (int)verbs[i].group;
		printf("  %-16s%-22s %s\n", verbs[i].name, verbs[i].arguments, verbs[i].help);
	}
	puts("\nOptions:");
	options_print_help();
	puts("\nBOOT is an id, the start of one, @current, @last or @last-good.\n"
	     "A and B are generations: a number, @last, @last-good (A without one) or @now (B).\n"
	     "Exit status: 0 done, 1 failed, 2 wrong usage, 3 a predicate is false, 4 no such "
	     "thing,\n"
	     "5 rejected, 77 not possible on this machine. See daruma(8).");
	return EXIT_DONE;
}

static int show_help(const struct context *context, int argc, char *argv[])
{
	(void)context;
	(void)argc;
	(void)argv;
	return print_help();
}

static int run_verb(const struct options *options, const struct verb *verb, int argc, char *argv[])
{
	if (argc - 1 < verb->least)
		return message_usage("%s: an argument is missing: %s", verb->name, verb->arguments);
	if (argc - 1 > verb->most)
		return message_usage("%s: too many arguments", verb->name);
	if (options->context.dry_run && !has_plan(verb))
		return message_usage("%s: it has no --dry-run", verb->name);
	if (options->context.json && verb->json != OWN)
		return command_result_run(&options->context, verb->json == PREDICATE, argc, argv,
					  verb->run);
	return verb->run(&options->context, argc, argv);
}

/* Data that did not reach its reader is not "done". */
static int close_output(int code)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return code;
	fputs("daruma: cannot write the output\n", stderr);
	return code == EXIT_DONE ? EXIT_FAILED : code;
}

int main(int argc, char *argv[])
{
	char status[] = "status";
	char *nothing[] = { status, NULL };
	struct options options;
	const struct verb *verb;
	int error = options_parse(argc, argv, &options);

	if (error)
		return error;
	if (options.version) {
		puts("daruma " DARUMA_VERSION);
		return close_output(EXIT_DONE);
	}
	if (options.help)
		return close_output(print_help());
	if (options.count == 0) {
		options.count = 1;
		options.arguments = nothing;
	}
	verb = find_verb(options.arguments[0]);
	if (!verb)
		return message_usage("%s: unknown verb", options.arguments[0]);
	return close_output(run_verb(&options, verb, options.count, options.arguments));
}
