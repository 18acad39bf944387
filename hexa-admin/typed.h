/*
 * typed.h - a line that somebody is still typing: what its last word is going to be.
 */
#ifndef HEXA_ADMIN_TYPED_H
#define HEXA_ADMIN_TYPED_H

#include "hexa-admin/line.h"

enum typed_place {
	TYPED_NOUN,
	TYPED_VERB,     /* of `noun` */
	TYPED_OPTION,   /* it begins with a dash */
	TYPED_VALUE,    /* of `flag` */
	TYPED_ARGUMENT, /* the `nth` of `command`, from 0 */
};

struct typed {
	enum typed_place place;
	const char *noun;              /* NULL: not typed yet */
	const struct command *command; /* NULL: not known yet */
	struct flags flags;            /* of the command; the global ones while it is not known */
	const struct flag *flag;
	size_t nth;
	const char **word;             /* the command's arguments before the last word */
	const char *begun;             /* what stands of it: of --FIELD=V the V */
	const char *root;              /* of --root; NULL: none */
	bool ended;                    /* by --: no option is taken any more */
	const char **all;              /* words of the line that are no options */
};

/*
 * Takes the words behind the program's name, of which the last is the one that is typed ("" when
 * nothing stands of it yet), and is no stricter than it must be: an option that there is not has no
 * value.  At least one word.  What is in *typed points into `words`.  False when memory is out;
 * freed by typed_clear() in any case.
 */
bool typed_read(const char *const *words, size_t count, struct typed *typed);
void typed_clear(struct typed *typed);

/* Was the option given before the last word? */
bool typed_has(const char *const *words, size_t count, const struct flag *flag);

#endif
