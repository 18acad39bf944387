/*
 * program.c - fork, chroot, exec; reading what comes, with a time limit.
 */
#include "accounts/program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "accounts/hostfile.h"
#include "accounts/waiting.h"

/* debconf, which pam-auth-update asks, must neither draw nor wait for anybody. */
static const char *const environment[] = {
	"PATH=/usr/sbin:/usr/bin:/sbin:/bin",
	"LC_ALL=C",
	"HOME=/",
	"DEBIAN_FRONTEND=noninteractive",
	"DEBCONF_NONINTERACTIVE_SEEN=true",
	NULL,
};

/* What the child exits with when it did not come to exec; as a shell says "could not be run". */
enum { NOT_RUN = 126 };

/* ---- the child ---------------------------------------------------------------------------- */

static void
default_signals(void)
{
	struct sigaction plain = { .sa_handler = SIG_DFL };
	sigset_t none;

	for (int number = 1; number < NSIG; number++)
		sigaction(number, &plain, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* A descriptor that is open here is not the program's business. */
static void
close_others(void)
{
	struct rlimit limit = { .rlim_cur = 1024 };

	/* One call for all, where the kernel has it: before Linux 5.11 it has not. */
	if (close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) == 0)
		return;
	getrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_cur > 65536)
		limit.rlim_cur = 65536;
	for (int fd = 3; fd < (int)limit.rlim_cur; fd++)
		fcntl(fd, F_SETFD, FD_CLOEXEC);
}

/* What is run, and what it is given. */
struct errand {
	const char *root;
	const char *const *argv;
	const struct program_text *text;
	size_t count;
	int input; /* what it is fed; 0: nothing */
	int limit; /* seconds */
};

static _Noreturn void
become(const struct errand *errand, int output)
{
	const char *root = errand->root;
	int input;

	default_signals();
	setsid();
	umask(022);
	if ((root[0] != '\0' && chroot(root) < 0) || chdir("/") < 0)
		_exit(NOT_RUN);
	input = errand->input != 0 ? errand->input : open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (input < 0 || dup2(input, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0 ||
	    dup2(output, STDERR_FILENO) < 0)
		_exit(NOT_RUN);
	close_others();
	for (size_t i = 0; i < errand->count; i++)
		fcntl(errand->text[i].fd, F_SETFD, 0);
	execve(errand->argv[0], (char *const *)errand->argv, (char *const *)environment);
	_exit(NOT_RUN);
}

/* ---- this side ---------------------------------------------------------------------------- */

/* What is kept of what a program says. */
struct heard {
	char said[PROGRAM_SAID_MAX]; /* the first line that is not empty */
	struct bytes *all;           /* NULL: no more than that */
	size_t max;
	bool too_much;
};

/* Reads on whatever comes, so that the program is never held up. */
static void
keep(struct heard *heard, const char *part, size_t size)
{
	char *said = heard->said;
	size_t have = strlen(said);

	if (heard->all != NULL && size > heard->max - heard->all->size)
		heard->too_much = true;
	else if (heard->all != NULL)
		bytes_put(heard->all, part, size);
	for (size_t i = 0; i < size && have + 1 < PROGRAM_SAID_MAX; i++) {
		bool ends = have > 0 && said[have - 1] == '\n';

		if (ends || (part[i] == '\n' && have == 0))
			continue;
		said[have++] = part[i];
		said[have] = '\0';
	}
}

/* True when the pipe was closed at its other end in time. */
static bool
listen_to(int fd, int64_t until, struct heard *heard)
{
	char part[4096];

	for (;;) {
		struct pollfd poller = { .fd = fd, .events = POLLIN };
		int64_t left = until - milliseconds_now();
		ssize_t got;

		if (left <= 0)
			return false;
		if (poll(&poller, 1, (int)left) <= 0)
			continue;
		got = read(fd, part, sizeof(part));
		if (got == 0 || (got < 0 && errno != EINTR))
			return true;
		if (got > 0)
			keep(heard, part, (size_t)got);
	}
}

/* Waits for the child's end; false when the time is up.  ECHILD: somebody else had its status. */
static bool
wait_for(pid_t pid, int64_t until, int *status)
{
	enum { PAUSE_MICROSECONDS = 5000 };

	*status = -1;
	for (;;) {
		pid_t done = waitpid(pid, status, WNOHANG);

		if (done == pid || (done < 0 && errno != EINTR))
			return true;
		if (milliseconds_now() >= until)
			return false;
		pause_for(PAUSE_MICROSECONDS);
	}
}

/*
 * What is fed may leave a program of its own at work, which holds the pipe open as long as it
 * likes: it is done when it has ended itself.
 */
static bool
listen_to_end(int fd, pid_t pid, int64_t until, struct heard *heard, int *status)
{
	enum { MOMENT = 10 }; /* milliseconds */
	struct pollfd poller = { .fd = fd, .events = POLLIN };
	char part[4096];

	for (;;) {
		bool ended = wait_for(pid, 0, status);

		if (poll(&poller, 1, ended ? 0 : MOMENT) > 0) {
			ssize_t got = read(fd, part, sizeof(part));

			if (got > 0)
				keep(heard, part, (size_t)got);
			else
				poller.fd = -1;
		}
		if (ended)
			return true;
		if (milliseconds_now() >= until)
			return false;
	}
}

/* Starts it, hears it out, and waits for its end. */
static enum fault
run(const struct errand *errand, struct heard *heard, int *status, struct why *why)
{
	const char *name = errand->argv[0];
	int64_t until = milliseconds_now() + (int64_t)errand->limit * 1000;
	int ends[2];
	bool in_time;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return why_set(why, FAULT_UNAVAILABLE, "%s: %s", name, strerror(errno));
	pid = fork();
	if (pid == 0)
		become(errand, ends[1]);
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return why_set(why, FAULT_UNAVAILABLE, "%s: %s", name, strerror(errno));
	}
	in_time = errand->input != 0
	    ? listen_to_end(ends[0], pid, until, heard, status)
	    : listen_to(ends[0], until, heard) && wait_for(pid, until, status);
	if (!in_time) {
		kill(-pid, SIGKILL);
		kill(pid, SIGKILL);
		wait_for(pid, milliseconds_now() + 1000, status);
	}
	close(ends[0]);
	if (!in_time)
		return why_set(why, FAULT_UNAVAILABLE, "%s took longer than %d s", name,
		    errand->limit);
	if (WIFEXITED(*status) && WEXITSTATUS(*status) == NOT_RUN)
		return why_set(why, FAULT_UNAVAILABLE, "%s could not be run", name);
	return FAULT_NONE;
}

static enum fault
run_well(const struct errand *errand, struct why *why)
{
	struct heard heard = {.said = ""};
	int status;
	enum fault fault = run(errand, &heard, &status, why);

	if (fault != FAULT_NONE || (WIFEXITED(status) && WEXITSTATUS(status) == 0))
		return fault;
	heard.said[strcspn(heard.said, "\n")] = '\0';
	return why_set(why, FAULT_UNAVAILABLE, "%s failed%s%s", errand->argv[0],
	    heard.said[0] != '\0' ? ": " : "", heard.said);
}

enum fault
program_run(const char *root, const char *const argv[], struct why *why)
{
	return run_well(&(const struct errand){
	    .root = root, .argv = argv, .limit = PROGRAM_LIMIT}, why);
}

bool
program_is_there(const char *root, const char *path)
{
	char full[PATH_MAX];

	return hostfile_path(root, path, full, NULL) == FAULT_NONE && access(full, X_OK) == 0;
}

/* ---- a program that reads texts ----------------------------------------------------------- */

static bool
write_all(int fd, const char *data, size_t size)
{
	while (size > 0) {
		ssize_t done = write(fd, data, size);

		if (done < 0 && errno != EINTR)
			return false;
		data += done > 0 ? done : 0;
		size -= done > 0 ? (size_t)done : 0;
	}
	return true;
}

enum fault
program_text_open(struct program_text *text, struct why *why)
{
	int fd = memfd_create("hexa", MFD_CLOEXEC);

	if (fd < 0 || !write_all(fd, text->data, text->size)) {
		why_set(why, FAULT_UNAVAILABLE, "a text for another program: %s", strerror(errno));
		if (fd >= 0)
			close(fd);
		return FAULT_UNAVAILABLE;
	}
	text->fd = fd;
	snprintf(text->path, sizeof(text->path), "/proc/self/fd/%d", fd);
	return FAULT_NONE;
}

void
program_text_close(struct program_text *text)
{
	if (text->path[0] != '\0')
		close(text->fd);
	text->path[0] = '\0';
}

enum fault
program_output(const char *root, const char *const argv[], const struct program_text *text,
    size_t count, size_t max, struct bytes *output, int *status, struct why *why)
{
	const struct errand errand = {root, argv, text, count, 0, PROGRAM_LIMIT};
	struct heard heard = {.said = "", .all = output, .max = max};
	int ended;
	enum fault fault = run(&errand, &heard, &ended, why);

	if (fault == FAULT_NONE && output->failed)
		fault = why_memory(why);
	if (fault == FAULT_NONE && heard.too_much)
		fault = why_set(why, FAULT_UNAVAILABLE, "%s wrote more than %zu bytes", argv[0],
		    max);
	if (fault == FAULT_NONE && !WIFEXITED(ended))
		fault = why_set(why, FAULT_UNAVAILABLE, "%s was ended", argv[0]);
	if (fault == FAULT_NONE)
		*status = WEXITSTATUS(ended);
	return fault;
}

/* What it was may be a secret, and a page that is given back is not wiped. */
static void
wipe_text(const struct program_text *text)
{
	static const char zeros[4096];

	for (size_t done = 0; done < text->size; done += sizeof(zeros))
		(void)!pwrite(text->fd, zeros, text->size - done < sizeof(zeros)
		        ? text->size - done : sizeof(zeros), (off_t)done);
}

enum fault
program_feed(const char *const argv[], const void *data, size_t size, int seconds,
    struct why *why)
{
	struct program_text text = {.data = data, .size = size};
	struct errand errand = {.root = "", .argv = argv, .limit = seconds};
	enum fault fault = program_text_open(&text, why);

	if (fault != FAULT_NONE)
		return fault;
	errand.input = text.fd;
	if (lseek(text.fd, 0, SEEK_SET) != 0)
		fault = why_set(why, FAULT_UNAVAILABLE, "%s: %s", argv[0], strerror(errno));
	else
		fault = run_well(&errand, why);
	wipe_text(&text);
	program_text_close(&text);
	return fault;
}
