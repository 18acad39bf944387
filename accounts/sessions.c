/*
 * sessions.c - finding a user's processes and ending them.  Whose they are is not trusted: they may
 * fork, ignore, stop and pretend as much as they like.
 */
#include "accounts/sessions.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/magic.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "accounts/waiting.h"

enum {
	PROC_FILE_BYTES = 4096, /* more than `stat` and what is looked at of `status` */
	KIN_MAX = 512,          /* processes that this one runs under */
	HELD_MAX = 256,         /* whose end is awaited at a time */
	PAUSE_MS = 50,          /* when there is none to wait for */
};

/* One process, which a pid alone is not. */
struct process {
	pid_t pid;
	unsigned long long start;
};

struct hunt {
	uint32_t uid;
	DIR *proc;
	pid_t kin[KIN_MAX]; /* this process, the one it runs under, … */
	size_t kin_count;
	struct process *seen; /* all that were found, by pid */
	size_t seen_count, seen_room;
	struct pollfd held[HELD_MAX];
	size_t held_count;
	size_t found;  /* of the newest look: theirs that are to be ended */
	size_t spared; /* and theirs that are not */
	int error;     /* why the newest signal did not go */
};

/* ---- descriptors -------------------------------------------------------------------------- */

static void
let_go(struct hunt *hunt)
{
	while (hunt->held_count > 0)
		close(hunt->held[--hunt->held_count].fd);
}

/* Whom there is no descriptor left for is waited for another time. */
static bool
made_room(struct hunt *hunt)
{
	bool held = hunt->held_count > 0;

	let_go(hunt);
	return held;
}

static int
open_about(struct hunt *hunt, const char *path)
{
	int fd = openat(dirfd(hunt->proc), path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 && errno == EMFILE && made_room(hunt))
		fd = openat(dirfd(hunt->proc), path, O_RDONLY | O_CLOEXEC);
	return fd;
}

static int
open_process(struct hunt *hunt, pid_t pid)
{
	int fd = pidfd_open(pid, 0);

	if (fd < 0 && errno == EMFILE && made_room(hunt))
		fd = pidfd_open(pid, 0);
	return fd;
}

/* ---- one process -------------------------------------------------------------------------- */

struct look {
	bool theirs; /* and running */
	bool ignores_term;
	pid_t parent;
	unsigned long long start;
};

/* False when it is gone; *error is 0 then, and otherwise why it cannot be told. */
static bool
read_about(struct hunt *hunt, pid_t pid, const char *name, char text[PROC_FILE_BYTES],
    int *error)
{
	char path[32];
	ssize_t size = -1;
	int fd;

	snprintf(path, sizeof(path), "%d/%s", (int)pid, name);
	errno = 0;
	fd = open_about(hunt, path);
	if (fd >= 0)
		size = read(fd, text, PROC_FILE_BYTES - 1);
	*error = size > 0 || errno == ENOENT || errno == ESRCH ? 0 : errno;
	if (fd >= 0)
		close(fd);
	text[size < 0 ? 0 : size] = '\0';
	return size > 0;
}

/*
 * Field `number` of proc(5)'s `stat`, from the third on: the second is the program's name, which
 * may hold anything, and is the last with a bracket.
 */
static const char *
stat_field(const char *text, unsigned number)
{
	const char *at = strrchr(text, ')');

	for (unsigned i = 2; at != NULL && i < number; i++) {
		at = strchr(at, ' ');
		at = at == NULL ? NULL : at + 1;
	}
	return at == NULL ? "" : at;
}

enum { STAT_STATE = 3, STAT_PARENT = 4, STAT_TERMINAL = 7, STAT_THREADS = 20, STAT_START = 22 };

/* One whose first thread alone has ended looks like a zombie, and is none. */
static bool
has_ended(const char *stat)
{
	char state = *stat_field(stat, STAT_STATE);

	return (state == 'Z' || state == 'X' || state == 'x') &&
	    strtoul(stat_field(stat, STAT_THREADS), NULL, 10) <= 1;
}

/* Real, effective, saved, file system: any of them. */
static bool
has_uid(const char *status, uint32_t uid)
{
	static const char name[] = "\nUid:";
	const char *at = strstr(status, name);
	char *end;

	if (at == NULL)
		return false;
	at += strlen(name);
	for (int i = 0; i < 4; i++, at = end)
		if (strtoul(at, &end, 10) == uid && end != at)
			return true;
	return false;
}

/* A shell with a terminal does, and heeds SIGHUP. */
static bool
ignores_term(const char *status)
{
	static const char name[] = "\nSigIgn:";
	const char *at = strstr(status, name);

	return at != NULL &&
	    (strtoull(at + strlen(name), NULL, 16) & UINT64_C(1) << (SIGTERM - 1)) != 0;
}

/* A kernel without audit knows no login uid, and the file is not there. */
static bool
is_of_their_terminal(struct hunt *hunt, pid_t pid, const char *stat)
{
	char text[PROC_FILE_BYTES];
	int error;

	return strtol(stat_field(stat, STAT_TERMINAL), NULL, 10) != 0 &&
	    read_about(hunt, pid, "loginuid", text, &error) && isdigit((unsigned char)*text) &&
	    strtoul(text, NULL, 10) == hunt->uid;
}

/* True when it was there to be looked at. */
static bool
look_at(struct hunt *hunt, pid_t pid, struct look *look)
{
	char stat[PROC_FILE_BYTES], status[PROC_FILE_BYTES];
	int error = 0;

	if (!read_about(hunt, pid, "stat", stat, &error) ||
	    !read_about(hunt, pid, "status", status, &error)) {
		if (error != 0)
			hunt->error = error;
		return false;
	}
	look->parent = (pid_t)strtol(stat_field(stat, STAT_PARENT), NULL, 10);
	look->start = strtoull(stat_field(stat, STAT_START), NULL, 10);
	look->ignores_term = ignores_term(status);
	look->theirs = !has_ended(stat) &&
	    (has_uid(status, hunt->uid) || is_of_their_terminal(hunt, pid, stat));
	return true;
}

/* ---- whom not to end ---------------------------------------------------------------------- */

static enum fault
find_kin(struct hunt *hunt, struct why *why)
{
	struct look look;
	pid_t pid = getpid();

	hunt->kin_count = 0;
	while (pid > 0) {
		if (hunt->kin_count == KIN_MAX)
			return why_set(why, FAULT_UNAVAILABLE,
			    "more than %d processes stand above this one", KIN_MAX);
		hunt->kin[hunt->kin_count++] = pid;
		pid = look_at(hunt, pid, &look) ? look.parent : 0;
	}
	return FAULT_NONE;
}

static bool
is_spared(const struct hunt *hunt, pid_t pid)
{
	for (size_t i = 0; i < hunt->kin_count; i++)
		if (hunt->kin[i] == pid)
			return true;
	return pid <= 1;
}

/* ---- ending one --------------------------------------------------------------------------- */

/* Where it stands among those that were seen, or belongs. */
static size_t
place_of(const struct hunt *hunt, pid_t pid)
{
	size_t low = 0, high = hunt->seen_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (hunt->seen[middle].pid < pid)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static enum fault
note(struct hunt *hunt, const struct process *process, struct why *why)
{
	size_t at = place_of(hunt, process->pid);

	for (size_t i = at; i < hunt->seen_count && hunt->seen[i].pid == process->pid; i++)
		if (hunt->seen[i].start == process->start)
			return FAULT_NONE;
	if (hunt->seen_count == hunt->seen_room) {
		size_t room = hunt->seen_room == 0 ? HELD_MAX : 2 * hunt->seen_room;
		struct process *seen = reallocarray(hunt->seen, room, sizeof(*seen));

		if (seen == NULL)
			return why_memory(why);
		hunt->seen = seen;
		hunt->seen_room = room;
	}
	memmove(&hunt->seen[at + 1], &hunt->seen[at],
	    (hunt->seen_count - at) * sizeof(hunt->seen[0]));
	hunt->seen[at] = *process;
	hunt->seen_count++;
	return FAULT_NONE;
}

/* Signals one after the other, ended by 0.  False: whose end is not to be awaited. */
static bool
strike(struct hunt *hunt, int fd, const struct look *look, const int *signals)
{
	for (size_t i = 0; signals[i] != 0; i++) {
		int number = signals[i] == SIGTERM && look->ignores_term ? SIGHUP : signals[i];

		if (pidfd_send_signal(fd, number, NULL, 0) == 0 || errno == ESRCH)
			continue;
		hunt->error = errno;
		return false;
	}
	return true;
}

/*
 * The pidfd is opened, and then it is looked again whose the process is: what the pid named before
 * may have ended, and another have it.
 */
static enum fault
take_on(struct hunt *hunt, const struct process *process, const int *signals, struct why *why)
{
	struct look look;
	int fd = open_process(hunt, process->pid);

	if (fd < 0) {
		if (errno != ESRCH)
			hunt->error = errno;
		return FAULT_NONE;
	}
	if (!look_at(hunt, process->pid, &look) || !look.theirs || look.start != process->start) {
		close(fd);
		return FAULT_NONE;
	}
	if (strike(hunt, fd, &look, signals) && hunt->held_count < HELD_MAX)
		hunt->held[hunt->held_count++] = (struct pollfd){.fd = fd, .events = POLLIN};
	else
		close(fd);
	return note(hunt, process, why);
}

/* ---- ending all --------------------------------------------------------------------------- */

/* Looks through all processes, and sends the signals to those that are theirs. */
static enum fault
look_through(struct hunt *hunt, const int *signals, struct why *why)
{
	enum fault fault = find_kin(hunt, why);
	struct dirent *entry;

	hunt->found = hunt->spared = 0;
	rewinddir(hunt->proc);
	while (fault == FAULT_NONE && (errno = 0, entry = readdir(hunt->proc)) != NULL) {
		struct process process = {.pid = (pid_t)strtol(entry->d_name, NULL, 10)};
		struct look look;

		if (process.pid <= 0 || !look_at(hunt, process.pid, &look) || !look.theirs)
			continue;
		process.start = look.start;
		if (is_spared(hunt, process.pid)) {
			hunt->spared++;
			continue;
		}
		hunt->found++;
		fault = take_on(hunt, &process, signals, why);
	}
	if (fault == FAULT_NONE && errno != 0)
		fault = why_set(why, FAULT_UNAVAILABLE, "cannot read /proc: %m");
	return fault;
}

/* Until those that are held have ended, or it is `until`.  None is held any more then. */
static void
await(struct hunt *hunt, long long until)
{
	long long left = until - milliseconds_now();

	if (hunt->held_count == 0 && hunt->found > 0 && left > 0)
		poll(NULL, 0, PAUSE_MS);
	while (hunt->held_count > 0 && left > 0) {
		if (poll(hunt->held, hunt->held_count, (int)left) < 0 && errno != EINTR)
			break;
		for (size_t i = hunt->held_count; i-- > 0;) {
			if (hunt->held[i].revents == 0)
				continue;
			close(hunt->held[i].fd);
			hunt->held[i] = hunt->held[--hunt->held_count];
		}
		left = until - milliseconds_now();
	}
	let_go(hunt);
}

/*
 * The child of sweep().  Root's rights must be gone before: it kills everything that it may.
 */
static void
sweep_as(uint32_t uid)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct rights[_LINUX_CAPABILITY_U32S_3];
	uid_t real, effective, saved;

	if (setresuid(uid, uid, uid) != 0 || getresuid(&real, &effective, &saved) != 0 ||
	    real != uid || effective != uid || saved != uid ||
	    syscall(SYS_capget, &header, rights) != 0 || rights[0].effective != 0 ||
	    rights[1].effective != 0)
		_exit(1);
	kill(-1, SIGKILL);
	_exit(0);
}

/*
 * Kills all that run under the uid, at one stroke, which is the kernel's: whoever forks faster than
 * they can be looked through, and goes, is never seen.  They could stop the child, so it has no
 * longer than any other.
 */
static void
sweep(struct hunt *hunt)
{
	pid_t child = fork();
	struct pollfd end = {.fd = -1, .events = POLLIN};

	if (child == 0)
		sweep_as(hunt->uid);
	if (child < 0) {
		hunt->error = errno;
		return;
	}
	end.fd = pidfd_open(child, 0);
	if (end.fd >= 0) {
		poll(&end, 1, SESSIONS_KILL_MS);
		close(end.fd);
	}
	kill(child, SIGKILL);
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
}

static enum fault
hunt_down(struct hunt *hunt, struct why *why)
{
	/* Who is stopped hears it when going on. */
	static const int asking[] = {SIGTERM, SIGCONT, 0};
	static const int killing[] = {SIGKILL, 0};
	static const int nothing[] = {0};
	const long long until = milliseconds_now() + SESSIONS_GRACE_MS;
	enum fault fault = look_through(hunt, asking, why);

	while (fault == FAULT_NONE && hunt->found > 0 && milliseconds_now() < until) {
		await(hunt, until);
		fault = look_through(hunt, nothing, why);
	}
	let_go(hunt);
	for (int i = 0; fault == FAULT_NONE && i < SESSIONS_KILL_ROUNDS; i++) {
		/* Among its victims would be what this process runs under. */
		if (hunt->spared == 0)
			sweep(hunt);
		hunt->error = 0;
		fault = look_through(hunt, killing, why);
		if (hunt->found == 0)
			return fault;
		await(hunt, milliseconds_now() + SESSIONS_KILL_MS);
	}
	if (fault == FAULT_NONE)
		fault = look_through(hunt, nothing, why);
	let_go(hunt);
	return fault;
}

/* ---- the whole ---------------------------------------------------------------------------- */

/* One number behind "NSpid:": with more, /proc shows an outer PID namespace's ids, not ours. */
static bool
is_innermost(const char *status)
{
	static const char name[] = "\nNSpid:";
	const char *at = strstr(status, name);
	char *end;

	if (at == NULL || strtol(at + strlen(name), &end, 10) != getpid())
		return false;
	return *end == '\n';
}

static enum fault
open_proc(struct hunt *hunt, struct why *why)
{
	char status[PROC_FILE_BYTES];
	struct statfs system;
	int error;

	hunt->proc = opendir("/proc");
	if (hunt->proc == NULL || fstatfs(dirfd(hunt->proc), &system) != 0 ||
	    system.f_type != PROC_SUPER_MAGIC)
		return why_set(why, FAULT_UNAVAILABLE,
		    "no process can be found: /proc is not mounted");
	if (!read_about(hunt, getpid(), "status", status, &error) || !is_innermost(status))
		return why_set(why, FAULT_UNAVAILABLE,
		    "no process can be found: /proc is another PID namespace's");
	return FAULT_NONE;
}

static enum fault
refuse_left(const struct hunt *hunt, struct why *why)
{
	why_set(why, FAULT_UNAVAILABLE, "%zu of %zu processes could not be ended", hunt->found,
	    hunt->seen_count > hunt->found ? hunt->seen_count : hunt->found);
	if (hunt->error != 0)
		why_add(why, ": %s", strerror(hunt->error));
	return FAULT_UNAVAILABLE;
}

enum fault
sessions_end(uint32_t uid, struct sessions *sessions, struct why *why)
{
	struct hunt hunt = {.uid = uid};
	enum fault fault;

	if (uid < SESSIONS_UID_MIN || uid > INT32_MAX)
		return why_set(why, FAULT_RULE, "uid %lu is no user's whose processes are ended",
		    (unsigned long)uid);
	fault = open_proc(&hunt, why);
	if (fault == FAULT_NONE)
		fault = hunt_down(&hunt, why);
	if (fault == FAULT_NONE && hunt.found > 0)
		fault = refuse_left(&hunt, why);
	if (fault == FAULT_NONE)
		*sessions = (struct sessions){hunt.seen_count, hunt.spared};
	if (hunt.proc != NULL)
		closedir(hunt.proc);
	free(hunt.seen);
	return fault;
}
