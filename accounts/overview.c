/*
 * overview.c - the users that somebody asks for and may see.
 */
#include "accounts/overview.h"

#include <stdlib.h>
#include <string.h>

#include "accounts/clients.h"
#include "accounts/code.h"
#include "accounts/lockout.h"
#include "accounts/ranking.h"
#include "accounts/source.h"
#include "accounts/suggest.h"

/* After how many users the memory that the database's pages take is given back. */
enum { RELAX_USERS = 512 };

struct overview {
	struct reach reach;
	struct match *match;
	struct source source;
	struct last_logins *logins; /* NULL: nobody asks, or there is no such file */
	struct lockouts *lockouts;  /* the same */
	int64_t started; /* when the host was, by the clock: what lock-outs are counted from */
	int64_t now;
	int64_t mark; /* clock_mark() */
	bool display;
	bool has_limit;
	uint64_t left;         /* of the limit */
	uint64_t looked_at;
	struct filter *filter; /* as they were settled; each value is the overview's own */
	size_t filters;
};

/* ---- filters: whom they name --------------------------------------------------------------- */

static enum fault
check_role(struct txn *txn, const char *value, struct why *why)
{
	char *name = strndup(value, strcspn(value, "@"));
	struct roles roles = {0};
	struct role role = {0};
	enum fault fault = name == NULL ? why_memory(why) : role_get(txn, name, &role, why);

	if (fault == FAULT_UNKNOWN) {
		fault = roles_load(txn, &roles, why);
		if (fault == FAULT_NONE)
			fault = suggest_role(name, &roles, why);
	}
	roles_clear(&roles);
	role_clear(&role);
	free(name);
	return fault;
}

/* For who sees everybody: a name that is nobody's is a mistake. */
static enum fault
check_named(struct txn *txn, const struct filter *filter, struct why *why)
{
	enum fault fault = FAULT_NONE;

	if (*filter->value == '\0')
		return FAULT_NONE;
	if (filter->field->kind == K_ASSIGNMENTS)
		fault = check_role(txn, filter->value, why);
	else if (filter->field == field_find(&user_table, "clients"))
		fault = client_known(txn, filter->value, NULL, why);
	else if (filter->field == field_find(&user_table, "sites"))
		fault = site_known(txn, filter->value, NULL, why);
	/* That it could be made is no help to whoever looks for its users. */
	if (fault == FAULT_UNKNOWN)
		why_mend(why, "%s", "");
	return fault;
}

/* Another user, by whatever they are known to whoever may see them. */
static enum fault
settle_user(const struct overview *overview, struct txn *txn, struct filter *filter,
    struct why *why)
{
	struct user user = {0};
	char *name = NULL;
	enum fault fault;

	if (filter->field->kind != K_USER || *filter->value == '\0')
		return FAULT_NONE;
	fault = user_find(txn, filter->value, &user, why);
	if (fault == FAULT_UNKNOWN)
		return overview->reach.everywhere
		    ? why_field(why, FAULT_UNKNOWN, filter->field->name, "%s: there is no user %s",
		          filter->field->name, filter->value)
		    : FAULT_NONE;
	if (fault == FAULT_NONE && reach_covers_user(&overview->reach, &user)) {
		name = strdup(user.name);
		fault = name == NULL ? why_memory(why) : FAULT_NONE;
	}
	if (name != NULL) {
		free((char *)filter->value);
		filter->value = name;
	}
	user_clear(&user);
	return fault;
}

static enum fault
settle_filters(struct overview *overview, struct txn *txn, const struct question *question,
    struct why *why)
{
	enum fault fault = FAULT_NONE;

	overview->filter = calloc(question->filters + 1, sizeof(*overview->filter));
	if (overview->filter == NULL)
		return why_memory(why);
	for (size_t i = 0; fault == FAULT_NONE && i < question->filters; i++) {
		struct filter *filter = &overview->filter[i];

		*filter = (struct filter){question->filter[i].field,
		    strdup(question->filter[i].value)};
		if (filter->value == NULL)
			return why_memory(why);
		overview->filters++;
		fault = settle_user(overview, txn, filter, why);
		if (fault == FAULT_NONE && overview->reach.everywhere)
			fault = check_named(txn, filter, why);
	}
	return fault;
}

/* ---- one user after another ---------------------------------------------------------------- */

/* Does the question, or what is shown, need this row of listed_table? */
static bool
is_needed(const struct question *question, const char *name)
{
	const struct field *field = field_find(&listed_table, name);
	bool needed = question->sort == field;

	for (size_t i = 0; i < question->filters; i++)
		needed = needed || question->filter[i].field == field;
	return needed;
}

/* What is not in the record. */
static enum fault
fill_in(struct overview *overview, struct listed_user *listed, struct why *why)
{
	struct last_login last = {0};
	struct lockout_state counted;

	if (overview->display) {
		listed->display = listed_display(&listed->user);
		if (listed->display == NULL)
			return why_memory(why);
	}
	/* A convenience: what cannot be read is not known. */
	if (overview->logins != NULL)
		last_logins_get(overview->logins, listed->user.uid, &last, NULL);
	listed->last_login = last.when;
	lockouts_get(overview->lockouts, listed->user.uid, &counted);
	listed->failures = counted.failures;
	listed->locked_until = counted.until == 0 ? 0 : overview->started + counted.until;
	if (code_is_good(&listed->user, overview->now, overview->mark))
		listed->code_until = listed->user.code_until;
	return FAULT_NONE;
}

/* The next who passes, whatever the limit. */
static enum fault
next(struct overview *overview, struct txn *txn, struct listed_user *listed, struct why *why)
{
	bool has = false;
	enum fault fault = FAULT_NONE;

	while (fault == FAULT_NONE && !has) {
		listed_clear(listed);
		if (++overview->looked_at % RELAX_USERS == 0)
			txn_relax(txn);
		fault = source_next(&overview->source, txn, &listed->user, why);
		if (fault != FAULT_NONE || !reach_covers_user(&overview->reach, &listed->user))
			continue;
		fault = fill_in(overview, listed, why);
		if (fault == FAULT_NONE)
			fault = match_has(overview->match, listed, &has, why);
	}
	if (fault != FAULT_NONE)
		listed_clear(listed);
	return fault;
}

enum fault
overview_next(struct overview *overview, struct txn *txn, struct listed_user *listed,
    struct why *why)
{
	enum fault fault;

	if (overview->has_limit && overview->left == 0)
		return FAULT_UNKNOWN;
	fault = next(overview, txn, listed, why);
	if (fault == FAULT_NONE && overview->has_limit)
		overview->left--;
	return fault;
}

/* ---- sorting ------------------------------------------------------------------------------- */

/* The list from which the users come from now on. */
static enum fault
list_ranked(const struct ranking *ranking, struct source *source, struct why *why)
{
	struct source list = {.from = FROM_LIST};
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < ranking->count; i++)
		fault = source_add(&list, ranking->ranked[i].uid, why);
	if (fault != FAULT_NONE) {
		source_clear(&list);
		return fault;
	}
	source_clear(source);
	*source = list;
	return FAULT_NONE;
}

static enum fault
sort(struct overview *overview, struct txn *txn, const struct question *question,
    struct why *why)
{
	struct ranking ranking = {.descending = question->descending,
	    .is_number = match_ranks_by_number(overview->match),
	    .limit = overview->has_limit ? overview->left : 0};
	struct listed_user listed = {0};
	struct rank rank;
	enum fault fault;

	while ((fault = next(overview, txn, &listed, why)) == FAULT_NONE) {
		fault = match_rank(overview->match, &listed, &rank, why);
		if (fault == FAULT_NONE)
			fault = ranking_add(&ranking, &rank, listed.user.uid, why);
		if (fault != FAULT_NONE)
			break;
	}
	listed_clear(&listed);
	if (fault == FAULT_UNKNOWN)
		fault = ranking_order(&ranking, why);
	if (fault == FAULT_NONE)
		fault = list_ranked(&ranking, &overview->source, why);
	ranking_clear(&ranking);
	return fault;
}

/* By uid is how they come. */
static bool
is_in_order(const struct question *question)
{
	return question->sort == NULL ||
	    (question->sort == field_find(&user_table, "uid") && !question->descending);
}

/* ---- opening ------------------------------------------------------------------------------- */

void
overview_close(struct overview *overview)
{
	if (overview == NULL)
		return;
	for (size_t i = 0; i < overview->filters; i++)
		free((char *)overview->filter[i].value);
	free(overview->filter);
	reach_clear(&overview->reach);
	match_free(overview->match);
	source_clear(&overview->source);
	last_logins_close(overview->logins);
	lockouts_free(overview->lockouts);
	free(overview);
}

static enum fault
read_lockouts(struct overview *overview, const struct admin *admin, struct txn *txn,
    struct why *why)
{
	const int64_t uptime = lockout_uptime();
	struct settings settings = {0};
	enum fault fault = settings_load(txn, &settings, why);

	if (fault == FAULT_NONE)
		overview->lockouts = lockouts_read(admin->root, &settings, uptime);
	overview->started = admin->now - uptime;
	settings_clear(&settings);
	return fault;
}

static enum fault
make_ready(struct overview *overview, struct txn *txn, const struct question *question,
    struct why *why)
{
	struct question settled = *question;
	enum fault fault = settle_filters(overview, txn, question, why);

	settled.filter = overview->filter;
	if (fault == FAULT_NONE)
		fault = match_make(&settled, &overview->match, why);
	/* Nobody is asked for. */
	if (fault == FAULT_NONE && overview->has_limit && overview->left == 0)
		return FAULT_NONE;
	if (fault == FAULT_NONE)
		fault = source_choose(&overview->source, txn, overview->filter, overview->filters,
		    &overview->reach, why);
	if (fault == FAULT_NONE && !is_in_order(question))
		fault = sort(overview, txn, question, why);
	return fault;
}

enum fault
overview_open(struct admin *admin, const char *permission, const struct overview_wish *wish,
    struct overview **overview, struct why *why)
{
	struct overview *opened = calloc(1, sizeof(*opened));
	struct txn *txn;
	enum fault fault;

	if (opened == NULL)
		return why_memory(why);
	opened->has_limit = wish->has_limit;
	opened->left = wish->limit;
	opened->now = admin->now;
	opened->display = wish->display || is_needed(&wish->question, "display");
	if (wish->last_login || is_needed(&wish->question, "last-login"))
		last_logins_open(admin->root, &opened->logins, NULL);
	fault = store_read_begin(admin->store, &txn, why);
	if (fault == FAULT_NONE) {
		fault = admin_reach(admin, txn, permission, &opened->reach, why);
		if (fault == FAULT_NONE &&
		    (wish->failures || is_needed(&wish->question, "failures") ||
		        is_needed(&wish->question, "locked-until")))
			fault = read_lockouts(opened, admin, txn, why);
		if (fault == FAULT_NONE)
			fault = clock_mark(txn, &opened->mark, why);
		if (fault == FAULT_NONE)
			fault = make_ready(opened, txn, &wish->question, why);
		store_end(txn);
	}
	if (fault == FAULT_NONE)
		*overview = opened;
	else
		overview_close(opened);
	return fault;
}
