/*
 * review.c - the questions: each reads what it needs, asks the decision, and words the answer.
 */
#include "accounts/review.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "accounts/suggest.h"
#include "policy/explain.h"
#include "policy/text.h"

/*
 * Stands for any service that no permission names: with these brackets no permission can name it,
 * and PAM's own fallback, the service `other`, stays a service like all.
 */
#define ANY_OTHER_SERVICE "(other)"
#define OTHER             "other"

enum { HOST_NAME_BYTES = 256 };

/* The user who is asked about, and all that decides about them. */
struct subject {
	struct user user;
	struct roles roles;
	struct rules rules;
	char host[HOST_NAME_BYTES];
};

static void
subject_clear(struct subject *subject)
{
	user_clear(&subject->user);
	roles_clear(&subject->roles);
	rules_clear(&subject->rules);
}

static enum fault
subject_read(struct admin *admin, struct txn *txn, const char *who, struct subject *subject,
    struct why *why)
{
	enum fault fault;

	fault = admin_needs_within(admin, txn, "hexa.users.view", why);
	if (fault == FAULT_NONE)
		fault = user_find(txn, who, &subject->user, why);
	if (fault == FAULT_NONE)
		fault = roles_load_held(txn, &subject->user, &subject->roles, why);
	if (fault == FAULT_NONE)
		fault = rules_load(txn, &subject->rules, why);
	return fault;
}

/* *subject must be all zero; it is to be cleared whatever comes of it. */
static enum fault
subject_load(struct admin *admin, const char *who, struct subject *subject, struct why *why)
{
	struct txn *txn;
	enum fault fault;

	if (gethostname(subject->host, sizeof(subject->host) - 1) != 0)
		return why_set(why, FAULT_UNAVAILABLE, "this host's name cannot be read: %m");
	fault = store_read_begin(admin->store, &txn, why);
	if (fault != FAULT_NONE)
		return fault;
	fault = subject_read(admin, txn, who, subject, why);
	store_end(txn);
	return fault;
}

/* As the account phase asks after a password, for whoever has one, or after a key. */
static struct request
request_at(const struct subject *subject, const char *service, int64_t when)
{
	return (struct request){
	    .service = service,
	    .host = subject->host,
	    .now = when,
	    .phase = PHASE_ACCOUNT,
	    .proof = subject->user.password == NULL ? PROOF_KEY : PROOF_PASSWORD,
	};
}

static void
copy_name(char *to, size_t size, const char *name)
{
	snprintf(to, size, "%s", name == NULL ? "" : name);
}

static void
review_fill(const struct subject *subject, const struct request *request,
    const struct decision *decision, struct review *review)
{
	review->verdict = decision->verdict;
	copy_name(review->service, sizeof(review->service), request->service);
	copy_name(review->role, sizeof(review->role), decision->role);
	copy_name(review->permission, sizeof(review->permission), decision->permission);
	copy_name(review->field, sizeof(review->field), decision->field);
	decision_explain(decision, &subject->user, request, review->reason, sizeof(review->reason));
	decision_mend(decision, &subject->user, &subject->rules, request, review->mend,
	    sizeof(review->mend));
}

/* ---- logins ------------------------------------------------------------------------------- */

static void
review_login(const struct subject *subject, const char *service, int64_t when,
    struct review *review)
{
	const struct request request = request_at(subject, service, when);
	struct decision decision;

	decision = decide(&subject->user, &subject->roles, &subject->rules, &request);
	review_fill(subject, &request, &decision, review);
}

/* Every service that some permission names, in their order. */
static enum fault
services_named(const struct rules *rules, struct names *services, struct why *why)
{
	for (size_t i = 0; i < rules->count; i++) {
		const struct names *named = &rules->permission[i].services;

		for (size_t j = 0; j < named->count; j++)
			if (!names_insert(services, named->item[j]))
				return why_memory(why);
	}
	return FAULT_NONE;
}

static enum fault
review_services(const struct subject *subject, const struct names *services, int64_t when,
    struct reviews *reviews, struct why *why)
{
	struct review *review = calloc(services->count + 1, sizeof(*review));

	if (review == NULL)
		return why_memory(why);
	for (size_t i = 0; i < services->count; i++)
		review_login(subject, services->item[i], when, &review[i]);
	review_login(subject, ANY_OTHER_SERVICE, when, &review[services->count]);
	copy_name(review[services->count].service, sizeof(review->service), OTHER);
	reviews->review = review;
	reviews->count = services->count + 1;
	return FAULT_NONE;
}

/*
 * A name that PAM never gives would be answered as any other service: libpam lower-cases the
 * service, so `SSHD` is none.
 */
static enum fault
check_service(const char *service, struct why *why)
{
	if (service == NULL || text_is_service(service))
		return FAULT_NONE;
	return why_field(why, FAULT_INVALID, "service",
	    "service: expected a PAM service, as sshd: a-z 0-9 _ . -");
}

static enum fault
review_one(const struct subject *subject, const char *service, int64_t when,
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
	*reviews = (struct reviews){0};
}

enum fault
review_logins(struct admin *admin, const char *who, const char *service, int64_t when,
    struct reviews *reviews, struct why *why)
{
	struct subject subject = {0};
	struct names services = {0};
	enum fault fault;

	fault = check_service(service, why);
	if (fault == FAULT_NONE)
		fault = subject_load(admin, who, &subject, why);
	if (fault == FAULT_NONE && service != NULL)
		fault = review_one(&subject, service, when, reviews, why);
	if (fault == FAULT_NONE && service == NULL)
		fault = services_named(&subject.rules, &services, why);
	if (fault == FAULT_NONE && service == NULL)
		fault = review_services(&subject, &services, when, reviews, why);
	names_clear(&services);
	subject_clear(&subject);
	return fault;
}

/* ---- permissions -------------------------------------------------------------------------- */

enum fault
review_permission(struct admin *admin, const char *who, const char *permission,
    const char *service, int64_t when, struct review *review, struct why *why)
{
	struct subject subject = {0};
	struct review asked = {0};
	enum fault fault;

	fault = check_service(service, why);
	if (fault == FAULT_NONE)
		fault = subject_load(admin, who, &subject, why);
	if (fault == FAULT_NONE && rules_find(&subject.rules, permission) == NULL)
		fault = suggest_permission(permission, &subject.rules, why);
	if (fault == FAULT_NONE) {
		const struct request request = request_at(&subject, service, when);
		struct decision decision = decide_permission(&subject.user, &subject.roles,
		    &subject.rules, &request, permission);

		review_fill(&subject, &request, &decision, &asked);
		*review = asked;
	}
	subject_clear(&subject);
	return fault;
}
