/*
 * sshd_config.c - reading sshd's configuration, and asking sshd about it.
 */
#include "accounts/sshd_config.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "accounts/hostfile.h"
#include "accounts/program.h"

#define SSHD "/usr/sbin/sshd"

/* Where sshd puts those who have not yet shown who they are: it starts nothing without. */
#define EMPTY_FOLDER "/run/sshd"

/* Includes within includes; bytes of one file, and of what sshd says. */
enum { DEPTH = 8, FILE_MAX = 256 * 1024, SAID_MAX = 1024 * 1024 };

/* ---- the lines ----------------------------------------------------------------------------- */

struct walk {
	const char *root;
	bool (*visit)(void *context, const struct sshd_line *line);
	void *context;
	bool is_over;
};

char *
sshd_word(char **rest)
{
	char *word = *rest + strspn(*rest, " \t\r=");
	char *end;

	if (*word == '\0' || *word == '#')
		return NULL;
	if (*word == '"') {
		word++;
		end = word + strcspn(word, "\"");
	} else {
		end = word + strcspn(word, " \t\r=");
	}
	*rest = end;
	if (*end != '\0') {
		*end = '\0';
		*rest = end + 1;
	}
	return word;
}

static enum fault walk_file(struct walk *walk, const char *path, bool is_matched, int depth,
    struct why *why);

/* Names in a pattern are relative to sshd's folder; the root is no pattern. */
static void
walk_pattern(struct walk *walk, const char *pattern, bool is_matched, int depth)
{
	const char *root = walk->root;
	char full[PATH_MAX];
	glob_t found;

	if (strpbrk(root, "*?[\\") != NULL ||
	    snprintf(full, sizeof(full), "%s%s%s", root, pattern[0] == '/' ? "" : "/etc/ssh/",
	        pattern) >= (int)sizeof(full) ||
	    glob(full, 0, NULL, &found) != 0)
		return;
	for (size_t i = 0; i < found.gl_pathc && !walk->is_over; i++)
		walk_file(walk, found.gl_pathv[i] + strlen(root), is_matched, depth + 1, NULL);
	globfree(&found);
}

/* *is_matched is true behind a Match, which ends with its file. */
static void
walk_line(struct walk *walk, struct sshd_line line, bool *is_matched, int depth)
{
	char *pattern;

	line.keyword = sshd_word(&line.rest);
	if (line.keyword == NULL)
		return;
	if (strcasecmp(line.keyword, "Include") == 0) {
		while (!walk->is_over && (pattern = sshd_word(&line.rest)) != NULL)
			walk_pattern(walk, pattern, *is_matched, depth);
		return;
	}
	if (strcasecmp(line.keyword, "Match") == 0)
		*is_matched = true;
	line.is_matched = *is_matched;
	walk->is_over = !walk->visit(walk->context, &line);
}

static enum fault
walk_file(struct walk *walk, const char *path, bool is_matched, int depth, struct why *why)
{
	struct sshd_line line = {.file = path};
	char *text = NULL, *next;
	size_t size;
	enum fault fault;

	if (depth > DEPTH)
		return FAULT_NONE;
	fault = hostfile_read(walk->root, path, FILE_MAX, &text, &size, why);
	if (fault != FAULT_NONE)
		return fault;
	for (char *at = text; at != NULL && !walk->is_over; at = next) {
		next = strchr(at, '\n');
		if (next != NULL)
			*next++ = '\0';
		line.rest = at;
		line.number++;
		walk_line(walk, line, &is_matched, depth);
	}
	free(text);
	return FAULT_NONE;
}

enum fault
sshd_config_walk(const char *root, bool (*visit)(void *context, const struct sshd_line *line),
    void *context, struct why *why)
{
	struct walk walk = {.root = root, .visit = visit, .context = context};

	return walk_file(&walk, SSHD_CONFIG, false, 0, why);
}

struct search {
	const char *keyword;
	struct sshd_place *place;
};

static bool
find_keyword(void *context, const struct sshd_line *line)
{
	const struct search *search = context;

	if (line->is_matched || strcasecmp(line->keyword, search->keyword) != 0)
		return true;
	snprintf(search->place->text, sizeof(search->place->text), "%s, line %u", line->file,
	    line->number);
	return false;
}

void
sshd_config_find(const char *root, const char *keyword, struct sshd_place *place)
{
	struct search search = {.keyword = keyword, .place = place};

	place->text[0] = '\0';
	sshd_config_walk(root, find_keyword, &search, NULL);
}

/* ---- what sshd says ------------------------------------------------------------------------ */

bool
sshd_is_there(const char *root)
{
	char full[PATH_MAX];

	return program_is_there(root, SSHD) &&
	    hostfile_path(root, SSHD_CONFIG, full, NULL) == FAULT_NONE && access(full, F_OK) == 0;
}

/*
 * Asks sshd about itself.  Where it never ran since the host was started, its folder under /run is
 * not there yet: as its own service does, it is made, and here taken away again.
 */
static enum fault
run_sshd(const char *root, const char *const argv[], struct bytes *said, struct why *why)
{
	char folder[PATH_MAX], text[256];
	int status = -1;
	enum fault fault = hostfile_path(root, EMPTY_FOLDER, folder, why);
	bool made;

	if (fault != FAULT_NONE)
		return fault;
	made = mkdir(folder, 0755) == 0;
	fault = program_output(root, argv, NULL, 0, SAID_MAX, said, &status, why);
	if (made)
		rmdir(folder);
	if (fault != FAULT_NONE || status == 0)
		return fault;
	snprintf(text, sizeof(text), "%.*s", said->size < 255 ? (int)said->size : 255,
	    said->size == 0 ? "" : (const char *)said->data);
	text[strcspn(text, "\r\n")] = '\0';
	why_set(why, FAULT_UNAVAILABLE, "sshd finds fault with its configuration%s%s",
	    text[0] == '\0' ? "" : ": ", text);
	why_mend(why, "sshd -t");
	return FAULT_UNAVAILABLE;
}

enum fault
sshd_check(const char *root, const char *file, struct why *why)
{
	const char *const argv[] = {SSHD, "-t", "-f", file, NULL};
	struct bytes said = {0};
	enum fault fault = run_sshd(root, argv, &said, why);

	bytes_clear(&said);
	return fault;
}

static void
take(char *to, size_t room, const char *value)
{
	snprintf(to, room, "%s", strcmp(value, "none") == 0 ? "" : value);
}

/* What sshd says, and where it is taken down. */
struct asked {
	struct sshd_settings settings;
	struct sshd_access *access; /* NULL: nobody wants to know */
	bool is_full;               /* memory is out */
};

static void
take_names(struct asked *asked, struct names *names, char *value)
{
	char *word;

	while ((word = strsep(&value, " ")) != NULL)
		if (*word != '\0' && !names_add(names, word))
			asked->is_full = true;
}

static void
take_access(struct asked *asked, const char *line, size_t size, char *value)
{
	struct sshd_access *access = asked->access;

	if (strncasecmp(line, "AllowUsers ", size) == 0)
		take_names(asked, &access->allow_users, value);
	else if (strncasecmp(line, "DenyUsers ", size) == 0)
		take_names(asked, &access->deny_users, value);
	else if (strncasecmp(line, "AllowGroups ", size) == 0)
		take_names(asked, &access->allow_groups, value);
	else if (strncasecmp(line, "DenyGroups ", size) == 0)
		take_names(asked, &access->deny_groups, value);
}

/* "keyword value", in small letters and with one space between: as sshd writes them down. */
static void
take_setting(struct asked *asked, char *line)
{
	struct sshd_settings *settings = &asked->settings;
	char *value = strchr(line, ' ');
	size_t size = value == NULL ? 0 : (size_t)(value++ - line) + 1;

	if (size == 0)
		return;
	if (strncasecmp(line, "UsePAM ", size) == 0)
		settings->pam = strcmp(value, "yes") == 0;
	else if (strncasecmp(line, "PasswordAuthentication ", size) == 0)
		settings->password = strcmp(value, "yes") == 0;
	else if (strncasecmp(line, "KbdInteractiveAuthentication ", size) == 0)
		settings->keyboard = strcmp(value, "yes") == 0;
	else if (strncasecmp(line, "AuthorizedKeysCommand ", size) == 0)
		take(settings->command, sizeof(settings->command), value);
	else if (strncasecmp(line, "AuthorizedKeysCommandUser ", size) == 0)
		take(settings->user, sizeof(settings->user), value);
	else if (asked->access != NULL)
		take_access(asked, line, size, value);
}

static enum fault
take_all(struct bytes *said, struct asked *asked, struct why *why)
{
	char *text = bytes_take_text(said), *next;

	if (text == NULL)
		return why_memory(why);
	for (char *line = text; line != NULL && *line != '\0'; line = next) {
		next = strchr(line, '\n');
		if (next != NULL)
			*next++ = '\0';
		take_setting(asked, line);
	}
	free(text);
	return asked->is_full ? why_memory(why) : FAULT_NONE;
}

enum fault
sshd_ask_about(const char *root, const char *user, struct sshd_settings *settings,
    struct sshd_access *access, struct why *why)
{
	/* Nobody of Hexa's is called hexa, and 192.0.2.1 is nobody's address (RFC 5737). */
	char whom[SSHD_USER_MAX + 64];
	const char *const argv[] = {SSHD, "-T", "-C", whom, NULL};
	struct asked asked = {.access = access};
	struct bytes said = {0};
	enum fault fault;

	snprintf(whom, sizeof(whom), "user=%.*s,host=host.invalid,addr=192.0.2.1",
	    SSHD_USER_MAX - 1, user == NULL ? "hexa" : user);
	fault = run_sshd(root, argv, &said, why);
	if (fault == FAULT_NONE)
		fault = take_all(&said, &asked, why);
	bytes_clear(&said);
	if (fault == FAULT_NONE)
		*settings = asked.settings;
	return fault;
}

enum fault
sshd_ask(const char *root, struct sshd_settings *settings, struct why *why)
{
	return sshd_ask_about(root, NULL, settings, NULL, why);
}

/* ---- whom it lets in ----------------------------------------------------------------------- */

void
sshd_access_clear(struct sshd_access *access)
{
	names_clear(&access->allow_users);
	names_clear(&access->deny_users);
	names_clear(&access->allow_groups);
	names_clear(&access->deny_groups);
}

/* ssh_config(5), PATTERNS: `*` and `?`, and no other character means anything but itself. */
static bool
fits(const char *pattern, const char *name)
{
	const char *star = NULL, *from = NULL;

	while (*name != '\0') {
		if (*pattern == '*') {
			star = pattern++;
			from = name;
		} else if (*pattern == '?' || *pattern == *name) {
			pattern++;
			name++;
		} else if (star != NULL) {
			pattern = star + 1;
			name = ++from;
		} else {
			return false;
		}
	}
	return pattern[strspn(pattern, "*")] == '\0';
}

/* `with_host`: what a pattern that names a host too counts for. */
static bool
user_fits(const struct names *patterns, const char *user, bool with_host)
{
	char pattern[SSHD_USER_MAX];

	for (size_t i = 0; i < patterns->count; i++) {
		size_t size = strcspn(patterns->item[i], "@");
		bool has_host = patterns->item[i][size] == '@';

		if (size >= sizeof(pattern) || (has_host && !with_host))
			continue;
		snprintf(pattern, sizeof(pattern), "%.*s", (int)size, patterns->item[i]);
		if (fits(pattern, user))
			return true;
	}
	return false;
}

static bool
group_fits(const struct names *patterns, const struct names *groups)
{
	for (size_t i = 0; i < patterns->count; i++)
		for (size_t j = 0; j < groups->count; j++)
			if (fits(patterns->item[i], groups->item[j]))
				return true;
	return false;
}

const char *
sshd_refuses(const struct sshd_access *access, const char *user, const struct names *groups)
{
	if (user_fits(&access->deny_users, user, false))
		return "DenyUsers";
	if (access->allow_users.count > 0 && !user_fits(&access->allow_users, user, true))
		return "AllowUsers";
	if (group_fits(&access->deny_groups, groups))
		return "DenyGroups";
	if (access->allow_groups.count > 0 && !group_fits(&access->allow_groups, groups))
		return "AllowGroups";
	return NULL;
}
