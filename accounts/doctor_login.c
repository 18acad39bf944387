/*
 * doctor_login.c - what this host has to say of one user's login: for `user check`.
 */
#include <stdio.h>
#include <string.h>

#include "accounts/adopt.h"
#include "accounts/doctor_checks.h"
#include "accounts/doctor_person.h"
#include "accounts/host_account.h"
#include "accounts/services.h"

/* Those of the doctor's checks that every login comes by. */
static void (*const general[])(struct doctor *) = {
	check_parts,
	check_directory,
	check_space,
	check_nsswitch,
	check_pam,
	check_confinement,
	check_writer,
	check_current,
	check_clock,
};

struct look {
	struct doctor doctor;
	const struct doctor_login *login;
	void (*tell)(void *context, const struct finding *finding);
	void *context;
};

static void
tell_bad(void *context, const struct finding *finding)
{
	struct look *look = context;

	/* Another tree may be one that is being made, and nobody logs in to. */
	if (look->login->root[0] != '\0' && !look->doctor.enabled)
		return;
	if (finding->severity != FINDING_GOOD)
		look->tell(look->context, finding);
}

/* ---- the account --------------------------------------------------------------------------- */

/* An adoption that is not finished is told by the review itself. */
static void
look_at_namesakes(struct look *look)
{
	const struct user *user = look->login->user;
	struct unfinished unfinished;
	char mend[WHY_MEND_MAX];
	struct why why = {0};
	char local[HOST_LOCAL_BYTES];

	if (adoption_is_unfinished(look->doctor.root, user, look->login->now, &unfinished))
		return;
	if (host_local_user(look->doctor.root, user->name, user->uid, local, &why) != FAULT_NONE)
		report_fault(&look->doctor, FINDING_WARNING, "local-users", &why);
	else if (local[0] != '\0' && strcmp(local, user->name) != 0) {
		mend_by_uid(&look->doctor, local, mend);
		report(&look->doctor, FINDING_ERROR, "local-users", mend,
		    "/etc/passwd has a user %s with the uid %lu of %s, who is refused: they would "
		    "be one to the kernel; give one of them another.  usermod takes the home "
		    "along, and no other files: find / -uid %lu finds those, before they are %s's",
		    local, (unsigned long)user->uid, user->name, (unsigned long)user->uid,
		    user->name);
	} else if (local[0] != '\0') {
		mend_by_rename(&look->doctor, user->name, mend);
		report(&look->doctor, FINDING_ERROR, "local-users", mend,
		    "/etc/passwd has a user %s of its own, with another uid: that one alone logs "
		    "in",
		    user->name);
	}
}

/* A uid stays; who has it elsewhere is given another there. */
static void
look_at_other_sources(struct look *look)
{
	const struct user *user = look->login->user;
	char other[WHY_FIELD_MAX], mend[WHY_MEND_MAX];
	struct why why = {0};

	if (host_others_know(look->doctor.root, user->name, user->uid, other, &why) != FAULT_NONE) {
		report_fault(&look->doctor, FINDING_WARNING, "other-sources", &why);
	} else if (strcmp(other, user->name) == 0) {
		mend_by_rename(&look->doctor, user->name, mend);
		report(&look->doctor, FINDING_ERROR, "other-sources", mend,
		    "another source of nsswitch.conf, which is asked first, knows a user %s with "
		    "another uid", user->name);
	} else if (other[0] != '\0') {
		report(&look->doctor, FINDING_ERROR, "other-sources", NULL,
		    "another source of nsswitch.conf, which is asked first, knows the uid %lu of "
		    "%s as %.64s: give that one another uid there", (unsigned long)user->uid,
		    user->name, other);
	}
}

/* Programs that end whatever session begins with them. */
static bool
is_no_shell(const char *shell)
{
	const char *name = strrchr(shell, '/');

	name = name == NULL ? shell : name + 1;
	return strcmp(name, "nologin") == 0 || strcmp(name, "false") == 0;
}

/* Jobs are run by a shell of cron's own. */
static bool
asks_for_sessions(const struct look *look)
{
	const struct names *services = look->login->services;

	for (size_t i = 0; i < services->count; i++)
		if (!service_runs_jobs(services->item[i]))
			return true;
	return false;
}

static void
look_at_places(struct look *look)
{
	const struct user *user = look->login->user;
	char mend[WHY_MEND_MAX];
	struct place_fault fault;

	fault.check = NULL;
	if (asks_for_sessions(look))
		shell_look(look->doctor.root, user, &fault);
	if (fault.check != NULL) {
		report(&look->doctor, FINDING_ERROR, fault.check, fault.mend, "%s", fault.text);
	} else if (asks_for_sessions(look) && user->shell != NULL && is_no_shell(user->shell)) {
		snprintf(mend, sizeof(mend), "hexa-admin user edit %.64s --shell /bin/bash",
		    user->name);
		report(&look->doctor, FINDING_WARNING, "shells", mend,
		    "their shell is %.128s, which ends every session at once", user->shell);
	}
	home_look(look->doctor.root, look->login->for_root, user, &fault);
	if (fault.check != NULL &&
	    (strcmp(fault.check, "homes") != 0 || !homes_are_made(look->doctor.root)))
		report(&look->doctor, FINDING_WARNING, fault.check, fault.mend, "%s", fault.text);
}

/* ---- services ------------------------------------------------------------------------------ */

static void
report_keyless(struct look *look)
{
	const struct user *user = look->login->user;
	char mend[WHY_MEND_MAX];

	mend_keyless(user, mend);
	report(&look->doctor, FINDING_ERROR, "sshd-password", mend,
	    "sshd takes no passwords, and %s has no key (theirs is read from the terminal)",
	    user->name);
}

/* What sshd says of this user, Match blocks too. */
static enum fault
look_at_sshd(struct look *look, const struct gates *gates, struct why *why)
{
	const struct user *user = look->login->user;
	uint64_t keys = 0;
	enum fault fault = key_count(look->doctor.txn, user->uid, &keys, why);

	if (fault != FAULT_NONE)
		return fault;
	check_sshd_pam(&look->doctor);
	/* What it cannot be asked it finds fault with, and tells there. */
	if (keys > 0 || !gates->has_sshd)
		check_sshd_keys(&look->doctor);
	else if (gates->has_sshd && !gates->settings.password && !gates->settings.keyboard &&
	    !doctor_finds_keys(look->doctor.root, look->login->for_root, user))
		report_keyless(look);
	return FAULT_NONE;
}

static void
look_at_gates(struct look *look, const struct gates *gates, const struct person *person,
    const char *service)
{
	for (size_t i = 0; i < gates->count; i++) {
		const struct gate *gate = &gates->gate[i];
		struct refusal refusal;

		if (names_have_sorted(&gate->services, service) &&
		    gate_refuses(gates, gate, person, &refusal))
			report(&look->doctor, FINDING_ERROR, gate_check(gate->kind), refusal.mend,
			    "at %s they are refused by %s", service, refusal.by);
	}
}

static enum fault
look_at_services(struct look *look, const struct gates *gates, const struct person *person,
    struct why *why)
{
	const struct names *services = look->login->services;
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < services->count; i++) {
		const char *service = services->item[i];

		look->doctor.service = service;
		check_service(&look->doctor, service);
		if (strcmp(service, "sshd") == 0)
			fault = look_at_sshd(look, gates, why);
		look_at_gates(look, gates, person, service);
	}
	look->doctor.service = NULL;
	return fault;
}

static enum fault
look_behind_gates(struct look *look, struct why *why)
{
	const struct doctor_login *login = look->login;
	struct judges judges = {0};
	struct names groups = {0};
	struct gates gates = {0};
	struct person person;
	enum fault fault;

	fault = judges_call(login->root, look->doctor.txn, login->now, &judges, why);
	if (fault == FAULT_NONE)
		fault = judges_groups(&judges, login->user, &groups, why);
	if (fault == FAULT_NONE)
		fault = gates_read(login->root, login->services, login->user->name, &gates, why);
	person = person_of(login->user, &groups);
	if (fault == FAULT_NONE)
		fault = look_at_services(look, &gates, &person, why);
	gates_clear(&gates);
	names_clear(&groups);
	judges_clear(&judges);
	return fault;
}

enum fault
doctor_look(const struct doctor_login *login,
    void (*tell)(void *context, const struct finding *), void *context, struct why *why)
{
	struct look look = {
	    .doctor = {.root = login->root, .tell = tell_bad, .store = login->store},
	    .login = login,
	    .tell = tell,
	    .context = context,
	};
	enum fault fault;

	look.doctor.context = &look;
	check_enabled(&look.doctor);
	if (!look.doctor.enabled)
		return FAULT_NONE;
	fault = store_read_begin(login->store, &look.doctor.txn, why);
	if (fault != FAULT_NONE)
		return fault;
	for (size_t i = 0; i < sizeof(general) / sizeof(general[0]); i++)
		general[i](&look.doctor);
	look_at_namesakes(&look);
	look_at_other_sources(&look);
	check_ids_of(&look.doctor, login->user);
	look_at_places(&look);
	fault = look_behind_gates(&look, why);
	store_end(look.doctor.txn);
	return fault;
}
