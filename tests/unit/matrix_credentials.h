/*
 * matrix_credentials.h - for matrix_test.c: one-time codes, lock-outs, SSH keys, and people's own
 * passwords and keys.  Who may set somebody's password may give them all else they log in by.
 */
#ifndef HEXA_TESTS_MATRIX_CREDENTIALS_H
#define HEXA_TESTS_MATRIX_CREDENTIALS_H

#include "tests/unit/matrix_users.h"

#include "accounts/invite.h"
#include "accounts/keys.h"
#include "accounts/login.h"
#include "accounts/unlock.h"

/* ---- given by an administrator -------------------------------------------------------------- */

static enum fault
give_it_a_code(const char *name, const void *with)
{
	const struct command *command = with;
	struct invitation made = {0};
	enum fault fault = strcmp(command->verb, "reset") == 0
	    ? account_reset(admin(), name, &made, why())
	    : account_invite(admin(), name, &made, why());

	invitation_clear(&made);
	return fault;
}

static bool
can_use_a_code(const struct user *user)
{
	return (user->type == USER_EMPLOYEE || user->type == USER_CLIENT) &&
	    (user->status == STATUS_ACTIVE || user->status == STATUS_INVITED) &&
	    user->roles.count > 0;
}

static void
try_user_code(const struct command *command)
{
	const char *name;

	for (size_t t = 0; (name = target_name(t)) != NULL; t++) {
		struct user after = {0};

		copy_of(find_user(name), &after);
		judge(command, name, "",
		    ONE(verdict_on(command, find_user(name), &after,
		        can_use_a_code(&after) ? FAULT_NONE : FAULT_RULE)),
		    give_it_a_code(name, command));
		user_clear(&after);
	}
	try_nobody(command, give_it_a_code, command);
}

/* What leaves the record as it is. */
static void
try_on_everybody(const struct command *command, user_operation *operation, const void *with)
{
	const char *name;

	for (size_t t = 0; (name = target_name(t)) != NULL; t++) {
		struct user after = {0};

		copy_of(find_user(name), &after);
		judge(command, name, "",
		    ONE(verdict_on(command, find_user(name), &after, FAULT_NONE)),
		    operation(name, with));
		user_clear(&after);
	}
	try_nobody(command, operation, with);
}

static enum fault
unlock_it(const char *name, const void *with)
{
	(void)with;
	return account_unlock(admin(), name, why());
}

static void
try_user_unlock(const struct command *command)
{
	try_on_everybody(command, unlock_it, NULL);
}

static enum fault
add_its_key(const char *name, const void *with)
{
	return account_key_add(admin(), name, with, strlen(with), why());
}

static enum fault
remove_its_key(const char *name, const void *with)
{
	return account_key_remove(admin(), name, with, why());
}

static void
try_key_add(const struct command *command)
{
	try_on_everybody(command, add_its_key, ANOTHER_KEY);
}

static void
try_key_remove(const struct command *command)
{
	try_on_everybody(command, remove_its_key, A_FINGERPRINT);
}

/* ---- one's own ------------------------------------------------------------------------------ */

static enum fault
change_as(const struct user *self, const char *whose)
{
	const struct login login = {.root = stage.fixture->root, .caller = self->uid,
	    .account = LOGIN_NO_ACCOUNT, .invoker = self->uid, .user = whose, .service = "passwd",
	    .from = "", .login_uid = UINT32_MAX, .now = NOW, .uptime = 1};
	const struct actor actor = {.uid = self->uid, .login_uid = UINT32_MAX};
	struct login_answer answer = {0};
	enum fault fault;

	admin_close(admin());
	fault = login_change_password(&login, &actor, GOOD_PASSWORD, "quite another staple",
	    &answer, why());
	enter_as(stage.as);
	return fault;
}

/* Nobody's but one's own, by whatever one may on Hexa; and that whatever one's status is. */
static void
try_own_password(const struct command *command, const struct user *self)
{
	static const char *const others[] = {"chief", "less"};

	judge(command, self->name, "", ONE(FAULT_NONE), change_as(self, self->name));
	for (size_t i = 0; i < COUNT(others); i++)
		if (strcmp(self->name, others[i]) != 0)
			judge(command, others[i], "", ONE(FAULT_UNKNOWN),
			    change_as(self, others[i]));
}

/* Each costs some Argon2: on one host it is tried. */
static void
try_self_password(const struct command *command)
{
	if (stage.scene != active)
		return;
	if (stage.as != NULL)
		try_own_password(command, stage.actor);
	for (size_t i = 0; stage.as == NULL && i < COUNT(people); i++)
		try_own_password(command, find_user(people[i].name));
}

static enum fault
change_own_keys(const struct user *user, bool add)
{
	const struct self self = {stage.fixture->root, user->uid, UINT32_MAX, NULL, NOW};
	struct self_edited edited = {0};
	enum fault fault;

	admin_close(admin());
	fault = add ? self_key_add(&self, ANOTHER_KEY, strlen(ANOTHER_KEY), &edited, why())
	            : self_key_remove(&self, A_FINGERPRINT, &edited, why());
	names_clear(&edited.notices);
	enter_as(stage.as);
	return fault;
}

static void
try_own_keys(const struct command *command, const struct user *user)
{
	const bool is_in = user->status == STATUS_ACTIVE &&
	    (user->valid_until == 0 || NOW <= user->valid_until);

	for (int add = 0; add < 2; add++)
		judge(command, user->name, add ? "add" : "remove",
		    ONE(is_in ? FAULT_NONE : FAULT_DENIED), change_own_keys(user, add));
}

static void
try_self_keys(const struct command *command)
{
	if (stage.as != NULL && stage.scene == active)
		try_own_keys(command, stage.actor);
	for (size_t i = 0; stage.as == NULL && i < COUNT(people); i++)
		try_own_keys(command, find_user(people[i].name));
}

#endif
