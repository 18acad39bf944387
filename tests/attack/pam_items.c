/*
 * pam_items.c - a program that logs in as sshd would, and lies about where from.
 *
 *   pam_items SERVICE USER RHOST TTY     the password is the first line of standard input
 *
 * "@N" as USER, RHOST or TTY is N letters.  Prints PAM's results of authenticate and acct_mgmt,
 * and does not wait after a refusal.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <security/pam_appl.h>

static int
converse(int count, const struct pam_message **messages, struct pam_response **out, void *context)
{
	struct pam_response *responses = calloc((size_t)count, sizeof(*responses));

	for (int i = 0; responses != NULL && i < count; i++)
		if (messages[i]->msg_style == PAM_PROMPT_ECHO_OFF)
			responses[i].resp = strdup(context);
	*out = responses;
	return responses == NULL ? PAM_BUF_ERR : PAM_SUCCESS;
}

/* What a refusal would wait. */
static void
hurry(int result, unsigned microseconds, void *context)
{
	(void)result;
	(void)microseconds;
	(void)context;
}

/* The word itself, or as many letters as it asks for. */
static const char *
spell(const char *word)
{
	size_t size = *word == '@' ? strtoul(word + 1, NULL, 10) : 0;
	char *text;

	if (size == 0 || (text = malloc(size + 1)) == NULL)
		return word;
	memset(text, 'a', size);
	text[size] = '\0';
	return text;
}

int
main(int argc, char **argv)
{
	static char password[2 << 20];
	const struct pam_conv conv = {converse, password};
	pam_handle_t *pamh = NULL;
	int result;

	if (argc != 5)
		return 2;
	if (fgets(password, sizeof(password), stdin) != NULL)
		password[strcspn(password, "\n")] = '\0';
	if (pam_start(argv[1], spell(argv[2]), &conv, &pamh) != PAM_SUCCESS ||
	    pam_set_item(pamh, PAM_RHOST, spell(argv[3])) != PAM_SUCCESS ||
	    pam_set_item(pamh, PAM_TTY, spell(argv[4])) != PAM_SUCCESS ||
	    pam_set_item(pamh, PAM_FAIL_DELAY, (const void *)hurry) != PAM_SUCCESS)
		return 2;
	result = pam_authenticate(pamh, 0);
	printf("authenticate: %s\n", pam_strerror(pamh, result));
	result = pam_acct_mgmt(pamh, 0);
	printf("acct_mgmt: %s\n", pam_strerror(pamh, result));
	pam_end(pamh, result);
	return 0;
}
