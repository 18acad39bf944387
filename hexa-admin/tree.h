/*
 * tree.h - printing where permissions come from, and how they hang together.
 */
#ifndef HEXA_ADMIN_TREE_H
#define HEXA_ADMIN_TREE_H

#include "accounts/roles.h"
#include "hexa-admin/json.h"

/* Draws the tree: the name, the title and the note of each place, a line each. */
enum fault tree_print(const struct origins *tree, struct why *why);

/*
 * The places at this depth, from *at on, as an array; what is below each stands in it under `key`.
 * Moves *at on.
 */
struct json *tree_json(const struct origins *tree, size_t *at, unsigned depth, const char *key);

#endif
