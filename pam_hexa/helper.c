/*
 * helper.c - hexa-pam-helper: answers one question of pam_hexa.so on descriptor 0, and ends.
 *
 * It is setuid root and anyone may run it.  It believes one thing of its caller, the real uid: root
 * may ask everything about everyone; others may verify their own password, change it knowing the
 * old one, and ask whether they may log in.  No word of its command line or environment is read.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "accounts/login.h"
#include "pam_hexa/armour.h"
#include "pam_hexa/message.h"
#include "policy/text.h"

enum {
	SECONDS = 60,       /* how long one question may take; the module waits a little longer */
	EXIT_NOT_ASKED = 2, /* run by hand */
};

/* What may hold passwords: one block, kept out of swap as far as the kernel allows. */
static struct {
	unsigned char wire[MESSAGE_QUESTION_MAX + 1];
	struct question question;
} secret;

static struct answer answer;

/* Seen on the way: the directory is behind the database, because a command died between the two. */
static bool unpublished;

/* ---- what is said ------------------------------------------------------------------------- */

/* The one sentence that everybody gets who is refused, whatever the rule was. */
static const char *
sentence(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_ALLOWED:
		return "";
	case VERDICT_MUST_CHANGE_PASSWORD:
		return "Your password has to be changed now.";
	case VERDICT_UNKNOWN_USER: /* perhaps another source's: then it is not ours to speak of */
		return "";
	case VERDICT_NONE:
	case VERDICT_NOT_ACTIVE:
	case VERDICT_NOT_YET_VALID:
	case VERDICT_EXPIRED:
	case VERDICT_TYPE_CANNOT_LOG_IN:
	case VERDICT_NO_CONTACT:
	case VERDICT_NO_ROLE:
	case VERDICT_ROLE_DISABLED:
	case VERDICT_NO_PERMISSION:
	case VERDICT_WRONG_SITE:
	case VERDICT_SERVICE_NOT_PERMITTED:
	case VERDICT_LOCKED_OUT:
		break;
	}
	return "This account may not log in here.";
}

/*
 * What came from outside must not forge a line of the log, or an end of a quotation in one.  For a
 * service it changes nothing else: none that a policy can name has such a byte.
 */
static void
neutralise(char *text)
{
	for (unsigned char *at = (unsigned char *)text; *at != '\0'; at++)
		if (*at < 0x20 || *at >= 0x7f || *at == '"' || *at == '\\')
			*at = '?';
}

/*
 * A line for the log.  Root's module writes it, beside what its program writes; an ordinary user's
 * is not told, and it is written here.
 */
static void
note(uint32_t caller, int priority, const char *text)
{
	if (caller == 0) {
		snprintf(answer.log, sizeof(answer.log), "%s", text);
		return;
	}
	/* Whose words they are, so that nobody takes them for a door's. */
	openlog("hexa-pam-helper", LOG_PID, LOG_AUTHPRIV);
	syslog(priority, "asked by uid %u: %s", caller, text);
	closelog();
}

/*
 * Who was refused, where, and why.  A name that is nobody's may be a password, and is not written.
 */
static void
note_refusal(const struct login *login, const struct login_answer *said, const char *why)
{
	char text[MESSAGE_LOG_MAX + 1];

	if (said->name[0] == '\0')
		snprintf(text, sizeof(text),
		    "an unknown user refused for service \"%s\" from \"%s\"", login->service,
		    login->from);
	else
		snprintf(text, sizeof(text),
		    "user \"%s\" refused for service \"%s\" from \"%s\": %s", said->name,
		    login->service, login->from, why);
	note(login->caller, LOG_NOTICE, text);
}

static void
note_fault(const struct login *login, const struct why *why)
{
	char text[MESSAGE_LOG_MAX + 1];

	snprintf(text, sizeof(text), "%s%s%s", why->text, why->mend[0] == '\0' ? "" : "; mend: ",
	    why->mend);
	answer.outcome = OUTCOME_FAULT;
	note(login->caller, LOG_ERR, text);
}

/* ---- the questions ------------------------------------------------------------------------ */

static void
decided(const struct login *login, const struct login_answer *said, bool is_account)
{
	unpublished = said->unpublished;
	answer.outcome = OUTCOME_VERDICT;
	answer.verdict = said->verdict;
	if (is_account)
		snprintf(answer.tell, sizeof(answer.tell), "%s", sentence(said->verdict));
	if (said->verdict != VERDICT_ALLOWED && said->verdict != VERDICT_MUST_CHANGE_PASSWORD)
		note_refusal(login, said, said->reason);
}

static void
wrong(const struct login *login, const struct login_answer *said)
{
	answer.outcome = OUTCOME_WRONG;
	note_refusal(login, said, "wrong password");
}

static void
answer_authenticate(const struct login *login, const struct question *question)
{
	struct login_answer said = {0};
	struct why why;

	if (login_authenticate(login, question->password, &said, &why) != FAULT_NONE)
		note_fault(login, &why);
	else if (said.verdict == VERDICT_NONE)
		wrong(login, &said);
	else
		decided(login, &said, false);
}

static void
answer_account(const struct login *login)
{
	struct login_answer said = {0};
	struct why why;

	if (login_account(login, &said, &why) != FAULT_NONE)
		note_fault(login, &why);
	else
		decided(login, &said, true);
}

static void
answer_session(const struct login *login)
{
	struct login_answer said = {0};
	struct names environment = {0};
	struct why why;

	if (login_open_session(login, &said, &environment, &why) != FAULT_NONE) {
		note_fault(login, &why);
	} else if (said.verdict == VERDICT_UNKNOWN_USER) {
		answer.outcome = OUTCOME_VERDICT;
		answer.verdict = VERDICT_UNKNOWN_USER;
	} else {
		answer.outcome = OUTCOME_DONE;
		if (said.reason[0] != '\0')
			note(login->caller, LOG_WARNING, said.reason);
		for (size_t i = 0; i < environment.count; i++)
			if (!answer_add_variable(&answer, environment.item[i]))
				note(login->caller, LOG_WARNING, "a session variable has no room");
	}
	names_clear(&environment);
}

static void
answer_verify(const struct login *login, const struct question *question)
{
	struct login_answer said = {0};
	struct why why;

	if (login_verify_password(login, question->password, &said, &why) != FAULT_NONE)
		note_fault(login, &why);
	else if (said.verdict == VERDICT_ALLOWED)
		answer.outcome = OUTCOME_DONE;
	else if (said.verdict == VERDICT_NONE)
		wrong(login, &said);
	else
		decided(login, &said, false);
}

/* The kernel's audit login uid: who came in at first, whatever sudo and su did since. */
static uint32_t
audit_login_uid(void)
{
	char text[16] = "";
	uint64_t uid = UINT32_MAX;
	int fd = open("/proc/self/loginuid", O_RDONLY | O_CLOEXEC);
	ssize_t size = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		close(fd);
	if (size <= 0 || !text_to_number(text, UINT32_MAX, &uid))
		return UINT32_MAX;
	return (uint32_t)uid;
}

/* `old` NULL: root's word, and no proof that it is the person themself. */
static void
answer_change(const struct login *login, const struct question *question, const char *old)
{
	struct actor actor = {.login_uid = audit_login_uid()};
	struct login_answer said = {0};
	struct why why;

	if (old == NULL && question->proof == PROOF_NOTHING)
		strcpy(actor.name, "root");
	switch (login_change_password(login, &actor, old, question->fresh, &said, &why)) {
	case FAULT_NONE:
		answer.outcome = OUTCOME_DONE;
		return;
	case FAULT_DENIED:
		wrong(login, &said);
		return;
	case FAULT_UNKNOWN:
		answer.outcome = OUTCOME_VERDICT;
		answer.verdict = VERDICT_UNKNOWN_USER;
		return;
	case FAULT_INVALID:
	case FAULT_RULE:
	case FAULT_CONFLICT:
		answer.outcome = OUTCOME_REFUSED;
		snprintf(answer.tell, sizeof(answer.tell), "%s", why.text);
		return;
	case FAULT_UNAVAILABLE:
		break;
	}
	note_fault(login, &why);
}

/* What an ordinary user may ask about themself; that it is themself login.c holds to. */
static bool
may_ask(uint32_t caller, enum operation operation)
{
	switch (operation) {
	case OPERATION_AUTHENTICATE:
	case OPERATION_ACCOUNT:
	case OPERATION_VERIFY:
	case OPERATION_CHANGE:
		return true;
	case OPERATION_SESSION:
	case OPERATION_RESET:
		return caller == 0;
	case OPERATION_NONE:
		break;
	}
	return false;
}

static void
answer_question(uint32_t caller, struct question *question)
{
	struct login login = {.root = "",
	    .caller = caller,
	    .account = question->account,
	    .user = question->user,
	    .service = question->service,
	    .from = question->rhost[0] != '\0' ? question->rhost : question->tty,
	    .now = time(NULL),
	    .proof = question->proof};

	neutralise(question->service);
	neutralise(question->rhost);
	neutralise(question->tty);
	answer.operation = question->operation;
	if (!may_ask(caller, question->operation))
		return;
	switch (question->operation) {
	case OPERATION_NONE:
		break;
	case OPERATION_AUTHENTICATE:
		answer_authenticate(&login, question);
		break;
	case OPERATION_ACCOUNT:
		answer_account(&login);
		break;
	case OPERATION_SESSION:
		answer_session(&login);
		break;
	case OPERATION_VERIFY:
		answer_verify(&login, question);
		break;
	case OPERATION_CHANGE:
		answer_change(&login, question, question->password);
		break;
	case OPERATION_RESET:
		answer_change(&login, question, NULL);
		break;
	}
}

/* ---- the run ------------------------------------------------------------------------------ */

static bool
send_answer(void)
{
	struct bytes bytes = {0};
	bool sent;

	answer_encode(&answer, &bytes);
	sent = !bytes.failed &&
	    send(STDIN_FILENO, bytes.data, bytes.size, MSG_NOSIGNAL) == (ssize_t)bytes.size;
	bytes_clear(&bytes);
	return sent;
}

/*
 * Brings the directory up, in a child: the login does not wait for it, and whatever becomes of it,
 * the helper has ended well.
 */
static void
publish_behind(void)
{
	if (fork() != 0)
		return;
	close(STDIN_FILENO);
	alarm(SECONDS);
	_exit(login_publish("", time(NULL), NULL) == FAULT_NONE ? EXIT_SUCCESS : EXIT_FAILURE);
}

#ifdef __SANITIZE_ADDRESS__
/* The search for leaks would have to trace the process, which armour.c forbids. */
const char *__asan_default_options(void);

const char *
__asan_default_options(void)
{
	return "detect_leaks=0";
}
#endif

int
main(void)
{
	uint32_t caller = getuid();
	ssize_t size;
	bool sent = false;

	if (!armour_put_on(SECONDS))
		return EXIT_FAILURE;
	mlock(&secret, sizeof(secret));
	size = recv(STDIN_FILENO, secret.wire, sizeof(secret.wire), MSG_TRUNC);
	if (size < 0) {
		fputs("hexa-pam-helper is run by pam_hexa.so\n", stderr);
		return EXIT_NOT_ASKED;
	}
	if ((size_t)size <= MESSAGE_QUESTION_MAX &&
	    question_decode(secret.wire, (size_t)size, &secret.question)) {
		answer_question(caller, &secret.question);
		sent = send_answer();
	}
	explicit_bzero(&secret, sizeof(secret));
	if (sent && unpublished)
		publish_behind();
	return sent ? EXIT_SUCCESS : EXIT_FAILURE;
}
