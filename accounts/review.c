/*
 * review.c - the questions: each reads what it needs, asks the decision, and words the answer.
 */
#include "accounts/review.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "accounts/adopt.h"
#include "accounts/code.h"
#include "accounts/effects.h"
#include "accounts/policy.h"
#include "accounts/services.h"
#include "accounts/standing.h"
#include "accounts/suggest.h"
#include "policy/explain.h"
#include "policy/text.h"

/*
 * How any service that no permission names is shown.  It is asked about as EFFECT_OTHER, so that
 * PAM's own fallback, the service `other`, stays a service like all.
 */
#define OTHER "other"

enum { HOST_NAME_BYTES = 256 };
enum { PLACED = 4 }; /* words of a path in the policy's text, and a final NULL */

/* What is in force here, whoever is asked about. */
struct setting {
	struct rules rules;
	struct host host;
	char name[HOST_NAME_BYTES];
};

/* The user who is asked about, and all that decides about them. */
struct subject {
	struct user user;
	struct roles roles;         /* theirs */
	struct roles all;           /* of which one may be proposed */
	bool names_service;         /* one service was asked about, by its name */
	struct setting setting;
	int64_t mark;               /* clock_mark() */
	struct bytes yaml;          /* the policy's text */
	const char *placed[PLACED]; /* what was looked up there last, and where it stands */
	unsigned line;
};

static void
setting_clear(struct setting *setting)
{
	rules_clear(&setting->rules);
	host_clear(&setting->host);
}

static enum fault
setting_read(struct txn *txn, struct setting *setting, struct why *why)
{
	enum fault fault;

	if (gethostname(setting->name, sizeof(setting->name) - 1) != 0)
		return why_set(why, FAULT_UNAVAILABLE, "this host's name cannot be read: %m");
	fault = rules_load(txn, &setting->rules, why);
	if (fault == FAULT_NONE)
		fault = host_get(txn, &setting->host, why);
	return fault;
}

static void
subject_clear(struct subject *subject)
{
	user_clear(&subject->user);
	roles_clear(&subject->roles);
	roles_clear(&subject->all);
	setting_clear(&subject->setting);
	bytes_clear(&subject->yaml);
}

static enum fault
subject_read(struct admin *admin, struct txn *txn, const char *who, struct subject *subject,
    struct why *why)
{
	enum fault fault;

	fault = admin_needs_within(admin, txn, "hexa.users.view", why);
	if (fault == FAULT_NONE)
		fault = admin_find_user(admin, txn, "hexa.users.view", who, &subject->user, why);
	if (fault == FAULT_UNKNOWN)
		return suggest_user(admin, txn, who, why);
	if (fault == FAULT_NONE)
		fault = roles_load_held(txn, &subject->user, &subject->roles, why);
	if (fault == FAULT_NONE)
		fault = roles_load(txn, &subject->all, why);
	if (fault == FAULT_NONE)
		fault = setting_read(txn, &subject->setting, why);
	if (fault == FAULT_NONE)
		fault = clock_mark(txn, &subject->mark, why);
	if (fault == FAULT_NONE)
		fault = policy_source(txn, &subject->yaml, why);
	return fault;
}

/* *subject must be all zero; it is to be cleared whatever comes of it. */
static enum fault
subject_load(struct admin *admin, const char *who, struct subject *subject, struct why *why)
{
	struct txn *txn;
	enum fault fault = store_read_begin(admin->store, &txn, why);

	if (fault != FAULT_NONE)
		return fault;
	fault = subject_read(admin, txn, who, subject, why);
	store_end(txn);
	return fault;
}

/* As the account phase asks after a password, for whoever has one, or after a key. */
static struct request
request_at(const struct setting *setting, const struct user *user, const char *service,
    int64_t when, int64_t dated)
{
	return (struct request){
	    .service = service,
	    .host = setting->name,
	    .client = setting->host.client,
	    .site = setting->host.site,
	    .now = when,
	    .dated = dated,
	    .phase = PHASE_ACCOUNT,
	    .proof = user->password == NULL ? PROOF_KEY : PROOF_PASSWORD,
	};
}

/* ---- where the rule stands ---------------------------------------------------------------- */

/* The first permission that closes the service to others. */
static const char *
naming_permission(const struct rules *rules, const char *service)
{
	for (size_t i = 0; service != NULL && i < rules->count; i++)
		if (names_have(&rules->permission[i].services, service))
			return rules->permission[i].name;
	return NULL;
}

static void
place(const char *path[PLACED], const char *section, const char *name, const char *key)
{
	path[0] = name == NULL ? NULL : section;
	path[1] = name;
	path[2] = key;
}

/* A role's own word, or the permission of somebody who has it by a grant. */
static void
place_holding(const struct decision *decision, const char *path[PLACED])
{
	if (decision->role != NULL)
		place(path, "roles", decision->role, NULL);
	else
		place(path, "permissions", decision->permission, NULL);
}

static bool
is_of(const struct decision *decision, const char *field)
{
	return decision->field != NULL && strcmp(decision->field, field) == 0;
}

static void
place_refusal(const struct subject *subject, const struct decision *decision,
    const char *path[PLACED])
{
	if (is_of(decision, "type"))
		place(path, "permissions", decision->permission, "types");
	else if (!is_of(decision, "access-back"))
		place_holding(&(struct decision){.role = decision->role}, path);
	else if (subject->user.access_back == 0)
		place(path, "roles", decision->role, "access-back");
}

/* What closes a service: the permissions that name it, or that none does. */
static void
place_closing(const struct subject *subject, const struct request *request,
    const struct decision *decision, const char *path[PLACED])
{
	if (is_of(decision, "login.other-services"))
		place(path, "login", "other-services", NULL);
	else
		place(path, "permissions",
		    naming_permission(&subject->setting.rules, request->service), NULL);
}

/* Which words of the policy decided; all NULL: none did. */
static void
place_decision(const struct subject *subject, const struct request *request,
    const struct decision *decision, bool asks_service, const char *path[PLACED])
{
	switch (decision->verdict) {
	case VERDICT_ALLOWED:
		if (asks_service && !rules_is_builtin(decision->permission) &&
		    naming_permission(&subject->setting.rules, request->service) != NULL)
			place(path, "permissions", decision->permission, NULL);
		else
			place_holding(decision, path);
		return;
	case VERDICT_TYPE_CANNOT_LOG_IN:
	case VERDICT_SERVICE_NOT_PERMITTED:
		place_closing(subject, request, decision, path);
		return;
	case VERDICT_ROLE_DISABLED:
		place(path, "roles", decision->role, "disabled");
		return;
	case VERDICT_NO_PERMISSION:
		place_refusal(subject, decision, path);
		return;
	case VERDICT_MUST_CHANGE_PASSWORD:
		if (is_of(decision, "password-set"))
			place(path, "password", "max-age", NULL);
		return;
	case VERDICT_NONE:
	case VERDICT_UNKNOWN_USER:
	case VERDICT_NOT_ACTIVE:
	case VERDICT_NOT_YET_VALID:
	case VERDICT_EXPIRED:
	case VERDICT_NO_CONTACT:
	case VERDICT_NO_ROLE:
	case VERDICT_WRONG_SITE:
	case VERDICT_LOCKED_OUT:
		return;
	}
}

/* The line of a key, or of the record that lacks it.  One path often comes several times over. */
static unsigned
line_of(struct subject *subject, const char *const path[PLACED])
{
	const char *yaml = (const char *)subject->yaml.data;

	if (path[0] == NULL)
		return 0;
	if (memcmp(path, subject->placed, sizeof(subject->placed)) == 0)
		return subject->line;
	memcpy(subject->placed, path, sizeof(subject->placed));
	subject->line = document_line(yaml, subject->yaml.size, path);
	if (subject->line == 0 && path[2] != NULL)
		subject->line = document_line(yaml, subject->yaml.size,
		    (const char *[]){path[0], path[1], NULL});
	return subject->line;
}

/* ---- answers ------------------------------------------------------------------------------ */

static void
copy_name(char *to, size_t size, const char *name)
{
	snprintf(to, size, "%s", name == NULL ? "" : name);
}

/* `asks_service`: the answer is about the service, and not about a permission. */
static void
review_fill(struct subject *subject, const struct request *request,
    const struct decision *decision, bool asks_service, struct review *review)
{
	const struct choice choice = {&subject->setting.rules, &subject->all,
	    subject->names_service};
	const char *path[PLACED] = {NULL};

	review->verdict = decision->verdict;
	copy_name(review->service, sizeof(review->service), request->service);
	copy_name(review->role, sizeof(review->role), decision->role);
	copy_name(review->permission, sizeof(review->permission), decision->permission);
	copy_name(review->field, sizeof(review->field), decision->field);
	place_decision(subject, request, decision, asks_service, path);
	review->line = line_of(subject, path);
	decision_explain(decision, &subject->user, request, review->reason, sizeof(review->reason));
	if (decision_mend(decision, &subject->user, &choice, request, review->mend,
	        sizeof(review->mend)))
		snprintf(review->warning, sizeof(review->warning),
		    "nothing less does, and this makes %s root's equal", subject->user.name);
}

static void
drop_mend(struct review *review)
{
	review->mend[0] = '\0';
	review->warning[0] = '\0';
}

/* ---- logins ------------------------------------------------------------------------------- */

/* Of whoever comes by a code the status is no obstacle; a new code would void the one they have. */
static void
review_invited(const struct subject *subject, const struct request *request,
    struct review *review)
{
	struct request by_code = *request;
	struct user user = subject->user; /* all but the status is the subject's */
	char until[TIME_TEXT_BYTES];
	struct decision decision;

	if (user.status != STATUS_INVITED || user.code_used != 0 ||
	    !code_is_good(&user, request->now, subject->mark))
		return;
	user.status = STATUS_ACTIVE;
	by_code.proof = PROOF_CODE;
	decision = decide(&user, &subject->roles, &subject->setting.rules, &by_code);
	text_from_time(user.code_until, until);
	snprintf(review->reason, sizeof(review->reason),
	    "%s is invited and %s one-time code, which is good until %s", user.name,
	    decision.verdict == VERDICT_MUST_CHANGE_PASSWORD ? "gets in by the" : "has a", until);
	drop_mend(review);
}

static void
review_login(struct subject *subject, const char *service, int64_t when, struct review *review)
{
	const struct request request =
	    request_at(&subject->setting, &subject->user, service, when, 0);
	struct decision decision;

	decision = decide(&subject->user, &subject->roles, &subject->setting.rules, &request);
	review_fill(subject, &request, &decision, true, review);
	if (decision.verdict == VERDICT_NOT_ACTIVE)
		review_invited(subject, &request, review);
}

/*
 * Whoever gets in somewhere lacks nothing, and was not made to get in everywhere.  By sudo nobody
 * comes in who is not in already.
 */
static void
mend_only_the_shut_out(struct reviews *reviews)
{
	bool allowed = false;

	for (size_t i = 0; i < reviews->count; i++)
		allowed |= verdict_allows(reviews->review[i].verdict) &&
		    !names_have_sorted(&admins_services, reviews->review[i].service);
	for (size_t i = 0; allowed && i < reviews->count; i++)
		drop_mend(&reviews->review[i]);
}

/* A service that nothing names lets the user in all the same where it is one of sudo's. */
static void
review_unnamed(struct subject *subject, int64_t when, struct reviews *reviews)
{
	const struct rules *rules = &subject->setting.rules;
	struct review other = {0};

	review_login(subject, EFFECT_OTHER, when, &other);
	for (size_t i = 0; !verdict_allows(other.verdict) && i < admins_services.count; i++) {
		const char *service = admins_services.item[i];
		struct review *review = &reviews->review[reviews->count];

		if (rules_name_service(rules, service))
			continue;
		review_login(subject, service, when, review);
		reviews->count += verdict_allows(review->verdict);
	}
	copy_name(other.service, sizeof(other.service), OTHER);
	reviews->review[reviews->count++] = other;
}

static enum fault
review_services(struct subject *subject, int64_t when, struct reviews *reviews, struct why *why)
{
	const struct names *services = &subject->setting.rules.services;
	struct review *review =
	    calloc(services->count + admins_services.count + 1, sizeof(*review));

	if (review == NULL)
		return why_memory(why);
	for (size_t i = 0; i < services->count; i++)
		review_login(subject, services->item[i], when, &review[i]);
	reviews->review = review;
	reviews->count = services->count;
	review_unnamed(subject, when, reviews);
	mend_only_the_shut_out(reviews);
	return FAULT_NONE;
}

/*
 * A name that PAM never gives would be answered as any other service: libpam lower-cases the
 * service, so `SSHD` is none.  What it could give, and this host has not, is told.
 */
static enum fault
check_service(struct admin *admin, const char *service, struct why *why)
{
	if (service == NULL || text_is_service(service))
		return service_notice(admin, service, why);
	return why_field(why, FAULT_INVALID, "service",
	    "service: expected a PAM service, as sshd: a-z 0-9 _ . -");
}

static enum fault
review_one(struct subject *subject, const char *service, int64_t when,
    struct reviews *reviews, struct why *why)
{
	struct review *review = calloc(1, sizeof(*review));

	if (review == NULL)
		return why_memory(why);
	review_login(subject, service, when, review);
	reviews->review = review;
	reviews->count = 1;
	return FAULT_NONE;
}

void
reviews_clear(struct reviews *reviews)
{
	free(reviews->review);
	free(reviews->host);
	*reviews = (struct reviews){0};
}

/* Of somebody whom this host still knows by itself, what is answered here does not count yet. */
static enum fault
tell_unfinished(struct admin *admin, const struct user *user, struct why *why)
{
	struct unfinished unfinished;
	char text[WHY_TEXT_MAX];

	if (!adoption_is_unfinished(admin->root, user, admin->now, &unfinished))
		return FAULT_NONE;
	snprintf(text, sizeof(text), "%s\n%s", unfinished.told, unfinished.mend);
	return names_add(&admin->notices, text) ? FAULT_NONE : why_memory(why);
}

/* ---- what the rules do not know ----------------------------------------------------------- */

/* A change of the password is no obstacle. */
static bool
lets_in(const struct review *review)
{
	return verdict_allows(review->verdict) || review->verdict == VERDICT_MUST_CHANGE_PASSWORD;
}

static void
word_lack(const struct user *user, struct credentials *credentials)
{
	bool is_person = user->type == USER_EMPLOYEE || user->type == USER_CLIENT;

	snprintf(credentials->lacks, sizeof(credentials->lacks),
	    is_person && user->code_used != 0
	        ? "%s has no password or key, and the one-time code was used for a login already"
	        : is_person ? "%s has no password, key or code, and cannot log in by themselves yet"
	              : "%s has no key, and cannot log in by themselves yet",
	    user->name);
	if (is_person)
		snprintf(credentials->mend, sizeof(credentials->mend), "hexa-admin user invite %s",
		    user->name);
}

static enum fault
credentials_look(struct admin *admin, struct txn *txn, const struct subject *subject,
    struct reviews *reviews, struct why *why)
{
	struct credentials *credentials = &reviews->credentials;
	const struct user *user = &subject->user;
	bool let_in = false;
	uint64_t keys = 0;
	enum fault fault = key_count(txn, user->uid, &keys, why);

	if (fault != FAULT_NONE)
		return fault;
	credentials->password = user->password != NULL;
	credentials->code = user->code_used == 0 && code_is_good(user, admin->now, subject->mark);
	credentials->key = keys > 0 || doctor_finds_keys(admin->root, admin->is_root, user);
	for (size_t i = 0; i < reviews->count; i++)
		let_in |= lets_in(&reviews->review[i]) &&
		    !service_runs_jobs(reviews->review[i].service);
	if (let_in && !credentials->password && !credentials->code && !credentials->key)
		word_lack(user, credentials);
	return FAULT_NONE;
}

/* The findings as they come. */
struct gathering {
	struct reviews *reviews;
	bool is_full; /* memory is out */
};

static void
gather(void *context, const struct finding *finding)
{
	struct gathering *gathering = context;
	struct reviews *reviews = gathering->reviews;
	struct finding *more =
	    reallocarray(reviews->host, reviews->hosts + 1, sizeof(*reviews->host));

	if (more == NULL) {
		gathering->is_full = true;
		return;
	}
	reviews->host = more;
	more[reviews->hosts++] = *finding;
}

/* Asked only of the services by which Hexa lets them in: what it refuses, no host can. */
static enum fault
ask_host(struct admin *admin, const struct subject *subject, struct reviews *reviews,
    struct why *why)
{
	struct gathering gathering = {.reviews = reviews};
	struct names services = {0};
	const struct doctor_login login = {
	    .root = admin->root,
	    .store = admin->store,
	    .user = &subject->user,
	    .services = &services,
	    .now = admin->now,
	    .for_root = admin->is_root,
	};
	bool let_in = false;
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; i < reviews->count; i++) {
		const struct review *review = &reviews->review[i];

		let_in |= lets_in(review);
		if (lets_in(review) && !names_insert(&services, review->service))
			gathering.is_full = true;
	}
	if (let_in)
		fault = doctor_look(&login, gather, &gathering, why);
	names_clear(&services);
	return gathering.is_full ? why_memory(why) : fault;
}

static enum fault
look_beside(struct admin *admin, const struct subject *subject, struct reviews *reviews,
    struct why *why)
{
	struct txn *txn;
	enum fault fault = store_read_begin(admin->store, &txn, why);

	if (fault != FAULT_NONE)
		return fault;
	fault = credentials_look(admin, txn, subject, reviews, why);
	store_end(txn);
	return fault == FAULT_NONE ? ask_host(admin, subject, reviews, why) : fault;
}

/* Of nobody there is no answer; the verdict is one all the same. */
static void
name_verdict(struct why *why)
{
	char text[WHY_TEXT_MAX];

	if (why == NULL)
		return;
	snprintf(text, sizeof(text), "%s", why->text);
	why_set(why, FAULT_UNKNOWN, "%s: %s", verdict_name(VERDICT_UNKNOWN_USER), text);
}

enum fault
review_logins(struct admin *admin, const char *who, const char *service, int64_t when,
    struct reviews *reviews, struct why *why)
{
	struct subject subject = {.names_service = service != NULL};
	enum fault fault;

	fault = check_service(admin, service, why);
	if (fault == FAULT_NONE)
		fault = subject_load(admin, who, &subject, why);
	if (fault == FAULT_UNKNOWN)
		name_verdict(why);
	if (fault == FAULT_NONE && service != NULL)
		fault = review_one(&subject, service, when, reviews, why);
	if (fault == FAULT_NONE && service == NULL)
		fault = review_services(&subject, when, reviews, why);
	if (fault == FAULT_NONE)
		fault = tell_unfinished(admin, &subject.user, why);
	if (fault == FAULT_NONE)
		fault = look_beside(admin, &subject, reviews, why);
	if (fault == FAULT_NONE)
		locked_out_get(admin, &subject.setting.rules.settings, &subject.user,
		    &reviews->locked);
	subject_clear(&subject);
	return fault;
}

/* ---- permissions -------------------------------------------------------------------------- */

static enum fault
check_permission(const struct rules *rules, const char *permission, struct why *why)
{
	return rules_find(rules, permission) != NULL
	    ? FAULT_NONE
	    : suggest_permission(permission, rules, why);
}

enum fault
review_permission(struct admin *admin, const char *who, const struct question_of *question,
    struct review *review, struct why *why)
{
	struct subject subject = {.names_service = question->service != NULL};
	struct review asked = {0};
	enum fault fault;

	fault = check_service(admin, question->service, why);
	if (fault == FAULT_NONE)
		fault = subject_load(admin, who, &subject, why);
	if (fault == FAULT_NONE)
		fault = check_permission(&subject.setting.rules, question->permission, why);
	if (fault == FAULT_NONE) {
		const struct request request = request_at(&subject.setting, &subject.user,
		    question->service, question->when, question->dated);
		struct decision decision = decide_permission(&subject.user, &subject.roles,
		    &subject.setting.rules, &request, question->permission);

		review_fill(&subject, &request, &decision, false, &asked);
		*review = asked;
	}
	subject_clear(&subject);
	return fault;
}

/* ---- all who hold one --------------------------------------------------------------------- */

/* A search under way. */
struct search {
	const struct question_of *question;
	enum fault (*each)(void *context, const struct holder_of *holder, struct why *why);
	void *context;
	struct reach reach; /* whom the actor may see */
	struct setting setting;
	struct roles roles; /* all there are */
};

static enum fault
search_user(struct search *search, const struct user *user, struct why *why)
{
	const struct request request = request_at(&search->setting, user, search->question->service,
	    search->question->when, search->question->dated);
	struct holder_of holder = {.uid = user->uid};
	struct decision decision;
	struct roles held = {0};
	enum fault fault;

	if (!reach_covers_user(&search->reach, user))
		return FAULT_NONE;
	fault = roles_held(&search->roles, user, &held, why);
	if (fault != FAULT_NONE)
		return fault;
	decision = decide_permission(user, &held, &search->setting.rules, &request,
	    search->question->permission);
	free(held.role);
	if (!verdict_allows(decision.verdict))
		return FAULT_NONE;
	copy_name(holder.name, sizeof(holder.name), user->name);
	copy_name(holder.role, sizeof(holder.role), decision.role);
	return search->each(search->context, &holder, why);
}

static enum fault
search_all(struct search *search, struct txn *txn, struct why *why)
{
	struct user user = {0};
	uint32_t uid = 0;
	enum fault fault, next;

	do {
		next = user_next(txn, uid, &user, why);
		fault = next == FAULT_NONE ? search_user(search, &user, why) : FAULT_NONE;
		uid = user.uid;
	} while (fault == FAULT_NONE && next == FAULT_NONE);
	user_clear(&user);
	if (fault != FAULT_NONE)
		return fault;
	return next == FAULT_UNKNOWN ? FAULT_NONE : next;
}

static enum fault
search_begin(struct admin *admin, struct txn *txn, struct search *search, struct why *why)
{
	enum fault fault = admin_reach(admin, txn, "hexa.users.view", &search->reach, why);

	if (fault == FAULT_NONE)
		fault = setting_read(txn, &search->setting, why);
	if (fault == FAULT_NONE)
		fault = check_permission(&search->setting.rules, search->question->permission, why);
	if (fault == FAULT_NONE)
		fault = roles_load(txn, &search->roles, why);
	return fault;
}

enum fault
review_holders(struct admin *admin, const struct question_of *question,
    enum fault (*each)(void *context, const struct holder_of *holder, struct why *why),
    void *context, struct why *why)
{
	struct search search = {.question = question, .each = each, .context = context};
	struct txn *txn = NULL;
	enum fault fault = check_service(admin, question->service, why);

	if (fault == FAULT_NONE)
		fault = store_read_begin(admin->store, &txn, why);
	if (fault == FAULT_NONE)
		fault = search_begin(admin, txn, &search, why);
	if (fault == FAULT_NONE)
		fault = search_all(&search, txn, why);
	store_end(txn);
	reach_clear(&search.reach);
	setting_clear(&search.setting);
	roles_clear(&search.roles);
	return fault;
}
