/*
 * locker.c - a screen locker, for the cases in the throwaway host: an ordinary user's program that
 * stays, and asks PAM for the password of whoever locked the screen until it is right.
 *
 *   locker [SERVICE [USER]]   SERVICE: "locker"; USER: who runs it
 *
 * As lockers do, it verifies in a child that lives as long as the screen is locked and holds one
 * PAM handle for all tries, and it leaves no children to wait for (SIGCHLD is ignored).  Each line
 * of standard input is a try, answered on standard output with "locked: " and why, or with
 * "unlocked", which ends it.  Exits 0 when the screen was unlocked, 1 when the lines were used up.
 */
#include <err.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <security/pam_appl.h>

enum { LINE_BYTES = 1024 };

/* Every question is answered with what was typed into the locked screen. */
static int
converse(int count, const struct pam_message **messages, struct pam_response **out, void *typed)
{
	struct pam_response *responses = calloc((size_t)count, sizeof(*responses));

	if (responses == NULL)
		return PAM_BUF_ERR;
	for (int i = 0; i < count; i++)
		if (messages[i]->msg_style == PAM_PROMPT_ECHO_OFF)
			responses[i].resp = strdup(typed);
	*out = responses;
	return PAM_SUCCESS;
}

static int
verify(pam_handle_t *pamh)
{
	int result = pam_authenticate(pamh, 0);

	if (result == PAM_SUCCESS)
		result = pam_acct_mgmt(pamh, 0);
	if (result == PAM_SUCCESS)
		result = pam_setcred(pamh, PAM_REFRESH_CRED);
	return result;
}

/* The child: a line in, a line out; never returns. */
static void
serve(int fd, const char *service, const char *user)
{
	char typed[LINE_BYTES];
	struct pam_conv conversation = {converse, typed};
	pam_handle_t *pamh = NULL;
	ssize_t size;
	int result;

	if (pam_start(service, user, &conversation, &pamh) != PAM_SUCCESS)
		errx(2, "no PAM");
	while ((size = recv(fd, typed, sizeof(typed) - 1, 0)) > 0) {
		typed[size] = '\0';
		result = verify(pamh);
		explicit_bzero(typed, sizeof(typed));
		if (send(fd, &result, sizeof(result), 0) != sizeof(result))
			break;
	}
	pam_end(pamh, PAM_SUCCESS);
	_exit(0);
}

int
main(int argc, char **argv)
{
	const char *service = argc > 1 ? argv[1] : "locker", *user = argc > 2 ? argv[2] : NULL;
	struct passwd *own = getpwuid(getuid());
	char line[LINE_BYTES];
	int pair[2], result;

	if (user == NULL && own == NULL)
		errx(2, "who are you?");
	signal(SIGCHLD, SIG_IGN);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
		err(2, "socketpair");
	switch (fork()) {
	case -1:
		err(2, "fork");
	case 0:
		close(pair[0]);
		serve(pair[1], service, user != NULL ? user : own->pw_name);
	}
	close(pair[1]);
	while (fgets(line, sizeof(line), stdin) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		/* A packet has a size of its own: an empty line is sent with its end. */
		if (send(pair[0], line, strlen(line) + 1, 0) < 0 ||
			recv(pair[0], &result, sizeof(result), 0) != sizeof(result))
			errx(2, "the child is gone");
		if (result == PAM_SUCCESS)
			return puts("unlocked"), 0;
		printf("locked: %s\n", pam_strerror(NULL, result));
		fflush(stdout);
	}
	return 1;
}
