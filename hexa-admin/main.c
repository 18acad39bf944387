/*
 * main.c - hexa-admin: what every command needs is set up here, and what came of it is said here.
 */
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "accounts/place.h"
#include "hexa-admin/grid.h"
#include "hexa-admin/help.h"
#include "hexa-admin/line.h"
#include "hexa-admin/print.h"
#include "policy/text.h"
#include "store/crypto.h"
#include "store/db.h"
#include "store/publish.h"

enum { EXIT_USAGE = 2, EXIT_UNAVAILABLE = 7 };

/* What says where a database is damaged, and what mends that. */
#define LOOK "hexa-admin doctor"

/* ---- the process -------------------------------------------------------------------------- */

/*
 * A file that is opened must never come to be stdout or stderr.  In the place of a stdout that was
 * closed stands one that cannot be written to, so that print_close() hears of what is lost.
 */
static bool
fill_descriptors(void)
{
	int fd;

	do {
		bool next_is_stdout = fcntl(STDIN_FILENO, F_GETFD) >= 0 &&
		    fcntl(STDOUT_FILENO, F_GETFD) < 0;

		fd = open("/dev/null", next_is_stdout ? O_RDONLY : O_RDWR);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd < 0)
		return false;
	close(fd);
	return true;
}

static bool
process_start(void)
{
	if (!fill_descriptors())
		return false;
	umask(077);
	/* Hashes pass through this process: no core, and nobody else reads its memory. */
	prctl(PR_SET_DUMPABLE, 0);
	/* A write beyond a limit, or to nobody, is an error to be told; not an end in mid-work. */
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	/* What became of a program that is run is asked, though whoever started this one never does. */
	signal(SIGCHLD, SIG_DFL);
	/* Who has another encoding has lines drawn in ASCII. */
	setlocale(LC_CTYPE, "");
	grid_draw(strcmp(nl_langinfo(CODESET), "UTF-8") == 0);
	/* Hexa's texts are UTF-8 wherever it runs; the locale only says how wide characters are. */
	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		setlocale(LC_CTYPE, "");
	db_end_on_damage("hexa-admin", EXIT_UNAVAILABLE, NULL);
	return true;
}

/* The audit login uid of this session, which sudo does not change; 4294967295: none. */
static uint32_t
login_uid(void)
{
	char text[16] = "";
	uint64_t uid = UINT32_MAX;
	int fd = open("/proc/self/loginuid", O_RDONLY | O_CLOEXEC);
	ssize_t size = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		close(fd);
	if (size <= 0)
		return UINT32_MAX;
	text[strcspn(text, "\n")] = '\0';
	return text_to_number(text, UINT32_MAX, &uid) ? (uint32_t)uid : UINT32_MAX;
}

/* ---- what a command needs ----------------------------------------------------------------- */

/* What whoever meets a damaged database is to type, as it must be typed here. */
static void
advise_of_damage(const struct call *call)
{
	static char advice[2048];
	FILE *stream = call_has(call, OPTION_QUIET) ? NULL
	                                            : fmemopen(advice, sizeof(advice), "w");

	if (stream == NULL)
		return;
	print_mend(stream, LOOK);
	if (fclose(stream) == 0)
		db_end_on_damage("hexa-admin", EXIT_UNAVAILABLE, advice);
}

/* "" for this host, or the --root folder without a last slash. */
static enum fault
resolve_root(struct call *call, struct why *why)
{
	const char *folder = call->option[OPTION_ROOT];
	call->root = folder == NULL ? strdup("") : realpath(folder, NULL);
	if (call->root == NULL && folder == NULL)
		return why_memory(why);
	if (call->root == NULL)
		return call_misuse(call, why, "--root %.200s: %s", folder, strerror(errno));
	if (strcmp(call->root, "/") == 0)
		*call->root = '\0';
	print_for_root(call->root);
	advise_of_damage(call);
	return FAULT_NONE;
}

/*
 * Who was killed between the database's commit and the directory's has left them apart, and whoever
 * changed /etc/group knows nothing of unix-groups; whoever comes next brings them together.  Not
 * being able to is said, and stops nobody from mending it.
 */
static void
catch_up(struct call *call)
{
	struct why why = {0};
	bool current = false;
	enum fault fault = publish_is_current(call->admin.store, call->admin.now, &current, &why);

	if (fault == FAULT_NONE &&
	    (!current || publish_is_overdue(call->admin.store, call->admin.now)))
		fault = publish(call->admin.store, call->admin.now, &why);
	if (fault != FAULT_NONE)
		print_fault(&why, "the directory is behind the database", false);
}

static void
log_committed(void *call)
{
	call_log(call);
}

static enum fault
open_admin(struct call *call, const struct caller *caller, struct why *why)
{
	const struct command *command = call->command;
	unsigned flags = command->need == NEED_READ ? STORE_READ_ONLY : 0;
	enum fault fault;

	fault = admin_open(&call->admin, call->root, caller, flags, (int64_t)time(NULL), why);
	if (fault != FAULT_NONE)
		return fault;
	call->is_open = true;
	call->admin.committed = log_committed;
	call->admin.committed_context = call;
	catch_up(call);
	call->admin.insist = call_has(call, OPTION_YES);
	if (command->root_only)
		return admin_needs_root(&call->admin, why);
	return command->permission == NULL ? FAULT_NONE
	                                   : admin_needs(&call->admin, command->permission, why);
}

/* What is not to be had is done without, in silence; nothing is caught up with. */
static void
open_if_there(struct call *call, const struct caller *caller)
{
	struct why why = {0};

	if (caller->uid == 0 && admin_open(&call->admin, call->root, caller, STORE_READ_ONLY,
	        (int64_t)time(NULL), &why) == FAULT_NONE)
		call->is_open = true;
}

/*
 * Who is not root asks the helper about themself (self.h): nothing is opened for them.  The options
 * that are root's would have to be the helper's too.
 */
static enum fault
prepare_by_self(struct call *call, struct why *why)
{
	static const enum option_id roots[] = {OPTION_ROOT, OPTION_AS};

	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++)
		if (call_has(call, roots[i]))
			return why_set(why, FAULT_DENIED, "--%s is for root alone",
			    roots[i] == OPTION_ROOT ? "root" : "as");
	call->admin.now = (int64_t)time(NULL);
	return resolve_root(call, why);
}

/* As it is written: what a folder leads to is looked up by root's rights, and not for everybody. */
static bool
names_other_tree(const struct call *call)
{
	return call_has(call, OPTION_ROOT) && strcmp(call->option[OPTION_ROOT], "/") != 0;
}

/* Sets up what the command's row says that it needs. */
static enum fault
prepare(struct call *call, struct why *why)
{
	char place[256];
	const struct caller caller = {
	    .uid = getuid(),
	    .sudo_uid = getenv("SUDO_UID"),
	    .login_uid = login_uid(),
	    .from = place,
	    .as = call->option[OPTION_AS],
	};
	enum fault fault;

	if (call->command->by_self && caller.uid != 0)
		return prepare_by_self(call, why);
	call->bound = admin_may_leave(&caller, true, NULL) != FAULT_NONE;
	fault = admin_may_leave(&caller, names_other_tree(call), why);
	if (fault == FAULT_NONE)
		fault = resolve_root(call, why);
	place_find(place, sizeof(place));
	call->visual = getenv("VISUAL");
	call->editor = getenv("EDITOR");
	if (fault == FAULT_NONE)
		fault = crypto_start(why);
	if (fault != FAULT_NONE)
		return fault;
	switch (call->command->need) {
	case NEED_NOTHING:
		if (!call->command->root_only)
			return FAULT_NONE;
		call->admin.now = (int64_t)time(NULL);
		return admin_is_root(call->root, &caller, call->admin.now, &call->admin.actor, why);
	case NEED_READ:
	case NEED_WRITE:
		return open_admin(call, &caller, why);
	case NEED_IF_THERE:
		open_if_there(call, &caller);
		return FAULT_NONE;
	}
	return why_set(why, FAULT_UNAVAILABLE, "this command's needs are unknown");
}

/* ---- what came of it ---------------------------------------------------------------------- */

static void
report(const struct call *call, const struct why *why)
{
	print_fault(why, call->misused ? NULL : call->file, !call_has(call, OPTION_QUIET));
	if (!call->misused || call->command == NULL)
		return;
	fputs("usage: ", stderr);
	help_synopsis(stderr, call->command);
	fputc('\n', stderr);
}

static int
exit_status(const struct call *call, enum fault fault)
{
	return call->misused ? EXIT_USAGE : fault_exit_status(fault);
}

static enum fault
run(int argc, char **argv, struct call *call, struct why *why)
{
	enum fault fault = line_read(argc, argv, call, why);

	if (fault == FAULT_NONE)
		fault = prepare(call, why);
	if (fault == FAULT_NONE)
		fault = call->command->run(call, why);
	if (fault == FAULT_UNAVAILABLE && why->mend[0] == '\0' && store_tells_damage(why))
		why_mend(why, LOOK);
	return fault;
}

static enum fault
finish_output(enum fault fault)
{
	struct why why = {0};

	if (print_close(&why) == FAULT_NONE)
		return fault;
	if (why.text[0] != '\0')
		print_fault(&why, NULL, true);
	return fault == FAULT_NONE ? FAULT_UNAVAILABLE : fault;
}

int
main(int argc, char **argv)
{
	struct call call = {0};
	struct why why = {0};
	enum fault fault;
	int status;

	if (!process_start())
		return EXIT_UNAVAILABLE;
	fault = run(argc, argv, &call, &why);
	if (call.is_open) {
		if (fault == FAULT_NONE)
			call_tell_notices(&call);
		admin_close(&call.admin);
	}
	if (fault != FAULT_NONE && !call.told)
		report(&call, &why);
	fault = finish_output(fault);
	status = exit_status(&call, fault);
	line_clear(&call);
	free(call.root);
	return status;
}
