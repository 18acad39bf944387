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

/* Behind what the shell takes as one at `at`: a character, or all that is in quotes. */
static const char *
skip_quoted(const char *at, const char *end)
{
	const char *close;

	if (*at == '\\')
		return end - at > 2 ? at + 2 : end;
	if (*at != '\'')
		return at + 1;
	close = memchr(at + 1, '\'', (size_t)(end - at - 1));
	return close == NULL ? end : close + 1;
}

static const char between[] = " && ";

/* Where the command at `at` ends: at an `&&`, or with the text. */
static const char *
command_end(const char *at)
{
	const char *end = at + strlen(at);

	while (at < end && strncmp(at, between, strlen(between)) != 0)
		at = skip_quoted(at, end);
	return at;
}

/* What acts on the files that it is given, whichever host's: by their names in the tree. */
static const char *const by_files[] = {
	"${EDITOR:-vi}", "chmod", "chown", "echo", "env", "install", "kill", "mv", "rm", "sed",
	"setsid", "(umask"};

/* What tells something that runs, or is mounted: in a tree nothing is. */
static const char *const of_running[] = {
	"mount", "restorecon", "semodule", "systemctl", "timedatectl"};

#define COUNT(names) (sizeof(names) / sizeof((names)[0]))

static bool
begins_with_one(const char *at, const char *const *names, size_t count)
{
	size_t size = strcspn(at, " ");

	for (size_t i = 0; i < count; i++)
		if (strlen(names[i]) == size && memcmp(at, names[i], size) == 0)
			return true;
	return false;
}

static const char own_name[] = "hexa-admin ", within[] = "; hexa-admin ";

static void
put_own(struct bytes *out)
{
	bytes_print(out, "%s--root ", own_name);
	bytes_put_quoted(out, own_root);
	bytes_print(out, " ");
}

/* The host's files that a command names are the tree's, and so is what Hexa does within it. */
static void
put_rooted(struct bytes *out, const char *at, const char *end)
{
	while (at < end) {
		const char *next = skip_quoted(at, end);

		if (strncmp(at, within, strlen(within)) == 0) {
			bytes_print(out, "; ");
			put_own(out);
			at += strlen(within);
			continue;
		}
		bytes_put(out, at, (size_t)(next - at));
		if (*at == ' ' && (strncmp(next, "/etc/", 5) == 0 || strncmp(next, "'/etc/", 6) == 0))
			bytes_put_quoted(out, own_root);
		at = next;
	}
}

/* One command as it acts on the tree, and on nothing of this host's. */
static void
put_command(struct bytes *out, const char *at, const char *end)
{
	static const char make[] = "make install";

	if (strncmp(at, own_name, strlen(own_name)) == 0) {
		put_own(out);
		bytes_put(out, at + strlen(own_name), (size_t)(end - at) - strlen(own_name));
	} else if (strncmp(at, make, strlen(make)) == 0) {
		put_rooted(out, at, end);
		bytes_print(out, " DESTDIR=");
		bytes_put_quoted(out, own_root);
	} else {
		if (!begins_with_one(at, by_files, COUNT(by_files))) {
			bytes_print(out, "chroot ");
			bytes_put_quoted(out, own_root);
			bytes_print(out, " ");
		}
		put_rooted(out, at, end);
	}
}

char *
mend_shown(const char *mend)
{
	struct bytes out = {0};
	const char *end;

	for (const char *at = mend; *own_root != '\0' && *at != '\0'; at = end) {
		end = command_end(at);
		if (!begins_with_one(at, of_running, COUNT(of_running))) {
			if (out.size > 0)
				bytes_print(&out, "%s", between);
			put_command(&out, at, end);
		}
		if (*end != '\0')
			end += strlen(between);
	}
	if (*own_root == '\0')
		bytes_print(&out, "%s", mend);
	return bytes_take_text(&out);
}

void
print_mend(FILE *stream, const char *mend)
{
	char *shown = mend_shown(mend);

	if (shown != NULL && *shown != '\0') {
		fputs("  try: ", stream);
		print_shown(stream, shown);
		fputc('\n', stream);
	}
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

	/* Of what could not be written before nothing may be left: one byte more says why. */
	if (lost)
		putchar('\n');
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
