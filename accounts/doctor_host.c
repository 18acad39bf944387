/*
 * doctor_host.c - the doctor's look at the host's configuration: nsswitch.conf, PAM and sudo.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "accounts/doctor_checks.h"
#include "accounts/gates.h"
#include "accounts/host_account.h"
#include "accounts/hostfile.h"
#include "accounts/nsswitch.h"
#include "accounts/pamstack.h"
#include "accounts/sudoers.h"

#define NSCD_CONFIG "/etc/nscd.conf"

/* Beyond all ranges that Hexa, systemd and subordinate ids are taken from. */
enum { NOBODYS_ID = 0x7ffffffd };

#define ENABLE "hexa-admin host enable"
#define EDIT   EDITOR " " NSSWITCH_FILE

/* ---- authselect ---------------------------------------------------------------------------- */

#define SELECT "authselect select hexa with-mkhomedir"

static bool
is_there(const char *root, const char *path)
{
	char full[PATH_MAX];

	return hostfile_path(root, path, full, NULL) == FAULT_NONE && access(full, F_OK) == 0;
}

bool
host_has_authselect(const char *root)
{
	return !is_there(root, "/usr/sbin/pam-auth-update") &&
	    is_there(root, "/etc/pam.d/system-auth");
}

/* What its profiles hold, as far as accounts and passwords go. */
static void
check_authselect(struct doctor *doctor)
{
	static const char *const stacks[] = {"system-auth", "password-auth"};
	static const char stacks_matter[] = "whoever has a key gets in, whatever their role";

	for (size_t i = 0; i < sizeof(stacks) / sizeof(stacks[0]); i++) {
		struct service_lines lines;
		char check[64];

		service_lines_look(doctor->root, stacks[i], &lines);
		snprintf(check, sizeof(check), "pam-%s", stacks[i]);
		if (!lines.asks || !lines.asks_password)
			report(doctor, FINDING_ERROR, check, SELECT,
			    "/etc/pam.d/%s does not ask Hexa: %s", stacks[i],
			    stacks_matter);
		else if (lines.passed[0] != '\0')
			report(doctor, FINDING_ERROR, check, SELECT " --force",
			    "the yes of %s passes Hexa by: %s", lines.passed, stacks_matter);
		else
			report(doctor, FINDING_GOOD, check, NULL,
			    "/etc/pam.d/%s asks Hexa; `authselect check` tells of changes by hand",
			    stacks[i]);
	}
}

/* ---- switched on --------------------------------------------------------------------------- */

/*
 * What could not be read may be on: it is looked at, and told of.  So is what is left where the
 * rest was lost: `host enable` alone writes the drop-ins, and `host disable` takes them away.
 */
static bool
is_enabled(const struct host_state *state, enum fault fault)
{
	return fault != FAULT_NONE || state->nss_passwd || state->nss_group || state->pam_login ||
	    state->pam_password || state->sudoers || state->sshd_keys;
}

bool
host_looks_enabled(const char *root)
{
	struct host_state state = { 0 };
	enum fault fault = host_state(root, &state, NULL);

	return is_enabled(&state, fault);
}

void
check_enabled(struct doctor *doctor)
{
	struct host_state state = { 0 };
	struct why why = { 0 };
	enum fault fault = host_state(doctor->root, &state, &why);
	bool nss, pam;

	doctor->enabled = is_enabled(&state, fault);
	if (fault != FAULT_NONE) {
		report_fault(doctor, FINDING_ERROR, "enabled", &why);
		return;
	}
	nss = state.nss_passwd && state.nss_group && state.nss_initgroups;
	pam = (state.pam_login && state.pam_password) || host_has_authselect(doctor->root);
	if (!doctor->enabled)
		report(doctor, FINDING_WARNING, "enabled",
		    host_has_authselect(doctor->root) ? SELECT : ENABLE,
		    "Hexa is not switched on: this host neither knows its users nor asks it");
	else if (!nss || !pam)
		report(doctor, FINDING_ERROR, "enabled",
		    host_has_authselect(doctor->root) ? SELECT : ENABLE,
		    "Hexa is switched on in %s alone: a login needs both",
		    nss ? "nsswitch.conf" : pam ? "PAM" : "parts");
	else
		report(doctor, FINDING_GOOD, "enabled", NULL, "Hexa is switched on");
}

/* ---- nsswitch.conf ------------------------------------------------------------------------- */

static void
report_map(struct doctor *doctor, enum nsswitch_map map, const struct nsswitch_state *state)
{
	const char *name = nsswitch_map_name(map);
	char check[64];

	snprintf(check, sizeof(check), "nsswitch-%s", name);
	if (!state->on)
		report(doctor, FINDING_ERROR, check, ENABLE,
		    "hexa does not stand on the %s line: programs do not know Hexa's users", name);
	else if (!state->reached)
		report(doctor, FINDING_ERROR, check, EDIT,
		    "on the %s line (line %u of %s) an action before hexa ends the search, so it "
		    "is "
		    "never asked",
		    name, state->line, NSSWITCH_FILE);
	else if (!state->local)
		report(doctor, FINDING_ERROR, check, EDIT,
		    "the %s line (line %u of %s) has no files: programs do not know root",
		    name, state->line, NSSWITCH_FILE);
	else if (!state->last)
		report(doctor, FINDING_WARNING, check, ENABLE,
		    "hexa is not last on the %s line: when it asks to be tried again, the next "
		    "source's answer would read as \"no such user\"",
		    name);
	else if (!state->always)
		report(doctor, FINDING_WARNING, check, EDIT,
		    "on the %s line (line %u of %s) hexa is not asked while another source fails",
		    name, state->line, NSSWITCH_FILE);
	else
		report(doctor, FINDING_GOOD, check, NULL, "hexa stands last on the %s line", name);
}

/* Hexa is asked last: whoever is before it, and does not answer, keeps everybody waiting. */
static void
report_others(struct doctor *doctor)
{
	char other[WHY_FIELD_MAX];
	struct why why = { 0 };

	/* A name that nobody has, and an id. */
	if (host_others_know(doctor->root, "hexa.nobody", NOBODYS_ID, other, &why) != FAULT_NONE)
		report(doctor, FINDING_WARNING, "nsswitch-others", EDIT,
		    "%s; Hexa is asked after them, so all look-ups of its users wait for "
		    "them: see to it that they answer, or take them off the lines", why.text);
	else
		report(doctor, FINDING_GOOD, "nsswitch-others", NULL,
		    "the sources before Hexa answer");
}

void
check_nsswitch(struct doctor *doctor)
{
	struct nsswitch_state state[NSSWITCH_MAPS] = { { 0 } };
	struct why why = { 0 };
	char *text = NULL;
	size_t size = 0;
	enum fault fault;

	if (!doctor->enabled)
		return;
	fault = hostfile_read(doctor->root, NSSWITCH_FILE, NSSWITCH_MAX, &text, &size, &why);
	if (fault == FAULT_NONE)
		fault = nsswitch_look(text, size, state, &why);
	free(text);
	if (fault != FAULT_NONE) {
		report_fault(doctor, FINDING_ERROR, "nsswitch", &why);
		return;
	}
	report_map(doctor, NSSWITCH_PASSWD, &state[NSSWITCH_PASSWD]);
	report_map(doctor, NSSWITCH_GROUP, &state[NSSWITCH_GROUP]);
	if (state[NSSWITCH_INITGROUPS].present)
		report_map(doctor, NSSWITCH_INITGROUPS, &state[NSSWITCH_INITGROUPS]);
	if (state[NSSWITCH_PASSWD].others)
		report_others(doctor);
}

/* ---- nscd ---------------------------------------------------------------------------------- */

static bool
nscd_runs(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "/var/run/nscd/socket" };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	bool runs = fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0;

	if (fd >= 0)
		close(fd);
	return runs;
}

/* The value of an "enable-cache passwd VALUE" line; NULL: it is another line. */
static const char *
passwd_cache(char *line)
{
	static const char blank[] = " \t";
	char *rest = NULL;
	const char *word = strtok_r(line, blank, &rest);

	if (word == NULL || strcmp(word, "enable-cache") != 0)
		return NULL;
	word = strtok_r(NULL, blank, &rest);
	return word != NULL && strcmp(word, "passwd") == 0 ? strtok_r(NULL, blank, &rest) : NULL;
}

/* The last such line counts. */
static bool
nscd_caches(const char *root)
{
	char *text = NULL, *rest, *line;
	bool caches = false;
	size_t size;

	if (hostfile_read(root, NSCD_CONFIG, NSSWITCH_MAX, &text, &size, NULL) != FAULT_NONE)
		return false;
	rest = text;
	while ((line = strsep(&rest, "\n")) != NULL) {
		const char *value = passwd_cache(line);

		if (value != NULL)
			caches = strcmp(value, "yes") == 0;
	}
	free(text);
	return caches;
}

void
check_nscd(struct doctor *doctor)
{
	struct settings settings = { 0 };
	bool has_others;
	enum fault fault;

	if (!doctor->enabled || doctor->root[0] != '\0' || !nscd_runs() || !nscd_caches(""))
		return;
	fault = settings_load(doctor->txn, &settings, NULL);
	has_others = settings.login_email || settings.login_phone;
	settings_clear(&settings);
	if (fault == FAULT_NONE && has_others)
		report(doctor, FINDING_WARNING, "nscd",
		    "sed -i '/enable-cache.*passwd/s/yes/no/' " NSCD_CONFIG
		    " && systemctl restart nscd",
		    "nscd answers for names, and is told no e-mail addresses and phone numbers: "
		    "nobody "
		    "logs in by them");
}

/* ---- PAM ----------------------------------------------------------------------------------- */

static const struct {
	const char *check;
	const char *matters;
} stacks[PAMSTACKS] = {
	[PAMSTACK_AUTH] = { "pam-auth", "Hexa's users cannot log in with their password" },
	[PAMSTACK_ACCOUNT] = { "pam-account", "whoever has a key gets in, whatever their role" },
	[PAMSTACK_SESSION] = { "pam-session", "sessions begin without Hexa" },
	[PAMSTACK_NONINTERACTIVE] = { "pam-noninteractive", "jobs begin without Hexa" },
	[PAMSTACK_PASSWORD] = { "pam-password",
	    "either Hexa's users or the local ones cannot change their password" },
};

/* Whoever changed a file by hand is told what becomes of that. */
static void
report_stack(struct doctor *doctor, int stack, const char *text, const char *problem)
{
	const char *file = pamstack_file((enum pamstack)stack), *mend = PAMSTACK_ANEW;
	const char *drops = "; pam-auth-update drops what was changed by hand in common-*, and "
	    "keeps it in FILE.pam-old";
	char edit[WHY_MEND_MAX];

	if (text != NULL && pamstack_is_kept(text, strlen(text))) {
		gate_mend(EDITOR, file, edit);
		mend = edit;
		drops = "";
	}
	report(doctor, FINDING_ERROR, stacks[stack].check, mend, "%s: %s; %s%s", file, problem,
	    stacks[stack].matters, drops);
}

static void
report_unread(struct doctor *doctor, int stack, const struct why *why)
{
	char edit[WHY_MEND_MAX] = "";

	if (why->fault == FAULT_UNKNOWN)
		report_stack(doctor, stack, NULL, "it is not there");
	if (why->fault == FAULT_UNKNOWN)
		return;
	if (why->fault == FAULT_INVALID)
		gate_mend(EDITOR, pamstack_file((enum pamstack)stack), edit);
	report(doctor, FINDING_ERROR, stacks[stack].check, edit, "%s (line %u); %s", why->text,
	    why->line, stacks[stack].matters);
}

static void
look_at_stack(struct doctor *doctor, int stack)
{
	const char *file = pamstack_file((enum pamstack)stack), *problem;
	struct pamstack_state state = { 0 };
	struct why why = { 0 };
	char *text = NULL;
	size_t size = 0;
	enum fault fault = hostfile_read(doctor->root, file, PAMSTACK_MAX, &text, &size, &why);

	if (fault == FAULT_NONE)
		fault = pamstack_look((enum pamstack)stack, text, size, &state, &why);
	problem = pamstack_problem(&state);
	if (fault != FAULT_NONE)
		report_unread(doctor, stack, &why);
	else if (problem == NULL)
		report(doctor, FINDING_GOOD, stacks[stack].check, NULL, "%s asks Hexa", file);
	else if (state.lines == 0)
		report(doctor, FINDING_ERROR, stacks[stack].check, ENABLE, "%s: %s; %s", file,
		    problem, stacks[stack].matters);
	else
		report_stack(doctor, stack, text, problem);
	free(text);
}

void
check_pam(struct doctor *doctor)
{
	const bool is_authselects = doctor->enabled && host_has_authselect(doctor->root);

	for (int stack = 0; stack < PAMSTACKS && doctor->enabled && !is_authselects; stack++)
		look_at_stack(doctor, stack);
	if (is_authselects)
		check_authselect(doctor);
}

/*
 * Services by which people come in, and that a package or a person may have given lines of their
 * own.
 */
static const char *const services[] = { "sshd", "login", "su", "su-l", "sudo", "sudo-i", "cron",
	"crond", "atd", "systemd-user", "gdm-password", "lightdm", "sddm", "polkit-1", "cockpit",
	"other" };

/* True when all is well. */
bool
check_service(struct doctor *doctor, const char *service)
{
	static const char check[] = "pam-services";
	char path[128], mend[WHY_MEND_MAX];
	struct service_lines lines;

	service_lines_look(doctor->root, service, &lines);
	if (!lines.there)
		return true;
	snprintf(path, sizeof(path), "/etc/pam.d/%.64s", service);
	gate_mend(EDITOR, path, mend);
	if (!lines.asks)
		report(doctor, FINDING_ERROR, check, mend,
		    "%s does not take in common-account, so Hexa's roles do not count there", path);
	else if (lines.passed[0] != '\0')
		report(doctor, FINDING_ERROR, check, mend,
		    "the yes of %s passes by what comes behind it, so Hexa's roles do not count "
		    "there",
		    lines.passed);
	else if (!lines.asks_password)
		report(doctor, FINDING_WARNING, check, mend,
		    "%s does not take in common-auth: passwords of Hexa's users do not count there",
		    path);
	else
		return true;
	return false;
}

void
check_services(struct doctor *doctor)
{
	bool good = true;

	if (!doctor->enabled)
		return;
	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++)
		good &= check_service(doctor, services[i]);
	if (good)
		report(doctor, FINDING_GOOD, "pam-services", NULL,
		    "every service of this host that people log in by asks Hexa");
}

static bool
is_looked_at(const char *service)
{
	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++)
		if (strcmp(services[i], service) == 0)
			return true;
	return false;
}

/* Those that a permission names, as far as this host has them. */
void
check_named_services(struct doctor *doctor)
{
	struct rules rules = { 0 };
	struct why why = { 0 };

	if (!doctor->enabled)
		return;
	if (rules_load(doctor->txn, &rules, &why) != FAULT_NONE)
		report_fault(doctor, FINDING_ERROR, "policy", &why);
	for (size_t i = 0; i < rules.services.count; i++)
		if (!is_looked_at(rules.services.item[i]))
			check_service(doctor, rules.services.item[i]);
	rules_clear(&rules);
}

/* ---- sudo ---------------------------------------------------------------------------------- */

/* The worst of the drop-in; a good finding when there is nothing. */
static void
report_drop_in(struct doctor *doctor, const struct sudoers_state *state)
{
	static const char check[] = "sudoers", only[] = "root alone can run hexa-admin";

	if (!state->sudo && !state->there)
		report(doctor, FINDING_WARNING, check, NULL,
		    "sudo is not installed: %s; install it where others are to", only);
	else if (!state->there)
		report(doctor, FINDING_ERROR, check,
		    host_has_authselect(doctor->root)
		        ? "echo '%" ADMINS_GROUP " ALL=(root) /usr/sbin/hexa-admin' | "
		          "install -m 0440 /dev/stdin " SUDOERS_FILE
		        : ENABLE,
		    "%s is not there: %s", SUDOERS_FILE, only);
	else if (!state->trusted)
		report(doctor, FINDING_ERROR, check,
		    "chown root:root " SUDOERS_FILE " && chmod 440 " SUDOERS_FILE,
		    "%s is somebody else's than root's, or may be written by others, so sudo does "
		    "not "
		    "take it: %s", SUDOERS_FILE, only);
	else if (!state->included)
		report(doctor, FINDING_ERROR, check, "visudo",
		    "/etc/sudoers does not say `@includedir /etc/sudoers.d`, so sudo does not read "
		    "%s: %s", SUDOERS_FILE, only);
	else if (state->changed)
		report(doctor, FINDING_WARNING, check, "rm " SUDOERS_FILE " && " ENABLE,
		    "%s was changed by hand: what it lets whom do is not Hexa's any more",
		    SUDOERS_FILE);
	else if (!state->strict)
		report(doctor, FINDING_WARNING, check, "chmod 440 " SUDOERS_FILE,
		    "%s has another mode than 0440, which visudo finds fault with", SUDOERS_FILE);
	else
		report(doctor, FINDING_GOOD, check, NULL,
		    "sudo lets those who may act on Hexa run hexa-admin");
}

void
check_sudoers(struct doctor *doctor)
{
	struct sudoers_state state = { 0 };
	struct why why = { 0 };
	enum fault fault;

	if (!doctor->enabled)
		return;
	fault = sudoers_group_is_free(doctor->root, &why);
	if (fault == FAULT_NONE)
		fault = sudoers_look(doctor->root, &state, &why);
	if (fault != FAULT_NONE)
		report_fault(doctor, FINDING_ERROR, "sudoers", &why);
	else
		report_drop_in(doctor, &state);
}
