/*
 * unlock.c - the command `hexa-admin user unlock`, and what `user show` says of failed logins.
 */
#include "hexa-admin/unlock.h"

#include <stdio.h>

#include "accounts/lockout.h"
#include "accounts/unlock.h"
#include "hexa-admin/grid.h"
#include "policy/text.h"

enum fault
run_user_unlock(struct call *call, struct why *why)
{
	return account_unlock(&call->admin, call->word[0], why);
}

/* ---- user show ----------------------------------------------------------------------------- */

/* What is counted now, and until when somebody is locked out; "" for nowhere. */
static enum fault
read_failures(struct call *call, const struct user *user, struct lockout_state *counted,
    char until[TIME_TEXT_BYTES], struct why *why)
{
	const int64_t uptime = lockout_uptime();
	struct settings settings = {0};
	struct txn *txn = NULL;
	enum fault fault = store_read_begin(call->admin.store, &txn, why);

	if (fault == FAULT_NONE)
		fault = settings_load(txn, &settings, why);
	store_end(txn);
	if (fault != FAULT_NONE)
		return fault;
	lockout_get(call->admin.root, &settings, user->uid, uptime, counted);
	until[0] = '\0';
	if (counted->until != 0)
		text_from_time(call->admin.now + (counted->until - uptime), until);
	settings_clear(&settings);
	return FAULT_NONE;
}

static bool
put_line(struct grid *grid, const char *name, const char *text)
{
	return *text == '\0' ||
	    (grid_row(grid) && grid_cell(grid, 0, name) && grid_cell(grid, 1, text));
}

static enum fault
print_failures(const struct lockout_state *counted, const char *until, struct why *why)
{
	struct grid *grid = grid_open(false);
	char number[16];
	enum fault fault;

	snprintf(number, sizeof(number), "%lu", (unsigned long)counted->failures);
	if (grid != NULL && grid_column(grid, "field", 0) && grid_column(grid, "value", 0) &&
	    put_line(grid, "failures", number) && put_line(grid, "locked-from", counted->from) &&
	    put_line(grid, "locked-until", until))
		fault = grid_print(grid, why);
	else
		fault = why_memory(why);
	grid_close(grid);
	return fault;
}

enum fault
failures_show(struct call *call, const struct user *user, struct why *why)
{
	struct lockout_state counted = {0};
	char until[TIME_TEXT_BYTES];
	enum fault fault = read_failures(call, user, &counted, until, why);

	if (fault != FAULT_NONE || counted.failures == 0)
		return fault;
	putchar('\n');
	return print_failures(&counted, until, why);
}

enum fault
failures_json(struct call *call, const struct user *user, struct json *map, struct why *why)
{
	struct lockout_state counted = {0};
	char until[TIME_TEXT_BYTES];
	enum fault fault = read_failures(call, user, &counted, until, why);

	if (fault == FAULT_NONE) {
		json_put_number(map, "failures", counted.failures);
		json_put_word(map, "locked-from", counted.from);
		json_put_word(map, "locked-until", until);
	}
	return fault;
}
