/*
 * document.c - the commands `hexa-admin document …`, and a user's documents in `user show`.
 */
#include "hexa-admin/document.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "accounts/attachments.h"
#include "hexa-admin/grid.h"
#include "hexa-admin/input.h"
#include "hexa-admin/show.h"
#include "hexa-admin/signals.h"
#include "policy/text.h"
#include "store/contents.h"

static const char VIEW[] = "hexa.documents.view";

/* ---- adding ------------------------------------------------------------------------------- */

/* Who ends this while it reads leaves no half of a file behind. */
static enum fault
add_from(struct call *call, const char *file, int fd, struct attachment *made, struct why *why)
{
	struct edits edits = call_edits(call);
	struct signals signals;
	enum fault fault;

	signals_hold(&signals, false);
	fault = attachment_create(&call->admin, call->word[0], &edits, file, fd, made, why);
	signals_give_back(&signals);
	return fault;
}

enum fault
run_document_add(struct call *call, struct why *why)
{
	const char *file = call->word[1], *name;
	struct attachment made = {0};
	int fd = -1;
	enum fault fault = input_open(call, file, &fd, why);

	if (fault != FAULT_NONE)
		return fault;
	/* From here on a fault is the FILE's only when it says so. */
	name = call->file;
	call->file = NULL;
	fault = add_from(call, strcmp(file, "-") == 0 ? NULL : file, fd, &made, why);
	close(fd);
	if (fault == FAULT_INVALID && strcmp(why->field, "file") == 0)
		call->file = name;
	if (fault == FAULT_NONE && call_has(call, OPTION_JSON))
		fault = record_show(call, &attachment_table, &made, why);
	else if (fault == FAULT_NONE)
		printf("%lu\n", (unsigned long)made.number);
	attachment_clear(&made);
	return fault;
}

/* ---- seeing ------------------------------------------------------------------------------- */

static enum fault
next_document(void *context, struct txn *txn, void *record, struct why *why)
{
	return attachments_next(context, txn, record, why);
}

/* The moment by which --expiring wants them to end; 0: it was not given. */
static enum fault
read_until(struct call *call, int64_t *until, struct why *why)
{
	const char *text = call->option[OPTION_EXPIRING];
	uint64_t seconds = 0;

	if (text != NULL &&
	    !text_to_duration(text, (uint64_t)(TIME_LAST - call->admin.now), &seconds))
		return call_misuse(call, why, "--expiring %.64s is no time: expected one as 30d",
		    text);
	*until = text == NULL ? 0 : call->admin.now + (int64_t)seconds;
	return FAULT_NONE;
}

enum fault
run_document_list(struct call *call, struct why *why)
{
	const char *who = call->word_count > 0 ? call->word[0] : NULL;
	struct attachments attachments = {0};
	int64_t until = 0;
	enum fault fault = read_until(call, &until, why);

	if (fault == FAULT_NONE)
		fault = attachments_begin(&call->admin, who, until, &attachments, why);
	if (fault == FAULT_NONE)
		fault = records_list(call, &attachment_table,
		    "id,user,kind,title,date,expires,file", next_document, &attachments, why);
	attachments_end(&attachments);
	return fault;
}

/* May the actor see documents of this user?  No is no fault: they asked for something else. */
static enum fault
may_see(struct call *call, const struct user *user, bool *may, struct why *why)
{
	struct txn *txn;
	enum fault fault = store_read_begin(call->admin.store, &txn, why);

	if (fault != FAULT_NONE)
		return fault;
	*may = false;
	fault = admin_may_see(&call->admin, txn, VIEW, user, may, why);
	store_end(txn);
	return fault == FAULT_DENIED ? FAULT_NONE : fault;
}

/* Calls `put` with each document of the user, as they stand in one moment. */
static enum fault
each_of_user(struct call *call, const struct user *user,
    bool (*put)(void *context, const struct attachment *attachment), void *context,
    struct why *why)
{
	struct attachments attachments = {0};
	struct attachment attachment = {0};
	char who[16];
	struct txn *txn;
	enum fault fault;

	snprintf(who, sizeof(who), "uid:%lu", (unsigned long)user->uid);
	fault = attachments_begin(&call->admin, who, 0, &attachments, why);
	if (fault == FAULT_NONE)
		fault = store_read_begin(call->admin.store, &txn, why);
	if (fault == FAULT_NONE) {
		while ((fault = attachments_next(&attachments, txn, &attachment, why)) ==
		        FAULT_NONE &&
		    put(context, &attachment))
			attachment_clear(&attachment);
		store_end(txn);
		fault = fault == FAULT_NONE ? why_memory(why)
		    : fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
	}
	attachment_clear(&attachment);
	attachments_end(&attachments);
	return fault;
}

static bool
put_json(void *context, const struct attachment *attachment)
{
	json_add(context, record_json(&attachment_table, attachment));
	return true;
}

enum fault
documents_json(struct call *call, const struct user *user, struct json **list, struct why *why)
{
	struct json *all;
	bool may;
	enum fault fault = may_see(call, user, &may, why);

	if (fault != FAULT_NONE)
		return fault;
	all = may ? json_list() : json_word(NULL);
	if (may)
		fault = each_of_user(call, user, put_json, all, why);
	if (fault == FAULT_NONE)
		*list = all;
	else
		json_free(all);
	return fault;
}

/* The table's columns: the heading and the field. */
static const char *const columns[][2] = {
	{"document", "id"},
	{"kind", "kind"},
	{"title", "title"},
	{"date", "date"},
	{"expires", "expires"},
	{"file", "file"},
};

enum { COLUMNS = sizeof(columns) / sizeof(columns[0]) };

/* The empty table, once there is something to put into it. */
static bool
open_table(struct grid **grid)
{
	bool good = (*grid = grid_open(true)) != NULL;

	for (size_t i = 0; good && i < COLUMNS; i++)
		good = grid_column(*grid, columns[i][0], i == 0 ? GRID_RIGHT : GRID_SHORT);
	return good;
}

static bool
put_row(void *context, const struct attachment *attachment)
{
	struct grid **grid = context;
	bool good = (*grid != NULL || open_table(grid)) && grid_row(*grid);

	for (size_t i = 0; good && i < COLUMNS; i++) {
		char *text = field_text(field_find(&attachment_table, columns[i][1]), attachment);

		good = text != NULL && grid_cell(*grid, i, text);
		free(text);
	}
	return good;
}

enum fault
documents_show(struct call *call, const struct user *user, struct why *why)
{
	struct grid *grid = NULL;
	bool may;
	enum fault fault = may_see(call, user, &may, why);

	if (fault == FAULT_NONE && may)
		fault = each_of_user(call, user, put_row, &grid, why);
	if (fault == FAULT_NONE && grid != NULL) {
		putchar('\n');
		fault = grid_print(grid, why);
	}
	grid_close(grid);
	return fault;
}

/* ---- one of them -------------------------------------------------------------------------- */

/* The document that the command's word names and its permission reaches. */
static enum fault
find(struct call *call, struct attachment *attachment, struct why *why)
{
	const char *word = call->word[0];
	uint64_t number;
	struct txn *txn;
	enum fault fault;

	if (!text_to_number(word, UINT32_MAX, &number))
		return why_set(why, FAULT_UNKNOWN, "there is no document %s", word);
	fault = store_read_begin(call->admin.store, &txn, why);
	if (fault != FAULT_NONE)
		return fault;
	fault = attachment_find(&call->admin, txn, call->command->permission, (uint32_t)number,
	    attachment, why);
	store_end(txn);
	return fault;
}

/* Whether bytes that come by pieces are text that a terminal may be given. */
struct look {
	bool is_plain;
	char held[4]; /* of a character whose rest comes with the next piece */
	size_t size;
};

static bool
is_fit(uint32_t code)
{
	return code == '\n' || code == '\t' || text_is_plain_character(code);
}

static bool
look_at(void *context, const void *data, size_t size)
{
	struct look *look = context;
	const char *text = data;

	for (size_t i = 0; look->is_plain && i < size; i++) {
		uint32_t code;

		look->held[look->size++] = text[i];
		if (text_character(look->held, look->size, &code) == look->size) {
			look->is_plain = is_fit(code);
			look->size = 0;
		} else if (look->size == sizeof(look->held)) {
			look->is_plain = false;
		}
	}
	return true;
}

static bool
print_piece(void *context, const void *data, size_t size)
{
	(void)context;
	return fwrite(data, 1, size, stdout) == size;
}

/* Nothing is printed of what turns out to be damaged. */
static enum fault
print_content(struct call *call, int fd, const struct attachment *attachment, struct why *why)
{
	struct look look = {.is_plain = true};
	enum fault fault = content_read(fd, attachment, look_at, &look, why);

	if (fault != FAULT_NONE)
		return fault;
	if (isatty(STDOUT_FILENO) && (!look.is_plain || look.size > 0) &&
	    !call_has(call, OPTION_YES))
		return call_misuse(call, why,
		    "document %lu is no plain text, which a terminal may take for commands; write "
		    "it to a file, or --yes prints it all the same",
		    (unsigned long)attachment->number);
	return content_read(fd, attachment, print_piece, NULL, why);
}

enum fault
run_document_get(struct call *call, struct why *why)
{
	struct attachment attachment = {0};
	int fd = -1;
	enum fault fault = find(call, &attachment, why);

	if (fault == FAULT_NONE)
		fault = content_open(call->admin.store, &attachment, &fd, why);
	if (fault == FAULT_NONE) {
		fault = print_content(call, fd, &attachment, why);
		close(fd);
	}
	attachment_clear(&attachment);
	return fault;
}

enum fault
run_document_remove(struct call *call, struct why *why)
{
	struct attachment attachment = {0};
	char name[128];
	uint32_t number;
	enum fault fault = call_needs_answer(call, "deletes", why);

	if (fault == FAULT_NONE)
		fault = find(call, &attachment, why);
	number = attachment.number;
	snprintf(name, sizeof(name), "%lu (%s of %s)", (unsigned long)number,
	    field_find(&attachment_table, "kind")->choices[attachment.kind],
	    attachment.user == NULL ? "" : attachment.user);
	attachment_clear(&attachment);
	if (fault == FAULT_NONE)
		fault = call_confirm(call, "document", name, why);
	return fault == FAULT_NONE ? attachment_remove(&call->admin, number, why) : fault;
}
