/*
 * sudoers.c - the drop-in for sudo: its text, and putting it where sudo finds it.
 */
#include "accounts/sudoers.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "accounts/host.h"
#include "accounts/hostfile.h"
#include "accounts/program.h"
#include "policy/rules.h"

#define SUDO      "/usr/bin/sudo"
#define VISUDO    "/usr/sbin/visudo"
#define MAIN_FILE "/etc/sudoers"
#define FOLDER    "/etc/sudoers.d"

/* Both hold a dot, so that sudo passes over them. */
#define CANDIDATE SUDOERS_FILE ".hexa-new"
#define SAVED     SUDOERS_FILE ".hexa-saved"

enum { SUDOERS_MODE = 0440 };

/* Bytes of one file, and files within files. */
enum { SUDOERS_MAX = 1024 * 1024, INCLUDE_DEPTH = 8 };

static const char drop_in[] =
    "# Whoever may act on Hexa runs hexa-admin as root: it asks who they are, and what they may.\n"
    "# `hexa-admin host enable` writes this file, and `hexa-admin host disable` takes it away.\n"
    "%" ADMINS_GROUP " ALL=(root) /usr/sbin/hexa-admin\n";

/* ---- reading ------------------------------------------------------------------------------- */

/* `#` alone or before a space: `#include` and `#1000` are no comments. */
static bool
is_comment(const char *line, size_t size)
{
	return size == 0 || (line[0] == '#' && (size == 1 || line[1] == ' ' || line[1] == '#'));
}

/* The next line that counts, without spaces at its ends; NULL: there is none. */
static const char *
next_line(const char **text, size_t *size)
{
	while (**text != '\0') {
		const char *line = *text + strspn(*text, " \t");
		const char *end = strchrnul(line, '\n');

		*text = *end == '\0' ? end : end + 1;
		while (end > line && isspace((unsigned char)end[-1]))
			end--;
		*size = (size_t)(end - line);
		if (!is_comment(line, *size))
			return line;
	}
	return NULL;
}

static bool
says_the_same(const char *one, const char *other)
{
	const char *a, *b;
	size_t a_size = 0, b_size = 0;

	do {
		a = next_line(&one, &a_size);
		b = next_line(&other, &b_size);
		if (a == NULL || b == NULL)
			return a == b;
	} while (a_size == b_size && memcmp(a, b, a_size) == 0);
	return false;
}

/* The path behind this keyword, which begins with @ or #; quotes around it are taken off. */
static bool
included_path(const char *line, size_t size, const char *keyword, char path[PATH_MAX])
{
	const char *end = line + size;
	size_t length = strlen(keyword);

	if (size < length + 2 || (line[0] != '@' && line[0] != '#') ||
	    strncmp(line + 1, keyword, length) != 0 || !isspace((unsigned char)line[length + 1]))
		return false;
	line += length + 1;
	line += strspn(line, " \t");
	if (end - line > 2 && line[0] == '"' && end[-1] == '"') {
		line++;
		end--;
	}
	while (end - line > 1 && end[-1] == '/')
		end--;
	/* What is not absolute stands beside the file that includes it: here in /etc. */
	return snprintf(path, PATH_MAX, "%s%.*s", line[0] == '/' ? "" : "/etc/",
	           (int)(end - line), line) < PATH_MAX;
}

/* A file that is included and not there is nothing: sudo says so itself. */
static enum fault
look_for_folder(const char *root, const char *path, int depth, bool *included, struct why *why)
{
	char *text = NULL, other[PATH_MAX];
	const char *rest, *line;
	size_t size = 0;
	enum fault fault = hostfile_read(root, path, SUDOERS_MAX, &text, &size, why);

	if (fault != FAULT_NONE)
		return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
	rest = text;
	while (fault == FAULT_NONE && !*included && (line = next_line(&rest, &size)) != NULL) {
		if (included_path(line, size, "includedir", other))
			*included = strcmp(other, FOLDER) == 0;
		else if (depth < INCLUDE_DEPTH && included_path(line, size, "include", other))
			fault = look_for_folder(root, other, depth + 1, included, why);
	}
	free(text);
	return fault;
}

static enum fault
look_at_file(const char *root, struct sudoers_state *state, struct why *why)
{
	char *text = NULL, full[PATH_MAX];
	struct stat st;
	size_t size = 0;
	enum fault fault = hostfile_read(root, SUDOERS_FILE, SUDOERS_MAX, &text, &size, why);

	if (fault == FAULT_UNKNOWN)
		return FAULT_NONE;
	if (fault == FAULT_NONE)
		fault = hostfile_path(root, SUDOERS_FILE, full, why);
	if (fault == FAULT_NONE && stat(full, &st) == 0) {
		state->there = true;
		state->changed = strlen(text) != size || !says_the_same(text, drop_in);
		state->trusted = st.st_uid == 0 && (st.st_mode & (S_IWGRP | S_IWOTH)) == 0;
		state->strict = (st.st_mode & 07777) == SUDOERS_MODE;
	}
	free(text);
	return fault;
}

enum fault
sudoers_look(const char *root, struct sudoers_state *state, struct why *why)
{
	struct sudoers_state found = {
	    .sudo = program_is_there(root, SUDO) && program_is_there(root, VISUDO)};
	enum fault fault = look_at_file(root, &found, why);

	if (fault == FAULT_NONE)
		fault = look_for_folder(root, MAIN_FILE, 0, &found.included, why);
	if (fault == FAULT_NONE)
		*state = found;
	return fault;
}

/* ---- writing ------------------------------------------------------------------------------- */

static enum fault
tell(struct names *notices, enum fault fault, const char *text, struct why *why)
{
	if (fault == FAULT_NONE && !names_add(notices, text))
		fault = why_memory(why);
	return fault;
}

static enum fault
check_all(const char *root, struct why *why)
{
	static const char *const argv[] = {VISUDO, "-c", NULL};

	return program_run(root, argv, why);
}

/* Asks about the text where sudo does not yet read it. */
static enum fault
check_text(const char *root, struct why *why)
{
	static const char *const argv[] = {VISUDO, "-c", "-f", CANDIDATE, NULL};
	enum fault fault =
	    hostfile_make(root, CANDIDATE, drop_in, strlen(drop_in), SUDOERS_MODE, why);

	if (fault != FAULT_NONE)
		return fault;
	fault = program_run(root, argv, why);
	hostfile_remove(root, CANDIDATE, NULL);
	return fault;
}

static enum fault
write_text(const char *root, struct why *why)
{
	return hostfile_make(root, SUDOERS_FILE, drop_in, strlen(drop_in), SUDOERS_MODE, why);
}

static enum fault
write_drop_in(const char *root, struct why *why)
{
	enum fault fault = check_text(root, why);

	if (fault == FAULT_NONE)
		fault = write_text(root, why);
	if (fault != FAULT_NONE)
		return fault;
	fault = check_all(root, why);
	if (fault != FAULT_NONE) {
		hostfile_remove(root, SUDOERS_FILE, NULL);
		why_mend(why, "visudo -c");
	}
	return fault;
}

static enum fault
write_where_sudo_is_well(const char *root, struct names *notices, struct why *why)
{
	struct why broken = {0};
	char text[WHY_TEXT_MAX + 128];

	if (check_all(root, &broken) == FAULT_NONE)
		return write_drop_in(root, why);
	snprintf(text, sizeof(text),
	    "%s was not written, for sudo's configuration is at fault already: %s\nvisudo -c",
	    SUDOERS_FILE, broken.text);
	return tell(notices, FAULT_NONE, text, why);
}

enum fault
sudoers_group_is_free(const char *root, struct why *why)
{
	bool has = false;
	enum fault fault = host_has_group(root, ADMINS_GROUP, &has, why);

	if (fault != FAULT_NONE || !has)
		return fault;
	return why_set(why, FAULT_CONFLICT,
	    "this host has a group %s of its own, whose members sudo would take for those who may "
	    "act on Hexa: rename it", ADMINS_GROUP);
}

enum fault
sudoers_put(const char *root, struct names *notices, struct why *why)
{
	struct sudoers_state state = {0};
	enum fault fault = sudoers_look(root, &state, why);

	if (fault == FAULT_NONE)
		fault = sudoers_group_is_free(root, why);
	if (fault != FAULT_NONE || !state.sudo)
		return fault;
	if (state.changed)
		return tell(notices, fault,
		    SUDOERS_FILE " was changed by hand, and is left as it is", why);
	/* One that is there with another owner or mode is what visudo would complain of. */
	if (!state.there)
		fault = write_where_sudo_is_well(root, notices, why);
	else if (!state.trusted || !state.strict)
		fault = write_text(root, why);
	if (fault == FAULT_NONE && !state.included)
		fault = tell(notices, fault, "sudo does not read " SUDOERS_FILE ": " MAIN_FILE
		    " needs the line `@includedir " FOLDER "`\nvisudo", why);
	return fault;
}

/* Kept where it does nothing. */
static enum fault
keep_aside(const char *root, struct names *notices, struct why *why)
{
	char *text = NULL;
	size_t size = 0;
	enum fault fault = hostfile_read(root, SUDOERS_FILE, SUDOERS_MAX, &text, &size, why);

	if (fault == FAULT_NONE)
		fault = hostfile_make(root, SAVED, text, size, SUDOERS_MODE, why);
	free(text);
	return tell(notices, fault,
	    SUDOERS_FILE " was changed by hand, and is kept as " SAVED ", which sudo passes over",
	    why);
}

enum fault
sudoers_remove(const char *root, struct names *notices, struct why *why)
{
	struct sudoers_state state = {0};
	enum fault fault = look_at_file(root, &state, why);

	if (fault != FAULT_NONE || !state.there)
		return fault;
	if (state.changed)
		fault = keep_aside(root, notices, why);
	return fault == FAULT_NONE ? hostfile_remove(root, SUDOERS_FILE, why) : fault;
}
