/*
 * forge.c - what an ordinary user can hand to the setuid helper: its descriptor 0 of every kind,
 * its arguments and environment, and messages that are none.
 *
 *   forge PATH noise COUNT     so many datagrams of random bytes; prints how many were answered
 *   forge PATH flip USER       "may USER in?", with each of its bits changed in turn; prints what
 *                              came that may not come
 *   forge PATH fd KIND         started on: pipe, stream, netlink, file, directory, terminal, null,
 *                              closed
 *   forge PATH bare            without an argument, not even its own name
 *   forge PATH deaf USER       an answer that nobody reads, and no room for it
 *
 * Always with a hostile environment.  Exits 1 when the helper was ended by a signal.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pam_hexa/message.h"

static const char *helper;
static bool bare;

/* What a dynamic linker, a libc or a careless program would listen to. */
static char *const hostile[] = {"LD_PRELOAD=/tmp/attack.so", "LD_AUDIT=/tmp/attack.so",
    "LD_LIBRARY_PATH=/tmp", "LD_DEBUG=all", "LD_DEBUG_OUTPUT=/tmp/attack-debug",
    "GLIBC_TUNABLES=glibc.malloc.check=3", "MALLOC_TRACE=/tmp/attack-trace", "LOCPATH=/tmp",
    "NLSPATH=/tmp/%N", "TZ=:/tmp/attack-zone", "TZDIR=/tmp", "HOME=/tmp", "PATH=/tmp",
    "HEXA_ROOT=/tmp", "HEXA_DATABASE=/tmp/hexa.mdb", "SUDO_UID=0", "SUDO_USER=root",
    "NSS_WRAPPER_PASSWD=/tmp/passwd", "ASAN_OPTIONS=log_path=/tmp/attack-asan", NULL};

static pid_t
start(int in)
{
	static char name[] = "hexa-pam-helper";
	char *const arguments[] = {name, NULL}, *const none[] = {NULL};
	pid_t child = fork();

	if (child != 0)
		return child;
	if (in >= 0)
		dup2(in, STDIN_FILENO);
	else
		close(STDIN_FILENO);
	execve(helper, bare ? none : arguments, hostile);
	_exit(126);
}

/* Its exit status, or 256 and the signal. */
static int
finish(pid_t child)
{
	int status;

	if (waitpid(child, &status, 0) != child)
		return -1;
	return WIFSIGNALED(status) ? 256 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* Sends what is there and reads the answer; 0: there was none. */
static ssize_t
exchange(const void *message, size_t size, unsigned char *answer, size_t room, int *status)
{
	int ends[2];
	ssize_t got = 0;
	pid_t child;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
		exit(2);
	child = start(ends[1]);
	close(ends[1]);
	send(ends[0], message, size, MSG_NOSIGNAL);
	shutdown(ends[0], SHUT_WR);
	*status = finish(child);
	got = recv(ends[0], answer, room, MSG_DONTWAIT);
	close(ends[0]);
	return got < 0 ? 0 : got;
}

static int
noise(unsigned count)
{
	static unsigned char message[8192], data[MESSAGE_ANSWER_MAX];
	static struct question question;
	struct bytes word = {0};
	unsigned answered = 0;
	int status = 0;

	question_encode(&question, &word);
	srandom(1);
	for (unsigned i = 0; i < count && status < 256; i++) {
		size_t size = (size_t)random() % sizeof(message);

		for (size_t j = 0; j < size; j++)
			message[j] = (unsigned char)random();
		if (i % 2 == 0)
			memcpy(message, word.data, 4); /* the first word of a question */
		answered += exchange(message, size, data, sizeof(data), &status) > 0;
	}
	printf("%u answered\n", answered);
	bytes_clear(&word);
	return status >= 256;
}

/* What may not come back, whatever was sent: prints it. */
static void
judge(const unsigned char *data, size_t size, size_t byte, unsigned bit)
{
	static struct answer answer;

	if (!answer_decode(data, size, &answer))
		printf("byte %zu bit %u: an answer that is none\n", byte, bit);
	if (answer.log[0] != '\0')
		printf("byte %zu bit %u: a line for root's log: %s\n", byte, bit, answer.log);
	if ((answer.operation == OPERATION_SESSION || answer.operation == OPERATION_RESET) &&
	    answer.outcome != OUTCOME_FAULT)
		printf("byte %zu bit %u: what is root's to ask\n", byte, bit);
	/* Whoever asks may see their own account and keys, and has no edit by one bit. */
	if (answer.operation == OPERATION_EDIT)
		printf("byte %zu bit %u: an edit that nobody asked for\n", byte, bit);
	if (answer.operation != OPERATION_ACCOUNT && answer.operation != OPERATION_SHOW &&
	    answer.operation != OPERATION_KEY_LIST &&
	    (answer.outcome == OUTCOME_DONE || answer.verdict == VERDICT_ALLOWED))
		printf("byte %zu bit %u: a yes without a password\n", byte, bit);
}

static int
flip(const char *user)
{
	static struct question question = {.operation = OPERATION_ACCOUNT,
	    .account = MESSAGE_NO_ACCOUNT, .service = "x"};
	static unsigned char data[MESSAGE_ANSWER_MAX];
	struct bytes message = {0};
	int status = 0;

	snprintf(question.user, sizeof(question.user), "%s", user);
	question_encode(&question, &message);
	for (size_t byte = 0; byte < message.size && status < 256; byte++) {
		for (unsigned bit = 0; bit < 8 && status < 256; bit++) {
			ssize_t size;

			message.data[byte] ^= (unsigned char)(1U << bit);
			size = exchange(message.data, message.size, data, sizeof(data), &status);
			if (size > 0)
				judge(data, (size_t)size, byte, bit);
			message.data[byte] ^= (unsigned char)(1U << bit);
		}
	}
	bytes_clear(&message);
	return status >= 256;
}

static int
descriptor(const char *kind)
{
	int ends[2] = {-1, -1};

	if (strcmp(kind, "pipe") == 0 && pipe(ends) == 0)
		close(ends[1]);
	else if (strcmp(kind, "stream") == 0 &&
	    socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0)
		close(ends[1]);
	else if (strcmp(kind, "netlink") == 0)
		ends[0] = socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK, 0);
	else if (strcmp(kind, "file") == 0)
		ends[0] = open("/etc/passwd", O_RDONLY);
	else if (strcmp(kind, "directory") == 0)
		ends[0] = open("/", O_RDONLY);
	else if (strcmp(kind, "terminal") == 0)
		ends[0] = posix_openpt(O_RDWR | O_NOCTTY);
	else if (strcmp(kind, "null") == 0)
		ends[0] = open("/dev/null", O_RDWR);
	printf("%d\n", finish(start(ends[0])) < 256);
	return 0;
}

/*
 * The socket's own buffer is full before: the helper must not wait for ever, and is not waited for.
 */
static int
deaf(const char *user)
{
	static struct question question = {.operation = OPERATION_ACCOUNT,
	    .account = MESSAGE_NO_ACCOUNT, .service = "x"};
	struct bytes message = {0};
	int ends[2], size = 1;
	char full[512] = {0};

	snprintf(question.user, sizeof(question.user), "%s", user);
	question_encode(&question, &message);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
		return 2;
	setsockopt(ends[1], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	while (send(ends[1], full, sizeof(full), MSG_DONTWAIT | MSG_NOSIGNAL) > 0)
		;
	send(ends[0], message.data, message.size, MSG_NOSIGNAL);
	start(ends[1]);
	bytes_clear(&message);
	/* It stays behind with an answer that it cannot give; so does this end of the pair. */
	pause();
	return 0;
}

int
main(int argc, char **argv)
{
	if (argc < 3)
		return 2;
	helper = argv[1];
	if (strcmp(argv[2], "noise") == 0 && argc == 4)
		return noise((unsigned)strtoul(argv[3], NULL, 10));
	if (strcmp(argv[2], "flip") == 0 && argc == 4)
		return flip(argv[3]);
	if (strcmp(argv[2], "fd") == 0 && argc == 4)
		return descriptor(argv[3]);
	if (strcmp(argv[2], "deaf") == 0 && argc == 4)
		return deaf(argv[3]);
	if (strcmp(argv[2], "bare") == 0) {
		bare = true;
		return noise(4);
	}
	return 2;
}
