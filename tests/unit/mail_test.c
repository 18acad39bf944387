/*
 * mail_test.c - what is handed to the mail program, how, and what comes of it when that fails; and
 * what stands in Hexa's letters.  The mail program is a script of the test's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

static char sendmail[128];

#define HEXA_SENDMAIL sendmail
#include "hexa-admin/mail.c"

static const char *host_name = "desk1.example.org";

/* What letter.c asks for the host's name. */
int
gethostname(char *name, size_t size)
{
	assert_true(size > strlen(host_name));
	strcpy(name, host_name);
	return 0;
}

#include "hexa-admin/letter.c"

static char folder[64];

static int
remove_entry(const char *path, const struct stat *stat, int kind, struct FTW *at)
{
	(void)stat;
	(void)kind;
	(void)at;
	return remove(path);
}

static void
write_script(const char *body)
{
	FILE *file = fopen(sendmail, "we");

	assert_non_null(file);
	fprintf(file, "#!/bin/sh\ncd %s || exit\n%s", folder, body);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(sendmail, 0755), 0);
}

static int
setup(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/hexa-mail-XXXXXX");
	assert_non_null(mkdtemp(folder));
	snprintf(sendmail, sizeof(sendmail), "%s/sendmail", folder);
	write_script("printf '%s\\n' \"$@\" >arguments\nenv >environment\ncat >message\n");
	host_name = "desk1.example.org";
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	return nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* What the script has written; NULL: nothing, as it was not run. */
static const char *
written(const char *name)
{
	static char text[256 * 1024];
	char path[128];
	size_t size;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "re");
	if (file == NULL)
		return NULL;
	size = fread(text, 1, sizeof(text) - 1, file);
	text[size] = '\0';
	fclose(file);
	return text;
}

static const struct mail plain = {.to = "anna@example.org", .subject = "Words", .text = "Text\n"};

static enum fault
send_it(const struct mail *mail, struct why *why)
{
	*why = (struct why){0};
	return mail_send(mail, why);
}

/* ---- handing it over ---- */

static void
a_mail_is_handed_over_whole(void **state)
{
	struct why why;

	(void)state;
	assert_int_equal(send_it(&plain, &why), FAULT_NONE);
	assert_string_equal(written("arguments"), "-i\n--\nanna@example.org\n");
	assert_string_equal(written("message"),
	    "To: anna@example.org\n"
	    "Subject: Words\n"
	    "Auto-Submitted: auto-generated\n"
	    "\n"
	    "Text\n");
}

static void
its_sender_is_said_twice(void **state)
{
	struct mail mail = plain;
	struct why why;

	(void)state;
	mail.from = "hexa@example.org";
	assert_int_equal(send_it(&mail, &why), FAULT_NONE);
	assert_string_equal(written("arguments"),
	    "-i\n-f\nhexa@example.org\n--\nanna@example.org\n");
	assert_ptr_equal(strstr(written("message"), "From: hexa@example.org\n"),
	    written("message"));
}

static void
nothing_of_the_caller_goes_along(void **state)
{
	struct why why;

	(void)state;
	assert_int_equal(setenv("HEXA_CANARY", "a canary", 1), 0);
	assert_int_equal(setenv("LD_PRELOAD", "", 1), 0);
	assert_int_equal(send_it(&plain, &why), FAULT_NONE);
	assert_non_null(strstr(written("environment"), "PATH="));
	assert_null(strstr(written("environment"), "CANARY"));
	assert_null(strstr(written("environment"), "LD_"));
	unsetenv("HEXA_CANARY");
	unsetenv("LD_PRELOAD");
}

static void
no_header_is_put_in(void **state)
{
	static const struct mail bad[] = {
	    {.to = "anna@example.org\nBcc: eve@example.org", .subject = "S", .text = "T\n"},
	    {.to = "anna@example.org, eve@example.org", .subject = "S", .text = "T\n"},
	    {.to = "-oQ/tmp@example.org", .subject = "S", .text = "T\n"},
	    {.to = "anna", .subject = "S", .text = "T\n"},
	    {.to = "anna@example.org", .from = "a@example.org\nBcc: e@x.org", .subject = "S",
	        .text = "T\n"},
	    {.to = "anna@example.org", .from = "-X/tmp/log@example.org", .subject = "S",
	        .text = "T\n"},
	    {.to = "anna@example.org", .subject = "S\nBcc: eve@example.org", .text = "T\n"},
	    {.to = "anna@example.org", .subject = "S\rBcc: eve@example.org", .text = "T\n"},
	    {.to = "anna@example.org", .subject = "S\xc3\xa9", .text = "T\n"},
	    {.to = "anna@example.org", .subject = "S", .text = "T\033[2J\n"},
	    {.to = "anna@example.org", .subject = "S", .text = "T\r\n"},
	};
	struct why why;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (send_it(&bad[i], &why) != FAULT_INVALID)
			fail_msg("mail %zu was taken", i);
		assert_null(written("message"));
	}
	/* In the text a line that looks like a header is none. */
	assert_int_equal(send_it(&(const struct mail){.to = "anna@example.org", .subject = "S",
	    .text = "\nBcc: eve@example.org\n.\n"}, &why), FAULT_NONE);
	assert_non_null(strstr(written("message"), "\n\n\nBcc: eve@example.org\n.\n"));
}

/* ---- when it fails ---- */

static void
what_the_program_says_is_said(void **state)
{
	struct why why;

	(void)state;
	write_script("cat >/dev/null\necho 'no room for mail' >&2\nexit 75\n");
	assert_int_equal(send_it(&plain, &why), FAULT_UNAVAILABLE);
	assert_non_null(strstr(why.text, "no room for mail"));
	assert_int_equal(unlink(sendmail), 0);
	assert_int_equal(send_it(&plain, &why), FAULT_UNAVAILABLE);
	assert_non_null(strstr(why.text, sendmail));
}

/* One that reads nothing, or talks without an end, holds nobody up. */
static void
who_does_not_listen_is_not_waited_for(void **state)
{
	static char text[200 * 1024];
	struct mail mail = plain;
	struct why why;

	(void)state;
	memset(text, 'x', sizeof(text) - 2);
	text[sizeof(text) - 2] = '\n';
	mail.text = text;
	write_script("exit 0\n");
	assert_int_equal(send_it(&mail, &why), FAULT_NONE);
	write_script("head -c 300000 /dev/zero\ncat >message\n");
	assert_int_equal(send_it(&mail, &why), FAULT_NONE);
	assert_non_null(strstr(written("message"), "\n\nxxx"));
}

static pid_t
noted_pid(void)
{
	const char *text = written("pid");

	assert_non_null(text);
	return (pid_t)atol(text);
}

/* A mail program may go on delivering: its child has the pipe, and is left alone. */
static void
what_it_leaves_at_work_is_left(void **state)
{
	struct why why;
	pid_t left;

	(void)state;
	write_script("cat >message\nsleep 1000 &\necho $! >pid\n");
	assert_int_equal(send_it(&plain, &why), FAULT_NONE);
	left = noted_pid();
	assert_int_equal(kill(left, 0), 0);
	assert_int_equal(kill(left, SIGKILL), 0);
}

/* The shortest time there is: a second. */
static void
who_takes_too_long_is_ended(void **state)
{
	const char *argv[] = {sendmail, NULL};
	char fifo[96], byte;
	struct why why = {0};
	int end;

	(void)state;
	snprintf(fifo, sizeof(fifo), "%s/fifo", folder);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	end = open(fifo, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	assert_true(end >= 0);
	write_script("exec 9>fifo; sleep 1000\n");
	assert_int_equal(program_feed(argv, "text", 4, 1, &why), FAULT_UNAVAILABLE);
	assert_non_null(strstr(why.text, "took longer"));
	/* Nobody has the other end any more: neither the script nor what it ran. */
	assert_int_equal(fcntl(end, F_SETFL, 0), 0);
	assert_int_equal(read(end, &byte, 1), 0);
	close(end);
}

/* ---- letters ---- */

static const char code[] = "ABCD-EFGH-JKLM-NPQR";

static struct invitation
invitation_of(enum invite_kind kind)
{
	struct invitation invitation = {
	    .kind = kind, .until = 1795512600, /* 2026-11-24T09:30:00Z */
	    .uid = 65537};

	invitation.name = strdup("anna");
	invitation.email = strdup("anna@example.org");
	strcpy(invitation.code, code);
	return invitation;
}

static void
assert_letter(const char *part)
{
	const char *message = written("message");

	assert_non_null(message);
	if (strstr(message, part) == NULL)
		fail_msg("\"%s\" does not stand in: %s", part, message);
}

/* No line that a reader would have to fold, and no byte that a mail would have to encode. */
static void
assert_is_plain(void)
{
	const char *message = written("message");
	size_t column = 0;

	for (; *message != '\0'; message++) {
		assert_true(*message == '\n' || (*message >= ' ' && *message <= '~'));
		column = *message == '\n' ? 0 : column + 1;
		assert_true(column < 80);
	}
}

static void
a_code_comes_with_what_to_do(void **state)
{
	static const struct names none;
	static const struct {
		enum invite_kind kind;
		const char *subject;
		bool keeps;
	} kinds[] = {
	    {INVITE_FIRST, "Subject: Your account on desk1.example.org\n", false},
	    {INVITE_RESET, "Subject: A new password for your account on desk1.example.org\n", true},
	};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct invitation invitation = invitation_of(kinds[i].kind);
		struct why why = {0};

		assert_int_equal(letter_code(&invitation, &none, &why), FAULT_NONE);
		assert_string_equal(written("arguments"), "-i\n--\nanna@example.org\n");
		assert_letter(kinds[i].subject);
		assert_letter("\n    name: anna\n");
		assert_letter("\n    code: ABCD-EFGH-JKLM-NPQR\n");
		assert_letter("until 2026-11-24 09:30 UTC.");
		assert_is_plain();
		assert_int_equal(strstr(written("message"), "the old one stays good") != NULL,
		    kinds[i].keeps);
		assert_null(strstr(written("message"), "client"));
		invitation_clear(&invitation);
	}
}

/* In the message alone: neither in an argument nor in a header. */
static void
the_code_stands_in_the_text_alone(void **state)
{
	static const struct names none;
	struct invitation invitation = invitation_of(INVITE_FIRST);
	struct why why = {0};
	const char *message;

	(void)state;
	assert_int_equal(letter_code(&invitation, &none, &why), FAULT_NONE);
	assert_null(strstr(written("arguments"), code));
	assert_null(strstr(written("environment"), code));
	message = written("message");
	assert_true(strstr(message, code) > strstr(message, "\n\n"));
	write_script("exit 1\n");
	assert_int_equal(letter_code(&invitation, &none, &why), FAULT_UNAVAILABLE);
	assert_null(strstr(why.text, code));
	assert_null(strstr(why.mend, code));
	invitation_clear(&invitation);
}

static void
clients_are_named(void **state)
{
	struct invitation invitation = invitation_of(INVITE_FIRST);
	struct assigned assigned = {.name = invitation.name, .email = invitation.email};
	struct why why = {0};

	(void)state;
	assert_true(names_add(&assigned.clients, "acme"));
	assert_int_equal(letter_assigned(&assigned, &why), FAULT_NONE);
	assert_letter("Subject: New client for your account on desk1.example.org\n");
	assert_letter("Your account anna, kept on desk1.example.org, was given a client:\n\n"
	              "    acme\n");
	assert_true(names_add(&assigned.clients, "brill"));
	assert_int_equal(letter_assigned(&assigned, &why), FAULT_NONE);
	assert_letter("was given clients:\n\n    acme\n    brill\n");
	assert_is_plain();
	assert_int_equal(letter_code(&invitation, &assigned.clients, &why), FAULT_NONE);
	assert_letter("of these clients:\n\n    acme\n    brill\n");
	assert_is_plain();
	names_clear(&assigned.clients);
	invitation_clear(&invitation);
}

/* root may name a host as they like; but a mail has to be sent. */
static void
a_host_of_any_name_can_write(void **state)
{
	static const char *const odd[] = {"", "desk\nBcc: eve@example.org", "b\xc3\xbcro", "a b"};
	static const struct names none;

	(void)state;
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		struct invitation invitation = invitation_of(INVITE_FIRST);
		struct why why = {0};

		host_name = odd[i];
		assert_int_equal(letter_code(&invitation, &none, &why), FAULT_NONE);
		assert_letter("Subject: Your account on a host\n");
		assert_null(strstr(written("message"), "Bcc"));
		invitation_clear(&invitation);
	}
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(a_mail_is_handed_over_whole),
	    TEST(its_sender_is_said_twice),
	    TEST(nothing_of_the_caller_goes_along),
	    TEST(no_header_is_put_in),
	    TEST(what_the_program_says_is_said),
	    TEST(who_does_not_listen_is_not_waited_for),
	    TEST(what_it_leaves_at_work_is_left),
	    TEST(who_takes_too_long_is_ended),
	    TEST(a_code_comes_with_what_to_do),
	    TEST(the_code_stands_in_the_text_alone),
	    TEST(clients_are_named),
	    TEST(a_host_of_any_name_can_write),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
