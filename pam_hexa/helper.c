/*
 * helper.c - hexa-pam-helper: answers one question of pam_hexa.so, or of hexa-admin without sudo,
 * on descriptor 0, and ends.
 *
 * It is setuid root and anyone may run it.  It believes one thing of its caller, the real uid: root
 * may ask what a login asks about everyone; others may verify their own password, change it knowing
 * the old one, ask whether they may log in, see and change their own account, and ask what they may
 * do.  No word of its command line or environment is read.
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

#include "accounts/lockout.h"
#include "accounts/login.h"
#include "accounts/place.h"
#include "accounts/self.h"
#include "pam_hexa/armour.h"
#include "pam_hexa/helper_keys.h"
#include "pam_hexa/message.h"
#include "policy/text.h"

enum {
	SECONDS = 60,       /* how long one question may take; the module waits a little longer */
	SECONDS_TO_ASK = 10, /* the module asks at once */
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

/* Let in by a hash of /etc/shadow: what takes its place, and by whom. */
static struct login_answer upgrade;
static struct actor upgrader;

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

/* A line of the helper's own, whoever asked: of the host's state, and not of this login. */
static void
note_host(const char *text)
{
	if (text[0] == '\0')
		return;
	openlog("hexa-pam-helper", LOG_PID, LOG_AUTHPRIV);
	syslog(LOG_WARNING, "%s", text);
	closelog();
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

/* Said with a yes, while there is time to choose when. */
static void
warn(uint32_t days)
{
	if (days > 0)
		snprintf(answer.tell, sizeof(answer.tell),
		    "Your password has to be changed within %lu %s.", (unsigned long)days,
		    days == 1 ? "day" : "days");
}

static void
prove(const struct login_answer *said)
{
	answer.proof = said->proof;
	memcpy(answer.stamp, said->stamp, sizeof(answer.stamp));
}

static void
decided(const struct login *login, const struct login_answer *said, bool is_account)
{
	unpublished = said->unpublished;
	answer.outcome = OUTCOME_VERDICT;
	answer.verdict = said->verdict;
	prove(said);
	answer.has_code = said->has_code;
	if (is_account) {
		snprintf(answer.tell, sizeof(answer.tell), "%s", sentence(said->verdict));
		warn(said->days_left);
	}
	if (said->verdict != VERDICT_ALLOWED && said->verdict != VERDICT_MUST_CHANGE_PASSWORD)
		note_refusal(login, said, said->reason);
}

static void
wrong(const struct login *login, const struct login_answer *said)
{
	answer.outcome = OUTCOME_WRONG;
	note_refusal(login, said, said->reason[0] == '\0' ? "wrong password" : said->reason);
}

/*
 * Where a change comes from, for the journal: what root's module says, and of an ordinary user what
 * the kernel and utmp(5) say.  Where they say that they are is not what they are asked.
 */
static void
come_from(struct actor *actor, const struct login *login)
{
	char place[sizeof(actor->from)];

	if (login->caller != 0)
		place_find(place, sizeof(place));
	place_put(actor->from, sizeof(actor->from), login->caller == 0 ? login->from : place);
}

/* `login` ends with the question; this is done behind the answer. */
static void
note_upgrade(const struct login *login, const struct login_answer *said)
{
	upgrade = *said;
	upgrader.login_uid = login->login_uid;
	come_from(&upgrader, login);
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
	note_host(said.note);
	if (said.rehash[0] != '\0')
		note_upgrade(login, &said);
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
			if (!answer_add_line(&answer, environment.item[i]))
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
	else if (said.verdict == VERDICT_ALLOWED) {
		answer.outcome = OUTCOME_DONE;
		prove(&said);
	} else if (said.verdict == VERDICT_NONE || said.verdict == VERDICT_LOCKED_OUT)
		wrong(login, &said);
	else
		decided(login, &said, false);
	note_host(said.note);
}

/* `old` NULL: root's word, and no proof that it is the person themself. */
static void
answer_change(const struct login *login, const struct question *question, const char *old)
{
	struct actor actor = {.login_uid = login->login_uid};
	struct login_answer said = {0};
	struct why why;
	enum fault fault;

	come_from(&actor, login);
	if (old == NULL && question->proof == PROOF_NOTHING)
		strcpy(actor.name, "root");
	fault = login_change_password(login, &actor, old, question->fresh, &said, &why);
	note_host(said.note);
	switch (fault) {
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
		answer.refusal = fault;
		snprintf(answer.tell, sizeof(answer.tell), "%s", why.text);
		return;
	case FAULT_UNAVAILABLE:
		break;
	}
	note_fault(login, &why);
}

/* ---- their own account -------------------------------------------------------------------- */

static struct self
self_of(uint32_t caller)
{
	return (struct self){
	    .root = "", .uid = caller, .login_uid = audit_login_uid(), .now = time(NULL)};
}

static void
unknown(void)
{
	answer.outcome = OUTCOME_VERDICT;
	answer.verdict = VERDICT_UNKNOWN_USER;
}

/* What kept the helper from an answer is for the log; what is refused is for the person. */
static void
refuse(const struct login *login, const struct why *why)
{
	if (why->fault == FAULT_UNAVAILABLE) {
		note_fault(login, why);
		return;
	}
	answer.outcome = OUTCOME_REFUSED;
	answer.refusal = why->fault;
	snprintf(answer.tell, sizeof(answer.tell), "%s", why->text);
}

/* False: there is no room, or no memory. */
static bool
add_line(const char *name, const char *value)
{
	struct bytes line = {0};
	char *text;
	bool added;

	bytes_print(&line, "%s=%s", name, value);
	text = bytes_take_text(&line);
	added = text != NULL && answer_add_line(&answer, text);
	free(text);
	return added;
}

static bool
add_field(const struct field *field, const struct user *user)
{
	char *text;
	bool added;

	if ((field->rights & F_HIDDEN) != 0 ||
	    (field_is_empty(field, user) && field->kind != K_CHOICE))
		return true;
	text = field_text(field, user);
	added = text != NULL && add_line(field->name, text);
	free(text);
	return added;
}

static bool
add_notices(const struct names *notices)
{
	bool added = true;

	for (size_t i = 0; added && i < notices->count; i++) {
		char *sentence = strndup(notices->item[i], strcspn(notices->item[i], "\n"));

		added = sentence != NULL && add_line("notice", sentence);
		free(sentence);
	}
	return added;
}

/* Half an answer is none. */
static void
give(const struct login *login, bool whole)
{
	struct why why;

	if (whole)
		return;
	answer = (struct answer){.operation = answer.operation};
	why_set(&why, FAULT_UNAVAILABLE, "an answer has no room");
	note_fault(login, &why);
}

static void
answer_show(const struct login *login)
{
	const struct self self = self_of(login->caller);
	struct user user = {0};
	struct why why;
	bool whole = true;
	enum fault fault = self_show(&self, &user, &why);

	if (fault == FAULT_UNKNOWN) {
		unknown();
	} else if (fault != FAULT_NONE) {
		note_fault(login, &why);
	} else {
		answer.outcome = OUTCOME_DONE;
		for (size_t i = 0; whole && i < user_table.count; i++)
			whole = add_field(&user_table.rows[i], &user);
		give(login, whole);
	}
	user_clear(&user);
}

/* FAULT_INVALID: a user has no such field. */
static enum fault
read_edits(const struct question *question, struct edit edit[MESSAGE_EDITS_MAX], struct why *why)
{
	for (size_t i = 0; i < question->edits; i++) {
		const struct question_edit *asked = &question->edit[i];

		edit[i] = (struct edit){asked->act, field_find(&user_table, asked->field),
		    asked->act == EDIT_CLEAR ? NULL : asked->value};
		if (edit[i].field == NULL)
			return why_set(why, FAULT_INVALID, "a user has no field %s", asked->field);
	}
	return FAULT_NONE;
}

/* As hexa-admin tells of what others change, with the journal's head, so that a cut tail shows. */
static void
note_edit(const struct login *login, const struct self_edited *edited)
{
	char hash[2 * CRYPTO_HASH_BYTES + 1];

	if (edited->sequence == 0)
		return;
	for (size_t i = 0; i < CRYPTO_HASH_BYTES; i++)
		snprintf(hash + 2 * i, 3, "%02x", edited->hash[i]);
	openlog("hexa-pam-helper", LOG_PID, LOG_AUTHPRIV);
	syslog(LOG_INFO, "user %s (uid %u) changed: %s by %s (uid %u)", edited->name,
	    login->caller, edited->fields, edited->name, login->caller);
	syslog(LOG_INFO, "activity %llu:%s by %s (uid %u)", (unsigned long long)edited->sequence,
	    hash, edited->name, login->caller);
	closelog();
}

/* Somebody tried what is not theirs. */
static void
note_denied(const struct login *login, const struct self_edited *edited, const struct why *why)
{
	char text[MESSAGE_LOG_MAX + 1];

	snprintf(text, sizeof(text), "user \"%s\" refused a change of their own account: %s",
	    edited->name, why->text);
	note(login->caller, LOG_NOTICE, text);
}

/* What came of a change of theirs, for the person and for the log. */
static void
conclude_edit(const struct login *login, enum fault fault, struct self_edited *edited,
    const struct why *why)
{
	note_edit(login, edited);
	if (fault == FAULT_UNKNOWN && edited->name[0] == '\0') {
		unknown();
	} else if (fault != FAULT_NONE) {
		if (fault == FAULT_DENIED)
			note_denied(login, edited, why);
		refuse(login, why);
	} else {
		if (edited->unpublished)
			note_fault(login, why);
		answer.outcome = OUTCOME_DONE;
		give(login, add_notices(&edited->notices) &&
		    (!edited->unpublished ||
		        add_line("notice", "it is done, and this host will show it later")));
	}
	names_clear(&edited->notices);
}

static void
answer_edit(const struct login *login, const struct question *question)
{
	struct self self = self_of(login->caller);
	struct edit edit[MESSAGE_EDITS_MAX];
	struct self_edited edited = {0};
	char place[64];
	struct why why;
	enum fault fault = read_edits(question, edit, &why);

	/* Where they say that they are is not what they are asked. */
	place_find(place, sizeof(place));
	self.from = place;

	if (fault == FAULT_NONE)
		fault = self_edit(&self, &(struct edits){edit, question->edits}, &edited, &why);
	conclude_edit(login, fault, &edited, &why);
}

static void
answer_keys(const struct login *login, const struct question *question)
{
	struct self self = self_of(login->caller);
	struct self_edited edited = {0};
	char place[64];
	struct why why;
	enum fault fault;

	place_find(place, sizeof(place));
	self.from = place;
	fault = keys_answer(&self, question, &answer, &edited, &why);
	conclude_edit(login, fault, &edited, &why);
}

/* What the decision rests on.  What would mend it is not theirs to do. */
static bool
add_review(const struct review *review)
{
	char line[16];

	snprintf(line, sizeof(line), "%u", review->line);
	return add_line("service", review->service) && add_line("role", review->role) &&
	    add_line("permission", review->permission) && add_line("field", review->field) &&
	    add_line("line", line) && add_line("reason", review->reason);
}

static void
answer_can(const struct login *login, const struct question *question)
{
	const struct self self = self_of(login->caller);
	const struct question_of asked = {.permission = question->permission,
	    .service = question->service[0] == '\0' ? NULL : question->service,
	    .when = question->at == 0 ? self.now : question->at,
	    .dated = question->dated};
	struct review review = {0};
	struct names notices = {0};
	bool is_user = false;
	struct why why;
	enum fault fault =
	    self_can(&self, question->user, &asked, &is_user, &review, &notices, &why);

	if (fault == FAULT_UNKNOWN && !is_user) {
		unknown();
	} else if (fault != FAULT_NONE) {
		refuse(login, &why);
	} else {
		answer.outcome = OUTCOME_VERDICT;
		answer.verdict = review.verdict;
		give(login, add_review(&review) && add_notices(&notices));
	}
	names_clear(&notices);
}

/* ---- who may ask what --------------------------------------------------------------------- */

/*
 * What an ordinary user may ask about themself; that it is themself login.c and self.c hold to.
 * root has hexa-admin for the rest.
 */
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
	case OPERATION_SHOW:
	case OPERATION_EDIT:
	case OPERATION_CAN:
	case OPERATION_KEY_LIST:
	case OPERATION_KEY_ADD:
	case OPERATION_KEY_REMOVE:
		return caller != 0;
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
	    .invoker = caller == 0 ? question->invoker : caller,
	    .user = question->user,
	    .service = question->service,
	    .from = question->rhost[0] != '\0' ? question->rhost : question->tty,
	    .rhost = question->rhost,
	    .login_uid = audit_login_uid(),
	    .now = time(NULL),
	    .uptime = lockout_uptime(),
	    .proof = question->proof,
	    .stamp = question->stamp};

	/* A service that is asked about is judged as it is written. */
	if (question->operation != OPERATION_CAN)
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
	case OPERATION_SHOW:
		answer_show(&login);
		break;
	case OPERATION_EDIT:
		answer_edit(&login, question);
		break;
	case OPERATION_CAN:
		answer_can(&login, question);
		break;
	case OPERATION_KEY_LIST:
	case OPERATION_KEY_ADD:
	case OPERATION_KEY_REMOVE:
		answer_keys(&login, question);
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
 * What is left to write, in a child: the login does not wait for it, and whatever becomes of it,
 * the helper has ended well.
 */
static void
write_behind(void)
{
	enum fault fault = FAULT_NONE;

	if (fork() != 0)
		return;
	close(STDIN_FILENO);
	alarm(SECONDS);
	if (upgrade.rehash[0] != '\0')
		fault = login_upgrade("", &upgrade, &upgrader, time(NULL), NULL);
	if (unpublished)
		fault = login_publish("", time(NULL), NULL);
	_exit(fault == FAULT_NONE ? EXIT_SUCCESS : EXIT_FAILURE);
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

/*
 * A pair of sockets that the module has made, and no other: an answer sent elsewhere would be
 * root's word there.
 */
static bool
is_asked_by_socket(void)
{
	int domain = 0, type = 0;
	socklen_t size = sizeof(domain);

	if (getsockopt(STDIN_FILENO, SOL_SOCKET, SO_DOMAIN, &domain, &size) != 0)
		return false;
	size = sizeof(type);
	return getsockopt(STDIN_FILENO, SOL_SOCKET, SO_TYPE, &type, &size) == 0 &&
	    domain == AF_UNIX && type == SOCK_SEQPACKET;
}

int
main(void)
{
	uint32_t caller = getuid();
	ssize_t size = -1;
	bool sent = false;

	/* Who is asked nothing is root's process for nothing, and counts against no limit. */
	if (!armour_put_on(SECONDS_TO_ASK))
		return EXIT_FAILURE;
	mlock(&secret, sizeof(secret));
	if (is_asked_by_socket())
		size = recv(STDIN_FILENO, secret.wire, sizeof(secret.wire), MSG_TRUNC);
	alarm(SECONDS);
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
	if (sent && (unpublished || upgrade.rehash[0] != '\0'))
		write_behind();
	return sent ? EXIT_SUCCESS : EXIT_FAILURE;
}
