/*
 * letter.c - the words of Hexa's mails.
 */
#include "hexa-admin/letter.h"

#include <limits.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "hexa-admin/mail.h"
#include "policy/bytes.h"
#include "policy/text.h"

enum { HOST_BYTES = HOST_NAME_MAX + 1, SUBJECT_BYTES = HOST_BYTES + 64 };

/* Is it the host's name, and a domain behind it? */
static bool
is_full(const char *name, const char *host)
{
	size_t size = strlen(host);

	return strncmp(name, host, size) == 0 && name[size] == '.' && strlen(name) < HOST_BYTES;
}

/*
 * The full name that /etc/hosts has for the host, if it has one.  Nobody else is asked: a name
 * server that does not answer would keep a mail waiting.  hostname(1) has the file's two ways of
 * writing it: the full name first, or as an alias.
 */
static void
complete(char host[HOST_BYTES])
{
	const struct hostent *entry;
	const char *full = NULL;

	sethostent(0);
	while (full == NULL && (entry = gethostent()) != NULL) {
		if (is_full(entry->h_name, host))
			full = entry->h_name;
		for (char **alias = entry->h_aliases; full == NULL && *alias != NULL; alias++)
			if (is_full(*alias, host))
				full = *alias;
	}
	if (full != NULL)
		snprintf(host, HOST_BYTES, "%s", full);
	endhostent();
}

/* The host by its full name, or as it calls itself, if that can stand in a mail. */
static void
name_host(char host[HOST_BYTES])
{
	static const char fits[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";

	if (gethostname(host, HOST_BYTES - 1) != 0)
		host[0] = '\0';
	host[HOST_BYTES - 1] = '\0';
	if (host[0] != '\0' && strchr(host, '.') == NULL)
		complete(host);
	if (host[0] == '\0' || host[strspn(host, fits)] != '\0')
		snprintf(host, HOST_BYTES, "a host");
}

static void
put_clients(struct bytes *text, const struct names *clients)
{
	for (size_t i = 0; i < clients->count; i++)
		bytes_print(text, "    %s\n", clients->item[i]);
}

/* The text is wiped whatever comes of it. */
static enum fault
post(const char *to, const char *from, const char *subject, struct bytes *text, struct why *why)
{
	struct mail mail = {.to = to, .from = from, .subject = subject};
	enum fault fault;

	bytes_put_u8(text, '\0');
	mail.text = (const char *)text->data;
	fault = text->failed ? why_memory(why) : mail_send(&mail, why);
	bytes_clear(text);
	return fault;
}

/* A time as people write it: 2026-11-25 09:30 UTC. */
static void
put_time(struct bytes *text, int64_t when)
{
	char time[TIME_TEXT_BYTES];

	text_from_time(when, time);
	bytes_print(text, "%.10s %.5s UTC", time, time + 11);
}

enum fault
letter_code(const struct invitation *invitation, const struct names *clients, struct why *why)
{
	bool is_first = invitation->kind == INVITE_FIRST;
	char host[HOST_BYTES], subject[SUBJECT_BYTES];
	struct bytes text = {0};

	name_host(host);
	snprintf(subject, sizeof(subject),
	    is_first ? "Your account on %s" : "A new password for your account on %s", host);
	bytes_print(&text, is_first
	        ? "You have an account on %s:\n\n"
	        : "Your password on %s can be set anew:\n\n", host);
	bytes_print(&text, "    name: %s\n    code: %s\n\n", invitation->name, invitation->code);
	bytes_print(&text,
	    "Log in there with this name, and give the code in the place of the password.\n"
	    "You are then asked for a new password of your own.%s\n\n"
	    "The code lets you in once, until ",
	    is_first ? "" : "  Until you have set it,\nthe old one stays good.");
	put_time(&text, invitation->until);
	bytes_print(&text, ".\nShow it to nobody.  If it does not work any more, "
	    "ask your administrator for\nanother one.\n");
	if (clients->count > 0)
		bytes_print(&text, "\nYour account is for the hosts of these clients:\n\n");
	put_clients(&text, clients);
	if (!is_first)
		bytes_print(&text, "\nIf you did not ask for this, tell your administrator.\n");
	return post(invitation->email, invitation->from, subject, &text, why);
}

enum fault
letter_assigned(const struct assigned *assigned, struct why *why)
{
	bool is_one = assigned->clients.count == 1;
	char host[HOST_BYTES], subject[SUBJECT_BYTES];
	struct bytes text = {0};

	name_host(host);
	snprintf(subject, sizeof(subject), "New %s for your account on %s",
	    is_one ? "client" : "clients", host);
	bytes_print(&text, "Your account %s, kept on %s, was given %s:\n\n", assigned->name, host,
	    is_one ? "a client" : "clients");
	put_clients(&text, &assigned->clients);
	bytes_print(&text, "\nYou may now log in on hosts of %s as you do on others.\n",
	    is_one ? "this client" : "these clients");
	return post(assigned->email, assigned->from, subject, &text, why);
}
