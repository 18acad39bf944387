/*
 * fake_helper.c - stands where hexa-pam-helper stands, and does what the PAM service's name says:
 * the right thing ("yes", "no" …), or one of the wrong ones.
 */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pam_hexa/message.c"

static struct question question;
static struct answer answer;
static char **arguments;
static char **environment;

static bool
service_is(const char *name)
{
	return strcmp(question.service, name) == 0;
}

/* ---- answers that are whole ---- */

/* Does the question ask for a password, so that a yes says which it was? */
static bool
asks_proof(void)
{
	return question.operation == OPERATION_AUTHENTICATE ||
	    question.operation == OPERATION_VERIFY;
}

static bool
asks_verdict(void)
{
	return question.operation == OPERATION_AUTHENTICATE ||
	       question.operation == OPERATION_ACCOUNT || question.operation == OPERATION_CAN;
}

static void
say(enum outcome outcome, enum verdict verdict)
{
	answer.outcome = outcome;
	answer.verdict = outcome == OUTCOME_VERDICT ? verdict : VERDICT_NONE;
	if (asks_proof() && (outcome == OUTCOME_DONE || answer.verdict == VERDICT_ALLOWED ||
	    answer.verdict == VERDICT_MUST_CHANGE_PASSWORD))
		answer.proof = PROOF_PASSWORD;
	else
		answer.proof = PROOF_NOTHING;
	memset(answer.stamp, 's', sizeof(answer.stamp));
	answer.refusal = outcome == OUTCOME_REFUSED ? FAULT_INVALID : FAULT_NONE;
}

static void
say_yes(void)
{
	say(asks_verdict() ? OUTCOME_VERDICT : OUTCOME_DONE, VERDICT_ALLOWED);
	if (question.operation == OPERATION_SESSION)
		answer_add_line(&answer, "HEXA_ROLES=fake roles");
}

/* For "verdict-N": that verdict, where one is asked for. */
static void
say_number(const char *number)
{
	if (asks_verdict())
		say(OUTCOME_VERDICT, (enum verdict)atoi(number));
	else
		say(OUTCOME_DONE, VERDICT_NONE);
	snprintf(answer.log, sizeof(answer.log), "a line for the log");
	snprintf(answer.tell, sizeof(answer.tell), "a sentence");
}

/* Which password this was by, for whoever asks for it by their new one. */
static bool
tells_proof(void)
{
	if (question.operation != OPERATION_RESET ||
	    strcmp(question.fresh, "tell me the proof") != 0)
		return false;
	say(OUTCOME_REFUSED, VERDICT_NONE);
	snprintf(answer.tell, sizeof(answer.tell), "proof %d %.*s", (int)question.proof,
	    (int)sizeof(question.stamp), (const char *)question.stamp);
	return true;
}

/*
 * Passwords of users who are Hexa's: "right password" or the code "ABCD" and, to change it, anything
 * of 12 bytes.  For "code", that a code stands for the password.
 */
static void
say_by_password(void)
{
	bool code = strcmp(question.password, "ABCD") == 0;
	bool right = code || strcmp(question.password, "right password") == 0;

	if (tells_proof())
		return;
	say_yes();
	if (answer.proof != PROOF_NOTHING && code) {
		answer.proof = PROOF_CODE;
		memset(answer.stamp, 'c', sizeof(answer.stamp));
	}
	if (question.operation == OPERATION_ACCOUNT) {
		answer.has_code = service_is("code");
		if (question.proof == PROOF_PASSWORD || question.proof == PROOF_CODE)
			answer.verdict = VERDICT_MUST_CHANGE_PASSWORD;
	}
	if (!right && (question.operation == OPERATION_AUTHENTICATE ||
	    question.operation == OPERATION_VERIFY || question.operation == OPERATION_CHANGE))
		say(OUTCOME_WRONG, VERDICT_NONE);
	else if ((question.operation == OPERATION_CHANGE ||
			 question.operation == OPERATION_RESET) &&
		 strlen(question.fresh) < 12) {
		say(OUTCOME_REFUSED, VERDICT_NONE);
		snprintf(answer.tell, sizeof(answer.tell), "the password is too short");
	}
}

/* What was asked, as far as the person hears of an answer. */
static void
echo_question(void)
{
	say(asks_verdict() ? OUTCOME_VERDICT : OUTCOME_DONE, VERDICT_NO_PERMISSION);
	if (question.operation == OPERATION_CHANGE || question.operation == OPERATION_RESET)
		say(OUTCOME_REFUSED, VERDICT_NONE);
	snprintf(answer.log, sizeof(answer.log), "a line for the log");
	snprintf(answer.tell, sizeof(answer.tell),
		"%d service %.30s user %zu %.30s rhost %zu tty %.60s password %zu fresh %zu proof "
		"%d account %d",
		(int)question.operation, question.service, strlen(question.user), question.user,
		strlen(question.rhost), question.tty, strlen(question.password),
		strlen(question.fresh), (int)question.proof, (int)question.account);
}

static int
count_descriptors(void)
{
	DIR *folder = opendir("/proc/self/fd");
	int count = 0;

	if (folder == NULL)
		return -1;
	while (readdir(folder) != NULL)
		count++;
	closedir(folder);
	return count - 3; /* ".", ".." and the folder itself */
}

static void
count_signals(int *ignored, int *blocked)
{
	struct sigaction now;
	sigset_t mask;

	sigprocmask(SIG_SETMASK, NULL, &mask);
	for (int number = 1; number < NSIG; number++) {
		*ignored += sigaction(number, NULL, &now) == 0 && now.sa_handler == SIG_IGN;
		*blocked += sigismember(&mask, number) == 1;
	}
}

/* What a helper finds itself in. */
static void
report_surroundings(void)
{
	char folder[64] = "?";
	int variables = 0, words = 0, ignored = 0, blocked = 0;
	uid_t real, effective, saved;

	while (environment[variables] != NULL)
		variables++;
	while (arguments[words] != NULL)
		words++;
	count_signals(&ignored, &blocked);
	getresuid(&real, &effective, &saved);
	say(OUTCOME_VERDICT, VERDICT_NO_PERMISSION);
	snprintf(answer.tell, sizeof(answer.tell),
		"fds %d env %d args %d ignored %d blocked %d umask %03o folder %s uids %d %d %d "
		"gid %d groups %d",
		count_descriptors(), variables, words, ignored, blocked, (unsigned)umask(0),
		getcwd(folder, sizeof(folder)), (int)real, (int)effective, (int)saved,
		(int)getgid(), getgroups(0, NULL));
}

/* ---- sending ---- */

static void
send_bytes(const void *data, size_t size)
{
	if (send(STDIN_FILENO, data, size, MSG_NOSIGNAL) != (ssize_t)size)
		_exit(3);
}

static void
send_answer(size_t less)
{
	struct bytes bytes = {0};

	answer_encode(&answer, &bytes);
	send_bytes(bytes.data, bytes.size - less);
	bytes_clear(&bytes);
}

static void
hang(void)
{
	for (;;)
		pause();
}

/* A good yes, to what was not asked. */
static void
answer_another(void)
{
	switch (question.operation) {
	case OPERATION_NONE:
	case OPERATION_AUTHENTICATE:
		answer.operation = OPERATION_ACCOUNT;
		answer.proof = PROOF_NOTHING;
		return;
	case OPERATION_ACCOUNT:
		answer.operation = OPERATION_AUTHENTICATE;
		answer.proof = PROOF_PASSWORD;
		return;
	case OPERATION_SESSION:
	case OPERATION_VERIFY:
	case OPERATION_CHANGE:
	case OPERATION_RESET:
	case OPERATION_SHOW:
	case OPERATION_EDIT:
	case OPERATION_CAN:
	case OPERATION_KEY_LIST:
	case OPERATION_KEY_ADD:
	case OPERATION_KEY_REMOVE:
		break;
	}
	answer = (struct answer){.outcome = OUTCOME_DONE,
		.operation =
			question.operation == OPERATION_RESET ? OPERATION_CHANGE : OPERATION_RESET};
}

/* Everything that can be wrong with an otherwise right answer. */
static int
misbehave(void)
{
	static unsigned char large[MESSAGE_ANSWER_MAX + 1];

	say_yes();
	if (service_is("silent"))
		return 0;
	if (service_is("hang"))
		hang();
	if (service_is("killed"))
		raise(SIGKILL);
	if (service_is("garbage")) {
		send_bytes("\377\377\377 not an answer", 16);
		return 0;
	}
	if (service_is("empty")) {
		send_bytes("", 0);
		return 0;
	}
	if (service_is("too-long")) {
		send_bytes(large, sizeof(large));
		return 0;
	}
	if (service_is("other-question"))
		answer_another();
	send_answer(service_is("truncated") ? 1 : 0);
	if (service_is("twice"))
		send_answer(0);
	if (service_is("answered-killed"))
		raise(SIGKILL);
	if (service_is("answered-hang"))
		hang();
	return service_is("answered-exit-1") ? 1 : 0;
}

static bool
behave(void)
{
	if (service_is("yes"))
		say_yes();
	else if (service_is("password") || service_is("code"))
		say_by_password();
	else if (service_is("echo"))
		echo_question();
	else if (service_is("report"))
		report_surroundings();
	else if (service_is("unknown"))
		say(OUTCOME_VERDICT, VERDICT_UNKNOWN_USER);
	else if (service_is("fault"))
		say(OUTCOME_FAULT, VERDICT_NONE);
	else if (service_is("wrong"))
		say(question.operation == OPERATION_ACCOUNT ||
					question.operation == OPERATION_SESSION
				? OUTCOME_FAULT
				: OUTCOME_WRONG,
			VERDICT_NONE);
	else if (strncmp(question.service, "verdict-", 8) == 0)
		say_number(question.service + 8);
	else
		return false;
	return true;
}

int
main(int argc, char **argv, char **envp)
{
	static unsigned char data[MESSAGE_QUESTION_MAX + 1];
	ssize_t size;

	(void)argc;
	arguments = argv;
	environment = envp;
	size = recv(STDIN_FILENO, data, sizeof(data), 0);
	if (size <= 0 || !question_decode(data, (size_t)size, &question))
		return 4;
	answer.operation = question.operation;
	if (!behave())
		return misbehave();
	send_answer(0);
	return 0;
}
