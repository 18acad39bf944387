/*
 * doctor_users.c - the doctor's look at what keeps single users out whom Hexa lets in: homes,
 * shells, keys where sshd takes no passwords, and what else on this host says no.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "accounts/doctor_checks.h"
#include "accounts/doctor_person.h"
#include "accounts/hostfile.h"
#include "accounts/shells.h"
#include "policy/bytes.h"

/* Where Debian has what every session goes through, and how large it may be, in bytes. */
#define SESSION_STACK "/etc/pam.d/common-session"
enum { STACK_BYTES = 64 * 1024 };

/* ---- who lacks what ------------------------------------------------------------------------ */

/* A count, the first names, and what mends the first. */
struct lacking {
	unsigned long count;
	char names[160];
	bool is_cut;     /* not all of them stand there */
	char mend[WHY_MEND_MAX];
};

static void
lacking_add(struct lacking *lacking, const char *name, const char *mend)
{
	size_t have = strlen(lacking->names);

	if (lacking->count++ == 0)
		snprintf(lacking->mend, sizeof(lacking->mend), "%s", mend);
	if (sizeof(lacking->names) - have > strlen(name) + 3)
		snprintf(lacking->names + have, sizeof(lacking->names) - have, "%s%s",
		    have > 0 ? ", " : "", name);
	else
		lacking->is_cut = true;
}

static void
report_lacking(struct doctor *doctor, const char *check, const struct lacking *lacking,
    const char *good, const char *what)
{
	if (lacking->count == 0)
		report(doctor, FINDING_GOOD, check, NULL, "%s", good);
	else
		report(doctor, FINDING_WARNING, check, lacking->mend, "%lu %s (%s%s)",
		    lacking->count, what, lacking->names, lacking->is_cut ? ", …" : "");
}

/* ---- homes --------------------------------------------------------------------------------- */

/* What stands at a path of a user's, who may put something else there at any moment. */
struct entry {
	char path[PATH_MAX]; /* with the root */
	struct stat st;
	bool known;          /* st is filled in */
	bool is_link;        /* and is of what it leads to */
};

/*
 * Never waits for an automounter: a home that is not mounted is taken for there, and for well.  What
 * a link leads to may be anything of root's, whether it is there, whose, and with what mode: it is
 * looked at for root alone.
 */
static bool
look_at(const char *root, bool for_root, const char *folder, const char *name, struct entry *entry)
{
	char path[PATH_MAX];

	entry->known = entry->is_link = false;
	if (snprintf(path, sizeof(path), "%s%s", folder, name) >= (int)sizeof(path) ||
	    hostfile_path(root, path, entry->path, NULL) != FAULT_NONE)
		return false;
	entry->known = fstatat(AT_FDCWD, entry->path, &entry->st,
	    AT_NO_AUTOMOUNT | AT_SYMLINK_NOFOLLOW) == 0;
	entry->is_link = entry->known && S_ISLNK(entry->st.st_mode);
	if (entry->is_link && !for_root) {
		entry->known = false;
		return true;
	}
	if (entry->is_link)
		entry->known = fstatat(AT_FDCWD, entry->path, &entry->st, AT_NO_AUTOMOUNT) == 0;
	return entry->known || (errno != ENOENT && errno != ENOTDIR);
}

/* An account that no person logs in by may have a folder of root's. */
static bool
may_be_roots(const struct user *user)
{
	return user->type == USER_SYSTEM || user->type == USER_INTEGRATION;
}

/*
 * Done as the user, for what is there by then is theirs to choose.  A process of theirs is in their
 * hands while it runs, with all that it has (pidfd_getfd(2), proc(5)), and it runs for as long as a
 * file system of theirs likes: so it has nothing of root's, no terminal (into which it could type as
 * well, TIOCSTI), no environment, no folder that it stands in.
 */
static void
mend_as_user(const struct user *user, const char *command, const char *path,
    char mend[WHY_MEND_MAX])
{
	struct bytes line = {0};

	bytes_print(&line,
	    "env -iC / setsid -w setpriv --reuid %lu --regid %lu --clear-groups %s ",
	    (unsigned long)user->uid, (unsigned long)user->gid, command);
	bytes_put_quoted(&line, path);
	bytes_print(&line, " </dev/null >/dev/null 2>&1");
	bytes_take_into(&line, mend, WHY_MEND_MAX);
}

/* No command gives them what is another's: whoever chose the path would have it for the asking. */
static void
look_at_owner(const struct user *user, const char *name, const struct entry *entry,
    struct place_fault *fault)
{
	const struct stat *st = &entry->st;
	bool is_roots = st->st_uid == 0 && may_be_roots(user);

	if (st->st_uid != user->uid && !is_roots) {
		fault->check = "home-owner";
		snprintf(fault->text, sizeof(fault->text),
		    "%s%s is %suid %u's: they cannot write there, and that one can read and change "
		    "it; see what it is before it becomes theirs",
		    user->home, name, entry->is_link ? "a link to what is " : "",
		    (unsigned)st->st_uid);
	} else if ((st->st_mode & (S_IWGRP | S_IWOTH)) != 0 && !is_roots) {
		fault->check = "home-mode";
		snprintf(fault->text, sizeof(fault->text),
		    "%s%s %s written by others (mode %04o): they can become this user, and sshd "
		    "takes no keys from it", user->home, name,
		    entry->is_link ? "is a link to what may be" : "may be",
		    (unsigned)(st->st_mode & 07777));
		mend_as_user(user, "chmod go-w", entry->path, fault->mend);
	}
}

/* As sshd's StrictModes has them. */
void
home_look(const char *root, bool for_root, const struct user *user, struct place_fault *fault)
{
	static const char *const names[] = {"", "/.ssh", "/.ssh/authorized_keys"};
	struct entry entry;

	*fault = (struct place_fault){0};
	if (user->home == NULL)
		return;
	if (!look_at(root, for_root, user->home, "", &entry)) {
		fault->check = "homes";
		snprintf(fault->text, sizeof(fault->text),
		    "%s is not there: a session begins in /", user->home);
		snprintf(fault->mend, sizeof(fault->mend), "pam-auth-update --enable mkhomedir");
		return;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && fault->check == NULL; i++) {
		if (i > 0)
			look_at(root, for_root, user->home, names[i], &entry);
		if (!entry.known)
			return;
		look_at_owner(user, names[i], &entry, fault);
	}
}

bool
homes_are_made(const char *root)
{
	static const char *const modules[] = {"pam_mkhomedir.so", "pam_oddjob_mkhomedir.so"};
	char *text = NULL, *rest, *line;
	size_t size = 0;
	bool made = false;

	if (hostfile_read(root, SESSION_STACK, STACK_BYTES, &text, &size, NULL) != FAULT_NONE)
		return false;
	rest = text;
	while (!made && (line = strsep(&rest, "\n")) != NULL) {
		line[strcspn(line, "#")] = '\0';
		for (size_t i = 0; i < sizeof(modules) / sizeof(modules[0]); i++)
			made |= strstr(line, modules[i]) != NULL;
	}
	free(text);
	return made;
}

bool
doctor_finds_keys(const char *root, bool for_root, const struct user *user)
{
	static const char *const names[] = {"", "/.ssh", "/.ssh/authorized_keys"};
	struct entry entry = {.known = user->home != NULL};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && entry.known; i++)
		look_at(root, for_root, user->home, names[i], &entry);
	return entry.known && entry.st.st_size > 0;
}

static void
report_homes(struct doctor *doctor, const struct lacking *homes)
{
	if (homes->count > 0 && homes_are_made(doctor->root))
		report(doctor, FINDING_GOOD, "homes", NULL,
		    "%lu will be made at a first login (pam_mkhomedir)", homes->count);
	else
		report_lacking(doctor, "homes", homes, "every active user has one",
		    "active users without a home yet: they would begin in /");
}

/* ---- shells -------------------------------------------------------------------------------- */

void
shell_look(const char *root, const struct user *user, struct place_fault *fault)
{
	*fault = (struct place_fault){0};
	if (user->shell == NULL || shell_is_program(root, user->shell))
		return;
	fault->check = "shells";
	snprintf(fault->text, sizeof(fault->text),
	    "%s is no program of this host: sshd refuses them, and no session of theirs begins",
	    user->shell);
	snprintf(fault->mend, sizeof(fault->mend), "hexa-admin user edit %s --shell /bin/sh",
	    user->name);
}

/* ---- all of them --------------------------------------------------------------------------- */

struct survey {
	struct doctor *doctor;
	struct judges judges;
	struct gates gates;
	struct lacking *behind; /* one for each gate: whom it refuses */
	bool only_keys;         /* sshd takes no passwords */
	struct lacking homes, owners, modes, shells, keyless;
	char shell[256];        /* the one that was looked at last, and was well */
};

static void
survey_home(struct survey *survey, const struct user *user)
{
	struct place_fault fault;

	home_look(survey->doctor->root, true, user, &fault);
	if (fault.check == NULL)
		return;
	lacking_add(strcmp(fault.check, "homes") == 0 ? &survey->homes
	    : strcmp(fault.check, "home-owner") == 0 ? &survey->owners : &survey->modes,
	    user->name, fault.mend);
}

static void
survey_shell(struct survey *survey, const struct user *user)
{
	struct place_fault fault;

	if (user->shell == NULL || strcmp(user->shell, survey->shell) == 0)
		return;
	shell_look(survey->doctor->root, user, &fault);
	if (fault.check != NULL)
		lacking_add(&survey->shells, user->name, fault.mend);
	else
		snprintf(survey->shell, sizeof(survey->shell), "%s", user->shell);
}

void
mend_keyless(const struct user *user, char mend[WHY_MEND_MAX])
{
	snprintf(mend, WHY_MEND_MAX, "hexa-admin key add %.64s -", user->name);
}

static enum fault
survey_keys(struct survey *survey, const struct user *user, struct why *why)
{
	static char sshd[] = "sshd";
	static char *services[] = {sshd};
	const struct names only_sshd = {services, 1};
	char mend[WHY_MEND_MAX];
	uint64_t count = 0;
	bool is_let_in = false;
	enum fault fault;

	if (!survey->only_keys)
		return FAULT_NONE;
	fault = key_count(survey->doctor->txn, user->uid, &count, why);
	if (fault != FAULT_NONE || count > 0 || doctor_finds_keys(survey->doctor->root, true, user))
		return fault;
	fault = judges_let_in(&survey->judges, user, &only_sshd, &is_let_in, why);
	if (fault == FAULT_NONE && is_let_in) {
		mend_keyless(user, mend);
		lacking_add(&survey->keyless, user->name, mend);
	}
	return fault;
}

/* Whom Hexa lets in, and a gate does not. */
static enum fault
survey_gates(struct survey *survey, const struct user *user, struct why *why)
{
	struct person person;
	struct names groups = {0};
	struct refusal refusal;
	bool is_let_in;
	enum fault fault;

	if (survey->gates.count == 0)
		return FAULT_NONE;
	fault = judges_groups(&survey->judges, user, &groups, why);
	person = person_of(user, &groups);
	for (size_t i = 0; fault == FAULT_NONE && i < survey->gates.count; i++) {
		const struct gate *gate = &survey->gates.gate[i];

		if (gate->kind == GATE_NOLOGIN ||
		    !gate_refuses(&survey->gates, gate, &person, &refusal))
			continue;
		fault = judges_let_in(&survey->judges, user, &gate->services, &is_let_in, why);
		if (fault == FAULT_NONE && is_let_in)
			lacking_add(&survey->behind[i], user->name, refusal.mend);
	}
	names_clear(&groups);
	return fault;
}

static enum fault
survey_all(struct survey *survey, struct why *why)
{
	struct user user = {0};
	enum fault fault = FAULT_NONE;
	uint32_t uid = 0;

	while (fault == FAULT_NONE &&
	    (fault = user_next(survey->doctor->txn, uid, &user, why)) == FAULT_NONE) {
		uid = user.uid;
		if (user.status != STATUS_ACTIVE)
			continue;
		survey_home(survey, &user);
		survey_shell(survey, &user);
		fault = survey_keys(survey, &user, why);
		if (fault == FAULT_NONE)
			fault = survey_gates(survey, &user, why);
		if (uid % 1024 == 0)
			doctor_at_work();
	}
	user_clear(&user);
	return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
}

/* The check's word, and what goes on from "refused by": many users are told of together. */
static const struct {
	const char *check;
	const char *by;
} gate_words[] = {
	[GATE_NOLOGIN] = {"nologin", "pam_nologin of "},
	[GATE_ACCESS] = {"pam-access", "pam_access of "},
	[GATE_SUCCEED_IF] = {"pam-succeed-if", "pam_succeed_if of "},
	[GATE_LISTFILE] = {"pam-listfile", "pam_listfile of "},
	[GATE_SHELLS] = {"pam-shells", "pam_shells, which goes by /etc/shells, of "},
	[GATE_SSHD] = {"sshd-access", "its own lists (AllowUsers and the like)"},
};

const char *
gate_check(enum gate_kind kind)
{
	return gate_words[kind].check;
}

static void
report_gate(struct survey *survey, const struct gate *gate, const struct lacking *behind)
{
	const char *service = gate->services.count > 0 ? gate->services.item[0] : "";
	char what[384], mend[WHY_MEND_MAX];

	if (gate->kind == GATE_NOLOGIN) {
		gate_mend("rm", gate->file, mend);
		report(survey->doctor, FINDING_WARNING, gate_check(gate->kind), mend,
		    "%s is there: pam_nologin lets in root alone (service %s%s)", gate->file,
		    service, gate->services.count > 1 ? ", …" : "");
	} else if (behind->count > 0) {
		snprintf(what, sizeof(what),
		    "active users whom Hexa lets in by %.64s%s are refused by %s%s", service,
		    gate->services.count > 1 ? " and others" : "", gate_words[gate->kind].by,
		    gate->place);
		report_lacking(survey->doctor, gate_check(gate->kind), behind, "", what);
	}
}

static void
report_survey(struct survey *survey)
{
	struct doctor *doctor = survey->doctor;
	bool good = true;

	report_homes(doctor, &survey->homes);
	report_lacking(doctor, "home-owner", &survey->owners, "each home is its user's",
	    "active users whose home, or .ssh in it, is somebody else's: they cannot write there, "
	    "and "
	    "that one can read and change it; `hexa-admin user check` tells which");
	report_lacking(doctor, "home-mode", &survey->modes, "no home may be written by others",
	    "active users whose home, or .ssh in it, others may write to: they can become that "
	    "user, "
	    "and sshd takes no keys from there");
	report_lacking(doctor, "shells", &survey->shells, "every active user has one",
	    "active users with a shell that is no program of this host: they cannot log in");
	for (size_t i = 0; i < survey->gates.count; i++) {
		good &= survey->gates.gate[i].kind != GATE_NOLOGIN &&
		    survey->behind[i].count == 0;
		report_gate(survey, &survey->gates.gate[i], &survey->behind[i]);
	}
	if (good)
		report(doctor, FINDING_GOOD, "gates", NULL,
		    "nothing else on this host refuses whom Hexa lets in");
	if (survey->only_keys)
		report_lacking(doctor, "sshd-password", &survey->keyless,
		    "sshd takes no passwords, and every active user who may log in by it has a key",
		    "active users have no key, and sshd takes no passwords: they cannot log in by "
		    "it; a key is read from the terminal");
}

static enum fault
survey_begin(struct survey *survey, struct why *why)
{
	struct doctor *doctor = survey->doctor;
	const struct sshd_settings *sshd = &survey->gates.settings;
	struct names services = {0};
	enum fault fault = judges_call(doctor->root, doctor->txn, (int64_t)time(NULL),
	    &survey->judges, why);

	if (fault != FAULT_NONE || !doctor->enabled)
		return fault;
	fault = judges_services(&survey->judges, &services, why);
	if (fault == FAULT_NONE)
		fault = gates_read(doctor->root, &services, NULL, &survey->gates, why);
	names_clear(&services);
	survey->only_keys = survey->gates.has_sshd && !sshd->password && !sshd->keyboard;
	if (fault == FAULT_NONE && survey->gates.count > 0 &&
	    (survey->behind = calloc(survey->gates.count, sizeof(*survey->behind))) == NULL)
		fault = why_memory(why);
	return fault;
}

void
check_users(struct doctor *doctor)
{
	struct survey survey = {.doctor = doctor};
	struct why why = {0};
	enum fault fault = survey_begin(&survey, &why);

	if (fault == FAULT_NONE)
		fault = survey_all(&survey, &why);
	if (fault == FAULT_NONE)
		report_survey(&survey);
	else
		report_fault(doctor, FINDING_ERROR, "users", &why);
	free(survey.behind);
	gates_clear(&survey.gates);
	judges_clear(&survey.judges);
}
