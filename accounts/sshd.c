/*
 * sshd.c - the drop-in for sshd: its text, and putting it where sshd finds it.
 */
#include "accounts/sshd.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "accounts/hostfile.h"
#include "policy/bytes.h"

#define FOLDER  "/etc/ssh/sshd_config.d"
#define COMMAND "AuthorizedKeysCommand"

/* sshd takes in names that end in .conf alone. */
#define CANDIDATE SSHD_FILE ".hexa-new"
#define SAVED     SSHD_FILE ".hexa-saved"

/* Who runs the command, where no other had one: somebody whom no file belongs to. */
#define NOBODY "nobody"

enum { SSHD_MODE = 0644, DROP_IN_MAX = 64 * 1024 };

/* ---- its text ------------------------------------------------------------------------------ */

/* `chain` "": the host has no command of its own. */
static char *
drop_in(const char *chain, const char *user)
{
	struct bytes text = {0};

	bytes_print(&text,
	    "# sshd asks Hexa for the keys of its users; keys in their own files count as before.\n"
	    "# `hexa-admin host enable` writes this file, and `hexa-admin host disable` takes it "
	    "away.\n"
	    COMMAND " " HEXA_AUTHORIZED_KEYS "%s%s %%u\n"
	    COMMAND "User %s\n",
	    chain[0] == '\0' ? "" : " --chain ", chain, user);
	return bytes_take_text(&text);
}

/* The next line that counts: its keyword, and what is behind it.  NULL: there is none. */
static char *
next_line(char **text, char **value)
{
	char *keyword = NULL;

	while (keyword == NULL && **text != '\0') {
		char *line = *text, *end = strchrnul(line, '\n');

		*text = *end == '\0' ? end : end + 1;
		*end = '\0';
		keyword = sshd_word(&line);
		*value = line + strspn(line, " \t");
	}
	return keyword;
}

static bool
is_keyword(const char *keyword, const char *wanted)
{
	return keyword != NULL && strcasecmp(keyword, wanted) == 0;
}

bool
sshd_command_is_ours(const char *command)
{
	static const char ours[] = HEXA_AUTHORIZED_KEYS;

	return strncmp(command, ours, sizeof(ours) - 1) == 0 &&
	    (command[sizeof(ours) - 1] == ' ' || command[sizeof(ours) - 1] == '\0');
}

bool
sshd_command_chains(const char *command, char program[SSHD_COMMAND_MAX])
{
	static const char plain[] = "/._+-0123456789"
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	size_t size = strcspn(command, " \t");
	const char *rest = command + size;

	rest += strspn(rest, " \t");
	/* What has another character may be quoted, or filled in by sshd. */
	if (command[0] != '/' || size >= SSHD_COMMAND_MAX || strspn(command, plain) != size ||
	    (*rest != '\0' && strcmp(rest, "%u") != 0))
		return false;
	snprintf(program, SSHD_COMMAND_MAX, "%.*s", (int)size, command);
	return true;
}

/* The command without our own program and --chain; false: it is not as Hexa writes it. */
static bool
is_as_written(const char *command)
{
	static const char plain[] = HEXA_AUTHORIZED_KEYS " %u",
	                  chained[] = HEXA_AUTHORIZED_KEYS " --chain ";
	char program[SSHD_COMMAND_MAX];

	return strcmp(command, plain) == 0 ||
	    (strncmp(command, chained, sizeof(chained) - 1) == 0 &&
	        strstr(command, " %u") != NULL &&
	        sshd_command_chains(command + sizeof(chained) - 1, program));
}

/* Its two lines, whatever the command is that it chains, and nothing else. */
static bool
is_ours(char *text)
{
	char *command = NULL, *user = NULL, *rest = NULL;

	return is_keyword(next_line(&text, &command), COMMAND) && is_as_written(command) &&
	    is_keyword(next_line(&text, &user), COMMAND "User") && *user != '\0' &&
	    user[strcspn(user, " \t")] == '\0' && next_line(&text, &rest) == NULL;
}

/* ---- looking ------------------------------------------------------------------------------- */

enum fault
sshd_look(const char *root, struct sshd_state *state, struct why *why)
{
	struct sshd_state found = {.sshd = sshd_is_there(root)};
	char *text = NULL, full[PATH_MAX];
	struct stat st;
	size_t size = 0;
	enum fault fault = hostfile_read(root, SSHD_FILE, DROP_IN_MAX, &text, &size, why);

	if (fault == FAULT_NONE)
		fault = hostfile_path(root, SSHD_FILE, full, why);
	if (fault == FAULT_NONE && stat(full, &st) == 0) {
		found.there = true;
		found.changed = strlen(text) != size || !is_ours(text);
		found.trusted = st.st_uid == 0 && (st.st_mode & (S_IWGRP | S_IWOTH)) == 0;
	}
	free(text);
	if (fault == FAULT_UNKNOWN)
		fault = FAULT_NONE;
	if (fault == FAULT_NONE)
		*state = found;
	return fault;
}

/* ---- writing ------------------------------------------------------------------------------- */

__attribute__((format(printf, 3, 4))) static enum fault
tell(struct names *notices, struct why *why, const char *format, ...)
{
	char text[WHY_TEXT_MAX + SSHD_COMMAND_MAX];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	return names_add(notices, text) ? FAULT_NONE : why_memory(why);
}

/* Another tree's sshd does not run. */
static enum fault
tell_to_reload(const char *root, struct names *notices, const char *text, struct why *why)
{
	return root[0] == '\0' ? tell(notices, why, "%s\n" SSHD_RELOAD, text) : FAULT_NONE;
}

/* Asks about the text where sshd does not yet read it. */
static enum fault
check_text(const char *root, const char *text, struct why *why)
{
	enum fault fault = hostfile_make(root, CANDIDATE, text, strlen(text), SSHD_MODE, why);

	if (fault != FAULT_NONE)
		return fault;
	fault = sshd_check(root, CANDIDATE, why);
	hostfile_remove(root, CANDIDATE, NULL);
	return fault;
}

/* *counts: sshd comes to read it, and no line before it says otherwise. */
static enum fault
write_drop_in(const char *root, const char *text, bool *counts, struct why *why)
{
	struct sshd_settings settings = {0};
	enum fault fault = check_text(root, text, why);

	if (fault == FAULT_NONE)
		fault = hostfile_make(root, SSHD_FILE, text, strlen(text), SSHD_MODE, why);
	if (fault != FAULT_NONE)
		return fault;
	fault = sshd_ask(root, &settings, why);
	if (fault == FAULT_NONE)
		*counts = sshd_command_is_ours(settings.command);
	if (fault != FAULT_NONE || !*counts)
		hostfile_remove(root, SSHD_FILE, NULL);
	return fault;
}

static enum fault
tell_of_no_effect(const char *root, const struct sshd_settings *before, struct names *notices,
    struct why *why)
{
	struct sshd_place place;

	if (before->command[0] == '\0')
		return tell(notices, why, "%s was not written, for sshd would not read it: %s "
		    "needs the line `Include " FOLDER "/*.conf` before all others", SSHD_FILE,
		    SSHD_CONFIG);
	sshd_config_find(root, COMMAND, &place);
	return tell(notices, why, "%s was not written, for another line comes before it: where "
	    "`" COMMAND " %s` stands (%s), write `" COMMAND " " HEXA_AUTHORIZED_KEYS
	    " --chain %s`, and then: " SSHD_RELOAD, SSHD_FILE, before->command, place.text,
	    before->command);
}

/* Where sshd is well, and has no command or one that can be chained. */
static enum fault
write_beside(const char *root, const struct sshd_settings *before, const char *chain,
    struct names *notices, struct why *why)
{
	const char *user = chain[0] == '\0' ? NOBODY : before->user;
	char *text = drop_in(chain, user);
	bool counts = false;
	enum fault fault = text == NULL ? why_memory(why)
	                                : write_drop_in(root, text, &counts, why);

	free(text);
	if (fault != FAULT_NONE)
		return fault;
	if (!counts)
		return tell_of_no_effect(root, before, notices, why);
	return tell_to_reload(root, notices,
	    "sshd asks for the keys of Hexa's users once it is reloaded", why);
}

/* The line that says no, or that there is none. */
static enum fault
tell_of_no_pam(const char *root, struct names *notices, struct why *why)
{
	struct sshd_place place;

	sshd_config_find(root, "UsePAM", &place);
	return tell(notices, why, "%s was not written, for sshd does not ask PAM: whoever has a key "
	    "would be let in, whatever their role; %s %s `UsePAM yes`", SSHD_FILE,
	    place.text[0] == '\0' ? SSHD_CONFIG : place.text,
	    place.text[0] == '\0' ? "needs the line" : "is to say");
}

static enum fault
write_where_it_may_stand(const char *root, struct names *notices, struct why *why)
{
	static const char left[] = SSHD_FILE " was not written, for";
	struct sshd_settings before = {0};
	struct why broken = {0};
	char chain[SSHD_COMMAND_MAX] = "", folder[PATH_MAX];

	if (sshd_ask(root, &before, &broken) != FAULT_NONE)
		return tell(notices, why, "%s %s\n%s", left, broken.text, broken.mend);
	if (!before.pam)
		return tell_of_no_pam(root, notices, why);
	if (sshd_command_is_ours(before.command))
		return FAULT_NONE;
	if (before.command[0] != '\0' && !sshd_command_chains(before.command, chain))
		return tell(notices, why, "%s sshd has a command for keys that is given more than "
		    "the user's name, and is left to it: `" COMMAND " %s`; let that program print "
		    "what `" HEXA_AUTHORIZED_KEYS " USER` prints, too", left, before.command);
	if (hostfile_path(root, FOLDER, folder, NULL) != FAULT_NONE || access(folder, F_OK) < 0)
		return tell_of_no_effect(root, &before, notices, why);
	return write_beside(root, &before, chain, notices, why);
}

/* What stands there, as Hexa's files are. */
static enum fault
write_again(const char *root, struct why *why)
{
	char *text = NULL;
	size_t size = 0;
	enum fault fault = hostfile_read(root, SSHD_FILE, DROP_IN_MAX, &text, &size, why);

	if (fault == FAULT_NONE)
		fault = hostfile_make(root, SSHD_FILE, text, size, SSHD_MODE, why);
	free(text);
	return fault;
}

enum fault
sshd_put(const char *root, struct names *notices, struct why *why)
{
	struct sshd_state state = {0};
	enum fault fault = sshd_look(root, &state, why);

	if (fault != FAULT_NONE || !state.sshd)
		return fault;
	if (state.changed)
		return tell(notices, why, SSHD_FILE " was changed by hand, and is left as it is");
	if (!state.there)
		return write_where_it_may_stand(root, notices, why);
	return state.trusted ? FAULT_NONE : write_again(root, why);
}

/* Kept where it does nothing. */
static enum fault
keep_aside(const char *root, struct names *notices, struct why *why)
{
	char *text = NULL;
	size_t size = 0;
	enum fault fault = hostfile_read(root, SSHD_FILE, DROP_IN_MAX, &text, &size, why);

	if (fault == FAULT_NONE)
		fault = hostfile_make(root, SAVED, text, size, SSHD_MODE, why);
	free(text);
	if (fault != FAULT_NONE)
		return fault;
	return tell(notices, why,
	    SSHD_FILE " was changed by hand, and is kept as " SAVED ", which sshd passes over");
}

enum fault
sshd_remove(const char *root, struct names *notices, struct why *why)
{
	struct sshd_state state = {0};
	enum fault fault = sshd_look(root, &state, why);

	if (fault != FAULT_NONE || !state.there)
		return fault;
	if (state.changed)
		fault = keep_aside(root, notices, why);
	if (fault == FAULT_NONE)
		fault = hostfile_remove(root, SSHD_FILE, why);
	if (fault == FAULT_NONE && state.sshd)
		fault = tell_to_reload(root, notices,
		    "sshd asks for the keys of Hexa's users until it is reloaded", why);
	return fault;
}
