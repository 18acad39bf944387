/*
 * other_sources.c - what the host's other sources of users say of an account, behind its own files.
 *
 * libc asks its sources in turn and ends at the first that knows; which those are can be said for a
 * process.  So it is said, and asked, in a child.
 */
#include <errno.h>
#include <fcntl.h>
#include <nss.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "accounts/host_account.h"
#include "accounts/hostfile.h"
#include "accounts/nsswitch.h"
#include "policy/bytes.h"

/* Seconds for all of them: one may ask a server. */
enum { SOURCES_LIMIT = 30 };

/* What the child says: an errno, and the name that is in the way. */
struct word {
	int error;
	char other[WHY_FIELD_MAX];
};

/* ---- which there are ------------------------------------------------------------------------ */

static bool
is_other(const char *source)
{
	static const char *const own[] = {"files", "compat", "hexa"};

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (strcmp(own[i], source) == 0)
			return false;
	return source[0] != '\0';
}

/* Blanks out [STATUS=action] and what stands behind `#`. */
static void
leave_out_actions(char *line)
{
	bool inside = false;

	line[strcspn(line, "#")] = '\0';
	for (char *at = line; *at != '\0'; at++) {
		inside |= *at == '[';
		if (*at == ']' || inside) {
			inside &= *at != ']';
			*at = ' ';
		}
	}
}

/* Appends the sources of a passwd line, with a space before each. */
static void
add_sources(char *line, struct bytes *sources)
{
	static const char map[] = "passwd:";
	char *rest = line + strspn(line, " \t"), *source;

	if (strncmp(rest, map, strlen(map)) != 0)
		return;
	rest += strlen(map);
	leave_out_actions(rest);
	while ((source = strsep(&rest, " \t\r")) != NULL)
		if (is_other(source))
			bytes_print(sources, " %s", source);
}

/* *sources is newly allocated; "" when there are none. */
static enum fault
other_sources(char **sources, struct why *why)
{
	struct bytes found = {0};
	char *text = NULL, *rest, *line;
	size_t size = 0;
	enum fault fault = hostfile_read("", NSSWITCH_FILE, NSSWITCH_MAX, &text, &size, why);

	if (fault == FAULT_UNKNOWN)
		fault = FAULT_NONE;
	rest = text;
	while (fault == FAULT_NONE && (line = strsep(&rest, "\n")) != NULL)
		add_sources(line, &found);
	free(text);
	if (fault != FAULT_NONE)
		return fault;
	*sources = bytes_take_text(&found);
	return *sources == NULL ? why_memory(why) : FAULT_NONE;
}

/* ---- asking them ---------------------------------------------------------------------------- */

/* What getpwnam(3) leaves in errno for somebody whom no source knows is no error. */
static int
real_error(int error)
{
	return error == ENOENT || error == ESRCH ? 0 : error;
}

static void
ask(const char *name, uint32_t uid, struct word *word)
{
	const struct passwd *entry;

	errno = 0;
	entry = getpwuid(uid);
	if (entry != NULL && strcmp(entry->pw_name, name) != 0) {
		snprintf(word->other, sizeof(word->other), "%s", entry->pw_name);
		return;
	}
	word->error = entry == NULL ? real_error(errno) : 0;
	errno = 0;
	entry = getpwnam(name);
	if (entry != NULL && entry->pw_uid != uid)
		snprintf(word->other, sizeof(word->other), "uid %lu", (unsigned long)entry->pw_uid);
	else if (entry == NULL && word->error == 0)
		word->error = real_error(errno);
}

static _Noreturn void
ask_in_child(const char *sources, const char *name, uint32_t uid, int output)
{
	struct word word = {0};

	signal(SIGALRM, SIG_DFL);
	alarm(SOURCES_LIMIT);
	if (__nss_configure_lookup("passwd", sources) != 0)
		word.error = errno == 0 ? EINVAL : errno;
	else
		ask(name, uid, &word);
	_exit(write(output, &word, sizeof(word)) == (ssize_t)sizeof(word) ? 0 : 1);
}

/* False: the child did not come to its end, which is when its time was up. */
static bool
ask_child(const char *sources, const char *name, uint32_t uid, struct word *word)
{
	int ends[2];
	bool whole = false;
	pid_t pid = -1;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	pid = fork();
	if (pid == 0)
		ask_in_child(sources, name, uid, ends[1]);
	close(ends[1]);
	if (pid > 0)
		whole = TEMP_FAILURE_RETRY(read(ends[0], word, sizeof(*word))) ==
		    (ssize_t)sizeof(*word);
	close(ends[0]);
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	word->other[sizeof(word->other) - 1] = '\0';
	return whole;
}

enum fault
host_others_know(const char *root, const char *name, uint32_t uid, char *other, struct why *why)
{
	struct word word = {0};
	char *sources = NULL;
	enum fault fault = FAULT_NONE;

	other[0] = '\0';
	if (root[0] != '\0')
		return FAULT_NONE;
	fault = other_sources(&sources, why);
	if (fault == FAULT_NONE && sources[0] != '\0' &&
	    !ask_child(sources + 1, name, uid, &word))
		word.error = ETIMEDOUT;
	if (fault == FAULT_NONE && word.error != 0)
		fault = why_set(why, FAULT_UNAVAILABLE,
		    "the host's other users (%s of nsswitch.conf) cannot be asked: %s", sources + 1,
		    strerror(word.error));
	if (fault == FAULT_NONE)
		memcpy(other, word.other, sizeof(word.other));
	free(sources);
	return fault;
}
