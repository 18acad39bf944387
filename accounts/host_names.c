/*
 * host_names.c - what the host itself says about a single name or id, and the names that no host
 * gives to a person.
 */
#include "accounts/host.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accounts/host_view.h"
#include "accounts/hostfile.h"

/* ---- one question of a view that is made for it ------------------------------------------- */

typedef enum fault ask_name(struct host_view *view, const char *name, bool *answer,
    struct why *why);

static enum fault
ask_once(const char *root, ask_name *ask, const char *name, bool *answer, struct why *why)
{
	struct host_view *view = host_view_open(root);
	enum fault fault = view == NULL ? why_memory(why) : ask(view, name, answer, why);

	host_view_close(view);
	return fault;
}

enum fault
host_has_user(const char *root, const char *name, bool *has, struct why *why)
{
	return ask_once(root, host_view_has_user, name, has, why);
}

enum fault
host_has_group(const char *root, const char *name, bool *has, struct why *why)
{
	return ask_once(root, host_view_has_group, name, has, why);
}

enum fault
host_mentions(const char *root, const char *name, bool *mentions, struct why *why)
{
	return ask_once(root, host_view_mentions, name, mentions, why);
}

enum fault
host_lists_member(const char *root, const char *name, bool *lists, struct why *why)
{
	return ask_once(root, host_view_lists_member, name, lists, why);
}

enum fault
host_has_id(const char *root, unsigned id, bool *has, struct why *why)
{
	struct host_view *view = host_view_open(root);
	enum fault fault = view == NULL ? why_memory(why) : host_view_has_id(view, id, has, why);

	host_view_close(view);
	return fault;
}

/* ---- a namesake ---------------------------------------------------------------------------- */

/* Bytes for one line of passwd. */
enum { LINE_FIRST = 4096, LINE_MAX_BYTES = 4 * 1024 * 1024 };

static int
look_for_namesake(FILE *file, const char *name, size_t size, bool *has)
{
	char *buffer = malloc(size);
	struct passwd entry, *next;
	bool found = false;
	int error = buffer == NULL ? ENOMEM : 0;

	rewind(file);
	while (error == 0 && !found) {
		error = fgetpwent_r(file, &entry, buffer, size, &next);
		if (error == 0)
			found = strcmp(entry.pw_name, name) == 0;
	}
	free(buffer);
	if (error == ENOENT && feof(file))
		error = 0;
	if (error == 0)
		*has = found;
	return error;
}

enum fault
host_has_namesake(const char *root, const char *name, bool *has, struct why *why)
{
	char full[PATH_MAX];
	enum fault fault = hostfile_path(root, "/etc/passwd", full, why);
	int error = ERANGE;
	FILE *file;

	if (fault != FAULT_NONE)
		return fault;
	file = hostfile_open(full);
	if (file == NULL && errno == ENOENT) {
		*has = false;
		return FAULT_NONE;
	}
	if (file == NULL)
		return why_set(why, FAULT_UNAVAILABLE, "%s: %s", full, strerror(errno));
	for (size_t size = LINE_FIRST; error == ERANGE && size <= LINE_MAX_BYTES; size *= 4)
		error = look_for_namesake(file, name, size, has);
	fclose(file);
	return error == 0 ? FAULT_NONE
	                  : why_set(why, FAULT_UNAVAILABLE,
	                        "the host's users and groups cannot be read: %s", strerror(error));
}

enum fault
host_id_is_taken(void *context, uint32_t id, bool *is_taken, struct why *why)
{
	const char *root = context;

	return host_has_id(root, id, is_taken, why);
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
