/*
 * policy.c - how long the questions take that look at every user: policy COUNT ROOT
 * Makes a database of COUNT users under ROOT, which has an /etc with passwd and group, and prints
 * how many milliseconds each took.
 */
#include <err.h>
#include <stdio.h>
#include <string.h>

#include "accounts/review.h"
#include "accounts/roles.h"
#include "bench/clock.h"
#include "bench/people.h"
#include "store/crypto.h"

static const struct actor root_actor = {.name = "root", .login_uid = UINT32_MAX};
static const struct caller plain_root = {.login_uid = UINT32_MAX};
static struct why why;

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

/* ---- the policies ------------------------------------------------------------------------- */

/* What is different in one policy from the first. */
struct variant {
	const char *shell_services;
	const char *first_role; /* what the first role carries, besides shell.login */
	const char *constraints;
};

static struct bytes
make_policy(const struct variant *variant)
{
	struct bytes yaml = {0};
	char name[NAME_ROOM];

	bytes_print(&yaml, "hexa-policy: 1\npermissions:\n"
	    "  shell.login: {services: [%s]}\n  shell.sudo: {services: [sudo, sudo-i]}\n"
	    "  files.share: {title: Share files}\n  logs.read: {unix-groups: [adm]}\nroles:\n",
	    variant->shell_services);
	for (unsigned role = 0; role < ROLES; role++) {
		role_name(role, name);
		bytes_print(&yaml, "  %s: {permissions: [shell.login%s], group: no}\n", name,
		    role == 0 ? variant->first_role : "");
	}
	bytes_print(&yaml, "%s", variant->constraints);
	if (yaml.failed)
		errx(1, "out of memory");
	return yaml;
}

static void
apply(struct admin *admin, const struct variant *variant)
{
	struct bytes yaml = make_policy(variant);
	const struct policy_application application = {
	    .yaml = (const char *)yaml.data, .size = yaml.size};

	must(policy_apply(admin, &application, NULL, &why), "apply");
	bytes_clear(&yaml);
}

static void
plan(struct admin *admin, const struct variant *variant, const char *step)
{
	struct bytes yaml = make_policy(variant);
	struct plan made = {0};
	struct why refused;
	uint64_t began = now_ns();

	must(policy_diff(admin, (const char *)yaml.data, yaml.size, &made, &refused, &why), step);
	tell(step, began);
	printf("  %zu of %llu users in %zu kinds\n", made.user_count,
	    (unsigned long long)made.users, made.changes_count);
	plan_clear(&made);
	bytes_clear(&yaml);
}

/* ---- the people --------------------------------------------------------------------------- */

static void
set(struct user *user, const char *field, const char *value)
{
	must(field_parse(field_find(&user_table, field), user, value, &why), field);
}

/* Three roles of a hundred: at 100 000 nearly everybody is of a kind of their own. */
static void
make_people(struct store *store, unsigned count)
{
	struct txn *txn;

	must(store_write_begin(store, &root_actor, "fill", time(NULL), &txn, &why), "begin");
	for (unsigned person = 0; person < count; person++) {
		struct user user = {.status = STATUS_ACTIVE};
		unsigned roles[ROLES_EACH];
		char name[NAME_ROOM];

		person_name(person, name);
		person_roles(person, roles);
		set(&user, "name", name);
		set(&user, "first-name", "Example");
		set(&user, "last-name", "Person");
		for (unsigned i = 0; i < ROLES_EACH; i++) {
			role_name(roles[i], name);
			must(field_add(field_find(&user_table, "roles"), &user, name, &why), name);
		}
		must(user_put(txn, &user, &why), user.name);
		user_clear(&user);
	}
	must(store_commit(txn, NULL, &why), "commit");
}

/* ---- the questions ------------------------------------------------------------------------ */

static enum fault
count_holder(void *context, const struct holder_of *holder, struct why *unused)
{
	size_t *count = context;

	(void)holder;
	(void)unused;
	++*count;
	return FAULT_NONE;
}

static void
who_can(struct admin *admin, const char *permission, const char *service, const char *step)
{
	const struct question_of question = {permission, service, time(NULL), 0};
	uint64_t began = now_ns();
	size_t count = 0;

	must(review_holders(admin, &question, count_holder, &count, &why), step);
	tell(step, began);
	printf("  %zu users\n", count);
}

static void
edit_role(struct admin *admin)
{
	const struct edit edit = {EDIT_SET, field_find(&role_table, "title"), "Team"};
	uint64_t began = now_ns();
	char name[NAME_ROOM];

	role_name(1, name);
	must(role_edit(admin, name, &(struct edits){&edit, 1}, &why), "role edit");
	tell("role edit (a title)", began);
}

int
main(int argc, char **argv)
{
	static const struct variant first = {"sshd, login", "", ""};
	static const struct variant more = {"sshd, login", ", logs.read, shell.sudo", ""};
	static const struct variant named = {
	    "sshd, login, su, su-l, cron, atd, systemd-user, polkit-1", "", ""};
	static const struct variant apart = {"sshd, login", "",
	    "constraints:\n  - never-together: [team00, system-administrator]\n"};
	unsigned long count = argc == 3 ? strtoul(argv[1], NULL, 10) : 0;
	struct admin admin;
	uint64_t began;

	if (count < 2 || count > PEOPLE_MAX)
		errx(2, "usage: policy COUNT ROOT");
	must(crypto_start(&why), "crypto");
	must(store_create(argv[2], NULL, &root_actor, time(NULL), &why), "create");
	must(admin_open(&admin, argv[2], &plain_root, 0, time(NULL), &why), "open");
	apply(&admin, &first);
	make_people(admin.store, (unsigned)count);
	plan(&admin, &first, "plan (the same policy)");
	plan(&admin, &more, "plan (a role gains two)");
	plan(&admin, &named, "plan (services are named)");
	who_can(&admin, "shell.login", NULL, "who-can");
	who_can(&admin, "shell.login", "sshd", "who-can --service");
	edit_role(&admin);
	began = now_ns();
	apply(&admin, &apart);
	tell("apply (a constraint)", began);
	began = now_ns();
	apply(&admin, &more);
	tell("apply (a role gains two)", began);
	admin_close(&admin);
	return 0;
}
