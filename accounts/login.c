/*
 * login.c - a login after its password: may they in, and their session.
 */
#include "accounts/login.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accounts/code.h"
#include "accounts/login_view.h"
#include "accounts/password.h"
#include "policy/assignment.h"
#include "store/publish.h"

/* ---- account ------------------------------------------------------------------------------ */

/*
 * Whoever verified no password here, and comes from another host, comes by a key.  (cron and su
 * have no remote host; and who knew the password has shown that it was not them who guessed.)
 */
static bool
is_key_locked_out(const struct view *view, const struct login *login)
{
	const struct lockout_place place = place_of(login, view->user.uid);
	bool by_key = login->proof == PROOF_NOTHING || login->proof == PROOF_KEY;

	return view->known && view->settings.lockout_keys && by_key && place.rhost[0] != '\0' &&
	    lockout_holds(login->root, &view->settings, &place, login->uptime);
}

/* What the person is told besides, of their own password. */
static void
answer_password(const struct view *view, const struct login *login, struct login_answer *answer)
{
	if (!view->known)
		return;
	answer->has_code = code_is_good(&view->user, login->now, view->mark);
	if (verdict_allows(answer->verdict) && login->proof == PROOF_PASSWORD)
		answer->days_left =
		    password_days_left(&view->user, &view->settings, login->now);
}

enum fault
login_account(const struct login *login, struct login_answer *answer, struct why *why)
{
	struct judging judging = {.phase = PHASE_ACCOUNT, .proof = login->proof};
	struct view view;
	struct login_answer said = {0};
	bool overdue = false;
	enum fault fault = view_open(&view, login, why);

	if (fault != FAULT_NONE)
		return fault;
	judging.locked_out = is_key_locked_out(&view, login);
	fault = view_judge(&view, login, &judging, &said, why);
	answer_password(&view, login, &said);
	overdue = login->caller == 0 && publish_is_overdue(view.store, login->now);
	view_close(&view);
	/*
	 * A granted group that has ended: the session's groups are looked up right after this
	 * answer.  Where it cannot be taken away the login is not held up: that is the host's to
	 * mend.
	 */
	if (fault == FAULT_NONE && overdue)
		said.unpublished = login_publish(login->root, login->now, NULL) != FAULT_NONE;
	if (fault == FAULT_NONE)
		*answer = said;
	return fault;
}

/* ---- session ------------------------------------------------------------------------------ */

/* Moves the finished text into the list. */
static bool
add_variable(struct names *environment, struct bytes *text)
{
	char *variable = bytes_take_text(text);
	bool added = variable != NULL && names_add(environment, variable);

	free(variable);
	return added;
}

/* Is the role assigned in a scope that counts on this host? */
static bool
counts_here(const struct user *user, const struct role *role, const char *client)
{
	for (size_t i = 0; i < user->roles.count; i++) {
		struct assignment assignment;

		if (assignment_parse(user->roles.item[i], &assignment) &&
		    strcmp(assignment.role, role->name) == 0 &&
		    scope_counts_on(&assignment.scope, client))
			return !role->disabled;
	}
	return false;
}

/* The roles that give something on this host, each once. */
static bool
add_roles(struct names *environment, const struct user *user, const struct matter *matter)
{
	struct bytes text = {0};
	const char *space = "";

	bytes_print(&text, "HEXA_ROLES=");
	for (size_t i = 0; i < matter->roles.count; i++) {
		const struct role *role = &matter->roles.role[i];

		if (!counts_here(user, role, matter->host.client))
			continue;
		bytes_print(&text, "%s%s", space, role->name);
		space = " ";
	}
	return add_variable(environment, &text);
}

static bool
add_clients(struct names *environment, const struct user *user)
{
	struct bytes text = {0};

	if (user->clients.count == 0)
		return true;
	bytes_print(&text, "HEXA_CLIENTS=");
	for (size_t i = 0; i < user->clients.count; i++)
		bytes_print(&text, "%s%s", i == 0 ? "" : " ", user->clients.item[i]);
	return add_variable(environment, &text);
}

static bool
add_access_back(struct names *environment, const struct user *user, const struct matter *matter)
{
	uint32_t days = access_back(user, &matter->roles);
	struct bytes text = {0};

	if (days == 0)
		return true;
	bytes_print(&text, "HEXA_ACCESS_BACK=%u", days);
	return add_variable(environment, &text);
}

static enum fault
make_environment(const struct view *view, struct names *environment, struct why *why)
{
	struct matter matter = {0};
	enum fault fault = matter_load(view, &matter, why);

	if (fault == FAULT_NONE && (!add_roles(environment, &view->user, &matter) ||
	    !add_clients(environment, &view->user) ||
	    !add_access_back(environment, &view->user, &matter)))
		fault = why_memory(why);
	matter_clear(&matter);
	return fault;
}

enum fault
login_open_session(const struct login *login, struct login_answer *answer,
    struct names *environment, struct why *why)
{
	struct view view;
	struct login_answer said;
	struct names made = {0};
	struct why unnoted;
	enum fault fault = view_open(&view, login, why);

	if (fault != FAULT_NONE)
		return fault;
	said = view_answer(&view);
	if (view.known) {
		said.verdict = VERDICT_ALLOWED;
		fault = make_environment(&view, &made, why);
	}
	view_close(&view);
	if (fault != FAULT_NONE) {
		names_clear(&made);
		return fault;
	}
	if (said.verdict == VERDICT_ALLOWED)
		fault = last_login_put(login->root, said.uid, login->now, login->from,
		    login->service, &unnoted);
	if (fault != FAULT_NONE)
		snprintf(said.reason, sizeof(said.reason), "%s", unnoted.text);
	*answer = said;
	*environment = made;
	return FAULT_NONE;
}

enum fault
login_publish(const char *root, int64_t now, struct why *why)
{
	struct store *store = NULL;
	enum fault fault = store_open(root, 0, &store, why);

	if (fault == FAULT_NONE)
		fault = publish(store, now, why);
	store_close(store);
	return fault;
}
