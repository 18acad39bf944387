/*
 * publish.c - bringing the published files up to the database: when, under which lock, and how a
 * file that cannot be gone on with is replaced.
 *
 * One publisher at a time, by a lock of its own that only root can take; so only one process has
 * the published files open through liblmdb, and their readers do not use it at all.
 */
#include "store/publish.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "directory/directory.h"
#include "store/host_groups.h"
#include "store/nscd.h"
#include "store/paths.h"
#include "store/published.h"
#include "store/touched.h"

/* Beside the database: the publisher's lock, and the mark of one at work. */
#define LOCK_FILE PRIVATE_FOLDER "/publish.lock"
#define MARK_FILE PRIVATE_FOLDER "/publishing"

/* Further behind than this, going through every entry costs no less than a rebuild. */
enum { ENTRIES_MAX = 10000 };

/* Where the published files stand, or should. */
struct standing {
	struct image_state state;
	int64_t now;             /* in seconds: what has ended by then is left out */
	uint64_t groups_changed; /* host_groups_changed() */
};

/* The two published files. */
struct file_row {
	const char *path;
	mode_t mode;
};

static const struct file_row DIRECTORY = {DIRECTORY_FILE, 0644};
static const struct file_row ALIASES = {ALIASES_FILE, 0600};

/* Under which key of aliases.mdb it stands what /etc/group was when unix-groups were resolved. */
static const char GROUPS_KEY[] = "W/etc/group";

/* ---- where things stand ------------------------------------------------------------------- */

/* Read with the reader that no damage can crash. */
static bool
read_state(const char *root, const struct file_row *row, struct image_state *state)
{
	char *path = path_under(root, row->path);
	struct directory file = {.path = path};
	bool found = path != NULL && directory_state(&file, state) == LOOKUP_FOUND;

	directory_close(&file);
	free(path);
	return found;
}

static enum fault
database_state(struct txn *txn, struct image_state *state, struct why *why)
{
	unsigned char hash[CRYPTO_HASH_BYTES];
	enum fault fault = txn_generation(txn, state->generation, why);

	return fault != FAULT_NONE ? fault : journal_head(txn, &state->sequence, hash, why);
}

/* Can the published files be gone on with?  *from is then where. */
static bool
stand_together(const char *root, const struct image_state *wanted, struct image_state *from)
{
	struct image_state directory, aliases;

	if (!read_state(root, &DIRECTORY, &directory) || !read_state(root, &ALIASES, &aliases) ||
	    memcmp(directory.generation, wanted->generation, sizeof(wanted->generation)) != 0 ||
	    memcmp(aliases.generation, wanted->generation, sizeof(wanted->generation)) != 0 ||
	    directory.sequence != aliases.sequence || directory.sequence > wanted->sequence)
		return false;
	*from = directory;
	return true;
}

/* Has one of the ends that stand in the aliases passed?  Also when they cannot be read. */
static bool
has_ended(const char *root, int64_t now)
{
	char *path = path_under(root, ALIASES.path);
	struct directory file = {.path = path};
	uint64_t end = 0;
	bool ended = false;

	if (path == NULL)
		return false;
	switch (directory_first_end(&file, &end)) {
	case LOOKUP_FOUND:
		ended = end < (uint64_t)now;
		break;
	case LOOKUP_NONE:
	case LOOKUP_MISSING:
		break;
	case LOOKUP_UNAVAILABLE:
	case LOOKUP_AGAIN:
	case LOOKUP_SMALL:
		ended = true;
		break;
	}
	directory_close(&file);
	free(path);
	return ended;
}

/* Has /etc/group another time than when unix-groups were resolved?  Also when none can be read. */
static bool
groups_have_moved(const char *root)
{
	char *path = path_under(root, ALIASES.path);
	struct directory file = {.path = path};
	uint64_t resolved = 0;
	bool moved;

	if (path == NULL)
		return false;
	moved = directory_note(&file, GROUPS_KEY, &resolved) != LOOKUP_FOUND ||
	    resolved != host_groups_changed(root);
	directory_close(&file);
	free(path);
	return moved;
}

bool
publish_is_overdue(struct store *store, int64_t now)
{
	return has_ended(store->root, now) || groups_have_moved(store->root);
}

enum fault
publish_is_current(struct store *store, int64_t now, bool *current, struct why *why)
{
	struct image_state wanted, from;
	struct txn *txn;
	enum fault fault = store_read_begin(store, &txn, why);

	if (fault != FAULT_NONE)
		return fault;
	fault = database_state(txn, &wanted, why);
	store_end(txn);
	if (fault == FAULT_NONE)
		*current = stand_together(store->root, &wanted, &from) &&
		    from.sequence == wanted.sequence && !has_ended(store->root, now);
	return fault;
}

/* ---- publishing --------------------------------------------------------------------------- */

/*
 * A list is gone through twice: one's given-up name may be another's new one, and must not be taken
 * out after it was put in.  Users, of whom an import brings very many, only when one gave up any.
 */
static enum fault
publish_touched(struct publication *publication, const struct touched *touched, struct why *why)
{
	const bool many_roles = touched->roles.count > 1, many = touched->count > 1;
	enum fault fault = FAULT_NONE;

	for (int round = 0; round < (many_roles ? 2 : 1); round++)
		for (size_t i = 0; fault == FAULT_NONE && i < touched->roles.count; i++)
			fault = publish_role(publication, touched->roles.item[i], why);
	for (int round = 0; round < (many && publication->gave_up ? 2 : 1); round++)
		for (size_t i = 0; fault == FAULT_NONE && i < touched->count; i++)
			fault = publish_user(publication, touched->uid[i], why);
	return fault;
}

static enum fault
publish_everything(struct publication *publication, struct why *why)
{
	struct user user = {0};
	struct role role = {0};
	char *name = strdup("");
	uint32_t uid = 0;
	enum fault fault = name == NULL ? why_memory(why) : FAULT_NONE;

	while (fault == FAULT_NONE &&
	    (fault = role_next(publication->txn, name, &role, why)) == FAULT_NONE) {
		free(name);
		name = strdup(role.name);
		fault = name == NULL ? why_memory(why) : publish_role(publication, role.name, why);
	}
	if (fault == FAULT_UNKNOWN)
		fault = FAULT_NONE;
	while (fault == FAULT_NONE &&
	    (fault = user_next(publication->txn, uid, &user, why)) == FAULT_NONE) {
		uid = user.uid;
		fault = publish_user(publication, uid, why);
	}
	user_clear(&user);
	role_clear(&role);
	free(name);
	return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
}

static enum fault
put_state(struct db_txn *txn, const struct image_state *state, struct why *why)
{
	unsigned char key[IMAGE_KEY_MAX], value[64];

	return db_put(txn, 0, (struct span){key, image_key_state(key)},
	    (struct span){value, image_pack_state(state, value, sizeof(value))}, why);
}

static enum fault
put_standing(struct publication *publication, const struct standing *standing, struct why *why)
{
	unsigned char value[8];
	enum fault fault = put_state(publication->directory, &standing->state, why);

	if (fault == FAULT_NONE)
		fault = put_state(publication->aliases, &standing->state, why);
	key_put_u64(value, standing->groups_changed);
	if (fault == FAULT_NONE)
		fault = db_put(publication->aliases, 0, key_text(GROUPS_KEY),
		    (struct span){value, sizeof(value)}, why);
	return fault;
}

static uint64_t
groups_published(struct publication *publication)
{
	struct span value;

	if (db_get(publication->aliases, 0, key_text(GROUPS_KEY), &value, NULL) != FAULT_NONE ||
	    value.size != 8)
		return 0;
	return key_get_u64(value.data);
}

/*
 * Goes on from where the files stand: *from NULL is an empty pair of files.  Whoever is gone stands
 * only in the journal, so that is read even when everybody is gone through.
 */
static enum fault
bring_up(struct publication *publication, const struct image_state *from,
    const struct standing *to, struct why *why)
{
	struct touched touched = {0};
	enum fault fault;

	touched.everybody = from == NULL || groups_published(publication) != to->groups_changed;
	fault = publication_start(publication, publication->txn->store->root, why);
	if (fault == FAULT_NONE && from != NULL)
		fault = touched_since(publication->txn, from->sequence, &touched, why);
	if (fault == FAULT_NONE)
		fault = touched_ended(publication, &touched, why);
	if (fault == FAULT_NONE && !touched.everybody)
		fault = touched_holders(publication->txn, &touched, why);
	if (fault == FAULT_NONE)
		fault = publish_touched(publication, &touched, why);
	if (fault == FAULT_NONE && touched.everybody)
		fault = publish_everything(publication, why);
	if (fault == FAULT_NONE && (touched.everybody || publication->admins_moved))
		fault = publish_admins(publication, why);
	if (fault == FAULT_NONE)
		fault = put_standing(publication, to, why);
	touched_clear(&touched);
	return fault;
}

/* ---- the pair of files -------------------------------------------------------------------- */

/* The published files, open for writing. */
struct pair {
	struct db *directory;
	struct db *aliases;
};

static void
pair_close(struct pair *pair)
{
	db_close(pair->directory);
	db_close(pair->aliases);
	*pair = (struct pair){0};
}

static enum fault
open_file(const char *root, const struct file_row *row, const char *suffix, unsigned flags,
    struct db **db, struct why *why)
{
	char *path = path_under(root, row->path), *whole = NULL;
	enum fault fault;

	if (path != NULL)
		whole = path_under(path, suffix);
	fault = whole == NULL ? why_memory(why)
	                      : db_open(whole, flags, row->mode, NULL, 0, db, why);
	free(whole);
	free(path);
	return fault;
}

static enum fault
pair_open(const char *root, const char *suffix, unsigned flags, struct pair *pair, struct why *why)
{
	enum fault fault = open_file(root, &DIRECTORY, suffix, flags, &pair->directory, why);

	if (fault == FAULT_NONE)
		fault = open_file(root, &ALIASES, suffix, flags, &pair->aliases, why);
	return fault;
}

static enum fault
publish_into(struct txn *txn, struct pair *pair, const struct image_state *from,
    const struct standing *to, bool *changed, struct why *why)
{
	struct publication publication = {.txn = txn, .now = to->now};
	enum fault fault = db_begin(pair->directory, true, &publication.directory, why);

	if (fault == FAULT_NONE)
		fault = db_begin(pair->aliases, true, &publication.aliases, why);
	if (fault == FAULT_NONE)
		fault = bring_up(&publication, from, to, why);
	*changed = publication.changed;
	if (fault == FAULT_NONE) {
		fault = db_commit(publication.directory, why);
		publication.directory = NULL;
	}
	if (fault == FAULT_NONE) {
		fault = db_commit(publication.aliases, why);
		publication.aliases = NULL;
	}
	db_abort(publication.directory);
	db_abort(publication.aliases);
	publication_clear(&publication);
	return fault;
}

/* ---- replacing it ------------------------------------------------------------------------- */

static const char FRESH[] = ".new";
static const char LOCK_SUFFIX[] = "-lock";

/* Removes a published file that is under construction, with its lock file. */
static void
discard(const char *root, const struct file_row *row)
{
	char *base = path_under(root, row->path);
	char *whole = NULL;

	if (base != NULL && asprintf(&whole, "%s%s", base, FRESH) >= 0) {
		unlink(whole);
		free(whole);
	}
	whole = NULL;
	if (base != NULL && asprintf(&whole, "%s%s%s", base, FRESH, LOCK_SUFFIX) >= 0) {
		unlink(whole);
		free(whole);
	}
	free(base);
}

static enum fault
sync_folder(const char *path, struct why *why)
{
	char *folder = strdup(path), *slash = folder == NULL ? NULL : strrchr(folder, '/');
	enum fault fault = FAULT_NONE;
	int descriptor;

	if (slash == NULL) {
		free(folder);
		return why_memory(why);
	}
	*slash = '\0';
	descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (descriptor < 0 || fsync(descriptor) != 0)
		fault = system_fault(folder, why);
	if (descriptor >= 0)
		close(descriptor);
	free(folder);
	return fault;
}

static enum fault
move_into_place(const char *root, const struct file_row *row, struct why *why)
{
	char *path = path_under(root, row->path), *fresh = NULL;
	enum fault fault = FAULT_NONE;

	if (path == NULL || (fresh = path_under(path, FRESH)) == NULL)
		fault = why_memory(why);
	else if (rename(fresh, path) != 0)
		fault = system_fault(path, why);
	else
		fault = sync_folder(path, why);
	free(fresh);
	free(path);
	return fault;
}

/*
 * Tells those who still map the old file that it is over: its main database is emptied in a last
 * commit (docs/format.md).  They find the new one by its inode too, within a second; so this is
 * for the impatient, and is left out where the old file is not sound.
 */
static void
retire(struct db *old)
{
	struct db_txn *txn;

	if (old == NULL || db_begin(old, true, &txn, NULL) != FAULT_NONE)
		return;
	if (db_empty(txn, 0, NULL) == FAULT_NONE)
		db_commit(txn, NULL);
	else
		db_abort(txn);
}

static enum fault
replace(struct txn *txn, const struct standing *to, bool sound, struct why *why)
{
	const char *root = txn->store->root;
	struct pair fresh = {0}, old = {0};
	bool changed;
	enum fault fault;

	discard(root, &DIRECTORY);
	discard(root, &ALIASES);
	fault = pair_open(root, FRESH, DB_CREATE, &fresh, why);
	if (fault == FAULT_NONE)
		fault = publish_into(txn, &fresh, NULL, to, &changed, why);
	pair_close(&fresh);
	if (sound && fault == FAULT_NONE)
		(void)pair_open(root, "", 0, &old, NULL);
	/* The aliases first: until both stand, the directory's old state says that they do not agree. */
	if (fault == FAULT_NONE)
		fault = move_into_place(root, &ALIASES, why);
	if (fault == FAULT_NONE)
		fault = move_into_place(root, &DIRECTORY, why);
	if (fault == FAULT_NONE) {
		retire(old.directory);
		retire(old.aliases);
	}
	pair_close(&old);
	discard(root, &DIRECTORY);
	discard(root, &ALIASES);
	return fault;
}

/* ---- one publisher at a time -------------------------------------------------------------- */

static enum fault
take_lock(const char *root, int *lock, struct why *why)
{
	char *path = path_under(root, LOCK_FILE);
	enum fault fault = FAULT_NONE;
	int descriptor;

	if (path == NULL)
		return why_memory(why);
	descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	while (descriptor >= 0 && flock(descriptor, LOCK_EX) != 0)
		if (errno != EINTR) {
			fault = system_fault(path, why);
			close(descriptor);
			free(path);
			return fault;
		}
	if (descriptor < 0)
		fault = system_fault(path, why);
	else
		*lock = descriptor;
	free(path);
	return fault;
}

/*
 * The mark of a publisher at work.  Found by the next one, it says that the last did not come to
 * its end: killed, or ended by damage in a published file.  Those files are then not gone on
 * with.
 */
static enum fault
set_mark(const char *root, bool *was_set, struct why *why)
{
	char *path = path_under(root, MARK_FILE);
	enum fault fault = FAULT_NONE;
	int descriptor;

	if (path == NULL)
		return why_memory(why);
	*was_set = access(path, F_OK) == 0;
	descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (descriptor < 0)
		fault = system_fault(path, why);
	else
		close(descriptor);
	free(path);
	return fault;
}

static void
clear_mark(const char *root)
{
	char *path = path_under(root, MARK_FILE);

	if (path != NULL)
		unlink(path);
	free(path);
}

/* Goes on with the files that are there; false when they cannot be gone on with. */
static bool
continue_files(struct txn *txn, const struct image_state *from, const struct standing *to,
    bool *changed)
{
	struct pair pair = {0};
	bool done = pair_open(txn->store->root, "", 0, &pair, NULL) == FAULT_NONE &&
	    publish_into(txn, &pair, from, to, changed, NULL) == FAULT_NONE;

	pair_close(&pair);
	return done;
}

static enum fault
publish_locked(struct store *store, int64_t now, bool anew, bool died, bool *changed,
    struct why *why)
{
	struct standing to = {.now = now, .groups_changed = host_groups_changed(store->root)};
	struct image_state from;
	struct txn *txn = NULL;
	bool together;
	enum fault fault = store_read_begin(store, &txn, why);

	if (fault == FAULT_NONE)
		fault = database_state(txn, &to.state, why);
	if (fault == FAULT_NONE) {
		together = !died && stand_together(store->root, &to.state, &from);
		if (anew || !together || to.state.sequence - from.sequence > ENTRIES_MAX ||
		    !continue_files(txn, &from, &to, changed)) {
			*changed = true;
			fault = replace(txn, &to, together, why);
		}
	}
	store_end(txn);
	return fault;
}

static enum fault
publish_one(struct store *store, int64_t now, bool anew, struct why *why)
{
	bool died = false, changed = false;
	int lock = -1;
	enum fault fault = take_lock(store->root, &lock, why);

	if (fault == FAULT_NONE)
		fault = set_mark(store->root, &died, why);
	if (fault == FAULT_NONE) {
		fault = publish_locked(store, now, anew, died, &changed, why);
		clear_mark(store->root);
	}
	if (lock >= 0)
		close(lock);
	if (fault == FAULT_NONE && changed && store->root[0] == '\0')
		nscd_forget();
	return fault;
}

enum fault
publish(struct store *store, int64_t now, struct why *why)
{
	return publish_one(store, now, false, why);
}

enum fault
publish_rebuild(struct store *store, int64_t now, struct why *why)
{
	return publish_one(store, now, true, why);
}
