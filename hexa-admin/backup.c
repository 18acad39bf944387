/*
 * backup.c - the commands `hexa-admin backup`, `restore`, `dump` and `load`.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "accounts/backup.h"
#include "hexa-admin/ask.h"
#include "hexa-admin/command.h"
#include "hexa-admin/input.h"
#include "hexa-admin/json.h"
#include "hexa-admin/print.h"
#include "hexa-admin/signals.h"
#include "policy/text.h"
#include "store/dump.h"

/* `-` is no file here: what goes in or comes out is looked through, and kept, as a file. */
static enum fault
needs_file(struct call *call, struct why *why)
{
	return strcmp(call->word[0], "-") != 0
	    ? FAULT_NONE
	    : call_misuse(call, why, "the name of a file is needed, and not `-`%s",
	          strcmp(call->command->noun, "backup") == 0 ? ": `dump` prints the database"
	                                                     : "");
}

enum fault
run_backup(struct call *call, struct why *why)
{
	struct signals signals;
	enum fault fault = needs_file(call, why);

	if (fault != FAULT_NONE)
		return fault;
	call->file = call->word[0];
	/* Who ends this leaves no half of a file behind. */
	signals_hold(&signals, false);
	fault = backup_make(&call->admin, call->word[0], why);
	signals_give_back(&signals);
	if (fault == FAULT_UNAVAILABLE)
		call->file = NULL; /* the database's, or the words say which file's */
	return fault;
}

/* ---- putting one back ---------------------------------------------------------------------- */

static void
log_committed(void *call)
{
	call_log(call);
}

/* These work without a database; whoever came so far is plain root (command.h). */
static enum fault
begin(struct call *call, const char *what, struct why *why)
{
	call->admin.root = call->root;
	call->admin.is_root = true;
	return call_needs_answer(call, what, why);
}

/* With an open database from here on, as commands that need one have. */
static enum fault
put_back(struct call *call, struct backup *backup, const char *action, struct why *why)
{
	struct signals signals;
	enum fault fault;

	call->file = NULL;
	call->admin.committed = log_committed;
	call->admin.committed_context = call;
	signals_hold(&signals, false);
	fault = backup_put_back(&call->admin, backup, action, why);
	signals_give_back(&signals);
	call->is_open = call->admin.store != NULL;
	call_tell_notices(call);
	return fault;
}

/* Asks before what is there is replaced; the backup is closed when the answer is no. */
static enum fault
confirm(struct call *call, struct backup *backup, struct why *why)
{
	char question[128], when[TIME_TEXT_BYTES] = "an unknown time";

	backup_tell_names(&call->admin, backup);
	call_tell_notices(call);
	if (backup_made(backup) != 0)
		text_from_time(backup_made(backup), when);
	snprintf(question, sizeof(question), "Put what is from %s in the place of the database?",
	    when);
	if (call_has(call, OPTION_YES) || ask_yes(question))
		return FAULT_NONE;
	backup_close(backup);
	call->file = NULL;
	return why_set(why, FAULT_RULE, "nothing was restored");
}

/* What belongs to the other of the two commands. */
static enum fault
refuse_other(const struct call *call, const char *what, const char *command, struct why *why)
{
	why_set(why, FAULT_INVALID, "this is a %s", what);
	why_mend(why, "hexa-admin %s %s", command, call->word[0]);
	return FAULT_INVALID;
}

static bool
is_dump(int fd)
{
	char first = '\0';

	return pread(fd, &first, 1, 0) == 1 && first == '{';
}

/* What is read becomes the database: who may write it may make themselves an administrator. */
static void
tell_of_owner(const struct call *call, const struct stat *status)
{
	if (call_has(call, OPTION_QUIET) || !S_ISREG(status->st_mode) ||
	    (status->st_uid == 0 && (status->st_mode & 022) == 0))
		return;
	print_notice("others than root can write this file; go on only if you know that nobody has "
	             "put anything of theirs in it");
}

enum fault
run_restore(struct call *call, struct why *why)
{
	struct backup *backup = NULL;
	struct stat status;
	int fd = -1;
	enum fault fault = needs_file(call, why);

	if (fault == FAULT_NONE)
		fault = begin(call, "restores", why);
	if (fault == FAULT_NONE)
		fault = input_open(call, call->word[0], &fd, why);
	if (fault != FAULT_NONE)
		return fault;
	if (fstat(fd, &status) == 0)
		tell_of_owner(call, &status);
	fault = is_dump(fd) ? refuse_other(call, "dump", "load", why)
	                    : backup_open(call->root, fd, &backup, why);
	close(fd);
	if (fault == FAULT_NONE)
		fault = confirm(call, backup, why);
	return fault == FAULT_NONE ? put_back(call, backup, "restore", why) : fault;
}

/* ---- dump ---------------------------------------------------------------------------------- */

static bool
print_list(const struct dump_member *member)
{
	const struct names *list = member->list;
	bool good = true;

	putchar('[');
	for (size_t i = 0; good && i < list->count; i++) {
		if (i > 0)
			putchar(',');
		if (member->width > 0 && i % member->width == 0)
			fputs("\n    ", stdout);
		else if (i > 0)
			putchar(' ');
		good = json_print_text(list->item[i], stdout);
	}
	fputs(member->width > 0 && list->count > 0 ? "\n  ]" : "]", stdout);
	return good;
}

static bool
print_member(const struct dump_member *member)
{
	fputs(",\n  ", stdout);
	if (!json_print_text(member->key, stdout))
		return false;
	fputs(": ", stdout);
	switch (member->type) {
	case DUMP_TEXT:
		return json_print_text(member->text, stdout);
	case DUMP_NUMBER:
		fputs(member->text, stdout);
		return true;
	case DUMP_BOOL:
		fputs(strcmp(member->text, "yes") == 0 ? "true" : "false", stdout);
		return true;
	case DUMP_LIST:
		return print_list(member);
	}
	return false;
}

static enum fault
print_object(void *context, const struct dump_object *object, struct why *why)
{
	bool good;

	(void)context;
	fputs("{\n  \"record\": ", stdout);
	good = json_print_text(object->record, stdout);
	for (size_t i = 0; good && i < object->count; i++)
		good = print_member(&object->member[i]);
	fputs("\n}\n", stdout);
	if (ferror(stdout))
		return why_set(why, FAULT_UNAVAILABLE, "what was printed did not arrive");
	return good ? FAULT_NONE
	            : why_set(why, FAULT_UNAVAILABLE, "a text of a record `%s` is no UTF-8",
	                  object->record);
}

/* What it is not, and what it is. */
static void
tell_of_dump(const struct call *call)
{
	if (call_has(call, OPTION_QUIET))
		return;
	print_notice("the contents of documents are not in a dump, only in a backup");
	if (isatty(STDOUT_FILENO))
		print_notice("what this prints has password hashes in it");
}

/* A shell makes the file that standard output goes to, and most let everybody read it. */
static enum fault
keeps_secrets(const struct call *call, struct why *why)
{
	struct stat status;

	if (call_has(call, OPTION_YES) || fstat(STDOUT_FILENO, &status) < 0 ||
	    !S_ISREG(status.st_mode) || (status.st_mode & (S_IRWXG | S_IRWXO)) == 0)
		return FAULT_NONE;
	why_set(why, FAULT_INVALID,
	    "others may read the file that this goes to, and it has password hashes in it; --yes "
	    "insists");
	why_mend(why, "hexa-admin dump | install -m 600 /dev/stdin FILE");
	return FAULT_INVALID;
}

enum fault
run_dump(struct call *call, struct why *why)
{
	struct txn *txn = NULL;
	enum fault fault = keeps_secrets(call, why);

	if (fault == FAULT_NONE)
		fault = store_read_begin(call->admin.store, &txn, why);
	if (fault != FAULT_NONE)
		return fault;
	tell_of_dump(call);
	fault = dump_all(txn, print_object, NULL, why);
	store_end(txn);
	return fault;
}

/* ---- load ---------------------------------------------------------------------------------- */

/* Bytes of an object of a dump: an entry of the journal. */
#define ENTRY_BYTES ((size_t)1 << 28)

/* Bytes of a dump, which is read whole: half of this machine's memory. */
static size_t
dump_bytes(void)
{
	const long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);

	if (pages <= 0 || page <= 0 || (size_t)pages / 2 > SIZE_MAX / 4 / (size_t)page)
		return SIZE_MAX / 4;
	return (size_t)pages / 2 * (size_t)page;
}

static bool
take_type(const struct json_member *from, struct dump_member *member)
{
	switch (from->kind) {
	case MEMBER_TEXT:
		member->type = DUMP_TEXT;
		return true;
	case MEMBER_NUMBER:
		member->type = DUMP_NUMBER;
		return true;
	case MEMBER_BOOL:
		member->type = DUMP_BOOL;
		return true;
	case MEMBER_LIST:
		member->type = DUMP_LIST;
		return true;
	case MEMBER_NULL:
	case MEMBER_OTHER:
		return false;
	}
	return false;
}

enum { MEMBERS_MOST = 256 };

static enum fault
take_object(void *load, const struct json_member *from, size_t count, unsigned line,
    unsigned column, struct why *why)
{
	struct dump_member member[MEMBERS_MOST];
	struct dump_object object = {.member = member, .line = line, .column = column};

	if (count == 0 || count > MEMBERS_MOST || strcmp(from[0].key, "record") != 0 ||
	    from[0].kind != MEMBER_TEXT)
		return why_place(why, FAULT_INVALID, line, column,
		    "expected \"record\": and what it is first");
	object.record = from[0].text;
	for (size_t i = 1; i < count; i++) {
		struct dump_member *to = &member[object.count++];

		*to = (struct dump_member){.key = from[i].key, .text = from[i].text,
		    .list = &from[i].list, .line = from[i].line, .column = from[i].column};
		if (!take_type(&from[i], to))
			return why_place(why, FAULT_INVALID, to->line, to->column,
			    "expected a text, a number, true or false, or a list of texts");
	}
	return load_take(load, &object, why);
}

static enum fault
load_text(struct call *call, const struct bytes *text, struct backup **backup, struct why *why)
{
	struct load *load = NULL;
	enum fault fault =
	    load_begin(call->root, &call->admin.actor, call->admin.now, &load, why);

	if (fault == FAULT_NONE)
		fault = json_read_objects(text->data, text->size, ENTRY_BYTES, take_object, load,
		    why);
	if (fault == FAULT_NONE)
		fault = load_end(load, backup, why);
	if (fault != FAULT_NONE)
		load_drop(load);
	return fault;
}

/* Password hashes are in it, which others could try passwords against at their leisure. */
static void
tell_of_mode(const struct call *call, const struct stat *status)
{
	if (!call_has(call, OPTION_QUIET) && S_ISREG(status->st_mode) &&
	    (status->st_mode & 077) != 0)
		print_notice("others can read this file, in which password hashes are");
}

/* Its first page says so, behind the page's own header. */
static bool
is_database(const struct bytes *text)
{
	static const unsigned char magic[] = {0xde, 0xc0, 0xef, 0xbe};
	enum { MAGIC_AT = 16 };

	return text->size >= MAGIC_AT + sizeof(magic) &&
	    memcmp(text->data + MAGIC_AT, magic, sizeof(magic)) == 0;
}

enum fault
run_load(struct call *call, struct why *why)
{
	struct backup *backup = NULL;
	struct bytes text = {0};
	struct stat status;
	enum fault fault = begin(call, "loads", why);

	if (fault == FAULT_NONE)
		fault = input_read_seen(call, call->word[0], dump_bytes(), &text, &status, why);
	if (fault == FAULT_NONE && is_database(&text))
		fault = refuse_other(call, "backup", "restore", why);
	if (fault == FAULT_NONE) {
		tell_of_mode(call, &status);
		tell_of_owner(call, &status);
	}
	if (fault == FAULT_NONE)
		fault = load_text(call, &text, &backup, why);
	bytes_clear(&text);
	if (fault == FAULT_NONE)
		fault = confirm(call, backup, why);
	return fault == FAULT_NONE ? put_back(call, backup, "load", why) : fault;
}
