/*
 * editor.c - running the person's editor.
 */
#include "hexa-admin/editor.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Words of an editor's command, the file and the final NULL among them. */
enum { WORDS_MAX = 32 };

enum { NOT_RUN = 127 /* as a shell says it */ };

static const char *const usual[] = {"sensible-editor", "editor", "vi"};

enum { USUAL = sizeof(usual) / sizeof(usual[0]) };

/* ---- signals -------------------------------------------------------------------------------- */

/* The terminal sends these to the editor too, which knows what they are for. */
static const int left_to_it[] = {SIGINT, SIGQUIT, SIGTSTP};
/* Whoever ends this process means the editor as well. */
static const int passed_on[] = {SIGTERM, SIGHUP};

enum {
	LEFT = sizeof(left_to_it) / sizeof(left_to_it[0]),
	PASSED = sizeof(passed_on) / sizeof(passed_on[0])
};

struct dispositions {
	struct sigaction left[LEFT], passed[PASSED], child;
	sigset_t mask; /* what was blocked before; meanwhile what is passed on, and SIGCHLD, too */
};

static volatile sig_atomic_t passing;

static void
note_passing(int number)
{
	if (number != SIGCHLD)
		passing = number;
}

static void
dispositions_take(struct dispositions *before)
{
	const struct sigaction ignore = {.sa_handler = SIG_IGN};
	const struct sigaction note = {.sa_handler = note_passing};
	sigset_t blocked;

	passing = 0;
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGCHLD);
	for (int i = 0; i < PASSED; i++)
		sigaddset(&blocked, passed_on[i]);
	sigprocmask(SIG_BLOCK, &blocked, &before->mask);
	sigaction(SIGCHLD, &note, &before->child);
	for (int i = 0; i < PASSED; i++)
		sigaction(passed_on[i], &note, &before->passed[i]);
	for (int i = 0; i < LEFT; i++)
		sigaction(left_to_it[i], &ignore, &before->left[i]);
}

static void
dispositions_return(const struct dispositions *before)
{
	for (int i = 0; i < LEFT; i++)
		sigaction(left_to_it[i], &before->left[i], NULL);
	for (int i = 0; i < PASSED; i++)
		sigaction(passed_on[i], &before->passed[i], NULL);
	sigaction(SIGCHLD, &before->child, NULL);
	sigprocmask(SIG_SETMASK, &before->mask, NULL);
}

/* ---- the child ------------------------------------------------------------------------------ */

/* What this process ignores or handles is no business of the editor's. */
static void
default_signals(const sigset_t *mask)
{
	const struct sigaction plain = {.sa_handler = SIG_DFL};

	for (int number = 1; number < NSIG; number++)
		sigaction(number, &plain, NULL);
	sigprocmask(SIG_SETMASK, mask, NULL);
}

/* Takes the editor's command apart; returns how many words it has. */
static size_t
words_of(char *command, char *words[WORDS_MAX])
{
	size_t count = 0;
	char *word;

	while (count < WORDS_MAX - 2 && (word = strsep(&command, " \t")) != NULL)
		if (*word != '\0')
			words[count++] = word;
	return count;
}

/* Returns only when there is no such program. */
static void
execute(const char *command, const char *file)
{
	char *copy = strdup(command), *words[WORDS_MAX] = {NULL};
	size_t count = copy == NULL ? 0 : words_of(copy, words);

	if (count > 0) {
		words[count] = (char *)file;
		execvp(words[0], words);
	}
	free(copy);
}

static _Noreturn void
become(const char *wanted, const struct rights *rights, const char *file, const sigset_t *mask)
{
	default_signals(mask);
	closefrom(STDERR_FILENO + 1);
	if (!rights_become(rights))
		_exit(NOT_RUN);
	if (rights->name != NULL &&
	    (setenv("HOME", rights->home, 1) != 0 || setenv("USER", rights->name, 1) != 0 ||
	        setenv("LOGNAME", rights->name, 1) != 0))
		_exit(NOT_RUN);
	if (wanted != NULL)
		execute(wanted, file);
	for (int i = 0; wanted == NULL && i < USUAL; i++)
		execute(usual[i], file);
	_exit(NOT_RUN);
}

/* ---- this side ------------------------------------------------------------------------------ */

/* ^Z stopped the editor: this process stops with it, and goes on with it. */
static void
stop_with(pid_t pid)
{
	const struct sigaction plain = {.sa_handler = SIG_DFL};
	struct sigaction before;

	sigaction(SIGTSTP, &plain, &before);
	raise(SIGTSTP);
	sigaction(SIGTSTP, &before, NULL);
	kill(pid, SIGCONT);
}

/* Its status as waitpid(2) gives it; -1: somebody else has it. */
static int
wait_for(pid_t pid, const sigset_t *awake)
{
	for (;;) {
		int status = -1;
		pid_t done = waitpid(pid, &status, WNOHANG | WUNTRACED);

		if (done < 0 && errno != EINTR)
			return -1;
		if (done == pid && !WIFSTOPPED(status))
			return status;
		if (done == pid)
			stop_with(pid);
		else if (passing != 0)
			kill(pid, passing);
		if (done == 0)
			sigsuspend(awake);
	}
}

static enum fault
judge(const char *name, int status, struct why *why)
{
	if (status >= 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return FAULT_NONE;
	if (status >= 0 && WIFEXITED(status) && WEXITSTATUS(status) == NOT_RUN)
		return why_set(why, FAULT_RULE, "%s could not be run", name);
	if (status >= 0 && WIFEXITED(status))
		return why_set(why, FAULT_RULE, "%s failed with status %d", name,
		    WEXITSTATUS(status));
	if (status >= 0 && WIFSIGNALED(status))
		return why_set(why, FAULT_RULE, "%s was ended by signal %d", name,
		    WTERMSIG(status));
	return why_set(why, FAULT_RULE, "what became of %s cannot be told", name);
}

enum fault
editor_run(const char *wanted, const struct rights *rights, const char *file, struct why *why)
{
	struct dispositions before;
	int status = -1, number;
	pid_t pid;

	if (wanted != NULL && wanted[strspn(wanted, " \t")] == '\0')
		wanted = NULL;
	dispositions_take(&before);
	pid = fork();
	if (pid == 0)
		become(wanted, rights, file, &before.mask);
	if (pid > 0)
		status = wait_for(pid, &before.mask);
	number = passing;
	dispositions_return(&before);
	if (number != 0)
		raise(number);
	if (pid < 0)
		return why_set(why, FAULT_UNAVAILABLE, "no process can be started");
	return judge(wanted == NULL ? "the editor" : wanted, status, why);
}
