/*
 * ask.c - asks the installed helper, as whoever runs it, for the cases in the throwaway host.
 *
 *   ask OPERATION USER SERVICE [FROM]
 *
 * OPERATION: authenticate account session verify change reset show edit can key-list key-add key-remove.
 * FROM: the far host that is claimed.  The password and the new one are lines of standard input; of edit the
 * first is FIELD=VALUE, of can the permission, of key-… the key or its fingerprint.  Prints the outcome, the
 * verdict's name and what is told, and the lines of show and key-list; "no answer" and exit status 1 when
 * there was none.
 */
#include <stdio.h>

#include "pam_hexa/ask.c"
#include "pam_hexa/message.c"

static const char *const operations[] = {[OPERATION_NONE] = "none",
    [OPERATION_AUTHENTICATE] = "authenticate",
    [OPERATION_ACCOUNT] = "account",
    [OPERATION_SESSION] = "session",
    [OPERATION_VERIFY] = "verify",
    [OPERATION_CHANGE] = "change",
    [OPERATION_RESET] = "reset",
    [OPERATION_SHOW] = "show",
    [OPERATION_EDIT] = "edit",
    [OPERATION_CAN] = "can",
    [OPERATION_KEY_LIST] = "key-list",
    [OPERATION_KEY_ADD] = "key-add",
    [OPERATION_KEY_REMOVE] = "key-remove"};

static const char *const outcomes[] = {[OUTCOME_FAULT] = "fault",
    [OUTCOME_VERDICT] = "verdict",
    [OUTCOME_WRONG] = "wrong",
    [OUTCOME_REFUSED] = "refused",
    [OUTCOME_DONE] = "done"};

static void
read_line(char *to, size_t room)
{
	if (fgets(to, (int)room, stdin) != NULL)
		to[strcspn(to, "\n")] = '\0';
}

/* Anything that the decoder takes, whatever hexa-admin would have said. */
static void
put_edit(char *text, struct question *question)
{
	struct question_edit *edit = &question->edit[question->edits++];
	char *value = text;

	edit->act = EDIT_SET;
	snprintf(edit->field, sizeof(edit->field), "%s", strsep(&value, "="));
	snprintf(edit->value, sizeof(edit->value), "%s", value == NULL ? "" : value);
}

int
main(int argc, char **argv)
{
	static struct question question = {.account = MESSAGE_NO_ACCOUNT, .proof = PROOF_PASSWORD};
	static struct answer answer;
	struct why why;

	if (argc != 4 && argc != 5)
		return 2;
	for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++)
		if (strcmp(argv[1], operations[i]) == 0)
			question.operation = (enum operation)i;
	snprintf(question.user, sizeof(question.user), "%s", argv[2]);
	snprintf(question.service, sizeof(question.service), "%s", argv[3]);
	if (argc == 5)
		snprintf(question.rhost, sizeof(question.rhost), "%s", argv[4]);
	if (question.operation >= OPERATION_KEY_LIST)
		read_line(question.key, sizeof(question.key));
	read_line(question.password, sizeof(question.password));
	read_line(question.fresh, sizeof(question.fresh));
	if (question.operation == OPERATION_EDIT)
		put_edit(question.password, &question);
	if (question.operation == OPERATION_CAN)
		snprintf(question.permission, sizeof(question.permission), "%.200s",
		    question.password);
	if (helper_ask(&question, &answer, &why) != FAULT_NONE) {
		printf("no answer\n");
		fprintf(stderr, "%s\n", why.text);
		return 1;
	}
	printf("%s", outcomes[answer.outcome]);
	if (answer.outcome == OUTCOME_VERDICT)
		printf(" %s", verdict_name(answer.verdict));
	printf("%s%s\n", answer.tell[0] == '\0' ? "" : ": ", answer.tell);
	if (answer.operation == OPERATION_SHOW || answer.operation == OPERATION_KEY_LIST)
		for (const char *line = NULL; (line = answer_next_line(&answer, line)) != NULL;)
			printf("%s\n", line);
	if (answer.log[0] != '\0')
		fprintf(stderr, "%s\n", answer.log);
	return 0;
}
