/*
 * module_test.c - pam_hexa.so through libpam: its six entry points, and everything that can go
 * wrong with the helper.  Needs no root and no installation; the helper is fake_helper.c, which
 * does what the PAM service's name says.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pthread.h>
#include <pwd.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <security/pam_appl.h>
#include <security/pam_modutil.h>

#include "pam_hexa/message.h"

/* Nobody of /etc/passwd; the second has an account by another source of users. */
#define HERS      "hexa-test-anna"
#define ELSEWHERE "hexa-test-elsewhere"
#define LOCAL     "root"

enum { ELSEWHERE_UID = 4242, TEXT_BYTES = 4096 };

static char folder[TEXT_BYTES]; /* of pam.d */
static char build[TEXT_BYTES];  /* of the module and the fake helper */

/* What PAM calls the account of a name: instead of the host's sources of users. */
__attribute__((visibility("default"))) struct passwd *
pam_modutil_getpwnam(pam_handle_t *pamh, const char *name)
{
	static struct passwd account = {
		.pw_name = (char *)(uintptr_t)ELSEWHERE, .pw_uid = ELSEWHERE_UID};

	(void)pamh;
	return strcmp(name, ELSEWHERE) == 0 ? &account : NULL;
}

/* ---- a conversation ----------------------------------------------------------------------- */

struct talk {
	const char *answers[8]; /* in order; then none is given, which is a conversation's error */
	size_t asked;           /* prompts without echo */
	char said[TEXT_BYTES];  /* errors and other messages, a line each */
	size_t errors;          /* how many of these are errors */
	char prompts[TEXT_BYTES];
};

static void
add_line(char *to, const char *line)
{
	size_t size = strlen(to);

	snprintf(to + size, TEXT_BYTES - size, "%s\n", line);
}

static int
converse(int count, const struct pam_message **messages, struct pam_response **out, void *context)
{
	struct talk *talk = context;
	struct pam_response *responses = calloc((size_t)count, sizeof(*responses));

	assert_non_null(responses);
	for (int i = 0; i < count; i++) {
		const char *answer;

		if (messages[i]->msg_style != PAM_PROMPT_ECHO_OFF) {
			add_line(talk->said, messages[i]->msg);
			talk->errors += messages[i]->msg_style == PAM_ERROR_MSG;
			continue;
		}
		add_line(talk->prompts, messages[i]->msg);
		answer = talk->asked < 8 ? talk->answers[talk->asked] : NULL;
		talk->asked++;
		if (answer == NULL) {
			free(responses);
			return PAM_CONV_ERR;
		}
		responses[i].resp = strdup(answer);
	}
	*out = responses;
	return PAM_SUCCESS;
}

/*
 * For LeakSanitizer: what libpam 1.5 asked for by itself, in pam_get_authtok(), and dropped when the
 * rest of the conversation failed.  The module asks for nothing but through it.
 */
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void);

const char *
__lsan_default_suppressions(void)
{
	return "leak:pam_vprompt\n";
}

static void
no_delay(int result, unsigned microseconds, void *context)
{
	(void)result;
	(void)microseconds;
	(void)context;
}

/* ---- pam.d and handles -------------------------------------------------------------------- */

static void
write_service(const char *service, const char *control, const char *options, const char *below)
{
	static const char *const kinds[] = {"auth", "account", "session", "password"};
	char path[2 * TEXT_BYTES];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, service);
	file = fopen(path, "we");
	assert_non_null(file);
	for (size_t i = 0; i < 4; i++) {
		fprintf(file, "%s %s %s/pam_hexa.so %s\n", kinds[i], control, build, options);
		if (below != NULL)
			fprintf(file, "%s %s\n", kinds[i], below);
	}
	assert_int_equal(fclose(file), 0);
}

/* Whatever the module returns is what PAM returns. */
static void
plain_service(const char *service)
{
	write_service(service, "[default=ok]", "", NULL);
}

static pam_handle_t *
begin(const char *service, const char *user, struct talk *talk)
{
	struct pam_conv conversation = {converse, talk};
	pam_handle_t *pamh = NULL;

	assert_int_equal(
		pam_start_confdir(service, user, &conversation, folder, &pamh), PAM_SUCCESS);
	assert_int_equal(pam_set_item(pamh, PAM_FAIL_DELAY, (const void *)no_delay), PAM_SUCCESS);
	return pamh;
}

typedef int entry(pam_handle_t *pamh, int flags);

/* The six, in the order in which a login calls them. */
static const struct {
	const char *name;
	entry *call;
	bool asks; /* the helper */
} entries[] = {{"authenticate", pam_authenticate, true}, {"setcred", pam_setcred, false},
    {"acct_mgmt", pam_acct_mgmt, true}, {"open_session", pam_open_session, true},
    {"close_session", pam_close_session, false}, {"chauthtok", pam_chauthtok, true}};
enum { ENTRIES = 6 };

static const struct talk talkative = {.answers = {"a password of 12", "a password of 12",
    "a password of 12", "a password of 12", "a password of 12", "a password of 12"}};

/* One entry point, in a handle of its own. */
static int
call(entry *call_entry, const char *service, const char *user, int flags, struct talk *talk)
{
	struct talk unused = talkative;
	pam_handle_t *pamh = begin(service, user, talk == NULL ? &unused : talk);
	int result = call_entry(pamh, flags);

	assert_int_equal(pam_end(pamh, result), PAM_SUCCESS);
	return result;
}

static int
log_in(const char *service, const char *user, const char *password)
{
	struct talk talk = {.answers = {password}};

	return call(pam_authenticate, service, user, 0, &talk);
}

static int
count_descriptors(void)
{
	DIR *descriptors = opendir("/proc/self/fd");
	int count = 0;

	assert_non_null(descriptors);
	while (readdir(descriptors) != NULL)
		count++;
	closedir(descriptors);
	return count - 3; /* ".", ".." and the folder's own */
}

static bool
is_closed_fault(int result)
{
	return result == PAM_AUTHINFO_UNAVAIL || result == PAM_SYSTEM_ERR;
}

/*
 * Every entry point that needs the helper comes to a fault with this service, and leaves nothing
 * behind.
 */
static void
expect_faults(const char *service)
{
	int before;

	plain_service(service);
	call(pam_setcred, service, HERS, 0, NULL); /* libpam is loaded and warm */
	before = count_descriptors();
	for (size_t i = 0; i < ENTRIES; i++) {
		int result = call(entries[i].call, service, HERS, 0, NULL);

		if (entries[i].asks != is_closed_fault(result))
			fail_msg("%s, %s: %d", service, entries[i].name, result);
	}
	assert_int_equal(count_descriptors(), before);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* no child, dead or alive */
	assert_int_equal(errno, ECHILD);
}

static void
use_helper(const char *path)
{
	char full[2 * TEXT_BYTES];

	snprintf(full, sizeof(full), "%s/fake_helper", build);
	assert_int_equal(setenv("HEXA_TEST_HELPER", path == NULL ? full : path, 1), 0);
	assert_int_equal(setenv("HEXA_TEST_LIMIT", "60000", 1), 0);
	assert_int_equal(unsetenv("HEXA_TEST_FAIL"), 0);
}

static int
each(void **state)
{
	(void)state;
	use_helper(NULL);
	return 0;
}

/* ---- yes and no --------------------------------------------------------------------------- */

static void
test_yes(void **state)
{
	struct talk talk = talkative;
	pam_handle_t *pamh;

	(void)state;
	plain_service("yes");
	pamh = begin("yes", HERS, &talk);
	for (size_t i = 0; i < ENTRIES; i++)
		assert_int_equal(entries[i].call(pamh, 0), PAM_SUCCESS);
	assert_string_equal(pam_getenv(pamh, "HEXA_ROLES"), "fake roles");
	assert_int_equal(pam_end(pamh, PAM_SUCCESS), PAM_SUCCESS);
	assert_string_equal(talk.said, "");
}

/* Each verdict, as auth and as account say it. */
static void
test_verdicts(void **state)
{
	static const struct {
		int auth;
		int account;
	} expected[] = {
	    [VERDICT_UNKNOWN_USER] = {PAM_AUTH_ERR, PAM_USER_UNKNOWN},
	    [VERDICT_NOT_ACTIVE] = {PAM_AUTH_ERR, PAM_PERM_DENIED},
	    [VERDICT_NOT_YET_VALID] = {PAM_AUTH_ERR, PAM_ACCT_EXPIRED},
	    [VERDICT_EXPIRED] = {PAM_AUTH_ERR, PAM_ACCT_EXPIRED},
	    [VERDICT_TYPE_CANNOT_LOG_IN] = {PAM_AUTH_ERR, PAM_PERM_DENIED},
	    [VERDICT_NO_CONTACT] = {PAM_AUTH_ERR, PAM_PERM_DENIED},
	    [VERDICT_NO_ROLE] = {PAM_AUTH_ERR, PAM_PERM_DENIED},
	    [VERDICT_ROLE_DISABLED] = {PAM_AUTH_ERR, PAM_PERM_DENIED},
	    [VERDICT_NO_PERMISSION] = {PAM_AUTH_ERR, PAM_PERM_DENIED},
	    [VERDICT_WRONG_SITE] = {PAM_AUTH_ERR, PAM_PERM_DENIED},
	    [VERDICT_SERVICE_NOT_PERMITTED] = {PAM_AUTH_ERR, PAM_PERM_DENIED},
	    [VERDICT_LOCKED_OUT] = {PAM_AUTH_ERR, PAM_PERM_DENIED},
	    [VERDICT_MUST_CHANGE_PASSWORD] = {PAM_SUCCESS, PAM_NEW_AUTHTOK_REQD},
	    [VERDICT_ALLOWED] = {PAM_SUCCESS, PAM_SUCCESS},
	};
	char service[32];

	(void)state;
	for (int verdict = VERDICT_UNKNOWN_USER; verdict <= VERDICT_ALLOWED; verdict++) {
		struct talk talk = talkative;

		/* With no row it would be asked for PAM_SUCCESS. */
		if (verdict < VERDICT_MUST_CHANGE_PASSWORD && expected[verdict].account == PAM_SUCCESS)
			fail_msg("%s is in no row", verdict_name((enum verdict)verdict));
		snprintf(service, sizeof(service), "verdict-%d", verdict);
		plain_service(service);
		assert_int_equal(call(pam_authenticate, service, HERS, 0, &talk),
		    expected[verdict].auth);
		assert_string_equal(talk.said, ""); /* not one word about why */
		assert_int_equal(call(pam_acct_mgmt, service, HERS, 0, &talk),
		    expected[verdict].account);
		assert_string_equal(talk.said, "a sentence\n");
		/* With a yes it is a word on the way. */
		assert_int_equal(talk.errors, verdict != VERDICT_ALLOWED);
	}
}

static void
test_silent(void **state)
{
	struct talk talk = talkative;

	(void)state;
	plain_service("verdict-9");
	assert_int_equal(
		call(pam_acct_mgmt, "verdict-9", HERS, PAM_SILENT, &talk), PAM_PERM_DENIED);
	assert_string_equal(talk.said, "");
}

static void
test_wrong_password(void **state)
{
	(void)state;
	plain_service("password");
	assert_int_equal(log_in("password", HERS, "right password"), PAM_SUCCESS);
	assert_int_equal(log_in("password", HERS, "wrong password"), PAM_AUTH_ERR);
	assert_int_equal(log_in("password", HERS, ""), PAM_AUTH_ERR);
	assert_int_equal(log_in("password", HERS, NULL), PAM_AUTH_ERR);
}

/* ---- whose user it is --------------------------------------------------------------------- */

/* Whatever is wrong: a local user is told from Hexa's before a prompt, a helper, or an option. */
static void
test_local_user(void **state)
{
	static const int expected[ENTRIES] = {PAM_USER_UNKNOWN, PAM_USER_UNKNOWN, PAM_USER_UNKNOWN,
	    PAM_IGNORE, PAM_IGNORE, PAM_USER_UNKNOWN};

	(void)state;
	use_helper("/nonexistent/helper");
	write_service("local", "[default=ok]", "no-such-option", NULL);
	for (size_t i = 0; i < ENTRIES; i++) {
		struct talk talk = {.asked = 0};

		assert_int_equal(call(entries[i].call, "local", LOCAL, 0, &talk), expected[i]);
		assert_int_equal(talk.asked, 0);
		assert_string_equal(talk.said, "");
	}
}

/*
 * The line of the installed profile, above a module that lets everybody in: local users pass, also
 * where nothing was authenticated before setcred (cron, a key); a fault lets nobody past.
 */
static void
test_profile(void **state)
{
	static const char control[] =
		"[success=1 new_authtok_reqd=done user_unknown=ignore default=die]";
	static const char session[] = "[success=ok ignore=ignore user_unknown=ignore default=die]";
	static const char permit[] = "required pam_permit.so";

	(void)state;
	use_helper("/nonexistent/helper");
	write_service("yes", control, "", permit);
	assert_int_equal(call(pam_authenticate, "yes", LOCAL, 0, NULL), PAM_SUCCESS);
	assert_int_equal(call(pam_acct_mgmt, "yes", LOCAL, 0, NULL), PAM_SUCCESS);
	assert_int_equal(call(pam_setcred, "yes", LOCAL, PAM_ESTABLISH_CRED, NULL), PAM_SUCCESS);
	assert_int_equal(call(pam_chauthtok, "yes", LOCAL, 0, NULL), PAM_SUCCESS);
	assert_true(is_closed_fault(call(pam_authenticate, "yes", HERS, 0, NULL)));
	assert_true(is_closed_fault(call(pam_acct_mgmt, "yes", HERS, 0, NULL)));
	assert_true(is_closed_fault(call(pam_chauthtok, "yes", HERS, 0, NULL)));
	write_service("yes", session, "", permit);
	assert_int_equal(call(pam_open_session, "yes", LOCAL, 0, NULL), PAM_SUCCESS);
	assert_int_equal(call(pam_close_session, "yes", LOCAL, 0, NULL), PAM_SUCCESS);
	assert_true(is_closed_fault(call(pam_open_session, "yes", HERS, 0, NULL)));
	assert_int_equal(call(pam_close_session, "yes", HERS, 0, NULL), PAM_SUCCESS);
}

/* setcred after an authentication goes the way that one went. */
static void
test_setcred_after(void **state)
{
	static const char control[] =
		"[success=1 new_authtok_reqd=done user_unknown=ignore default=die]";
	static const char *const users[] = {HERS, LOCAL};

	(void)state;
	write_service("yes", control, "", "required pam_permit.so\nauth required pam_permit.so");
	for (size_t i = 0; i < 2; i++) {
		struct talk talk = talkative;
		pam_handle_t *pamh = begin("yes", users[i], &talk);

		assert_int_equal(pam_authenticate(pamh, 0), PAM_SUCCESS);
		assert_int_equal(pam_setcred(pamh, PAM_ESTABLISH_CRED), PAM_SUCCESS);
		assert_int_equal(pam_setcred(pamh, PAM_DELETE_CRED), PAM_SUCCESS);
		assert_int_equal(pam_end(pamh, PAM_SUCCESS), PAM_SUCCESS);
	}
}

/* Asked like anybody, refused like a wrong password; unless another source knows them. */
static void
test_unknown_user(void **state)
{
	struct talk talk = talkative, hers = talkative;

	(void)state;
	plain_service("unknown");
	plain_service("wrong");
	assert_int_equal(call(pam_authenticate, "unknown", HERS, 0, &talk), PAM_AUTH_ERR);
	assert_int_equal(call(pam_authenticate, "wrong", HERS, 0, &hers), PAM_AUTH_ERR);
	assert_string_equal(talk.prompts, hers.prompts);
	assert_string_equal(talk.said, hers.said);
	assert_int_equal(call(pam_authenticate, "unknown", ELSEWHERE, 0, NULL), PAM_USER_UNKNOWN);
	assert_int_equal(call(pam_acct_mgmt, "unknown", ELSEWHERE, 0, NULL), PAM_USER_UNKNOWN);
	assert_int_equal(call(pam_acct_mgmt, "unknown", HERS, 0, NULL), PAM_USER_UNKNOWN);
	assert_int_equal(call(pam_open_session, "unknown", ELSEWHERE, 0, NULL), PAM_IGNORE);
	talk = talkative;
	assert_int_equal(call(pam_chauthtok, "unknown", ELSEWHERE, 0, &talk), PAM_USER_UNKNOWN);
	assert_int_equal(talk.asked, 0);
}

/* ---- what is asked ------------------------------------------------------------------------ */

static void
test_question(void **state)
{
	static char place[300];
	struct talk talk = talkative;
	pam_handle_t *pamh;

	(void)state;
	plain_service("echo");
	pamh = begin("echo", ELSEWHERE, &talk);
	memset(place, 'r', sizeof(place) - 1);
	assert_int_equal(pam_set_item(pamh, PAM_RHOST, place), PAM_SUCCESS);
	assert_int_equal(pam_set_item(pamh, PAM_TTY, "../../etc"), PAM_SUCCESS);
	assert_int_equal(pam_acct_mgmt(pamh, 0), PAM_PERM_DENIED);
	assert_int_equal(pam_end(pamh, PAM_SUCCESS), PAM_SUCCESS);
	assert_string_equal(talk.said, "2 service echo user 19 hexa-test-elsewhere rhost 255 tty "
	    "../../etc password 0 fresh 0 proof 0 account 4242\n");
}

/* A name that is longer than anybody's is asked about as nobody's. */
static void
test_long_names(void **state)
{
	static const size_t lengths[] = {0, 1, 254, 255, 256, 65535};
	static char name[65536];

	(void)state;
	plain_service("echo");
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		size_t asked = lengths[i] <= MESSAGE_USER_MAX ? lengths[i] : 0;
		struct talk talk = talkative;
		char expected[64];

		memset(name, 'u', sizeof(name));
		name[lengths[i]] = '\0';
		assert_int_equal(call(pam_acct_mgmt, "echo", name, 0, &talk), PAM_PERM_DENIED);
		snprintf(expected, sizeof(expected), "2 service echo user %zu ", asked);
		assert_memory_equal(talk.said, expected, strlen(expected));
	}
}

/* How long a new password is when the helper gets it. */
static void
expect_fresh(const char *typed, size_t size)
{
	struct talk talk = {.answers = {typed, typed, typed, typed}};
	char expected[32];

	if (getuid() != 0) /* asked for the old one first */
		talk.answers[0] = "right password";
	write_service("echo", "[default=ok]", "", NULL);
	assert_int_equal(call(pam_chauthtok, "echo", HERS, 0, &talk), PAM_AUTHTOK_ERR);
	snprintf(expected, sizeof(expected), " fresh %zu ", size);
	assert_non_null(strstr(talk.said, expected));
}

/*
 * Nobody's passwords, which sshd makes up as long as what was typed, go out as none; so do too long
 * ones.
 */
static void
test_passwords(void **state)
{
	static const size_t lengths[] = {1, 9, 511, 512, 513, 65536, 1 << 20};
	static const char made_up[] = "\b\n\r\177INCORRECT\b\n\r\177INCORRECT\b\n\r";
	static char password[(1 << 20) + 1];

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		memset(password, 'p', sizeof(password));
		password[lengths[i]] = '\0';
		expect_fresh(password, lengths[i] <= PASSWORD_BYTES ? lengths[i] : 0);
	}
	expect_fresh("", 0);
	expect_fresh(made_up, 0);
	expect_fresh(made_up + sizeof(made_up) - 4, 0); /* "\b\n\r" */
	expect_fresh("\b\n\r\177INCORRECt", 13);
}

/* ---- options ------------------------------------------------------------------------------ */

static void
test_options(void **state)
{
	(void)state;
	write_service("yes", "[default=ok]", "debug try_first_pass", NULL);
	for (size_t i = 0; i < ENTRIES; i++)
		assert_int_equal(call(entries[i].call, "yes", HERS, 0, NULL), PAM_SUCCESS);
	write_service("yes", "[default=ok]", "debug=1", NULL);
	for (size_t i = 0; i < ENTRIES; i++)
		assert_int_equal(call(entries[i].call, "yes", HERS, 0, NULL), PAM_SYSTEM_ERR);
}

static void
test_use_first_pass(void **state)
{
	struct talk talk = talkative;

	(void)state;
	write_service("yes", "[default=ok]", "use_first_pass", NULL);
	assert_int_equal(call(pam_authenticate, "yes", HERS, 0, &talk), PAM_AUTH_ERR);
	assert_int_equal(talk.asked, 0);
	/* A second module of ours takes what the first has asked for. */
	write_service("password", "[success=ok default=die]", "", NULL);
	char line[2 * TEXT_BYTES], path[2 * TEXT_BYTES];
	snprintf(path, sizeof(path), "%s/password", folder);
	snprintf(line, sizeof(line),
		"auth [success=ok default=die] %s/pam_hexa.so use_first_pass\n", build);
	FILE *file = fopen(path, "ae");
	assert_non_null(file);
	fputs(line, file);
	assert_int_equal(fclose(file), 0);
	talk = (struct talk){.answers = {"right password"}};
	assert_int_equal(call(pam_authenticate, "password", HERS, 0, &talk), PAM_SUCCESS);
	assert_int_equal(talk.asked, 1);
}

/* ---- passwords that change ---------------------------------------------------------------- */

static void
test_change(void **state)
{
	struct talk talk = {.answers = {"right password", "short", "short", "long enough then",
	    "long enough then"}};
	size_t old = getuid() == 0 ? 0 : 1;

	(void)state;
	plain_service("password");
	memmove(talk.answers, talk.answers + (1 - old), 4 * sizeof(talk.answers[0]));
	if (old == 0)
		talk.answers[3] = "long enough then";
	assert_int_equal(call(pam_chauthtok, "password", HERS, 0, &talk), PAM_SUCCESS);
	assert_int_equal(talk.asked, old + 4);
	assert_string_equal(talk.said, "the password is too short\n");
}

static void
test_change_expired(void **state)
{
	struct talk talk = {.answers = {"wrong password", "long enough then", "long enough then"}};
	struct talk right = {.answers = {"right password", "long enough then", "long enough then"}};

	(void)state;
	plain_service("password");
	assert_int_equal(call(pam_chauthtok, "password", HERS, PAM_CHANGE_EXPIRED_AUTHTOK, &talk),
	    PAM_AUTH_ERR);
	assert_int_equal(talk.asked, 1);
	assert_int_equal(call(pam_chauthtok, "password", HERS, PAM_CHANGE_EXPIRED_AUTHTOK, &right),
	    PAM_SUCCESS);
	assert_int_equal(right.asked, 3);
}

/* The same that was refused is not tried again, and three tries are the most. */
static void
test_change_refused(void **state)
{
	struct talk stubborn = {
		.answers = {"right password", "short", "short", "short", "short", "short"}};
	struct talk varied = {.answers = {"right password", "a", "a", "b", "b", "c", "c", "d"}};
	struct talk mistyped = {
		.answers = {"right password", "long enough then", "long enough than",
			"long enough then", "long enough then"}};
	int flags = PAM_CHANGE_EXPIRED_AUTHTOK;

	(void)state;
	plain_service("password");
	assert_int_equal(call(pam_chauthtok, "password", HERS, flags, &stubborn), PAM_AUTHTOK_ERR);
	assert_string_equal(stubborn.said, "the password is too short\n");
	assert_int_equal(call(pam_chauthtok, "password", HERS, flags, &varied), PAM_AUTHTOK_ERR);
	assert_int_equal(varied.asked, 7);
	assert_int_equal(call(pam_chauthtok, "password", HERS, flags, &mistyped), PAM_SUCCESS);
	write_service("password", "[default=ok]", "use_authtok", NULL);
	assert_int_equal(call(pam_chauthtok, "password", HERS, flags, &varied), PAM_AUTH_ERR);
}

/*
 * One handle, from a password that was right to its change: must-change is said only to whoever
 * gave one, and root's programs do not ask for it twice.
 */
static void
test_must_change(void **state)
{
	struct talk talk = {.answers = {"right password", "long enough then", "long enough then"}};
	pam_handle_t *pamh;

	(void)state;
	plain_service("password");
	assert_int_equal(call(pam_acct_mgmt, "password", HERS, 0, &talk), PAM_SUCCESS);
	pamh = begin("password", HERS, &talk);
	assert_int_equal(pam_authenticate(pamh, 0), PAM_SUCCESS);
	assert_int_equal(pam_acct_mgmt(pamh, 0), PAM_NEW_AUTHTOK_REQD);
	if (geteuid() != 0)
		memcpy(talk.answers, (const char *[]){NULL, "right password", "long enough then",
		    "long enough then"}, 4 * sizeof(talk.answers[0]));
	assert_int_equal(pam_chauthtok(pamh, PAM_CHANGE_EXPIRED_AUTHTOK), PAM_SUCCESS);
	assert_int_equal(talk.asked, geteuid() == 0 ? 3 : 4);
	/* What was proved is used up: the next change asks again. */
	assert_int_equal(pam_chauthtok(pamh, PAM_CHANGE_EXPIRED_AUTHTOK), PAM_AUTHTOK_RECOVERY_ERR);
	assert_int_equal(pam_end(pamh, PAM_SUCCESS), PAM_SUCCESS);
}

/*
 * One handle, from a one-time code to the change that it forces: root's programs ask for the new
 * password alone, and say to the helper what the old one was.
 */
static void
test_code(void **state)
{
	struct talk talk = {.answers = {"ABCD", "tell me the proof", "tell me the proof",
	    "long enough then", "long enough then"}};
	pam_handle_t *pamh;

	(void)state;
	if (geteuid() != 0)
		skip();
	plain_service("code");
	pamh = begin("code", HERS, &talk);
	assert_int_equal(pam_authenticate(pamh, 0), PAM_SUCCESS);
	assert_int_equal(pam_acct_mgmt(pamh, 0), PAM_NEW_AUTHTOK_REQD);
	assert_int_equal(pam_chauthtok(pamh, PAM_CHANGE_EXPIRED_AUTHTOK), PAM_SUCCESS);
	assert_int_equal(talk.asked, 5);
	assert_non_null(strstr(talk.said, "proof 2 cccccccccccccccccccccccccccccccc\n"));
	assert_null(strstr(talk.prompts, "Current"));
	assert_int_equal(pam_acct_mgmt(pamh, 0), PAM_SUCCESS); /* the proof is used up */
	assert_int_equal(pam_end(pamh, PAM_SUCCESS), PAM_SUCCESS);
}

/* Another program, as passwd(1) in sshd's session: what stands for the old password is said. */
static void
test_code_as_old_password(void **state)
{
	static const char by_code[] = "Current password or one-time code: \n";
	struct talk talk = {.answers = {"ABCD", "long enough then", "long enough then"}};
	struct talk plain = talk, wrong = {.answers = {"ABCE"}};
	int flags = PAM_CHANGE_EXPIRED_AUTHTOK;

	(void)state;
	plain_service("code");
	plain_service("password");
	assert_int_equal(call(pam_chauthtok, "code", HERS, flags, &talk), PAM_SUCCESS);
	assert_int_equal(talk.asked, 3);
	assert_memory_equal(talk.prompts, by_code, strlen(by_code));
	assert_int_equal(call(pam_chauthtok, "password", HERS, flags, &plain), PAM_SUCCESS);
	assert_memory_equal(plain.prompts, "Current password: \n", 19);
	assert_int_equal(call(pam_chauthtok, "code", HERS, flags, &wrong), PAM_AUTH_ERR);
	assert_int_equal(wrong.asked, 1);
}

/* A proof is one name's, and ends with the next attempt. */
static void
test_proof(void **state)
{
	struct talk talk = {.answers = {"right password", "wrong password"}};
	pam_handle_t *pamh;

	(void)state;
	plain_service("password");
	pamh = begin("password", HERS, &talk);
	assert_int_equal(pam_authenticate(pamh, 0), PAM_SUCCESS);
	assert_int_equal(pam_set_item(pamh, PAM_USER, ELSEWHERE), PAM_SUCCESS);
	assert_int_equal(pam_acct_mgmt(pamh, 0), PAM_SUCCESS); /* nothing proved: no must-change */
	assert_int_equal(pam_set_item(pamh, PAM_USER, HERS), PAM_SUCCESS);
	assert_int_equal(pam_acct_mgmt(pamh, 0), PAM_NEW_AUTHTOK_REQD);
	assert_int_equal(pam_authenticate(pamh, 0), PAM_AUTH_ERR);
	assert_int_equal(pam_acct_mgmt(pamh, 0), PAM_SUCCESS);
	assert_int_equal(pam_end(pamh, PAM_SUCCESS), PAM_SUCCESS);
}

static void
test_user_stays(void **state)
{
	struct talk talk = talkative;
	const void *user = NULL;
	pam_handle_t *pamh;

	(void)state;
	plain_service("yes");
	pamh = begin("yes", "Anna@Example.com", &talk);
	for (size_t i = 0; i < ENTRIES; i++)
		assert_int_equal(entries[i].call(pamh, 0), PAM_SUCCESS);
	assert_int_equal(pam_get_item(pamh, PAM_USER, &user), PAM_SUCCESS);
	assert_string_equal(user, "Anna@Example.com");
	assert_int_equal(pam_end(pamh, PAM_SUCCESS), PAM_SUCCESS);
}

/* ---- everything that can go wrong --------------------------------------------------------- */

static void
test_answers_that_are_none(void **state)
{
	static const char *const services[] = {"silent", "killed", "garbage", "empty", "too-long",
	    "other-question", "truncated", "twice", "answered-killed", "answered-exit-1", "fault"};

	(void)state;
	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++)
		expect_faults(services[i]);
}

static void
test_helpers_that_are_none(void **state)
{
	char plain[2 * TEXT_BYTES];

	(void)state;
	snprintf(plain, sizeof(plain), "%s/yes", folder); /* a file without an x */
	const char *const paths[] = {"/nonexistent/helper", folder, plain, "/dev/null", "/bin/true",
	    "/bin/false"};
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		use_helper(paths[i]);
		expect_faults("yes");
	}
	use_helper(NULL);
	plain_service("yes");
	assert_int_equal(log_in("yes", HERS, "a password"), PAM_SUCCESS);
}

static void
test_time_limit(void **state)
{
	(void)state;
	assert_int_equal(setenv("HEXA_TEST_LIMIT", "200", 1), 0);
	expect_faults("hang");
	expect_faults("answered-hang");
}

static void
test_failing_calls(void **state)
{
	static const char *const calls[] = {
		"malloc", "socketpair", "fork", "pidfd_open", "send", "recv", "poll", "waitid"};

	(void)state;
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		assert_int_equal(setenv("HEXA_TEST_FAIL", calls[i], 1), 0);
		plain_service("yes");
		for (size_t j = 0; j < ENTRIES; j++) {
			int result = call(entries[j].call, "yes", HERS, 0, NULL);

			if (entries[j].asks != is_closed_fault(result))
				fail_msg("%s, %s: %d", calls[i], entries[j].name, result);
		}
		/* One that could not be waited for may still be there. */
		while (waitpid(-1, NULL, 0) > 0)
			;
	}
}

/* With fewer descriptors than it takes, at each number of them: closed, until there are enough. */
static void
test_no_descriptors(void **state)
{
	struct rlimit before, limit;
	int result = PAM_SYSTEM_ERR, open_now = count_descriptors();

	(void)state;
	plain_service("yes");
	log_in("yes", HERS, "a password");
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	for (int more = -1; more < 16 && result != PAM_SUCCESS; more++) {
		struct talk talk = talkative;
		pam_handle_t *pamh = begin("yes", HERS, &talk);

		limit = (struct rlimit){(rlim_t)(open_now + more), before.rlim_max};
		assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
		result = pam_authenticate(pamh, 0);
		assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
		assert_true(result == PAM_SUCCESS || is_closed_fault(result));
		assert_true(result != PAM_SUCCESS || more >= 0);
		pam_end(pamh, result);
		assert_int_equal(count_descriptors(), open_now);
	}
	assert_int_equal(result, PAM_SUCCESS);
}

/* ---- a guest's manners -------------------------------------------------------------------- */

static volatile sig_atomic_t signals;

static void
count_signal(int number)
{
	(void)number;
	signals++;
}

static void
reap_all(int number)
{
	int kept = errno;

	(void)number;
	while (waitpid(-1, NULL, WNOHANG) > 0)
		signals++;
	errno = kept;
}

/* Whatever the host does with its children, a yes is a yes, a no is a no, and its handler stays. */
static void
test_sigchld(void **state)
{
	void (*const handlers[])(int) = {SIG_IGN, SIG_DFL, reap_all, count_signal};

	(void)state;
	plain_service("yes");
	plain_service("silent");
	plain_service("wrong");
	for (size_t i = 0; i < 4; i++) {
		struct sigaction wanted = {.sa_handler = handlers[i]}, before, after;

		assert_int_equal(sigaction(SIGCHLD, &wanted, &before), 0);
		for (int j = 0; j < 10; j++) {
			assert_int_equal(log_in("yes", HERS, "a password"), PAM_SUCCESS);
			assert_int_equal(log_in("wrong", HERS, "a password"), PAM_AUTH_ERR);
			assert_int_equal(
				log_in("silent", HERS, "a password"), PAM_AUTHINFO_UNAVAIL);
		}
		assert_int_equal(sigaction(SIGCHLD, &before, &after), 0);
		assert_ptr_equal(after.sa_handler, handlers[i]);
	}
}

/* The helper is gone before it is asked: an error, and no signal. */
static void
test_sigpipe(void **state)
{
	struct sigaction wanted = {.sa_handler = count_signal}, before, after;

	(void)state;
	plain_service("yes");
	use_helper("/bin/true");
	assert_int_equal(setenv("HEXA_TEST_FAIL", "late", 1), 0);
	assert_int_equal(sigaction(SIGPIPE, &wanted, &before), 0);
	signals = 0;
	assert_int_equal(log_in("yes", HERS, "a password"), PAM_AUTHINFO_UNAVAIL);
	assert_int_equal(signals, 0);
	assert_int_equal(sigaction(SIGPIPE, &before, &after), 0);
	assert_ptr_equal(after.sa_handler, count_signal);
}

/* Signals that arrive all the time, and interrupt what they can. */
static void
test_interrupted(void **state)
{
	struct sigaction wanted = {.sa_handler = count_signal}, before;
	timer_t timer;
	struct itimerspec often = {{0, 200000}, {0, 200000}};

	(void)state;
	plain_service("yes");
	assert_int_equal(sigaction(SIGALRM, &wanted, &before), 0);
	assert_int_equal(timer_create(CLOCK_MONOTONIC, NULL, &timer), 0);
	assert_int_equal(timer_settime(timer, 0, &often, NULL), 0);
	for (int i = 0; i < 20; i++)
		assert_int_equal(log_in("yes", HERS, "a password"), PAM_SUCCESS);
	assert_int_equal(timer_delete(timer), 0);
	assert_int_equal(sigaction(SIGALRM, &before, NULL), 0);
}

static const char *
surroundings(void)
{
	static struct talk talk;

	talk = talkative;
	assert_int_equal(call(pam_acct_mgmt, "report", HERS, 0, &talk), PAM_PERM_DENIED);
	return talk.said;
}

/*
 * The helper finds nothing of its caller's: one descriptor, no environment, no signals, folder /.
 */
static void
test_surroundings(void **state)
{
	char expected[TEXT_BYTES];
	sigset_t blocked, before;
	int extra = open("/dev/null", O_RDONLY); /* not close-on-exec: the host's carelessness */

	(void)state;
	assert_true(extra >= 0);
	assert_int_equal(setenv("LD_PRELOAD", "/nonexistent.so", 1), 0);
	assert_int_equal(setenv("HEXA_ROOT", "/tmp", 1), 0);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTERM);
	sigaddset(&blocked, SIGALRM);
	assert_int_equal(pthread_sigmask(SIG_BLOCK, &blocked, &before), 0);
	assert_ptr_not_equal(signal(SIGINT, SIG_IGN), SIG_ERR);
	assert_ptr_not_equal(signal(SIGPIPE, SIG_IGN), SIG_ERR);
	snprintf(expected, sizeof(expected),
		"fds 1 env 0 args 1 ignored 0 blocked 0 umask 077 folder / uids %d %d %d gid %d "
		"groups %d\n",
		(int)getuid(), (int)getuid(), (int)getuid(), (int)(getuid() == 0 ? 0 : getgid()),
		getuid() == 0 ? 0 : getgroups(0, NULL));
	plain_service("report");
	assert_string_equal(surroundings(), expected);
	assert_ptr_not_equal(signal(SIGINT, SIG_DFL), SIG_ERR);
	assert_ptr_not_equal(signal(SIGPIPE, SIG_DFL), SIG_ERR);
	assert_int_equal(pthread_sigmask(SIG_SETMASK, &before, NULL), 0);
	assert_int_equal(unsetenv("LD_PRELOAD"), 0);
	assert_int_equal(close(extra), 0);
}

/* What runs in a child of the test's: exit status 0 is right. */
static void
in_child(bool (*right)(void))
{
	pid_t child = fork();
	int status = -1;

	assert_true(child >= 0);
	if (child == 0)
		_exit(right() ? 0 : 1);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

/* As su runs: the real uid is the person's, and root asks. */
static bool
asks_as_root(void)
{
	gid_t group = 4242;

	return setgroups(1, &group) == 0 && setresgid(4242, 4242, 4242) == 0 &&
	    setresuid(4242, 0, 4242) == 0 &&
	    strstr(surroundings(), "uids 0 0 0 gid 0 groups 0") != NULL && getuid() == 4242 &&
	    getegid() == 4242 && getgroups(0, NULL) == 1;
}

static bool
asks_as_user(void)
{
	return setgroups(0, NULL) == 0 && setresgid(4242, 4242, 4242) == 0 &&
	    setresuid(4242, 4242, 4242) == 0 &&
	    strstr(surroundings(), "uids 4242 4242 4242 gid 4242 groups 0") != NULL;
}

static void
test_who_asks(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	plain_service("report");
	in_child(asks_as_root);
	assert_int_equal(chmod(folder, 0755), 0);
	in_child(asks_as_user);
}

/* A host that has closed its standard descriptors, and then writes to them. */
static bool
asks_without(const bool closed[3])
{
	for (int fd = 0; fd < 3; fd++)
		if (closed[fd])
			close(fd);
	if (log_in("yes", HERS, "a password") != PAM_SUCCESS ||
		strstr(surroundings(), "fds 1 ") == NULL)
		return false;
	for (int fd = 0; fd < 3; fd++)
		if (closed[fd] && (fcntl(fd, F_GETFD) != -1 || open("/dev/null", O_RDWR) != fd))
			return false;
	return true;
}

static bool
asks_without_descriptors(void)
{
	for (unsigned set = 1; set < 8; set++)
		if (!asks_without((const bool[3]){set & 1, set & 2, set & 4}))
			return false;
	return true;
}

static void
test_closed_descriptors(void **state)
{
	(void)state;
	plain_service("yes");
	plain_service("report");
	in_child(asks_without_descriptors);
}

static void *
log_in_often(void *context)
{
	bool *right = context;

	*right = true;
	for (int i = 0; i < 20; i++)
		*right &= log_in("yes", HERS, "a password") == PAM_SUCCESS &&
		    log_in("wrong", HERS, "a password") == PAM_AUTH_ERR;
	return NULL;
}

static void
test_threads(void **state)
{
	pthread_t thread[8];
	bool right[8] = {false};
	int before = count_descriptors();

	(void)state;
	plain_service("yes");
	plain_service("wrong");
	for (size_t i = 0; i < 8; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, log_in_often, &right[i]), 0);
	for (size_t i = 0; i < 8; i++) {
		assert_int_equal(pthread_join(thread[i], NULL), 0);
		assert_true(right[i]);
	}
	assert_int_equal(count_descriptors(), before);
}

/* ---- */

static int
find_build(void)
{
	ssize_t size = readlink("/proc/self/exe", build, sizeof(build) - 1);

	if (size <= 0)
		return -1;
	build[size] = '\0';
	*strrchr(build, '/') = '\0';
	return 0;
}

static int
begin_all(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/hexa-module-test-XXXXXX");
	return find_build() == 0 && mkdtemp(folder) != NULL ? 0 : -1;
}

static int
end_all(void **state)
{
	DIR *files = opendir(folder);
	struct dirent *file;

	(void)state;
	if (files == NULL)
		return -1;
	while ((file = readdir(files)) != NULL)
		unlinkat(dirfd(files), file->d_name, 0);
	closedir(files);
	return rmdir(folder);
}

#define TEST(name) cmocka_unit_test_setup(test_##name, each)

int
main(void)
{
	const struct CMUnitTest tests[] = {TEST(yes), TEST(verdicts), TEST(silent),
		TEST(wrong_password), TEST(local_user), TEST(profile), TEST(setcred_after),
		TEST(unknown_user), TEST(question), TEST(long_names), TEST(passwords),
		TEST(options), TEST(use_first_pass), TEST(change), TEST(change_expired),
		TEST(change_refused), TEST(must_change), TEST(code), TEST(code_as_old_password),
		TEST(proof), TEST(user_stays),
		TEST(answers_that_are_none), TEST(helpers_that_are_none), TEST(time_limit),
		TEST(failing_calls), TEST(no_descriptors), TEST(sigchld), TEST(sigpipe),
		TEST(interrupted), TEST(surroundings), TEST(who_asks), TEST(closed_descriptors),
		TEST(threads)};

	return cmocka_run_group_tests(tests, begin_all, end_all);
}
