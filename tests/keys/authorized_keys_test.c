/*
 * authorized_keys_test.c - hexa-authorized-keys as sshd runs it: what it prints, for whom, and how
 * it ends.  The program is one with its files in the working folder.
 */
#include "tests/unit/directory_fixture.h"

#include <libgen.h>
#include <limits.h>
#include <signal.h>

static struct place place;
static char program[PATH_MAX + 64];

/* What a run came to. */
static struct {
	char *said; /* on stdout, with a NUL behind it */
	size_t size;
	int status; /* as waitpid(2) has it */
} ran;

static const char lines[] = "restrict ssh-ed25519 AAAA\nssh-ed25519 BBBB\n";

/* ---- a host with two users ------------------------------------------------------------------ */

/* The host's sources have them so; by what stands there first. */
static void
write_account(const char *name, uint32_t uid)
{
	FILE *file = fopen("accounts", "ae");

	assert_non_null(file);
	assert_true(fprintf(file, "%s:x:%u:%u::/:/bin/sh\n", name, uid, uid) > 0);
	assert_int_equal(fclose(file), 0);
}

static void
publish_user(uint32_t uid, const char *name, int64_t from, int64_t until, const char *text)
{
	put_user(&place, &(struct image_user){.uid = uid, .gid = uid, .name = name, .gecos = "",
		.home = "/", .shell = "/bin/sh"});
	write_account(name, uid);
	if (text != NULL)
		put_keys(&place, uid, &(struct image_keys){.uid = uid, .valid_from = from,
			.valid_until = until, .lines = text, .size = strlen(text)});
}

static void
write_file(const char *name, mode_t mode, const char *text)
{
	FILE *file = fopen(name, "we");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(name, mode), 0);
}

static int
set_up(void **state)
{
	const int64_t now = time(NULL), day = 24 * 60 * 60;

	(void)state;
	place_make(&place);
	assert_int_equal(chdir(place.folder), 0);
	place_begin(&place);
	put_state(&place, 1);
	publish_user(70001, "anna", 0, 0, lines);
	publish_user(70002, "bob", now - day, now + day, "ssh-ed25519 CCCC\n");
	publish_user(70003, "early", now + day, 0, lines);
	publish_user(70004, "late", 0, now - day, lines);
	publish_user(70005, "none", 0, 0, NULL);
	publish_user(70006, "local", 0, 0, lines);

	place_commit(&place);
	write_file("passwd", 0644, "root:x:0:0:root:/root:/bin/sh\n"
	    "local:x:70006:70006::/:/bin/sh\nannabel:x:1001:1001::/:/bin/sh\n");
	return 0;
}

static int
tear_down(void **state)
{
	static const char *const names[] = {"passwd", "script", "list", "many", "accounts",
		"accounts.endless"};

	(void)state;
	free(ran.said);
	ran.said = NULL;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_true(unlink(names[i]) == 0 || errno == ENOENT);
	assert_int_equal(chdir("/"), 0);
	place_remove(&place);
	return 0;
}

/* ---- running it ----------------------------------------------------------------------------- */

/* Reads up to `most` bytes and then closes. */
static void
read_some(int from, size_t most)
{
	size_t room = 1 << 16, left;
	ssize_t got = 1;

	ran.said = realloc(ran.said, room);
	ran.size = 0;
	while (got > 0 && ran.size < most) {
		if (ran.size + 1 == room)
			ran.said = realloc(ran.said, room *= 2);
		left = room - 1 - ran.size;
		got = read(from, ran.said + ran.size, left < most - ran.size ? left
									     : most - ran.size);
		ran.size += got > 0 ? (size_t)got : 0;
	}
	ran.said[ran.size] = '\0';
	close(from);
}

/* `closed`: a bit for each standard descriptor that it does not have. */
static void
run_so(unsigned closed, size_t most, const char *const *arguments)
{
	int ends[2];
	pid_t child;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	child = fork();
	if (child == 0) {
		dup2(ends[1], STDOUT_FILENO);
		dup2(open("/dev/null", O_RDWR), STDERR_FILENO);
		close_range(3, UINT_MAX, 0);
		for (int i = 0; i < 3; i++)
			if ((closed & 1U << i) != 0)
				close(i);
		execv(program, (char *const *)(uintptr_t)arguments);
		_exit(99);
	}
	close(ends[1]);
	read_some(ends[0], most);
	assert_int_equal(waitpid(child, &ran.status, 0), child);
}

#define RUN(...) \
	run_so(0, SIZE_MAX, (const char *const[]){"hexa-authorized-keys", __VA_ARGS__, NULL})

static void
ended(int status)
{
	assert_true(WIFEXITED(ran.status));
	assert_int_equal(WEXITSTATUS(ran.status), status);
}

static void
said(const char *text)
{
	ended(0);
	assert_string_equal(ran.said, text);
}

/* ---- one's own keys ------------------------------------------------------------------------- */

static void
keys_of_who_may(void **state)
{
	(void)state;
	RUN("anna");
	said(lines);
	RUN("bob");
	said("ssh-ed25519 CCCC\n");
}

static void
nothing_of_anybody_else(void **state)
{
	static const char *const names[] = {"nobody-of-that-name", "early", "late", "none", "root",
		"local", "", "-h", "--help", "--chain", "ANNA", "anna\n", "70001",
		"anna@example.org", "/etc/passwd", "../anna"};
	char long_name[5000] = "";

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		RUN(names[i]);
		said("");
	}
	memset(long_name, 'a', sizeof(long_name) - 1);
	RUN(long_name);
	said("");
	RUN("anna");
	said(lines);
}

/* Whose name comes into /etc/passwd is the host's from then on. */
static void
the_hosts_own_are_the_hosts(void **state)
{
	(void)state;
	RUN("anna");
	said(lines);
	write_file("passwd", 0644, "root:x:0:0:root:/root:/bin/sh\nanna:x:1000:1000::/:/bin/sh\n");
	RUN("anna");
	said("");
	RUN("bob");
	said("ssh-ed25519 CCCC\n");
	/* To the kernel lars is whoever has his uid. */
	write_file("passwd", 0644, "root:x:0:0:root:/root:/bin/sh\nlars:x:70001:1000::/:/bin/sh\n");
	RUN("anna");
	said("");
	RUN("bob");
	said("ssh-ed25519 CCCC\n");
	assert_int_equal(unlink("passwd"), 0);
	RUN("bob");
	said("");
}

/* Another source that comes before Hexa has the name for somebody else. */
static void
anothers_account_has_none_of_the_keys(void **state)
{
	(void)state;
	RUN("anna");
	said(lines);
	write_file("accounts", 0644, "anna:x:5000:5000::/:/bin/sh\nanna:x:70001:70001::/:/bin/sh\n"
	    "bob:x:70002:70002::/:/bin/sh\n");
	RUN("anna");
	said("");
	RUN("--chain", "/bin/echo", "anna");
	said("anna\n");
	RUN("bob");
	said("ssh-ed25519 CCCC\n");
	write_file("accounts", 0644, "anna:x:0:0::/:/bin/sh\n");
	RUN("anna");
	said("");
	/* No source has the name. */
	RUN("bob");
	said("");
	write_file("accounts", 0644, "anna:x:70001:70001::/:/bin/sh\n");
	RUN("anna");
	said(lines);
}

static void
a_source_that_never_answers_is_left(void **state)
{
	(void)state;
	RUN("anna");
	said(lines);
	write_file("accounts.endless", 0644, "");
	RUN("anna");
	said("");
	RUN("--chain", "/bin/echo", "anna");
	said("anna\n");
}

static void
other_calls_are_refused(void **state)
{
	(void)state;
	run_so(0, SIZE_MAX, (const char *const[]){"hexa-authorized-keys", NULL});
	ended(2);
	RUN("anna", "bob");
	ended(2);
	RUN("--chain", "/bin/true");
	ended(2);
	RUN("--chain", "/bin/true", "anna", "bob");
	ended(2);
	RUN("--other", "/bin/true", "anna");
	ended(2);
	run_so(0, SIZE_MAX, (const char *const[]){NULL});
	ended(2);
	assert_string_equal(ran.said, "");
}

static void
a_directory_that_is_none(void **state)
{
	(void)state;
	place_leave(&place);
	assert_int_equal(truncate("directory.mdb", 5000), 0);
	RUN("anna");
	said("");
	assert_int_equal(unlink("directory.mdb"), 0);
	RUN("anna");
	said("");
	assert_int_equal(mkdir("directory.mdb", 0755), 0);
	RUN("anna");
	said("");
	assert_int_equal(rmdir("directory.mdb"), 0);
	RUN("--chain", "/bin/echo", "anna");
	said("anna\n");
}

/* ---- readers and descriptors ---------------------------------------------------------------- */

enum { MANY = 500, LINE = 1000 };

static char *
many_lines(void)
{
	char *text = malloc(MANY * LINE + 1), *at = text;

	for (unsigned i = 0; i < MANY; i++, at += LINE) {
		memset(at, 'a', LINE);
		at[snprintf(at, 32, "from=\"%04u", i)] = 'a';
		memcpy(at + LINE - 20, "\" ssh-ed25519 AAAAA\n", 20);
	}
	*at = '\0';
	return text;
}

/* sshd closes the pipe when it has found its key; what a signal ends is an error to it. */
static void
a_reader_may_leave_after_one_key(void **state)
{
	char *text = many_lines();

	(void)state;
	place_begin(&place);
	publish_user(70100, "many", 0, 0, text);
	place_commit(&place);
	RUN("many");
	said(text);
	run_so(0, LINE, (const char *const[]){"hexa-authorized-keys", "many", NULL});
	ended(0);
	assert_memory_equal(ran.said, text, LINE);
	run_so(0, 0, (const char *const[]){"hexa-authorized-keys", "many", NULL});
	ended(0);
	/* Nothing else is asked then. */
	run_so(0, LINE, (const char *const[]){"hexa-authorized-keys", "--chain", "/bin/touch",
		"many", NULL});
	ended(0);
	assert_int_equal(access("many", F_OK), -1);
	RUN("--chain", "/bin/touch", "many");
	said(text);
	assert_int_equal(access("many", F_OK), 0);
	free(text);
}

/* The same of what another command prints. */
static void
a_reader_may_leave_within_the_chain(void **state)
{
	(void)state;
	write_file("script", 0755, "#!/bin/sh\nhead -c 300000 /dev/zero\n");
	run_so(0, 1, (const char *const[]){"hexa-authorized-keys", "--chain", "/usr/bin/env",
		"./script", NULL});
	ended(0);
	assert_int_equal(ran.size, 1);
}

static void
standard_descriptors_may_be_closed(void **state)
{
	(void)state;
	for (unsigned closed = 0; closed < 8; closed++) {
		run_so(closed, SIZE_MAX, (const char *const[]){"hexa-authorized-keys", "anna",
			NULL});
		said((closed & 2) != 0 ? "" : lines);
		run_so(closed, SIZE_MAX, (const char *const[]){"hexa-authorized-keys", "--chain",
			"/bin/echo", "root", NULL});
		said((closed & 2) != 0 ? "" : "root\n");
	}
}

/* ---- another command ------------------------------------------------------------------------ */

static void
the_chain_comes_behind(void **state)
{
	(void)state;
	RUN("--chain", "/bin/echo", "anna");
	said("restrict ssh-ed25519 AAAA\nssh-ed25519 BBBB\nanna\n");
	/* Whoever it is. */
	RUN("--chain", "/bin/echo", "nobody-of-that-name");
	said("nobody-of-that-name\n");
	RUN("--chain", "/bin/echo", "root");
	said("root\n");
	RUN("--chain", "/bin/echo", "local");
	said("local\n");
	RUN("--chain", "/bin/echo", "late");
	said("late\n");
	RUN("--chain", "/bin/echo", "some body; ls $HOME");
	said("some body; ls $HOME\n");
	RUN("--chain", "/bin/true", "anna");
	said(lines);
}

static void
a_chain_that_fails_takes_nothing_away(void **state)
{
	(void)state;
	RUN("--chain", "/bin/false", "anna");
	said(lines);
	RUN("--chain", "/nonexistent/program", "anna");
	said(lines);
	RUN("--chain", "/etc", "anna");
	said(lines);
	RUN("--chain", "/etc/hostname", "anna");
	said(lines);
	/* What it has printed by then does not count, as it would not to sshd. */
	write_file("script", 0755, "#!/bin/sh\necho ssh-ed25519 EEEE\nexit 1\n");
	RUN("--chain", "/usr/bin/env", "./script");
	said("");
	write_file("script", 0755, "#!/bin/sh\necho ssh-ed25519 EEEE\nkill -KILL $$\n");
	RUN("--chain", "/usr/bin/env", "./script");
	said("");
	write_file("script", 0755, "#!/bin/sh\necho ssh-ed25519 EEEE\n");
	RUN("--chain", "/usr/bin/env", "./script");
	said("ssh-ed25519 EEEE\n");
}

static void
a_chain_has_an_end(void **state)
{
	(void)state;
	RUN("--chain", "/usr/bin/yes", "anna");
	said(lines);
}

static void
a_chain_is_roots_alone(void **state)
{
	(void)state;
	RUN("--chain", "echo", "anna");
	ended(2);
	assert_string_equal(ran.said, "");
	RUN("--chain", "", "anna");
	ended(2);
	RUN("--chain", "./script", "anna");
	ended(2);
	/* A folder that everybody writes in, and whatever stands below it. */
	write_file("script", 0755, "#!/bin/sh\necho ssh-ed25519 EEEE\n");
	{
		char path[PATH_MAX];

		snprintf(path, sizeof(path), "%s/script", place.folder);
		RUN("--chain", path, "anna");
		said(lines);
	}
}

/* Signals as sshd left them, one argument, and no descriptor but the three. */
static void
a_chain_starts_clean(void **state)
{
	(void)state;
	write_file("script", 0755, "#!/bin/sh\necho $#\n"
	    "ls /proc/$$/fd >list\ngrep -x . list | tr '\\n' ' '\n"
	    "sed -n 's/^SigIgn:.*\\(.\\)...$/\\1/p' /proc/$$/status\n");
	RUN("--chain", "/usr/bin/env", "./script");
	said("0\n0 1 2 0\n");
}

int
main(void)
{
	char path[PATH_MAX] = "";
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(keys_of_who_may),
		TEST(nothing_of_anybody_else),
		TEST(the_hosts_own_are_the_hosts),
		TEST(anothers_account_has_none_of_the_keys),
		TEST(a_source_that_never_answers_is_left),
		TEST(other_calls_are_refused),
		TEST(a_directory_that_is_none),
		TEST(a_reader_may_leave_after_one_key),
		TEST(a_reader_may_leave_within_the_chain),
		TEST(standard_descriptors_may_be_closed),
		TEST(the_chain_comes_behind),
		TEST(a_chain_that_fails_takes_nothing_away),
		TEST(a_chain_has_an_end),
		TEST(a_chain_is_roots_alone),
		TEST(a_chain_starts_clean),
	};

	if (readlink("/proc/self/exe", path, sizeof(path) - 1) < 0)
		return 2;
	snprintf(program, sizeof(program), "%s/hexa-authorized-keys", dirname(path));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
