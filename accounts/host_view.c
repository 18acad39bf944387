/*
 * host_view.c - the host's own files as sorted lists: users and groups with their ids and members,
 * and the words of sudoers and its like.
 */
#include "accounts/host_view.h"

#include <dirent.h>
#include <errno.h>
#include <glob.h>
#include <grp.h>
#include <gshadow.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "accounts/host_sources.h"
#include "accounts/hostfile.h"
#include "accounts/userdb.h"
#include "policy/array.h"

/* Sorted once they are read. */
struct ids {
	uint32_t *id;
	size_t count;
};

/* How a file speaks of names. */
enum speech {
	SPEECH_WORDS = 1, /* in words, and by including other files: sudoers, sshd_config */
	SPEECH_NO_IDS,    /* in words that are no numbers: bounds of ids stand there, and nobody's */
	SPEECH_QUOTED,    /* in words within quotes: a program */
};

/* A file of users or groups. */
struct register_file {
	bool is_read;
	struct names names;
	struct ids ids;
};

/* A group's name and one of its members'. */
struct membership {
	char *member;
	char *group;
	bool is_shadow; /* gshadow has it */
};

struct host_view {
	const char *root;
	struct register_file users;
	struct register_file groups;
	struct membership *membership; /* of the groups and gshadow, sorted by member */
	size_t memberships;
	struct names words; /* of sudoers and its like */
	bool words_are_read;
	enum speech speech; /* of the file that is read for them */
	unsigned words_depth; /* of files that include one another */
	unsigned words_files; /* that were read for them */
	struct host_sources sources;
	bool sources_are_read;
	struct register_file systemd_users; /* as nss-systemd lists them */
	struct register_file systemd_groups;
};

/* ---- a view ------------------------------------------------------------------------------- */

struct host_view *
host_view_open(const char *root)
{
	struct host_view *view = calloc(1, sizeof(*view));

	if (view != NULL)
		view->root = root;
	return view;
}

static void
register_clear(struct register_file *file)
{
	names_clear(&file->names);
	free(file->ids.id);
	*file = (struct register_file){0};
}

void
host_view_forget(struct host_view *view)
{
	register_clear(&view->users);
	register_clear(&view->groups);
	register_clear(&view->systemd_users);
	register_clear(&view->systemd_groups);
	for (size_t i = 0; i < view->memberships; i++) {
		free(view->membership[i].member);
		free(view->membership[i].group);
	}
	free(view->membership);
	names_clear(&view->words);
	*view = (struct host_view){.root = view->root};
}

void
host_view_close(struct host_view *view)
{
	if (view == NULL)
		return;
	host_view_forget(view);
	free(view);
}

/* ---- lists -------------------------------------------------------------------------------- */

static bool
ids_add(struct ids *ids, uint32_t id)
{
	if (!array_grow((void **)&ids->id, ids->count, sizeof(*ids->id)))
		return false;
	ids->id[ids->count++] = id;
	return true;
}

static int
compare_ids(const void *a, const void *b)
{
	uint32_t one = *(const uint32_t *)a, other = *(const uint32_t *)b;

	return one < other ? -1 : one > other;
}

static bool
ids_have(const struct ids *ids, uint32_t id)
{
	return ids->count > 0 &&
	    bsearch(&id, ids->id, ids->count, sizeof(*ids->id), compare_ids) != NULL;
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
names_sort(struct names *names)
{
	if (names->count > 0)
		qsort(names->item, names->count, sizeof(*names->item), compare_names);
}

static void
register_sort(struct register_file *file)
{
	names_sort(&file->names);
	if (file->ids.count > 0)
		qsort(file->ids.id, file->ids.count, sizeof(*file->ids.id), compare_ids);
	file->is_read = true;
}

static int
compare_members(const void *a, const void *b)
{
	return strcmp(((const struct membership *)a)->member,
	    ((const struct membership *)b)->member);
}

static bool
membership_add(struct host_view *view, const char *member, const char *group, bool is_shadow)
{
	struct membership made = {strdup(member), strdup(group), is_shadow};

	if (made.member == NULL || made.group == NULL ||
	    !array_grow((void **)&view->membership, view->memberships, sizeof(made))) {
		free(made.member);
		free(made.group);
		return false;
	}
	view->membership[view->memberships++] = made;
	return true;
}

/* ---- passwd and group --------------------------------------------------------------------- */

/* Bytes for one line: a group of a hundred thousand members fits into the most. */
enum { LINE_FIRST = 4096, LINE_MAX_BYTES = 4 * 1024 * 1024 };

struct buffer {
	char *data;
	size_t size;
};

static bool
buffer_grow(struct buffer *buffer)
{
	size_t size = buffer->size == 0 ? LINE_FIRST : buffer->size * 4;
	char *larger;

	if (buffer->size >= LINE_MAX_BYTES)
		return false;
	larger = realloc(buffer->data, size);
	if (larger == NULL)
		return false;
	buffer->data = larger;
	buffer->size = size;
	return true;
}

/* Takes the next line into the view.  0, ENOENT at the end, ERANGE for a larger buffer, ENOMEM. */
typedef int take_line(struct host_view *view, FILE *file, struct buffer *buffer);

static int
take_user(struct host_view *view, FILE *file, struct buffer *buffer)
{
	struct passwd entry, *next;
	int error = fgetpwent_r(file, &entry, buffer->data, buffer->size, &next);

	if (error == 0 && (!names_add(&view->users.names, entry.pw_name) ||
	    !ids_add(&view->users.ids, entry.pw_uid)))
		error = ENOMEM;
	return error;
}

static int
take_group(struct host_view *view, FILE *file, struct buffer *buffer)
{
	struct group entry, *next;
	int error = fgetgrent_r(file, &entry, buffer->data, buffer->size, &next);

	if (error == 0 && (!names_add(&view->groups.names, entry.gr_name) ||
	    !ids_add(&view->groups.ids, entry.gr_gid)))
		error = ENOMEM;
	for (char **member = entry.gr_mem; error == 0 && *member != NULL; member++)
		if (!membership_add(view, *member, entry.gr_name, false))
			error = ENOMEM;
	return error;
}

/*
 * newgrp(1) goes by the members that stand here, whatever group says, and gpasswd(1) lets the
 * administrators of a group put whom they like into it, themselves first.
 */
static int
take_group_shadow(struct host_view *view, FILE *file, struct buffer *buffer)
{
	struct sgrp entry, *next;
	int error = fgetsgent_r(file, &entry, buffer->data, buffer->size, &next);

	for (char **member = entry.sg_mem; error == 0 && *member != NULL; member++)
		if (!membership_add(view, *member, entry.sg_namp, true))
			error = ENOMEM;
	for (char **member = entry.sg_adm; error == 0 && *member != NULL; member++)
		if (!membership_add(view, *member, entry.sg_namp, true))
			error = ENOMEM;
	return error;
}

static int
take_lines(struct host_view *view, FILE *file, take_line *take)
{
	struct buffer buffer = {0};
	int error = buffer_grow(&buffer) ? 0 : ENOMEM;

	while (error == 0) {
		off_t line = ftello(file);

		error = take(view, file, &buffer);
		/* The line is begun once more. */
		if (error == ERANGE && buffer_grow(&buffer) && fseeko(file, line, SEEK_SET) == 0)
			error = 0;
	}
	free(buffer.data);
	return error == ENOENT && feof(file) ? 0 : error;
}

/* A tree without such a file has no such users. */
static enum fault
read_lines(struct host_view *view, const char *path, take_line *take, struct why *why)
{
	char full[PATH_MAX];
	enum fault fault = hostfile_path(view->root, path, full, why);
	FILE *file;
	int error;

	if (fault != FAULT_NONE)
		return fault;
	file = hostfile_open(full);
	if (file == NULL && errno == ENOENT)
		return FAULT_NONE;
	if (file == NULL)
		return why_set(why, FAULT_UNAVAILABLE, "%s: %s", full, strerror(errno));
	error = take_lines(view, file, take);
	fclose(file);
	if (error == 0)
		return FAULT_NONE;
	return why_set(why, FAULT_UNAVAILABLE, "the host's users and groups cannot be read: %s",
	    strerror(error));
}

static enum fault
need_users(struct host_view *view, struct why *why)
{
	enum fault fault;

	if (view->users.is_read)
		return FAULT_NONE;
	fault = read_lines(view, "/etc/passwd", take_user, why);
	if (fault == FAULT_NONE)
		register_sort(&view->users);
	else
		register_clear(&view->users);
	return fault;
}

static enum fault
need_groups(struct host_view *view, struct why *why)
{
	enum fault fault;

	if (view->groups.is_read)
		return FAULT_NONE;
	fault = read_lines(view, "/etc/group", take_group, why);
	if (fault == FAULT_NONE)
		fault = read_lines(view, "/etc/gshadow", take_group_shadow, why);
	if (fault != FAULT_NONE) {
		host_view_forget(view);
		return fault;
	}
	register_sort(&view->groups);
	if (view->memberships > 0)
		qsort(view->membership, view->memberships, sizeof(*view->membership),
		    compare_members);
	return FAULT_NONE;
}

/* ---- what sudoers and its like speak of ----------------------------------------------------- */

/* Bytes of one file, and files in one folder: beyond either the answer is a fault, never "no". */
enum { MENTION_BYTES = 1024 * 1024, MENTION_FILES = 1000 };

/* How deep files may include one another, and how many there may be of all. */
enum { MENTION_DEPTH = 16, MENTION_ALL = 4 * MENTION_FILES };

static bool
is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	    c == '_' || c == '-' || c == '.';
}

/*
 * The end of what counts on a line.  `#` begins a comment at the beginning of a word outside of
 * quotes; in sudoers `#1000` is a uid, and is nobody's name.
 */
static const char *
line_end(const char *line, const char *end)
{
	bool quoted = false;

	for (const char *at = line; at < end; at++) {
		if (*at == '"')
			quoted = !quoted;
		if (*at == '#' && !quoted && (at == line || at[-1] == ' ' || at[-1] == '\t') &&
		    !(end - at > 1 && at[1] >= '0' && at[1] <= '9'))
			return at;
	}
	return end;
}

static bool
is_number(const char *from, const char *end)
{
	while (from < end && *from >= '0' && *from <= '9')
		from++;
	return from == end;
}

/* Every longest run of bytes of which names are made. */
static bool
take_words(const char *at, const char *end, enum speech speech, struct names *words)
{
	bool good = true;

	while (good && at < end) {
		const char *from = at;
		char *word;

		while (at < end && is_name_byte(*at))
			at++;
		if (at == from) {
			at++;
			continue;
		}
		if (speech == SPEECH_NO_IDS && is_number(from, at))
			continue;
		word = strndup(from, (size_t)(at - from));
		good = word != NULL && names_add(words, word);
		free(word);
	}
	return good;
}

/* Those that stand between two quotes of one kind. */
static bool
take_quoted(const char *at, const char *end, struct names *words)
{
	bool good = true;

	while (good && at < end) {
		const char *close = *at == '"' || *at == '\''
		    ? memchr(at + 1, *at, (size_t)(end - at - 1)) : NULL;

		if (close != NULL)
			good = take_words(at + 1, close, SPEECH_QUOTED, words);
		at = close != NULL ? close + 1 : at + 1;
	}
	return good;
}

static bool
take_text(const char *text, size_t size, enum speech speech, struct names *words)
{
	const char *end = text + size;
	bool good = true;

	while (good && text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *stop = newline != NULL ? newline : end;

		good = speech == SPEECH_QUOTED
		    ? take_quoted(text, stop, words)
		    : take_words(text, line_end(text, stop), speech, words);
		text = newline != NULL ? newline + 1 : end;
	}
	return good;
}

static enum fault read_words(struct host_view *view, const char *path, struct why *why);
static enum fault read_folder(struct host_view *view, const char *folder, struct why *why);

/* The next word of a line, or what stands in quotes; "" at its end. */
static void
next_word(const char **line, const char *end, char word[PATH_MAX])
{
	const char *at = *line, *from;
	bool quoted;

	while (at < end && (*at == ' ' || *at == '\t' || *at == '='))
		at++;
	quoted = at < end && *at == '"';
	from = at += quoted;
	while (at < end && (quoted ? *at != '"' : *at != ' ' && *at != '\t' && *at != '='))
		at++;
	snprintf(word, PATH_MAX, "%.*s", (int)(at - from), from);
	*line = at + (at < end && quoted);
}

/* As sudoers(5) has %h: this host's short name. */
static void
put_host(char path[PATH_MAX])
{
	char name[HOST_NAME_MAX + 1] = "", put[PATH_MAX];
	char *at = strstr(path, "%h");

	if (at == NULL || gethostname(name, sizeof(name) - 1) != 0)
		return;
	name[strcspn(name, ".")] = '\0';
	snprintf(put, sizeof(put), "%.*s%s%s", (int)(at - path), path, name, at + 2);
	snprintf(path, PATH_MAX, "%s", put);
}

/* What a file includes stands beside it unless its path is whole. */
static enum fault
include_path(const char *file, const char *word, char path[PATH_MAX], struct why *why)
{
	int folder = word[0] == '/' ? 0 : (int)(strrchr(file, '/') - file) + 1;

	if (snprintf(path, PATH_MAX, "%.*s%s", folder, file, word) >= PATH_MAX)
		return why_set(why, FAULT_UNAVAILABLE, "%s: a name in it is too long", file);
	put_host(path);
	return FAULT_NONE;
}

/* sshd_config(5): patterns, of which those that fit nothing are nothing. */
static enum fault
read_pattern(struct host_view *view, const char *file, const char *word, struct why *why)
{
	char path[PATH_MAX], full[PATH_MAX];
	glob_t found = {0};
	enum fault fault = include_path(file, word, path, why);

	if (fault == FAULT_NONE)
		fault = hostfile_path(view->root, path, full, why);
	if (fault != FAULT_NONE)
		return fault;
	if (glob(full, GLOB_NOSORT, NULL, &found) == GLOB_NOSPACE)
		fault = why_memory(why);
	for (size_t i = 0; fault == FAULT_NONE && i < found.gl_pathc; i++)
		fault = read_words(view, found.gl_pathv[i] + strlen(view->root), why);
	globfree(&found);
	return fault;
}

/* The forms of sudoers(5), of old and of now, and that of sshd_config(5). */
static enum fault
follow_line(struct host_view *view, const char *file, const char *line, const char *end,
    struct why *why)
{
	char keyword[PATH_MAX], word[PATH_MAX], path[PATH_MAX];
	enum fault fault = FAULT_NONE;
	bool old;

	next_word(&line, end, keyword);
	old = keyword[0] == '#' || keyword[0] == '@';
	if (strcasecmp(keyword + old, "include") != 0 && strcmp(keyword + old, "includedir") != 0)
		return FAULT_NONE;
	next_word(&line, end, word);
	while (fault == FAULT_NONE && !old && *word != '\0') {
		fault = read_pattern(view, file, word, why);
		next_word(&line, end, word);
	}
	if (fault != FAULT_NONE || !old || *word == '\0')
		return fault;
	fault = include_path(file, word, path, why);
	if (fault != FAULT_NONE)
		return fault;
	return strcmp(keyword + old, "includedir") == 0 ? read_folder(view, path, why)
	                                                : read_words(view, path, why);
}

static enum fault
follow_includes(struct host_view *view, const char *file, const char *text, size_t size,
    struct why *why)
{
	const char *end = text + size;
	enum fault fault = FAULT_NONE;

	while (fault == FAULT_NONE && text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *stop = newline != NULL ? newline : end;

		fault = follow_line(view, file, text, stop, why);
		text = newline != NULL ? newline + 1 : end;
	}
	return fault;
}

static enum fault
read_words(struct host_view *view, const char *path, struct why *why)
{
	char *text = NULL;
	size_t size = 0;
	enum fault fault;

	if (view->words_depth == MENTION_DEPTH || view->words_files == MENTION_ALL)
		return why_set(why, FAULT_UNAVAILABLE,
		    "%s: too many files include one another to be looked through", path);
	view->words_files++;
	fault = hostfile_read(view->root, path, MENTION_BYTES, &text, &size, why);
	if (fault == FAULT_UNKNOWN)
		return FAULT_NONE;
	if (fault == FAULT_NONE && !take_text(text, size, view->speech, &view->words))
		fault = why_memory(why);
	view->words_depth++;
	if (fault == FAULT_NONE && view->speech == SPEECH_WORDS)
		fault = follow_includes(view, path, text, size, why);
	view->words_depth--;
	free(text);
	return fault;
}

/* One entry of a drop-in folder; folders within are read by neither sudo nor sshd. */
static enum fault
read_entry(struct host_view *view, const char *folder, const char *entry, struct why *why)
{
	char path[PATH_MAX], full[PATH_MAX];
	struct stat st;
	enum fault fault;

	if (snprintf(path, sizeof(path), "%s/%s", folder, entry) >= (int)sizeof(path))
		return why_set(why, FAULT_UNAVAILABLE, "%s: a name in it is too long", folder);
	fault = hostfile_path(view->root, path, full, why);
	if (fault != FAULT_NONE || (stat(full, &st) == 0 && S_ISDIR(st.st_mode)))
		return fault;
	return read_words(view, path, why);
}

/*
 * Every file of the folder, also one that sudo or sshd leaves out for its name: it would count the
 * day it is renamed.
 */
static enum fault
read_folder(struct host_view *view, const char *folder, struct why *why)
{
	char full[PATH_MAX];
	enum fault fault = hostfile_path(view->root, folder, full, why);
	struct dirent *entry;
	int files = 0;
	DIR *dir;

	if (fault != FAULT_NONE)
		return fault;
	dir = opendir(full);
	if (dir == NULL && errno == ENOENT)
		return FAULT_NONE;
	if (dir == NULL)
		return why_set(why, FAULT_UNAVAILABLE, "%s: %s", full, strerror(errno));
	while (fault == FAULT_NONE && (errno = 0, entry = readdir(dir)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (++files > MENTION_FILES)
			fault = why_set(why, FAULT_UNAVAILABLE, "%s holds more than %d files", full,
			    MENTION_FILES);
		else
			fault = read_entry(view, folder, entry->d_name, why);
	}
	if (fault == FAULT_NONE && errno != 0)
		fault = why_set(why, FAULT_UNAVAILABLE, "%s: %s", full, strerror(errno));
	closedir(dir);
	return fault;
}

/* A path that ends in a slash is a folder's. */
static const struct {
	const char *path;
	enum speech speech;
} speakers[] = {
	{"/etc/sudoers", SPEECH_WORDS},
	{"/etc/sudoers.d/", SPEECH_WORDS},
	{"/etc/ssh/sshd_config", SPEECH_WORDS},
	{"/etc/ssh/sshd_config.d/", SPEECH_WORDS},
	{"/etc/doas.conf", SPEECH_WORDS},
	{"/etc/pam.d/", SPEECH_NO_IDS},
	{"/etc/security/access.conf", SPEECH_NO_IDS},
	{"/etc/security/access.d/", SPEECH_NO_IDS},
	{"/etc/security/group.conf", SPEECH_NO_IDS},
	{"/etc/polkit-1/rules.d/", SPEECH_QUOTED},
};

static enum fault
need_words(struct host_view *view, struct why *why)
{
	enum fault fault = FAULT_NONE;

	if (view->words_are_read)
		return FAULT_NONE;
	view->words_depth = view->words_files = 0;
	for (size_t i = 0; fault == FAULT_NONE && i < sizeof(speakers) / sizeof(speakers[0]); i++) {
		const char *path = speakers[i].path;
		bool is_folder = path[strlen(path) - 1] == '/';

		view->speech = speakers[i].speech;
		fault = (is_folder ? read_folder : read_words)(view, path, why);
	}
	if (fault != FAULT_NONE) {
		names_clear(&view->words);
		return fault;
	}
	names_sort(&view->words);
	view->words_are_read = true;
	return FAULT_NONE;
}

/* ---- the questions ------------------------------------------------------------------------ */

static bool
take_listed(void *context, const char *name, const uint32_t *id)
{
	struct register_file *listed = context;

	return (name == NULL || names_add(&listed->names, name)) &&
	    (id == NULL || ids_add(&listed->ids, *id));
}

/* Where systemd does not list all, *ask says that what is not listed has to be asked for. */
static enum fault
list_systemd(enum userdb_kind kind, struct register_file *listed, bool *ask, struct why *why)
{
	bool whole = false;
	enum fault fault;

	/* Whoever is asked for each name answers for systemd too. */
	if (*ask)
		return FAULT_NONE;
	fault = userdb_list("", kind, take_listed, listed, &whole, why);
	if (fault != FAULT_NONE) {
		register_clear(listed);
		return fault;
	}
	register_sort(listed);
	*ask = !whole;
	return FAULT_NONE;
}

/* The other sources are this host's: no tree has any. */
static enum fault
need_sources(struct host_view *view, struct why *why)
{
	enum fault fault;

	if (view->sources_are_read || view->root[0] != '\0')
		return FAULT_NONE;
	fault = host_sources_look(&view->sources, why);
	if (fault == FAULT_NONE && view->sources.systemd_users)
		fault = list_systemd(USERDB_USERS, &view->systemd_users,
		    &view->sources.of_users, why);
	if (fault == FAULT_NONE && view->sources.systemd_groups)
		fault = list_systemd(USERDB_GROUPS, &view->systemd_groups,
		    &view->sources.of_groups, why);
	view->sources_are_read = fault == FAULT_NONE;
	return fault;
}

enum fault
host_view_has_user(struct host_view *view, const char *name, bool *has, struct why *why)
{
	enum fault fault = need_users(view, why);
	bool found;

	if (fault == FAULT_NONE)
		fault = need_sources(view, why);
	if (fault != FAULT_NONE)
		return fault;
	found = names_have_sorted(&view->users.names, name) ||
	    names_have_sorted(&view->systemd_users.names, name);
	if (!found && view->sources.of_users)
		fault = host_sources_have_user(name, 0, &found, why);
	if (fault == FAULT_NONE)
		*has = found;
	return fault;
}

enum fault
host_view_has_group(struct host_view *view, const char *name, bool *has, struct why *why)
{
	enum fault fault = need_groups(view, why);
	bool found;

	if (fault == FAULT_NONE)
		fault = need_sources(view, why);
	if (fault != FAULT_NONE)
		return fault;
	found = names_have_sorted(&view->groups.names, name) ||
	    names_have_sorted(&view->systemd_groups.names, name);
	if (!found && view->sources.of_groups)
		fault = host_sources_have_group(name, 0, &found, why);
	if (fault == FAULT_NONE)
		*has = found;
	return fault;
}

enum fault
host_view_has_id(struct host_view *view, unsigned id, bool *has, struct why *why)
{
	enum fault fault = need_users(view, why);
	bool found;

	if (fault == FAULT_NONE)
		fault = need_groups(view, why);
	if (fault == FAULT_NONE)
		fault = need_sources(view, why);
	if (fault != FAULT_NONE)
		return fault;
	found = ids_have(&view->users.ids, id) || ids_have(&view->groups.ids, id) ||
	    ids_have(&view->systemd_users.ids, id) || ids_have(&view->systemd_groups.ids, id);
	if (!found && view->sources.of_users)
		fault = host_sources_have_user(NULL, id, &found, why);
	if (fault == FAULT_NONE && !found && view->sources.of_groups)
		fault = host_sources_have_group(NULL, id, &found, why);
	if (fault == FAULT_NONE)
		*has = found;
	return fault;
}

enum fault
host_view_has_local_uid(struct host_view *view, uint32_t uid, bool *has, struct why *why)
{
	enum fault fault = need_users(view, why);

	if (fault == FAULT_NONE)
		*has = ids_have(&view->users.ids, uid);
	return fault;
}

enum fault
host_view_mentions(struct host_view *view, const char *name, bool *mentions, struct why *why)
{
	enum fault fault = need_words(view, why);

	if (fault == FAULT_NONE)
		*mentions = names_have_sorted(&view->words, name);
	return fault;
}

/* The first membership of this member, or where it would stand. */
static size_t
first_of(const struct host_view *view, const char *member)
{
	size_t low = 0, high = view->memberships;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(view->membership[middle].member, member) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool
is_of(const struct host_view *view, size_t at, const char *member)
{
	return at < view->memberships && strcmp(view->membership[at].member, member) == 0;
}

enum fault
host_view_lists_member(struct host_view *view, const char *name, bool *lists, struct why *why)
{
	enum fault fault = need_groups(view, why);

	if (fault == FAULT_NONE)
		*lists = is_of(view, first_of(view, name), name);
	return fault;
}

static enum fault
collect_groups(struct host_view *view, const char *name, bool shadow, struct names *groups,
    struct why *why)
{
	struct names found = {0};
	enum fault fault = need_groups(view, why);

	for (size_t at = fault == FAULT_NONE ? first_of(view, name) : SIZE_MAX;
	    fault == FAULT_NONE && is_of(view, at, name); at++)
		if ((shadow || !view->membership[at].is_shadow) &&
		    !names_insert(&found, view->membership[at].group))
			fault = why_memory(why);
	if (fault != FAULT_NONE) {
		names_clear(&found);
		return fault;
	}
	names_clear(groups);
	*groups = found;
	return FAULT_NONE;
}

enum fault
host_view_groups_of(struct host_view *view, const char *name, struct names *groups,
    struct why *why)
{
	return collect_groups(view, name, false, groups, why);
}

enum fault
host_view_groups_open_to(struct host_view *view, const char *name, struct names *groups,
    struct why *why)
{
	return collect_groups(view, name, true, groups, why);
}
