/*
 * ask.c - the helper's one run: a socket pair, a child, a question, an answer, an end.
 *
 * The pair is SOCK_SEQPACKET.  A message arrives whole or not at all, so there is no half an
 * answer; send(MSG_NOSIGNAL) raises no SIGPIPE, where a pipe would need the host's signals touched;
 * and either message fits in the socket's buffer, so neither side ever waits for the other to
 * read.  The answer is therefore taken only after the helper has ended, which is the one event to
 * wait for.
 */
#include "pam_hexa/ask.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* The helper gives up by itself after 60 s; an ordinary user's module could not end it. */
#ifndef HEXA_HELPER_MILLISECONDS
#define HEXA_HELPER_MILLISECONDS 70000
#endif

enum {
	KILLED_MILLISECONDS = 5000, /* how long a killed helper may take to go */
	EXIT_NOT_STARTED = 127,     /* of a child that could not become the helper */
};

/* waitid(2)'s P_PIDFD, which older headers do not name. */
static const idtype_t by_pidfd = (idtype_t)3;

/* What is open while the helper runs; -1: nothing. */
struct run {
	int socket;
	int pidfd;
};

/*
 * Moves a descriptor above the three standard ones, which a host may have closed and still write
 * to. -1 (and closed) when there is none left.
 */
static int
lift(int fd)
{
	int high;

	if (fd < 0 || fd > STDERR_FILENO)
		return fd;
	high = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	close(fd);
	return high;
}

static void
drop(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* ---- the child ---------------------------------------------------------------------------- */

/*
 * Real, effective and saved ids all root's, and no other group: the real uid is what the helper
 * believes.  By system call, because glibc's wrappers would speak to threads that fork() left
 * behind.
 */
static bool
be_root(void)
{
	return syscall(SYS_setgroups, 0, NULL) == 0 && syscall(SYS_setresgid, 0, 0, 0) == 0 &&
	    syscall(SYS_setresuid, 0, 0, 0) == 0;
}

/* The host's handlers must not run in the child; exec keeps what is ignored, and the mask. */
static void
reset_signals(void)
{
	struct sigaction standard = {.sa_handler = SIG_DFL};
	sigset_t none;

	for (int number = 1; number < NSIG; number++)
		sigaction(number, &standard, NULL);
	sigemptyset(&none);
	pthread_sigmask(SIG_SETMASK, &none, NULL);
}

/* Between fork() and exec in a program with threads: async-signal-safe calls alone. */
static _Noreturn void
become_helper(int socket, bool as_root)
{
	static char name[] = "hexa-pam-helper";
	static char *const arguments[] = {name, NULL};
	static char *const environment[] = {NULL};

	umask(077);
	if (dup2(socket, STDIN_FILENO) == STDIN_FILENO && chdir("/") == 0 &&
	    (!as_root || be_root())) {
		/*
		 * A kernel without it: the helper starts nothing that could inherit, and ends soon.
		 */
		syscall(SYS_close_range, STDOUT_FILENO, ~0U, 0);
		reset_signals();
		execve(HEXA_HELPER, arguments, environment);
	}
	_exit(EXIT_NOT_STARTED);
}

/* ---- the parent --------------------------------------------------------------------------- */

/* fork() with all signals blocked, until the child has put the host's handlers away. */
static pid_t
fork_helper(int socket)
{
	bool as_root = geteuid() == 0;
	sigset_t all, before;
	pid_t child;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	child = fork();
	if (child == 0)
		become_helper(socket, as_root);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return child;
}

static enum fault
start(struct run *run, struct why *why)
{
	int ends[2] = {-1, -1};
	enum fault fault = FAULT_NONE;
	pid_t child = -1;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
		return why_set(why, FAULT_UNAVAILABLE, "cannot make a socket pair: %m");
	run->socket = lift(ends[0]);
	ends[1] = lift(ends[1]);
	if (run->socket < 0 || ends[1] < 0)
		fault = why_set(why, FAULT_UNAVAILABLE, "no descriptor left: %m");
	if (fault == FAULT_NONE && (child = fork_helper(ends[1])) < 0)
		fault = why_set(why, FAULT_UNAVAILABLE, "cannot fork: %m");
	/*
	 * The process behind `child` cannot be another's yet: the helper ends only after it was
	 * asked. From here on the pidfd stands for it, so that no number that was given anew is
	 * ever killed.
	 */
	if (fault == FAULT_NONE &&
	    (run->pidfd = lift((int)syscall(SYS_pidfd_open, child, 0))) < 0)
		fault = why_set(why, FAULT_UNAVAILABLE, "cannot watch the helper: %m");
	drop(&ends[1]);
	if (fault != FAULT_NONE && child > 0) {
		drop(&run->socket); /* its question will never come: it ends by itself */
		while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
			;
	}
	return fault;
}

static int64_t
milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Waits for the helper's end; false when it has not come within the limit. */
static bool
has_ended(const struct run *run, int limit)
{
	struct pollfd end = {.fd = run->pidfd, .events = POLLIN};
	int64_t deadline = milliseconds() + limit;
	int64_t left = limit;
	int ready;

	do {
		ready = poll(&end, 1, (int)left);
		left = deadline - milliseconds();
	} while ((ready == 0 || (ready < 0 && errno == EINTR)) && left > 0);
	return ready > 0;
}

/* Takes the ended helper's exit status. */
static enum fault
reap(const struct run *run, struct why *why)
{
	siginfo_t end = {0};

	while (waitid(by_pidfd, (id_t)run->pidfd, &end, WEXITED) != 0) {
		if (errno == EINTR)
			continue;
		/*
		 * The host reaps by itself, and nobody knows how it ended: then the answer alone
		 * counts.
		 */
		if (errno == ECHILD)
			return FAULT_NONE;
		return why_set(why, FAULT_UNAVAILABLE, "cannot wait for the helper: %m");
	}
	if (end.si_code != CLD_EXITED)
		return why_set(why, FAULT_UNAVAILABLE, "%s was ended by signal %d", HEXA_HELPER,
		    end.si_status);
	if (end.si_status == EXIT_NOT_STARTED)
		return why_set(why, FAULT_UNAVAILABLE, "%s cannot be started", HEXA_HELPER);
	if (end.si_status != 0)
		return why_set(why, FAULT_UNAVAILABLE, "%s ended with exit status %d", HEXA_HELPER,
		    end.si_status);
	return FAULT_NONE;
}

/* Ends a helper that took too long.  Root's helper cannot be killed by an ordinary user. */
static enum fault
give_up(const struct run *run, struct why *why)
{
	if (syscall(SYS_pidfd_send_signal, run->pidfd, SIGKILL, NULL, 0) == 0 &&
	    has_ended(run, KILLED_MILLISECONDS))
		reap(run, NULL);
	return why_set(why, FAULT_UNAVAILABLE, "%s did not answer in time", HEXA_HELPER);
}

static enum fault
put_message(const struct run *run, const struct bytes *message, struct why *why)
{
	ssize_t sent;

	do
		sent = send(run->socket, message->data, message->size, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	/* Nothing more comes: a helper that has not got its question ends. */
	shutdown(run->socket, SHUT_WR);
	/* One that is not there any more will be told apart by its exit status. */
	if (sent < 0 && errno != EPIPE)
		return why_set(why, FAULT_UNAVAILABLE, "cannot ask the helper: %m");
	return FAULT_NONE;
}

/* The answer lies in the socket, or never comes. */
static enum fault
take_answer(const struct run *run, const struct question *question, struct answer *answer,
    struct why *why)
{
	unsigned char *data = malloc(MESSAGE_ANSWER_MAX);
	enum fault fault = FAULT_NONE;
	unsigned char more;
	ssize_t size;

	if (data == NULL)
		return why_memory(why);
	size = recv(run->socket, data, MESSAGE_ANSWER_MAX, MSG_DONTWAIT | MSG_TRUNC);
	if (size <= 0)
		fault = why_set(why, FAULT_UNAVAILABLE, "%s gave no answer", HEXA_HELPER);
	else if (size > MESSAGE_ANSWER_MAX || !answer_decode(data, (size_t)size, answer) ||
	    answer->operation != question->operation ||
	    recv(run->socket, &more, sizeof(more), MSG_DONTWAIT) > 0)
		fault = why_set(why, FAULT_UNAVAILABLE,
		    "%s gave an answer that cannot be understood", HEXA_HELPER);
	if (fault != FAULT_NONE)
		*answer = (struct answer){0};
	free(data);
	return fault;
}

static enum fault
run_helper(struct run *run, const struct bytes *message, const struct question *question,
    struct answer *answer, struct why *why)
{
	enum fault fault = start(run, why);
	enum fault put;

	if (fault != FAULT_NONE)
		return fault;
	put = put_message(run, message, why);
	if (!has_ended(run, HEXA_HELPER_MILLISECONDS))
		return give_up(run, why);
	fault = reap(run, put == FAULT_NONE ? why : NULL);
	if (put != FAULT_NONE || fault != FAULT_NONE)
		return put != FAULT_NONE ? put : fault;
	return take_answer(run, question, answer, why);
}

enum fault
helper_ask(const struct question *question, struct answer *answer, struct why *why)
{
	struct run run = {.socket = -1, .pidfd = -1};
	struct bytes message = {0};
	enum fault fault;
	int cancel;

	/* A thread that is cancelled in here would leave descriptors, and the password, behind. */
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
	question_encode(question, &message);
	if (message.failed)
		fault = why_memory(why);
	else
		fault = run_helper(&run, &message, question, answer, why);
	bytes_clear(&message);
	drop(&run.socket);
	drop(&run.pidfd);
	pthread_setcancelstate(cancel, NULL);
	return fault;
}
