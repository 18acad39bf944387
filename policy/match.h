/*
 * match.h - which users a list is about, and in what order they stand: one user at a time.
 */
#ifndef HEXA_POLICY_MATCH_H
#define HEXA_POLICY_MATCH_H

#include "policy/user.h"

/* A user as lists show them: the record, and what is not in it. */
struct listed_user {
	struct user user;   /* first: the rows of user_table fit as well */
	char *display;      /* listed_display() */
	int64_t last_login; /* 0: never, or not known */
	uint32_t failures;  /* of logins, that count now */
	int64_t locked_until; /* for too many of them; 0: they are not locked out */
	int64_t code_until;   /* of a one-time code that is good now; 0: there is none */
};

/* The rows of what is not in the record; their ids are nothing's. */
extern const struct table listed_table;

/*
 * The row with this name, of user_table or else of listed_table; hidden ones are not looked at.
 * NULL: there is none.
 */
const struct field *listed_field(const char *name);

/* `Anna Berg <anna> [employee:local]`, newly allocated; NULL when memory is out. */
char *listed_display(const struct user *user);

void listed_clear(struct listed_user *listed);

/* Only those who have this value. */
struct filter {
	const struct field *field;
	const char *value;
};

/* What is asked for.  All zero: every user, by uid. */
struct question {
	const char *search; /* NULL: everybody */
	const struct filter *filter;
	size_t filters;     /* all of which must hold */
	const struct field *sort; /* NULL: by uid */
	bool descending;
};

/*
 * A question made ready.
 *
 * `search` is found anywhere in name, e-mail, phone, or first and last name with a space between
 * them, whatever the case of either (towlower(3) in C.UTF-8, a character for a character); "" in
 * everybody.
 *
 * A filter's value is taken as it stands: no character of it means anything else.
 *   ""           who has nothing in the field
 *   e-mail       whatever its case
 *   a unit       the unit and what is below it, as a scope; "/" is every unit
 *   a time       a bare date: that day; a time: that second
 *   roles        a role, in whatever scope; ROLE@SCOPE: exactly so
 *   grants       a permission, with whatever end; PERMISSION@END: exactly so
 *   other lists  one of their values
 *   all else     the value, as field_text() writes it
 */
struct match;

/*
 * FAULT_INVALID, naming the field: a hidden field, a value that a number, a time, a unit, a UUID or
 * a choice does not take, or text that is not plain.
 */
enum fault match_make(const struct question *question, struct match **match, struct why *why);
void match_free(struct match *match);

/* Is the question about this user?  FAULT_UNAVAILABLE: memory is out. */
enum fault match_has(struct match *match, const struct listed_user *listed, bool *has,
    struct why *why);

/*
 * Where a user stands by the field to sort by: numbers and times by `number`, all else by `text`,
 * which is what is shown in lower case, and compared byte for byte; the other is 0, or "".  The
 * text is the match's, until it is asked again.  Nothing comes first.
 */
struct rank {
	uint64_t number;
	const char *text;
};

/* Is `number` what counts? */
bool match_ranks_by_number(const struct match *match);

enum fault match_rank(struct match *match, const struct listed_user *listed, struct rank *rank,
    struct why *why);

#endif
