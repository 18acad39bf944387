/*
 * matrix_rest.h - for matrix_test.c: documents, clients and their sites, and the host.
 */
#ifndef HEXA_TESTS_MATRIX_REST_H
#define HEXA_TESTS_MATRIX_REST_H

#include "tests/unit/matrix.h"

#include "accounts/adopt.h"
#include "accounts/identity.h"

/* ---- documents ------------------------------------------------------------------------------ */

/* Neither closures nor /etc/group are asked about: a document gives its user nothing. */
static enum fault
document_verdict(const struct command *command, const struct user *user)
{
	if (stage.as == NULL)
		return FAULT_NONE;
	return holds(command->permission, WHOM_USER, user) && user->uid != stage.actor->uid
	    ? FAULT_NONE : FAULT_DENIED;
}

static enum fault
add_one(const char *name, const void *with)
{
	const struct edit *edit = with;
	const struct edit edits[] = {
	    {EDIT_SET, field_find(&attachment_table, "kind"), "licence"}, *edit};
	struct attachment made = {0};
	int fd = memfd_create("document", MFD_CLOEXEC);
	enum fault fault;

	assert_int_equal(write(fd, edit, sizeof(*edit)), sizeof(*edit)); /* any other bytes */
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	fault = attachment_create(admin(), name, &(struct edits){edits, 2}, NULL, fd, &made, why());
	close(fd);
	attachment_clear(&made);
	return fault;
}

/* What is kept beside the database: a file that was there is there, and of a refusal no other. */
static void
judge_files(const struct command *command, const char *target, enum fault fault)
{
	static struct kept now;
	size_t was = stage.scene->kept.count;

	now.count = 0;
	walk(stage.fixture->root, &now, keep_entry);
	for (size_t i = 0; i < now.count; i++)
		free(now.file[i].data);
	if (fault != FAULT_NONE && now.count != was)
		tell_red("%s: %s %s: refused, and %zu files are there, not %zu", actor_text(),
		    command_text(command), target, now.count, was);
}

static void
try_document_add(const struct command *command)
{
	const char *name;

	for (size_t t = 0; (name = target_name(t)) != NULL; t++)
		for (size_t i = 0; i < attachment_table.count; i++) {
			const struct field *row = &attachment_table.rows[i];
			const struct edit edit = {EDIT_SET, row, sample(row)};
			struct attachment draft = {0};
			enum fault expected = document_verdict(command, find_user(name));
			enum fault fault;

			if (expected == FAULT_NONE)
				expected = alter(&edit, &draft, false);
			attachment_clear(&draft);
			fault = add_one(name, &edit);
			if (fault != FAULT_NONE)
				judge_files(command, name, fault);
			judge(command, name, edit_text(&edit), ONE(expected), fault);
		}
}

/* The one of theirs; of who is gone, whoever may everywhere; and one that there is not. */
static void
try_document_remove(const struct command *command)
{
	const struct scene *scene = stage.scene;
	const char *name;
	size_t at = 0;

	for (size_t t = 0; (name = target_name(t)) != NULL; t++) {
		(void)find_uid(scene, find_user(name)->uid, &at);
		judge(command, name, "", ONE(document_verdict(command, find_user(name))),
		    attachment_remove(admin(), scene->document[at], why()));
	}
	judge(command, GONE, "", ONE(holds(command->permission, WHOM_EVERYWHERE, NULL)
	        ? FAULT_NONE : FAULT_DENIED), attachment_remove(admin(), scene->orphan, why()));
	judge(command, STRANGER, "", ONE(holds(command->permission, WHOM_ANY, NULL)
	        ? FAULT_UNKNOWN : FAULT_DENIED), attachment_remove(admin(), 100000, why()));
}

/* ---- clients, sites and the host ------------------------------------------------------------ */

static enum fault
client_verdict(const struct command *command, enum whom whom, const char *client,
    enum fault if_may)
{
	return holds(command->permission, whom, client) ? if_may : FAULT_DENIED;
}

/* A title, or what else a row of the table takes. */
static void
try_client_add(const struct command *command)
{
	for (size_t i = 0; i < client_table.count; i++) {
		const struct field *row = &client_table.rows[i];
		const struct edit edit = {EDIT_SET, row, sample(row)};
		struct client draft = {0};

		judge(command, "a new one", edit_text(&edit), ONE(client_verdict(command,
		    WHOM_EVERYWHERE, NULL, alter(&edit, &draft, false))),
		    client_create(admin(), "dunes", &(struct edits){&edit, 1}, why()));
		client_clear(&draft);
	}
}

static const char *const clients[] = {"acme", "brill", "calm", STRANGER};

/* Who may change all is told which there is not. */
static enum fault
if_there(const char *client, enum fault fault)
{
	return strcmp(client, STRANGER) == 0 ? FAULT_UNKNOWN : fault;
}

static void
try_client_edit(const struct command *command)
{
	for (size_t c = 0; c < COUNT(clients); c++)
		for (size_t i = 0; i < client_table.count; i++) {
			const struct field *row = &client_table.rows[i];
			const struct edit edit = {EDIT_SET, row, sample(row)};
			struct client draft = {0};
			enum fault fault = if_there(clients[c], alter(&edit, &draft, true));

			judge(command, clients[c], edit_text(&edit), ONE(client_verdict(command,
			    WHOM_CLIENT, clients[c], fault)),
			    client_edit(admin(), clients[c], &(struct edits){&edit, 1}, why()));
			client_clear(&draft);
		}
}

/* The first two are in use. */
static void
try_client_delete(const struct command *command)
{
	for (size_t c = 0; c < COUNT(clients); c++)
		judge(command, clients[c], "", ONE(client_verdict(command, WHOM_CLIENT, clients[c],
		    if_there(clients[c], c < 2 ? FAULT_RULE : FAULT_NONE))),
		    client_remove(admin(), clients[c], why()));
}

static void
try_site_add(const struct command *command)
{
	for (size_t c = 0; c < COUNT(clients); c++)
		for (size_t i = 0; i < site_table.count; i++) {
			const struct field *row = &site_table.rows[i];
			const struct edit edits[] = {{EDIT_SET, row, sample(row)},
			    {EDIT_SET, field_find(&site_table, "client"), clients[c]}};
			struct site draft = {0};
			enum fault altered = alter(&edits[0], &draft, false);
			enum fault expected = client_verdict(command, WHOM_CLIENT, clients[c],
			    if_there(clients[c], FAULT_NONE));

			/* The line itself is looked at first, which tells nobody anything. */
			if (altered != FAULT_NONE && holds(command->permission, WHOM_ANY, NULL))
				expected = altered;
			judge(command, clients[c], edit_text(&edits[0]), ONE(expected),
			    site_create(admin(), "dock", &(struct edits){edits, 2}, why()));
			site_clear(&draft);
		}
}

static void
try_site_delete(const struct command *command)
{
	judge(command, "gate", "",
	    ONE(client_verdict(command, WHOM_CLIENT, "acme", FAULT_NONE)),
	    site_remove(admin(), "gate", why()));
	judge(command, STRANGER, "",
	    ONE(client_verdict(command, WHOM_ANY, NULL, FAULT_UNKNOWN)),
	    site_remove(admin(), STRANGER, why()));
}

static enum fault
roots_own(void)
{
	return stage.as == NULL ? FAULT_NONE : FAULT_DENIED;
}

static void
try_host_set(const struct command *command)
{
	judge(command, "calm", "", ONE(roots_own()),
	    identity_set(admin(), &(struct identity){.client = "calm"}, why()));
}

static void
try_user_adopt(const struct command *command)
{
	const struct edit role = {EDIT_ADD, user_field("roles"), "desk"};

	for (int dry = 0; dry < 2; dry++) {
		struct adoption adoption = {0};

		judge(command, "local", dry == 1 ? "--dry-run" : "", ONE(roots_own()),
		    account_adopt(admin(), "local", &(struct edits){&role, 1}, dry == 1, &adoption,
		        why()));
		adoption_clear(&adoption);
	}
}

/* What works whatever has become of the database asks who is there, and for root. */
static void
try_roots_own(const struct command *command)
{
	struct caller caller = plain_root;
	struct actor actor;

	caller.as = stage.as;
	assert_true(command->root_only);
	judge(command, "this host", "", ONE(roots_own()),
	    admin_is_root("", &caller, NOW, &actor, why()));
	judge(command, "this host", "", ONE(roots_own()), admin_needs_root(admin(), why()));
}

#endif
