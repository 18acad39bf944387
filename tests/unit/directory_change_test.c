/*
 * directory_change_test.c - the file changes while it is read: commits, growth, replacement; and so
 * does the reader's process: threads, fork, cancellation, no memory.  Every answer is checked
 * whole.
 */
#include "tests/unit/directory_fixture.h"

#include <dirent.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "directory/record.h"

enum { USERS = 40, CREW = 10 };

static struct place place;

/* Round by round every user changes, and the crew is other CREW of them. */
static void
publish_round(uint32_t round)
{
	struct numbered user;

	place_begin(&place);
	put_state(&place, round);
	for (uint32_t i = 0; i < USERS; i++)
		put_numbered(&place, i, round);
	put_group(&place, &(struct image_group){70100, "crew", true});
	for (uint32_t i = 0; i < USERS; i++) {
		unsigned char key[IMAGE_KEY_MAX];
		MDB_val k = {0, key};

		numbered_make(&user, i, round);
		k.mv_size = image_key_member(key, 70100, user.name);
		if ((i + USERS - round % USERS) % USERS < CREW)
			put_member(&place, 70100, user.name);
		else
			mdb_del(place.txn, place.dbi, &k, NULL);
	}
	place_commit(&place);
}

static int
make_directory(void **state)
{
	(void)state;
	place_make(&place);
	publish_round(1);
	return 0;
}

static int
remove_directory(void **state)
{
	(void)state;
	place_remove(&place);
	return 0;
}

/* UINT32_MAX: wrong; 0: no answer. */
static uint32_t
round_of(struct directory *directory, uint32_t number)
{
	struct numbered user;
	struct passwd entry;
	char buffer[256];
	enum lookup lookup;

	numbered_make(&user, number, 0);
	lookup = directory_user_by_name(directory, user.name, &entry, buffer, sizeof(buffer));
	if (lookup == LOOKUP_AGAIN)
		return 0;
	return lookup == LOOKUP_FOUND ? numbered_round(&entry, number) : UINT32_MAX;
}

/* True when the crew is that of one round. */
static bool
crew_is_whole(struct directory *directory)
{
	char buffer[1024];
	bool in[USERS] = {false};
	struct group crew;
	unsigned count = 0, edges = 0;
	enum lookup lookup =
		directory_group_by_gid(directory, 70100, &crew, buffer, sizeof(buffer));

	if (lookup == LOOKUP_AGAIN)
		return true;
	if (lookup != LOOKUP_FOUND || strcmp(crew.gr_name, "crew") != 0)
		return false;
	for (; crew.gr_mem[count]; count++) {
		unsigned long number = strtoul(crew.gr_mem[count] + 4, NULL, 10);

		if (count >= CREW || number >= USERS || in[number])
			return false;
		in[number] = true;
	}
	for (unsigned i = 0; i < USERS; i++)
		edges += in[i] && !in[(i + 1) % USERS];
	return count == CREW && edges == 1;
}

static unsigned
open_descriptors(void)
{
	DIR *folder = opendir("/proc/self/fd");
	unsigned count = 0;

	assert_non_null(folder);
	while (readdir(folder))
		count++;
	closedir(folder);
	return count;
}

/* As if a second had gone by since the path was looked at. */
static void
let_a_second_pass(void)
{
	atomic_fetch_sub(&place.directory->looked, 1001);
}

/* ---- commits ------------------------------------------------------------------------------- */

/* Shared with the processes of a test. */
struct shared {
	_Atomic bool stop;
	_Atomic uint32_t wrong;
	_Atomic uint32_t answers;
};

static struct shared *shared;

/* Rounds never go back for one reader, whom the first `argument` users interest. */
static void *
read_and_check(void *argument)
{
	uint32_t users = (uint32_t)(uintptr_t)argument;
	uint32_t before = 0;

	for (uint32_t i = 0; !atomic_load(&shared->stop); i++) {
		uint32_t round = round_of(place.directory, i % users);

		if (round == UINT32_MAX || (round != 0 && round < before))
			atomic_fetch_add(&shared->wrong, 1);
		if (round != 0) {
			before = round;
			atomic_fetch_add(&shared->answers, 1);
		}
		if (users == USERS && !crew_is_whole(place.directory))
			atomic_fetch_add(&shared->wrong, 1);
	}
	return argument;
}

enum { THREADS = 8, CHILDREN = 2 };

static pid_t
fork_reader(uintptr_t users)
{
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		read_and_check((void *)users);
		_exit(0);
	}
	return child;
}

static void
assert_ended_well(pid_t child)
{
	int status;

	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void
publish_one(uint32_t round)
{
	place_begin(&place);
	put_numbered(&place, 0, round);
	place_commit(&place);
}

static void
read_beside(void (*publish)(uint32_t round), uintptr_t users)
{
	pthread_t thread[THREADS];
	pid_t child[CHILDREN];
	int64_t end = now_in_ms() + 1500;

	shared = mmap(
		NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(shared != MAP_FAILED);
	for (size_t i = 0; i < CHILDREN; i++)
		child[i] = fork_reader(users);
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(
			pthread_create(&thread[i], NULL, read_and_check, (void *)users), 0);
	for (uint32_t round = 2; now_in_ms() < end; round++)
		publish(round);
	atomic_store(&shared->stop, true);
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(thread[i], NULL), 0);
	for (size_t i = 0; i < CHILDREN; i++)
		assert_ended_well(child[i]);
	assert_int_equal(atomic_load(&shared->wrong), 0);
	assert_true(atomic_load(&shared->answers) > 0);
	munmap(shared, sizeof(*shared));
}

static void
readers_beside_large_commits_get_whole_answers(void **state)
{
	(void)state;
	read_beside(publish_round, USERS);
}

static void
readers_beside_many_small_commits_get_whole_answers(void **state)
{
	(void)state;
	read_beside(publish_one, 1);
}

static void
a_reader_that_is_stopped_within_a_look_up_goes_on_well(void **state)
{
	uint32_t round = 2;
	pid_t child;

	(void)state;
	shared = mmap(
		NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(shared != MAP_FAILED);
	child = fork_reader(USERS);
	for (unsigned i = 0; i < 40; i++) {
		uint32_t answers = atomic_load(&shared->answers);
		int status;

		while (atomic_load(&shared->answers) == answers) {
			assert_int_equal(waitpid(child, &status, WNOHANG), 0);
			sched_yield();
		}
		assert_int_equal(kill(child, SIGSTOP), 0);
		assert_int_equal(waitpid(child, &status, WUNTRACED), child);
		assert_true(WIFSTOPPED(status));
		for (unsigned commits = 0; commits < 1 + i % 7; commits++)
			publish_round(round++);
		assert_int_equal(kill(child, SIGCONT), 0);
	}
	atomic_store(&shared->stop, true);
	assert_ended_well(child);
	assert_int_equal(atomic_load(&shared->wrong), 0);
	munmap(shared, sizeof(*shared));
}

/* A look into which commits fall: between the first user that it reads and the last. */
struct slow_look {
	unsigned commits; /* within each try */
	unsigned tries;
	uint32_t *round;
	uint32_t first;
	uint32_t last;
};

static uint32_t
round_in(struct view *view, uint32_t number)
{
	struct numbered user;
	struct user_copy copy;
	struct passwd entry;
	struct item item;
	unsigned char key[IMAGE_KEY_MAX];
	char buffer[256];

	numbered_make(&user, number, 0);
	if (tree_find(view, key, image_key_text(key, 'N', user.name), &item) != LOOKUP_FOUND ||
		record_user(view, &item, NULL, &copy, buffer, sizeof(buffer)) != LOOKUP_FOUND)
		return UINT32_MAX;
	record_user_point(&copy, buffer, &entry);
	return numbered_round(&entry, number);
}

static enum lookup
look_slowly(struct view *view, void *context)
{
	struct slow_look *look = context;

	look->tries++;
	look->first = round_in(view, 0);
	for (unsigned i = 0; i < look->commits; i++)
		publish_round(++*look->round);
	look->last = round_in(view, USERS - 1);
	return LOOKUP_FOUND;
}

/* Until the file has free pages enough for more rounds, and the reader has seen it so. */
static uint32_t
grow_up(void)
{
	for (uint32_t round = 2; round <= 20; round++)
		publish_round(round);
	assert_int_equal(round_of(place.directory, 0), 20);
	return 20;
}

static void
a_snapshot_outlives_one_commit(void **state)
{
	uint32_t round = grow_up();
	struct slow_look look = {.commits = 1, .round = &round};

	(void)state;
	for (uint32_t before = round; before < 30; before++) {
		look.tries = 0;
		assert_int_equal(view_read(place.directory, look_slowly, &look), LOOKUP_FOUND);
		assert_int_equal(look.tries, 1);
		assert_int_equal(look.first, before);
		assert_int_equal(look.last, before);
	}
}

/* Commits until the second try, which is left in peace. */
static enum lookup
look_slowly_once(struct view *view, void *context)
{
	struct slow_look *look = context;

	if (look->tries == 1)
		look->commits = 0;
	return look_slowly(view, context);
}

static void
a_snapshot_that_more_commits_fell_into_is_read_again(void **state)
{
	uint32_t round = grow_up();

	(void)state;
	for (unsigned commits = 2; commits < 8; commits++) {
		struct slow_look look = {.commits = commits, .round = &round};

		assert_int_equal(view_read(place.directory, look_slowly_once, &look), LOOKUP_FOUND);
		assert_int_equal(look.tries, 2);
		assert_int_equal(look.first, round);
		assert_int_equal(look.last, round);
	}
}

static void
a_reader_that_never_gets_a_whole_snapshot_gives_up(void **state)
{
	uint32_t round = 1;
	struct slow_look look = {.commits = 2, .round = &round};
	int64_t began = now_in_ms();

	(void)state;
	assert_int_equal(view_read(place.directory, look_slowly, &look), LOOKUP_AGAIN);
	assert_true(look.tries >= 16);
	assert_true(now_in_ms() - began >= 90); /* the coarse clock lags by some milliseconds */
	assert_int_equal(round_of(place.directory, 0), round);
}

/* ---- growth -------------------------------------------------------------------------------- */

static void
a_growing_file_is_followed(void **state)
{
	unsigned mappings = 0;
	uint32_t current = 0;
	size_t size;

	(void)state;
	for (uint32_t i = 0; i < 200; i++) {
		place_begin(&place);
		for (uint32_t j = 0; j < 100; j++)
			put_numbered(&place, 1000 + 100 * i + j, i);
		place_commit(&place);
		assert_int_equal(round_of(place.directory, 1000 + 100 * i + 99), i == 0 ? 0 : i);
		mappings += atomic_load(&place.directory->current) != current;
		current = atomic_load(&place.directory->current);
	}
	size = atomic_load(&place.directory->map[current - 1].size);
	assert_true(size > 4 << 20);
	assert_in_range(mappings, 3, 10); /* it doubled that often */
	for (size_t i = 0; i < MAPS; i++)
		assert_int_equal(place.directory->map[i].uses != 0, i == current - 1);
}

/* What is looked for stands where the file, when it was last opened, had already ended. */
struct growth {
	unsigned tries;
	char last[2]; /* the key of the newest large value */
};

static enum lookup
look_while_growing(struct view *view, void *context)
{
	static const char large[300000];
	struct growth *growth = context;
	struct item item;

	if (++growth->tries % 2 == 1 && growth->tries < 8) {
		for (unsigned i = 0; i < 2; i++) {
			growth->last[0] = 'L';
			growth->last[1]++;
			place_begin(&place);
			put(&place, growth->last, 2, large, sizeof(large));
			place_commit(&place);
		}
	}
	return tree_find(view, growth->last, 2, &item);
}

static void
a_file_that_grows_during_the_look_is_followed(void **state)
{
	struct growth growth = {0};

	(void)state;
	assert_int_equal(view_read(place.directory, look_while_growing, &growth), LOOKUP_FOUND);
	assert_int_equal(growth.tries, 9);
}

/* One commit that puts and deletes a large value leaves a file that ends before its last page. */
static void
a_file_may_be_shorter_than_it_says(void **state)
{
	static char large[1 << 20];
	struct stat st;
	MDB_envinfo info;
	MDB_val k = {5, (void *)(uintptr_t) "Large"};

	(void)state;
	grow_up(); /* it is the writer's list of free pages that takes the large value's again */
	place_begin(&place);
	put(&place, k.mv_data, k.mv_size, large, sizeof(large));
	assert_int_equal(mdb_del(place.txn, place.dbi, &k, NULL), 0);
	place_commit(&place);
	assert_int_equal(stat(place.file, &st), 0);
	assert_int_equal(mdb_env_info(place.env, &info), 0);
	assert_true((info.me_last_pgno + 1) * 4096 > (size_t)st.st_size);
	for (uint32_t i = 0; i < USERS; i++)
		assert_int_equal(round_of(place.directory, i), 20);
}

/* ---- replacement --------------------------------------------------------------------------- */

/* A new file at the path, in another round; *place is its writer's, *old that of the old one. */
static void
replace_file(struct place *old, uint32_t round)
{
	struct place fresh = place;

	*old = place;
	snprintf(fresh.file, sizeof(fresh.file), "%s/new.mdb", place.folder);
	place_write(&fresh);
	place = fresh;
	publish_round(round);
	assert_int_equal(rename(place.file, old->file), 0);
	remove_in(place.folder, "new.mdb-lock");
	strcpy(place.file, old->file);
}

static void
retire(struct place *old)
{
	place_begin(old);
	assert_int_equal(mdb_drop(old->txn, old->dbi, 0), 0);
	place_commit(old);
}

/* A replaced file is read on, until a second has gone by and the path is looked at. */
static void
assert_read_on(uint32_t round)
{
	uint32_t looked = atomic_load(&place.directory->looked);
	uint32_t found = round_of(place.directory, 3);

	if (atomic_load(&place.directory->looked) != looked)
		round++;
	assert_int_equal(found, round);
}

static void
a_retired_file_is_left_at_once(void **state)
{
	struct place old;

	(void)state;
	for (uint32_t round = 2; round < 40; round++) {
		assert_int_equal(round_of(place.directory, 3), round - 1);
		replace_file(&old, round);
		assert_read_on(round - 1);
		retire(&old);
		assert_int_equal(round_of(place.directory, 3), round);
		place_leave(&old);
	}
}

static void
a_replaced_file_is_left_within_a_second(void **state)
{
	struct place old;

	(void)state;
	assert_int_equal(round_of(place.directory, 3), 1);
	replace_file(&old, 2);
	place_leave(&old);
	let_a_second_pass();
	assert_int_equal(round_of(place.directory, 3), 2);
	for (size_t i = 0; i < MAPS; i++)
		assert_int_equal(place.directory->map[i].uses != 0,
			i + 1 == atomic_load(&place.directory->current));
}

static void
a_retired_file_with_no_other_in_its_place_is_still_read(void **state)
{
	struct directory late = {.path = place.file};

	(void)state;
	assert_int_equal(round_of(place.directory, 3), 1);
	assert_int_equal(unlink(place.file), 0);
	retire(&place);
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(round_of(place.directory, 3), 1);
		assert_true(crew_is_whole(place.directory));
		let_a_second_pass();
	}
	assert_int_equal(round_of(&late, 3), UINT32_MAX);
}

static void
a_retired_file_is_read_by_late_comers_too(void **state)
{
	(void)state;
	retire(&place);
	assert_int_equal(round_of(place.directory, 3), 1);
}

static void
what_is_no_directory_does_not_replace_one(void **state)
{
	int fd;

	(void)state;
	assert_int_equal(round_of(place.directory, 3), 1);
	assert_int_equal(unlink(place.file), 0);
	let_a_second_pass();
	assert_int_equal(round_of(place.directory, 3), 1);
	assert_int_equal(mkfifo(place.file, 0644), 0);
	let_a_second_pass();
	assert_int_equal(round_of(place.directory, 3), 1);
	assert_int_equal(unlink(place.file), 0);
	fd = open(place.file, O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, 100000), 0);
	close(fd);
	let_a_second_pass();
	assert_int_equal(round_of(place.directory, 3), 1);
}

static void
a_file_that_was_touched_is_looked_at_anew(void **state)
{
	struct timespec times[2] = {{.tv_sec = 1000000000}, {.tv_sec = 1000000000}};
	uint32_t current;

	(void)state;
	assert_int_equal(round_of(place.directory, 3), 1);
	current = atomic_load(&place.directory->current);
	let_a_second_pass();
	assert_int_equal(round_of(place.directory, 3), 1);
	assert_int_equal(atomic_load(&place.directory->current), current);
	/* A commit explains the newer time: nothing is mapped anew. */
	publish_round(2);
	let_a_second_pass();
	assert_int_equal(round_of(place.directory, 3), 2);
	assert_int_equal(atomic_load(&place.directory->current), current);
	/* Without one, another file may have the same number, as when an overlay copies it up. */
	assert_int_equal(utimensat(AT_FDCWD, place.file, times, 0), 0);
	let_a_second_pass();
	assert_int_equal(round_of(place.directory, 3), 2);
	assert_int_not_equal(atomic_load(&place.directory->current), current);
}

static void
lost_mappings_do_not_keep_an_old_file_in_use(void **state)
{
	struct place old;

	(void)state;
	assert_int_equal(round_of(place.directory, 3), 1);
	for (size_t i = 0; i < MAPS; i++) /* threads that forked away or died hold them all */
		atomic_fetch_add(&place.directory->map[i].uses, 1);
	for (uint32_t round = 2; round < 6; round++) {
		unsigned descriptors;

		replace_file(&old, round);
		if (round % 2 == 1)
			retire(&old);
		else
			let_a_second_pass();
		descriptors = open_descriptors();
		for (uint32_t i = 0; i < USERS; i++)
			assert_int_equal(round_of(place.directory, i), round);
		assert_true(crew_is_whole(place.directory));
		assert_int_equal(open_descriptors(), descriptors);
		place_leave(&old);
	}
	for (size_t i = 0; i < MAPS; i++)
		atomic_fetch_sub(&place.directory->map[i].uses, 1);
}

/* ---- the reader's process ------------------------------------------------------------------ */

static enum lookup
look_and_fork(struct view *view, void *context)
{
	pid_t *child = context;

	*child = fork();
	if (*child == 0) {
		/* Here the count of this look stays up for ever. */
		struct place old;

		place_write(&place);
		for (uint32_t round = 2; round < 30; round++) {
			replace_file(&old, round);
			retire(&old);
			if (round_of(place.directory, 3) != round)
				_exit(1);
			place_leave(&old);
		}
		_exit(0);
	}
	return round_in(view, 0) == 1 ? LOOKUP_FOUND : LOOKUP_UNAVAILABLE;
}

static void
a_child_forked_within_a_look_up_reads_on(void **state)
{
	struct place inherited;
	pid_t child = -1;

	(void)state;
	inherited = place;
	place_leave(&inherited); /* liblmdb's environments do not survive a fork */
	place.env = NULL;
	assert_int_equal(view_read(place.directory, look_and_fork, &child), LOOKUP_FOUND);
	assert_ended_well(child);
	let_a_second_pass();
	assert_int_equal(round_of(place.directory, 3), 29);
}

static void
a_warm_look_up_makes_no_system_call(void **state)
{
#ifdef __SANITIZE_THREAD__
	(void)state;
	skip(); /* its own thread makes some */
#else
	pid_t child;

	(void)state;
	assert_int_equal(round_of(place.directory, 3), 1);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		bool right = round_of(place.directory, 0) == 1; /* late binding, too */

		right = crew_is_whole(place.directory) && right;
		/* From here on any but read, write and exit kills. */
		if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) != 0)
			_exit(2);
		for (uint32_t i = 0; i < 1000; i++)
			right = round_of(place.directory, i % USERS) == 1 && right;
		right = crew_is_whole(place.directory) && right;
		syscall(SYS_exit, right ? 0 : 1);
	}
	assert_ended_well(child);
#endif
}

static void *
read_until_cancelled(void *argument)
{
	for (;;) {
		if (round_of(place.directory, 5) != 1)
			atomic_fetch_add(&shared->wrong, 1);
		atomic_fetch_add(&shared->answers, 1);
		pthread_testcancel();
	}
	return argument;
}

/* Without mappings every look-up opens, reads and closes, which are cancellation points. */
static void
a_cancelled_thread_leaves_no_descriptor(void **state)
{
	static struct shared here;
	unsigned descriptors;

	(void)state;
	shared = &here;
	for (size_t i = 0; i < MAPS; i++)
		place.directory->map[i].uses = 1;
	descriptors = open_descriptors();
	for (unsigned i = 0; i < 100; i++) {
		uint32_t answers = atomic_load(&here.answers);
		pthread_t thread;
		void *result;

		assert_int_equal(pthread_create(&thread, NULL, read_until_cancelled, NULL), 0);
		while (atomic_load(&here.answers) == answers)
			sched_yield();
		assert_int_equal(pthread_cancel(thread), 0);
		assert_int_equal(pthread_join(thread, &result), 0);
		assert_true(result == PTHREAD_CANCELED);
	}
	assert_int_equal(open_descriptors(), descriptors);
	assert_int_equal(here.wrong, 0);
}

static void
a_look_up_leaves_no_descriptor(void **state)
{
	unsigned before = open_descriptors();

	(void)state;
	for (unsigned i = 0; i < 100; i++) {
		place_forget(&place);
		assert_int_equal(round_of(place.directory, 3), 1);
	}
	assert_int_equal(open_descriptors(), before);
}

static void
a_process_out_of_descriptors_is_told_to_try_again(void **state)
{
	struct rlimit was, none;
	struct passwd entry;
	char buffer[256];
	enum lookup lookup;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &was), 0);
	none = was;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	lookup = directory_user_by_name(
		place.directory, "user00003", &entry, buffer, sizeof(buffer));
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &was), 0);
	assert_int_equal(lookup, LOOKUP_AGAIN);
	assert_int_equal(round_of(place.directory, 3), 1);
}

/* `ulimit -v 65536`, and a file larger than that. */
static void
a_process_with_little_address_space_reads_all_the_same(void **state)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	(void)state;
	skip(); /* their shadow memory needs all the address space there is */
#else
	static char large[4 << 20];
	pid_t child;

	(void)state;
	place_begin(&place);
	for (char i = 'a'; i < 'a' + 20; i++)
		put(&place, (char[]){'Z', i}, 2, large, sizeof(large));
	place_commit(&place);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct rlimit limit = {64 << 20, 64 << 20};
		unsigned descriptors = open_descriptors();
		bool right = setrlimit(RLIMIT_AS, &limit) == 0;

		for (uint32_t i = 0; i < USERS; i++)
			right = round_of(place.directory, i) == 1 && right;
		right = crew_is_whole(place.directory) && right;
		right = atomic_load(&place.directory->current) == 0 && right;
		_exit(right && open_descriptors() == descriptors ? 0 : 1);
	}
	assert_ended_well(child);
#endif
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_directory, remove_directory)
	const struct CMUnitTest tests[] = {
		TEST(readers_beside_large_commits_get_whole_answers),
		TEST(readers_beside_many_small_commits_get_whole_answers),
		TEST(a_reader_that_is_stopped_within_a_look_up_goes_on_well),
		TEST(a_snapshot_outlives_one_commit),
		TEST(a_snapshot_that_more_commits_fell_into_is_read_again),
		TEST(a_reader_that_never_gets_a_whole_snapshot_gives_up),
		TEST(a_growing_file_is_followed),
		TEST(a_file_that_grows_during_the_look_is_followed),
		TEST(a_file_may_be_shorter_than_it_says),
		TEST(a_retired_file_is_left_at_once),
		TEST(a_replaced_file_is_left_within_a_second),
		TEST(a_retired_file_with_no_other_in_its_place_is_still_read),
		TEST(a_retired_file_is_read_by_late_comers_too),
		TEST(what_is_no_directory_does_not_replace_one),
		TEST(a_file_that_was_touched_is_looked_at_anew),
		TEST(lost_mappings_do_not_keep_an_old_file_in_use),
		TEST(a_child_forked_within_a_look_up_reads_on),
		TEST(a_warm_look_up_makes_no_system_call),
		TEST(a_cancelled_thread_leaves_no_descriptor),
		TEST(a_look_up_leaves_no_descriptor),
		TEST(a_process_out_of_descriptors_is_told_to_try_again),
		TEST(a_process_with_little_address_space_reads_all_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
