/*
 * login_test.c - what a login asks of the database: whose password it is, whether they may in, and
 * what is noted.
 */
#include "tests/unit/login_fixture.h"

#include <sys/wait.h>

#include "accounts/clients.h"
#include "accounts/identity.h"
#include "accounts/life.h"
#include "store/publish.h"

/* As a one-time code will leave it. */
static enum fault
must_change(struct txn *txn, const char *name, struct why *why)
{
	struct user user = {0};
	enum fault fault = user_find(txn, name, &user, why);

	user.must_change = true;
	if (fault == FAULT_NONE)
		fault = user_put(txn, &user, why);
	user_clear(&user);
	return fault;
}

/* An integration whose password was not taken away. */
static enum fault
make_integration(struct txn *txn, const char *name, struct why *why)
{
	struct user user = {0};
	enum fault fault = user_find(txn, name, &user, why);

	user.type = USER_INTEGRATION;
	if (fault == FAULT_NONE)
		fault = user_put(txn, &user, why);
	user_clear(&user);
	return fault;
}

static enum fault
disable(struct txn *txn, const char *name, struct why *why)
{
	struct role role = {0};
	enum fault fault = role_get(txn, name, &role, why);

	role.disabled = true;
	if (fault == FAULT_NONE)
		fault = role_put(txn, &role, why);
	role_clear(&role);
	return fault;
}

static void
the_right_password_of_who_may(void **state)
{
	static const char *const names[] = {"anna", "anna@example.org", "Anna@Example.ORG",
	    "+46701234567"};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < 4; i++) {
		struct login login = login_of(fixture, names[i]);

		assert_verdicts(fixture, &login, ANNAS, VERDICT_ALLOWED, VERDICT_ALLOWED);
		assert_verdicts(fixture, &login, OTHER, VERDICT_NONE, VERDICT_ALLOWED);
	}
}

static void
passwords_that_are_never_right(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_of(fixture, "anna");
	static char password[1025];

	for (size_t length = 0; length < 10; length++) {
		memset(password, 0, sizeof(password));
		memcpy(password, ANNAS, length);
		assert_verdicts(fixture, &login, password, VERDICT_NONE, VERDICT_ALLOWED);
	}
	/* Beyond the limit nothing is right, not even what begins with it. */
	memset(password, 'x', 1024);
	memcpy(password, ANNAS, strlen(ANNAS));
	assert_verdicts(fixture, &login, password, VERDICT_NONE, VERDICT_ALLOWED);
	assert_verdicts(fixture, &login, "Annas very long password", VERDICT_NONE, VERDICT_ALLOWED);
}

static void
who_is_nobody(void **state)
{
	static char longest[256];
	static const char *const names[] = {"", "bob", "bob@example.org", "+4670000", "root",
		"ANNA", "anna ", "../anna", longest};
	struct fixture *fixture = *state;

	memset(longest, 'u', 255);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct login login = login_of(fixture, names[i]);

		assert_verdicts(fixture, &login, ANNAS, VERDICT_UNKNOWN_USER, VERDICT_UNKNOWN_USER);
		assert_verdicts(fixture, &login, "", VERDICT_UNKNOWN_USER, VERDICT_UNKNOWN_USER);
	}
}

/* `uid:N` is an administrator's word for a user. */
static void
nobody_logs_in_by_uid(void **state)
{
	struct fixture *fixture = *state;
	char name[32];
	struct login login = login_of(fixture, name);

	snprintf(name, sizeof(name), "uid:%u", anna);
	assert_verdicts(fixture, &login, ANNAS, VERDICT_UNKNOWN_USER, VERDICT_UNKNOWN_USER);
}

/* A right password does not make up for anything, and each denial has its reason. */
static void
who_may_not(void **state)
{
	struct fixture *fixture = *state;
	struct admin *admin = &fixture->admin;
	struct login login = login_of(fixture, "anna");
	struct login_answer answer = {0};

	AS_ADMIN(fixture, account_suspend(admin, "anna", &fixture->why));
	assert_verdicts(fixture, &login, ANNAS, VERDICT_NOT_ACTIVE, VERDICT_NOT_ACTIVE);
	assert_verdicts(fixture, &login, OTHER, VERDICT_NONE, VERDICT_NOT_ACTIVE);
	AS_ADMIN(fixture, account_resume(admin, "anna", &fixture->why));
	assert_verdicts(fixture, &login, ANNAS, VERDICT_ALLOWED, VERDICT_ALLOWED);

	login.service = "sudo";
	assert_verdicts(fixture, &login, ANNAS, VERDICT_SERVICE_NOT_PERMITTED,
	    VERDICT_SERVICE_NOT_PERMITTED);
	login.service = "sshd";
	AS_ADMIN(fixture,
		account_edit(admin, "anna",
			EDITS(USER_ADD("roles", "visitor"), USER_REMOVE("roles", "technician")),
			&fixture->why));
	assert_verdicts(fixture, &login, ANNAS, VERDICT_NO_PERMISSION, VERDICT_NO_PERMISSION);
	assert_good(fixture, login_account(&login, &answer, &fixture->why));
	assert_non_null(strstr(answer.reason, "permission"));
	assert_null(strstr(answer.reason, ANNAS));
}

static void
integrations_have_no_password(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_of(fixture, "anna");
	struct login_answer answer = {0};
	struct actor actor = {.name = "root"};

	write_record(fixture, "anna", make_integration);
	assert_verdicts(fixture, &login, ANNAS, VERDICT_NONE, VERDICT_TYPE_CANNOT_LOG_IN);
	assert_int_equal(login_change_password(&login, &actor, NULL, OTHER, &answer, &fixture->why),
	    FAULT_RULE);
}

/* Whoever is suspended, or whose password is changed, while theirs is verified: that counts. */
static void
what_changes_meanwhile(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_of(fixture, "anna");
	struct login_answer answer = {0};
	int turnstile = hold_turnstile(fixture), status = -1;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		close(turnstile);
		if (login_authenticate(&login, ANNAS, &answer, NULL) != FAULT_NONE)
			_exit(100);
		_exit((int)answer.verdict);
	}
	while (!is_waiting(child))
		assert_int_equal(waitpid(child, NULL, WNOHANG), 0);
	AS_ADMIN(fixture, account_suspend(&fixture->admin, "anna", &fixture->why));
	close(turnstile);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), VERDICT_NOT_ACTIVE);
}

/* ---- whose account it is ---- */

static void
the_account_must_be_theirs(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_of(fixture, "anna");

	login.account = anna;
	assert_verdicts(fixture, &login, ANNAS, VERDICT_ALLOWED, VERDICT_ALLOWED);
	/* Another source answers to the name, with somebody else. */
	login.account = 4242;
	assert_verdicts(fixture, &login, ANNAS, VERDICT_UNKNOWN_USER, VERDICT_UNKNOWN_USER);
	login.account = 0;
	assert_verdicts(fixture, &login, ANNAS, VERDICT_UNKNOWN_USER, VERDICT_UNKNOWN_USER);
}

/* A directory that is behind still shows an account: the database's word counts. */
static void
who_was_deleted_is_out(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_of(fixture, "anna");
	struct login_answer answer = {0};

	AS_ADMIN(fixture, account_delete(&fixture->admin, "anna", &fixture->why));
	assert_verdicts(fixture, &login, ANNAS, VERDICT_UNKNOWN_USER, VERDICT_UNKNOWN_USER);
	login.account = anna;
	assert_good(fixture, login_account(&login, &answer, &fixture->why));
	assert_int_equal(answer.verdict, VERDICT_NOT_ACTIVE);
	assert_good(fixture, login_authenticate(&login, ANNAS, &answer, &fixture->why));
	assert_int_equal(answer.verdict, VERDICT_NOT_ACTIVE);
	/* Whose uid was never ours is another source's. */
	login.account = 4242;
	assert_good(fixture, login_account(&login, &answer, &fixture->why));
	assert_int_equal(answer.verdict, VERDICT_UNKNOWN_USER);
}

/* To the kernel anna would be lars, with all that is his. */
static void
who_has_the_uid_of_a_local_user_is_out(void **state)
{
	struct fixture *fixture = *state;
	const struct login login = login_of(fixture, "anna");
	char line[64];

	snprintf(line, sizeof(line), "lars:x:%lu:100::/:/bin/sh\n", (unsigned long)anna + 1);
	write_file(fixture->root, "/etc/passwd", line);
	assert_verdicts(fixture, &login, ANNAS, VERDICT_ALLOWED, VERDICT_ALLOWED);
	snprintf(line, sizeof(line), "lars:x:%lu:100::/:/bin/sh\n", (unsigned long)anna);
	write_file(fixture->root, "/etc/passwd", line);
	assert_verdicts(fixture, &login, ANNAS, VERDICT_NOT_ACTIVE, VERDICT_NOT_ACTIVE);
	assert_verdicts(fixture, &login, OTHER, VERDICT_NONE, VERDICT_NOT_ACTIVE);
}

static void
others_ask_about_themselves(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_of(fixture, "anna");
	struct login_answer answer = {0};
	struct actor actor = {0};

	login.caller = anna;
	assert_verdicts(fixture, &login, ANNAS, VERDICT_ALLOWED, VERDICT_ALLOWED);
	assert_int_equal(login_change_password(&login, &actor, NULL, OTHER, &answer, &fixture->why),
	    FAULT_DENIED);
	login.caller = anna + 1;
	assert_verdicts(fixture, &login, ANNAS, VERDICT_UNKNOWN_USER, VERDICT_UNKNOWN_USER);
	assert_int_equal(
		login_change_password(&login, &actor, ANNAS, OTHER, &answer, &fixture->why),
		FAULT_UNKNOWN);
	assert_good(fixture, login_verify_password(&login, ANNAS, &answer, &fixture->why));
	assert_int_equal(answer.verdict, VERDICT_UNKNOWN_USER);
}

/* ---- changing ---- */

static void
assert_entry(struct fixture *fixture, const char *name, uint32_t uid)
{
	struct journal_entry entry = {0};
	struct txn *txn;

	fixture_open(fixture, &plain_root);
	assert_good(fixture, store_read_begin(fixture->admin.store, &txn, &fixture->why));
	store_end(txn);
	assert_journal(fixture, "password");
	uint64_t head = journal_at(fixture);
	assert_good(fixture, store_read_begin(fixture->admin.store, &txn, &fixture->why));
	assert_good(fixture, journal_next(txn, head - 1, &entry, &fixture->why));
	assert_string_equal(entry.actor.name, name);
	assert_int_equal(entry.actor.uid, uid);
	for (size_t i = 0; i < entry.count; i++) {
		assert_null(strstr(entry.change[i].before, "argon2"));
		assert_null(strstr(entry.change[i].after, "argon2"));
	}
	journal_entry_clear(&entry);
	store_end(txn);
	admin_close(&fixture->admin);
}

static void
a_password_is_changed(void **state)
{
	struct fixture *fixture = *state;

	assert_good(fixture, change(fixture, PROOF_NOTHING, ANNAS, OTHER));
	assert_password(fixture, OTHER, true);
	assert_password(fixture, ANNAS, false);
	assert_entry(fixture, "anna", anna);
	prove(fixture, OTHER);
	assert_good(fixture, change(fixture, PROOF_PASSWORD, NULL, THIRD));
	assert_password(fixture, THIRD, true);
	assert_entry(fixture, "anna", anna);
	assert_good(fixture, change(fixture, PROOF_NOTHING, NULL, OTHER));
	assert_password(fixture, OTHER, true);
	assert_entry(fixture, "root", 0);
}

static void
what_is_refused_changes_nothing(void **state)
{
	struct fixture *fixture = *state;
	static char longest[514];

	memset(longest, 'x', 513);
	assert_int_equal(change(fixture, PROOF_NOTHING, OTHER, OTHER), FAULT_DENIED);
	assert_int_equal(change(fixture, PROOF_NOTHING, "", OTHER), FAULT_DENIED);
	assert_int_equal(change(fixture, PROOF_NOTHING, ANNAS, ANNAS), FAULT_INVALID);
	prove(fixture, ANNAS);
	assert_int_equal(change(fixture, PROOF_PASSWORD, NULL, ANNAS), FAULT_INVALID);
	assert_int_equal(change(fixture, PROOF_NOTHING, ANNAS, "short"), FAULT_INVALID);
	assert_int_equal(change(fixture, PROOF_NOTHING, NULL, ""), FAULT_INVALID);
	assert_int_equal(change(fixture, PROOF_NOTHING, NULL, longest), FAULT_INVALID);
	assert_int_equal(
		change(fixture, PROOF_NOTHING, NULL, "with a control\nbyte"), FAULT_INVALID);
	assert_password(fixture, ANNAS, true);
	/* Root may set the one there is: a script that runs twice does. */
	assert_good(fixture, change(fixture, PROOF_NOTHING, NULL, ANNAS));
	assert_password(fixture, ANNAS, true);
}

static void
must_change_is_for_who_gave_a_password(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_of(fixture, "anna");

	write_record(fixture, "anna", must_change);
	assert_verdicts(fixture, &login, ANNAS, VERDICT_ALLOWED, VERDICT_ALLOWED);
	login.proof = PROOF_PASSWORD;
	assert_verdicts(fixture, &login, ANNAS, VERDICT_ALLOWED, VERDICT_MUST_CHANGE_PASSWORD);
	prove(fixture, ANNAS);
	assert_good(fixture, change(fixture, PROOF_PASSWORD, NULL, OTHER));
	assert_verdicts(fixture, &login, OTHER, VERDICT_ALLOWED, VERDICT_ALLOWED);
}

/* ---- what the policy says ---- */

static void
names_to_log_in_by_are_the_policys_to_say(void **state)
{
	struct fixture *fixture = *state;
	struct login by_email = login_of(fixture, "Anna@example.org");
	struct login by_phone = login_of(fixture, "+46701234567");
	struct login by_name = login_of(fixture, "anna");

	with_settings(fixture, "login: {email: no}\n");
	assert_verdicts(fixture, &by_email, ANNAS, VERDICT_UNKNOWN_USER, VERDICT_UNKNOWN_USER);
	assert_verdicts(fixture, &by_phone, ANNAS, VERDICT_ALLOWED, VERDICT_ALLOWED);
	with_settings(fixture, "login: {phone: no}\n");
	assert_verdicts(fixture, &by_email, ANNAS, VERDICT_ALLOWED, VERDICT_ALLOWED);
	assert_verdicts(fixture, &by_phone, ANNAS, VERDICT_UNKNOWN_USER, VERDICT_UNKNOWN_USER);
	assert_verdicts(fixture, &by_name, ANNAS, VERDICT_ALLOWED, VERDICT_ALLOWED);
}

static const char *
annas_hash(struct fixture *fixture)
{
	static char hash[256];
	struct user user = {0};

	fixture_open(fixture, &plain_root);
	read_user(fixture, "anna", &user);
	snprintf(hash, sizeof(hash), "%s", user.password);
	user_clear(&user);
	admin_close(&fixture->admin);
	return hash;
}

static void
passwords_are_as_the_policy_says(void **state)
{
	static const char prefix[] = "$argon2id$v=19$m=8192,t=3,";
	struct fixture *fixture = *state;

	with_settings(fixture,
	    "password: {min-length: 30, argon2: {operations: 3, memory: 8MiB}}\n");
	/* What was hashed before fits as before. */
	assert_password(fixture, ANNAS, true);
	assert_int_equal(change(fixture, PROOF_NOTHING, NULL, OTHER), FAULT_INVALID);
	assert_good(fixture, change(fixture, PROOF_NOTHING, NULL, ANNAS " and " OTHER));
	assert_memory_equal(annas_hash(fixture), prefix, sizeof(prefix) - 1);
	assert_password(fixture, ANNAS " and " OTHER, true);
	AS_ADMIN(fixture, account_password(&fixture->admin, "anna", OTHER " and " ANNAS,
	    &fixture->why));
	assert_memory_equal(annas_hash(fixture), prefix, sizeof(prefix) - 1);
}

static void
a_password_that_is_too_old_must_be_changed(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_of(fixture, "anna");

	with_settings(fixture, "password: {" CHEAP ", max-age: 1d}\n");
	login.proof = PROOF_PASSWORD;
	assert_verdicts(fixture, &login, ANNAS, VERDICT_ALLOWED, VERDICT_ALLOWED);
	login.now = NOW + 24 * 60 * 60;
	assert_verdicts(fixture, &login, ANNAS, VERDICT_ALLOWED, VERDICT_MUST_CHANGE_PASSWORD);
	/* A key's login is not held up by a password that it did not use. */
	login.proof = PROOF_NOTHING;
	assert_verdicts(fixture, &login, ANNAS, VERDICT_ALLOWED, VERDICT_ALLOWED);
	with_settings(fixture, "password: {" CHEAP ", max-age: 2d}\n");
	login.proof = PROOF_PASSWORD;
	assert_verdicts(fixture, &login, ANNAS, VERDICT_ALLOWED, VERDICT_ALLOWED);
}

/* At the first login after the policy's cost was changed; a key's, or a refused one, makes none. */
static void
a_hash_is_made_as_the_policy_says(void **state)
{
	static const char prefix[] = "$argon2id$v=19$m=8192,t=3,";
	static const struct actor person = {.login_uid = UINT32_MAX};
	struct fixture *fixture = *state;
	struct login login = login_of(fixture, "anna");
	struct login_answer answer = {0};

	assert_good(fixture, login_authenticate(&login, ANNAS, &answer, &fixture->why));
	assert_string_equal(answer.rehash, "");
	with_settings(fixture, "password: {argon2: {operations: 3, memory: 8MiB}}\n");
	assert_good(fixture, login_authenticate(&login, OTHER, &answer, &fixture->why));
	assert_string_equal(answer.rehash, "");
	login.service = "sudo";
	assert_good(fixture, login_authenticate(&login, ANNAS, &answer, &fixture->why));
	assert_int_equal(answer.verdict, VERDICT_SERVICE_NOT_PERMITTED);
	assert_string_equal(answer.rehash, "");
	login.service = "sshd";
	assert_good(fixture, login_authenticate(&login, ANNAS, &answer, &fixture->why));
	assert_memory_equal(answer.rehash, prefix, sizeof(prefix) - 1);
	assert_good(fixture,
	    login_upgrade(fixture->root, &answer, &person, NOW + 60, &fixture->why));
	assert_string_equal(annas_hash(fixture), answer.rehash);
	assert_good(fixture, login_authenticate(&login, ANNAS, &answer, &fixture->why));
	assert_int_equal(answer.verdict, VERDICT_ALLOWED);
	assert_string_equal(answer.rehash, "");
}

/* Whoever waits at "New password:" has proved that password, and only while they are in. */
static void
a_proof_is_of_the_password_that_was(void **state)
{
	struct fixture *fixture = *state;

	prove(fixture, ANNAS);
	AS_ADMIN(fixture, account_password(&fixture->admin, "anna", THIRD, &fixture->why));
	assert_int_equal(change(fixture, PROOF_PASSWORD, NULL, OTHER), FAULT_DENIED);
	assert_password(fixture, THIRD, true);
	prove(fixture, THIRD);
	AS_ADMIN(fixture, account_suspend(&fixture->admin, "anna", &fixture->why));
	assert_int_equal(change(fixture, PROOF_PASSWORD, NULL, OTHER), FAULT_DENIED);
	AS_ADMIN(fixture, account_resume(&fixture->admin, "anna", &fixture->why));
	AS_ADMIN(fixture, account_edit(&fixture->admin, "anna",
	    EDITS(USER_SET("valid-until", "2001-01-01")), &fixture->why));
	assert_int_equal(change(fixture, PROOF_PASSWORD, NULL, OTHER), FAULT_DENIED);
	AS_ADMIN(fixture, account_edit(&fixture->admin, "anna",
	    EDITS(USER_CLEAR("valid-until")), &fixture->why));
	assert_good(fixture, change(fixture, PROOF_PASSWORD, NULL, OTHER));
	assert_int_equal(change(fixture, PROOF_PASSWORD, NULL, ANNAS), FAULT_DENIED);
	memset(proved, 0, sizeof(proved));
	assert_int_equal(change(fixture, PROOF_PASSWORD, NULL, ANNAS), FAULT_DENIED);
}

/* Somebody else who comes to have the name, even with the same hash. */
static enum fault
become_another(struct txn *txn, const char *name, struct why *why)
{
	struct user user = {0};
	enum fault fault = user_find(txn, name, &user, why);

	((unsigned char *)&user.uuid)[0] ^= 1;
	if (fault == FAULT_NONE)
		fault = user_put(txn, &user, why);
	user_clear(&user);
	return fault;
}

static void
a_proof_is_of_one_user(void **state)
{
	struct fixture *fixture = *state;

	prove(fixture, ANNAS);
	write_record(fixture, "anna", become_another);
	assert_int_equal(change(fixture, PROOF_PASSWORD, NULL, OTHER), FAULT_DENIED);
	prove(fixture, ANNAS);
	assert_good(fixture, change(fixture, PROOF_PASSWORD, NULL, OTHER));
}

/* The helper writes the new hash behind the answer: before the change, after it, or never. */
static void
a_proof_outlives_the_upgrade(void **state)
{
	static const struct actor person = {.login_uid = UINT32_MAX};
	struct fixture *fixture = *state;
	struct login login = login_of(fixture, "anna");
	struct login_answer answer = {0};

	with_settings(fixture, "password: {max-age: 1d, "
			       "argon2: {operations: 3, memory: 8MiB}}\n");
	login.now = NOW + 24 * 60 * 60;
	assert_good(fixture, login_authenticate(&login, ANNAS, &answer, &fixture->why));
	assert_int_equal(answer.proof, PROOF_PASSWORD);
	memcpy(proved, answer.stamp, sizeof(proved));
	/* Refused for itself, and not for the proof: the upgrade is not written yet. */
	assert_int_equal(change(fixture, PROOF_PASSWORD, NULL, ANNAS), FAULT_INVALID);
	assert_good(fixture,
	    login_upgrade(fixture->root, &answer, &person, login.now, &fixture->why));
	assert_string_equal(annas_hash(fixture), answer.rehash);
	assert_good(fixture, change(fixture, PROOF_PASSWORD, NULL, OTHER));
	assert_password(fixture, OTHER, true);
	assert_int_equal(change(fixture, PROOF_PASSWORD, NULL, THIRD), FAULT_DENIED);
}

static uint32_t
days_left(struct fixture *fixture, struct login login, int64_t now, enum proof proof)
{
	struct login_answer answer = {0};

	login.now = now;
	login.proof = proof;
	assert_good(fixture, login_account(&login, &answer, &fixture->why));
	return answer.days_left;
}

/* Who logs in by a password is told while there is time; at its end they have to change it. */
static void
a_login_tells_of_the_end(void **state)
{
	enum { DAY = 24 * 60 * 60 };
	struct fixture *fixture = *state;
	struct login login = login_of(fixture, "anna");
	int64_t end = NOW + 30 * DAY;

	with_settings(fixture, "password: {" CHEAP ", max-age: 30d, warn: 3d}\n");
	assert_int_equal(days_left(fixture, login, end - 3 * DAY - 1, PROOF_PASSWORD), 0);
	assert_int_equal(days_left(fixture, login, end - 3 * DAY, PROOF_PASSWORD), 3);
	assert_int_equal(days_left(fixture, login, end - DAY - 1, PROOF_PASSWORD), 2);
	assert_int_equal(days_left(fixture, login, end - 1, PROOF_PASSWORD), 1);
	assert_int_equal(days_left(fixture, login, end, PROOF_PASSWORD), 0);
	assert_int_equal(days_left(fixture, login, end - 1, PROOF_NOTHING), 0);
	assert_int_equal(days_left(fixture, login, end - 1, PROOF_CODE), 0);
	/* Nor who is not let in. */
	login.service = "sudo";
	assert_int_equal(days_left(fixture, login, end - 1, PROOF_PASSWORD), 0);
}

/* A change by oneself takes none of the last ones; root's word does. */
static void
earlier_passwords_are_refused(void **state)
{
	struct fixture *fixture = *state;

	with_settings(fixture, "password: {" CHEAP ", history: 1}\n");
	assert_good(fixture, change(fixture, PROOF_NOTHING, ANNAS, OTHER));
	assert_int_equal(change(fixture, PROOF_NOTHING, OTHER, ANNAS), FAULT_INVALID);
	prove(fixture, OTHER);
	assert_int_equal(change(fixture, PROOF_PASSWORD, NULL, ANNAS), FAULT_INVALID);
	assert_good(fixture, change(fixture, PROOF_NOTHING, OTHER, THIRD));
	assert_good(fixture, change(fixture, PROOF_NOTHING, THIRD, ANNAS));
	assert_good(fixture, change(fixture, PROOF_NOTHING, NULL, THIRD));
	assert_password(fixture, THIRD, true);
}

/* ---- whose host it is ---- */

static void
set_host(struct fixture *fixture, const char *client, const char *site)
{
	const struct identity identity = {.clear = true, .client = client, .site = site};

	AS_ADMIN(fixture, identity_set(&fixture->admin, &identity, &fixture->why));
}

/* acme has the sites gate and yard, brill has none. */
static void
add_clients(struct fixture *fixture)
{
	const struct field *client = field_find(&site_table, "client");
	struct admin *admin = &fixture->admin;

	AS_ADMIN(fixture, client_create(admin, "acme", NO_EDITS, &fixture->why));
	AS_ADMIN(fixture, client_create(admin, "brill", NO_EDITS, &fixture->why));
	AS_ADMIN(fixture, site_create(admin, "gate", EDITS({EDIT_SET, client, "acme"}),
	    &fixture->why));
	AS_ADMIN(fixture, site_create(admin, "yard", EDITS({EDIT_SET, client, "acme"}),
	    &fixture->why));
}

/* Nothing that a login says of hosts or clients changes what this host is. */
static void
whose_host_it_is_the_database_says(void **state)
{
	static const char *const said[] = {"brill", "host.brill.example.org", "client:brill", ""};
	struct fixture *fixture = *state;
	struct login login = login_of(fixture, "anna");

	add_clients(fixture);
	AS_ADMIN(fixture, account_edit(&fixture->admin, "anna",
	    EDITS(USER_SET("type", "client"), USER_SET("clients", "brill")), &fixture->why));
	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
		login.from = said[i];
		set_host(fixture, "acme", NULL);
		assert_verdicts(fixture, &login, ANNAS, VERDICT_WRONG_SITE, VERDICT_WRONG_SITE);
		set_host(fixture, NULL, NULL);
		assert_verdicts(fixture, &login, ANNAS, VERDICT_WRONG_SITE, VERDICT_WRONG_SITE);
		set_host(fixture, "brill", NULL);
		assert_verdicts(fixture, &login, ANNAS, VERDICT_ALLOWED, VERDICT_ALLOWED);
		login.from = "acme";
		assert_verdicts(fixture, &login, ANNAS, VERDICT_ALLOWED, VERDICT_ALLOWED);
	}
	AS_ADMIN(fixture, account_edit(&fixture->admin, "anna",
	    EDITS(USER_SET("clients", "acme"), USER_SET("sites", "gate")), &fixture->why));
	set_host(fixture, "acme", NULL);
	assert_verdicts(fixture, &login, ANNAS, VERDICT_WRONG_SITE, VERDICT_WRONG_SITE);
	set_host(fixture, "acme", "yard");
	assert_verdicts(fixture, &login, ANNAS, VERDICT_WRONG_SITE, VERDICT_WRONG_SITE);
	set_host(fixture, "acme", "gate");
	assert_verdicts(fixture, &login, ANNAS, VERDICT_ALLOWED, VERDICT_ALLOWED);
}

static void
a_role_for_one_client_is_none_at_another(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_of(fixture, "anna");

	add_clients(fixture);
	AS_ADMIN(fixture, account_edit(&fixture->admin, "anna",
	    EDITS(USER_SET("roles", "technician@client:acme")), &fixture->why));
	assert_verdicts(fixture, &login, ANNAS, VERDICT_ALLOWED, VERDICT_ALLOWED);
	set_host(fixture, "brill", NULL);
	assert_verdicts(fixture, &login, ANNAS, VERDICT_WRONG_SITE, VERDICT_WRONG_SITE);
	set_host(fixture, "acme", NULL);
	assert_verdicts(fixture, &login, ANNAS, VERDICT_ALLOWED, VERDICT_ALLOWED);
}

/* ---- grants, and types that are no person's ---- */

static void
a_grant_ends_at_the_login(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_of(fixture, "anna");

	login.service = "sudo";
	assert_verdicts(fixture, &login, ANNAS, VERDICT_SERVICE_NOT_PERMITTED,
	    VERDICT_SERVICE_NOT_PERMITTED);
	AS_ADMIN(fixture, account_edit(&fixture->admin, "anna",
	    EDITS(USER_ADD("grants", "shell.sudo@2026-11-21T09:40:00Z")), &fixture->why));
	assert_verdicts(fixture, &login, ANNAS, VERDICT_ALLOWED, VERDICT_ALLOWED);
	login.now = NOW + 10 * 60;
	assert_verdicts(fixture, &login, ANNAS, VERDICT_ALLOWED, VERDICT_ALLOWED);
	login.now++;
	assert_verdicts(fixture, &login, ANNAS, VERDICT_SERVICE_NOT_PERMITTED,
	    VERDICT_SERVICE_NOT_PERMITTED);
}

static bool
is_overdue(struct fixture *fixture, int64_t now)
{
	struct store *store = NULL;
	bool overdue;

	assert_good(fixture, store_open(fixture->root, STORE_READ_ONLY, &store, &fixture->why));
	overdue = publish_is_overdue(store, now);
	store_close(store);
	return overdue;
}

/* A session looks its groups up right after the account phase: what has ended is gone by then. */
static void
a_granted_group_that_ended_is_taken_away(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_of(fixture, "anna");
	struct login_answer answer = {0};

	write_file(fixture->root, "/etc/group", "root:x:0:\nlocal:x:1000:\npainters:x:991:\n");
	with_settings(fixture, "");
	AS_ADMIN(fixture, account_edit(&fixture->admin, "anna",
	    EDITS(USER_ADD("grants", "logs.read@2026-11-21T09:40:00Z")), &fixture->why));
	login.now = NOW + 10 * 60 + 1;
	assert_false(is_overdue(fixture, NOW));
	assert_true(is_overdue(fixture, login.now));
	/* An ordinary user's question publishes nothing. */
	login.caller = anna;
	assert_good(fixture, login_account(&login, &answer, &fixture->why));
	assert_true(is_overdue(fixture, login.now));
	login.caller = 0;
	assert_good(fixture, login_account(&login, &answer, &fixture->why));
	assert_int_equal(answer.verdict, VERDICT_ALLOWED);
	assert_false(answer.unpublished);
	assert_false(is_overdue(fixture, login.now));
}

/* An integration comes by a key, to the services that are meant for it. */
static void
an_integration_comes_to_its_services(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_of(fixture, "anna");

	with_settings(fixture, "");
	AS_ADMIN(fixture, account_edit(&fixture->admin, "anna",
	    EDITS(USER_SET("type", "integration"), USER_SET("roles", "feeder technician")),
	    &fixture->why));
	login.service = "feeds";
	login.proof = PROOF_KEY;
	assert_verdicts(fixture, &login, ANNAS, VERDICT_NONE, VERDICT_ALLOWED);
	login.service = "sshd"; /* open to employees by the same user's role */
	assert_verdicts(fixture, &login, ANNAS, VERDICT_NONE, VERDICT_TYPE_CANNOT_LOG_IN);
	login.service = "unnamed";
	assert_verdicts(fixture, &login, ANNAS, VERDICT_NONE, VERDICT_TYPE_CANNOT_LOG_IN);
	/* A password that was left behind is never right. */
	AS_ADMIN(fixture,
	    account_edit(&fixture->admin, "anna", EDITS(USER_SET("type", "employee")),
	        &fixture->why));
	AS_ADMIN(fixture, account_password(&fixture->admin, "anna", ANNAS, &fixture->why));
	write_record(fixture, "anna", make_integration);
	login.service = "feeds";
	assert_verdicts(fixture, &login, ANNAS, VERDICT_NONE, VERDICT_ALLOWED);
}

/* ---- sessions ---- */

static void
a_session_is_noted(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_of(fixture, "anna@example.org");
	struct login_answer answer = {0};
	struct names environment = {0};
	struct last_login last = {0};

	AS_ADMIN(fixture, account_edit(&fixture->admin, "anna",
	    EDITS(USER_ADD("roles", "visitor"), USER_ADD("roles", "spare"),
	        USER_SET("access-back", "30")), &fixture->why));
	write_record(fixture, "spare", disable);
	assert_good(fixture, login_open_session(&login, &answer, &environment, &fixture->why));
	assert_int_equal(answer.verdict, VERDICT_ALLOWED);
	assert_string_equal(answer.reason, "");
	assert_int_equal(environment.count, 2);
	assert_string_equal(environment.item[0], "HEXA_ROLES=technician visitor");
	assert_string_equal(environment.item[1], "HEXA_ACCESS_BACK=30");
	assert_good(fixture, last_login_get(fixture->root, anna, &last, &fixture->why));
	assert_int_equal(last.when, NOW + 60);
	assert_string_equal(last.from, "192.0.2.7");
	assert_string_equal(last.service, "sshd");
	names_clear(&environment);

	login.user = "bob";
	assert_good(fixture, login_open_session(&login, &answer, &environment, &fixture->why));
	assert_int_equal(answer.verdict, VERDICT_UNKNOWN_USER);
	assert_int_equal(environment.count, 0);
}

static void
a_session_is_told_what_its_user_has_here(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_of(fixture, "anna");
	struct login_answer answer = {0};
	struct names environment = {0};

	with_settings(fixture, "");
	add_clients(fixture);
	AS_ADMIN(fixture, account_edit(&fixture->admin, "anna",
	    EDITS(USER_SET("clients", "acme brill"),
	        USER_SET("roles", "technician technician@/sales visitor@/sales "
	                 "spare@client:brill")), &fixture->why));
	set_host(fixture, "acme", NULL);
	assert_good(fixture, login_open_session(&login, &answer, &environment, &fixture->why));
	assert_int_equal(environment.count, 3);
	assert_string_equal(environment.item[0], "HEXA_ROLES=technician visitor");
	assert_string_equal(environment.item[1], "HEXA_CLIENTS=acme brill");
	assert_string_equal(environment.item[2], "HEXA_ACCESS_BACK=900");
	names_clear(&environment);
	set_host(fixture, "brill", NULL);
	assert_good(fixture, login_open_session(&login, &answer, &environment, &fixture->why));
	assert_string_equal(environment.item[0], "HEXA_ROLES=spare technician visitor");
	names_clear(&environment);
}

/* What cannot be noted is told, and stops nobody. */
static void
a_session_without_its_note(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_of(fixture, "anna");
	struct login_answer answer = {0};
	struct names environment = {0};
	char path[256];

	snprintf(path, sizeof(path), "%s/var/lib/hexa/private/last-login.mdb", fixture->root);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_good(fixture, login_open_session(&login, &answer, &environment, &fixture->why));
	assert_int_equal(answer.verdict, VERDICT_ALLOWED);
	assert_int_equal(environment.count, 1);
	names_clear(&environment);
}

/* ---- faults ---- */

static void
without_a_database_nothing_is_known(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_of(fixture, "anna");
	struct login_answer answer = {.verdict = VERDICT_NOT_ACTIVE};
	struct names environment = {0};
	struct actor actor = {.name = "root"};
	char path[256], away[300];

	snprintf(path, sizeof(path), "%s/var/lib/hexa/private/hexa.mdb", fixture->root);
	snprintf(away, sizeof(away), "%s.away", path);
	assert_int_equal(rename(path, away), 0);
	assert_int_equal(
		login_authenticate(&login, ANNAS, &answer, &fixture->why), FAULT_UNAVAILABLE);
	assert_int_equal(login_verify_password(&login, ANNAS, &answer, &fixture->why),
	    FAULT_UNAVAILABLE);
	assert_int_equal(login_account(&login, &answer, &fixture->why), FAULT_UNAVAILABLE);
	assert_int_equal(login_open_session(&login, &answer, &environment, &fixture->why),
	    FAULT_UNAVAILABLE);
	assert_int_equal(login_change_password(&login, &actor, NULL, OTHER, &answer, &fixture->why),
	    FAULT_UNAVAILABLE);
	assert_int_equal(answer.verdict, VERDICT_NOT_ACTIVE); /* not written */
	assert_int_equal(rename(away, path), 0);
	assert_password(fixture, ANNAS, true);
}

/* A command died between its commit and its publishing: the next login sees it, and can mend it. */
static void
what_was_not_published(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_of(fixture, "anna");
	struct login_answer answer = {0};
	char path[256];

	assert_good(fixture, login_account(&login, &answer, &fixture->why));
	assert_false(answer.unpublished);
	snprintf(path, sizeof(path), "%s/var/lib/hexa/directory/directory.mdb", fixture->root);
	assert_int_equal(unlink(path), 0);
	assert_good(fixture, login_account(&login, &answer, &fixture->why));
	assert_true(answer.unpublished);
	assert_int_equal(answer.verdict, VERDICT_ALLOWED);
	login.caller = anna;
	assert_good(fixture, login_account(&login, &answer, &fixture->why));
	assert_false(answer.unpublished); /* not an ordinary user's to mend */
	login.caller = 0;
	assert_good(fixture, login_publish(fixture->root, NOW, &fixture->why));
	assert_good(fixture, login_account(&login, &answer, &fixture->why));
	assert_false(answer.unpublished);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {TEST(the_right_password_of_who_may),
		TEST(passwords_that_are_never_right), TEST(who_is_nobody),
		TEST(nobody_logs_in_by_uid), TEST(who_may_not), TEST(what_changes_meanwhile),
		TEST(integrations_have_no_password), TEST(the_account_must_be_theirs),
		TEST(who_was_deleted_is_out), TEST(who_has_the_uid_of_a_local_user_is_out),
		TEST(others_ask_about_themselves),
		TEST(a_password_is_changed), TEST(what_is_refused_changes_nothing),
		TEST(must_change_is_for_who_gave_a_password),
		TEST(a_proof_is_of_the_password_that_was), TEST(a_proof_is_of_one_user),
		TEST(a_proof_outlives_the_upgrade),
		TEST(names_to_log_in_by_are_the_policys_to_say),
		TEST(passwords_are_as_the_policy_says),
		TEST(a_password_that_is_too_old_must_be_changed),
		TEST(a_hash_is_made_as_the_policy_says), TEST(a_login_tells_of_the_end),
		TEST(earlier_passwords_are_refused),
		TEST(whose_host_it_is_the_database_says),
		TEST(a_role_for_one_client_is_none_at_another), TEST(a_grant_ends_at_the_login),
		TEST(a_granted_group_that_ended_is_taken_away),
		TEST(an_integration_comes_to_its_services), TEST(a_session_is_noted),
		TEST(a_session_is_told_what_its_user_has_here),
		TEST(a_session_without_its_note), TEST(without_a_database_nothing_is_known),
		TEST(what_was_not_published)};

	return RUN_AS_ROOT(tests);
}
