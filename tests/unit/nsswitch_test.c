/*
 * nsswitch_test.c - `hexa` on the lines of nsswitch.conf and off again: text in, text out.
 */
#include "accounts/nsswitch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define GROUP "group: files hexa\n"

/* With a group line that needs nothing, so that a row shows its own line alone. */
struct row {
	const char *before;
	const char *added;
	const char *removed; /* NULL: as before */
};

static const struct row rows[] = {
	{ "passwd: files\n", "passwd: files hexa\n", NULL },
	{ "passwd:         files systemd\n", "passwd:         files systemd hexa\n", NULL },
	{ "passwd:\tcompat\n", "passwd:\tcompat hexa\n", NULL },
	{ "  passwd : files\n", "  passwd : files hexa\n", NULL },
	{ "passwd:files\n", "passwd:files hexa\n", NULL },
	{ "passwd: files   \n", "passwd: files hexa   \n", NULL },
	{ "passwd: files\r\n", "passwd: files hexa\r\n", NULL },
	{ "passwd: files # hexa is not here\n", "passwd: files hexa # hexa is not here\n", NULL },
	{ "passwd: files#x\n", "passwd: files hexa#x\n", NULL },
	{ "# passwd: none\npasswd: files\n", "# passwd: none\npasswd: files hexa\n", NULL },
	{ "passwd: files\npasswd: db\n", "passwd: files hexa\npasswd: db hexa\n", NULL },
	{ "passwd: files hexagon\n", "passwd: files hexagon hexa\n", NULL },
	{ "passwd: files\nhosts: files dns\n", "passwd: files hexa\nhosts: files dns\n", NULL },
	/* Actions that let the search go on. */
	{ "passwd: files [NOTFOUND=continue] sss\n",
	    "passwd: files [NOTFOUND=continue] sss hexa\n", NULL },
	{ "passwd: files [SUCCESS=merge] systemd\n",
	    "passwd: files [SUCCESS=merge] systemd hexa\n", NULL },
	{ "passwd: files[!NOTFOUND=return]sss\n", "passwd: files[!NOTFOUND=return]sss hexa\n", NULL },
	{ "passwd: sss [ unavail = return tryagain=RETURN ] files\n",
	    "passwd: sss [ unavail = return tryagain=RETURN ] files hexa\n", NULL },
	/* There already: last stays, elsewhere it moves. */
	{ "passwd: files hexa\n", "passwd: files hexa\n", "passwd: files\n" },
	{ "passwd: hexa\n", "passwd: hexa\n", "passwd: files\n" },
	{ "passwd: files  hexa\t# x\n", "passwd: files  hexa\t# x\n", "passwd: files\t# x\n" },
	{ "passwd: hexa files\n", "passwd: files hexa\n", "passwd: files\n" },
	{ "passwd: files hexa [NOTFOUND=return] sss\n", "passwd: files sss hexa\n",
	    "passwd: files sss\n" },
	{ "passwd: hexa[NOTFOUND=return]files\n", "passwd: files hexa\n", "passwd: files\n" },
	{ "passwd: hexa files hexa\n", "passwd: hexa files hexa\n", "passwd: files\n" },
	/* initgroups: a source that knows the user ends the search. */
	{ "passwd: files hexa\ninitgroups: files\n",
	    "passwd: files hexa\ninitgroups: files [SUCCESS=continue] hexa\n",
	    "passwd: files\ninitgroups: files\n" },
	{ "passwd: files hexa\ninitgroups: files hexa\n",
	    "passwd: files hexa\ninitgroups: files [SUCCESS=continue] hexa\n",
	    "passwd: files\ninitgroups: files\n" },
	{ "passwd: files hexa\ninitgroups: files [SUCCESS=continue] sss # x\n",
	    "passwd: files hexa\ninitgroups: files [SUCCESS=continue] sss [SUCCESS=continue] hexa # x\n",
	    "passwd: files\ninitgroups: files [SUCCESS=continue] sss # x\n" },
	{ "passwd: files hexa\ninitgroups: files [success=merge]\n",
	    "passwd: files hexa\ninitgroups: files [success=merge] hexa\n",
	    "passwd: files\ninitgroups: files [success=merge]\n" },
};

typedef enum fault edit(const char *, size_t, struct bytes *, struct why *);

/* The text as `how` leaves it; fails the test when it is refused. */
static char *
edited(edit *how, const char *text)
{
	struct bytes out = { 0 };
	struct why why = { 0 };
	char *result;

	if (how(text, strlen(text), &out, &why) != FAULT_NONE)
		fail_msg("%s: %s", text, why.text);
	result = bytes_take_text(&out);
	assert_non_null(result);
	return result;
}

static void
assert_edit(edit *how, const char *text, const char *expected)
{
	char *result = edited(how, text);

	assert_string_equal(result, expected);
	free(result);
}

static void
with_group(const char *text, char out[512])
{
	snprintf(out, 512, "%s%s", text, GROUP);
}

static void
adds(void **state)
{
	char before[512], after[512];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		with_group(rows[i].before, before);
		with_group(rows[i].added, after);
		assert_edit(nsswitch_add, before, after);
		assert_edit(nsswitch_add, after, after);
	}
}

static void
removes_what_it_added(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *removed = rows[i].removed != NULL ? rows[i].removed : rows[i].before;

		assert_edit(nsswitch_remove, rows[i].added, removed);
		assert_edit(nsswitch_remove, removed, removed);
	}
}

static void
adds_missing_lines(void **state)
{
	(void)state;
	assert_edit(nsswitch_add, "", "passwd: files hexa\ngroup: files hexa\n");
	assert_edit(nsswitch_add, "hosts: dns", "hosts: dns\npasswd: files hexa\ngroup: files hexa\n");
	assert_edit(nsswitch_add, "passwd: files", "passwd: files hexa\ngroup: files hexa\n");
	assert_edit(nsswitch_add, "group: db\npasswd: files", "group: db hexa\npasswd: files hexa");
	assert_edit(nsswitch_remove, "", "");
	assert_edit(nsswitch_remove, "passwd: files", "passwd: files");
	/* Another map of a longer or shorter name is another map. */
	assert_edit(nsswitch_add, "passwd_compat: nis\npass: x\n" GROUP,
	    "passwd_compat: nis\npass: x\n" GROUP "passwd: files hexa\n");
}

/* ---- refusals ------------------------------------------------------------------------------ */

static const struct {
	const char *text;
	unsigned line, column;
	const char *allowed; /* its twin */
} refused[] = {
	{ "passwd: files [NOTFOUND=return]\n", 1, 9, "passwd: files [NOTFOUND=continue]\n" },
	{ "\npasswd: sss [notfound = Return] files\n", 2, 9, "\npasswd: sss files\n" },
	{ "passwd: files [!SUCCESS=return] sss\n", 1, 9, "passwd: files [!NOTFOUND=return] sss\n" },
	{ "passwd: files [NOTFOUND=return] hexa\n", 1, 9, "passwd: files hexa [NOTFOUND=return]\n" },
	{ "passwd: files [NOTFOUND=continue NOTFOUND=return]\n", 1, 9,
	    "passwd: files [NOTFOUND=return NOTFOUND=continue]\n" },
	{ "initgroups: files sss\n", 1, 13, "initgroups: files [SUCCESS=continue] sss\n" },
	{ "initgroups: files [SUCCESS=return]\n", 1, 13, "initgroups: files\n" },
	{ "initgroups: files [NOTFOUND=return]\n", 1, 13, "initgroups: files [UNAVAIL=return]\n" },
	/* What glibc does not read either. */
	{ "passwd:\n", 1, 8, "passwd: files\n" },
	{ "passwd\n", 1, 7, "passwd: files\n" },
	{ "passwd: [NOTFOUND=return] files\n", 1, 9, "passwd: files [NOTFOUND=continue]\n" },
	{ "passwd: files [NOTFOUND=continue] [UNAVAIL=continue]\n", 1, 35,
	    "passwd: files [NOTFOUND=continue UNAVAIL=continue]\n" },
	{ "passwd: files [NOTFOUND=continue\n", 1, 33, "passwd: files [NOTFOUND=continue ]\n" },
	{ "passwd: files [NOTFOUND]\n", 1, 16, "passwd: files [NOTFOUND=merge]\n" },
	{ "passwd: files [NOTFOUND=]\n", 1, 16, "passwd: files [NOTFOUND=continue]\n" },
	{ "passwd: files [GONE=continue]\n", 1, 16, "passwd: files [UNAVAIL=continue]\n" },
	{ "passwd: files []\n", 1, 16, "passwd: files\n" },
	{ "passwd: 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3\n", 1, 73,
	    "passwd: 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2\n" },
};

static void
refuses(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct bytes out = { 0 };
		struct why why = { 0 };

		if (nsswitch_add(refused[i].text, strlen(refused[i].text), &out, &why) !=
		    FAULT_INVALID)
			fail_msg("taken: %s", refused[i].text);
		assert_int_equal(why.line, refused[i].line);
		assert_int_equal(why.column, refused[i].column);
		bytes_clear(&out);
		free(edited(nsswitch_add, refused[i].allowed));
	}
}

static void
refuses_nul(void **state)
{
	static const char text[] = "hosts: dns\nhosts\0: files\n";
	struct nsswitch_state found[NSSWITCH_MAPS];
	struct bytes out = { 0 };
	struct why why = { 0 };

	(void)state;
	assert_int_equal(nsswitch_add(text, sizeof(text) - 1, &out, &why), FAULT_INVALID);
	assert_int_equal(why.line, 2);
	assert_int_equal(nsswitch_look(text, sizeof(text) - 1, found, &why), FAULT_INVALID);
	assert_int_equal(nsswitch_look(text, 11, found, &why), FAULT_NONE);
	bytes_clear(&out);
}

/* Disabling must work on a line that enabling would refuse. */
static void
removes_where_it_would_not_add(void **state)
{
	(void)state;
	assert_edit(nsswitch_remove, "passwd: files [NOTFOUND=return] hexa\n",
	    "passwd: files [NOTFOUND=return]\n");
}

/* ---- looking ------------------------------------------------------------------------------- */

static const struct {
	const char *text;
	struct nsswitch_state state; /* of passwd */
} looks[] = {
	{ "", { 0 } },
	{ "group: files hexa\n", { 0 } },
	{ "passwd: files hexa\n", { true, true, false, false, true, true, true, true, 1 } },
	{ "\npasswd: files\n", { true, true, false, false, false, false, true, true, 2 } },
	{ "passwd: hexa files\n", { true, true, false, false, true, false, true, true, 1 } },
	{ "passwd: files [NOTFOUND=return] hexa\n",
	    { true, true, false, false, true, true, false, true, 1 } },
	{ "passwd: sss [UNAVAIL=return] compat hexa\n",
	    { true, true, false, true, true, true, true, false, 1 } },
	{ "passwd: files hexa [UNAVAIL=return]\n",
	    { true, true, false, false, true, true, true, true, 1 } },
	{ "passwd: sss hexa\n", { true, false, false, true, true, true, true, true, 1 } },
	{ "passwd: files hexa\npasswd: files\n",
	    { true, true, false, false, false, false, true, true, 2 } },
	{ "passwd: files\npasswd: files hexa\n",
	    { true, true, false, false, false, false, true, true, 1 } },
	{ "passwd: files systemd hexa\n", { true, true, true, false, true, true, true, true, 1 } },
	{ "passwd: files systemd\npasswd: ldap systemd-x\n",
	    { true, false, true, true, false, false, true, true, 1 } },
};

static void
looks_at_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(looks) / sizeof(looks[0]); i++) {
		struct nsswitch_state found[NSSWITCH_MAPS];
		const struct nsswitch_state *one = &found[NSSWITCH_PASSWD];
		const struct nsswitch_state *wanted = &looks[i].state;

		assert_int_equal(nsswitch_look(looks[i].text, strlen(looks[i].text), found, NULL),
		    FAULT_NONE);
		if (one->present != wanted->present || one->local != wanted->local ||
		    one->systemd != wanted->systemd || one->others != wanted->others ||
		    one->on != wanted->on ||
		    one->last != wanted->last || one->reached != wanted->reached ||
		    one->always != wanted->always || one->line != wanted->line)
			fail_msg("seen otherwise: %s", looks[i].text);
	}
}

static void
looks_at_initgroups(void **state)
{
	static const char cut_off[] = "initgroups: files hexa\n";
	static const char well[] = "initgroups: files [SUCCESS=continue] hexa\n";
	struct nsswitch_state found[NSSWITCH_MAPS];

	(void)state;
	assert_int_equal(nsswitch_look(cut_off, strlen(cut_off), found, NULL), FAULT_NONE);
	assert_true(found[NSSWITCH_INITGROUPS].last);
	assert_false(found[NSSWITCH_INITGROUPS].reached);
	assert_int_equal(nsswitch_look(well, strlen(well), found, NULL), FAULT_NONE);
	assert_true(found[NSSWITCH_INITGROUPS].reached);
	assert_false(found[NSSWITCH_PASSWD].present);
}

/*
 * Whatever the text: what is added is on and last, comes off again, and nothing else moved.  The
 * texts are random words of the grammar, so that many of them are read.
 */
static void
random_texts(void **state)
{
	static const char *const words[] = { "passwd", "group", "initgroups", "hosts", ":", " ",
		"\t", "\n", "\n", "#", "files", "hexa", "sss", "compat", "[", "]", "!", "SUCCESS",
		"NOTFOUND", "=", "return", "continue", "[SUCCESS=continue]", "[NOTFOUND=return]",
		"passwd: files", "group: files", " hexa", "\r" };
	uint32_t seed = 20;
	size_t taken = 0;

	(void)state;
	for (int round = 0; round < 30000; round++) {
		struct nsswitch_state found[NSSWITCH_MAPS];
		struct bytes text = { 0 }, added = { 0 }, again = { 0 }, off = { 0 }, plain = { 0 };

		for (int i = 0; i < 14; i++) {
			const char *word;

			seed = seed * 1664525 + 1013904223;
			word = words[(seed >> 8) % (sizeof(words) / sizeof(words[0]))];
			bytes_put(&text, word, strlen(word));
		}
		if (nsswitch_add((char *)text.data, text.size, &added, NULL) == FAULT_NONE) {
			taken++;
			assert_int_equal(nsswitch_add((char *)added.data, added.size, &again, NULL),
			    FAULT_NONE);
			if (again.size != added.size ||
			    memcmp(again.data, added.data, added.size) != 0)
				fail_msg("twice is not once: <%.*s> <%.*s> <%.*s>", (int)text.size,
				    (char *)text.data, (int)added.size, (char *)added.data,
				    (int)again.size, (char *)again.data);
			assert_int_equal(
			    nsswitch_look((char *)added.data, added.size, found, NULL), FAULT_NONE);
			for (int map = 0; map < NSSWITCH_MAPS; map++)
				if (found[map].present || map != NSSWITCH_INITGROUPS)
					assert_true(found[map].on && found[map].last &&
					    found[map].reached);
			assert_int_equal(nsswitch_remove((char *)added.data, added.size, &off, NULL),
			    FAULT_NONE);
			assert_int_equal(nsswitch_look((char *)off.data, off.size, found, NULL),
			    FAULT_NONE);
			for (int map = 0; map < NSSWITCH_MAPS; map++)
				assert_false(found[map].on);
			assert_int_equal(
			    nsswitch_remove((char *)text.data, text.size, &plain, NULL), FAULT_NONE);
		}
		bytes_clear(&text);
		bytes_clear(&added);
		bytes_clear(&again);
		bytes_clear(&off);
		bytes_clear(&plain);
	}
	assert_true(taken > 1000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(adds),
		cmocka_unit_test(removes_what_it_added),
		cmocka_unit_test(adds_missing_lines),
		cmocka_unit_test(refuses),
		cmocka_unit_test(refuses_nul),
		cmocka_unit_test(removes_where_it_would_not_add),
		cmocka_unit_test(looks_at_lines),
		cmocka_unit_test(looks_at_initgroups),
		cmocka_unit_test(random_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
