/*
 * print.c - what reaches a terminal.
 */
#include "hexa-admin/print.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy/text.h"

enum { UTF8_BYTES = 4, ESCAPED_BYTES = 4 /* \xNN */ };

/* How many bytes the sequence that begins with `lead` says it has. */
static size_t
sequence_bytes(unsigned char lead)
{
	if (lead < 0xc0)
		return 1;
	if (lead < 0xe0)
		return 2;
	return lead < 0xf0 ? 3 : 4;
}

/* A character, or a byte of what is none, as it may be shown.  Returns how many bytes it read. */
static size_t
next_shown(const char *text, char shown[ESCAPED_BYTES + 1])
{
	size_t size = sequence_bytes((unsigned char)*text);

	if (strnlen(text, size) == size) {
		memcpy(shown, text, size);
		shown[size] = '\0';
		if (text_is_plain(shown, UTF8_BYTES))
			return size;
	}
	snprintf(shown, ESCAPED_BYTES + 1, "\\x%02x", (unsigned char)*text);
	return 1;
}

void
bytes_put_shown(struct bytes *out, const char *text)
{
	char shown[ESCAPED_BYTES + 1];

	while (*text != '\0') {
		text += next_shown(text, shown);
		bytes_put(out, shown, strlen(shown));
	}
}

char *
text_shown(const char *text)
{
	struct bytes out = {0};

	bytes_put_shown(&out, text);
	return bytes_take_text(&out);
}

void
print_shown(FILE *stream, const char *text)
{
	char shown[ESCAPED_BYTES + 1];

	while (*text != '\0') {
		text += next_shown(text, shown);
		fputs(shown, stream);
	}
}

/* ---- what mends it -------------------------------------------------------------------------- */

static const char *own_root = "";

void
print_for_root(const char *root)
{
	own_root = root;
}

/* A word as a shell takes it back: in quotes unless it is plain. */
static void
put_quoted(struct bytes *out, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                            "0123456789_./+-";

	if (word[strspn(word, plain)] == '\0') {
		bytes_print(out, "%s", word);
		return;
	}
	bytes_print(out, "'");
	for (; *word != '\0'; word++) {
		if (*word == '\'')
			bytes_print(out, "'\\''");
		else
			bytes_put(out, word, 1);
	}
	bytes_print(out, "'");
}

/* A command that is not Hexa's own: the host's files that it names are the tree's. */
static void
put_rooted(struct bytes *out, const char *command, size_t size)
{
	static const char files[] = " /etc/";
	const char *at = command, *end = command + size;
	const char *path;

	while ((path = memmem(at, (size_t)(end - at), files, strlen(files))) != NULL) {
		bytes_put(out, at, (size_t)(path + 1 - at));
		put_quoted(out, own_root);
		at = path + 1;
	}
	bytes_put(out, at, (size_t)(end - at));
}

char *
mend_shown(const char *mend)
{
	static const char name[] = "hexa-admin ", next[] = "&& ";
	struct bytes out = {0};
	const char *at = mend;

	while (*own_root != '\0' && at != NULL) {
		/* Up to a command, and the command's name. */
		const char *end = strstr(at, next);
		size_t size;

		if (end != NULL)
			end += strlen(next);
		size = end == NULL ? strlen(at) : (size_t)(end - at);
		if (strncmp(at, name, strlen(name)) == 0) {
			bytes_print(&out, "%s--root ", name);
			put_quoted(&out, own_root);
			bytes_print(&out, " ");
			bytes_put(&out, at + strlen(name), size - strlen(name));
		} else {
			put_rooted(&out, at, size);
		}
		at = end;
	}
	if (*own_root == '\0')
		bytes_print(&out, "%s", mend);
	return bytes_take_text(&out);
}

void
print_mend(FILE *stream, const char *mend)
{
	char *shown = *mend == '\0' ? NULL : mend_shown(mend);

	if (shown == NULL)
		return;
	fputs("  try: ", stream);
	print_shown(stream, shown);
	fputc('\n', stream);
	free(shown);
}

/* ---- messages ------------------------------------------------------------------------------- */

void
print_notice(const char *notice)
{
	size_t size = strcspn(notice, "\n");
	char *sentence = strndup(notice, size);

	if (sentence == NULL)
		return;
	fputs("hexa-admin: ", stderr);
	print_shown(stderr, sentence);
	fputc('\n', stderr);
	free(sentence);
	if (notice[size] == '\n')
		print_mend(stderr, notice + size + 1);
}

bool
why_is_of_file(const struct why *why)
{
	return why->fault == FAULT_INVALID || (why->fault == FAULT_RULE && why->line > 0);
}

void
print_fault(const struct why *why, const char *about, bool hints)
{
	fputs("hexa-admin: ", stderr);
	if (about != NULL) {
		print_shown(stderr, about);
		if (why->line > 0)
			fprintf(stderr, ":%u:%u", why->line, why->column);
		fputs(": ", stderr);
	}
	print_shown(stderr, why->text);
	fputc('\n', stderr);
	if (hints)
		print_mend(stderr, why->mend);
}

enum fault
print_close(struct why *why)
{
	bool lost = ferror(stdout) != 0;
	int error = 0;

	/* What could not be written before is tried once more here, and says why. */
	if (fclose(stdout) != 0) {
		lost = true;
		error = errno;
	}
	if (!lost)
		return FAULT_NONE;
	why_set(why, FAULT_UNAVAILABLE, "the output could not be written%s%s",
	    error == 0 ? "" : ": ",
	    error == 0 ? "" : error == EBADF ? "standard output is closed" : strerror(error));
	if (error == EPIPE)
		why->text[0] = '\0';
	return FAULT_UNAVAILABLE;
}
