/*
 * stage.h - a host with somebody of every kind on it, for tests that try everything on everybody:
 * it is set up once, kept as bytes, and put back after each change, so that no try sees another's.
 */
#ifndef HEXA_TESTS_STAGE_H
#define HEXA_TESTS_STAGE_H

#include "tests/unit/accounts_fixture.h"
#include "tests/unit/oracle.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>

#include "accounts/attachments.h"
#include "accounts/clients.h"
#include "accounts/effects.h"
#include "store/attachments.h"
#include "store/paths.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- the files, as they were ---------------------------------------------------------------- */

struct kept_file {
	char path[192];
	unsigned char *data;
	size_t size;
};

enum { KEPT_MAX = 32 };

struct kept {
	struct kept_file file[KEPT_MAX];
	size_t count;
};

/* nftw(3) has no context of its own. */
static struct kept *walked;

static const struct kept_file *
kept_find(const struct kept *kept, const char *path)
{
	for (size_t i = 0; i < kept->count; i++)
		if (strcmp(kept->file[i].path, path) == 0)
			return &kept->file[i];
	return NULL;
}

/* The lock files hold nothing while nobody has the database open. */
static bool
is_lock(const char *path)
{
	size_t size = strlen(path);

	return size > 5 && strcmp(path + size - 5, "-lock") == 0;
}

static int
keep_entry(const char *path, const struct stat *stat, int kind, struct FTW *at)
{
	struct kept_file *file = &walked->file[walked->count];
	FILE *from;

	(void)at;
	if (kind != FTW_F || is_lock(path))
		return 0;
	assert_in_range(walked->count, 0, KEPT_MAX - 1);
	assert_in_range(snprintf(file->path, sizeof(file->path), "%s", path), 1,
	    sizeof(file->path) - 1);
	file->size = (size_t)stat->st_size;
	file->data = malloc(file->size + 1);
	from = fopen(path, "re");
	assert_true(file->data != NULL && from != NULL);
	assert_int_equal(fread(file->data, 1, file->size, from), file->size);
	fclose(from);
	walked->count++;
	return 0;
}

static int
drop_entry(const char *path, const struct stat *stat, int kind, struct FTW *at)
{
	(void)stat;
	(void)at;
	if (kind == FTW_F && !is_lock(path) && kept_find(walked, path) == NULL)
		assert_int_equal(unlink(path), 0);
	return 0;
}

static void
walk(const char *root, struct kept *kept, __nftw_func_t each)
{
	char path[192];

	walked = kept;
	snprintf(path, sizeof(path), "%s" STATE_FOLDER, root);
	assert_int_equal(nftw(path, each, 16, FTW_PHYS), 0);
	snprintf(path, sizeof(path), "%s" RUN_FOLDER, root);
	assert_int_equal(nftw(path, each, 16, FTW_PHYS), 0);
}

static void
write_back(const struct kept_file *file)
{
	int fd = open(file->path, O_WRONLY | O_TRUNC | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, file->data, file->size), file->size);
	close(fd);
}

/* ---- the host ------------------------------------------------------------------------------- */

/* A document more of the same words costs no file. */
__attribute__((unused)) static const char a_document[] = "Anybody's certificate.\n";

/* Everything that is known about the host as it was set up. */
struct scene {
	struct kept kept;
	unsigned char head[2 * 4096];  /* both heads of the database: any commit writes one */
	struct document policy;
	struct user *user;             /* in the order of their uids */
	uint32_t *document;            /* of each, the number of one of theirs */
	uint32_t orphan;               /* of one of who is gone */
	size_t users;
	struct effects *user_effects;  /* of each, by effects.h */
	struct effects *role_effects;  /* of each role of the policy */
};

struct stage {
	struct fixture *fixture;
	struct scene *scene;     /* what is played in */
	int database;            /* for looking at its heads */
	const char *as;          /* who acts; NULL: plain root */
	const struct user *actor; /* their record in the scene; NULL: root's */
	struct havings has;      /* what they have to give */
	struct effects gives;    /* the same, by effects.h */
	char cell[384];          /* what is being tried, in words */
	unsigned red;            /* what has gone wrong */
};

static struct stage stage;

enum { RED_TOLD = 40 };

/* Goes on: which cells there are that go wrong says more than the first of them. */
__attribute__((format(printf, 1, 2))) static void
tell_red(const char *format, ...)
{
	va_list values;

	if (stage.red++ >= RED_TOLD)
		return;
	va_start(values, format);
	vprint_error(format, values);
	va_end(values);
	print_error("\n");
}

__attribute__((unused)) static const char *
actor_text(void)
{
	static char text[256];

	if (stage.actor == NULL)
		return stage.as == NULL ? "root" : stage.as;
	snprintf(text, sizeof(text), "%s (%s%s)", stage.as,
	    stage.actor->roles.count == 0 ? "no role" : stage.actor->roles.item[0],
	    stage.actor->roles.count > 1 ? " …" : "");
	return text;
}

/* The group of /etc/group that lists this login name. */
static const char *
host_group_of(const char *name)
{
	return name != NULL && (strcmp(name, "listed") == 0 || strcmp(name, "spectre") == 0)
	    ? "painters" : NULL;
}

static const struct user *
find_user(const char *name)
{
	for (size_t i = 0; i < stage.scene->users; i++)
		if (strcmp(stage.scene->user[i].name, name) == 0)
			return &stage.scene->user[i];
	return NULL;
}

static const struct user *
find_uid(const struct scene *scene, uint32_t uid, size_t *at)
{
	for (size_t i = 0; i < scene->users; i++)
		if (scene->user[i].uid == uid) {
			*at = i;
			return &scene->user[i];
		}
	return NULL;
}

/* Plain root, beside whoever has the database open, and insisting. */
static struct fixture
as_root(const struct fixture *fixture)
{
	struct fixture root = *fixture;

	root.admin.is_root = true;
	root.admin.insist = true;
	root.admin.self = 0;
	root.admin.notices = (struct names){0};
	return root;
}

static struct txn *
look(void)
{
	struct txn *txn;

	assert_good(stage.fixture,
	    store_read_begin(stage.fixture->admin.store, &txn, &stage.fixture->why));
	return txn;
}

/* Written past all rules: how the host has come to be so is no matter here. */
static void
put_field(struct fixture *fixture, const char *name, const char *field, const char *value)
{
	struct fixture root = as_root(fixture);
	struct user user = {0};
	struct txn *txn;

	assert_good(&root, store_write_begin(root.admin.store, &root.admin.actor, "set up", NOW,
	    &txn, &root.why));
	assert_good(&root, user_find_name(txn, name, &user, &root.why));
	assert_good(&root, field_parse(user_field(field), &user, value, &root.why));
	assert_good(&root, user_put(txn, &user, &root.why));
	assert_good(&root, store_commit(txn, NULL, &root.why));
	user_clear(&user);
}

__attribute__((unused)) static void
add_document(struct fixture *fixture, const char *name)
{
	const struct edit kind = {EDIT_SET, field_find(&attachment_table, "kind"), "dossier"};
	struct fixture root = as_root(fixture);
	struct attachment made = {0};
	int fd = memfd_create("document", MFD_CLOEXEC);

	assert_int_equal(write(fd, a_document, sizeof(a_document) - 1), sizeof(a_document) - 1);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_good(&root, attachment_create(&root.admin, name, &(struct edits){&kind, 1}, NULL,
	    fd, &made, &root.why));
	close(fd);
	attachment_clear(&made);
}

/* ---- a scene -------------------------------------------------------------------------------- */

static void
read_head(unsigned char head[2 * 4096])
{
	assert_int_equal(pread(stage.database, head, 2 * 4096, 0), 2 * 4096);
}

static enum fault
effects_now(const struct document *policy, const struct user *user, struct effects *effects)
{
	struct fixture *fixture = stage.fixture;
	const char *group = host_group_of(user->name);
	char *item[] = {(char *)group};
	const struct names groups = {item, group == NULL ? 0 : 1};

	return effects_of_user(policy, user, &groups, NOW, effects, &fixture->why);
}

static void
scene_users(struct scene *scene, struct txn *txn)
{
	struct fixture *fixture = stage.fixture;
	struct attachment attachment = {0};
	uint32_t uid = 0, number = 0;
	uint64_t count = 0;
	size_t at;

	assert_good(fixture, user_count(txn, &count, &fixture->why));
	scene->user = calloc(count, sizeof(*scene->user));
	scene->document = calloc(count, sizeof(*scene->document));
	scene->user_effects = calloc(count, sizeof(*scene->user_effects));
	for (; scene->users < count; scene->users++) {
		struct user *user = &scene->user[scene->users];

		assert_good(fixture, user_next(txn, uid, user, &fixture->why));
		assert_good(fixture, effects_now(&scene->policy, user,
		    &scene->user_effects[scene->users]));
		uid = user->uid;
	}
	while (attachment_next(txn, number, &attachment, &fixture->why) == FAULT_NONE) {
		number = attachment.number;
		if (find_uid(scene, attachment.uid, &at) != NULL)
			scene->document[at] = number;
		else
			scene->orphan = number;
		attachment_clear(&attachment);
	}
}

/* Everything as it stands now, while nobody has the database open but this fixture. */
static struct scene *
scene_keep(void)
{
	struct fixture *fixture = stage.fixture;
	struct scene *scene = calloc(1, sizeof(*scene));
	struct txn *txn = look();

	assert_good(fixture, document_load(txn, &scene->policy, &fixture->why));
	scene_users(scene, txn);
	store_end(txn);
	scene->role_effects = calloc(scene->policy.roles.count, sizeof(*scene->role_effects));
	for (size_t i = 0; i < scene->policy.roles.count; i++)
		assert_good(fixture, effects_of_role(&scene->policy, &scene->policy.roles.role[i],
		    &scene->role_effects[i], &fixture->why));
	walk(fixture->root, &scene->kept, keep_entry);
	read_head(scene->head);
	return scene;
}

static void
scene_free(struct scene *scene)
{
	for (size_t i = 0; i < scene->kept.count; i++)
		free(scene->kept.file[i].data);
	for (size_t i = 0; i < scene->users; i++) {
		user_clear(&scene->user[i]);
		effects_clear(&scene->user_effects[i]);
	}
	for (size_t i = 0; i < scene->policy.roles.count; i++)
		effects_clear(&scene->role_effects[i]);
	document_clear(&scene->policy);
	free(scene->user);
	free(scene->document);
	free(scene->user_effects);
	free(scene->role_effects);
	free(scene);
}

/* ---- acting --------------------------------------------------------------------------------- */

/* Whoever is to act opens the host as the scene has it. */
static void
enter_as(const char *as)
{
	struct caller caller = plain_root;
	struct fixture *fixture = stage.fixture;
	struct txn *txn;

	caller.as = as;
	fixture_open(fixture, &caller);
	stage.as = as;
	stage.actor = as == NULL ? NULL : find_user(as);
	stage.has.count = 0;
	effects_clear(&stage.gives);
	if (stage.actor != NULL)
		oracle_count_user(&stage.scene->policy, stage.actor, host_group_of(as), true, NOW,
		    &stage.has);
	txn = look();
	assert_good(fixture, effects_of_actor(&fixture->admin, txn, &stage.scene->policy,
	    &stage.gives, &fixture->why));
	store_end(txn);
}

/* Puts the host as the scene has it, whatever it is like now, for somebody to act. */
static void
play(struct scene *scene, const char *as)
{
	admin_close(&stage.fixture->admin);
	stage.scene = scene;
	walk(stage.fixture->root, &scene->kept, drop_entry);
	for (size_t i = 0; i < scene->kept.count; i++)
		write_back(&scene->kept.file[i]);
	enter_as(as);
}

/* ---- what must be so whatever was done ------------------------------------------------------- */

static bool
is_untouched(void)
{
	unsigned char head[2 * 4096];

	read_head(head);
	return memcmp(head, stage.scene->head, sizeof(head)) == 0;
}

/* True of who is kept out for now: what they have lets them do nothing. */
static bool
is_kept_out(const struct user *user)
{
	return user->status != STATUS_ACTIVE || (user->valid_until != 0 && NOW > user->valid_until);
}

/* Was a service that nobody named before, and was open as such. */
static bool
had(const struct effect *effect, const struct effects *before)
{
	static char other[] = EFFECT_OTHER;
	struct effect one = *effect;

	if (before != NULL && effects_beyond(&(struct effects){&one, 1}, before) == NULL)
		return true;
	if (before == NULL || effect->kind != EFFECT_SERVICE ||
	    oracle_is_listed(&stage.scene->policy.rules.services, effect->name))
		return false;
	one.name = other;
	return effects_beyond(&(struct effects){&one, 1}, before) == NULL;
}

/* Nothing beyond what it had before, and what the actor has. */
static void
assert_within(const char *whose, const struct effects *after, const struct effects *before)
{
	for (size_t i = 0; i < after->count; i++) {
		const struct effect *effect = &after->effect[i];
		char text[WHY_TEXT_MAX];

		if (had(effect, before) || had(effect, &stage.gives))
			continue;
		effect_explain(effect, text, sizeof(text));
		tell_red("%s: gave %s %s", stage.cell, whose, text);
	}
}

static void
assert_user_within(const struct document *policy, const struct user *user, bool same_policy)
{
	struct effects after = {0};
	size_t at = 0;
	const struct user *before = find_uid(stage.scene, user->uid, &at);

	if (is_kept_out(user) || (same_policy && before != NULL && user->version == before->version))
		return;
	assert_int_equal(effects_now(policy, user, &after), FAULT_NONE);
	assert_within(user->name, &after, before == NULL || is_kept_out(before)
	        ? NULL : &stage.scene->user_effects[at]);
	effects_clear(&after);
}

static bool
is_same_record(const struct table *table, const void *one, const void *other)
{
	for (size_t i = 0; i < table->count; i++)
		if (!field_same(&table->rows[i], one, other))
			return false;
	return true;
}

static bool
is_same_policy(const struct document *one, const struct document *other)
{
	bool same = one->roles.count == other->roles.count &&
	    one->rules.count == other->rules.count &&
	    is_same_record(&settings_table, &one->rules.settings, &other->rules.settings);

	for (size_t i = 0; same && i < one->roles.count; i++)
		same = one->roles.role[i].version == other->roles.role[i].version;
	for (size_t i = 0; same && i < one->rules.count; i++)
		same = is_same_record(&permission_table, &one->rules.permission[i],
		    &other->rules.permission[i]);
	return same;
}

static void
assert_roles_within(const struct document *policy)
{
	const struct roles *before = &stage.scene->policy.roles;

	for (size_t i = 0; i < policy->roles.count; i++) {
		const struct role *role = &policy->roles.role[i];
		const struct effects *had_before = NULL;
		struct effects after = {0};

		for (size_t j = 0; j < before->count; j++)
			if (strcmp(before->role[j].name, role->name) == 0)
				had_before = &stage.scene->role_effects[j];
		assert_int_equal(effects_of_role(policy, role, &after, &stage.fixture->why),
		    FAULT_NONE);
		assert_within(role->name, &after, had_before);
		effects_clear(&after);
	}
}

/* The actor goes on acting and being let in, if they were; and the administrators are there. */
static void
assert_provided(const struct document *policy, const struct user *actor, unsigned provision)
{
	const struct document *before = &stage.scene->policy;
	unsigned had_provision = 0;

	for (size_t i = 0; i < stage.scene->users; i++) {
		unsigned by = oracle_provides(&stage.scene->user[i], NOW);

		had_provision = by > had_provision ? by : had_provision;
	}
	if (provision < had_provision)
		tell_red("%s: the last system administrator is gone, or has an end", stage.cell);
	if (stage.actor == NULL)
		return;
	if (oracle_acts(before, stage.actor, NOW) && !oracle_acts(policy, actor, NOW))
		tell_red("%s: %s can act no more", stage.cell, stage.as);
	if (oracle_is_let_in(before, stage.actor, NOW) && !oracle_is_let_in(policy, actor, NOW))
		tell_red("%s: %s is let in no more", stage.cell, stage.as);
}

/* Looks through the whole database. */
static void
assert_nobody_gained(void)
{
	struct fixture *fixture = stage.fixture;
	struct user user = {0}, actor = {0};
	struct document policy = {0};
	struct txn *txn = look();
	unsigned provision = 0;
	bool same_policy;
	uint32_t uid = 0;

	assert_good(fixture, document_load(txn, &policy, &fixture->why));
	same_policy = is_same_policy(&policy, &stage.scene->policy);
	if (!same_policy)
		assert_roles_within(&policy);
	while (user_next(txn, uid, &user, &fixture->why) == FAULT_NONE) {
		unsigned by = oracle_provides(&user, NOW);

		uid = user.uid;
		provision = by > provision ? by : provision;
		assert_user_within(&policy, &user, same_policy);
		if (stage.actor != NULL && uid == stage.actor->uid)
			assert_good(fixture, record_copy(&user_table, &actor, &user,
			    &fixture->why));
		user_clear(&user);
	}
	store_end(txn);
	assert_provided(&policy, &actor, provision);
	user_clear(&actor);
	document_clear(&policy);
}

#endif
