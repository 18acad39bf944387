/*
 * document.h - the documents of one user, for `user show`.
 */
#ifndef HEXA_ADMIN_DOCUMENT_H
#define HEXA_ADMIN_DOCUMENT_H

#include "hexa-admin/command.h"
#include "hexa-admin/json.h"

/*
 * Prints an empty line and a table of the user's documents.  Nothing when there are none, or the
 * actor may not see them.
 */
enum fault documents_show(struct call *call, const struct user *user, struct why *why);

/*
 * The same as an array of records, for the caller to put or free; null when the actor may not see
 * them.
 */
enum fault documents_json(struct call *call, const struct user *user, struct json **list,
    struct why *why);

#endif
