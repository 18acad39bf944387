/*
 * make.c - what every new user goes through.
 */
#include "accounts/make.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accounts/claim.h"
#include "policy/text.h"

/* A made name is numbered up to here, which MADE_LOGIN_SPARE bytes hold. */
enum { MADE_NUMBER_MAX = 9999, MADE_NUMBER_FEW = 16 };

enum { MADE_NAME_BYTES = LOGIN_NAME_BYTES + 1 };

static const struct field *
user_row(const char *name)
{
	return field_find(&user_table, name);
}

enum fault
user_name_parse(struct user *user, const char *name, struct why *why)
{
	if (*name == '\0')
		return why_field(why, FAULT_INVALID, "name", "name is required");
	return field_parse(user_row("name"), user, name, why);
}

/* stem, stem2, stem3 …; FAULT_CONFLICT: taken, or somebody objects. */
static enum fault
number_is_free(struct change *change, const char *stem, int number, char name[MADE_NAME_BYTES],
    struct why *why)
{
	struct admin admin = *change->admin;
	enum fault fault;

	admin.insist = false; /* nobody typed this name, so nobody can mean it */
	if (number == 1)
		snprintf(name, MADE_NAME_BYTES, "%s", stem);
	else
		snprintf(name, MADE_NAME_BYTES, "%s%d", stem, number);
	fault = name_is_free(change->txn, name, why);
	return fault == FAULT_NONE ? claim_login(&admin, change->txn, name, 0, why) : fault;
}

/*
 * The lowest number that is free, of the first few; beyond them one that is: thousands of the same
 * name come together in an import, and are not counted through for each.
 */
static enum fault
name_number(struct change *change, const char *stem, struct user *user, struct why *why)
{
	char name[MADE_NAME_BYTES];
	int taken = 0, number = 1;
	enum fault fault = number_is_free(change, stem, number, name, why);

	while (fault == FAULT_CONFLICT && number < MADE_NUMBER_MAX) {
		taken = number;
		number += number < MADE_NUMBER_FEW ? 1 : number;
		if (number > MADE_NUMBER_MAX)
			number = MADE_NUMBER_MAX;
		fault = number_is_free(change, stem, number, name, why);
	}
	/* Between one that is taken and one that is free, towards the lower end. */
	while (fault == FAULT_NONE && number - taken > 1) {
		int middle = taken + (number - taken) / 2;

		fault = number_is_free(change, stem, middle, name, why);
		if (fault == FAULT_NONE)
			number = middle;
		else
			taken = middle;
		if (fault == FAULT_CONFLICT)
			fault = number_is_free(change, stem, number, name, why);
	}
	return fault == FAULT_NONE ? user_name_parse(user, name, why) : fault;
}

static enum fault
name_make(struct change *change, struct user *user, struct why *why)
{
	enum fault fault;
	char *stem;

	errno = 0;
	stem = text_make_login(user->first_name, user->last_name);
	if (stem != NULL && text_is_login(stem))
		fault = name_number(change, stem, user, why);
	else if (stem == NULL && errno == ENOMEM)
		fault = why_memory(why);
	else
		fault = why_field(why, FAULT_INVALID, "name",
		    "no login name can be made of this first and last name: give one");
	free(stem);
	return fault;
}

static enum fault
name_settle(struct change *change, struct user *user, struct why *why)
{
	if (user->name == NULL)
		return name_make(change, user, why);
	/* Whether Hexa has given it to somebody, user_put() says. */
	return claim_login(change->admin, change->txn, user->name, 0, why);
}

char *
user_home_of(const char *form, const char *name)
{
	struct bytes home = {0};

	for (; *form != '\0'; form++)
		if (form[0] == '%' && form[1] == 'u') {
			bytes_print(&home, "%s", name);
			form++;
		} else
			bytes_put(&home, form, 1);
	return bytes_take_text(&home);
}

/*
 * What a new account has that was not told otherwise.  Nobody logs in as a system: its jobs are run
 * by cron and at, which have a shell of their own.
 */
static enum fault
defaults_settle(const struct settings *settings, struct user *user, struct why *why)
{
	const char *shell = user->type == USER_SYSTEM ? NO_SHELL : settings->shell;

	if (user->shell == NULL && shell != NULL)
		user->shell = strdup(shell);
	if (user->home == NULL && settings->home != NULL)
		user->home = user_home_of(settings->home, user->name);
	if ((user->shell == NULL && shell != NULL) ||
	    (user->home == NULL && settings->home != NULL))
		return why_memory(why);
	return FAULT_NONE;
}

enum fault
user_is_whole(const struct user *user, bool by_options, struct why *why)
{
	static const struct {
		const char *field;
		const char *option;
	} needed[] = {
		{"roles", "--role"},
		{"first-name", "--first-name"},
		{"last-name", "--last-name"},
	};
	size_t missing[sizeof(needed) / sizeof(needed[0])], count = 0;

	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		if (field_is_empty(user_row(needed[i].field), user))
			missing[count++] = i;
	if (count == 0)
		return FAULT_NONE;
	why_field(why, FAULT_INVALID, needed[missing[0]].field, "%s", "");
	for (size_t i = 0; i < count; i++)
		why_add(why, "%s%s", i == 0 ? "" : i + 1 < count ? ", " : " and ",
		    by_options ? needed[missing[i]].option : needed[missing[i]].field);
	why_add(why, count == 1 ? " is required" : " are required");
	if (by_options && missing[0] == 0)
		why_mend(why, "hexa-admin role list");
	return FAULT_INVALID;
}

enum fault
user_enter(struct change *change, struct user *user, struct why *why)
{
	/* Before anything about names is told, which may be other people's; root may know. */
	enum fault fault = change->admin->is_root ? change_load(change, why)
	                                          : change_allows(change, NULL, user, why);

	if (fault == FAULT_NONE)
		fault = name_settle(change, user, why);
	if (fault == FAULT_NONE)
		fault = defaults_settle(&change->document.rules.settings, user, why);
	change_insist(change);
	if (fault == FAULT_NONE)
		fault = change_user(change, NULL, user, why);
	return fault;
}

enum fault
user_shell_follows(struct change *change, unsigned was, struct user *user, struct why *why)
{
	struct settings settings = {0};
	const char *shell, *other;
	enum fault fault;

	if ((was == USER_SYSTEM) == (user->type == USER_SYSTEM) || user->shell == NULL)
		return FAULT_NONE;
	fault = settings_load(change->txn, &settings, why);
	if (fault != FAULT_NONE)
		return fault;
	shell = settings.shell == NULL ? "" : settings.shell;
	other = was == USER_SYSTEM ? NO_SHELL : shell;
	if (strcmp(user->shell, other) == 0)
		fault = field_parse(user_row("shell"), user,
		    was == USER_SYSTEM ? shell : NO_SHELL, why);
	settings_clear(&settings);
	return fault;
}
