/*
 * review.c - the questions: `hexa-admin user check`, `hexa-admin can` and `hexa-admin who-can`.
 */
#include "accounts/review.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accounts/services.h"
#include "hexa-admin/finding.h"
#include "hexa-admin/list.h"
#include "hexa-admin/print.h"
#include "hexa-admin/self.h"

static struct json *
review_json(const struct review *review)
{
	struct json *map = json_map();

	json_put_word(map, "service", review->service);
	json_put_bool(map, "allowed", verdict_allows(review->verdict));
	json_put_text(map, "verdict", verdict_name(review->verdict));
	json_put_word(map, "role", review->role);
	json_put_word(map, "permission", review->permission);
	json_put_word(map, "field", review->field);
	if (review->line == 0)
		json_put_null(map, "line");
	else
		json_put_number(map, "line", review->line);
	json_put_word(map, "reason", review->reason);
	json_put_mend(map, "mend", review->mend);
	json_put_word(map, "warning", review->warning);
	return map;
}

/* Why, and the line of `policy show` where that stands. */
static void
print_reason(const struct review *review)
{
	print_shown(stdout, review->reason);
	if (review->line != 0)
		printf(" (policy line %u)", review->line);
	putchar('\n');
}

static void
print_hint(const struct call *call, const char *mend)
{
	if (!call_has(call, OPTION_QUIET))
		print_mend(stdout, mend);
}

/* The command, below what it does beside what was asked for. */
static void
print_review_mend(const struct call *call, const struct review *review)
{
	if (review->warning[0] != '\0' && !call_has(call, OPTION_QUIET)) {
		fputs("  warning: ", stdout);
		print_shown(stdout, review->warning);
		putchar('\n');
	}
	print_hint(call, review->mend);
}

/* Behind the answer, whichever it is. */
static void
tell_notices(struct call *call)
{
	fflush(stdout);
	call_tell_notices(call);
}

/* ---- user check --------------------------------------------------------------------------- */

/*
 * The verdict is about the rules, and they let in whoever is locked out.  Is the service one that
 * asks for what does not count then, at the time that is asked about?
 */
static bool
is_locked_out(const struct review *review, const struct locked_out *locked, int64_t now,
    int64_t when)
{
	return when >= now && when < locked->until && verdict_allows(review->verdict) &&
	    !service_runs_jobs(review->service);
}

static void
print_review(const struct review *review, const struct locked_out *locked, bool is_locked)
{
	printf("%s ", verdict_name(review->verdict));
	print_shown(stdout, review->service);
	fputs(": ", stdout);
	if (is_locked) {
		fputs("but ", stdout);
		print_shown(stdout, locked->told);
		fputs("; ", stdout);
	}
	print_reason(review);
}

/* A list, which is empty when they are not locked out. */
static struct json *
locked_json(const struct locked_out *locked)
{
	struct json *list = json_list(), *map;
	char until[TIME_TEXT_BYTES];

	if (locked->until == 0)
		return list;
	text_from_time(locked->until, until);
	map = json_map();
	json_put_text(map, "from", locked->from);
	json_put_text(map, "until", until);
	json_put_number(map, "failures", locked->failures);
	json_put_number(map, "places", locked->places);
	json_add(list, map);
	return list;
}

/* Said before the answer, and whatever is left out: "allowed" reads as if all were well. */
static void
tell_locked(const struct call *call, const struct locked_out *locked)
{
	struct why told = {0};

	if (locked->until == 0)
		return;
	why_set(&told, FAULT_NONE, "%s", locked->told);
	why_mend(&told, "%s", locked->mend);
	print_fault(&told, NULL, !call_has(call, OPTION_QUIET));
}

static struct json *
credentials_json(const struct credentials *credentials)
{
	struct json *list = json_list();

	if (credentials->password)
		json_add_text(list, "password");
	if (credentials->key)
		json_add_text(list, "key");
	if (credentials->code)
		json_add_text(list, "code");
	return list;
}

/* Likewise: they are let in, and have nothing to show. */
static void
tell_lack(const struct call *call, const struct credentials *credentials)
{
	struct why told = {0};

	if (credentials->lacks[0] == '\0')
		return;
	why_set(&told, FAULT_NONE, "%s", credentials->lacks);
	why_mend(&told, "%s", credentials->mend);
	print_fault(&told, NULL, !call_has(call, OPTION_QUIET));
}

/* What this host says of one service, and of all. */
static struct json *
host_json(const struct reviews *reviews, const char *service)
{
	struct json *list = json_list();

	for (size_t i = 0; i < reviews->hosts; i++)
		if (reviews->host[i].service[0] == '\0' ||
		    strcmp(reviews->host[i].service, service) == 0)
			json_add(list, finding_json(&reviews->host[i]));
	return list;
}

static bool
finding_was_said(const struct reviews *reviews, size_t place)
{
	for (size_t i = 0; i < place; i++)
		if (strcmp(reviews->host[i].text, reviews->host[place].text) == 0)
			return true;
	return false;
}

static void
print_hosts(const struct call *call, const struct reviews *reviews)
{
	for (size_t i = 0; i < reviews->hosts; i++) {
		if (finding_was_said(reviews, i))
			continue;
		fputs("host: ", stdout);
		print_shown(stdout, reviews->host[i].text);
		putchar('\n');
		print_hint(call, reviews->host[i].mend);
	}
}

/* True when an earlier answer has the same mending command, which is then said already. */
static bool
mend_was_said(const struct reviews *reviews, size_t place)
{
	for (size_t i = 0; i < place; i++)
		if (strcmp(reviews->review[i].mend, reviews->review[place].mend) == 0)
			return true;
	return false;
}

static enum fault
print_reviews(struct call *call, const struct reviews *reviews, int64_t when, struct why *why)
{
	const struct locked_out *locked = &reviews->locked;
	struct json *list, *map;

	if (call_has(call, OPTION_JSON)) {
		list = json_list();
		for (size_t i = 0; i < reviews->count; i++) {
			map = review_json(&reviews->review[i]);
			json_put(map, "lockouts", locked_json(locked));
			json_put(map, "credentials", credentials_json(&reviews->credentials));
			json_put(map, "host", host_json(reviews, reviews->review[i].service));
			json_add(list, map);
		}
		return json_show(list, why);
	}
	for (size_t i = 0; i < reviews->count; i++)
		print_review(&reviews->review[i], locked,
		    is_locked_out(&reviews->review[i], locked, call->admin.now, when));
	for (size_t i = 0; i < reviews->count; i++)
		if (!mend_was_said(reviews, i))
			print_review_mend(call, &reviews->review[i]);
	print_hosts(call, reviews);
	return FAULT_NONE;
}

enum fault
run_user_check(struct call *call, struct why *why)
{
	struct reviews reviews = {0};
	bool allowed = false;
	enum fault fault;
	int64_t when;

	fault = call_time(call, OPTION_AT, call->admin.now, &when, why);
	if (fault == FAULT_NONE)
		fault = review_logins(&call->admin, call->word[0], call->option[OPTION_SERVICE],
		    when, &reviews, why);
	tell_locked(call, &reviews.locked);
	if (fault == FAULT_NONE)
		fault = print_reviews(call, &reviews, when, why);
	for (size_t i = 0; i < reviews.count; i++)
		allowed |= verdict_allows(reviews.review[i].verdict);
	tell_notices(call);
	tell_lack(call, &reviews.credentials);
	reviews_clear(&reviews);
	return fault == FAULT_NONE && !allowed ? call_no(call) : fault;
}

/* ---- can ---------------------------------------------------------------------------------- */

/* What the line asks about `permission`. */
static enum fault
question_from(struct call *call, const char *permission, struct question_of *question,
    struct why *why)
{
	enum fault fault;

	*question = (struct question_of){
	    .permission = permission, .service = call->option[OPTION_SERVICE]};
	fault = call_time(call, OPTION_AT, call->admin.now, &question->when, why);
	if (fault == FAULT_NONE)
		fault = call_time(call, OPTION_DATED, 0, &question->dated, why);
	return fault;
}

static enum fault
print_answer(struct call *call, const struct review *review, struct why *why)
{
	if (call_has(call, OPTION_JSON))
		return json_show(review_json(review), why);
	fputs(verdict_allows(review->verdict) ? "yes: " : "no: ", stdout);
	print_reason(review);
	print_review_mend(call, review);
	return FAULT_NONE;
}

enum fault
run_can(struct call *call, struct why *why)
{
	struct question_of question;
	struct review review = {0};
	enum fault fault = question_from(call, call->word[1], &question, why);

	/* Who is not root, or behind sudo, has no database open. */
	if (fault == FAULT_NONE && !call->is_open)
		fault = self_can_ask(call, call->word[0], &question, &review, why);
	else if (fault == FAULT_NONE)
		fault = review_permission(&call->admin, call->word[0], &question, &review, why);
	if (fault == FAULT_NONE)
		fault = print_answer(call, &review, why);
	tell_notices(call);
	return fault == FAULT_NONE && !verdict_allows(review.verdict) ? call_no(call) : fault;
}

/* ---- who-can ------------------------------------------------------------------------------ */

/* Everybody is found first: the search and the printing are each by themselves. */
struct holders {
	struct holder_of *holder;
	size_t count, room;
	size_t next; /* to be printed */
};

static enum fault
add_holder(void *context, const struct holder_of *holder, struct why *why)
{
	struct holders *holders = context;

	if (holders->count == holders->room) {
		size_t room = holders->room == 0 ? 64 : 2 * holders->room;
		struct holder_of *grown =
		    reallocarray(holders->holder, room, sizeof(*holders->holder));

		if (grown == NULL)
			return why_memory(why);
		holders->holder = grown;
		holders->room = room;
	}
	holders->holder[holders->count++] = *holder;
	return FAULT_NONE;
}

enum { C_UID, C_NAME, C_ROLE, C_COUNT };

static const struct list_column columns[C_COUNT] = {
	[C_UID] = {"uid", GRID_RIGHT},
	[C_NAME] = {"name", 0},
	[C_ROLE] = {"role", 0},
};

static struct json *
holder_json(const struct holder_of *holder)
{
	struct json *map = json_map();

	json_put_number(map, "uid", holder->uid);
	json_put_text(map, "name", holder->name);
	json_put_word(map, "role", holder->role);
	return map;
}

static enum fault
step(void *context, struct txn *txn, struct list *list, struct why *why)
{
	struct holders *holders = context;
	const struct holder_of *holder;
	char uid[16];

	(void)txn;
	if (holders->next == holders->count)
		return why_set(why, FAULT_UNKNOWN, "there are no more");
	holder = &holders->holder[holders->next++];
	if (list_is_json(list)) {
		list_json(list, holder_json(holder));
		return FAULT_NONE;
	}
	snprintf(uid, sizeof(uid), "%lu", (unsigned long)holder->uid);
	list_row(list);
	list_cell(list, C_UID, uid);
	list_cell(list, C_NAME, holder->name);
	list_cell(list, C_ROLE, *holder->role == '\0' ? "(grant)" : holder->role);
	return FAULT_NONE;
}

enum fault
run_who_can(struct call *call, struct why *why)
{
	struct question_of question;
	struct holders holders = {0};
	enum fault fault = question_from(call, call->word[0], &question, why);

	if (fault == FAULT_NONE)
		fault = review_holders(&call->admin, &question, add_holder, &holders, why);
	if (fault == FAULT_NONE)
		fault = list_all(call, columns, C_COUNT, step, &holders, why);
	tell_notices(call);
	free(holders.holder);
	return fault == FAULT_NONE && holders.count == 0 ? call_no(call) : fault;
}
