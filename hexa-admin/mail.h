/*
 * mail.h - handing a mail to this host's mail program, by the interface that all of them have:
 * sendmail(8), the addressee as an argument and the message on its standard input.
 */
#ifndef HEXA_ADMIN_MAIL_H
#define HEXA_ADMIN_MAIL_H

#include <stdbool.h>

#include "policy/fault.h"

/* Seconds that the mail program may take. */
enum { MAIL_LIMIT = 30 };

struct mail {
	const char *to;      /* an address, as text_is_email() has it */
	const char *from;    /* the same; NULL: the mail program says */
	const char *subject; /* one line of printable ASCII */
	const char *text;    /* lines of printable ASCII, the last one ended */
};

/* Has this host a mail program? */
bool mail_has_program(void);

/*
 * Sends the mail, marked as automatic (RFC 3834); date and message id are the mail program's to
 * add.  It is run as root, without a shell and with nothing of the caller's environment, and ended
 * when it takes too long.  That it took the mail says nothing of its arriving.
 * FAULT_INVALID: an address, the subject or the text is not as it must be, and nothing was run;
 * FAULT_UNAVAILABLE: the program is not there, said no, or took too long.
 */
enum fault mail_send(const struct mail *mail, struct why *why);

#endif
