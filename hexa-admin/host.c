/*
 * host.c - the commands `hexa-admin host …`.
 */
#include "accounts/host.h"

#include <stdio.h>

#include "accounts/identity.h"
#include "hexa-admin/command.h"
#include "hexa-admin/json.h"
#include "hexa-admin/print.h"

/* What is switched on, by its name in the output. */
struct state_row {
	const char *name;
	bool on;
};

enum { STATE_ROWS = 9 };

static void
state_rows(const struct host_state *state, struct state_row rows[STATE_ROWS])
{
	rows[0] = (struct state_row){"nss-passwd", state->nss_passwd};
	rows[1] = (struct state_row){"nss-group", state->nss_group};
	rows[2] = (struct state_row){"nss-initgroups", state->nss_initgroups};
	rows[3] = (struct state_row){"pam-login", state->pam_login};
	rows[4] = (struct state_row){"pam-password", state->pam_password};
	rows[5] = (struct state_row){"sudoers", state->sudoers};
	rows[6] = (struct state_row){"sshd-keys", state->sshd_keys};
	rows[7] = (struct state_row){"sshd-password", state->sshd_password};
	rows[8] = (struct state_row){"sshd-keyboard", state->sshd_keyboard};
}

static void
print_word(const char *name, const char *word)
{
	if (word == NULL || *word == '\0')
		return;
	printf("%-15s ", name);
	print_shown(stdout, word);
	putchar('\n');
}

static enum fault
print_host(struct call *call, const struct host *host, const struct host_state *state,
    struct why *why)
{
	struct state_row rows[STATE_ROWS];
	struct json *map;

	state_rows(state, rows);
	if (!call_has(call, OPTION_JSON)) {
		print_word("client", host->client);
		print_word("site", host->site);
		for (int i = 0; i < STATE_ROWS; i++)
			printf("%-15s %s\n", rows[i].name, rows[i].on ? "on" : "off");
		return FAULT_NONE;
	}
	map = json_map();
	json_put_word(map, "client", host->client);
	json_put_word(map, "site", host->site);
	for (int i = 0; i < STATE_ROWS; i++)
		json_put_bool(map, rows[i].name, rows[i].on);
	return json_show(map, why);
}

enum fault
run_host_show(struct call *call, struct why *why)
{
	struct host_state state = {0};
	struct host host = {0};
	struct txn *txn;
	enum fault fault = store_read_begin(call->admin.store, &txn, why);

	if (fault != FAULT_NONE)
		return fault;
	fault = host_get(txn, &host, why);
	store_end(txn);
	if (fault == FAULT_NONE)
		fault = host_state(call->root, &state, why);
	if (fault == FAULT_NONE)
		fault = print_host(call, &host, &state, why);
	host_clear(&host);
	return fault;
}

enum fault
run_host_set(struct call *call, struct why *why)
{
	struct identity identity = {
	    .clear = call_has(call, OPTION_CLEAR),
	    .client = call->option[OPTION_CLIENT],
	    .site = call->option[OPTION_SITE],
	};

	if (!identity.clear && identity.client == NULL && identity.site == NULL)
		return call_misuse(call, why, "nothing to set was given");
	return identity_set(&call->admin, &identity, why);
}

/* These work without the database, so that nobody else tells. */
static enum fault
switch_host(struct call *call, enum fault (*to)(const char *, struct names *, struct why *),
    struct why *why)
{
	enum fault fault = to(call->root, &call->admin.notices, why);

	if (fault == FAULT_NONE)
		call_tell_notices(call);
	names_clear(&call->admin.notices);
	return fault;
}

enum fault
run_host_enable(struct call *call, struct why *why)
{
	enum fault fault = switch_host(call, host_enable, why);

	if (fault == FAULT_NONE)
		call_hint(call, "keep a shell of root's open until somebody has logged in; whether "
		    "anything is in the way says\nhexa-admin doctor");
	return fault;
}

enum fault
run_host_disable(struct call *call, struct why *why)
{
	return switch_host(call, host_disable, why);
}
