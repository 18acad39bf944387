/*
 * publish.h - brings the published directory and the aliases up to the database.
 */
#ifndef HEXA_STORE_PUBLISH_H
#define HEXA_STORE_PUBLISH_H

#include "store/store.h"

/*
 * Publishes what changed since the directory was last published; rebuilds it whole when it is
 * missing, damaged, of another layout, or of another generation.  Takes the directory's writer
 * first and reads the database then, so that two publishers cannot go back in time.
 */
enum fault publish(struct store *store, struct why *why);

/* True when the directory stands where the database does: nothing to publish. */
enum fault publish_is_current(struct store *store, bool *current, struct why *why);

/* Publishes everything anew into a new file that replaces the old one. */
enum fault publish_rebuild(struct store *store, struct why *why);

#endif
