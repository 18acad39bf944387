/*
 * flags.c - the options of a command: the program's own from one table, a record's from its rows.
 */
#include "hexa-admin/line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	const char *argument;
	const char *help;
	bool repeats;
} options[OPTION_COUNT] = {
	[OPTION_ROOT] = {"root", "DIR", "work on the tree under DIR instead of this host"},
	[OPTION_JSON] = {"json", NULL, "print JSON"},
	[OPTION_QUIET] = {"quiet", NULL, "leave out hints and counts"},
	[OPTION_YES] = {"yes", NULL, "do not ask; insist where a rule lets root insist"},
	[OPTION_AS] = {"as", "NAME", "act with the rights of this user"},
	[OPTION_HELP] = {"help", NULL, "print this help"},
	[OPTION_VERSION] = {"version", NULL, "print the version"},
	[OPTION_COLUMNS] = {"columns", "FIELD,…", "which fields to list"},
	[OPTION_LIMIT] = {"limit", "N", "list at most N"},
	[OPTION_SERVICE] = {"service", "NAME", "the PAM service, as sshd"},
	[OPTION_AT] = {"at", "TIME", "as if it were then"},
	[OPTION_DATED] = {"dated", "DATE", "about what is of that day: as far back as they may see"},
	[OPTION_USER] = {"user", "NAME", "only changes to this user"},
	[OPTION_ACTOR] = {"actor", "NAME", "only changes by this person"},
	[OPTION_SINCE] = {"since", "TIME", "only changes since then, or so long ago, as 7d"},
	[OPTION_FROM] = {"from", "SEQ:HASH", "a head that was printed before"},
	[OPTION_PASSWORD_STDIN] = {"password-stdin", NULL, "read the password from stdin: a line"},
	[OPTION_CLIENT] = {"client", "NAME", "the client that the host belongs to"},
	[OPTION_SITE] = {"site", "NAME", "the site that the host stands at"},
	[OPTION_CLEAR] = {"clear", NULL, "forget client and site first"},
	[OPTION_PRESET] = {"preset", "NAME", "begin with this policy, one of `policy presets`"},
	[OPTION_TREE] = {"tree", NULL, "draw the permissions as the tree that their names make"},
	[OPTION_DRY_RUN] = {"dry-run", NULL, "change nothing; print what it would do to whom"},
	[OPTION_SEARCH] = {"search", "TEXT", "only those with TEXT in a name, e-mail or phone"},
	[OPTION_FILTER] = {"filter", "FIELD=V", "only those with this value; may be repeated", true},
	[OPTION_SORT] = {"sort", "FIELD[:desc]", "the order of the list"},
	[OPTION_CSV] = {"csv", NULL, "print comma-separated values"},
	[OPTION_KILL] = {"kill", NULL, "end their sessions and processes on this host"},
	[OPTION_MEND] = {"mend", NULL, "write what users are found by anew from their records"},
	[OPTION_INVITE] = {"invite", NULL, "make a one-time code for them to log in with first"},
	[OPTION_MAIL] = {"mail", NULL, "mail the code to them instead of printing it"},
	[OPTION_UPDATE] = {"update", NULL, "change users that are there already"},
	[OPTION_FORMAT] = {"format", "csv|json", "how to write it"},
	[OPTION_EMAIL] = {"email", "EMAIL", "whose e-mail address this is"},
	[OPTION_ROLE] = {"role", "ROLE[@SCOPE]", "a role to give them; may be repeated", true},
	[OPTION_EXPIRING] = {"expiring", "TIME", "only those that end within this time, as 30d"},
	[OPTION_UNTIL] = {"until", "TIME", "only changes until then, or so long ago, as 1h"},
	[OPTION_ACTION] = {"action", "WORDS", "only what was done by this command, as 'user edit'"},
};

static const char *const arguments[] = {
	[K_TEXT] = "TEXT",
	[K_GECOS] = "TEXT",
	[K_LOGIN] = "NAME",
	[K_GROUP] = "NAME",
	[K_USER] = "USER",
	[K_WORD] = "NAME",
	[K_EMAIL] = "EMAIL",
	[K_PHONE] = "PHONE",
	[K_PATH] = "PATH",
	[K_UNIT] = "UNIT",
	[K_SECRET] = "HASH",
	[K_ID] = "N",
	[K_NUMBER] = "N",
	[K_VERSION] = "N",
	[K_BOOL] = "yes|no",
	[K_TIME] = "TIME",
	[K_END] = "TIME",
	[K_CHOICE] = "WORD",
	[K_LOGINS] = "NAME",
	[K_PATTERNS] = "PERMISSION",
	[K_WORDS] = "NAME",
	[K_SERVICES] = "SERVICE",
	[K_ASSIGNMENTS] = "ROLE[@SCOPE]",
	[K_GRANTS] = "PERMISSION[@END]",
	[K_CHOICES] = "WORD",
	[K_RANGES] = "FIRST-LAST",
	[K_COMPILED] = "WORD",
	[K_HOME] = "PATH",
	[K_DURATION] = "TIME",
	[K_SIZE] = "SIZE",
	[K_UUID] = "UUID",
};

static struct flag *
add(struct flags *flags)
{
	struct flag *flag = &flags->flag[flags->count++];

	flag->option = OPTION_COUNT;
	return flag;
}

static void
add_option(struct flags *flags, enum option_id option)
{
	struct flag *flag = add(flags);

	snprintf(flag->name, sizeof(flag->name), "%s", options[option].name);
	flag->argument = options[option].argument;
	flag->option = option;
	flag->help = options[option].help;
	flag->repeats = options[option].repeats;
}

/* A list's flag gives one value of it: `roles` makes --role and --add-role, unless the row says. */
static void
name_flag(struct flag *flag, const struct field *field, const char *prefix, enum edit_act act)
{
	const char *own = act == EDIT_ADD ? field->add : act == EDIT_REMOVE ? field->remove : NULL;
	size_t size = strlen(field->name);

	if (act != EDIT_SET && size > 0 && field->name[size - 1] == 's')
		size--;
	if (own != NULL)
		snprintf(flag->name, sizeof(flag->name), "%s", own);
	else
		snprintf(flag->name, sizeof(flag->name), "%s%.*s", prefix, (int)size, field->name);
}

static void
add_field(struct flags *flags, const struct field *field, const char *prefix, enum edit_act act)
{
	struct flag *flag = add(flags);

	name_flag(flag, field, prefix, act);
	flag->argument = arguments[field->kind];
	flag->act = act;
	flag->field = field;
	flag->help = field->help;
}

static void
add_fields(struct flags *flags, const struct table *table, enum use use)
{
	const unsigned refused = F_HIDDEN | F_KEPT;

	for (size_t i = 0; i < table->count; i++) {
		const struct field *field = &table->rows[i];
		size_t first = flags->count;

		if ((field->rights & refused) != 0)
			continue;
		if (!field_is_list(field)) {
			add_field(flags, field, "", EDIT_SET);
		} else if (use == USE_CREATE) {
			add_field(flags, field, "", EDIT_ADD);
		} else {
			add_field(flags, field, "add-", EDIT_ADD);
			add_field(flags, field, "remove-", EDIT_REMOVE);
		}
		/* That it is somebody else's to change is no mistake in how the line is written. */
		for (; use == USE_SELF && first < flags->count; first++)
			flags->flag[first].unlisted =
			    (field->rights & (F_NOT_SELF | F_FIXED)) != 0;
	}
}

static void
add_clear(struct flags *flags)
{
	struct flag *flag = add(flags);

	snprintf(flag->name, sizeof(flag->name), "clear");
	flag->argument = "FIELD";
	flag->act = EDIT_CLEAR;
	flag->help = "empty the field";
}

bool
flags_of(const struct command *command, struct flags *flags)
{
	size_t fields = command != NULL && command->use != USE_NONE ? command->table->count : 0;

	/* At most every option, two of each field, and --clear. */
	flags->count = 0;
	flags->flag = calloc(OPTION_COUNT + 2 * fields + 1, sizeof(*flags->flag));
	if (flags->flag == NULL)
		return false;
	if (fields > 0)
		add_fields(flags, command->table, command->use);
	if (fields > 0 && (command->use == USE_EDIT || command->use == USE_SELF))
		add_clear(flags);
	for (int i = OPTION_GLOBAL_COUNT; i < OPTION_COUNT; i++)
		if (command != NULL && (command->options & OPTION_BIT(i)) != 0)
			add_option(flags, (enum option_id)i);
	/* Of oneself it wants the current one too. */
	if (command != NULL && command->by_self)
		for (size_t i = 0; i < flags->count; i++)
			if (flags->flag[i].option == OPTION_PASSWORD_STDIN)
				flags->flag[i].help = "read from stdin: a line with the current "
				    "password, and one with the new";
	for (int i = 0; i < OPTION_GLOBAL_COUNT; i++)
		add_option(flags, (enum option_id)i);
	return true;
}

void
flags_clear(struct flags *flags)
{
	free(flags->flag);
	flags->flag = NULL;
	flags->count = 0;
}
