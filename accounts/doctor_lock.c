/*
 * doctor_lock.c - the doctor's look at who holds the database's one writer.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "accounts/doctor_checks.h"
#include "accounts/hostfile.h"
#include "store/db.h"
#include "store/paths.h"

/* A change takes milliseconds; who writes for so long is told of.  Looked at so often. */
enum { LOOKS = 40, PAUSE_MS = 50 };

/* The command line, as far as it is of use; "" when it cannot be had. */
static void
command_of(pid_t pid, char text[96])
{
	char path[64];
	size_t size = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%ld/cmdline", (long)pid);
	file = fopen(path, "re");
	if (file != NULL) {
		size = fread(text, 1, 95, file);
		fclose(file);
	}
	text[size] = '\0';
	for (size_t i = 0; i + 1 < size; i++)
		if (text[i] == '\0')
			text[i] = ' ';
}

/* Who was ended in its write holds up nobody: the next one goes on from there. */
static bool
is_gone(pid_t writer)
{
	return writer > 0 && kill(writer, 0) < 0 && errno == ESRCH;
}

/* Somebody who writes, and goes on to; 0: nobody does, or it cannot be told. */
static pid_t
lasting_writer(const char *path)
{
	const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000L};
	pid_t user, writer = 0, first = 0;

	for (int i = 0; i < LOOKS; i++) {
		if (db_lock_holder(path, &user, &writer, NULL) != FAULT_NONE || writer == 0 ||
		    (first != 0 && writer != first) || is_gone(writer))
			return 0;
		first = writer;
		nanosleep(&pause, NULL);
	}
	return writer;
}

/*
 * The same, from a child: this process may have the database open, and would let go of its locks
 * (store/db.h).
 */
static pid_t
ask_for_writer(const char *path)
{
	pid_t writer = 0, child = -1;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return 0;
	child = fork();
	if (child == 0) {
		writer = lasting_writer(path);
		_exit(write(ends[1], &writer, sizeof(writer)) == (ssize_t)sizeof(writer) ? 0 : 1);
	}
	close(ends[1]);
	if (child < 0 || read(ends[0], &writer, sizeof(writer)) != (ssize_t)sizeof(writer))
		writer = 0;
	close(ends[0]);
	while (child > 0 && waitpid(child, NULL, 0) < 0 && errno == EINTR)
		continue;
	return writer;
}

void
check_writer(struct doctor *doctor)
{
	static const char matters[] = "every change, and a login by which something changes, waits";
	char path[PATH_MAX], command[96], mend[WHY_MEND_MAX];
	pid_t writer;

	if (hostfile_path(doctor->root, DATABASE_FILE, path, NULL) != FAULT_NONE ||
	    access(path, F_OK) != 0)
		return;
	writer = ask_for_writer(path);
	if (writer == 0) {
		report(doctor, FINDING_GOOD, "writer", NULL, "nobody holds up changes");
	} else if (writer < 0) {
		report(doctor, FINDING_WARNING, "writer", NULL,
		    "somebody of another container writes to the database and goes on to: "
		    "%s; outside of all containers `fuser -v` of its hexa.mdb-lock tells who, to "
		    "be ended there", matters);
	} else {
		command_of(writer, command);
		/* One that is stopped hears nothing else; what it did not commit is undone. */
		snprintf(mend, sizeof(mend), "kill -KILL %ld", (long)writer);
		report(doctor, FINDING_WARNING, "writer", mend,
		    "process %ld (%s) writes to the database and goes on to: %s", (long)writer,
		    command, matters);
	}
}
