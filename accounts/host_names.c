/*
 * host_names.c - what the host itself says about a name or an id: its own files, its other sources
 * of users, the names that no host gives to a person, and who sudoers and sshd_config speak of.
 */
#include "accounts/host.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "accounts/hostfile.h"
#include "directory/directory.h"
#include "directory/image.h"

/* ---- one question, four places ------------------------------------------------------------- */

/* What is asked for: a name, or (NULL) an id. */
struct wanted {
	const char *name;
	unsigned id;
};

/*
 * Bytes for one record: most fit into the first, and a group of a hundred thousand members into the
 * last.
 */
enum { RECORD_FIRST = 4096, RECORD_MAX = 4 * 1024 * 1024 };

struct record {
	char *buffer;
	size_t size;
};

static bool
record_grow(struct record *record)
{
	size_t size = record->size == 0 ? RECORD_FIRST : record->size * 4;
	char *larger;

	if (record->size >= RECORD_MAX)
		return false;
	larger = realloc(record->buffer, size);
	if (larger == NULL)
		return false;
	record->buffer = larger;
	record->size = size;
	return true;
}

/*
 * A place to look in.  Returns 0 and *found, or an errno; ERANGE asks for a larger record.
 * `file` is the open passwd or group file, when that is the place.
 */
typedef int look(FILE *file, const struct wanted *wanted, struct record *record, bool *found);

static enum fault
look_up(look *where, FILE *file, const struct wanted *wanted, bool *found, struct why *why)
{
	struct record record = { 0 };
	int error = ERANGE;

	while (error == ERANGE && record_grow(&record))
		error = where(file, wanted, &record, found);
	free(record.buffer);
	if (error == 0)
		return FAULT_NONE;
	return why_set(why, FAULT_UNAVAILABLE, "the host's users and groups cannot be read: %s",
	    strerror(error));
}

static bool
is_wanted(const struct wanted *wanted, const char *name, unsigned id)
{
	return wanted->name != NULL ? strcmp(wanted->name, name) == 0 : wanted->id == id;
}

/* ---- the tree's own files ------------------------------------------------------------------ */

static int
look_in_passwd(FILE *file, const struct wanted *wanted, struct record *record, bool *found)
{
	struct passwd entry, *next;
	int error;

	*found = false;
	rewind(file);
	do {
		error = fgetpwent_r(file, &entry, record->buffer, record->size, &next);
		if (error == 0)
			*found = is_wanted(wanted, entry.pw_name, entry.pw_uid);
	} while (error == 0 && !*found);
	return error == ENOENT && feof(file) ? 0 : error;
}

/* The name with another id than the wanted one. */
static int
look_for_namesake(FILE *file, const struct wanted *wanted, struct record *record, bool *found)
{
	struct passwd entry, *next;
	int error;

	*found = false;
	rewind(file);
	do {
		error = fgetpwent_r(file, &entry, record->buffer, record->size, &next);
		if (error == 0)
			*found = strcmp(entry.pw_name, wanted->name) == 0 &&
			    entry.pw_uid != wanted->id;
	} while (error == 0 && !*found);
	return error == ENOENT && feof(file) ? 0 : error;
}

static int
look_in_group(FILE *file, const struct wanted *wanted, struct record *record, bool *found)
{
	struct group entry, *next;
	int error;

	*found = false;
	rewind(file);
	do {
		error = fgetgrent_r(file, &entry, record->buffer, record->size, &next);
		if (error == 0)
			*found = is_wanted(wanted, entry.gr_name, entry.gr_gid);
	} while (error == 0 && !*found);
	return error == ENOENT && feof(file) ? 0 : error;
}

static int
look_among_members(FILE *file, const struct wanted *wanted, struct record *record, bool *found)
{
	struct group entry, *next;
	int error;

	*found = false;
	rewind(file);
	do {
		error = fgetgrent_r(file, &entry, record->buffer, record->size, &next);
		for (char **member = entry.gr_mem; error == 0 && *member != NULL; member++)
			*found |= strcmp(*member, wanted->name) == 0;
	} while (error == 0 && !*found);
	return error == ENOENT && feof(file) ? 0 : error;
}

/* A tree without such a file has no such users. */
static enum fault
look_in_file(const char *root, const char *path, look *where, const struct wanted *wanted,
    bool *found, struct why *why)
{
	char full[PATH_MAX];
	enum fault fault = hostfile_path(root, path, full, why);
	struct stat st;
	FILE *file;
	int fd;

	if (fault != FAULT_NONE)
		return fault;
	*found = false;
	fd = open(full, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0 && errno == ENOENT)
		return FAULT_NONE;
	if (fd < 0)
		return why_set(why, FAULT_UNAVAILABLE, "%s: %s", full, strerror(errno));
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || (file = fdopen(fd, "r")) == NULL) {
		close(fd);
		return why_set(why, FAULT_UNAVAILABLE, "%s is not a file that can be read", full);
	}
	fault = look_up(where, file, wanted, found, why);
	fclose(file);
	return fault;
}

/* ---- the other sources --------------------------------------------------------------------- */

/* Hexa's own directory, which is one of nsswitch.conf's sources, and is not to count. */
static struct directory published = { .path = DIRECTORY_FILE };

static bool
is_own_user(const struct passwd *entry, struct record *record)
{
	struct passwd own;
	uid_t uid = entry->pw_uid;
	gid_t gid = entry->pw_gid;
	char name[256];

	/* The answer stands in the buffer that the next one needs. */
	if (snprintf(name, sizeof(name), "%s", entry->pw_name) >= (int)sizeof(name))
		return false;
	return directory_user_by_name(&published, name, &own, record->buffer, record->size) ==
	    LOOKUP_FOUND &&
	    own.pw_uid == uid && own.pw_gid == gid;
}

static bool
is_own_group(const struct group *entry, struct record *record)
{
	struct group own;
	gid_t gid = entry->gr_gid;
	char name[256];

	if (snprintf(name, sizeof(name), "%s", entry->gr_name) >= (int)sizeof(name))
		return false;
	return directory_group_by_name(&published, name, &own, record->buffer, record->size) ==
	    LOOKUP_FOUND &&
	    own.gr_gid == gid;
}

/*
 * What getpwnam_r(3) and its kin return for somebody whom no source knows is no error.  The last
 * source's failure is the whole answer's: Hexa is last, and its own failure, `own`, says nothing
 * here.
 */
static int
real_error(int error, enum lookup own)
{
	if (error == ENOENT || error == ESRCH)
		return 0;
	if ((own == LOOKUP_UNAVAILABLE && error == EIO) || (own == LOOKUP_AGAIN && error == EAGAIN))
		return 0;
	return error;
}

static int
real_user_error(int error, const struct wanted *wanted, struct record *record)
{
	struct passwd own;

	if (wanted->name != NULL)
		return real_error(error, directory_user_by_name(&published, wanted->name, &own,
		                             record->buffer, record->size));
	return real_error(error,
	    directory_user_by_uid(&published, wanted->id, &own, record->buffer, record->size));
}

static int
real_group_error(int error, const struct wanted *wanted, struct record *record)
{
	struct group own;

	if (wanted->name != NULL)
		return real_error(error, directory_group_by_name(&published, wanted->name, &own,
		                             record->buffer, record->size));
	return real_error(error,
	    directory_group_by_gid(&published, wanted->id, &own, record->buffer, record->size));
}

static int
look_for_user(FILE *file, const struct wanted *wanted, struct record *record, bool *found)
{
	struct passwd entry, *answer = NULL;
	int error;

	(void)file;
	if (wanted->name != NULL)
		error = getpwnam_r(wanted->name, &entry, record->buffer, record->size, &answer);
	else
		error = getpwuid_r(wanted->id, &entry, record->buffer, record->size, &answer);
	*found = error == 0 && answer != NULL && !is_own_user(&entry, record);
	return error == 0 ? 0 : real_user_error(error, wanted, record);
}

static int
look_for_group(FILE *file, const struct wanted *wanted, struct record *record, bool *found)
{
	struct group entry, *answer = NULL;
	int error;

	(void)file;
	if (wanted->name != NULL)
		error = getgrnam_r(wanted->name, &entry, record->buffer, record->size, &answer);
	else
		error = getgrgid_r(wanted->id, &entry, record->buffer, record->size, &answer);
	*found = error == 0 && answer != NULL && !is_own_group(&entry, record);
	return error == 0 ? 0 : real_group_error(error, wanted, record);
}

/* ---- the questions ------------------------------------------------------------------------- */

static enum fault
has_user(const char *root, const struct wanted *wanted, bool *has, struct why *why)
{
	bool found = false;
	enum fault fault =
	    look_in_file(root, "/etc/passwd", look_in_passwd, wanted, &found, why);

	if (fault == FAULT_NONE && !found && root[0] == '\0')
		fault = look_up(look_for_user, NULL, wanted, &found, why);
	if (fault == FAULT_NONE)
		*has = found;
	return fault;
}

static enum fault
has_group(const char *root, const struct wanted *wanted, bool *has, struct why *why)
{
	bool found = false;
	enum fault fault = look_in_file(root, "/etc/group", look_in_group, wanted, &found, why);

	if (fault == FAULT_NONE && !found && root[0] == '\0')
		fault = look_up(look_for_group, NULL, wanted, &found, why);
	if (fault == FAULT_NONE)
		*has = found;
	return fault;
}

enum fault
host_has_user(const char *root, const char *name, bool *has, struct why *why)
{
	return has_user(root, &(struct wanted){ .name = name }, has, why);
}

enum fault
host_has_group(const char *root, const char *name, bool *has, struct why *why)
{
	return has_group(root, &(struct wanted){ .name = name }, has, why);
}

enum fault
host_has_id(const char *root, unsigned id, bool *has, struct why *why)
{
	const struct wanted wanted = { .id = id };
	bool found = false;
	enum fault fault = has_user(root, &wanted, &found, why);

	if (fault == FAULT_NONE && !found)
		fault = has_group(root, &wanted, &found, why);
	if (fault == FAULT_NONE)
		*has = found;
	return fault;
}

/* ---- names that are nobody's --------------------------------------------------------------- */

/* Sorted in strcmp order: it is searched by halves. */
static const char *const reserved[] = {
	"adm", "admin", "administrator", "apache", "at", "audio", "avahi", "backup", "bin", "bind",
	"bluetooth", "cdrom", "ceph", "chrony", "colord", "cron", "crontab", "cups", "daemon", "dbus",
	"dhcpd", "dialout", "dip", "disk", "dnsmasq", "docker", "dovecot", "etcd", "fax", "floppy",
	"ftp", "games", "gdm", "gnats", "halt", "haproxy", "hexa", "hexa-admins", "http", "incus",
	"incus-admin", "input", "irc", "kmem", "kvm", "ldap", "libvirt", "libvirt-dnsmasq",
	"libvirt-qemu", "lightdm", "list", "lock", "lp", "lpadmin", "lxd", "mail", "man",
	"messagebus", "mysql", "named", "netdev", "news", "nginx", "nobody", "nogroup", "nscd",
	"nslcd", "ntp", "ntpsec", "openldap", "operator", "plugdev", "podman", "polkitd", "postdrop",
	"postfix", "postgres", "proxy", "pulse", "qemu", "redis", "render", "root", "rpc",
	"rtkit", "sambashare", "saned", "sasl", "scanner", "sddm", "sgx", "shadow", "shutdown", "squid",
	"src", "ssh", "sshd", "ssl-cert", "sssd", "staff", "statd", "sudo", "sync", "sys", "syslog",
	"tape", "tcpdump", "toor", "tss", "tty", "unbound", "users", "utmp", "uucp", "uuidd",
	"vboxusers", "video", "voice", "wheel", "wireshark", "www-data",
};

/* What system users are named with: distributions give new daemons an underscore. */
static const char *const reserved_prefixes[] = { "_", "debian-", "systemd-" };

static int
compare_name(const void *name, const void *row)
{
	return strcmp(name, *(const char *const *)row);
}

bool
host_name_is_reserved(const char *name)
{
	for (size_t i = 0; i < sizeof(reserved_prefixes) / sizeof(reserved_prefixes[0]); i++)
		if (strncmp(name, reserved_prefixes[i], strlen(reserved_prefixes[i])) == 0)
			return true;
	return bsearch(name, reserved, sizeof(reserved) / sizeof(reserved[0]),
	           sizeof(reserved[0]), compare_name) != NULL;
}

/* ---- names that others speak of ------------------------------------------------------------ */

/* Bytes of one file, and files in one folder: beyond either the answer is a fault, never "no". */
enum { MENTION_BYTES = 1024 * 1024, MENTION_FILES = 1000 };

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
line_mentions(const char *line, const char *end, const char *name)
{
	size_t size = strlen(name);
	const char *at = line;

	while ((at = memmem(at, (size_t)(end - at), name, size)) != NULL) {
		if ((at == line || !is_name_byte(at[-1])) &&
		    (at + size == end || !is_name_byte(at[size])))
			return true;
		at++;
	}
	return false;
}

static bool
text_mentions(const char *text, size_t size, const char *name)
{
	const char *end = text + size;

	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *stop = newline != NULL ? newline : end;

		if (line_mentions(text, line_end(text, stop), name))
			return true;
		text = newline != NULL ? newline + 1 : end;
	}
	return false;
}

static enum fault
file_mentions(const char *root, const char *path, const char *name, bool *mentions,
    struct why *why)
{
	char *text = NULL;
	size_t size = 0;
	enum fault fault = hostfile_read(root, path, MENTION_BYTES, &text, &size, why);

	if (fault == FAULT_UNKNOWN)
		return FAULT_NONE;
	if (fault == FAULT_NONE && text_mentions(text, size, name))
		*mentions = true;
	free(text);
	return fault;
}

/* One entry of a drop-in folder; folders within are read by neither sudo nor sshd. */
static enum fault
entry_mentions(const char *root, const char *folder, const char *entry, const char *name,
    bool *mentions, struct why *why)
{
	char path[PATH_MAX], full[PATH_MAX];
	struct stat st;
	enum fault fault;

	if (snprintf(path, sizeof(path), "%s/%s", folder, entry) >= (int)sizeof(path))
		return why_set(why, FAULT_UNAVAILABLE, "%s: a name in it is too long", folder);
	fault = hostfile_path(root, path, full, why);
	if (fault != FAULT_NONE || (stat(full, &st) == 0 && S_ISDIR(st.st_mode)))
		return fault;
	return file_mentions(root, path, name, mentions, why);
}

/*
 * Every file of the folder, also one that sudo or sshd leaves out for its name: it would count the
 * day it is renamed.
 */
static enum fault
folder_mentions(const char *root, const char *folder, const char *name, bool *mentions,
    struct why *why)
{
	char full[PATH_MAX];
	enum fault fault = hostfile_path(root, folder, full, why);
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
	while (fault == FAULT_NONE && !*mentions && (errno = 0, entry = readdir(dir)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (++files > MENTION_FILES)
			fault = why_set(why, FAULT_UNAVAILABLE, "%s holds more than %d files", full,
			    MENTION_FILES);
		else
			fault = entry_mentions(root, folder, entry->d_name, name, mentions, why);
	}
	if (fault == FAULT_NONE && !*mentions && errno != 0)
		fault = why_set(why, FAULT_UNAVAILABLE, "%s: %s", full, strerror(errno));
	closedir(dir);
	return fault;
}

enum fault
host_mentions(const char *root, const char *name, bool *mentions, struct why *why)
{
	static const char *const files[] = { "/etc/sudoers", "/etc/ssh/sshd_config" };
	static const char *const folders[] = { "/etc/sudoers.d", "/etc/ssh/sshd_config.d" };
	enum fault fault = FAULT_NONE;
	bool found = false;

	for (size_t i = 0; i < 2 && fault == FAULT_NONE && !found; i++) {
		fault = file_mentions(root, files[i], name, &found, why);
		if (fault == FAULT_NONE && !found)
			fault = folder_mentions(root, folders[i], name, &found, why);
	}
	if (fault == FAULT_NONE)
		*mentions = found;
	return fault;
}

enum fault
host_lists_member(const char *root, const char *name, bool *lists, struct why *why)
{
	const struct wanted wanted = {.name = name};

	return look_in_file(root, "/etc/group", look_among_members, &wanted, lists, why);
}

enum fault
host_has_namesake(const char *root, const char *name, unsigned uid, bool *has, struct why *why)
{
	const struct wanted wanted = {.name = name, .id = uid};

	return look_in_file(root, "/etc/passwd", look_for_namesake, &wanted, has, why);
}
