/*
 * document_write_test.c - the policy as YAML, written: its exact bytes,
     that they are read as the same
 * policy, and the same of whatever else is read.
 */
#include "tests/unit/document_fixture.h"

/* ---- what is written ---- */

static const char example_written[] =
    "hexa-policy: 1\n"
    "login: {phone: no, other-services: refuse}\n"
    "password: {min-length: 14, argon2: {memory: 128MiB}}\n"
    "lockout: {failures: 0}\n"
    "accounts: {uid-range: [65536-99999, 200000-300000]}\n"
    "permissions:\n"
    "  dossiers.view:\n"
    "    title: View dossiers\n"
    "  feeds.push:\n"
    "    services: [sshd]\n"
    "    types: [integration, system]\n"
    "  logs.read:\n"
    "    unix-groups: [adm, systemd-journal]\n"
    "  plain: {}\n"
    "  shell.login:\n"
    "    title: Log in with a shell\n"
    "    services: [sshd, login, su, su-l]\n"
    "  shell.sudo:\n"
    "    title: Run commands as root\n"
    "    services: [sudo, sudo-i]\n"
    "    unix-groups: [sudo]\n"
    "roles:\n"
    "  l20:\n"
    "    permissions: [plain]\n"
    "    ladder: desk\n"
    "    level: 20\n"
    "  l80:\n"
    "    permissions: [logs.read]\n"
    "    ladder: desk\n"
    "    level: 80\n"
    "  manager:\n"
    "    title: Manager\n"
    "    permissions: [hexa.users.*]\n"
    "    includes: [technician]\n"
    "    access-back: 365\n"
    "  nobody.yet:\n"
    "    group: no\n"
    "    disabled: yes\n"
    "  technician:\n"
    "    title: Technician\n"
    "    permissions: [shell.login, dossiers.view]\n"
    "    group: technicians\n"
    "constraints:\n"
    "- never-together: [manager, l80]\n"
    "tests:\n"
    "- role manager can log in via sshd\n"
    "- '+31612345678 cannot shell.sudo'\n";

static void
golden(void **state)
{
	struct document document;
	char *text;

	(void)state;
	read_good(example, &document);
	text = written(&document);
	assert_string_equal(text, example_written);
	free(text);
	comes_back(&document);
	document_clear(&document);
}

static void
golden_details(void **state)
{
	static const struct {
		const char *read;
		const char *written;
	} table[] = {
		{HEAD "roles: {system-administrator: {title: System Administrator, group: no}}\n",
		    HEAD "permissions: {}\nroles: {}\n"},
		{HEAD "roles: {system-administrator: {title: Boss, group: no}}\n",
		    HEAD "permissions: {}\nroles:\n  system-administrator:\n    title: Boss\n"
		    "    permissions: ['*']\n    group: no\n"},
		{HEAD "permissions: {p: {services: [a, b, c, d, e, f, g, h]}}\n",
		    HEAD "permissions:\n  p:\n    services: [a, b, c, d, e, f, g, h]\nroles: {}\n"},
		{HEAD "permissions: {p: {services: [i, b, c, d, e, f, g, h, a]}}\n",
		    HEAD "permissions:\n  p:\n    services:\n    - i\n    - b\n    - c\n    - d\n"
		    "    - e\n"
		    "    - f\n    - g\n    - h\n    - a\nroles: {}\n"},
		{HEAD "roles: {a: {title: one two three four five six seven eight nine ten eleven "
		    "twelve "
		    "thirteen fourteen fifteen sixteen}}\n",
		    HEAD "permissions: {}\nroles:\n  a:\n"
		    "    title: one two three four five six seven eight "
		    "nine ten eleven twelve thirteen fourteen fifteen sixteen\n"},
		{HEAD "tests: [bob can log in, 'uid:70000 cannot log in via sshd', +31612345678 "
		    "can  log in]\n"
		    "roles: {b: {}, a: {}, c: {}}\n"
		    "constraints: [{never-together: [c, a]}, {never-together: [b, c]}]\n",
		    HEAD "permissions: {}\nroles:\n  a: {}\n  b: {}\n  c: {}\nconstraints:\n"
		    "- never-together: [c, a]\n- never-together: [b, c]\ntests:\n- bob can log in\n"
		    "- uid:70000 cannot log in via sshd\n- '+31612345678 can  log in'\n"},
		{HEAD "permissions: {p: {types: [system, employee]}}\n",
		    HEAD "permissions:\n  p:\n    types: [system, employee]\nroles: {}\n"},
		{HEAD "roles: {b: {title: 'no'}, a: {title: '1'}, 'null': {title: x}}\n",
		    HEAD "permissions: {}\nroles:\n  a:\n    title: '1'\n  b:\n    title: 'no'\n"
		    "  'null':\n    title: x\n"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct document document;
		char *text;

		read_good(table[i].read, &document);
		text = written(&document);
		assert_string_equal(text, table[i].written);
		free(text);
		document_clear(&document);
	}
}

/* A setting that is not the default, for each row of the table. */
static const struct {
	const char *name;
	const char *value;
	const char *line;
} unusual[] = {
	{"login.email", "no", "login: {email: no}"},
	{"login.phone", "no", "login: {phone: no}"},
	{"login.other-services", "refuse", "login: {other-services: refuse}"},
	{"password.min-length", "128", "password: {min-length: 128}"},
	{"password.history", "0", "password: {history: 0}"},
	{"password.max-age", "31536000s", "password: {max-age: 365d}"},
	{"password.argon2.operations", "3", "password: {argon2: {operations: 3}}"},
	{"password.argon2.memory", "1GiB", "password: {argon2: {memory: 1GiB}}"},
	{"lockout.failures", "0", "lockout: {failures: 0}"},
	{"lockout.within", "90s", "lockout: {within: 90s}"},
	{"lockout.for", "60m", "lockout: {for: 1h}"},
	{"tokens.invite", "48h", "tokens: {invite: 2d}"},
	{"tokens.reset", "30m", "tokens: {reset: 30m}"},
	{"limits.users", "250", "limits: {users: 250}"},
	{"limits.users-per-client", "5", "limits: {users-per-client: 5}"},
	{"accounts.uid-range", "70000-80000", "accounts: {uid-range: [70000-80000]}"},
	{"accounts.home", "/srv/home/%u", "accounts: {home: /srv/home/%u}"},
	{"accounts.shell", "/bin/sh", "accounts: {shell: /bin/sh}"},
	{"directory.group-members", "0", "directory: {group-members: 0}"},
	{"password.warn", "72h", "password: {warn: 3d}"},
	{"lockout.scope", "everywhere", "lockout: {scope: everywhere}"},
	{"lockout.keys", "yes", "lockout: {keys: yes}"},
	{"mail.client-added", "yes", "mail: {client-added: yes}"},
	{"mail.from", "it@example.org", "mail: {from: it@example.org}"},
};

static void
each_setting_comes_back(void **state)
{
	(void)state;
	assert_int_equal(COUNT(unusual), settings_table.count);
	for (size_t i = 0; i < COUNT(unusual); i++) {
		const struct field *field = field_find(&settings_table, unusual[i].name);
		struct document document, again;
		char *expected, *text;

		read_good(HEAD, &document);
		assert_int_equal(field_parse(field, &document.rules.settings, unusual[i].value,
		    NULL),
		    FAULT_NONE);
		assert_true(asprintf(&expected, HEAD "%s\npermissions: {}\nroles: {}\n",
		    unusual[i].line) > 0);
		text = written(&document);
		assert_string_equal(text, expected);
		read_good(text, &again);
		assert_true(same(&document, &again));
		document_clear(&again);
		document_clear(&document);
		free(expected);
		free(text);
	}
}

/* All at once, whatever the order in which they were written; a default is not written. */
static void
all_settings_come_back(void **state)
{
	static const char yaml[] = HEAD
	    "directory: {group-members: 0}\n"
	    "accounts: {shell: /bin/sh, home: /srv/home/%u, uid-range: [1000-2000, 70000-80000]}\n"
	    "limits: {users-per-client: 5, users: 250}\n"
	    "tokens: {reset: 30m, invite: 72h}\n"
	    "lockout: {for: 1h, within: 90s, failures: 3}\n"
	    "password: {argon2: {memory: 1GiB, operations: 3}, max-age: 365d, history: 0}\n"
	    "login: {other-services: refuse, phone: no, email: yes}\n";
	static const char expected[] = HEAD
	    "login: {phone: no, other-services: refuse}\n"
	    "password: {history: 0, max-age: 365d, argon2: {operations: 3, memory: 1GiB}}\n"
	    "lockout: {failures: 3, within: 90s, for: 1h}\n"
	    "tokens: {reset: 30m}\n"
	    "limits: {users: 250, users-per-client: 5}\n"
	    "accounts: {uid-range: [1000-2000, 70000-80000], home: /srv/home/%u, shell: /bin/sh}\n"
	    "directory: {group-members: 0}\n"
	    "permissions: {}\nroles: {}\n";
	struct document document;
	char *text;

	(void)state;
	read_good(yaml, &document);
	text = written(&document);
	assert_string_equal(text, expected);
	free(text);
	comes_back(&document);
	document_clear(&document);
}

/* Titles of random plain characters. */
static void
any_title_comes_back(void **state)
{
	static const char *const parts[] = {"a", " ", "  ", ":", ": ", " #", "'", "\"", "\\", "-",
	    "- ", "\xc3\xa5",
		"\xe2\x82\xac", "\xf0\x9f\x98\x80", "[", "]", "{", "}", ",", "&", "*", "!", "|",
		    ">", "%", "@", "?",
		"~", "0", ".", "\xc2\xad", "\xef\xbb\xbf"};
	unsigned seed = 1;

	(void)state;
	for (unsigned round = 0; round < 1000; round++) {
		struct document document;
		char title[64] = "";
		char *text;

		for (unsigned i = 0; i < 1 + round % 12; i++) {
			seed = seed * 1103515245u + 12345u;
			strcat(title, parts[(seed >> 16) % COUNT(parts)]);
		}
		read_good(HEAD "roles: {a: {title: x}}", &document);
		free(document.roles.role[0].title);
		document.roles.role[0].title = strdup(title);
		text = written(&document);
		document_clear(&document);
		read_good(text, &document);
		assert_string_equal(document.roles.role[0].title, title);
		free(text);
		document_clear(&document);
	}
}

/* A scalar is the text that stands there, whatever else YAML makes of it. */
static void
a_scalar_is_its_text(void **state)
{
	static const char *const texts[] = {
		"no", "yes", "on", "Off", "true", "NULL", "~", "0x1f", "010", "1e3", ".inf",
		    "2026-11-21",
		"1:30", "=", "<<", "- a", "? a", "a: b", "a #b", "#a", "[a", "{a", "*a", "&a", "!a",
		    "|",
		">", "%a", "@a", "`a", "'", "\"", "\\n", "''", "\"\"", ",", " a", "a ", "a  b",
		    "---", "...",
		"Åsa", "😀", "\xef\xbb\xbf" "a", "\xc2\xa0", "y", "N", "a:", ":a", "-", "--- a",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct document document;
		struct document again;
		char *text;

		read_good(HEAD "roles: {'no': {title: x}}", &document);
		free(roles_find(&document.roles, "no")->title);
		roles_find(&document.roles, "no")->title = strdup(texts[i]);
		text = written(&document);
		read_good(text, &again);
		assert_string_equal(roles_find(&again.roles, "no")->title, texts[i]);
		assert_true(same(&document, &again));
		free(text);
		document_clear(&document);
		document_clear(&again);
	}
}

/* ---- damage ---- */

/* Whatever the bytes: a policy that is written as itself, or a refusal. */
static void
either(const char *yaml, size_t size)
{
	struct document document;
	struct why why = {0};
	enum fault fault = read_bytes(yaml, size, &document, &why);

	if (fault != FAULT_NONE) {
		assert_int_equal(fault, FAULT_INVALID);
		assert_true(why.text[0] != '\0');
		return;
	}
	comes_back(&document);
	document_clear(&document);
}

static void
a_cut_document(void **state)
{
	(void)state;
	for (size_t size = 0; size < sizeof(example); size++)
		either(example, size);
}

static void
a_changed_document(void **state)
{
	static const char changes[] = "\0\n\t \"'#&*!|>%@`[]{},:?-~.\x80\xff" "a1N";
	char yaml[sizeof(example)];

	(void)state;
	for (size_t at = 0; at < sizeof(example) - 1; at++) {
		/* Every fifth of all there are, and at each place others than at the one before. */
		for (size_t i = at % 5; i < sizeof(changes) - 1; i += 5) {
			memcpy(yaml, example, sizeof(yaml));
			yaml[at] = changes[i];
			either(yaml, sizeof(yaml) - 1);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(golden),
		cmocka_unit_test(golden_details),
		cmocka_unit_test(each_setting_comes_back),
		cmocka_unit_test(all_settings_come_back),
		cmocka_unit_test(any_title_comes_back),
		cmocka_unit_test(a_scalar_is_its_text),
		cmocka_unit_test(a_cut_document),
		cmocka_unit_test(a_changed_document),
	};

	return cmocka_run_group_tests_name("document written", tests, NULL, NULL);
}
