/*
 * login_code_test.c - logging in by a one-time code: once, by whoever may, and what it leaves to
 * do.
 */
#include "tests/unit/login_fixture.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "accounts/code.h"

enum { HOUR = 3600 };

/* The code of anna's record, and what is done to the record besides. */
static char code[CODE_TEXT_BYTES];
static void (*besides)(struct user *user);

/* As administrators give one: at NOW, for an hour. */
static enum fault
put_code(struct txn *txn, const char *name, struct why *why)
{
	struct user user = {0};
	int64_t mark = 0;
	enum fault fault = user_find(txn, name, &user, why);

	if (fault == FAULT_NONE)
		fault = clock_mark(txn, &mark, why);
	if (fault == FAULT_NONE)
		fault = code_put(&user, NOW, mark, HOUR, code, why);
	if (besides != NULL)
		besides(&user);
	if (fault == FAULT_NONE)
		fault = user_put(txn, &user, why);
	user_clear(&user);
	return fault;
}

static void
give_code(struct fixture *fixture, void (*also)(struct user *user))
{
	besides = also;
	write_record(fixture, "anna", put_code);
}

/* The record without a new code. */
static enum fault
put_besides(struct txn *txn, const char *name, struct why *why)
{
	struct user user = {0};
	enum fault fault = user_find(txn, name, &user, why);

	besides(&user);
	if (fault == FAULT_NONE)
		fault = user_put(txn, &user, why);
	user_clear(&user);
	return fault;
}

static void
alter(struct fixture *fixture, void (*how)(struct user *user))
{
	besides = how;
	write_record(fixture, "anna", put_besides);
}

static void
invite(struct user *user)
{
	user->status = STATUS_INVITED;
	field_clear(field_find(&user_table, "password"), user);
	user->password_set = 0;
}

static void
suspend(struct user *user)
{
	user->status = STATUS_SUSPENDED;
}

static void
activate(struct user *user)
{
	user->status = STATUS_ACTIVE;
}

static void
become_integration(struct user *user)
{
	user->type = USER_INTEGRATION;
}

static struct user
annas_record(struct fixture *fixture)
{
	struct user user = {0};

	fixture_open(fixture, &plain_root);
	read_user(fixture, "anna", &user);
	admin_close(&fixture->admin);
	return user;
}

static void
assert_used(struct fixture *fixture, bool used)
{
	struct user user = annas_record(fixture);

	assert_int_equal(user.code_used != 0, used);
	assert_non_null(user.code);
	user_clear(&user);
}

static struct login_answer
authenticate(struct fixture *fixture, const struct login *login, const char *typed)
{
	struct login_answer answer = {0};

	assert_good(fixture, login_authenticate(login, typed, &answer, &fixture->why));
	return answer;
}

static void
assert_typed(struct fixture *fixture, const struct login *login, const char *typed,
    enum verdict verdict, enum proof proof)
{
	struct login_answer answer = authenticate(fixture, login, typed);

	assert_int_equal(answer.verdict, verdict);
	assert_int_equal(answer.proof, proof);
	if (proof != PROOF_NOTHING)
		memcpy(proved, answer.stamp, sizeof(proved));
	assert_string_equal(answer.name, "anna");
	assert_true(typed[0] == '\0' || strstr(answer.reason, typed) == NULL);
}

static void
assert_account(struct fixture *fixture, struct login login, enum proof proof, enum verdict verdict)
{
	struct login_answer answer = {0};

	login.proof = proof;
	assert_good(fixture, login_account(&login, &answer, &fixture->why));
	assert_int_equal(answer.verdict, verdict);
}

static uint64_t
journal_head_now(struct fixture *fixture)
{
	uint64_t head;

	fixture_open(fixture, &plain_root);
	head = journal_at(fixture);
	admin_close(&fixture->admin);
	return head;
}

/* ---- once --------------------------------------------------------------------------------- */

static void
a_code_lets_in_once(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_of(fixture, "anna");
	struct user user;

	give_code(fixture, NULL);
	assert_typed(fixture, &login, code, VERDICT_ALLOWED, PROOF_CODE);
	assert_account(fixture, login, PROOF_CODE, VERDICT_MUST_CHANGE_PASSWORD);
	user = annas_record(fixture);
	assert_int_equal(user.code_used, login.now);
	assert_true(user.must_change);
	user_clear(&user);
	assert_typed(fixture, &login, code, VERDICT_NONE, PROOF_NOTHING);
	/* A reset leaves the password that there is, which is to be changed, too. */
	assert_typed(fixture, &login, ANNAS, VERDICT_ALLOWED, PROOF_PASSWORD);
	assert_account(fixture, login, PROOF_PASSWORD, VERDICT_MUST_CHANGE_PASSWORD);
	assert_account(fixture, login, PROOF_NOTHING, VERDICT_ALLOWED);
}

/* Until it is used, nothing has changed. */
static void
the_old_password_stays(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_of(fixture, "anna");

	give_code(fixture, NULL);
	assert_typed(fixture, &login, ANNAS, VERDICT_ALLOWED, PROOF_PASSWORD);
	assert_account(fixture, login, PROOF_PASSWORD, VERDICT_ALLOWED);
	assert_typed(fixture, &login, OTHER, VERDICT_NONE, PROOF_NOTHING);
	assert_used(fixture, false);
}

static void
it_is_noted_as_the_users(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_of(fixture, "anna@example.org");
	struct journal_entry entry = {0};
	struct txn *txn;

	login.login_uid = 4711;
	give_code(fixture, NULL);
	assert_typed(fixture, &login, code, VERDICT_ALLOWED, PROOF_CODE);
	fixture_open(fixture, &plain_root);
	assert_journal(fixture, "code login");
	assert_good(fixture, store_read_begin(fixture->admin.store, &txn, &fixture->why));
	assert_good(fixture,
	    journal_next(txn, journal_at(fixture) - 1, &entry, &fixture->why));
	assert_string_equal(entry.actor.name, "anna");
	assert_int_equal(entry.actor.uid, anna);
	assert_int_equal(entry.actor.login_uid, 4711);
	assert_string_equal(entry.actor.from, "192.0.2.7");
	for (size_t i = 0; i < entry.count; i++) {
		assert_null(strstr(entry.change[i].before, "$code"));
		assert_null(strstr(entry.change[i].after, "$code"));
	}
	journal_entry_clear(&entry);
	store_end(txn);
	admin_close(&fixture->admin);
}

static void
who_is_invited_is_active_then(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_of(fixture, "anna");
	struct user user;

	give_code(fixture, invite);
	assert_account(fixture, login, PROOF_NOTHING, VERDICT_NOT_ACTIVE);
	assert_typed(fixture, &login, "AAAA-AAAA-AAAA-AAAA", VERDICT_NONE, PROOF_NOTHING);
	assert_typed(fixture, &login, "", VERDICT_NONE, PROOF_NOTHING);
	assert_account(fixture, login, PROOF_NOTHING, VERDICT_NOT_ACTIVE);
	assert_typed(fixture, &login, code, VERDICT_ALLOWED, PROOF_CODE);
	user = annas_record(fixture);
	assert_int_equal(user.status, STATUS_ACTIVE);
	user_clear(&user);
	assert_account(fixture, login, PROOF_CODE, VERDICT_MUST_CHANGE_PASSWORD);
	assert_typed(fixture, &login, code, VERDICT_NONE, PROOF_NOTHING);
}

/* A password does not do what the code does. */
static void
an_invited_users_password_is_none(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_of(fixture, "anna");

	give_code(fixture, invite);
	assert_good(fixture, change(fixture, PROOF_NOTHING, NULL, OTHER));
	assert_typed(fixture, &login, OTHER, VERDICT_NOT_ACTIVE, PROOF_NOTHING);
}

/* ---- codes that are none ------------------------------------------------------------------ */

static void
a_code_has_its_time(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_of(fixture, "anna");

	give_code(fixture, NULL);
	login.now = NOW + HOUR;
	assert_typed(fixture, &login, code, VERDICT_NONE, PROOF_NOTHING);
	login.now = NOW - 1;
	assert_typed(fixture, &login, code, VERDICT_NONE, PROOF_NOTHING);
	login.now = NOW + HOUR - 1;
	assert_typed(fixture, &login, code, VERDICT_ALLOWED, PROOF_CODE);
}

/* Something is written at this time. */
static void
write_at(struct fixture *fixture, int64_t now)
{
	assert_int_equal(admin_open(&fixture->admin, fixture->root, &plain_root, 0, now,
	    &fixture->why), FAULT_NONE);
	assert_good(fixture, account_edit(&fixture->admin, "anna",
	    EDITS(USER_SET("profession", now % 2 == 0 ? "painter" : "carpenter")),
	    &fixture->why));
	admin_close(&fixture->admin);
}

static void
a_clock_set_back_brings_none_back(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_of(fixture, "anna");

	give_code(fixture, NULL);
	write_at(fixture, NOW + HOUR - 1);
	write_at(fixture, NOW + HOUR);
	write_at(fixture, NOW + 1); /* and this does not take the mark back */
	assert_typed(fixture, &login, code, VERDICT_NONE, PROOF_NOTHING);
	give_code(fixture, NULL);
	assert_typed(fixture, &login, code, VERDICT_ALLOWED, PROOF_CODE);
}

static void
a_new_one_voids_it(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_of(fixture, "anna");
	char first[CODE_TEXT_BYTES];

	give_code(fixture, NULL);
	strcpy(first, code);
	give_code(fixture, NULL);
	assert_typed(fixture, &login, first, VERDICT_NONE, PROOF_NOTHING);
	assert_typed(fixture, &login, code, VERDICT_ALLOWED, PROOF_CODE);
	give_code(fixture, NULL);
	assert_typed(fixture, &login, code, VERDICT_ALLOWED, PROOF_CODE);
}

static void
a_new_password_drops_it(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_of(fixture, "anna");
	struct user user;

	give_code(fixture, NULL);
	assert_good(fixture, change(fixture, PROOF_NOTHING, ANNAS, OTHER));
	user = annas_record(fixture);
	assert_null(user.code);
	assert_int_equal(user.code_until, 0);
	user_clear(&user);
	assert_typed(fixture, &login, code, VERDICT_NONE, PROOF_NOTHING);
	assert_typed(fixture, &login, OTHER, VERDICT_ALLOWED, PROOF_PASSWORD);
}

/* A screen locker opens for nobody who was told a code: it lets root's programs in. */
static void
ordinary_callers_log_in_by_no_code(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_of(fixture, "anna");

	give_code(fixture, NULL);
	login.caller = anna;
	assert_typed(fixture, &login, code, VERDICT_NONE, PROOF_NOTHING);
	assert_typed(fixture, &login, ANNAS, VERDICT_ALLOWED, PROOF_PASSWORD);
	assert_used(fixture, false);
	login.caller = 0;
	assert_typed(fixture, &login, code, VERDICT_ALLOWED, PROOF_CODE);
}

/* ---- who may not -------------------------------------------------------------------------- */

static void
who_is_refused_keeps_it(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_of(fixture, "anna");

	give_code(fixture, NULL);
	login.service = "sudo";
	assert_typed(fixture, &login, code, VERDICT_SERVICE_NOT_PERMITTED, PROOF_NOTHING);
	login.service = "sshd";
	alter(fixture, suspend);
	assert_typed(fixture, &login, code, VERDICT_NOT_ACTIVE, PROOF_NOTHING);
	alter(fixture, activate);
	assert_used(fixture, false);
	assert_typed(fixture, &login, code, VERDICT_ALLOWED, PROOF_CODE);
}

static void
who_has_no_role_keeps_it(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_of(fixture, "anna");
	struct user user;

	AS_ADMIN(fixture, account_edit(&fixture->admin, "anna",
	    EDITS(USER_SET("roles", "visitor")), &fixture->why));
	give_code(fixture, invite);
	assert_typed(fixture, &login, code, VERDICT_NO_PERMISSION, PROOF_NOTHING);
	user = annas_record(fixture);
	assert_int_equal(user.status, STATUS_INVITED);
	user_clear(&user);
	AS_ADMIN(fixture, account_edit(&fixture->admin, "anna",
	    EDITS(USER_SET("roles", "technician")), &fixture->why));
	assert_typed(fixture, &login, code, VERDICT_ALLOWED, PROOF_CODE);
}

static void
integrations_have_no_code(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_of(fixture, "anna");
	struct login_answer answer = {0};

	give_code(fixture, become_integration);
	assert_typed(fixture, &login, code, VERDICT_NONE, PROOF_NOTHING);
	assert_good(fixture, login_verify_password(&login, code, &answer, &fixture->why));
	assert_int_equal(answer.verdict, VERDICT_NONE);
	assert_used(fixture, false);
}

/* ---- two at once -------------------------------------------------------------------------- */

enum { MANY = 4 };

/* Each from a place of its own, so that none waits for another's attempt. */
static void
come_with_code(const struct fixture *fixture, int number)
{
	struct login login = login_of(fixture, "anna");
	struct login_answer answer = {0};
	char place[32];

	snprintf(place, sizeof(place), "192.0.2.%d", number);
	login.from = login.rhost = place;
	if (login_authenticate(&login, code, &answer, NULL) != FAULT_NONE)
		_exit(100);
	if (answer.proof != (answer.verdict == VERDICT_ALLOWED ? PROOF_CODE : PROOF_NOTHING))
		_exit(101);
	_exit((int)answer.verdict);
}

/* The host's one writer, at work. */
struct writer {
	struct store *store;
	struct txn *txn;
};

static struct writer
hold_writer(struct fixture *fixture)
{
	static const struct actor root = {.name = "root", .login_uid = UINT32_MAX};
	struct writer writer = {0};

	assert_good(fixture, store_open(fixture->root, 0, &writer.store, &fixture->why));
	assert_good(fixture,
	    store_write_begin(writer.store, &root, "test", NOW, &writer.txn, &fixture->why));
	return writer;
}

static void
release_writer(struct writer *writer)
{
	store_end(writer->txn);
	store_close(writer->store);
}

/* Has it opened the database to write? */
static bool
is_to_write(pid_t child)
{
	static const char name[] = "/hexa.mdb";
	char path[64], target[256] = "", line[64];
	bool writes = false;

	for (int fd = 3; fd < 32 && !writes; fd++) {
		unsigned flags = 0;
		FILE *file;
		ssize_t size;

		snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)child, fd);
		size = readlink(path, target, sizeof(target) - 1);
		if (size < (ssize_t)strlen(name) ||
		    memcmp(target + size - strlen(name), name, strlen(name)) != 0)
			continue;
		snprintf(path, sizeof(path), "/proc/%d/fdinfo/%d", (int)child, fd);
		file = fopen(path, "re");
		while (file != NULL && fgets(line, sizeof(line), file) != NULL)
			sscanf(line, "flags: %o", &flags);
		if (file != NULL)
			fclose(file);
		writes = (flags & O_ACCMODE) == O_RDWR;
	}
	return writes;
}

static void
of_many_at_once_one_gets_in(void **state)
{
	struct fixture *fixture = *state;
	int turnstile, verdicts[VERDICT_ALLOWED + 1] = {0};
	struct writer writer;
	pid_t child[MANY];

	give_code(fixture, invite);
	turnstile = hold_turnstile(fixture);
	for (int i = 0; i < MANY; i++) {
		child[i] = fork();
		assert_true(child[i] >= 0);
		if (child[i] == 0) {
			close(turnstile);
			come_with_code(fixture, i);
		}
	}
	/* All have read the record, and then judged it, and found the code unused. */
	for (int i = 0; i < MANY; i++)
		while (!is_waiting(child[i]))
			assert_int_equal(waitpid(child[i], NULL, WNOHANG), 0);
	writer = hold_writer(fixture);
	close(turnstile);
	for (int i = 0; i < MANY; i++)
		while (!is_to_write(child[i]))
			assert_int_equal(waitpid(child[i], NULL, WNOHANG), 0);
	release_writer(&writer);
	for (int i = 0; i < MANY; i++) {
		int status = -1;

		assert_int_equal(waitpid(child[i], &status, 0), child[i]);
		assert_true(WIFEXITED(status));
		assert_in_range(WEXITSTATUS(status), 0, VERDICT_ALLOWED);
		verdicts[WEXITSTATUS(status)]++;
	}
	assert_int_equal(verdicts[VERDICT_ALLOWED], 1);
	assert_int_equal(verdicts[VERDICT_NONE], MANY - 1);
}

/* In a child, which is ended when it waits for the writer: that is how long this took. */
static int
verdict_beside_writer(struct fixture *fixture, const char *service, const char *typed)
{
	int turnstile = hold_turnstile(fixture), status = -1;
	struct login login = login_of(fixture, "anna");
	struct login_answer answer = {0};
	struct writer writer;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		alarm(300);
		close(turnstile);
		login.service = service;
		if (login_authenticate(&login, typed, &answer, NULL) != FAULT_NONE)
			_exit(100);
		_exit((int)answer.verdict);
	}
	while (!is_waiting(child))
		assert_int_equal(waitpid(child, NULL, WNOHANG), 0);
	writer = hold_writer(fixture);
	close(turnstile);
	assert_int_equal(waitpid(child, &status, 0), child);
	release_writer(&writer);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/*
 * Wrong, used, or of somebody who is refused: none of these takes the writer, so that how long an
 * answer takes tells none from the other.
 */
static void
only_a_yes_writes(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_of(fixture, "anna");

	give_code(fixture, NULL);
	assert_int_equal(verdict_beside_writer(fixture, "sudo", code),
	    VERDICT_SERVICE_NOT_PERMITTED);
	assert_int_equal(verdict_beside_writer(fixture, "sshd", OTHER), VERDICT_NONE);
	assert_typed(fixture, &login, code, VERDICT_ALLOWED, PROOF_CODE);
	assert_int_equal(verdict_beside_writer(fixture, "sshd", code), VERDICT_NONE);
}

/* Whose code is voided while it is verified is out. */
static void
what_voids_it_meanwhile_counts(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_of(fixture, "anna");
	int turnstile, status = -1;
	pid_t child;

	give_code(fixture, NULL);
	turnstile = hold_turnstile(fixture);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		close(turnstile);
		come_with_code(fixture, 7);
	}
	while (!is_waiting(child))
		assert_int_equal(waitpid(child, NULL, WNOHANG), 0);
	give_code(fixture, NULL);
	close(turnstile);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(WEXITSTATUS(status), VERDICT_NONE);
	assert_typed(fixture, &login, code, VERDICT_ALLOWED, PROOF_CODE);
}

/* ---- no write, no yes --------------------------------------------------------------------- */

static void
come_without_room(const struct fixture *fixture)
{
	const struct rlimit none = {0, 0};
	struct login login = login_of(fixture, "anna");
	struct login_answer answer = {0};

	signal(SIGXFSZ, SIG_IGN);
	if (setrlimit(RLIMIT_FSIZE, &none) != 0)
		_exit(100);
	/* Who brings the password writes nothing, and comes in. */
	if (login_authenticate(&login, ANNAS, &answer, NULL) != FAULT_NONE ||
	    answer.verdict != VERDICT_ALLOWED)
		_exit(101);
	answer = (struct login_answer){0};
	if (login_authenticate(&login, code, &answer, NULL) != FAULT_UNAVAILABLE)
		_exit(102);
	_exit(answer.verdict == VERDICT_NONE ? 0 : 103);
}

static void
without_a_write_nobody_gets_in(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_of(fixture, "anna");
	int status = -1;
	pid_t child;

	give_code(fixture, NULL);
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		come_without_room(fixture);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_used(fixture, false);
	assert_typed(fixture, &login, code, VERDICT_ALLOWED, PROOF_CODE);
}

/* ---- as the old password ------------------------------------------------------------------ */

static void
assert_verified(struct fixture *fixture, const struct login *login, const char *typed,
    enum proof proof)
{
	struct login_answer answer = {0};

	assert_good(fixture, login_verify_password(login, typed, &answer, &fixture->why));
	assert_int_equal(answer.proof, proof);
	assert_int_equal(answer.verdict, proof == PROOF_NOTHING ? VERDICT_NONE : VERDICT_ALLOWED);
}

/* passwd(1), in the session that the code has opened, or that a key has; an ordinary caller too. */
static void
it_stands_for_the_old_password(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_of(fixture, "anna");
	uint64_t head;

	login.service = "passwd";
	give_code(fixture, NULL);
	head = journal_head_now(fixture);
	assert_verified(fixture, &login, code, PROOF_CODE);
	login.caller = anna;
	assert_verified(fixture, &login, code, PROOF_CODE);
	assert_int_equal(journal_head_now(fixture), head);
	assert_used(fixture, false);
	login.caller = 0;
	assert_typed(fixture, &login, code, VERDICT_ALLOWED, PROOF_CODE);
	assert_verified(fixture, &login, code, PROOF_CODE);
	assert_verified(fixture, &login, ANNAS, PROOF_PASSWORD);
	assert_verified(fixture, &login, OTHER, PROOF_NOTHING);
	login.now = NOW + HOUR;
	assert_verified(fixture, &login, code, PROOF_NOTHING);
	assert_verified(fixture, &login, ANNAS, PROOF_PASSWORD);
}

static void
it_is_changed_for_a_password(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_of(fixture, "anna");
	struct user user;

	give_code(fixture, invite);
	assert_typed(fixture, &login, code, VERDICT_ALLOWED, PROOF_CODE);
	assert_int_equal(change(fixture, PROOF_NOTHING, code, "short"), FAULT_INVALID);
	assert_int_equal(change(fixture, PROOF_NOTHING, code, code), FAULT_INVALID);
	assert_good(fixture, change(fixture, PROOF_NOTHING, code, OTHER));
	user = annas_record(fixture);
	assert_false(user.must_change);
	assert_null(user.code);
	user_clear(&user);
	assert_typed(fixture, &login, OTHER, VERDICT_ALLOWED, PROOF_PASSWORD);
	assert_account(fixture, login, PROOF_PASSWORD, VERDICT_ALLOWED);
	assert_int_equal(change(fixture, PROOF_NOTHING, code, ANNAS), FAULT_DENIED);
	assert_typed(fixture, &login, code, VERDICT_NONE, PROOF_NOTHING);
}

/* In the handle that has taken the code: sshd's keyboard-interactive, login(1), su(1). */
static void
its_login_sets_a_password_without_it(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_of(fixture, "anna");

	give_code(fixture, NULL);
	assert_typed(fixture, &login, code, VERDICT_ALLOWED, PROOF_CODE);
	assert_int_equal(change(fixture, PROOF_CODE, NULL, code), FAULT_INVALID);
	assert_int_equal(change(fixture, PROOF_CODE, NULL, ANNAS), FAULT_INVALID);
	assert_good(fixture, change(fixture, PROOF_CODE, NULL, OTHER));
	/* The proof was of a code that is gone: it sets no second one. */
	assert_int_equal(change(fixture, PROOF_CODE, NULL, THIRD), FAULT_DENIED);
	assert_typed(fixture, &login, OTHER, VERDICT_ALLOWED, PROOF_PASSWORD);
}

/* What waits for the new password is of the code that was typed, and of nobody else's. */
static void
a_new_one_voids_its_proof(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_of(fixture, "anna");

	give_code(fixture, NULL);
	assert_typed(fixture, &login, code, VERDICT_ALLOWED, PROOF_CODE);
	give_code(fixture, NULL);
	assert_int_equal(change(fixture, PROOF_CODE, NULL, OTHER), FAULT_DENIED);
	assert_int_equal(change(fixture, PROOF_PASSWORD, NULL, OTHER), FAULT_DENIED);
	assert_used(fixture, false);
	assert_typed(fixture, &login, code, VERDICT_ALLOWED, PROOF_CODE);
	assert_good(fixture, change(fixture, PROOF_CODE, NULL, OTHER));
}

static void
who_is_suspended_sets_none(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_of(fixture, "anna");

	give_code(fixture, NULL);
	assert_typed(fixture, &login, code, VERDICT_ALLOWED, PROOF_CODE);
	alter(fixture, suspend);
	assert_int_equal(change(fixture, PROOF_CODE, NULL, OTHER), FAULT_DENIED);
	alter(fixture, activate);
	assert_good(fixture, change(fixture, PROOF_CODE, NULL, OTHER));
}

/* As passwd(1) verifies it, which lets nobody in. */
static void
who_is_invited_sets_one(void **state)
{
	struct fixture *fixture = *state;

	give_code(fixture, invite);
	prove(fixture, code);
	assert_good(fixture, change(fixture, PROOF_CODE, NULL, OTHER));
}

static enum fault
change_at(struct fixture *fixture, int64_t now, const char *old)
{
	struct login login = login_of(fixture, "anna");
	struct actor actor = {.login_uid = UINT32_MAX};
	struct login_answer answer = {0};

	login.now = now;
	login.proof = PROOF_CODE;
	login.stamp = proved;
	return login_change_password(&login, &actor, old, OTHER, &answer, &fixture->why);
}

/* An aborted change can be taken up again until its time is up, and no longer. */
static void
the_change_has_the_codes_time(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_of(fixture, "anna");

	give_code(fixture, NULL);
	assert_typed(fixture, &login, code, VERDICT_ALLOWED, PROOF_CODE);
	assert_int_equal(change_at(fixture, NOW + HOUR, NULL), FAULT_DENIED);
	assert_int_equal(change_at(fixture, NOW + HOUR, code), FAULT_DENIED);
	assert_good(fixture, change_at(fixture, NOW + HOUR - 1, code));
}

static void
what_is_left_to_say(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_of(fixture, "anna");
	struct login_answer answer = {0};

	assert_good(fixture, login_account(&login, &answer, &fixture->why));
	assert_false(answer.has_code);
	give_code(fixture, NULL);
	assert_good(fixture, login_account(&login, &answer, &fixture->why));
	assert_true(answer.has_code);
	login.now = NOW + HOUR;
	assert_good(fixture, login_account(&login, &answer, &fixture->why));
	assert_false(answer.has_code);
}

/* ---- failures ----------------------------------------------------------------------------- */

/* Wrong codes are wrong passwords; the right one is right, and its second use is wrong. */
static void
wrong_codes_are_counted(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_of(fixture, "anna");

	with_settings(fixture, "lockout: {failures: 3, within: 1h, for: 15m}\n");
	login.rhost = "192.0.2.7";
	login.uptime = 10000;
	give_code(fixture, NULL);
	for (int i = 0; i < 2; i++, login.uptime += 60)
		assert_typed(fixture, &login, "AAAA-AAAA-AAAA-AAAA", VERDICT_NONE, PROOF_NOTHING);
	assert_typed(fixture, &login, code, VERDICT_ALLOWED, PROOF_CODE);
	/* That has cleared them; and now three more, of which the code is one. */
	for (int i = 0; i < 3; i++, login.uptime += 60)
		assert_typed(fixture, &login, code, VERDICT_NONE, PROOF_NOTHING);
	assert_typed(fixture, &login, ANNAS, VERDICT_LOCKED_OUT, PROOF_NOTHING);
	login.rhost = "192.0.2.8";
	assert_typed(fixture, &login, ANNAS, VERDICT_ALLOWED, PROOF_PASSWORD);
}

static void
who_is_locked_out_keeps_it(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_of(fixture, "anna");

	with_settings(fixture, "lockout: {failures: 2, within: 1h, for: 15m}\n");
	login.rhost = "192.0.2.7";
	login.uptime = 10000;
	give_code(fixture, NULL);
	for (int i = 0; i < 2; i++, login.uptime += 60)
		assert_typed(fixture, &login, OTHER, VERDICT_NONE, PROOF_NOTHING);
	assert_typed(fixture, &login, code, VERDICT_LOCKED_OUT, PROOF_NOTHING);
	assert_used(fixture, false);
	login.rhost = "192.0.2.8";
	assert_typed(fixture, &login, code, VERDICT_ALLOWED, PROOF_CODE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {TEST(a_code_lets_in_once), TEST(the_old_password_stays),
	    TEST(it_is_noted_as_the_users), TEST(who_is_invited_is_active_then),
	    TEST(an_invited_users_password_is_none), TEST(a_code_has_its_time),
	    TEST(a_clock_set_back_brings_none_back), TEST(a_new_one_voids_it),
	    TEST(a_new_password_drops_it), TEST(ordinary_callers_log_in_by_no_code),
	    TEST(who_is_refused_keeps_it), TEST(who_has_no_role_keeps_it),
	    TEST(integrations_have_no_code), TEST(of_many_at_once_one_gets_in),
	    TEST(only_a_yes_writes),
	    TEST(what_voids_it_meanwhile_counts), TEST(without_a_write_nobody_gets_in),
	    TEST(it_stands_for_the_old_password), TEST(it_is_changed_for_a_password),
	    TEST(its_login_sets_a_password_without_it),
	    TEST(a_new_one_voids_its_proof), TEST(who_is_suspended_sets_none),
	    TEST(who_is_invited_sets_one), TEST(the_change_has_the_codes_time),
	    TEST(what_is_left_to_say), TEST(wrong_codes_are_counted),
	    TEST(who_is_locked_out_keeps_it)};

	return RUN_AS_ROOT(tests);
}
