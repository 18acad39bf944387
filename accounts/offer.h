/*
 * offer.h - the names that a shell offers to whoever is typing a command.
 *
 * Users, and the groups of roles, are read from the published directory, as everybody may; what
 * else the database has is for whoever may view all of it.
 */
#ifndef HEXA_ACCOUNTS_OFFER_H
#define HEXA_ACCOUNTS_OFFER_H

#include "accounts/admin.h"

enum offer {
	OFFER_USERS,
	OFFER_ROLES,       /* without the database: those whose Unix group has their name */
	OFFER_CLIENTS,     /* of the database alone */
	OFFER_SITES,       /* likewise */
	OFFER_PERMISSIONS, /* likewise */
	OFFER_SERVICES,    /* of PAM, as services_read() finds them */
	OFFER_SHELLS,      /* of /etc/shells */
};

enum { OFFER_MOST = 200 };

/* What the names are read from. */
struct offering {
	const char *root;    /* the tree whose files are read; "" for this host */
	struct admin *admin; /* its database, open; NULL: it is not to be had */
};

/*
 * Appends to *names, in their order, all names that begin with `prefix`, when they are no more than
 * OFFER_MOST.  Of more it appends how they go on, so that nobody takes the first ones for all: each
 * beginning that is one character longer than what all of them share; *cut is then true.  It takes
 * as long with 100 000 names as with a few.
 *
 * A name is offered only if no shell has anything to quote in it: letters, digits and `_-./:+@`.
 * What cannot be read, or may not be seen, has none.  The only fault is that of memory.
 */
enum fault offer_names(const struct offering *offering, enum offer what, const char *prefix,
    struct names *names, bool *cut, struct why *why);

/* True for what stands in an offered name; of the empty text as well. */
bool offer_is_plain(const char *text);

#endif
