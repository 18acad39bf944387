/*
 * record.h - takes images out of a snapshot into the caller's buffer.  Every byte is distrusted: an
 * image is copied first, and then it is the copy that is checked.  No pointer is set before the
 * snapshot has been found to have stood; until then what was copied is known by offsets.
 *
 * Each returns LOOKUP_FOUND; LOOKUP_SMALL: the buffer has no room; LOOKUP_NONE: not a record that
 * may be served (served.h); LOOKUP_UNAVAILABLE: not an image.
 */
#ifndef HEXA_DIRECTORY_RECORD_H
#define HEXA_DIRECTORY_RECORD_H

#include <grp.h>
#include <pwd.h>

#include "directory/image.h"
#include "directory/tree.h"

/* A user in a buffer: name, gecos, home, shell and "*", back to back. */
struct user_copy {
	uint32_t uid;
	uint32_t gid;
	uint32_t gecos;
	uint32_t home;
	uint32_t shell;
	uint32_t text_size; /* of the four */
	uint32_t gid_count; /* how many more groups the record lists */
	uint64_t gids;      /* where they stand in the file */
};

/* `name`, unless it is NULL: the login name that the record must have, or it is damage. */
enum lookup record_user(struct view *view, const struct item *item, const char *name,
	struct user_copy *copy, char *buffer, size_t size);

void record_user_point(const struct user_copy *copy, char *buffer, struct passwd *out);

/*
 * A group in a buffer: name, "*" and the members' names, back to back; at the buffer's aligned end
 * there is room for the pointers to them.
 */
struct group_copy {
	uint32_t gid;
	bool listed; /* its members stand in the directory */
	size_t used; /* bytes of text */
	size_t room; /* bytes before the pointers */
	size_t members;
};

/*
 * The gids that the image of the user `name` lists, besides the primary one: copy->gids and
 * copy->gid_count, and nothing else of *copy but the ids.
 */
enum lookup record_gids(
	struct view *view, const struct item *item, const char *name, struct user_copy *copy);

enum lookup record_group(struct view *view, const struct item *item, struct group_copy *copy,
	char *buffer, size_t size);

/*
 * The own group of the user of this image; LOOKUP_NONE when their primary group is another, or one
 * of the host's.
 */
enum lookup record_own_group(struct view *view, const struct item *item, struct group_copy *copy,
	char *buffer, size_t size);

/* Adds the members that stand in the directory, in the order of their names; none if not listed. */
enum lookup record_members(struct view *view, struct group_copy *copy, char *buffer);

void record_group_point(const struct group_copy *copy, char *buffer, struct group *out);

/* The uid that an alias leads to. */
enum lookup record_alias(struct view *view, const struct item *item, uint32_t *uid);

/* The state.  LOOKUP_NONE: there is none; LOOKUP_UNAVAILABLE: or it is of another layout. */
enum lookup record_state(struct view *view, struct image_state *state);

/* Is the snapshot of our layout?  Nothing else is looked up where it is not. */
bool record_is_known(struct view *view);

#endif
