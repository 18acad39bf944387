/*
 * matrix_users.h - for matrix_test.c: the rule about users, and the commands that change them.
 */
#ifndef HEXA_TESTS_MATRIX_USERS_H
#define HEXA_TESTS_MATRIX_USERS_H

#include "tests/unit/matrix.h"

#include "accounts/import.h"
#include "accounts/self.h"

/* ---- the rule about users ------------------------------------------------------------------- */

/* All that the user has is the actor's too, and so are their hosts. */
static bool
is_within(const struct user *user)
{
	static struct havings has;
	const struct user *actor = stage.actor;

	oracle_count_user(&stage.scene->policy, user, host_group_of(user->name), false, NOW, &has);
	if (oracle_beyond(&has, &stage.has) != NULL)
		return false;
	if (actor->type != USER_CLIENT || actor->clients.count == 0)
		return true;
	for (size_t i = 0; i < user->clients.count; i++)
		if (!oracle_is_listed(&actor->clients, user->clients.item[i]))
			return false;
	return user->type == USER_CLIENT && user->clients.count > 0;
}

static bool
may_touch(const char *permission, const struct user *user)
{
	return stage.as == NULL || (holds(permission, WHOM_USER, user) && is_within(user) &&
	                               user->uid != stage.actor->uid);
}

/* Who sees so many days back makes that of others no more, nor unbounded (0). */
static bool
widens_view(const struct user *before, const struct user *after)
{
	const uint32_t own = oracle_days(&stage.scene->policy, stage.actor);
	const uint32_t days = oracle_days(&stage.scene->policy, after);

	if (own == 0 || (days != 0 && days <= own))
		return false;
	return before == NULL || days != oracle_days(&stage.scene->policy, before);
}

/* A home that the policy does not say, which somebody makes as root, is for who has everything. */
static bool
moves_home(const struct user *before, const struct user *after)
{
	char home[64];

	snprintf(home, sizeof(home), "/home/%s", after->name == NULL ? "" : after->name);
	if (after->home == NULL || strcmp(after->home, home) == 0 ||
	    (before != NULL && before->home != NULL && strcmp(after->home, before->home) == 0))
		return false;
	return !oracle_has_everywhere(&stage.has, A_PERMISSION, "*");
}

/* They are known by their address, which is not changed: so they stay what they are. */
static bool
is_client_no_more(const struct user *before, const struct user *after)
{
	return before != NULL && before->type == USER_CLIENT && after->type != USER_CLIENT;
}

static bool
may_leave_so(const char *permission, const struct user *before, const struct user *after)
{
	return stage.as == NULL || (holds(permission, WHOM_USER, after) && is_within(after) &&
	                               !widens_view(before, after) && !moves_home(before, after) &&
	                               !is_client_no_more(before, after));
}

/* Whose last client goes is revoked, and is kept to no site. */
static void
settle(const struct user *before, struct user *after)
{
	if (before == NULL || before->type != USER_CLIENT || after->type != USER_CLIENT ||
	    before->clients.count == 0 || after->clients.count > 0)
		return;
	names_clear(&after->sites);
	if (after->status != STATUS_LEFT)
		after->status = STATUS_REVOKED;
}

/* Nobody stands behind themself; others name nobody here. */
static bool
is_circle(const struct user *user)
{
	for (size_t i = 0; i < user_table.count; i++) {
		const struct field *row = &user_table.rows[i];
		const char *name = row->kind == K_USER ? field_string(row, user) : NULL;

		if (name != NULL && user->name != NULL && strcmp(name, user->name) == 0)
			return true;
	}
	return false;
}

/* A client user's address stays; and without a client they do not come back. */
static bool
breaks_rule(const struct user *before, const struct user *after)
{
	const struct field *email = user_field("email");
	bool came_back;

	if (is_circle(after))
		return true;
	if (before == NULL)
		return false;
	came_back = before->status == STATUS_REVOKED || before->status == STATUS_LEFT;
	came_back = came_back && after->status != STATUS_REVOKED && after->status != STATUS_LEFT;
	if (came_back && after->type == USER_CLIENT && after->clients.count == 0)
		return true;
	return before->type == USER_CLIENT && after->type == USER_CLIENT &&
	    before->email != NULL && !field_same(email, before, after);
}

/* The host's provision with administrators, with one user as they would be (NULL: gone). */
static bool
keeps_administrators(const struct user *before, const struct user *after)
{
	unsigned was = 0, is = after == NULL ? 0 : oracle_provides(after, NOW);

	for (size_t i = 0; i < stage.scene->users; i++) {
		const struct user *user = &stage.scene->user[i];
		unsigned by = oracle_provides(user, NOW);

		was = by > was ? by : was;
		if ((before == NULL || user->uid != before->uid) && by > is)
			is = by;
	}
	return is >= was;
}

/* The one site that there is, is acme's. */
static bool
sites_fit(const struct user *user)
{
	return user->sites.count == 0 || oracle_is_listed(&user->clients, "acme");
}

/*
 * What comes of making (`before` NULL), changing or deleting (`after` NULL) a user.  `altered` is
 * what is wrong with the change in itself: whoever may not change them is not told.
 */
static enum fault
user_verdict(const char *permission, const struct user *before, struct user *after,
    enum fault altered)
{
	struct why why;

	if (before != NULL && !may_touch(permission, before))
		return FAULT_DENIED;
	if (altered != FAULT_NONE)
		return altered;
	if (after != NULL) {
		settle(before, after);
		if (!sites_fit(after))
			return FAULT_INVALID;
		if (!may_leave_so(permission, before, after))
			return FAULT_DENIED;
		if (breaks_rule(before, after))
			return FAULT_RULE;
		if (before != NULL &&
		    record_check(&user_table, after, false, &why) != FAULT_NONE)
			return FAULT_INVALID;
	}
	return keeps_administrators(before, after) ? FAULT_NONE : FAULT_RULE;
}

/* Whoever has no right to the command at all is told nothing, and then not whom there is. */
static enum fault
verdict_on(const struct command *command, const struct user *before, struct user *after,
    enum fault altered)
{
	if (!holds(command->permission, WHOM_ANY, NULL))
		return FAULT_DENIED;
	return user_verdict(command->permission, before, after, altered);
}

/* ---- the commands on users ------------------------------------------------------------------ */

static enum fault
edit_it(const char *name, const void *with)
{
	return account_edit(admin(), name, &(struct edits){with, 1}, why());
}

static void
try_user_edit(const struct command *command)
{
	const char *name;

	for (size_t t = 0; (name = target_name(t)) != NULL; t++)
		for (size_t i = 0; i < user_edits.count; i++) {
			const struct edit *edit = &user_edits.edit[i];
			struct user after = {0};
			enum fault altered = alter(edit, copy_of(find_user(name), &after), true);
			enum fault expected =
			    verdict_on(command, find_user(name), &after, altered);

			judge(command, name, edit_text(edit), ONE(expected),
			    edit_it(name, edit));
			user_clear(&after);
		}
	try_nobody(command, edit_it, &user_edits.edit[user_edits.count - 1]);
}

static enum fault
rename_it(const char *name, const void *with)
{
	return account_rename(admin(), name, with, why());
}

/* To what nobody is called, and to what a group of the host's lists. */
static void
try_user_rename(const struct command *command)
{
	static const char *const names[] = {"renamed", "spectre"};
	const char *name;

	for (size_t t = 0; (name = target_name(t)) != NULL; t++)
		for (size_t i = 0; i < COUNT(names); i++) {
			struct user after = {0};
			enum fault expected;

			copy_of(find_user(name), &after);
			free(after.name);
			after.name = strdup(names[i]);
			expected = verdict_on(command, find_user(name), &after,
			    host_group_of(names[i]) == NULL ? FAULT_NONE : FAULT_CONFLICT);
			judge(command, name, names[i], ONE(expected), rename_it(name, names[i]));
			user_clear(&after);
		}
	try_nobody(command, rename_it, names[0]);
}

/* From which statuses a verb leads, and to which. */
static const struct step {
	const char *verb;
	unsigned from;
	enum user_status to;
	enum fault (*take)(struct admin *admin, const char *who, struct why *why);
} steps[] = {
    {"suspend", ONE(STATUS_ACTIVE), STATUS_SUSPENDED, account_suspend},
    {"resume", ONE(STATUS_SUSPENDED), STATUS_ACTIVE, account_resume},
    {"revoke", ONE(STATUS_ACTIVE) | ONE(STATUS_INVITED) | ONE(STATUS_SUSPENDED),
        STATUS_REVOKED, account_revoke},
    {"restore", ONE(STATUS_REVOKED) | ONE(STATUS_LEFT), STATUS_ACTIVE, account_restore},
};

static enum fault
take_step(const char *name, const void *with)
{
	const struct step *step = with;

	return step->take(admin(), name, why());
}

static void
try_step(const struct command *command)
{
	const struct step *step = steps;
	const char *name;

	while (strcmp(step->verb, command->verb) != 0)
		step++;
	for (size_t t = 0; (name = target_name(t)) != NULL; t++) {
		const struct user *before = find_user(name);
		struct user after = {0};
		enum fault expected;

		copy_of(before, &after)->status = step->to;
		expected = verdict_on(command, before, &after,
		    (step->from & ONE(before->status)) != 0 ? FAULT_NONE : FAULT_RULE);
		judge(command, name, "", ONE(expected), take_step(name, step));
		user_clear(&after);
	}
	try_nobody(command, take_step, step);
}

static enum fault
delete_it(const char *name, const void *with)
{
	(void)with;
	return account_delete(admin(), name, why());
}

static void
try_user_delete(const struct command *command)
{
	const char *name;

	for (size_t t = 0; (name = target_name(t)) != NULL; t++)
		judge(command, name, "",
		    ONE(verdict_on(command, find_user(name), NULL, FAULT_NONE)),
		    delete_it(name, NULL));
	try_nobody(command, delete_it, NULL);
}

static enum fault
set_its_password(const char *name, const void *with)
{
	return account_password(admin(), name, with, why());
}

static void
try_user_password(const struct command *command)
{
	const char *name;

	for (size_t t = 0; (name = target_name(t)) != NULL; t++) {
		struct user after = {0};

		copy_of(find_user(name), &after);
		judge(command, name, "",
		    ONE(verdict_on(command, find_user(name), &after, FAULT_NONE)),
		    set_its_password(name, GOOD_PASSWORD));
		user_clear(&after);
	}
	try_nobody(command, set_its_password, GOOD_PASSWORD);
}

/* ---- who is known by an address ------------------------------------------------------------- */

static bool
has_access(const struct user *user)
{
	if (user->status == STATUS_REVOKED || user->status == STATUS_LEFT)
		return false;
	return user->status == STATUS_SUSPENDED || user->roles.count > 0;
}

/*
 * What comes of giving a role to who is known so.  FAULT_UNKNOWN: the actor is not to learn that
 * there is somebody.
 */
static enum fault
known_verdict(const struct command *command, const struct user *before, const char *role)
{
	const bool sees = holds("hexa.users.view", WHOM_USER, before);
	struct user after = {0};
	enum fault fault = FAULT_CONFLICT;

	if (!holds(command->permission, WHOM_ANY, NULL))
		return FAULT_DENIED;
	if (!has_access(before)) {
		copy_of(before, &after)->status = STATUS_ACTIVE;
		(void)field_add(user_field("roles"), &after, role, why());
		fault = user_verdict(command->permission, before, &after, FAULT_NONE);
		user_clear(&after);
		if (may_touch(command->permission, before))
			return fault;
	}
	return sees ? fault : FAULT_UNKNOWN;
}

static const char *const given_roles[] = {"unheld@client:acme", "closer"};

static void
try_user_restore(const struct command *command)
{
	struct user restored = {0};
	const char *name;

	try_step(command);
	for (size_t t = 0; (name = target_name(t)) != NULL; t++)
		for (size_t i = 0; i < COUNT(given_roles); i++) {
			const struct edit give = {EDIT_ADD, user_field("roles"), given_roles[i]};
			const struct user *user = find_user(name);
			enum fault expected = known_verdict(command, user, given_roles[i]);

			judge(command, user->email, given_roles[i], ONE(expected),
			    account_restore_known(admin(), user->email,
			        &(struct edits){&give, 1}, &restored, why()));
			user_clear(&restored);
		}
}

/* A new user, who is told to be called Made Up. */
static enum fault
add(const struct edit *edit, const char *email)
{
	const struct edit edits[] = {USER_SET("first-name", "Made"), USER_SET("last-name", "Up"),
	    USER_SET("roles", "desk@client:acme"), USER_SET("unit", "/sales"),
	    USER_SET("clients", "acme"), USER_SET("email", email), *edit};
	struct user made = {0};
	enum fault fault = account_add(admin(), NULL,
	    &(struct edits){edits, COUNT(edits)}, NULL, &made, why());

	user_clear(&made);
	return fault;
}

static void
draft_new(struct user *user)
{
	static const char *const fields[][2] = {{"first-name", "Made"}, {"last-name", "Up"},
	    {"roles", "desk@client:acme"}, {"unit", "/sales"}, {"clients", "acme"}};

	*user = (struct user){.status = STATUS_ACTIVE};
	for (size_t i = 0; i < COUNT(fields); i++)
		assert_int_equal(field_parse(user_field(fields[i][0]), user, fields[i][1], why()),
		    FAULT_NONE);
}

/* Nothing that is required may be missing, whoever it is for. */
static enum fault
alter_new(const struct edit *edit, struct user *user)
{
	enum fault fault;

	draft_new(user);
	fault = alter(edit, user, false);
	if (fault == FAULT_NONE && (user->roles.count == 0 || user->first_name == NULL ||
	    user->last_name == NULL))
		fault = FAULT_INVALID;
	return fault;
}

/* What is wrong with the line itself is told to anybody: it says nothing of who there is. */
static void
try_new(const struct command *command)
{
	for (size_t i = 0; i < user_edits.count; i++) {
		const struct edit *edit = &user_edits.edit[i];
		struct user after = {0};
		enum fault altered = alter_new(edit, &after);
		unsigned expected =
		    ONE(altered != FAULT_NONE ? altered
		                              : verdict_on(command, NULL, &after, FAULT_NONE));

		judge(command, "a new one", edit_text(edit), expected, add(edit, ""));
		user_clear(&after);
	}
}

/* Of whom they are not to know, all that they learn is that the address is taken. */
static void
try_user_add(const struct command *command)
{
	const char *name;

	if (stage.scene == active)
		try_new(command);
	for (size_t t = 0; (name = target_name(t)) != NULL; t++)
		for (size_t i = 0; i < COUNT(given_roles); i++) {
			const struct edit give = {EDIT_ADD, user_field("roles"), given_roles[i]};
			struct user draft = {0};
			enum fault expected;

			draft_new(&draft);
			assert_int_equal(alter(&give, &draft, false), FAULT_NONE);
			expected = known_verdict(command, find_user(name), given_roles[i]);
			if (expected == FAULT_UNKNOWN)
				expected = verdict_on(command, NULL, &draft, FAULT_CONFLICT);
			judge(command, find_user(name)->email, given_roles[i],
			    ONE(expected) | (expected == FAULT_CONFLICT ? ONE(FAULT_DENIED) : 0),
			    add(&give, find_user(name)->email));
			user_clear(&draft);
		}
}

/* ---- many at once --------------------------------------------------------------------------- */

/* Imports one row.  Of all that is wrong with it a right that is lacking comes first. */
static enum fault
import_one(const struct import_cell *cells, size_t count, bool update)
{
	const struct import_row row = {.line = 2, .column = 1, .cell = cells, .count = count};
	struct import *import = NULL;
	enum fault fault = import_begin(admin(), update, &import, why());

	if (fault != FAULT_NONE)
		return fault;
	assert_int_equal(import_row(import, &row, why()), FAULT_NONE);
	fault = import_settle(import, why());
	if (fault == FAULT_INVALID) {
		const struct import_faults faults = import_faults(import);

		for (size_t i = faults.count; i > 0; i--)
			if (i == 1 || faults.why[i - 1].fault == FAULT_DENIED) {
				*why() = faults.why[i - 1];
				fault = why()->fault;
				break;
			}
	}
	if (fault == FAULT_NONE)
		fault = import_commit(import, why());
	import_end(import);
	return fault;
}

static struct import_cell
cell_of(const char *field, const char *text)
{
	return (struct import_cell){user_field(field), text, 2, 1};
}

/* A row says a value, not an edit: the one to which the edit comes. */
static char *
edited_text(const struct edit *edit, const struct user *after)
{
	char *text = field_text(edit->field, after);

	assert_non_null(text);
	return text;
}

static void
import_over(const struct command *command, const struct user *before, const struct edit *edit,
    struct user *after)
{
	char *text = edited_text(edit, after);
	const struct import_cell cells[] = {cell_of("name", before->name),
	    {edit->field, text, 2, 2}};
	enum fault expected;

	/* Whoever sees them, or is them, may be told that they stand so already. */
	if (field_same(edit->field, before, after) && (stage.as == NULL ||
	    (stage.actor != NULL && stage.actor->uid == before->uid) ||
	    holds("hexa.users.view", WHOM_USER, before)))
		expected = holds(command->permission, WHOM_ANY, NULL) ? FAULT_NONE : FAULT_DENIED;
	else
		expected = verdict_on(command, before, after, FAULT_NONE);
	judge(command, before->name, edit_text(edit), ONE(expected), import_one(cells, 2, true));
	free(text);
}

static void
import_new(const struct command *command, const struct edit *edit)
{
	struct user after = {0};
	enum fault altered = alter_new(edit, &after);
	char *text = edited_text(edit, &after);
	const struct import_cell cells[] = {cell_of("name", "newcomer"),
	    cell_of("first-name", "Made"), cell_of("last-name", "Up"),
	    cell_of("roles", "desk@client:acme"), cell_of("unit", "/sales"),
	    cell_of("clients", "acme"), {edit->field, text, 2, 7}};
	struct import_cell *row = calloc(COUNT(cells), sizeof(*row));
	size_t count = 0;

	/* The value takes the place of one that stands there for all. */
	for (size_t i = 0; i < COUNT(cells); i++)
		if (i == COUNT(cells) - 1 || cells[i].field != edit->field)
			row[count++] = cells[i];
	if (altered == FAULT_NONE)
		judge(command, "a new one", edit_text(edit),
		    ONE(verdict_on(command, NULL, &after, FAULT_NONE)),
		    import_one(row, count, false));
	free(row);
	free(text);
	user_clear(&after);
}

/* As a row says a status: one that is no step for an edit. */
static void
import_status(const struct command *command, const struct user *before)
{
	const struct field *field = user_field("status");

	for (unsigned status = STATUS_ACTIVE; status <= STATUS_LEFT; status++) {
		const struct edit edit = {EDIT_SET, field, field->choices[status]};
		struct user after = {0};

		copy_of(before, &after)->status = status;
		import_over(command, before, &edit, &after);
		user_clear(&after);
	}
}

static void
import_rows(const struct command *command, const struct user *before)
{
	for (size_t i = 0; i < user_edits.count; i++) {
		const struct edit *edit = &user_edits.edit[i];
		struct user after = {0};

		if (alter(edit, copy_of(before, &after), true) == FAULT_NONE)
			import_over(command, before, edit, &after);
		user_clear(&after);
	}
}

/* Where everybody is active, all of it; else how the file leads from one status to another. */
static void
try_user_import(const struct command *command)
{
	const char *name;

	for (size_t i = 0; stage.scene == active && i < user_edits.count; i++)
		if ((user_edits.edit[i].field->rights & (F_KEPT | F_HIDDEN)) == 0)
			import_new(command, &user_edits.edit[i]);
	for (size_t t = 0; (name = target_name(t)) != NULL; t++) {
		import_status(command, find_user(name));
		if (stage.scene == active)
			import_rows(command, find_user(name));
	}
}

/* ---- one's own account ---------------------------------------------------------------------- */

static enum fault
edit_oneself(const struct user *user, const struct edit *edit)
{
	const struct self self = {stage.fixture->root, user->uid, UINT32_MAX, NULL, NOW};
	struct self_edited edited = {0};
	enum fault fault;

	/* The helper is another process; in one, a database is opened once. */
	admin_close(admin());
	fault = self_edit(&self, &(struct edits){edit, 1}, &edited, why());
	names_clear(&edited.notices);
	enter_as(stage.as);
	return fault;
}

/* What /etc/shells does not list is no shell to choose. */
static bool
is_no_shell(const struct edit *edit, const struct user *after)
{
	return strcmp(edit->field->name, "shell") == 0 &&
	    (after->shell == NULL || (strcmp(after->shell, "/bin/bash") != 0 &&
	                                 strcmp(after->shell, "/bin/dash") != 0));
}

static enum fault
self_verdict(const struct user *self, const struct edit *edit, struct user *after)
{
	const unsigned not_own = F_NOT_SELF | F_FIXED | F_KEPT | F_HIDDEN;
	enum fault altered = alter(edit, after, true);

	if (self->status != STATUS_ACTIVE || (self->valid_until != 0 && NOW > self->valid_until) ||
	    (edit->field->rights & not_own) != 0)
		return FAULT_DENIED;
	if (altered == FAULT_NONE && (is_no_shell(edit, after) ||
	    record_check(&user_table, after, false, why()) != FAULT_NONE))
		return FAULT_INVALID;
	return altered == FAULT_NONE && is_circle(after) ? FAULT_RULE : altered;
}

static void
try_own(const struct command *command, const struct user *user)
{
	for (size_t i = 0; i < user_edits.count; i++) {
		const struct edit *edit = &user_edits.edit[i];
		struct user after = {0};
		enum fault expected;

		copy_of(user, &after);
		expected = self_verdict(user, edit, &after);
		judge(command, user->name, edit_text(edit), ONE(expected),
		    edit_oneself(user, edit));
		user_clear(&after);
	}
}

/* It takes no right on Hexa: beside each actor, so does everybody else, in the place of root. */
static void
try_self_edit(const struct command *command)
{
	if (stage.as != NULL && stage.scene == active)
		try_own(command, stage.actor);
	for (size_t i = 0; stage.as == NULL && i < COUNT(people); i++)
		try_own(command, find_user(people[i].name));
}

#endif
