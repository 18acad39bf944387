/*
 * document_place.h - where a word of a policy's text stands.  For the other document_*.c alone.
 */
#ifndef HEXA_POLICY_DOCUMENT_PLACE_H
#define HEXA_POLICY_DOCUMENT_PLACE_H

#include <stddef.h>

#include "policy/fault.h"

/*
 * A step into a map or a list: the `nth` item (from 1) that is this text; NULL: the `nth` of all.
 * A path is ended by a step whose `nth` is 0.
 */
struct step {
	const char *text;
	size_t nth;
};

/* The longest path, its end included. */
enum { STEPS_MAX = 8 };

/*
 * FAULT_INVALID with the place to which the path leads in `size` bytes of YAML that can be read;
 * where it leads nowhere, with the place to which the longest part of it leads.
 */
enum fault place_refuse(const char *yaml, size_t size, const struct step *path, const char *words,
    struct why *why);

#endif
