/*
 * login_fixture.h - a host with one user, anna, who may log in by sshd: for the tests of what a
 * login asks of the database.
 */
#ifndef HEXA_TESTS_LOGIN_FIXTURE_H
#define HEXA_TESTS_LOGIN_FIXTURE_H

#include "tests/unit/accounts_fixture.h"

#include <errno.h>
#include <fcntl.h>

#include "accounts/login.h"

#define ANNAS "annas very long password"
#define OTHER "another very long password"
#define THIRD "a third very long password"

static uint32_t anna;

/* The stamp of what was proved last, as PAM's handle keeps it. */
static unsigned char proved[CRYPTO_HASH_BYTES];

/* A change by an administrator.  None has the database open while a login looks, as on a host. */
#define AS_ADMIN(fixture, call) \
	do { \
		fixture_open(fixture, &plain_root); \
		assert_good(fixture, call); \
		admin_close(&(fixture)->admin); \
	} while (0)

/* anna may log in by sshd, by a role that sudo needs another for. */
__attribute__((unused)) static int
setup(void **state)
{
	static const char yaml[] = "hexa-policy: 1\n"
				   "lockout: {failures: 0}\n"
				   "password: {" CHEAP "}\n"
				   "permissions:\n"
				   "  shell.login: {services: [sshd, passwd]}\n"
				   "  shell.sudo: {services: [sudo]}\n"
				   "roles:\n"
				   "  technician: {permissions: [shell.login], group: no}\n"
				   "  spare: {permissions: [shell.login], group: no}\n"
				   "  visitor: {group: no}\n";
	int result = fixture_setup(state);
	struct fixture *fixture = *state;
	struct user made = {0};

	make_folder(fixture->root, "/run"); /* as every host has */
	assert_good(fixture, apply(fixture, yaml));
	assert_good(fixture, account_add(&fixture->admin, "anna",
	    EDITS(PERSON("Anna", "Berg", "technician"), USER_SET("email", "anna@example.org"),
	        USER_SET("phone", "+46701234567")), ANNAS, &made, &fixture->why));
	anna = made.uid;
	user_clear(&made);
	admin_close(&fixture->admin);
	return result;
}

__attribute__((unused)) static int
teardown(void **state)
{
	fixture_open(*state, &plain_root);
	return fixture_teardown(state);
}

/* What no operation of accounts/ does yet. */
__attribute__((unused)) static void
write_record(struct fixture *fixture, const char *name,
    enum fault (*alter)(struct txn *txn, const char *name, struct why *why))
{
	static const struct actor root = {.name = "root", .login_uid = UINT32_MAX};
	struct store *store = NULL;
	struct txn *txn = NULL;

	assert_good(fixture, store_open(fixture->root, 0, &store, &fixture->why));
	assert_good(fixture, store_write_begin(store, &root, "test", NOW, &txn, &fixture->why));
	assert_good(fixture, alter(txn, name, &fixture->why));
	assert_good(fixture, store_commit(txn, NULL, &fixture->why));
	store_close(store);
}

__attribute__((unused)) static struct login
login_of(const struct fixture *fixture, const char *user)
{
	return (struct login){.root = fixture->root,
	    .account = LOGIN_NO_ACCOUNT,
	    .user = user,
	    .service = "sshd",
	    .from = "192.0.2.7",
	    .now = NOW + 60};
}

/* What authentication and the account phase say, and that they name the user or nobody. */
__attribute__((unused)) static void
assert_verdicts(struct fixture *fixture, const struct login *login, const char *password,
    enum verdict authenticated, enum verdict account)
{
	struct login_answer answer = {0};

	assert_good(fixture, login_authenticate(login, password, &answer, &fixture->why));
	assert_int_equal(answer.verdict, authenticated);
	assert_string_equal(answer.name, authenticated == VERDICT_UNKNOWN_USER ? "" : "anna");
	answer = (struct login_answer){0};
	assert_good(fixture, login_account(login, &answer, &fixture->why));
	assert_int_equal(answer.verdict, account);
	assert_int_equal(answer.uid, account == VERDICT_UNKNOWN_USER ? 0 : anna);
}

/*
 * The policy of setup(), with these lines before its permissions; if none is about it, nobody is
 * locked out, and hashes are cheap.
 */
__attribute__((unused)) static void
with_settings(struct fixture *fixture, const char *settings)
{
	char yaml[1024];

	assert_in_range(snprintf(yaml, sizeof(yaml), "hexa-policy: 1\n%s%s%s"
	    "permissions:\n"
	    "  feeds.push: {services: [feeds], types: [integration]}\n"
	    "  logs.read: {unix-groups: [painters]}\n"
	    "  shell.login: {services: [sshd, passwd]}\n"
	    "  shell.sudo: {services: [sudo]}\n"
	    "roles:\n"
	    "  feeder: {permissions: [feeds.push], group: no}\n"
	    "  technician: {permissions: [shell.login], group: no, access-back: 90}\n"
	    "  spare: {permissions: [shell.login], group: no, access-back: 900}\n"
	    "  visitor: {group: no, access-back: 365}\n", settings,
	    strstr(settings, "lockout:") == NULL ? "lockout: {failures: 0}\n" : "",
	    strstr(settings, "password:") == NULL ? "password: {" CHEAP "}\n" : ""),
	    1, sizeof(yaml) - 1);
	AS_ADMIN(fixture, apply(fixture, yaml));
}

__attribute__((unused)) static void
assert_password(struct fixture *fixture, const char *password, bool right)
{
	struct login login = login_of(fixture, "anna");
	struct login_answer answer = {0};

	login.service = "any";
	assert_good(fixture, login_verify_password(&login, password, &answer, &fixture->why));
	assert_int_equal(answer.verdict, right ? VERDICT_ALLOWED : VERDICT_NONE);
}

/* What is typed is the user's, and is remembered as a proof. */
__attribute__((unused)) static void
prove(struct fixture *fixture, const char *typed)
{
	struct login login = login_of(fixture, "anna");
	struct login_answer answer = {0};

	assert_good(fixture, login_verify_password(&login, typed, &answer, &fixture->why));
	assert_int_not_equal(answer.proof, PROOF_NOTHING);
	memcpy(proved, answer.stamp, sizeof(proved));
}

__attribute__((unused)) static enum fault
change(struct fixture *fixture, enum proof proof, const char *old, const char *fresh)
{
	struct login login = login_of(fixture, "anna");
	struct actor actor = {.login_uid = UINT32_MAX};
	struct login_answer answer = {0};

	login.proof = proof;
	login.stamp = proved;
	if (old == NULL && proof == PROOF_NOTHING)
		strcpy(actor.name, "root");
	return login_change_password(&login, &actor, old, fresh, &answer, &fixture->why);
}

/* The turnstile's file, held whole, and whether a process has it open. */
__attribute__((unused)) static int
hold_turnstile(struct fixture *fixture)
{
	struct flock all = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	char path[256];
	int fd, high;

	snprintf(path, sizeof(path), "%s/run/hexa", fixture->root);
	assert_true(mkdir(path, 0700) == 0 || errno == EEXIST);
	strcat(path, "/verifications");
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(fcntl(fd, F_OFD_SETLK, &all), 0);
	/* Out of the way of is_waiting(): a child has it too, until it closes it. */
	high = fcntl(fd, F_DUPFD_CLOEXEC, 100);
	assert_true(high >= 100);
	close(fd);
	return high;
}

__attribute__((unused)) static bool
is_waiting(pid_t child)
{
	char path[64], target[256];
	bool waits = false;

	for (int fd = 3; fd < 32 && !waits; fd++) {
		snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)child, fd);
		ssize_t size = readlink(path, target, sizeof(target) - 1);
		target[size < 0 ? 0 : size] = '\0';
		waits = strstr(target, "/verifications") != NULL;
	}
	return waits;
}

#endif
