/*
 * fill.c - makes a database of many users: fill COUNT ROOT OUT
 * The database and what it publishes stand under ROOT afterwards; the same people as passwd, group
 * and shadow stand in the folder OUT.  Prints how many milliseconds each step took.
 */
#include <crypt.h>
#include <err.h>
#include <stdio.h>
#include <string.h>

#include "accounts/roles.h"
#include "bench/clock.h"
#include "bench/people.h"
#include "store/crypto.h"
#include "store/publish.h"

static const struct actor root_actor = {.name = "root", .login_uid = UINT32_MAX};
static const struct caller plain_root = {.login_uid = UINT32_MAX};
static struct why why;

/* How many persons one transaction makes: the database grows between them. */
enum { PORTION = 100000 };

static void
must(enum fault fault, const char *what)
{
	if (fault != FAULT_NONE)
		errx(1, "%s: %s %s", what, why.field, why.text);
}

static void
tell(const char *step, uint64_t began)
{
	printf("%s %.0f\n", step, (double)(now_ns() - began) / 1e6);
	fflush(stdout);
}

/* ---- the policy ---------------------------------------------------------------------------- */

static void
make_roles(struct admin *admin)
{
	struct policy_application application = {0};
	struct bytes yaml = {0};
	char name[NAME_ROOM];

	bytes_print(&yaml, "hexa-policy: 1\npermissions:\n"
	                   "  shell.login: {services: [bench]}\n"
	                   "  files.share: {title: Share files}\nroles:\n");
	for (unsigned role = 0; role < ROLES; role++) {
		role_name(role, name);
		bytes_print(&yaml, "  %s: {permissions: [shell.login]}\n", name);
	}
	application.yaml = (const char *)yaml.data;
	application.size = yaml.size;
	must(policy_apply(admin, &application, NULL, &why), "policy");
	bytes_clear(&yaml);
}

/* ---- the people ---------------------------------------------------------------------------- */

static void
set(struct user *user, const char *field, const char *value)
{
	must(field_parse(field_find(&user_table, field), user, value, &why), field);
}

static void
set_password(struct user *user, enum password password)
{
	static const struct crypto_cost least = {1, 8192};

	if (password == PASSWORD_NONE)
		return;
	must(crypto_password_hash(PEOPLE_PASSWORD,
	         password == PASSWORD_USUAL ? &crypto_cost_default : &least, &user->password, &why),
	    "hash");
	user->password_set = time(NULL);
}

static void
describe(struct user *user, unsigned person, unsigned count)
{
	char name[NAME_ROOM], home[HOME_ROOM], role[NAME_ROOM];
	unsigned roles[ROLES_EACH];

	person_name(person, name);
	person_home(name, home);
	person_roles(person, roles);
	user->status = STATUS_ACTIVE;
	set(user, "name", name);
	set(user, "first-name", "Example");
	set(user, "last-name", "Person");
	set(user, "home", home);
	set(user, "shell", "/bin/bash");
	for (unsigned i = 0; i < ROLES_EACH; i++) {
		role_name(roles[i], role);
		must(field_add(field_find(&user_table, "roles"), user, role, &why), role);
	}
	set_password(user, person_password(person, count));
}

/* The persons from `first` up to `end`; returns how many nanoseconds went before the commit. */
static uint64_t
make_some(struct store *store, unsigned first, unsigned end, unsigned count)
{
	uint64_t began = now_ns(), filled;
	struct txn *txn;

	must(store_write_begin(store, &root_actor, "fill", time(NULL), &txn, &why), "begin");
	for (unsigned person = first; person < end; person++) {
		struct user user = {0};

		describe(&user, person, count);
		must(user_put(txn, &user, &why), user.name);
		user_clear(&user);
	}
	filled = now_ns() - began;
	must(store_commit(txn, NULL, &why), "commit");
	return filled;
}

static void
make_people(struct store *store, unsigned count)
{
	uint64_t began = now_ns(), filling = 0;

	for (unsigned first = 0; first < count; first += PORTION)
		filling += make_some(store, first, count - first < PORTION ? count : first + PORTION,
		    count);
	tell("fill", now_ns() - filling);
	tell("commit-and-publish", began + filling);
	began = now_ns();
	must(publish_rebuild(store, (int64_t)time(NULL), &why), "publish");
	tell("publish-anew", began);
}

/* ---- the same as text ---------------------------------------------------------------------- */

static FILE *
create(const char *folder, const char *name)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "we");
	if (!file)
		err(1, "%s", path);
	return file;
}

static void
finish(FILE *file)
{
	if (fflush(file) != 0 || ferror(file))
		err(1, "writing");
	fclose(file);
}

/* yescrypt at the cost that Debian uses, or a hash that takes no time. */
static const char *
crypt_of(enum password password)
{
	const char *hash;

	if (password == PASSWORD_NONE)
		return "*";
	hash = crypt(PEOPLE_PASSWORD,
	    password == PASSWORD_USUAL ? "$y$j9T$benchbenchbench." : "ab");
	if (!hash || *hash == '*')
		errx(1, "crypt");
	return hash;
}

static void
write_people(struct txn *txn, unsigned count, FILE *passwd, FILE *group, FILE *shadow)
{
	for (unsigned person = 0; person < count; person++) {
		struct user user = {0};
		char name[NAME_ROOM];

		person_name(person, name);
		must(user_find_name(txn, name, &user, &why), name);
		fprintf(passwd, "%s:x:%u:%u:Example Person:%s:%s\n", name, user.uid, user.gid,
		    user.home, user.shell);
		fprintf(group, "%s:x:%u:\n", name, user.gid);
		fprintf(shadow, "%s:%s:19000:0:99999:7:::\n", name,
		    crypt_of(person_password(person, count)));
		user_clear(&user);
	}
}

static void
write_role(struct txn *txn, unsigned role, FILE *group)
{
	char name[NAME_ROOM];
	struct role record = {0};
	struct user user = {0};
	uint32_t uid = 0;
	char comma = ':';
	enum fault fault;

	role_name(role, name);
	must(role_get(txn, name, &record, &why), name);
	fprintf(group, "%s:x:%u", name, record.gid);
	role_clear(&record);
	while ((fault = role_member_next(txn, name, uid, &uid, &why)) == FAULT_NONE) {
		must(user_get(txn, uid, &user, &why), name);
		fprintf(group, "%c%s", comma, user.name);
		comma = ',';
		user_clear(&user);
	}
	if (fault != FAULT_UNKNOWN)
		must(fault, name);
	fputc('\n', group);
}

static void
write_text(struct store *store, unsigned count, const char *folder)
{
	FILE *passwd = create(folder, "passwd"), *group = create(folder, "group");
	FILE *shadow = create(folder, "shadow");
	struct txn *txn;

	must(store_read_begin(store, &txn, &why), "read");
	write_people(txn, count, passwd, group, shadow);
	for (unsigned role = 0; role < ROLES; role++)
		write_role(txn, role, group);
	store_end(txn);
	finish(passwd);
	finish(group);
	finish(shadow);
}

int
main(int argc, char **argv)
{
	unsigned long count = argc == 4 ? strtoul(argv[1], NULL, 10) : 0;
	struct admin admin;

	if (count < 2 || count > PEOPLE_MAX)
		errx(2, "usage: fill COUNT ROOT OUT");
	must(crypto_start(&why), "crypto");
	must(store_create(argv[2], NULL, &root_actor, time(NULL), &why), "create");
	must(admin_open(&admin, argv[2], &plain_root, 0, time(NULL), &why), "open");
	make_roles(&admin);
	make_people(admin.store, (unsigned)count);
	write_text(admin.store, (unsigned)count, argv[3]);
	admin_close(&admin);
	return 0;
}
