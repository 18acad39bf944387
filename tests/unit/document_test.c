/*
 * document_test.c - the policy as YAML: what is taken, what is refused and where, and that what is
 * written reads as the same policy.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/document.h"
#include "policy/text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define HEAD "hexa-policy: 1\n"

/* Reads from an allocation of exactly that size, so that a read past its end is seen. */
static enum fault
read_bytes(const char *yaml, size_t size, struct document *document, struct why *why)
{
	char *copy = malloc(size + !size);
	enum fault fault;

	assert_non_null(copy);
	memcpy(copy, yaml, size);
	fault = document_read(copy, size, document, why);
	free(copy);
	return fault;
}

static void
read_good(const char *yaml, struct document *document)
{
	struct why why = {0};

	if (read_bytes(yaml, strlen(yaml), document, &why) != FAULT_NONE)
		fail_msg("%u:%u %s\nin:\n%s", why.line, why.column, why.text, yaml);
}

static char *
written(const struct document *document)
{
	struct bytes out = {0};
	struct why why = {0};
	char *text;

	assert_int_equal(document_write(document, &out, &why), FAULT_NONE);
	text = bytes_take_text(&out);
	assert_non_null(text);
	return text;
}

static bool
record_same(const struct table *table, const void *a, const void *b)
{
	for (size_t i = 0; i < table->count; i++) {
		if (!field_same(&table->rows[i], a, b))
			return false;
	}
	return true;
}

static bool
same(const struct document *a, const struct document *b)
{
	if (a->rules.count != b->rules.count || a->roles.count != b->roles.count)
		return false;
	for (size_t i = 0; i < a->rules.count; i++) {
		if (!record_same(&permission_table, &a->rules.permission[i],
		    &b->rules.permission[i]))
			return false;
	}
	for (size_t i = 0; i < a->roles.count; i++) {
		if (!record_same(&role_table, &a->roles.role[i], &b->roles.role[i]))
			return false;
	}
	return true;
}

/* ---- what is taken ---- */

static const char example[] =
    "# the roles of a small office\n"
    "hexa-policy: 1\n"
    "permissions:\n"
    "  shell.login:   {title: Log in with a shell, services: [sshd, login, su, su-l]}\n"
    "  shell.sudo:    {title: Run commands as root, services: [sudo, sudo-i], unix-groups: [sudo]}\n"
    "  logs.read:     {unix-groups: [adm, systemd-journal]}\n"
    "  dossiers.view: {title: View dossiers}\n"
    "  plain: {}\n"
    "roles:\n"
    "  technician: {title: Technician, permissions: [shell.login, dossiers.view], group: technicians}\n"
    "  manager:\n"
    "    title: Manager\n"
    "    includes: [technician]\n"
    "    permissions: [hexa.users.*]\n"
    "  nobody.yet: {permissions: [], includes: [], group: no, disabled: yes}\n";

static const char example_written[] =
    "hexa-policy: 1\n"
    "permissions:\n"
    "  dossiers.view:\n"
    "    title: View dossiers\n"
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
    "  manager:\n"
    "    title: Manager\n"
    "    permissions: [hexa.users.*]\n"
    "    includes: [technician]\n"
    "  nobody.yet:\n"
    "    group: no\n"
    "    disabled: yes\n"
    "  technician:\n"
    "    title: Technician\n"
    "    permissions: [shell.login, dossiers.view]\n"
    "    group: technicians\n";

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

	assert_int_equal(document.roles.count, 4);
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

/* An empty policy gives nobody anything; the system administrator stays. */
static void
an_empty_policy_gives_nothing(void **state)
{
	static const char *const empty[] = {
		HEAD, HEAD "roles: {}\n", HEAD "permissions: {}\nroles: {}", "{hexa-policy: 1}",
		"---\nhexa-policy: '1'\n...\n", "\xef\xbb\xbf" HEAD,
		    "hexa-policy: 1\r\nroles: {}\r\n",
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

		read_good(HEAD "roles: {no: {title: x}}", &document);
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

static void
names_are_texts_too(void **state)
{
	static const char yaml[] =
	    HEAD "permissions: {no: {}, yes: {services: [0, 'null', \"010\"]}}\n"
	    "roles: {on: {permissions: [no], group: y}, off: {includes: [on], group: 'null'}}\n";
	struct document document;
	struct document again;
	char *text;

	(void)state;
	read_good(yaml, &document);
	assert_string_equal(rules_find(&document.rules, "yes")->services.item[0], "0");
	assert_string_equal(roles_find(&document.roles, "off")->closure.item[0], "no");
	assert_string_equal(role_group(roles_find(&document.roles, "off")), "null");
	text = written(&document);
	read_good(text, &again);
	assert_true(same(&document, &again));
	free(text);
	document_clear(&document);
	document_clear(&again);
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
	{HEAD "login: {}\n", 2, 1, "a policy has no key login", NULL},
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
	{HEAD "roles: &a {}\n", 2, 8, "anchors (&a)", HEAD "roles: {}\n"},
	{HEAD "roles: {a: {title: &t x}}\n", 2, 20, "anchors (&t)",
	    HEAD "roles: {a: {title: x}}\n"},
	{HEAD "roles: {a: {permissions: &p []}}\n", 2, 26, "anchors (&p)", NULL},
	{HEAD "roles: *a\n", 2, 8, "aliases (*a)", NULL},
	{HEAD "roles: {*a : {}}\n", 2, 9, "aliases (*a)", NULL},
	{"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n" HEAD, 1, 1, "no key a", NULL},
	{HEAD "roles: !!map {}\n", 2, 8, "tags (tag:yaml.org,2002:map)", NULL},
	{HEAD "roles: ! {}\n", 2, 8, "tags (!)", NULL},
	{HEAD "roles: {a: {title: !!str x}}\n", 2, 20, "tags", NULL},
	{HEAD "roles: {a: {title: !x y}}\n", 2, 20, "tags (!x)", NULL},
	{HEAD "roles: {a: {permissions: !!seq []}}\n", 2, 26, "tags", NULL},
	{"%YAML 1.1\n---\n" HEAD, 1, 1, "directives", "---\n" HEAD},
	{"%TAG ! tag:x,2026:\n---\n" HEAD, 1, 1, "directives", NULL},
	{HEAD "---\n" HEAD, 2, 1, "a second document", HEAD "...\n"},
	{HEAD "...\n---\n", 3, 1, "a second document", NULL},
	{HEAD "...\nroles: {}\n", 3, 1, "did not find expected <document start>", NULL},
	{HEAD "roles: {a: {}\n", 3, 1, "this is not YAML", HEAD "roles: {a: {}}\n"},
	{HEAD "roles:\n\ta: {}\n", 3, 1, "this is not YAML", HEAD "roles:\n a: {}\n"},
	{HEAD "roles: {a: {title: 'x}}\n", 3, 1, "while scanning a quoted scalar", NULL},
	{HEAD "roles: {a: {title: x: y}}\n", 2, 21, "this is not YAML", NULL},
	{HEAD "roles: {a: {title: \"\\q\"}}\n", 2, 21, "unknown escape", NULL},
	{HEAD "roles:\n a: {}\n  b: {}\n", 4, 3, "this is not YAML",
	    HEAD "roles:\n a: {}\n b: {}\n"},
	/* columns are bytes: an editor that counts so finds the second \xc3\xa5 */
	{HEAD "roles: {a: {title: \xc3\xa5\xc3\xa5, titel: x}}\n", 2, 26, "did you mean title",
	    HEAD "roles: {a: {title: \xc3\xa5\xc3\xa5}}\n"},
};

static const struct refusal bytes[] = {
	{HEAD "roles: {a: {title: \xff}}\n", 2, 20, "not UTF-8",
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
	{HEAD "permissions: {p: {unix-groups: [Adm]}}\n", 2, 33, "unix-groups: expected names",
	    HEAD "permissions: {p: {unix-groups: [adm]}}\n"},
	{HEAD "permissions: {p: {unix-groups: [a.b]}}\n", 2, 33, "unix-groups: expected names",
	    NULL},
	{HEAD "permissions: {p: {title: }}\n", 2, 26, "title: nothing stands here", NULL},
	{HEAD "permissions: {p: {title: ''}}\n", 2, 26, "an empty text says nothing", NULL},
	{HEAD "permissions: {p: {title: [a]}}\n", 2, 26, "title: expected a text", NULL},
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
	{HEAD "roles: {a: {level: 1}}\n", 2, 13, "a role has no key level", NULL},
	{HEAD "roles: {a: {gid: 70000}}\n", 2, 13, "a role has no key gid", NULL},
	{HEAD "roles: {a: {uuid: x}}\n", 2, 13, "a role has no key uuid", NULL},
	{HEAD "roles: {a: {closure: ['*']}}\n", 2, 13, "a role has no key closure", NULL},
	{HEAD "roles: {a: {permissions: }}\n", 2, 26, "permissions: nothing stands here",
	    HEAD "roles: {a: {permissions: []}}\n"},
	{HEAD "roles: {a: {permissions: null}}\n", 2, 26, "permissions: nothing stands here", NULL},
	{HEAD "roles: {a: {permissions: '*'}}\n", 2, 26, "permissions: expected a list", NULL},
	{PERMISSIONS "roles: {a: {permissions: [p, p]}}\n", 4, 30, "p is there already",
	    PERMISSIONS "roles: {a: {permissions: [p]}}\n"},
	{PERMISSIONS "roles: {a: {permissions: [P]}}\n", 4, 27, "permissions: expected permissions",
	    NULL},
	{PERMISSIONS "roles: {a: {permissions: [q.r.s]}}\n", 4, 27, "q.r.s, which is no permission",
	    NULL},
	{PERMISSIONS "roles: {a: {title: q, permissions: [p, q]}}\n", 4, 40,
	    "q, which is no permission",
	    NULL},
	{PERMISSIONS "roles: {q: {}, a: {permissions: [p, hexa.user.view]}}\n", 4, 37,
	    "did you mean hexa.users.view",
	    PERMISSIONS "roles: {a: {permissions: [hexa.users.view]}}\n"},
	{PERMISSIONS "roles: {a: {permissions: [p.*]}}\n", 4, 27, "p.*, which is no permission",
	    HEAD "permissions: {p.q: {}}\nroles: {a: {permissions: [p.*]}}\n"},
	{HEAD "roles: {a: {includes: ~}}\n", 2, 23, "includes: nothing stands here",
	    HEAD "roles: {a: {includes: []}}\n"},
	{HEAD "roles:\n  a: {}\n  technician: {}\n  z: {includes: [a, techician]}\n", 5, 21,
	    "did you mean technician",
	    HEAD "roles:\n  a: {}\n  technician: {}\n  z: {includes: [a, technician]}\n"},
	{HEAD "roles: {a: {includes: [a]}}\n", 2, 24, "in a circle: a, a", NULL},
	{HEAD "roles:\n  a: {includes: [b]}\n  b: {includes: [d, c]}\n  c: {includes: [b]}\n  d: {}\n",
	    5, 18, "in a circle: b, c, b",
	    HEAD "roles:\n  a: {includes: [b]}\n  b: {includes: [d, c]}\n  c: {includes: [d]}\n  d: {}\n"},
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

static const struct refusal administrator[] = {
	{HEAD "roles: {system-administrator: {permissions: []}}\n", 2, 32,
	    "always has every permission",
	    HEAD "roles: {system-administrator: {permissions: ['*']}}\n"},
	{HEAD "roles: {system-administrator: {permissions: [hexa.*]}}\n", 2, 32, "always has every",
	    HEAD "roles: {system-administrator: {permissions: ['*', hexa.*]}}\n"},
	{HEAD "roles: {system-administrator: {title: x, disabled: yes}}\n", 2, 42, "never disabled",
	    HEAD "roles: {system-administrator: {title: x, disabled: no}}\n"},
};

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
		/* Nobody has to want the words. */
		fault = read_bytes(refusal->yaml, strlen(refusal->yaml), &document, NULL);
		assert_int_equal(fault, FAULT_INVALID);
		if (!refusal->twin)
			continue;
		read_good(refusal->twin, &document);
		document_clear(&document);
	}
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

/* ---- limits ---- */

/* `count` times the format with a number in it, between a beginning and an end. */
static char *
repeat(const char *begin, const char *format, unsigned count, const char *end, size_t *size)
{
	struct bytes text = {0};
	char *made;

	bytes_print(&text, "%s", begin);
	for (unsigned i = 0; i < count; i++) {
		char line[256];
		int length;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		length = snprintf(line, sizeof(line), format, i, i, i);
#pragma GCC diagnostic pop
		assert_true(length > 0 && (size_t)length < sizeof(line));
		bytes_put(&text, line, (size_t)length);
	}
	bytes_print(&text, "%s", end);
	*size = text.size;
	made = bytes_take_text(&text);
	assert_non_null(made);
	return made;
}

static enum fault
read_repeated(const char *begin, const char *format, unsigned count, const char *end,
    struct document *document, struct why *why)
{
	size_t size;
	char *text = repeat(begin, format, count, end, &size);
	enum fault fault = document_read(text, size, document, why);

	free(text);
	return fault;
}

static void
ten_thousand_roles(void **state)
{
	struct document document;
	struct document again;
	struct why why = {0};
	char *text;

	(void)state;
	assert_int_equal(read_repeated(HEAD "permissions: {p: {}}\nroles:\n  base: {permissions: [p]}\n",
	    "  role-%05u: {title: Role %u, includes: [base], group: g%u}\n", 10000, "", &document,
	    &why),
	    FAULT_NONE);
	assert_int_equal(document.roles.count, 10002);
	assert_string_equal(roles_find(&document.roles, "role-09999")->closure.item[0], "p");
	text = written(&document);
	read_good(text, &again);
	assert_true(same(&document, &again));
	free(text);
	document_clear(&document);
	document_clear(&again);
}

static void
records_have_a_limit(void **state)
{
	struct document document;
	struct why why = {0};

	(void)state;
	assert_int_equal(read_repeated(HEAD "permissions:\n", " p%u: {}\n", DOCUMENT_RECORDS_MAX,
	    "",
	    &document, &why), FAULT_NONE);
	document_clear(&document);
	assert_int_equal(read_repeated(HEAD "permissions:\n", " p%u: {}\n",
	    DOCUMENT_RECORDS_MAX + 1, "",
	    &document, &why), FAULT_INVALID);
	assert_int_equal(why.line, DOCUMENT_RECORDS_MAX + 3);
	assert_int_equal(why.column, 2);
	assert_int_equal(read_repeated(HEAD "roles:\n", " r%u: {}\n", DOCUMENT_RECORDS_MAX, "",
	    &document, &why), FAULT_NONE);
	document_clear(&document);
	assert_int_equal(read_repeated(HEAD "roles:\n", " r%u: {}\n", DOCUMENT_RECORDS_MAX + 1, "",
	    &document, &why), FAULT_INVALID);
	assert_int_equal(why.line, DOCUMENT_RECORDS_MAX + 3);
}

static void
closures_have_a_limit(void **state)
{
	struct document document;
	struct why why = {0};
	size_t size;
	char *begin = repeat(HEAD "permissions:\n", " p%u: {}\n", 4096, "roles:\n", &size);

	(void)state;
	assert_int_equal(read_repeated(begin, " r%u: {permissions: ['*']}\n", 1100, "", &document,
	    &why),
	    FAULT_INVALID);
	assert_non_null(strstr(why.text, "carry more than"));
	assert_int_equal(read_repeated(begin, " r%u: {permissions: ['*']}\n", 110, "", &document,
	    &why),
	    FAULT_NONE);
	document_clear(&document);
	free(begin);
}

static void
lists_have_a_limit(void **state)
{
	struct document document;
	struct why why = {0};

	(void)state;
	assert_int_equal(read_repeated(HEAD "permissions: {p: {services: [", "s%u,", 256, "]}}",
	    &document, &why), FAULT_NONE);
	document_clear(&document);
	assert_int_equal(read_repeated(HEAD "permissions: {p: {services: [", "s%u,", 257, "]}}",
	    &document, &why), FAULT_INVALID);
	assert_non_null(strstr(why.text, "more than 256 values"));
	assert_int_equal(why.line, 2);
}

static void
includes_have_a_depth(void **state)
{
	struct document document;
	struct why why = {0};
	char yaml[8192];

	(void)state;
	/* Upwards, downwards: which role comes first in the alphabet is no matter. */
	for (unsigned up = 0; up < 2; up++) {
		for (unsigned extra = 0; extra < 2; extra++) {
			unsigned last = INCLUDE_DEPTH_MAX + extra;
			size_t used = (size_t)snprintf(yaml, sizeof(yaml), HEAD "roles:\n");

			for (unsigned i = 0; i < last; i++)
				used += (size_t)snprintf(yaml + used, sizeof(yaml) - used,
				    "  r%02u: {includes: [r%02u]}\n", up ? i : last - i,
				    up ? i + 1 : last - i - 1);
			snprintf(yaml + used, sizeof(yaml) - used, "  r%02u: {}\n", up ? last : 0);
			assert_int_equal(read_bytes(yaml, strlen(yaml), &document, &why),
			    extra ? FAULT_INVALID : FAULT_NONE);
			if (extra) {
				assert_non_null(strstr(why.text, "64 deep, no deeper"));
				assert_int_equal(why.column, 20);
			}
			document_clear(&document);
		}
	}
}

/* A million of one thing, nested as deep as it will go. */
static void
much_of_one_thing(void **state)
{
	static const char *const things[] = {
		"[", "{", "- ", "? ", "a: ", ": ", "'", "\"", "a", "a ", "# x\n", "\n", " ", "\t",
		    "&a ", "! ",
		"!a", "*a ", "%Y 1\n", "---\n", "...\n", "a\n", ",", "a,", "|\n a\n", "]", "}",
		    "[]", "{}",
		"{a: ", "[a, ", "roles: {}\n", "hexa-policy: 1\n", "\\x", "<<: ", "\xc3\xa5",
	};
	enum { MANY = 1024 * 1024 };
	char *text = malloc(MANY);

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < COUNT(things); i++) {
		size_t size = strlen(things[i]);
		struct document document;
		struct why why;

		for (size_t at = 0; at < MANY; at++)
			text[at] = things[i][at % size];
		assert_int_equal(document_read(text, MANY / size * size, &document, &why),
		    FAULT_INVALID);
		assert_true(why.line > 0 && why.column > 0);
	}
	free(text);
}

static void
a_document_has_a_size(void **state)
{
	struct document document;
	struct why why = {0};
	char *text = malloc(DOCUMENT_MAX + 1);

	(void)state;
	assert_non_null(text);
	memset(text, '\n', DOCUMENT_MAX + 1);
	memcpy(text, HEAD, strlen(HEAD));
	assert_int_equal(document_read(text, DOCUMENT_MAX, &document, &why), FAULT_NONE);
	document_clear(&document);
	assert_int_equal(document_read(text, DOCUMENT_MAX + 1, &document, &why), FAULT_INVALID);
	assert_non_null(strstr(why.text, "larger than"));
	free(text);
}

/* ---- damage ---- */

/* Whatever the bytes: a policy that is written as itself, or a refusal. */
static void
either(const char *yaml, size_t size)
{
	struct document document;
	struct document again;
	struct why why = {0};
	enum fault fault = read_bytes(yaml, size, &document, &why);
	char *text;

	if (fault != FAULT_NONE) {
		assert_int_equal(fault, FAULT_INVALID);
		assert_true(why.text[0] != '\0');
		return;
	}
	text = written(&document);
	read_good(text, &again);
	assert_true(same(&document, &again));
	free(text);
	document_clear(&document);
	document_clear(&again);
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
		for (size_t i = 0; i < sizeof(changes) - 1; i++) {
			memcpy(yaml, example, sizeof(yaml));
			yaml[at] = changes[i];
			either(yaml, sizeof(yaml) - 1);
		}
	}
}

/* ---- what is written ---- */

static void
golden(void **state)
{
	struct document document;
	struct document again;
	char *text;
	char *second;

	(void)state;
	read_good(example, &document);
	text = written(&document);
	assert_string_equal(text, example_written);
	read_good(text, &again);
	assert_true(same(&document, &again));
	second = written(&again);
	assert_string_equal(second, text);
	free(second);
	free(text);
	document_clear(&document);
	document_clear(&again);
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
		    HEAD "permissions:\n  p:\n    services:\n    - i\n    - b\n    - c\n    - d\n    - e\n"
		    "    - f\n    - g\n    - h\n    - a\nroles: {}\n"},
		{HEAD "roles: {a: {title: one two three four five six seven eight nine ten eleven twelve "
		    "thirteen fourteen fifteen sixteen}}\n",
		    HEAD "permissions: {}\nroles:\n  a:\n    title: one two three four five six seven eight "
		    "nine ten eleven twelve thirteen fourteen fifteen sixteen\n"},
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
	for (unsigned round = 0; round < 3000; round++) {
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_policy_is_read),
		cmocka_unit_test(an_empty_policy_gives_nothing),
		cmocka_unit_test(a_scalar_is_its_text),
		cmocka_unit_test(names_are_texts_too),
		cmocka_unit_test(refused_structure),
		cmocka_unit_test(refused_yaml),
		cmocka_unit_test(refused_bytes),
		cmocka_unit_test(refused_permissions),
		cmocka_unit_test(refused_roles),
		cmocka_unit_test(a_circle_in_words),
		cmocka_unit_test(refused_administrators),
		cmocka_unit_test(ten_thousand_roles),
		cmocka_unit_test(records_have_a_limit),
		cmocka_unit_test(closures_have_a_limit),
		cmocka_unit_test(lists_have_a_limit),
		cmocka_unit_test(includes_have_a_depth),
		cmocka_unit_test(much_of_one_thing),
		cmocka_unit_test(a_document_has_a_size),
		cmocka_unit_test(a_cut_document),
		cmocka_unit_test(a_changed_document),
		cmocka_unit_test(golden),
		cmocka_unit_test(golden_details),
		cmocka_unit_test(any_title_comes_back),
	};

	return cmocka_run_group_tests_name("document", tests, NULL, NULL);
}
