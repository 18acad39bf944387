/*
 * doctor.c - runs the checks, one after the other.
 *
 * Those that need the database run in a child: liblmdb may end the process that reads a damaged
 * one, and that it does is what the doctor is asked for.
 */
#include "accounts/doctor.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "accounts/doctor_checks.h"

/* In the order in which a person would mend: what others rest on comes first. */
static void (*const checks[])(struct doctor *) = {
	check_parts,
	check_modes,
	check_leftovers,
	check_space,
	check_format,
	check_enabled,
	check_nsswitch,
	check_pam,
	check_services,
	check_sudoers,
	check_sshd_pam,
	check_sshd_keys,
	check_confinement,
	check_writer,
};

static void (*const database_checks[])(struct doctor *) = {
	check_journal,
	check_indexes,
	check_current,
	check_clock,
	check_compiled,
	check_roles,
	check_reserved_names,
	check_unix_groups,
	check_local_users,
	check_ids,
	check_ranges,
	check_users,
	check_keys,
	check_documents,
	check_named_services,
	check_sshd_match,
	check_nscd,
};

void
report(struct doctor *doctor, enum severity severity, const char *check, const char *mend,
    const char *format, ...)
{
	struct finding finding = { .severity = severity };
	va_list arguments;

	snprintf(finding.check, sizeof(finding.check), "%s", check);
	snprintf(finding.mend, sizeof(finding.mend), "%s", mend != NULL ? mend : "");
	snprintf(finding.service, sizeof(finding.service), "%s",
	    doctor->service != NULL ? doctor->service : "");
	va_start(arguments, format);
	vsnprintf(finding.text, sizeof(finding.text), format, arguments);
	va_end(arguments);
	doctor->tell(doctor->context, &finding);
}

void
report_fault(struct doctor *doctor, enum severity severity, const char *check,
    const struct why *why)
{
	const char *mend = why->mend;

	if (*mend == '\0' && store_tells_damage(why))
		mend = RESTORE;
	if (why->line > 0)
		report(doctor, severity, check, mend, "%s (line %u)", why->text, why->line);
	else
		report(doctor, severity, check, mend, "%s", why->text);
}

/* ---- in the child -------------------------------------------------------------------------- */

/* Seconds for all that is read of the database, or until it comes on with the indexes. */
enum { DATABASE_LIMIT = 60 };

void
doctor_at_work(void)
{
	alarm(DATABASE_LIMIT);
}

/* A finding with no check is the last word: without it the child did not come to its end. */
static void
relay(void *context, const struct finding *finding)
{
	const int *output = context;

	/* Below PIPE_BUF, so it is written whole; who listens no more is gone. */
	if (write(*output, finding, sizeof(*finding)) != (ssize_t)sizeof(*finding))
		_exit(1);
}

static void
open_database(struct doctor *doctor)
{
	struct why why = { 0 };

	if (store_open(doctor->root, STORE_READ_ONLY, &doctor->store, &why) != FAULT_NONE ||
	    store_read_begin(doctor->store, &doctor->txn, &why) != FAULT_NONE) {
		host_mend_missing(doctor->root, &why);
		report_fault(doctor, FINDING_ERROR, "database", &why);
		return;
	}
	report(doctor, FINDING_GOOD, "database", NULL, "opens, and its schema is this Hexa's");
}

static _Noreturn void
check_database(const struct doctor *parent, int output)
{
	const struct finding last = { .check = "" };
	struct doctor doctor = *parent;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	/* Its last words would be the parent's, which says them better. */
	if (null >= 0)
		dup2(null, STDERR_FILENO);
	signal(SIGALRM, SIG_DFL);
	doctor_at_work();
	doctor.tell = relay;
	doctor.context = &output;
	check_pages(&doctor);
	open_database(&doctor);
	for (size_t i = 0; i < sizeof(database_checks) / sizeof(database_checks[0]); i++)
		if (doctor.txn != NULL)
			database_checks[i](&doctor);
	store_end(doctor.txn);
	store_close(doctor.store);
	relay(&output, &last);
	_exit(0);
}

/* ---- and here ------------------------------------------------------------------------------ */

/* True for a whole finding. */
static bool
read_finding(int fd, struct finding *finding)
{
	size_t have = 0;

	while (have < sizeof(*finding)) {
		ssize_t got = read(fd, (char *)finding + have, sizeof(*finding) - have);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		have += (size_t)got;
	}
	finding->check[sizeof(finding->check) - 1] = '\0';
	finding->text[sizeof(finding->text) - 1] = '\0';
	finding->mend[sizeof(finding->mend) - 1] = '\0';
	finding->service[sizeof(finding->service) - 1] = '\0';
	return true;
}

static void
ask_child(struct doctor *doctor)
{
	struct finding finding;
	int ends[2];
	bool whole = false;
	pid_t pid = -1;

	if (pipe2(ends, O_CLOEXEC) == 0) {
		pid = fork();
		if (pid == 0)
			check_database(doctor, ends[1]);
		close(ends[1]);
		while (pid > 0 && !whole && read_finding(ends[0], &finding)) {
			whole = finding.check[0] == '\0';
			if (!whole)
				doctor->tell(doctor->context, &finding);
		}
		close(ends[0]);
	}
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	if (pid < 0)
		report(doctor, FINDING_ERROR, "database", NULL, "it cannot be looked at: %s",
		    strerror(errno));
	else if (!whole)
		report(doctor, FINDING_ERROR, "database", RESTORE,
		    "it is damaged: who reads it is ended, or waits for ever, so nobody of Hexa's can "
		    "log in and nothing can be changed; put a backup in its place");
}

enum fault
doctor_run(const char *root, void (*tell)(void *context, const struct finding *), void *context,
    struct why *why)
{
	struct doctor doctor = { .root = root, .tell = tell, .context = context };

	(void)why;
	doctor.enabled = host_looks_enabled(root);
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
		checks[i](&doctor);
	ask_child(&doctor);
	return FAULT_NONE;
}
