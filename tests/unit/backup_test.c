/*
 * backup_test.c - a backup and what it brings back: all of it or nothing, what outlives a restore,
 * and the text form of the same.
 */
#include "tests/unit/store_fixture.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include "policy/attachment.h"
#include "policy/text.h"
#include "store/attachments.h"
#include "store/backup.h"
#include "store/contents.h"
#include "store/dump.h"
#include "store/indexes.h"
#include "tests/unit/samples.h"

/* ---- shorthand ---------------------------------------------------------------------------- */

static const char *
file_of(struct place *place)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/backup", place->root);
	return path;
}

static enum fault
write_to(struct place *place, const char *path, bool replace, struct why *why)
{
	struct names lost = {0};
	enum fault fault =
	    backup_write(place->store, path, replace, &root_actor, NOW, &lost, why);

	names_clear(&lost);
	return fault;
}

static void
back_up(struct place *place)
{
	struct why why = {0};

	if (write_to(place, file_of(place), false, &why) != FAULT_NONE)
		fail_msg("%s", why.text);
}

static enum fault
take_up(struct place *place, const char *path, struct backup **backup, struct why *why)
{
	int fd = open(path, O_RDONLY);
	enum fault fault = backup_open(place->root, fd, backup, why);

	close(fd);
	return fault;
}

/* Puts it back, and closes it; the store is open afterwards in any case. */
static enum fault
put_back(struct place *place, struct backup *backup, struct restored *restored, struct why *why)
{
	enum fault fault;

	store_close(place->store);
	place->store = NULL;
	fault = backup_restore(backup, &root_actor, "restore", NOW + 60, restored, &place->store,
	    why);
	backup_close(backup);
	if (place->store == NULL)
		(void)store_open(place->root, 0, &place->store, NULL);
	return fault;
}

static void
restore_from(struct place *place, const char *path, struct restored *restored)
{
	struct backup *backup = NULL;
	struct why why = {0};

	if (take_up(place, path, &backup, &why) != FAULT_NONE ||
	    put_back(place, backup, restored, &why) != FAULT_NONE)
		fail_msg("%s", why.text);
	assert_int_equal(restored->unpublished.fault, FAULT_NONE);
}

static void
restore(struct place *place)
{
	struct restored restored = {0};

	restore_from(place, file_of(place), &restored);
	restored_clear(&restored);
}

static bool
is_there(struct place *place, const char *name)
{
	struct txn *txn = look(place);
	struct user user = {0};
	bool is = user_find_name(txn, name, &user, NULL) == FAULT_NONE;

	user_clear(&user);
	store_end(txn);
	return is;
}

static void
remove_person(struct place *place, const char *name)
{
	struct txn *txn = begin(place);
	struct user user = {0};

	assert_int_equal(user_find_name(txn, name, &user, NULL), FAULT_NONE);
	assert_int_equal(user_delete(txn, &user, NULL), FAULT_NONE);
	commit(txn);
	user_clear(&user);
}

static uint64_t
proved(struct place *place)
{
	unsigned char none[CRYPTO_HASH_BYTES] = {0};
	struct txn *txn = look(place);
	uint64_t count = 0;
	struct why why = {0};

	if (journal_verify(txn, 0, none, &count, &why) != FAULT_NONE)
		fail_msg("%s", why.text);
	store_end(txn);
	return count;
}

/* All of a file; the caller frees it. */
static unsigned char *
bytes_of(const char *path, size_t *size)
{
	int fd = open(path, O_RDONLY);
	struct stat status;
	unsigned char *bytes;

	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &status), 0);
	*size = (size_t)status.st_size;
	bytes = malloc(*size + 1);
	assert_int_equal(read(fd, bytes, *size), *size);
	close(fd);
	return bytes;
}

static bool
file_has(const char *path, const char *text)
{
	size_t size;
	unsigned char *bytes = bytes_of(path, &size);
	bool has = memmem(bytes, size, text, strlen(text)) != NULL;

	free(bytes);
	return has;
}

static unsigned
files_in(struct place *place, const char *pattern)
{
	char command[256], line[16] = "";
	FILE *pipe;

	snprintf(command, sizeof(command), "ls -d %s%s/%s 2>/dev/null | wc -l", place->root,
	    PRIVATE_FOLDER, pattern);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	assert_non_null(fgets(line, sizeof(line), pipe));
	pclose(pipe);
	return (unsigned)atoi(line);
}

/* ---- there and back ------------------------------------------------------------------------ */

static void
what_was_comes_back(void **state)
{
	struct place *place = *state;
	struct restored restored = {0};
	struct stat status;
	uint64_t before;

	add_person(place, "anna");
	back_up(place);
	assert_int_equal(stat(file_of(place), &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	before = proved(place);
	remove_person(place, "anna");
	add_person(place, "bob");
	restore_from(place, file_of(place), &restored);
	assert_true(is_there(place, "anna"));
	assert_false(is_there(place, "bob"));
	assert_true(restored.was_whole);
	assert_int_equal(proved(place), before + 1);
	/* What was there can be had back as well. */
	assert_int_equal(stat(restored.kept, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	{
		struct restored again = {0};
		char *kept = strdup(restored.kept);

		restore_from(place, kept, &again);
		restored_clear(&again);
		free(kept);
	}
	assert_true(is_there(place, "bob"));
	assert_false(is_there(place, "anna"));
	restored_clear(&restored);
}

static void
the_entry_names_the_replaced_head(void **state)
{
	struct place *place = *state;
	unsigned char hash[CRYPTO_HASH_BYTES];
	char before[24 + 2 * CRYPTO_HASH_BYTES], after[sizeof(before)], *end;
	uint64_t sequence = 0;
	struct txn *txn;

	for (int i = 0; i < 2; i++) {
		char *text = i == 0 ? after : before;

		add_person(place, i == 0 ? "anna" : "bob");
		txn = look(place);
		assert_int_equal(journal_head(txn, &sequence, hash, NULL), FAULT_NONE);
		store_end(txn);
		end = text + sprintf(text, "%llu:", (unsigned long long)sequence);
		for (size_t j = 0; j < sizeof(hash); j++)
			end += sprintf(end, "%02x", hash[j]);
		if (i == 0)
			back_up(place);
	}
	restore(place);
	assert_true(journal_says(place, "database", "", "journal-head", before, after));
	assert_true(journal_says(place, "database", "", "backup-of", "", "2027-01-15T08:00:00Z"));
}

static void
no_id_is_given_again(void **state)
{
	struct place *place = *state;
	uint32_t anna, bob, carl;
	enum holder holder;
	struct txn *txn;

	anna = add_person(place, "anna");
	back_up(place);
	bob = add_person(place, "bob");
	restore(place);
	txn = look(place);
	assert_int_equal(id_holder(txn, bob, &holder, NULL), FAULT_NONE);
	assert_int_equal(holder, HOLDER_GONE);
	assert_int_equal(id_holder(txn, anna, &holder, NULL), FAULT_NONE);
	assert_int_equal(holder, HOLDER_USER);
	store_end(txn);
	carl = add_person(place, "carl");
	assert_true(carl > bob);
}

/* Also where the database is gone: from what the directory shows, and from what was kept. */
static void
no_id_of_a_lost_database_is_given_again(void **state)
{
	struct place *place = *state;
	char path[128];
	uint32_t bob, carl;

	snprintf(path, sizeof(path), "%s%s", place->root, DATABASE_FILE);
	add_person(place, "anna");
	back_up(place);
	bob = add_person(place, "bob");
	assert_int_equal(unlink(path), 0);
	restore(place);
	assert_true(is_there(place, "anna"));
	carl = add_person(place, "carl");
	assert_true(carl > bob);
	/* The directory does not show carl any more, but what is kept of him does. */
	restore(place);
	assert_int_equal(unlink(path), 0);
	restore(place);
	assert_true(add_person(place, "dora") > carl);
}

static void
a_name_that_went_is_kept_back(void **state)
{
	struct place *place = *state;
	struct user bob = person("bob"), other = person("carl");
	struct txn *txn;
	struct why why;

	back_up(place);
	set(&bob, "email", "bob@example.org");
	add(place, &bob);
	restore(place);
	txn = begin(place);
	set(&other, "email", "bob@example.org");
	assert_int_equal(user_put(txn, &other, &why), FAULT_CONFLICT);
	set(&other, "email", "");
	set(&other, "name", "bob");
	assert_int_equal(user_put(txn, &other, &why), FAULT_CONFLICT);
	assert_string_equal(why.field, "name");
	set(&other, "name", "carl");
	assert_int_equal(user_put(txn, &other, &why), FAULT_NONE);
	store_end(txn);
	user_clear(&bob);
	user_clear(&other);
}

static void
another_generation_has_begun(void **state)
{
	struct place *place = *state;
	unsigned char before[GENERATION_BYTES];
	bool current = false;

	memcpy(before, place->store->generation, sizeof(before));
	back_up(place);
	restore(place);
	assert_memory_not_equal(place->store->generation, before, sizeof(before));
	assert_int_equal(publish_is_current(place->store, NOW + 60, &current, NULL), FAULT_NONE);
	assert_true(current);
}

/* Who read before and writes after would write over what the restore brought. */
static void
who_read_before_does_not_write_after(void **state)
{
	struct place *place = *state;
	struct why why = {0};
	struct txn *txn = NULL;
	int ready[2], go[2], status;
	pid_t child;
	char byte;

	back_up(place);
	assert_int_equal(pipe(ready) | pipe(go), 0);
	store_close(place->store);
	place->store = NULL;
	child = fork();
	if (child == 0) {
		struct store *store = NULL;

		if (store_open(place->root, 0, &store, NULL) != FAULT_NONE ||
		    write(ready[1], "", 1) != 1 || read(go[0], &byte, 1) != 1)
			_exit(9);
		_exit((int)store_write_begin(store, &root_actor, "test", NOW, &txn, NULL));
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	restore(place);
	assert_int_equal(write(go[1], "", 1), 1);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(WEXITSTATUS(status), FAULT_CONFLICT);
	/* Who opened it since may. */
	assert_int_equal(store_write_begin(place->store, &root_actor, "test", NOW, &txn, &why),
	    FAULT_NONE);
	store_end(txn);
	for (int i = 0; i < 2; i++) {
		close(ready[i]);
		close(go[i]);
	}
}

static void
the_newest_three_are_kept(void **state)
{
	struct place *place = *state;

	back_up(place);
	for (int i = 0; i < 5; i++)
		restore(place);
	assert_int_equal(files_in(place, "hexa-2*.mdb"), KEPT_MAX);
	assert_int_equal(files_in(place, "restore.[cn]*"), 0);
}

/* What was overwritten is in the database's free pages, and not in a backup. */
static void
what_was_overwritten_is_not_in_it(void **state)
{
	struct place *place = *state;
	struct user user = person("anna");
	struct txn *reader = look(place);
	char path[128], text[40];

	/* For whom the pages of before are not written over. */
	snprintf(path, sizeof(path), "%s%s", place->root, DATABASE_FILE);
	for (int i = 0; i < 40; i++) {
		snprintf(text, sizeof(text), "$argon2id$CANARY-old-%d", i);
		set(&user, "password", text);
		add(place, &user);
	}
	set(&user, "password", "$argon2id$CANARY-new");
	add(place, &user);
	store_end(reader);
	back_up(place);
	assert_true(file_has(path, "CANARY-old"));
	assert_true(file_has(file_of(place), "CANARY-new"));
	assert_false(file_has(file_of(place), "CANARY-old"));
	user_clear(&user);
}

/* ---- where it may stand -------------------------------------------------------------------- */

static void
places_are_refused(void **state)
{
	struct place *place = *state;
	static const char *const paths[] = {"/folder", "/fifo", "/link", "/other",
	    DATABASE_FILE, PRIVATE_FOLDER "/new", DIRECTORY_FOLDER "/new", "/none/new"};
	static const enum fault faults[] = {FAULT_INVALID, FAULT_INVALID, FAULT_INVALID,
	    FAULT_CONFLICT, FAULT_INVALID, FAULT_INVALID, FAULT_INVALID, FAULT_INVALID};
	char path[160], other[160];

	snprintf(path, sizeof(path), "cd %s && mkdir folder && mkfifo fifo && echo mine >other && "
	    "ln -s other link", place->root);
	assert_int_equal(system(path), 0);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct why why = {0};

		snprintf(path, sizeof(path), "%s%s", place->root, paths[i]);
		assert_int_equal(write_to(place, path, false, &why), faults[i]);
		/* To insist is for what somebody may have made by mistake. */
		if (faults[i] != FAULT_CONFLICT)
			assert_int_equal(write_to(place, path, true, &why), faults[i]);
	}
	snprintf(other, sizeof(other), "%s/other", place->root);
	assert_true(file_has(other, "mine"));
	assert_int_equal(write_to(place, other, true, NULL), FAULT_NONE);
	assert_int_equal(write_to(place, other, false, NULL), FAULT_NONE);
	snprintf(path, sizeof(path), "test \"$(ls %s | grep -c hexa-new)\" = 0", place->root);
	assert_int_equal(system(path), 0);
}

/* A folder below, or a link in, what is somebody else's is theirs to change too. */
static void
a_folder_of_others_is_refused(void **state)
{
	struct place *place = *state;
	static const struct {
		const char *path;
		enum fault fault;
	} rows[] = {
		{"/theirs/new", FAULT_INVALID},
		{"/theirs/below/new", FAULT_INVALID},
		{"/theirs/link/new", FAULT_INVALID},
		{"/inward/new", FAULT_INVALID},
		{"/all/new", FAULT_INVALID},
		{"/group/new", FAULT_INVALID},
		{"/sticky-theirs/new", FAULT_INVALID},
		{"/mine/new", FAULT_NONE},
		{"/mine/below/../new", FAULT_NONE},
		{"/onward/new", FAULT_NONE},
		{"/sticky/new", FAULT_NONE},
	};
	char path[160], command[512];

	snprintf(command, sizeof(command), "cd %s && umask 022 && "
	    "mkdir -p theirs/below mine/below all group sticky sticky-theirs && "
	    "ln -s ../mine theirs/link && ln -s theirs/below inward && ln -s mine onward && "
	    "chown 1234 theirs sticky-theirs && chmod 777 all && chmod 775 group && "
	    "chmod 1777 sticky sticky-theirs", place->root);
	assert_int_equal(system(command), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct why why = {0};

		snprintf(path, sizeof(path), "%s%s", place->root, rows[i].path);
		if (write_to(place, path, false, &why) != rows[i].fault)
			fail_msg("%s: %s", rows[i].path, why.text);
		if (rows[i].fault != FAULT_NONE)
			assert_non_null(strstr(why.text, "others than root may write to the folder"));
	}
	snprintf(command, sizeof(command), "cd %s && test \"$(find . -name var -prune -o -type f "
	    "-print | LC_ALL=C sort | tr -d '\\n')\" = ./mine/new./sticky/new", place->root);
	assert_int_equal(system(command), 0);
	/* Where one is counts as well. */
	snprintf(path, sizeof(path), "%s/theirs", place->root);
	assert_int_equal(chdir(path), 0);
	assert_int_equal(write_to(place, "new", false, NULL), FAULT_INVALID);
	snprintf(path, sizeof(path), "%s/mine", place->root);
	assert_int_equal(chdir(path), 0);
	assert_int_equal(write_to(place, "new", false, NULL), FAULT_NONE);
	assert_int_equal(chdir("/"), 0);
}

/* The last moment at which somebody may put another file in the place of the new one. */
static const char *swapped;

int
fsync(int fd)
{
	char aside[160];

	if (swapped != NULL) {
		snprintf(aside, sizeof(aside), "%s.aside", swapped);
		assert_int_equal(rename(swapped, aside), 0);
		assert_int_equal(symlink("other", swapped), 0);
		swapped = NULL;
	}
	return (int)syscall(SYS_fsync, fd);
}

static void
what_is_another_file_does_not_take_its_place(void **state)
{
	struct place *place = *state;
	char path[160], fresh[180], command[200];
	struct why why = {0};

	snprintf(command, sizeof(command), "cd %s && echo mine >other", place->root);
	assert_int_equal(system(command), 0);
	back_up(place);
	snprintf(path, sizeof(path), "%s", file_of(place));
	snprintf(fresh, sizeof(fresh), "%s.hexa-new", path);
	swapped = fresh;
	assert_int_equal(write_to(place, path, false, &why), FAULT_CONFLICT);
	assert_null(swapped);
	snprintf(command, sizeof(command), "cd %s && test ! -L backup -a \"$(cat other)\" = mine",
	    place->root);
	assert_int_equal(system(command), 0);
	restore(place); /* the one of before */
	assert_int_equal(write_to(place, path, false, NULL), FAULT_NONE);
	assert_true(access(fresh, F_OK) != 0);
}

static void
what_a_killed_one_has_left_goes(void **state)
{
	struct place *place = *state;
	char path[160], command[400];
	struct names left = {0};
	int turn;

	back_up(place);
	assert_int_equal(backup_left(place->root, &left, NULL), FAULT_NONE);
	assert_int_equal(left.count, 0);
	snprintf(command, sizeof(command), "cd %s && echo old >backup.hexa-new && cd .%s && "
	    "echo old >backup.new && echo old >restore.copy && echo old >restore.new",
	    place->root, PRIVATE_FOLDER);
	assert_int_equal(system(command), 0);
	/* Of one that is at work nothing is left, and there is no other one. */
	snprintf(path, sizeof(path), "%s%s/backup.lock", place->root, PRIVATE_FOLDER);
	turn = open(path, O_RDWR);
	assert_int_equal(flock(turn, LOCK_EX | LOCK_NB), 0);
	assert_int_equal(backup_left(place->root, &left, NULL), FAULT_NONE);
	assert_int_equal(left.count, 2);
	names_clear(&left);
	assert_int_equal(write_to(place, file_of(place), false, NULL), FAULT_CONFLICT);
	close(turn);
	assert_int_equal(backup_left(place->root, &left, NULL), FAULT_NONE);
	assert_int_equal(left.count, 3);
	names_clear(&left);
	back_up(place);
	restore(place);
	assert_int_equal(files_in(place, "*.new"), 0);
	assert_int_equal(files_in(place, "*.copy"), 0);
	snprintf(path, sizeof(path), "%s.hexa-new", file_of(place));
	assert_true(access(path, F_OK) != 0);
}

/* Bytes that one process may write to a file. */
static struct rlimit
limit_files(rlim_t bytes)
{
	struct rlimit before, limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	signal(SIGXFSZ, SIG_IGN);
	limit = (struct rlimit){.rlim_cur = bytes, .rlim_max = before.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	return before;
}

static void
what_follows_the_last_page_is_not_copied(void **state)
{
	enum { LAST_PAGE = 16 + 24 + 2 * 48, PAGE = 4096 };
	struct place *place = *state;
	const off_t huge = (off_t)1 << 43;
	const uint64_t last = ((uint64_t)1 << 43) / PAGE - 1;
	struct backup *backup = NULL;
	struct why why = {0};
	struct rlimit limit;
	enum fault fault;
	int fd;

	add_person(place, "anna");
	back_up(place);
	assert_int_equal(truncate(file_of(place), (off_t)1 << 30), 0);
	limit = limit_files((rlim_t)1 << 25);
	fault = take_up(place, file_of(place), &backup, &why);
	backup_close(backup);
	backup = NULL;
	/* One that says it has it all, which no disk holds. */
	fd = open(file_of(place), O_RDWR);
	assert_int_equal(pwrite(fd, &last, sizeof(last), LAST_PAGE), sizeof(last));
	assert_int_equal(pwrite(fd, &last, sizeof(last), PAGE + LAST_PAGE), sizeof(last));
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	if (fault != FAULT_NONE)
		fail_msg("%s", why.text);
	if (ftruncate(fd, huge) == 0) {
		assert_int_equal(take_up(place, file_of(place), &backup, &why), FAULT_UNAVAILABLE);
		assert_non_null(strstr(why.text, "no room: 8388608 MiB are needed"));
	}
	close(fd);
	assert_int_equal(files_in(place, "restore.copy"), 0);
}

/* As a full disk does, but without one. */
static void
a_file_that_has_no_room_is_not_left(void **state)
{
	struct place *place = *state;
	struct rlimit limit;
	struct why why = {0};
	char command[160];

	back_up(place);
	limit = limit_files(20000);
	assert_int_equal(write_to(place, file_of(place), false, &why), FAULT_UNAVAILABLE);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	snprintf(command, sizeof(command), "test \"$(ls %s)\" = \"$(printf 'backup\\nvar')\"",
	    place->root);
	assert_int_equal(system(command), 0);
	assert_int_equal(files_in(place, "*.new"), 0);
	restore(place);
}

/* ---- damage -------------------------------------------------------------------------------- */

static void
put_byte(const char *path, size_t at, unsigned char byte)
{
	int fd = open(path, O_WRONLY);

	assert_int_equal(pwrite(fd, &byte, 1, (off_t)at), 1);
	close(fd);
}

static void
a_damaged_file_changes_nothing(void **state)
{
	struct place *place = *state;
	unsigned refused = 0, taken = 0;
	unsigned char *bytes;
	struct why why;
	size_t size;

	add_person(place, "anna");
	back_up(place);
	bytes = bytes_of(file_of(place), &size);
	add_person(place, "bob");
	for (size_t at = 0; at < size; at += 1 + size / 150) {
		struct backup *backup = NULL;

		put_byte(file_of(place), at, (unsigned char)(bytes[at] ^ 0x21));
		switch (take_up(place, file_of(place), &backup, &why)) {
		case FAULT_NONE: /* a byte of nobody's */
			taken++;
			break;
		case FAULT_INVALID:
			refused++;
			break;
		case FAULT_RULE:
		case FAULT_UNKNOWN:
		case FAULT_DENIED:
		case FAULT_CONFLICT:
		case FAULT_UNAVAILABLE:
			fail_msg("byte %zu: %s", at, why.text);
		}
		backup_close(backup);
		put_byte(file_of(place), at, bytes[at]);
	}
	assert_true(refused > 10);
	assert_true(taken > 10);
	assert_true(is_there(place, "bob"));
	assert_int_equal(files_in(place, "restore.[cn]*"), 0);
	restore(place);
	assert_false(is_there(place, "bob"));
	free(bytes);
}

static void
what_is_no_backup_is_refused(void **state)
{
	struct place *place = *state;
	struct backup *backup = NULL;
	struct db *db = NULL;
	struct why why;
	char path[160];

	/* Somebody else's database, whole as it is. */
	snprintf(path, sizeof(path), "%s/any.mdb", place->root);
	assert_int_equal(db_open(path, DB_CREATE | DB_UNLOCKED, 0600, table_names + 1, 1, &db,
	    NULL), FAULT_NONE);
	db_close(db);
	assert_int_equal(take_up(place, path, &backup, &why), FAULT_INVALID);
	assert_string_equal(why.text, "is not a database of Hexa's");
	assert_int_equal(take_up(place, "/dev/null", &backup, &why), FAULT_INVALID);
	assert_int_equal(take_up(place, "/etc/passwd", &backup, &why), FAULT_INVALID);
}

static void
another_schema_is_refused(void **state)
{
	struct place *place = *state;
	static const unsigned char schema[4] = {SCHEMA_VERSION + 1};
	struct backup *backup = NULL;
	char path[128];
	struct why why;

	plant(place, T_META, key_text(META_SCHEMA), schema, sizeof(schema));
	snprintf(path, sizeof(path), "%s%s", place->root, DATABASE_FILE);
	assert_int_equal(take_up(place, path, &backup, &why), FAULT_INVALID);
	assert_non_null(strstr(why.text, "install the newer Hexa"));
}

/* Good seals, and no record behind them. */
static void
a_record_that_cannot_be_read_is_refused(void **state)
{
	struct place *place = *state;
	unsigned char key[4];
	struct backup *backup = NULL;
	struct why why;

	plant(place, T_USERS, key_u32(key, 65999), "x", 1);
	back_up(place);
	assert_int_equal(take_up(place, file_of(place), &backup, &why), FAULT_INVALID);
	assert_non_null(strstr(why.text, "(in users)"));
}

static void
a_damaged_database_gives_way(void **state)
{
	struct place *place = *state;
	struct restored restored = {0};
	char path[128];

	snprintf(path, sizeof(path), "%s%s", place->root, DATABASE_FILE);
	add_person(place, "anna");
	back_up(place);
	for (int kind = 0; kind < 4; kind++) {
		store_close(place->store);
		place->store = NULL;
		switch (kind) {
		case 0: /* cut */
			assert_int_equal(truncate(path, 3 * 4096), 0);
			break;
		case 1: /* empty */
			assert_int_equal(truncate(path, 0), 0);
			break;
		case 2: /* its first page is another's */
			put_byte(path, 16, 'x');
			break;
		case 3: /* one of its pages says another number */
			for (size_t at = 2 * 4096; at < 12 * 4096; at += 4096)
				put_byte(path, at + 1, 0x77);
			break;
		}
		restore_from(place, file_of(place), &restored);
		assert_false(restored.was_whole);
		assert_non_null(restored.kept);
		assert_true(restored.was.text[0] != '\0');
		assert_true(is_there(place, "anna"));
		restored_clear(&restored);
	}
	assert_int_equal(files_in(place, "hexa-damaged-*.mdb"), 4);
}

static void
a_damaged_database_is_not_backed_up(void **state)
{
	struct place *place = *state;
	struct why why = {0};
	char path[128];

	snprintf(path, sizeof(path), "%s%s", place->root, DATABASE_FILE);
	back_up(place);
	for (size_t at = 2 * 4096; at < 12 * 4096; at += 4096)
		put_byte(path, at + 1, 0x77);
	assert_int_equal(write_to(place, file_of(place), false, &why), FAULT_UNAVAILABLE);
	assert_non_null(strstr(why.text, "the database is damaged: page "));
	restore(place); /* the one of before is as it was */
}

/* ---- documents ----------------------------------------------------------------------------- */

static uint32_t
keep_document(struct place *place, uint32_t uid, const char *text)
{
	struct attachment attachment = {.uid = uid, .user = strdup("anna"), .date = NOW};
	struct content *content = NULL;
	struct txn *txn;
	uint32_t number;
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], text, strlen(text)), strlen(text));
	close(ends[1]);
	assert_int_equal(content_stage(place->store, ends[0], &content, NULL), FAULT_NONE);
	close(ends[0]);
	attachment.sha256 = strdup(content_sha256(content));
	attachment.size = content_size(content);
	txn = begin(place);
	assert_int_equal(attachment_add(txn, &attachment, NULL), FAULT_NONE);
	assert_int_equal(content_keep(txn, content, NULL), FAULT_NONE);
	commit(txn);
	content_close(content);
	number = attachment.number;
	attachment_clear(&attachment);
	return number;
}

static bool
has_content(struct place *place, uint32_t number)
{
	struct attachment attachment = {0};
	struct txn *txn = look(place);
	int fd = -1;
	bool has = attachment_get(txn, number, &attachment, NULL) == FAULT_NONE &&
	    content_open(place->store, &attachment, &fd, NULL) == FAULT_NONE &&
	    content_read(fd, &attachment, NULL, NULL, NULL) == FAULT_NONE;

	if (fd >= 0)
		close(fd);
	attachment_clear(&attachment);
	store_end(txn);
	return has;
}

static void
remove_contents(struct place *place)
{
	char command[160];

	snprintf(command, sizeof(command), "rm -f %s%s/*", place->root, DOCUMENTS_FOLDER);
	assert_int_equal(system(command), 0);
}

static void
documents_come_back(void **state)
{
	struct place *place = *state;
	struct restored restored = {0};
	uint32_t uid = add_person(place, "anna"), one, other;

	one = keep_document(place, uid, "a diploma");
	other = keep_document(place, uid, "a licence");
	back_up(place);
	remove_contents(place);
	assert_false(has_content(place, one));
	restore_from(place, file_of(place), &restored);
	assert_int_equal(restored.contents, 2);
	assert_int_equal(restored.lost.count, 0);
	restored_clear(&restored);
	assert_true(has_content(place, one));
	assert_true(has_content(place, other));
	/* A number is not given again either. */
	keep_document(place, uid, "a third");
	restore(place);
	assert_int_equal(keep_document(place, uid, "a fourth"), 4);
}

static void
lost_documents_are_named(void **state)
{
	struct place *place = *state;
	struct restored restored = {0};
	struct names lost = {0};
	uint32_t uid = add_person(place, "anna");

	keep_document(place, uid, "a diploma");
	remove_contents(place);
	assert_int_equal(backup_write(place->store, file_of(place), false, &root_actor, NOW, &lost,
	    NULL), FAULT_NONE);
	assert_int_equal(lost.count, 1);
	assert_string_equal(lost.item[0], "document 1 of anna");
	names_clear(&lost);
	restore_from(place, file_of(place), &restored);
	assert_int_equal(restored.lost.count, 1);
	assert_string_equal(restored.lost.item[0], "document 1 of anna");
	restored_clear(&restored);
}

/* ---- who else has it ----------------------------------------------------------------------- */

/* In a child: opens the database, says so, and waits to be told to end. */
static pid_t
hold_open(struct place *place, bool writes, int ends[2])
{
	int said[2];
	pid_t child;
	char byte;

	assert_int_equal(pipe(said) | pipe(ends), 0);
	child = fork();
	if (child == 0) {
		struct store *store = NULL;
		struct txn *txn = NULL;

		close(ends[1]);
		if (store_open(place->root, 0, &store, NULL) != FAULT_NONE ||
		    (writes && store_write_begin(store, &root_actor, "test", NOW, &txn, NULL) !=
		        FAULT_NONE) ||
		    write(said[1], "", 1) != 1)
			_exit(1);
		_exit(read(ends[0], &byte, 1) == 0 ? 0 : 2);
	}
	close(said[1]);
	assert_int_equal(read(said[0], &byte, 1), 1);
	close(said[0]);
	close(ends[0]);
	return child;
}

static void
who_has_it_open_is_named(void **state)
{
	struct place *place = *state;
	pid_t user = -1, writer = -1, child;
	char path[128];
	int ends[2];

	snprintf(path, sizeof(path), "%s%s", place->root, DATABASE_FILE);
	store_close(place->store);
	place->store = NULL;
	assert_int_equal(db_lock_holder(path, &user, &writer, NULL), FAULT_NONE);
	assert_int_equal(user, 0);
	assert_int_equal(writer, 0);
	for (int writes = 0; writes < 2; writes++) {
		child = hold_open(place, writes, ends);
		assert_int_equal(db_lock_holder(path, &user, &writer, NULL), FAULT_NONE);
		assert_int_equal(user, child);
		assert_int_equal(writer, writes ? child : 0);
		close(ends[1]);
		assert_int_equal(waitpid(child, NULL, 0), child);
	}
	/* The writer above ended in mid-work: nobody has anything any more. */
	assert_int_equal(db_lock_holder(path, &user, &writer, NULL), FAULT_NONE);
	assert_int_equal(user, 0);
	assert_int_equal(writer, 0);
}

/* Is somebody waiting for a lock of this process's? */
static bool
somebody_waits(pid_t child)
{
	char line[256], who[32];
	FILE *locks = fopen("/proc/locks", "r");
	bool waits = false;

	assert_non_null(locks);
	snprintf(who, sizeof(who), " %ld ", (long)child);
	while (fgets(line, sizeof(line), locks) != NULL)
		waits |= strstr(line, "-> POSIX") != NULL && strstr(line, who) != NULL;
	fclose(locks);
	return waits;
}

/* Who comes while the file is changed waits, and finds the new one and the same lock file. */
static void
who_opens_meanwhile_finds_the_new_one(void **state)
{
	const struct timespec pause = {.tv_nsec = 2000000};
	struct place *place = *state;
	struct db_claim claim = {.fd = -1};
	struct store *store = NULL;
	char path[128], other[160];
	int status;
	pid_t child;

	snprintf(path, sizeof(path), "%s%s", place->root, DATABASE_FILE);
	snprintf(other, sizeof(other), "%s-other", path);
	add_person(place, "new");
	store_close(place->store);
	place->store = NULL;
	assert_int_equal(rename(path, other), 0);
	assert_int_equal(store_create(place->root, NULL, &root_actor, NOW, NULL), FAULT_NONE);
	assert_int_equal(db_claim(path, &claim, NULL), FAULT_NONE);
	child = fork();
	if (child == 0) {
		struct place mine = *place;

		if (store_open(mine.root, 0, &mine.store, NULL) != FAULT_NONE)
			_exit(9);
		_exit(is_there(&mine, "new") && add_person(&mine, "child") != 0 ? 0 : 1);
	}
	while (!somebody_waits(child))
		nanosleep(&pause, NULL);
	assert_int_equal(rename(other, path), 0);
	assert_int_equal(store_open(place->root, 0, &store, NULL), FAULT_NONE);
	db_own_claim(store->db, &claim);
	place->store = store;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_true(is_there(place, "child"));
	add_person(place, "parent");
	assert_true(proved(place) > 3);
}

/* ---- text ---------------------------------------------------------------------------------- */

/* A dump as text: what is compared. */
static enum fault
print_object(void *context, const struct dump_object *object, struct why *why)
{
	struct bytes *out = context;

	bytes_print(out, "%s\n", object->record);
	for (size_t i = 0; i < object->count; i++) {
		const struct dump_member *member = &object->member[i];

		/* Another one after each restore, and the time of it. */
		if (strcmp(member->key, "generation") == 0 || strcmp(member->key, "clock") == 0)
			continue;
		bytes_print(out, " %s=%s", member->key, member->text);
		for (size_t j = 0; member->list != NULL && j < member->list->count; j++)
			bytes_print(out, " [%s]", member->list->item[j]);
		bytes_print(out, "\n");
	}
	return out->failed ? why_memory(why) : FAULT_NONE;
}

static char *
dump_of(struct place *place)
{
	struct txn *txn = look(place);
	struct bytes out = {0};
	struct why why = {0};

	if (dump_all(txn, print_object, &out, &why) != FAULT_NONE)
		fail_msg("%s", why.text);
	store_end(txn);
	return bytes_take_text(&out);
}

static enum fault
take(void *load, const struct dump_object *object, struct why *why)
{
	return load_take(load, object, why);
}

/* From one place into another. */
static enum fault
carry(struct place *from, struct place *to, struct why *why)
{
	struct txn *txn = look(from);
	struct backup *backup = NULL;
	struct load *load = NULL;
	struct restored restored = {0};
	enum fault fault = load_begin(to->root, &root_actor, NOW, &load, why);

	assert_int_equal(fault, FAULT_NONE);
	fault = dump_all(txn, take, load, why);
	if (fault == FAULT_NONE)
		fault = load_end(load, &backup, why);
	store_end(txn);
	if (fault == FAULT_NONE)
		fault = put_back(to, backup, &restored, why);
	else
		load_drop(load);
	restored_clear(&restored);
	return fault;
}

/* Every field of a record with a value, but those that make its key or must be somebody's. */
static void
fill(const struct table *table, void *record, const char *const (*own)[2])
{
	struct why why;

	for (size_t i = 0; i < table->count; i++) {
		const struct field *field = &table->rows[i];
		const char *value = field->kind == K_VERSION ? "7" : sample(field);

		for (size_t j = 0; own[j][0] != NULL; j++)
			if (strcmp(own[j][0], field->name) == 0)
				value = own[j][1];
		if (field_parse(field, record, value, &why) != FAULT_NONE)
			fail_msg("%s %s: %s", table->noun, field->name, why.text);
		assert_false(field_is_empty(field, record));
	}
}

static void
plant_record(struct place *place, enum table_number number, struct span key,
    const struct table *table, const char *const (*own)[2])
{
	void *record = calloc(1, table->size);
	struct bytes value = {0};

	fill(table, record, own);
	record_encode(table, record, &value);
	plant(place, number, key, value.data, value.size);
	bytes_clear(&value);
	record_clear(table, record);
	free(record);
}

static void
plant_all(struct place *place)
{
	static const char *const none[][2] = {{NULL, NULL}};
	static const char *const user[][2] = {{"name", "anna-b"}, {"uid", "65999"},
	    {"gid", "65999"}, {"report-to", "anna-b"}, {NULL, NULL}};
	static const char *const key[][2] = {{"uid", "65999"}, {"fingerprint", "SHA256:abc"},
	    {NULL, NULL}};
	static const char *const document[][2] = {{"id", "3"}, {"uid", "65999"}, {"sha256",
	    "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"}, {NULL, NULL}};
	static const char *const role[][2] = {{"name", "technician"}, {"gid", "65998"},
	    {"group", "technicians"}, {"permissions", "field.word"},
	    {"includes", ROLE_SYSTEM_ADMINISTRATOR}, {"works", "employee:shell.login"},
	    {"services-of", "employee:sshd:shell.login"}, {"groups-of", "client:adm"},
	    {NULL, NULL}};
	static const char *const named[][2] = {{"name", "acme"}, {"client", "acme"}, {NULL, NULL}};
	const struct names services = {(char *[]){(char *)"sshd", (char *)"sudo-i"}, 2};
	unsigned char buffer[4], place_of_key[16];
	struct names mended = {0};
	struct txn *txn;

	plant_record(place, T_USERS, key_u32(buffer, 65999), &user_table, user);
	memcpy(place_of_key, buffer, 4);
	memcpy(place_of_key + 4, "SHA256:abc", 10);
	plant_record(place, T_KEYS, (struct span){place_of_key, 14}, &key_table, key);
	plant_record(place, T_ATTACHMENTS, key_u32(buffer, 3), &attachment_table, document);
	plant_record(place, T_ROLES, key_text("technician"), &role_table, role);
	plant_record(place, T_PERMISSIONS, key_text("field.word"), &permission_table, none);
	plant_record(place, T_CLIENTS, key_text("acme"), &client_table, named);
	plant_record(place, T_SITES, key_text("acme"), &site_table, named);
	txn = begin(place);
	assert_int_equal(services_put(txn, &services, NULL), FAULT_NONE);
	assert_int_equal(source_put(txn, "hexa-policy: 1\n# d\xc3\xa9j\xc3\xa0\n", 24, NULL),
	    FAULT_NONE);
	assert_int_equal(host_put(txn, &(struct host){(char *)"acme", (char *)"acme"}, NULL),
	    FAULT_NONE);
	assert_int_equal(indexes_write(txn, NULL), FAULT_NONE);
	/* A restore would otherwise. */
	assert_int_equal(roles_mend(txn, &mended, NULL), FAULT_NONE);
	assert_int_equal(mended.count, 2); /* and the system administrator, who has its permission */
	names_clear(&mended);
	commit(txn);
}

/* The other policy words: constraints, tests, a setting of each kind. */
static void
plant_policy(struct place *place)
{
	struct document document = {0}, old = {0};
	struct names roles = {0};
	struct txn *txn = begin(place);

	assert_true(names_add(&roles, "technician") && names_add(&roles, "system-administrator"));
	assert_int_equal(document_add_constraint(&document, &roles, NULL), FAULT_NONE);
	assert_true(names_add(&document.tests, "anna-b can log in"));
	assert_int_equal(extras_save(txn, &document, NULL), FAULT_NONE);
	assert_int_equal(settings_load(txn, &old.rules.settings, NULL), FAULT_NONE);
	assert_int_equal(settings_default(&document.rules.settings, NULL), FAULT_NONE);
	for (size_t i = 0; i < settings_table.count; i++) {
		const struct field *field = &settings_table.rows[i];

		/* Limits of their own: a value that the next line refuses stays the default. */
		if (field->kind != K_RANGES && field->kind != K_PATH)
			(void)field_parse(field, &document.rules.settings, sample(field), NULL);
	}
	assert_int_equal(settings_save(txn, &old.rules.settings, &document.rules.settings, NULL),
	    FAULT_NONE);
	commit(txn);
	document_clear(&document);
	document_clear(&old);
	names_clear(&roles);
}

/* The two differ in the last entry alone. */
static void
assert_carried(const char *before, const char *after)
{
	size_t same = 0;

	while (before[same] != '\0' && before[same] == after[same])
		same++;
	/* Up to where the one ends ("end") and the other has the entry of the load ("entry"). */
	if (strcmp(before + same, "d\n") != 0)
		fail_msg("differs: %.300s\n--- and ---\n%.300s", before + same, after + same);
}

static void
a_dump_brings_all_back(void **state)
{
	struct place *place = *state;
	void *there = NULL;
	struct place *to;
	struct why why = {0};
	char *before, *after;

	assert_int_equal(setup(&there), 0);
	to = there;
	plant_all(place);
	plant_policy(place);
	add_person(place, "bob");
	remove_person(place, "bob");
	before = dump_of(place);
	for (size_t i = 0; i < user_table.count; i++) {
		char word[WHY_FIELD_MAX];

		snprintf(word, sizeof(word), "\n %s=", user_table.rows[i].name);
		assert_non_null(strstr(before, word));
	}
	if (carry(place, to, &why) != FAULT_NONE)
		fail_msg("%s", why.text);
	after = dump_of(to);
	assert_carried(before, after);
	/* Found by what follows from the records too. */
	assert_true(is_there(to, "anna-b"));
	proved(to);
	free(before);
	free(after);
	teardown(&there);
}

/* Changes one text in what is carried, and hands it on. */
struct meddling {
	struct load *load;
	const char *record, *key, *text;
	bool leaves_out; /* the whole object */
	unsigned changed;
};

static enum fault
meddle(void *context, const struct dump_object *object, struct why *why)
{
	struct meddling *meddling = context;
	struct dump_member member[64];
	struct dump_object other = *object;

	memcpy(member, object->member, object->count * sizeof(*member));
	other.member = member;
	if (strcmp(object->record, meddling->record) != 0 || meddling->changed > 0)
		return load_take(meddling->load, &other, why);
	if (meddling->leaves_out) {
		meddling->changed++;
		return FAULT_NONE;
	}
	for (size_t i = 0; i < object->count; i++)
		if (strcmp(member[i].key, meddling->key) == 0) {
			member[i].text = meddling->text;
			meddling->changed++;
		}
	return load_take(meddling->load, &other, why);
}

static void
what_was_meddled_with_is_refused(void **state)
{
	static const struct {
		const char *record, *key, *text, *said;
		bool leaves_out;
	} rows[] = {
	    {"database", "schema", "99", "schema 99", false},
	    {"database", "", "", "expected a record `database` first", true},
	    {"settings", "", "", "no settings", true},
	    {"end", "", "", "no end", true},
	    {"user", "name", "Anna", "name: expected", false},
	    {"user", "name", "", "name is required", false},
	    {"user", "roles", "", NULL, false},
	    {"user", "uid", "70000", NULL, false},
	    {"entry", "", "", "the chain is broken at entry 1", true},
	    {"entry", "action", "nothing", "the chain is broken at entry 1", false},
	    {"entry", "when", "2020-01-01T00:00:00Z", "the chain is broken at entry 1", false},
	    {"entry", "hash", "00", "hexadecimal", false},
	    {"id", "holder", "nobody", "expected user, group, gone or host", false},
	    {"database", "admins-gid", "0", "not an id", false},
	    {"database", "admins-gid", "27", "not an id", false},
	    {"database", "next-id", "0", "expected an id", false},
	    {"database", "last-document", "4294967295", "last-document: ", false},
	    {"database", "clock", "9999-12-31T00:00:00Z", "clock: ", false},
	    {"user", "gid", "27", "not an id", false},
	    {"user", "gid", "1000", "", false}, /* the host's own */
	    {"document", "sha256", "../..", "sha256: expected", false},
	};
	struct place *place = *state;

	keep_document(place, add_person(place, "anna"), "a diploma");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct meddling meddling = {.record = rows[i].record, .key = rows[i].key,
		    .text = rows[i].text, .leaves_out = rows[i].leaves_out};
		struct txn *txn = look(place);
		struct backup *backup = NULL;
		struct why why = {0};
		enum fault fault;

		assert_int_equal(load_begin(place->root, &root_actor, NOW, &meddling.load, NULL),
		    FAULT_NONE);
		fault = dump_all(txn, meddle, &meddling, &why);
		if (fault == FAULT_NONE)
			fault = load_end(meddling.load, &backup, &why);
		if (rows[i].said != NULL && (fault != (*rows[i].said != '\0' ? FAULT_INVALID : FAULT_NONE) ||
		    strstr(why.text, rows[i].said) == NULL))
			fail_msg("row %zu: %d %s", i, (int)fault, why.text);
		assert_int_equal(meddling.changed, 1);
		if (fault == FAULT_NONE)
			backup_close(backup);
		else
			load_drop(meddling.load);
		store_end(txn);
	}
	assert_true(is_there(place, "anna"));
}

/* ---- what no Hexa has made ----------------------------------------------------------------- */

/* A record, or a word of T_META. */
struct planted {
	enum table_number table;
	uint64_t id;            /* a user's uid; a word's value */
	const char *gid, *word; /* of a record; of T_META */
	size_t size;            /* of a word's value */
	const char *said;       /* NULL: it is taken */
};

static void
plant_one(struct place *place, const struct planted *row)
{
	char uid[24];
	const char *const user[][2] = {{"name", "anna-b"}, {"uid", uid}, {"gid", row->gid},
	    {"report-to", "anna-b"}, {NULL, NULL}};
	const char *const role[][2] = {{"name", "technician"}, {"gid", row->gid},
	    {"group", "technicians"}, {"permissions", "hexa.users.view"},
	    {"includes", ROLE_SYSTEM_ADMINISTRATOR}, {"works", "employee:shell.login"},
	    {"services-of", "employee:sshd:shell.login"}, {"groups-of", "client:adm"}, {NULL, NULL}};
	unsigned char buffer[4];
	struct bytes value = {0};

	snprintf(uid, sizeof(uid), "%llu", (unsigned long long)row->id);
	if (row->table == T_USERS)
		plant_record(place, T_USERS, key_u32(buffer, (uint32_t)row->id), &user_table, user);
	else if (row->table == T_ROLES)
		plant_record(place, T_ROLES, key_text("technician"), &role_table, role);
	else if (row->size == 4)
		bytes_put_u32(&value, (uint32_t)row->id);
	else
		bytes_put_u64(&value, row->id);
	if (row->table == T_META)
		plant(place, T_META, key_text(row->word), value.data, value.size);
	bytes_clear(&value);
}

static const struct planted planted[] = {
    {T_USERS, 999, "65999", NULL, 0, "uid: 999 of anna-b is not an id"},
    {T_USERS, 65999, "27", NULL, 0, "gid: 27 of anna-b is not an id"},
    {T_USERS, 65999, "1000", NULL, 0, NULL}, /* the host's own */
    {T_ROLES, 0, "27", NULL, 0, "gid: 27 of technician is not an id"},
    {T_ROLES, 0, "65998", NULL, 0, NULL},
    {T_ROLES, 0, "65536", NULL, 0, "gid: 65536 is both technician's and hexa-admins's"},
    {T_USERS, 65999, "65536", NULL, 0, "gid: 65536 is both anna-b's and hexa-admins's"},
    {T_META, 27, NULL, META_ADMINS_GID, 4, "admins-gid: 27 of "},
    {T_META, INT64_MAX, NULL, META_CLOCK, 8, "clock: @9223372036854775807 is later than now"},
    {T_META, TIME_LAST, NULL, META_CLOCK, 8, "clock: 9999-12-31T23:59:59Z is later than now"},
    {T_META, 1800000000 + SECONDS_PER_DAY, NULL, META_CLOCK, 8, NULL},
    {T_META, UINT32_MAX, NULL, META_LAST_DOCUMENT, 4, "last-document: no document"},
    {T_META, 70000, NULL, META_LAST_DOCUMENT, 4, NULL},
};

static void
what_no_hexa_made_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(planted) / sizeof(planted[0]); i++) {
		const struct planted *row = &planted[i];
		struct backup *backup = NULL;
		struct why why = {0};
		void *there = NULL;
		enum fault fault;

		assert_int_equal(setup(&there), 0);
		plant_one(there, row);
		back_up(there);
		fault = take_up(there, file_of(there), &backup, &why);
		if (row->said == NULL ? fault != FAULT_NONE
		        : fault != FAULT_INVALID || strstr(why.text, row->said) == NULL)
			fail_msg("row %zu: %d %s", i, (int)fault, why.text);
		backup_close(backup);
		teardown(&there);
	}
}

/* The gid of the one would put the holders of the other into its group too. */
static void
two_with_one_gid_are_refused(void **state)
{
	static const struct planted role = {T_ROLES, 0, "65998", NULL, 0, NULL},
	    user = {T_USERS, 65999, "65998", NULL, 0, NULL};
	struct place *place = *state;
	struct backup *backup = NULL;
	struct why why = {0};

	plant_one(place, &role);
	back_up(place);
	assert_int_equal(take_up(place, file_of(place), &backup, &why), FAULT_NONE);
	backup_close(backup);
	plant_one(place, &user);
	back_up(place);
	assert_int_equal(take_up(place, file_of(place), &backup, &why), FAULT_INVALID);
	assert_non_null(strstr(why.text, "anna-b's and technician's"));
}

/* Of the system administrator's role, which each change looks at. */
static void
a_role_that_must_be_there_is(void **state)
{
	struct place *place = *state;
	struct backup *backup = NULL;
	struct role role = {0};
	struct why why = {0};
	struct txn *txn = begin(place);

	assert_int_equal(role_get(txn, ROLE_SYSTEM_ADMINISTRATOR, &role, NULL), FAULT_NONE);
	names_clear(&role.permissions);
	assert_int_equal(role_put(txn, &role, NULL), FAULT_NONE);
	commit(txn);
	back_up(place);
	assert_int_equal(take_up(place, file_of(place), &backup, &why), FAULT_INVALID);
	assert_non_null(strstr(why.text, "no system-administrator"));
	txn = begin(place);
	assert_true(names_add(&role.permissions, "*"));
	assert_int_equal(role_put(txn, &role, NULL), FAULT_NONE);
	commit(txn);
	role_clear(&role);
	assert_int_equal(write_to(place, file_of(place), true, NULL), FAULT_NONE);
	assert_int_equal(take_up(place, file_of(place), &backup, &why), FAULT_NONE);
	backup_close(backup);
}

/*
 * What a role gives follows from what is written of it, and from nothing else: also where the
 * compiled lists, which no command shows, say that it gives more.
 */
static void
what_a_role_gives_is_compiled_anew(void **state)
{
	struct place *place = *state;
	struct restored restored = {0};
	struct backup *backup = NULL;
	struct role role = {.name = strdup("guest"), .group = strdup("no")};
	struct why why = {0};
	struct txn *txn = begin(place);

	assert_true(names_add(&role.permissions, "hexa.users.view") &&
	    names_add(&role.closure, "hexa.users.delete") &&
	    names_add(&role.groups, "employee:hexa-admins"));
	assert_int_equal(role_put(txn, &role, NULL), FAULT_NONE);
	commit(txn);
	back_up(place);
	restore_from(place, file_of(place), &restored);
	assert_int_equal(restored.mended.count, 1);
	assert_string_equal(restored.mended.item[0], "guest");
	restored_clear(&restored);
	txn = look(place);
	assert_int_equal(role_get(txn, "guest", &role, NULL), FAULT_NONE);
	store_end(txn);
	assert_int_equal(role.closure.count, 1);
	assert_string_equal(role.closure.item[0], "hexa.users.view");
	assert_int_equal(proved(place) > 0, true);
	/* The good twin, and it is as it was. */
	assert_int_equal(write_to(place, file_of(place), true, NULL), FAULT_NONE);
	restore_from(place, file_of(place), &restored);
	assert_int_equal(restored.mended.count, 0);
	restored_clear(&restored);
	/* What cannot be compiled says nothing of what it gives. */
	txn = begin(place);
	assert_true(names_add(&role.includes, "nobody"));
	assert_int_equal(role_put(txn, &role, NULL), FAULT_NONE);
	commit(txn);
	role_clear(&role);
	assert_int_equal(write_to(place, file_of(place), true, NULL), FAULT_NONE);
	assert_int_equal(take_up(place, file_of(place), &backup, &why), FAULT_INVALID);
	assert_non_null(strstr(why.text, "guest includes nobody"));
}

static void
two_with_one_uuid_are_refused(void **state)
{
	static const struct planted one = {T_USERS, 65998, "65998", NULL, 0, NULL},
	    other = {T_USERS, 65999, "65999", NULL, 0, NULL};
	struct place *place = *state;
	struct backup *backup = NULL;
	struct why why = {0};

	plant_one(place, &one);
	back_up(place);
	assert_int_equal(take_up(place, file_of(place), &backup, &why), FAULT_NONE);
	backup_close(backup);
	plant_one(place, &other);
	back_up(place);
	assert_int_equal(take_up(place, file_of(place), &backup, &why), FAULT_INVALID);
	assert_non_null(strstr(why.text, "65998"));
	assert_non_null(strstr(why.text, "65999"));
}

/* What only ever rises is not taken over from where it cannot have risen to. */
static void
a_good_backup_mends_the_clock(void **state)
{
	static const struct planted bad[] = {
	    {T_META, INT64_MAX, NULL, META_CLOCK, 8, NULL},
	    {T_META, UINT32_MAX, NULL, META_LAST_DOCUMENT, 4, NULL}};
	static const struct planted good[] = {
	    {T_META, 1800000000 + 3600, NULL, META_CLOCK, 8, NULL},
	    {T_META, 70000, NULL, META_LAST_DOCUMENT, 4, NULL}};
	struct place *place = *state;

	back_up(place);
	for (unsigned round = 0; round < 2; round++) {
		const struct planted *rows = round == 0 ? bad : good;
		struct txn *txn;
		int64_t clock = 0;
		uint32_t last = 0;

		plant_one(place, &rows[0]);
		plant_one(place, &rows[1]);
		restore(place);
		txn = look(place);
		assert_int_equal(clock_mark(txn, &clock, NULL), FAULT_NONE);
		(void)meta_id_get(txn, META_LAST_DOCUMENT, &last, NULL);
		store_end(txn);
		assert_int_equal(clock, round == 0 ? NOW + 60 : NOW + 3600);
		assert_int_equal(last, round == 0 ? 0 : 70000);
	}
}

/* Two hosts count from the same number: what is of the one is then the other's. */
static void
who_gets_anothers_uid_is_counted(void **state)
{
	struct place *place = *state, *from;
	struct restored restored = {0};
	void *there = NULL;
	struct user bob = {0};
	struct txn *txn;
	uint32_t uid;

	assert_int_equal(setup(&there), 0);
	from = there;
	uid = add_person(from, "anna");
	back_up(from);
	assert_int_equal(add_person(place, "bob"), uid);
	restore_from(place, file_of(from), &restored);
	assert_int_equal(restored.others, 1);
	restored_clear(&restored);
	/* The same person under another name is no other. */
	txn = begin(place);
	assert_int_equal(user_get(txn, uid, &bob, NULL), FAULT_NONE);
	set(&bob, "name", "anneke");
	assert_int_equal(user_put(txn, &bob, NULL), FAULT_NONE);
	commit(txn);
	user_clear(&bob);
	restore_from(place, file_of(from), &restored);
	assert_int_equal(restored.others, 0);
	restored_clear(&restored);
	teardown(&there);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_was_comes_back),
		TEST(the_entry_names_the_replaced_head),
		TEST(no_id_is_given_again),
		TEST(no_id_of_a_lost_database_is_given_again),
		TEST(a_name_that_went_is_kept_back),
		TEST(another_generation_has_begun),
		TEST(who_read_before_does_not_write_after),
		TEST(the_newest_three_are_kept),
		TEST(what_was_overwritten_is_not_in_it),
		TEST(places_are_refused),
		TEST(a_folder_of_others_is_refused),
		TEST(what_is_another_file_does_not_take_its_place),
		TEST(what_a_killed_one_has_left_goes),
		TEST(what_follows_the_last_page_is_not_copied),
		TEST(a_file_that_has_no_room_is_not_left),
		TEST(a_damaged_file_changes_nothing),
		TEST(what_is_no_backup_is_refused),
		TEST(another_schema_is_refused),
		TEST(a_record_that_cannot_be_read_is_refused),
		TEST(a_damaged_database_gives_way),
		TEST(a_damaged_database_is_not_backed_up),
		TEST(documents_come_back),
		TEST(lost_documents_are_named),
		TEST(who_has_it_open_is_named),
		TEST(who_opens_meanwhile_finds_the_new_one),
		TEST(a_dump_brings_all_back),
		TEST(what_was_meddled_with_is_refused),
		cmocka_unit_test(what_no_hexa_made_is_refused),
		TEST(two_with_one_gid_are_refused),
		TEST(a_role_that_must_be_there_is),
		TEST(what_a_role_gives_is_compiled_anew),
		TEST(two_with_one_uuid_are_refused),
		TEST(a_good_backup_mends_the_clock),
		TEST(who_gets_anothers_uid_is_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
