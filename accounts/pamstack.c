/*
 * pamstack.c - reading PAM's lines, and judging where pam_hexa.so stands among them.
 */
#include "accounts/pamstack.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

/* Lines of one stack, and bytes of a control: more than any host has. */
enum { LINES_MAX = 64, CONTROL_MAX = 256 };

static const struct {
	const char *file;
	const char *type;    /* the first word of its lines */
	const char *control; /* Hexa's, as packaging/pam-configs has it; N stands for a jump */
} stacks[PAMSTACKS] = {
#define PRIMARY "[success=N new_authtok_reqd=done user_unknown=ignore default=die]"
#define ADDITIONAL "[success=ok ignore=ignore user_unknown=ignore default=die]"
	[PAMSTACK_AUTH] = { "/etc/pam.d/common-auth", "auth", PRIMARY },
	[PAMSTACK_ACCOUNT] = { "/etc/pam.d/common-account", "account", PRIMARY },
	[PAMSTACK_SESSION] = { "/etc/pam.d/common-session", "session", ADDITIONAL },
	[PAMSTACK_NONINTERACTIVE] = { "/etc/pam.d/common-session-noninteractive", "session",
	    ADDITIONAL },
	[PAMSTACK_PASSWORD] = { "/etc/pam.d/common-password", "password", PRIMARY },
};

/* One line of a stack.  The spans point into the text. */
struct line {
	const char *module; /* the file's name, without its folder */
	size_t module_size;
	const char *control;
	size_t control_size;
};

struct lines {
	struct line line[LINES_MAX];
	size_t count;
};

const char *
pamstack_file(enum pamstack stack)
{
	return stacks[stack].file;
}

/* ---- reading ------------------------------------------------------------------------------- */

/* A word of a line; a control in brackets is one word. */
struct word {
	const char *at;
	size_t size;
};

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == '\\';
}

static struct word
next_word(const char **text, const char *end)
{
	struct word word;

	while (*text < end && is_blank(**text))
		*text += 1;
	word.at = *text;
	if (*text < end && **text == '[')
		while (*text < end && **text != ']')
			*text += 1;
	while (*text < end && !is_blank(**text))
		*text += 1;
	word.size = (size_t)(*text - word.at);
	return word;
}

static bool
word_is(struct word word, const char *text)
{
	return word.size == strlen(text) && strncasecmp(word.at, text, word.size) == 0;
}

/*
 * The next line, up to a comment; one that ends in a backslash goes on in the next.  *number is
 * counted by the newlines passed.
 */
static struct word
next_line(const char **text, const char *end, unsigned *number)
{
	struct word line = { .at = *text };
	const char *comment = NULL;

	for (; *text < end; *text += 1) {
		if (**text == '#' && comment == NULL)
			comment = *text;
		if (**text != '\n')
			continue;
		*number += 1;
		if (comment != NULL || *text == line.at || (*text)[-1] != '\\')
			break;
	}
	line.size = (size_t)((comment != NULL ? comment : *text) - line.at);
	if (*text < end)
		*text += 1;
	return line;
}

/* Adds the line to `lines` when it is one of this type. */
static bool
read_line(struct word text, const char *type, struct lines *lines)
{
	const char *at = text.at, *end = text.at + text.size;
	struct word first = next_word(&at, end);
	struct word control = next_word(&at, end);
	struct word module = next_word(&at, end);
	const char *slash;

	/* `-session`: not an error when the module is missing. */
	if (first.size > 0 && first.at[0] == '-') {
		first.at++;
		first.size--;
	}
	if (!word_is(first, type))
		return true;
	if (module.size == 0 || lines->count == LINES_MAX ||
	    (control.at[0] == '[' && control.at[control.size - 1] != ']'))
		return false;
	slash = memrchr(module.at, '/', module.size);
	if (slash != NULL) {
		module.size -= (size_t)(slash + 1 - module.at);
		module.at = slash + 1;
	}
	lines->line[lines->count++] =
	    (struct line){ module.at, module.size, control.at, control.size };
	return true;
}

static bool
line_is(const struct line *line, const char *module)
{
	return line->module_size == strlen(module) &&
	    memcmp(line->module, module, line->module_size) == 0;
}

/* ---- controls ------------------------------------------------------------------------------ */

/*
 * The action of one `value=action` pair: how many lines it jumps over; JUMP_END when it ends the
 * stack with what was reached so far; 0 for all else.
 */
enum { JUMP_END = 10000 };

static unsigned
action_jump(struct word pair)
{
	const char *equals = memchr(pair.at, '=', pair.size);
	unsigned jump = 0;
	struct word action;

	if (equals == NULL)
		return 0;
	action.at = equals + 1;
	action.size = pair.size - (size_t)(action.at - pair.at);
	if (word_is(action, "done"))
		return JUMP_END;
	for (size_t i = 0; i < action.size; i++) {
		if (action.at[i] < '0' || action.at[i] > '9')
			return 0;
		if (jump < JUMP_END / 100) /* more digits lead no further out of the stack */
			jump = jump * 10 + (unsigned)(action.at[i] - '0');
	}
	return jump;
}

/* Takes the next pair off a control in brackets; size 0 at the end. */
static struct word
next_pair(const char **at, const char *end)
{
	struct word pair;

	while (*at < end && (is_blank(**at) || **at == '[' || **at == ']'))
		*at += 1;
	pair.at = *at;
	while (*at < end && !is_blank(**at) && **at != ']')
		*at += 1;
	pair.size = (size_t)(*at - pair.at);
	return pair;
}

/* The furthest that the line can jump: beyond the stack when it can end it with a yes. */
static unsigned
furthest_jump(const struct line *line)
{
	struct word control = { line->control, line->control_size };
	const char *at = control.at, *end = control.at + control.size;
	unsigned furthest = 0;

	if (word_is(control, "sufficient"))
		return JUMP_END;
	if (control.at[0] != '[')
		return 0;
	for (struct word pair = next_pair(&at, end); pair.size > 0; pair = next_pair(&at, end)) {
		unsigned jump = action_jump(pair);

		if (jump > furthest)
			furthest = jump;
	}
	return furthest;
}

/* True when the control is `wanted`, spaces aside; N in `wanted` is any number. */
static bool
control_is(const struct line *line, const char *wanted)
{
	const char *at = line->control, *end = line->control + line->control_size;
	const char *wanted_end = wanted + strlen(wanted);
	struct word pair, want;

	do {
		pair = next_pair(&at, end);
		want = next_pair(&wanted, wanted_end);
		if (want.size > 1 && want.at[want.size - 1] == 'N') {
			unsigned jump = action_jump(pair);

			if (jump == 0 || jump == JUMP_END || pair.size < want.size ||
			    strncasecmp(pair.at, want.at, want.size - 1) != 0)
				return false;
		} else if (pair.size != want.size ||
		    strncasecmp(pair.at, want.at, want.size) != 0) {
			return false;
		}
	} while (want.size > 0);
	return true;
}

/* ---- judging ------------------------------------------------------------------------------- */

/* Each number of the line's control must land on a line that is not a refusal. */
static bool
jumps_land(const struct lines *lines, size_t i)
{
	const char *at = lines->line[i].control;
	const char *end = at + lines->line[i].control_size;

	if (at[0] != '[')
		return true;
	for (struct word pair = next_pair(&at, end); pair.size > 0; pair = next_pair(&at, end)) {
		unsigned jump = action_jump(pair);

		if (jump == 0 || jump == JUMP_END)
			continue;
		if (jump >= lines->count - i - 1 ||
		    line_is(&lines->line[i + 1 + jump], "pam_deny.so"))
			return false;
	}
	return true;
}

/* Nothing before line `hexa` passes it by; in password, pam_unix stands before it and may. */
static bool
order_is_right(enum pamstack stack, const struct lines *lines, size_t hexa)
{
	bool after_unix = false;

	for (size_t i = 0; i < hexa; i++) {
		bool is_unix = line_is(&lines->line[i], "pam_unix.so");

		after_unix |= is_unix;
		if (stack == PAMSTACK_PASSWORD)
			continue;
		if (furthest_jump(&lines->line[i]) > hexa - i - 1)
			return false;
	}
	return stack != PAMSTACK_PASSWORD || after_unix;
}

static struct pamstack_state
judge(enum pamstack stack, const struct lines *lines)
{
	struct pamstack_state state = { .control = true, .order = true, .jumps = true };

	for (size_t i = 0; i < lines->count; i++) {
		const struct line *line = &lines->line[i];

		state.local |= line_is(line, "pam_unix.so");
		state.jumps &= jumps_land(lines, i);
		if (!line_is(line, "pam_hexa.so"))
			continue;
		state.lines++;
		state.control &= control_is(line, stacks[stack].control);
		state.order &= order_is_right(stack, lines, i);
	}
	return state;
}

const char *
pamstack_problem(const struct pamstack_state *state)
{
	if (state->lines == 0)
		return "pam_hexa.so does not stand there";
	if (state->lines > 1)
		return "pam_hexa.so stands there more than once";
	if (!state->local)
		return "pam_unix.so does not stand there, by which root and local users log in";
	if (!state->order)
		return "pam_hexa.so stands where another module's yes passes it by";
	if (!state->control)
		return "the control of pam_hexa.so is not the one that its profile gives";
	if (!state->jumps)
		return "a line jumps out of the stack or onto pam_deny.so";
	return NULL;
}

enum fault
pamstack_look(enum pamstack stack, const char *text, size_t size, struct pamstack_state *state,
    struct why *why)
{
	const char *end = text + size;
	struct lines lines = { 0 };
	unsigned number = 0;

	while (text < end) {
		struct word line = next_line(&text, end, &number);

		if (!read_line(line, stacks[stack].type, &lines))
			return why_place(why, FAULT_INVALID, number, 1,
			    "%s: this line cannot be read", stacks[stack].file);
	}
	*state = judge(stack, &lines);
	return FAULT_NONE;
}

/* ---- line by line -------------------------------------------------------------------------- */

static void
word_copy(char *to, size_t room, struct word word)
{
	size_t size = word.size < room ? word.size : room - 1;

	memcpy(to, word.at, size);
	to[size] = '\0';
}

static void
copy_arguments(struct pam_line *line, const char *at, const char *end)
{
	size_t have = 0;
	struct word word;

	while ((word = next_word(&at, end)).size > 0 && have + 1 < sizeof(line->arguments)) {
		if (have > 0)
			line->arguments[have++] = ' ';
		word_copy(line->arguments + have, sizeof(line->arguments) - have, word);
		have += strlen(line->arguments + have);
	}
}

/* Types and the words for taking in are small letters, whatever was written. */
static void
word_lower(char *text)
{
	for (; *text != '\0'; text++)
		if (*text >= 'A' && *text <= 'Z')
			*text += 'a' - 'A';
}

static void
copy_line(struct pam_line *line, struct word text)
{
	const char *at = text.at, *end = text.at + text.size, *slash;
	struct word first = next_word(&at, end), module;

	if (first.size > 0 && first.at[0] == '-') {
		first.at++;
		first.size--;
	}
	if (word_is(first, "@include")) {
		strcpy(line->control, "include");
		word_copy(line->module, sizeof(line->module), next_word(&at, end));
		return;
	}
	word_copy(line->type, sizeof(line->type), first);
	word_copy(line->control, sizeof(line->control), next_word(&at, end));
	word_lower(line->type);
	if (line->control[0] != '[')
		word_lower(line->control);
	if (strcmp(line->control, "substack") == 0)
		strcpy(line->control, "include");
	module = next_word(&at, end);
	slash = memrchr(module.at, '/', module.size);
	if (slash != NULL) {
		module.size -= (size_t)(slash + 1 - module.at);
		module.at = slash + 1;
	}
	word_copy(line->module, sizeof(line->module), module);
	copy_arguments(line, at, end);
}

bool
pamstack_next(const char **text, const char *end, unsigned *number, struct pam_line *line)
{
	while (*text < end) {
		unsigned before = *number;
		struct word words = next_line(text, end, number);
		const char *at = words.at;

		if (next_word(&at, words.at + words.size).size == 0)
			continue;
		*line = (struct pam_line){.number = before + 1};
		copy_line(line, words);
		return true;
	}
	return false;
}

bool
pam_line_refuses(const struct pam_line *line)
{
	return strcmp(line->control, "required") == 0 || strcmp(line->control, "requisite") == 0 ||
	    strstr(line->control, "=die") != NULL || strstr(line->control, "=bad") != NULL;
}

bool
pam_line_passes(const struct pam_line *line)
{
	const struct line read = {.control = line->control,
	    .control_size = strlen(line->control)};

	return read.control_size > 0 && furthest_jump(&read) > 0;
}

/* ---- whose lines they are ------------------------------------------------------------------ */

/* pam-auth-update's marks, of which the second begins what is no profile's, and so the fourth. */
static const char *const marks[] = {
	"# here are the per-package modules (the \"Primary\" block)",
	"# here's the fallback if no module succeeds",
	"# and here are more per-package modules (the \"Additional\" block)",
	"# end of pam-auth-update config",
};

enum { MARKS = sizeof(marks) / sizeof(marks[0]) };

/* `before` Hexa, a yes does too. */
static bool
stands_in_the_way(const char *text, const char *end, bool before)
{
	struct pam_line line;
	unsigned number = 0;

	while (pamstack_next(&text, end, &number, &line))
		if (strcmp(line.module, "pam_hexa.so") == 0 || (before && pam_line_passes(&line)))
			return true;
	return false;
}

bool
pamstack_is_kept(const char *text, size_t size)
{
	const char *end = text + size, *at[MARKS], *from = text;

	/* A file without its marks is written whole. */
	for (size_t i = 0; i < MARKS; i++) {
		at[i] = memmem(from, (size_t)(end - from), marks[i], strlen(marks[i]));
		if (at[i] == NULL)
			return false;
		from = at[i];
	}
	return stands_in_the_way(text, at[0], true) || stands_in_the_way(at[1], at[2], true) ||
	    stands_in_the_way(at[3], end, false);
}
