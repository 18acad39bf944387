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

/* ---- who has the same name, or uid ---------------------------------------------------------- */

/* Bytes for one line of passwd. */
enum { LINE_FIRST = 4096, LINE_MAX_BYTES = 4 * 1024 * 1024 };

static int
look_for_local(FILE *file, const char *name, uint32_t uid, size_t size,
    char local[HOST_LOCAL_BYTES])
{
	char *buffer = malloc(size);
	struct passwd entry, *next;
	bool same_name = false, same_uid = false;
	int error = buffer == NULL ? ENOMEM : 0;

	rewind(file);
	local[0] = '\0';
	while (error == 0 && !same_name) {
		error = fgetpwent_r(file, &entry, buffer, size, &next);
		if (error != 0)
			break;
		same_name = strcmp(entry.pw_name, name) == 0;
		if (same_name || (uid != HOST_NO_ID && entry.pw_uid == uid && !same_uid))
			snprintf(local, HOST_LOCAL_BYTES, "%s", entry.pw_name);
		same_uid = same_uid || entry.pw_uid == uid;
	}
	free(buffer);
	return error == ENOENT && feof(file) ? 0 : error;
}

enum fault
host_local_user(const char *root, const char *name, uint32_t uid, char local[HOST_LOCAL_BYTES],
    struct why *why)
{
	char full[PATH_MAX];
	enum fault fault = hostfile_path(root, "/etc/passwd", full, why);
	int error = ERANGE;
	FILE *file;

	if (fault != FAULT_NONE)
		return fault;
	file = hostfile_open(full);
	if (file == NULL && errno == ENOENT) {
		local[0] = '\0';
		return FAULT_NONE;
	}
	if (file == NULL)
		return why_set(why, FAULT_UNAVAILABLE, "%s: %s", full, strerror(errno));
	for (size_t size = LINE_FIRST; error == ERANGE && size <= LINE_MAX_BYTES; size *= 4)
		error = look_for_local(file, name, uid, size, local);
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
	"adm", "admin", "administrator", "apache", "at", "audio", "autologin", "avahi", "backup", "bin", "bind",
	"bluetooth", "cdrom", "ceph", "chrony", "colord", "cron", "crontab", "cups", "daemon", "dbus",
	"dhcpd", "dialout", "dip", "disk", "dnsmasq", "docker", "dovecot", "etcd", "fax", "floppy",
	"ftp", "games", "gdm", "gnats", "halt", "haproxy", "hexa", "hexa-admins", "http", "incus",
	"incus-admin", "input", "irc", "kmem", "kvm", "ldap", "libvirt", "libvirt-dnsmasq",
	"libvirt-qemu", "lightdm", "list", "lock", "lp", "lpadmin", "lxd", "mail", "man",
	"messagebus", "mysql", "named", "netdev", "news", "nginx", "nobody", "nogroup",
	"nopasswdlogin", "nscd",
	"nslcd", "ntp", "ntpsec", "openldap", "operator", "plugdev", "podman", "polkitd", "postdrop",
	"postfix", "postgres", "proxy", "pulse", "qemu", "redis", "render", "root", "rpc",
	"rtkit", "sambashare", "saned", "sasl", "scanner", "sddm", "sgx", "shadow", "shutdown", "squid",
	"src", "ssh", "sshd", "ssl-cert", "sssd", "staff", "statd", "sudo", "sync", "sys", "syslog",
	"tape", "tcpdump", "toor", "tss", "tty", "unbound", "users", "utmp", "uucp", "uuidd",
	"vboxusers", "video", "voice", "wheel", "wireshark", "www-data",
};

/* What system users are named with: distributions give new daemons an underscore. */
/* Sorted, too. */
static const char *const services[] = {
	"ansible", "borg", "caddy", "centos", "clamav", "debian", "deploy", "ec2-user", "elasticsearch",
	"fedora", "git", "gitea", "gitlab-runner", "gitlab-www", "grafana", "icinga", "influxdb", "jenkins",
	"kafka", "kibana", "logstash", "minio", "mongod", "mongodb", "mosquitto", "nagios", "nextcloud",
	"nrpe", "opensearch", "oracle", "pi", "prometheus", "puppet", "rabbitmq", "slurm",
	"solr", "sonarqube", "telegraf", "tomcat", "ubuntu", "vagrant", "zabbix",
};
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

bool
host_name_is_a_services(const char *name)
{
	return bsearch(name, services, sizeof(services) / sizeof(services[0]), sizeof(services[0]),
	           compare_name) != NULL;
}
