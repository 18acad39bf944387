/*
 * mail.c - the message, and the program that takes it.
 */
#include "hexa-admin/mail.h"

#include <stddef.h>

#include "accounts/program.h"
#include "policy/bytes.h"
#include "policy/text.h"

/* Where the Linux Standard Base has it, whichever mail system a host runs. */
#ifndef HEXA_SENDMAIL
#define HEXA_SENDMAIL "/usr/sbin/sendmail"
#endif

/* With `lines`, line ends too: in a header one would begin another. */
static bool
is_ascii(const char *text, bool lines)
{
	for (; *text != '\0'; text++)
		if ((*text < ' ' || *text > '~') && !(lines && *text == '\n'))
			return false;
	return true;
}

static enum fault
check(const struct mail *mail, struct why *why)
{
	if (!text_is_email(mail->to) || (mail->from != NULL && !text_is_email(mail->from)))
		return why_set(why, FAULT_INVALID, "%s is no e-mail address to mail to or from",
		    text_is_email(mail->to) ? mail->from : mail->to);
	if (!is_ascii(mail->subject, false) || !is_ascii(mail->text, true))
		return why_set(why, FAULT_INVALID, "a mail holds printable ASCII alone");
	return FAULT_NONE;
}

static void
compose(const struct mail *mail, struct bytes *message)
{
	if (mail->from != NULL)
		bytes_print(message, "From: %s\n", mail->from);
	bytes_print(message,
	    "To: %s\n"
	    "Subject: %s\n"
	    "Auto-Submitted: auto-generated\n"
	    "\n"
	    "%s",
	    mail->to, mail->subject, mail->text);
}

/* A dot on a line of its own ends nothing (-i); no address is an option (--). */
static enum fault
hand_over(const struct mail *mail, const struct bytes *message, struct why *why)
{
	const char *argv[7] = {HEXA_SENDMAIL, "-i"};
	size_t count = 2;

	if (mail->from != NULL) {
		argv[count++] = "-f";
		argv[count++] = mail->from;
	}
	argv[count++] = "--";
	argv[count] = mail->to;
	return program_feed(argv, message->data, message->size, MAIL_LIMIT, why);
}

bool
mail_has_program(void)
{
	return program_is_there("", HEXA_SENDMAIL);
}

enum fault
mail_send(const struct mail *mail, struct why *why)
{
	struct bytes message = {0};
	enum fault fault = check(mail, why);

	if (fault != FAULT_NONE)
		return fault;
	if (!mail_has_program())
		return why_set(why, FAULT_UNAVAILABLE, "this host has no mail program (%s)",
		    HEXA_SENDMAIL);
	compose(mail, &message);
	fault = message.failed ? why_memory(why) : hand_over(mail, &message, why);
	bytes_clear(&message);
	return fault;
}
