/*
 * adopt_test.c - accounts of the host's become Hexa's: what they bring along, who is refused, what
 * the directory answers for them, and what becomes of their password.
 */
#include "tests/unit/accounts_fixture.h"

#include <fcntl.h>

#include "accounts/adopt.h"
#include "accounts/login.h"
#include "directory/directory.h"
#include "store/files.h"
#include "store/paths.h"
#include "store/shadow_hash.h"

#define PASSWORD "annas old password"

/* Of PASSWORD; SHA-512 at its least cost, so that the tests are quick. */
#define HASH \
	"$6$rounds=1000$saltstring$" \
	".gG9gALHHWxe9qZK8T4/Pik4.EYLMQ5Bg6fPjceVzqUCxceJcVsIUgrsFG4xgynv4iDojeFS08stPLXGPfOIP/"

/* 2026-11-01, of NOW's month. */
#define DAY "20758"

#define PASSWD "root:x:0:0:root:/root:/bin/bash\n"
#define ANNA   "anna:x:1005:1005:Anna Berg,room 5,,:/home/anna:/bin/zsh\n"
#define GROUP  "root:x:0:\nusers:x:100:\nsudo:x:27:anna\nlovers:x:2000:anna,bob\n"

static void
host_is(struct fixture *fixture, const char *passwd, const char *shadow, const char *group)
{
	char text[2048];

	snprintf(text, sizeof(text), PASSWD "%s", passwd);
	write_file(fixture->root, "/etc/passwd", text);
	snprintf(text, sizeof(text), "root:*:19000:0:99999:7:::\n%s", shadow);
	write_file(fixture->root, "/etc/shadow", text);
	snprintf(text, sizeof(text), GROUP "%s", group);
	write_file(fixture->root, "/etc/group", text);
}

static int
setup(void **state)
{
	int result = fixture_setup(state);
	struct fixture *fixture = *state;

	assert_good(fixture, apply(fixture,
	    "hexa-policy: 1\n"
	    "password: {" CHEAP "}\n"
	    "permissions: {shell.login: {services: [sshd]}}\n"
	    "roles:\n"
	    "  technician: {permissions: [shell.login], group: no}\n"
	    "  painter: {permissions: [shell.login]}\n"));
	host_is(fixture, ANNA, "anna:" HASH ":" DAY ":0:99999:7:::\n", "anna:x:1005:\n");
	return result;
}

static enum fault
adopt(struct fixture *fixture, const char *name, bool dry, struct adoption *adoption)
{
	return account_adopt(&fixture->admin, name, EDITS(USER_ADD("roles", "technician")), dry,
	    adoption, &fixture->why);
}

static enum fault
adopt_quietly(struct fixture *fixture, const char *name)
{
	struct adoption adoption = {0};
	enum fault fault = adopt(fixture, name, false, &adoption);

	adoption_clear(&adoption);
	return fault;
}

static bool
is_told(const struct fixture *fixture, const char *words)
{
	for (size_t i = 0; i < fixture->admin.notices.count; i++)
		if (strstr(fixture->admin.notices.item[i], words) != NULL)
			return true;
	return false;
}

/* ---- what is taken over -------------------------------------------------------------------- */

static void
takes_the_account_as_it_is(void **state)
{
	static const char *const fields[][2] = {
		{"uid", "1005"}, {"gid", "1005"}, {"first-name", "Anna"}, {"last-name", "Berg"},
		{"home", "/home/anna"}, {"shell", "/bin/zsh"}, {"status", "active"},
		{"roles", "technician"}, {"type", "employee"}, {"password", "set"},
		{"password-set", "2026-11-01T00:00:00Z"}, {"must-change", "no"}, {"email", ""},
		{"valid-until", ""}, {"created", "2026-11-21T09:30:00Z"},
	};
	struct fixture *fixture = *state;
	struct adoption adoption = {0};
	struct user user = {0};

	assert_good(fixture, adopt(fixture, "anna", false, &adoption));
	assert_journal(fixture, "user adopt");
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		assert_string_equal(user_text(fixture, "anna", fields[i][0]), fields[i][1]);
	read_user(fixture, "uid:1005", &user);
	assert_string_equal(user.password, HASH);
	assert_int_equal(user.version, 1);
	user_clear(&user);
	assert_string_equal(adoption.method, "SHA-512");
	assert_string_equal(adoption.group, "anna");
	assert_int_equal(adoption.groups.count, 2);
	assert_string_equal(adoption.removal,
	    "hexa-admin user adopt anna && sed -i '/^anna:/d' /etc/passwd /etc/shadow /etc/group");
	adoption_clear(&adoption);
	/* As good as root, and not by a role. */
	assert_true(is_told(fixture, "sudo"));
	assert_false(is_told(fixture, "lovers"));
	assert_refused(fixture, FAULT_CONFLICT, "name", adopt_quietly(fixture, "anna"));
}

static void
a_plan_is_the_same_and_writes_nothing(void **state)
{
	struct fixture *fixture = *state;
	struct adoption plan = {0}, done = {0};
	uint64_t before = journal_at(fixture);

	assert_good(fixture, adopt(fixture, "anna", true, &plan));
	assert_int_equal(journal_at(fixture), before);
	assert_true(is_told(fixture, "sudo"));
	assert_good(fixture, adopt(fixture, "anna", false, &done));
	assert_int_equal(plan.user.version, 0);
	done.user.uuid = plan.user.uuid;
	done.user.version = 0;
	for (size_t i = 0; i < user_table.count; i++)
		assert_true(field_same(&user_table.rows[i], &plan.user, &done.user));
	assert_string_equal(plan.method, done.method);
	assert_string_equal(plan.group, done.group);
	assert_string_equal(plan.removal, done.removal);
	assert_true(names_same(&plan.groups, &done.groups));
	adoption_clear(&plan);
	adoption_clear(&done);
}

/* What sudo gives a name goes on, and is told; a uid that a container uses is no person's. */
static void
what_else_the_host_has_for_them_is_told(void **state)
{
	struct fixture *fixture = *state;
	struct adoption plan = {0};

	write_file(fixture->root, "/etc/sudoers", "anna ALL=(ALL) ALL\n");
	assert_good(fixture, adopt(fixture, "anna", true, &plan));
	adoption_clear(&plan);
	assert_true(is_told(fixture, "mention anna"));
	write_file(fixture->root, "/etc/subuid", "lxd:1000:10\n");
	assert_refused(fixture, FAULT_CONFLICT, "uid", adopt_quietly(fixture, "anna"));
	assert_says(fixture, "lxd");
	write_file(fixture->root, "/etc/subuid", "lxd:1006:10\n");
	assert_good(fixture, adopt_quietly(fixture, "anna"));
}

static void
names_come_from_gecos(void **state)
{
	static const struct {
		const char *gecos, *first, *last;
	} rows[] = {
		{"Anna Berg", "Anna", "Berg"},
		{"Anna Maria van den Berg,1,2,3,4", "Anna", "Maria van den Berg"},
		{"  Anna   Berg  ,", "Anna", "Berg"},
		{"Anna", "Anna", "anna"},
		{"", "anna", "anna"},
		{",,,", "anna", "anna"},
		{"Åsa Öberg", "Åsa", "Öberg"},
		{"Anna &", "Anna", "anna"},
		{"\xc5sa Berg", "anna", "Berg"},
		{"Anna B\x1b[31m", "Anna", "anna"},
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct adoption plan = {0};
		char line[256];

		snprintf(line, sizeof(line), "anna:x:1005:1005:%s:/home/anna:\n", rows[i].gecos);
		host_is(fixture, line, "", "");
		assert_good(fixture, adopt(fixture, "anna", true, &plan));
		assert_string_equal(plan.user.first_name, rows[i].first);
		assert_string_equal(plan.user.last_name, rows[i].last);
		assert_string_equal(plan.user.shell, "/bin/sh");
		adoption_clear(&plan);
	}
}

/* ---- the shadow line ----------------------------------------------------------------------- */

static void
the_password_field_says_who_is_let_in(void **state)
{
	static const struct {
		const char *field;
		enum fault fault;
		bool has_password;
		unsigned status;
		const char *notice; /* NULL: none */
	} rows[] = {
		{HASH, FAULT_NONE, true, STATUS_ACTIVE, NULL},
		{"!" HASH, FAULT_NONE, true, STATUS_SUSPENDED, "locked"},
		{"!!" HASH, FAULT_NONE, true, STATUS_SUSPENDED, "locked"},
		{"!", FAULT_NONE, false, STATUS_ACTIVE, "no password"},
		{"!!", FAULT_NONE, false, STATUS_ACTIVE, "no password"},
		{"*", FAULT_NONE, false, STATUS_ACTIVE, "no password"},
		{"!*", FAULT_NONE, false, STATUS_ACTIVE, "no password"},
		{"*LK*", FAULT_NONE, false, STATUS_ACTIVE, "no password"},
		{"", FAULT_RULE, false, 0, NULL},
		{"x", FAULT_RULE, false, 0, NULL},
		{"$9$abc$def", FAULT_RULE, false, 0, NULL},
		{"$1$saltsalt$NuzA7WTAelpl95xgBGWN60", FAULT_RULE, false, 0, NULL},
		{"abhfCpXqd4GrI", FAULT_RULE, false, 0, NULL},
		{"$6$rounds=999999999$saltstring$x", FAULT_RULE, false, 0, NULL},
		{"$6$saltstring$x", FAULT_RULE, false, 0, NULL},
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct adoption plan = {0};
		char line[256];

		snprintf(line, sizeof(line), "anna:%s:" DAY ":0:99999:7:::\n", rows[i].field);
		host_is(fixture, ANNA, line, "anna:x:1005:\n");
		assert_fault(fixture, rows[i].fault, adopt(fixture, "anna", true, &plan));
		if (rows[i].fault == FAULT_NONE) {
			assert_int_equal(plan.user.password != NULL, rows[i].has_password);
			assert_int_equal(plan.user.status, rows[i].status);
			assert_int_equal(is_told(fixture, "locked") ||
			    is_told(fixture, "no password"), rows[i].notice != NULL);
			assert_true(rows[i].notice == NULL || is_told(fixture, rows[i].notice));
		} else {
			assert_about(fixture, "password");
		}
		adoption_clear(&plan);
	}
	/* Without a line in shadow there is none; a hash in /etc/passwd itself counts as well. */
	host_is(fixture, ANNA, "", "");
	assert_good(fixture, adopt_quietly(fixture, "anna"));
	host_is(fixture, "berta:" HASH ":1006:1006::/home/b:/bin/sh\n", "", "");
	assert_good(fixture, adopt_quietly(fixture, "berta"));
	assert_string_equal(user_text(fixture, "berta", "password"), "set");
	host_is(fixture, "carl::1007:1007::/home/c:/bin/sh\n", "carl:" HASH "::::::\n", "");
	assert_refused(fixture, FAULT_RULE, "password", adopt_quietly(fixture, "carl"));
}

static void
the_days_of_shadow_become_times(void **state)
{
	static const struct {
		const char *changed, *expires, *password_set, *must_change, *valid_until;
	} rows[] = {
		{DAY, "", "2026-11-01T00:00:00Z", "no", ""},
		/* The first day on which nobody logs in is the day itself. */
		{DAY, "20820", "2026-11-01T00:00:00Z", "no", "2027-01-01T23:59:59Z"},
		{DAY, "0", "2026-11-01T00:00:00Z", "no", "1970-01-01T00:00:01Z"},
		{DAY, "1", "2026-11-01T00:00:00Z", "no", "1970-01-01T23:59:59Z"},
		{DAY, "2932896", "2026-11-01T00:00:00Z", "no", "9999-12-30T23:59:59Z"},
		{DAY, "2932897", "2026-11-01T00:00:00Z", "no", ""},
		{DAY, "99999999", "2026-11-01T00:00:00Z", "no", ""},
		{"0", "", "2026-11-21T09:30:00Z", "yes", ""},
		{"", "", "2026-11-21T09:30:00Z", "no", ""},
		/* A clock that was wrong, or a hand that was. */
		{"99999999", "", "2026-11-21T09:30:00Z", "no", ""},
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct adoption plan = {0};
		char line[256];
		char *set, *must, *until;

		snprintf(line, sizeof(line), "anna:" HASH ":%s:0:10:7::%s:\n", rows[i].changed,
		    rows[i].expires);
		host_is(fixture, ANNA, line, "");
		assert_good(fixture, adopt(fixture, "anna", true, &plan));
		set = field_text(user_field("password-set"), &plan.user);
		must = field_text(user_field("must-change"), &plan.user);
		until = field_text(user_field("valid-until"), &plan.user);
		assert_string_equal(set, rows[i].password_set);
		assert_string_equal(must, rows[i].must_change);
		assert_string_equal(until, rows[i].valid_until);
		free(set);
		free(must);
		free(until);
		adoption_clear(&plan);
	}
}

/* ---- who is refused ------------------------------------------------------------------------ */

#define SOMEBODY(name, uid, gid) name ":x:" uid ":" gid "::/home/" name ":/bin/sh\n"

static void
who_is_no_person_of_this_host_is_refused(void **state)
{
	static const struct {
		const char *passwd, *group, *subuid, *name;
		enum fault fault;
		const char *field;
	} rows[] = {
		{ANNA, "", "", "nobody-known", FAULT_UNKNOWN, ""},
		{ANNA, "", "", "Anna", FAULT_INVALID, "name"},
		{ANNA, "", "", "+anna", FAULT_INVALID, "name"},
		{ANNA, "", "", "anna:x:0", FAULT_INVALID, "name"},
		{ANNA, "", "", "", FAULT_INVALID, "name"},
		{SOMEBODY("svc", "999", "999"), "", "", "svc", FAULT_RULE, "uid"},
		{ANNA, "", "", "root", FAULT_RULE, "uid"},
		{SOMEBODY("toor2", "0", "0"), "", "", "toor2", FAULT_RULE, "uid"},
		{SOMEBODY("nob", "65534", "65534"), "", "", "nob", FAULT_RULE, "uid"},
		{SOMEBODY("dyn", "61184", "61184"), "", "", "dyn", FAULT_RULE, "uid"},
		{SOMEBODY("dyn", "65535", "1005"), "", "", "dyn", FAULT_RULE, "uid"},
		{SOMEBODY("far", "2147483648", "1005"), "", "", "far", FAULT_RULE, "uid"},
		{SOMEBODY("far", "4294967294", "1005"), "", "", "far", FAULT_RULE, "uid"},
		{SOMEBODY("dyn", "1005", "65534"), "", "", "dyn", FAULT_RULE, "gid"},
		{SOMEBODY("admin", "1005", "1005"), "", "", "admin", FAULT_RULE, "name"},
		{SOMEBODY("_apt", "1005", "1005"), "", "", "_apt", FAULT_RULE, "name"},
		{ANNA "+anna::::::\n", "", "", "anna", FAULT_RULE, "name"},
		{ANNA "-anna::::::\n", "", "", "anna", FAULT_RULE, "name"},
		{ANNA ANNA, "", "", "anna", FAULT_CONFLICT, "name"},
		{ANNA SOMEBODY("bob", "1005", "100"), "", "", "anna", FAULT_CONFLICT, "uid"},
		{ANNA, "", "bob:1000:6\n", "anna", FAULT_CONFLICT, "uid"},
		{ANNA, "", "bob:1005:1\n", "anna", FAULT_CONFLICT, "uid"},
		/* The own group that she would get is another's, or has another gid. */
		{SOMEBODY("anna", "1005", "100"), "painters:x:1005:\n", "", "anna", FAULT_CONFLICT,
		    "gid"},
		{SOMEBODY("anna", "1005", "100"), "anna:x:1006:\n", "", "anna", FAULT_CONFLICT, "gid"},
		{SOMEBODY("anna", "1005", "1005"), "anna:x:1006:\n", "", "anna", FAULT_CONFLICT,
		    "gid"},
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		host_is(fixture, rows[i].passwd, "", rows[i].group);
		write_file(fixture->root, "/etc/subuid", rows[i].subuid);
		assert_refused(fixture, rows[i].fault, rows[i].field,
		    adopt_quietly(fixture, rows[i].name));
	}
}

/* Each is as near to one that is refused as can be. */
static void
and_who_stands_beside_them_is_not(void **state)
{
	static const struct {
		const char *passwd, *group, *subuid;
	} rows[] = {
		{SOMEBODY("anna", "1000", "1000"), "", ""},
		{SOMEBODY("anna", "61183", "65533"), "", ""},
		{SOMEBODY("anna", "2147483647", "2147483647"), "", ""},
		{ANNA "+bob::::::\n", "", ""},
		{ANNA "+::::::\n", "", ""},
		{ANNA SOMEBODY("anna2", "1006", "1005"), "", ""},
		{ANNA, "", "anna:1000:6\nbob:1006:65536\nbob:1000:5\nbob:x:y\nbob\n:::\n"},
		{SOMEBODY("anna", "1005", "100"), "anna:x:1005:\n", ""},
		{SOMEBODY("anna", "1005", "100"), "", ""},
		{SOMEBODY("anna", "1005", "2000"), "painters:x:1005:\nanna:x:1006:\n", ""},
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct adoption plan = {0};

		host_is(fixture, rows[i].passwd, "", rows[i].group);
		write_file(fixture->root, "/etc/subuid", rows[i].subuid);
		assert_good(fixture, adopt(fixture, "anna", true, &plan));
		adoption_clear(&plan);
	}
}

static void
roles_and_limits_are_asked_as_for_everybody(void **state)
{
	struct fixture *fixture = *state;
	struct adoption adoption = {0};

	assert_refused(fixture, FAULT_UNKNOWN, "roles",
	    account_adopt(&fixture->admin, "anna", EDITS(USER_ADD("roles", "techniciann")), false,
	        &adoption, &fixture->why));
	adoption_clear(&adoption);
	assert_refused(fixture, FAULT_INVALID, "roles",
	    account_adopt(&fixture->admin, "anna", NO_EDITS, false, &adoption, &fixture->why));
	adoption_clear(&adoption);
	assert_good(fixture, apply(fixture,
	    "hexa-policy: 1\nlimits: {users: 1}\nroles: {technician: {group: no}}\n"));
	add_user(fixture, "bert", "technician");
	assert_refused(fixture, FAULT_CONFLICT, NULL, adopt_quietly(fixture, "anna"));
	assert_good(fixture, account_delete(&fixture->admin, "bert", &fixture->why));
	assert_good(fixture, adopt_quietly(fixture, "anna"));
}

/* ---- ids ----------------------------------------------------------------------------------- */

static void
an_id_that_was_given_is_not_taken_over(void **state)
{
	struct fixture *fixture = *state;
	char line[128];
	uint32_t uid = add_user(fixture, "bert", "technician");

	snprintf(line, sizeof(line), "anna:x:%u:1005::/home/anna:/bin/sh\n", (unsigned)uid);
	host_is(fixture, line, "", "");
	assert_refused(fixture, FAULT_CONFLICT, "uid", adopt_quietly(fixture, "anna"));
	assert_good(fixture, account_delete(&fixture->admin, "bert", &fixture->why));
	assert_refused(fixture, FAULT_CONFLICT, "uid", adopt_quietly(fixture, "anna"));
	host_is(fixture, ANNA, "", "");
	assert_good(fixture, adopt_quietly(fixture, "anna"));
	assert_good(fixture, account_delete(&fixture->admin, "anna", &fixture->why));
	/* The name waits an hour, and the uid for ever. */
	host_is(fixture, SOMEBODY("carla", "1005", "1005"), "", "");
	assert_refused(fixture, FAULT_CONFLICT, "uid", adopt_quietly(fixture, "carla"));
}

static void
a_roles_group_is_nobodys_primary_group(void **state)
{
	struct fixture *fixture = *state;
	struct role role = {0};
	char line[128];

	read_role(fixture, "painter", &role);
	snprintf(line, sizeof(line), "anna:x:1005:%u::/home/anna:/bin/sh\n", (unsigned)role.gid);
	host_is(fixture, line, "", "");
	assert_refused(fixture, FAULT_CONFLICT, "gid", adopt_quietly(fixture, "anna"));
	role_clear(&role);
}

/* The next ids are these: what adopted users have is passed over, also when the host forgot it. */
static void
what_was_taken_over_is_not_given_out(void **state)
{
	struct fixture *fixture = *state;

	host_is(fixture, SOMEBODY("anna", "3001", "3003") SOMEBODY("bob", "3002", "3002"), "",
	    "painters:x:3003:\n");
	assert_good(fixture, adopt_quietly(fixture, "anna"));
	assert_good(fixture, adopt_quietly(fixture, "bob"));
	host_is(fixture, "", "", "");
	assert_good(fixture, apply(fixture,
	    "hexa-policy: 1\naccounts: {uid-range: [3001-3004]}\n"
	    "roles: {technician: {group: no}}\n"));
	assert_int_equal(add_user(fixture, "carla", "technician"), 3004);
}

/* ---- what the directory answers ------------------------------------------------------------ */

struct answers {
	struct directory directory;
	char *path;
	char buffer[4096];
	struct passwd passwd;
	struct group group;
};

static struct answers *
answers_open(struct fixture *fixture)
{
	struct answers *answers = calloc(1, sizeof(*answers));

	answers->path = path_under(fixture->root, DIRECTORY_FILE);
	answers->directory.path = answers->path;
	return answers;
}

static void
answers_close(struct answers *answers)
{
	directory_close(&answers->directory);
	free(answers->path);
	free(answers);
}

static enum lookup
group_named(struct answers *answers, const char *name)
{
	return directory_group_by_name(&answers->directory, name, &answers->group, answers->buffer,
	    sizeof(answers->buffer));
}

static enum lookup
group_with(struct answers *answers, gid_t gid)
{
	return directory_group_by_gid(&answers->directory, gid, &answers->group, answers->buffer,
	    sizeof(answers->buffer));
}

/* How many groups an enumeration has of that gid. */
static unsigned
groups_listed(struct answers *answers, gid_t gid)
{
	uint32_t after = 0;
	unsigned count = 0;

	while (directory_group_next(&answers->directory, &after, &answers->group, answers->buffer,
	           sizeof(answers->buffer)) == LOOKUP_FOUND)
		count += answers->group.gr_gid == gid;
	return count;
}

static bool
never(void *context, gid_t gid)
{
	(void)context;
	fail_msg("in the group %u as well", (unsigned)gid);
	return false;
}

static void
assert_primary(struct answers *answers, const char *name, uid_t uid, gid_t gid)
{
	gid_t primary = 0;

	assert_int_equal(directory_user_by_name(&answers->directory, name, &answers->passwd,
	    answers->buffer, sizeof(answers->buffer)), LOOKUP_FOUND);
	assert_int_equal(answers->passwd.pw_uid, uid);
	assert_int_equal(answers->passwd.pw_gid, gid);
	assert_int_equal(directory_groups_of(&answers->directory, name, &primary, never, NULL),
	    LOOKUP_FOUND);
	assert_int_equal(primary, gid);
}

static void
a_group_of_ones_own_is_answered(void **state)
{
	struct fixture *fixture = *state;
	struct answers *answers = answers_open(fixture);

	assert_good(fixture, adopt_quietly(fixture, "anna"));
	assert_primary(answers, "anna", 1005, 1005);
	assert_int_equal(group_named(answers, "anna"), LOOKUP_FOUND);
	assert_int_equal(answers->group.gr_gid, 1005);
	assert_int_equal(group_with(answers, 1005), LOOKUP_FOUND);
	assert_string_equal(answers->group.gr_name, "anna");
	assert_int_equal(groups_listed(answers, 1005), 1);
	answers_close(answers);
}

static void
a_system_group_is_replaced_by_ones_own(void **state)
{
	struct fixture *fixture = *state;
	struct answers *answers = answers_open(fixture);
	struct adoption adoption = {0};

	host_is(fixture, SOMEBODY("anna", "1005", "100"), "", "");
	assert_good(fixture, adopt(fixture, "anna", false, &adoption));
	assert_true(is_told(fixture, "users (100), in which they are no more"));
	assert_string_equal(adoption.group, "anna");
	assert_string_equal(adoption.removal, "hexa-admin user adopt anna && sed -i '/^anna:/d' /etc/passwd");
	adoption_clear(&adoption);
	assert_primary(answers, "anna", 1005, 1005);
	assert_int_equal(group_named(answers, "anna"), LOOKUP_FOUND);
	answers_close(answers);
}

/* Two share a group of the host's; to one of them it is the uid by chance. */
static void
the_hosts_group_stays_the_hosts(void **state)
{
	struct fixture *fixture = *state;
	struct answers *answers = answers_open(fixture);
	struct adoption adoption = {0};

	host_is(fixture, SOMEBODY("anna", "2000", "2000") SOMEBODY("bob", "2001", "2000"),
	    "anna:" HASH ":" DAY "::::::\n", "");
	/* bob's gid is noted by now, and not as a uid that Hexa gave. */
	assert_good(fixture, adopt_quietly(fixture, "bob"));
	assert_good(fixture, adopt(fixture, "anna", false, &adoption));
	assert_string_equal(adoption.group, "lovers");
	assert_string_equal(adoption.removal, "hexa-admin user adopt anna && sed -i '/^anna:/d' /etc/passwd /etc/shadow");
	adoption_clear(&adoption);
	assert_primary(answers, "anna", 2000, 2000);
	assert_primary(answers, "bob", 2001, 2000);
	assert_int_equal(group_named(answers, "anna"), LOOKUP_NONE);
	assert_int_equal(group_named(answers, "bob"), LOOKUP_NONE);
	assert_int_equal(group_named(answers, "lovers"), LOOKUP_NONE);
	assert_int_equal(group_with(answers, 2000), LOOKUP_NONE);
	assert_int_equal(group_with(answers, 2001), LOOKUP_NONE);
	assert_int_equal(groups_listed(answers, 2000), 0);
	answers_close(answers);
}

/* Until the host has no such group any more: then it is hers alone. */
static void
a_group_that_the_host_forgot_is_ones_own(void **state)
{
	struct fixture *fixture = *state;
	struct answers *answers = answers_open(fixture);

	host_is(fixture, SOMEBODY("anna", "3000", "3000"), "", "painters:x:3000:\n");
	assert_good(fixture, adopt_quietly(fixture, "anna"));
	assert_int_equal(group_named(answers, "anna"), LOOKUP_NONE);
	host_is(fixture, "", "", "");
	assert_good(fixture, login_publish(fixture->root, NOW, &fixture->why));
	assert_int_equal(group_named(answers, "anna"), LOOKUP_FOUND);
	assert_int_equal(group_with(answers, 3000), LOOKUP_FOUND);
	answers_close(answers);
}

static void
the_lines_that_go_are_the_users_own(void **state)
{
	static const struct {
		const char *passwd, *shadow, *group, *gshadow, *removal;
	} rows[] = {
		{ANNA, "anna:*:::::::\n", "anna:x:1005:\n", "anna:!::\n",
		    "/etc/passwd /etc/shadow /etc/group /etc/gshadow"},
		{ANNA, "", "anna:x:1005:anna\n", NULL, "/etc/passwd /etc/group"},
		{ANNA, "", "anna:x:1005:bob\n", NULL, "/etc/passwd"},
		{ANNA SOMEBODY("bob", "1006", "1005"), "", "anna:x:1005:\n", NULL, "/etc/passwd"},
		{ANNA, "", "painters:x:1005:\nanna:x:1005:\n", NULL, "/etc/passwd"},
		{SOMEBODY("anna", "1005", "1006"), "", "anna:x:1006:\n", NULL, "/etc/passwd"},
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct adoption plan = {0};
		char path[128];

		snprintf(path, sizeof(path), "%s/etc/gshadow", fixture->root);
		unlink(path);
		if (rows[i].gshadow != NULL)
			write_file(fixture->root, "/etc/gshadow", rows[i].gshadow);
		host_is(fixture, rows[i].passwd, rows[i].shadow, rows[i].group);
		assert_good(fixture, adopt(fixture, "anna", true, &plan));
		assert_string_equal(strstr(plan.removal, "/etc/"), rows[i].removal);
		assert_memory_equal(plan.removal, "hexa-admin user adopt anna && sed -i '/^anna:/d' ", 45);
		adoption_clear(&plan);
	}
}

static void
is_unfinished_while_the_line_stands(void **state)
{
	struct fixture *fixture = *state;
	struct user user = {0};
	struct unfinished unfinished;

	assert_good(fixture, adopt_quietly(fixture, "anna"));
	read_user(fixture, "anna", &user);
	assert_true(adoption_is_unfinished(fixture->root, &user, NOW, &unfinished));
	assert_false(unfinished.is_outdated);
	assert_string_equal(unfinished.mend, "hexa-admin user adopt anna && sed -i '/^anna:/d' /etc/passwd /etc/shadow /etc/group");
	host_is(fixture, SOMEBODY("anna", "1006", "1006"), "", "");
	assert_false(adoption_is_unfinished(fixture->root, &user, NOW, &unfinished));
	host_is(fixture, "", "", "");
	assert_false(adoption_is_unfinished(fixture->root, &user, NOW, &unfinished));
	user_clear(&user);
}

/* ---- what the host says meanwhile ---------------------------------------------------------- */

static enum fault
adopt_again(struct fixture *fixture, bool dry)
{
	struct adoption adoption = {0};
	enum fault fault =
	    account_adopt(&fixture->admin, "anna", NO_EDITS, dry, &adoption, &fixture->why);

	assert_true(fault != FAULT_NONE || adoption.is_renewal);
	adoption_clear(&adoption);
	return fault;
}

static bool
is_outdated(struct fixture *fixture, int64_t now)
{
	struct unfinished unfinished;
	struct user user = {0};

	read_user(fixture, "anna", &user);
	assert_true(adoption_is_unfinished(fixture->root, &user, now, &unfinished));
	user_clear(&user);
	return unfinished.is_outdated;
}

/* The database of a user who was adopted just now, and the line of /etc/shadow that came to be. */
static void
shadow_becomes(struct fixture *fixture, const char *line)
{
	char text[512];

	snprintf(text, sizeof(text), "anna:%s\n", line);
	host_is(fixture, ANNA, text, "anna:x:1005:\n");
}

/* Puts her record back to what the adoption made of it, but for these. */
static void
record_becomes(struct fixture *fixture, const char *password, unsigned status)
{
	static const struct actor root = {.name = "root", .login_uid = UINT32_MAX};
	struct user user = {0};
	struct txn *txn;

	assert_good(fixture, store_write_begin(fixture->admin.store, &root, "test", NOW, &txn,
	    &fixture->why));
	assert_good(fixture, user_find_name(txn, "anna", &user, &fixture->why));
	free(user.password);
	user.password = strdup(password);
	user.status = status;
	user.password_set = 20758 * INT64_C(86400);
	user.must_change = false;
	user.valid_until = 0;
	assert_good(fixture, user_put(txn, &user, &fixture->why));
	assert_good(fixture, store_commit(txn, NULL, &fixture->why));
	user_clear(&user);
}

/* Of "another password"; as HASH. */
#define OTHER_HASH \
	"$6$rounds=1000$saltstring$" \
	"Dg9afSHqIgAmkAGQnlJSzTTwUGxusucbM4WYuHua4X28oqfRF.VTmLy2AmI3VtPZrkXJOo2R.njVFCyZrqoJb1"

static void
the_hosts_last_word_is_taken_over(void **state)
{
	static const struct {
		const char *line;
		const char *password;
		const char *set, *must_change, *status, *valid_until;
		const char *notice;
	} rows[] = {
		{OTHER_HASH ":" DAY ":0:99999:7:::", OTHER_HASH, "2026-11-01T00:00:00Z", "no",
		    "active", "", "password of this host now"},
		/* Today: at midnight it may have been the old one yet. */
		{OTHER_HASH ":20778:0:99999:7:::", OTHER_HASH, "2026-11-21T09:30:00Z", "no",
		    "active", "", "password of this host now"},
		{OTHER_HASH ":0:0:99999:7:::", OTHER_HASH, "2026-11-21T09:30:00Z", "yes", "active",
		    "", "password of this host now"},
		{"!" HASH ":" DAY ":0:99999:7:::", HASH, "2026-11-01T00:00:00Z", "no", "suspended",
		    "", "is locked on this host, and suspended here"},
		{"!" OTHER_HASH ":" DAY ":0:99999:7:::", OTHER_HASH, "2026-11-01T00:00:00Z", "no",
		    "suspended", "", "is locked on this host, and suspended here"},
		{"!:" DAY ":0:99999:7:::", NULL, "", "no", "active", "", "no password"},
		{"*:" DAY ":0:99999:7:::", NULL, "", "no", "active", "", "no password"},
		{HASH ":20700:0:99999:7:::", HASH, "2026-09-04T00:00:00Z", "no", "active", "", NULL},
		{HASH ":0:0:99999:7:::", HASH, "2026-11-01T00:00:00Z", "yes", "active", "", NULL},
		{HASH ":" DAY ":0:99999:7::0:", HASH, "2026-11-01T00:00:00Z", "no", "active",
		    "1970-01-01T00:00:01Z", "has ended"},
		{HASH ":" DAY ":0:99999:7::20778:", HASH, "2026-11-01T00:00:00Z", "no", "active",
		    "2026-11-20T23:59:59Z", "has ended"},
	};
	struct fixture *fixture = *state;

	assert_good(fixture, adopt_quietly(fixture, "anna"));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct user user = {0};
		uint64_t before;

		shadow_becomes(fixture, HASH ":" DAY ":0:99999:7:::");
		record_becomes(fixture, HASH, STATUS_ACTIVE);
		assert_false(is_outdated(fixture, NOW));
		shadow_becomes(fixture, rows[i].line);
		assert_true(is_outdated(fixture, NOW));
		before = journal_at(fixture);
		assert_good(fixture, adopt_again(fixture, true));
		assert_int_equal(journal_at(fixture), before);
		assert_good(fixture, adopt_again(fixture, false));
		assert_int_equal(journal_at(fixture), before + 1);
		assert_true(rows[i].notice == NULL || is_told(fixture, rows[i].notice));
		assert_journal(fixture, "user adopt");
		assert_false(is_outdated(fixture, NOW));
		read_user(fixture, "anna", &user);
		assert_int_equal(user.password == NULL, rows[i].password == NULL);
		if (rows[i].password != NULL)
			assert_string_equal(user.password, rows[i].password);
		user_clear(&user);
		assert_string_equal(user_text(fixture, "anna", "password-set"), rows[i].set);
		assert_string_equal(user_text(fixture, "anna", "must-change"), rows[i].must_change);
		assert_string_equal(user_text(fixture, "anna", "status"), rows[i].status);
		assert_string_equal(user_text(fixture, "anna", "valid-until"), rows[i].valid_until);
	}
}

/* A hash of Hexa's own; whether it is one of any password is not asked. */
#define OWN_HASH "$argon2id$v=19$m=8192,t=3,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNo"

static void
what_the_host_does_not_say_stays(void **state)
{
	static const struct {
		const char *line;
		const char *password;
		unsigned status;
	} rows[] = {
		{HASH ":" DAY ":0:99999:7:::", HASH, STATUS_ACTIVE},
		{HASH "::0:99999:7:::", HASH, STATUS_ACTIVE},
		{HASH ":99999999:0:99999:7:::", HASH, STATUS_ACTIVE},
		{HASH ":" DAY ":0:99999:7::20779:", HASH, STATUS_ACTIVE},
		/* Who suspended them is not known: they do not come back by this. */
		{HASH ":" DAY ":0:99999:7:::", HASH, STATUS_SUSPENDED},
		{"!" HASH ":" DAY ":0:99999:7:::", HASH, STATUS_SUSPENDED},
		{"!" HASH ":" DAY ":0:99999:7:::", HASH, STATUS_REVOKED},
		/* As the adoption of somebody without a password has told to do. */
		{"!:" DAY ":0:99999:7:::", OWN_HASH, STATUS_ACTIVE},
		{"*:" DAY ":0:99999:7:::", OWN_HASH, STATUS_ACTIVE},
	};
	struct fixture *fixture = *state;

	assert_good(fixture, adopt_quietly(fixture, "anna"));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t before;

		record_becomes(fixture, rows[i].password, rows[i].status);
		shadow_becomes(fixture, rows[i].line);
		before = journal_at(fixture);
		assert_false(is_outdated(fixture, NOW));
		assert_good(fixture, adopt_again(fixture, false));
		assert_int_equal(journal_at(fixture), before);
	}
	/* Where both have one, it is the host's: that is the one they log in by. */
	record_becomes(fixture, OWN_HASH, STATUS_ACTIVE);
	shadow_becomes(fixture, HASH ":" DAY ":0:99999:7:::");
	assert_true(is_outdated(fixture, NOW));
	assert_good(fixture, adopt_again(fixture, false));
	assert_false(is_outdated(fixture, NOW));
}

/* A password of the very day of the adoption is as old as that the day after. */
static void
a_day_later_nothing_has_changed(void **state)
{
	struct fixture *fixture = *state;

	shadow_becomes(fixture, HASH ":20778:0:99999:7:::");
	assert_good(fixture, adopt_quietly(fixture, "anna"));
	assert_false(is_outdated(fixture, NOW));
	assert_false(is_outdated(fixture, NOW + 3 * INT64_C(86400)));
}

static void
once_more_is_refused_like_the_first_time(void **state)
{
	static const struct {
		const char *passwd, *shadow;
		enum fault fault;
		const char *field;
	} rows[] = {
		{ANNA, "anna::" DAY ":0:99999:7:::\n", FAULT_RULE, "password"},
		{ANNA, "anna:$1$saltsalt$NuzA7WTAelpl95xgBGWN60:" DAY ":0:99999:7:::\n", FAULT_RULE,
		    "password"},
		{ANNA, "anna:$6$saltstring$x:" DAY ":0:99999:7:::\n", FAULT_RULE, "password"},
		{ANNA ANNA, "", FAULT_CONFLICT, "name"},
		{ANNA, "anna:*:::::::\nanna:" HASH ":::::::\n", FAULT_CONFLICT, "name"},
		{SOMEBODY("anna", "1006", "1005"), "", FAULT_CONFLICT, "name"},
		{"", "", FAULT_CONFLICT, "name"},
	};
	struct fixture *fixture = *state;

	assert_good(fixture, adopt_quietly(fixture, "anna"));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		host_is(fixture, rows[i].passwd, rows[i].shadow, "");
		assert_refused(fixture, rows[i].fault, rows[i].field, adopt_again(fixture, false));
	}
	/* Roles are no password's. */
	shadow_becomes(fixture, OTHER_HASH ":" DAY ":0:99999:7:::");
	assert_refused(fixture, FAULT_CONFLICT, "name", adopt_quietly(fixture, "anna"));
	assert_true(is_outdated(fixture, NOW));
	assert_good(fixture, adopt_again(fixture, false));
}

/* ---- the password -------------------------------------------------------------------------- */

static struct login
login_of(const struct fixture *fixture)
{
	return (struct login){.root = fixture->root, .account = 1005, .user = "anna",
	    .service = "sshd", .from = "192.0.2.7", .now = NOW + 60};
}

/* The line that was asked first has gone. */
static void
line_goes(struct fixture *fixture)
{
	host_is(fixture, "", "", "");
}

/* Says the password; whether it was right. */
static bool
let_in(struct fixture *fixture, const char *password, struct login_answer *answer)
{
	const struct login login = login_of(fixture);

	*answer = (struct login_answer){0};
	assert_good(fixture, login_authenticate(&login, password, answer, &fixture->why));
	return verdict_allows(answer->verdict);
}

/* By whatever name: the password of the day of the adoption opens nothing beside the host's own. */
static void
until_the_line_goes_the_host_is_the_judge(void **state)
{
	static const char *const names[] = {"anna@example.org", "+46701234567", "anna"};
	static const struct actor person = {.login_uid = 1005};
	struct fixture *fixture = *state;

	assert_good(fixture, adopt_quietly(fixture, "anna"));
	assert_good(fixture, account_edit(&fixture->admin, "anna",
	    EDITS(USER_SET("email", names[0]), USER_SET("phone", names[1])), &fixture->why));
	admin_close(&fixture->admin);
	for (int stands = 1; stands >= 0; stands--) {
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
			struct login login = login_of(fixture);
			struct login_answer answer = {0};
			enum verdict verdict = stands ? VERDICT_NOT_ACTIVE : VERDICT_ALLOWED;

			login.user = names[i];
			for (login.caller = 0; login.caller <= 1005; login.caller += 1005) {
				assert_good(fixture,
				    login_authenticate(&login, PASSWORD, &answer, &fixture->why));
				assert_int_equal(answer.verdict, verdict);
				assert_int_equal(answer.rehash[0] == '\0', stands);
				assert_good(fixture, login_account(&login, &answer, &fixture->why));
				assert_int_equal(answer.verdict, verdict);
				assert_good(fixture, login_verify_password(&login, PASSWORD, &answer,
				    &fixture->why));
				assert_int_equal(answer.verdict, verdict);
				assert_good(fixture, login_verify_password(&login, "wrong", &answer,
				    &fixture->why));
				assert_int_equal(answer.verdict, VERDICT_NONE);
				assert_fault(fixture, stands ? FAULT_RULE : FAULT_INVALID,
				    login_change_password(&login, &person, PASSWORD, PASSWORD,
				        &answer, &fixture->why));
			}
		}
		line_goes(fixture);
	}
	fixture_open(fixture, &plain_root);
}

static void
the_first_good_login_renews_the_hash(void **state)
{
	static const struct actor nobody = {.login_uid = 1005, .from = "192.0.2.7"};
	struct fixture *fixture = *state;
	struct login_answer answer;
	struct user user = {0};

	assert_good(fixture, adopt_quietly(fixture, "anna"));
	line_goes(fixture);
	admin_close(&fixture->admin);
	assert_false(let_in(fixture, "annas old passwor", &answer));
	assert_string_equal(answer.rehash, "");
	assert_false(let_in(fixture, "", &answer));
	assert_string_equal(answer.rehash, "");
	assert_true(let_in(fixture, PASSWORD, &answer));
	assert_memory_equal(answer.rehash, "$argon2id$", 10);
	assert_good(fixture,
	    login_upgrade(fixture->root, &answer, &nobody, NOW + 60, &fixture->why));
	/* The same once more is about another record than this. */
	assert_fault(fixture, FAULT_CONFLICT,
	    login_upgrade(fixture->root, &answer, &nobody, NOW + 60, &fixture->why));
	assert_true(let_in(fixture, PASSWORD, &answer));
	assert_string_equal(answer.rehash, "");
	assert_false(let_in(fixture, "another password", &answer));

	fixture_open(fixture, &plain_root);
	assert_journal(fixture, "password upgrade");
	read_user(fixture, "anna", &user);
	assert_memory_equal(user.password, "$argon2id$", 10);
	/* It is as old as it was. */
	assert_string_equal(user_text(fixture, "anna", "password-set"), "2026-11-01T00:00:00Z");
	user_clear(&user);
}

/* Nobody is refused because the new hash cannot be written. */
static void
a_login_does_not_rest_on_the_new_hash(void **state)
{
	static const struct actor nobody = {.login_uid = 1005};
	struct fixture *fixture = *state;
	struct login_answer answer;
	char *database = path_under(fixture->root, DATABASE_FILE);

	assert_good(fixture, adopt_quietly(fixture, "anna"));
	line_goes(fixture);
	admin_close(&fixture->admin);
	for (int i = 0; i < 2; i++) {
		assert_true(let_in(fixture, PASSWORD, &answer));
		assert_string_not_equal(answer.rehash, "");
	}
	assert_int_equal(chmod(database, 0644), 0);
	assert_fault(fixture, FAULT_UNAVAILABLE,
	    login_upgrade(fixture->root, &answer, &nobody, NOW + 60, &fixture->why));
	assert_int_equal(chmod(database, 0600), 0);
	assert_true(let_in(fixture, PASSWORD, &answer));
	free(database);
	fixture_open(fixture, &plain_root);
}

/* Whoever is not let in has nothing renewed; a password that is changed has a new hash anyway. */
static void
only_who_is_let_in_is_renewed(void **state)
{
	static const struct actor person = {.login_uid = 1005};
	struct fixture *fixture = *state;
	const struct login login = login_of(fixture);
	struct login_answer answer;
	struct user user = {0};

	assert_good(fixture, adopt_quietly(fixture, "anna"));
	line_goes(fixture);
	assert_good(fixture, account_suspend(&fixture->admin, "anna", &fixture->why));
	assert_false(let_in(fixture, PASSWORD, &answer));
	assert_int_equal(answer.verdict, VERDICT_NOT_ACTIVE);
	assert_string_equal(answer.rehash, "");
	assert_good(fixture, account_resume(&fixture->admin, "anna", &fixture->why));
	admin_close(&fixture->admin);
	assert_fault(fixture, FAULT_DENIED, login_change_password(&login, &person, "wrong",
	    "annas new password", &answer, &fixture->why));
	assert_fault(fixture, FAULT_INVALID, login_change_password(&login, &person, PASSWORD,
	    PASSWORD, &answer, &fixture->why));
	assert_good(fixture, login_change_password(&login, &person, PASSWORD, "annas new password",
	    &answer, &fixture->why));
	fixture_open(fixture, &plain_root);
	read_user(fixture, "anna", &user);
	assert_memory_equal(user.password, "$argon2id$", 10);
	user_clear(&user);
}

/* A hash that nobody made stands in the record, as if the database had been tampered with. */
static void
what_is_no_hash_lets_nobody_in(void **state)
{
	static const char *const planted[] = {"*0", "*1", "!" HASH, "$9$abc$def", "x",
	    "$6$rounds=999999999$saltstring$x", "$1$saltsalt$NuzA7WTAelpl95xgBGWN60"};
	static const struct actor root = {.name = "root", .login_uid = UINT32_MAX};
	struct fixture *fixture = *state;

	assert_good(fixture, adopt_quietly(fixture, "anna"));
	line_goes(fixture);
	for (size_t i = 0; i < sizeof(planted) / sizeof(planted[0]); i++) {
		struct login_answer answer;
		struct user user = {0};
		struct txn *txn;

		assert_good(fixture, store_write_begin(fixture->admin.store, &root, "test", NOW, &txn,
		    &fixture->why));
		assert_good(fixture, user_find_name(txn, "anna", &user, &fixture->why));
		free(user.password);
		user.password = strdup(planted[i]);
		assert_good(fixture, user_put(txn, &user, &fixture->why));
		assert_good(fixture, store_commit(txn, NULL, &fixture->why));
		user_clear(&user);
		admin_close(&fixture->admin);
		assert_false(let_in(fixture, PASSWORD, &answer));
		assert_false(let_in(fixture, planted[i], &answer));
		assert_false(let_in(fixture, "correct horse", &answer));
		fixture_open(fixture, &plain_root);
	}
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, fixture_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(takes_the_account_as_it_is),
	    TEST(a_plan_is_the_same_and_writes_nothing),
	    TEST(what_else_the_host_has_for_them_is_told),
	    TEST(names_come_from_gecos),
	    TEST(the_password_field_says_who_is_let_in),
	    TEST(the_days_of_shadow_become_times),
	    TEST(who_is_no_person_of_this_host_is_refused),
	    TEST(and_who_stands_beside_them_is_not),
	    TEST(roles_and_limits_are_asked_as_for_everybody),
	    TEST(an_id_that_was_given_is_not_taken_over),
	    TEST(a_roles_group_is_nobodys_primary_group),
	    TEST(what_was_taken_over_is_not_given_out),
	    TEST(a_group_of_ones_own_is_answered),
	    TEST(a_system_group_is_replaced_by_ones_own),
	    TEST(the_hosts_group_stays_the_hosts),
	    TEST(a_group_that_the_host_forgot_is_ones_own),
	    TEST(the_lines_that_go_are_the_users_own),
	    TEST(is_unfinished_while_the_line_stands),
	    TEST(the_hosts_last_word_is_taken_over),
	    TEST(what_the_host_does_not_say_stays),
	    TEST(a_day_later_nothing_has_changed),
	    TEST(once_more_is_refused_like_the_first_time),
	    TEST(until_the_line_goes_the_host_is_the_judge),
	    TEST(the_first_good_login_renews_the_hash),
	    TEST(a_login_does_not_rest_on_the_new_hash),
	    TEST(only_who_is_let_in_is_renewed),
	    TEST(what_is_no_hash_lets_nobody_in),
	};

	return RUN_AS_ROOT(tests);
}
