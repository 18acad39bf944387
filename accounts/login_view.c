/*
 * login_view.c - looking a login's name up, and judging whom it led to.
 */
#include "accounts/login_view.h"

#include <stdio.h>
#include <string.h>

#include "accounts/host.h"
#include "policy/explain.h"
#include "store/publish.h"

/* ---- looking ------------------------------------------------------------------------------ */

/* Is this record the user that is meant, as login.h has it? */
static bool
is_meant(const struct login *login, const struct user *user)
{
	if (login->caller != 0 && user->uid != login->caller)
		return false;
	return login->account == LOGIN_NO_ACCOUNT || login->account == user->uid;
}

/* Is it a kind of name that people log in by, under this policy? */
static bool
is_login_name(const char *name, const struct settings *settings)
{
	/* `uid:N` is an administrator's way to name a user. */
	if (strchr(name, ':') != NULL)
		return false;
	if (strchr(name, '@') != NULL)
		return settings->login_email;
	return name[0] != '+' || settings->login_phone;
}

static enum fault
find(struct view *view, const struct login *login, struct why *why)
{
	enum fault fault;

	if (!is_login_name(login->user, &view->settings))
		return FAULT_NONE;
	fault = user_find(view->txn, login->user, &view->user, why);
	if (fault == FAULT_UNKNOWN)
		return FAULT_NONE;
	if (fault != FAULT_NONE)
		return fault;
	view->known = is_meant(login, &view->user);
	if (!view->known)
		user_clear(&view->user);
	return FAULT_NONE;
}

void
view_close(struct view *view)
{
	user_clear(&view->user);
	settings_clear(&view->settings);
	store_end(view->txn);
	store_close(view->store);
	*view = (struct view){0};
}

enum fault
view_open(struct view *view, const struct login *login, struct why *why)
{
	enum fault fault;

	*view = (struct view){0};
	fault = store_open(login->root, STORE_READ_ONLY, &view->store, why);
	if (fault == FAULT_NONE)
		fault = store_read_begin(view->store, &view->txn, why);
	if (fault == FAULT_NONE)
		fault = clock_mark(view->txn, &view->mark, why);
	if (fault == FAULT_NONE)
		fault = settings_load(view->txn, &view->settings, why);
	if (fault == FAULT_NONE)
		fault = find(view, login, why);
	if (fault != FAULT_NONE)
		view_close(view);
	return fault;
}

struct login_answer
view_answer(const struct view *view)
{
	struct login_answer answer = {.verdict = VERDICT_UNKNOWN_USER};

	if (view->known) {
		answer.verdict = VERDICT_NONE;
		answer.uid = view->user.uid;
		snprintf(answer.name, sizeof(answer.name), "%s", view->user.name);
	}
	return answer;
}

struct lockout_place
place_of(const struct login *login, uint32_t uid)
{
	bool own = login->caller != 0;

	return (struct lockout_place){.uid = own ? login->caller : uid,
	    .name = login->user,
	    .rhost = login->rhost == NULL ? "" : login->rhost,
	    .invoker = login->invoker,
	    .own = own};
}

/* An account of nobody: was it once a user's?  Then it is not left to other sources to judge. */
static enum fault
judge_stranger(const struct view *view, const struct login *login, struct login_answer *answer,
    struct why *why)
{
	bool given = false;
	enum fault fault = FAULT_NONE;

	if (login->account != LOGIN_NO_ACCOUNT)
		fault = id_was_given(view->txn, login->account, &given, why);
	if (fault != FAULT_NONE || !given)
		return fault;
	answer->verdict = VERDICT_NOT_ACTIVE;
	answer->uid = login->account;
	snprintf(answer->name, sizeof(answer->name), "uid:%u", login->account);
	snprintf(answer->reason, sizeof(answer->reason),
	    "the host shows an account with this uid, and the database has none under that name");
	return FAULT_NONE;
}

/*
 * A name of /etc/passwd is the host's to judge, and pam_hexa.so stays out of it.  Whoever comes by
 * an address or number would get past that: to the groups that the host gives to the name behind
 * it, or, of somebody who is adopted, in by the password of that day, whatever has become of it.
 * An ordinary user's question has not come by the module at all.  And who has the uid of a user of
 * the host's would be in as that one, with their files, their processes and what sudoers gives them.
 */
static enum fault
judge_local(const struct view *view, const struct login *login, bool *refused,
    struct login_answer *answer, struct why *why)
{
	const struct user *user = &view->user;
	char local[HOST_LOCAL_BYTES];
	enum fault fault = host_local_user(login->root, user->name, user->uid, local, why);

	if (fault != FAULT_NONE)
		return fault;
	*refused = local[0] != '\0';
	if (!*refused)
		return FAULT_NONE;
	answer->verdict = VERDICT_NOT_ACTIVE;
	if (strcmp(local, user->name) == 0)
		snprintf(answer->reason, sizeof(answer->reason),
		    "the host has a user %s of its own", user->name);
	else
		snprintf(answer->reason, sizeof(answer->reason),
		    "the host has a user %s of its own with the same uid, %lu", local,
		    (unsigned long)user->uid);
	return FAULT_NONE;
}

/* Does the directory show less than the database has?  Not to know is no reason to do anything. */
static bool
is_behind(const struct view *view, int64_t now)
{
	bool current = true;

	return publish_is_current(view->store, now, &current, NULL) == FAULT_NONE && !current;
}

void
matter_clear(struct matter *matter)
{
	roles_clear(&matter->roles);
	rules_clear(&matter->rules);
	host_clear(&matter->host);
}

enum fault
matter_load(const struct view *view, struct matter *matter, struct why *why)
{
	enum fault fault = roles_load_held(view->txn, &view->user, &matter->roles, why);

	if (fault == FAULT_NONE)
		fault = rules_load_login(view->txn, &view->user, &matter->rules, why);
	if (fault == FAULT_NONE)
		fault = host_get(view->txn, &matter->host, why);
	return fault;
}

/*
 * Which client's host this is and where it stands comes from the database, never from what the
 * person, or the program that they came through, says of hosts.
 */
static enum fault
judge_user(const struct view *view, const struct login *login, const struct judging *judging,
    struct login_answer *answer, struct why *why)
{
	struct matter matter = {0};
	enum fault fault = matter_load(view, &matter, why);

	if (fault == FAULT_NONE) {
		const struct request request = {
		    .service = login->service,
		    .client = matter.host.client,
		    .site = matter.host.site,
		    .now = login->now,
		    .phase = judging->phase,
		    .proof = judging->proof,
		    .locked_out = judging->locked_out,
		};
		struct decision decision =
		    decide(&view->user, &matter.roles, &matter.rules, &request);

		answer->verdict = decision.verdict;
		decision_explain(&decision, &view->user, &request, answer->reason,
		    sizeof(answer->reason));
	}
	matter_clear(&matter);
	return fault;
}

void
answer_locked_out(const struct user *user, struct login_answer *answer)
{
	static const struct decision decision = {.verdict = VERDICT_LOCKED_OUT};
	static const struct request request = {.phase = PHASE_AUTH};

	answer->verdict = decision.verdict;
	decision_explain(&decision, user, &request, answer->reason, sizeof(answer->reason));
}

enum fault
view_judge(const struct view *view, const struct login *login, const struct judging *judging,
    struct login_answer *answer, struct why *why)
{
	bool decides = judging->phase != 0, refused = false;
	enum fault fault;

	*answer = view_answer(view);
	if (decides)
		answer->unpublished = login->caller == 0 && is_behind(view, login->now);
	if (!view->known)
		return decides ? judge_stranger(view, login, answer, why) : FAULT_NONE;
	fault = judge_local(view, login, &refused, answer, why);
	if (fault != FAULT_NONE || refused)
		return fault;
	if (decides)
		return judge_user(view, login, judging, answer, why);
	if (judging->locked_out)
		answer_locked_out(&view->user, answer);
	else
		answer->verdict = VERDICT_ALLOWED;
	return FAULT_NONE;
}
