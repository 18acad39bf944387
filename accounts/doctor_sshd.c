/*
 * doctor_sshd.c - the doctor's look at sshd: does it ask PAM, does it ask for Hexa's keys, and whom
 * do its Match blocks mean?
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "accounts/doctor_checks.h"
#include "accounts/gates.h"
#include "accounts/sshd.h"
#include "policy/bytes.h"

/* Where no `host enable` writes it (packaging/authselect/hexa/README). */
#define SSHD_BY_HAND "/etc/ssh/sshd_config.d/40-hexa.conf"

/* ---- PAM ----------------------------------------------------------------------------------- */

/* The first one counts, and none stands behind a Match. */
static bool
find_pam(void *context, const struct sshd_line *line)
{
	bool *asks = context;
	char *rest = line->rest, *word;

	if (line->is_matched || strcasecmp(line->keyword, "UsePAM") != 0)
		return true;
	word = sshd_word(&rest);
	*asks = word != NULL && strcasecmp(word, "yes") == 0;
	return false;
}

/* The first line counts, so one that stands before all others does. */
static void
mend_pam(const struct sshd_place *place, char mend[WHY_MEND_MAX])
{
	char file[WHY_MEND_MAX];
	struct bytes line = {0};

	gate_mend_place("sed -i 's/^[[:blank:]]*UsePAM\\b.*/UsePAM yes/I'", place->text, file);
	if (place->text[0] == '\0')
		bytes_print(&line, "sed -i '1i UsePAM yes' " SSHD_CONFIG " && " SSHD_RELOAD);
	else if (file[0] != '\0')
		bytes_print(&line, "%s && " SSHD_RELOAD, file);
	bytes_take_into(&line, mend, WHY_MEND_MAX);
}

void
check_sshd_pam(struct doctor *doctor)
{
	char mend[WHY_MEND_MAX];
	struct sshd_place place;
	struct why why = {0};
	bool asks = false;
	enum fault fault;

	/* Where nobody knows Hexa's users, sshd lets none of them in. */
	if (!doctor->enabled)
		return;
	fault = sshd_config_walk(doctor->root, find_pam, &asks, &why);
	if (fault == FAULT_UNKNOWN)
		return;
	if (fault != FAULT_NONE)
		report_fault(doctor, FINDING_ERROR, "sshd-pam", &why);
	else if (asks)
		report(doctor, FINDING_GOOD, "sshd-pam", NULL, "sshd asks PAM");
	if (fault != FAULT_NONE || asks)
		return;
	sshd_config_find(doctor->root, "UsePAM", &place);
	mend_pam(&place, mend);
	report(doctor, FINDING_ERROR, "sshd-pam", mend,
	    "%s does not say `UsePAM yes`: sshd lets whoever has a key in, whatever their role",
	    place.text[0] == '\0' ? SSHD_CONFIG : place.text);
}

/* ---- keys ---------------------------------------------------------------------------------- */

/* Another command for everybody, which a line before it has put out of use. */
struct unheard {
	const char *command; /* that sshd runs */
	char program[SSHD_COMMAND_MAX];
	char place[160];
};

static bool
find_unheard(void *context, const struct sshd_line *line)
{
	struct unheard *unheard = context;
	char chained[SSHD_COMMAND_MAX + 2];
	char *rest = line->rest, *word;

	if (line->is_matched || strcasecmp(line->keyword, "AuthorizedKeysCommand") != 0)
		return true;
	word = sshd_word(&rest);
	if (word == NULL || sshd_command_is_ours(word) || strcasecmp(word, "none") == 0 ||
	    strlen(word) >= SSHD_COMMAND_MAX)
		return true;
	/* Chained, it is heard. */
	snprintf(chained, sizeof(chained), " %s ", word);
	if (strstr(unheard->command, chained) != NULL)
		return true;
	snprintf(unheard->program, sizeof(unheard->program), "%s", word);
	snprintf(unheard->place, sizeof(unheard->place), "%s, line %u", line->file, line->number);
	return false;
}

static void
report_ours(struct doctor *doctor, const char *command)
{
	struct unheard unheard = {.command = command};

	sshd_config_walk(doctor->root, find_unheard, &unheard, NULL);
	if (unheard.program[0] != '\0')
		report(doctor, FINDING_WARNING, "sshd-keys",
		    "hexa-admin host disable && hexa-admin host enable",
		    "sshd does not run %s (%s), for Hexa's command stands before it: keys that it "
		    "gives let nobody in", unheard.program, unheard.place);
	else
		report(doctor, FINDING_GOOD, "sshd-keys", NULL,
		    "sshd asks for the keys of Hexa's users");
}

/* Hexa's command runs the other one in its turn, where it can be told to. */
static void
mend_other(const char *command, const struct sshd_place *place, char mend[WHY_MEND_MAX])
{
	static const char plain[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-";
	char program[SSHD_COMMAND_MAX], edit[WHY_MEND_MAX], file[WHY_MEND_MAX];
	const char *number = strrchr(place->text, ' ');
	struct bytes line = {0};

	gate_mend_place(EDITOR, place->text, mend);
	if (number == NULL || !sshd_command_chains(command, program) ||
	    program[strspn(program, plain)] != '\0')
		return;
	snprintf(edit, sizeof(edit), "sed -i '%s s|.*|AuthorizedKeysCommand " HEXA_AUTHORIZED_KEYS
	    " --chain %.100s %%u|'", number + 1, program);
	gate_mend_place(edit, place->text, file);
	if (file[0] == '\0')
		return;
	bytes_print(&line, "%s && " SSHD_RELOAD, file);
	bytes_take_into(&line, mend, WHY_MEND_MAX);
}

/* Another command, or none, is what sshd has. */
static void
report_others(struct doctor *doctor, const struct sshd_state *state, const char *command)
{
	static const char check[] = "sshd-keys", only[] =
	    "keys that Hexa keeps let nobody in here";
	char mend[WHY_MEND_MAX];
	struct sshd_place place;

	sshd_config_find(doctor->root, "AuthorizedKeysCommand", &place);
	if (command[0] != '\0') {
		mend_other(command, &place, mend);
		report(doctor, FINDING_WARNING, check, mend,
		    "sshd asks `%s` for keys (%s), and not Hexa: %s, unless it runs "
		    HEXA_AUTHORIZED_KEYS " too", command, place.text, only);
	} else if (state->there)
		report(doctor, FINDING_ERROR, check,
		    "sed -i '1i Include /etc/ssh/sshd_config.d/*.conf' " SSHD_CONFIG
		    " && " SSHD_RELOAD,
		    "sshd does not take in %s: %s needs the line `Include "
		    "/etc/ssh/sshd_config.d/*.conf` before all others; %s", SSHD_FILE, SSHD_CONFIG,
		    only);
	else
		report(doctor, FINDING_ERROR, check,
		    host_has_authselect(doctor->root)
		        ? "printf 'AuthorizedKeysCommand %s %%u\\n"
		          "AuthorizedKeysCommandUser nobody\\n' " HEXA_AUTHORIZED_KEYS " >" SSHD_BY_HAND " && systemctl reload sshd"
		        : "hexa-admin host enable",
		    "%s is not there: %s", SSHD_FILE, only);
}

/* The file that sshd names in its words: "/etc/ssh/sshd_config: line 3: …". */
static void
mend_fault(struct why *why)
{
	const char *at = strstr(why->text, "/etc/ssh/");
	char *file = at == NULL ? NULL : strndup(at, strcspn(at, ": "));
	char mend[WHY_MEND_MAX];

	gate_mend(EDITOR, file == NULL ? SSHD_CONFIG : file, mend);
	free(file);
	why_mend(why, "%s", mend);
}

void
check_sshd_keys(struct doctor *doctor)
{
	struct sshd_settings settings = {0};
	struct sshd_state state = {0};
	struct why why = {0};
	enum fault fault;

	if (!doctor->enabled || !sshd_is_there(doctor->root))
		return;
	fault = sshd_look(doctor->root, &state, &why);
	if (fault == FAULT_NONE)
		fault = sshd_ask(doctor->root, &settings, &why);
	if (fault != FAULT_NONE)
		mend_fault(&why);
	if (fault != FAULT_NONE)
		report_fault(doctor, FINDING_ERROR, "sshd-keys", &why);
	else if (state.there && !state.trusted)
		report(doctor, FINDING_ERROR, "sshd-keys",
		    "chown root:root " SSHD_FILE " && chmod 644 " SSHD_FILE,
		    "%s is somebody else's than root's, or may be written by others: they say what "
		    "sshd runs", SSHD_FILE);
	else if (sshd_command_is_ours(settings.command))
		report_ours(doctor, settings.command);
	else
		report_others(doctor, &state, settings.command);
}

/* ---- Match --------------------------------------------------------------------------------- */

/* A Match block that means users of Hexa's by their names. */
struct named {
	struct txn *txn;
	char pattern[128];
	char place[160];
	unsigned line;
};

/*
 * Does the pattern mean some users of Hexa's and not others?  One that all fit is passed by nobody,
 * and who has no account of Hexa's has no other names.
 */
static bool
means_some(struct txn *txn, const char *pattern)
{
	struct why why;

	if (*pattern == '!')
		pattern++;
	if (*pattern == '\0' || strcmp(pattern, "*") == 0)
		return false;
	return strpbrk(pattern, "*?") != NULL ||
	    user_name_known(txn, pattern, &why) == FAULT_NONE;
}

static bool
find_named(void *context, const struct sshd_line *line)
{
	struct named *named = context;
	char *rest = line->rest, *word, *patterns;

	if (strcasecmp(line->keyword, "Match") != 0)
		return true;
	while ((word = sshd_word(&rest)) != NULL) {
		bool of_users = strcasecmp(word, "User") == 0;

		patterns = strcasecmp(word, "all") == 0 ? NULL : sshd_word(&rest);
		while (of_users && patterns != NULL) {
			char *pattern = strsep(&patterns, ",");

			if (!means_some(named->txn, pattern))
				continue;
			snprintf(named->pattern, sizeof(named->pattern), "%s", pattern);
			snprintf(named->place, sizeof(named->place), "%s, line %u", line->file,
			    line->number);
			named->line = line->number;
			return false;
		}
	}
	return true;
}

static void
mend_named(const struct named *named, char mend[WHY_MEND_MAX])
{
	char edit[64], file[WHY_MEND_MAX];
	struct bytes line = {0};

	snprintf(edit, sizeof(edit), "sed -i '%u s/\\bUser\\b/Group/I'", named->line);
	gate_mend_place(edit, named->place, file);
	if (file[0] != '\0')
		bytes_print(&line, "%s && " SSHD_RELOAD, file);
	bytes_take_into(&line, mend, WHY_MEND_MAX);
}

/* sshd compares what was typed; which user that is, it asks afterwards. */
void
check_sshd_match(struct doctor *doctor)
{
	struct settings settings = {0};
	struct named named = {.txn = doctor->txn};
	char mend[WHY_MEND_MAX];
	struct why why = {0};
	bool has_others;
	enum fault fault;

	fault = settings_load(doctor->txn, &settings, &why);
	has_others = settings.login_email || settings.login_phone;
	settings_clear(&settings);
	if (fault != FAULT_NONE)
		report_fault(doctor, FINDING_ERROR, "sshd-match", &why);
	if (fault != FAULT_NONE || !has_others || !doctor->enabled ||
	    sshd_config_walk(doctor->root, find_named, &named, NULL) != FAULT_NONE)
		return;
	mend_named(&named, mend);
	if (named.pattern[0] != '\0')
		report(doctor, FINDING_WARNING, "sshd-match", mend,
		    "%s: `Match User %s` compares what was typed, so whoever logs in by e-mail "
		    "address or phone number passes it by; `Match Group` is not passed, and every "
		    "user has a group of their own name", named.place, named.pattern);
	else
		report(doctor, FINDING_GOOD, "sshd-match", NULL,
		    "no Match block of sshd's can be passed by under another name");
}
