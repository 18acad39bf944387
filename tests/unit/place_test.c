/*
 * place_test.c - where a person acts from: a login on their own terminal, or on one further out.
 */
#include "tests/unit/terminal_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <utmpx.h>

#include "accounts/place.h"

/* Somebody logged in on this terminal, from there ("": at the machine itself). */
static void
log_in(const char *terminal, const char *host)
{
	struct utmpx entry = {.ut_type = USER_PROCESS, .ut_pid = getpid()};

	memcpy(entry.ut_line, terminal, strlen(terminal));
	memcpy(entry.ut_id, terminal + strlen("pts"), sizeof(entry.ut_id));
	memcpy(entry.ut_user, "anna", strlen("anna"));
	memcpy(entry.ut_host, host, strlen(host));
	setutxent();
	pututxline(&entry);
	endutxent();
}

/* The terminal's name below /dev. */
static const char *
own_terminal(void)
{
	const char *name = ttyname(STDIN_FILENO);

	return name == NULL ? "" : name + strlen("/dev/");
}

static int
say(void)
{
	char place[256];

	place_find(place, sizeof(place));
	printf("place <%s> on <%s>\n", place, own_terminal());
	fflush(stdout);
	return 0;
}

/* What place_find() says to a process on a terminal of its own, begun by `what`. */
static void
said(int (*what)(void), char *place, char *terminal)
{
	struct terminal own;
	const char *at = "";

	terminal_open_for(&own, what);
	assert_int_equal(finish(&own), 0);
	/* The innermost one speaks last. */
	for (const char *next = own.screen; (next = strstr(next, "place <")) != NULL; next++)
		at = next;
	assert_int_equal(sscanf(at, "place <%63[^>]> on <%63[^>]>", place, terminal), 2);
}

static int
from_afar(void)
{
	log_in(own_terminal(), "192.0.2.7");
	return say();
}

/* As sudo's use_pty: the command has another terminal than the person. */
static int
from_afar_by_another_terminal(void)
{
	struct terminal inner;

	log_in(own_terminal(), "host.example.org");
	terminal_open_for(&inner, say);
	if (finish(&inner) != 0)
		return 1;
	printf("%s", inner.screen);
	fflush(stdout);
	return 0;
}

static void
a_login_from_afar_is_found_by_its_terminal(void **state)
{
	char place[64], terminal[64];

	(void)state;
	said(from_afar, place, terminal);
	assert_string_equal(place, "192.0.2.7");
}

static void
a_terminal_without_a_login_is_named(void **state)
{
	char place[64], terminal[64];

	(void)state;
	said(say, place, terminal);
	assert_string_equal(place, terminal);
}

static void
a_terminal_further_out_counts(void **state)
{
	char place[64], terminal[64];

	(void)state;
	said(from_afar_by_another_terminal, place, terminal);
	assert_string_equal(place, "host.example.org");
}

static void
without_a_terminal_there_is_no_place(void **state)
{
	int status;
	pid_t pid = fork();

	(void)state;
	assert_true(pid >= 0);
	if (pid == 0) {
		char place[64] = "something";

		setsid();
		place_find(place, sizeof(place));
		_exit(*place == '\0' ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void
a_place_is_one_word_of_a_line(void **state)
{
	static const char *const places[][2] = {
		{"pts/3", "pts/3"}, {"2001:db8::7", "2001:db8::7"}, {"", ""}, {NULL, ""},
		{"10.0.0.1 by root (uid 0)", "10.0.0.1?by?root"}, {"a\nb\x1b[m\x7f", "a?b?[m?"},
		{"\xc3\xa5", "??"},
	};
	char place[17];

	(void)state;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		place_put(place, sizeof(place), places[i][0]);
		assert_string_equal(place, places[i][1]);
	}
}

static int
use_own_utmp(void **state)
{
	static char path[32];
	int fd;

	strcpy(path, "/tmp/hexa-place-XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(utmpxname(path), 0);
	*state = path;
	return 0;
}

static int
remove_own_utmp(void **state)
{
	return unlink(*state);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, use_own_utmp, remove_own_utmp)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_login_from_afar_is_found_by_its_terminal),
		TEST(a_terminal_without_a_login_is_named),
		TEST(a_terminal_further_out_counts),
		TEST(without_a_terminal_there_is_no_place),
		cmocka_unit_test(a_place_is_one_word_of_a_line),
	};

	/* Whoever runs the tests may have logged in somewhere: what is outside is no part of this. */
	setsid();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
