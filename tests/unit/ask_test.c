/*
 * ask_test.c - asking a person: each case is a process with a terminal of its own, whose other end
 * is read until the question stands there and only then answered.
 */
#include "hexa-admin/ask.c"
#include "hexa-admin/print.c"
#include "hexa-admin/signals.c"

#include "tests/unit/terminal_fixture.h"

/* What a case did, as its exit status. */
enum { SAID_YES = 10, SAID_NO, MATCHED, DIFFERED, REFUSED, UNAVAILABLE, NOBODY };

static int
ask_question(void)
{
	return ask_yes("Delete user anna (uid 65536)?") ? SAID_YES : SAID_NO;
}

static int
ask_for_word(void)
{
	static const char *const words[] = {"yes", "quit", NULL};
	char letter = ask_word("Yes or quit? ", words);

	return letter == 'y' ? SAID_YES : letter == 'q' ? SAID_NO : NOBODY;
}

static int
ask_secret(void)
{
	struct secret secret = {{0}};
	struct why why = {0};
	enum fault fault = secret_ask("anna", &secret, &why);

	if (fault == FAULT_UNAVAILABLE)
		return UNAVAILABLE;
	if (fault == FAULT_INVALID)
		return strstr(why.text, "differ") != NULL ? DIFFERED : REFUSED;
	return strcmp(secret.text, "correct horse battery") == 0 ? MATCHED : NOBODY;
}

static bool
echo_is_on(const struct terminal *terminal)
{
	struct termios settings;

	assert_int_equal(tcgetattr(terminal->fd, &settings), 0);
	return (settings.c_lflag & ECHO) != 0;
}

/* ---- yes or no ---------------------------------------------------------------------------- */

static void
only_a_yes_is_a_yes(void **state)
{
	static const struct {
		const char *answer;
		int said;
	} cases[] = {
	    {"y\n", SAID_YES}, {"Y\n", SAID_YES}, {"yes\n", SAID_YES}, {"YES\n", SAID_YES},
	    {"\n", SAID_NO}, {"n\n", SAID_NO}, {"no\n", SAID_NO}, {"yess\n", SAID_NO},
	    {"y y\n", SAID_NO}, {" y\n", SAID_NO}, {"yesyesyes\n", SAID_NO}, {"\004", SAID_NO},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct terminal terminal;
		int status;

		terminal_open_for(&terminal, ask_question);
		await(&terminal, "Delete user anna (uid 65536)? [y/N] ");
		type(&terminal, cases[i].answer);
		status = finish(&terminal);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), cases[i].said);
	}
}

/* ---- one of some words -------------------------------------------------------------------- */

static void
a_word_is_asked_for_until_it_is_one(void **state)
{
	static const struct {
		const char *answers;
		int said;
	} cases[] = {
	    {"y\n", SAID_YES}, {"q\n", SAID_NO}, {"\004", NOBODY},
	    {"yes\n", SAID_YES}, {"Quit\n", SAID_NO}, {"Y\n", SAID_YES},
	    {"\nq\n", SAID_NO}, {"\n\ny\n", SAID_YES}, {"e\n\n\004", NOBODY},
	    {"ye\nq\n", SAID_NO}, {"quitquitquit\ny\n", SAID_YES},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct terminal terminal;
		int status;

		terminal_open_for(&terminal, ask_for_word);
		await(&terminal, "Yes or quit? ");
		type(&terminal, cases[i].answers);
		status = finish(&terminal);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), cases[i].said);
	}
}

/* ---- passwords ---------------------------------------------------------------------------- */

/* Answers both questions; returns the exit status. */
static int
answer_twice(const char *first, const char *second)
{
	struct terminal terminal;
	int status;

	terminal_open_for(&terminal, ask_secret);
	await(&terminal, "New password for anna: ");
	assert_false(echo_is_on(&terminal));
	type(&terminal, first);
	await(&terminal, "New password again: ");
	assert_false(echo_is_on(&terminal));
	type(&terminal, second);
	status = finish(&terminal);
	assert_null(strstr(terminal.screen, "battery"));
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
a_password_is_asked_twice_and_not_shown(void **state)
{
	(void)state;
	assert_int_equal(
	    answer_twice("correct horse battery\n", "correct horse battery\n"), MATCHED);
	assert_int_equal(
	    answer_twice("correct horse battery\n", "correct horse bittery\n"), DIFFERED);
	assert_int_equal(answer_twice("correct horse battery\n", "\n"), DIFFERED);
	assert_int_equal(answer_twice("correct horse battery\n", "\004"), DIFFERED);
}

static void
a_long_password_is_refused_at_once(void **state)
{
	char line[PASSWORD_BYTES + 3];
	struct terminal terminal;
	int status;

	(void)state;
	memset(line, 'x', PASSWORD_BYTES + 1);
	strcpy(line + PASSWORD_BYTES + 1, "\n");
	terminal_open_for(&terminal, ask_secret);
	await(&terminal, "New password for anna: ");
	type(&terminal, line);
	status = finish(&terminal);
	assert_int_equal(WEXITSTATUS(status), REFUSED);
}

/* A key that interrupts ends the process as it would have, and the terminal shows what is typed. */
static void
a_signal_leaves_the_terminal_as_it_was(void **state)
{
	static const struct {
		const char *key;
		int signal;
	} cases[] = {{"\003", SIGINT}, {"\034", SIGQUIT}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct terminal terminal;
		struct termios settings;
		int status, slave;

		terminal_open_for(&terminal, ask_secret);
		/* Held open, so that the settings outlive the process. */
		slave = open(ptsname(terminal.fd), O_RDWR | O_NOCTTY);
		assert_true(slave >= 0);
		await(&terminal, "New password for anna: ");
		type(&terminal, cases[i].key);
		assert_int_equal(waitpid(terminal.pid, &status, 0), terminal.pid);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), cases[i].signal);
		assert_int_equal(tcgetattr(slave, &settings), 0);
		assert_true((settings.c_lflag & ECHO) != 0);
		close(slave);
		close(terminal.fd);
	}
}

/* ---- nobody to ask ------------------------------------------------------------------------ */

static void
without_a_terminal_nobody_is_asked(void **state)
{
	pid_t pid = fork();
	int status;

	(void)state;
	assert_true(pid >= 0);
	if (pid == 0) {
		setsid();
		if (ask_possible() || ask_yes("Really?"))
			_exit(SAID_YES);
		_exit(ask_secret());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), UNAVAILABLE);
}

/* ---- text that is shown ------------------------------------------------------------------- */

static void
what_is_not_plain_is_escaped(void **state)
{
	static const struct {
		const char *text;
		const char *shown;
	} cases[] = {
	    {"", ""},
	    {"anna", "anna"},
	    {"\xc3\x85sa", "\xc3\x85sa"},
	    {"\xe6\x9d\x8e", "\xe6\x9d\x8e"},
	    {"\xf0\x9f\x99\x82", "\xf0\x9f\x99\x82"},
	    {"a\nb", "a\\x0ab"},
	    {"\x1b[31m", "\\x1b[31m"},
	    {"\x7f", "\\x7f"},
	    {"a\xc2\x85", "a\\xc2\\x85"},
	    {"\xe2\x80\xae", "\\xe2\\x80\\xae"},
	    {"\xff", "\\xff"},
	    {"\xc3", "\\xc3"},
	    {"\xc3(", "\\xc3("},
	    {"\xe6\x9d", "\\xe6\\x9d"},
	    {"\xf0\x9f\x99", "\\xf0\\x9f\\x99"},
	    {"\xc0\x80", "\\xc0\\x80"},
	    {"\xed\xa0\x80", "\\xed\\xa0\\x80"},
	    {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},
	    {"\xfe\xfe\xfe\xfe", "\\xfe\\xfe\\xfe\\xfe"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *shown = text_shown(cases[i].text);

		assert_non_null(shown);
		assert_string_equal(shown, cases[i].shown);
		free(shown);
	}
}

/* ---- what mends it ------------------------------------------------------------------------ */

static void
a_mend_works_where_it_is_said(void **state)
{
	static const struct {
		const char *root;
		const char *mend;
		const char *shown;
	} cases[] = {
	    {"", "hexa-admin user resume anna", "hexa-admin user resume anna"},
	    {"/srv/a", "hexa-admin user resume anna", "hexa-admin --root /srv/a user resume anna"},
	    {"/srv/a b", "hexa-admin init", "hexa-admin --root '/srv/a b' init"},
	    {"/srv/it's", "hexa-admin init", "hexa-admin --root '/srv/it'\\''s' init"},
	    {"/srv/$(x)", "hexa-admin init", "hexa-admin --root '/srv/$(x)' init"},
	    {"/srv/a", "rm x && hexa-admin init", "rm x && hexa-admin --root /srv/a init"},
	    {"/srv/a", "hexa-admin init && hexa-admin doctor",
	        "hexa-admin --root /srv/a init && hexa-admin --root /srv/a doctor"},
	    {"/srv/a", "chmod go= /srv/a/hexa-admin x", "chmod go= /srv/a/hexa-admin x"},
	    {"/srv/a", "sed 's/x /etc/' /etc/a", "sed 's/x /etc/' /srv/a/etc/a"},
	    {"/srv/a", "rm '/etc/x y'", "rm /srv/a'/etc/x y'"},
	    {"/srv/a b", "rm '/x && hexa-admin y /etc/z' /etc/a",
	        "rm '/x && hexa-admin y /etc/z' '/srv/a b'/etc/a"},
	    {"/srv/a", "rm '/it'\\''s' /etc/a", "rm '/it'\\''s' /srv/a/etc/a"},
	    {"/srv/a", "groupadd --system lp && hexa-admin user list",
	        "chroot /srv/a groupadd --system lp && hexa-admin --root /srv/a user list"},
	    {"", "groupadd --system lp", "groupadd --system lp"},
	    {"/srv/a b", "pam-auth-update --enable x",
	        "chroot '/srv/a b' pam-auth-update --enable x"},
	    {"/srv/a", "groupmod --gid $(cut -d: -f3 /etc/group | tail -n 1) x",
	        "chroot /srv/a groupmod --gid $(cut -d: -f3 /srv/a/etc/group | tail -n 1) x"},
	    {"/srv/a", "make install", "make install DESTDIR=/srv/a"},
	    {"/srv/a", "sed -i '1i x && y' /etc/x && systemctl reload ssh",
	        "sed -i '1i x && y' /srv/a/etc/x"},
	    {"", "rm x && systemctl reload ssh", "rm x && systemctl reload ssh"},
	    {"/srv/a", "systemctl restart x && rm /etc/x", "rm /srv/a/etc/x"},
	    {"/srv/a", "timedatectl set-ntp true", ""},
	    {"/srv/a", "(umask 077; hexa-admin dump > x)",
	        "(umask 077; hexa-admin --root /srv/a dump > x)"},
	    {"/srv/a", "rm 'x; hexa-admin y'", "rm 'x; hexa-admin y'"},
	    {"", "(umask 077; hexa-admin dump > x)", "(umask 077; hexa-admin dump > x)"},
	    {"/srv/a", "echo '/bin/b;id' >> /etc/shells", "echo '/bin/b;id' >> /srv/a/etc/shells"},
	    {"/srv/a", "env -iC / setsid -w setpriv --reuid 1 chmod go-w /srv/a/home/b",
	        "env -iC / setsid -w setpriv --reuid 1 chmod go-w /srv/a/home/b"},
	    {"/srv/a", "", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *shown;

		print_for_root(cases[i].root);
		shown = mend_shown(cases[i].mend);
		assert_non_null(shown);
		assert_string_equal(shown, cases[i].shown);
		free(shown);
	}
	print_for_root("");
}

static int
tell_notice(void)
{
	print_for_root("/srv/a");
	print_notice("one test fails now\nhexa-admin policy edit");
	print_notice("bob is revoked");
	return MATCHED;
}

static void
a_notice_has_its_mend_on_a_line_of_its_own(void **state)
{
	struct terminal terminal;
	int status;

	(void)state;
	terminal_open_for(&terminal, tell_notice);
	status = finish(&terminal);
	assert_int_equal(WEXITSTATUS(status), MATCHED);
	assert_string_equal(terminal.screen,
	    "hexa-admin: one test fails now\r\n"
	    "  try: hexa-admin --root /srv/a policy edit\r\n"
	    "hexa-admin: bob is revoked\r\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(only_a_yes_is_a_yes),
	    cmocka_unit_test(a_word_is_asked_for_until_it_is_one),
	    cmocka_unit_test(a_password_is_asked_twice_and_not_shown),
	    cmocka_unit_test(a_long_password_is_refused_at_once),
	    cmocka_unit_test(a_signal_leaves_the_terminal_as_it_was),
	    cmocka_unit_test(without_a_terminal_nobody_is_asked),
	    cmocka_unit_test(what_is_not_plain_is_escaped),
	    cmocka_unit_test(a_mend_works_where_it_is_said),
	    cmocka_unit_test(a_notice_has_its_mend_on_a_line_of_its_own),
	};

	/* A shell that runs this in the background has the two ignored. */
	signal(SIGINT, SIG_DFL);
	signal(SIGQUIT, SIG_DFL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
