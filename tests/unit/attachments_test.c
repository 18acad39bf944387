/*
 * attachments_test.c - documents about users: who may, what is kept, and that a content is there
 * for as long as a document names it, whatever fails in between.
 */
#include "tests/unit/accounts_fixture.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <time.h>

#include "accounts/attachments.h"
#include "accounts/doctor.h"
#include "store/attachments.h"
#include "store/contents.h"
#include "store/paths.h"

#define ROW(name)              field_find(&attachment_table, name)
#define DOCUMENT(name, value)  {EDIT_SET, ROW(name), value}
#define KIND(value)            DOCUMENT("kind", value)

/* SHA-256 of "one" and of "two", as sha256sum(1) has them. */
static const char ONE[] = "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed";
static const char TWO[] = "3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3";

/* anna and bob, who is in /sales; clerk may keep documents there, reader see them, and boss all. */
static int
setup(void **state)
{
	int result = fixture_setup(state);
	struct fixture *fixture = *state;
	struct admin *admin = &fixture->admin;
	const struct {
		const char *name, *permission;
	} roles[] = {{"clerk", "hexa.documents.*"}, {"reader", "hexa.documents.view"},
	    {"guest", "hexa.users.view"}};
	const struct {
		const char *name, *role, *unit;
	} users[] = {{"anna", "guest", "/"}, {"bob", "guest", "/sales"},
	    {"clara", "clerk@/sales", "/sales"}, {"rita", "reader@/sales", "/"},
	    {"boss", "clerk", "/"}};

	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
		assert_good(fixture, role_create(admin, roles[i].name,
		    EDITS(ROLE_SET("group", "no"), ROLE_ADD("permissions", roles[i].permission)),
		    &fixture->why));
	for (size_t i = 0; i < sizeof(users) / sizeof(users[0]); i++) {
		add_user(fixture, users[i].name, users[i].role);
		assert_good(fixture, account_edit(admin, users[i].name,
		    EDITS(USER_SET("unit", users[i].unit)), &fixture->why));
	}
	return result;
}

/* ---- shorthand ----------------------------------------------------------------------------- */

/* A file without a name that gives this. */
static int
holding(const void *data, size_t size)
{
	int fd = open("/dev/shm", O_TMPFILE | O_RDWR, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, size), size);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

/* Adds `text`; the number in *number. */
static enum fault
keep(struct fixture *fixture, const char *who, const struct edits *edits, const char *file,
    const char *text, uint32_t *number)
{
	struct attachment made = {0};
	int fd = holding(text, strlen(text));
	enum fault fault =
	    attachment_create(&fixture->admin, who, edits, file, fd, &made, &fixture->why);

	close(fd);
	if (fault == FAULT_NONE && number != NULL)
		*number = made.number;
	attachment_clear(&made);
	return fault;
}

static uint32_t
kept(struct fixture *fixture, const char *who, const char *text)
{
	uint32_t number = 0;

	assert_good(fixture, keep(fixture, who, EDITS(KIND("dossier")), NULL, text, &number));
	return number;
}

static void
read_document(struct fixture *fixture, uint32_t number, struct attachment *attachment)
{
	struct txn *txn;

	assert_good(fixture, store_read_begin(fixture->admin.store, &txn, &fixture->why));
	assert_good(fixture, attachment_get(txn, number, attachment, &fixture->why));
	store_end(txn);
}

static bool
is_there(struct fixture *fixture, uint32_t number)
{
	struct attachment attachment = {0};
	struct txn *txn;
	enum fault fault;

	assert_good(fixture, store_read_begin(fixture->admin.store, &txn, &fixture->why));
	fault = attachment_get(txn, number, &attachment, &fixture->why);
	store_end(txn);
	attachment_clear(&attachment);
	assert_true(fault == FAULT_NONE || fault == FAULT_UNKNOWN);
	return fault == FAULT_NONE;
}

static const char *
path_of(struct fixture *fixture, const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s" DOCUMENTS_FOLDER "/%s", fixture->root, name);
	return path;
}

static bool
has_content(struct fixture *fixture, const char *sha256)
{
	return access(path_of(fixture, sha256), F_OK) == 0;
}

/* How many files lie in the folder. */
static unsigned
files(struct fixture *fixture)
{
	DIR *folder = opendir(path_of(fixture, ""));
	const struct dirent *entry;
	unsigned count = 0;

	while (folder != NULL && (entry = readdir(folder)) != NULL)
		count += entry->d_name[0] != '.';
	if (folder != NULL)
		closedir(folder);
	return count;
}

/* The numbers of what a list shows, by spaces. */
static const char *
listed(struct fixture *fixture, const char *who, int64_t until)
{
	static char text[256];
	struct attachments attachments = {0};
	struct attachment attachment = {0};
	struct txn *txn;
	size_t size = 0;
	enum fault fault;

	text[0] = '\0';
	assert_good(fixture,
	    attachments_begin(&fixture->admin, who, until, &attachments, &fixture->why));
	assert_good(fixture, store_read_begin(fixture->admin.store, &txn, &fixture->why));
	while ((fault = attachments_next(&attachments, txn, &attachment, &fixture->why)) ==
	    FAULT_NONE)
		size += (size_t)snprintf(text + size, sizeof(text) - size, "%s%u",
		    size > 0 ? " " : "", (unsigned)attachment.number);
	assert_int_equal(fault, FAULT_UNKNOWN);
	store_end(txn);
	attachment_clear(&attachment);
	attachments_end(&attachments);
	return text;
}

static bool
gather(void *context, const void *data, size_t size)
{
	struct bytes *bytes = context;

	bytes_put(bytes, data, size);
	return true;
}

/* Reads the content of a document to the end. */
static enum fault
content_of(struct fixture *fixture, uint32_t number, struct bytes *bytes)
{
	struct attachment attachment = {0};
	enum fault fault;
	int fd = -1;

	read_document(fixture, number, &attachment);
	fault = content_open(fixture->admin.store, &attachment, &fd, &fixture->why);
	if (fault == FAULT_NONE) {
		fault = content_read(fd, &attachment, gather, bytes, &fixture->why);
		close(fd);
	}
	attachment_clear(&attachment);
	return fault;
}

static void
assert_content(struct fixture *fixture, uint32_t number, const char *text)
{
	struct bytes bytes = {0};

	assert_good(fixture, content_of(fixture, number, &bytes));
	assert_int_equal(bytes.size, strlen(text));
	assert_memory_equal(bytes.data, text, bytes.size);
	bytes_clear(&bytes);
}

/* ---- what is kept -------------------------------------------------------------------------- */

static void
a_document_is_kept_with_what_is_known_of_it(void **state)
{
	struct fixture *fixture = *state;
	struct attachment attachment = {0};
	struct stat st;
	uint32_t number = 0;

	umask(0);
	assert_good(fixture, keep(fixture, "anna", EDITS(KIND("certificate"),
	    DOCUMENT("title", "Åsa's diploma"), DOCUMENT("date", "2020-02-29"),
	    DOCUMENT("expires", "2030-01-31")), "/home/anna/;id; $(id).pdf", "one", &number));
	umask(022);
	assert_journal(fixture, "document add");
	assert_int_equal(number, 1);
	read_document(fixture, number, &attachment);
	assert_string_equal(attachment.user, "anna");
	assert_int_equal(attachment.kind, ATTACHMENT_CERTIFICATE);
	assert_string_equal(attachment.title, "Åsa's diploma");
	assert_int_equal(attachment.date, 1582934400);
	assert_int_equal(attachment.expires, 1896134399);
	assert_string_equal(attachment.file, ";id; $(id).pdf");
	assert_int_equal(attachment.size, 3);
	assert_string_equal(attachment.sha256, ONE);
	assert_string_equal(attachment.added_by, "root");
	assert_int_equal(attachment.added, NOW);
	attachment_clear(&attachment);
	assert_content(fixture, number, "one");
	assert_int_equal(stat(path_of(fixture, ONE), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(stat(path_of(fixture, ""), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
}

static void
a_document_that_states_no_date_bears_this_day(void **state)
{
	struct fixture *fixture = *state;
	struct attachment attachment = {0};

	read_document(fixture, kept(fixture, "anna", "one"), &attachment);
	assert_int_equal(attachment.date, 1795219200); /* 2026-11-21 */
	assert_int_equal(attachment.expires, 0);
	assert_null(attachment.file);
	attachment_clear(&attachment);
}

static void
the_journal_finds_it_by_its_user(void **state)
{
	struct fixture *fixture = *state;
	struct journal_entry entry = {0};
	struct user anna = {0};
	struct txn *txn;

	kept(fixture, "anna", "one");
	read_user(fixture, "anna", &anna);
	assert_good(fixture, store_read_begin(fixture->admin.store, &txn, &fixture->why));
	assert_good(fixture,
	    journal_next(txn, journal_at(fixture) - 1, &entry, &fixture->why));
	store_end(txn);
	assert_in_range(entry.count, 1, 20);
	for (size_t i = 0; i < entry.count; i++) {
		assert_string_equal(entry.change[i].noun, "document");
		assert_string_equal(entry.change[i].name, "1");
		assert_int_equal(entry.change[i].uid, anna.uid);
	}
	journal_entry_clear(&entry);
	user_clear(&anna);
}

static void
what_no_document_may_be_is_refused(void **state)
{
	struct fixture *fixture = *state;
	char name[300];
	static char large[ATTACHMENT_BYTES + 1];
	struct attachment made = {0};
	int fd;

#define REFUSED(fault, about, who, edits, file, text) \
	assert_refused(fixture, fault, about, keep(fixture, who, edits, file, text, NULL))
	REFUSED(FAULT_INVALID, "kind", "anna", NO_EDITS, NULL, "one");
	assert_says(fixture, "certificate licence authorisation insurance dossier");
	REFUSED(FAULT_INVALID, "kind", "anna", EDITS(KIND("license")), NULL, "one");
	REFUSED(FAULT_INVALID, "kind", "anna", EDITS(KIND("")), NULL, "one");
	REFUSED(FAULT_INVALID, "title", "anna", EDITS(KIND("other"), DOCUMENT("title", "a\tb")),
	    NULL, "one");
	REFUSED(FAULT_INVALID, "expires", "anna",
	    EDITS(KIND("other"), DOCUMENT("date", "2026-02-02"), DOCUMENT("expires", "2026-02-01")),
	    NULL, "one");
	REFUSED(FAULT_INVALID, "file", "anna", EDITS(KIND("other")), "/tmp/a\033[2Jb", "one");
	REFUSED(FAULT_INVALID, "file", "anna", EDITS(KIND("other")), "/tmp/\xff", "one");
	REFUSED(FAULT_INVALID, "file", "anna", EDITS(KIND("other")), NULL, "");
	REFUSED(FAULT_UNKNOWN, NULL, "nobody-here", EDITS(KIND("other")), NULL, "one");
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	REFUSED(FAULT_INVALID, "file", "anna", EDITS(KIND("other")), name, "one");
#undef REFUSED
	assert_int_equal(files(fixture), 0);

	/* One byte less is kept, and so is the day that is also the end. */
	fd = holding(large, sizeof(large));
	assert_refused(fixture, FAULT_INVALID, "file", attachment_create(&fixture->admin, "anna",
	    EDITS(KIND("other")), NULL, fd, &made, &fixture->why));
	assert_int_equal(files(fixture), 0);
	assert_int_equal(ftruncate(fd, ATTACHMENT_BYTES), 0);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_good(fixture, attachment_create(&fixture->admin, "anna",
	    EDITS(KIND("other"), DOCUMENT("date", "2026-02-02"), DOCUMENT("expires", "2026-02-02")),
	    NULL, fd, &made, &fixture->why));
	assert_int_equal(made.size, ATTACHMENT_BYTES);
	assert_int_equal(made.kind, ATTACHMENT_OTHER);
	attachment_clear(&made);
	close(fd);
}

static void
a_number_is_never_given_twice(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(kept(fixture, "anna", "one"), 1);
	assert_int_equal(kept(fixture, "anna", "two"), 2);
	assert_good(fixture, attachment_remove(&fixture->admin, 2, &fixture->why));
	assert_journal(fixture, "document remove");
	assert_refused(fixture, FAULT_UNKNOWN, NULL,
	    attachment_remove(&fixture->admin, 2, &fixture->why));
	assert_int_equal(kept(fixture, "anna", "two"), 3);
}

static void
the_same_content_stands_there_once(void **state)
{
	struct fixture *fixture = *state;
	uint32_t first = kept(fixture, "anna", "one"), second = kept(fixture, "bob", "one");

	assert_int_equal(files(fixture), 1);
	assert_good(fixture, attachment_remove(&fixture->admin, first, &fixture->why));
	assert_content(fixture, second, "one");
	assert_good(fixture, attachment_remove(&fixture->admin, second, &fixture->why));
	assert_int_equal(files(fixture), 0);
}

/* ---- lists --------------------------------------------------------------------------------- */

static void
lists_are_by_user_and_by_end(void **state)
{
	static const struct {
		const char *who, *expires;
	} documents[] = {{"anna", "2026-12-31"}, {"bob", "2026-11-25"}, {"anna", ""},
	    {"anna", "2026-11-20"}, {"bob", "2027-06-30"}, {"anna", "2026-11-25"}};
	struct fixture *fixture = *state;
	const int64_t month = NOW + 30 * 24 * 60 * 60;

	assert_string_equal(listed(fixture, NULL, 0), "");
	assert_string_equal(listed(fixture, NULL, month), "");
	for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++)
		assert_good(fixture, keep(fixture, documents[i].who,
		    EDITS(KIND("insurance"), DOCUMENT("date", "2020-01-01"),
		        DOCUMENT("expires", documents[i].expires)), NULL, "one", NULL));
	assert_string_equal(listed(fixture, NULL, 0), "1 2 3 4 5 6");
	assert_string_equal(listed(fixture, "anna", 0), "1 3 4 6");
	assert_string_equal(listed(fixture, "bob", 0), "2 5");
	assert_string_equal(listed(fixture, "boss", 0), "");
	/* What is past is among them, and the first to end comes first. */
	assert_string_equal(listed(fixture, NULL, month), "4 2 6");
	assert_string_equal(listed(fixture, NULL, 2 * month), "4 2 6 1 5");
	assert_string_equal(listed(fixture, "anna", month), "4 6");
	assert_good(fixture, attachment_remove(&fixture->admin, 2, &fixture->why));
	assert_string_equal(listed(fixture, NULL, month), "4 6");
	assert_string_equal(listed(fixture, "bob", 0), "5");
}

static void
a_list_shows_the_name_that_the_user_has_now(void **state)
{
	struct fixture *fixture = *state;
	struct attachments attachments = {0};
	struct attachment attachment = {0};
	struct txn *txn;

	kept(fixture, "anna", "one");
	assert_good(fixture, account_rename(&fixture->admin, "anna", "annika", &fixture->why));
	assert_good(fixture,
	    attachments_begin(&fixture->admin, "annika", 0, &attachments, &fixture->why));
	assert_good(fixture, store_read_begin(fixture->admin.store, &txn, &fixture->why));
	assert_good(fixture, attachments_next(&attachments, txn, &attachment, &fixture->why));
	assert_string_equal(attachment.user, "annika");
	store_end(txn);
	attachment_clear(&attachment);
	attachments_end(&attachments);
}

/* ---- who may ------------------------------------------------------------------------------- */

static void
a_permission_reaches_the_users_of_its_scope(void **state)
{
	struct fixture *fixture = *state;
	uint32_t annas = kept(fixture, "anna", "one"), bobs = kept(fixture, "bob", "two");
	struct attachment attachment = {0};
	struct txn *txn;
	static const struct {
		const char *actor;
		enum fault add_bob, add_anna, remove_bob, remove_anna;
		const char *sees;
	} cases[] = {
	    {"clara", FAULT_NONE, FAULT_DENIED, FAULT_NONE, FAULT_DENIED, "2"},
	    {"rita", FAULT_DENIED, FAULT_DENIED, FAULT_DENIED, FAULT_DENIED, "2"},
	    {"boss", FAULT_NONE, FAULT_NONE, FAULT_NONE, FAULT_NONE, "1 2"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint32_t of_bob = 0, of_anna = 0;

		fixture_become(fixture, cases[i].actor);
		assert_string_equal(listed(fixture, NULL, 0), cases[i].sees);
		assert_fault(fixture, cases[i].add_bob,
		    keep(fixture, "bob", EDITS(KIND("other")), NULL, "three", &of_bob));
		assert_fault(fixture, cases[i].add_anna,
		    keep(fixture, "anna", EDITS(KIND("other")), NULL, "three", &of_anna));
		assert_good(fixture, store_read_begin(fixture->admin.store, &txn, &fixture->why));
		assert_fault(fixture, FAULT_NONE, attachment_find(&fixture->admin, txn,
		    "hexa.documents.view", bobs, &attachment, &fixture->why));
		assert_fault(fixture, cases[i].sees[0] == '1' ? FAULT_NONE : FAULT_DENIED,
		    attachment_find(&fixture->admin, txn, "hexa.documents.view", annas, &attachment,
		        &fixture->why));
		store_end(txn);
		assert_fault(fixture, cases[i].remove_bob, attachment_remove(&fixture->admin,
		    of_bob != 0 ? of_bob : bobs, &fixture->why));
		assert_fault(fixture, cases[i].remove_anna, attachment_remove(&fixture->admin,
		    of_anna != 0 ? of_anna : annas, &fixture->why));
	}
	attachment_clear(&attachment);
	fixture_become(fixture, "anna");
	assert_refused(fixture, FAULT_DENIED, NULL,
	    attachment_remove(&fixture->admin, annas, &fixture->why));
	assert_true(is_there(fixture, annas) && is_there(fixture, bobs));
}

static void
nobody_adds_to_their_own_account(void **state)
{
	struct fixture *fixture = *state;
	uint32_t own = kept(fixture, "boss", "one");

	fixture_become(fixture, "boss");
	assert_refused(fixture, FAULT_DENIED, NULL,
	    keep(fixture, "boss", EDITS(KIND("other")), NULL, "two", NULL));
	assert_refused(fixture, FAULT_DENIED, NULL,
	    attachment_remove(&fixture->admin, own, &fixture->why));
	assert_string_equal(listed(fixture, "boss", 0), "1");
	assert_good(fixture, keep(fixture, "anna", EDITS(KIND("other")), NULL, "two", NULL));
}

static void
documents_outlive_their_user(void **state)
{
	struct fixture *fixture = *state;
	uint32_t number = kept(fixture, "bob", "one");
	struct attachments attachments = {0};
	struct user bob = {0};
	char gone[32];

	read_user(fixture, "bob", &bob);
	snprintf(gone, sizeof(gone), "uid:%u", (unsigned)bob.uid);
	user_clear(&bob);
	assert_good(fixture, account_delete(&fixture->admin, "bob", &fixture->why));
	assert_string_equal(listed(fixture, NULL, 0), "1");
	assert_string_equal(listed(fixture, gone, 0), "1");
	assert_refused(fixture, FAULT_UNKNOWN, NULL,
	    attachments_begin(&fixture->admin, "bob", 0, &attachments, &fixture->why));
	attachments_end(&attachments);
	assert_refused(fixture, FAULT_UNKNOWN, NULL,
	    attachments_begin(&fixture->admin, "uid:1999999", 0, &attachments, &fixture->why));
	attachments_end(&attachments);
	assert_content(fixture, number, "one");

	/* Whose scope they were in nobody can tell any more. */
	fixture_become(fixture, "clara");
	assert_string_equal(listed(fixture, NULL, 0), "");
	assert_refused(fixture, FAULT_UNKNOWN, NULL,
	    attachments_begin(&fixture->admin, gone, 0, &attachments, &fixture->why));
	attachments_end(&attachments);
	assert_refused(fixture, FAULT_DENIED, NULL,
	    attachment_remove(&fixture->admin, number, &fixture->why));
	fixture_become(fixture, "boss");
	assert_string_equal(listed(fixture, gone, 0), "1");
	assert_good(fixture, attachment_remove(&fixture->admin, number, &fixture->why));
	assert_int_equal(files(fixture), 0);
}

/* ---- what fails in between ----------------------------------------------------------------- */

/* Files grow no further than a page from here on: a small content is written, the database not. */
static void
stop_growth(bool stop)
{
	static struct rlimit was;
	struct rlimit page;

	if (!stop) {
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
		return;
	}
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
	page = was;
	page.rlim_cur = 4096;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &page), 0);
}

static void
a_commit_that_fails_keeps_nothing_and_takes_nothing(void **state)
{
	struct fixture *fixture = *state;
	uint32_t number = kept(fixture, "anna", "one");

	stop_growth(true);
	assert_fault(fixture, FAULT_UNAVAILABLE,
	    keep(fixture, "anna", EDITS(KIND("other")), NULL, "two", NULL));
	/* The same content again must not be tidied away from the one that has it. */
	assert_fault(fixture, FAULT_UNAVAILABLE,
	    keep(fixture, "anna", EDITS(KIND("other")), NULL, "one", NULL));
	assert_fault(fixture, FAULT_UNAVAILABLE,
	    attachment_remove(&fixture->admin, number, &fixture->why));
	stop_growth(false);
	assert_string_equal(listed(fixture, NULL, 0), "1");
	assert_content(fixture, number, "one");
	assert_int_equal(files(fixture), 1);
	assert_int_equal(kept(fixture, "anna", "two"), 2);
}

static void
a_full_disk_keeps_nothing(void **state)
{
	struct fixture *fixture = *state;
	struct attachment made = {0};
	static char much[8192];
	int fd = holding(much, sizeof(much));

	stop_growth(true);
	assert_fault(fixture, FAULT_UNAVAILABLE, attachment_create(&fixture->admin, "anna",
	    EDITS(KIND("other")), NULL, fd, &made, &fixture->why));
	stop_growth(false);
	assert_int_equal(files(fixture), 0);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_good(fixture, attachment_create(&fixture->admin, "anna", EDITS(KIND("other")), NULL,
	    fd, &made, &fixture->why));
	attachment_clear(&made);
	close(fd);
}

/* Stages "one" as a command does that is then ended, by SIGKILL or with its machine. */
static struct content *
stage(struct fixture *fixture)
{
	struct content *content = NULL;
	int fd = holding("one", 3);

	assert_good(fixture, content_stage(fixture->admin.store, fd, &content, &fixture->why));
	close(fd);
	assert_string_equal(content_sha256(content), ONE);
	assert_int_equal(content_size(content), 3);
	return content;
}

struct told {
	enum severity worst;
	unsigned count; /* of findings about documents */
	struct finding last;
};

static void
hear(void *context, const struct finding *finding)
{
	struct told *told = context;

	if (strcmp(finding->check, "documents") != 0)
		return;
	told->count++;
	told->last = *finding;
	if (finding->severity > told->worst)
		told->worst = finding->severity;
}

static struct told
ask_doctor(struct fixture *fixture)
{
	struct told told = {0};

	assert_good(fixture, doctor_run(fixture->root, hear, &told, &fixture->why));
	return told;
}

static void
mend(const struct told *told)
{
	assert_string_not_equal(told->last.mend, "");
	assert_int_equal(system(told->last.mend), 0);
}

static void
a_crash_leaves_at_most_what_no_document_names(void **state)
{
	struct fixture *fixture = *state;
	struct content *content = stage(fixture);
	struct txn *txn;
	struct told told;

	/* While it is at work nobody calls it left behind. */
	assert_int_equal(files(fixture), 1);
	assert_int_equal(ask_doctor(fixture).worst, FINDING_GOOD);
	assert_good(fixture, store_write_begin(fixture->admin.store, &fixture->admin.actor, "test",
	    NOW, &txn, &fixture->why));
	assert_good(fixture, content_keep(txn, content, &fixture->why));
	assert_int_equal(ask_doctor(fixture).worst, FINDING_GOOD);
	store_end(txn);
	content_close(content);

	/* It was put in its place, and no commit came. */
	assert_true(has_content(fixture, ONE));
	assert_string_equal(listed(fixture, NULL, 0), "");
	told = ask_doctor(fixture);
	assert_int_equal(told.worst, FINDING_WARNING);
	assert_int_equal(told.count, 1);

	/* Whoever adds the same takes it over; without that the doctor's word removes it. */
	kept(fixture, "anna", "one");
	assert_int_equal(ask_doctor(fixture).worst, FINDING_GOOD);
	assert_good(fixture, attachment_remove(&fixture->admin, 1, &fixture->why));
	content_close(stage(fixture));
	assert_int_equal(files(fixture), 0);
	write_file(fixture->root, DOCUMENTS_FOLDER "/" CONTENT_NEW "0123456789abcdef", "half");
	told = ask_doctor(fixture);
	assert_int_equal(told.worst, FINDING_WARNING);
	mend(&told);
	assert_int_equal(files(fixture), 0);
	assert_int_equal(ask_doctor(fixture).worst, FINDING_GOOD);
}

static void
content_goes_only_when_no_document_has_it(void **state)
{
	struct fixture *fixture = *state;
	uint32_t number = kept(fixture, "anna", "one");
	struct txn *txn;

	assert_good(fixture, store_write_begin(fixture->admin.store, &fixture->admin.actor, "test",
	    NOW, &txn, &fixture->why));
	assert_good(fixture, content_drop(txn, ONE, &fixture->why));
	assert_good(fixture, content_drop(txn, TWO, &fixture->why));
	assert_fault(fixture, FAULT_UNAVAILABLE, content_drop(txn, "../hexa.mdb", &fixture->why));
	store_end(txn);
	assert_content(fixture, number, "one");
	assert_good(fixture, store_read_begin(fixture->admin.store, &txn, &fixture->why));
	assert_fault(fixture, FAULT_UNAVAILABLE, content_drop(txn, ONE, &fixture->why));
	store_end(txn);
}

/* ---- damage -------------------------------------------------------------------------------- */

static void
damaged_content_is_noticed(void **state)
{
	struct fixture *fixture = *state;
	uint32_t number = kept(fixture, "anna", "one");
	struct bytes bytes = {0};
	struct told told;

	write_file(fixture->root, path_of(fixture, ONE) + strlen(fixture->root), "onf");
	assert_fault(fixture, FAULT_UNAVAILABLE, content_of(fixture, number, &bytes));
	assert_says(fixture, "document 1 is damaged");
	bytes_clear(&bytes);
	write_file(fixture->root, path_of(fixture, ONE) + strlen(fixture->root), "longer");
	assert_fault(fixture, FAULT_UNAVAILABLE, content_of(fixture, number, &bytes));
	assert_int_equal(ask_doctor(fixture).worst, FINDING_ERROR);
	assert_int_equal(unlink(path_of(fixture, ONE)), 0);
	assert_fault(fixture, FAULT_UNAVAILABLE, content_of(fixture, number, &bytes));
	assert_says(fixture, "document 1 is missing");
	told = ask_doctor(fixture);
	assert_int_equal(told.worst, FINDING_ERROR);
	assert_non_null(strstr(told.last.text, "document 1 (of anna"));

	/* A FIFO or a link in its place is neither waited for nor followed. */
	assert_int_equal(mkfifo(path_of(fixture, ONE), 0600), 0);
	assert_fault(fixture, FAULT_UNAVAILABLE, content_of(fixture, number, &bytes));
	assert_int_equal(unlink(path_of(fixture, ONE)), 0);
	write_file(fixture->root, "/etc/one", "one");
	assert_int_equal(symlink("../../../../../etc/one", path_of(fixture, ONE)), 0);
	assert_int_equal(access(path_of(fixture, ONE), R_OK), 0);
	assert_fault(fixture, FAULT_UNAVAILABLE, content_of(fixture, number, &bytes));
	assert_int_equal(bytes.size, 0);

	/* The same file once more mends it; and what has no content can be removed. */
	kept(fixture, "anna", "one");
	assert_content(fixture, number, "one");
	assert_int_equal(ask_doctor(fixture).worst, FINDING_GOOD);
	assert_int_equal(unlink(path_of(fixture, ONE)), 0);
	assert_int_equal(rmdir(path_of(fixture, "")), 0);
	assert_good(fixture, attachment_remove(&fixture->admin, number, &fixture->why));
	assert_int_equal(fixture->admin.notices.count, 0);
}

static void
the_doctor_mends_owner_and_mode(void **state)
{
	struct fixture *fixture = *state;
	struct told told;

	kept(fixture, "anna", "one");
	assert_int_equal(chmod(path_of(fixture, ONE), 0644), 0);
	told = ask_doctor(fixture);
	assert_int_equal(told.worst, FINDING_WARNING);
	mend(&told);
	assert_int_equal(ask_doctor(fixture).worst, FINDING_GOOD);
	assert_int_equal(chown(path_of(fixture, ONE), 12, 12), 0);
	told = ask_doctor(fixture);
	assert_int_equal(told.worst, FINDING_WARNING);
	mend(&told);
	assert_int_equal(ask_doctor(fixture).worst, FINDING_GOOD);
	write_file(fixture->root, DOCUMENTS_FOLDER "/;id;", "somebody's");
	told = ask_doctor(fixture);
	assert_int_equal(told.worst, FINDING_WARNING);
	assert_string_equal(told.last.mend, "");
}

/* ---- the index, and many ------------------------------------------------------------------- */

static void
the_index_is_counted(void **state)
{
	struct fixture *fixture = *state;
	uint64_t count = 0;
	struct txn *txn;

	kept(fixture, "anna", "one");
	kept(fixture, "bob", "one");
	assert_good(fixture, store_read_begin(fixture->admin.store, &txn, &fixture->why));
	assert_good(fixture, attachment_with_count(txn, ROW("sha256"), ONE, &count, &fixture->why));
	assert_int_equal(count, 2);
	assert_good(fixture, attachment_with_count(txn, ROW("sha256"), TWO, &count, &fixture->why));
	assert_int_equal(count, 0);
	store_end(txn);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, fixture_teardown)
	    TEST(a_document_is_kept_with_what_is_known_of_it),
	    TEST(a_document_that_states_no_date_bears_this_day),
	    TEST(the_journal_finds_it_by_its_user),
	    TEST(what_no_document_may_be_is_refused),
	    TEST(a_number_is_never_given_twice),
	    TEST(the_same_content_stands_there_once),
	    TEST(lists_are_by_user_and_by_end),
	    TEST(a_list_shows_the_name_that_the_user_has_now),
	    TEST(a_permission_reaches_the_users_of_its_scope),
	    TEST(nobody_adds_to_their_own_account),
	    TEST(documents_outlive_their_user),
	    TEST(a_commit_that_fails_keeps_nothing_and_takes_nothing),
	    TEST(a_full_disk_keeps_nothing),
	    TEST(a_crash_leaves_at_most_what_no_document_names),
	    TEST(content_goes_only_when_no_document_has_it),
	    TEST(damaged_content_is_noticed),
	    TEST(the_doctor_mends_owner_and_mode),
	    TEST(the_index_is_counted),
	};

	return RUN_AS_ROOT(tests);
}
