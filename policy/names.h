/*
 * names.h - a list of strings, owned by the list: the roles of a user, the permissions of a role.
 */
#ifndef HEXA_POLICY_NAMES_H
#define HEXA_POLICY_NAMES_H

#include <stdbool.h>
#include <stddef.h>

/*
 * All zero is the empty list.  Only the functions below lengthen or shorten one: they know how much
 * room there is.
 */
struct names {
	char **item;
	size_t count;
};

/* True when `name` (compared byte for byte) is in the list. */
bool names_have(const struct names *names, const char *name);

/* The place of `name` in a list that is sorted (strcmp order); the count when it is not there. */
size_t names_place(const struct names *names, const char *name);

/* As names_have(), of a list that is sorted: a search by halves. */
bool names_have_sorted(const struct names *names, const char *name);

/* The first item of a sorted list that begins with `prefix`; NULL when none does. */
const char *names_with_prefix(const struct names *names, const char *prefix);

/* Appends a copy of `name`.  False when memory is out; the list is then as it was. */
bool names_add(struct names *names, const char *name);

/*
 * As names_add(), but keeps the list sorted (strcmp order) and adds nothing that is there
 * already.
 */
bool names_insert(struct names *names, const char *name);

/* Takes `name` out; the order of the others stays.  False when it was not there. */
bool names_remove(struct names *names, const char *name);

/*
 * Replaces *to (freeing what it held) with a copy.  False when memory is out; *to is then as it
 * was.
 */
bool names_copy(struct names *to, const struct names *from);

/* The same strings in the same order. */
bool names_same(const struct names *a, const struct names *b);

/* Frees the strings and the list, which is then empty. */
void names_clear(struct names *names);

#endif
