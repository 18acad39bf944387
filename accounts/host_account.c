/*
 * host_account.c - reading an account out of the host's own files.
 */
#include "accounts/host_account.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <shadow.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accounts/hostfile.h"
#include "policy/text.h"
#include "store/crypto.h"

/* ---- files --------------------------------------------------------------------------------- */

enum { FILE_MAX = 256 * 1024 * 1024 }; /* bytes: of a million accounts */
enum { SHADOW_LINE = 4096 };           /* bytes of one line of /etc/shadow */

/* A file's text, as libc's parsers want it. */
struct text {
	char *text;
	size_t size;
	FILE *file;
};

static void
text_close(struct text *text)
{
	if (text->file != NULL)
		fclose(text->file);
	if (text->text != NULL)
		crypto_wipe(text->text, text->size);
	free(text->text);
	*text = (struct text){0};
}

/* A tree without the file has nothing in it: text->file stays NULL. */
static enum fault
text_open(const char *root, const char *path, struct text *text, struct why *why)
{
	enum fault fault = hostfile_read(root, path, FILE_MAX, &text->text, &text->size, why);

	if (fault == FAULT_UNKNOWN || (fault == FAULT_NONE && text->size == 0))
		return FAULT_NONE;
	if (fault != FAULT_NONE)
		return fault;
	text->file = fmemopen(text->text, text->size, "r");
	return text->file == NULL ? why_memory(why) : FAULT_NONE;
}

/* libc's parsers end at the end of the file, and for want of memory. */
static enum fault
text_ended(const struct text *text, struct why *why)
{
	return text->file == NULL || feof(text->file) ? FAULT_NONE : why_memory(why);
}

/* ---- passwd -------------------------------------------------------------------------------- */

static bool
copy_text(char **to, const char *from)
{
	free(*to);
	*to = strdup(from == NULL ? "" : from);
	return *to != NULL;
}

static bool
take_account(struct host_account *account, const struct passwd *line)
{
	account->lines++;
	if (account->lines > 1)
		return true;
	account->uid = line->pw_uid;
	account->gid = line->pw_gid;
	account->is_unshadowed = strcmp(line->pw_passwd, "x") != 0;
	return copy_text(&account->gecos, line->pw_gecos) &&
	    copy_text(&account->home, line->pw_dir) &&
	    copy_text(&account->shell, line->pw_shell) &&
	    copy_text(&account->hash, account->is_unshadowed ? line->pw_passwd : "*");
}

static enum fault
read_line(const char *name, FILE *file, struct host_account *account, struct why *why)
{
	const struct passwd *line;

	while (file != NULL && (line = fgetpwent(file)) != NULL) {
		if ((line->pw_name[0] == '+' || line->pw_name[0] == '-') &&
		    strcmp(line->pw_name + 1, name) == 0)
			account->is_compat = true;
		if (strcmp(line->pw_name, name) == 0 && !take_account(account, line))
			return why_memory(why);
	}
	return FAULT_NONE;
}

/* What the other lines make of it; *shares_group: another account has its primary group. */
static enum fault
read_others(FILE *file, struct host_account *account, bool *shares_group, struct why *why)
{
	const struct passwd *line;

	rewind(file);
	while ((line = fgetpwent(file)) != NULL) {
		if (strcmp(line->pw_name, account->name) == 0)
			continue;
		*shares_group |= line->pw_gid == account->gid;
		if (line->pw_uid == account->uid && !copy_text(&account->twin, line->pw_name))
			return why_memory(why);
	}
	return FAULT_NONE;
}

static enum fault
read_passwd(const char *root, const char *name, struct host_account *account, bool *shares_group,
    struct why *why)
{
	struct text text = {0};
	enum fault fault = text_open(root, "/etc/passwd", &text, why);

	if (fault == FAULT_NONE)
		fault = read_line(name, text.file, account, why);
	if (fault == FAULT_NONE)
		fault = text_ended(&text, why);
	if (fault == FAULT_NONE && account->lines == 0)
		fault = why_set(why, FAULT_UNKNOWN, "there is no account %s in /etc/passwd", name);
	if (fault == FAULT_NONE && !copy_text(&account->name, name))
		fault = why_memory(why);
	if (fault == FAULT_NONE)
		fault = read_others(text.file, account, shares_group, why);
	text_close(&text);
	return fault;
}

/* ---- shadow -------------------------------------------------------------------------------- */

static bool
take_shadow(struct host_account *account, const struct spwd *line)
{
	account->shadow_lines++;
	if (account->shadow_lines > 1 || account->is_unshadowed)
		return true;
	account->changed = line->sp_lstchg < 0 ? DAY_NONE : line->sp_lstchg;
	account->expires = line->sp_expire < 0 ? DAY_NONE : line->sp_expire;
	return copy_text(&account->hash, line->sp_pwdp);
}

static enum fault
read_shadow(const char *root, struct host_account *account, struct why *why)
{
	char buffer[SHADOW_LINE];
	struct text text = {0};
	struct spwd entry, *line;
	enum fault fault = text_open(root, "/etc/shadow", &text, why);
	int error = 0;

	account->changed = account->expires = DAY_NONE;
	while (fault == FAULT_NONE && text.file != NULL &&
	    (error = fgetspent_r(text.file, &entry, buffer, sizeof(buffer), &line)) == 0)
		if (strcmp(line->sp_namp, account->name) == 0 && !take_shadow(account, line))
			fault = why_memory(why);
	if (fault == FAULT_NONE && error != 0 && error != ENOENT)
		fault = why_set(why, FAULT_UNAVAILABLE, "/etc/shadow cannot be read: %s",
		    strerror(error));
	crypto_wipe(buffer, sizeof(buffer));
	text_close(&text);
	return fault;
}

/* ---- group --------------------------------------------------------------------------------- */

/* Lists it somebody besides this one? */
static bool
lists_others(const struct group *group, const char *name)
{
	for (char **member = group->gr_mem; *member != NULL; member++)
		if (strcmp(*member, name) != 0)
			return true;
	return false;
}

static bool
lists(const struct group *group, const char *name)
{
	for (char **member = group->gr_mem; *member != NULL; member++)
		if (strcmp(*member, name) == 0)
			return true;
	return false;
}

static bool
take_group(struct host_account *account, const struct group *group)
{
	if (lists(group, account->name) && !names_add(&account->groups, group->gr_name))
		return false;
	if (group->gr_gid != account->gid)
		return true;
	/* The first line with the gid is what the gid is called. */
	account->owns_group = account->group == NULL && account->gid == account->uid &&
	    strcmp(group->gr_name, account->name) == 0 && !lists_others(group, account->name);
	return account->group != NULL || copy_text(&account->group, group->gr_name);
}

static enum fault
read_groups(const char *root, struct host_account *account, struct why *why)
{
	struct text text = {0};
	const struct group *group;
	enum fault fault = text_open(root, "/etc/group", &text, why);

	while (fault == FAULT_NONE && text.file != NULL && (group = fgetgrent(text.file)) != NULL)
		if (!take_group(account, group))
			fault = why_memory(why);
	if (fault == FAULT_NONE)
		fault = text_ended(&text, why);
	text_close(&text);
	if (fault == FAULT_NONE)
		fault = text_open(root, "/etc/gshadow", &text, why);
	account->has_gshadow = text.text != NULL;
	text_close(&text);
	return fault;
}

enum fault
host_account_read(const char *root, const char *name, struct host_account *account,
    struct why *why)
{
	bool shares_group = false;
	enum fault fault = read_passwd(root, name, account, &shares_group, why);

	if (fault == FAULT_NONE)
		fault = read_shadow(root, account, why);
	if (fault == FAULT_NONE)
		fault = read_groups(root, account, why);
	account->owns_group &= !shares_group;
	return fault;
}

void
host_account_clear(struct host_account *account)
{
	if (account->hash != NULL)
		crypto_wipe(account->hash, strlen(account->hash));
	free(account->hash);
	free(account->name);
	free(account->gecos);
	free(account->home);
	free(account->shell);
	free(account->twin);
	free(account->group);
	names_clear(&account->groups);
	*account = (struct host_account){0};
}

void
host_account_removal(const struct host_account *account, char *command, size_t size)
{
	snprintf(command, size,
	    "hexa-admin user adopt %s && sed -i '/^%s:/d' /etc/passwd%s%s%s", account->name,
	    account->name, account->shadow_lines > 0 ? " /etc/shadow" : "",
	    account->owns_group ? " /etc/group" : "",
	    account->owns_group && account->has_gshadow ? " /etc/gshadow" : "");
}

/* ---- what is in the way -------------------------------------------------------------------- */

enum fault
host_group_clashes(const char *root, const char *name, uint32_t gid, char *other, struct why *why)
{
	struct text text = {0};
	const struct group *group;
	enum fault fault = text_open(root, "/etc/group", &text, why);

	other[0] = '\0';
	while (fault == FAULT_NONE && text.file != NULL && (group = fgetgrent(text.file)) != NULL)
		if ((strcmp(group->gr_name, name) == 0) != (group->gr_gid == gid))
			snprintf(other, WHY_FIELD_MAX, "%s", group->gr_name);
	if (fault == FAULT_NONE)
		fault = text_ended(&text, why);
	text_close(&text);
	return fault;
}

/* A line "owner:first:count" that has the id.  What is no such line gives nobody ids. */
static bool
line_has_id(char *line, uint32_t id, char **owner)
{
	char *first = strchr(line, ':'), *count = first == NULL ? NULL : strchr(first + 1, ':');
	uint64_t from, ids;

	if (count == NULL)
		return false;
	*first++ = '\0';
	*count++ = '\0';
	*owner = line;
	return text_to_number(first, UINT32_MAX, &from) &&
	    text_to_number(count, (uint64_t)UINT32_MAX + 1, &ids) && id >= from &&
	    id - from < ids;
}

static enum fault
search_ids(const char *root, const char *path, const char *name, uint32_t id, char *owner,
    struct why *why)
{
	char *text = NULL, *rest, *line, *has;
	size_t size = 0;
	enum fault fault = hostfile_read(root, path, FILE_MAX, &text, &size, why);

	if (fault != FAULT_NONE)
		return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
	rest = text;
	while ((line = strsep(&rest, "\n")) != NULL)
		if (line_has_id(line, id, &has) && strcmp(has, name) != 0)
			snprintf(owner, WHY_FIELD_MAX, "%s", has);
	free(text);
	return FAULT_NONE;
}

enum fault
host_subordinate_id(const char *root, const char *name, uint32_t id, char *owner, struct why *why)
{
	enum fault fault;

	owner[0] = '\0';
	fault = search_ids(root, "/etc/subuid", name, id, owner, why);
	if (fault == FAULT_NONE)
		fault = search_ids(root, "/etc/subgid", name, id, owner, why);
	return fault;
}
