/*
 * client.c - a program that calls PAM, for the cases in the throwaway host: a screen locker, run by
 * whoever runs it.
 *
 *   client SERVICE USER ACTION…    ACTION: authenticate setcred acct_mgmt open_session
 * close_session chauthtok
 *
 * Each prompt is answered with the next line of standard input.  Prints prompts and messages as
 * they come, and after each action its name and PAM's result; exits 1 when one was not PAM_SUCCESS.
 * "chauthtok-expired" is chauthtok with PAM_CHANGE_EXPIRED_AUTHTOK.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <security/pam_appl.h>

static int
converse(int count, const struct pam_message **messages, struct pam_response **out, void *context)
{
	struct pam_response *responses = calloc((size_t)count, sizeof(*responses));
	char line[4096];

	(void)context;
	if (responses == NULL)
		return PAM_BUF_ERR;
	for (int i = 0; i < count; i++) {
		printf("%s\n", messages[i]->msg);
		if (messages[i]->msg_style != PAM_PROMPT_ECHO_OFF &&
		    messages[i]->msg_style != PAM_PROMPT_ECHO_ON)
			continue;
		if (fgets(line, sizeof(line), stdin) == NULL) {
			free(responses);
			return PAM_CONV_ERR;
		}
		line[strcspn(line, "\n")] = '\0';
		responses[i].resp = strdup(line);
	}
	*out = responses;
	return PAM_SUCCESS;
}

static int
act(pam_handle_t *pamh, const char *action)
{
	static const struct {
		const char *name;
		int (*call)(pam_handle_t *pamh, int flags);
		int flags;
	} actions[] = {{"authenticate", pam_authenticate, 0},
		{"setcred", pam_setcred, PAM_ESTABLISH_CRED}, {"acct_mgmt", pam_acct_mgmt, 0},
		{"open_session", pam_open_session, 0}, {"close_session", pam_close_session, 0},
		{"chauthtok", pam_chauthtok, 0},
		{"chauthtok-expired", pam_chauthtok, PAM_CHANGE_EXPIRED_AUTHTOK}};

	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (strcmp(actions[i].name, action) == 0)
			return actions[i].call(pamh, actions[i].flags);
	return PAM_SYSTEM_ERR;
}

int
main(int argc, char **argv)
{
	struct pam_conv conversation = {converse, NULL};
	pam_handle_t *pamh = NULL;
	int result = PAM_SYSTEM_ERR, worst = PAM_SUCCESS;

	if (argc < 4 || pam_start(argv[1], argv[2], &conversation, &pamh) != PAM_SUCCESS)
		return 2;
	for (int i = 3; i < argc; i++) {
		result = act(pamh, argv[i]);
		printf("%s: %s\n", argv[i], pam_strerror(pamh, result));
		fflush(stdout);
		if (result != PAM_SUCCESS)
			worst = result;
	}
	pam_end(pamh, result);
	return worst == PAM_SUCCESS ? 0 : 1;
}
