/*
 * document_test.c - the policy as YAML, read: what is taken, and what is refused and where.
 */
#include "tests/unit/document_fixture.h"

#include "policy/document_place.h"

/* ---- what is taken ---- */

static void
a_policy_is_read(void **state)
{
	struct document document;
	const struct permission *login;
	const struct role *role;

	(void)state;
	read_good(example, &document);
	login = rules_find(&document.rules, "shell.login");
	assert_non_null(login);
	assert_string_equal(login->title, "Log in with a shell");
	assert_int_equal(login->services.count, 4);
	assert_string_equal(login->services.item[3], "su-l");
	assert_int_equal(login->unix_groups.count, 0);
	assert_string_equal(rules_find(&document.rules, "logs.read")->unix_groups.item[0], "adm");
	assert_non_null(rules_find(&document.rules, "hexa.users.edit"));

	assert_int_equal(document.roles.count, 6);
	role = roles_find(&document.roles, "technician");
	assert_string_equal(role_group(role), "technicians");
	assert_int_equal(role->closure.count, 2);
	role = roles_find(&document.roles, "manager");
	assert_string_equal(role_group(role), "manager");
	assert_true(names_have(&role->closure, "dossiers.view"));
	assert_true(names_have(&role->closure, "hexa.users.delete"));
	assert_false(names_have(&role->closure, "shell.sudo"));
	role = roles_find(&document.roles, "nobody.yet");
	assert_true(role->disabled);
	assert_null(role_group(role));
	assert_int_equal(role->closure.count, 0);
	role = roles_find(&document.roles, ROLE_SYSTEM_ADMINISTRATOR);
	assert_int_equal(role->closure.count, document.rules.count);
	document_clear(&document);
}

static void
the_rest_of_a_policy_is_read(void **state)
{
	struct document document;
	const struct permission *push;
	const struct role *role;

	(void)state;
	read_good(example, &document);
	push = rules_find(&document.rules, "feeds.push");
	assert_true(permission_works_for(push, USER_SYSTEM));
	assert_false(permission_works_for(push, USER_EMPLOYEE));
	assert_true(rules_name_service(&document.rules, "sudo-i"));
	assert_false(rules_name_service(&document.rules, "cron"));
	role = roles_find(&document.roles, "l80");
	assert_string_equal(role->ladder, "desk");
	assert_int_equal(role->level, 80);
	assert_true(names_have(&role->closure, "plain"));
	assert_int_equal(roles_find(&document.roles, "l20")->closure.count, 1);
	assert_int_equal(roles_find(&document.roles, "manager")->access_back, 365);

	assert_true(document.rules.settings.login_email);
	assert_false(document.rules.settings.login_phone);
	assert_int_equal(document.rules.settings.other_services, OTHER_REFUSE);
	assert_int_equal(document.rules.settings.password_min_length, 14);
	assert_int_equal(document.rules.settings.argon2_memory, 128 << 20);
	assert_int_equal(document.rules.settings.argon2_operations, 2);
	assert_int_equal(document.rules.settings.lockout_failures, 0);
	assert_string_equal(document.rules.settings.uid_ranges.item[1], "200000-300000");

	assert_int_equal(document.constraint_count, 1);
	assert_string_equal(document.constraint[0].never_together.item[0], "manager");
	assert_string_equal(document.constraint[0].never_together.item[1], "l80");
	assert_int_equal(document.tests.count, 2);
	assert_string_equal(document.tests.item[1], "+31612345678 cannot shell.sudo");
	document_clear(&document);
}

/* An empty policy gives nobody anything; the system administrator stays. */
static void
an_empty_policy_gives_nothing(void **state)
{
	static const char *const empty[] = {
		HEAD, HEAD "roles: {}\n", HEAD "permissions: {}\nroles: {}", "{hexa-policy: 1}",
		"---\nhexa-policy: '1'\n...\n", "hexa-policy: 1\r\nroles: {}\r\n",
		HEAD "constraints: []\ntests: []\n",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(empty); i++) {
		struct document document;
		char *text;

		read_good(empty[i], &document);
		assert_int_equal(document.roles.count, 1);
		for (size_t j = 0; j < document.rules.count; j++)
			assert_true(rules_is_builtin(document.rules.permission[j].name));
		text = written(&document);
		assert_string_equal(text, HEAD "permissions: {}\nroles: {}\n");
		free(text);
		document_clear(&document);
	}
}

static void
names_are_texts_too(void **state)
{
	static const char yaml[] =
	    HEAD "permissions: {'no': {}, \"yes\": {services: [0, 'null', 010]}}\n"
	    "roles: {'on': {permissions: ['no'], group: 'y'}, "
	    "'off': {includes: ['on'], group: 'null'}, 'y': {group: no}}\n"
	    "constraints: [{never-together: ['on', 'y']}]\n"
	    "tests: [role on can no]\n";
	struct document document;

	(void)state;
	read_good(yaml, &document);
	assert_string_equal(rules_find(&document.rules, "yes")->services.item[2], "010");
	assert_string_equal(roles_find(&document.roles, "off")->closure.item[0], "no");
	assert_string_equal(role_group(roles_find(&document.roles, "off")), "null");
	comes_back(&document);
	document_clear(&document);
}

/* What a policy says nothing of is as settings_default() has it. */
static void
settings_have_defaults(void **state)
{
	struct settings usual = {0};
	struct document document;

	(void)state;
	assert_int_equal(settings_default(&usual, NULL), FAULT_NONE);
	read_good(HEAD, &document);
	assert_true(record_same(&settings_table, &usual, &document.rules.settings));
	document_clear(&document);
	read_good(HEAD "login: {email: no}", &document);
	assert_false(document.rules.settings.login_email);
	assert_true(document.rules.settings.login_phone);
	document_clear(&document);
	settings_clear(&usual);
}

/* ---- nothing is never everyone ---- */

/* However little a policy says, nobody comes in by it. */
static void
nothing_lets_nobody_in(void **state)
{
	static const char *const little[] = {
		HEAD "roles: {a: {}}\n",
		HEAD "roles: {a: {permissions: []}}\n",
		HEAD "roles: {a: {permissions: [], includes: []}}\n",
		HEAD "permissions: {p: {}}\nroles: {a: {permissions: []}}\n",
		HEAD "permissions: {p: {services: [sshd]}}\n"
		    "roles: {a: {}, b: {permissions: [p]}}\n",
		HEAD "permissions: {p: {types: [client]}}\nroles: {a: {permissions: [p]}}\n",
		HEAD "permissions: {p: {}}\nroles: {a: {permissions: [p], disabled: yes}}\n",
	};
	static const char enough[] = HEAD "permissions: {p: {}}\nroles: {a: {permissions: [p]}}\n";
	struct test test;

	(void)state;
	assert_int_equal(test_parse("role a can log in", &test, NULL), FAULT_NONE);
	for (size_t i = 0; i <= COUNT(little); i++) {
		struct document document;
		struct decision decision;
		bool passed;

		read_good(i < COUNT(little) ? little[i] : enough, &document);
		assert_int_equal(test_run_role(&test, &document, 1, &passed, &decision, NULL),
		    FAULT_NONE);
		assert_int_equal(passed, i == COUNT(little));
		document_clear(&document);
	}
	test_clear(&test);
}

/* ---- what is refused: where, what is said, and the nearest thing that is taken ---- */

struct refusal {
	const char *yaml;
	unsigned line;
	unsigned column;
	const char *says;
	const char *twin; /* NULL: it has none of its own */
};

#define PERMISSIONS HEAD "permissions:\n  p: {}\n"

static const struct refusal structure[] = {
	{"", 1, 1, "begins with `hexa-policy: 1`", HEAD},
	{"# nothing\n", 2, 1, "begins with `hexa-policy: 1`", "# something\n" HEAD},
	{"~", 1, 1, "begins with", HEAD},
	{"hexa-policy", 1, 1, "begins with", HEAD},
	{"- hexa-policy: 1", 1, 1, "begins with", HEAD},
	{"roles: {}\n", 1, 1, "needs the key hexa-policy", HEAD "roles: {}\n"},
	{"hexa-policy: 2\nfuture: x\n", 1, 14, "reads version 1", HEAD},
	{"hexa-policy: 01\n", 1, 14, "reads version 1", HEAD},
	{"hexa-policy: 1.0\n", 1, 14, "reads version 1", HEAD},
	{"hexa-policy:\n", 1, 13, "nothing stands here", HEAD},
	{"hexa-policy: [1]\n", 1, 14, "expected a text", HEAD},
	{HEAD HEAD, 2, 1, "the key hexa-policy stands here a second time", HEAD},
	{HEAD "role: {}\n", 2, 1, "no key role; did you mean roles", HEAD "roles: {}\n"},
	{HEAD "logn: {}\n", 2, 1, "a policy has no key logn; did you mean login",
	    HEAD "login: {phone: no}\n"},
	{HEAD "users: {}\n", 2, 1, "a policy has no key users", NULL},
	{HEAD "? [roles]\n: {}\n", 2, 3, "expected a key of a policy", HEAD "? roles\n: {}\n"},
	{HEAD "~: {}\n", 2, 1, "expected a key of a policy", NULL},
	{HEAD "<<: {}\n", 2, 1, "no key <<", NULL},
	{HEAD "roles:\n", 2, 7, "roles: nothing stands here", HEAD "roles: {}\n"},
	{HEAD "roles: ~\n", 2, 8, "roles: nothing stands here", NULL},
	{HEAD "roles: null\n", 2, 8, "roles: nothing stands here", NULL},
	{HEAD "roles: []\n", 2, 8, "roles: expected keys", NULL},
	{HEAD "roles: x\n", 2, 8, "roles: expected keys", NULL},
	{HEAD "permissions:\nroles: {}\n", 2, 13, "permissions: nothing stands here",
	    HEAD "permissions: {}\nroles: {}\n"},
	{HEAD "permissions: {}\nroles: {}\npermissions: {}\n", 4, 1,
	    "the key permissions stands here a second time", NULL},
};

static const struct refusal yaml_itself[] = {
	{HEAD "roles: &a {}\n", 2, 8, "anchors (&a) are not taken: write out what is meant",
	    HEAD "roles: {}\n"},
	{HEAD "roles: {a: {title: &t x}}\n", 2, 20, "anchors (&t)",
	    HEAD "roles: {a: {title: x}}\n"},
	{HEAD "roles: {a: {permissions: &p []}}\n", 2, 26, "anchors (&p)", NULL},
	{HEAD "roles: *a\n", 2, 8, "aliases (*a) are not taken: write out what is meant", NULL},
	{HEAD "roles: {*a : {}}\n", 2, 9, "aliases (*a)", NULL},
	{"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n" HEAD, 1, 1, "no key a", NULL},
	{HEAD "roles: !!map {}\n", 2, 8, "tags (tag:yaml.org,2002:map) are not taken: leave it out",
	    NULL},
	{HEAD "roles: ! {}\n", 2, 8, "tags (!)", NULL},
	{HEAD "roles: {a: {title: !!str x}}\n", 2, 20, "tags", NULL},
	{HEAD "roles: {a: {title: !x y}}\n", 2, 20, "tags (!x)", NULL},
	{HEAD "roles: {a: {permissions: !!seq []}}\n", 2, 26, "tags", NULL},
	{"%YAML 1.1\n---\n" HEAD, 1, 1,
	    "directives (%YAML, %TAG) are not taken: leave the line out",
	    "---\n" HEAD},
	{"%TAG ! tag:x,2026:\n---\n" HEAD, 1, 1, "directives", NULL},
	{HEAD "---\n" HEAD, 2, 1, "a second document begins here; this takes one", HEAD "...\n"},
	{HEAD "...\n---\n", 3, 1, "a second document", NULL},
	{HEAD "...\nroles: {}\n", 3, 1, "the policy has ended above: indent this as the first",
	    NULL},
	{"  hexa-policy: 1\n" "roles: {}\n", 2, 1, "the policy has ended above",
	    "  hexa-policy: 1\n  roles: {}\n"},
	{HEAD "roles: {a: {}\n", 3, 1,
	    "does not fit into the map that begins at line 2: expected `,` or `}`",
	    HEAD "roles: {a: {}}\n"},
	{HEAD "roles:\n\ta: {}\n", 3, 1, "a tab stands here: YAML is indented with spaces",
	    HEAD "roles:\n a: {}\n"},
	{HEAD "roles:\n  a:\n  \ttitle: x\n", 4, 3, "a tab stands here",
	    HEAD "roles:\n  a:\n    title:\tx\n"},
	{HEAD "roles: {a: {title: 'x}}\n", 2, 20, "the quote that begins here is never closed",
	    HEAD "roles: {a: {title: 'x'}}\n"},
	{HEAD "roles: {a: {title: x: y}}\n", 2, 21, "a text with `: ` in it needs quotes",
	    HEAD "roles: {a: {title: 'x: y'}}\n"},
	{HEAD "roles:\n  a:\n    title: x: y\n", 4, 13, "a `: ` cannot stand here",
	    HEAD "roles:\n  a:\n    title: 'x: y'\n"},
	{HEAD "roles:\n  a:\n    title: 'x\n    group: 'g'\n", 5, 13,
	    "the map that begins at line 4: expected the end of the line; is a quote missing",
	    HEAD "roles:\n  a:\n    title: 'x'\n    group: 'g'\n"},
	{HEAD "roles\n", 2, 1, "a key stands here without its `: ` and value", NULL},
	{PERMISSIONS "roles: {a: {permissions: [p}}\n", 4, 28,
	    "does not fit into the list that begins at line 4: expected `,` or `]`",
	    PERMISSIONS "roles: {a: {permissions: [p]}}\n"},
	{PERMISSIONS "roles: {a: {permissions: [*]}}\n", 4, 28,
	    "a text that begins with * or & needs quotes",
	    PERMISSIONS "roles: {a: {permissions: ['*']}}\n"},
	{HEAD "roles: {a: {}}\ntests:\n  - role a cannot log in\n  x: y\n", 5, 3,
	    "the list that begins at line 4: expected another `- `, indented as its first",
	    HEAD "roles: {a: {}}\ntests:\n  - role a cannot log in\n"},
	{HEAD "roles: {a: {}}\ntests: - role a cannot log in\n", 3, 8,
	    "a `- ` cannot stand here", NULL},
	{HEAD "roles: {a: {title: x, , group: g}}\n", 2, 23, "a value is missing here", NULL},
	{HEAD "roles: {a: {title: @x}}\n", 2, 20, "this character needs quotes",
	    HEAD "roles: {a: {title: '@x'}}\n"},
	{HEAD "roles: {a: {title: \"\\q\"}}\n", 2, 21, "there is no such escape",
	    HEAD "roles: {a: {title: \"\\\\q\"}}\n"},
	{HEAD "roles:\n a: {}\n  b: {}\n", 4, 3,
	    "the map that begins at line 3: expected another key, indented as its first",
	    HEAD "roles:\n a: {}\n b: {}\n"},
	/* columns are bytes: an editor that counts so finds the second \xc3\xa5 */
	{HEAD "roles: {a: {title: \xc3\xa5\xc3\xa5, titel: x}}\n", 2, 26, "did you mean title",
	    HEAD "roles: {a: {title: \xc3\xa5\xc3\xa5}}\n"},
};

static const struct refusal bytes[] = {
	{"\xef\xbb\xbf" HEAD, 1, 1,
	    "a byte-order mark stands here: save the text as UTF-8 without one",
	    HEAD},
	{HEAD "roles: {a: {title: \xff}}\n", 2, 20, "not UTF-8: save the text as UTF-8",
	    HEAD "roles: {a: {title: \xc3\xbf}}\n"},
	{HEAD "# \xc3\xa5\xc3(\n", 2, 5, "not UTF-8", HEAD "# \xc3\xa5\xc3\xa5(\n"},
	{HEAD "# \xed\xa0\x80\n", 2, 3, "not UTF-8", NULL},
	{HEAD "# \xc0\xaf\n", 2, 3, "not UTF-8", NULL},
	{"\xff\xfeh\n", 1, 1, "not UTF-8", NULL},
	{HEAD "# \x1b[2J\n", 2, 3, "U+001B", HEAD "# [2J\n"},
	{HEAD "# \x7f\n", 2, 3, "U+007F", NULL},
	{HEAD "# \xc2\x9b\n", 2, 3, "U+009B", NULL},
	{HEAD "# \xc2\x85\n", 2, 3, "U+0085", NULL},
	{HEAD "# \xe2\x80\xa8\n", 2, 3, "U+2028", NULL},
	{HEAD "# \xe2\x80\xae\n", 2, 3, "U+202E", NULL},
	{HEAD "#\r#\n", 2, 2, "U+000D", HEAD "#\r\n#\n"},
	{HEAD "roles: {a: {title: \"a\\0b\"}}\n", 2, 20, "cannot stand in a text", NULL},
	{HEAD "roles: {a: {title: \"a\\nb\"}}\n", 2, 20, "cannot stand in a text", NULL},
	{HEAD "roles: {a: {title: \"a\\tb\"}}\n", 2, 20, "cannot stand in a text", NULL},
	{HEAD "roles: {a: {title: \"a\\eb\"}}\n", 2, 20, "cannot stand in a text", NULL},
	{HEAD "roles: {a: {title: \"a\\u202eb\"}}\n", 2, 20, "cannot stand in a text",
	    HEAD "roles: {a: {title: \"a\\u00e5b\"}}\n"},
	{HEAD "roles: {a: {title: \"a\\N\"}}\n", 2, 20, "cannot stand in a text", NULL},
	{HEAD "roles:\n  a:\n    title: |\n      x\n", 4, 12, "cannot stand in a text",
	    HEAD "roles:\n  a:\n    title: |-\n      x\n"},
	{HEAD "roles: {\"a\\0\": {}}\n", 2, 9, "cannot stand in a text", NULL},
};

static const struct refusal permissions[] = {
	{HEAD "permissions: {P: {}}\n", 2, 15, "name: expected a name",
	    HEAD "permissions: {p: {}}\n"},
	{HEAD "permissions: {a..b: {}}\n", 2, 15, "name: expected a name",
	    HEAD "permissions: {a.b: {}}\n"},
	{HEAD "permissions: {'*': {}}\n", 2, 15, "name: expected a name", NULL},
	{HEAD "permissions: {a.*: {}}\n", 2, 15, "name: expected a name", NULL},
	{HEAD "permissions: {'': {}}\n", 2, 15, "an empty text says nothing", NULL},
	{HEAD "permissions: {~: {}}\n", 2, 15, "expected the name of a permission", NULL},
	{HEAD "permissions: {[a]: {}}\n", 2, 15, "expected the name of a permission", NULL},
	{HEAD "permissions: {p: }\n", 2, 18, "a permission: nothing stands here",
	    HEAD "permissions: {p: {}}\n"},
	{HEAD "permissions: {p: null}\n", 2, 18, "a permission: nothing stands here", NULL},
	{HEAD "permissions: {p: [a]}\n", 2, 18, "a permission: expected keys", NULL},
	{HEAD "permissions: {p: {}, q: {}, p: {}}\n", 2, 29,
	    "permission p stands here a second time",
	    HEAD "permissions: {p: {}, q: {}, r: {}}\n"},
	{HEAD "permissions: {p: {service: [sshd]}}\n", 2, 19, "did you mean services",
	    HEAD "permissions: {p: {services: [sshd]}}\n"},
	{HEAD "permissions: {p: {title: a, title: b}}\n", 2, 29, "title stands here a second time",
	    HEAD "permissions: {p: {title: a}}\n"},
	{HEAD "permissions: {p: {services: }}\n", 2, 29, "services: nothing stands here", NULL},
	{HEAD "permissions: {p: {services: ~}}\n", 2, 29, "services: nothing stands here", NULL},
	{HEAD "permissions: {p: {services: []}}\n", 2, 29, "services: an empty list", NULL},
	{HEAD "permissions: {p: {services: sshd}}\n", 2, 29, "services: expected a list", NULL},
	{HEAD "permissions: {p: {services: {sshd: x}}}\n", 2, 29, "services: expected a list",
	    NULL},
	{HEAD "permissions: {p: {services: [~]}}\n", 2, 30, "services: nothing stands here",
	    HEAD "permissions: {p: {services: ['null']}}\n"},
	{HEAD "permissions:\n  p:\n    services:\n    - sshd\n    -\n", 6, 6,
	    "services: nothing stands here",
	    HEAD "permissions:\n  p:\n    services:\n    - sshd\n"},
	{HEAD "permissions: {p: {services: [[sshd]]}}\n", 2, 30, "services: expected a text", NULL},
	{HEAD "permissions: {p: {services: [sshd, sshd]}}\n", 2, 36, "sshd is there already",
	    HEAD "permissions: {p: {services: [sshd, su]}}\n"},
	{HEAD "permissions: {p: {services: [SSHD]}}\n", 2, 30, "services: expected PAM services",
	    NULL},
	{HEAD "permissions: {p: {services: [../x]}}\n", 2, 30, "services: expected PAM services",
	    NULL},
	{HEAD "permissions: {p: {services: [-x]}}\n", 2, 30, "services: expected PAM services",
	    NULL},
	{HEAD "permissions: {p: {services: ['']}}\n", 2, 30, "services: expected PAM services",
	    NULL},
	{HEAD "permissions: {p: {unix-groups: []}}\n", 2, 32, "unix-groups: an empty list", NULL},
	{HEAD "permissions: {p: {unix-groups: [Adm]}}\n", 2, 33, "unix-groups: expected a name",
	    HEAD "permissions: {p: {unix-groups: [adm]}}\n"},
	{HEAD "permissions: {p: {unix-groups: [a.b]}}\n", 2, 33, "unix-groups: expected a name",
	    NULL},
	{HEAD "permissions: {p: {title: }}\n", 2, 26, "title: nothing stands here", NULL},
	{HEAD "permissions: {p: {title: ''}}\n", 2, 26, "an empty text says nothing", NULL},
	{HEAD "permissions: {p: {title: [a]}}\n", 2, 26, "title: expected a text", NULL},
	{HEAD "permissions: {p: {types: []}}\n", 2, 26, "types: an empty list",
	    HEAD "permissions: {p: {}}\n"},
	{HEAD "permissions: {p: {types: ~}}\n", 2, 26, "types: nothing stands here", NULL},
	{HEAD "permissions: {p: {types: [clients]}}\n", 2, 27,
	    "types: expected some of employee client system integration; did you mean client",
	    HEAD "permissions: {p: {types: [client]}}\n"},
	{HEAD "permissions: {p: {types: [client, client]}}\n", 2, 35, "client is there already",
	    HEAD "permissions: {p: {types: [client, system]}}\n"},
	{HEAD "permissions: {p: {types: ['*']}}\n", 2, 27, "types: expected some of employee",
	    NULL},
	{HEAD "permissions: {p: {type: [client]}}\n", 2, 19, "did you mean types", NULL},
	{HEAD "permissions: {hexa.users.view: {services: [sshd]}}\n", 2, 15, "built in", NULL},
	{HEAD "permissions: {hexa.more: {}}\n", 2, 15, "built in",
	    HEAD "permissions: {hexag.more: {}}\n"},
	{HEAD "permissions: {hexa: {}}\n", 2, 15, "built in", NULL},
};

static const struct refusal roles[] = {
	{HEAD "roles: {A: {}}\n", 2, 9, "name: expected a name", HEAD "roles: {a: {}}\n"},
	{HEAD "roles: {a: }\n", 2, 12, "a role: nothing stands here", NULL},
	{HEAD "roles: {a: {}, a: {}}\n", 2, 16, "role a stands here a second time",
	    HEAD "roles: {a: {}, b: {}}\n"},
	{HEAD "roles:\n  b: {}\n  a: {title: b}\n  c: {}\n  b: {}\n", 6, 3,
	    "role b stands here a second time", NULL},
	{HEAD "roles: {a: {permission: [p]}}\n", 2, 13, "did you mean permissions", NULL},
	{HEAD "roles: {a: {gid: 70000}}\n", 2, 13, "a role has no key gid", NULL},
	{HEAD "roles: {a: {uuid: x}}\n", 2, 13, "a role has no key uuid", NULL},
	{HEAD "roles: {a: {closure: ['*']}}\n", 2, 13, "a role has no key closure", NULL},
	{HEAD "roles: {a: {permissions: }}\n", 2, 26, "permissions: nothing stands here",
	    HEAD "roles: {a: {permissions: []}}\n"},
	{HEAD "roles: {a: {permissions: null}}\n", 2, 26, "permissions: nothing stands here", NULL},
	{HEAD "roles: {a: {permissions: '*'}}\n", 2, 26, "permissions: expected a list", NULL},
	{PERMISSIONS "roles: {a: {permissions: [p, p]}}\n", 4, 30, "p is there already",
	    PERMISSIONS "roles: {a: {permissions: [p]}}\n"},
	{PERMISSIONS "roles: {a: {permissions: [P]}}\n", 4, 27, "permissions: expected a permission",
	    NULL},
	{PERMISSIONS "roles: {a: {permissions: [q.r.s]}}\n", 4, 27, "q.r.s, which is no permission",
	    NULL},
	{PERMISSIONS "roles: {a: {title: q, permissions: [p, q]}}\n", 4, 40,
	    "q, which is no permission",
	    NULL},
	{PERMISSIONS "roles: {q: {}, a: {permissions: [p, hexa.user.view]}}\n", 4, 37,
	    "did you mean hexa.users.view",
	    PERMISSIONS "roles: {a: {permissions: [hexa.users.view]}}\n"},
	{PERMISSIONS "roles: {a: {permissions: [hexa.user.*]}}\n", 4, 27,
	    "hexa.user.*, which is no permission; did you mean hexa.users.*",
	    PERMISSIONS "roles: {a: {permissions: [hexa.users.*]}}\n"},
	{PERMISSIONS "roles: {a: {permissions: [p.*]}}\n", 4, 27, "p.*, which is no permission",
	    HEAD "permissions: {p.q: {}}\nroles: {a: {permissions: [p.*]}}\n"},
	{HEAD "roles: {a: {includes: ~}}\n", 2, 23, "includes: nothing stands here",
	    HEAD "roles: {a: {includes: []}}\n"},
	{HEAD "roles:\n  a: {}\n  technician: {}\n  z: {includes: [a, techician]}\n", 5, 21,
	    "did you mean technician",
	    HEAD "roles:\n  a: {}\n  technician: {}\n  z: {includes: [a, technician]}\n"},
	{HEAD "roles: {a: {includes: [a]}}\n", 2, 24, "in a circle: a, a", NULL},
	{HEAD "roles:\n  a: {includes: [b]}\n  b: {includes: [d, c]}\n  c: {includes: [b]}\n"
	    "  d: {}\n",
	    5, 18, "in a circle: b, c, b",
	    HEAD "roles:\n  a: {includes: [b]}\n  b: {includes: [d, c]}\n  c: {includes: [d]}\n"
	    "  d: {}\n"},
	{HEAD "roles: {a: {group: }}\n", 2, 20, "group: nothing stands here", NULL},
	{HEAD "roles: {a: {group: Staff}}\n", 2, 20, "group: expected a group name",
	    HEAD "roles: {a: {group: staff}}\n"},
	{HEAD "roles: {a: {group: a.b}}\n", 2, 20, "group: expected a group name", NULL},
	{HEAD "roles: {a: {group: false}}\n", 2, 20, "group: expected a group name",
	    HEAD "roles: {a: {group: no}}\n"},
	{HEAD "roles: {a: {group: 'yes'}}\n", 2, 20, "group: expected a group name", NULL},
	{HEAD "roles: {a.b: {}}\n", 2, 9, "a.b is no name for a Unix group",
	    HEAD "roles: {a.b: {group: no}, a.c: {group: ac}}\n"},
	{HEAD "roles: {a: {group: g}, b: {group: g}}\n", 2, 28, "g is that of the role a already",
	    HEAD "roles: {a: {group: g}, b: {group: h}, c: {group: no}, d: {group: no}}\n"},
	{HEAD "roles: {a: {group: b}, b: {}}\n", 2, 24, "b is that of the role a already",
	    HEAD "roles: {a: {group: b}, b: {group: a}}\n"},
	{HEAD "roles: {a: {disabled: on}}\n", 2, 23, "disabled: expected yes or no",
	    HEAD "roles: {a: {disabled: true}}\n"},
	{HEAD "roles: {a: {disabled: 1}}\n", 2, 23, "disabled: expected yes or no", NULL},
	{HEAD "roles: {a: {disabled: Yes}}\n", 2, 23, "disabled: expected yes or no", NULL},
	{HEAD "roles: {a: {disabled: }}\n", 2, 23, "disabled: nothing stands here",
	    HEAD "roles: {a: {disabled: no}}\n"},
};

static const struct refusal ladders[] = {
	{HEAD "roles: {a: {level: 1}}\n", 2, 13, "role a has a level without a ladder",
	    HEAD "roles: {a: {level: 1, ladder: l}}\n"},
	{HEAD "roles: {a: {title: x, ladder: l}}\n", 2, 23, "role a has a ladder without a level",
	    HEAD "roles: {a: {title: x, ladder: l, level: 1000}}\n"},
	{HEAD "roles: {a: {ladder: l, level: 0}}\n", 2, 31, "from 1 up to 1000", NULL},
	{HEAD "roles: {a: {ladder: l, level: 1001}}\n", 2, 31, "from 1 up to 1000", NULL},
	{HEAD "roles: {a: {ladder: l, level: -1}}\n", 2, 31, "level: expected a whole number",
	    NULL},
	{HEAD "roles: {a: {ladder: l, level: 010}}\n", 2, 31, "a number begins with no zero",
	    HEAD "roles: {a: {ladder: l, level: 10}}\n"},
	{HEAD "roles: {a: {ladder: l, level: 0x10}}\n", 2, 31, "a number begins with no zero",
	    NULL},
	{HEAD "roles: {a: {ladder: l, level: 1_0}}\n", 2, 31, "level: expected a whole number",
	    NULL},
	{HEAD "roles: {a: {ladder: L, level: 1}}\n", 2, 21, "ladder: expected a name", NULL},
	{HEAD "roles: {a: {ladder: no, level: 1}}\n", 2, 21,
	    "ladder: no is yes or no to other readers of YAML: write 'no'",
	    HEAD "roles: {a: {ladder: 'no', level: 1}}\n"},
	{HEAD "roles: {a: {laddr: l, level: 1}}\n", 2, 13, "did you mean ladder", NULL},
	{HEAD "roles:\n  a: {ladder: l, level: 1, includes: [b]}\n  b: {level: 2, ladder: l}\n", 4,
	    17, "in a circle",
	    HEAD "roles:\n  a: {ladder: l, level: 2, includes: [b]}\n  b: {level: 1, ladder: l}\n"},
	{HEAD "roles: {a: {access-back: 0}}\n", 2, 26, "access-back: expected a whole number",
	    HEAD "roles: {a: {access-back: 1}}\n"},
	{HEAD "roles: {a: {access-back: 365d}}\n", 2, 26, "access-back: expected a whole number",
	    NULL},
	{HEAD "roles: {a: {access-back: }}\n", 2, 26, "access-back: nothing stands here", NULL},
	{HEAD "roles: {a: {access_back: 1}}\n", 2, 13, "did you mean access-back", NULL},
};

/* Words that YAML 1.1 takes for yes and no, where a text is meant. */
static const struct refusal truths[] = {
	{HEAD "roles: {no: {}}\n", 2, 9, "no is yes or no to other readers of YAML: write 'no'",
	    HEAD "roles: {'no': {}}\n"},
	{HEAD "roles: {a: {title: Off}}\n", 2, 20, "write 'Off'",
	    HEAD "roles: {a: {title: \"Off\"}}\n"},
	{HEAD "roles: {a: {title: y}}\n", 2, 20, "write 'y'", HEAD "roles: {a: {title: yo}}\n"},
	{HEAD "roles: {a: {group: n}}\n", 2, 20, "write 'n'", HEAD "roles: {a: {group: no}}\n"},
	{HEAD "permissions: {on: {}}\n", 2, 15, "write 'on'", HEAD "permissions: {'on': {}}\n"},
	{HEAD "permissions: {p: {services: [sshd, on]}}\n", 2, 36, "write 'on'",
	    HEAD "permissions: {p: {services: [sshd, 'on']}}\n"},
	{HEAD "permissions: {p: {unix-groups: [yes]}}\n", 2, 33, "write 'yes'", NULL},
	{HEAD "permissions: {'on': {}}\nroles: {a: {permissions: [on]}}\n", 3, 27, "write 'on'",
	    HEAD "permissions: {'on': {}}\nroles: {a: {permissions: ['on']}}\n"},
	{HEAD "roles: {'on': {}, a: {}}\nconstraints: [{never-together: [a, on]}]\n", 3, 36,
	    "write 'on'",
	    HEAD "roles: {'on': {}, a: {}}\nconstraints: [{never-together: [a, 'on']}]\n"},
};

static const struct refusal settings[] = {
	{HEAD "login: {}\n", 2, 8, "login: an empty section says nothing; leave the key out", HEAD},
	{HEAD "login:\n", 2, 7, "login: nothing stands here; expected keys with their values",
	    NULL},
	{HEAD "login: ~\n", 2, 8, "login: nothing stands here", NULL},
	{HEAD "login: no\n", 2, 8, "login: expected keys", NULL},
	{HEAD "login: [email]\n", 2, 8, "login: expected keys", NULL},
	{HEAD "login: {email: no}\nlogin: {phone: no}\n", 3, 1, "login stands here a second time",
	    HEAD "login: {email: no, phone: no}\n"},
	{HEAD "login: {email: no, email: no}\n", 2, 20, "email stands here a second time", NULL},
	{HEAD "login: {emial: no}\n", 2, 9, "login has no key emial; did you mean email", NULL},
	{HEAD "lockout: {deny: 5}\n", 2, 11, "lockout has no key deny; did you mean lockout.failures",
	    HEAD "lockout: {failures: 5}\n"},
	{HEAD "lockout: {unlock_time: 600}\n", 2, 11, "did you mean lockout.for", NULL},
	{HEAD "login: {remember: 5}\n", 2, 9, "login has no key remember; did you mean password.history",
	    HEAD "password: {history: 5}\n"},
	{HEAD "PASS_MAX_DAYS: 90\n", 2, 1, "did you mean password.max-age", NULL},
	{HEAD "permissions: {p: {deny: x}}\n", 2, 19, "a permission has no key deny", NULL},
	{HEAD "login: {min-length: 12}\n", 2, 9, "login has no key min-length",
	    HEAD "password: {min-length: 12}\n"},
	{HEAD "login.email: no\n", 2, 1, "a policy has no key login.email", NULL},
	{HEAD "login: {email: on}\n", 2, 16, "login.email: expected yes or no",
	    HEAD "login: {email: yes}\n"},
	{HEAD "login: {email: 1}\n", 2, 16, "login.email: expected yes or no", NULL},
	{HEAD "login: {email: }\n", 2, 16, "login.email: nothing stands here; expected a text",
	    NULL},
	{HEAD "login: {email: [no]}\n", 2, 16, "login.email: expected a text", NULL},
	{HEAD "login: {email: ''}\n", 2, 16, "login.email: an empty text says nothing", NULL},
	{HEAD "login: {other-services: refused}\n", 2, 25,
	    "login.other-services: expected one of refuse any-permission; did you mean refuse",
	    HEAD "login: {other-services: refuse}\n"},
	{HEAD "login: {other-services: no}\n", 2, 25, "expected one of refuse", NULL},
	{HEAD "password: {min-length: 7}\n", 2, 24,
	    "password.min-length: expected a whole number from 8 up to 128",
	    HEAD "password: {min-length: 8}\n"},
	{HEAD "password: {min-length: 012}\n", 2, 24, "a number begins with no zero",
	    HEAD "password: {min-length: 12}\n"},
	{HEAD "password: {min-length: 0o14}\n", 2, 24, "a number begins with no zero", NULL},
	{HEAD "password: {min-length: 1e1}\n", 2, 24, "expected a whole number", NULL},
	{HEAD "password: {min-length: 12.0}\n", 2, 24, "expected a whole number", NULL},
	{HEAD "password: {min-length: +12}\n", 2, 24, "expected a whole number", NULL},
	{HEAD "password: {history: 101}\n", 2, 21, "password.history",
	    HEAD "password: {history: 0}\n"},
	{HEAD "password: {max-age: 365}\n", 2, 21, "password.max-age: expected a time as",
	    HEAD "password: {max-age: 365d}\n"},
	{HEAD "password: {max-age: 1:30}\n", 2, 21, "password.max-age: expected a time as", NULL},
	{HEAD "password: {argon2: {}}\n", 2, 20, "password.argon2: an empty section", NULL},
	{HEAD "password: {argon2: 64MiB}\n", 2, 20, "password.argon2: expected keys", NULL},
	{HEAD "password: {argon: {memory: 64MiB}}\n", 2, 12, "did you mean argon2",
	    HEAD "password: {argon2: {memory: 64MiB}}\n"},
	{HEAD "password: {argon2: {memroy: 64MiB}}\n", 2, 21,
	    "password.argon2 has no key memroy; did you mean memory", NULL},
	{HEAD "password: {argon2: {memory: 64}}\n", 2, 29,
	    "password.argon2.memory: expected a size as", NULL},
	{HEAD "password: {argon2: {memory: 64MB}}\n", 2, 29, "expected a size as", NULL},
	{HEAD "password: {argon2: {memory: 64MiB}, argon2: {operations: 3}}\n", 2, 37,
	    "argon2 stands here a second time",
	    HEAD "password: {argon2: {memory: 64MiB, operations: 3}}\n"},
	{HEAD "accounts: {uid-range: 70000-80000}\n", 2, 23, "accounts.uid-range: expected a list",
	    HEAD "accounts: {uid-range: [70000-80000]}\n"},
	{HEAD "accounts: {uid-range: []}\n", 2, 23, "accounts.uid-range: an empty list", NULL},
	{HEAD "accounts: {uid-range: [0-70000]}\n", 2, 24, "expected ranges of ids", NULL},
	{HEAD "accounts: {uid-range: [70000-80000, 70000-80000]}\n", 2, 37, "is there already",
	    NULL},
	{HEAD "accounts:\n  home: /home/%u\n  uid-range: [70000-80000, 1000-2000]\n", 4, 3,
	    "accounts.uid-range: the ranges must ascend",
	    HEAD "accounts:\n  home: /home/%u\n  uid-range: [1000-2000, 70000-80000]\n"},
	{HEAD "accounts: {home: /home}\n", 2, 18, "accounts.home: expected",
	    HEAD "accounts: {home: /srv/%u}\n"},
	{HEAD "accounts: {shell: bash}\n", 2, 19, "accounts.shell: expected an absolute path",
	    HEAD "accounts: {shell: /bin/bash}\n"},
	{HEAD "lockout: {failures: 3, within: 015m}\n", 2, 32, "take it for octal", NULL},
	{HEAD "lockout: {failures: 3, for: 0s}\n", 2, 29, "lockout.for: expected a time",
	    HEAD "lockout: {failures: 3, for: 1s}\n"},
	{HEAD "limits: {user: 5}\n", 2, 10, "did you mean users", HEAD "limits: {users: 5}\n"},
};

#define TWO HEAD "roles: {accountant: {}, auditor: {}}\n"

static const struct refusal constraints[] = {
	{TWO "constraints:\n", 3, 13, "constraints: nothing stands here", TWO "constraints: []\n"},
	{TWO "constraints: ~\n", 3, 14, "constraints: nothing stands here", NULL},
	{TWO "constraints: {}\n", 3, 14, "constraints: expected a list", NULL},
	{TWO "constraints: {never-together: [accountant, auditor]}\n", 3, 14, "expected a list",
	    TWO "constraints: [{never-together: [accountant, auditor]}]\n"},
	{TWO "constraint: []\n", 3, 1, "did you mean constraints", NULL},
	{TWO "constraints: [accountant]\n", 3, 15, "expected never-together: [one, two]", NULL},
	{TWO "constraints: [~]\n", 3, 15, "expected never-together: [one, two]", NULL},
	{TWO "constraints: [{}]\n", 3, 15, "expected never-together: [one, two]", NULL},
	{TWO "constraints: [[accountant, auditor]]\n", 3, 15, "expected never-together", NULL},
	{TWO "constraints: [{never_together: [accountant, auditor]}]\n", 3, 16,
	    "a constraint has no key never_together; did you mean never-together", NULL},
	{TWO "constraints: [{never-together: ~}]\n", 3, 32, "never-together: nothing stands here",
	    NULL},
	{TWO "constraints: [{never-together: []}]\n", 3, 32,
	    "an empty list says nothing; leave the whole constraint out", TWO "constraints: []\n"},
	{TWO "constraints: [{never-together: [auditor]}]\n", 3, 32, "expected two roles at least",
	    NULL},
	{TWO "constraints: [{never-together: auditor}]\n", 3, 32, "expected a list", NULL},
	{TWO "constraints: [{never-together: [auditor, auditor]}]\n", 3, 42,
	    "auditor is there already", NULL},
	{TWO "constraints: [{never-together: [auditor, A]}]\n", 3, 42, "expected a name", NULL},
	{TWO "constraints:\n- never-together: [accountant, auditor]\n"
	    "- never-together: [accountant, auditer]\n", 5, 32,
	    "names auditer, which is no role; did you mean auditor",
	    TWO "constraints:\n- never-together: [accountant, auditor]\n"
	    "- never-together: [accountant, auditor]\n"},
	{TWO "constraints: [{never-together: [accountant, auditor], never-together: [x]}]\n", 3, 55,
	    "stands here a second time", NULL},
};

/* Roles that break a constraint by themselves: through what they include, or their ladder. */
static const struct refusal separations[] = {
	{HEAD "roles:\n  accountant: {}\n  auditor: {}\n"
	    "  chief: {includes: [accountant, auditor]}\n"
	    "constraints:\n- never-together: [auditor, accountant]\n", 5, 3,
	    "the role chief comes to hold auditor and accountant, which are never together",
	    HEAD "roles:\n  accountant: {}\n  auditor: {}\n  chief: {includes: [accountant]}\n"
	    "constraints:\n- never-together: [auditor, accountant]\n"},
	{HEAD "roles:\n  accountant: {}\n  auditor: {includes: [clerk]}\n"
	    "  clerk: {includes: [accountant], disabled: yes}\n"
	    "constraints:\n- never-together: [auditor, accountant]\n", 4, 3,
	    "the role auditor comes to hold auditor and accountant",
	    HEAD "roles:\n  accountant: {}\n  auditor: {includes: [clerk]}\n"
	    "  clerk: {disabled: yes}\n"
	    "constraints:\n- never-together: [auditor, accountant]\n"},
	{HEAD "roles:\n  low: {ladder: l, level: 1}\n  high: {ladder: l, level: 2}\n"
	    "constraints:\n- never-together: [low, high]\n", 4, 3,
	    "the role high comes to hold low",
	    HEAD "roles:\n  low: {ladder: l, level: 2}\n  high: {ladder: l, level: 2}\n"
	    "constraints:\n- never-together: [low, high]\n"},
};

#define TESTS PERMISSIONS "roles: {technician: {permissions: [p]}}\ntests:"

static const struct refusal tests_of[] = {
	{TESTS "\n", 5, 7, "tests: nothing stands here", TESTS " []\n"},
	{TESTS " ~\n", 5, 8, "tests: nothing stands here", NULL},
	{TESTS " {}\n", 5, 8, "tests: expected a list", NULL},
	{TESTS " role technician can log in\n", 5, 8, "tests: expected a list",
	    TESTS " [role technician can log in]\n"},
	{TESTS "\n- [role technician can log in]\n", 6, 3, "tests: expected a text", NULL},
	{TESTS "\n- role technician: can log in\n", 6, 3, "tests: expected a text", NULL},
	{TESTS "\n-\n", 6, 2, "tests: nothing stands here", NULL},
	{TESTS "\n- ''\n", 6, 3, "expected a user, or `role` and a role's name", NULL},
	{TESTS "\n- role technician may log in\n", 6, 3, "expected `can` or `cannot`", NULL},
	{TESTS "\n- role technician can p\n- role techncian can p\n", 7, 3,
	    "the test is of techncian, which is no role; did you mean technician",
	    TESTS "\n- role technician can p\n- techncian can p\n"},
	{TESTS "\n- bob cannot hexa.user.view\n", 6, 3,
	    "asks for hexa.user.view, which is no permission; did you mean hexa.users.view",
	    TESTS "\n- bob cannot hexa.users.view\n"},
	{TESTS "\n- role technician cannot login\n", 6, 3,
	    "asks for login, which is no permission; did you mean log in",
	    TESTS "\n- role technician cannot log in\n"},
	{TESTS "\n- bob cannot p.*\n", 6, 3, "expected one permission", NULL},
	{TESTS "\n- |\n  bob can p\n", 6, 3, "cannot stand in a text",
	    TESTS "\n- >-\n  bob\n  can p\n"},
	{HEAD "test: []\n", 2, 1, "did you mean tests", NULL},
};

static const struct refusal administrator[] = {
	{HEAD "roles: {system-administrator: {permissions: []}}\n", 2, 32,
	    "always has every permission",
	    HEAD "roles: {system-administrator: {permissions: ['*']}}\n"},
	{HEAD "roles: {system-administrator: {permissions: [hexa.*]}}\n", 2, 32, "always has every",
	    HEAD "roles: {system-administrator: {permissions: ['*', hexa.*]}}\n"},
	{HEAD "roles: {system-administrator: {title: x, disabled: yes}}\n", 2, 42, "never disabled",
	    HEAD "roles: {system-administrator: {title: x, disabled: no}}\n"},
};

/* Whoever asks for all that is wrong is told this, too. */
static void
assert_among_all(const char *yaml, const struct why *why)
{
	struct document_faults faults;
	bool said = false;

	assert_int_equal(document_faults(yaml, strlen(yaml), &faults, NULL), FAULT_NONE);
	for (size_t i = 0; i < faults.count; i++)
		said |= memcmp(&faults.why[i], why, sizeof(*why)) == 0;
	assert_true(said);
}

static void
refuse_all(const struct refusal *refusals, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct refusal *refusal = &refusals[i];
		struct document document;
		struct why why = {0};
		enum fault fault;

		memset(&document, 0xaa, sizeof(document));
		fault = read_bytes(refusal->yaml, strlen(refusal->yaml), &document, &why);
		assert_int_equal(fault, FAULT_INVALID);
		if (why.line != refusal->line || why.column != refusal->column ||
		    !strstr(why.text, refusal->says))
			fail_msg("%u:%u %s\nin:\n%s", why.line, why.column, why.text,
			    refusal->yaml);
		assert_int_equal(why.fault, FAULT_INVALID);
		assert_int_equal(document.rules.count + document.roles.count, 0);
		assert_null(document.rules.permission);
		assert_null(document.roles.role);
		assert_null(document.constraint);
		assert_int_equal(document.tests.count, 0);
		assert_among_all(refusal->yaml, &why);
		/* Nobody has to want the words. */
		fault = read_bytes(refusal->yaml, strlen(refusal->yaml), &document, NULL);
		assert_int_equal(fault, FAULT_INVALID);
		if (!refusal->twin)
			continue;
		read_good(refusal->twin, &document);
		document_clear(&document);
	}
}

/* ---- all that is wrong ---- */

/* What is found, as LINE:COLUMN and the words of each. */
static void
find_all(const char *yaml, const char *const *expected, size_t count)
{
	struct document_faults faults;

	assert_int_equal(document_faults(yaml, strlen(yaml), &faults, NULL), FAULT_NONE);
	for (size_t i = 0; i < faults.count || i < count; i++) {
		char found[WHY_TEXT_MAX + 32] = "nothing";
		const char *words = i < count ? strchr(expected[i], ' ') : NULL;
		size_t place = words != NULL ? (size_t)(words - expected[i]) : 0;

		if (i < faults.count)
			snprintf(found, sizeof(found), "%u:%u %s", faults.why[i].line,
			    faults.why[i].column, faults.why[i].text);
		if (words == NULL || strncmp(found, expected[i], place + 1) != 0 ||
		    strstr(found, words) == NULL)
			fail_msg("%s\nnot: %s\nin:\n%s", found,
			    words != NULL ? expected[i] : "nothing", yaml);
	}
	assert_false(faults.more);
}

/* In the order in which it stands there, whenever it was found. */
static void
all_that_is_wrong_is_found(void **state)
{
	static const char *const expected[] = {
		"2:9 login has no key emial; did you mean email",
		"3:24 password.min-length: expected a whole number",
		"5:30 shell.logn, which is no permission; did you mean shell.login",
		"5:42 expected a permission",
		"6:3 a second time",
		"7:24 includes manger, which is no role; did you mean manager",
		"8:21 expected a list",
		"8:30 a role has no key grop; did you mean group",
		"9:3 off is yes or no to other readers",
		"12:16 expected PAM services",
		"13:3 hexa.* are built in",
		"14:3 a second time",
		"15:29 hexa-admins is Hexa's own",
		"16:17 a permission: nothing stands here",
		"18:27 never-together names nobody, which is no role",
		"20:3 after the subject",
		"21:3 expected a text",
		"22:3 the test is of tecnician, which is no role; did you mean technician",
	};

	(void)state;
	find_all(HEAD "login: {emial: yes}\n"
	    "password: {min-length: many, history: 3}\n"
	    "roles:\n"
	    "  technician: {permissions: [shell.logn, 'shell login', shell.login]}\n"
	    "  technician: {}\n"
	    "  manager: {includes: [manger]}\n"
	    "  clerk: {includes: manager, grop: no}\n"
	    "  off: {}\n"
	    "permissions:\n"
	    "  shell.login:\n"
	    "    services: ['s s', sshd]\n"
	    "  hexa.users.view: {}\n"
	    "  shell.login: {}\n"
	    "  logs.read: {unix-groups: [hexa-admins]}\n"
	    "  dossiers.view:\n"
	    "constraints:\n"
	    "- never-together: [clerk, nobody, manager]\n"
	    "tests:\n"
	    "- role technician may log in\n"
	    "- [role, technician, can, log, in]\n"
	    "- role tecnician can log in\n", expected, COUNT(expected));
}

/* What hangs together is not said of what is wrong alone. */
static void
what_follows_from_it_is_not_said(void **state)
{
	static const struct {
		const char *yaml;
		const char *expected[3];
	} table[] = {
		/* Of a section that is not read, no name is missed; nor of a record without one. */
		{HEAD "permisions: {p: {}}\nroles: {a: {permissions: [p]}}\n", {"2:1 did you mean"}},
		{HEAD "permissions: [p]\nroles: {a: {permissions: [p]}}\n", {"2:14 expected keys"}},
		{HEAD "permissions: {'p q': {}}\nroles: {a: {permissions: [p]}}\n", {"2:15 name"}},
		/* A record of which something is wrong is there. */
		{HEAD "permissions: {p: {service: [sshd]}}\nroles: {a: {permissions: [p]}}\n",
		    {"2:19 did you mean services"}},
		/* A list of which all is wrong is not empty; a section neither. */
		{HEAD "permissions: {p: {services: ['a b', 'c d']}}\n", {"2:30 PAM", "2:37 PAM"}},
		{HEAD "login: {mail: yes}\n", {"2:9 no key mail"}},
		{HEAD "constraints: [{never-together: [a, 'b c']}]\n", {"2:36 expected"}},
		{HEAD "constraints: [[a, b], {never: []}]\n", {"2:15 expected", "2:24 no key"}},
		/* Settings and groups are judged of what is right. */
		{HEAD "lockout: {failures: 1, within: 5x}\n", {"2:32 expected a time"}},
		{HEAD "roles: {a: {group: b}, b: {level: 3x}}\n", {"2:35 expected a whole"}},
		/* One circle is one mistake; what else the roles include is looked at. */
		{HEAD "roles: {a: {includes: [b]}, b: {includes: [a, c]}, d: {level: 3}}\n",
		    {"2:44 in a circle", "2:47 includes c", "2:56 without a ladder"}},
		/* What cannot be gone past is the last. */
		{HEAD "logn: {}\nroles: {a: {titel: x}\n", {"2:1 no key", "3:13 no key", "4:1 this does not fit"}},
		{"logn: {}\nhexa-policy: 2\nrols: {}\n", {"1:1 no key", "2:14 version"}},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		size_t count = 0;

		while (count < COUNT(table[i].expected) && table[i].expected[count] != NULL)
			count++;
		find_all(table[i].yaml, table[i].expected, count);
	}
	find_all(example, NULL, 0);
}

/* So deep that the time for it would be felt. */
static void
depths_are_not_gone_through(void **state)
{
	const size_t deep = 100 * 1000;
	struct document_faults faults;
	char *yaml = malloc(deep + sizeof(HEAD "rols: "));

	(void)state;
	assert_non_null(yaml);
	strcpy(yaml, HEAD "rols: ");
	memset(yaml + strlen(yaml), '[', deep + 1);
	assert_int_equal(document_faults(yaml, strlen(HEAD "rols: ") + deep, &faults, NULL),
	    FAULT_NONE);
	assert_int_equal(faults.count, 2);
	assert_non_null(strstr(faults.why[1].text, "64 deep"));
	assert_int_equal(faults.why[1].column, strlen("rols: ") + 65);
	free(yaml);
}

static void
so_many_are_kept(void **state)
{
	struct document_faults faults;
	struct bytes yaml = {0};
	struct why why;

	(void)state;
	bytes_print(&yaml, "%s", HEAD "roles:\n");
	for (int i = 0; i < DOCUMENT_FAULTS_MAX; i++)
		bytes_print(&yaml, "  r%d: {no-key: 1}\n", i);
	assert_int_equal(document_faults((const char *)yaml.data, yaml.size, &faults, &why),
	    FAULT_NONE);
	assert_int_equal(faults.count, DOCUMENT_FAULTS_MAX);
	assert_false(faults.more);
	bytes_print(&yaml, "  last: {no-key: 1}\n");
	assert_int_equal(document_faults((const char *)yaml.data, yaml.size, &faults, &why),
	    FAULT_NONE);
	assert_int_equal(faults.count, DOCUMENT_FAULTS_MAX);
	assert_true(faults.more);
	assert_int_equal(faults.why[DOCUMENT_FAULTS_MAX - 1].line, DOCUMENT_FAULTS_MAX + 2);
	bytes_clear(&yaml);
}

static void
refused_structure(void **state)
{
	(void)state;
	refuse_all(structure, COUNT(structure));
}

static void
refused_yaml(void **state)
{
	(void)state;
	refuse_all(yaml_itself, COUNT(yaml_itself));
}

static void
refused_bytes(void **state)
{
	struct document document;
	struct why why;

	(void)state;
	refuse_all(bytes, COUNT(bytes));
	/* A NUL is no end, neither at the end nor before more. */
	assert_int_equal(read_bytes(HEAD "\0", sizeof(HEAD), &document, &why), FAULT_INVALID);
	assert_int_equal(why.line, 2);
	assert_int_equal(read_bytes(HEAD "\0roles: 1", sizeof(HEAD) + 8, &document, &why),
	    FAULT_INVALID);
	assert_non_null(strstr(why.text, "U+0000"));
}

static void
refused_permissions(void **state)
{
	(void)state;
	refuse_all(permissions, COUNT(permissions));
}

static void
refused_roles(void **state)
{
	(void)state;
	refuse_all(roles, COUNT(roles));
}

static void
refused_ladders(void **state)
{
	(void)state;
	refuse_all(ladders, COUNT(ladders));
}

static void
refused_truths(void **state)
{
	(void)state;
	refuse_all(truths, COUNT(truths));
}

static void
refused_settings(void **state)
{
	(void)state;
	refuse_all(settings, COUNT(settings));
}

static void
refused_constraints(void **state)
{
	(void)state;
	refuse_all(constraints, COUNT(constraints));
}

static void
refused_separations(void **state)
{
	(void)state;
	refuse_all(separations, COUNT(separations));
}

static void
refused_tests(void **state)
{
	(void)state;
	refuse_all(tests_of, COUNT(tests_of));
}

/* Nothing is suggested for a name that there is. */
static void
a_circle_in_words(void **state)
{
	static const char yaml[] = HEAD "roles: {a: {includes: [b]}, b: {includes: [a]}}\n";
	struct document document;
	struct why why;

	(void)state;
	assert_int_equal(read_bytes(yaml, strlen(yaml), &document, &why), FAULT_INVALID);
	assert_string_equal(why.text, "roles include one another in a circle: a, b, a");
}

static void
refused_administrators(void **state)
{
	struct document document;

	(void)state;
	refuse_all(administrator, COUNT(administrator));
	read_good(HEAD "roles: {system-administrator: {title: Boss}}\n", &document);
	assert_int_equal(document.roles.count, 1);
	assert_true(names_have(&document.roles.role[0].permissions, "*"));
	assert_int_equal(document.roles.role[0].closure.count, document.rules.count);
	document_clear(&document);
}

/* ---- a document in memory ---- */

static void
a_copy_shares_nothing(void **state)
{
	struct document document, copy = {0};

	(void)state;
	read_good(example, &document);
	assert_int_equal(document_copy(&copy, &document, NULL), FAULT_NONE);
	assert_true(same(&document, &copy));
	document_clear(&document);
	assert_int_equal(copy.roles.count, 6);
	comes_back(&copy);
	document_clear(&copy);

	/* One of nothing too; it can be added to. */
	assert_int_equal(document_copy(&copy, &document, NULL), FAULT_NONE);
	assert_int_equal(rules_add_builtin(&copy.rules, NULL), FAULT_NONE);
	assert_int_equal(roles_add_builtin(&copy.roles, NULL), FAULT_NONE);
	document_clear(&copy);
}

static void
a_copy_can_be_added_to(void **state)
{
	struct permission permission = {.name = strdup("b")};
	struct role role = {.name = strdup("b")};
	struct document document, copy = {0};

	(void)state;
	read_good(example, &document);
	assert_int_equal(document_copy(&copy, &document, NULL), FAULT_NONE);
	document_clear(&document);
	assert_int_equal(rules_add(&copy.rules, &permission, NULL), FAULT_NONE);
	assert_int_equal(roles_add(&copy.roles, &role, NULL), FAULT_NONE);
	assert_int_equal(
	    document_add_constraint(&copy, &copy.constraint[0].never_together, NULL), FAULT_NONE);
	assert_true(names_add(&copy.tests, "role b cannot log in"));
	assert_int_equal(roles_compile(&copy.roles, &copy.rules, NULL, NULL), FAULT_NONE);
	comes_back(&copy);
	document_clear(&copy);
}

static void
constraints_are_added(void **state)
{
	struct document document = {0};
	struct names names = {0};
	struct why why;

	(void)state;
	assert_true(names_add(&names, "a"));
	assert_int_equal(document_add_constraint(&document, &names, &why), FAULT_INVALID);
	assert_int_equal(document.constraint_count, 0);
	assert_true(names_add(&names, "b"));
	for (unsigned i = 0; i < 5; i++)
		assert_int_equal(document_add_constraint(&document, &names, &why), FAULT_NONE);
	names_clear(&names);
	assert_int_equal(document.constraint_count, 5);
	assert_string_equal(document.constraint[4].never_together.item[1], "b");
	document_clear(&document);
	assert_int_equal(document.constraint_count, 0);
	assert_null(document.constraint);
}

/* ---- places ---- */

static void
words_have_places(void **state)
{
	static const struct {
		const char *path[5];
		unsigned line; /* 0: nowhere */
		unsigned column;
	} table[] = {
		{{"hexa-policy"}, 2, 1},
		{{"login", "other-services"}, 3, 23},
		{{"password", "argon2", "memory"}, 6, 12},
		{{"permissions", "logs.read", "unix-groups", "systemd-journal"}, 12, 38},
		{{"roles", "manager"}, 18, 3},
		{{"roles", "manager", "permissions", "hexa.users.*"}, 21, 19},
		{{"tests", "role manager can log in via sshd"}, 29, 5},
		{{"roles", "Manager"}, 0, 0},
		{{"roles", "manager", "title", "Manager"}, 0, 0},
		{{"manager"}, 0, 0},
		{{"login", "phone", "no"}, 0, 0},
		{{NULL}, 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		unsigned line = 7, column = 7;
		bool found = document_place(example, strlen(example), table[i].path, &line,
		    &column);

		assert_int_equal(found, table[i].line != 0);
		assert_int_equal(line, found ? table[i].line : 7);
		assert_int_equal(column, found ? table[i].column : 7);
		assert_int_equal(document_line(example, strlen(example), table[i].path),
		    table[i].line);
	}
}

/* Something may be wrong with what the text does not even state: then where it would stand. */
static void
the_nearest_place_is_said(void **state)
{
	const struct step path[] = {{"lockout", 1}, {"for", 1}, {NULL, 0}};
	const struct step nowhere[] = {{"limits", 1}, {NULL, 0}};
	struct why why;

	(void)state;
	assert_int_equal(place_refuse(example, strlen(example), path, "no", &why), FAULT_INVALID);
	assert_int_equal(why.line, 7);
	assert_int_equal(why.column, 1);
	assert_string_equal(why.text, "no");
	assert_int_equal(place_refuse(example, strlen(example), nowhere, "no", &why), FAULT_INVALID);
	assert_int_equal(why.line, 0);
	assert_string_equal(why.text, "no");
}

/* Any text may be asked, not only a policy. */
static void
no_text_is_too_strange_for_places(void **state)
{
	static const char *const strange[] = {"", "a", "[", "{a", "? [a, b]\n: c\nroles: {a: x}",
	    "roles: a", "roles: [{a: b}, [a]]", "\xff", "&a roles: {a: *a}", "roles: {b: {a: c"};
	static const char *const path[] = {"roles", "a", NULL};

	(void)state;
	for (size_t i = 0; i < COUNT(strange); i++)
		assert_int_equal(document_line(strange[i], strlen(strange[i]), path),
		    i == 4 ? 3 : 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_policy_is_read),
		cmocka_unit_test(the_rest_of_a_policy_is_read),
		cmocka_unit_test(an_empty_policy_gives_nothing),
		cmocka_unit_test(names_are_texts_too),
		cmocka_unit_test(settings_have_defaults),
		cmocka_unit_test(nothing_lets_nobody_in),
		cmocka_unit_test(all_that_is_wrong_is_found),
		cmocka_unit_test(what_follows_from_it_is_not_said),
		cmocka_unit_test(so_many_are_kept),
		cmocka_unit_test(depths_are_not_gone_through),
		cmocka_unit_test(refused_structure),
		cmocka_unit_test(refused_yaml),
		cmocka_unit_test(refused_bytes),
		cmocka_unit_test(refused_permissions),
		cmocka_unit_test(refused_roles),
		cmocka_unit_test(refused_ladders),
		cmocka_unit_test(refused_truths),
		cmocka_unit_test(refused_settings),
		cmocka_unit_test(refused_constraints),
		cmocka_unit_test(refused_separations),
		cmocka_unit_test(refused_tests),
		cmocka_unit_test(a_circle_in_words),
		cmocka_unit_test(refused_administrators),
		cmocka_unit_test(a_copy_shares_nothing),
		cmocka_unit_test(a_copy_can_be_added_to),
		cmocka_unit_test(constraints_are_added),
		cmocka_unit_test(words_have_places),
		cmocka_unit_test(the_nearest_place_is_said),
		cmocka_unit_test(no_text_is_too_strange_for_places),
	};

	return cmocka_run_group_tests_name("document", tests, NULL, NULL);
}
