/*
 * text_test.c - what may stand in a field, as tables of what is taken and what is not.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <locale.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define X8(s)  s s s s s s s s
#define X32(s) X8(s) X8(s) X8(s) X8(s)

/* Every text is looked at in an allocation of its own size, so that a read past its end is seen. */
static bool
passes(bool (*check)(const char *), const char *text)
{
	char *copy = strdup(text);
	bool good;

	assert_non_null(copy);
	good = check(copy);
	free(copy);
	return good;
}

static void
all(bool (*check)(const char *), const char *const *texts, size_t count, bool expected)
{
	for (size_t i = 0; i < count; i++) {
		if (passes(check, texts[i]) != expected)
			fail_msg("'%s' should be %s", texts[i], expected ? "taken" : "refused");
	}
}

/*
 * What useradd(8) says of a login name (CAVEATS): [a-z_][a-z0-9_-]*[$]?, at most 32 bytes.  Refused
 * besides are a `$` at the end, which is a Windows machine's, and a name without a letter, which is
 * taken for a number or read over.
 */
enum strict { NO, YES, NOT_HERE };

static const struct {
	const char *name;
	enum strict strict;
} logins[] = {
	{"a", YES}, {"anna", YES}, {"anna2", YES}, {"anna-berg", YES}, {"anna_berg", YES},
	{"_apt", YES}, {"_a", YES}, {"__a", YES}, {"_-a", YES}, {"x-", YES}, {"a--b", YES},
	{"a-", YES}, {"a_", YES}, {"a1", YES}, {"a0x10", YES}, {"root", YES}, {"null", YES},
	{"uid", YES}, {"abcdefghijklmnopqrstuvwxyz012345", YES},
	{"_", NOT_HERE}, {"__", NOT_HERE}, {"_1", NOT_HERE}, {"_-", NOT_HERE}, {"a$", NOT_HERE},
	{"anna$", NOT_HERE}, {"_$", NOT_HERE},
	/* nothing, and what is an option */
	{"", NO}, {"-", NO}, {"--", NO}, {"-a", NO}, {"-rf", NO}, {"--help", NO}, {"-1", NO},
	/* what is a number, in whatever base */
	{"0", NO}, {"1000", NO}, {"007", NO}, {"0x10", NO}, {"1a", NO}, {"1e3", NO}, {"+1", NO},
	{"4294967295", NO},
	/* what is a folder, a home, a variable, a command */
	{".", NO}, {"..", NO}, {"...", NO}, {".a", NO}, {"a.b", NO}, {"a.", NO}, {"/", NO},
	{"a/b", NO}, {"../x", NO}, {"../../etc/passwd", NO}, {"~", NO}, {"~a", NO}, {"a~", NO},
	{"$", NO}, {"$a", NO}, {"a$b", NO}, {"a$$", NO}, {"$(id)", NO}, {";id;", NO}, {"`id`", NO},
	{"a|b", NO}, {"a&", NO}, {"a>b", NO}, {"*", NO}, {"a*", NO}, {"a?", NO}, {"[a]", NO},
	{"{a}", NO}, {"!a", NO}, {"#a", NO}, {"a\\b", NO}, {"a\"b", NO}, {"a'b", NO}, {"%s", NO},
	{"%sudo", NO}, {"@group", NO}, {"a@b", NO}, {"a+b", NO}, {"a=b", NO}, {"^a", NO},
	/* what breaks a line of passwd, of group, of a list */
	{"a:b", NO}, {"a,b", NO}, {"a b", NO}, {" a", NO}, {"a ", NO}, {" ", NO}, {"a\n", NO},
	{"\na", NO}, {"a\nb", NO}, {"a\r", NO}, {"a\tb", NO}, {"a:100000:65536\nb", NO},
	/* controls, and other letters than a-z */
	{"\x01", NO}, {"a\x7f", NO}, {"a\x1b[0m", NO}, {"\b\n\r\x7fINCORRECT", NO},
	{"a\xc2\x85", NO}, {"a\xe2\x80\xae", NO}, {"A", NO}, {"Anna", NO}, {"aNNA", NO},
	{"annA", NO}, {"\xc3\xa5sa", NO}, {"a\xcc\x81", NO}, {"\xd0\xb0nna", NO},
	{"\xe6\x9d\x8e", NO}, {"a\xc2\xad" "b", NO}, {"a\xff", NO}, {"a\x80", NO},
	/* too long */
	{"abcdefghijklmnopqrstuvwxyz0123456", NO}, {X32("aaaaaaaa"), NO},
};

static bool
is_strict(const regex_t *rule, const char *name)
{
	return strlen(name) <= LOGIN_NAME_BYTES && regexec(rule, name, 0, NULL, 0) == 0;
}

static void
login_names(void **state)
{
	regex_t rule;

	(void)state;
	assert_int_equal(regcomp(&rule, "^[a-z_][a-z0-9_-]*[$]?$", REG_EXTENDED | REG_NOSUB), 0);
	assert_true(COUNT(logins) > 100);
	for (size_t i = 0; i < COUNT(logins); i++) {
		if (is_strict(&rule, logins[i].name) != (logins[i].strict != NO))
			fail_msg("'%s' stands wrong in the table", logins[i].name);
		if (passes(text_is_login, logins[i].name) != (logins[i].strict == YES))
			fail_msg("'%s' should be %s", logins[i].name,
			    logins[i].strict == YES ? "taken" : "refused");
	}
	/* And each of one, two and, with a letter before, three bytes. */
	for (unsigned pair = 1; pair <= 0xffff; pair++) {
		char name[4] = {(char)(pair & 0xff), (char)(pair >> 8)};
		bool letter = strpbrk(name, "abcdefghijklmnopqrstuvwxyz") != NULL;
		bool machine = strchr(name, '$') != NULL;

		assert_int_equal(text_is_login(name),
		    is_strict(&rule, name) && letter && !machine);
		memmove(name + 1, name, 2);
		name[0] = 'x';
		assert_int_equal(text_is_login(name), is_strict(&rule, name) && !machine);
	}
	regfree(&rule);
}

/* What names a user is one of four things, and each is what the field of its kind takes. */
static void
user_arguments(void **state)
{
	static const char *const taken[] = {"anna", "uid:0", "uid:65536", "uid:4294967295",
	    "anna@example.org", "Anna@Example.ORG", "+31612345678", "uid"};
	static const char *const refused[] = {"", "Anna", "uid:", "uid:-1", "uid:x", "uid: 1",
	    "uid:01", "uid:4294967296", "UID:1", "65536", "anna@", "@example.org", "anna@example",
	    "+", "+0612345678", "0612345678", "an na", "*", "anna ", "anna,bob", "a\nb"};

	(void)state;
	all(text_is_user_argument, taken, COUNT(taken), true);
	all(text_is_user_argument, refused, COUNT(refused), false);
}

static const char *const words[] = {
	"shell", "shell.login", "hexa.users.view", "a.b.c.d.e", "l20-viewer", "_x._y",
	"abcdefghijklmnopqrstuvwxyz01234.abcdefghijklmnopqrstuvwxyz01234",
};

static const char *const no_words[] = {
	"", ".", "..", ".a", "a.", "a..b", "a.1", "1.a", "a.-b", "a.B", "*", "a.*", "a b", "a.b ",
	"a/b", "a:b", "a._", "null.~", "a\n.b",
	"abcdefghijklmnopqrstuvwxyz012345.abcdefghijklmnopqrstuvwxyz01234",
	X32("a.") "a",
};

static const char *const patterns[] = {
	"*", "shell.*", "hexa.users.*", "shell.login", "shell",
};

static const char *const no_patterns[] = {
	"", ".*", "**", "*.*", "*.login", "shell*", "shell.l*", "shell.*.login", "shell.**",
	"shell..*", "* ", "shell.* ", "1.*", ".", "a.",
	"abcdefghijklmnopqrstuvwxyz01234.abcdefghijklmnopqrstuvwxyz01234.*",
};

static void
dotted_names(void **state)
{
	(void)state;
	all(text_is_dotted, words, COUNT(words), true);
	all(text_is_pattern, words, COUNT(words), true);
	all(text_is_dotted, no_words, COUNT(no_words), false);
	all(text_is_pattern, patterns, COUNT(patterns), true);
	all(text_is_pattern, no_patterns, COUNT(no_patterns), false);
}

static const char *const services[] = {
	"sshd", "su-l", "sudo-i", "systemd-user", "lightdm_greeter", "vsftpd.virtual", "0", "_x",
	X8("abcdefgh"),
};

/* pam_start() lower-cases: a capital here would name a service that does not exist. */
static const char *const no_services[] = {
	"", ".", "..", ".sshd", "-sshd", "a/b", "../sshd", "sshd ", "ss hd", "SSHD", "Sshd",
	    "sshd\n",
	"sshd:", "sshd,su", "*", "\xc3\xa5", X8("abcdefgh") "i",
};

static void
service_names(void **state)
{
	(void)state;
	all(text_is_service, services, COUNT(services), true);
	all(text_is_service, no_services, COUNT(no_services), false);
}

/* Invisible and ill-formed text, each as a whole. */
static const char *const no_plain[] = {
	/* C0, DEL and C1: a terminal obeys them */
	"\x01", "\t", "\n", "\r", "\x1b[2J", "\x1f", "\x7f", "\xc2\x80", "\xc2\x85", "\xc2\x9b",
	    "\xc2\x9f",
	/* marks, embeddings, overrides, isolates */
	"\xd8\x9c", "\xe2\x80\x8e", "\xe2\x80\x8f", "\xe2\x80\xaa", "\xe2\x80\xab", "\xe2\x80\xac",
	"\xe2\x80\xad", "\xe2\x80\xae", "\xe2\x81\xa6", "\xe2\x81\xa7", "\xe2\x81\xa8",
	    "\xe2\x81\xa9",
	/* line and paragraph separators */
	"\xe2\x80\xa8", "\xe2\x80\xa9",
	/* noncharacters, at the end of the basic plane, of the first and of the last */
	"\xef\xb7\x90", "\xef\xb7\xaf", "\xef\xbf\xbe", "\xef\xbf\xbf", "\xf0\x9f\xbf\xbe",
	"\xf0\x9f\xbf\xbf", "\xf4\x8f\xbf\xbe", "\xf4\x8f\xbf\xbf",
	/* overlong forms of '/', NUL, U+07FF, U+FFFF */
	"\xc0\xaf", "\xc1\xbf", "\xc0\x80", "\xe0\x80\xaf", "\xe0\x9f\xbf", "\xf0\x80\x80\xaf",
	"\xf0\x8f\xbf\xbf",
	/* surrogates, one and a pair */
	"\xed\xa0\x80", "\xed\xbf\xbf", "\xed\xa0\xbd\xed\xb8\x80",
	/* beyond U+10FFFF, five and six bytes, bytes that never stand in UTF-8 */
	"\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xf8\x88\x80\x80\x80", "\xfc\x84\x80\x80\x80\x80",
	"\xfe", "\xff",
	/* a continuation alone, and characters cut off */
	"\x80", "\xbf", "\xc3", "\xe2\x82", "\xf0\x9f\x98", "\xc3(", "\xe2\x82(", "\xe2(\xac",
};

static const char *const plain[] = {
	"", " ", "Anna Berg", "~", "Åsa Öberg", "\xc2\xa0", "\xd8\x9b", "\xd8\x9d",
	"\xe2\x80\x8d", "\xe2\x80\x90", "\xe2\x80\xa7", "\xe2\x80\xaf", "\xe2\x81\xa5",
	    "\xe2\x81\xaa",
	"\xed\x9f\xbf", "\xee\x80\x80", "\xef\xb7\x8f", "\xef\xb7\xb0", "\xef\xbf\xbd",
	    "\xf0\x90\x80\x80",
	"\xf0\x9f\x98\x80", "\xf4\x8f\xbf\xbd", "\xe6\x97\xa5\xe6\x9c\xac", "a:b,c=d&e",
};

static bool
is_plain(const char *text)
{
	return text_is_plain(text, 64);
}

static bool
is_gecos(const char *text)
{
	return text_is_gecos(text, 64);
}

static void
plain_text(void **state)
{
	static const char *const no_gecos[] = {":", "a:b", ",", "=", "&", "a&", "a\n", "\xc2\x9b"};
	char middle[64];

	(void)state;
	all(is_plain, plain, COUNT(plain), true);
	all(is_plain, no_plain, COUNT(no_plain), false);
	for (size_t i = 0; i < COUNT(no_plain); i++) {
		snprintf(middle, sizeof(middle), "\xc3\xa5%s b", no_plain[i]);
		assert_false(is_plain(middle));
	}
	all(is_gecos, plain, COUNT(plain) - 1, true);
	all(is_gecos, no_gecos, COUNT(no_gecos), false);
}

static void
plain_text_has_a_limit_in_bytes(void **state)
{
	(void)state;
	assert_true(text_is_plain("abc", 3));
	assert_false(text_is_plain("abcd", 3));
	assert_true(text_is_plain("\xc3\xa5", 2));
	assert_false(text_is_plain("\xc3\xa5", 1));
	assert_true(text_is_plain("", 0));
	assert_false(text_is_plain("a", 0));
	assert_true(text_is_plain("a", SIZE_MAX));
}

/* Each code point, written and read; and each sequence of two bytes. */
static void
every_character(void **state)
{
	uint32_t code;

	(void)state;
	for (uint32_t wanted = 0; wanted <= 0x10ffff; wanted++) {
		char text[4] = {(char)(0xf0 | wanted >> 18), (char)(0x80 | (wanted >> 12 & 0x3f)),
			(char)(0x80 | (wanted >> 6 & 0x3f)), (char)(0x80 | (wanted & 0x3f))};
		size_t skip = wanted < 0x80 ? 3 : wanted < 0x800 ? 2 : wanted < 0x10000 ? 1 : 0;
		const char lead[] = {(char)text[0], (char)(0xe0 | wanted >> 12),
		    (char)(0xc0 | wanted >> 6),
			(char)wanted};
		size_t expected = wanted >= 0xd800 && wanted <= 0xdfff ? 0 : 4 - skip;

		text[skip] = lead[skip];
		assert_int_equal(text_character(text + skip, 4 - skip, &code), expected);
		if (expected > 0)
			assert_int_equal(code, wanted);
		assert_int_equal(text_character(text + skip, 3 - skip, &code), 0);
	}
	for (unsigned pair = 0; pair <= 0xffff; pair++) {
		char text[2] = {(char)(pair >> 8), (char)pair};
		bool two = pair >> 8 >= 0xc2 && pair >> 8 <= 0xdf && (pair & 0xc0) == 0x80;

		assert_int_equal(text_character(text, 2, &code), pair < 0x8000 ? 1 : two ? 2 : 0);
	}
}

static bool
is_path(const char *text)
{
	return text_is_path(text, 32);
}

static bool
is_unit(const char *text)
{
	return text_is_unit(text, 32);
}

static void
paths_and_units(void **state)
{
	static const char *const paths[] = {
		"/", "/home/anna", "/bin/bash", "/a/", "/a..b", "/..a", "/a..", "/...", "/.",
		    "/a b",
		"/\xc3\xa5", "/234567890123456789012345678901",
	};
	static const char *const no_paths[] = {
		"", "home", "./a", "../a", "~", "/..", "/../a", "/a/../b", "/a/..", "//", "/a//b",
		    "//a",
		"/a:b", "/a\n", "/a\x1b", "/\xc2\x9b", "/\xff", "/2345678901234567890123456789012x",
	};
	static const char *const units[] = {
		"/", "/sales", "/sales/north", "/2026/_a/b-c", "/234567890123456789012345678901",
	};
	static const char *const no_units[] = {
		"", "sales", "//", "/sales/", "/sales//north", "/Sales", "/-a", "/a/-b", "/a b",
		    "/a.b",
		"/..", "/a\n", "/a:b", "/\xc3\xa5", "/2345678901234567890123456789012x",
	};

	(void)state;
	all(is_path, paths, COUNT(paths), true);
	all(is_path, no_paths, COUNT(no_paths), false);
	all(is_unit, units, COUNT(units), true);
	all(is_unit, no_units, COUNT(no_units), false);
}

#define LOCAL64 X8("abcdefgh")
#define LABEL62 "abcdef" X8("abcdefg")
#define LABEL63 "abcdefg" X8("abcdefg")

static const char *const emails[] = {
	"anna@example.org", "a@b.cd", "Anna.Berg@Example.ORG", "anna+hexa@example.org",
	"!#$%&'*+-/=?^_`{|}~@example.org", "0@0.example", "a@a-b.c3", "a@xn--bcher-kva.example",
	LOCAL64 "@example.org", "a@" LABEL63 ".org",
	LOCAL64 "@" LABEL62 "." LABEL62 "." LABEL63, /* 254 bytes */
};

static const char *const no_emails[] = {
	"", "@", "a", "a@", "@a.b", "a@b", "a@.b", "a@b.", "a@b..c", "a@@b.c", "a@b@c.d", ".a@b.cd",
	"a.@b.cd", "a..b@c.de", "-a@b.cd", "-oProxyCommand=x@b.cd", "a b@c.de", "a@b c.de",
	    "a@-b.cd",
	"a@b-.cd", "a@b.-c", "a@b.c-", "a@b_c.de", "a@127.0.0.1", "a@[127.0.0.1]", "a@b.1c",
	"\"a b\"@c.de", "a(b)@c.de", "a,b@c.de", "a;b@c.de", "a:b@c.de", "a\\b@c.de", "<a@b.cd>",
	"a@b.cd\n", "a\n@b.cd", "a\r\nBcc:x@b.cd", "a@b.cd ", " a@b.cd", "a@b.cd,c@d.ef",
	"\xc3\xa5@b.cd", "a@b\xc3\xa5.cd", "a@b.cd\x7f", LOCAL64 "i@example.org",
	"a@" LABEL63 "h.org",
	LOCAL64 "@" LABEL62 "." LABEL63 "." LABEL63,
};

static const char *const phones[] = {
	"+1234567", "+31612345678", "+123456789012345",
};

static const char *const no_phones[] = {
	"", "+", "+123456", "+1234567890123456", "+0123456789", "31612345678", "0612345678",
	"0031612345678", "+31 612345678", "+31-612345678", "+31(0)612345678", "++31612345678",
	"+3161234567a", "+31612345678 ", " +31612345678", "+31612345678\n",
	    "+\xd9\xa3\xd9\xa1\xd9\xa6",
	"+316123456.8", "tel:+31612345678",
};

static void
emails_and_phones(void **state)
{
	char *lower = text_lower("Anna@EXAMPLE.org-\xc3\x85Z[@`{");

	(void)state;
	all(text_is_email, emails, COUNT(emails), true);
	all(text_is_email, no_emails, COUNT(no_emails), false);
	all(text_is_phone, phones, COUNT(phones), true);
	all(text_is_phone, no_phones, COUNT(no_phones), false);
	assert_string_equal(lower, "anna@example.org-\xc3\x85z[@`{");
	free(lower);
}

static const struct {
	const char *first;
	const char *last;
	const char *login; /* NULL: none can be made */
} made[] = {
	{"Åsa", "Öberg", "aoberg"},
	{"Anna", "Berg", "aberg"},
	{"Ærling", "Sørensen", "asorensen"},
	{"Jörg", "Weiß", "jweiss"},
	{"Jörg", "WEIẞ", "jweiss"},
	{"Þóra", "Æsdóttir", "taesdottir"},
	{"Đorđe", "Ćosić", "dcosic"},
	{"Łukasz", "Żółć", "lzolc"},
	{"Nguyễn", "Phượng", "nphuong"},
	{"Đặng", "Ưởng Ơn", "duongon"},
	{"Şebnem", "Işık", "sisik"},
	{"İpek", "Ağaoğlu", "iagaoglu"},
	{"Řehoř", "Dvořáčková-Šťastná", "rdvorackovastastna"},
	{"Ștefan", "Țurcanu", "sturcanu"},
	{"Éloïse", "L'Œuvre", "eloeuvre"},
	{"Sean", "O'Brien", "sobrien"},
	{"Ludwig", "van der Berg", "lvanderberg"},
	{"A\xcc\x8a" "sa", "O\xcc\x88" "berg", "aoberg"}, /* accents as characters of their own */
	{"Jean-Luc", "D\xe2\x80\x99" "Arc", "jdarc"}, /* an apostrophe as typesetters have it */
	{"Mary  Ann", " St. John-Smith ", "mstjohnsmith"},
	{"IJsbrand", "\xc4\xb3" "sselmuiden", "iijsselmuiden"}, /* a letter that is two */
	{"\xc7\x86" "epo", "\xc7\x89" "ubav", "dljubav"},
	{"Sa\xef\xac\x81" "ya", "\xef\xac\x82" "ood", "sood"}, /* type for fi and fl is no letter */
	{"\xc3\x86", "\xc5\x92", "aoe"},
	{"María José", "de la Cruz y García", "mdelacruzygarcia"},
	{"Ngũgĩ", "wa Thiong\xca\xbc" "o", "nwathiongo"},
	{"\xea\xb9\x80", "Kim", "kim"},
	{"R", "Oot", "root"}, /* that it is reserved is for the host to say */
	{"1Anna", "2Berg3", "aberg"},
	{"", "Berg", "berg"},
	{"Anna", "", "a"},
	{"\xe6\x97\xa5", "Berg", "berg"},
	{"Anna", "\xe6\x97\xa5\xe6\x9c\xac", "a"},
	{"A\n:", "B\nroot:x:0:0", "abrootx"},
	{"A\xff", "B\xc3", "ab"},
	{"Anna", "Abcdefghijklmnopqrstuvwxyzabcdef", "aabcdefghijklmnopqrstuvwxyza"},
	{"Anna", "Abcdefghijklmnopqrstuvwxyzß", "aabcdefghijklmnopqrstuvwxyzs"},
	{X8("Anna "), X32("Berg-"), "abergbergbergbergbergbergber"},
	{"", "", NULL},
	{"1", "2", NULL},
	{"\xe6\x97\xa5", "\xe6\x9c\xac", NULL},
	{"\xea\xb9\x80", "\xec\xb2\xa0\xec\x88\x98", NULL},
	{"\xd9\x85\xd8\xad\xd9\x85\xd8\xaf", "\xd8\xb9\xd9\x84\xd9\x8a", NULL},
	{"'", "-", NULL},
	{"\xd0\x90\xd0\xbd\xd0\xbd\xd0\xb0", "\xd0\x91\xd0\xb5\xd1\x80\xd0\xb3", NULL},
	{"×", "÷", NULL},
};

static void
made_logins(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(made); i++) {
		char *login = text_make_login(made[i].first, made[i].last);

		if (!made[i].login) {
			assert_null(login);
			continue;
		}
		assert_non_null(login);
		assert_string_equal(login, made[i].login);
		assert_true(text_is_login(login));
		assert_true(strlen(login) <= LOGIN_NAME_BYTES - MADE_LOGIN_SPARE);
		free(login);
	}
}

/* Whatever a name holds, what is made of it is a login name. */
static void
made_logins_are_logins(void **state)
{
	(void)state;
	for (uint32_t code = 1; code < 0x3000; code++) {
		char text[4] = {0};
		char *login;

		if (code < 0x80)
			text[0] = (char)code;
		else if (code < 0x800)
			text[0] = (char)(0xc0 | code >> 6), text[1] = (char)(0x80 | (code & 0x3f));
		else
			text[0] = (char)(0xe0 | code >> 12),
			    text[1] = (char)(0x80 | (code >> 6 & 0x3f)),
			text[2] = (char)(0x80 | (code & 0x3f));
		login = text_make_login(text, text);
		assert_true(login == NULL || text_is_login(login));
		free(login);
	}
}

/* -1: refused. */
static const struct {
	const char *text;
	int64_t start;
	int64_t end;
} times[] = {
	{"1970-01-01T00:00:01Z", 1, 1},
	{"1970-01-02", 86400, 172799},
	{"2000-02-29", 951782400, 951868799},
	{"2000-03-01", 951868800, 951955199},
	{"2024-02-29T12:00:00Z", 1709208000, 1709208000},
	{"2024-12-31T23:59:59Z", 1735689599, 1735689599},
	{"2026-11-21T09:30:00Z", 1795253400, 1795253400},
	{"2026-11-21t09:30:00z", 1795253400, 1795253400},
	{"2026-11-21T10:30:00+01:00", 1795253400, 1795253400},
	{"2026-11-21T00:00:00-09:30", 1795253400, 1795253400},
	{"2026-11-21T09:30:00-00:00", 1795253400, 1795253400},
	{"2026-11-21T09:30:00.999999999999Z", 1795253400, 1795253400},
	{"2038-01-19T03:14:08Z", INT64_C(2147483648), INT64_C(2147483648)},
	{"2100-03-01", INT64_C(4107542400), INT64_C(4107628799)},
	{"9999-12-31", INT64_C(253402214400), INT64_C(253402300799)},
	{"9999-12-31T23:59:59Z", INT64_C(253402300799), INT64_C(253402300799)},
	/* 0 is "no time" in every record: an end at that second would be no end at all */
	{"1970-01-01T00:00:00Z", -1, -1},
	{"1970-01-01", -1, 86399},
	{"1970-01-01T00:30:00+01:00", -1, -1},
	{"1969-12-31T23:59:59Z", -1, -1},
	{"1969-12-31", -1, -1},
	{"0000-01-01", -1, -1},
	{"9999-12-31T23:59:59-00:01", -1, -1},
	{"10000-01-01", -1, -1},
	{"2023-02-29", -1, -1},
	{"2100-02-29", -1, -1},
	{"2026-04-31", -1, -1},
	{"2026-00-01", -1, -1},
	{"2026-13-01", -1, -1},
	{"2026-01-00", -1, -1},
	{"2026-01-32", -1, -1},
	{"2026-11-21T24:00:00Z", -1, -1},
	{"2026-11-21T09:60:00Z", -1, -1},
	{"2016-12-31T23:59:60Z", -1, -1},
	{"2026-11-21T09:30:00", -1, -1},
	{"2026-11-21T09:30Z", -1, -1},
	{"2026-11-21T09:30:00.Z", -1, -1},
	{"2026-11-21T09:30:00,5Z", -1, -1},
	{"2026-11-21T09:30:00+1:00", -1, -1},
	{"2026-11-21T09:30:00+0100", -1, -1},
	{"2026-11-21T09:30:00+24:00", -1, -1},
	{"2026-11-21T09:30:00+01:60", -1, -1},
	{"2026-11-21T09:30:00Z ", -1, -1},
	{"2026-11-21T09:30:00Zx", -1, -1},
	{"2026-11-21 09:30:00Z", -1, -1},
	{"2026-11-21T", -1, -1},
	{"2026-11-21Z", -1, -1},
	{"2026-11-21+01:00", -1, -1},
	{" 2026-11-21", -1, -1},
	{"2026-11-21 ", -1, -1},
	{"2026-11", -1, -1},
	{"2026-1-1", -1, -1},
	{"20261121", -1, -1},
	{"26-11-21", -1, -1},
	{"-026-11-21", -1, -1},
	{"+2026-11-21", -1, -1},
	{"2026-+1-21", -1, -1},
	{"21.11.2026", -1, -1},
	{"tomorrow", -1, -1},
	{"now", -1, -1},
	{"0", -1, -1},
	{"@1", -1, -1},
	{"", -1, -1},
};

static void
times_from_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(times); i++) {
		char *text = strdup(times[i].text);
		int64_t start = -1;
		int64_t end = -1;

		assert_int_equal(text_to_time(text, &start), times[i].start >= 0);
		assert_int_equal(text_to_end_time(text, &end), times[i].end >= 0);
		if (start != times[i].start || end != times[i].end)
			fail_msg("%s became %lld and %lld", text, (long long)start, (long long)end);
		free(text);
	}
}

static void
times_to_text(void **state)
{
	static const struct {
		int64_t seconds;
		const char *text;
	} printed[] = {
		{0, "1970-01-01T00:00:00Z"},
		{1, "1970-01-01T00:00:01Z"},
		{86399, "1970-01-01T23:59:59Z"},
		{951782400, "2000-02-29T00:00:00Z"},
		{1735689599, "2024-12-31T23:59:59Z"},
		{INT64_C(253402300799), "9999-12-31T23:59:59Z"},
		{INT64_C(253402300800), "@253402300800"},
		{-1, "@-1"},
		{INT64_MAX, "@9223372036854775807"},
		{INT64_MIN, "@-9223372036854775808"},
	};
	char text[TIME_TEXT_BYTES];
	int64_t back;

	(void)state;
	for (size_t i = 0; i < COUNT(printed); i++) {
		text_from_time(printed[i].seconds, text);
		assert_string_equal(text, printed[i].text);
	}
	/* Each day from 1970 to 9999, at a time of day that moves. */
	for (int64_t day = 0; day <= 2932896; day++) {
		int64_t seconds = day * 86400 + (day * 7919 + 1) % 86400;

		text_from_time(seconds, text);
		if (!text_to_time(text, &back) || back != seconds)
			fail_msg("%lld became %s", (long long)seconds, text);
	}
}

/* A door may run in any locale and any time zone. */
static void
times_know_no_zone_and_no_locale(void **state)
{
	char text[TIME_TEXT_BYTES];
	int64_t seconds;

	(void)state;
	setenv("TZ", "Pacific/Kiritimati", 1);
	setlocale(LC_ALL, "tr_TR.UTF-8");
	assert_true(text_to_time("2026-06-21", &seconds));
	assert_int_equal(seconds, 1782000000);
	text_from_time(seconds, text);
	assert_string_equal(text, "2026-06-21T00:00:00Z");
	unsetenv("TZ");
	setlocale(LC_ALL, "C");
}

static void
numbers(void **state)
{
	static const struct {
		const char *text;
		uint64_t max;
		bool good;
		uint64_t number;
	} table[] = {
		{"0", 0, true, 0},
		{"7", 9, true, 7},
		{"250", 250, true, 250},
		{"251", 250, false, 0},
		{"1", 0, false, 0},
		{"10", 9, false, 0},
		{"4294967295", UINT32_MAX, true, UINT32_MAX},
		{"4294967296", UINT32_MAX, false, 0},
		{"18446744073709551615", UINT64_MAX, true, UINT64_MAX},
		{"18446744073709551616", UINT64_MAX, false, 0},
		{"99999999999999999999999", UINT64_MAX, false, 0},
		{"", 9, false, 0},
		{"00", 9, false, 0},
		{"01", 9, false, 0},
		{"-1", UINT64_MAX, false, 0},
		{"+1", 9, false, 0},
		{" 1", 9, false, 0},
		{"1 ", 9, false, 0},
		{"1\n", 9, false, 0},
		{"0x1", 99, false, 0},
		{"1e3", 9999, false, 0},
		{"1.0", 99, false, 0},
		{"1,000", 9999, false, 0},
		{"\xd9\xa1", 9, false, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		uint64_t number = 0;

		assert_int_equal(text_to_number(table[i].text, table[i].max, &number),
		    table[i].good);
		assert_int_equal(number, table[i].number);
	}
}

static void
durations_and_sizes(void **state)
{
	static const struct {
		bool (*read)(const char *text, uint64_t max, uint64_t *value);
		const char *text;
		uint64_t max;
		bool good;
		uint64_t value;
	} table[] = {
		{text_to_duration, "0s", 0, true, 0},
		{text_to_duration, "90s", 90, true, 90},
		{text_to_duration, "90s", 89, false, 0},
		{text_to_duration, "15m", 900, true, 900},
		{text_to_duration, "15m", 899, false, 0},
		{text_to_duration, "72h", UINT32_MAX, true, 259200},
		{text_to_duration, "365d", UINT32_MAX, true, 31536000},
		{text_to_duration, "49710d", UINT32_MAX, true, 4294944000},
		{text_to_duration, "49711d", UINT32_MAX, false, 0},
		{text_to_duration, "213503982334601d", UINT64_MAX, true,
		    UINT64_C(18446744073709526400)},
		{text_to_duration, "213503982334602d", UINT64_MAX, false, 0},
		{text_to_duration, "18446744073709551616s", UINT64_MAX, false, 0},
		{text_to_duration, "99999999999999999999999999999999999s", UINT64_MAX, false, 0},
		{text_to_duration, "", 9, false, 0},
		{text_to_duration, "15", 900, false, 0},
		{text_to_duration, "m", 900, false, 0},
		{text_to_duration, "015m", 900, false, 0},
		{text_to_duration, "15 m", 900, false, 0},
		{text_to_duration, " 15m", 900, false, 0},
		{text_to_duration, "15m ", 900, false, 0},
		{text_to_duration, "15min", 900, false, 0},
		{text_to_duration, "15M", 900, false, 0},
		{text_to_duration, "-15m", 900, false, 0},
		{text_to_duration, "1.5h", UINT32_MAX, false, 0},
		{text_to_duration, "1h30m", UINT32_MAX, false, 0},
		{text_to_duration, "2w", UINT32_MAX, true, 1209600},
		{text_to_duration, "2w", 1209599, false, 0},
		{text_to_duration, "1y", UINT32_MAX, false, 0},
		{text_to_duration, "64MiB", UINT64_MAX, false, 0},
		{text_to_size, "512KiB", UINT64_MAX, true, 524288},
		{text_to_size, "64MiB", UINT64_MAX, true, 67108864},
		{text_to_size, "1GiB", 1 << 30, true, 1 << 30},
		{text_to_size, "1GiB", (1 << 30) - 1, false, 0},
		{text_to_size, "17179869183GiB", UINT64_MAX, true, UINT64_C(18446744072635809792)},
		{text_to_size, "17179869184GiB", UINT64_MAX, false, 0},
		{text_to_size, "64MB", UINT64_MAX, false, 0},
		{text_to_size, "64mib", UINT64_MAX, false, 0},
		{text_to_size, "64M", UINT64_MAX, false, 0},
		{text_to_size, "64", UINT64_MAX, false, 0},
		{text_to_size, "64B", UINT64_MAX, false, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		uint64_t value = 0;

		if (table[i].read(table[i].text, table[i].max, &value) != table[i].good)
			fail_msg("%s", table[i].text);
		assert_int_equal(value, table[i].value);
	}
}

/* What is printed is read as the same, and cannot be said with a larger unit than days. */
static void
measures_go_round(void **state)
{
	static const struct {
		uint64_t value;
		const char *duration;
		const char *size;
	} table[] = {
		{1024, "1024s", "1KiB"}, {86400, "1d", "84KiB"}, {604800, "7d", "590KiB"}, {90000, "25h", "87KiB"},
		{5400, "90m", "5KiB"}, {61, "61s", "0KiB"}, {1 << 20, "1048576s", "1MiB"},
		{1536 << 10, "1572864s", "1536KiB"}, {1 << 30, "1073741824s", "1GiB"},
		{UINT64_MAX, "18446744073709551615s", "18014398509481983KiB"},
	};
	char text[MEASURE_TEXT_BYTES];
	uint64_t value;

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		text_from_duration(table[i].value, text);
		assert_string_equal(text, table[i].duration);
		assert_true(text_to_duration(text, UINT64_MAX, &value));
		assert_int_equal(value, table[i].value);
		text_from_size(table[i].value, text);
		assert_string_equal(text, table[i].size);
		assert_true(text_to_size(text, UINT64_MAX, &value));
		assert_int_equal(value, table[i].value / 1024 * 1024);
	}
}

static void
ranges(void **state)
{
	static const struct {
		const char *text;
		bool good;
		uint32_t first;
		uint32_t last;
	} table[] = {
		{"65536-99999", true, 65536, 99999},
		{"1000-1000", true, 1000, 1000},
		{"1000-2147483647", true, 1000, 2147483647},
		{"999-2000", false, 0, 0},
		{"2000-1999", false, 0, 0},
		{"1000-2147483648", false, 0, 0},
		{"1000-4294967296", false, 0, 0},
		{"99999999999999999999999999999999999-2000", false, 0, 0},
		{"1000", false, 0, 0},
		{"1000-", false, 0, 0},
		{"-2000", false, 0, 0},
		{"1000-2000-3000", false, 0, 0},
		{"1000 - 2000", false, 0, 0},
		{"01000-2000", false, 0, 0},
		{"1000..2000", false, 0, 0},
		{"", false, 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		uint32_t first = 0, last = 0;

		if (text_to_range(table[i].text, &first, &last) != table[i].good)
			fail_msg("%s", table[i].text);
		assert_int_equal(first, table[i].first);
		assert_int_equal(last, table[i].last);
	}
}

static void
homes(void **state)
{
	static const char *const good[] = {"/home/%u", "/srv/%u/home", "/%u", "/home/h-%u",
	    "/home/%u/%u"};
	static const char *const bad[] = {"/home", "/home/", "home/%u", "%u", "/home/%U", "/home/%",
	    "/home/%%u", "/home/%u%", "/home/%n", "/home/../%u", "//%u", "/home/%u:", "/home/%u\n",
	    ""};

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++)
		if (!text_is_home(good[i]))
			fail_msg("%s", good[i]);
	for (size_t i = 0; i < COUNT(bad); i++)
		if (text_is_home(bad[i]))
			fail_msg("%s", bad[i]);
}

static void
nearest(void **state)
{
	static const char *const keys[] = {"permissions", "roles", "title", "services",
	    "unix-groups"};
	static const struct {
		const char *word;
		const char *nearest;
	} table[] = {
		{"permission", "permissions"}, {"permisions", "permissions"}, {"role", "roles"},
		{"rolse", "roles"}, {"Title", "title"}, {"titel", "title"}, {"service", "services"},
		{"unix_groups", "unix-groups"}, {"unixgroup", "unix-groups"}, {"roles", "roles"},
		{"", NULL}, {"x", NULL}, {"zz", NULL}, {"constraints", NULL}, {"lockout", NULL},
		{X8("permissions"), NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		const char *found = text_nearest(table[i].word, keys, COUNT(keys));

		if (!table[i].nearest)
			assert_null(found);
		else
			assert_string_equal(found, table[i].nearest);
	}
	assert_null(text_nearest("roles", NULL, 0));
	/* Nothing of the word is left: that is another word, not a mistake. */
	assert_null(text_nearest("x", (const char *[]){"y"}, 1));
	assert_string_equal(text_nearest("xy", (const char *[]){"y"}, 1), "y");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(login_names),
		cmocka_unit_test(user_arguments),
		cmocka_unit_test(dotted_names),
		cmocka_unit_test(service_names),
		cmocka_unit_test(plain_text),
		cmocka_unit_test(plain_text_has_a_limit_in_bytes),
		cmocka_unit_test(every_character),
		cmocka_unit_test(paths_and_units),
		cmocka_unit_test(emails_and_phones),
		cmocka_unit_test(made_logins),
		cmocka_unit_test(made_logins_are_logins),
		cmocka_unit_test(times_from_text),
		cmocka_unit_test(times_to_text),
		cmocka_unit_test(times_know_no_zone_and_no_locale),
		cmocka_unit_test(numbers),
		cmocka_unit_test(durations_and_sizes),
		cmocka_unit_test(measures_go_round),
		cmocka_unit_test(ranges),
		cmocka_unit_test(homes),
		cmocka_unit_test(nearest),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
