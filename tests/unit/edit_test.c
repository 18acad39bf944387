/*
 * edit_test.c - `policy edit` with a person at a terminal: what is asked, what becomes of the copy,
 * and of signals.  The policy itself is a fake, which says what it was given; the editor is a
 * script.
 */
#include "hexa-admin/ask.c"
#include "hexa-admin/audit.c"
#include "hexa-admin/call.c"
#include "hexa-admin/draft.c"
#include "hexa-admin/editor.c"
#include "hexa-admin/events.c"
#include "hexa-admin/head.c"
#include "hexa-admin/input.c"
#include "hexa-admin/json.c"
#include "hexa-admin/plan_show.c"
#include "hexa-admin/print.c"
#include "hexa-admin/rights.c"
#include "hexa-admin/signals.c"

#include <sys/stat.h>

#include "accounts/roles.h"
#include "tests/unit/terminal_fixture.h"

/* ---- the policy: its text says what becomes of it ------------------------------------------- */

#define BEGAN "the policy in force\n"

static enum fault
fake_text(struct admin *admin, struct bytes *yaml, struct why *why)
{
	(void)admin;
	(void)why;
	bytes_print(yaml, "%s", BEGAN);
	return FAULT_NONE;
}

static bool
says(const char *yaml, size_t size, const char *word)
{
	return memmem(yaml, size, word, strlen(word)) != NULL;
}

static enum fault
fake_diff(struct admin *admin, const char *yaml, size_t size, struct plan *plan,
    struct why *refused, struct why *why)
{
	(void)admin;
	if (says(yaml, size, "wrong"))
		return why_place(why, FAULT_INVALID, 3, 7, "this is wrong");
	plan->difference = strdup("the difference\n");
	plan->users = 12;
	if (says(yaml, size, "forbidden"))
		why_place(refused, FAULT_RULE, 5, 2, "this is forbidden");
	if (says(yaml, size, "denied"))
		why_set(refused, FAULT_DENIED, "this is denied");
	return FAULT_NONE;
}

static enum fault
fake_apply(struct admin *admin, const struct policy_application *application, struct plan *plan,
    struct why *why)
{
	(void)admin;
	(void)plan;
	if (application->began_size != strlen(BEGAN) ||
	    memcmp(application->began_from, BEGAN, application->began_size) != 0)
		return why_set(why, FAULT_UNAVAILABLE, "it began from something else");
	if (says(application->yaml, application->size, "late"))
		return why_set(why, FAULT_CONFLICT, "somebody was first");
	printf("the policy is now: %.*s", (int)application->size, application->yaml);
	return FAULT_NONE;
}

static void
fake_clear(struct plan *plan)
{
	free(plan->difference);
	*plan = (struct plan){0};
}

#define policy_text  fake_text
#define policy_diff  fake_diff
#define policy_apply fake_apply
#define plan_clear   fake_clear
#include "hexa-admin/policy_edit.c"

/* ---- the person ----------------------------------------------------------------------------- */

static char folder[64]; /* of this case */

static char *
path_in(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static void
write_file(const char *name, const char *text)
{
	FILE *file = fopen(path_in(name), "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

/* The editor notes the copy's path, and then does what stands in `script`. */
static void
editor_does(const char *script)
{
	char text[1024];

	snprintf(text, sizeof(text), "cd %s\nfile=$1\necho $file > path\n%s\n", folder, script);
	write_file("editor", text);
}

/* In each run the editor writes the next of these. */
#define WRITES \
	"runs=$((runs + $(cat runs 2>/dev/null || echo 0) + 1)); echo $runs > runs; cat text.$runs > $file"

static int
make_folder(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/edit-test.XXXXXX");
	return mkdtemp(folder) == NULL ? -1 : 0;
}

static int
remove_folder(void **state)
{
	(void)state;
	empty_folder(folder);
	return rmdir(folder);
}

static int
edit_here(void)
{
	const struct command command = {.noun = "policy", .verb = "edit"};
	char editor[128];
	struct call call = {.command = &command, .root = (char *)"", .editor = editor,
	    .admin.is_root = true};
	struct why why = {0};
	enum fault fault;

	snprintf(editor, sizeof(editor), "/bin/sh %s/editor", folder);
	fault = run_policy_edit(&call, &why);
	fflush(stdout);
	/* Whatever fault there is has been told. */
	if (fault != FAULT_NONE && !call.told)
		return 99;
	return fault_exit_status(fault);
}

static void
copy_path(char path[DRAFT_PATH_BYTES])
{
	FILE *file = fopen(path_in("path"), "r");

	assert_non_null(file);
	assert_non_null(fgets(path, DRAFT_PATH_BYTES, file));
	path[strcspn(path, "\n")] = '\0';
	fclose(file);
}

static void
assert_copy_is_gone(const struct terminal *terminal)
{
	char path[DRAFT_PATH_BYTES];

	copy_path(path);
	assert_null(strstr(terminal->screen, "is kept"));
	assert_int_equal(access(path, F_OK), -1);
	*strrchr(path, '/') = '\0';
	assert_int_equal(access(path, F_OK), -1);
}

/* Takes it away, too. */
static void
assert_copy_is_kept(const struct terminal *terminal, const char *text)
{
	char path[DRAFT_PATH_BYTES], kept[256] = "";
	FILE *file;

	copy_path(path);
	assert_non_null(strstr(terminal->screen, path));
	assert_non_null(strstr(terminal->screen, "your text is kept in "));
	file = fopen(path, "r");
	assert_non_null(file);
	assert_non_null(fgets(kept, sizeof(kept), file));
	fclose(file);
	assert_string_equal(kept, text);
	unlink(path);
	*strrchr(path, '/') = '\0';
	assert_int_equal(rmdir(path), 0);
}

static void
assert_exit(int status, int expected)
{
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), expected);
}

/* ---- what is asked -------------------------------------------------------------------------- */

static void
a_plan_is_shown_and_a_yes_applies(void **state)
{
	struct terminal terminal;

	(void)state;
	write_file("text.1", "a better one\n");
	editor_does(WRITES);
	terminal_open_for(&terminal, edit_here);
	await(&terminal, "Apply this: (y)es, (e)dit again or (q)uit? ");
	assert_non_null(strstr(terminal.screen, "of 12 users"));
	assert_non_null(strstr(terminal.screen, "the difference"));
	assert_null(strstr(terminal.screen, "the policy is now"));
	type(&terminal, "y\n");
	assert_exit(finish(&terminal), 0);
	assert_non_null(strstr(terminal.screen, "the policy is now: a better one"));
	assert_copy_is_gone(&terminal);
}

static void
a_quit_applies_nothing_and_leaves_nothing(void **state)
{
	struct terminal terminal;

	(void)state;
	write_file("text.1", "a better one\n");
	editor_does(WRITES);
	terminal_open_for(&terminal, edit_here);
	await(&terminal, "Apply this: ");
	type(&terminal, "q\n");
	assert_exit(finish(&terminal), 1);
	assert_null(strstr(terminal.screen, "the policy is now: "));
	assert_non_null(strstr(terminal.screen, "not applied"));
	assert_copy_is_gone(&terminal);
}

/* An empty answer may be a slip of the hand. */
static void
an_empty_answer_is_asked_about_again(void **state)
{
	struct terminal terminal;

	(void)state;
	write_file("text.1", "a better one\n");
	editor_does(WRITES);
	terminal_open_for(&terminal, edit_here);
	await(&terminal, "Apply this: ");
	memset(terminal.screen, ' ', terminal.size);
	type(&terminal, "\n");
	await(&terminal, "Apply this: ");
	type(&terminal, "yes\n");
	assert_exit(finish(&terminal), 0);
	assert_non_null(strstr(terminal.screen, "the policy is now: a better one"));
}

static void
a_no_is_a_quit(void **state)
{
	static const char *const answers[] = {"n\n", "no\n", "quit\n"};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct terminal terminal;

		write_file("text.1", "a better one\n");
		write_file("runs", "0\n");
		editor_does(WRITES);
		terminal_open_for(&terminal, edit_here);
		await(&terminal, "Apply this: ");
		type(&terminal, answers[i]);
		assert_exit(finish(&terminal), 1);
		assert_null(strstr(terminal.screen, "the policy is now: "));
		assert_copy_is_gone(&terminal);
	}
}

/* An end of input is a terminal that is gone. */
static void
no_answer_applies_nothing_and_keeps_the_text(void **state)
{
	static const char *const answers[] = {"\004", "\n\004"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct terminal terminal;

		write_file("text.1", "a better one\n");
		write_file("runs", "0\n");
		editor_does(WRITES);
		terminal_open_for(&terminal, edit_here);
		await(&terminal, "Apply this: ");
		type(&terminal, answers[i]);
		assert_exit(finish(&terminal), 1);
		assert_null(strstr(terminal.screen, "the policy is now: "));
		assert_copy_is_kept(&terminal, "a better one\n");
	}
}

static void
a_mistake_has_its_place_and_is_edited_again(void **state)
{
	struct terminal terminal;
	char place[DRAFT_PATH_BYTES + 32], path[DRAFT_PATH_BYTES];

	(void)state;
	write_file("text.1", "a wrong one\n");
	write_file("text.2", "a better one\n");
	editor_does(WRITES);
	terminal_open_for(&terminal, edit_here);
	await(&terminal, "(e)dit again or (q)uit? ");
	copy_path(path);
	snprintf(place, sizeof(place), "%s:3:7: this is wrong", path);
	assert_non_null(strstr(terminal.screen, place));
	/* What is wrong cannot be applied. */
	type(&terminal, "y\ne\n");
	await(&terminal, "Apply this: ");
	type(&terminal, "y\n");
	assert_exit(finish(&terminal), 0);
	assert_non_null(strstr(terminal.screen, "the policy is now: a better one"));
	assert_copy_is_gone(&terminal);
}

static void
what_is_refused_is_edited_again_or_left(void **state)
{
	struct terminal terminal;

	(void)state;
	write_file("text.1", "a forbidden one\n");
	write_file("text.2", "this is denied\n");
	editor_does(WRITES);
	terminal_open_for(&terminal, edit_here);
	await(&terminal, "policy.yaml:5:2: this is forbidden");
	await(&terminal, "(e)dit again or (q)uit? ");
	assert_non_null(strstr(terminal.screen, "of 12 users"));
	assert_null(strstr(terminal.screen, "Apply"));
	memset(terminal.screen, ' ', terminal.size);
	type(&terminal, "y\ne\n");
	await(&terminal, "hexa-admin: this is denied");
	await(&terminal, "(e)dit again or (q)uit? ");
	type(&terminal, "q\n");
	assert_exit(finish(&terminal), 1);
	assert_copy_is_gone(&terminal);
}

static void
what_is_edited_back_is_no_change(void **state)
{
	struct terminal terminal;

	(void)state;
	write_file("text.1", "a better one\n");
	write_file("text.2", BEGAN);
	editor_does(WRITES);
	terminal_open_for(&terminal, edit_here);
	await(&terminal, "Apply this: ");
	type(&terminal, "e\n");
	assert_exit(finish(&terminal), 0);
	assert_non_null(strstr(terminal.screen, "nothing was changed"));
	assert_null(strstr(terminal.screen, "the policy is now: "));
	assert_copy_is_gone(&terminal);
}

static void
who_comes_second_keeps_their_text(void **state)
{
	struct terminal terminal;

	(void)state;
	write_file("text.1", "a late one\n");
	editor_does(WRITES);
	terminal_open_for(&terminal, edit_here);
	await(&terminal, "Apply this: ");
	type(&terminal, "y\n");
	assert_exit(finish(&terminal), 5);
	assert_non_null(strstr(terminal.screen, "somebody was first"));
	assert_copy_is_kept(&terminal, "a late one\n");
}

/* ---- signals -------------------------------------------------------------------------------- */

static void
a_signal_at_a_question_puts_the_text_away_first(void **state)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP};

	(void)state;
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		struct terminal terminal;
		int status;

		write_file("text.1", "a better one\n");
		write_file("runs", "0\n");
		editor_does(WRITES);
		terminal_open_for(&terminal, edit_here);
		await(&terminal, "Apply this: ");
		if (signals[i] == SIGINT)
			type(&terminal, "\003");
		else
			kill(terminal.pid, signals[i]);
		status = finish(&terminal);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), signals[i]);
		assert_copy_is_kept(&terminal, "a better one\n");
	}
}

static void
keys_in_the_editor_are_the_editors(void **state)
{
	struct terminal terminal;

	(void)state;
	write_file("text.1", "a better one\n");
	editor_does("trap 'echo int' INT; trap 'echo quit' QUIT; echo ready\n"
	            "until [ \"$x\" = go ]; do read x; done\n"
	            WRITES);
	terminal_open_for(&terminal, edit_here);
	await(&terminal, "ready");
	type(&terminal, "\003");
	await(&terminal, "int");
	type(&terminal, "\034");
	await(&terminal, "quit");
	type(&terminal, "go\n");
	await(&terminal, "Apply this: ");
	type(&terminal, "y\n");
	assert_exit(finish(&terminal), 0);
	assert_non_null(strstr(terminal.screen, "the policy is now: a better one"));
}

static void
what_ends_this_process_ends_the_editor_first(void **state)
{
	struct terminal terminal;
	int status;

	(void)state;
	write_file("text.1", "half of it\n");
	editor_does("trap 'echo ended > ended; exit 1' TERM; " WRITES "; echo ready\n"
	            "while :; do sleep 0.1; done");
	terminal_open_for(&terminal, edit_here);
	await(&terminal, "ready");
	kill(terminal.pid, SIGTERM);
	status = finish(&terminal);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGTERM);
	assert_int_equal(access(path_in("ended"), F_OK), 0);
	assert_copy_is_kept(&terminal, "half of it\n");
}

/* A shell with one job, in whose place it waits: says when the job is stopped, and has it go on. */
static int
edit_as_a_job(void)
{
	int status = 0;
	pid_t job;

	signal(SIGTTOU, SIG_IGN);
	job = fork();
	if (job == 0) {
		setpgid(0, 0);
		tcsetpgrp(STDIN_FILENO, getpid());
		signal(SIGTTOU, SIG_DFL);
		_exit(edit_here());
	}
	setpgid(job, job);
	while (waitpid(job, &status, WUNTRACED) == job && WIFSTOPPED(status)) {
		printf("stopped\n");
		fflush(stdout);
		kill(-job, SIGCONT);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 98;
}

static void
an_editor_that_stops_stops_this_process_too(void **state)
{
	struct terminal terminal;

	(void)state;
	write_file("text.1", "a better one\n");
	editor_does("kill -TSTP $$; echo going on\n" WRITES);
	terminal_open_for(&terminal, edit_as_a_job);
	await(&terminal, "stopped");
	await(&terminal, "going on");
	await(&terminal, "Apply this: ");
	type(&terminal, "q\n");
	assert_exit(finish(&terminal), 1);
}

/* Where nobody could have it go on again, it does not stop. */
static void
without_a_shell_an_editor_goes_on(void **state)
{
	struct terminal terminal;

	(void)state;
	write_file("text.1", "a better one\n");
	editor_does("kill -STOP $$; echo going on\n" WRITES);
	terminal_open_for(&terminal, edit_here);
	await(&terminal, "going on");
	await(&terminal, "Apply this: ");
	type(&terminal, "q\n");
	assert_exit(finish(&terminal), 1);
}

/* Of the signals that a program may set; those of the threads' library are whoever started us's. */
enum { SIGNALS = 0x7fffffff };

static unsigned long
signals_of(const char *line, const char *name)
{
	char *end;
	unsigned long set;

	assert_true(strncmp(line, name, strlen(name)) == 0);
	set = strtoul(line + strlen(name), &end, 16);
	assert_string_equal(end, "\n");
	return set & SIGNALS;
}

/* What this process ignores or blocks, the editor does not. */
static void
an_editor_has_signals_as_it_expects_them(void **state)
{
	struct terminal terminal;

	(void)state;
	write_file("text.1", "a better one\n");
	editor_does("grep -E 'Sig(Blk|Ign)' /proc/self/status > signals\n" WRITES);
	signal(SIGPIPE, SIG_IGN);
	terminal_open_for(&terminal, edit_here);
	signal(SIGPIPE, SIG_DFL);
	await(&terminal, "Apply this: ");
	type(&terminal, "q\n");
	assert_exit(finish(&terminal), 1);
	{
		char blocked[64], ignored[64];
		FILE *file = fopen(path_in("signals"), "r");

		assert_non_null(file);
		assert_non_null(fgets(blocked, sizeof(blocked), file));
		assert_non_null(fgets(ignored, sizeof(ignored), file));
		fclose(file);
		assert_int_equal(signals_of(blocked, "SigBlk:\t"), 0);
		assert_int_equal(signals_of(ignored, "SigIgn:\t"), 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
	        a_plan_is_shown_and_a_yes_applies, make_folder, remove_folder),
	    cmocka_unit_test_setup_teardown(
	        a_quit_applies_nothing_and_leaves_nothing, make_folder, remove_folder),
	    cmocka_unit_test_setup_teardown(
	        an_empty_answer_is_asked_about_again, make_folder, remove_folder),
	    cmocka_unit_test_setup_teardown(a_no_is_a_quit, make_folder, remove_folder),
	    cmocka_unit_test_setup_teardown(
	        no_answer_applies_nothing_and_keeps_the_text, make_folder, remove_folder),
	    cmocka_unit_test_setup_teardown(
	        a_mistake_has_its_place_and_is_edited_again, make_folder, remove_folder),
	    cmocka_unit_test_setup_teardown(
	        what_is_refused_is_edited_again_or_left, make_folder, remove_folder),
	    cmocka_unit_test_setup_teardown(
	        what_is_edited_back_is_no_change, make_folder, remove_folder),
	    cmocka_unit_test_setup_teardown(
	        who_comes_second_keeps_their_text, make_folder, remove_folder),
	    cmocka_unit_test_setup_teardown(
	        a_signal_at_a_question_puts_the_text_away_first, make_folder, remove_folder),
	    cmocka_unit_test_setup_teardown(
	        keys_in_the_editor_are_the_editors, make_folder, remove_folder),
	    cmocka_unit_test_setup_teardown(
	        what_ends_this_process_ends_the_editor_first, make_folder, remove_folder),
	    cmocka_unit_test_setup_teardown(
	        an_editor_that_stops_stops_this_process_too, make_folder, remove_folder),
	    cmocka_unit_test_setup_teardown(
	        without_a_shell_an_editor_goes_on, make_folder, remove_folder),
	    cmocka_unit_test_setup_teardown(
	        an_editor_has_signals_as_it_expects_them, make_folder, remove_folder),
	};

	/* A shell that runs this in the background has the two ignored. */
	signal(SIGINT, SIG_DFL);
	signal(SIGQUIT, SIG_DFL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
