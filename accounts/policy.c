/*
 * policy.c - the policy as a whole: reading it, checking a document against this host, applying it.
 */
#include "accounts/policy.h"

#include <string.h>

/* ---- the policy in force ------------------------------------------------------------------ */

enum fault
policy_source(struct txn *txn, struct bytes *yaml, struct why *why)
{
	struct document document = {0};
	enum fault fault = source_get(txn, yaml, why);

	if (fault != FAULT_UNKNOWN)
		return fault;
	fault = document_load(txn, &document, why);
	if (fault == FAULT_NONE)
		fault = document_write(&document, yaml, why);
	document_clear(&document);
	return fault;
}

/* A read transaction in which the actor was found to have the permission. */
static enum fault
begin_reading(struct admin *admin, const char *permission, struct txn **txn, struct why *why)
{
	struct txn *begun;
	enum fault fault = store_read_begin(admin->store, &begun, why);

	if (fault != FAULT_NONE)
		return fault;
	fault = admin_needs_everywhere(admin, begun, permission, why);
	if (fault == FAULT_NONE)
		*txn = begun;
	else
		store_end(begun);
	return fault;
}

enum fault
policy_read(struct admin *admin, struct document *document, struct why *why)
{
	struct txn *txn;
	enum fault fault = begin_reading(admin, "hexa.policy.view", &txn, why);

	if (fault != FAULT_NONE)
		return fault;
	fault = document_load(txn, document, why);
	store_end(txn);
	return fault;
}

enum fault
policy_text(struct admin *admin, struct bytes *yaml, struct why *why)
{
	struct txn *txn;
	enum fault fault = begin_reading(admin, "hexa.policy.view", &txn, why);

	if (fault != FAULT_NONE)
		return fault;
	fault = policy_source(txn, yaml, why);
	store_end(txn);
	return fault;
}

/* ---- trying a document -------------------------------------------------------------------- */

/* What no document states of a role stays with its name. */
static enum fault
keep_identity(const struct roles *before, struct roles *after, struct why *why)
{
	static const char *const kept[] = {"uuid", "version", "origin", "gid", "created"};
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; i < after->count; i++) {
		const struct role *old = roles_find(before, after->role[i].name);

		for (size_t j = 0;
		    fault == FAULT_NONE && old != NULL && j < sizeof(kept) / sizeof(kept[0]); j++)
			fault = field_copy(field_find(&role_table, kept[j]), &after->role[i], old,
			    why);
	}
	return fault;
}

/* Plan, warnings and judgement of a FILE; the plan is whole, or all zero. */
static enum fault
try_document(const struct proposal *proposal, struct plan *plan, struct why *refused,
    struct why *why)
{
	enum fault fault = policy_judge(proposal, plan, refused, why);

	if (fault == FAULT_NONE && plan != NULL)
		fault = policy_warn(proposal, &plan->warnings, why);
	if (fault != FAULT_NONE && plan != NULL)
		plan_clear(plan);
	return fault;
}

static enum fault
refuse(const struct why *refused, struct why *why)
{
	if (refused->fault != FAULT_NONE && why != NULL)
		*why = *refused;
	return refused->fault;
}

/* ---- checking ----------------------------------------------------------------------------- */

static enum fault
check_against(struct proposal *proposal, struct document *after, struct names *warnings,
    struct why *why)
{
	struct document before = {0};
	struct names found = {0};
	struct why refused = {0};
	enum fault fault = document_load(proposal->txn, &before, why);

	proposal->before = &before;
	if (fault == FAULT_NONE)
		fault = keep_identity(&before.roles, &after->roles, why);
	if (fault == FAULT_NONE)
		fault = policy_judge(proposal, NULL, &refused, why);
	if (fault == FAULT_NONE && warnings != NULL)
		fault = policy_warn(proposal, &found, why);
	if (fault == FAULT_NONE && warnings != NULL)
		*warnings = found;
	else
		names_clear(&found);
	if (fault == FAULT_NONE)
		fault = refuse(&refused, why);
	proposal->before = NULL;
	document_clear(&before);
	return fault;
}

enum fault
policy_check(struct admin *admin, const char *yaml, size_t size, struct names *warnings,
    struct why *why)
{
	struct document after = {0};
	struct proposal proposal = {.admin = admin, .after = &after, .yaml = yaml, .size = size};
	enum fault fault = document_read(yaml, size, &after, why);

	if (fault == FAULT_NONE)
		fault = begin_reading(admin, "hexa.policy.view", &proposal.txn, why);
	if (fault == FAULT_NONE)
		fault = check_against(&proposal, &after, warnings, why);
	store_end(proposal.txn);
	document_clear(&after);
	return fault;
}

static enum fault
diff_against(struct proposal *proposal, struct document *after, struct plan *plan,
    struct why *refused, struct why *why)
{
	struct document before = {0};
	enum fault fault = document_load(proposal->txn, &before, why);

	proposal->before = &before;
	if (fault == FAULT_NONE)
		fault = keep_identity(&before.roles, &after->roles, why);
	if (fault == FAULT_NONE)
		fault = try_document(proposal, plan, refused, why);
	if (fault == FAULT_NONE) {
		struct why denied = {0};

		/* Who may look may not always apply. */
		fault = admin_needs_everywhere(proposal->admin, proposal->txn, "hexa.policy.apply",
		    &denied);
		if (fault == FAULT_DENIED) {
			*refused = denied;
			fault = FAULT_NONE;
		} else if (fault != FAULT_NONE && why != NULL) {
			*why = denied;
		}
	}
	proposal->before = NULL;
	document_clear(&before);
	return fault;
}

enum fault
policy_diff(struct admin *admin, const char *yaml, size_t size, struct plan *plan,
    struct why *refused, struct why *why)
{
	struct document after = {0};
	struct proposal proposal = {.admin = admin, .after = &after, .yaml = yaml, .size = size,
	    .checks_actor = true};
	enum fault fault = document_read(yaml, size, &after, why);

	*refused = (struct why){0};
	if (fault == FAULT_NONE)
		fault = begin_reading(admin, "hexa.policy.view", &proposal.txn, why);
	if (fault == FAULT_NONE)
		fault = diff_against(&proposal, &after, plan, refused, why);
	store_end(proposal.txn);
	document_clear(&after);
	return fault;
}

/* ---- applying ----------------------------------------------------------------------------- */

/* FAULT_CONFLICT when the policy in force is another than the one that was edited. */
static enum fault
check_edited(struct txn *txn, const struct policy_application *application, struct why *why)
{
	struct bytes now = {0};
	enum fault fault;

	if (application->began_from == NULL)
		return FAULT_NONE;
	fault = policy_source(txn, &now, why);
	if (fault == FAULT_NONE && (now.size != application->began_size ||
	    (now.size > 0 && memcmp(now.data, application->began_from, now.size) != 0)))
		fault = why_set(why, FAULT_CONFLICT,
		    "the policy was changed by somebody else meanwhile; look again and repeat");
	bytes_clear(&now);
	return fault;
}

static enum fault
write_document(struct change *change, const struct policy_application *application,
    const struct document *before, struct document *after, struct why *why)
{
	enum fault fault = policy_save(change, before, after, why);

	if (fault == FAULT_NONE)
		fault = source_put(change->txn, application->yaml, application->size, why);
	return fault;
}

static enum fault
apply_document(struct change *change, const struct policy_application *application,
    struct document *after, struct plan *plan, struct why *why)
{
	struct document before = {0};
	struct why refused = {0};
	const struct proposal proposal = {.admin = change->admin, .txn = change->txn,
	    .before = &before, .after = after, .yaml = application->yaml,
	    .size = application->size, .checks_actor = true};
	enum fault fault = document_load(change->txn, &before, why);

	if (fault == FAULT_NONE)
		fault = keep_identity(&before.roles, &after->roles, why);
	if (fault == FAULT_NONE)
		fault = try_document(&proposal, plan, &refused, why);
	if (fault == FAULT_NONE)
		fault = check_edited(change->txn, application, why);
	if (fault == FAULT_NONE)
		fault = refuse(&refused, why);
	if (fault == FAULT_NONE)
		fault = write_document(change, application, &before, after, why);
	document_clear(&before);
	return fault;
}

/* What is only tried goes as far as it can without being kept. */
static enum fault
finish(struct change *change, bool dry_run, enum fault fault, struct why *why)
{
	if (!dry_run)
		return change_finish(change, fault, why);
	if (fault == FAULT_NONE)
		fault = change_check(change, why);
	change_end(change);
	return fault;
}

enum fault
policy_apply(struct admin *admin, const struct policy_application *application,
    struct plan *plan, struct why *why)
{
	struct document after = {0};
	struct change change = {0};
	enum fault fault;

	fault = document_read(application->yaml, application->size, &after, why);
	if (fault == FAULT_NONE)
		fault = change_begin(&change, admin, "policy apply", "hexa.policy.apply", why);
	if (fault == FAULT_NONE)
		fault = finish(&change, application->dry_run,
		    apply_document(&change, application, &after, plan, why), why);
	document_clear(&after);
	return fault;
}
