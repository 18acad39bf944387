/*
 * review.c - the questions: `hexa-admin user check` and `hexa-admin can`.
 */
#include "accounts/review.h"

#include <stdio.h>
#include <string.h>

#include "hexa-admin/command.h"
#include "hexa-admin/json.h"
#include "hexa-admin/print.h"

static void
put_or_null(struct json *map, const char *key, const char *text)
{
	if (*text == '\0')
		json_put_null(map, key);
	else
		json_put_text(map, key, text);
}

static struct json *
review_json(const struct review *review)
{
	struct json *map = json_map();

	put_or_null(map, "service", review->service);
	json_put_bool(map, "allowed", verdict_allows(review->verdict));
	json_put_text(map, "verdict", verdict_name(review->verdict));
	put_or_null(map, "role", review->role);
	put_or_null(map, "permission", review->permission);
	put_or_null(map, "field", review->field);
	put_or_null(map, "reason", review->reason);
	put_or_null(map, "mend", review->mend);
	return map;
}

static enum fault
print_one(struct json *json, struct why *why)
{
	enum fault fault = json_print(json, false, stdout, why);

	putchar('\n');
	return fault;
}

static void
print_mend(const struct call *call, const char *mend)
{
	if (*mend == '\0' || call_has(call, OPTION_QUIET))
		return;
	fputs("  try: ", stdout);
	print_shown(stdout, mend);
	putchar('\n');
}

/* ---- user check --------------------------------------------------------------------------- */

static void
print_review(const struct review *review)
{
	printf("%s ", verdict_name(review->verdict));
	print_shown(stdout, review->service);
	fputs(": ", stdout);
	print_shown(stdout, review->reason);
	putchar('\n');
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
print_reviews(struct call *call, const struct reviews *reviews, struct why *why)
{
	struct json *list;

	if (call_has(call, OPTION_JSON)) {
		list = json_list();
		for (size_t i = 0; i < reviews->count; i++)
			json_add(list, review_json(&reviews->review[i]));
		return print_one(list, why);
	}
	for (size_t i = 0; i < reviews->count; i++)
		print_review(&reviews->review[i]);
	for (size_t i = 0; i < reviews->count; i++)
		if (!mend_was_said(reviews, i))
			print_mend(call, reviews->review[i].mend);
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
	if (fault == FAULT_NONE)
		fault = print_reviews(call, &reviews, why);
	for (size_t i = 0; i < reviews.count; i++)
		allowed |= verdict_allows(reviews.review[i].verdict);
	reviews_clear(&reviews);
	return fault == FAULT_NONE && !allowed ? call_no(call) : fault;
}

/* ---- can ---------------------------------------------------------------------------------- */

static enum fault
print_answer(struct call *call, const struct review *review, struct why *why)
{
	if (call_has(call, OPTION_JSON))
		return print_one(review_json(review), why);
	fputs(verdict_allows(review->verdict) ? "yes: " : "no: ", stdout);
	print_shown(stdout, review->reason);
	putchar('\n');
	print_mend(call, review->mend);
	return FAULT_NONE;
}

enum fault
run_can(struct call *call, struct why *why)
{
	struct review review = {0};
	enum fault fault;
	int64_t when;

	fault = call_time(call, OPTION_AT, call->admin.now, &when, why);
	if (fault == FAULT_NONE)
		fault = review_permission(&call->admin, call->word[0], call->word[1],
		    call->option[OPTION_SERVICE], when, &review, why);
	if (fault == FAULT_NONE)
		fault = print_answer(call, &review, why);
	return fault == FAULT_NONE && !verdict_allows(review.verdict) ? call_no(call) : fault;
}
