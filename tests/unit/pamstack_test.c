/*
 * pamstack_test.c - where pam_hexa.so stands in a PAM file, and whether it decides from there.
 */
#include "accounts/pamstack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The lines as pam-auth-update writes them. */
#define CONTROL "new_authtok_reqd=done user_unknown=ignore default=die]"
#define HEXA(n) "auth\t[success=" n " " CONTROL "\tpam_hexa.so\n"
#define UNIX(n) "auth\t[success=" n " default=ignore]\tpam_unix.so nullok try_first_pass\n"
#define END     "auth\trequisite\t\t\tpam_deny.so\nauth\trequired\t\t\tpam_permit.so\n"
#define GOOD    HEXA("2") UNIX("1") END
#define SESSION_HEXA "session\t[success=ok ignore=ignore user_unknown=ignore default=die] pam_hexa.so\n"
#define SESSION_HEAD                                                                               \
	"session [default=1] pam_permit.so\nsession requisite pam_deny.so\n"                       \
	"session required pam_permit.so\n"
#define PASSWORD_UNIX "password [success=2 default=ignore] pam_unix.so obscure yescrypt\n"
#define PASSWORD_HEXA "password [success=1 " CONTROL " pam_hexa.so\n"
#define PASSWORD_END  "password requisite pam_deny.so\npassword required pam_permit.so\n"

static const struct {
	enum pamstack stack;
	const char *text;
	const char *problem; /* a word of it; NULL: none */
} rows[] = {
	{ PAMSTACK_AUTH, GOOD, NULL },
	{ PAMSTACK_AUTH, "# pam_deny.so\n\n" GOOD "auth optional pam_cap.so # last\n", NULL },
	{ PAMSTACK_AUTH, "account [success=1] pam_unix.so\n" GOOD, NULL },
	{ PAMSTACK_AUTH, "auth required pam_env.so\n" GOOD, NULL },
	{ PAMSTACK_AUTH, "auth requisite pam_faillock.so preauth\n" GOOD, NULL },
	{ PAMSTACK_AUTH,
	    "-AUTH [success=2   new_authtok_reqd=done \\\n  user_unknown=ignore default=die]"
	    " /lib/security/pam_hexa.so debug\n" UNIX("1") END,
	    NULL },
	{ PAMSTACK_AUTH, "", "does not stand" },
	{ PAMSTACK_AUTH, UNIX("1") END, "does not stand" },
	{ PAMSTACK_AUTH, "#" GOOD, "does not stand" },
	{ PAMSTACK_AUTH, "auth required pam_hexa.so.old\n" UNIX("1") END, "does not stand" },
	{ PAMSTACK_AUTH, HEXA("3") GOOD, "more than once" },
	{ PAMSTACK_AUTH, HEXA("1") END, "pam_unix.so does not" },
	/* Passed by. */
	{ PAMSTACK_AUTH, UNIX("2") HEXA("1") END, "passes it by" },
	{ PAMSTACK_AUTH, "auth sufficient pam_krb5.so\n" GOOD, "passes it by" },
	{ PAMSTACK_AUTH, "auth [success=done default=ignore] pam_sss.so\n" GOOD, "passes it by" },
	{ PAMSTACK_AUTH, "auth [success=3 default=ignore] pam_fprintd.so\n" GOOD, "passes it by" },
	{ PAMSTACK_AUTH, "auth [success=1 default=ignore] pam_x.so\n" GOOD, "passes it by" },
	{ PAMSTACK_AUTH, "auth [success=1 default=ignore] pam_x.so\nauth optional pam_y.so\n" GOOD,
	    NULL },
	{ PAMSTACK_AUTH, "auth [success=ok default=die] pam_x.so\n" GOOD, NULL },
	/* Another control. */
	{ PAMSTACK_AUTH, "auth sufficient pam_hexa.so\n" UNIX("1") END, "control" },
	{ PAMSTACK_AUTH, "auth [success=2 " "new_authtok_reqd=done user_unknown=ignore default=ignore]"
	    " pam_hexa.so\n" UNIX("1") END, "control" },
	{ PAMSTACK_AUTH, "auth [success=2 user_unknown=ignore default=die] pam_hexa.so\n" UNIX("1") END,
	    "control" },
	{ PAMSTACK_AUTH, "auth [success=2 " "new_authtok_reqd=done user_unknown=ignore default=die"
	    " auth_err=ignore] pam_hexa.so\n" UNIX("1") END, "control" },
	{ PAMSTACK_AUTH, HEXA("done") UNIX("1") END, "control" },
	{ PAMSTACK_AUTH, HEXA("0") UNIX("1") END, "control" },
	/* Jumps. */
	{ PAMSTACK_AUTH, HEXA("1") UNIX("1") END, "jumps" },
	{ PAMSTACK_AUTH, HEXA("4") UNIX("1") END, "jumps" },
	{ PAMSTACK_AUTH, HEXA("99999999999999999999") UNIX("1") END, "jumps" },
	{ PAMSTACK_AUTH, HEXA("2") UNIX("2") END, "jumps" },
	{ PAMSTACK_SESSION, SESSION_HEAD SESSION_HEXA "session required pam_unix.so\n", NULL },
	{ PAMSTACK_SESSION, SESSION_HEAD "session required pam_unix.so\n" SESSION_HEXA
	    "session optional pam_systemd.so\n", NULL },
	{ PAMSTACK_SESSION, "session sufficient pam_x.so\n" SESSION_HEAD SESSION_HEXA
	    "session required pam_unix.so\n", "passes it by" },
	{ PAMSTACK_NONINTERACTIVE, SESSION_HEAD "session required pam_hexa.so\n"
	    "session required pam_unix.so\n", "control" },
	/* In password Hexa comes after pam_unix. */
	{ PAMSTACK_PASSWORD, PASSWORD_UNIX PASSWORD_HEXA PASSWORD_END, NULL },
	{ PAMSTACK_PASSWORD, "password requisite pam_pwquality.so retry=3\n" PASSWORD_UNIX PASSWORD_HEXA
	    PASSWORD_END, NULL },
	{ PAMSTACK_PASSWORD, "password [success=2 " CONTROL " pam_hexa.so\n"
	    "password [success=1 default=ignore] pam_unix.so use_authtok\n" PASSWORD_END,
	    "passes it by" },
};

static void
judges(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pamstack_state seen;
		const char *problem;

		assert_int_equal(pamstack_look(rows[i].stack, rows[i].text, strlen(rows[i].text),
		                     &seen, NULL),
		    FAULT_NONE);
		problem = pamstack_problem(&seen);
		if ((problem == NULL) != (rows[i].problem == NULL) ||
		    (problem != NULL && strstr(problem, rows[i].problem) == NULL))
			fail_msg("%s\nwas judged: %s", rows[i].text,
			    problem != NULL ? problem : "good");
	}
}

static void
zero_is_off(void **state)
{
	const struct pamstack_state none = { 0 };

	(void)state;
	assert_non_null(pamstack_problem(&none));
}

static void
refuses(void **state)
{
	static const char *const texts[] = { "\nauth\n", "\nauth required\n",
		"\nauth [success=1 pam_unix.so\n", "\nauth [\n" };
	struct pamstack_state seen;
	struct why why;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_int_equal(
		    pamstack_look(PAMSTACK_AUTH, texts[i], strlen(texts[i]), &seen, &why),
		    FAULT_INVALID);
		assert_int_equal(why.line, 2);
		/* Of another type it is another stack's. */
		assert_int_equal(
		    pamstack_look(PAMSTACK_ACCOUNT, texts[i], strlen(texts[i]), &seen, &why),
		    FAULT_NONE);
	}
}

static const struct {
	const char *text;
	unsigned number;
	const char *type, *control, *module, *arguments;
	bool refuses, passes;
} lines[] = {
	{"\n# x\n Auth \tREQUIRED /lib/security/pam_x.so  a=b \\\n c\n", 3, "auth", "required",
	    "pam_x.so", "a=b c", true, false},
	{"-account [success=2 default=die] pam_x.so [a b] # c\n", 1, "account",
	    "[success=2 default=die]", "pam_x.so", "[a b]", true, true},
	{"account [success=1 default=ignore] pam_x.so\n", 1, "account",
	    "[success=1 default=ignore]", "pam_x.so", "", false, true},
	{"account sufficient pam_x.so", 1, "account", "sufficient", "pam_x.so", "", false, true},
	{"account requisite pam_x.so", 1, "account", "requisite", "pam_x.so", "", true, false},
	{"account optional pam_x.so", 1, "account", "optional", "pam_x.so", "", false, false},
	{"@include common-auth\n", 1, "", "include", "common-auth", "", false, false},
	{"auth substack su\n", 1, "auth", "include", "su", "", false, false},
	{"auth required\n", 1, "auth", "required", "", "", true, false},
};

static void
reads_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		const char *at = lines[i].text, *end = at + strlen(at);
		struct pam_line line;
		unsigned number = 0;

		assert_true(pamstack_next(&at, end, &number, &line));
		assert_int_equal(line.number, lines[i].number);
		assert_string_equal(line.type, lines[i].type);
		assert_string_equal(line.control, lines[i].control);
		assert_string_equal(line.module, lines[i].module);
		assert_string_equal(line.arguments, lines[i].arguments);
		assert_int_equal(pam_line_refuses(&line), lines[i].refuses);
		assert_int_equal(pam_line_passes(&line), lines[i].passes);
		assert_false(pamstack_next(&at, end, &number, &line));
	}
}

/* Whatever the bytes: an answer, and no byte beyond the text (which the sanitizers watch). */
static void
random_texts(void **state)
{
	static const char *const words[] = { "auth ", "account\t", "[", "]", "success=", "1", "2",
		"done", "default=die", " ", "\n", "\n", "\\", "\\\n", "#", "pam_hexa.so",
		"pam_unix.so", "pam_deny.so", "@include ", "common-account", "include ", "/", "-",
		GOOD };
	uint32_t seed = 7;

	(void)state;
	for (int round = 0; round < 4000; round++) {
		struct pamstack_state seen;
		struct pam_line line;
		unsigned number = 0;
		const char *at;
		size_t size = 0;
		char whole[8192], *text;

		for (int i = 0; i < 12; i++) {
			const char *word;

			seed = seed * 1664525 + 1013904223;
			word = words[(seed >> 8) % (sizeof(words) / sizeof(words[0]))];
			memcpy(whole + size, word, strlen(word));
			size += strlen(word);
		}
		text = malloc(size);
		assert_non_null(text);
		memcpy(text, whole, size);
		if (pamstack_look(PAMSTACK_AUTH, text, size, &seen, NULL) == FAULT_NONE)
			pamstack_problem(&seen);
		at = text;
		while (pamstack_next(&at, text + size, &number, &line))
			pam_line_passes(&line);
		pamstack_is_kept(text, size);
		free(text);
	}
}

/* ---- whose lines they are ------------------------------------------------------------------ */

#define BEGIN      "# here are the per-package modules (the \"Primary\" block)\n"
#define FALLBACK   "# here's the fallback if no module succeeds\n"
#define ADDITIONAL "# and here are more per-package modules (the \"Additional\" block)\n"
#define LAST       "# end of pam-auth-update config\n"
#define MARKED(before, within, between, behind)                                                    \
	"# x\n" before BEGIN within FALLBACK END between ADDITIONAL "auth optional pam_cap.so\n" \
	LAST behind

/* pam-auth-update writes anew what stands within its marks, and keeps all else. */
static void
tells_whose_lines_they_are(void **state)
{
	static const struct {
		const char *text;
		bool is_kept;
	} cases[] = {
		{ "", false },
		{ MARKED("", GOOD, "", ""), false },
		{ MARKED("", UNIX("2") HEXA("1"), "", ""), false },
		{ MARKED("", "auth sufficient pam_x.so\n" GOOD, "", ""), false },
		{ MARKED("auth sufficient pam_x.so\n", GOOD, "", ""), true },
		{ MARKED("auth required pam_x.so\n", GOOD, "", ""), false },
		{ MARKED("# auth sufficient pam_x.so\n", GOOD, "", ""), false },
		{ MARKED("", GOOD, "auth [success=1 default=ignore] pam_x.so\n", ""), true },
		{ MARKED("", GOOD, "", "auth sufficient pam_x.so\n"), false },
		{ MARKED("", GOOD, "", HEXA("1")), true },
		/* Without its marks a file is written whole. */
		{ "auth sufficient pam_x.so\n" GOOD, false },
		{ "auth sufficient pam_x.so\n" BEGIN GOOD ADDITIONAL FALLBACK LAST, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (pamstack_is_kept(cases[i].text, strlen(cases[i].text)) != cases[i].is_kept)
			fail_msg("%s", cases[i].text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges),
		cmocka_unit_test(zero_is_off),
		cmocka_unit_test(refuses),
		cmocka_unit_test(reads_lines),
		cmocka_unit_test(tells_whose_lines_they_are),
		cmocka_unit_test(random_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
