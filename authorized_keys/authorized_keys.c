/*
 * authorized_keys.c - hexa-authorized-keys: prints the SSH keys by which a user may log in, for
 * sshd's AuthorizedKeysCommand.  It runs as an ordinary user, sees what everybody sees, and has
 * nothing to say but keys: where something is wrong it says so in the log and prints none.
 */
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "directory/keys.h"

/* Tests compile it with paths of their own; it takes none from its surroundings. */
#ifndef PASSWD_FILE
#define PASSWD_FILE "/etc/passwd"
#endif

enum {
	EXIT_USAGE = 2,
	BUFFER_BYTES = 64 << 10, /* at first; as large as it must be then */
	CHAIN_BYTES = 16 << 20,  /* the most that is taken from another command */
	LOOKUP_SECONDS = 20,     /* for all of the host's sources of users: sshd waits, too */
};

/* Of no line of passwd. */
#define NO_UID ((uid_t)-1)

struct buffer {
	char *data;
	size_t size;
	size_t room;
};

/* Room for more, up to `most` bytes in all; false: there is none to be had. */
static bool
buffer_grow(struct buffer *buffer, size_t most)
{
	size_t room = buffer->room == 0 ? BUFFER_BYTES : 2 * buffer->room;
	char *data;

	if (buffer->room >= most)
		return false;
	if (room > most)
		room = most;
	data = realloc(buffer->data, room);
	if (data == NULL)
		return false;
	buffer->data = data;
	buffer->room = room;
	return true;
}

/* False when nobody reads any more: sshd has found the key it looked for. */
static bool
print(const struct buffer *buffer)
{
	for (size_t done = 0; done < buffer->size;) {
		ssize_t wrote = write(STDOUT_FILENO, buffer->data + done, buffer->size - done);

		if (wrote > 0)
			done += (size_t)wrote;
		else if (wrote == 0 || errno != EINTR)
			return false;
	}
	return true;
}

/* ---- one's own keys ----------------------------------------------------------------------- */

/*
 * Has a user of /etc/passwd this name, or this uid?  Such are not Hexa's to let in, and who has the uid
 * of one would be in as that one.  True also when it cannot be told.
 */
static bool
is_of_host(const char *name, uid_t uid)
{
	FILE *file = fopen(PASSWD_FILE, "re");
	const struct passwd *entry;
	bool found = false;

	if (file == NULL) {
		syslog(LOG_ERR, "%s: %m", PASSWD_FILE);
		return true;
	}
	while (!found && (entry = fgetpwent(file)) != NULL)
		found = strcmp(entry->pw_name, name) == 0 ||
		    (uid != NO_UID && entry->pw_uid == uid);
	/* NULL comes for want of memory too; only the end of the file means "not there". */
	found = found || ferror(file) || !feof(file);
	fclose(file);
	return found;
}

/* In a process of its own: another source's module may take its time, or all that there is. */
static void __attribute__((noreturn))
compare_uid(const char *name, uid_t uid)
{
	const struct passwd *entry;
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGALRM, SIG_DFL);
	alarm(LOOKUP_SECONDS);
	entry = getpwnam(name);
	_exit(entry != NULL && entry->pw_uid == uid ? EXIT_SUCCESS : EXIT_FAILURE);
}

/*
 * Is it this user whom sshd means by the name?  It asks all sources of the host's in their order,
 * and another's account of the same name is not let in by the keys of Hexa's.
 */
static bool
is_account(const char *name, uid_t uid)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0)
		compare_uid(name, uid);
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS)
		return true;
	syslog(LOG_ERR, "no keys: this host's account of that name is not known to have the uid %u",
	    (unsigned)uid);
	return false;
}

/* None, when there are none for whatever reason. */
static void
keys_of(const char *name, struct buffer *keys)
{
	static struct directory directory = {.path = DIRECTORY_FILE};
	enum lookup lookup = LOOKUP_SMALL;
	uid_t uid = 0;

	/* Of the host's own nothing is asked, nor said when the directory is damaged. */
	if (is_of_host(name, NO_UID))
		return;
	while (lookup == LOOKUP_SMALL && buffer_grow(keys, IMAGE_KEYS_MAX))
		lookup = directory_keys_of(&directory, name, time(NULL), keys->data, keys->room,
		    &keys->size, &uid);
	switch (lookup) {
	case LOOKUP_FOUND:
		if (is_of_host(name, uid) || !is_account(name, uid))
			keys->size = 0;
		break;
	case LOOKUP_NONE:
	case LOOKUP_MISSING:
		break;
	case LOOKUP_AGAIN:
	case LOOKUP_SMALL:
		syslog(LOG_ERR, "no keys: %s cannot be read now", DIRECTORY_FILE);
		break;
	case LOOKUP_UNAVAILABLE:
		syslog(LOG_ERR, "no keys: %s is damaged: hexa-admin doctor", DIRECTORY_FILE);
		break;
	}
}

/* ---- another command's -------------------------------------------------------------------- */

/*
 * Nobody but root can put another program there: what sshd asks of a command that it runs itself
 * (sshd_config(5)), and can ask of this one no more.
 */
static bool
is_roots_alone(const char *command)
{
	char *path = realpath(command, NULL), *slash;
	struct stat st;
	bool good = path != NULL;

	while (good) {
		good = stat(*path == '\0' ? "/" : path, &st) == 0 && st.st_uid == 0 &&
		    (st.st_mode & (S_IWGRP | S_IWOTH)) == 0;
		slash = strrchr(path, '/');
		if (slash == NULL)
			break;
		*slash = '\0';
	}
	free(path);
	return good;
}

static void __attribute__((noreturn))
become(const char *command, const char *name, int out)
{
	char *const arguments[] = {(char *)command, (char *)name, NULL};

	signal(SIGPIPE, SIG_DFL);
	if (dup2(out, STDOUT_FILENO) >= 0)
		execv(command, arguments);
	syslog(LOG_ERR, "%s: %m", command);
	_exit(127);
}

/* All that comes; false: it is too much, or no memory. */
static bool
read_all(int from, struct buffer *said)
{
	for (;;) {
		ssize_t got;

		if (said->size == said->room && !buffer_grow(said, CHAIN_BYTES))
			return false;
		got = read(from, said->data + said->size, said->room - said->size);
		if (got > 0)
			said->size += (size_t)got;
		else if (got == 0 || errno != EINTR)
			return got == 0;
	}
}

/* Starts the command; -1: it cannot be.  *from is then what it says. */
static pid_t
start(const char *command, const char *name, int *from)
{
	int ends[2];
	pid_t child;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return -1;
	child = fork();
	if (child == 0)
		become(command, name, ends[1]);
	close(ends[1]);
	if (child < 0)
		close(ends[0]);
	else
		*from = ends[0];
	return child;
}

/*
 * What the command prints, if it ends well: sshd believes none that does not, and would not see how
 * this one ended.
 */
static void
keys_by(const char *command, const char *name, struct buffer *keys)
{
	bool whole = false;
	int status = 0, from = -1;
	pid_t child;

	if (!is_roots_alone(command)) {
		syslog(LOG_ERR, "%s is not run: others than root can change it, or it is not there",
		    command);
		return;
	}
	child = start(command, name, &from);
	if (child < 0) {
		syslog(LOG_ERR, "%s is not run: %m", command);
		return;
	}
	whole = read_all(from, keys);
	close(from);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (whole && WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return;
	keys->size = 0;
	syslog(LOG_ERR, "%s has failed, its keys do not count: %s %d", command,
	    WIFSIGNALED(status) ? "signal" : "status",
	    WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
}

/* ---- the program -------------------------------------------------------------------------- */

/* Nothing that is opened later takes the place of a standard descriptor that was closed. */
static bool
fill_descriptors(void)
{
	int descriptor;

	do
		descriptor = open("/dev/null", O_RDWR);
	while (descriptor >= 0 && descriptor <= STDERR_FILENO);
	if (descriptor >= 0)
		close(descriptor);
	return descriptor >= 0;
}

static int
usage(void)
{
	fputs("usage: hexa-authorized-keys [--chain COMMAND] USER\n", stderr);
	return EXIT_USAGE;
}

int
main(int argc, char **argv)
{
	const char *command = NULL, *name;
	struct buffer keys = {0}, others = {0};
	bool read;

	/*
	 * sshd runs it as a user who may have other processes, and takes what it prints for whoever
	 * logs in, root too: none of those is to get at what it prints to (proc(5)).  Nobody but root
	 * may read the program either, so that this is so from its beginning (execve(2)).
	 */
	prctl(PR_SET_DUMPABLE, 0);
	if (!fill_descriptors())
		return EXIT_SUCCESS;
	/* sshd stops reading at the key that fits; a command that a signal ends has failed. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_DFL);
	openlog("hexa-authorized-keys", LOG_PID | LOG_PERROR, LOG_AUTHPRIV);
	if (argc == 4 && strcmp(argv[1], "--chain") == 0)
		command = argv[2];
	else if (argc != 2)
		return usage();
	name = argv[argc - 1];
	if (command != NULL && *command != '/') {
		fprintf(stderr, "hexa-authorized-keys: %s: a command's path begins with /\n",
		    command);
		return EXIT_USAGE;
	}
	keys_of(name, &keys);
	read = print(&keys);
	if (read && command != NULL) {
		keys_by(command, name, &others);
		print(&others);
	}
	free(keys.data);
	free(others.data);
	return EXIT_SUCCESS;
}
